"""No reference and no block of memory is lost, however often compiled loops are entered and left.

Each case runs in a process of its own, in eager mode: a function is called until its traces exist, then many times more. After those calls the
reference counts of chosen objects, the number of objects the collector knows and the number of allocated blocks are what they were.
A leak of one reference a turn would show thousands of times over.

And code that is made and dropped, as servers do (templates, exec, reloads), takes its traces along, whoever links to whom and inlines whom.
"""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import runner  # noqa: E402

PROGRAM = """
import copypatch, gc, json, sys
class Sentinel:
    pass
S, T = Sentinel(), Sentinel()
BIG, FLOAT = 10**30, 1.5e300
{body}
def measure():
    gc.collect()
    return [sys.getrefcount(S), sys.getrefcount(T), sys.getrefcount(BIG), sys.getrefcount(FLOAT), len(gc.get_objects()), sys.getallocatedblocks()]
if sys.argv[1] == "jit":
    copypatch.enable()
rounds = 60
for _ in range(40): run(120)
measure()
before = measure()
for _ in range(rounds): run(120)
after = measure()
stats = copypatch.stats() if sys.argv[1] == "jit" else {{}}
print(json.dumps([[b - a for a, b in zip(before, after)], stats.get("traces", 0), stats.get("off_reason")]))
"""

CASES = {
    "float_int": """
        def run(n):
            x, k = 0.5, 0
            for i in range(n):
                x = x * 1.01 + i
                k = k * 7 + i & 0xFFFFFF
            return x, k
    """,
    "escaping_floats": """
        def run(n):
            l = []
            x = 0.5
            for i in range(n):
                x = x + 1.5
                l.append(x)
                y = x
                l[-1] = y
            return l
    """,
    "big_ints": """
        def run(n):
            x = 1
            for i in range(n):
                x = x * 3 + BIG
                if x > BIG * BIG:
                    x = x % BIG
            return x
    """,
    "objects_moved": """
        def run(n):
            l = [S, T]
            a, b = S, T
            for i in range(n):
                a, b = b, a
                t = (a, b, [a, S])
                c, d, e = t
                l[i % 2] = e[0]
                l.append(c)
                l.pop()
                k = {"s": S, "t": d}
            return len(k)
    """,
    "attributes": """
        class C:
            def __init__(self, v):
                self.v = v
                self.w = T
            def get(self):
                return self.v
        def run(n):
            r = None
            for i in range(n):
                c = C(S)
                r = c.get()
                c.v = r
                c.n = i * 0.5
                m = c.get
                r = m()
            return r
    """,
    "calls_inlined": """
        def pick(a, b, i):
            return a if i % 3 else b
        def twice(a, b, i):
            x = pick(a, b, i)
            y = pick(b, a, i)
            return x, y
        def run(n):
            r = None
            for i in range(n):
                r = twice(S, T, i)
                q = [twice(i * 0.5, S, i)[0]]
            return r
    """,
    "exceptions": """
        def f(x, i):
            if i % 5 == 0:
                raise ValueError(x, i)
            return x
        def run(n):
            c = 0
            for i in range(n):
                try:
                    y = [S, f(T, i), 10 // (i % 3)]
                except (ValueError, ZeroDivisionError) as e:
                    c += 1
                    z = S
            return c
    """,
    "uncaught": """
        def inner(n):
            k = [S]
            for i in range(n):
                k.append((T, i * 0.5))
                1 // (100 - i)
        def run(n):
            try:
                inner(n)
            except ZeroDivisionError:
                pass
    """,
    "nested_loops": """
        def run(n):
            s = 0.0
            last = S
            for i in range(n // 4):
                for j in range(i % 7):
                    for k in (S, T):
                        last = k
                        s += i * j * 0.5
                    if j == 5:
                        break
            return s, last
    """,
    "iterators": """
        def gen(n):
            for i in range(n):
                yield S
        def run(n):
            c = 0
            for x in gen(n): c += x is S
            for x in [S] * n: c += 1
            for a, b in zip([S] * n, (T,) * n): c += a is b
            for i, x in enumerate([T] * n): c += i
            for k, v in {i: S for i in range(n)}.items(): c += k
            for x in map(lambda v: (v, S), range(n)): c += 1
            for x in range(n):
                if x == 100: break
            return c
    """,
    "type_changes": """
        def run(n):
            x = 1
            for i in range(n):
                if i == 30: x = 0.5
                if i == 60: x = BIG
                if i == 90: x = FLOAT
                y = x + x
                x = x if i % 2 else (x, S)[0]
            return y
    """,
    "globals": """
        g = 0.5
        def run(n):
            global g, h
            for i in range(n):
                g = g * 0.5 + i
                h = [S, g]
            del h
    """,
    "module_level": """
        source = ("x = 0.5\\nfor i in range(120):\\n x = x * 1.5 % 100.0\\n l = [S, T, x]\\n t = (l, x)\\n")
        code = None
        def run(n):
            global code
            code = code or compile(source, "m", "exec")
            exec(code, {"S": S, "T": T})
    """,
    "closures": """
        def run(n):
            t = 0.0
            keep = S
            def add(x):
                nonlocal t, keep
                t += x
                keep = T
                return keep
            for i in range(n):
                add(i * 0.5)
                f = lambda: (keep, i)
                f()
            return t
    """,
    "subscripts": """
        def run(n):
            l = [S] * 8
            d = {}
            b = bytearray(8)
            for i in range(n):
                l[i % 8] = T
                l[-1] = l[0]
                d[i % 9] = l[i % 8], i * 1.5
                b[i % 8] = i % 256
                s = l[1:3]
                del s[0]
                try:
                    l[i]
                except IndexError:
                    pass
            return d
    """,
    "strings": """
        def run(n):
            s = ""
            for i in range(n):
                s += str(i)
                t = f"{s[-3:]}|{i * 0.5:.2f}"
                u = t.upper().split("|")
            return u
    """,
    "new_code_each_time": """
        def run(n):
            ns = {"S": S}
            exec("def f(n):\\n s = 0.5\\n for i in range(n):\\n  s += i * 0.5\\n  x = [S, s]\\n return s", ns)
            for _ in range(3): ns["f"](n)
    """,
}


