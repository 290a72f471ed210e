# Recursion through C until no level of it is left, a loop at each: stock's backward jumps take none, so ours may not.
import functools
import sys

sys.setrecursionlimit(10 ** 6)


def down(levels, log):
    turns = 0
    for i in range(4):
        turns += i
    log.append(turns)
    return functools.reduce(lambda a, b: down(levels - 1, log) if levels else 0, (1, 2))


def by_repr(n):
    class Deep:
        def __init__(self, inner): self.inner = inner
        def __repr__(self):
            total = 0
            for i in range(3):
                total += i
            levels[0] += total
            return repr(self.inner)
    levels = [0]
    deep = 0
    for i in range(n):
        deep = Deep(deep)
    try:
        return len(repr(deep)), levels
    except RecursionError as e:
        return str(e), levels
    finally:
        while deep:         # not by recursion
            deep = deep.inner


def offset(k, f, *args):
    """So many levels more of C below f."""
    return f(*args) if not k else max([0], key=lambda _: 0) or functools.partial(offset, k - 1, f, *args)()


def depth(k):
    log = []
    try:
        offset(k, down, 20000, log)
    except RecursionError as e:
        return len(log), sum(log), str(e)


def where(found):
    """Exact where levels are counted. From 3.14 on the stack is measured: no two runs are alike."""
    return found if sys.version_info < (3, 14) else (type(found[0]), str(found[-1]).split(" (")[0] if isinstance(found[-1], str) else len(found))


log = []
print(down(100, log), len(log), sum(log))
print(where(depth(0)))
print(where(depth(1)))
print(where(depth(2)))
print(where(depth(3)))
print(by_repr(50))
print(where(by_repr(20000)))
