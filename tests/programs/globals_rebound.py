"""Globals that compiled code has taken for constant are rebound, in every way that there is, by everybody who can: from then on the new value counts."""
import builtins
import sys
import threading
import types

SIZE = 3
NAME = "a"
FACTOR = 1.5


def one():
    return 1


def two():
    return 2


def three(x=0):
    return 3


def use():
    return f() + SIZE


f = one


def turns(n, k, change):
    """What use() gives, the change made at turn k."""
    got = []
    for i in range(n):
        if i == k:
            change()
        got.append(use())
    return got


# by everybody who can write a dict
def by_global():
    global f
    f = two


def by_setitem():
    globals()["f"] = three


def by_setattr():
    sys.modules[__name__].f = one


def by_update():
    globals().update(f=two, SIZE=4)


def by_exec():
    exec("f = three")


def by_text():
    globals()["".join(["S", "IZE"])] = 5


class Text(str):
    pass


def by_subclass():
    globals()[Text("f")] = two


class Equal:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        return self.name == other


def by_equal():
    globals()[Equal("f")] = one


def by_pop():
    globals()["f"] = globals().pop("f") is one and two


def by_merge():
    g = globals()
    g |= {"f": three, "SIZE": 6}


def by_code():
    three.__code__ = two.__code__.replace(co_name="three")


def by_setdefault():
    del globals()["SIZE"]
    globals().setdefault("SIZE", 7)


for change in (by_global, by_setitem, by_setattr, by_update, by_exec, by_text, by_subclass, by_equal, by_pop, by_merge, by_code, by_setdefault):
    print(change.__name__, turns(40, 25, change)[20:30])


# names that are not there, and come; builtins that are hidden, and come back
def shorter(l):
    try:
        return len(l) + missing
    except NameError as e:
        return str(e)


def hide():
    global len
    len = lambda l: 100


def come():
    global missing
    missing = 1000


def show():
    global len
    del len


def go():
    global missing
    del missing


for change in (come, hide, show, hide, go, come, show, go):
    got = []
    for i in range(30):
        if i == 20:
            change()
        got.append(shorter([1, 2]))
    print(got[17:23])


def uses_builtin():
    return abs(-5) + max(1, 2)


kept = abs, max
for n in range(3):
    got = []
    for i in range(30):
        if i == 15:
            builtins.abs = lambda x: 50 + n
        if i == 20:
            builtins.abs = kept[0]
        got.append(uses_builtin())
    print(got[13:22])


# in the middle of what uses it: in a callee, in one that raises, in C's callback, in __del__, in a generator, deep in a recursion
def inner(k, n):
    global f
    if k == n:
        f = two if f is one else one
    if k == n + 1:
        raise KeyError(k)
    return k


def outer(k, n):
    a = f()
    try:
        b = inner(k, n)
    except KeyError:
        b = f() * 100
    return a, b, f()


f = one
for n in (30, 60, 90):
    print([outer(k, n) for k in range(n - 3, n + 5)], [outer(k, n) for k in range(120)][n - 2:n + 3])


class Dies:
    def __del__(self):
        global f
        f = three if f is not three else one


def in_del(n):
    got = []
    for i in range(n):
        a = f()
        d = Dies() if i % 20 == 19 else i
        d = None
        got.append(a + f())
    return got


f = one
print(in_del(100))


def key(x):
    global f
    if x == 17:
        f = one if f is two else two
    return f() * 10 + x


def sorts():
    a = f()
    return a, sorted([3, 17, 2, 1], key=key), f()


print([sorts() for _ in range(20)])


def gives(n):
    for i in range(n):
        yield f() + SIZE


def takes(n, k):
    global f
    got = []
    for i, x in enumerate(gives(n)):
        if i == k:
            f = three if f is not three else one
        got.append(x + f())
    return got


f = two
print(takes(40, 30)[25:35], takes(40, 10)[5:15], list(gives(5)))


def deep(n):
    global f
    if n == 0:
        f = one if f is two else two
        return 0
    return f() + deep(n - 1) * 2 + f()


f = one
print([deep(n) for n in (5, 6, 7, 20, 21, 22, 5, 6)])


