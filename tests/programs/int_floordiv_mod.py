"""Floor division and modulo for all sign combinations, and division by zero."""


def table(values, divisors):
    out = []
    for a in values:
        for b in divisors:
            out.append((a // b, a % b, divmod(a, b)))
    return out


def check(n):
    bad = 0
    for a in range(-n, n):
        for b in range(-9, 10):
            if b == 0:
                continue
            q = a // b
            r = a % b
            if q * b + r != a:
                bad += 1
            if r != 0 and (r < 0) != (b < 0):
                bad += 1
    return bad


def zero(n):
    seen = []
    for i in range(n):
        d = i % 10
        try:
            x = 100 // d
        except ZeroDivisionError as e:
            x = str(e)
        try:
            y = 100 % d
        except ZeroDivisionError as e:
            y = str(e)
        try:
            z = 100 / d
        except ZeroDivisionError as e:
            z = str(e)
        seen.append((x, y, z))
    return seen[:12], len(seen)


def powers_of_two(n):
    s = 0
    for i in range(-n, n):
        s += i // 2 + i // 8 * 3 + i % 2 * 5 + i % 16 * 7
        s ^= i // 1024
    return s


print(table([-7, -1, 0, 1, 7, 2**62, -2**63, 2**63, 2**70], [-3, -1, 1, 3, 2**31, -2**63]))
print(check(60))
print(zero(80))
print(powers_of_two(300))
