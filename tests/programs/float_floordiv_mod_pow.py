"""//, % and ** on floats, all signs, zero divisors, complex results."""
import math


def table(values):
    out = []
    for a in values:
        for b in values:
            try:
                out.append((a // b, a % b))
            except ZeroDivisionError as e:
                out.append(str(e))
    return out


def hot(n):
    s = t = 0.0
    x = -50.0
    for i in range(n):
        s += x // 3.5
        t += x % 3.5
        s += x // -0.75
        t += x % -0.75
        x += 0.3
    return s, t


def powers(n):
    s = 0.0
    x = 0.5
    for i in range(n):
        s += x ** 2.0 + x ** 0.5 + x ** -1.5 + x ** 3
        x += 0.01
    return s


def odd_powers(n):
    seen = []
    for i in range(n):
        x = (i % 5 - 2) * 1.5
        for y in (0.5, -1.0, 2.0, 0.0, 1000.0):
            try:
                seen.append(repr(x ** y))
            except (ZeroDivisionError, OverflowError) as e:
                seen.append(type(e).__name__ + str(e))
    return seen[:25], len(seen)


def zero_signs(n):
    s = []
    for i in range(n):
        x = 0.0 if i % 2 else -0.0
        s.append(math.copysign(1.0, x % 3.0) + 10 * math.copysign(1.0, x % -3.0) + 100 * math.copysign(1.0, x // 2.0))
    return s[:4], sum(s)


print(table([-7.5, -1.0, -0.0, 0.0, 0.1, 1.0, 3.0, 1e308, math.inf, -math.inf, math.nan]))
print(hot(400))
print(powers(200))
print(odd_powers(60))
print(zero_signs(100))
