"""Functions, builtins, methods and globals rebound in mid-loop."""
import builtins
import math


def f(x):
    return x + 1


def g(x):
    return x * 2


def h(x):
    return "h%d" % x


K = 3
fun = f


def functions(n):
    global fun
    fun = f
    out = []
    for i in range(n):
        out.append(fun(i))
        if i == 60:
            fun = g
        if i == 90:
            fun = h
        if i == 100:
            fun = abs
    return out[58:63], out[89:93], out[99:104], len(out)


def change_code(n):
    old = f.__code__
    s = 0
    for i in range(n):
        s += f(i)
        if i == 70:
            f.__code__ = g.__code__
    f.__code__ = old
    return s


def constants(n):
    global K
    s = 0
    for i in range(n):
        s += K
        if i % 40 == 39:
            K += 1
    K = 3
    return s


def by_callee(n):
    s = 0
    for i in range(n):
        set_k(i)
        s += K
    return s


def set_k(i):
    global K
    if i % 25 == 0:
        K = i


def shadowed(n):
    s = 0
    for i in range(n):
        s += len("abc")
        if i == 50:
            globals()["len"] = lambda x: 1000
        if i == 80:
            del globals()["len"]
    return s


def builtins_changed(n):
    old = builtins.abs
    s = 0
    try:
        for i in range(n):
            s += abs(-i)
            if i == 66:
                builtins.abs = lambda x: 0
            if i == 99:
                builtins.abs = old
    finally:
        builtins.abs = old
    return s


def module_attr(n):
    old = math.sqrt
    s = 0.0
    for i in range(n):
        s += math.sqrt(i)
        if i == 70:
            math.sqrt = lambda x: -1.0
        if i == 75:
            math.sqrt = old
    return s


def deleted(n):
    global temp
    temp = 1
    c = 0
    e = 0
    for i in range(n):
        try:
            c += temp
        except NameError as x:
            e += 1
            text = str(x)
            if i == 90:
                temp = 5
        if i == 70:
            del temp
    return c, e, text


class C:
    def m(self):
        return 1


def methods(n):
    c = C()
    s = 0
    for i in range(n):
        s += c.m()
        if i == 50:
            C.m = lambda self: 10
        if i == 80:
            c.m = lambda: 100
        if i == 90:
            del c.m
        if i == 100:
            c.__class__ = D
    return s


class D(C):
    def m(self):
        return 1000


print(functions(120))
print(change_code(120), constants(200), by_callee(120), shadowed(120), builtins_changed(130), module_attr(120), deleted(120), methods(130))
