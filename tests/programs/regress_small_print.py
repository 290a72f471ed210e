# What is easily overlooked of instructions done by calls: what __import__ is given, who tracks a dict, sizes of lists, texts of errors, names told.
import builtins
import cmath
import gc
import sys
import types

real_import = builtins.__import__
seen = []


def imports(name, globals=None, locals=None, fromlist=(), level=0):
    if name == "math":
        seen.append((locals is globals, locals is None, fromlist, level))
    return real_import(name, globals, locals, fromlist, level)


def within():
    for i in range(20):
        import math


builtins.__import__ = imports
for i in range(100):
    import math
print(len(seen), set(seen))
del seen[:]
within()
print(len(seen), set(seen))
builtins.__import__ = real_import


def tracks(values):
    global x
    for v in values:
        x = v


for rest in ([[]], [[]] * 50, [()] * 9, [5], [tracks] * 40):
    namespace = {"x": 0}
    stores = types.FunctionType(tracks.__code__, namespace)
    stores([1.5] * 50)
    before = gc.is_tracked(namespace)
    stores([1.5] * 50 + rest)
    print(before, gc.is_tracked(namespace))


def sizes(t):
    found = set()
    for i in range(100):
        l = [1, 2, 3, 4, 5]
        found.add(sys.getsizeof(l))
        l = [*t]
        found.add(sys.getsizeof(l))
        l = [1, *t]
        found.add(sys.getsizeof(l))
        l.extend(t)
        found.add(sys.getsizeof(l))
    return sorted(found)


print(sizes((1, 2, 3)), sizes([1] * 9))


class Iterable:
    def __iter__(self): return iter((1, 2))


def loses(i, *a):
    if i == 150:
        del Iterable.__iter__


def count(*a): return len(a)


def calls(c, n):
    r = 0
    for i in range(n):
        loses(i, *(1,))
        r += count(*c)
    return r


try:
    print(calls(Iterable(), 300))
except TypeError as e:
    print(e)

cmath.sqrt.__module__ = "math"


def roots():
    for i in range(100):
        s = cmath.sqrt(4.0 + i)
    return s


print(roots())


class Key:
    compared = 0
    def __hash__(self): return hash("x")
    def __eq__(self, other):
        Key.compared += 1
        return False


class Object: pass


def in_place(n):
    o = Object()
    o.__dict__[Key()] = 1
    o.x = 1
    for i in range(n):
        o.__dict__
        o.x = i
    return o.x


print(in_place(200), Key.compared < 300)
