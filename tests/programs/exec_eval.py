"""exec, eval and compile in loops and of loops."""


def evals(n):
    s = 0
    for i in range(n):
        s += eval("i * 2 + s % 3")
        s += eval("a + b", {"a": i, "b": 1})
    return s


def execs(n):
    ns = {"t": 0}
    code = compile("for k in range(5):\n    t += k * m", "<snippet>", "exec")
    for i in range(n):
        ns["m"] = i
        exec(code, ns)
    return ns["t"]


def functions(n):
    out = 0
    for i in range(n):
        ns = {}
        exec(f"def f(x):\n    s = 0\n    for j in range(x):\n        s += j * {i}\n    return s", ns)
        out += ns["f"](10)
    return out


def errors(n):
    seen = {}
    for i in range(n):
        try:
            exec(["1 +", "x = ", "raise KeyError(5)", "1/0", "undefined"][i % 5])
        except Exception as e:
            seen[type(e).__name__] = seen.get(type(e).__name__, 0) + 1
    return seen


class Watch(dict):
    def __missing__(self, k):
        if k == "auto":
            return 7
        raise KeyError(k)


def mapping_namespace():
    w = Watch()
    exec("t = 0\nfor i in range(100):\n    t += auto\n    t -= i", {}, w)
    return w["t"], w["i"]


print(evals(80), execs(60), functions(30), errors(60), mapping_namespace())
exec("""
total = 0
for a in range(60):
    for b in range(a):
        if (a * b) % 7 == 3:
            total += 1
print(total)
""")
print(eval("[x * x for x in range(70)][-1]"))
