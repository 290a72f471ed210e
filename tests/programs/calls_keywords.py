# Calls by keyword: functions, methods, classes, builtins, any callable; what is wrong raises as it does; arguments die when they do.
import functools, sys

def f(a, b=2, *, c=3): return a * 100 + b * 10 + c
def g(*args, **kw): return args, sorted(kw.items())
def pos(a, /, b): return a - b
class C:
    def __init__(self, x=1, y=2): self.x = x; self.y = y
    def m(self, x, *, k): return self.x + x * k
    @classmethod
    def make(cls, **kw): return cls(**kw)
    @staticmethod
    def s(a, b): return a / b
    def __call__(self, v, w): return self.x, v, w
class D(C):
    def __init__(self, z, **kw): super().__init__(**kw); self.z = z
partial = functools.partial(f, 1, b=5)
def run(n):
    t = 0; o = C(3); m = o.m; seen = []
    for i in range(n):
        t += f(i, c=1) + f(a=i, b=2, c=3) + f(b=i, a=1)
        t += o.m(2, k=i) + m(x=i, k=2) + C.m(o, i, k=1)
        t += C(x=i, y=2).x + C.make(x=3).y + D(i, x=2).z
        t += partial(c=i) + pos(i, b=1)
        t += int("12", base=3 + i % 5) + max(i, 3, key=abs) + len(sorted([3, 1, i], reverse=True))
        t += round(C.s(b=3, a=i))
        x = o(i, w=2); y = g(i, k=i, j=2)
        "{a}{b}".format(a=1, b=i); dict(a=i, b=2); "a b".split(sep=" ", maxsplit=1)
        if i % 40 == 3: seen.append((x, y))
    return t, seen
def wrong(n):
    r = []
    for i in range(n):
        for k in range(5):
            try:
                if k == 0: f(i, d=1)
                elif k == 1: f(i, a=1)
                elif k == 2: pos(a=1, b=2)
                elif k == 3: o = C(z=i)
                else: int(i, bass=3)
            except TypeError as e: r.append(str(e))
    return r[:5], len(r)
log = []
class Loud:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)
def takes(a, b, c=None):
    log.append("in"); del a
    log.append("gone")
    return 1
def deaths(n):
    for i in range(n):
        takes(Loud("a"), c=Loud("c"), b=Loud("b"))
        g(Loud("x"), k=Loud("k"))
        C(x=Loud("X"))
    return log[:24], len(log)
def recursive(n, d):
    t = 1
    for i in range(2):
        if d: t += recursive(n, d=d - 1)
    return t
def changed(n):
    global f
    old = f; t = 0
    for i in range(n):
        t += f(1, c=i)
        if i == n // 2: f = lambda a, c: a - c
        if i == n // 2 + 5: old.__kwdefaults__ = {"c": 7}
        t += old(a=1)
    f = old; f.__kwdefaults__ = {"c": 3}
    return t
for n in 60, 400: print(run(n), wrong(n), changed(n), recursive(n, 8))
print(deaths(100))


# functions that are called natively, and followed into, by keyword: arguments in any order, defaults between them, and what is refused
def ack(m, n=1, *, k=0):
    return n + 1 + k if m == 0 else ack(m - 1, k=k) if n == 0 else ack(m - 1, n=ack(m, n=n - 1, k=k), k=k)


def power(base, exponent, one=1):
    return one if exponent == 0 else base * power(exponent=exponent - 1, one=one, base=base)


def picked(a, b=20, c=30, /, d=40, e=50):
    return a, b, c, d, e


def loop(n):
    t = []
    for i in range(n):
        t.append(picked(i, e=1, d=2)[3] + picked(i, i + 1, e=i)[4] + power(3, exponent=i % 9) + power(exponent=4, base=i))
        if i % 11 == 10:
            for bad in (lambda: picked(i, b=1), lambda: picked(), lambda: picked(1, 2, 3, 4, d=5), lambda: power(2, exponent=1, two=2), lambda: power(base=1)):
                try:
                    bad()
                except TypeError as e:
                    t.append(len(str(e)))
    return t


print(ack(2, 3), ack(2, 2, k=1), loop(60))
loop.__code__, picked.__defaults__ = loop.__code__, (2, 3, 4, 5)
print(loop(12), picked(1, e=7))
