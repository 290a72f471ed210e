"""Calls with a dict of arguments by name, whose keys go to parameters and into another dict: order, errors, deaths, reference counts."""
import sys
from functools import wraps

log = []


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def plain(a, b=10, *, c=100):
    return a + b + c


def collects(*args, **names):
    return args, list(names.items())


def mixed(a, *more, k=1, **names):
    return a, more, k, list(names.items())


def looping(n, *, step=1):
    t = 0.5
    for i in range(n):
        t = t * 0.5 + step
    return t


def through(f):
    @wraps(f)
    def inner(*args, **names):
        return f(*args, **names)
    return inner


def adding(f):
    def inner(*args, **names):
        return f(*args, **names, extra=len(names))
    return inner


def defaulting(f):
    def inner(*args, **names):
        names.setdefault("c", 7)
        return f(*args, **names)
    return inner


twice = through(through(plain))


def calls(n):
    t = 0
    kept = []
    for i in range(n):
        t += twice(i) + twice(i, c=i) + twice(i, b=1, c=2) + twice(b=i, a=1) + defaulting(plain)(i) + defaulting(through(plain))(i, c=1)
        t += through(looping)(i % 5, step=2) + through(looping)(n=3)
        kept.append((through(collects)(i, x=1, y=i), through(mixed)(i, 1, z=2, k=i), adding(mixed)(i, q=1), adding(through(collects))(p=i, o=1), mixed(i, **{"s": i})))
    return t, kept[:2], kept[-2:]


for n in 4, 150:
    print(calls(n))


# the order of the keys is that of the call, whatever it was before
def orders(n):
    r = []
    for i in range(n):
        d = {"x": 1, "y": 2, "a": 3} if i % 3 == 0 else {"y": 2, "a": 3, "x": 1} if i % 3 == 1 else {"a": 3, "x": 1, "y": i}
        r.append((mixed(**d), collects(**d), through(mixed)(**d)))
        if i % 10 == 9:
            d["".join(["k"])] = i      # a name that is not interned
            r.append(mixed(**d))
    return r[-4:], len({str(x) for x in r})


print(orders(120))


class Text(str):
    pass


class Mapping:
    def __init__(self, d): self.d = d
    def keys(self): return iter(self.d)
    def __getitem__(self, k): return self.d[k]


def seen(f, *args, **names):
    try:
        return f(*args, **names)
    except TypeError as e:
        tb, where = e.__traceback__, []
        while tb:
            where.append(tb.tb_frame.f_code.co_name)
            tb = tb.tb_next
        return str(e), where[1:]


def spread(f, t, d):
    return f(*t, **d)


def errors(n):
    r = []
    for i in range(n):
        for t, d in (((), {}), ((1,), {"a": 2}), ((1,), {"d": 2}), ((1, 2), {"c": i}), ((1,), {1: 2}), ((), {"a": i, Text("b"): 2}), ((1, 2, 3), {}), ((1,), Mapping({"c": 5})),
                     ((1,), 5), ((1,), {"c": "text"}), ((1,), {"b": 1, "c": i})):
            r.append([seen(spread, f, t, d) for f in (plain, through(plain))])
        r.append(seen(lambda: plain(1, **{"c": 1}, **{"c": 2})))
        r.append(seen(lambda: plain(c=1, **{"c": i})))
    return r[:13], r[-13:], len(r)


print(*errors(3), *errors(60), sep="\n")


# who dies when
def drops(a, *more, k=None, **names):
    log.append("in")
    a = None
    log.append("a")
    k = None
    log.append("k")
    names.clear()
    log.append("names")


def deaths(n, f):
    for i in range(n):
        f(Loud("A"), Loud("M"), k=Loud("K"), x=Loud("X"), y=Loud("Y"))
        f(*(Loud("A"),), **{"k": Loud("K"), "z": Loud("Z")})
        t, d = (Loud("A"), Loud("B")), {"k": Loud("K"), "y": Loud("Y")}
        f(*t, **d)
        log.append("out")
        t = d = None
        log.append(".")
    return log[-33:], len(log)


for f in (drops, through(drops), through(through(drops))):
    print(deaths(80, f))
    log.clear()


def counts(a, *more, k=None, **names):
    return sys.getrefcount(a), sys.getrefcount(k), sys.getrefcount(more), sys.getrefcount(names), [sys.getrefcount(v) for v in names.values()]


def references(n, f):
    o, p, q = object(), object(), object()
    t, d = (o, p), {"k": p, "z": q}
    s = {}
    for i in range(n):
        key = str((spread(f, t, d), f(o, k=p), f(o, z=q, k=o), f(*t, **d), f(**{"a": o, "k": q, "z": p})))
        s[key] = s.get(key, 0) + 1
    return max(s, key=s.get), sys.getrefcount(o), sys.getrefcount(q)


print(references(150, counts), references(150, through(counts)))


# the dict is a new one, each time
def changes(**names):
    names["new"] = 1
    names.pop("x", None)
    return names


def new_each_time(n):
    d = {"x": 1, "y": 2}
    r = []
    for i in range(n):
        e = changes(**d)
        g = through(changes)(**d)
        r.append((d, e, g, e is not g, d is not e, sys.getsizeof(e), sys.getsizeof(changes(**{str(k): k for k in range(i % 12)}))))
        if i == n - 5:
            d["z"] = 5
    return r[0], r[-1]


print(new_each_time(100))
frames = set()
def looks(*args, depth, **names): return [sorted(sys._getframe(k).f_locals) for k in range(1, depth)], args, names
for i in range(100):
    frames.add(str(through(looks)(i % 2, depth=3, z=i % 3)))
print(len(frames), sorted(frames)[0])
