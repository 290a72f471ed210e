# Functions that the same `def` makes again and again are followed into by their code: closures, defaults and namespaces are those of the function called.
import gc, sys, types, weakref


def outer(k, n):
    total = 0
    def scale(x, add=k * 2):
        return x * k + add
    for i in range(n):
        total += scale(i)
    return total


print([outer(k, 60) for k in range(40)])


def make(k):
    log = []
    def step(x):
        nonlocal k
        k += x & 1
        return k
    return step, log


def through(functions, n):
    out = 0
    for i in range(n):
        for f in functions:
            out += f(i)
    return out


print(through([make(k)[0] for k in range(20)], 30))


def rebinding(n):
    total = 0
    def f(x): return x + 1
    def g(x): return x + 2
    for i in range(n):
        total += f(i)
        f, g = g, f
    return total


print(rebinding(300))


def dropped_while_it_runs(n):
    total = 0
    dead = []
    class Alive:
        def __del__(self): dead.append(len(dead))
    box = [None]
    def make():
        alive = Alive()
        def f(x):
            nonlocal total
            box[0] = None           # the only other reference to f: it is running
            total += x
            return alive is not None
        return f
    for i in range(n):
        box[0] = make()
        if not box[0](i):
            raise AssertionError
    return total, len(dead)


print(dropped_while_it_runs(100))


def cell_dropped(n):
    total = 0
    refs = []
    def f(x):
        nonlocal g
        g = None
        return x + 1
    for i in range(n):
        g = lambda x: f(x) * 2
        total += g(i)
        refs.append(g is None)
    return total, all(refs)


print(cell_dropped(80))


def code_replaced(n):
    total = 0
    def one(x): return x + 1
    def two(x): return x + 1000
    def f(x): return x + 10
    codes = [one.__code__, two.__code__]
    for i in range(n):
        total += f(i)
        if i % 7 == 3:
            f.__code__ = codes[i & 1]
    return total


print(code_replaced(200))
namespaces = [{"k": k, "__builtins__": __builtins__} for k in range(5)]
for space in namespaces:
    exec("def f(x): return x + k", space)
print(through([space["f"] for space in namespaces] * 2, 40))


def frames(n):
    seen = set()
    def who():
        frame = sys._getframe(1)
        return frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, sorted(frame.f_locals)
    for i in range(n):
        def inner(x):
            y = x + 1
            return str(who()) if x % 10 == 9 else "-"
        seen.add(inner(i))
    return sorted(seen)


print(frames(100))


def raising(n):
    out = []
    for k in range(n):
        def f(x):
            return 10 // (x % 5)
        try:
            for i in range(k % 6):
                f(i + 1)
        except ZeroDivisionError as e:
            tb = e.__traceback__
            out.append((tb.tb_next.tb_frame.f_code.co_name, tb.tb_next.tb_lineno - f.__code__.co_firstlineno))
    return out[:3], len(out)


print(raising(80))


def counts(n):
    def f(x): return x
    before = sys.getrefcount(f)
    for i in range(n):
        f(i)
    return sys.getrefcount(f) - before


print(counts(100))


def lives(n):
    alive = weakref.WeakSet()
    for i in range(n):
        def f(x): return x + i
        alive.add(f)
        f(i)
    return len(alive)


print(lives(100))
