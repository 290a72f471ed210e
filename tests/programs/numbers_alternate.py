# Variables that hold now an int and now a float, are unbound for a while, or something else again, and are overwritten before they are read.
def either(n):
    t = 0.5
    for i in range(n):
        x = i if i % 3 else i * 0.5
        t += x
    return t, x
def pick(i):
    return i if i % 5 else i * 0.25
def called(n):
    t = 0
    for i in range(n):
        x = pick(i)
        t += x
    return t, x
def unbound(n):
    t = 0
    for i in range(n):
        y = i * 2 if i & 1 else i * 1.5
        t += y
        if i % 100 == 99:
            del y
    try:
        return t, y
    except UnboundLocalError:
        return t, "unbound"
def asked(n):
    """What kind it is decides, and nothing else is asked of it."""
    ints = floats = 0
    x = 0
    for i in range(n):
        if isinstance(x, int):
            ints += 1
        elif type(x) is float:
            floats += 1
        x = i if i % 3 else i * 0.5
    return ints, floats, x
class Dies:
    def __init__(self, log, n): self.log, self.n = log, n
    def __del__(self): self.log.append(self.n)
def others(n):
    """Now and then it is no number, and its death can be seen."""
    log, t = [], 0
    x = None
    for i in range(n):
        x = i if i % 3 else i * 0.5
        t += x
        if i % 50 == 49:
            x = Dies(log, i)
        elif i % 50 == 25:
            x = "text" + str(i)
        elif i % 50 == 7:
            x = True
        elif i % 50 == 8:
            x = 1 << 80
    return t, log, x
def nested(n):
    t = 0
    for i in range(n):
        for k in range(4):
            x = k if (i + k) % 2 else k * 0.5
            t += x
        y = x
        t -= y
    return t, x, y
def swapped(n):
    a, b = 1, 2.5
    for i in range(n):
        a, b = b, a
        c = a
        d = b
    return a, b, c, d
for n in (0, 1, 2, 3, 1000, 2001, 3002):
    for f in either, called, unbound, asked, others, nested, swapped:
        try:
            print(f.__name__, n, f(n))
        except UnboundLocalError as e:
            print(f.__name__, n, e)
