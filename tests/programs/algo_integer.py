"""Collatz, sieve, perfect numbers, gcd table, modular powers, digits, partitions, coin change."""


def collatz(n):
    best = 0, 0
    for i in range(1, n):
        x, c = i, 0
        while x != 1:
            if x % 2 == 0:
                x = x // 2
            else:
                x = 3 * x + 1
            c += 1
        if c > best[0]:
            best = c, i
    return best


def sieve(n):
    flags = [True] * n
    flags[0] = flags[1] = False
    i = 2
    while i * i < n:
        if flags[i]:
            for j in range(i * i, n, i):
                flags[j] = False
        i += 1
    return sum(flags), [i for i, f in enumerate(flags) if f][-1]


def sieve_bytes(n):
    flags = bytearray(b"\1") * n
    for i in range(2, n):
        if flags[i]:
            for j in range(i + i, n, i):
                flags[j] = 0
    return sum(flags) - 2


def perfect(n):
    out = []
    for i in range(2, n):
        s = 1
        j = 2
        while j * j <= i:
            if i % j == 0:
                s += j
                if j != i // j:
                    s += i // j
            j += 1
        if s == i:
            out.append(i)
    return out


def gcds(n):
    s = 0
    for a in range(1, n):
        for b in range(1, n):
            x, y = a, b
            while y:
                x, y = y, x % y
            s += x
    return s


def power(b, e, m):
    r = 1
    while e > 0:
        if e & 1:
            r = r * b % m
        b = b * b % m
        e >>= 1
    return r


def partitions(n):
    p = [1] + [0] * n
    for k in range(1, n + 1):
        for i in range(k, n + 1):
            p[i] += p[i - k]
    return p[n]


def coins(amount, kinds):
    best = [0] + [None] * amount
    for a in range(1, amount + 1):
        for c in kinds:
            if c <= a and best[a - c] is not None:
                v = best[a - c] + 1
                if best[a] is None or v < best[a]:
                    best[a] = v
    return best[amount]


def isqrt(n):
    x = n
    y = (x + 1) // 2
    while y < x:
        x = y
        y = (x + n // x) // 2
    return x


def pascal(n):
    row = [1]
    for _ in range(n):
        row = [1] + [a + b for a, b in zip(row, row[1:])] + [1]
    return max(row)


print(collatz(600), sieve(2000), sieve_bytes(1000), perfect(600), gcds(40))
print(sum(power(3, i, 10 ** 9 + 7) for i in range(100)), power(7, 2 ** 90, 2 ** 61 - 1), partitions(120), coins(150, (1, 7, 10, 25)), isqrt(10 ** 40), isqrt(10 ** 12), pascal(70))
