"""Objects that die in loops: those whose death nobody notices, and those where somebody does: finalizers, weak references, parts that two of them share,
classes that get a finalizer in the middle."""
import weakref

log = []


class Point:
    __slots__ = "x", "y"

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Node:
    def __init__(self, value, *parts):
        self.value = value
        self.parts = parts


class Named(Point):
    __slots__ = "name", "__weakref__"


class Dies:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        log.append(self.n)


class Listed(list):
    pass


class Later:
    def __init__(self, n):
        self.n = n


def note(n):
    log.append(n)


def plain(n):
    last, total = None, 0
    for i in range(n):
        keep = [i]
        p = Point(keep, i)
        last = p
        total += p.y
        q = Node(i, p, keep)
        p = None
        total += len(q.parts)
    return total, last.y, q.value


def with_parts_that_are_noticed(n):
    for i in range(n):
        p = Point(Dies(i), Dies(-i)) if i % 50 == 49 else Point(None, i)
        q = Node(p, Dies(i * 1000)) if i % 70 == 69 else Node(p)
        p = q = None
        note("behind") if i % 50 == 49 else None
    return len(log)


def shared(n):
    """Two that go at once have it, and nobody else."""
    for i in range(n):
        d = Dies(i) if i % 40 == 39 else [i]
        a = (Point(d, 1), Point(d, 2), d)
        d = None
        a = None
        if i % 40 == 39:
            note("gone")
    return log[-6:]


def weakly(n):
    got = []
    for i in range(n):
        p = Named(i, i)
        if i % 30 == 29:
            r = weakref.ref(p, lambda _, i=i: note(("weak", i)))
            got.append(r)
        p = None
    return sum(r() is None for r in got), log[-3:]


def of_c(n):
    t = 0
    for i in range(n):
        x = Listed([i, i + 1])
        t += x[1]
        y = {i: x}
        x = None
        e = ValueError(i, y)
        t += len(e.args)
        y = e = None
    return t


def finalizer_comes(n):
    for i in range(n):
        x = Later(i)
        if i == n // 2:
            Later.__del__ = lambda self: note(("later", self.n)) if self.n % 37 == 0 else None
        x = None
        if i == n - 20:
            del Later.__del__
    return len(log), log[-2:]


def dict_made(n):
    t = 0
    for i in range(n):
        x = Node(i, Dies(i)) if i % 60 == 0 else Node(i)
        if i % 3 == 0:
            t += len(x.__dict__)
        if i % 30 == 0:
            x.more = Dies(-i)
        x = None
    return t, len(log), log[-2:]


def deep(n):
    t = 0
    for i in range(n):
        x = Node(i, Node(1, Node(2, Node(3, Node(4, Dies(i) if i % 45 == 44 else i)))))
        t += x.value
        x = [x, (x,)]
        x = None
    return t, log[-2:]


def many(n):
    for i in range(n):
        x = tuple(Dies(i) if k == i % 90 else k for k in range(40))
        x = [[[x]]]
        x = None
    return len(log), log[-2:]


def held_elsewhere(n):
    keep, t = [], 0
    for i in range(n):
        p = Point(i, [i])
        if i % 25 == 24:
            keep.append(p)
        r = p
        p = Point(r, r)
        r = None
        t += p.x.y[0]
        p = None
    return t, len(keep), keep[3].y


for program in plain, with_parts_that_are_noticed, shared, weakly, of_c, finalizer_comes, dict_made, deep, many, held_elsewhere:
    log.clear()
    print(program.__name__, program(700))
