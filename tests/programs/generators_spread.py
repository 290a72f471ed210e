"""Generators and coroutines that are made by calls with keyword-only parameters, with a tuple and a dict."""
import sys
from functools import wraps

log = []


class Loud:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)


def through(f):
    @wraps(f)
    def inner(*args, **names):
        return f(*args, **names)
    return inner


def numbers(n, *, step=1, start=0):
    while start < n:
        yield start
        start += step


async def adds(a, b=1, *, c=2): return a + b + c


def through_async(f):
    async def inner(*args, **names):
        return await f(*args, **names)
    return inner


def sums(n):
    t = 0
    for i in range(n):
        for x in through(numbers)(i % 5): t += x
        for x in numbers(*(7,), **{"step": 2}): t += x
        for x in through(numbers)(start=i, n=i + 3): t += x
        t += sum(through(through(numbers))(4, step=3, start=1))
    return t


async def awaits(n):
    t = 0
    for i in range(n):
        t += await through_async(adds)(i) + await through_async(adds)(i, c=1) + await through_async(through_async(adds))(a=i, b=2, c=i)
    return t


def run(c):
    try:
        c.send(None)
    except StopIteration as e:
        return e.value


def holds(a, *, k):
    log.append("begun")
    a = yield sys.getrefcount(k)
    k = None
    yield 2


def deaths(n):
    for i in range(n):
        g = through(holds)(Loud("A"), k=Loud("K"))
        log.append(next(g))
        log.append(g.send(None))
        g = None
        h = holds(*(Loud("B"),), **{"k": Loud("L")})
        h = None
        log.append(".")
    return log[-13:], len(log)


def wrong(n):
    r = {}
    for i in range(n):
        for t, d in (((), {}), ((1,), {"x": 1}), ((1, 2), {}), ((1,), {"n": 1}), ((1,), {"step": 0.5})):
            try:
                r[str(list(numbers(*t, **d)))] = i
            except TypeError as e:
                r[str(e)] = i
    return r


for n in 3, 150: print(sums(n), run(awaits(n)), deaths(n), wrong(n))
