# Functions that C calls: keys, callbacks, operators, hashes, properties, descriptors; and calls by the interpreter that come the same way because they are not
# specialized. Results, what dies when, reference counts, tracebacks, depth, what changes meanwhile.
import functools
import operator
import sys
import weakref

log = []


class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append((self.name, "dies"))


# ---- every sort of caller ----
def key(t):
    return t[0] * 3 % 7


def second(t, at=1):
    return t[at]


def rest(a, *more):
    return a, more


def named(a, b=5, /, c=6, **names):
    return a, b, c, names


class V:
    def __init__(self, x):
        self.x = x

    def __eq__(self, o):
        return self.x % 5 == o.x % 5

    def __hash__(self):
        return self.x % 5

    def __lt__(self, o):
        return self.x < o.x

    def __add__(self, o):
        return V(self.x + o.x)

    def __radd__(self, o):
        return V(self.x + o)

    def __len__(self):
        return self.x

    def __contains__(self, o):
        return o == self.x

    def __getitem__(self, i):
        if i >= self.x:
            raise IndexError(i)
        return i * 2

    def __repr__(self):
        return f"V({self.x})"

    def __bool__(self):
        return self.x > 3

    def __index__(self):
        return self.x

    @property
    def half(self):
        return self.x / 2

    def __getattr__(self, name):
        return name + str(self.x)


pairs = [(i * 13 % 41, float(i)) for i in range(120)]
vs = [V(i) for i in range(60)]
for turn in range(3):
    print(sorted(pairs, key=key)[:4], max(pairs, key=second), [*map(second, pairs)][:3], list(map(rest, range(99), range(99)))[-1])
    print([*map(named, range(60))][-1], [*map(functools.partial(named, 1, c=3, d=4), range(50))][-1])
    print(len(set(vs)), sorted(vs)[-1].x, sum(vs).x, [len(v) for v in vs][-1], 3 in vs[3], [list(v) for v in vs[:6]], repr(vs[:50])[-8:])
    print(len([*filter(None, vs)]), sum(map(operator.attrgetter("half"), vs)), [*map(operator.attrgetter("other"), vs)][-1], [*range(10)][vs[2]:vs[5]])
    print(functools.reduce(lambda a, b: a * 3 % 1001 + b, range(300)), vs == [V(i) for i in range(60)], vs.index(V(4)), vs.count(V(1)))


# ---- closures made anew, other functions of the code ----
def adder(k):
    def add(x, y=2):
        return x + y + k
    return add


print([sum(map(adder(k), range(30))) for k in range(60)][::13])
f = adder(1)
g = adder(2)
for k in range(60):
    list(map(f, range(5)))
    if k == 30:
        f.__defaults__ = (100,)
    if k == 40:
        f.__defaults__ = None
        try:
            list(map(f, range(5)))
        except TypeError as e:
            print(e)
        f.__defaults__ = (3, 4)
    if k == 50:
        f.__code__ = adder(0).__code__
        f.__kwdefaults__ = {}
print(list(map(f, range(3))), list(map(g, range(3))))


def swapped(x):
    return x + 1


def other(x):
    return x - 1


for k in range(80):
    r = list(map(swapped, range(3)))
    if k == 40:
        swapped.__code__ = other.__code__
print(r)

# ---- errors ----
def wrong(*args, **names):
    try:
        return second(*args, **names)
    except TypeError as e:
        return str(e)


list(map(second, pairs))
print(wrong(), wrong(1, 2, 3), wrong((1, 2), at=0), wrong((1, 2), 1, at=0), wrong((1, 2), up=0), wrong(at=1, t=(4, 5)))
print(named(1, 2, 3, x=4), named(1, b=7), [*map(named, range(3), range(3))])


def fails(x):
    if x > 40:
        raise ValueError(x)
    return 100 // (40 - x)


for start in (0, 41):
    for k in range(5):
        try:
            list(map(fails, range(start, 60)))
        except Exception as e:
            tb = e.__traceback__
            where = []
            while tb:
                where.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
                tb = tb.tb_next
            print(type(e).__name__, e, where)


# ---- deaths, counts ----
def drops(x):
    n = sys.getrefcount(x)
    x = None
    log.append(("dropped", n))
    return n


def drops_two(x, y=None, **names):
    x = None
    log.append("one")
    y = None
    log.append("two")
    names = None


def cold(f, way, i):
    # each in code of its own, so that its calls are not specialized
    source = {"call": "f(Named(i))", "kw": "f(x=Named(i))", "spread": "f(*(Named(i),))", "spread names": "f(**{'x': Named(i)})",
              "two": "f(Named(i), Named(-i))", "two kw": "f(Named(i), y=Named(-i))", "two spread": "f(*(Named(i), Named(-i)))",
              "mixed": "f(*(Named(i),), **{'y': Named(-i)})", "more": "f(Named(i), Named(-i), z=Named(0))", "method": "o.m(Named(i))"}[way]
    class O: m = f
    space = {"f": f, "Named": Named, "i": i, "o": O()}
    exec(f"def g():\n {source}\n log.append('behind')\n", {**space, "log": log}, space)
    space["g"]()


for k in range(70):
    list(map(drops, [Named(k)] * 2))
    log.append(len([*map(drops_two, [Named(k)], [Named(k)])]))
    if k < 66:
        log.clear()
print(log)
for way in ("call", "kw", "spread", "spread names"):
    log.clear()
    for k in (1, 2, 3):
        cold(drops, way, k)
        list(map(drops, [1]))
    print(way, log)
for way in ("two", "two kw", "two spread", "mixed", "more"):
    log.clear()
    for k in (1, 2, 3):
        cold(drops_two, way, k)
        list(map(drops_two, [1], [2]))
    print(way, log)
