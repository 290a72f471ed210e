"""Linear congruential generators with 31-, 32-, 48- and 64-bit masks; hashes."""


def lcg32(n):
    x = 12345
    s = 0
    for _ in range(n):
        x = (x * 1664525 + 1013904223) & 0xFFFFFFFF
        s ^= x
    return x, s


def lcg31(n):
    x = 42
    for _ in range(n):
        x = (1103515245 * x + 12345) % 2147483648
    return x


def lcg48(n):
    x = 1
    for _ in range(n):
        x = (x * 25214903917 + 11) & ((1 << 48) - 1)
    return x


def lcg64(n):
    x = 88172645463325252
    for _ in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    return x


def lcg63(n):
    x = 7
    for _ in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) & 0x7FFFFFFFFFFFFFFF
    return x


def xorshift64(n):
    x = 88172645463325252
    for _ in range(n):
        x ^= (x << 13) & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 7
        x ^= (x << 17) & 0xFFFFFFFFFFFFFFFF
    return x


def fnv1a(data):
    h = 14695981039346656037
    for b in data:
        h = ((h ^ b) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return h


def negative_operand(n):
    x = -12345
    for i in range(n):
        x = (x * -1664525 - 99) & 0x7FFFFFFF
        x = -x
    return x


def modular(n):
    x = 1
    for i in range(n):
        x = x * 48271 % 2147483647
    return x


print(lcg32(1000), lcg31(1000), lcg48(1000), lcg64(1000), lcg63(1000))
print(xorshift64(1000), fnv1a(b"copy and patch" * 20), negative_operand(300), modular(1000))
