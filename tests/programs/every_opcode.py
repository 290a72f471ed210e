# Instructions that are done by calls: super(), * and ** in calls, functions made, sets, updates of displays, slices stored, unpacking, with, match,
# imports, names that are deleted or missing; with the errors that they raise.
import sys
from collections import UserDict


def seen(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


class Base:
    kind = "base"

    def __init__(self, v):
        self.v = v

    def get(self, k=0):
        return self.v + k

    @property
    def twice(self):
        return self.v * 2

    @classmethod
    def of(cls, v):
        return cls(v)

    @staticmethod
    def plain(x):
        return x


class Middle(Base):
    def __init__(self, v):
        super().__init__(v)
        self.w = v * 3

    def get(self, k=0):
        return super().get(k) + super(Middle, self).v if hasattr(super(), "v") else super().get(k) + 1

    @property
    def twice(self):
        return super().twice + 1

    @classmethod
    def of(cls, v):
        return super().of(v + 1)

    def others(self):
        return super().kind, super().plain(self.w), super(Middle, self).get(5)

    def missing(self):
        return super().nothing


class Last(Middle):
    def get(self, k=0):
        return super().get(k) * 10


objects = [c(k) for k in range(6) for c in (Middle, Last)]
print([o.get() for o in objects], [o.get(2) for o in objects], [o.twice for o in objects])
print([c.of(3).w for c in (Middle, Last)] * 3, [o.others() for o in objects][:3], {seen(o.missing) for o in objects})


def call_ex(f, args, kwargs):
    return f(*args), f(*args, **kwargs), f(1, *args, a=1, **kwargs)


def collects(*args, **kwargs):
    return args, kwargs


def fixed(a, b=2, *, c=3):
    return a, b, c


print([call_ex(collects, x, y) for x in ((), [1, 2], "ab", range(3), {5: 6}, (k for k in "x")) for y in ({}, {"k": 1, "m": 2})])
for bad in (5, None):
    print([seen(call_ex, collects, bad, {}) for _ in range(3)])
print([seen(lambda kw: fixed(*(1,), **kw), kw) for kw in ({}, {"b": 1}, {"c": 1}, {"d": 1}, {"a": 1}, {1: 2}) for _ in range(3)])
print([seen(lambda x: collects(**x, **{"k": 5}), x) for x in ({}, {"m": 1}, {"k": 1}, [], 5) for _ in range(3)])


class Mapping:
    def __init__(self, **items): self.items = items
    def keys(self): return list(self.items)
    def __getitem__(self, k): return self.items[k]


class Name(str):
    hashed = 0
    def __hash__(self):
        Name.hashed += 1
        return str.__hash__(self)


print([seen(lambda x: collects(k=5, **x), x) for x in (Mapping(), Mapping(m=1), Mapping(k=1), {Name("k"): 2}, {Name("l"): 1}, UserDict(u=3)) for _ in range(3)])
Name.hashed = 0
print([seen(lambda x: collects(**x), x) for x in ({Name("k"): 2}, {Name("l"): 1}) for _ in range(3)], Name.hashed)
print([seen(max, *a) for a in ([3, 1], (1, 2), "ba")] * 2, [dict(*a, **k) for a in ([], [[(1, 2)]]) for k in ({}, {"z": 3})] * 2)


def makes(n):
    k = n

    def inner(a, b=n, *, c=k):
        nonlocal k
        k += a
        return a, b, c, k

    def annotated(x: int = 5) -> str:
        return k + x
    return [inner(1), inner(2, 3), inner(1, c=9), annotated(), (lambda y, z=n: y + z + k)(1), [k + i for i in range(3)], sorted(x * k for x in range(3))]


print([makes(k) for k in range(5)])


def sets(a, b, more):
    s = {a, b, a + b, *more}
    s2 = {1, a, "x"}
    return sorted(s), len(s2)


print([sets(k, k % 3, range(k)) for k in range(6)], [seen(sets, k, [], ()) for k in (1, 1)], [seen(sets, 1, 2, 5) for _ in range(3)])


def displays(a, d):
    return {"a": a, **d, "z": 1}, {**d, (1, a): [a]}, [*range(a), *d], (*d, a), [a, *"xy"]


print([displays(k, {"k": k, "a": -k}) for k in range(5)], [seen(displays, 1, x) for x in (5, [], "ab") for _ in range(3)])


def slices(l, k):
    l[k:k + 1] = [k, k, k]
    l[:1] = ()
    l[len(l):] = "ab"
    return l[1:-1], l[::2], l[k:]


print([slices(list(range(6)), k) for k in range(5)], [seen(slices, x, 1) for x in ("abc", (1, 2), 5) for _ in range(3)])


def unpacks(x):
    a, b, c = x
    return c, b, a


def unpacks_more(x):
    first, *middle, last = x
    *start, end = x
    one, *rest = x
    return first, middle, last, start, end, one, rest


for values in ((1, 2, 3), [4, 5, 6], "abc", range(3), {1: 2, 3: 4, 5: 6}, (k for k in "xyz"), (1, 2), (1, 2, 3, 4), [1], "", 5, None, iter([7, 8, 9])):
    print([seen(unpacks, values) for _ in range(3)])
for values in ((1, 2, 3), [4, 5, 6, 7], "ab", range(5), {1: 2, 3: 4}, (1,), [], 5):
    print([seen(unpacks_more, values) for _ in range(3)])


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow
        self.log = []

    def __enter__(self):
        self.log.append("in")
        return self.log

    def __exit__(self, kind, value, tb):
        self.log.append(kind and kind.__name__)
        return self.swallow


def managed(m, x):
    with m as log:
        log.append(10 // x)
        with m:
            x += 1
    return x, log


for swallow in (False, True):
    m = Manager(swallow)
    print([seen(managed, m, x) for x in (5, 2, 0, 3, 0, 1, 0, 2)], m.log)
print([seen(managed, o, 1) for o in (5, None, "x") for _ in range(3)])


def returns_inside(m, items):
    for i in items:
        with m:
            if i == 3:
                return i
            if i == 1:
                continue
    return None


m = Manager(False)
print([returns_inside(m, range(k)) for k in range(6)], len(m.log))


class Point:
    __match_args__ = "x", "y"

    def __init__(self, x, y):
        self.x, self.y = x, y


def matches(v):
    match v:
        case 0 | 1:
            return "small"
        case [a, b]:
            return "two", a, b
        case [a, *rest]:
            return "more", a, rest
        case {"k": k, **others}:
            return "mapping", k, others
        case {}:
            return "some mapping"
        case Point(x=0, y=y):
            return "on the axis", y
        case Point(x, y) if x == y:
            return "diagonal", x
        case str(s):
            return "text", s
        case None:
            return "none"
    return "nothing"


values = [0, 1, [1, 2], (3, 4), [1], [1, 2, 3], {"k": 1, "m": 2}, {"m": 1}, {}, Point(0, 5), Point(2, 2), Point(1, 2), "s", None, 2.5, range(2), b"ab", {1}]
for _ in range(3):
    print([matches(v) for v in values])


def imports(k):
    import math
    from os import path
    import os.path as p
    from collections import OrderedDict, deque as d
    return math.floor(k + 0.5), path is p, len(d([k])), len(OrderedDict())


print([imports(k) for k in range(5)])


def fails_to_import(k):
    from math import nothing_there
    return nothing_there


print({seen(fails_to_import, k)[0] for k in range(4)})


def globals_come_and_go(k):
    global there
    there = k
    r = there
    del there
    try:
        return r, there
    except NameError as e:
        return r, str(e)


print([globals_come_and_go(k) for k in range(5)], [seen(lambda: not_there) for _ in range(4)])


def cells(k):
    held = k

    def inner():
        return held
    before = inner()
    del held
    try:
        return before, inner()
    except NameError as e:
        return before, str(e)


print([cells(k) for k in range(5)])
for k in range(6):
    temporary = k
    made = [temporary]
    del temporary
print("temporary" in globals(), seen(lambda: temporary))


def attributes_go(k):
    p = Point(k, 2)
    del p.x
    return vars(p), seen(lambda: p.x)


print([attributes_go(k) for k in range(4)])


def length_of(v):
    match v:
        case {"a": x}:
            return x
        case (a, b, *_) if a:
            return a
    return {(1, v is None): 2, len(str(v)): 3, (2, k): v}


print([length_of(v) for v in ({"a": 1}, (1, 2, 3), {"b": 1}, (0, 1), {"a": 5}, None) for _ in range(2)])


def shadows(k):
    x = k * 2
    l = [x for x in range(k)]
    y = [k for k in l if k]
    del l
    return x, y, {x: k for x in y}


print([shadows(k) for k in range(6)])


def consumes(n):
    total = 0
    for x in (i * i for i in range(n)):
        total += x
    for a, b in gen(n):
        total += a * b
    return total, sum(x for x in range(n)), list(gen(2))


def gen(n):
    for i in range(n):
        k = yield i, i + 1
        if k:
            return


print([consumes(k) for k in range(8)])


def asserts(x):
    assert x < 3, f"{x} is too large"
    return x


print([seen(asserts, k % 5) for k in range(12)])


def formats(x, w):
    return f"{x!r:>{w}} {x!s} {x!a} {x:{w}}", "%s-%d" % (x, w), "{:>{}}".format(x, w)


print([formats(k, 5) for k in range(4)], [formats("é", 4) for _ in range(3)], [seen(formats, [], 3) for _ in range(3)])


def positive(x):
    return +x, -x, ~x if isinstance(x, int) else None, not x


print([positive(x) for x in (1, True, 2.5, 10**20, 0)] * 2)


class Meta(type):
    def __call__(cls, *args, **kwargs):
        o = super().__call__(*args, **kwargs)
        o.made = True
        return o


class Made(metaclass=Meta):
    def __init__(self, a, b=1):
        self.a = a + b


print([Made(k, b=k).a for k in range(4)], [Made(k).made for k in range(4)])


def classes(k):
    class C(Base):
        n = k

        def get(self):
            return super().get() + self.n
    return C(1).get()


print([classes(k) for k in range(4)])
print(sys.getrefcount(Base) > 1)
