"""Shifts, including big counts, negative counts and results beyond 64 bits."""


def left(n):
    out = []
    for i in range(n):
        out.append(1 << i)
        out.append(-3 << i)
    return out[124:132], sum(out)


def right(n):
    x = -(2**70)
    y = 2**70 + 12345
    z = -12345
    out = []
    for i in range(n):
        out.append((x >> i, y >> i, z >> i, 99999 >> i))
    return out[0], out[13], out[63], out[64], out[65], out[-1]


def wrong(n):
    counts = {}
    for i in range(n):
        c = i % 5 - 1
        try:
            v = (1 << c) + (64 >> c)
        except ValueError as e:
            v = str(e)
        counts[v] = counts.get(v, 0) + 1
    return counts


def zero_shift(n):
    s = 0
    for i in range(n):
        s += (0 << (i * 1000)) + (5 >> (i * 1000))
    return s


def mixed(n):
    h = 0x811C9DC5
    for i in range(n):
        h ^= (h << 13) & 0xFFFFFFFF
        h ^= h >> 17
        h ^= (h << 5) & 0xFFFFFFFF
    return h


print(left(70))
print(right(80))
print(wrong(100))
print(zero_shift(100))
print(mixed(1000))
