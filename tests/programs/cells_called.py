"""Functions that make cells, called natively: arguments and variables that inner functions share, recursion, exceptions, collections that the cells make due."""
import gc
import sys
import weakref


def counter(a, b, *rest, k=3):
    def add(x):
        nonlocal b
        b += x
        return a + b
    total = 0
    for i in range(2):
        total += add(i)
    return total + k + b + len(rest)


def late(n):
    def get():
        return y
    y = n + 1
    return get() + n


def unbound(n):
    def get():
        return y
    if n % 50:
        y = n
    try:
        return get()
    except NameError as e:
        return str(e)


def tree(n):
    f = lambda: n
    return f() if n < 2 else tree(n - 1) + tree(n - 2) + f()


def raising(n):
    def inner():
        raise ValueError(n)
    if n % 3 == 0:
        inner()
    return n


def many(a, b, c, d, e, f):
    g = lambda: (a, f)
    c, e = e, c
    h = lambda: (c, e, b)
    return g() + h() + (d,)


class Token:
    __slots__ = "kind", "text"

    def __init__(self, kind, text):
        self.kind = kind
        self.text = text

    def match(self, kind, values, fold=False):
        if self.kind is not kind:
            return False
        if fold:
            return any(self.text.upper() == v for v in values)
        return self.text in values

    def of(self, i=None, m=None):
        if i is not None and any(self.kind is k for k in (i, i)):
            return True
        return m is not None and any(self.match(*p) for p in m)


def each(n, f, *args, **names):
    result = []
    for i in range(n):
        try:
            result.append(f(*args, **names) if args or names else f(i))
        except ValueError as e:
            t, depth = e.__traceback__, []
            while t:
                depth.append((t.tb_frame.f_code.co_name, t.tb_lineno))
                t = t.tb_next
            result.append((e.args, depth))
    return result


print(sum(each(200, counter, 1, 2)), sum(each(200, counter, 1, 2, 5, 6, k=9)))
print(sum(counter(i, b=2) + counter(*(i, 3)) + counter(i, 4, k=i) for i in range(300)))
print(sum(each(300, late)), each(120, unbound)[45:55], tree(14))
print(each(40, raising)[-8:], each(60, many, 1, 2, 3, 4, 5, 6)[-1])

tokens = [Token(k, t) for k in "ab" for t in ("x", "Y", "z")]
found = 0
for turn in range(120):
    for t in tokens:
        found += t.match("a", ("x", "q")) + t.match("a", ("X", "Q"), fold=True) + t.match("b", ("Y",), turn % 2) + t.of("a") + t.of(m=[("b", "z"), ("a", ("Y",))])
print(found)


# What a cell holds dies with the frame, and is seen to.
class Seen:
    alive = 0

    def __init__(self):
        Seen.alive += 1

    def __del__(self):
        Seen.alive -= 1


def holds(o, n):
    f = lambda: o
    p = Seen()
    g = lambda: p
    return f() is o and g() is p and n


def holding(n):
    total = 0
    for i in range(n):
        total += holds(Seen(), i)
        assert Seen.alive == 0, (i, Seen.alive)
    return total


print(holding(300))


# A collection that a cell makes due happens where it does: in the callee.
class Node:
    pass


seen = []


def cycle(i):
    f = lambda: i
    n = Node()
    n.self = n
    n.f = f
    return f()


def collected(phase, info):
    if phase == "start" and len(seen) < 100000:
        seen.append(sys._getframe(1).f_code.co_name in ("cycle", "cycles", "<lambda>", "key"))


def cycles(n):
    total = 0
    for i in range(n):
        total += cycle(i)
    return total


gc.callbacks.append(collected)
print(cycles(3000))
gc.callbacks.remove(collected)
print(len(seen) > 0, all(seen))


def key(v):
    def g():
        return v
    return g() % 7


print(sorted(range(2000), key=key)[::250], sum(map(key, range(3000))))

refs = []


def remembers(n):
    f = lambda: n
    refs.append(weakref.ref(f))
    return f()


for i in range(150):
    remembers(i)
print(sum(r() is None for r in refs))


def deep(n):
    f = lambda: n
    return 0 if n == 0 else 1 + deep(n - 1) + (f() - n)


print(deep(300))
try:
    deep(10 ** 6)
except RecursionError as e:
    print(e)
