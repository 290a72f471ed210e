"""Instances of classes whose __init__ is called from C: with __slots__, defaults, keywords; what they are given, when that dies, and what goes wrong."""

import sys


class Slots:
    __slots__ = "left", "right", "value"

    def __init__(self, left, right, value=1):
        self.left = left
        self.right = right
        self.value = value


def tree(depth):
    if depth == 0:
        return Slots(None, None)
    return Slots(tree(depth - 1), tree(depth - 1), depth)


def total(node):
    if node.left is None:
        return node.value
    return total(node.left) + total(node.right) + node.value


print([total(tree(n)) for n in (3, 9, 10)])


class Defaults:
    def __init__(self, a, b=2, *, c=3):
        self.sum = a + b + c


class Rest:
    def __init__(self, *args, **more):
        self.args, self.more = args, more


class Two:
    count = 0

    def __init__(self, a, b=[], c=None):
        Two.count += 1
        b.append(a)
        self.a, self.b, self.c = a, len(b), c


def many(n):
    got = []
    for i in range(n):
        got.append(Two(i).b + Two(i, [1, 2]).b + (Two(i, c=i).c or 0))
        got.append(Defaults(i).sum + Defaults(i, 5).sum)
        got.append(len(Rest(i, got, x=1).args) + len(Rest().more))
    return sum(got), Two.count


print(many(60), many(60))


# Recursion through __init__, the deaths of what it is given, in their order, with their lines, and how many hold it.
log = []


class Dies:
    def __init__(self, name="?"):
        self.name = name

    def __del__(self):
        frame = sys._getframe(1)
        log.append((self.name, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))


class Holds:
    __slots__ = "one", "two", "counts"

    def __init__(self, one, two, three, n=0):
        self.counts = sys.getrefcount(one), sys.getrefcount(two), sys.getrefcount(three), sys.getrefcount(self)
        self.one = one
        del two
        log.append("deleted")
        three = None
        log.append("assigned")
        if n:
            self.two = Holds(Dies(n), Dies(-n), Dies(n * 10), n - 1)


def hold(n, keep):
    h = Holds(keep, Dies("b"), Dies("c"), n % 3)
    counts = h.counts
    h = None
    log.append("gone")
    return counts


for turn in range(40):
    log.clear()
    counts = hold(turn, log)
    if turn > 33:
        print(turn, counts, len(log), log)


# Errors: in __init__, in its arguments, in what it returns; and the frames of the traceback.
class Fails:
    __slots__ = "n", "__weakref__"

    def __init__(self, n, how=0):
        self.n = n
        if how == 1:
            raise ValueError(n)
        if how == 2:
            return n
        if how == 3:
            self.missing = 1


def tries(n, how, thing):
    try:
        return Fails(n, how).n
    except (ValueError, TypeError, AttributeError) as e:
        lines, tb = [], e.__traceback__
        while tb:
            lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
            tb = tb.tb_next
        return type(e).__name__, str(e), lines


for turn in range(50):
    r = [tries(turn, how, Dies(turn)) for how in (0, 0, 0, 0, 0, turn % 4)]
    if turn > 45:
        print(r[-1])
for args in (), (1, 2, 3), ("x",):
    try:
        for turn in range(30):
            Fails(*args) if turn < 25 else Fails(*args, *args)
    except TypeError as e:
        print(e)


# Classes change.
class Changes:
    __slots__ = "x"

    def __init__(self, x, y=1):
        self.x = x + y


def make(n):
    return sum(Changes(i).x for i in range(n)) + sum([Changes(i, 3).x for i in range(n)])


def loop(n):
    s = 0
    for i in range(n):
        s += Changes(i).x
    return s


print(make(40), loop(40))


def other(self, x, y=10):
    self.x = x * y


first = Changes.__init__
Changes.__init__ = other
print(make(40), loop(40))
Changes.__init__.__defaults__ = (20,)
print(make(40), loop(40))
Changes.__init__ = first
first.__defaults__ = (7,)
print(make(40), loop(40))
first.__code__ = other.__code__
print(make(40), loop(40))
Changes.__new__ = lambda cls, *args: object.__new__(cls)
print(make(40), loop(40))
Changes.__init__ = lambda self, *args: setattr(self, "x", len(args))
print(make(40), loop(40))


class Meta(type):
    calls = 0

    def __call__(cls, *args):
        Meta.calls += 1
        return super().__call__(*args)


class Made(metaclass=Meta):
    __slots__ = "x"

    def __init__(self, x, y=0):
        self.x = x


class Sub(Slots):
    __slots__ = "more",

    def __init__(self, value, more=None):
        super().__init__(None, None, value)
        self.more = more


class Subclass(int):
    def __init__(self, n, m=0):
        self.m = m


def others(n):
    s = 0
    for i in range(n):
        s += Made(i).x + Sub(i).value + Subclass(i) + Subclass(i).m + total(Sub(i, 2))
    return s, Meta.calls


print(others(50), others(50))


# It is looked at while it is made.
class Looks:
    __slots__ = "names"

    def __init__(self, n, m=0):
        self.names = [sys._getframe(i).f_code.co_name for i in range(2)], sorted(sys._getframe().f_locals)
        if n % 10 == 9:
            sys._getframe(1).f_locals["found"] = n


def looked(n):
    found = None
    r = []
    for i in range(n):
        r.append(Looks(i).names)
    return found, r[-1], len(r)


print(looked(35), looked(29))


def deep(n):
    if n == 0:
        return 0
    return Chain(n).depth


class Chain:
    __slots__ = "depth"

    def __init__(self, n, m=1):
        self.depth = deep(n - m) + 1


print(deep(50), deep(90), deep(90))
for n in (50, 5000):
    try:
        print(deep(n))
    except RecursionError as e:
        print(type(e).__name__)
