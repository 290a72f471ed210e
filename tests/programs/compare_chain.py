"""Chained comparisons, with side effects once, and mixed with and/or/not."""

calls = []


def f(x):
    calls.append(x)
    return x


def run(n):
    a = b = c = d = 0
    for i in range(n):
        if 10 < i < 50:
            a += 1
        if 10 <= i <= 50 <= 60:
            b += 1
        if 0 < f(i) < 20 != 7:
            c += 1
        if not 5 < i % 10 < 8:
            d += 1
    return a, b, c, d


def values(n):
    out = []
    for i in range(n):
        out.append(1 < i < 3)
        out.append(i == i % 4 == 2)
        out.append(1.0 <= i * 0.5 < 2.5)
        out.append("a" < chr(97 + i % 5) < "d")
    return out.count(True), out[:20]


def logic(n):
    s = 0
    for i in range(n):
        x = i % 2 and i % 3
        y = i % 5 or "none"
        z = not (i % 7)
        s += x + (y if y != "none" else 100) + z
        if (i > 3 and i < 9) or (i > 20 and not i > 30) or i == 55:
            s += 1000
    return s


print(run(100), len(calls), sum(calls))
print(values(60))
print(logic(120))
