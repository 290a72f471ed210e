"""Building tuples, lists, sets, dicts, slices, f-strings, with stars."""


def tuples(n):
    last = None
    s = 0
    for i in range(n):
        t = (i, i * 0.5, (last is None, i))
        s += t[0] + t[1] + t[2][1]
        last = t
    return s, last


def lists(n):
    rows = []
    for i in range(n):
        rows.append([i, [i], [*range(i % 4)], [1, 2, 3]])
    rows[3][1].append("x")
    return rows[3], rows[4], len(rows), rows[5][3] is rows[6][3]


def sets_dicts(n):
    out = []
    for i in range(n):
        s = {i % 3, i % 2, "k"}
        d = {"a": i, i: "b", **{"c": 1}}
        e = {"x": 1, "y": i}
        out.append(len(s) + len(d) + e["y"])
    return sum(out), d, sorted(map(str, s))


def slices(n):
    r = []
    for i in range(n):
        s = slice(i, i + 5)
        r.append("abcdefghijklmnop"[s] + "abc"[::-1] + "abcdef"[1:i % 6] + "abcdefghi"[::i % 3 + 1])
    return "".join(r)[:200], repr(s)


def fstrings(n):
    out = []
    for i in range(n):
        x = i / 7
        out.append(f"{i:04d}|{x:.3f}|{i!r:>5}|{'a' * (i % 3)}|{i:x}|{x:{i % 5 + 8}.2e}|{{}}|{i=}")
    return out[0], out[-1], len("".join(out))


def percent_format(n):
    out = []
    for i in range(n):
        out.append("%d %s %5.2f %r" % (i, i, i * 0.3, str(i)) + "{} {a}".format(i, a=i * 2))
    return out[-1], len("".join(out))


def constants(n):
    same = 0
    for i in range(n):
        a = (1, 2, 3)
        b = (1, 2, 3)
        same += a is b
        c = [1, 2, 3]
        same += c is not [1, 2, 3]
    return same


def star_tuple(n):
    s = 0
    for i in range(n):
        t = (*range(3), i, *[i] * 2)
        s += sum(t) + len(t)
    return s


print(tuples(80), lists(60))
print(sets_dicts(60), slices(60))
print(fstrings(60), percent_format(60), constants(60), star_tuple(80))
