"""Functions that call themselves and often end at once: what a call does before it calls on is part of its caller's trace."""

import sys
import types
import weakref

sys.setrecursionlimit(2000)


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


print(fib(17), tak(12, 8, 4), [fib(n) for n in range(10)])


# What it returns at once: a constant, an argument, what is computed of them, a default, something of the closure.
def steps(n):
    if n == 0:
        return "end"
    if n == 1:
        return None
    return [n, steps(n - 2)]


def either(a, b, n=3):
    if n <= 0:
        return a
    return either(b, a, n - 1) or either(b, n=n - 1, b=a)


def minus(n):
    if n < 10:
        return n - 1
    return minus(n - 3) - minus(n - 4)


def made(start):
    def count(n):
        if n <= start:
            return start
        return count(n - 1) + count(n - 2)
    return count


print(steps(40), steps(41), either(0, "x"), either("", 0), minus(40), made(3)(18), made(2.5)(12.25))


# Arguments of every kind: an int beyond 64 bits, floats, bools, None, str, and objects with a comparison of their own.
class Loud:
    log = []

    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        Loud.log.append(self.v)
        return self.v < other

    def __sub__(self, n):
        return Loud(self.v - n)

    def __del__(self):
        Loud.log.append(-self.v)


def depth(n):
    if n < 3:
        return 0
    return 1 + depth(n - 1)


for n in [30, 30.5, True, 2**62 + 20, 25, 30]:
    try:
        print(n, depth(n) if n < 2**60 else depth(n - 2**62))
    except RecursionError:
        print(n, "too deep")
for turn in range(20):
    print(depth(Loud(9)), len(Loud.log), Loud.log[-6:])
for wrong in ["x", None, [], 1j]:
    try:
        depth(wrong)
    except TypeError as e:
        print(type(e).__name__, e, e.__traceback__.tb_next.tb_lineno - depth.__code__.co_firstlineno)


def near(n, step):
    if n - step < 0:
        return n
    return near(n - step, step)


def sum_to(n, acc):
    if n == 0:
        return acc
    return sum_to(n - 1, acc + n)


