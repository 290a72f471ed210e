# Greenlets that switch at every place where compiled code may run other code: in calls, inlined calls, operators, iterators, releases, exits.
import sys
from greenlet import getcurrent, greenlet

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
TURNS = 120
switch = getcurrent().switch        # to the hub
count = 0


def give(x=None):
    global count
    count += 1
    switch()
    return x


def through(x):             # followed into
    y = x + 1
    give()
    return y * 2


class Num:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        give()
        return Num(self.v + other)


class Items:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        give()
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.n


def alive():                # a generator dies by running its finally
    try:
        yield
    finally:
        give()


pool = []


def fill(n):
    for _ in range(n):
        g = alive()
        next(g)
        pool.append(g)


def refill():
    for _ in (): pass
    for _ in (): pass       # two loops: called, not followed into
    fill(50)
    return pool.pop()


def die(i):
    return pool.pop() if pool else refill()


def calls(k):
    s, x = k, 0.5
    for i in range(TURNS):
        s = (s * 31 + i) & 0xFFFFFF
        give()
        x = x * 1.25 - k
        if i & 1:
            x = x / 3.0
    return s, x


def direct(k):              # the builtin method itself is what the loop calls
    here = switch
    s = k
    for i in range(TURNS):
        s = s * 5 + i & 0xFFFF
        here()
        s += 1
    return s


def inlined(k):
    s = 0
    for i in range(TURNS):
        s += through(i + k)
    return s


def operators(k):
    n, f = Num(k), 1.0
    for i in range(TURNS):
        n = n + i
        f = f + 0.5
    return n.v, f


def iterates(k):
    s, f = 0, 0.25
    for v in Items(TURNS + k):
        s += v
        f = f * 1.0009 + s
    return s, f


def releases(k):
    s, p = k, None
    for i in range(TURNS):
        p = die(i)
        s = s ^ i
        if i % 3 == 0:
            p = None        # its release leaves the trace, or happens in it
    return s


def stores(k):
    l = [None, k, 0]
    for i in range(TURNS):
        l[0] = die(i)
        l[2] = l[2] + i
    return l[2]


def nested(k):
    s = 0.0
    for i in range(TURNS // 12):
        for j in range(12):
            s += i * j + k
            give()
        s -= k
    return s


def catches(k):
    s = 0
    for i in range(TURNS):
        try:
            give()
            s += 1000 // (i % 17)
        except ZeroDivisionError:
            s += give(i) * 1000
    return s


def sorts(k):
    l = [3, 1, k, 2]
    for i in range(TURNS // 8):
        l = sorted(map(give, l))
        l.append(i)
    return l


WORK = [calls, direct, inlined, operators, iterates, releases, stores, nested, catches, sorts]


def run(copies):
    results = {}

    def body(f, k):
        results[f.__name__, k] = f(k)
    group = []
    for k in range(copies):
        for f in WORK:
            g = greenlet(body)
            g.switch(f, k)
            group.append(g)
    step = 0
    while group:
        group = [g for g in group if not g.dead]
        for g in group[step % 3:] + group[:step % 3]:
            if not g.dead:
                g.switch()
        step += 1
    return results


first = None
for _ in range(ROUNDS):
    results = run(4)
    assert first is None or first == results
    first = results
for key in sorted(first):
    print(*key, first[key])
print(count)