BLOCKS_PER_RUN = 0.1


def measure(name, kind, **extra):
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(body=textwrap.dedent(CASES[name])), kind], capture_output=True, text=True, timeout=runner.TIMEOUT,
                          env=runner.environment(COPYPATCH_EAGER="1", **extra))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("mode", runner.usable(["jit", "interpreter", "jit-exit1", "jit-exit3", "unoptimized"]))
@pytest.mark.parametrize("name", CASES)
def test_nothing_leaks(name, mode):
    grown, traces, off = measure(name, "jit", **runner.MODES[mode])
    assert off is None and traces > 0, f"nothing was compiled ({off})"
    *refs, objects, blocks = grown
    assert refs == [0, 0, 0, 0], f"reference counts of S, T, BIG, FLOAT grew by {refs} in 60 runs"
    assert abs(objects) <= 10, f"{objects} more objects known to the collector after 60 runs"
    assert abs(blocks) <= 60 * BLOCKS_PER_RUN, f"{blocks} more blocks allocated after 60 runs"


# ---- code that comes and goes ----

SOURCES = {
"linked": """
def f(n):
    s = 0
    for i in range(n):
        for j in range(0 if i < n // 2 else 9): s += j * i
        if s & 1: s += i
    return s
f(200)
""",
"module_level": """
s = 0
for i in range(60):
    for j in range(i & 3): s += j
    s += i
""",
"mutual": """
def f(n, g=None):
    s = 0
    for i in range(n): s += h(i)
    return s
def h(i):
    s = 0
    for j in range(i & 3): s += j
    return s + k(i)
def k(i): return i & 3
def g(n):
    s = 0
    for i in range(n): s += h2(i)
    return s
def h2(i):
    for j in range(1): i += f2(j)
    return i
def f2(i): return i
f(60); g(60)
""",
"inlines_each_other": """
def f(n, deep=1):
    s = 0
    for i in range(n):
        s += i if not deep else g(3, 0)
    return s
def g(n, deep=1):
    s = 0
    for i in range(n):
        s += i if not deep else f(3, 0)
    return s
for _ in range(4):
    f(60); g(60)
""",
"escapes_inlined": """
seen = []
def note(i):
    seen.append(i); sorted(seen, key=neg)
    return i
def neg(i): return -i
def f(n):
    s = 0
    for i in range(n):
        s += note(i)
    return s
f(50)
""",
"closures": """
def outer(k):
    def inner(i): return i + k
    def loop(n):
        s = 0
        for i in range(n): s += inner(i)
        return s
    return loop
a, b = outer(1), outer(2)
a(60); b(60)
""",
"classes": """
import math
class C:
    def __init__(self): self.x = 1
    def run(self, n):
        s = 0.0
        for i in range(n): s += math.sqrt(i) + abs(-i)
        return s
    def again(self, n):
        s = 0
        for i in range(n):
            if isinstance(self, C): s += len((self, i))
        return s
c = C()
c.run(60); c.again(60)
""",
"builtins_of_the_module": """
import sys, types
m = types.ModuleType("m"); m.__dict__["f"] = None
append = [].append
def f(n):
    for i in range(n):
        append(i); str(i); m.__name__
f(60)
m.f = f
""",
"type_changes": """
def f(n, x):
    s = x
    for i in range(n): s = s + x
    return s
for x in 1, 1.5, 2, 2.5, "a", 1, 2.0:
    for _ in range(40): f(5, x)
""",
"default_holds": """
def f(n, l=[]):
    s = 0
    for i in range(n):
        s += g(i)
    return s
def g(i, t=(1, 2.5)): return i + t[0]
f.l = f.__defaults__[0].append(f)
f(60)
""",
}

