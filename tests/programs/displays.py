# Dicts, sets, slices, f-strings that are made in loops.
class K:
    def __init__(self, v): self.v = v
    def __hash__(self): return self.v % 3
    def __eq__(self, o): return isinstance(o, K) and self.v == o.v
    def __repr__(self): return f"K{self.v}"
    def __format__(self, spec): return f"<{self.v}:{spec}>"
log = []
class Loud:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)
def dicts(n):
    r = None; sizes = set()
    for i in range(n):
        d = {"a": i, "b": i * 0.5, "c": None}
        e = {i: 1, i + 1: 2, "x": d, 1.5: i, True: i, None: 3, b"q": 4}
        f = {}
        f["k"] = i; f[i] = d
        g = {"a": 1, "a": i, "b": 2}
        h = {str(i): i, i % 2: i, i % 2 + 0.0: "f"}
        r = d, e, f, g, h
        sizes.add((d.__sizeof__(), e.__sizeof__(), f.__sizeof__()))
    return r, sorted(sizes)
def keys(n):
    r = None
    for i in range(n):
        r = {K(i): i, K(1): 2}
        s = {K(i), K(2), i}
    return r, sorted(map(str, s))
def comprehensions(n):
    t = 0
    for i in range(n):
        d = {k: k * i for k in range(5)}
        s = {k % 3 for k in range(i % 7)}
        e = {str(k): v for k, v in d.items() if v % 2}
        u = {K(k): k for k in range(4)}
        t += len(d) + len(s) + len(e) + sum(d.values()) + len(u)
    return t, d, s, e
def slices(n):
    l = list(range(30)); t = 0
    for i in range(n):
        t += sum(l[i % 5:20:2]) + sum(l[::-1]) + len(l[::3]) + l[2:9:i % 3 + 1][0]
        s = slice(i, None, 2)
        t += len("abcdefghij"[i % 3::2])
        m = l[:]; m[1:20:2] = range(10); del m[::2]
        t += len(m)
    return t, s
def strings(n):
    r = []
    for i in range(n):
        x = i * 0.5; k = K(i)
        a = f"{i}-{x}-{k}-{i!r:>5}{x:.3f}|{k:abc}{k!r}{k!s}{k!a}"
        b = f"{i:{'>'}{8}}{x!r}{'é'!a}{i:03d}"
        c = f"{a}{b}{i}{x}{None}{[i]}"
        if i % 50 == 1: r.append((a, b, c))
    return r
def deaths(n):
    for i in range(n):
        {"a": Loud("a1"), "b": Loud("b1"), "a": Loud("a2")}
        log.append("-")
        {k: Loud(k) for k in (1, 2, 1)}
        {Loud(1): 1, "z": Loud(2)}
        [1, 2][Loud(3) and 0:2:1]
    return log[:24], len(log)
def unhashable(n):
    r = []
    for i in range(n):
        try: {i: 1, []: 2}
        except TypeError as e: r.append(str(e))
        try: {k: 1 for k in ([],)}
        except TypeError as e: r.append(str(e))
        try: f"{i:q}"
        except ValueError as e: r.append(str(e))
    return r[:3], len(r)
for f in dicts, keys, comprehensions, slices, strings, deaths, unhashable:
    print(f.__name__, f(60), f(300))
# Which object it is: a text of several parts is always a new one.
def same(n):
    a = "a text"; e = ""; k = []
    for i in range(n):
        b = str(i); k.append((f"{a}{e}" is a, f"{e}{a}" is a, f"{a}{e}{e}" is a, f"{b}{e}" is b, f"{a}" is a, f"{a!s}" is a, a + e is a))
    return set(k)
print(same(60), same(300))
