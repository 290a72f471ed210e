"""Reference counts after a loop are what they were before."""
import sys


class Obj:
    def __init__(self):
        self.v = 1

    def m(self):
        return self


def work(o, l, n):
    s = 0
    t = None
    for i in range(n):
        x = o
        y = x
        l.append(y)
        l[-1] = o
        t = (o, x, y)
        a, b, c = t
        d = {"o": o}
        s += a.m().v + d["o"].v
        if l[-1] is o:
            l.pop()
        f = lambda: o
        s += f().v
    return s


def passing(o, n):
    def ident(v, w=None):
        return v
    for i in range(n):
        p = ident(ident(o, o))
        q = [ident(o) for _ in range(3)]
        r = (i, p)
    return p


def raising(o, n):
    for i in range(n):
        try:
            z = [o, o, 1 // (i % 2)]
        except ZeroDivisionError:
            z = o
    return 0


def breaking(o, n):
    for k in range(n):
        for x in [o] * 10:
            if k % 3:
                break
        else:
            y = o
    return 0


o, l = Obj(), []
for f, args in ((work, (o, l, 100)), (passing, (o, 100)), (raising, (o, 100)), (breaking, (o, 100))):
    before = sys.getrefcount(o)
    for i in range(6):
        f(*args)
        print(f.__name__, sys.getrefcount(o) - before, len(l))
k = 123456789
f = 1.5e10
b = sys.getrefcount(k), sys.getrefcount(f)
for i in range(200):
    u = k + i
    v = f * i
    w = [k, f]
    del w
print([x - y for x, y in zip((sys.getrefcount(k), sys.getrefcount(f)), b)])
