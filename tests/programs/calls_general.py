# One call site, many callables: functions, methods, builtins. Arguments are the callee's, errors look the same.
import sys
import weakref

log = []


class T:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)
    def method(self, o):
        r = weakref.ref(o)
        self = o = None
        return r() is None


def one(o):
    for _ in (): pass
    for _ in (): pass
    o = None
    log.append("one")
    return 1


def two(o, *rest, key=5, **more):
    o = rest = None
    log.append("two")
    return key


def three(a, b): return a


def generator(o):
    yield o
    for _ in (): pass
    for _ in (): pass


def made(name):
    for _ in (): pass
    for _ in (): pass
    return T(name)


def swap(o): return [o]


def site(callables, n):
    results = []
    for i in range(n):
        for f in callables:
            try:
                results.append(type(f(made("x"))).__name__)
            except Exception as e:
                results.append(f"{type(e).__name__}: {e} {e.__traceback__.tb_next is None}")
            log.append("|")
    return results


def turns(n, *callables):
    log.clear()
    results = site(callables, n)
    each = " ".join(log).split("|")
    k = len(callables)
    for i, f in enumerate(callables):
        print(getattr(f, "__name__", type(f).__name__), sorted(set(results[3 * k + i::k])), sorted({t.strip() for t in each[3 * k + i:-1:k]}))


fixed = T("fixed")
turns(30, one, two, three, generator, swap, len, id, repr, [].append, [].index, fixed.method, str.upper, type, list)
turns(30, one)
turns(30, two)
turns(30, three)
turns(30, generator)
turns(30, fixed.method)
one.__code__ = swap.__code__
turns(30, one)


def depth(n, limit):
    for _ in (): pass
    for _ in (): pass
    for i in range(1):
        if n < limit:
            return depth(n + 1, limit)
    return n


def reached(f):
    n = 0
    try:
        for i in range(60):
            n = f(0, i)
        f(0, 10 ** 9)
    except RecursionError as e:
        tb, frames = e.__traceback__, 0
        while tb:
            tb, frames = tb.tb_next, frames + 1
        return n, str(e), frames


sys.setrecursionlimit(150)
print(reached(depth))
T.__del__ = lambda self: None
