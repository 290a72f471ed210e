"""Containers changed while they are iterated."""


def grow(n):
    l = [0]
    for x in l:
        if len(l) < n:
            l.append(x + 1)
    return len(l), l[-1]


def shrink(n):
    l = list(range(n))
    seen = []
    for x in l:
        seen.append(x)
        if x % 3 == 0:
            l.remove(x)
    return seen, l[:5], len(l)


def clear(n):
    l = list(range(n))
    c = 0
    for x in l:
        c += 1
        if x == n // 2:
            l.clear()
    return c, l


def replace(n):
    l = list(range(n))
    s = 0
    for i, x in enumerate(l):
        l[-1] = x
        s += x
    return s


def dict_resize(n):
    d = {i: i for i in range(n)}
    c = 0
    try:
        for k in d:
            c += 1
            if k == n - 10:
                d["new"] = 1
    except RuntimeError as e:
        return c, str(e)


def dict_values_change(n):
    d = {i: i for i in range(n)}
    s = 0
    for k in d:
        d[k] = d[k] * 2
        s += d[k]
    return s


def dict_keys_change(n):
    d = {i: i for i in range(n)}
    c = 0
    try:
        for k in d:
            c += 1
            if k == 50:
                del d[k]
                d[-1] = 0
    except RuntimeError as e:
        return c, str(e)
    return c


def set_change(n):
    s = set(range(n))
    c = 0
    try:
        for x in s:
            c += 1
            if c == 60:
                s.add(-5)
    except RuntimeError as e:
        return c, str(e)


def slice_assign(n):
    l = list(range(n))
    c = 0
    for x in l:
        c += 1
        if c == 40:
            l[:] = [1, 2, 3] * 20
    return c, len(l)


def iterated_twice(n):
    l = list(range(n))
    it = iter(l)
    s = 0
    for a in it:
        b = next(it, None)
        s += a * (b or 1)
    l.append(5)
    return s, list(it)


print(grow(150), clear(200), replace(80))
print(shrink(100))
print(dict_resize(100), dict_values_change(100), dict_keys_change(100), set_change(100), slice_assign(100), iterated_twice(101))
