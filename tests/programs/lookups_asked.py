# type(), getattr(), hasattr(), __class__, class methods, methods of C taken from their class, `in` of constant tuples: and what changes about them meanwhile.
import collections
import sys


class A:
    kind = "A"

    def __init__(self):
        self.x = 1

    @classmethod
    def make(cls, k=0):
        return cls.__name__, k

    @classmethod
    def count(cls, *more):
        return cls.kind, len(more)

    def method(self):
        return self.x


class B(A):
    kind = "B"


class Slots:
    __slots__ = "p", "q"


class Asked:
    def __getattr__(self, name):
        return "asked for " + name


class Meta(type):
    @property
    def shown(cls):
        return cls.__name__ + "!"

    @classmethod
    def of_meta(mcs):
        return mcs.__name__


class WithMeta(metaclass=Meta):
    @classmethod
    def own(cls):
        return cls.shown


N = 60


# ---- type(), __class__ ----
def types(values):
    r = []
    for v in values:
        r.append((type(v).__name__, v.__class__ is type(v), type(v) is int, type(v) == str, type(type(v)) is type))
    return r


print(types([1, 2.5, "a", None, True, (), [], {}, A(), B(), int, 10**30, b"", len, WithMeta, WithMeta(), Slots(), ...] * 3)[-18:])


def changes_class(o, n):
    r = []
    for i in range(n):
        r.append((type(o).__name__, o.__class__.__name__, o.kind))
        if i == n // 2:
            o.__class__ = B
    return r


