"""Closures, nonlocal cells, lambdas, nested functions made in loops."""


def counter():
    n = 0

    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc


def adders(k):
    return [lambda x, i=i: x + i for i in range(k)]


def late(k):
    return [lambda: i for i in range(k)]


def make(a):
    def inner(b):
        def innermost(c):
            return a * 100 + b * 10 + c
        return innermost
    return inner


def cell_in_loop(n):
    total = 0

    def bump(x):
        nonlocal total
        total += x
    for i in range(n):
        bump(i)
        total += 1
        if i % 10 == 0:
            bump(total % 7)
    return total


def cell_float(n):
    x = 0.0

    def get():
        return x
    for i in range(n):
        x += 0.5
        if get() != x:
            return "wrong"
    return x


def function_per_turn(n):
    s = 0
    for i in range(n):
        def f(x):
            return x * i
        s += f(2) + (lambda y: y + i)(1)
    return s


def unbound_cell(n):
    out = []
    for i in range(n):
        def f():
            return z
        try:
            out.append(f())
        except NameError as e:
            out.append(str(e))
        z = i
        if i % 3 == 2:
            del z
    return out[:8], len(out)


inc = counter()
for i in range(100):
    inc()
    inc(2)
print(inc())
print(sum(f(10) for f in adders(60)), {f() for f in late(60)}, make(1)(2)(3))
print(cell_in_loop(100), cell_float(100), function_per_turn(80))
print(unbound_cell(60))
f = make(5)
print(sum(f(i)(i + 1) for i in range(100)))
