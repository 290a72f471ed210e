"""Complex arithmetic in loops."""


def julia(c, size):
    total = 0
    for y in range(size):
        for x in range(size):
            z = complex(x / size * 3 - 1.5, y / size * 3 - 1.5)
            n = 0
            while abs(z) < 2.0 and n < 30:
                z = z * z + c
                n += 1
            total += n
    return total


def mixed(n):
    z = 0j
    for i in range(n):
        z = z + i * 1j - 0.5
        z = z * (1 - 0.01j)
        if i % 10 == 0:
            z = -z.conjugate()
    return z, z.real, z.imag, z == z, bool(z)


def errors(n):
    seen = set()
    for i in range(n):
        try:
            (1 + 2j) < i
        except TypeError as e:
            seen.add(str(e))
        try:
            1j / (i - i)
        except ZeroDivisionError as e:
            seen.add(str(e))
    return sorted(seen)


print(julia(-0.4 + 0.6j, 20))
print(mixed(100))
print(errors(60))
