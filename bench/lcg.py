"""Pseudo-random numbers with 31-, 32- and 64-bit masks, and a hash."""


def lcg(n, seed):
    x = seed
    s = 0
    for _ in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        s ^= x >> 7
    return s


def lcg32(n, seed):
    x = seed
    s = 0
    for i in range(n):
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        s += x & 0xFF
    return s


def xorshift32(n, seed):
    x = seed
    for i in range(n):
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
    return x


def fnv(n):
    h = 2166136261
    for i in range(n):
        h = ((h ^ (i & 0xFF)) * 16777619) & 0xFFFFFFFF
    return h


def lcg64(n, seed):
    x = seed
    for _ in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    return x


print(lcg(2500000, 42), lcg32(2000000, 7), xorshift32(800000, 2463534242), fnv(1500000), lcg64(300000, 1))
