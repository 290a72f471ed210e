"""Iterators over dicts, sets and lists backwards let go of things: their container at the end, of a dict's items the pair before. What dies
there runs its __del__ there, and sees the frames and variables of that moment."""

import sys
import weakref

log = []


class Noisy:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        f = sys._getframe(1)
        log.append((self.n, f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, f.f_locals.get("i"), f.f_back and f.f_back.f_code.co_name))


def shown():
    out = log[:3], len(log), hash(tuple(log)) if len(log) < 3 else log[-1]
    log.clear()
    return out


def values_replaced(n):
    """The pair before holds the old value until the next step."""
    d = {i: Noisy(i) for i in range(n)}
    i = 0
    for k, v in d.items():
        d[k] = None
        v = None
        i += 1
    return i


def inner_values(n):
    def one(d):
        c = 0
        for k, v in d.items():
            d[k] = c
            v = None
            c += 1
        return c
    s = 0
    for i in range(n):
        s += one({"a": Noisy(i), "b": 2.5})
    return s


def temporary(n):
    """The iterator is the last owner of the dict, the set, the list."""
    s = 0
    for i in range(n):
        for k in {1: Noisy(i), 2: 3}:
            s += k
        for v in {1: 5, 2: Noisy(i)}.values():
            s += v is None
        for v in {i, i + 1, i + 2}:
            s += v
        for v in reversed([Noisy(-i), i]):
            s += v == i
    return s


def dropped(n):
    """The variable goes while the loop runs: the container dies at its end."""
    s = 0
    for i in range(n):
        d = {1: Noisy(i), 2: 0}
        for k in d:
            d = None
            s += k
        l = [1, Noisy(i)]
        for x in reversed(l):
            l = x = None
    return s


def changed(n):
    out = []
    for i in range(n):
        d = {1: 1, 2: 2}
        try:
            for k in d:
                d[k + 10] = i
        except RuntimeError as e:
            out.append(str(e))
        d = {1: 1, 2: 2}
        try:
            for k in d:
                del d[k]
                d[k + 10] = i
        except RuntimeError as e:
            out.append(str(e))
        s = {1, 2, 3}
        try:
            for k in s:
                s.add(k + 10)
        except RuntimeError as e:
            out.append(str(e))
        l = [1, 2, 3, 4]
        for x in reversed(l):
            if x == 4:
                del l[1:]
            out.append(x)
    return len(out), sorted(map(str, set(out)))


def kept_pairs(n):
    d = {i: str(i) for i in range(n)}
    pairs = []
    for p in d.items():
        pairs.append(p)
    return pairs[:3], len(set(map(id, pairs))), sum(k == int(v) for k, v in pairs)


def shared_pair(n):
    d = {i: i * 2.5 for i in range(n)}
    s = 0.0
    last = None
    for p in d.items():
        s += p[1] + (p is last)
        last = p
    return s


def referred(n):
    """A weakref's callback instead of __del__."""
    seen = []

    class Thing:
        pass
    d = {}
    refs = []
    for i in range(n):
        t = Thing()
        refs.append(weakref.ref(t, lambda r: seen.append(len(seen))))
        d[i] = t
    t = None
    count = 0
    for k, v in d.items():
        d[k] = v = None
        count += len(seen)
    return count, len(seen)


for f in (values_replaced, inner_values, temporary, dropped, changed, kept_pairs, shared_pair, referred):
    print(f.__name__, f(60), f(60))
    print(*shown())
