# Attributes of instances, read and written: inline values, slots, class variables, methods.
class P:
    LIMIT = 7
    items = [1, 2, 3]
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def norm(self):
        return self.x * self.x + self.y * self.y
    def move(self, d):
        self.x += d
        self.y = self.y - d
        return self
class S:
    __slots__ = "a", "b"
    def __init__(self):
        self.a = 1
        self.b = 2.5
def f(n):
    p = P(1, 2)
    t = 0
    for i in range(n):
        p.move(1)
        t += p.norm() % 1000
        t += p.LIMIT
        t += len(p.items)
        t += P.LIMIT
    return t, p.x, p.y
def g(n):
    s = S()
    for i in range(n):
        s.a = s.a + i
        s.b += 0.5
    return s.a, s.b
def h(n):
    ps = [P(i, i * .5) for i in range(20)]
    t = 0
    for k in range(n):
        for p in ps:
            t += p.y
            p.y = t / 2
            p.x = None if k % 3 else p
    return t, [p.x is None for p in ps]
def k(n):
    r = 0
    for i in range(n):
        p = P(i, 2)
        r += p.x
        r += P(i, i).norm()
    return r
class Any: pass
def poly(n):
    os = []
    for c in range(4):
        C = type("C%d" % c, (P,), {"LIMIT": c})
        os.append(C(c, c))
    t = 0
    for i in range(n):
        for o in os:
            t += o.LIMIT + o.x
            if i == n // 2: o.LIMIT = 100
    return t
def delete(n):
    a = Any(); t = 0
    for i in range(n):
        a.z = i
        try: t += a.z
        finally: del a.z
    return t
def change(n):
    p = P(1, 2); t = 0
    for i in range(n):
        t += p.norm()
        if i == n // 2: P.norm = lambda self: -1
        if i == n // 4: p.__dict__["x"] = 50
        if i == n // 3: p.w = 3
    return t
print(f(3000), g(3000), h(300), k(2000), poly(1000), delete(1000), change(2000))