EXACT = "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0"    # what is free counts as free
DROPPED = """
import collections, copypatch, ctypes, gc, json, os, sys
class Mallinfo(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]
try:
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = Mallinfo
except AttributeError:
    mallinfo = Mallinfo
source = sys.argv[1]
copypatch.enable()
n, stats = 80, sys.modules["copypatch._copypatch"].stats
rounds = compile('''      # no function and no loop of its own, which would be compiled
collections.deque(map(exec, map(compile, [source] * n, ["made"] * n, ["exec"] * n), map(dict, [[("__name__", "made")]] * n)), 0)
gc.collect()
info = mallinfo()
after = [stats()["code_bytes"], info.uordblks + info.hblkhd, sys.getallocatedblocks(), len(gc.get_objects())]
''', "rounds", "exec")
exec(rounds)
exec(rounds)
before = after
exec(rounds)
left = [e for e in copypatch.executors() if e.code is None or e.code.co_filename == "made"]
print(json.dumps([[b - a for a, b in zip(before, after)], len(left), copypatch.stats()["traces"]]))
"""


@pytest.mark.parametrize("mode", runner.usable(["jit", "interpreter", "jit-exit1"]))
@pytest.mark.parametrize("name", SOURCES)
def test_dropped_code_leaves_nothing(name, mode):
    done = subprocess.run([sys.executable, "-c", DROPPED, SOURCES[name]], capture_output=True, text=True, timeout=runner.TIMEOUT,
                          env=runner.environment(COPYPATCH_EAGER="1", GLIBC_TUNABLES=EXACT, **runner.MODES[mode]))
    assert done.returncode == 0, done.stderr
    (code_bytes, memory, blocks, objects), left, traces = json.loads(done.stdout)
    assert traces > 0 and left == 0
    assert code_bytes < 80 * 16, f"{code_bytes} more bytes of native code after 80 times"
    assert memory < 80 * 16, f"{memory} more bytes allocated after 80 times"
    assert blocks <= 80 * BLOCKS_PER_RUN and objects <= 10, f"{blocks} more blocks, {objects} more objects after 80 times"
