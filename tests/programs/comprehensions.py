"""List, set, dict and generator comprehensions in and as hot loops; scoping."""


def run(n):
    a = [i * i for i in range(n)]
    b = {i % 7 for i in a}
    c = {i: i * 0.5 for i in a if i % 2}
    d = sum(i for i in a if i % 3)
    e = [(i, j) for i in range(n // 10) for j in range(i) if (i + j) % 2]
    f = [[j * i for j in range(5)] for i in range(n)]
    return sum(a), sorted(b), len(c), d, len(e), sum(map(sum, f))


def in_loop(n):
    s = 0
    for k in range(n):
        s += sum([k * i for i in range(5)])
        s += len({i for i in range(k % 6)})
        s -= max({i: -i for i in range(1, 5)}.values())
        s += sum(i * k for i in range(3))
    return s


def scoping(n):
    i = "outer"
    fs = [lambda: i for i in range(n)]
    g = [lambda i=i: i for i in range(n)]
    return i, fs[0](), g[10](), sum(f() for f in g)


def conditional(n):
    return [("even" if i % 2 == 0 else i / 2) for i in range(n)][-4:]


def walrus(n):
    r = [y for x in range(n) if (y := x * x % 11) > 5]
    return len(r), y


def raising(n):
    out = []
    for k in range(n):
        try:
            out.append(sum([10 // (i - k) for i in range(100)]))
        except ZeroDivisionError as e:
            out.append(e.__traceback__.tb_lineno - raising.__code__.co_firstlineno)
    return set(out)


class C:
    xs = [i * 2 for i in range(60)]
    ys = [x + 1 for x in xs if x % 3]


print(run(200))
print(in_loop(80), scoping(60), conditional(60), walrus(120), raising(60), sum(C.xs), sum(C.ys))
print(sum([i ^ 5 for i in range(300)]), [x for x in "abc" for _ in range(2)])
