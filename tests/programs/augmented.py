"""Augmented assignment to names, items, attributes, globals; in-place methods; evaluation order."""


class Box:
    v = 10

    def __init__(self):
        self.n = 0
        self.l = []


class InPlace:
    def __init__(self):
        self.log = 0

    def __iadd__(self, o):
        self.log += o
        return self

    def __isub__(self, o):
        return InPlace()

    def __mul__(self, o):
        return "mul"


g = 0
order = []


def idx(l, i):
    order.append(i)
    return l


def names(n):
    global g
    a = 0
    l = []
    alias = l
    t = ()
    s = ""
    st = set()
    for i in range(n):
        a += i
        g += 2
        l += [i]
        l += (i,)
        t += (i,)
        s += "x"
        st |= {i % 7}
        st -= {3}
    return a, l is alias, len(l), len(t), len(s), st


def attrs(n):
    b = Box()
    for i in range(n):
        b.n += i
        b.l += [i]
        b.v += 1
        b.n *= -1
        Box.v -= 1
    return b.n, len(b.l), b.v, Box.v


def items(n):
    l = [0, 0.0, "", []]
    d = {"a": 1}
    for i in range(n):
        idx(l, i)[0] += 1
        l[1] += 0.5
        l[2] += "s"
        l[3] += [i]
        d["a"] *= 3
        d["a"] %= 1009
    return l[0], l[1], len(l[2]), len(l[3]), d, len(order)


def objects(n):
    x = first = InPlace()
    seen = []
    for i in range(n):
        x += 1
        if i == 60:
            x -= 1
        if i == 70:
            x *= 2
            seen.append(x)
            x = first
    return first.log, x is first, seen


def tuple_trap(n):
    t = ([],)
    e = 0
    for i in range(n):
        try:
            t[0] += [i]
        except TypeError:
            e += 1
    return e, len(t[0])


print(names(100), g)
print(attrs(80))
print(items(90))
print(objects(100))
print(tuple_trap(60))
