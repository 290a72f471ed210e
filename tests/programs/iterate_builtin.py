"""for over list, tuple, str, bytes, dict, set, enumerate, zip, map, filter, reversed, generator, file-like."""
import io
import itertools


def run(n):
    lst = list(range(n))
    tup = tuple(x * 0.5 for x in range(n))
    s = "abcdefghij" * (n // 10)
    d = {f"k{i}": i for i in range(n)}
    total = 0
    for x in lst:
        total += x
    for x in tup:
        total += x
    for c in s:
        total += ord(c)
    for b in s.encode():
        total += b
    for k in d:
        total += len(k)
    for k, v in d.items():
        total += v * len(k)
    for v in d.values():
        total -= v
    for k in d.keys():
        total += k == "k7"
    for x in set(lst):
        total += x
    for x in frozenset(lst):
        total -= x
    for i, x in enumerate(tup, 5):
        total += i * x
    for a, b, c in zip(lst, tup, s):
        total += a - b
    for x in map(lambda v: v + 1, lst):
        total += x
    for x in filter(None, lst):
        total += x
    for x in reversed(lst):
        total -= x
    for x in reversed(d):
        total += x == "k3"
    for x in (v * 2 for v in lst):
        total += x
    for line in io.StringIO("one\ntwo\n" * 30):
        total += len(line)
    for x in itertools.chain(lst, tup):
        total += x
    for x in itertools.islice(itertools.count(3), 60):
        total += x
    for a, b in itertools.product(range(8), repeat=2):
        total += a * b
    for x in iter(lst.pop, 10):
        total += 1
    for x in memoryview(b"abc" * 20):
        total += x
    for x in range(60).__iter__():
        total += x
    return total


def ends(n):
    """An exhausted iterator stays exhausted."""
    out = []
    for make in (lambda: iter([1] * n), lambda: iter((1,) * n), lambda: iter(range(n)), lambda: iter("x" * n), lambda: iter({i: 1 for i in range(n)}), lambda: (i for i in range(n))):
        it = make()
        c = 0
        for _ in it:
            c += 1
        for _ in it:
            c += 1000
        out.append((c, next(it, "end")))
    return out


print(repr(run(100)))
print(ends(70))
