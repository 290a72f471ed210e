"""Calls of Python functions that are not followed into: from native code to native code, and back. Values, frames, exceptions, deaths, as the interpreter has them."""
import sys
import threading
import traceback


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def halves(x, n):
    if n == 0:
        return x
    return (halves(x / 2, n - 1) + halves(x * 1.5, n - 1)) / 2


def power(b, n):        # grows beyond 64 bits
    if n == 0:
        return 1
    return b * power(b, n - 1)


print([fib(n) for n in range(18)], tak(12, 8, 4), halves(3.25, 9), [power(7, n) % 1000003 for n in range(40)], power(-3, 41))


# mutual recursion, and results of every kind
def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def kind(n):
    if n > 0:
        return kind(n - 1)
    return KINDS[-n]


KINDS = [1, 1000, 2.5, "text", None, True, (1, 2), 1 << 80, -7, 0.0, -0.0, float("nan")]
print([even(n) for n in range(30)], [[kind(k - n) if k > n else kind(-n) for n in range(len(KINDS))] for k in range(40)][-1])


# the very object comes back
def same(o, n):
    if n == 0:
        return o
    return same(o, n - 1)


for o in (1000, 10 ** 30, 2.5, "a" * 50, [], (), None, 12345678901):
    print(all(same(o, n) is o for n in range(40)), end=" ")
print()


# exceptions: raised, caught, on the way through; tracebacks
class Wrong(Exception):
    pass


def raises(n, at):
    if n == at:
        raise Wrong(n)
    return raises(n - 1, at) + 1


def catches(n):
    if n == 0:
        return 1 // n
    if n % 5 == 0:
        try:
            return catches(n - 1)
        except ZeroDivisionError:
            return 100
    return catches(n - 1) + 1


def finds(d, n):
    if n == 0:
        return d["x"]
    return finds(d, n - 1)


