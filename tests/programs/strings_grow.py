# s += t grows the string in place, as in the interpreter, also where something runs between the two: `s += f()`; where the string is held elsewhere too, it
# stays as it is there. Were each sum a copy, this would take minutes.
class Node:
    def __init__(self, text):
        self.text = text

    def visit(self):
        return self.text

    def __str__(self):
        return self.text


def by_method(nodes):
    s = ""
    for n in nodes:
        s += n.visit()
    return s


def by_str(nodes):
    s = ""
    for n in nodes:
        s = s + str(n)
    return s


def by_call(parts):
    s = ""
    for p in parts:
        s += "".join([p, p])
    return s


def by_unknown(parts):
    s = ""
    for p in parts:
        s += p if p else str(p)
    return s


def one(s, n):
    s += n.visit()
    s += str(n)
    return s


def followed(nodes):
    out = 0
    for n in nodes:
        out += len(one("x", n))
    return out


def held(nodes):
    s = ""
    kept = []
    for n in nodes:
        kept.append(s)
        s += n.visit()
        t = s
        s += str(n)
        if t != s[:len(t)]:
            return "changed"
    return [len(k) for k in kept[-3:]], kept[3], len(s)


def of_others(values):
    s = values[0]
    for v in values[1:]:
        s += v
    return s


class Appends(str):
    def __add__(self, other):
        return Appends(str(self) + "+" + other)


nodes = [Node("text %d " % i * 20) for i in range(3000)]
parts = [n.text for n in nodes]
print(len(by_method(nodes)), len(by_str(nodes)), len(by_call(parts)), len(by_unknown(parts)), followed(nodes), held(nodes[:300])[::2])
for values in ([1, 2, 3], [1.5, 2.5], ["a", "b"], [[1], [2]], [(1,), (2,)], [b"a", b"b"], [Appends("a"), "b", "c"]) * 20:
    r = of_others(values * 5 if len(values) == 1 else values)
print(r, type(r).__name__, len(by_method(nodes)), len(of_others(parts)))
try:
    print(of_others(parts[:50] + [None]))
except TypeError as e:
    print(e)
