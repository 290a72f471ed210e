"""Instances that nobody sees are not made: exits make them, whoever needs one gets it, with its numbers, which are one object wherever they lie."""
import gc
import sys
import weakref


class Slots:
    __slots__ = "x", "y", "__weakref__"

    def __init__(self, x, y=0.5):
        self.x = x
        self.y = y

    def __add__(self, o):
        return Slots(self.x + o.x, self.y + o.y)

    def __sub__(self, o):
        if not isinstance(o, Slots):
            return NotImplemented
        return Slots(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return Slots(self.x * k, self.y * k)

    def __rmul__(self, k):
        return self * k

    def __neg__(self):
        return Slots(-self.x, -self.y)

    def __eq__(self, o):
        return self.x == o.x and self.y == o.y

    def __lt__(self, o):
        return self.x < o.x

    def dot(self, o):
        return self.x * o.x + self.y * o.y

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y

    def __repr__(self):
        return f"({self.x!r}, {self.y!r})"


class Plain(Slots):
    kind = "plain"
    __slots__ = ()

    def __init__(self, x, y=1.5):
        self.y = y
        self.x = x


class Dict:
    scale = 2

    def __init__(self, a, b):
        self.a = a
        self.b = b
        self.a = a + b

    def sum(self):
        return self.a + self.b * self.scale

    def bump(self):
        self.b += 1
        self.c = self.b * 2
        return self

    def __add__(self, o):
        return Dict(self.a - o.b, self.b)


class Finalized:
    died = 0

    def __init__(self, n):
        self.n = n

    def __del__(self):
        Finalized.died += self.n


class Picky:
    def __init__(self, n):
        if n % 7 == 3:
            raise ValueError(n)
        self.n = n


def temporaries(n):
    a, b, total = Slots(1.0, 2.0), Slots(0.25), 0.0
    for i in range(n):
        total += ((a + b) * (i % 5) - b).dot(a)
        total += (2 * -(a - b)).norm
    return total


def made_at_exits(n):
    got = []
    for i in range(n):
        v = Slots(i * 0.5, i + 1)
        w = v
        d = Dict(i, 3).bump()
        if i % 101 == 100:
            got.append((v, w, v is w, d.a, d.b, d.c, list(d.__dict__)))
    return got[-2:], v, w is v, d.sum()


def one_number(n):
    """Wherever it lies."""
    same = 0
    for i in range(n):
        x = i * 1.5 + 1000.0
        v = Slots(x, x)
        keep = [x]
        same += (v.x is v.y) + (v.x is x) + (keep[0] is v.y)
        k = i + 100000
        d = Dict(k, 0)
        w = Slots(k, k)
        pair = (w, k)
        same += (w.x is w.y) + (pair[1] is w.x)
    return same


def needed(n):
    seen = []
    for i in range(n):
        v = Slots(i + 0.5, i - 0.5)
        e = i % 97
        if e == 10:
            seen.append(v)
        elif e == 11:
            seen.append([v, v][1])
        elif e == 12:
            seen.append(isinstance(v, Slots))
        elif e == 13:
            seen.append(f"{v}")
        elif e == 14:
            seen.append(v is not None and v == v)
        elif e == 15:
            seen.append((lambda: v)())
        elif e == 16:
            r = weakref.ref(v)
            seen.append(r() is v)
        elif e == 17:
            v.x = "text"
            seen.append(v.x)
        elif e == 18:
            del v.x
            seen.append(hasattr(v, "x"))
        elif e == 19:
            try:
                v.z
            except AttributeError as error:
                seen.append(str(error))
        elif e == 20:
            v.x = v
            seen.append(v.x is v)
            v.x = None
        elif e == 21:
            seen.append(v < Slots(1) or type(v).__name__)
        elif e == 22:
            seen.append(v in (v, 1))
    return len(seen), seen[:16]


def attempts(n):
    failed, died = 0, 0
    for i in range(n):
        try:
            p = Picky(i)
            died += p.n % 2
        except ValueError as error:
            failed += error.args[0] % 5
        try:
            Slots(1.0) - i
        except TypeError as error:
            failed += len(str(error))
        f = Finalized(1)
        f.n = 2
    return failed, died, Finalized.died


def classes_change(n):
    got = []
    for i in range(n):
        d = Dict(i, 1)
        if i == n // 2:
            Dict.scale = 3
            Dict.sum = lambda self: self.a * self.scale
        if i == n - 100:
            Dict.__init__ = lambda self, a, b: setattr(self, "a", -a)
        got.append(d.sum())
    return sum(got), got[-1]


def subclasses(n):
    total = 0
    for i in range(n):
        p = Plain(i) + Slots(1, 2) * 3
        q = Plain(i, 2)
        total += p.dot(q) + len(q.kind)
    return total


def generated(n):
    def numbers():
        for i in range(n):
            v = Slots(i, 2) + Slots(1, i)
            yield v.dot(v)
            yield v
    return sum(x if isinstance(x, int) else x.x for x in numbers())


def recursive(n, v):
    if n == 0:
        return v.norm
    w = v + Slots(n * 0.5, 1.0)
    return recursive(n - 1, w * 0.5) + w.x


def looked_at(n):
    seen = 0
    for i in range(n):
        v = Slots(i, i + 1)
        if i % 50 == 49:
            seen += sys._getframe().f_locals["v"].x
            v = locals()["v"] + v
            seen += v.y
    return seen


def big(n):
    k = 1 << 61
    for i in range(n):
        v = Slots(k + i, k) + Slots(k, k + i)
        w = v * 3
    return v, w, gc.is_tracked(v)


class Small:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n if type(o) is Small else 3
    def __lt__(self, o): return [self.n] if self.n < o.n else []
    def __gt__(self, o): return NotImplemented
    def __iadd__(self, o): return Small(self.n + o)
    def __truediv__(self, o): raise ZeroDivisionError(self.n)


def compared(n):
    c = 0
    for i in range(n):
        s = Small(i % 3)
        t = Small(1)
        c += (s == t) + bool(s < t)
        if s < t:
            c += 1
        s += 4
        c += s.n
        try:
            s / t
        except ZeroDivisionError as e:
            c += e.args[0] + e.__traceback__.tb_next.tb_lineno - Small.__truediv__.__code__.co_firstlineno
        if i == n - 5:
            try:
                s > t
            except TypeError as e:
                print(e)
    return c


class Empty:
    """Nothing is in it."""
    __slots__ = ()

    def __init__(self):
        pass

    def __add__(self, o):
        return Empty() if o is self else self

    def number(self, n=1):
        return n


class Base:
    def __init__(self, n):
        self.n = n

    def __matmul__(self, o):
        return self.__class__(self.n ^ o.n)

    def __imul__(self, k):
        return NotImplemented if k == 3 else Base(self.n * k & 255)

    def __le__(self, o):
        return NotImplemented

    def __ge__(self, o):
        return NotImplemented if self.n & 1 else True

    def __invert__(self):
        return NotImplemented


class Derived(Base):
    def __init__(self, n, *more, **names):
        super().__init__(n)
        self.more = len(more) + len(names)


class Made(Base):
    def __new__(cls, n):
        return super().__new__(cls)


def without_attributes(n):
    t = 0
    for i in range(n):
        e = Empty()
        t += (e + e).number(i) + (e + 1).number() + Empty().number()
    return t


def siblings(n):
    t, errors = 0, []
    for i in range(n):
        b, d, m = Base(i), Derived(i, 1, k=2), Made(i)
        t += (b @ Base(3)).n + (d @ d).more + m.n + (~b is NotImplemented)
        try:
            b *= 1 + i % 3
            t += b.n
            t += b >= d
            t += b <= b
        except TypeError as error:
            errors.append(str(error))
    return t, len(errors), errors[:4]


def in_generators(n):
    def vectors():
        a = Slots(0.5, 1.0)
        for i in range(n):
            a = a + Slots(i, 2) * 0.5
            if i % 50 == 49:
                a = -a
            yield a.dot(a) if a < Slots(1000.0) else a.x

    def outer():
        for x in vectors():
            yield (Slots(x) - Slots(1.0)).x
    return sum(outer()), [Slots(i).norm for i in range(n)][-1], {Slots(i, 1).dot(Slots(2)) for i in range(n)} == set()


print(without_attributes(1000))
print(siblings(600))
print(in_generators(900))
print(temporaries(3000))
print(made_at_exits(1000))
print(one_number(1000))
print(needed(1000))
print(attempts(1000))
print(classes_change(1000))
print(subclasses(1000))
print(generated(500))
print([recursive(k, Slots(1.0)) for k in range(0, 60, 7)], sum(recursive(12, Slots(i)) for i in range(300)))
print(looked_at(600))
print(big(600))
print(compared(900))
