"""int(), float(), str(), bool(), complex() of many things, and their errors."""


def ints(n):
    s = 0
    for i in range(n):
        s += int(i * 0.7) + int(-i * 0.7) + int(str(i)) + int(True) + int("%x" % i, 16) + int(2.0 ** (i % 70))
    return s


def floats(n):
    s = 0.0
    for i in range(n):
        s += float(i) + float(str(i) + ".5") + float(False) + float(2 ** 60 + i)
    return s


def strings(n):
    out = []
    for i in range(n):
        out.append(str(i) + str(i / 4) + str(i > 3) + str(None) + repr(chr(i)) + str([i]))
    return len("".join(out)), out[-1]


def errors(n):
    seen = {}
    bad = [lambda: int("x"), lambda: int(float("nan")), lambda: int(float("inf")), lambda: float("1,5"), lambda: int(None),
           lambda: float(2 ** 2000), lambda: int("12", 1), lambda: chr(-1), lambda: ord("ab"), lambda: float([])]
    for i in range(n):
        try:
            bad[i % len(bad)]()
        except Exception as e:
            k = f"{type(e).__name__}: {e}"
            seen[k] = seen.get(k, 0) + 1
    return seen


def chars(n):
    s = 0
    for i in range(n):
        s += ord(chr(i * 7)) + len(hex(i)) + len(bin(i)) + len(oct(i))
    return s


print(ints(150))
print(repr(floats(150)))
print(strings(100))
print(errors(100))
print(chars(200))
