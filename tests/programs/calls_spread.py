"""Calls with a tuple of arguments, functions with *args, bound methods that somebody keeps: followed into or called natively. Values, errors, frames, who
holds what when, and what dies where, as the interpreter has it."""
import sys
import weakref

log = []


class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append((self.name, sys._getframe(1).f_code.co_name, sys._getframe(1).f_lineno))


def plain(x, y=10):
    return x + y


def looks(x, y):
    return sys.getrefcount(x) - sys.getrefcount(y), sys._getframe().f_back.f_code.co_name


def rest(x, *more):
    return x, more


def only(*more):
    return len(more) and more[0]


def defaults(a, b=2, *more):
    return a, b, more


def long(a, *more):
    t = a
    for m in more:
        t += len(log) + m
    return t, str(t), more


def drops(a, *more):
    a = None
    b = more[0] if more else None
    more = None
    log.append("dropped")
    b = None
    log.append("and that")


def takes(x):
    x = None
    log.append("taken")


def spread(n, f, t):
    r = None
    for i in range(n):
        r = f(*t)
    return r


def spread_own(n, f, a, b):
    for i in range(n):
        r = f(*[a, b])
        r = f(a, *(b,))
    return r


def given(n, f, *a):
    r = []
    for i in range(n):
        r.append(f(i, *a))
        r.append(f(i, 1.5 * i))
        r.append(f(i * 2))
    return r[-3:]


def wrap(f):
    def inner(*args):
        return f(*args)
    return inner


def wrap_all(f):
    def inner(*args, **names):
        return f(*args, **names)
    return inner


N = 60
for f in (plain, rest, only, defaults, long):
    print(f.__name__, spread(N, f, (1, 2)), spread(N, f, (3,)), [spread(N, f, (1, 2) * k) for k in (1,)], spread_own(N, f, 4, 5))
print(spread(N, only, ()), spread(N, rest, tuple(range(8))), spread(N, long, tuple(range(20))), spread(N, defaults, (1, 2, 3, 4)))
for f in (rest, only, defaults, long):
    print(f.__name__, given(N, f), given(N, f, 7, 8), given(N, f, 1.5), given(N, f, *range(70)))
for w in (wrap, wrap_all):
    for f in (plain, rest, defaults, long):
        g = w(w(f))
        print(spread(N, g, (1, 2)), g(5), g(6, 7), given(N, w(f))[:2] if f is not plain else "")
print(spread(N, looks, ([], [])), spread_own(N, looks, [], []))

# errors
for f, t in ((plain, ()), (plain, (1, 2, 3)), (rest, ()), (rest, []), (defaults, ()), (wrap(plain), (1, 2, 3)), (plain, 1), (None, (1,)), (plain, ("a", 1))):
    for k in range(2):
        try:
            print(spread(N, f, t))
        except TypeError as e:
            tb, names = e.__traceback__, []
            while tb:
                names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
                tb = tb.tb_next
            print(e, names)

# shapes change
print([plain(*t) for t in [(1, 2)] * 40 + [(1,)] * 40 + [[1, 2]] * 40][38:42], [rest(*range(k % 5 + 1)) for k in range(60)][-6:])


# deaths
def makes(n, f, k):
    for i in range(n):
        f(*(Named(f"a{i}"), Named(f"b{i}"))[:k])
        log.append("behind")


def makes_direct(n, f):
    for i in range(n):
        f(Named(f"a{i}"), Named(f"b{i}"), Named(f"c{i}"))
        log.append("behind")


for f, k in ((drops, 2), (drops, 1), (takes, 1), (wrap(drops), 2), (wrap(takes), 1)):
    makes(N, f, k)
    print(log[-9:])
    log.clear()
for f in (drops, wrap(drops)):
    makes_direct(N, f)
    print(log[-9:])
    log.clear()


# bound methods
class Machine:
    def __init__(self):
        self.state = self.first
        self.n = 0

    def first(self):
        self.n += 1
        self.state = self.second
        return "first"

    def second(self, more=1):
        self.n += more
        if self.n % 5 == 0:
            self.state = self.third
        return "second"

    def third(self, *more):
        self.state = self.first
        return len(more)

    def refs(self):
        return sys.getrefcount(self)

    def raises(self, k):
        if k % 20 == 19:
            raise KeyError(k)
        return k


