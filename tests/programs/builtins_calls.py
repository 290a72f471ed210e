"""len, abs, min, max, sum, sorted, any, all, isinstance, type, hash, id, getattr and their errors."""


def lens(n):
    l = []
    s = 0
    for i in range(n):
        l.append(i)
        s += len(l) + len("ab") + len((1, 2)) + len({}) + len(range(i))
    return s


def absmin(n):
    s = 0
    f = 0.0
    for i in range(-n, n):
        s += abs(i) + min(i, 5) + max(i, -5) + min(i, 2, 3) + max([i, 7]) + min((4, i), key=lambda v: -v)
        f += abs(i * 0.5) + min(i * 0.5, 2.5) + max(1.0, i) + min(3, 2.5)
    return s, f


def minmax_kinds(n):
    out = []
    for i in range(n):
        out.append((min(1, 1.0), max(1, 1.0), min(True, 1), max(0.0, -0.0), min(i, 10 ** 20), max("a", "b"), min(float("nan"), 1), min(1, float("nan"))))
    return out[-1], len(out)


def sums(n):
    r = 0
    for i in range(n):
        r += sum([i, 1, 2]) + sum((0.5, i)) + sum(range(5), 10) + any([0, i]) + all((1, i)) + len(sorted([3, i, 1]))
    return r


def types(n):
    c = [0] * 6
    vals = [1, True, 1.5, "s", None, [1], (2,)]
    for i in range(n):
        v = vals[i % 7]
        c[0] += isinstance(v, int)
        c[1] += isinstance(v, (str, list))
        c[2] += type(v) is float
        c[3] += type(v) == int
        c[4] += callable(v)
        c[5] += issubclass(type(v), int | str)
    return c


def errors(n):
    seen = {}
    bad = [lambda: len(5), lambda: abs("x"), lambda: min(), lambda: min([]), lambda: max(1, "a"), lambda: sum(["a"]), lambda: sorted([1, "a"]), lambda: isinstance(1, 2),
           lambda: len(), lambda: abs(1, 2), lambda: min(5), lambda: hash([]), lambda: getattr(1, "nope"), lambda: next(iter([]))]
    for i in range(n):
        try:
            bad[i % len(bad)]()
        except Exception as e:
            k = f"{type(e).__name__}: {e}"
            seen[k] = seen.get(k, 0) + 1
    return seen


class L:
    def __len__(self):
        return self.n


def custom_len(n):
    l = L()
    out = []
    for i in range(n):
        l.n = (i if i % 9 else 2 ** 70) if i % 7 else -1
        try:
            out.append(len(l))
        except (ValueError, OverflowError) as e:
            out.append(str(e))
    return out[:20], len(out)


print(lens(100), absmin(80))
print(minmax_kinds(60))
print(sums(90), types(105))
for k, v in errors(84).items():
    print(v, k)
print(custom_len(70))