for n in [100, 50, 2**63 - 1, -(2**63), 2**64]:
    print(near(n, abs(n) // 7 if abs(n) > 1000 else 3), near(-n, abs(n) // 9), sum_to(60, n), sum_to(60, float(n)))


# None, identity, truth.
class Node:
    def __init__(self, left, right):
        self.left, self.right = left, right


def tree(n):
    return Node(tree(n - 1), tree(n - 2)) if n > 0 else None


def leaves(t):
    if t is None:
        return 1
    return leaves(t.left) + leaves(t.right)


def until(o, last, n):
    if o is last:
        return n
    return until(o.left, last, n + 1)


def flip(b, n):
    if not b:
        return n
    return flip(n % 7 != 0, n - 1) + 1


t = tree(14)
print(leaves(t), until(t, None, 0), until(t, t.left.left.left, 0), sum(flip(True, n) for n in range(90)))


# What an argument's last reference is given to: it dies when the function returns, behind nothing and before nothing else.
deaths = []


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        deaths.append((self.name, sys._getframe(1).f_code.co_name, sys._getframe(1).f_lineno))


def takes(n, thing, other):
    if n < 2:
        return n
    return takes(n - 1, Dies(n), Dies(-n)) + takes(n - 2, other, thing)


print(takes(9, Dies("a"), Dies("b")), len(deaths), deaths)


def gives(n, thing):
    if n == 0:
        return thing
    return gives(n - 1, thing)


seen = weakref.WeakSet()
for n in range(40):
    o = gives(n % 5, Node(n, None))
    seen.add(o)
    if n % 10 == 9:
        print(o.left, len(seen), sys.getrefcount(o))
del o
print(len(seen))


# The depth at which a call is one too many is the same, at the bottom too.
def down(n):
    if n == 0:
        return 0
    return 1 + down(n - 1)


def deepest():
    low, high = 1, 4000
    while high - low > 1:
        middle = (low + high) // 2
        try:
            down(middle)
            low = middle
        except RecursionError as e:
            high = middle
    return low


print(down(500), down(900), deepest(), deepest())


# Another function, other code, other namespaces while it runs.
def changes(n):
    global helper
    if n == 25:
        helper = other_helper
    if n == 20:
        original.__code__ = (lambda n: "code" if n < 2 else changes(n - 1)).__code__
    return helper(n - 1)


def original(n):
    if n < 2:
        return "original"
    return changes(n)


def other_helper(n):
    if n < 3:
        return "other"
    return original(n)


helper = original
print([helper(n) for n in (10, 15, 18, 19, 10)])
for n in (12, 24, 60, 24, 12):
    print(n, changes(n))

source = """
def f(n):
    if n < limit:
        return limit
    return f(n - 1) + f(n - 2)
"""
for limit in (2, 3, 2.5, 5):
    space = {"limit": limit}
    exec(source, space)
    print(limit, space["f"](13))
g = types.FunctionType(fib.__code__, {"fib": lambda n: n * 100}, "g")
print(g(1), g(7), [g(n) for n in range(6)])


# Everybody who looks at calls sees those that end at once.
for tool in ("profile", "trace", "monitoring"):
    events = {}

    def note(*args):
        key = args[1] if tool != "monitoring" else args[0].co_name
        events[key] = events.get(key, 0) + 1
        return note

    fib(12)
    if tool == "profile":
        sys.setprofile(note)
        fib(7)
        sys.setprofile(None)
    elif tool == "trace":
        sys.settrace(note)
        fib(7)
        sys.settrace(None)
    else:
        E = sys.monitoring.events
        sys.monitoring.use_tool_id(3, "note")
        sys.monitoring.register_callback(3, E.PY_START, note)
        sys.monitoring.set_events(3, E.PY_START)
        fib(7)
        sys.monitoring.set_events(3, 0)
        sys.monitoring.set_local_events(3, fib.__code__, E.PY_START)
        fib(8)
        sys.monitoring.set_local_events(3, fib.__code__, 0)
        sys.monitoring.free_tool_id(3)
    print(tool, sorted(events.items()))


def starts(n):
    if n == 12:
        sys.setprofile(watch)
    if n == 9:
        sys.setprofile(None)
    return spread(n)


def spread(n):
    if n < 4:
        return 1
    return starts(n - 1) + spread(n - 3)


calls = []


def watch(frame, event, arg):
    if event == "call":
        calls.append(frame.f_code.co_name)


for n in (9, 11, 14, 16, 14):
    calls.clear()
    print(n, spread(n), len(calls), calls[:8])
    sys.setprofile(None)


# Fields of what is given: in slots, among the instance's values, in its dict, of another class, or not there.
class Slots:
    __slots__ = "left", "right", "n"

    def __init__(self, left, right, n):
        self.left, self.right, self.n = left, right, n


class Full(Node):
    n = 7

    def __init__(self, left, right, n):
        self.__dict__.update(left=left, right=right, n=n)


class Asked(Node):
    asked = 0
    n = 3

    @property
    def left(self):
        Asked.asked += 1
        return self._left

    @left.setter
    def left(self, v):
        self._left = v

    @left.deleter
    def left(self):
        del self._left


class Fallback:
    right = n = None

    def __getattr__(self, name):
        Asked.asked += 1
        return None


def grown(n, kinds):
    if n == 0:
        return None
    o = kinds[n % len(kinds)](grown(n - 1, kinds), grown(n - 2, kinds) if n > 1 else None, n) if kinds[n % len(kinds)] not in (Node, Asked) else None
    if o is None:
        o = kinds[n % len(kinds)](grown(n - 1, kinds), grown(n - 2, kinds) if n > 1 else None)
        o.n = n
    return o


def total(node):
    if node.left is None:
        return node.n
    return total(node.left) + (total(node.right) if node.right else 0) + node.n


def size(node):
    if node is None:
        return 0
    return 1 + size(node.left) + size(node.right)


for kinds in [Slots], [Node], [Full], [Slots, Node], [Asked], [Slots, Node, Full, Asked]:
    t = grown(13, kinds)
    print(total(t), size(t), total(t), Asked.asked)
    t.left.left.right = Fallback() if kinds[0] is not Slots else Slots(None, None, 1000)
    try:
        print(total(t), Asked.asked, size(t))
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)
    del t.left.left.left
    try:
        print(total(t))
    except AttributeError as e:
        lines = []
        tb = e.__traceback__
        while tb:
            lines.append(tb.tb_lineno - total.__code__.co_firstlineno if tb.tb_frame.f_code is total.__code__ else 0)
            tb = tb.tb_next
        print(e, lines)
