"""Attributes, methods, class and static methods, super, properties, slots, inheritance in hot loops."""


class Point:
    scale = 2

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm2(self):
        return self.x * self.x + self.y * self.y

    def move(self, dx, dy):
        self.x += dx
        self.y += dy
        return self

    @property
    def double(self):
        return self.x * self.scale

    @double.setter
    def double(self, v):
        self.x = v / self.scale

    @classmethod
    def make(cls, v):
        return cls(v, v + 1)

    @staticmethod
    def helper(v):
        return v % 3


class Sub(Point):
    scale = 3

    def norm2(self):
        return super().norm2() + 1


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a
        self.b = 0.0


class Dynamic:
    def __getattr__(self, name):
        if name.startswith("x"):
            return len(name)
        raise AttributeError(name)

    def __setattr__(self, name, v):
        object.__setattr__(self, name, v * 2)


def attributes(n):
    p = Point(1, 2.5)
    s = 0
    for i in range(n):
        p.x = p.x + 1
        p.y = p.y * 1.01
        s += p.x - p.y + p.scale
    return s, p.x, p.y


def methods(n):
    ps = [Point(i, i + 0.5) if i % 2 else Sub(i, -i) for i in range(n)]
    s = 0
    for p in ps:
        s += p.norm2() + p.move(1, -1).x + Point.helper(p.x) + p.make(3).y + p.double
        p.double = 8
        m = p.norm2
        s += m()
    return s


def allocate(n):
    s = 0
    last = None
    for i in range(n):
        p = Point(i, i)
        s += p.x + p.y
        if i % 10 == 0:
            last = p
    return s, last.x


def slots(n):
    o = Slots(0)
    for i in range(n):
        o.a += i
        o.b += 0.5
    e = 0
    for i in range(n):
        try:
            o.c = 1
        except AttributeError as x:
            e += 1
        try:
            if i % 2:
                del o.a
            else:
                o.a = i
            o.b += o.a
        except AttributeError as x:
            e += 100
    return o.b, e


def dynamic(n):
    d = Dynamic()
    s = 0
    for i in range(n):
        s += d.xyz + d.xx
        d.val = i
        s += d.val
        try:
            d.other
        except AttributeError as e:
            s += len(str(e))
        s += getattr(d, "nope", 7) + hasattr(d, "xq")
    return s


def new_attrs(n):
    class Bag:
        pass
    b = Bag()
    for i in range(n):
        setattr(b, "a%d" % (i % 40), i)
    for i in range(0, 40, 2):
        delattr(b, "a%d" % i)
    return len(b.__dict__), b.a1


def init_variants(n):
    class Bad:
        def __init__(self, x):
            if x % 7 == 3:
                return 5

    class New:
        def __new__(cls, x):
            return x if x % 2 else super().__new__(cls)

        def __init__(self, x):
            self.x = x
    seen = {}
    for i in range(n):
        try:
            r = type(Bad(i)).__name__
        except TypeError as e:
            r = str(e)
        seen[r] = seen.get(r, 0) + 1
        r = type(New(i)).__name__
        seen[r] = seen.get(r, 0) + 1
    return seen


def class_attr_changes(n):
    class K:
        v = 1
    k = K()
    s = 0
    for i in range(n):
        s += k.v
        if i == 60:
            K.v = 10
        if i == 80:
            k.v = 100
        if i == 90:
            del k.v
        if i == 95:
            K.v = property(lambda self: 1000)
    return s


print(attributes(100))
print(methods(80))
print(allocate(100), slots(80), dynamic(60), new_attrs(100))
print(init_variants(70))
print(class_attr_changes(120))
