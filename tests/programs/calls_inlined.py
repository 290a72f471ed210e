"""Small functions called in hot loops, nested several deep, with loops and branches of their own."""


def sq(x):
    return x * x


def dist2(x, y):
    return sq(x) + sq(y)


def inside(x, y):
    return dist2(x, y) <= 1.0


def clamp(x, lo, hi):
    if x < lo:
        return lo
    if x > hi:
        return hi
    return x


def ramp(i):
    return clamp(i - 20, 0, clamp(i, 10, 30))


def digits(n):
    c = 0
    while n:
        n //= 10
        c += 1
    return c


def quarter(n):
    k = 0
    for i in range(n):
        for j in range(n):
            if inside(i / n, j / n):
                k += 1
    return k


def ramps(n):
    return [ramp(i) for i in range(n)]


def loop_with_loop(n):
    s = 0
    for i in range(n):
        s += digits(i * i * i)
    return s


def locals_many(a, b, c, d):
    e = a + b
    f = c + d
    g = e * f
    h = g - a
    i = h % 1000
    return i + e + f


def wide(n):
    s = 0
    for i in range(n):
        s += locals_many(i, s, i + 1, 2)
        s %= 1000003
    return s


def changes_type(x):
    return x + x


def types(n):
    out = []
    for i in range(n):
        out.append(changes_type([i, i * 0.5, str(i), (i,), [i]][i // 20 % 5]))
    return out[0], out[25], out[45], out[65], out[85], len(out)


def stacked(n):
    s = 0
    for i in range(n):
        s = s + i * sq(i + sq(2) - sq(sq(1) + i % 3))
    return s


print(quarter(30), ramps(80)[15:60:5], loop_with_loop(100), wide(200), types(100), stacked(100))
