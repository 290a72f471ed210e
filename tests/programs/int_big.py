"""Arithmetic on ints of many digits, in and out of the small range."""


def digits_of_e(n):
    x = [1] * n
    out = []
    for _ in range(40):
        carry = 0
        for i in range(n - 1, 0, -1):
            t = x[i] * 10 + carry
            carry, x[i] = divmod(t, i + 1)
        out.append(carry)
    return "".join(map(str, out))


def collatz_big(x):
    steps = 0
    while x != 1:
        if x & 1:
            x = 3 * x + 1
        else:
            x >>= 1
        steps += 1
    return steps


def gcd(a, b):
    n = 0
    while b:
        a, b = b, a % b
        n += 1
    return a, n


def mersenne(p):
    m = 2 ** p - 1
    s = 4
    for _ in range(p - 2):
        s = (s * s - 2) % m
    return s == 0


def shrink(x):
    n = 0
    while x:
        x //= 10
        n += 1
    return n


print(digits_of_e(60))
print(collatz_big(2**80 + 27), collatz_big(2**64 - 1), collatz_big(27))
print(gcd(3**90, 3**50 * 7**20), gcd(1134903170, 701408733))
print([p for p in range(3, 130, 2) if mersenne(p)])
print(shrink(7**150), shrink(2**63), shrink(10**18))
