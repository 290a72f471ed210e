"""int with float, bool with int, bool with float, and types that change."""


def int_float(n):
    s = 0
    for i in range(n):
        s = s + i * 0.5
        s = i - s
        s = s / 2
    return s


def int_minus(n):
    x = 10
    y = 0.25
    out = 0.0
    for i in range(n):
        out += x - y
        out += y - x
        out += x * y + y / x + x / y
        out += y // 3 + 7 // y
        out += i % 2.5 + 2.5 % (i + 1)
        x += 1
    return out


def bools(n):
    s = 0
    f = 0.0
    for i in range(n):
        b = i % 3 == 1
        s += b
        s -= True
        s *= 1 + False
        f += b * 1.5
        f -= b
    return s, f, True + True, -True, ~5 + True


def powers(n):
    out = 0.0
    for i in range(1, n):
        out += i ** 0.5 + 2.0 ** (i % 10) + i ** -1 + True ** i
    return out


def big_int_float(n):
    out = []
    for i in range(n):
        x = 2 ** (i * 17 % 1100)
        try:
            out.append(x * 1.5)
        except OverflowError as e:
            out.append(str(e))
    return out[0], out[3], out[64], out[-1], len([o for o in out if isinstance(o, str)])


def exact(n):
    s = 0.0
    x = 2 ** 53 - n // 2
    for i in range(n):
        s += x + 0.0
        s -= x - 1.0
        x += 1
    return s, x


print(repr(int_float(300)))
print(repr(int_minus(200)))
print(bools(200))
print(repr(powers(150)))
print(big_int_float(130))
print(exact(100))
