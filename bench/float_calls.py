"""A float loop that calls small functions and math."""
import math


def f(x):
    return x * x * math.exp(-x) + math.sin(3.0 * x)


def clamp(x, lo, hi):
    if x < lo:
        return lo
    if x > hi:
        return hi
    return x


def simpson(a, b, n):
    h = (b - a) / n
    s = f(a) + f(b)
    for i in range(1, n):
        x = a + i * h
        s += f(x) * (4.0 if i & 1 else 2.0)
    return s * h / 3.0


def walk(n):
    x, v = 1.0, 0.0
    for i in range(n):
        v = clamp(v - 0.01 * x, -0.5, 0.5)
        x = clamp(x + v, -0.9, 0.9)
    return x, v


print(simpson(0.0, 10.0, 2500000), walk(3000000))
