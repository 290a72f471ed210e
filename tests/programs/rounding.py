"""round, divmod, int.__floor__, math.floor/ceil/trunc, // of floats to ints."""
import math


def rounds(n):
    out = []
    for i in range(-n, n):
        x = i * 0.25
        out.append((round(x), round(x, 1), round(i, -1), math.floor(x), math.ceil(x), math.trunc(x), int(x)))
    return out[0], out[n], out[n + 1], out[n + 2], out[n + 3], out[-1], sum(o[0] for o in out)


def divmods(n):
    s = 0
    t = 0.0
    for i in range(-n, n):
        q, r = divmod(i, 7)
        s += q * 3 + r
        q, r = divmod(i * 0.5, 0.7)
        t += q + r
    return s, t


def kinds(n):
    seen = set()
    for i in range(n):
        seen.add(type(round(i * 0.1)).__name__)
        seen.add(type(round(i * 0.1, 2)).__name__)
        seen.add(type(i * 1.0 // 1).__name__)
    return sorted(seen)


print(rounds(60))
print(divmods(100))
print(kinds(60))
