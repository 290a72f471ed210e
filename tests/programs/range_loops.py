# for ... in range(...) inside a loop: the iterator is made without the range.


def arguments(n):
    out = 0
    for k in range(n):
        for i in range(k):
            out += i
        for i in range(k, 10):
            out -= i
        for i in range(10, k, -3):
            out ^= i
        for i in range(0, k, k % 4 + 1):
            out += 2 * i
        for i in range(-k, k):
            out -= 3 * i
    return out, i


print(arguments(90))


def limits(n):
    """Near the ends of what fits, and beyond."""
    top = 2 ** 63 - 1
    out = 0
    for k in range(n):
        for a, b, c in ((top - 3, top, 1), (top - 3, top, 2), (-top - 1, -top + 2, 1), (-top + 3, -top - 1, -1), (-top + 3, -top - 1, -2),
                        (-top - 1, top, top), (top, -top - 1, -top), (top - k, top + 1, 1), (0, k, top)):
            turns = 0
            for i in range(a, b, c):
                turns += 1
                if turns > 5:
                    break
            out += turns * k
    return out, i


print(limits(60))


def not_ints(n):
    class Index:
        def __index__(self):
            return 3
    kinds = [3, True, Index(), 10 ** 20, 2.0, 3, 3, "x", None]
    out = []
    for k in range(n):
        what = kinds[k % 9] if k > n - 30 else 3
        turns = 0
        try:
            for i in range(what):
                turns += i
                if turns > 20:
                    break
        except TypeError as e:
            turns = str(e)
        if k > n - 30:
            out.append(turns)
    return out


print(not_ints(130))


def zero_step(n):
    out = 0
    for k in range(n):
        try:
            for i in range(0, 5, 1 if k < 80 else 0):
                out += i
        except ValueError as e:
            return out, str(e), k
    return out


print(zero_step(60), zero_step(100))


def replaced(n):
    """Somebody puts another function in the place of range."""
    out = 0
    for k in range(n):
        for i in range(k % 5):
            out += i
        if k == 70:
            globals()["range"] = lambda *a: [1000]
        if k == 75:
            del globals()["range"]
    return out


print(replaced(120))


def kept(n):
    """A range that is not iterated over at once is an object."""
    out = []
    for k in range(n):
        r = range(k)
        for i in r:
            pass
        out.append(r)
        it = iter(range(k, 0, -1))
        out.append(next(it, None))
        out.append(len(range(3, k)))
    return out[-6:], len(out)


print(kept(80))
print([sum(i * j for i in range(j, 7)) for j in range(80)][-8:], [[i for i in range(j % 4)] for j in range(90)][-4:])
