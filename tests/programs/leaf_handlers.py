"""What runs within an operation that polls (str, repr, arithmetic on large ints, ...): a collector's callback sees the line, the frames and the
variables of that moment, in every turn; what it changes is seen; what it raises is raised there.

With a threshold of 1 each turn's new lists, which stay, have the collector run at the next poll: within the operation.
"""

import gc
import math
import sys

X = 5 ** 300
Y = 7 ** 90
BIG = 10 ** 40
seen = []


def on_collect(phase, info):
    if phase == "start" and len(seen) < 3000:
        f = sys._getframe(1)
        seen.append((f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, f.f_locals.get("i"), f.f_back.f_code.co_name, f.f_back.f_locals.get("i")))


def watched(f, n=60):
    """Where the collections within f happened: all alike, whatever executes f."""
    f(n)
    seen.clear()
    gc.collect()
    gc.callbacks.append(on_collect)
    gc.set_threshold(1)
    try:
        r = f(n)
    finally:
        gc.set_threshold(0)
        gc.callbacks.remove(on_collect)
    where = {}
    for name, line, i, back, back_i in seen:
        where.setdefault((name, line, back), []).append(i if i is not None else back_i)
    wrong = sum(later < earlier for turns in where.values() for earlier, later in zip(turns, turns[1:]) if None not in (earlier, later))
    print(f.__name__, r, "turns backwards:", wrong, "seen:", len(seen), sorted(where))


def multiply(n):
    s = 0
    keep = None
    for i in range(n):
        keep = [[i], [], keep]
        s += (X * X) % 1000
        s += len(keep)
    return s


def inlined(n):
    def square(x):
        nonlocal keep
        keep = [[x], [], keep]
        q = x * x
        return q & 7
    s = 0
    keep = None
    for i in range(n):
        s += square(X + i)
    return s


def text(n):
    s = 0
    keep = None
    for i in range(n):
        keep = [[i], [], keep]
        s += len(str(X)) + len(repr(X)) + len(f"{X}") + len("%d" % X) + len(str(keep[0]))
    return s


def arithmetic(n):
    s = 0
    keep = None
    for i in range(n):
        keep = [[i], [], keep]
        s += X // Y % 1000 + X % Y % 1000 + divmod(X, Y)[1] % 1000
        s += (Y ** 3) % 1000 + pow(Y, 5, X) % 1000
        s += int("9" * 50) % 1000
        s += i
    return s


def functions(n):
    s = 0
    keep = None
    for i in range(n):
        keep = [[i], [], keep]
        s += math.factorial(30 + i % 3) % 1009 + math.comb(60, 30) % 1009 + math.perm(40, 20) % 1009 + math.isqrt(X) % 1009 + math.gcd(X, Y)
        s += math.lcm(X, Y) % 1009 + math.prod([X, Y, i]) % 1009 + round(BIG, -3) % 1009
        s += len(hex(X)) + len("%s" % BIG) + len("{}".format(BIG)) + int.from_bytes(X.to_bytes(100)) % 1009
    return s


for f in (multiply, inlined, text, arithmetic, functions):
    watched(f)


# ---- what is changed is seen ----

def defaults(n, g=None):
    def g(i, l=[1, 2, 3]):
        q = X * X
        return l[0] + l[1] + l[2] + len(str(q))

    def change(phase, info):
        g.__defaults__ = ([7, 8, 9],)
        junk[:] = [[[5.5] * 3 for _ in range(20)]]
    junk = []
    s = 0
    keep = None
    for turn in range(2):
        for i in range(n):
            keep = [[i], [], keep]
            s += g(i) > 0
        gc.callbacks.append(change)
        gc.set_threshold(1)
    gc.callbacks.remove(change)
    gc.set_threshold(0)
    return s, g.__defaults__


print(defaults(80))

total = 0


def change_global(phase, info):
    global total
    total = 1000


def reads_global(n):
    global total
    s = 0
    keep = None
    for i in range(n):
        total = 1
        keep = [[i], [], keep]
        q = X * Y
        s += total
    return s


print(reads_global(60))
gc.callbacks.append(change_global)
gc.set_threshold(1)
print(reads_global(60))
gc.set_threshold(0)
gc.callbacks.remove(change_global)
