"""Operations that have code of their own because CPython's polls: results, identity, errors are CPython's."""

import math

EDGES = [0, 1, -1, 2, 5, 9, 10, 99, 100, 101, 255, 256, 257, -5, -6, 12345, -98765, 2**30 - 1, 2**30, 2**30 + 1, -2**30, 2**31, 2**32, 2**60 - 1, 2**60,
         2**60 + 1, 10**17, 10**18 - 1, 10**18, 2**62, 2**63 - 1, -2**63 + 1, -2**63, 2**63, 2**64, 10**30, -10**30]


def check(name, f, rows):
    total = 0
    for i, row in enumerate(rows * 2):
        total = (total * 31 + sum(map(ord, repr(one(f, row))))) % 1000003
    print(name, total)


def one(f, row):
    try:
        return f(*row)
    except Exception as e:
        return type(e).__name__, str(e)


def texts(values):
    n = 0
    for v in values:
        n += len(str(v)) + len(repr(v)) + len(f"{v}") + len(f"<{v}>") + (str(v) == repr(v) == f"{v}") + (v == int(str(v)))
    return n


def float_texts(values):
    n = 0
    for v in values:
        n += len(str(v)) + len(repr(v)) * 3 + len(f"{v}") * 5 + (float(str(v)) == v) * 7
    return n


def products(values, k):
    s = 0
    for v in values:
        if -2**63 <= v < 2**63:
            a = v * k
            b = v + k
            c = v - k
            if a > 0:
                s += a % 1000003
            if b > 2**63 or c < -2**63:
                s ^= 1
            s += (a, b, c).__hash__() % 7
    return s


def powers(values):
    s = 0
    for v in values:
        for n in range(5):
            s += v ** n % 10007 + pow(v, n, 10007) + pow(v, n) % 9
    return s


def powers_of_small(n):
    s = []
    for i in range(n):
        s.append((i % 7 - 3) ** (i % 23))
    return sum(s), s[:30]


def modular(n):
    m = 2**61 - 1
    x = 3
    out = []
    for i in range(n):
        x = pow(x, i % 50, m) + 1
        out.append(x)
    return out[-1], sum(out) % 1000003, pow(-7, 5, 13), pow(7, 2, 1), pow(7, 5, -13)


def pairs(values):
    s = 0
    for v in values:
        for d in (1, -1, 7, -7, 10**9 + 7, 2**31, -2**40, 2**61 - 1, 2**63 - 1):
            q, r = divmod(v, d)
            assert q == v // d and r == v % d, (v, d)
            s = (s * 31 + q + r) % 1000003
    return s


def same_object(n):
    """CPython's answers are sometimes an operand itself."""
    x = 5 * 2**40
    big = 2**50
    count = [0] * 6
    for i in range(n):
        y = x + i
        count[0] += y % big is y
        count[1] += divmod(y, big)[1] is y
        count[2] += y ** 1 is y
        count[3] += pow(y, 1) is y
        count[4] += str(y) is str(y)
        t = "a%d" % i
        count[5] += str(t) is t
    return count


def divisors(n):
    s = 0
    for i in range(n):
        s += math.gcd(i * 12, 18 * i + 6) + math.gcd(-i, 5) + math.gcd(-2**63, i) + math.gcd(0, -i)
    return s, math.gcd(-2**63, 0)


def roundings(values):
    s = []
    for v in values:
        s.append((math.floor(v), math.ceil(v), math.trunc(v), round(v), int(v), round(v, 1), round(v, -1)))
    return s[:7], hash(tuple(s))


def parses(strings):
    n = 0
    for s in strings:
        n += int(s)
    x = 0.0
    for s in strings:
        x += float(s)
    return n, x


def parse_errors(strings, kind):
    out = []
    for s in strings:
        try:
            out.append(kind(s))
        except ValueError as e:
            out.append(str(e))
    return out


def bools(values):
    n = 0
    for v in values:
        n += bool(v) + int(bool(v)) + (float(bool(v)) == 1.0)
    return n


for e in range(0, len(EDGES), 3):
    part = EDGES[e:e + 3] * 20
    print(texts(part), products(part, 3), products(part, 2**62 + 1), products(part, -2**63), powers(part), pairs(part), bools(part))
print(texts(EDGES * 3), products(EDGES * 3, 2**63 - 1), powers(EDGES * 3), pairs(EDGES * 3))
print(powers_of_small(200))
print(modular(100))
print(same_object(100))
print(divisors(100))
FLOATS = [0.0, -0.0, 0.5, 1.5, 2.5, -0.5, -1.5, 1e15 + 0.5, 4.5e15, 1e16, 1e17, -9.1e18, 123456.789, -0.1, 1e-7, 2**53 - 0.5, 3.14]
print(float_texts(FLOATS * 5), float_texts([math.inf, 1e308, 5e-324, -math.inf] * 20), roundings(FLOATS * 5))
print(roundings([1e300, -1e19, 2.5] * 20)[1])
print(parses(["12", " 34 ", "-56\n", "+7", "0", "007", "123456789012345678"] * 10))
print(parses(["1_000", "12345678901234567890", "١٢", "5"] * 15))
print(parse_errors(["12", "", "x", "1 2", "--1", "+", "12a", "\x1c5", "5\u2003"] * 8, int)[:18])
print(parse_errors(["1.5", "", "x", "1e5", "1_0.5", "nan", "inf", "-Infinity", ".5", "5.", "1e999", "0x10", "1e", "\x1c5", "٣.٥", "1" * 80] * 5, float)[:16])
for text in (str, repr, format):
    check(text.__name__, text, [(v,) for v in EDGES + FLOATS + [True, None, "it's", b"x", 2j, range(5), 1.5 + 2j, "\n", "é"]])
check("bool", bool, [(v,) for v in EDGES + FLOATS + [True, None, "", "x", b"", 0j, range(0), [], [1], {}, {1: 2}]])
for f in (math.floor, math.ceil, math.trunc, round):
    check(f.__name__, f, [(v,) for v in EDGES + FLOATS + [math.nan, math.inf]])
for f in (math.gcd, divmod, pow, math.fmod, math.isclose, math.copysign, min, max):
    check(f.__name__, f, [(a, b) for a in EDGES[:12] + FLOATS[:6] for b in [0, 1, 2, -3, 1.5, 0.0]])

