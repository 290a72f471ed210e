# Properties whose getter is a Python function, which traces follow into: given the owner as the interpreter's own instruction gives it, with its frame, its
# exceptions, and what happens when the property, the class or the getter changes.
import sys
import weakref


class Point:
    def __init__(self, x):
        self._x = x

    @property
    def x(self):
        return self._x

    @property
    def checked(self):
        if self._x < 0:
            raise ValueError("negative")
        return self._x

    @property
    def missing(self):
        return self._nothing

    @property
    def where(self):
        f = sys._getframe()
        return f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, f.f_back.f_code.co_name

    @property
    def dies(self):
        r = weakref.ref(self)
        self = None
        return r() is None

    @property
    def looped(self):
        s = 0
        for i in range(self._x):
            s += i
        return s


class Deep(Point):
    @property
    def x(self):
        return super().x + 1


class WithGetattr(Point):
    @property
    def missing(self):
        return self._nothing

    def __getattr__(self, name):
        return "fallback " + name


class WithGetattribute(Point):
    def __getattribute__(self, name):
        return object.__getattribute__(self, name)


class Slots:
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v

    @property
    def x(self):
        return self.v


def total(points):
    s = 0
    for p in points:
        s += p.x
    return s


for cls in (Point, Deep, WithGetattr, WithGetattribute, Slots):
    print(cls.__name__, total([cls(i) for i in range(300)]))
print(total([(Point, Deep, Slots)[i % 3](i) for i in range(300)]))


def negatives(points):
    found = []
    for i, p in enumerate(points):
        try:
            p.checked
        except ValueError as e:
            tb = e.__traceback__
            found.append((i, str(e), tb.tb_lineno - negatives.__code__.co_firstlineno, tb.tb_next.tb_frame.f_code.co_name))
    return found


print(negatives([Point(i if i % 97 else -i - 1) for i in range(300)]))


def absent(points):
    found = set()
    for p in points:
        try:
            found.add(p.missing)
        except AttributeError as e:
            found.add((str(e), e.name))
    return sorted(found, key=str)


print(absent([Point(i) for i in range(100)]), absent([WithGetattr(i) for i in range(100)]))


def frames(p):
    found = set()
    for i in range(100):
        found.add(p.where)
    return found


def deaths(n):
    found = set()
    for i in range(n):
        if i > 50:
            found.add(Point(i).dies)
    return found


def loops(p):
    s = 0
    for i in range(100):
        s += p.looped
    return s


print(frames(Point(1)), deaths(200), loops(Point(7)))


class Changing:
    value = 3

    def get(self):
        return self.value

    def get_again(self):
        return -self.value

    x = property(get)


def changed(c, k, change):
    l = []
    for i in range(200):
        if i == k:
            change()
        l.append(c.x)
    return sum(l), l[-1]


def init_again():
    vars(Changing)["x"].__init__(Changing.get_again)
    Changing.something = 1      # or the interpreter's specialized instruction goes on with the getter that it knows


def other_property():
    Changing.x = property(lambda self: 100)


def code_replaced():
    Changing.get.__code__ = (lambda self: 7).__code__


def a_value():
    Changing.x = 12


def builtin_getter():
    Changing.x = property(id)


def no_getter():
    Changing.x = property(None, lambda self, v: None)


def no_property():
    Changing.x = property(Changing.get)
    del Changing.x


c = Changing()
for change in (init_again, other_property, a_value, no_getter, no_property):
    try:
        print(change.__name__, changed(c, 150, change))
    except AttributeError as e:
        print(change.__name__, str(e).replace(hex(id(c)), ""))
        Changing.x = property(Changing.get)
Changing.x = property(Changing.get)
print(changed(c, 150, code_replaced))
Changing.x = property(id)
print(changed(c, -1, None)[0] == 200 * id(c))


def too_deep(depth):
    class Nested:
        @property
        def x(self):
            return self.x

    try:
        Nested().x
    except RecursionError:
        return True


print([too_deep(i) for i in range(3)])
