"""seed -> a random Python program, for fuzz.py: Program(seed).text().

Programs are valid, deterministic and end: every loop has a counter of its own or iterates over something that cannot grow without
limit. A program is a few functions rich in hot loops, called with arguments of several types; each prints its variables and which of
them are the same object, at many points.
"""

import random

INTS = [0, 1, 2, 3, -1, -2, 5, 7, 10, 100, 255, 256, 257, -5, -6, 1000, 65535, 2**30 - 1, 2**30, -2**30, 2**31 - 1, 2**31, -2**31, 2**32, 2**53, 2**53 + 1,
        2**61, 2**62 - 1, 2**62, -2**62, 2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**64 - 1, 2**64, 10**20]
FLOATS = ["0.0", "-0.0", "0.5", "1.0", "2.0", "-1.5", "3.25", "1e10", "-1e10", "1e300", "1e-300", "5e-324", "9007199254740993.0", "4611686018427387904.0",
          "9223372036854775808.0", "0.1", "256.0", "INF", "-INF", "NAN"]

PRELUDE = '''
import gc
import math
import sys
INF = float("inf")
NAN = float("nan")
def R(v):
    return repr(v) if not isinstance(v, int) or -10**300 < v < 10**300 else "big%d" % (v % 1000003)
def show(tag, vars, same):
    print(tag, " ".join([R(v) for v in vars]), "".join(["01"[s] for s in same]), NOTE)
def tail(log):
    print(len(log), R(log[-12:]))
def run(f, *args):
    try:
        print(f.__name__, R(f(*args)))
    except Exception as e:
        lines = []
        tb = e.__traceback__
        while tb:
            lines.append(tb.tb_lineno)
            tb = tb.tb_next
        print(f.__name__, type(e).__name__, str(e)[:80], lines[1:])
class P:
    def __init__(self, n, x, v):
        self.n = n
        self.x = x
        self.v = v
    def __repr__(self):
        return f"P({self.n}, {self.x})"
    def step(self, d):
        self.n += d & 15
        return self.n
    def pick(self, w):
        if w is None:
            return self.v
        self.v = w
        return self
class Q:
    __slots__ = ("n", "x", "v")
    K = 3
    def __init__(self, n, x, v):
        self.n, self.x, self.v = n, x, v
    def __repr__(self):
        return f"Q({self.n}, {self.x})"
    def step(self, d=1):
        if d > 5:
            return d
        return self.n + d
    def pick(self, w):
        return self.v
    @property
    def twice(self):
        return self.x * 2
class W:
    """Operators, and an __init__ that the interpreter calls from C."""
    __slots__ = ("n", "k")
    made = 0
    def __init__(self, n, k=3):
        W.made += 1
        if W.made % 997 == 0:
            raise IndexError(n)
        self.n = n & 0xffff
        self.k = k
    def __add__(self, o):
        if self.n % 61 == 5:
            return NotImplemented
        return W(self.n + (o.n if isinstance(o, W) else o), k=self.k - 1)
    def __radd__(self, o):
        return self.n + o & 0xffff
    def __sub__(self, o):
        return self.n - (o if isinstance(o, int) else o.n)
    def __mul__(self, k):
        return self.n * 0.5 if k % 7 == 3 else self.n * (k & 255)
    def __lt__(self, o):
        if self.n % 67 == 6:
            return NotImplemented
        return self.n < (o if isinstance(o, int) else o.n)
    def __eq__(self, o):
        return self.n % 16 == o.n % 16 if isinstance(o, W) else self.k
    def __neg__(self):
        return W(~self.n, -self.k)
    def deep(self, d):
        if d == 0:
            return self.n
        return (self + d).deep(d - 1) + (self.deep(d - 2) if d > 1 else 1)
class V:
    """Instances that need not be made: as long as nobody sees them."""
    __slots__ = ("a", "b")
    def __init__(self, a, b=0.5):
        self.a = a
        self.b = b
    def __repr__(self):
        return f"V({R(self.a)}, {R(self.b)})"
    def __add__(self, o):
        return V(self.a + o.a, o.b)
    def __sub__(self, o):
        return o.swap() if self.a is o.b else NotImplemented if self.b is None else self
    def __mul__(self, k):
        return V(self.a, 7 // (k & 3))
    def __neg__(self):
        return V(self.b, self.a)
    def __eq__(self, o):
        return self.a == o.a
    def __lt__(self, o):
        return self.b if self.a is o.a else self.a is o.b
    def swap(self):
        self.a, self.b = self.b, self.a
        return self
    def with_b(self, b):
        self.b = b
        return self
    def either(self):
        return self.b if self.a is None else self.a
class D:
    scale = 3
    def __init__(self, a, b=None):
        self.b = b
        if a is b and a is not None:
            raise Err(NOTE & 7)
        self.a = a
    def __repr__(self):
        return f"D({R(self.a)}, {R(self.b)}, {R(getattr(self, 'c', None))}, {'.'.join(self.__dict__)})"
    def __add__(self, o):
        return D(o.b, self.a).with_c(self.scale)
    def __neg__(self):
        d = D(self.a, self.b)
        d.c = d.a
        return d
    def with_c(self, c):
        self.c = c
        self.a = self.a
        return self
    def with_b(self, b):
        return type(self)(self.a, b)
    def swap(self):
        return D(self.b, self.a)
    def either(self):
        return self.a if self.b is None else self.b
    @property
    def twice(self):
        return V(self.a, self)
def count(n, by=1):
    i = 0
    while i < n:
        yield i
        i += by
def pairs(seq):
    last = None
    for v in seq:
        yield last, v
        last = v
class Spy:
    """Operators that look at who calls them, write their variables, and raise."""
    calls = 0
    def tick(self):
        self.calls += 1
        if self.calls % 23 == 0:
            sys._getframe(2)
        if self.calls % 41 == 0:
            f = sys._getframe(2)
            if "a" in f.f_locals:
                f.f_locals["a"] = 3
        if self.calls % 59 == 0:
            raise KeyError(self.calls)
        return self.calls & 15
    def __add__(self, i): return self.tick()
    def __getitem__(self, i): return self.tick()
    def __sub__(self, i): self.tick(); return None
    def __bool__(self): return self.tick() > 7
SPY = Spy()
NOTE = 0
def note(k):
    """Everything that must happen in order."""
    global NOTE
    NOTE = (NOTE * 31 + (k if isinstance(k, int) else 7) + 1) & 0xffffff
    return k
class Del:
    def __init__(self, k):
        self.k = k & 63
    def __del__(self):
        note(self.k)
class Err(Exception):
    def __init__(self, k=0):
        if k % 89 == 5:
            raise OverflowError(k)
        self.k = k & 7
class Err2(Err):
    def __str__(self):
        return "E2"
KINDS = [Err, Err2, KeyError, ValueError, IndexError, ZeroDivisionError, TypeError]
def boom(k, every=5):
    if isinstance(k, int) and k % every == 0:
        raise KINDS[k % 7](k)
    return k
def boom2(k):
    d = k, 2.5, [k]
    try:
        return boom(k, 3)
    except KeyError:
        raise Err(k)
    finally:
        note(len(d))
def star(a, *more):
    return note(len(more)) + (a & 255 if isinstance(a, int) else 1)
def named(a=1, *more, **names):
    names["k"] = more
    a = boom((a if isinstance(a, int) else 2) & 63, 7)
    more = None
    return a + len(names["k"])
def wrapped(*args, **names):
    return star(*args, **names)
def celled(a, k=5, *, c=2):
    """It makes cells."""
    def more():
        nonlocal k
        k = (k if isinstance(k, int) else 1) + c & 31
        return a
    d = Del(k) if isinstance(k, int) and k & 1 else None
    f = lambda: d
    try:
        return (boom(more() and k, 9) & 255) + (f() is None)
    except KeyError:
        raise Err(k)
def falls(n, k=0):
    """What it raises goes through some calls of itself."""
    if n <= 0:
        raise KINDS[k & 3](k)
    try:
        return falls(n - 1, k + 1)
    except Err:
        return note(n)
def either_of(x, y=1):
    return x if y else y
CALLED = [either_of, celled, star, named, wrapped, lambda x, y=2: (x, y), V, D, max, falls]
def call_any(i, x, y):
    return CALLED[i % len(CALLED)](x, y)
def call_kw(i, x, y):
    return (either_of, lambda x, y=2: y)[i & 1](y=x, x=y) if i & 2 else (celled, named, wrapped)[i % 3](x, **({"k": y} if i & 4 else {}))
class Bound:
    def __init__(self, k):
        self.k, self.f = k, self.one
    def one(self, x):
        self.f = self.two
        return self.k & 7
    def two(self, x=1, *more):
        if isinstance(x, int) and x & 1:
            self.f = self.one
        return boom(note(len(more)), 2)
BOUND = Bound(3)
def info():
    e = sys.exception()
    return note(0 if e is None else len(type(e).__name__))
def chain(e):
    out = ""
    while e is not None and len(out) < 30:
        tb, last = e.__traceback__, 0
        while tb:
            last = last * 3 + tb.tb_lineno
            tb = tb.tb_next
        out += type(e).__name__[:3] + str(last % 997) + "+-"[e.__suppress_context__]
        e = e.__cause__ or e.__context__
    return out
def write(e, name, value):
    e.__traceback__.tb_frame.f_locals[name] = value
class CM:
    def __init__(self, k):
        self.k = k
    def __enter__(self):
        if self.k % 29 == 7:
            raise Err(self.k)
        return self.k
    def __exit__(self, t, v, tb):
        note(self.k + (t is not None))
        if self.k % 31 == 11:
            raise KeyError(self.k)
        return self.k % 3 if t is not None else None
def calm(n, v):
    """Generators: these raise nothing by themselves."""
    for k in range(n & 7):
        try:
            got = yield (k, v) if k & 1 else v
            if got is not None:
                n += 1
                yield got
        except (KeyError, Err):
            note(k)
        finally:
            note(n & 15)
def inner(n, v):
    with CM(n & 3 | 12):
        got = yield n
        yield v if got is None else got
    return n & 3
def outer(n, v):
    x = 0.5
    for k in range(n & 3):
        try:
            x += (yield from inner(k + n, v)) or 0
        except ValueError:
            x = -x
            yield x
    yield from calm(n, x)
    return x
def wild(n, v):
    d = n & 15
    while d > 0:
        d -= 1
        try:
            got = yield boom(n + d, 7)
            v = got + v if isinstance(got, int) and isinstance(v, int) and -1000 < v < 1000 else v
        except IndexError:
            d -= 1
            yield v
        else:
            yield d
GENS = [calm, outer, wild, inner]
D8 = {}
L8 = []
GI = 0
GF = 0.5
GV = None
'''


