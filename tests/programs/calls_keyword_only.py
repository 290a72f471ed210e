# Functions that take keyword-only parameters and **names: followed into, called natively, from C; their defaults are looked up when they are called.
import sys
from functools import partial, reduce
from sys import getrefcount


def only(*, a, b=2): return a * 10 + b
def mixed(x, y=5, *, k, l=None, m=(1, 2)): return x, y, k, l, m
def rest(x, *more, k=1, **names): return x, more, k, list(names.items())
def names(x, /, **names): return x, names
def long(n, *, step=1, low=0):
    s = 0.5
    for i in range(n):
        s = s * 0.5 + i * step - low
    return s


def count(n, *, by=1, to=0):
    return 0 if n <= to else by + count(n - by, by=by, to=to)


def tree(depth, *path, sign=1, **more):
    return sign if depth == 0 else tree(depth - 1, *path, sign=-sign) - tree(depth - 1, depth, sign=sign, left=depth)


class C:
    def __init__(self, x, *, k=3, **more): self.x, self.k, self.more = x, k, more
    def m(self, *, j=1): return self.x * j + self.k
    def get(self, x=1, *names, **more): return self.x, x, names, sorted(more)
    @classmethod
    def make(cls, *, x, **more): return cls(x, **more)
    @staticmethod
    def plain(*, v=1): return v
    def __call__(self, a, *, b): return self.x + a * b


class Only:
    __slots__ = "x", "k"
    def __init__(self, x, *, k=3): self.x, self.k = x, k


def followed(n):
    out = []
    t = 0
    for i in range(n):
        t += only(a=i) + only(b=i, a=1) + len(names(i)[1]) + names(i, x=i)[1]["x"]
        r = rest(i), rest(i, 1, i, k=i), rest(i, i + 0.5, z=i, y=1.5), mixed(i, k=i, l=t), mixed(k=1, x=2, y=3, m=i)
        c = C(i, k=2)
        d = C(i, other=i, k=1)
        t += c.m() + c.m(j=i) + C.m(d, j=2) + C.make(x=i).k + C.make(k=i, x=1, z=2).k + C.plain() + C.plain(v=i) + c(1, b=i) + Only(i).k + Only(x=1, k=i).k
        out.append((r, t, d.more, c.get(), d.get(i, 1, q=2)))
    return out[:3], out[-3:], t


def calls(n):
    t = 0.0
    for i in range(n):
        t += long(5) + long(3, step=2) + long(low=i, n=2) + count(12) + count(9, by=2) + count(7, to=i % 3) + tree(5)
    return t


def generators(n):
    def numbers(k, *, step=1, start=0):
        while start < k:
            yield start
            start += step
    t = 0
    for i in range(n):
        for x in numbers(i, step=2): t += x
        for x in numbers(start=i, k=i + 3): t += x
    return t


def made_anew(n):
    """The dict of defaults is another one each time."""
    t = []
    for i in range(n):
        def f(a, *, b=i, c="c", d=[]): return a, b, c, len(d)
        t.append((f(1), f(2, b=3), f(1, d="abc", c=1)))
    return t[:2], t[-2:]


def from_c(n):
    data = [float(k % 7) for k in range(n)]
    return (sorted(data, key=lambda v, *, sign=-1: sign * v)[:3], sum(map(partial(lambda v, *, k, l=1: v * k + l, k=2), data)),
            list(map(partial(rest, z=1, y=2), range(n)))[-1], reduce(lambda a, b, *, k=2, **more: a + b * k, data),
            list(map(partial(C, q=4), data))[-1].more, sorted(data, key=partial(C(2.0), b=3))[-1])


for n in 5, 300: print(followed(n), calls(n), generators(n), made_anew(n), from_c(n))


# what is wrong is said as it is
def seen(f):
    try:
        return f()
    except TypeError as e:
        return str(e)


def wrong(i):
    return [seen(f) for f in (
        lambda: only(), lambda: only(b=i), lambda: only(a=1, c=i), lambda: only(i), lambda: mixed(i, 2, 3, k=1), lambda: mixed(i, x=1, k=2), lambda: mixed(k=1),
        lambda: rest(x=1, k=2, z=i), lambda: rest(i, x=1), lambda: names(), lambda: names(x=i), lambda: C(), lambda: C(1, x=i), lambda: long(3, i), lambda: count(n=1, b=1),
        lambda: only(**{"a": i, "b": 2}), lambda: rest(*(1, 2, i), **{"k": 2, "w": 3}), lambda: names(1, **{"x": i}), lambda: only(a=i, **{"a": 1}))]


