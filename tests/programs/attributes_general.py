# Attributes that no trace looks up itself: descriptors, __getattr__, metaclasses, dict subclasses, C types, modules, super, named tuples.
import collections, dataclasses, enum, fractions, types

class Property:
    def __init__(self, x): self._x = x
    @property
    def x(self): return self._x * 2
    @x.setter
    def x(self, v): self._x = v
    @staticmethod
    def s(a): return a + 1
    @classmethod
    def c(cls, a): return cls.__name__, a
class Data:
    def __get__(self, o, t): return 5 if o is None else o.raw
    def __set__(self, o, v): o.raw = v + 1
class NonData:
    def __get__(self, o, t): return "computed", t.__name__
class Desc:
    d = Data(); n = NonData()
class Dynamic:
    def __getattr__(self, name): return len(name)
    def __setattr__(self, name, v): self.__dict__[name] = v + 1
class Every:
    def __getattribute__(self, name): return name * 2
class Meta(type):
    value = 3
    def __getattr__(cls, name): return name.upper()
class WithMeta(metaclass=Meta):
    own = 4
class D(dict):
    extra = 9
    def total(self): return len(self) + self.extra
class Color(enum.Enum):
    RED = 1; BLUE = 2
Point = collections.namedtuple("Point", "x y")
@dataclasses.dataclass
class DC:
    a: int
    b: float = 2.5
    def both(self): return self.a + self.b
@dataclasses.dataclass(frozen=True)
class Frozen:
    a: int
class Base:
    def hello(self, k): return k + 1
    z = 1
class Child(Base):
    def hello(self, k): return super().hello(k) * 2
    def parent(self): return super().z
ns = types.SimpleNamespace(k=1)

def each(n, f):
    r = []
    for i in range(n):
        v = f(i)
        if i < 2 or i == n - 1: r.append(v)
    return r
def prop(n):
    p = Property(1); t = 0
    for i in range(n):
        t += p.x
        p.x = i
        t += p.s(i) + Property.s(i)
        p.c(i)[1]
    return t, p.c(3), Property.c(4)
def desc(n):
    o = Desc(); t = 0
    for i in range(n):
        o.d = i
        t += o.d + Desc.d
        if i == n // 2: o.n = ("mine", "x")
        if o.n[0] == "mine": t += 1
    return t, o.n
def dyn(n):
    o = Dynamic(); t = 0
    for i in range(n):
        t += o.abc + o.de
        o.w = i
        t += o.w
        Every().q
    return t, Every().q
def meta(n):
    t = 0
    for i in range(n):
        t += WithMeta.value + WithMeta.own + len(WithMeta.thing)
        t += Color.RED.value + Color.BLUE.value + len(Color.RED.name)
    return t
def subclass(n):
    d = D(a=1); t = 0
    for i in range(n):
        t += d.total() + d.extra
        d[i % 5] = i
        d.get(i)
        if i == n // 2: d.extra = 100
    return t, d.extra
def tuples(n):
    t = 0
    for i in range(n):
        p = Point(i, 2)
        t += p.x * p.y + len(p._fields)
        d = DC(i); t += d.both(); d.a += 1; t += d.a
        f = Frozen(i)
        try: f.a = 3
        except dataclasses.FrozenInstanceError: t += f.a
    return t
def supers(n):
    c = Child(); t = 0
    for i in range(n):
        t += c.hello(i) + c.parent()
    return t
def misc(n):
    t = 0; x = fractions.Fraction(1, 3); c = 3 + 4j; f = 2.5
    for i in range(n):
        t += x.numerator + x.denominator + c.real + f.real + i.bit_length() + (i + 1).real
        ns.k += 1
        t += ns.k + len(types.ModuleType.__name__)
        m = ns.__class__
        b = "abc".upper; t += len(b()) + len(str.__name__)
    return t, m
def bound(n):
    c = Child(); t = 0
    for i in range(n):
        m = c.hello
        t += m(i) + m(i + 1)
        g = Base.hello
        t += g(c, i)
    return t, m == c.hello
def errors(n):
    r = []; c = Child()
    for i in range(n):
        for name, f in (("missing", lambda: c.missing), ("int", lambda: i.missing), ("none", lambda: None.x), ("cls", lambda: Child.missing)):
            try: f()
            except AttributeError as e: r.append(str(e))
        try: i.x = 3
        except AttributeError as e: r.append(str(e))
        try: del c.nothing
        except AttributeError as e: r.append(str(e))
    return r[:6], len(r)
def nested(n):
    class T:
        def __init__(self, d): self.l = T(d - 1) if d else None; self.v = d
        def sum(self): return self.v + (self.l.sum() if self.l else 0)
    t = 0
    for i in range(n):
        o = T(4); t += o.sum() + o.l.l.v
    return t
for f in prop, desc, dyn, meta, subclass, tuples, supers, misc, bound, errors, nested:
    print(f.__name__, f(60), f(400))
