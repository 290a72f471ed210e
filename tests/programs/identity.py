"""`is` on values the optimizer would rather keep unboxed: one value, one box."""


def copies(n):
    l = []
    ok = 0
    x = 0.5
    for i in range(n):
        x = x * 1.5 - i
        y = x
        l.append(x)
        ok += (y is x) + (l[-1] is x) + (l[-1] is y)
        z = y
        ok += z is l[-1]
        if x > 1e6 or x < -1e6:
            x = 1.0
    return ok


def big_ints(n):
    l = []
    ok = 0
    x = 1000
    for i in range(n):
        x = x * 7 % 1000003 + 1000
        y = x
        l.append(y)
        ok += (x is l[-1]) + (y is x)
        t = (x, y)
        ok += t[0] is t[1] is x
    return ok


def small_ints(n):
    ok = 0
    l = list(range(300))
    for i in range(n):
        a = i % 200
        b = l[i % 200] + 0
        ok += (a is b) + ((a + 1) is (b + 1))
    return ok


def computed_apart(n):
    same = 0
    x = 1.5
    for i in range(n):
        a = x + i
        b = x + i
        same += a is b
        a = i + 1000
        b = i + 1000
        same += a is b
    return same


def nan(n):
    inf = float("inf")
    l = []
    ok = 0
    for i in range(n):
        x = inf - inf
        l.append(x)
        ok += (x in l) + (l.index(x) >= 0) + (x is l[-1]) + (x != x) + ([x] == [x])
    return ok


def through_call(n):
    def ident(v):
        return v
    ok = 0
    x = 0.0
    for i in range(n):
        x = x + 0.25
        ok += ident(x) is x
        y = ident(ident(x))
        ok += y is x
    return ok


def bools(n):
    ok = 0
    for i in range(n):
        b = i > 50
        ok += (b is True) + (b is False) + ((not b) is (i <= 50))
    return ok


def loop_carried(n):
    prev = None
    cur = 0.0
    ok = 0
    keep = []
    for i in range(n):
        old = cur
        cur = cur + 1.5
        if prev is not None:
            ok += keep[-1] is old
        keep.append(cur)
        prev = cur
        ok += prev is cur
    return ok


def after_loop(n):
    x = 0.1
    l = []
    for i in range(n):
        x = x + 0.1
        y = x
        l.append(y)
    return x is y, x is l[-1], len(set(map(id, l)))


def strings(n):
    s = "ab"
    ok = 0
    for i in range(n):
        t = s
        u = s[:]
        ok += (t is s) + (u is s) + (str(t) is t) + (tuple(t[:0]) is tuple(s[:0]))
    return ok


def unary_plus(n):
    ok = 0
    x = 1000.5
    k = 5000
    for i in range(n):
        x += 1.0
        k += 1
        ok += (+k is k) + (float(x) is x) + (int(k) is k) + (k.__int__() is k) + (max(k, 5) is k) + (min(x, 1e9) is x)
    return ok


print(copies(80), big_ints(80), small_ints(150), computed_apart(60), nan(60), through_call(80), bools(100), loop_carried(80), after_loop(60), strings(60), unary_plus(60))