for i in range(100): w = wrong(i)
print(*w, sep="\n")


# defaults that change: in the dict, another dict, taken away
def defaults(n):
    def f(x, *, k=1, l=2.5): return x * k + l
    t = []
    for i in range(n):
        t.append((f(i), f(i, k=2), count(3)))
        if i == n // 4: f.__kwdefaults__["k"] = 10
        if i == n // 3: f.__kwdefaults__["l"] = i
        if i == n // 2: f.__kwdefaults__ = {"l": 0, "k": -1}
        if i == n // 2 + 9: f.__kwdefaults__["more"] = 5; count.__kwdefaults__["by"] = 2
        if i == n // 2 + 20: del f.__kwdefaults__["k"]
        if i == n // 2 + 30: f.__kwdefaults__[7] = 5; f.__kwdefaults__["k"] = 3
        if i == n // 2 + 40: f.__kwdefaults__ = None
        if i == n // 2 + 50: f.__kwdefaults__ = type("D", (dict,), {"__getitem__": None})(k=5, l=6)
        if n // 2 + 20 <= i < n // 2 + 30 or n // 2 + 40 <= i < n // 2 + 50:
            t.append(seen(lambda: f(1)))
            f.__kwdefaults__ = {"k": i, "l": 1}
    count.__kwdefaults__["by"] = 1
    return [x for k, x in enumerate(t) if k % 7 == 0]


print(defaults(300))


# who dies when; how many references there are
log = []
class Loud:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)
def takes(a, *more, k, l=None, **names):
    log.append("in"); del a
    log.append("a"); del k
    log.append("k"); more = None
    log.append("more"); names.pop("n", None)
    log.append("names")
def deaths(n):
    for i in range(n):
        takes(Loud("A"), Loud("M"), k=Loud("K"), n=Loud("N"), l=Loud("L"), o=Loud("O"))
        log.append("out")
        C(Loud("x"), k=Loud("k"), more=Loud("more"))
        Only(k=Loud("k"), x=Loud("x"))
        log.append(".")
    return log[:24], log[-24:], len(log)
def counts(x, *more, k=Loud, **names): return getrefcount(x), getrefcount(k), getrefcount(more), getrefcount(names), [getrefcount(v) for v in names.values()]
def references(n):
    o, p = object(), object()
    seen = set()
    for i in range(n):
        seen.add(str((counts(o), counts(o, p, k=p), counts(p, k=o, z=o, y=p))))
    return sorted(seen)
class Counts:
    def __init__(self, x, *, k=None): self.c = getrefcount(x), getrefcount(k), getrefcount(self)
class CountsAny:
    __slots__ = "c",
    def __init__(self, x, k=None): self.c = getrefcount(x), getrefcount(k), getrefcount(self)
class CountsAll:
    def __init__(self, x, *more, k=None, **names):
        self.c = getrefcount(x), getrefcount(k), getrefcount(self), getrefcount(names.get("z")), [getrefcount(o) for o in more]
def references_of_instances(n):
    s = {}
    for i in range(n):
        o = object(); p = object(); q = object()
        key = str((Counts(o).c, Counts(o, k=p).c, Counts(x=o, k=p).c, Counts(object(), k=object()).c, CountsAny(o, k=p).c, CountsAny(object(), k=object()).c,
                   CountsAll(o, p, p, k=q, z=o).c, CountsAll(object(), object(), z=object()).c))
        s[key] = s.get(key, 0) + 1
    return max(s, key=s.get)
print(deaths(200))
print(references(200), Loud.__name__, references_of_instances(200))


# **names are a dict of their own, in the order in which they came
def keeps(**names):
    names["last"] = names.pop("first", 0)
    return names
def kept(n):
    r = []
    for i in range(n):
        d = keeps(first=i, b=2, a=1)
        e = keeps(**d)
        r.append((list(d), list(e), d is not e, sys.getsizeof(d), sys.getsizeof(keeps(a=1, b=2, c=3, d=4, e=5, f=6, g=i))))
    return r[0], r[-1], len({str(x) for x in r})
print(kept(200))


# frames looked at, tracebacks
def looks(*, depth=1, **names): return sorted(sys._getframe(depth - 1).f_locals.items()), sys._getframe(0).f_locals["names"]
def raises(x, *, k, **names):
    if k == 7: raise ValueError(x, k, names)
    return k
def looked(n):
    t = []
    for i in range(n):
        t.append(looks(z=i))
        try: t.append(raises(i, k=i % 9, z=1))
        except ValueError as e: t.append((str(e), e.__traceback__.tb_next.tb_frame.f_locals))
    return t[:4], t[-12:]
print(looked(100))
