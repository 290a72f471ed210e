# Traces that begin at the entry of a function: whoever calls it, however it is left, and what is seen from inside.
import functools
import sys
import traceback


def branches(a, b):
    if a > b:
        return a - b
    if a == b:
        return "same"
    return b * 2


print([branches(i % 4, i % 3) for i in range(24)], branches(2.5, 1), branches("b", "a") if False else branches(10**30, 1))


def loops(n, step):
    total = 0
    for i in range(0, n, step):
        total += i
    while total > 50:
        total -= 7
    return total


print([loops(i, 1 + i % 3) for i in range(40)], loops(0, 1), loops(10**3, 1))


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        f = sys._getframe(1)
        log.append((self.name, f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno))


def owns(name):
    first = Dies(name + "1")
    second = Dies(name + "2")
    first = None
    return name


log = []
for k in range(6):
    owns("abcdef"[k])
print(log)


def raises(x):
    y = 10 // x
    if y > 4:
        raise ValueError(y)
    return y


def seen(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e), [(t.name, t.lineno - f.__code__.co_firstlineno) for t in traceback.extract_tb(e.__traceback__)[1:]]


print([seen(raises, x) for x in (5, 2, 0, 3, 1, 0, 4, 2, 0, 1)])


def caught(x):
    try:
        return 10 // x
    except ZeroDivisionError as e:
        return e.__traceback__.tb_lineno - caught.__code__.co_firstlineno
    finally:
        count[0] += 1


count = [0]
print([caught(x) for x in (1, 2, 0, 0, 5, 0, 3)], count)


def recursive(n):
    return 1 if n < 2 else n * recursive(n - 1)


print([recursive(k) for k in range(12)], recursive(60))


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


print([even(k) for k in range(12)], even(300))


def endless(n):
    depth[0] = n
    return endless(n + 1) + 1


def deepest():
    try:
        endless(0)
    except RecursionError as e:
        return depth[0], str(e)


depth = [0]
print(len({deepest() for _ in range(5)}), deepest()[1])


def closes(n):
    total = 0

    def add(k):
        nonlocal total
        total += k
        return total
    for i in range(n):
        add(i)
    return add


adders = [closes(k) for k in range(8)]
print([add(1) for add in adders for _ in range(3)])


def defaults(a, b=[1], *, c=3):
    return a, len(b), c


print([defaults(k) for k in range(4)], [defaults(k, c=k) for k in range(4)], defaults(1, [], c=0))


def variadic(*args, **kwargs):
    return args, sorted(kwargs)


print([variadic(*range(k), **{"a": 1, "b": 2}) for k in range(4)])


class Number:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v % 7 < o.v % 7

    def __hash__(self):
        return self.v & 3

    def __add__(self, o):
        return Number(self.v + o.v)

    def __repr__(self):
        return f"N{self.v}"

    def __getattr__(self, name):
        return name * 2

    def __call__(self, x):
        return self.v + x

    @property
    def double(self):
        return self.v * 2

    @classmethod
    def of(cls, v):
        return cls(v)

    @staticmethod
    def plain(v):
        return v + 1


numbers = [Number(k * 11 % 17) for k in range(12)]
print(sorted(numbers), len(set(numbers)), functools.reduce(lambda a, b: a + b, numbers), max(numbers), numbers[3] in numbers)
print([n.double + n.plain(1) for n in numbers], [n.missing for n in numbers[:3]], list(map(numbers[2], range(4))), Number.of(5), Number.of(5) == Number.of(5))
print(sorted(range(20), key=lambda x: (x * 7) % 11), list(filter(lambda x: x % 3, range(10))))


def rebinds(x):
    return helper(x) + CONSTANT


def helper(x):
    return x + 1


CONSTANT = 1
out = []
for k in range(12):
    if k == 5:
        CONSTANT = 100
    if k == 8:
        def helper(x):
            return x * 1000
    out.append(rebinds(k))
print(out)


def replaced(x):
    return x + 1


out = []
for k in range(8):
    if k == 5:
        replaced.__code__ = (lambda x: x - 1).__code__
    out.append(replaced(k))
print(out)


def looks(x):
    y = x * 2
    names = sorted(sys._getframe().f_locals.items())
    return names, sys._getframe(1).f_code.co_name, y


def looked_at(x):
    z = x + 1
    return looks(z)


print([looked_at(k) for k in range(5)])


def writes(x):
    y = x * 3
    change(sys._getframe())
    return y


def change(frame):
    frame.f_locals["y"] = "changed"


print([writes(k) for k in range(5)])


def deleted(x):
    if x % 2:
        y = x
        del y
    try:
        return y
    except UnboundLocalError as e:
        return str(e)


print([deleted(k) for k in range(5)])


def generates(n):
    for i in range(n):
        yield inner(i)


def inner(i):
    return i * i if i % 2 else -i


print([list(generates(k)) for k in range(6)], sum(generates(30)))


def long_one(a, b, c):
    x = a * b + c
    y = a - b * c
    if x > y:
        x, y = y, x
    s = f"{x}:{y}"
    l = [x, y, s]
    l.append(len(l))
    d = {"x": x, "y": y}
    t = tuple(l)
    return t, d["x"] + d["y"], s.upper()


print([long_one(k, k % 3, 7 - k) for k in range(10)], long_one(1.5, 2, 3))


def waits_for_loop(items):
    found = None
    for item in items:
        if item is None:
            continue
        for part in item:
            if part == "x":
                found = item
                break
        else:
            continue
        break
    return found


print([waits_for_loop([None, "abc", "axc", "xyz"][k:]) for k in (0, 1, 2, 3, 4, 0, 1, 2, 3, 4)])


def tracing(frame, event, arg):
    events.append((event, frame.f_code.co_name))
    return tracing


def traced(x):
    return x + branches(x, 100)


events = []
for k in range(4):
    traced(k)
sys.settrace(tracing)
traced(5)
sys.settrace(None)
for k in range(4):
    traced(k)
print(events)