def run(m, n):
    r = []
    for i in range(n):
        r.append(m.state())
    return r, m.n


print(run(Machine(), 80)[0][-7:], run(Machine(), 81)[1])


def kept(f, n, *a):
    r = None
    for i in range(n):
        try:
            r = f(*a) if a else f()
        except KeyError as e:
            r = e
    return r


m = Machine()
for f in (m.refs, m.second, m.third):
    print(kept(f, N), sys.getrefcount(f) - sys.getrefcount(m.refs))


def direct(f, n):
    r = 0
    for i in range(n):
        try:
            r += f(i)
        except KeyError as e:
            r += len(e.__traceback__.tb_next.tb_frame.f_code.co_name)
    return r


print(direct(m.raises, 60), direct(m.raises, 61), direct(m.third, 50), m.n)


class Callers:
    def __init__(self):
        self.calls = [self.one, self.two, Machine().second, len, lambda x: -1]

    def one(self, x):
        return 1

    def two(self, *x):
        return x

    def all(self, n):
        return [[c(()) if c is not self.calls[2] else c(3) for c in self.calls] for i in range(n)]


print(Callers().all(40)[-1])


class Own:
    """The method goes while it runs."""
    def __init__(self):
        self.call = self.gone

    def gone(self, k):
        self.call = None
        return weakref.ref(self)() is self, k


def once(n):
    return [(lambda o: (o.call(i), o.call))(Own()) for i in range(n)][-2:]


print(once(50))
held = []


def dead(n):
    for i in range(n):
        f = Named(f"m{i}").__init__
        w = weakref.ref(f, lambda _: held.append(sys._getframe(1).f_code.co_name))
        f(f"n{i}")
        f = None
    return held[-2:], log[-2:]


print(dead(50))


def deep(n, *more):
    return n if n == 0 else deep(n - 1, *more, n) + len(more)


def deep2(*a):
    return 0 if a[0] == 0 else 1 + deep2(*(a[0] - 1,))


print(deep(40), [deep2(k) for k in (5, 50, 300)])
try:
    deep2(10 ** 6)
except RecursionError as e:
    print(e)


# functions with **names
def names_only(**names):
    return sorted(names)


def all_kinds(a, *more, **names):
    names["a"] = a
    r = len(names), more
    more = None
    return r, names


def passes(n, f, t, d):
    r = []
    for i in range(n):
        r.append(f(*t, **d))
    return r[-2:]


def keeps(n):
    kept = []
    for i in range(n):
        kept.append(all_kinds(i, i + 1)[1])
    return kept[-3:], len({id(k) for k in kept[-3:]})


for f in (names_only, all_kinds, wrap_all(names_only), wrap_all(all_kinds), wrap_all(wrap_all(all_kinds)), wrap_all(plain)):
    for t in ((), (1,), (1, 2)):
        try:
            print(passes(N, f, t, {}), passes(N, f, t, {"x": 5}), passes(3, f, t, {}))
        except TypeError as e:
            print(e)
print(keeps(N))
d = {}
r = []
for i in range(80):
    if i == 60:
        d["y"] = 3
    r.append(wrap_all(plain)(*(i,), **d))
print(r[57:63])
class OddDict(dict):
    pass
print(passes(N, wrap_all(plain), (1,), OddDict()), passes(N, wrap_all(plain), [1], {}), passes(N, plain, range(2), {}))
log.clear()
makes(N, wrap_all(drops), 2)
print(log[-9:])
makes_direct(N, wrap_all(drops))
print(log[-9:])


# many arguments
exec("def wide(" + ", ".join(f"a{k}" for k in range(40)) + ", *more):\n    return a39, len(more), more[-1:], len(log)")


def many(n, *a):
    for i in range(n):
        r = wide(*a)
        q = wide(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, i,
                 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, i)
    return r, q


print([many(N, *range(k)) for k in (40, 41, 60, 62, 63, 64, 65, 100)])


# nothing is given for *args and **names, where the caller's operand stack has no room for them
def least(*more, **names):
    return more, names


class Cleans:
    def add(self, function, /, *more, **names):
        self.last = function, more, names


def few(n, c):
    for i in range(n):
        least()
        c.add(i)
    return c.last


print(few(N, Cleans()))
