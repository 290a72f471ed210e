# s += t in place, while other variables of functions that are followed into hold the string too.
def app(s, t):
    keep = s
    s += t
    s += t
    return keep, s
def mid(a, t):
    b = a + t
    k, c = app(b, t)
    d = b
    b += t
    return k, c, b, d, app(a + "q", t), app(t, a)
def f(n):
    return [mid("aaaaaaaaaaaaaaaaaaaaaaaaaa%d" % i, "b%d" % i) for i in range(n)]
def f2(n):
    out = []
    for i in range(n): out.append(mid("aaaaaaaaaaaaaaaaaaaaaaaaaa%d" % i, "b%d" % i))
    return out
bad = 0
for i, (k, c, b, d, e, g) in enumerate(f2(300)):
    a = "aaaaaaaaaaaaaaaaaaaaaaaaaa%d" % i; t = "b%d" % i
    if (k, c, b, d, e, g) != (a+t, a+t+t+t, a+t+t, a+t, (a+"q", a+"q"+t+t), (t, t+a+a)): bad += 1
print(bad)


class O:
    __slots__ = ('a', 'b')
class P: pass
G = None
def inner(t, l, d, o, p):
    global G
    x = y = l[0] = t + "1"
    x = z = d['k'] = t + "2" + x
    o.a = w = t + "3"
    p.q = v = t + "4" + w
    G = u = t + "5" + v
    l[0] = d['k'] = o.a = p.q = G = None
    r = x + y + z
    r += w
    q = r
    r += v
    s = [q, r]
    q += u
    r = r + q
    return x, y, z, w, v, u, q, r, s
def ref(t):
    y = t + "1"; x = z = t + "2" + y; w = t + "3"; v = t + "4" + w; u = t + "5" + v
    r = x + y + z; r = r + w; q = r; r = r + v; s = [q, r]; q = q + u; r = r + q
    return x, y, z, w, v, u, q, r, s
def f(n):
    l = [None]; d = {}; o = O(); p = P(); bad = 0
    out = []
    for i in range(n):
        out.append(inner("text%d" % i, l, d, o, p))
    return out
r = f(200)
bad = [i for i, x in enumerate(r) if x != ref("text%d" % i)]
print(len(bad), bad[:4])
if bad: print(r[bad[0]], ref("text%d" % bad[0]))


def grows(a, b):
    s = a + b
    out = ""
    for c in s:
        s += c
        out += c
    return s, out
def run(n):
    bad = 0
    for i in range(n):
        a = "abcdefghijklmnop%d" % i
        r = grows(a, "x")
        if r != (a + "x" + a + "x", a + "x"): bad += 1
    return bad
print(run(300))
