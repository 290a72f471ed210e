# What a recording refers to by address loses its last reference in the recorded turn: functions, classes, modules, dicts, code, closures.
import gc
import signal
import threading
import types
import weakref

junk = []
seen = []


def reuse():                    # the memory of what has just died is used again
    for _ in (): pass
    for _ in (): pass           # two loops: called, not followed into
    junk[:] = [bytearray(k) for k in range(90, 300, 2)]


SOURCE = """
def remake(i):
    for _ in (): pass
    for _ in (): pass
    if i == at or at < 0:
        change()
        reuse()

def hot(n):
    s = 0
    for i in range(n):
        {line}
        remake(i)
    return s
"""


def space(line, prepare):
    d = {"reuse": reuse, "seen": seen, "types": types, "weakref": weakref, "gc": gc}
    exec(SOURCE.format(line=line), d)
    prepare(d)
    return d


def define(d, body, *names):
    """Runs body in d; the deaths of what it binds to names are seen."""
    exec(body, d)
    for name in names:
        o = d[name]
        d.setdefault("refs", []).append(weakref.ref(o, lambda _, name=name: seen.append((name, "dies"))))


def function(d):
    def change():
        define(d, "def step(i): return i & 7", "step")
    change()
    d["change"] = change


def defaults(d):
    def change():
        define(d, "def step(i, k=3, l=[1]): return i + k + len(l)", "step")
    change()
    d["change"] = change


def closure(d):
    def change():
        define(d, "def outer(k):\n    def step(i): return i + k\n    return step\nstep = outer(5)", "step")
        del d["outer"]
    change()
    d["change"] = change


def code(d):
    def other(i):
        return i & 3

    def change():
        f = d["step"]
        f.__code__, d["spare"].__code__ = d["spare"].__code__, f.__code__.replace()
    define(d, "def step(i): return i & 7\ndef spare(i): return i + 1", "step")
    d["change"] = change


def nested_code(d):             # the code that goes is on its way
    def change():
        f = d["step"]
        f.__code__ = f.__code__.replace(co_name="step")
    exec("def step(i):\n    remake(i)\n    return i & 7", d)
    d["change"] = change


def module(d):
    def change():
        m = types.ModuleType("m")
        exec("x = 5\ndef f(i): return i + x", m.__dict__)
        d["refs"] = d.get("refs", []) + [weakref.ref(m, lambda _: seen.append("module dies"))]
        d["m"] = m
    change()
    d["change"] = change


def globals_of(d):              # a function with globals of its own, which die with it
    def change():
        g = {"k": 7, "__name__": "g"}
        exec("def step(i): return i + k", g)
        d["step"] = g.pop("step")
        seen.append(len(g))
    change()
    d["change"] = change


def a_class(d):
    def change():
        define(d, "class C(int): pass\nv = C(3)", "C")
        gc.collect()
    change()
    d["change"] = change


def builtin(d):                 # a builtin function bound to a module that goes
    import math

    def change():
        d["sq"] = types.SimpleNamespace(f=math.sqrt).f
        d["step"] = [].append if d.get("step") is len else len
    change()
    d["change"] = change


CASES = [
    ("s += step(i)", function), ("s = step(s + i)", function), ("s += step(i) + step(s)", defaults), ("s += step(i)", closure), ("s += step(i) & 7", code),
    ("s += step(i)", nested_code), ("s += m.f(i)", module), ("s += m.x", module), ("s += step(i)", globals_of), ("s += isinstance(v, C) + v", a_class),
    ("s += len((C, v))", a_class), ("s += int(sq(i))", builtin),
]
for line, prepare in CASES:
    out = []
    for at in range(-1, 6):
        seen.clear()
        d = space(line, prepare)
        d["at"] = at
        out.append((d["hot"](70), seen.count("module dies"), len(seen), seen[:3]))
        d.clear()
    print(line, prepare.__name__, out)

# By a signal handler, by a callback of the collector, by another thread: at any place.
d = space("s += step(i)", function)
d["at"] = 10**9
signal.signal(signal.SIGALRM, lambda *_: (d["change"](), reuse()))
kill = signal.raise_signal
d["remake"] = lambda i: kill(signal.SIGALRM)
print(d["hot"](200))
d = space("s += step(i)", function)
d["at"] = 10**9
callback = lambda phase, info: phase == "start" and (d["change"](), reuse())
gc.callbacks.append(callback)
d["remake"] = lambda i: gc.collect(0)
print(d["hot"](100))
gc.callbacks.remove(callback)
d = space("s += step(i)", function)
d["at"] = 10**9
ready, done = threading.Semaphore(0), threading.Semaphore(0)


def other():
    for _ in range(60):
        ready.acquire()
        d["change"]()
        reuse()
        done.release()


t = threading.Thread(target=other)
t.start()
release, acquire = ready.release, done.acquire
d["remake"] = lambda i: release() or acquire()
print(d["hot"](60))
t.join()
