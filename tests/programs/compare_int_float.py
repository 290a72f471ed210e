"""int against float, exactly, beyond 2**53."""
import math


def pairs(n):
    out = []
    for i in range(n):
        a = 2 ** 53 + i - 5
        f = 2.0 ** 53
        out.append((a < f, a <= f, a == f, a != f, a > f, a >= f, f < a, f == a, f > a))
    return out[:12], len(out)


def at_edges(n):
    hits = 0
    for i in range(n):
        for a in (2 ** 63 - 1, 2 ** 63, -2 ** 63, 2 ** 62 + 1, 2 ** 100, 2 ** 53 + 1, 0, 1):
            for f in (2.0 ** 63, -2.0 ** 63, 2.0 ** 62, 2.0 ** 100, math.inf, -math.inf, math.nan, 0.5, -0.0):
                hits = (hits * 3 + (a < f) + 2 * (a == f) + 5 * (f <= a) + (a != f)) % 1000003
    return hits


def branch(n):
    low = high = same = 0
    for i in range(n):
        x = i * 0.5
        if x < i - 20:
            low += 1
        elif x == i - 20:
            same += 1
        else:
            high += 1
    return low, same, high


def bool_compare(n):
    s = 0
    for i in range(n):
        b = i % 2 == 0
        s += (b == 1) + (b < 2) + (b == 1.0) + (b is True) + (b > 0.5) + (b != i)
    return s


print(pairs(60))
print(at_edges(8))
print(branch(100))
print(bool_compare(80))
