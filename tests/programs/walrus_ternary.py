"""Assignment expressions, conditional expressions, boolean operators as values, starred and chained assignment."""


def walrus(n):
    s = 0
    it = iter(range(n))
    while (x := next(it, None)) is not None:
        if (y := x * 2) % 3 == 0 or (z := x + 1) % 5 == 0:
            s += y
        else:
            s -= z
    return s


def ternary(n):
    s = 0
    for i in range(n):
        s += (i if i % 2 else -i) + (1.5 if i > 50 else 2) * (0 if not i else 1)
        a = "x" if i % 3 == 0 else None if i % 3 == 1 else i
        s += a is None
    return s


def chained(n):
    l = [0] * 5
    for i in range(n):
        a = b = l[i % 5] = c = i * 1.5
        i = l[i % 5] = i + 1
    return a, b, c, l, a is b is c


def order(n):
    log = []

    def v(x):
        log.append(x)
        return x
    for i in range(n):
        d = {v(1): v(2), v(3): v(4)}
        v([0, 0, 0, 0])[v(2)] = v(5)
        x = v(6) + v(7) * v(8)
        (v(9), v(10))
        v(11) < v(12) < v(0) < v(13)
    return log[:20], len(log)


print(walrus(90), ternary(100), chained(80), order(60))
