"""Tracebacks of exceptions in hot loops, their lines, carets and frames, as text."""
import os
import re
import traceback


def text():
    t = traceback.format_exc()
    return re.sub(r'File "([^"]*)"', lambda m: f'File "{os.path.basename(m[1])}"', t)


def leaf(x):
    y = x * 2
    return 100 // (70 - x) + y


def middle(x):
    return leaf(
        x
    ) + 1


def outer(n):
    s = 0
    for i in range(n):
        s += middle(i)
    return s


def same_frame(n):
    l = list(range(60))
    s = 0
    for i in range(n):
        s += l[i] + (l[i]
                     * l[-1])
    return s


def attribute(n):
    for i in range(n):
        x = [i] if i < 65 else None
        x.append(i)


def in_condition(n):
    i = 0
    while 100 / (64 - i) != 12345 and i < n:
        i += 1


def in_comprehension(n):
    return [10 % (k - 61) for k in range(n)]


def in_generator(n):
    def gen():
        for k in range(n):
            yield 10 % (k - 61)
    return sum(gen())


def reraised(n):
    for i in range(n):
        try:
            leaf(i)
        except ZeroDivisionError as e:
            raise


def chained(n):
    for i in range(n):
        try:
            leaf(i)
        except ZeroDivisionError as e:
            raise KeyError("from here") from e


def every_turn(n):
    texts = set()
    for i in range(n):
        try:
            leaf(70)
        except ZeroDivisionError:
            texts.add(text())
    return texts


class Op:
    def __init__(self, k):
        self.k = k

    def __add__(self, o):
        if self.k > 60:
            raise OverflowError("too much")
        return Op(self.k + o)

    def __lt__(self, o):
        return self.k / 0 if self.k > 60 else True


def operator(n):
    x = Op(0)
    for i in range(n):
        x = x + 1


def in_init(n):
    for i in range(n):
        Bad(i)


class Bad:
    def __init__(self, i):
        self.i = 1 / (63 - i)


def unpack(n):
    for i in range(n):
        a, b = (1, 2) if i != 66 else (1, 2, 3)


def wrong_name(n):
    for i in range(n):
        if i == 68:
            undefined_name + 1


def assertion(n):
    for i in range(n):
        assert i < 58, f"i is {i}"


def two_loops(n):
    for i in range(n):
        for j in range(n):
            if i * j == 2000:
                raise LookupError(i, j)


for f in (outer, same_frame, attribute, in_condition, in_comprehension, in_generator, reraised, chained, operator, in_init, unpack, wrong_name, assertion, two_loops):
    try:
        f(100)
    except Exception:
        print(text())
for t in every_turn(60):
    print(t)
try:
    for i in range(100):
        middle(i)
except ZeroDivisionError:
    print(text())
