"""range with steps, negative, empty, huge, with bool and index arguments; range objects."""


def sums():
    return [sum_of(range(100)), sum_of(range(5, 200, 7)), sum_of(range(200, -50, -3)), sum_of(range(-100, 0)), sum_of(range(0, -5)), sum_of(range(True, 60))]


def sum_of(r):
    s = 0
    for i in r:
        s += i
    return s, len(r)


def huge():
    s = 0
    for i in range(2**63 - 50, 2**63 + 50):
        s ^= i
    for i in range(2**100, 2**100 + 60 * 2**70, 2**70):
        s += i
    for i in range(-2**63 - 40, -2**63 + 40):
        s -= i
    for i in range(2**62, 2**62 + 3 * 2**61, 2**55):
        s += i
    return s


class Index:
    def __index__(self):
        return 70


def index_arg():
    s = 0
    for i in range(Index()):
        s += i
    return s


def object_ops(n):
    r = range(3, 300, 4)
    s = 0
    for i in range(n):
        s += r[i % len(r)] + r[-1] + (i in r) + len(r[i % 20:]) + r.index(7) + (r == range(3, 300, 4))
    return s


def shared_iterator(n):
    it = iter(range(n))
    out = []
    for i in it:
        if i % 5 == 0:
            try:
                out.append(next(it))
            except StopIteration:
                out.append("end")
    return sum(x for x in out if x != "end"), len(out), out[-1]


def rebinding(n):
    out = 0
    for i in range(n):
        n = 5
        for n in range(i % 4):
            out += n
    return out, n


def errors(n):
    seen = set()
    for i in range(n):
        for args in ((1.5,), (1, 2, 0), ("a",), ()):
            try:
                range(*args)
            except (TypeError, ValueError) as e:
                seen.add(str(e))
    return sorted(seen)


print(sums())
print(huge())
print(index_arg(), object_ops(100), shared_iterator(101), rebinding(90))
print(errors(20))
