"""Subscripts of dict, str, bytes, range, custom objects; assignment and deletion through them."""


class Grid:
    def __init__(self):
        self.cells = {}
        self.log = []

    def __getitem__(self, k):
        return self.cells.get(k, 0)

    def __setitem__(self, k, v):
        self.cells[k] = v

    def __delitem__(self, k):
        self.log.append(k)
        del self.cells[k]


class Missing(dict):
    def __missing__(self, k):
        return k * 100


class Generic:
    def __class_getitem__(cls, k):
        return k


def dicts(n):
    d = {}
    for i in range(n):
        d[i % 17] = d.get(i % 17, 0) + i
        d[str(i % 5)] = i
    e = 0
    for i in range(n):
        try:
            e += d[i]
        except KeyError as k:
            e += k.args[0] * 1000
    for i in range(0, 17, 2):
        del d[i]
    return e, d


def text(n):
    s = "hello, wörld ☃"
    b = b"hello"
    out = []
    for i in range(n):
        out.append(s[i % len(s)] + s[-1 - i % 5] + str(b[i % 5]) + s[i % 4:i % 9] + str(b[1:3]))
    return "".join(out)


def custom(n):
    g = Grid()
    for i in range(n):
        g[i % 10, i % 3] += i
        g[i % 4] = g[i % 4] - 1
        if i % 10 == 9:
            del g[i % 10, i % 3]
    return sorted(map(str, g.cells.items())), g.log[:5]


def errors(n):
    seen = {}
    for i in range(n):
        try:
            o, k = [({}, 1), ("abc", 5), (b"a", 3), (5, 0), ({}, []), (None, 1), ("abc", "x"), (range(3), 4)][i % 8]
            r = o[k]
        except Exception as e:
            r = f"{type(e).__name__}: {e}"
        seen[r] = seen.get(r, 0) + 1
    return seen


def missing(n):
    m = Missing()
    s = 0
    for i in range(n):
        s += m[i]
        if i % 3 == 0:
            m[i + 1] = 1
        s += Generic[i]
    return s


print(dicts(120))
print(text(70))
print(custom(100))
print(errors(80))
print(missing(80))