# numbers and texts that stay, for a while
def settings(n):
    global SIZE, NAME, FACTOR
    got = []
    for i in range(n):
        got.append((SIZE * i, NAME + "b", FACTOR * i))
        if i == n - 4:
            SIZE, NAME = SIZE + 1, NAME + "c"
        if i == n - 2:
            FACTOR = SIZE
    return got[-5:]


for n in (40, 41, 42, 43):
    print(settings(n))

count = 0


def counts(n):
    global count
    for i in range(n):
        count += 1
        count = count + SIZE
    return count


print(counts(100), counts(50), count)


def reads_count():
    return count * 2


def sets_count(i):
    global count
    count = i


got = []
for i in range(60):
    sets_count(i // 7)
    got.append(reads_count())
print(got)


# modules, their attributes, and functions of other namespaces
module = types.ModuleType("module")
exec("def f(): return x\nx = 1\ndef g(): return f() + x\nclass C:\n    y = 2\n    def m(self): return f() + self.y", module.__dict__)


def use_module():
    return module.f() + module.x + module.g() + module.C().m()


got = []
for i in range(80):
    if i == 30:
        module.x = 10
    if i == 40:
        module.f = three
    if i == 50:
        exec("x = 7\ndef f(): return x * x", module.__dict__)
    if i == 60:
        module.C.m = lambda self: 1000
    if i == 70:
        vars(module)["C"] = type("D", (), {"m": lambda self: x})
        x = -1
    got.append(use_module())
print(got[28:])


def made(n):
    """A def in a loop: each has its own defaults and namespace."""
    space = {"z": n, "__builtins__": {"abs": lambda v: v + n} if n % 2 else builtins}
    exec("def inner(v): return abs(v) + z\ndef call(v):\n    t = 0\n    for i in range(30): t += inner(v) if i else 0\n    return t" if n % 2 == 0 else
         "def inner(v): return abs(v) + z\ndef call(v):\n    t = i = 0\n    while i < 30:\n        t += inner(v)\n        i += 1\n    return t", space)
    got = space["call"](-2)
    space["z"] = 100
    got = got, space["call"](-2)
    space["inner"] = lambda v: 1
    got += (space["call"](-2),)
    space.clear()
    space.update(z=1)
    return got


print([made(n) for n in range(12)])


def ends(n):
    """The namespace goes while its function is on."""
    space = {"n": n}
    exec("def g(k):\n    return h(k) + n\ndef h(k):\n    if k == 35:\n        drop()\n    return k", space)
    g = space["g"]
    space["drop"] = lambda: [space.__setitem__(name, None) for name in ("g", "h")]
    got = []
    for k in range(40):
        try:
            got.append(g(k))
        except TypeError as e:
            got.append(str(e))
    return got


print(ends(1)[30:], ends(2)[33:37])


# another thread rebinds
stop = threading.Event()


def waits():
    while not stop.is_set():
        if f() == 2:
            return "seen"
    return "stopped"


f = one
found = []
t = threading.Thread(target=lambda: found.append(waits()))
t.start()
for i in range(200_000):
    if i == 150_000:
        f = two
t.join(20)
stop.set()
t.join()
print(found)

# often: it is given up, and stays right
for i in range(3000):
    f = two if i % 3 else one
    if i % 500 == 0:
        print(use(), end=" ")
total = 0
for i in range(3000):
    f = two if i % 3 else one
    total += use()
print(total)

# rebound in the very turn, call or side trace that is recorded: whichever that is
FRESH = """
SIZE = 3
def leaf(i):
    return i * 2
def other(i):
    return i * 3
def change():
    global leaf, SIZE, len
    leaf, SIZE, len = other, 4, lambda x: -1
def called(i, at):
    r = leaf(i) + SIZE + len("ab")
    if i == at:
        change()
    return r + leaf(i) + SIZE + len("ab")
def gen(n, at):
    for i in range(n):
        if i == at:
            change()
        yield leaf(i) + SIZE + len("ab")
def loop(n, at):
    s = 0
    for i in range(n):
        s += leaf(i) + SIZE
        if i == at:
            change()
        s += leaf(i) + SIZE + len("ab")
    return s
def calls(n, at):
    return sum([called(i, at) for i in range(n)])
def gens(n, at):
    return sum(gen(n, at))
"""
for name in ("loop", "calls", "gens"):
    got = []
    for at in range(10):
        space = {}
        exec(FRESH, space)
        got.append((space[name](30, at), space[name](30, -1)))
    print(name, got)
