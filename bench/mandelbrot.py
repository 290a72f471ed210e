"""Escape loop of the Mandelbrot set: unboxed floats and ints, a loop in a function."""


def escape(cr, ci, limit):
    zr = zi = 0.0
    n = 0
    while n < limit and zr * zr + zi * zi <= 4.0:
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        n += 1
    return n


def main(size, limit):
    total = 0
    for y in range(size):
        for x in range(size):
            total += escape(x * 3.0 / size - 2.2, y * 2.6 / size - 1.3, limit)
    return total


print(main(400, 300))
