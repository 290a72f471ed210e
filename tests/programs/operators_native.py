"""Operators of classes written in Python: who is asked, with what, in which order what they were given dies, and what is said when nobody knows."""

import sys

log = []


class V:
    def __init__(self, x, y=0):
        self.x, self.y = x, y

    def __add__(self, o):
        return V(self.x + o.x, self.y + o.y)

    def __sub__(self, o):
        return V(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return V(self.x * k, self.y * k)

    def __rmul__(self, k):
        return V(k * self.x, k * self.y)

    def __truediv__(self, k):
        return self.x / k

    def __mod__(self, k):
        if k == 7:
            return NotImplemented
        return self.x % k

    def __rmod__(self, k):
        return NotImplemented if k == 3 else k % 5

    def __and__(self, o):
        return o

    def __neg__(self):
        return V(-self.x, -self.y)

    def __invert__(self):
        return ~self.x

    def __eq__(self, o):
        return self.x == o.x and self.y == o.y

    def __lt__(self, o):
        return self.x < (o.x if isinstance(o, V) else o)

    def __ge__(self, o):
        return NotImplemented if self.x % 3 == 0 else self.x >= o.x

    def __le__(self, o):
        return NotImplemented


def work(n):
    p, zero, hits = V(0), V(0), 0
    for i in range(n):
        p = p + V(1, 2) * (i % 5) - 2 * V(i % 3)
        p += V(0, 1)
        hits += p == zero
        if p < V(i):
            hits += 1
        if p < 5:
            hits += 2
        if not p != zero:
            hits += 4
        hits += p % 6 + (p & i) + ~p + (-p).y
        hits += int(p / 2 * 10)
    return hits, p.x, p.y


print(work(60), work(300))


def refused(n, a, b, op):
    r = []
    for i in range(n):
        k = i if op != "odd" else i % 8
        try:
            if op in ("%", "odd"):
                r.append(a % k)
            elif op == "r%":
                r.append(k % a)
            elif op == "%=":
                t = a
                t %= k
                r.append(t)
            elif op == ">=":
                a.x = k
                r.append(a >= b)
            elif op == "<=":
                r.append(a <= b)
            elif op == "<":
                r.append(a < b)
            elif op == "<<":
                r.append(a << b)
        except (TypeError, ZeroDivisionError, AttributeError) as e:
            r.append((type(e).__name__, str(e), e.__traceback__.tb_lineno - refused.__code__.co_firstlineno))
    return r[:2] + r[-2:] + [x for x in r if isinstance(x, tuple)][:3]


for op in "%", "odd", "r%", "%=", ">=", "<=", "<", "<<":
    for b in V(4), 4, 4.5, None, "x":
        print(op, b if not isinstance(b, V) else "V", refused(45, V(9), b, op))


# What the operands' last references are given to, and how many there are.
class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        frame = sys._getframe(1)
        log.append((self.name, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))

    def __add__(self, o):
        counts = sys.getrefcount(self), sys.getrefcount(o)
        del self
        log.append("added")
        o = None
        return counts

    def __radd__(self, o):
        del self
        log.append("radded")
        return o

    def __sub__(self, o):
        if o.name == "s19":
            raise ValueError(self.name)
        return NotImplemented

    def __gt__(self, o):
        return self.name

    def __eq__(self, o):
        return NotImplemented

    def __neg__(self):
        return Dies("-" + self.name)


def deaths(i):
    r = [Dies("a") + Dies("b"), 5 + Dies("c"), Dies("d") > Dies("e"),
         Dies("f") == Dies("g")]
    if Dies("h") > Dies("i"):
        r.append(Dies("j") == 4)
    if Dies("k") == Dies("l"):
        r.append(1)
    r.append((-Dies("m")).name)
    try:
        Dies("r") - Dies(f"s{i}")
    except (TypeError, ValueError) as e:
        r.append(str(e))
    return r


for i in range(40):
    log.clear()
    r = deaths(i)
    if i in (19, 20, 39):
        print(r, log)


# Truth of what a comparison gives.
class Truth:
    def __init__(self, n):
        self.n = n

    def __bool__(self):
        log.append(self.n)
        if self.n == 33:
            raise KeyError(self.n)
        return self.n % 2 == 0


class Compares:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return Truth(self.n) if self.n % 5 else [0][self.n % 2:]

    def __ne__(self, o):
        return self.n

    def __lt__(self, o):
        return self.n / 2


def tests(n):
    hits = 0
    for i in range(n):
        c = Compares(i)
        try:
            if c == c:
                hits += 1
            if c != 1:
                hits += 10
            if c < None:
                hits += 100
        except KeyError as e:
            hits += 1000
    return hits


log.clear()
print(tests(50), log)


# Subclasses, other classes, classes that change.
class Sub(V):
    def __add__(self, o):
        return "sub"

    def __radd__(self, o):
        return "rsub"

    def __gt__(self, o):
        return "gt"


class Mine:
    def __radd__(self, o):
        return "mine"

    def __eq__(self, o):
        return "eq"


class Int(int):
    def __add__(self, o):
        return NotImplemented if self > 20 else int.__add__(self, o) + 1000

    def __lt__(self, o):
        return NotImplemented


class List(list):
    def __add__(self, o):
        return NotImplemented if len(self) > 20 else "list"

    def __mul__(self, o):
        return NotImplemented


def mixed(n, a, b):
    r = []
    for i in range(n):
        try:
            r.append((a + b, a == b, b > a))
        except (TypeError, AttributeError) as e:
            r.append(str(e))
    return r[-1], len(r)


pairs = [V(1), Sub(1), Mine(), Int(3), Int(30), List([1]), List([1] * 30), 7, 7.5, None, [2]]
for a in pairs:
    print(type(a).__name__, [(type(r[0]).__name__, r[:3] if isinstance(r, str) else r[1:]) for r, n in (mixed(25, a, b) for b in pairs)])


def changing(n):
    r = []
    p = V(1, 1)
    for i in range(n):
        if i == n // 2:
            V.__add__ = lambda a, b: V(100, 100)
        if i == n // 2 + n // 4:
            del V.__add__
        try:
            p = p + V(1)
        except TypeError as e:
            r.append(str(e))
            break
    return p.x, r, i


kept = V.__add__
print(changing(60))
V.__add__ = kept
print(changing(60))
V.__add__ = kept
V.__iadd__ = lambda a, b: V(b.x * 10)


def in_place(n):
    p = V(1)
    for i in range(n):
        p += V(i)
    return p.x


print(in_place(40))
del V.__iadd__
print(in_place(40))


# Operators that call each other, deep; errors in them; frames that are looked at.
class Nested:
    def __init__(self, depth):
        self.depth = depth

    def __add__(self, o):
        if self.depth == 0:
            return sys._getframe(2).f_code.co_name if o.depth else len(o.missing)
        return Nested(self.depth - 1) + o

    def __mul__(self, n):
        return n if not self.depth else Nested(self.depth - 1) * n + 1


def nested(n):
    r = []
    for i in range(n):
        r.append(Nested(i % 6) + Nested(i % 7))if i % 7 else None
        r.append(Nested(i % 9) * i)
        try:
            Nested(i % 5) + Nested(0)
        except AttributeError as e:
            lines, tb = 0, e.__traceback__
            while tb:
                lines = lines * 2 + tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno
                tb = tb.tb_next
            r.append(lines)
    return r[-7:], len(r)


print(nested(70), nested(35))
try:
    Nested(5000) * 2
except RecursionError as e:
    print("RecursionError")


# What it holds, and whether it is true.
class Box:
    def __init__(self, n):
        self.n = n

    def __contains__(self, item):
        if item == 31:
            raise KeyError(item)
        if item == 17:
            return Truth(item)
        return item if item % 4 == self.n % 4 else 0 if item % 2 else ""

    def __bool__(self):
        if self.n == 37:
            raise KeyError(self.n)
        return self.n % 3 == 1 if self.n != 38 else self.n

    def __del__(self):
        log.append(("box", self.n, sys._getframe(1).f_lineno - sys._getframe(1).f_code.co_firstlineno))


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n % 3


def holds(n):
    hits, box, errors = 0, Box(2), []
    for i in range(n):
        try:
            if i in box:
                hits += 1
            if i not in box:
                hits += 10
            if i in Box(i):
                hits += 100
            there = i in box, i not in box
            hits += there[0] * 1000 + there[1]
            box.n = i
            if box:
                hits += 10000
            hits += 5 if not Box(i + 100) else 6
            while Box(i) and hits % 7:
                hits += 1
            hits += bool(box) and 3
            if Sized(i):
                hits += 2
        except (KeyError, TypeError) as e:
            errors.append((type(e).__name__, str(e), e.__traceback__.tb_lineno - holds.__code__.co_firstlineno))
        box.n = i % 5
    return hits, errors


log.clear()
print(holds(45), len(log), log[-30:])
print(holds(30), len(log))


# Methods of other kinds; operands that come back to life, that are kept, that are the same object.
class Kinds:
    kept = []

    def __init__(self, n, extra=None):
        self.n = n
        if n == 43:
            Kinds.kept.append(self)
            raise ValueError(n)

    def __add__(self, o, *rest, by=1):
        return self.n + o.n + by

    def __sub__(self, o, extra=5):
        return self.n - o.n - extra

    def __mul__(self, o):
        yield self.n
        yield o

    async def __truediv__(self, o):
        return self.n

    def __xor__(self, o):
        def inner():
            return self.n * o.n
        return inner()

    __or__ = staticmethod(lambda o: o)
    __and__ = None

    def __mod__(self, o):
        return super().__getattribute__("n") % o

    def __del__(self):
        if self.n % 9 == 8:
            Kinds.kept.append(self)


class Text(str):
    def __eq__(self, o):
        return NotImplemented

    def __lt__(self, o):
        return NotImplemented

    __hash__ = str.__hash__


def kinds(n):
    r, text = [], Text("ab")
    for i in range(n):
        try:
            k = Kinds(i, None)
            r.append((k + k, k - k, list(k * 2), k ^ k, (k | k) is k, k % 7, Kinds(i, extra=k) - k))
            (k / 2).close()
            r.append((text == "ab", "ab" == text, text == text, text < "b", text < text, text != "ab", text == i))
            k & k
        except (ValueError, TypeError) as e:
            r.append((type(e).__name__, str(e)))
    return r[-4:], len(r), len(Kinds.kept)


print(kinds(50), kinds(44))
