"""Generators with hot loops: send, throw, close, yield from, return values, in for loops of hot loops."""


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def squares(n):
    for x in count(n):
        yield x * x


def average():
    total = 0.0
    n = 0
    avg = None
    while True:
        v = yield avg
        total += v
        n += 1
        avg = total / n


def delegating(n):
    r = yield from inner(n)
    yield r


def inner(n):
    s = 0
    for i in range(n):
        s += yield i
    return s


def catching():
    hits = 0
    while True:
        try:
            x = yield hits
        except ValueError:
            hits += 100
        except GeneratorExit:
            log.append(hits)
            raise
        else:
            hits += x


def primes(n):
    def sieve(it, p):
        for x in it:
            if x % p:
                yield x
    it = iter(range(2, n))
    while True:
        try:
            p = next(it)
        except StopIteration:
            return
        yield p
        it = sieve(it, p)


log = []


def run(n):
    s = 0
    for x in count(n):
        s += x
    for x in squares(n):
        s += x
    return s


def abandoned(n):
    s = 0
    for k in range(n):
        for x in count(100):
            if x == k % 7:
                break
            s += x
    return s


def with_finally(n):
    def g():
        try:
            for i in range(10):
                yield i
        finally:
            log.append("closed")
    for k in range(n):
        for x in g():
            if x == 2:
                break
    return len(log), log[-1]


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def lockstep(n):
    f, g = fib(), squares(n)
    return sum(a * b for a, b in zip(f, g)) % 1000003


print(run(200), list(primes(120)), abandoned(80), with_finally(60), lockstep(100))
a = average()
next(a)
for i in range(100):
    r = a.send(i * 0.5)
print(r)
d = delegating(60)
next(d)
for i in range(59):
    d.send(i)
print(d.send(5))
c = catching()
next(c)
for i in range(100):
    h = c.throw(ValueError) if i % 10 == 0 else c.send(1)
c.close()
print(h, log[-1])
g = (x * y for x in range(20) for y in range(x) if x + y & 1)
print(sum(g), next(g, "done"))
