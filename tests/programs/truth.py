"""Truth tests of many types, through if, while, not, and, or, conditional expressions."""
from decimal import Decimal


class Bool:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        return self.v


class Len:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Bad:
    def __bool__(self):
        raise ValueError("no truth")


class Worse:
    def __bool__(self):
        return 1


class Negative:
    def __len__(self):
        return -1


VALUES = [0, 1, -1, 2**70, 0.0, -0.0, 0.5, float("nan"), "", "a", b"", b"x", (), (0,), [], [0], {}, {1: 2}, set(), {1},
          None, True, False, Bool(True), Bool(False), Len(0), Len(3), 0j, 1j, range(0), range(3), Decimal(0), Decimal(1), object]

OTHER = object()


def run(rounds):
    out = []
    for _ in range(rounds):
        out = []
        for v in VALUES:
            n = 0
            if v:
                n += 1
            if not v:
                n += 2
            n += 4 if v else 8
            n += 16 if (v and True) is True else 32
            n += 64 if (v or OTHER) is OTHER else 128
            while v:
                n += 256
                break
            out.append(n)
    return out


def raising(rounds):
    seen = []
    for i in range(rounds):
        x = (Bad(), Worse(), Negative(), Len(2))[i % 4]
        try:
            if x:
                seen.append("yes")
        except (ValueError, TypeError) as e:
            seen.append(f"{type(e).__name__}: {e}")
    return seen[:8], len(seen)


def countdown():
    n = 100
    k = 0
    while n:
        n -= 1
        k += 1
    f = 25.0
    while f:
        f -= 0.5
        k += 1
    l = [1] * 60
    while l:
        l.pop()
        k += 1
    return k


print(run(10))
print(raising(80))
print(countdown())
