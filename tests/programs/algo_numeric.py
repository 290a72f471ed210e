"""Mandelbrot, n-body, spectral norm, matrix product, Simpson's rule, Newton, FFT."""
import cmath
import math


def mandel(w, h, limit):
    total = 0
    for y in range(h):
        ci = y * 2.0 / h - 1.0
        for x in range(w):
            cr = x * 3.0 / w - 2.0
            zr = zi = 0.0
            n = 0
            while n < limit and zr * zr + zi * zi < 4.0:
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                n += 1
            total += n
    return total


def nbody(steps):
    bodies = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.5], [4.8, -1.2, -0.1, 0.6, 2.8, -0.02, 0.04], [8.3, 4.1, -0.4, -1.0, 1.8, 0.008, 0.01]]
    for _ in range(steps):
        for i in range(len(bodies)):
            a = bodies[i]
            for j in range(i + 1, len(bodies)):
                b = bodies[j]
                dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
                mag = 0.01 * (dx * dx + dy * dy + dz * dz) ** -1.5
                a[3] -= dx * b[6] * mag
                a[4] -= dy * b[6] * mag
                a[5] -= dz * b[6] * mag
                b[3] += dx * a[6] * mag
                b[4] += dy * a[6] * mag
                b[5] += dz * a[6] * mag
        for b in bodies:
            b[0] += 0.01 * b[3]
            b[1] += 0.01 * b[4]
            b[2] += 0.01 * b[5]
    return bodies


def A(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def spectral(n):
    u = [1.0] * n
    for _ in range(3):
        v = [sum(A(i, j) * u[j] for j in range(n)) for i in range(n)]
        u = [0.0] * n
        for i in range(n):
            s = 0.0
            for j in range(n):
                s += A(j, i) * v[j]
            u[i] = s
    return math.sqrt(sum(a * b for a, b in zip(u, v)) / sum(b * b for b in v))


def matmul(n):
    a = [[i * j % 7 + 0.5 for j in range(n)] for i in range(n)]
    b = [[i + j for j in range(n)] for i in range(n)]
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            s = 0
            for k in range(n):
                s += a[i][k] * b[k][j]
            c[i][j] = s
    return sum(map(sum, c))


def simpson(f, a, b, n):
    h = (b - a) / n
    s = f(a) + f(b)
    for i in range(1, n):
        s += f(a + i * h) * (4 if i % 2 else 2)
    return s * h / 3


def newton(n):
    s = 0.0
    for k in range(1, n):
        x = k
        while abs(x * x - k) > 1e-12 * k:
            x = (x + k / x) / 2
        s += x
    return s


def fft(x):
    n = len(x)
    if n == 1:
        return x
    e, o = fft(x[::2]), fft(x[1::2])
    r = [0] * n
    for k in range(n // 2):
        t = cmath.exp(-2j * cmath.pi * k / n) * o[k]
        r[k], r[k + n // 2] = e[k] + t, e[k] - t
    return r


print(mandel(30, 20, 50), nbody(100), spectral(20), matmul(16))
print(simpson(math.sin, 0.0, math.pi, 200), simpson(lambda x: x * x, 0, 3, 100), newton(60))
print(sum(abs(v) for v in fft([math.sin(i * 0.3) for i in range(64)])))
