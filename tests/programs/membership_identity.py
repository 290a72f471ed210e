"""in, not in, is, is not over many types."""


class Odd:
    def __contains__(self, x):
        return x % 2 == 1


class Seq:
    def __getitem__(self, i):
        if i >= 5:
            raise IndexError
        return i * 10


def run(n):
    lst = [1, 5, 9.0, "x", None]
    tup = (2, 3, 5, 7)
    dct = {i: str(i) for i in range(0, 100, 3)}
    st = {i * i for i in range(10)}
    fs = frozenset("abc")
    odd = Odd()
    seq = Seq()
    hits = [0] * 10
    for i in range(n):
        hits[0] += i in lst
        hits[1] += i in tup
        hits[2] += i in dct
        hits[3] += i not in st
        hits[4] += chr(97 + i % 26) in fs
        hits[5] += i in odd
        hits[6] += i in seq
        hits[7] += str(i) in "0123456789101112"
        hits[8] += i in range(5, 50, 5)
        hits[9] += (i % 256) in b"abc"
    return hits


def identity(n):
    a = []
    b = a
    c = []
    out = [0, 0, 0, 0]
    for i in range(n):
        x = None if i % 3 else a
        out[0] += x is None
        out[1] += x is not None
        out[2] += x is b
        out[3] += x is not c
    return out


def errors(n):
    seen = []
    for i in range(n):
        c = [5, [5], "5"][i % 3]
        try:
            seen.append(5 in c)
        except TypeError as e:
            seen.append(str(e))
    return seen[:3], len(seen)


def nan_in(n):
    nan = float("nan")
    box = [nan]
    k = 0
    for i in range(n):
        k += (nan in box) + 2 * (float("nan") in box) + 4 * (nan == nan) + 8 * (box == [nan])
    return k


print(run(120))
print(identity(90))
print(errors(60))
print(nan_in(50))
