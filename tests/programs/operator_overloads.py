"""Operators written in Python: __add__, __radd__, __iadd__, comparisons, NotImplemented, unary, __bool__, __index__, __call__."""
from functools import total_ordering


class V:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, o):
        if isinstance(o, V):
            return V(self.x + o.x, self.y + o.y)
        return NotImplemented

    def __radd__(self, o):
        return V(o + self.x, o + self.y)

    def __mul__(self, k):
        return V(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __sub__(self, o):
        return V(self.x - o.x, self.y - o.y)

    def __matmul__(self, o):
        return self.x * o.x + self.y * o.y

    def __neg__(self):
        return V(-self.x, -self.y)

    def __eq__(self, o):
        return isinstance(o, V) and self.x == o.x and self.y == o.y

    def __hash__(self):
        return hash((self.x, self.y))

    def __bool__(self):
        return self.x != 0 or self.y != 0

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return (self.x, self.y)[i]

    def __iter__(self):
        yield self.x
        yield self.y

    def __call__(self, k):
        return self.x + k

    def __repr__(self):
        return f"V({self.x!r}, {self.y!r})"


@total_ordering
class Ord:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v < o.v


class R:
    """Only reflected operators."""

    def __rsub__(self, o):
        return ("rsub", o)

    def __rtruediv__(self, o):
        return 2.0

    def __rpow__(self, o):
        return 3

    def __gt__(self, o):
        return "gt"


class MyInt(int):
    def __add__(self, o):
        return MyInt(int(self) + int(o) + 1)

    def __lt__(self, o):
        return False


class MyFloat(float):
    def __mul__(self, o):
        return "mul"


def vectors(n):
    v = V(0, 1.0)
    d = V(1, 0.5)
    t = 0
    for i in range(n):
        v = v + d
        v += d * 2
        v = 3 * v - v * 2
        t += v @ d + len(v) + v[0] + v[-1] + v(i) + sum(v)
        if v == d:
            t += 1000
        if not v:
            t += 5000
        v = -(-v)
        w = 1 + v
        t += w.x
    return v, t


def reflected(n):
    r = R()
    out = []
    for i in range(n):
        out.append((i - r, i / r, i ** r, i < r))
    return out[0], out[-1], len(out)


def ordered(n):
    l = [Ord(i * 37 % 101) for i in range(n)]
    c = 0
    for a, b in zip(l, l[1:]):
        c += (a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b) + 16 * (a == b) + 32 * (a != b)
    return c, [o.v for o in sorted(l)][:5], max(l).v


def subclasses(n):
    x = MyInt(0)
    f = MyFloat(1.5)
    s = 0
    for i in range(n):
        x = x + 1
        s += (x < 10 ** 9) + (x > -5)
        s += i + x
        s += len(f * 2) + (2 * f) + (f + 1)
    return x, type(x).__name__, s


def errors(n):
    seen = {}
    for i in range(n):
        try:
            r = [lambda: V(1, 2) + 5, lambda: R() - 1, lambda: V(1, 2) < V(1, 2), lambda: -R(), lambda: 1 + "a", lambda: [] + (), lambda: "a" * 1.5, lambda: 1 < "a", lambda: ~1.5, lambda: {} | 5][i % 10]()
        except TypeError as e:
            r = str(e)
        seen[r] = seen.get(r, 0) + 1
    return seen


print(vectors(60))
print(reflected(60), ordered(80), subclasses(60))
for k, v in errors(60).items():
    print(v, k)