print(changes_class(A(), N)[N // 2 - 1:N // 2 + 3])


class Liar:
    __class__ = A
    kind = "liar"


def lies(n):
    o, r = Liar(), 0
    for i in range(n):
        r += (o.__class__ is A) + (type(o) is Liar) + isinstance(o, A)
    return r


print(lies(N))


def counts(n):
    o = B()
    before = sys.getrefcount(B)
    for i in range(n):
        t = type(o)
        u = o.__class__
        del t, u
    return sys.getrefcount(B) - before


print(counts(N))


def dying(n):
    r = []
    for i in range(n):
        t = type(type("T" + str(i), (), {"__del__": lambda self: r.append("dies")})())
        r.append(t.__name__)
    return r[-4:]


print(dying(N))


# ---- getattr(), hasattr() ----
def asks(o, n, at=-1, then=None):
    r = []
    for i in range(n):
        r.append((hasattr(o, "x"), hasattr(o, "late"), hasattr(o, "method"), hasattr(o, "kind"), getattr(o, "x", None), getattr(o, "late", i),
                  getattr(o, "kind", "none")))
        if i == at:
            then(o)
    return r[-1], len(set(r))


def forget_x(o):
    del o.x


def add_late(o):
    o.late = "late"


def add_late_to_class(o):
    type(o).late = "class"


def add_getattr(o):
    type(o).__getattr__ = lambda self, name: "got " + name


def add_getattribute(o):
    type(o).__getattribute__ = lambda self, name: "all " + name


def fill(o):
    for i in range(50):
        setattr(o, f"more{i}", i)


print(asks(A(), N), asks(B(), N), asks(Asked(), N), asks(Slots(), N), asks(3, N), asks("s", N), asks(A, N), asks(collections, N), asks(WithMeta, N))
for then in (forget_x, add_late, fill, add_late_to_class, add_getattr, add_getattribute):
    class Fresh(A):
        pass
    print(then.__name__, asks(Fresh(), N, N // 2, then))


def getattr_fails(n):
    r = []
    for i in range(n):
        try:
            getattr(A(), "nothing")
        except AttributeError as e:
            r.append((str(e), e.name, type(e.obj).__name__))
    return r[-1]


print(getattr_fails(N))


def get_with_names(o, names, n):
    return [getattr(o, names[i % len(names)], None) for i in range(n)][-3:]


print(get_with_names(A(), ["x", "kind", "no"], N))


class Dies:
    def __init__(self, log):
        self.log = log
        self.x = "kept"

    def __del__(self):
        self.log.append("dies")


def temporaries(n):
    log = []
    for i in range(n):
        log.append(getattr(Dies(log), "x"))
        log.append(getattr(Dies(log), "y", "default"))
        log.append(hasattr(Dies(log), "x"))
        log.append(type(Dies(log)).__name__)
        log.append(Dies(log).__class__.__name__)
    return log[-10:]


print(temporaries(N))


class Values:
    def __init__(self):
        self.a = 1


def default_given(n):
    r = []
    for i in range(n):
        v = Values()
        if i % 2:
            v.b = i
        r.append((getattr(v, "b", None), hasattr(v, "b"), getattr(v, "a", i)))
    return r[-4:]


print(default_given(N))


# ---- class methods ----
def class_methods(objects, n):
    r = []
    for i in range(n):
        o = objects[i % len(objects)]
        r.append((o.make(), o.make(i), o.make(k=i), o.count(1, 2), o.count()))
    return r[-3:]


print(class_methods([A()], N), class_methods([A(), B()], N), class_methods([A, B, A()], N))


def meta_methods(n):
    return [(WithMeta.own(), WithMeta.of_meta(), WithMeta().own()) for i in range(n)][-1]


print(meta_methods(N))


def replaced(n):
    class C(A):
        pass
    o, r = C(), []
    for i in range(n):
        r.append((o.make(i), C.make(i)))
        if i == 20:
            C.make = classmethod(lambda cls, k: ("other", cls.__name__, k))
        if i == 30:
            C.__dict__["make"].__init__(lambda cls, k: ("init", cls.__name__, k))
        if i == 40:
            o.make = lambda k: ("own", k)
        if i == 50:
            del C.make
    return r[20:23] + r[30:33] + r[40:43] + r[50:53]


print(replaced(N))


def kept(n):
    r = []
    for i in range(n):
        m = A.make
        r.append((m(i), m.__self__.__name__, m.__func__.__name__))
    return r[-1]


print(kept(N))


class Odd:
    @classmethod
    @property
    def twice(cls):
        return cls.__name__

    from_builtin = classmethod(len)
    of_bound = classmethod(A().method)


def odd(n):
    r = []
    for i in range(n):
        try:
            r.append(Odd().from_builtin())
        except TypeError as e:
            r.append(str(e))
        try:
            r.append(Odd.of_bound())
        except TypeError as e:
            r.append(str(e))
    return r[-2:]


print(odd(N))


# ---- methods of C from their class ----
def from_classes(n):
    r = []
    for i in range(n):
        s = f" {i} "
        r.append((str.strip(s), str.upper("a" + s), dict.get({1: i}, 1), list.index([3, i], i), int.bit_length(i), object.__repr__(i)[:4], str.join("-", ["a", s]),
                  bytes.hex(b"ab"), float.is_integer(2.0), tuple.count((i, i), i), dict.__getitem__({1: i}, 1), collections.deque.__len__(collections.deque(s)),
                  type.mro(A)[0].__name__))
    return r[-2:]


print(from_classes(N))


def wrong_self(n):
    r = []
    for i in range(n):
        for f, a in ((str.upper, 3), (dict.get, "a"), (list.append, [1])):
            try:
                r.append(f(a))
            except TypeError as e:
                r.append(str(e))
    return r[-3:]


print(wrong_self(N))


class Text(str):
    def upper(self):
        return "own " + str.upper(self)


def of_subclass(n):
    return [(Text("a").upper(), str.upper(Text("b")), str.lower(Text("C")), dict.get(collections.OrderedDict(a=1), "a")) for i in range(n)][-1]


print(of_subclass(N))


def shadowed(n):
    r = []
    for i in range(n):
        str_ = Text if i > 30 else str
        r.append(str_.upper(Text("z")))
    return r[29:33]


print(shadowed(N))


# ---- `in` of constants ----
def among(values):
    r = []
    for v in values:
        r.append((v in (1, 2, 3), v in ("a", "bc", None), v not in (1.5, True, "a"), v in (10**20, b"x", -1), v in ()))
    return r


class Equal:
    def __init__(self, to):
        self.to = to

    def __eq__(self, other):
        return self.to == other

    def __hash__(self):
        return 1


class Number(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


nan = float("nan")
values = [1, 2, 4, 1.0, 1.5, True, False, "a", "b", "bc", None, b"x", 10**20, -1, nan, (), Equal(2), Equal("bc"), Number(7), 2 + 0j, "b" + str(len("c"))]
print(among(values * 4)[-len(values):])
print([among([v] * 40)[-1] for v in values])
