"""Calls of Python functions: positional, defaults, keywords, *args, **kw, keyword-only, positional-only."""


def add(a, b):
    return a + b


def defaults(a, b=2, c=3):
    return a * 100 + b * 10 + c


def kwonly(a, *, k=5, m):
    return a + k * m


def posonly(a, b, /, c=1):
    return a - b + c


def star(*args, **kw):
    return len(args) * 10 + len(kw) + sum(args) + sum(kw.values())


def mixed(a, *args, b=1, **kw):
    return a, args, b, kw


def nothing():
    pass


def early(x):
    if x % 3 == 0:
        return "fizz"
    if x % 5 == 0:
        return
    return x


def run(n):
    s = 0
    for i in range(n):
        s += add(i, 1) + add(a=i, b=2) + add(i, b=3) + add(*(i, 4)) + add(**{"a": i, "b": 5})
        s += defaults(i) + defaults(i, 7) + defaults(i, c=1) + defaults(c=1, a=2) + defaults(1, 2, 3)
        s += kwonly(i, m=2) + kwonly(1, k=i, m=1)
        s += posonly(i, 1) + posonly(i, 2, 3) + posonly(i, 2, c=4)
        s += star() + star(i) + star(i, 2, x=3) + star(*range(3), **{"y": i})
        s += nothing() is None
    return s


def results(n):
    out = []
    for i in range(n):
        out.append(mixed(i, 2, 3, b=4, c=5))
        out.append(early(i))
    return out[:6], out[-1], len(out)


def errors(n):
    seen = {}
    bad = [lambda: add(1), lambda: add(1, 2, 3), lambda: add(1, c=2), lambda: kwonly(1), lambda: posonly(a=1, b=2), lambda: add(1, a=2), lambda: nothing(1), lambda: add(*5), lambda: run(), lambda: kwonly(1, 2, m=1)]
    for i in range(n):
        try:
            bad[i % len(bad)]()
        except TypeError as e:
            seen[str(e)] = seen.get(str(e), 0) + 1
    return seen


def change_defaults(n):
    s = 0
    for i in range(n):
        s += defaults(i)
        if i == 50:
            defaults.__defaults__ = (0, 0)
        if i == 80:
            defaults.__defaults__ = (2, 3)
    return s


print(run(80))
print(results(60))
for k, v in errors(80).items():
    print(v, k)
print(change_defaults(120))
