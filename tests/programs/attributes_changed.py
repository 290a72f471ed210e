# What a trace knows about a class or an instance changes while it runs.
import gc, sys

class Base:
    kind = "base"
    def m(self): return 1
    def n(self): return 2
class A(Base):
    def __init__(self): self.x = 1; self.y = 2
class B(Base):
    def __init__(self): self.x = 10; self.y = 20
    def m(self): return 3

def run(n, at, change):
    o = A(); log = []; t = 0
    for i in range(n):
        if i == at: change(o)
        try:
            t += o.m() + o.n() + o.x
            t += len(o.kind)
        except Exception as e:
            log.append((i, type(e).__name__, str(e))) if len(log) < 3 else None
        o.y = i
    r = t, log, getattr(o, "y", None), sorted(vars(o))
    for name in ("m", "kind", "x", "__getattr__", "__setattr__", "__getattribute__", "z"):
        if name in vars(A): delattr(A, name)
    Base.m = base_m; Base.kind = "base"
    A.__bases__ = (Base,)
    return r
base_m = Base.m

class Other(Base):
    kind = "another"
    def m(self): return 100

def method(o): A.m = lambda self: 50
def base_method(o): Base.m = lambda self: 60
def instance_method(o): o.m = lambda: 70
def class_of(o): o.__class__ = B
def bases(o): A.__bases__ = (Other,)
def variable(o): A.kind = "longer name"
def base_variable(o): Base.kind = "b"
def instance_variable(o): o.kind = "of this one"
def a_property(o): A.x = property(lambda self: 1000)
def getattr_(o): A.__getattr__ = lambda self, name: 7; del o.x
def getattribute(o): A.__getattribute__ = lambda self, name: object.__getattribute__(self, name) if name != "x" else 5000
def setattr_(o): A.__setattr__ = lambda self, name, v: object.__setattr__(self, name, v * 2 if name == "y" else v)
def looked_at(o): vars(o)
def new_dict(o): o.__dict__ = {"x": 9, "y": 8}
def through_dict(o): o.__dict__["x"] = 77; o.__dict__["m"] = lambda: 5
def gone(o): del o.x
def gone_from_dict(o): del o.__dict__["x"]
def many(o):
    for k in range(50): setattr(o, f"a{k}", k)
def delete_method(o): del Base.m
def copied(o): vars(o).copy(); o.__dict__.update(x=3)
def swapped(o): vars(o)["kind"] = "shadow"
def collected(o): o.self = o; gc.collect()
def ints_as_keys(o): vars(o)[3] = 4

for n, at in (60, 40), (400, 300):
    for change in (method, base_method, instance_method, class_of, bases, variable, base_variable, instance_variable, a_property, getattr_, getattribute, setattr_,
                   looked_at, new_dict, through_dict, gone, gone_from_dict, many, delete_method, copied, swapped, collected):
        print(change.__name__, run(n, at, change))

# The class runs out of versions.
class Counted:
    total = 0
    def __init__(self, k): self.k = k; Counted.total += k
    def get(self): return self.k + Counted.total
def exhaust(n):
    t = 0
    for i in range(n):
        c = Counted(i)
        t += c.get()
        t += c.total + type(c).total
        if i % 100 == 0: Counted.get = lambda self, i=i: self.k + i
    return t
print(exhaust(2500))

# Arguments that change what has been looked up already.
class Target:
    def m(self, x): return x
def kill(o, i):
    if i % 10 == 5: Target.m = lambda self, x, i=i: (i, x)
    return i
def late(n):
    o = Target(); r = []
    for i in range(n):
        v = o.m(kill(o, i))
        if i % 50 < 7: r.append(v)
    return r
print(late(300))

# What a class has is an instance of a class that becomes a descriptor, or ceases to be one.
class Thing:
    def __init__(self, v): self.v = v
    def __len__(self): return self.v
class Sub(Thing): pass
class Has:
    a = Thing(1)
    b = Sub(2)
    def __init__(self): self.b = Sub(3); self.c = 1
def becomes(n, at, change):
    o = Has(); t = []
    for i in range(n):
        if i == at: change()
        x = o.a; y = o.b; z = Has.a
        t.append((x if type(x) is int else x.v, y if type(y) is int else y.v, z if type(z) is int else z.v))
        o.b = Sub(4)
    for name in ("__get__", "__set__"):
        if name in vars(Thing): delattr(Thing, name)
    return t[at - 2:at + 3], t[-1], len(set(t))
def getter(): Thing.__get__ = lambda self, o, c: 100 if o is None else 200
def setter(): Thing.__set__ = lambda self, o, v: None
def both(): getter(); setter()
for n, at in (60, 40), (400, 300):
    for change in getter, setter, both: print(change.__name__, becomes(n, at, change))