for n in range(40):
    try:
        raises(n, n // 2)
    except Wrong as e:
        last = e
print(last, len(traceback.extract_tb(last.__traceback__)), [f.lineno for f in traceback.extract_tb(last.__traceback__)][:5], [catches(n) for n in range(5, 40)])
for k in range(60):
    try:
        print(finds({"x": 5} if k % 9 else {}, k % 13), end=" ")
    except KeyError as e:
        print("KeyError", e, len(traceback.extract_tb(e.__traceback__)), end=" ")
print()


# exits in callees: types that change, a global that changes, ints that get large
def sums(l, i):
    if i == len(l):
        return 0
    return l[i] + sums(l, i + 1)


print([sums([1, 2, 3] * k, 0) for k in range(12)], [sums([1, 2.5, 3] * k, 0) for k in range(12)], [sums([1 << 62, 5, 1 << 62] * k, 0) for k in range(6)])

STEP = 1


def counts(n):
    global STEP
    if n == 0:
        return 0
    if n == 7:
        STEP += 1
    return STEP + counts(n - 1)


print([counts(n) for n in range(40)])


# frames, at any depth
def depth_of(frame):
    n = 0
    while frame:
        n += 1
        frame = frame.f_back
    return n


def looks(n, base):
    here = n * 2
    if n == 0:
        f = sys._getframe()
        return [(f.f_code.co_name, f.f_lineno - looks.__code__.co_firstlineno, f.f_locals.get("n"), f.f_locals.get("here")),
                (f.f_back.f_code.co_name, f.f_back.f_locals.get("n"), f.f_back.f_locals.get("here")), depth_of(f) - base]
    return looks(n - 1, base)


base = depth_of(sys._getframe())
print(set(map(str, ([r[:2] for r in [looks(n, base) for n in range(1, 40)]]))), [looks(n, base)[2] for n in range(1, 40)])


def writes(n):
    x = n
    if n == 3:
        sys._getframe(2).f_locals["x"] = "written"
    r = writes(n - 1) if n else []
    r.append(x)
    return r


print([writes(n) for n in range(5, 16)])


# what dies, and when
class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        dead.append((self.name, sys._getframe(1).f_code.co_name))


def kills(n):
    d = Dies(n)
    if n == 0:
        return 0
    return kills(n - 1) + d.name


def hands_on(o, n):
    if n == 0:
        return o.name
    return hands_on(o, n - 1)


dead = []
print([kills(n) for n in range(14)], [hands_on(Dies("arg"), n) for n in range(14)], dead)


# methods, defaults, keywords, stars, closures
class Tree:
    def __init__(self, n):
        self.left = Tree(n - 1) if n else None
        self.right = Tree(n - 1) if n else None
        self.n = n

    def total(self):
        return self.n + (self.left.total() + self.right.total() if self.left else 0)

    def visit(self, f, level=0):
        if self.left:
            self.left.visit(f, level + 1)
            self.right.visit(f, level=level + 1)
        f(self, level)


def starred(n, *rest, k=1):
    return len(rest) + k + (starred(n - 1, *rest, n, k=k + 1) if n else 0)


def closed(n):
    def inner(m):
        return n + (inner(m - 1) if m else 0)
    return inner(n)


seen = []
Tree(4).visit(lambda t, level: seen.append((t.n, level)))
print([Tree(n).total() for n in range(8)], sum(n * level for n, level in seen), [starred(n) for n in range(12)], [closed(n) for n in range(12)])


# defaults, also when they are changed; variables of closures, also when nobody else has them
def defaulted(n, step=2, name="d", box=[0], big=10 ** 20):
    box[0] += step
    return (name, big) if n <= 0 else defaulted(n - step)


def makes(k):
    def inner(m, scale=k):
        nonlocal calls
        calls += 1
        return k * scale + inner(m - 1) if m else total
    calls, total = 0, float(k)
    return inner


for k in range(30):
    f = makes(k)
    print(defaulted(k), f(k), f(3, 2), end=" ")
    if k == 15:
        defaulted.__defaults__ = (3, "e", [100], 10 ** 21)
print(defaulted.__defaults__[2])


# a function changed under way
def changes(n):
    if n == 20:
        changes.__code__ = other.__code__
    return 1 + changes(n - 1) if n else 0


def other(n):
    return 1000 if n < 10 else 2 + changes(n - 1)


for n in range(45):
    print(changes(n) if n < 40 else other(n), end=" ")
print()


# generators and comprehensions in between
def walks(n):
    if n == 0:
        return [0]
    return [x + 1 for x in walks(n - 1)] + [n]


def leaves(n):
    if n == 0:
        yield fib(5)
    else:
        yield from leaves(n - 1)
        yield n + fib(n % 7)


print([sum(walks(n)) for n in range(20)], [sum(leaves(n)) for n in range(20)])


# the recursion limit: at the same depth, again and again
def down(n):
    global deepest
    deepest = n
    return down(n + 1) + 1


for k in range(4):
    deepest = 0
    try:
        down(0)
    except RecursionError as e:
        print(deepest - sys.getrecursionlimit() + base, e)


def deep(n):
    return 0 if n == 0 else deep(n - 1) + 1


sys.setrecursionlimit(60_000)
print(deep(20_000), deep(50_000), deep(50_000))


def deep_raises(n):
    if n == 0:
        raise Wrong("deep")
    return deep_raises(n - 1) + 1


for k in range(3):
    try:
        deep_raises(30_000)
    except Wrong as e:
        n = 0
        tb = e.__traceback__
        while tb:
            n += 1
            tb = tb.tb_next
        print(e, n)


# threads that take turns while each is deep in native calls
def works(name):
    results[name] = [fib(n % 15) + deep(n) for n in range(300)]


results = {}
sys.setswitchinterval(1e-5)
threading.stack_size(256 * 1024)
threads = [threading.Thread(target=works, args=(k,)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results), all(r == results[0] for r in results.values()), sum(results[0]))


# somebody begins to watch in the middle
def watched(n):
    if n == 5:
        sys.settrace(tracer)
    r = n + watched(n - 1) if n else 0
    if n == 9:
        sys.settrace(None)
    return r


def tracer(frame, event, arg):
    if frame.f_code.co_name == "watched":
        events.append((event, frame.f_lineno - watched.__code__.co_firstlineno, frame.f_locals["n"]))
    return tracer


events = []
print([watched(n) for n in range(30)], len(events), events[:6])
