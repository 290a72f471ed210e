"""sys._getframe(), f_locals read and written from a callee, locals(), f_lineno, f_back, in hot loops."""
import inspect
import sys


def peek(name):
    return sys._getframe(1).f_locals[name]


def poke(name, v):
    sys._getframe(1).f_locals[name] = v


def reads(n):
    x = 0
    s = 0
    f = 0.5
    for i in range(n):
        x = x + i
        f = f + 1.5
        s += peek("x") + peek("i") + peek("f")
    return s


def writes(n):
    x = 0
    y = 0.5
    for i in range(n):
        x = x + 1
        y = y * 1.1
        if i % 25 == 24:
            poke("x", x + 1000)
            poke("y", i)
    return x, y


def writes_type(n):
    x = 0
    out = []
    for i in range(n):
        x = x + x if i == 71 else x
        if i == 70:
            poke("x", "str")
        out.append(x)
    return out[69:74]


def nested_call(n):
    def inner():
        return deep()

    def deep():
        f = sys._getframe(2)
        f.f_locals["t"] = f.f_locals["t"] + f.f_locals["i"]
        return f.f_code.co_name
    t = 0
    for i in range(n):
        name = inner()
    return t, name


def snapshot(n):
    a = 0
    out = []
    for i in range(n):
        a += i
        d = locals()
        if i % 20 == 0:
            out.append((d["a"], d["i"], sorted(d)))
            d["a"] = -1
    return out, a


def lines(n):
    out = set()
    for i in range(n):
        out.add(line())
        out.add(
            line())
    return sorted(l - lines.__code__.co_firstlineno for l in out)


def line():
    return sys._getframe(1).f_lineno


def stack(n):
    def a():
        return b()

    def b():
        return [f.function for f in inspect.stack(0)][:3], len(inspect.stack(0))
    seen = set()
    for i in range(n):
        seen.add(str(a()))
    return seen


def kept_frame(n):
    frames = []
    s = 0
    x = 0
    for i in range(n):
        if i == 60:
            frames.append(sys._getframe())
        x = i * 2
        if frames:
            s += frames[0].f_locals["x"] - x
            if i == 80:
                frames[0].f_locals["s"] = 5
    return s, x


def clear_frame(n):
    c = 0
    for i in range(n):
        def gen():
            big = [1]
            yield sys._getframe()
        g = gen()
        f = next(g)
        try:
            f.clear()
        except RuntimeError as e:
            c += len(str(e))
        c += len(f.f_locals)
    return c


def instruction(n):
    seen = set()
    for i in range(n):
        seen.add(sys._getframe().f_lasti)
    return len(seen)


def same_frame(n):
    f = sys._getframe()
    return sum(f is sys._getframe() for i in range(3)), all([f is back() for i in range(n)])


def back():
    return sys._getframe(1)


print(reads(100), writes(100), writes_type(100), nested_call(60))
print(snapshot(80), lines(60), stack(60), kept_frame(100), clear_frame(60), instruction(60), same_frame(50))
x = 5
for i in range(60):
    assert sys._getframe().f_locals is globals() or True
    globals()["x"] = x + 1
print(x, eval("x"), sys._getframe().f_back)
