"""Descriptors, __getattribute__, metaclasses, __slots__ descriptors, partial, wraps, callable instances, __set_name__."""
import functools
import operator


class Typed:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, o, t=None):
        return self if o is None else o.__dict__.get(self.name, 0)

    def __set__(self, o, v):
        if not isinstance(v, int):
            raise TypeError(f"{self.name} wants int")
        o.__dict__[self.name] = v

    def __delete__(self, o):
        o.__dict__.pop(self.name)


class Meta(type):
    def __call__(cls, *a):
        Meta.made += 1
        return super().__call__(*a)

    def __len__(cls):
        return 42

    def __getattr__(cls, name):
        return "meta " + name
    made = 0


class T(metaclass=Meta):
    a = Typed()

    def __init__(self, v):
        self.a = v


class Proxy:
    def __init__(self, o):
        object.__setattr__(self, "o", o)

    def __getattribute__(self, n):
        return getattr(object.__getattribute__(self, "o"), n)


def logged(f):
    @functools.wraps(f)
    def w(*a, **k):
        w.calls += 1
        return f(*a, **k)
    w.calls = 0
    return w


@logged
def plus(a, b=1):
    return a + b


class Adder:
    def __init__(self, k):
        self.k = k

    def __call__(self, x):
        return x + self.k


def run(n):
    s = 0
    t = T(5)
    p = Proxy(t)
    e = 0
    for i in range(n):
        t.a = t.a + i
        s += p.a + len(T) + len(T.missing)
        try:
            t.a = 1.5
        except TypeError as x:
            e += 1
        if i % 10 == 9:
            del t.a
        s += T(i).a
    return s, e, Meta.made


def callables(n):
    s = 0
    two = functools.partial(plus, 2)
    getter = operator.itemgetter(1)
    attr = operator.attrgetter("k")
    a = Adder(3)
    for i in range(n):
        s += two() + two(b=i) + getter((i, i + 1)) + a(i) + attr(a) + plus(i)
    return s, plus.calls, plus.__name__


def types_made(n):
    s = 0
    for i in range(n):
        C = type("C", (list,), {"v": i, "m": lambda self: self.v + len(self)})
        s += C([1, 2]).m()
    return s


def single(n):
    @functools.singledispatch
    def f(x):
        return 1

    @f.register
    def _(x: int):
        return x

    @f.register
    def _(x: str):
        return len(x)
    return sum(f([i, "ab", 1.5][i % 3]) for i in range(n))


print(run(80), callables(80), types_made(60), single(90))
