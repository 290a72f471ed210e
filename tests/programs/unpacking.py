"""Unpacking: exact, star, nested, swap, of many iterables, and wrong-count errors."""


def swaps(n):
    a, b, c = 1, 2, 3
    x, y = 0.5, 1.5
    for i in range(n):
        a, b = b, a
        a, b, c = c, a + 1, b
        x, y = y, x * 0.99
    return a, b, c, x, y


def star(n):
    s = 0
    for i in range(n):
        h, *t = [i, i + 1, i + 2]
        *u, v = (i, 1, 2)
        p, *q, r = range(i % 5 + 2)
        s += h + sum(t) + v + len(u) + len(q) * 10 + r
    return s


def nested(n):
    s = 0
    for i in range(n):
        (a, (b, c)), d = (i, (i + 1, i + 2)), [5]
        [e, [f, *g]] = 1, [2, 3, 4]
        s += a * b - c + d[0] + e + f + g[1]
    return s


def iterables(n):
    s = 0
    for i in range(n):
        a, b = "xy"
        c, d = {1: 2, 3: 4}
        e, f = (k for k in (i, 2))
        g, h = b"ab"
        j, k = map(abs, (-i, -1))
        s += (a == "x") + c + d + e + f + g + h + j + k
    return s


def for_targets(n):
    pairs = [(i, (i * 2, [i])) for i in range(n)]
    s = 0
    for a, (b, [c]) in pairs:
        s += a + b + c
    for i, pairs[0] in enumerate([1, 2, 3] * 20):
        s += i
    return s, pairs[0]


def errors(n):
    seen = {}
    for i in range(n):
        try:
            src = [(1,), (1, 2, 3), [1], "abc", 5, {1: 1}, iter([1, 2, 3]), range(4)][i % 8]
            a, b = src
        except (ValueError, TypeError) as e:
            seen[str(e)] = seen.get(str(e), 0) + 1
        try:
            a, b, *c = (1,)
        except ValueError as e:
            seen[str(e)] = seen.get(str(e), 0) + 1
    return seen


def changes_length(n):
    good = bad = 0
    for i in range(n):
        t = (1, 2) if i % 30 else (1, 2, 3)
        try:
            a, b = t
            good += a + b
        except ValueError:
            bad += 1
    return good, bad


class TwoItems:
    def __iter__(self):
        yield 1
        yield 2


def custom(n):
    s = 0
    for i in range(n):
        a, b = TwoItems()
        s += a * i + b
    return s


print(swaps(101), star(80), nested(80), iterables(60), for_targets(70), changes_length(100), custom(60))
print(errors(80))
