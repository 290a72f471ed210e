"""Unbound locals, del of names, names bound on one path only."""


def maybe(n):
    out = []
    for i in range(n):
        if i % 10 == 3:
            x = i
        try:
            out.append(x)
        except UnboundLocalError as e:
            out.append(str(e))
        if i % 10 == 6:
            del x
    return out[:14], len(out)


def deleted(n):
    c = 0
    for i in range(n):
        y = i * 0.5
        z = [i]
        c += y
        del y, z
        try:
            y
        except UnboundLocalError:
            c += 1
    return c


def del_twice(n):
    seen = set()
    for i in range(n):
        w = i
        del w
        try:
            del w
        except UnboundLocalError as e:
            seen.add(str(e))
    return seen


def after_loop(n):
    for v in range(n):
        pass
    del v
    try:
        return v
    except UnboundLocalError as e:
        return str(e)


def never(n):
    for i in range(n):
        if i > 10 ** 9:
            q = 1
    return q


def except_name(n):
    c = 0
    for i in range(n):
        try:
            raise ValueError(i)
        except ValueError as e:
            c += e.args[0]
        try:
            e
        except UnboundLocalError:
            c += 1000
    return c


def becomes_bound(n):
    s = 0
    for i in range(n):
        if i:
            s += prev
        prev = i * 1.5
    return s


print(maybe(60), deleted(60), del_twice(60), after_loop(60), except_name(60), becomes_bound(80))
try:
    never(100)
except UnboundLocalError as e:
    print(e, e.__traceback__.tb_next.tb_lineno - never.__code__.co_firstlineno)