class Function:
    """Writes the body of one function (or of the module): lines with indentation, variables by class of type."""

    def __init__(self, gen, name, module=False):
        self.g, self.r, self.name, self.module = gen, gen.r, name, module
        p = f"{name}_" if module else ""
        self.lean = self.r.random() < .6        # without what cannot be recorded, and with few variables
        few = (("n", 2), ("x", 2), ("m", 1), ("v", 2), ("s", 1), ("b", 1), ("li", 1), ("lx", 1), ("lv", 1), ("o", 1), ("t", 1), ("d", 1), ("g", 1), ("w", 1))
        self.vars = {k: [f"{p}{k}{i}" for i in range(n)] for k, n in few if self.lean} or {k: [f"{p}{k}{i}" for i in range(n)] for k, n in (("n", 4), ("x", 3), ("m", 2), ("v", 3), ("s", 1), ("b", 1), ("li", 1), ("lx", 1), ("lv", 2), ("o", 1), ("t", 1), ("d", 1), ("g", 1), ("w", 2))}
        self.p = p
        self.loop_vars = []         # ints that may be read only
        self.counter = 0
        self.lines = []
        self.level = 0
        self.in_loop = 0
        self.tags = 0
        self.cells = False
        self.size = 0
        self.tries = 0              # around

    # ---- text ----
    def emit(self, text):
        self.lines.append("    " * self.level + text)
        self.size += 1

    def block(self, fn):
        self.level += 1
        before = len(self.lines)
        fn()
        if len(self.lines) == before:
            self.emit("pass")
        self.level -= 1

    def fresh(self, prefix):
        self.counter += 1
        return f"{self.p}{prefix}{self.counter}"

    def chance(self, p):
        return self.r.random() < p

    def var(self, kind):
        return self.r.choice(self.vars[kind])

    def anyvar(self):
        return self.var(self.r.choice("nnxxmmvvvsbot"))

    # ---- expressions ----
    def int(self, d=2):
        r = self.r
        k = r.randrange(38) if d > 0 else r.randrange(7)
        if k < 4:
            return self.var("n")
        if k >= 36:
            return r.choice([f"{self.vec('n', 1)}.a", f"({self.vec('n', 1)}.a + 1)"])
        if k >= 34:
            n = lambda: self.int(0)
            return r.choice([f"(W({n()}) + W({n()}, {n()})).n", f"(W({n()}, k={n()}) + {n()}).n", f"({n()} + W({n()}))", f"(W({n()}) - W({n()}))", f"(-W({n()}) - {n()})",
                             f"int(W({n()}) * {n()})", f"W({n()}).deep({n()} & 3)", f"(({self.bool(0)}) + (W({n()}) < W({n()})))", f"((W({n()}) == {self.any(0)}) is True)",
                             f"(1 if W({n()}) < {n()} else 2)"])
        if k < 6:
            return r.choice(self.loop_vars) if self.loop_vars else self.var("n")
        if k == 6:
            v = r.choice(INTS) if self.chance(.4) else r.randrange(-3, 20)
            return str(v) if v >= 0 else f"({v})"
        a = lambda: self.int(d - 1)
        if k < 14:
            return f"({a()} {r.choice(['+', '-', '+', '-', '^', '|'])} {a()})"
        if k == 14:
            return f"({a()} * {r.randrange(-1, 4)})"
        if k == 15:
            return f"(({a()} * {a()}) & {r.choice(['255', '0xffff', '0xffffffff', '0x3fffffff', '2**62 - 1', '2**63 - 1', '2**64 - 1'])})"
        if k == 16:
            return f"(({a()} * {a()} + {a()}) % {r.choice([2, 3, 7, 8, 1000, 1000003, 2**31 - 1, 2**61 - 1, -7, -16])})"
        if k == 17:
            return f"({a()} & {r.choice([1, 3, 15, 255, 2**31 - 1, 2**32 - 1, 2**63 - 1, 2**64 - 1, -2, -256])})"
        if k == 18:
            return f"({a()} >> {r.choice(['1', '2', '5', '31', '63', '64', f'({self.var("n")} & 7)'])})"
        if k == 19:
            return f"(({a()} & {r.choice(['255', '0xffff', '2**40 - 1'])}) << {r.choice(['1', '3', '20', '40', f'({self.var("n")} & 63)'])})"
        if k == 20:
            return f"({a()} // {r.choice(['2', '3', '7', '-3', '16', f'({self.var("n")} | 1)', f'({a()} or 5)'])})"
        if k == 21:
            return f"({a()} % {r.choice(['2', '3', '8', '-5', '10', f'({self.var("n")} | 1)', f'({a()} or 5)'])})"
        if k == 22:
            return f"{r.choice(['-', '~', '-'])}{a()}"
        if k == 23:
            return f"abs({a()})"
        if k == 24:
            return f"{r.choice(['min', 'max'])}({a()}, {a()}{r.choice(['', '', ', 3'])})"
        if k == 25:
            return f"len({self.var(r.choice(['li', 'lx', 'lv', 't', 's']))})"
        if k == 26:
            return f"{self.item('li')}"
        if k == 27:
            return f"({a()} if {self.bool(d - 1)} else {a()})"
        if k == 28:
            return self.g.call("int", self, d)
        if k == 29:
            x = self.var("x")
            return r.choice([f"(int({x}) if -1e18 < {x} < 1e18 else 0)", f"int({a()})", f"({self.bool(0)} + {a()})", f"round({a()})"])
        if k == 30 and self.lean:
            return f"(({a()} & 7) ** ({a()} & 3))"
        if k == 30:
            return r.choice([f"{self.var('o')}.n", f"{self.var('o')}.step({a()})", f"(({a()} & 7) ** ({a()} & 3))", f"divmod({a()}, 7)[1]"])
        if k == 31:
            return r.choice(["GI", f"{self.var('d')}.get({a()} & 7, 1)", f"int.bit_length({a()})", f"sum({self.var('li')})"])
        if k == 32:
            return f"({a()} {r.choice(['and', 'or'])} {a()})"
        return f"({self.var('n')} - {self.var('n')})"

    def float(self, d=2):
        r = self.r
        k = r.randrange(24) if d > 0 else r.randrange(4)
        if k < 3:
            return self.var("x")
        if k >= 22:
            return f"{self.vec('x', r.choice([1, 2]))}.a"
        if k == 3:
            return r.choice(FLOATS) if self.chance(.5) else str(r.randrange(-20, 20) / 4)
        a = lambda: self.float(d - 1)
        if k < 9:
            return f"({a()} {r.choice('+-*+-')} {a()})"
        if k == 9:
            return f"({a()} / {r.choice(['2.0', '3.0', '4', '-0.5', f'({a()} or 1.0)'])})"
        if k < 12:
            i = self.int(0)
            return r.choice([f"({a()} {r.choice('+-*')} ({i} & 1023))", f"(({i} % 1000) {r.choice('+-*')} {a()})", f"({a()} + {self.bool(0)})"])
        if k == 12:
            return f"-{a()}"
        if k == 13:
            return f"abs({a()})"
        if k == 14:
            return f"{r.choice(['min', 'max'])}({a()}, {a()})"
        if k == 15:
            return self.item("lx")
        if k == 16:
            return f"({a()} if {self.bool(d - 1)} else {a()})"
        if k == 17:
            return self.g.call("float", self, d)
        if k == 18:
            x = self.var("x")
            return r.choice([f"math.sqrt(abs({x}))", f"(math.sin({x}) if -1e6 < {x} < 1e6 else 0.25)", f"math.fabs({a()})", f"(({self.int(0)} & 4095) / {r.choice([4, 7])})",
                             f"float({self.int(0)} & 255)", f"float({a()})", f"float('{r.choice(['1.5', '-0.0', 'nan'])}')"])
        if k == 19:
            return r.choice(["GF" if self.lean else f"{self.var('o')}.x", "GF", f"({a()} and {a()})", f"({a()} or {a()})"])
        if k == 20:
            return f"({a()} {r.choice(['//', '%'])} {r.choice(['2.0', '-0.75', '3', '1e10'])})"
        return r.choice([f"(abs({self.var('x')}) % 3.0 + 0.5) ** {r.choice(['2', '2.0', '0.5', '-1.0'])}", f"({a()} - {a()})"])

    def vec(self, kind="num", d=2):
        """An instance of V or D; its attributes: numbers, or of that kind."""
        r = self.r
        k = r.randrange(9) if d > 0 else r.randrange(3)
        a = lambda: {"num": self.num, "any": self.any, "n": self.int, "x": self.float}[kind](0)
        if k == 0 and kind in ("num", "any"):
            return self.var("w")
        if k < 3:
            return r.choice([f"V({a()}, {a()})", f"V({a()}, {a()})", f"V({a()})" if kind != "n" else f"V({a()}, 1)", f"D({a()}, {a()})"])
        e = self.vec(kind, d - 1)
        if k == 3:
            c = r.choice("VD")
            return f"({c}({a()}, {a()}) + {c}({a()}, {a()}))"
        return [f"(-{e})", f"{e}.swap()", f"{e}.with_b({a()})", f"D({a()}, {a()}).with_c({a()})", f"V({a()}, b={a()})" if self.chance(.5) else f"(V({a()}) * {self.int(0)})"][k - 4]

    def instances(self):
        r, w, u = self.r, self.var("w"), self.var("w")
        k = r.randrange(12)
        kind = r.choice(["num", "num", "any"])
        a = lambda: self.num(1) if kind == "num" else self.any(1)
        if k < 4:
            self.emit(f"{w} = {self.vec(kind)}")
        elif k < 6:
            self.emit(f"{w}.{r.choice('ab')} = {a()}")
        elif k == 6:
            self.emit(f"{w} = {u}.{r.choice(['swap()', f'with_b({a()})'])}")
        elif k == 7:
            self.emit(f"{self.p}log.append(({w} is {u}, {w}.a is {w}.b, {u}.a is {self.anyvar()}))")
        elif k == 8:
            self.emit(f"{self.var('v')} = {self.vec(kind)}.{r.choice(['a', 'b', 'either()'])}")
        elif k == 9:
            x = self.var("x")
            self.emit(f"{self.p}log.append(({x} is V({x}, {x}).a, type({self.vec(kind, 1)}).__name__, {w}))")
        elif k == 10:
            self.emit(f"if {r.choice([f'{w} == {u}', f'V({a()}) == {w}', f'V({a()}, {a()}) < V({a()})', f'{w} is not {u}'])}:")
            self.block(self.assign)
        else:
            self.emit(f"{self.var('v')} = ({self.vec(kind, 1)}, {self.vec(kind, 1)}) if {self.bool(0)} else {self.vec('any', 1)}.a")

    def num(self, d=2):
        k = self.r.randrange(9)
        if k < 3:
            return self.int(d)
        if k < 5:
            return self.float(d)
        if k == 5:
            return self.var("m")
        if k == 6:
            return self.bool(d - 1)
        m = self.var("m")
        return self.r.choice([f"({m} + {self.int(0)} % 1000)" if self.chance(.7) else f"({m} * 0.5)", f"({m} - {self.float(0)})", f"-{m}", f"abs({m})", f"({self.num(d - 1)} if {self.bool(0)} else {self.num(d - 1)})" if d > 0 else m])

    def bool(self, d=1):
        r = self.r
        k = r.randrange(15) if d > 0 else r.randrange(5)
        op = lambda: r.choice(["<", "<=", "==", "!=", ">", ">="])
        n = lambda: self.int(0)
        if k == 0:
            return self.var("b")
        if k < 3:
            return f"({n()} {op()} {n()})" if d <= 0 or self.chance(.5) else f"({self.int(d)} {op()} {self.int(d)})"
        if k == 3:
            return f"({n()} % {r.randrange(2, 6)} == {r.randrange(3)})"
        if k == 4:
            return f"({self.float(0)} {op()} {self.float(0)})"
        if k == 5:
            return f"({self.var('m')} {op()} {self.num(0)})"
        if k == 6:
            return f"({n()} {op()} {n()} {op()} {n()})"
        if k == 7:
            return f"({self.var('x')} {op()} {n()} {op()} {self.var('m')})"
        if k < 10:
            return self.same()
        if k == 10:
            return f"(not {self.any(0)})"
        if k == 11:
            return f"({self.bool(d - 1)} {r.choice(['and', 'or', '&', '|', '^'])} {self.bool(d - 1)})"
        if k == 12:
            return f"({self.any(0)} {r.choice(['in', 'not in'])} {self.var(r.choice(['lv', 'li', 't']))})"
        if k == 13:
            return f"({self.any(0)} {r.choice(['==', '!='])} {self.any(0)})"
        return r.choice([f"isinstance({self.anyvar()}, {r.choice(['int', 'float', 'str', 'list', '(int, str)'])})", f"bool({self.any(0)})", f"({self.var('x')} != {self.var('x')})"])

    def same(self):
        k = self.r.choice("nxmvvvsbto")
        a = self.var(k)
        b = self.anyvar() if self.chance(.6) else self.r.choice(["None", self.item("lv"), self.item("lx"), "True", self.item("li")])
        return f"({a} {self.r.choice(['is', 'is', 'is not'])} {b})"

    def str(self, d=1):
        r = self.r
        k = r.randrange(8) if d > 0 else r.randrange(2)
        s = self.var("s")
        if k == 0:
            return s
        if k == 1:
            return repr(r.choice(["", "a", "bc", "xyz", "é"]))
        return [f"({s} + {self.str(0)})[-9:]", f"({s} * 2)[:7]", f"str({self.int(0)} % 1000)", f"f'{{{self.int(0)} & 255}}-{{{self.var('b')}}}'", f"{s}[::-1]",
                f"('%d|%s' % ({self.int(0)} & 99, {self.var('b')}))"][k - 2]

    def any(self, d=1):
        r = self.r
        k = r.randrange(12)
        if k < 3:
            return self.var("v")
        if k == 3:
            return self.int(d)
        if k == 4:
            return self.float(d)
        if k == 5:
            return self.str(d)
        if k == 6:
            return self.bool(d)
        if k == 7:
            return "None"
        if k == 8:
            return self.var(r.choice(["n", "x", "m", "t", "b", "lx"]))
        if k == 9:
            return self.item("lv")
        if k == 10 and d > 0:
            return f"({self.anyatom()}, {self.anyatom()})"
        return self.anyvar() if d <= 0 else r.choice([f"[{self.anyatom()}, {self.anyatom()}]", "GV", self.g.call("any", self, d), self.var("v") if self.lean else f"{self.var('o')}.v", f"({self.any(0)} if {self.bool(0)} else {self.any(0)})"])

    def anyatom(self):
        return self.var(self.r.choice("nxmsbn"))

    def item(self, kind):
        l = self.var(kind)
        k = self.r.randrange(4)
        if k == 0:
            return f"{l}[{self.r.choice([0, 1, -1, 2])}]"
        if k == 1:
            return f"{l}[{self.r.choice(self.loop_vars)} % len({l})]" if self.loop_vars else f"{l}[0]"
        return f"{l}[{self.var('n')} % {self.r.choice([3, 2, f'len({l})'])}]"

    def typed(self, kind, d=2):
        return {"n": self.int, "x": self.float, "m": self.num, "v": self.any, "s": self.str, "b": self.bool, "li": self.int, "lx": self.float, "lv": self.any}[kind](d)

    # ---- statements ----
    def show(self, log=False):
        self.tags += 1
        names = [v for k in "nxmvsbtw" for v in self.vars[k]]
        if self.chance(.5):
            names += self.vars["li"] + self.vars["lx"] + self.vars["lv"]
        same = [f"{self.anyvar()} is {self.anyvar()}" for _ in range(4)] + [f"{self.var('v')} is {self.item('lv')}", f"{self.var('x')} is {self.item('lx')}"]
        self.emit(f"show('{self.name}.{self.tags}', ({', '.join(names)}), ({', '.join(same)},))")

    def log(self):
        k = self.r.randrange(4)
        if k == 0:
            self.emit(f"{self.p}log.append({self.anyvar()})" if self.chance(.5) else f"{self.p}log.append({self.var('x')} is {self.item('lx')})")
        elif k == 1:
            self.emit(f"{self.p}log.append({self.same()})")
        elif k == 2:
            self.emit(f"{self.p}log.append(({self.anyatom()}, {self.anyatom()}, {self.var('v')} is {self.var('v')}))")
        else:
            self.emit(f"if {self.bool(0)}:")
            self.block(self.show)

    def assign(self):
        r = self.r
        kind = r.choice("nnnnxxxmmvvvsb")
        v = self.var(kind)
        k = r.randrange(10)
        if k < 6:
            self.emit(f"{v} = {self.typed(kind)}")
        elif k < 8 and kind in "nx":
            e = self.typed(kind, 1)
            op = r.choice("+-+-*") if kind == "x" else r.choice("+-+-^|&")
            self.emit(f"{v} {op}= {e}")
            if kind == "n" and self.chance(.15):
                self.emit(f"{v} {r.choice(['*= 2', '*= 3', '>>= 1', '//= 3', '%= 1000', '<<= 1', '%= -17', '&= 2**63 - 1'])}")
        elif kind == "m":
            self.emit(f"{v} {r.choice('+-')}= {self.num(1)}")
        elif kind == "v":
            self.emit(f"{v} = {self.anyvar()}")
        else:
            w = self.var(kind)
            self.emit(f"{v} = {w}")
        if kind in "nm" and self.chance(.3):
            self.emit(f"if {v} > {r.choice(['2**70', '2**64', '2**63', '1000', '2**31'])} or {v} < {r.choice(['-2**70', '-2**63', '-1000', '-2**31'])}:")
            self.block(lambda: self.emit(f"{v} = {r.choice([str(r.randrange(-3, 300)), self.int(0) + ' & 127'])}"))

    def alias(self):
        r = self.r
        k = r.randrange(12)
        n, x, v, w = self.var("n"), self.var("x"), self.var("v"), self.var("v")
        if k == 0:
            self.emit(f"{x} = {v} = {self.item('lx')} = {self.float()}")
        elif k == 1:
            self.emit(f"{self.item('lv')} = {v} = {self.any()}")
        elif k == 2:
            self.emit(f"{n} = {v} = {self.item('li')} = {self.int()}")
        elif k == 3:
            kind = r.choice("nxmvv")
            a, b = self.var(kind), self.var(kind)
            self.emit(f"{a}, {b} = {b}, {a}")
        elif k == 4:
            l = self.var(r.choice(["lx", "li", "lv"]))
            self.emit(f"{l}[0], {l}[{r.choice([1, -1, 2])}] = {l}[1], {l}[0]")
        elif k == 5:
            a, b, c = self.var("x"), self.var("n"), self.var("m")
            self.emit(f"{a}, {b}, {c} = {self.float(1)}, {self.int(1)}, {self.num(1)}")
        elif k == 6:
            self.emit(f"{self.vars['t'][0]} = ({n}, {x}, {r.choice([v, self.num(1), '(' + n + ', ' + x + ')'])})" if self.chance(.9) else f"{self.vars['t'][0]} = {self.vars['t'][0]}[:2] + ({x},)")
        elif k == 7:
            self.emit(f"{r.choice([n, v])}, {r.choice([x, w])}, {r.choice([v, w])} = {self.vars['t'][0]}")
        elif k == 8:
            l = r.choice(["li", "lx", "lv"])
            self.emit(f"{self.item(l)} = {self.typed(l, 1)}")
        elif k == 9:
            l = r.choice(["li", "lx"])
            self.emit(f"{self.item(l)} {r.choice('+-')}= {self.typed(l, 0)}")
        elif k == 10:
            self.emit(f"{v} = {r.choice([x, n, self.item('lx'), self.item('lv'), self.var('m')])}")
            if self.chance(.5):
                self.emit(f"{w} = {v}")
        else:
            a, b = self.var("x"), self.var("x")
            self.emit(f"{a}, {v} = {v if False else a}, {b}")

    def misc(self):
        r = self.r
        if self.chance(.25):
            self.instances()
            return
        k = r.choice((2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 12, 17, 18)) if self.lean else r.randrange(20)
        v, n, x, o = self.var("v"), self.var("n"), self.var("x"), self.var("o")
        if k == 0:
            self.emit(f"{o}.{r.choice(['n += 1', f'n = {self.int(1)}', f'x = {self.float(1)}', f'x += {x}', f'v = {self.any()}'])}")
        elif k == 1:
            self.emit(f"{v} = {o}.pick({self.any(0)})" if self.chance(.5) else f"{o} = {r.choice('PQ')}({self.int(0)}, {self.float(0)}, {self.any(0)})")
        elif k == 2:
            l = r.choice(["li", "lx", "lv"])
            name = self.var(l)
            self.emit(f"if len({name}) < 12:")
            self.block(lambda: self.emit(f"{name}.append({self.typed(l, 1)})"))
            if self.chance(.6):
                self.emit(f"elif len({name}) > {r.choice([4, 11])}:")
                self.block(lambda: self.emit(r.choice([f"{name}.pop()", f"{v} = {name}.pop(0)", f"del {name}[0]", f"{name} = {name}[:3]", f"del {name}[3:]"])))
        elif k == 3:
            self.emit(f"{self.vars['li'][0]} = [({self.int(0)} + q) & 255 for q in range({r.randrange(3, 6)}){r.choice(['', ' if q != 9', ''])}]")
        elif k == 4:
            self.emit(f"{self.vars['lx'][0]} = [q * {r.choice(['0.5', x])} for q in {r.choice(['(1.0, 2, -0.0)', self.vars['lx'][0], 'range(4)'])}]")
        elif k == 5:
            self.emit(f"{n} = sum([{r.choice(['q', 'q & 7', '1'])} for q in {self.vars['li'][0]}{r.choice(['', ' if q > 1'])}]) & 0xffff")
        elif k == 6:
            w = self.var(r.choice("xvn"))
            e = self.typed({"x": "x", "v": "v", "n": "n"}[w[len(self.p)]])
            if w in e:
                e = "1"
            self.emit(f"del {w}")
            self.emit(f"{w} = {e}")
        elif k == 7 and not self.module:
            self.emit(f"GI = {self.int(1)} & 0xffff" if self.chance(.5) else f"GF = {self.float(1)}")
        elif k == 8 and not self.module:
            self.emit(f"GV = {self.any()}")
        elif k == 9 and self.cells:
            self.emit(r.choice([f"{n} = bump({self.int(0)} & 7)", f"{x} = grow({self.float(0)})", f"{v} = peek()"]))
        elif k == 10:
            self.emit(f"{self.vars['d'][0]}[{self.int(0)} & 7] = {self.int(1)} & 4095")
        elif k == 11:
            self.emit(f"{self.vars['d'][0]}.pop({self.int(0)} & 7, None)")
        elif k == 12:
            self.emit(f"{self.vars['s'][0]} += {self.str(0)}")
            self.emit(f"if len({self.vars['s'][0]}) > 20:")
            self.block(lambda: self.emit(f"{self.vars['s'][0]} = {r.choice(['\"\"', '\"k\"', self.vars['s'][0] + '[-3:]'])}"))
        elif k == 13:
            self.emit(f"if ({self.r.choice(['q', 'z'])}{self.p} := {self.int(1)}) > 3:".replace("q", f"{self.p}q").replace(f"q{self.p} ", "q ") if False else f"if ({n} := {self.int(1)}) > 3:")
            self.block(lambda: self.stmts(1))
        elif k == 14:
            self.emit(f"{v} = {r.choice([f'lambda: {n}', 'None'])}" if False else f"{v} = {self.g.call('any', self, 1)}")
        elif k == 15:
            self.emit(f"assert {self.var('b')} in (True, False), {v}")
        elif k == 16:
            self.emit(f"match {v}:")
            self.level += 1
            self.emit("case int():")
            self.block(lambda: self.emit(f"{n} ^= 1"))
            self.emit("case None:")
            self.block(self.assign)
            self.level -= 1
        else:
            self.log()

    def raising(self):
        r = self.r
        n, x, v = self.var("n"), self.var("x"), self.var("v")
        k = f"{self.int(0)} & {r.choice([15, 63])}"
        return r.choice([f"{n} = {self.int(0)} // ({self.int(0)} & 1)", f"{x} = {x} / ({self.int(0)} % 3)", f"{x} = 1.5 / {self.float(0)}", f"{n} = {self.vars['li'][0]}[{self.int(0)}]",
                         f"{v} = {v} + {self.anyvar()} if isinstance({v}, (int, float)) or len({v}) < 20 else 0", f"{v} = {{1: 2, 3: 4}}[{self.int(0)} & 3]", f"if {self.bool(0)}: raise ValueError({n} & 15)", f"{v} = {v}[0]", f"{n} = int({self.str(0)})",
                         f"{x} = math.sqrt({x})", f"{v}, {self.var('v')} = {v}", f"{n} = {self.int(0)} % ({self.int(0)} & 1)", f"{v} = {v} < {self.anyvar()}", f"{n} = {n} << ({self.int(0)} % 5 - 1); {n} &= 1023",
                         f"{x} = math.exp({x})", f"{n} = int({x})",
                         f"{n} = star({v}, {x})", f"{n} = star(*({v}, {x}, Del({k})))", f"{n} = wrapped({v}, {n}, {x})", f"{n} = wrapped(*({k},))", f"{n} = named({n})", f"{n} = named(*({n}, {v}), **{{}})",
                         f"{n} = BOUND.f({n})", f"{n} = BOUND.f()", f"{n} = celled({v}, {k})", f"{n} = celled({k}, c={r.randrange(9)})", f"{v} = call_any({self.int(0)} & 255, {self.int(0)} & 7, {v})", f"{v} = call_kw({self.int(0)} & 7, {k}, {x})", f"{n} = falls({k} & 7, {self.int(0)} & 3)", f"{n} = Bound({k}).f(Del({k}))", f"{n} = (lambda *a: len(a) + boom({k}))({v}, Del(2))", f"{n} = star({x} * 2.0, {n} + 1)",
                         f"{n} = boom({k})", f"{n} = boom2({k})", f"{n} = boom({k}, {r.choice([2, 3, 11])})", f"if {self.bool(0)}: raise KINDS[{self.int(0)} % 7]", f"raise KINDS[{self.int(0)} % 7]({k})", f"if {self.bool(0)}: raise Err({k}) from {r.choice(['None', 'KeyError', v, 'Err2(3)'])}",
                         f"raise {r.choice(['Err', 'KeyError', 'Err2', 'StopIteration'])}", f"{v} = (Del({k}), {x}, [boom({k})])[1]", f"{self.var('s')} = f'{{{n} & 7}}{{{x} < 2}}{{boom({k})}}'", f"{n} = sum([boom(q & 15) for q in {self.vars['li'][0]}]) & 0xffff",
                         f"{v} = sorted({self.vars['li'][0]}[:3], key=boom)[-1]", f"{v} = {v}.{r.choice(['nosuch', 'real', 'n'])}", f"assert {self.bool(0)}, {v}", f"{v} = {r.choice(['next', 'len', 'abs'])}({v})", f"{v} = next({self.var('g')})",
                         f"{v} = {self.var('g')}.send({self.any(0)})", f"{v} = {self.var('g')}.throw({r.choice(['KeyError', 'ValueError', 'Err', 'IndexError'])})", f"{n} = {n} + {x} * boom({k}); {n} = {self.int(0)}", f"{v} = UNKNOWN_NAME",
                         f"del {v}; {v} = {v} if {self.bool(0)} else 1", f"{n} = max({self.int(0)}, boom({k})) & 4095", f"{v} = [Del({k}), Del({k}), boom({k}, 2), Del(1)] and {n}"])

    CLASSES = ["KeyError", "Err", "Err2", "(KeyError, IndexError)", "(ZeroDivisionError, TypeError, ValueError, LookupError, OverflowError)", "ArithmeticError", "LookupError", "KINDS[{n} % 7]", "(Err, ValueError)", "AttributeError", "tuple(KINDS[{n} % 3:5])"]

    def handler(self, name, jumps):
        """The body of an except clause."""
        r = self.r
        k = r.randrange(16)
        if name and k < 9:
            what = r.choice([f"type({name}).__name__ + str({name})[:20]", f"chain({name})", f"{name} is sys.exception()"])
            self.emit(f"{self.p}log.append({what})")
        if k == 9:
            self.emit("info()")
        elif k == 10 and name:
            kind = r.choice("nxv")
            self.emit(f"write({name}, '{self.var(kind)}', {self.typed(kind, 0)})")
        elif k == 11 and name and self.g.dies:
            self.emit(f"{self.var('v')} = {r.choice([name + '.args', name])}")
        elif k == 12 and name:
            self.emit(r.choice([f"del {name}", f"{name} = {self.var('n')}", f"{name}.__traceback__ = None"]))
        elif k == 13 and jumps and self.in_loop:
            self.emit(r.choice(["break", "continue"]) if not self.chance(.3) or self.module else f"if {self.bool(0)}: return {self.any(0)}")
            return
        if self.chance(.7):
            self.stmts(1, 0, jumps=jumps)
        if self.tries and self.chance(.25):
            n = self.int(0)
            self.emit(f"if {self.bool(0)}:" if self.chance(.7) else "if True:")
            self.block(lambda: self.emit(r.choice(["raise", "raise", f"raise {name or 'Err'}", f"raise Err({n} & 15)", f"raise ValueError from {name or 'None'}", "raise KeyError from None", self.raising()])))

    def try_(self, depth, budget=1, jumps=True):
        r = self.r
        outer = self.tries == 0 and self.level < 6 and self.chance(.3)
        if outer:               # what is raised in the handlers is caught
            self.emit("try:")
            self.level += 1
        self.tries += 1
        self.emit("try:")
        def body():
            self.stmts(r.randrange(2), depth, budget)
            if self.level < 7 and self.chance(.2):
                r.choice([self.with_, self.try_])(0)
            self.emit(self.raising())
            if self.chance(.4):
                self.stmts(1, depth, budget)
        self.block(body)
        self.tries -= 1
        if outer:
            self.tries += 1
        nested = self.tries > 0
        clauses = 0 if nested and self.chance(.15) else r.choice([1, 1, 1, 1, 2, 3])
        for i in range(clauses):
            last = i == clauses - 1
            general = last and not (nested and self.chance(.3))
            c = r.choice(["Exception", "Exception", "(ZeroDivisionError, TypeError, ValueError, LookupError, OverflowError, Err, NameError, AttributeError, AssertionError, StopIteration)", ""]) if general else r.choice(self.CLASSES).format(n=self.var("n"))
            name = self.fresh("err") if c and self.chance(.6) else ""
            self.emit(f"except{' ' + c if c else ''}{' as ' + name if name else ''}:")
            self.block(lambda: self.handler(name, jumps))
        if clauses and self.chance(.2):
            self.emit("else:")
            self.block(lambda: self.stmts(1, 0, jumps=jumps))
        if not clauses or self.chance(.2):
            self.emit("finally:")
            def last_of_all():
                if self.chance(.4):
                    self.emit(r.choice(["info()", f"note({self.int(0)})"]))
                self.stmts(1, 0, jumps=False)
            self.block(last_of_all)
        if outer:
            self.tries -= 1
            self.level -= 1
            name = self.fresh("err")
            self.emit(f"except Exception as {name}:")
            self.block(lambda: self.handler(name, jumps))

    def with_(self, depth, budget=1, jumps=True):
        r = self.r
        managers = [f"CM({self.int(0)} & 63){r.choice(['', ' as ' + self.var('n')])}" for _ in range(r.choice([1, 1, 2]))]
        caught = self.tries == 0
        if caught:
            self.emit("try:")
            self.level += 1
        self.emit(f"with {', '.join(managers)}:")
        def body():
            self.stmts(r.randrange(1, 3), depth, budget)
            if self.chance(.5):
                self.emit(self.raising())
                self.stmts(r.randrange(2), 0)
        self.tries += 1
        self.block(body)
        self.tries -= 1
        if caught:
            self.level -= 1
            name = self.fresh("err") if self.chance(.5) else ""
            self.emit(f"except Exception{' as ' + name if name else ''}:")
            self.block(lambda: self.handler(name, jumps))

    def generator(self):
        r = self.r
        g, v = self.var("g"), self.var("v")
        k = r.randrange(8)
        if k < 3:
            self.emit(f"{g} = {r.choice(['calm', 'outer', 'wild', 'inner', 'GENS[' + self.int(0) + ' & 3]'])}({self.int(0)} & 31, {self.anyatom()})")
            return
        if k == 3:
            e = self.fresh("e")
            self.emit(f"for {e} in {r.choice(['calm', 'outer'])}({self.int(0)} & 31, {self.anyatom()}):")
            self.block(lambda: [self.emit(f"{v} = {e}"), self.emit(f"if {self.bool(0)}: {r.choice(['break', 'continue'])}")])
            return
        if k == 4:
            all = f"list({r.choice(['calm', 'outer'])}({self.int(0)} & 15, {self.anyatom()}))"
            self.emit(f"{v} = {r.choice([all, f'tuple({all})', f'len({all})', f'repr({all})[:20]', f'{all}[:2]', f'[*{all}, 5][0]'])}")
            return
        self.emit("try:")
        self.block(lambda: self.emit(r.choice([f"{v} = next({g})", f"{v} = {g}.send({self.any(0)})", f"{v} = {g}.throw({r.choice(['KeyError', 'ValueError(3)', 'Err', 'IndexError'])})", f"{g}.close()",
                                               f"for {v} in {g}: {r.choice(['pass', 'break', 'note(5)'])}", f"{v} = next({g}, None)"])))
        self.emit(r.choice(["except Exception as err:", "except (StopIteration, TypeError, ValueError, LookupError, Err, ArithmeticError, RuntimeError) as err:"]))
        self.block(lambda: self.emit(r.choice([f"{self.p}log.append(type(err).__name__ + R(getattr(err, 'value', 0)))", f"{self.p}log.append(chain(err))", "pass", f"{v} = None"])))

    def loop(self, depth, budget):
        r = self.r
        trips = r.choice([t for t in (0, 1, 2, 3, 4, 5, 8, 15, 30, 60, 150) if t <= budget] or [2])
        rest = budget // max(1, trips)
        k = r.randrange(14)
        li, lx, lv, t, s = (self.vars[q][0] for q in ("li", "lx", "lv", "t", "s"))
        loop_var = None
        prologue = None
        if k < 3:
            w = self.fresh("w")
            loop_var = w
            form = r.randrange(4)
            if form == 0:
                self.emit(f"{w} = 0")
                self.emit(f"while {w} < {trips}:")
                prologue = f"{w} += 1"
            elif form == 1:
                self.emit(f"{w} = {trips}")
                self.emit(f"while {w} > 0{r.choice(['', f' and {self.bool(0)}', f' or {self.var("n")} is None'])}:")
                prologue = f"{w} -= 1"
            elif form == 2:
                self.emit(f"{w} = 0")
                self.emit("while True:")
                prologue = f"{w} += 1\nif {w} > {trips}: break"
            else:
                self.emit(f"{w} = 0.0")
                self.emit(f"while {w} < {trips}:")
                prologue = f"{w} += {r.choice(['1', '0.5', '1.0', '2'])}"
                loop_var = None
        elif k < 8:
            loop_var = self.fresh("i")
            start, step = r.choice([0, 0, 0, 1, -3, 2**30 - 5, 2**31 - 2, 2**62 - 3, 2**63 - trips // 2 - 1, -2**63 + 2, 250, -8, -2**31 + 3]), r.choice([1, 1, 1, 2, 3, -1, -2])
            text = f"range({start}, {start + step * trips}, {step})" if step != 1 else f"range({start}, {start + trips})" if start else f"range({trips})"
            if start == 0 and step == 1 and self.chance(.2):
                text = f"range({self.var('n')} % {trips + 1})"
            self.emit(f"for {loop_var} in {text}:")
        else:
            e = self.fresh("e")
            i = self.fresh("i")
            form = r.choice((0, 1, 2, 3, 5, 8, 9, 11)) if self.lean else r.randrange(15)
            seq = r.choice([li, lx, lv, t])
            many = f"* {max(1, trips // 3)}"
            if form == 0:
                self.emit(f"for {e} in {seq}:")
            elif form == 1:
                self.emit(f"for {e} in {seq} {many}:")
            elif form == 2:
                loop_var = i
                self.emit(f"for {i}, {e} in enumerate({seq} {many}):")
            elif form == 3:
                self.emit(f"for {i}, {e} in zip(range({trips}), {seq} {many}):")
                loop_var = i
            elif form == 4:
                self.emit(f"for {i}, {e} in {{1: 2, 3: {self.var('x')}, 5: None, 'k': 7}}.items():")
            elif form == 5:
                self.emit(f"for {e} in 'abcdefgh'[:{min(8, trips)}]:")
            elif form == 6:
                loop_var = i
                self.emit(f"for {i} in count({trips}{r.choice(['', ', 2'])}):")
                e = None
            elif form == 7:
                self.emit(f"for {i}, {e} in pairs({seq} {many}):")
            elif form == 8:
                self.emit(f"for {e} in [{', '.join(self.any(0) for _ in range(4))}] {many}:")
            elif form == 9:
                self.emit(f"for {i}, {e} in [({self.int(0)}, {self.float(0)}), ({self.int(0)}, {self.int(0)}), ({self.int(0)}, {self.any(0)})] {many}:")
            elif form == 10:
                self.emit(f"for {e} in reversed({seq} {many}):")
            elif form >= 12:
                items = r.choice([f"{seq} {many}", f"range({trips})", f"count({trips})", f"(q for q in {seq} {many})"])
                for _ in range(r.choice([1, 1, 2, 2, 3])):
                    items = f"stage{r.randrange(N_STAGES)}({items})"
                self.emit(f"for {e} in {items}:")
            else:
                target = self.var({li: "n", lx: "x", lv: "v", t: "v"}[seq])
                self.emit(f"for {target} in {seq}{r.choice(['', ' ' + many])}:")
                e = None
            def head():
                if e:
                    self.emit(f"{self.var('v')} = {e}")
        self.loop_vars.append(loop_var) if loop_var else None
        was, self.in_loop = self.in_loop, self.in_loop + 1
        def body():
            if prologue:
                for line in prologue.split("\n"):
                    self.emit(line)
            if k >= 8 and self.chance(.6):
                head()
            self.stmts(r.randrange(1, 6), depth - 1, rest)
            if trips > 8 and depth <= 2 and self.chance(.3):
                self.emit(f"if {loop_var or self.var('n')} % {r.choice([5, 11])} == 3:")
                self.block(self.show)
        self.block(body)
        self.in_loop = was
        if loop_var:
            self.loop_vars.pop()
            if self.chance(.5) and k < 3:
                self.loop_vars.append(loop_var)
        if self.chance(.15):
            self.emit("else:")
            self.block(lambda: self.stmts(1, 0))

    def if_(self, depth, budget):
        self.emit(f"if {self.bool()}:")
        self.block(lambda: self.stmts(self.r.randrange(1, 3), depth, budget))
        if self.chance(.4):
            if self.chance(.3):
                self.emit(f"elif {self.bool()}:")
                self.block(lambda: self.stmts(1, depth, budget))
            self.emit("else:")
            self.block(lambda: self.stmts(self.r.randrange(1, 3), depth, budget))

    def stmts(self, n, depth=0, budget=1, jumps=True):
        r = self.r
        for _ in range(n):
            k = r.randrange(100)
            if k < 34:
                self.assign()
            elif k < 54:
                self.alias()
            elif k < 68:
                self.misc()
            elif k < 78 and self.level < 7:
                self.if_(0 if self.size > 60 else depth, budget)
            elif k < 83 and self.level < 7:
                j = r.randrange(10)
                if j < 6:
                    self.try_(depth - 1 if self.chance(.3) else 0, budget, jumps)
                elif j < 8:
                    self.with_(depth - 1 if self.chance(.3) else 0, budget, jumps)
                else:
                    self.generator()
            elif k < 87 and self.in_loop and jumps:
                self.emit(f"if {self.bool(0)}:")
                self.block(lambda: self.emit(r.choice(["break", "continue", "continue"])))
            elif k < 88 and not self.module and self.in_loop and jumps:
                self.emit(f"if {self.same()} and {self.bool(0)}:")
                self.block(lambda: self.emit(f"return {self.any(0)}"))
            elif depth > 0 and self.size < 90:
                self.loop(depth, budget)
            else:
                self.assign()

    def write(self):
        r, v = self.r, self.vars
        args = ["a", "b", "c", "d"]
        if not self.module:
            self.emit(f"def {self.name}(a, b, c, d=None):")
            self.level = 1
            self.emit("global GI, GF, GV")
            first, self.cells = 1, self.chance(.3)
        for i, n in enumerate(v["n"]):
            self.emit(f"{n} = {'a' if i == 0 and not self.module else r.choice(INTS[:14]) if self.chance(.7) else r.choice(INTS)}")
        for i, x in enumerate(v["x"]):
            self.emit(f"{x} = {'b' if i == 0 and not self.module else r.choice(FLOATS) if self.chance(.3) else r.randrange(-9, 9) / 2}")
        for m in v["m"]:
            self.emit(f"{m} = {r.choice(['1', '2.5', 'True', '0'])}")
        for i, x in enumerate(v["v"]):
            self.emit(f"{x} = {r.choice(['None', '7', '1.5', repr('q'), v['x'][-1]]) if i or self.module else 'c'}")
        self.emit(f"{v['s'][0]} = 'ab'")
        self.emit(f"{v['b'][0]} = {r.choice(['True', 'False'])}")
        self.emit(f"{v['li'][0]} = [3, {r.choice(INTS)}, 9, -1]")
        self.emit(f"{v['lx'][0]} = [0.5, {r.choice(FLOATS)}, -2.25, 8.0]")
        for l in v["lv"]:
            self.emit(f"{l} = [{v['x'][0]}, {v['n'][0]}, {r.choice(['None', repr('z'), '1.5', '(1, 2)'])}]")
        self.emit(f"{v['o'][0]} = {r.choice('PQ')}({v['n'][1]}, {v['x'][1]}, {v['v'][0]})")
        for i, w in enumerate(v["w"]):
            self.emit(f"{w} = {r.choice('VD')}({v['n'][0]}, {v['x'][0] if i else '1'})")
        self.emit(f"{v['t'][0]} = ({v['n'][0]}, {v['x'][0]}, 1)")
        self.emit(f"{v['d'][0]} = {{1: 5, 2: 6}}")
        self.emit(f"{v['g'][0]} = {r.choice(['calm', 'outer', 'wild'])}({v['n'][0]}, {v['v'][0]})")
        self.emit(f"{self.p}log = []")
        if self.cells:
            n, x, w = v["n"][-1], v["x"][-1], v["v"][-1]
            self.emit("def bump(k):")
            self.block(lambda: [self.emit(f"nonlocal {n}"), self.emit(f"{n} = ({n} + k) {r.choice(['', '& 0xffff', '% 1000'])}"), self.emit(f"return {n}")])
            self.emit("def grow(k=0.5):")
            self.block(lambda: [self.emit(f"nonlocal {x}, {w}"), self.emit("if k > 2:"), self.emit(f"    {w} = k"), self.emit("    return k"), self.emit(f"{x} = {x} + k"), self.emit(f"return {x}")])
            self.emit("def peek():")
            self.block(lambda: [self.emit(f"if {x} == {x}: return {w}"), self.emit(f"return ({n}, {x})")])
        self.size = 0
        for _ in range(r.randrange(1, 3)):
            self.loop(r.choice([1, 1, 2, 2, 3, 4]), 300)
            self.show()
        if self.size < 30:
            self.loop(2, 200)
        self.show()
        self.emit(f"tail({self.p}log)")
        if not self.module:
            self.emit(f"return {self.any(0)}")
        return "\n".join(self.lines)


N_STAGES = 4


class Program:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.dies = self.r.random() < .6        # deaths are seen, and what a cycle keeps is kept to the end
        self.helpers = {"int": [], "float": [], "any": []}

    def call(self, kind, f, d):
        """An expression that calls one of the helper functions."""
        name, params, required, keyword, more = self.r.choice(self.helpers[kind])
        n = self.r.randrange(required, len(params) + 1)
        args = [f.typed({'i': 'n', 'f': 'x', 'v': 'v'}[p], 0) for p in params[:n]]
        if keyword < n or self.r.random() < .2:        # the last ones by name, in any order
            at = self.r.randrange(min(n, keyword) + 1)
            named = [f"{'abc'[k]}={args[k]}" for k in range(at, n)] + [f"{k}={f.typed('n', 0)}" for k in "pq" if more and self.r.random() < .5]
            self.r.shuffle(named)
            args[at:] = named
            if self.r.random() < .1:
                return f"{name}(*({''.join(a + ', ' for a in args[:at])}), **dict({', '.join(named)}))"
        return f"{name}({', '.join(args)})"

    def helper(self, kind, i):
        r = self.r
        name = f"{kind[0]}h{i}"
        if kind == "int":
            params, body = r.choice([
                ("ii", ["if a < b:", "    return a", "if a == b:", "    return b + 1", "return b - a"]),
                ("i", ["return (a * 5 + 3) & 0xffff"]),
                ("iif", ["if c > 1.0: return a", "return a ^ b"]),
                ("ii", ["t = a", "a = b", "b = t", "return (a + b) % 1009"]),
                ("i", ["global GI", "GI = (GI + 1) & 255", "return a + GI"]),
                ("ii", ["try:", "    return a // b", "except ZeroDivisionError:", "    return -1"]),
                ("iii", ["a, b, c = b, c, a", "if a: return b", "return c"]),
                ("i", ["t = a & 1023", "return (SPY + t) + t"]),
                ("ii", ["D8[a & 7] = b", "return D8[a & 7]"]),
                ("ii", ["t = a ^ 1", "if SPY: return t", "return b"]),
                ("i", ["t = (a, SPY[a])", "return t[0]"]),
                ("i", ["try:", "    return SPY + a", "except KeyError:", "    return a"]),
                ("i", ["k = 0", "for q in range(3):", "    k += q", "return a + k"]),
                ("ii", ["a &= 7", "if a == 0: return b", "return SELF(a - 1, b ^ a) + 1"]),
                ("iii", ["a &= 3", "if not a: return b - c", "return SELF(a - 1, c, SELF(a - 1, b, 5))"]),
                ("ii", ["a &= 7", "t = b + 1", "if a: t += SELF(b=t, a=a - 1)", "return t"]),
                ("i", ["a %= 9", "try:", "    return 7 // a + SELF(a - 1)", "except ZeroDivisionError:", "    return -1"]),
                ("ii", ["a &= 3", "t = [b]", "k = SPY + a if a else b", "for q in range(a):", "    k += SELF(q, t[0])", "return k & 0xffff"]),
                ("ii", ["if a & 7 == 0:", "    if b & 1: raise KeyError(b)", "    return b", "try:", "    return SELF((a & 7) - 1, b) + 2", "except KeyError:", "    if a & 1: raise", "    return 5"]),
            ])
        elif kind == "float":
            params, body = r.choice([
                ("ff", ["if a < b: return a", "return b"]),
                ("f", ["return a * 0.5 + 1.0"]),
                ("fi", ["c = a + (b & 7)", "if c != c: return 0.0", "return c"]),
                ("ffi", ["if b > 100 or b < -100: b = 1.0", "return a - b"]),
                ("f", ["global GF", "GF = a", "return GF"]),
                ("f", ["x = a * 0.5", "SPY + 1", "return x"]),
                ("ff", ["x, y = b, a", "return x"]),
                ("fi", ["b &= 7", "if b == 0: return a", "return SELF(a * 0.5, b - 1) + 0.25"]),
                ("ffi", ["c &= 3", "if c == 0: return a if SPY else b", "return SELF(b, SELF(a, b, c - 1), c - 1)"]),
            ])
        else:
            params, body = r.choice([
                ("v", ["return a"]),
                ("vv", ["if a is b: return (1, 2)", "return b"]),
                ("vi", ["if b & 1: return a", "return b"]),
                ("vf", ["return (a, b)"]),
                ("vf", ["if b > 0:", "    return b", "return a"]),
                ("vvv", ["return c if a is None else b if b else a"]),
                ("v", ["if isinstance(a, int): return a & 7", "return None"]),
                ("fi", ["a, b = b, a", "return (b, a)"]),
                ("i", ["return ['x', 1, 2.5][a % 3]"]),
                ("v", ["L8.append(a)", "if len(L8) > 5: L8.clear()", "return a"]),
                ("vv", ["x = [a]", "y = (a, SPY - 1, x)", "return y[0]"]),
                ("vi", ["w = SPY[b]", "return (w, a)"]),
                ("vi", ["b &= 7", "if b == 0: return a", "return SELF(a, b - 1)"]),
                ("vi", ["b &= 3", "x = [a, b]", "if b == 0: return x", "y = SELF(x, b - 1)", "return y[0] if b & 1 else (SPY, y)[1]"]),
                ("vi", ["def h(k):", "    nonlocal b", "    b = k", "    return a if k <= 0 else h(k - 1)", "return (h(b & 7), b)"]),
            ])
        defaults = r.randrange(len(params))
        required = len(params) - defaults
        default = {"i": r.choice(["3", "-1", "2**63"]), "f": r.choice(["1.5", "-0.0"]), "v": "None"}
        keyword = r.randrange(len(params)) if "SELF" not in str(body) and r.random() < .3 else len(params)     # from here on by name only
        more = r.random() < .15
        signature = ["abc"[k] + (f"={default[p]}" if k >= required else "") for k, p in enumerate(params)] + ["**more"] * more
        signature[keyword:keyword] = ["*"] * (keyword < len(params))
        self.helpers[kind].append((name, params, required, keyword, more))
        return "\n".join([f"def {name}({', '.join(signature)}):"] + ["    " + line.replace("SELF", name) for line in body])

    def stage(self, number):
        """A generator over items, which mostly runs no other code: loops that go over it follow into it."""
        r = self.r
        body = ["b = a", "yield a", "yield a", "yield b", "yield last", "last = a", "last = a", "b = last", "c = c + 1", "c = c + 1", "yield c", "yield (a, last)", "b = (last, c)", "a = c",
                "if a is None: continue", "if c & 1: continue", "if c & 3 == 2: yield b", "if c & 7 == 5: a = c * 0.5", "c = c ^ 12", "d = c", "yield 2.5", "b = None", "a = a is b",
                "for q in range(c & 3): yield q", "yield from (a, last)", "yield from [c]", "yield from range(c & 3)", "last = yield b", "yield from stage0([a])" if number else "yield 1"]
        rare = ["if c > 90: return", "if c == 40: raise KeyError(c)", "note(c)", "del b; b = c", "b = [a]", "last = str(c)", "yield from calm(3, a)", "c = c << 62", "SPY + c", "b = Del(c)"]
        lines = r.choices(body, k=r.randrange(1, 7)) + (r.choices(rare) if r.random() < .3 else [])
        r.shuffle(lines)
        if not any("yield" in line for line in lines):
            lines.append("yield a")
        text = ["last = b = None", f"c = {r.choice(['0', '250', '2**30 - 3', '2**63 - 9'])}", "for a in items:", *("    " + line for line in lines), r.choice(["yield last", "return c", "yield b, c", "pass"])]
        if r.random() < .25:
            text = ["try:", *("    " + line for line in text), r.choice(["finally: note(3)", "except KeyError as e: yield R(e)", "except (KeyError, GeneratorExit): note(4); raise"])]
        return "\n".join([f"def stage{number}(items):"] + ["    " + line for line in text])

    def text(self):
        parts = [PRELUDE.strip(), "gc.disable()" if self.dies else "Del = note"]
        parts += [self.stage(i) for i in range(N_STAGES)]
        for kind, n in (("int", 3), ("float", 2), ("any", 2)):
            parts += [self.helper(kind, i) for i in range(n)]
        functions = [Function(self, f"f{i}") for i in range(6)]
        parts += [f.write() for f in functions]
        parts.append(Function(self, "g", module=True).write() if self.r.random() < .8 else "")
        for f in functions:
            for _ in range(2):
                parts.append(f"run({f.name}, {self.r.choice(INTS)}, {self.r.choice(FLOATS)}, {self.r.choice(['None', '1', '2.5', repr('w'), 'True', '[1, 2]', '(1, 2)'])})")
            if self.r.random() < .3:
                parts.append(f"run({f.name}, {self.r.choice(['2.5', 'True', '7'])}, {self.r.choice(['3', '0.25'])}, 0)")
        return "\n".join(parts) + "\n"
