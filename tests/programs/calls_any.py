"""Calls of now this and now that function, method, class: arguments by position and by name, defaults, *args and **names, wrong ones; what they raise; frames seen below."""
import sys


def plain(a, b):
    return a * 10 + b


def defaults(a, b=5, c=7):
    return a + b * c


def rest(a, *more):
    return a, more


def names(a, **more):
    return a, sorted(more.items())


def only(a, *, b=3, c):
    return a, b, c


def cells(a, b):
    f = lambda: a
    return f() + b


def shows(a, b):
    f, chain = sys._getframe(), []
    while f:
        chain.append((f.f_code.co_name, f.f_lineno))
        f = f.f_back
    return chain[:3]


def gen(a, b):
    yield a
    yield b


def raises(a, b):
    raise KeyError(a, b)


def loops(a, b):
    for _ in range(3):
        a += b
    return a


class C:
    def __init__(self, a, b=1):
        self.s = a, b

    def method(self, a, b=2):
        return a - b, type(self).__name__

    @classmethod
    def made(cls, a, b=4):
        return cls(a, b).s

    @staticmethod
    def static(a, b=6):
        return a, b

    def __call__(self, a, b=8):
        return self.s[0] + a + b


class D(C):
    def method(self, a, b=3):
        return super().method(b, a)


c, d = C(1), D(2)


def outcome(call, *args):
    try:
        r = call(*args)
    except Exception as e:
        t = e.__traceback__
        lines = []
        while t:
            lines.append(t.tb_lineno)
            t = t.tb_next
        return type(e).__name__, str(e), lines
    return list(r) if hasattr(r, "gi_frame") else r.s if isinstance(r, C) else r


def two(f, i):
    return f(i, i + 1)


def named(f, i):
    return f(i, b=i + 1)


def only_named(f, i):
    return f(a=i, c=2, b=1)


def one(f, i):
    return f(i)


def spread(f, i):
    return f(*(i, 2))


def spread_names(f, i):
    return f(*(i,), **{"b": i})


what = [plain, defaults, rest, names, only, cells, shows, gen, raises, loops, C, D, c.method, d.method, C.made, D.made, C.static, c, d, max, "no function",
        lambda a, b=0: (a, b), c.__call__, (lambda *a, **k: (a, sorted(k.items()))), divmod, int]


def run(n, style):
    seen = []
    for i in range(n):
        f = what[i % len(what)] if i % 3 else what[i // 3 % len(what)]
        r = outcome(style, f, i)
        if i >= n - 2 * len(what):
            seen.append(r)
    return seen


for style in (two, named, only_named, one, spread, spread_names):
    print(style.__name__, *run(40 * len(what), style), sep="\n    ")


# One caller, one function after another with code of its own.
def call(f, i):
    return f(i, 1)


total = 0
for turn in range(60):
    for f in (plain, defaults, cells, loops, c.method, d.method, C.static):
        r = call(f, turn)
        total += r if isinstance(r, int) else r[0]
print(total)

# Replaced, and called as the new one.
def first(a, b=1): return a + b
def second(a, b=2): return a - b
g = first
out = []
for i in range(400):
    if i == 200:
        first.__code__ = second.__code__
    if i == 300:
        first.__defaults__ = (9,)
    out.append(one([g, defaults, c.method, rest][i % 4 if i % 5 else 0], i))
print(out[190:210], out[295:310])


def down(f, n):
    return 0 if n == 0 else 1 + f(f, n - 1)


def down_two(f, n, step=1):
    return 0 if n == 0 else step + [down_three, down_two][n % 2](f, n - 1)


def down_three(f, n, *, step=1):
    return 0 if n == 0 else step + [down_two, down_three][n % 2](f, n - 1)


print(down(down, 200), down_two(None, 200))
for f in (lambda n: down(down, n), lambda n: down_two(None, n)):
    try:
        f(10 ** 6)
    except RecursionError as e:
        print(e)


# A method that dies as it is called, whose death is told to who changes what the caller has looked at.
import weakref

class P:
    def method(self, a, b):
        return a


class Q:
    def method(self, a, b):
        return b


p, q = P(), Q()
told, told_by = 0, []


def first_answer(): return 0
def other_answer(): return 1
answer = first_answer


def tell(ref):
    global told, answer
    told += 1
    if told == 40:
        answer = other_answer


def bound_to(i):
    m = (p, q)[i & 1].method
    if i % 7 == 3 and i > 300:
        told_by.append(weakref.ref(m, tell))
    return m


methods = [bound_to(i) for i in range(900)]


def take(i):
    m = methods[i]
    methods[i] = None
    return m


def before_and_behind(n):
    changed = 0
    for i in range(n):
        r = take(i)(i, 2)
        changed += answer()
    return changed, r


print(before_and_behind(900), told)
