"""Operators and functions whose result may be the operand itself."""


def absolute(values):
    same = 0
    for v in values * 30:
        w = abs(v)
        same += w is v
    print(same, w)


def absolute_of_difference():
    total = 0
    for i in range(100):
        total += abs(i * 1000 - 50000)
        d = i * 1000 - 70000
        total += abs(d)
    print(total)


def remainder(values, by):
    same = 0
    for v in values * 20:
        w = v % by
        same += w is v
    print(same, w)


def remainder_of_changing():
    same, by = 0, 1000
    for i in range(60, 140):
        v = i * 1000 + 7
        w = v % by
        same += w is v
        by = by * 2 if by < 2**50 else 1000
    print(same, w, by)


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def lcg(n):
    s = 12345
    for _ in range(n):
        s = (s * 1103515245 + 12345) % 2**31
    return s


def same_int_and_float(n, x):
    same = 0
    for i in range(60):
        m = int(n)
        y = float(x)
        same += (m is n) + (y is x) + (min(n, m) is n) + (max(x, y) is x) + (-n is n)
    print(same)


absolute([4503599627370496, 70000, 5])
absolute([-4503599627370496, 70000, -5, 1000])
absolute([1000.5, True, -2.5, 2**64, -2**64])
absolute_of_difference()
for by in (2**31, 2**40, 2**62 - 1, 1000, -2**40, 2**30 - 1, 2**30, 2**70):
    remainder([70000, 5, 2**35 + 1, 2**31, 2**31 - 1], by)
    remainder([-70000, 2**62 + 5, True, -5], by)
remainder_of_changing()
print([gcd(a, b) for a, b in ((2**40 * 9, 2**36 * 15), (1071, 462), (2**62 - 1, 2**31 - 1), (10**17, 10**15 * 7), (12345678901234, 98765432109876))], lcg(100))
same_int_and_float(10**10, 2.5)
