"""Instances that loops carry from turn to turn without making them: what exits, other variables and later turns find."""


class V:
    __slots__ = "x", "y"

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, o):
        return V(self.x + o.x, self.y + o.y)

    def __mul__(self, k):
        return V(self.x * k, self.y * k)

    def turned(self):
        return V(-self.y, self.x)


class D:
    def __init__(self, a, b=None):
        if b is not None:
            self.b = b
        self.a = a

    def next(self):
        return D(self.a + 1, self.b if hasattr(self, "b") else 2)

    def __repr__(self):
        return f"D({self.a}, {self.__dict__})"


def accumulates(n):
    p, v = V(0.0, 1.0), V(0.5, 0.25)
    for i in range(n):
        p = p + v
        v = v.turned() * 0.99
        if i % 100 == 99:
            q = p
    return p.x, p.y, q.x, q is p, v.x


def kinds_change(n):
    p, seen = V(0, 0), []
    for i in range(n):
        p = p + (V(1, 2) if i < n // 2 else V(0.5, 1))
        if i % 97 == 96:
            seen.append((p.x, type(p.y)))
    return p.x, p.y, seen[-3:], seen[:2]


def aliases(n):
    a = b = V(0.0, 0.0)
    same = 0
    for i in range(n):
        c = a
        a = V(b.x + 1.0, i * 0.5)
        if i % 3:
            b = a
        same += (a is b) + (c is b)
    return same, a.x, b.x, c.x, c is a, b is a


def shared_numbers(n):
    p, t, same = V(0.0, 0.0), 0.0, 0
    for i in range(n):
        x = t + 1.5
        p = V(x, x)
        t = p.y
        if i % 50 == 49:
            same += (p.x is p.y) + (t is x) + (p.x is t)
    return same, p.x, p.x is p.y, t is p.x


def exchanged(n):
    p, q = V(1.0, 2.0), V(3.0, 4.0)
    for i in range(n):
        p, q = q, V(p.y, p.x + 1.0)
    return p.x, p.y, q.x, q.y, p is q


def shapes(n):
    d, e = D(0), D(1, 5)
    for i in range(n):
        d = d.next()
        e = e.next()
        if i % 200 == 150:
            d, e = D(d.a), D(e.a, 7)
    return d, e


def mutated(n):
    p = V(0, 0)
    for i in range(n):
        p.x += 1
        p = V(p.x + 1, p.y + i)
        p.y -= 1
    return p.x, p.y


def kept_sometimes(n):
    p, kept = V(0.0, 0.0), []
    for i in range(n):
        p = p + V(1.0, 0.5)
        if i % 111 == 7:
            kept.append(p)
    return len(kept), kept[3].x, kept[-1] is p, p.x


def nested(n):
    total = V(0.0, 0.0)
    for i in range(n // 20):
        row = V(i * 1.0, 0.0)
        for k in range(20):
            row = row + V(0.25, k * 1.0)
        total = total + row
    return total.x, total.y


def left(n):
    p = V(0, 1)
    while True:
        p = V(p.x + 1, p.y + p.x)
        if p.x > n:
            break
    return p.x, p.y


def with_handler(n):
    p, bad = V(10, 1), 0
    for i in range(n):
        try:
            p = V(p.x + 1, 100 // (p.x % 7))
        except ZeroDivisionError:
            bad += p.y
            p = V(p.x + 1, 3)
    return p.x, p.y, bad


def generated(n):
    p = V(0, 0)
    for i in range(n):
        p = p + V(i, 1)
        if i % 7 == 0:
            yield p.x
    yield p


def overflows(n):
    p = V(1 << 60, 1)
    for i in range(n):
        p = V(p.x + (1 << 55), p.y + i)
        if p.x >> 64:
            p = V(1 << 60, p.y)
    return p.x, p.y


def of_a_class_that_changes(n):
    p, got = D(0, 1), 0
    for i in range(n):
        p = p.next()
        if i == n // 2:
            D.next = lambda self: D(self.a + 2, 3)
        got += p.a
    return got, p


for program in accumulates, kinds_change, aliases, shared_numbers, exchanged, shapes, mutated, kept_sometimes, nested, left, with_handler, generated, overflows, of_a_class_that_changes:
    result = program(1000)
    print(program.__name__, [x if isinstance(x, int) else x.x for x in result][-4:] if program is generated else result)
