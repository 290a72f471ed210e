"""Loops in callees of loops, inlined with their own loops, breaks out of both, generators between them."""


def inner(n, k):
    s = 0
    for i in range(n):
        if i == k:
            break
        s += i * k
    return s


def find(l, x):
    for i, v in enumerate(l):
        if v == x:
            return i
    return -1


def row(y, w):
    out = 0.0
    for x in range(w):
        out += cell(x * 0.1, y * 0.1)
    return out


def cell(x, y):
    r = 0.0
    n = 0
    while r < 2.0 and n < 20:
        r = r * r + x * 0.3 + y * 0.2
        n += 1
    return r


def variable(n):
    """The inner loop turns 0, 1, 2, ... times."""
    s = 0
    for i in range(n):
        s += inner(i % 6, 3) + inner(i, 1000)
    return s


def whole(n):
    s = 0.0
    for y in range(n):
        s += row(y, 12)
    return s


def finds(n):
    l = [i * 3 for i in range(60)]
    return sum(find(l, i) for i in range(n))


def while_for_while(n):
    k = 0
    while n > 0:
        for j in range(n % 5):
            m = j
            while m > 0:
                m -= 1
                k += m
            k += 1
        n -= 1
    return k


print(variable(80), whole(30), finds(180), while_for_while(200))
