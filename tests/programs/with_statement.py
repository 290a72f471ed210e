"""with in hot loops: suppression, several managers, exceptions in __enter__ and __exit__, contextlib."""
import contextlib


class M:
    def __init__(self, log, suppress=False):
        self.log = log
        self.suppress = suppress

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, t, v, tb):
        self.log.append(t.__name__ if t else None)
        return self.suppress


def plain(n):
    log = []
    m = M(log)
    s = 0
    for i in range(n):
        with m as x:
            s += x is m
            if i % 3 == 0:
                continue
            s += 10
    return s, len(log), log[-2:]


def suppressed(n):
    log = []
    s = 0
    for i in range(n):
        with M(log, True):
            if i % 4 == 0:
                raise ValueError(i)
            s += i
    return s, log[:4], len(log)


def not_suppressed(n):
    log = []
    c = 0
    for i in range(n):
        try:
            with M(log), M(log, i % 2 == 0):
                1 / (i % 3)
        except ZeroDivisionError:
            c += 1
    return c, log[:8], len(log)


def breaking(n):
    log = []
    for i in range(n):
        with M(log):
            if i == 60:
                break
    return i, len(log)


def returning(n):
    log = []

    def f():
        for i in range(n):
            with M(log):
                if i == 55:
                    return i
    return f(), len(log)


@contextlib.contextmanager
def cm(log, k):
    log.append(("in", k))
    try:
        yield k
    finally:
        log.append(("out", k))


def generator_based(n):
    log = []
    s = 0
    for i in range(n):
        with cm(log, i) as a, cm(log, -i) as b:
            s += a - b
        with contextlib.suppress(KeyError):
            {}[i]
    return s, log[4:8], len(log)


class BadExit:
    def __enter__(self):
        return 1

    def __exit__(self, *a):
        raise LookupError("exit")


def bad(n):
    seen = set()
    for i in range(n):
        try:
            with BadExit():
                if i % 2:
                    raise ValueError(i)
        except LookupError as e:
            seen.add(type(e.__context__).__name__)
        try:
            with (5, object())[i % 2]:
                pass
        except TypeError as e:
            seen.add(str(e))
    return sorted(seen)


print(plain(90), suppressed(60), not_suppressed(60), breaking(100), returning(100), generator_based(60))
print(bad(60))
