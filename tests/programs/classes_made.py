# Objects made: __init__ followed into, whatever it does; classes that change; what is seen from inside.
import sys


def seen(f, *args):
    try:
        return f(*args)
    except Exception as e:
        tb = e.__traceback__.tb_next
        where = []
        while tb:
            where.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
            tb = tb.tb_next
        return type(e).__name__, str(e), where


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"P({self.x}, {self.y})"


def points(n):
    out = []
    for i in range(n):
        p = Point(i, i * 0.5)
        p.x += 1
        out.append(p)
        Point(p, p)
    return out[-2:], sum(p.x for p in out)


print(points(30), points(3))


class Base:
    made = 0

    def __init__(self, v):
        Base.made += 1
        self.v = v


class Derived(Base):
    def __init__(self, v):
        super().__init__(v * 2)
        self.w = v
        if v % 5 == 4:
            self.extra = [v]


class Slotted:
    __slots__ = "a", "b"

    def __init__(self, a):
        self.a = a


def derived(n):
    return [(d.v, d.w, sorted(vars(d)), Slotted(d).a.v) for d in map(Derived, range(n))], [Derived(i).w + Slotted(i).a for i in range(n)]


print(derived(12), Base.made)


class Raises:
    def __init__(self, x):
        self.x = 10 // x


class Returns:
    def __init__(self, x):
        self.x = x
        if x > 3:
            return_value.append(x)
        return None if x < 5 else x


class Looping:
    def __init__(self, n):
        self.items = []
        for i in range(n):
            self.items.append(i)
        self.n = len(self.items)


class Unset:
    def __init__(self, x):
        if x:
            self.x = x


return_value = []


def each(c, values):
    out = []
    for v in values:
        r = seen(c, v)
        out.append(r if type(r) is tuple else sorted(vars(r).items()))
    return out


for c in (Raises, Returns, Looping, Unset):
    print(c.__name__, each(c, [1, 2, 3, 1, 0, 4, 2, 6, 0, 5, 3, 2]))
    print(c.__name__, len(return_value))


class Looks:
    def __init__(self, x):
        f = sys._getframe()
        self.caller = f.f_back.f_code.co_name, f.f_back.f_lineno - f.f_back.f_code.co_firstlineno
        self.names = sorted(f.f_locals)
        self.references = sys.getrefcount(self) < 10


def looked(n):
    for i in range(n):
        o = Looks(
            i)
    return o.caller, o.names, o.references


print(looked(5), looked(30))


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


class Holds:
    def __init__(self, a, b):
        a = None
        self.b = b
        del b
        log.append("in")


log = []


def deaths(n):
    for i in range(n):
        Holds(Dies("a"), Dies("b"))
        log.append("out")
        Dies("c")
        d = Dies("d")
    return log[-14:]


print(deaths(20))


class Changes:
    def __init__(self, x):
        self.x = x


def other_init(self, x):
    self.x = -x
    self.other = True


def changes(n):
    out = []
    for i in range(n):
        if i == n // 2:
            Changes.__init__ = other_init
        if i == n - 3:
            Changes.__init__ = lambda self, x, y=5: setattr(self, "x", y)
        out.append(Changes(i).x)
    Changes.__new__ = lambda cls, x: object.__new__(cls)
    return out, [Changes(i).x for i in range(n)]


print(changes(30))


class Meta(type):
    def __call__(cls, *args):
        return super().__call__(*args), "made"


class WithMeta(metaclass=Meta):
    def __init__(self, x):
        self.x = x


class WithNew:
    def __new__(cls, x):
        return super().__new__(cls) if x % 2 else x

    def __init__(self, x):
        self.x = x


class NoInit:
    pass


class Defaults:
    def __init__(self, a, b=2, *c, d=4, **e):
        self.all = a, b, c, d, e


def others(n):
    out = []
    for i in range(n):
        w = WithNew(i)
        out.append((WithMeta(i)[0].x, w if type(w) is int else w.x, type(NoInit()).__name__, Defaults(i).all, Defaults(i, 1, 5, d=i, f=6).all))
    return out[-2:]


print(others(20), seen(Point, 1), seen(lambda: Point(1, 2, 3)), [seen(lambda k=k: Point(*range(k))) if k != 2 else Point(1, 2) for k in range(4)] * 2)


class Tree:
    def __init__(self, depth):
        self.depth = depth
        self.left = Tree(depth - 1) if depth else None
        self.right = Tree(depth - 1) if depth else None

    def count(self):
        return 1 + (self.left.count() + self.right.count() if self.left else 0)


print(Tree(8).count(), Tree(3).count())


class Endless:
    def __init__(self, n):
        self.deeper = Endless(n + 1)


print({seen(Endless, 0)[:2] for _ in range(4)})


class Counts:
    def __init__(self):
        self.a = 1
        self.__dict__["b"] = 2
        self.c = 3


class Full:
    def __init__(self, n):
        for k in range(n):
            setattr(self, f"k{k}", k)
        self.last = n
        self.k1 = "changed"


def dicts(n):
    return [list(vars(Counts()).items()) for i in range(n)][-1], [list(vars(Full(i))) for i in range(n)][-1], [Full(40).last for i in range(n)]


print(dicts(10))
