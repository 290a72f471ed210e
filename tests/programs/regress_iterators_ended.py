"""An iterator that a trace has run to its end is seen to be at its end by everybody else."""
import operator


def look(it, more):
    n = 0
    for _ in it:
        n += 1
    out = [n, operator.length_hint(it, -1), next(it, None), list(it), repr(it.__reduce__())]
    if more is not None:
        more()
    return out + [next(it, None), list(it), tuple(it)]


def run(make, times):
    last = None
    for _ in range(times):
        a, it, more = make()
        last = look(it, more)
    return last


def of_list():
    a = [1, 2, 3]
    return a, iter(a), lambda: a.append(4)


def of_emptied():
    a = [1, 2, 3, 4]
    it = iter(a)
    next(it)
    a.clear()
    return a, it, lambda: a.extend([5, 6, 7])


def of_reversed():
    a = [1, 2, 3]
    return a, reversed(a), lambda: a.append(4)


a_tuple = (1, 2.5, "x")
a_set = {5}
a_dict = {"k": 1, "l": 2}
for make in (of_list, of_emptied, of_reversed, lambda: (0, iter(a_tuple), None), lambda: (0, iter(range(5)), None), lambda: (0, iter(range(10 ** 20, 10 ** 20 + 3)), None),
             lambda: (0, iter("abc"), None), lambda: (0, iter("\u20ac\u20ac"), None), lambda: (0, iter(b"abc"), None), lambda: (0, iter(a_dict), None),
             lambda: (0, iter(a_dict.values()), None), lambda: (0, iter(a_set), None)):
    print(run(make, 60))


def in_place():
    out = []
    for _ in range(100):
        a = [1, 2, 3]
        it = iter(a)
        for _ in it:
            pass
        a.append(4)
        out.append(list(it))
    return out[-3:]


print(in_place())


# __next__ of a class is looked up each time, even where it came from C
class Mapped(map):
    pass


class Counting:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 40:
            raise StopIteration
        return self.n


def total(it):
    s = 0
    for x in it:
        s += x
    return s


print(total(Mapped(abs, range(60))), total(Counting()))
seen = []
Mapped.__next__ = lambda self: 1000 if len(seen) < 30 and not seen.append(1) else next(iter(()))
print(total(Mapped(abs, range(60))))
del Mapped.__next__
print(total(Mapped(abs, range(60))))
Counting.__next__ = lambda self: next(iter(()))
print(total(Counting()))
