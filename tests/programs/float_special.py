"""NaN, infinities, -0.0, subnormals, overflow."""
import math

SPECIAL = [0.0, -0.0, 1.0, -1.5, math.inf, -math.inf, math.nan, 5e-324, 1.7976931348623157e308]


def compare(rounds):
    out = []
    for _ in range(rounds):
        out.clear()
        for a in SPECIAL:
            for b in SPECIAL:
                out.append((a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a != b) + 16 * (a > b) + 32 * (a >= b))
    return out


def branches(values):
    n = [0] * 8
    for _ in range(20):
        for x in values:
            if x < 1.0:
                n[0] += 1
            else:
                n[1] += 1
            if not x <= 1.0:
                n[2] += 1
            if x == x:
                n[3] += 1
            if x != x:
                n[4] += 1
            if not x > -2.0:
                n[5] += 1
            if x:
                n[6] += 1
            if not x >= 0.0:
                n[7] += 1
    return n


def arithmetic(rounds):
    out = []
    for _ in range(rounds):
        out = []
        for a in SPECIAL:
            for b in SPECIAL:
                out.append(repr(a + b))
                out.append(repr(a - b))
                out.append(repr(a * b))
    return out


def overflow():
    x = 1.0
    n = 0
    while x != math.inf:
        x *= 3.0
        n += 1
    y = 1.0
    m = 0
    while y > 0.0:
        y /= 3.0
        m += 1
    return n, m, x, y, x - x


def minus_zero(n):
    x = 0.0
    signs = 0.0
    for i in range(n):
        x = -x
        y = x * 1.0 + -0.0
        signs += math.copysign(i, y)
    return signs, x, 0.0 * -1.0, -0.0 + 0.0


def nan_goes_bad(n):
    x = 1.0
    less = more = neither = 0
    for i in range(n):
        if i == n // 2:
            x = math.nan
        if x < 5.0:
            less += 1
        elif x >= 5.0:
            more += 1
        else:
            neither += 1
        x = x + 0.1
    return less, more, neither


print(compare(5))
print(branches(SPECIAL))
print(arithmetic(4))
print(overflow())
print(minus_zero(101))
print(nan_goes_bad(200))
