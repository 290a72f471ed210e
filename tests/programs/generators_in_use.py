"""Generators and coroutines as they are used: context managers, methods, unpacking, comprehensions, groups of exceptions, asyncio."""
import sys, types, asyncio, contextlib, contextvars, weakref, gc, copy, operator
# 1: contextmanager in hot loops
@contextlib.contextmanager
def cm(i):
    log.append(i % 3)
    try:
        yield i
    except ValueError:
        log.append("v")
    finally:
        log.append("f")
log = []
def cms(n):
    s = 0
    for i in range(n):
        with cm(i) as x:
            s += x
            if i % 7 == 3: raise ValueError
    return s
print(cms(100), len(log), log[-5:])
# 2: ExitStack & async contextmanager
@contextlib.asynccontextmanager
async def acm(i):
    yield i
async def acms(n):
    s = 0
    for i in range(n):
        async with acm(i) as x:
            s += x
            if i % 5 == 4: await asyncio.sleep(0)
    return s
print(asyncio.run(acms(60)))
# 3: context variables over tasks
v = contextvars.ContextVar("v", default=0)
async def setting(i):
    v.set(i)
    for _ in range(5):
        await asyncio.sleep(0)
        assert v.get() == i
    return v.get()
async def cvs(n): return sum(await asyncio.gather(*[setting(i) for i in range(n)]))
print(asyncio.run(cvs(50)))
# 4: generator methods via class, property, staticmethod, subclass super()
class A:
    def __init__(self): self.n = 5
    def items(self):
        for i in range(self.n): yield i
    @property
    def prop(self):
        yield from self.items()
class B(A):
    def items(self):
        for x in super().items():
            yield x * 2
        yield __class__.__name__
def methods(n):
    s, t = 0, ""
    for i in range(n):
        for x in (A, B)[i & 1]().prop:
            if x == "B": t += x
            else: s += x
    return s, t[-3:]
print(methods(80))
# 5: yields of sunk things: ranges, slices, bools, bound methods, types
def things(n):
    for i in range(n):
        yield range(i)
        yield slice(i, None)
        yield i > 5
        yield [].append
        yield type(i)
        yield (i, (i, i * 0.5))
        yield -i
        yield not i
        yield {i}
        yield lambda: i
def use(n):
    c = {}
    for x in things(n):
        k = type(x).__name__
        c[k] = c.get(k, 0) + 1
        if k == "function": c["f"] = c.get("f", 0) + x()
        if k == "range": c["r"] = c.get("r", 0) + len(x)
    return c
print(use(60))
# 6: locals() and vars in generators, del of locals, unbound
def loc(n):
    for i in range(n):
        a = i
        yield sorted(locals())
        if i % 9 == 4:
            del a
            try: yield a
            except UnboundLocalError as e: yield str(e)
print(len([x for x in loc(50)]), [x for x in loc(50)][5:8])
# 7: star unpack, in operator, comparisons
def g(n):
    for i in range(n): yield i
def ops(n):
    s = 0
    for i in range(n):
        a, *b = g(5); s += len(b)
        s += 3 in g(5)
        s += [*g(i % 4)] == list(range(i % 4))
        a, b = g(2)
        try: a, b = g(3)
        except ValueError as e: s += len(str(e))
        try: a, b = g(1)
        except ValueError as e: s += len(str(e))
        s += len(dict.fromkeys(g(3)))
        l = []; l += g(3); l.extend(g(2)); l[1:1] = g(2); s += len(l)
        s += max(g(4)) + min(g(3), default=1) + sum(x for x in g(3) if x) + len({x: y for x, y in zip(g(3), g(2))})
    return s
print(ops(60))
# 8: generator's return in try/finally overriding, break in finally, return in loops of loops
def fin(n):
    for i in range(n):
        try:
            for j in g(3):
                if j == 2: return (yield "r")
                yield j
        finally:
            if i < n - 1: continue
print(sum(x != "r" for x in fin(60)))
# 9: swap consumer's iterator var, generator replaced within loops
def swap(n):
    it = g(n); s = 0
    for x in it:
        it = None
        s += x
        if x % 10 == 5:
            for y in (it := g(3)): s += y; it = g(1)
    return s
print(swap(100))
# 10: weakref of generator, finalizer, resurrect
def wr(n):
    s = 0; dead = []
    for i in range(n):
        a = g(3); r = weakref.ref(a, lambda r: dead.append(1))
        for x in a: s += x
        del a
        s += r() is None
    return s, len(dead)
print(wr(60))
saved = []
def res(i):
    try:
        yield i; yield i
    finally:
        saved.append(i)
        yield "x" if i < 0 else None
def resur(n):
    hook, sys.unraisablehook = sys.unraisablehook, lambda u: saved.append("u")
    s = 0
    for i in range(n):
        for x in res(i): s += x; break
    sys.unraisablehook = hook
    return s, len(saved), saved[:4]
print(resur(50))
# 11: int overflow edge yields to consumers doing arithmetic; bool & int mix
def edge():
    for e in (2**62 - 1, 2**62, 2**63 - 1, 2**63, -2**63, -2**63 - 1, True, 0, -0.0, 1e308, float("inf")):
        for _ in range(40): yield e
def useedge():
    c = []
    p = None
    for x in edge():
        y = x + x
        if y != p: c.append((x, y, x * 2 - x)); p = y
    return c
print(useedge())
# 12: exceptions groups and from
def eg(n):
    for i in range(n):
        try:
            yield i
            if i % 4 == 3: raise ExceptionGroup("g", [ValueError(i), KeyError(i)])
        except* ValueError as e:
            got.append(len(e.exceptions))
        except* KeyError: pass
got = []
print(sum(eg(60)), len(got))
# 13: throw types, close return value
def th(n):
    while True:
        try: yield 1
        except KeyError as e: yield repr(e.__traceback__ is not None), repr(e.__cause__), repr(e.__context__)
def ths(n):
    a = th(n); s = set()
    for x in a:
        if x != 1: s.add(x)
        else:
            s.add(a.throw(KeyError))
            e = KeyError(1); e.__cause__ = ValueError(2)
            next(a); s.add(a.throw(e))
            n -= 1
            if not n: break
    return sorted(map(str, s)), str(type(a.close()))
print(ths(40))
# 14: operators on coroutine's results of awaits in comprehension and conditional
async def cc(i): return i
async def comp(n):
    return [await cc(i) for i in range(n) if await cc(i) % 2], {await cc(i % 3) for i in range(n)}, [x async for x in ag(n) if await cc(x) % 3], (await cc(1)) < (await cc(2)) < (await cc(n))
async def ag(n):
    for i in range(n):
        yield await cc(i)
def drv(c):
    try:
        while True: c.send(None)
    except StopIteration as e: return e.value
r = drv(comp(60)); print(len(r[0]), r[1], len(r[2]), r[3])
