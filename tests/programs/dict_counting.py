"""Counting, grouping, memoizing with dicts; Counter, defaultdict; keys with their own __hash__ and __eq__."""
from collections import Counter, OrderedDict, defaultdict
from functools import lru_cache


class Key:
    hashed = compared = 0

    def __init__(self, v):
        self.v = v

    def __hash__(self):
        Key.hashed += 1
        return self.v % 5

    def __eq__(self, o):
        Key.compared += 1
        return self.v == o.v


class BadHash:
    def __hash__(self):
        raise TypeError("bad hash")


def counting(n):
    c = {}
    for i in range(n):
        k = i * i % 23
        if k in c:
            c[k] += 1
        else:
            c[k] = 1
    return c


def try_except(n):
    c = {}
    for i in range(n):
        k = chr(97 + i % 11)
        try:
            c[k] += 1
        except KeyError:
            c[k] = 1
    return c


def collections(n):
    c = Counter()
    d = defaultdict(list)
    o = OrderedDict()
    for i in range(n):
        c[i % 7] += 1
        d[i % 3].append(i)
        o[i % 5] = i
        o.move_to_end(i % 5, last=i % 2)
    return c.most_common(3), [len(v) for v in d.values()], o


def own_keys(n):
    d = {}
    for i in range(n):
        k = Key(i % 20)
        d[k] = d.get(k, 0) + 1
    return len(d), sum(d.values()), Key.hashed, Key.compared


def memo(n, m={}):
    if n < 2:
        return n
    if n not in m:
        m[n] = memo(n - 1) + memo(n - 2)
    return m[n]


@lru_cache(None)
def ways(n, k):
    return 1 if n == 0 else 0 if n < 0 or k == 0 else ways(n - k, k) + ways(n, k - 1)


def equal_keys(n):
    d = {}
    for i in range(n):
        d[1] = "int"
        d[1.0] = "float"
        d[True] = i
        d[(1, i % 2)] = 1
        d[(1.0, i % 2)] = 2
    return d


def errors(n):
    e = 0
    for i in range(n):
        try:
            {BadHash(): 1}
        except TypeError as x:
            e += 1
        try:
            {}[[1]]
        except TypeError as x:
            e += 100
    return e


print(counting(200), try_except(100), collections(80), own_keys(100))
print(memo(120), ways(60, 20), equal_keys(60), errors(60))
