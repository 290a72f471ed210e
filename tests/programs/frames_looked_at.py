# Frames whose frame objects are made by what they call, over and over, and let go again; now and then their variables are written.
import sys


def look(depth=1):
    for _ in (): pass
    for _ in (): pass           # two loops: called, not followed into
    return sys._getframe(depth).f_lineno


def write(i, *new):
    for _ in (): pass
    if i % 10 == 7:
        for name, value in new:
            sys._getframe(1).f_locals[name] = value
    elif i % 3 == 0:
        sys._getframe(1)


def only_looked_at(n):
    s, x, l = 0, 0.5, []
    for i in range(n):
        s += look()
        x = x * 1.5 - i
        l.append(x)
        if i == n // 2:
            s += look(2)
    return s, x, len(l)


def written(n):
    s, x, o = 0, 0.5, None
    for i in range(n):
        s += i
        x = x + s
        write(i, ("s", 3), ("x", i * 0.25), ("o", [i]))
        if o is not None:
            s += len(o)
            o = None
    return s, x, o


def other_types(n):
    s, x = 0, 1.0
    seen = []
    for i in range(n):
        s = s + 1
        x = x + 0.5
        write(i, ("s", 0.5 if i % 20 == 7 else 10**30), ("x", i))
        if i % 13 == 0:
            seen.append((s, x))
    return s, x, seen


def iterator_written(n):
    s, v, t = 0, None, (1, 2)
    for i in range(n):
        v = [i]
        t = (i, v)
        write(i, ("v", (i, 5)), ("t", (7, 8)))
        s += len(v) + t[0]
    return s


def below(i):                   # followed into, at first
    a = i * 2
    write(i, ("a", "written" if i % 20 == 7 else 5))
    return a


def looked_at_inlined(n):
    out = []
    s = 0
    for i in range(n):
        r = below(i)
        if i % 10 == 7:
            out.append(r)
        else:
            s += r
    return s, out


def kept(n):                    # somebody holds the frame object from now on
    s, frames = 0, []
    for i in range(n):
        s += i
        if i % 25 == 3:
            frames.append(grab())
        elif i % 25 == 20:
            frames[0].f_locals["s"] = 1
            frames.clear()
        write(i, ("s", s + 1))
    return s


def grab():
    for _ in (): pass
    for _ in (): pass
    return sys._getframe(1)


def nested(n):
    total = 0
    for i in range(n):
        k = 0
        for j in range(8):
            k += j
            write(i + j, ("k", k + 1), ("total", total + 1))
        total += k
    return total


def caught(n):                  # a traceback holds the frame for a while
    s = 0
    for i in range(n):
        try:
            s += 10 // (i % 5)
        except ZeroDivisionError as e:
            s += e.__traceback__.tb_frame.f_lineno * 0
        s += look() * 0
    return s


for f in only_looked_at, written, other_types, iterator_written, looked_at_inlined, kept, nested, caught:
    for n in 5, 60, 120:
        print(f.__name__, n, f(n))
