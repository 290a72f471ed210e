# Names that lie in a mapping of their own: loops in class bodies, code that exec() runs with locals of its own; class statements in loops; import *.
import builtins
import sys

level = "global"


def seen(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


def make(n, free):
    shadowed = "outside"
    later = [1]

    class C:
        total = 0
        texts = []
        if n % 2:
            locals()["shadowed"] = "inside"
        for i in range(n):
            total += i * free
            k = len(texts) + later[0]
            one = k
            del one
            if i % 3 == 0:
                texts.append((level, shadowed, abs(-i), free))
            if i % 7 == 6:
                level = i
                del k
            elif i % 7 == 0 and i:
                del level
            if i == 40:
                locals()["free"] = 100
        f = lambda self, x=total: x + free
        squares = [j * free for j in range(3)]

        def method(self):
            return __class__.__name__, self.total
        del i
    return C.total, C.texts[-3:], C().f(), C().method(), C.squares, sorted(k for k in vars(C) if k[0] != "_")


print([make(n, 2 + n % 3) for n in (3, 60, 7, 200, 0 + 1)] * 2)


class Log(dict):
    """A namespace that says who looks, and has opinions."""
    log = []

    def __getitem__(self, k):
        Log.log.append("get " + k)
        if k == "made_up":
            return len(self)
        if k == "forbidden":
            raise ValueError(k)
        return super().__getitem__(k)

    def __setitem__(self, k, v):
        Log.log.append("set " + k)
        if k == "refused":
            raise AttributeError(k)
        super().__setitem__(k, v)

    def __delitem__(self, k):
        Log.log.append("del " + k)
        if k == "kept":
            raise RuntimeError(k)
        super().__delitem__(k)


class Meta(type):
    @classmethod
    def __prepare__(meta, name, bases, **kw):
        return Log(kw)

    def __new__(meta, name, bases, ns, **kw):
        return super().__new__(meta, name, bases, dict(ns))

    def __init__(cls, name, bases, ns, **kw):
        pass


def logged(n, what):
    class L(metaclass=Meta, made=5):
        x = 0
        for i in range(n):
            x += made + made_up
            if what and i == n - 2:
                if what == 1: forbidden
                if what == 2: refused = 1
                if what == 3: del kept
                if what == 4: del nothing
                if what == 5: nothing
                if what == 6: import sys as refused
    return L.x


for what in range(7):
    for n in 3, 80:
        Log.log.clear()
        print(what, seen(logged, n, what), len(Log.log), Log.log[-6:])


# a variable of the function around, emptied while the body runs
def emptied(n):
    v = "there"

    def empty():
        nonlocal v
        del v

    class E:
        r = []
        for i in range(n):
            if i == n - 5:
                empty()
            try:
                r.append(v)
            except NameError as e:
                r.append((type(e).__name__, str(e)))
            if i == n - 3:
                locals()["v"] = "own"
    return E.r[:2], E.r[-6:]


print(emptied(10), emptied(100))


# class statements
def classes(n):
    out = []
    for i in range(n):
        @functools_like
        class A(list if i % 2 else dict):
            """text"""
            n = i
            note: int = 5
            __slots__ = ()

            def get(self): return self.n + len(self)

            @property
            def p(self): return __class__.__name__

        class B(A, metaclass=type):
            def get(self): return super().get() * 2
        out.append((A().get(), B().get(), A().p, B.__mro__[1].__name__, A.__doc__, A.__qualname__, list(A.__annotations__)))
    return out[0], out[-1], len(out)


def functools_like(c):
    c.decorated = True
    return c


print(classes(80))


def generic(n):
    out = []
    for i in range(n):
        class G[T, *Ts]:
            x = i
            def f[U](self, a: T, b: U) -> tuple[T, U]: return a, b, self.x
            type Pair = tuple[T, level]
        type Named[V] = dict[str, V]
        out.append((G().f(1, 2), str(G.__type_params__), G.Pair.__value__.__args__[1:], str(Named.__value__)))
    return out[0], out[-1], len(out)


level = int
print(generic(60))
level = "global"


def failing(n):
    seen_ = {}
    for i in range(n):
        try:
            class Bad(*([int, str] if i % 2 else [int, int])):
                pass
        except TypeError as e:
            seen_[str(e)[:40]] = seen_.get(str(e)[:40], 0) + 1
        try:
            class Worse:
                x = 1 // (i % 3)
        except ZeroDivisionError as e:
            seen_[str(e), e.__traceback__.tb_next.tb_frame.f_code.co_name] = i
    return seen_


print(failing(60))


def builder(n):
    """__build_class__ is looked up as it is."""
    mine = []

    def build(function, name, *bases, **kw):
        mine.append(name)
        return original(function, name, *bases, **kw)
    original = builtins.__build_class__
    for i in range(n):
        if i == n // 2:
            builtins.__build_class__ = build
        if i == n // 2 + 10:
            builtins.__build_class__ = original
        class Q:
            v = i
        if i == n - 1:
            del builtins.__build_class__
            try:
                class R: pass
            except NameError as e:
                mine.append(str(e))
            builtins.__build_class__ = original
    return mine


print(builder(60))


# the same code with and without locals of its own, in other namespaces
loop = compile("""
t = 0
for i in range(n):
    t += i * k
    last = i
    del last
r = t
""", "loop", "exec")


def namespaces():
    out = []
    one = {"n": 300, "k": 2}
    for x in range(6):
        exec(loop, one)
        out.append((one["t"], one["r"], sorted(one)[1:]))
    mine = {"k": 3}
    one["t"] = "untouched"
    for x in range(6):
        exec(loop, one, mine)
        out.append((mine["t"], one["t"], sorted(mine)))
    exec(loop, one)
    other = {"n": 200, "k": 1}
    log = Log(n=100)
    Log.log.clear()
    for x in range(4):
        exec(loop, other, log)
        exec(loop, other)
        out.append((other["t"], dict(log), len(Log.log)))
    return out


print(*namespaces(), sep="\n")


# import *
star = compile("""
for i in range(100):
    from math import *
    x = floor(sqrt(i)) + i
    if i % 10 == 0:
        from string import *
        y = digits
""", "star", "exec")
own, shared = {}, {}
for k in range(3):
    exec(star, shared)
    exec(star, {}, own)
print(shared["x"], shared["y"], own["x"], own["y"], len(shared) - len(own), "__builtins__" in shared)
for i in range(100):
    from math import *
    from os.path import *
print(floor(2.5), basename("a/b"))


class Bare:
    for i in range(60):
        import sys
        from os import path as p, sep
        q = sys.maxsize, p.basename("x/y"), sep


print(Bare.q == (sys.maxsize, "y", "/"), Bare.i)
