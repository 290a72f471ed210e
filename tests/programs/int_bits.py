"""&, |, ^, ~ on ints, bools and big ints; bit_length and bit_count."""


def small(n):
    a = o = x = v = 0
    for i in range(-n, n):
        a += i & 0x55
        o += i | 0xAA
        x ^= i * 37
        v += ~i & 0xFF
    return a, o, x, v


def bools(n):
    r = []
    for i in range(n):
        p = i % 2 == 0
        q = i % 3 == 0
        r.append((p & q, p | q, p ^ q, p & 3, 6 | q, ~int(p)))
    return r[:6], len(r), type(r[0][0]).__name__


def big(n):
    m = (1 << 100) - 1
    x = 1
    for i in range(n):
        x = (x * 0x5DEECE66D + 11) & m
        x ^= x >> 40
        x |= 1 << (i % 100)
    return x


def counts(n):
    s = 0
    for i in range(n):
        s += i.bit_length() * 10 + i.bit_count()
    return s


print(small(250))
print(bools(90))
print(big(200))
print(counts(300))
