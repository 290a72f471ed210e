# == and != of str, and of objects whose classes define neither: compared by content and by identity; a class that gets an __eq__ is asked from then on.
class A:
    pass


class B(A):
    __slots__ = ("x",)


class WithEq:
    def __eq__(self, other):
        return "equal"

    __hash__ = None


def strings(l, what):
    same = other = 0
    for s in l:
        if s == what:
            same += 1
        if s != what:
            other += 1
        same += (s == "text1") is True
    return same, other


l = ["text%d" % (i % 3) for i in range(300)]
print(strings(l, "text1"), strings(l, l[2]), strings([s + "\u1234" for s in l], "text1\u1234"), strings([""] * 99, ""), strings(["\u00e9", "e\u0301", "e"] * 50, "\u00e9"))
print(strings(["a\0b", "a\0c", "a"] * 50, "a\0c"), strings(["\U0001f600", "\uf600"] * 50, "\uf600"))


def objects(l, what):
    r = []
    for o in l:
        r.append((o == what, o != what, what == o))
    return r


a = A()
b = B()
print(sorted(set(objects([A() if i % 3 else a for i in range(200)], a))))
print(sorted(set(objects([B(), b, a] * 70, b))), sorted(set(objects([None, a, len, A] * 60, a))), sorted(set(objects([None, len, A, B] * 60, None))))
print(objects([WithEq(), a] * 60, a)[-2:], objects([a] * 100 + [1, "x", 1.5, WithEq()], a)[-4:])


def changed(o, p, n):
    r = []
    for i in range(n):
        if i == n - 20:
            A.__eq__ = lambda self, other: "A's"
        if i == n - 10:
            del A.__eq__
        r.append(o == p)
    return r


print(changed(A(), A(), 200)[-25:], changed(B(), A(), 200)[-25:])


def dies(n):
    r = []

    class Dies:
        def __init__(self, name):
            self.name = name

        def __del__(self):
            r.append(self.name)
    for i in range(n):
        Dies("left") == Dies("right")
        Dies("one") != a
        a == Dies("two")
    return r[-4:]


print(dies(200))
