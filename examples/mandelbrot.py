"""The Mandelbrot set, in plain floats and ints.

    python examples/mandelbrot.py [FILE.ppm]

Prints a picture in text, the number of iterations and a checksum; with a file name also writes a colour picture.
"""

import sys

WIDTH, HEIGHT, LIMIT = 450, 300, 420


def escape(cr, ci, limit):
    """Turns of z = z*z + c until |z| > 2; limit when it stays."""
    zr = zi = 0.0
    n = 0
    while n < limit:
        rr = zr * zr
        ii = zi * zi
        if rr + ii > 4.0:
            break
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
        n += 1
    return n


def render(width, height, limit):
    """-> rows of iteration counts"""
    rows = []
    for y in range(height):
        ci = 2.4 * y / height - 1.2
        row = []
        for x in range(width):
            row.append(escape(3.2 * x / width - 2.3, ci, limit))
        rows.append(row)
    return rows


def checksum(rows):
    h = 2166136261
    for row in rows:
        for n in row:
            h = ((h ^ n) * 16777619) & 0xFFFFFFFF
    return h


def as_text(rows, columns, lines, limit):
    shades = " .:-=+*%@"
    out = []
    for j in range(lines):
        row = rows[j * len(rows) // lines]
        line = ""
        for i in range(columns):
            n = row[i * len(row) // columns]
            line += "#" if n == limit else shades[min(n // 3, len(shades) - 1)]
        out.append(line.rstrip())
    return "\n".join(out)


def as_ppm(rows, limit):
    data = bytearray(f"P6\n{len(rows[0])} {len(rows)}\n255\n".encode())
    for row in rows:
        for n in row:
            if n == limit:
                data += b"\0\0\0"
            else:
                t = n / limit
                data.append(int(9.0 * (1.0 - t) * t * t * t * 255.0))
                data.append(int(15.0 * (1.0 - t) * (1.0 - t) * t * t * 255.0))
                data.append(int(8.5 * (1.0 - t) * (1.0 - t) * (1.0 - t) * t * 255.0))
    return data


def main():
    rows = render(WIDTH, HEIGHT, LIMIT)
    print(as_text(rows, 78, 26, LIMIT))
    print(f"{WIDTH} x {HEIGHT} points, {sum(map(sum, rows))} iterations, checksum {checksum(rows):08x}")
    if len(sys.argv) > 1:
        with open(sys.argv[1], "wb") as file:
            file.write(as_ppm(rows, LIMIT))
        print(f"picture: {sys.argv[1]}")


main()