log.clear()


def first(self, x):
    x = None
    log.append("dropped")


list(map(first, range(70), range(70)))
log.clear()
cold(first, "method", 3)
print(log)


# a function that dies in its own call, and one whose code goes
def suicide(x):
    global dying
    del dying
    return x


for k in range(60):
    exec("def dying(x):\n global dying\n r = weakref.ref(dying)\n list(map(lambda y: y, [1]))\n dying = None\n return r\n")
    r = [*map(dying, [1])][0]
print(r() is None)


def replaced(x):
    replaced.__code__ = (lambda x: x + 2).__code__ if x == 70 else replaced.__code__
    return x + 1


print([*map(replaced, range(80))][68:74])


# ---- depth ----
class Deep:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        if self.n == 0:
            return True
        return Deep(self.n - 1) == Deep(o.n - 1)


def depth(n):
    try:
        return Deep(n) == Deep(n)
    except RecursionError:
        return "too deep"


for n in (5, 50, 5, 300, 300, 5):
    print(n, depth(n))


def recurse(n, visit):
    return 0 if n == 0 else 1 + visit(n=n - 1, visit=visit)


list(map(recurse, [0] * 80, [recurse] * 80))
print(recurse(400, recurse), [*map(recurse, [300] * 3, [recurse] * 3)])
limit = sys.getrecursionlimit()
sys.setrecursionlimit(30000)
print(recurse(20000, recurse), recurse(n=20000, visit=recurse))
sys.setrecursionlimit(limit)


def spreads(n, *visit):
    return 0 if n == 0 else 1 + visit[0](*(n - 1, *visit))


list(map(spreads, [0] * 80, [spreads] * 80))
sys.setrecursionlimit(30000)
print(spreads(20000, spreads))
sys.setrecursionlimit(limit)


def overflow(n):
    for v in map(overflow, [n + 1]):
        return v


deepest = 0


def count_up(n):
    global deepest
    deepest = n
    return [*map(count_up, [n + 1])]


list(map(key, pairs))
reached = set()
for k in range(40):
    try:
        count_up(0)
    except RecursionError as e:
        reached.add((deepest, str(e)))
print(reached)


# ---- who looks ----
def names_of_frames(x):
    f, names = sys._getframe(), []
    while f:
        names.append((f.f_code.co_name, f.f_lineno))
        f = f.f_back
    return names


def caller(k):
    return [*map(names_of_frames, [k])]


for k in range(60):
    r = caller(k)
print(r)
events = []


def watched(x):
    return x * 2


list(map(watched, range(100)))
sys.setprofile(lambda f, e, a: events.append((e, f.f_code.co_name)) if f.f_code is watched.__code__ else None)
list(map(watched, range(3)))
sys.setprofile(None)
list(map(watched, range(3)))
print(events)
events.clear()
sys.settrace(lambda f, e, a: events.append((e, f.f_code.co_name)) if f.f_code is watched.__code__ else None)
list(map(watched, range(3)))
sys.settrace(None)
print(events)
list(map(watched, range(100)))


# ---- while a signal is handled the interpreter stands at a CALL that is over ----
import ctypes
import os
import signal
import threading

kill = ctypes.CDLL(None).kill       # os.kill() handles the signal itself, while its own call is on
handled = []


def handler(a, b):
    handled.append((a if isinstance(a, int) else "other", type(b).__name__))
    return len(handled)


list(map(handler, range(80), range(80)))
handled.clear()
signal.signal(signal.SIGUSR1, handler)
for k in range(40):
    source = f"def g():\n return handler({k}, kill(os.getpid(), signal.SIGUSR1)), handler(handler, kill(os.getpid(), signal.SIGUSR1))\n"
    space = {"handler": handler, "kill": kill, "os": os, "signal": signal}
    exec(source, space)
    space["g"]()
    handler(*(k, kill(os.getpid(), signal.SIGUSR1)))
    handler(**{"a": k, "b": kill(os.getpid(), signal.SIGUSR1)})
print(len(handled), sorted(set((a == signal.SIGUSR1, b) for a, b in handled)), handled[:8])


class Last:
    def __init__(self, f):
        self.f = f

    def __del__(self):
        self.f(a=self.f, b=2)


for k in range(20):
    handled.clear()
    handler(**{"a": 1, "b": Last(handler)})
    handler(*[Last(handler), 3])
    handler(Last(handler), b=functools.partial(handler, b=1))
print(handled)


# ---- threads, small stacks ----
def work(t):
    return sorted([(i * t) % 31 for i in range(50)], key=lambda x: -x)[:3]


def nested(n):
    return 0 if n == 0 else 1 + max(map(nested, [n - 1]))


results = {}


def in_thread(t):
    for k in range(60):
        results[t] = work(t), nested(40), handler(t, k) > 0


threading.stack_size(256 * 1024)
threads = [threading.Thread(target=in_thread, args=(t,)) for t in range(1, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(results.items()))

# ---- generators, numbers, variables of closures ----
def of_ints(a, b):
    return a * b + 1


def of_floats(a, b):
    return a * b + 0.5


def outer(k):
    seen = []
    def inner(x):
        seen.append(x)
        return x + k
    return [*map(inner, range(40))], len(seen)


for k in range(3):
    print(functools.reduce(of_ints, range(25)), functools.reduce(of_floats, map(float, range(200))), sum(outer(k)[0]))
print(sum(x for x in map(of_ints, range(100), range(100)) if x % 2), all(map(of_ints, range(100), range(100))))
print([*map(lambda x: (yield x), range(3))][0].__class__.__name__)
