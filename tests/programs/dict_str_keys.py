# Dicts with str keys, and those that stop to be; isinstance, truth and len of all sorts.
import sys


class Str(str):
    def __hash__(self): return hash("a")
    def __eq__(self, o):
        log.append("eq")
        return str(self) == str(o)


log = []


def reads(d, keys):
    n = 0
    for k in keys:
        if k in d:
            n += d[k]
        if k not in d:
            n += 1000
        n += d.get(k, 5) + (d.get(k) or 7)
    return n


def writes(d, keys):
    for k in keys:
        d[k] = d.get(k, 0) + 1
    return d


keys = ["a", "b", "c", "".join(["x", "y"])] * 20
print(reads({"a": 1, "b": 2}, keys), reads({}, keys), reads({"xy": 5, 1: 2}, keys), reads({Str("a"): 3}, keys), len(log) > 0)
print(writes({}, keys), writes({"c": 5, 2: 3}, keys), writes({"a": True}, [Str("a")] * 30))


def missing(d, keys):
    out = []
    for k in keys:
        try:
            out.append(d[k])
        except KeyError as e:
            out.append(e.args)
    return out


print(missing({"a": 1}, ["a"] * 50 + ["zz"] * 3 + ["a"] * 3)[-5:], missing({}, keys)[:2])


class Dies:
    def __init__(self, name): self.name = name
    def __del__(self): log.append((self.name, sorted(sys._getframe(1).f_locals)))


def overwrites(n):
    d = {}
    for i in range(n):
        d["k"] = Dies(i)
    del log[:-2]
    d.clear()
    return log[-1]


print(overwrites(60))


def temporary(n):
    out = []
    for i in range(n):
        out.append({"a": i, "b": [i]}["b"])
        out.append({"x": Dies("t")}.get("x", None).name)
    return out[-3:]


print(temporary(50))


class Full:
    def __init__(self): self.a = 1


def through_vars(n):
    o = Full()
    for i in range(n):
        vars(o)["a"] = i
        if i % 10 == 9:
            vars(o)[f"k{i}"] = i
        x = o.a
    return x, len(vars(o)), o.k9


print(through_vars(500))


class A: pass
class B(A): pass
class C:
    def __len__(self): return 0
class D:
    def __bool__(self): return False
class Liar:
    @property
    def __class__(self): return A
class Meta(type):
    def __instancecheck__(cls, o):
        log.append("asked")
        return True
class Asked(metaclass=Meta): pass


def kinds(values, classes):
    return [(isinstance(v, A), isinstance(v, (int, str)), isinstance(v, (A, float)), isinstance(v, classes), bool(v), not v, 1 if v else 2) for v in values]


values = [A(), B(), C(), D(), Liar(), 1, 0, True, "", "s", 2.5, None, [], [1], (), {}, {1: 2}, set(), {3}, frozenset(), b"", range(0), A, int] * 6
for classes in (int, (A, str), Asked, B, object, (list, (dict, set)), type):
    r = kinds(values, classes)
    print(classes, [sum(x[i] for x in r) for i in range(7)])
print(sum(isinstance(1, Asked) for i in range(50)), log[-1])


def changes(n):
    o = A()
    out = []
    for i in range(n):
        out.append((isinstance(o, B), bool(o)))
        if i == n // 2: o.__class__ = B
        if i == n - 10: A.__len__ = lambda self: 0
    del A.__len__
    return [out.count(x) for x in [(False, True), (True, True), (True, False)]]


print(changes(100))


def bad(n):
    out = 0
    for i in range(n):
        try:
            isinstance(i, 5 if i % 20 == 19 else int)
        except TypeError as e:
            out += len(str(e))
    return out


print(bad(100))


def lengths(values):
    return [sum(len(v) for v in values) for k in range(3)]


print(lengths([[], [1], (1, 2), "abc", b"abcd", {1: 2}, {1, 2}, frozenset([1]), range(5), "é" * 3] * 20))


def now_there_now_not(d, keys, v):
    for k in keys:
        d[k] = v
    return d


# What was under the key before is a float in all turns that are recorded, then there is nothing under it.
print(now_there_now_not({"a": 1.5}, ["a"] * 50 + ["b", "c", "a"], 2.5), now_there_now_not({}, ["z"] * 50, (1, 2)))
