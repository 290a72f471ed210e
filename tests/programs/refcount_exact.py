"""sys.getrefcount inside of hot loops gives CPython's numbers."""
import sys


class O:
    pass


def inside(n):
    o = O()
    l = [o]
    out = []
    for i in range(n):
        a = sys.getrefcount(o)
        x = o
        b = sys.getrefcount(o)
        l.append(o)
        c = sys.getrefcount(o)
        l.pop()
        del x
        d = sys.getrefcount(o)
        out.append((a, b, c, d))
    return set(out)


def of_temporaries(n):
    out = set()
    for i in range(n):
        out.add((sys.getrefcount(O()), sys.getrefcount([i]), sys.getrefcount(i + 1000), sys.getrefcount(i * 0.5)))
    return out


def of_floats(n):
    out = set()
    x = 0.5
    for i in range(n):
        x = x + 1.0
        a = sys.getrefcount(x)
        y = x
        out.add((a, sys.getrefcount(x)))
        del y
    return out


def in_callee(n):
    def f(v):
        return sys.getrefcount(v)
    o = O()
    out = set()
    for i in range(n):
        out.add((f(o), f(O())))
    return out


print(inside(60), of_temporaries(60), of_floats(60), in_callee(60))
