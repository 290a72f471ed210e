"""List and tuple subscripts: negative, out of range, bool, __index__, slices, float indices."""


class Index:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        return self.i


def plain(n):
    l = list(range(n))
    t = tuple(l)
    s = 0
    for i in range(n):
        s += l[i] + t[i] * 2 + l[-1] + t[-1] + l[-i - 1] + t[~i]
    return s


def out_of_range(n):
    l = [1, 2, 3]
    t = (1, 2, 3)
    seen = {}
    for i in range(n):
        k = i % 10 - 5
        try:
            v = l[k]
        except IndexError as e:
            v = str(e)
        try:
            w = t[k]
        except IndexError as e:
            w = str(e)
        seen[k] = v, w
    return seen


def odd_indices(n):
    l = [10, 20, 30]
    seen = {}
    for i in range(n):
        for k in (True, False, Index(2), 2**70, 1.0, "1", None, -2**70):
            try:
                v = l[k]
            except (IndexError, TypeError) as e:
                v = f"{type(e).__name__}: {e}"
            seen[str(v)] = seen.get(str(v), 0) + 1
    return seen


def slices(n):
    l = list(range(n))
    s = 0
    for i in range(n):
        s += sum(l[i:i + 3]) + len(l[::2]) + len(l[i:]) - len(l[:i]) + l[-3:][0] + sum(l[10:0:-3]) + len(l[:]) + len((1, 2, 3)[i % 3:])
    return s


def store(n):
    l = [0] * n
    for i in range(n):
        l[i] = i * i
        l[-1] += 1
        l[i // 2] -= 1
    return l[:10], l[-3:], sum(l)


def store_errors(n):
    l = [0, 1]
    seen = {}
    for i in range(n):
        try:
            l[i % 4] = i
            v = "ok"
        except IndexError as e:
            v = str(e)
        try:
            (1, 2)[0] = 5
        except TypeError as e:
            v += str(e)
        seen[v] = seen.get(v, 0) + 1
    return seen, l


def delete(n):
    l = list(range(n))
    k = 0
    while l:
        del l[k % len(l)]
        k += 3
        if len(l) > 10:
            del l[-1:]
    return k


def nested(n):
    g = [[i * j for j in range(n)] for i in range(n)]
    s = 0
    for i in range(n):
        for j in range(n):
            g[i][j] += g[j][i]
            s = (s * 31 + g[i][j]) % 1000003
    return s


def mixed_items(n):
    l = [1, 2.5, "x", None, (1,), [2], True]
    out = []
    for i in range(n):
        v = l[i % 7]
        out.append(str(v))
    return "".join(out)[:60], len(out)


print(plain(100))
print(out_of_range(60))
print(odd_indices(50))
print(slices(60), store(80), store_errors(80), delete(120), nested(20), mixed_items(80))
