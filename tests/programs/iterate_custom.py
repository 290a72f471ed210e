"""Iterators written in Python: __iter__/__next__, __getitem__ protocol, errors raised in __next__."""


class Count:
    def __init__(self, n):
        self.n = n
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


class Squares:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError("end")
        return i * i


class Failing(Count):
    def __next__(self):
        if self.i == 75:
            raise KeyError("at 75")
        return super().__next__()


class Tree:
    def __init__(self, v, left=None, right=None):
        self.v, self.left, self.right = v, left, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.v
        if self.right:
            yield from self.right


def build(lo, hi):
    if lo >= hi:
        return None
    m = (lo + hi) // 2
    return Tree(m, build(lo, m), build(m + 1, hi))


def total(it):
    s = 0
    for x in it:
        s += x
    return s


def failing(n):
    s = 0
    try:
        for x in Failing(n):
            s += x
    except KeyError as e:
        return s, repr(e)
    return s


def not_iterable(n):
    seen = set()
    for i in range(n):
        try:
            for _ in (5, None, 1.5, len)[i % 4]:
                pass
        except TypeError as e:
            seen.add(str(e))
    return sorted(seen)


class BadIter:
    def __iter__(self):
        return 5


class StopWithValue:
    def __init__(self):
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.i += 1
        if self.i > 60:
            raise StopIteration("value")
        return self.i


print(total(Count(200)), total(Squares(100)), failing(60), failing(200), total(build(0, 120)), total(StopWithValue()))
print(not_iterable(60))
try:
    for _ in BadIter():
        pass
except TypeError as e:
    print(e)
for i, x in enumerate(Count(100)):
    if i % 10 == 0:
        print(i, x, end="; ")
print()
