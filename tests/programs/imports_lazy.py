# Lazy imports, from CPython 3.15 on: what a name stands for until it is read, and where it is read in a loop.
import os
import sys
import tempfile

PROGRAM = '''
lazy import json
lazy from string import digits, ascii_letters as letters
lazy import xml.dom.minidom
lazy import no_such_module_anywhere
lazy from string import nothing_there


def reads(n):
    t = 0
    for i in range(n):
        t += len(digits) + len(letters) + len(json.dumps(i))
    return t


def kinds():
    return [type(globals()[k]).__name__ for k in ("json", "digits", "letters", "xml", "no_such_module_anywhere")]


print(kinds(), reads(3), kinds(), reads(200))
t = 0
for i in range(200):
    t += len(xml.dom.minidom.parseString("<a/>").toxml())
print(t, kinds())


def fails(n):
    r = {}
    for i in range(n):
        for f in (lambda: no_such_module_anywhere.x, lambda: nothing_there):
            try:
                f()
            except ImportError as e:
                key = type(e).__name__, str(e)[:60], type(e.__cause__).__name__
                r[key] = r.get(key, 0) + 1
    return r


print(fails(60))


def imports(n):
    """At once, in functions; and what a module has that is read lazily there."""
    s = 0
    for i in range(n):
        import math
        from math import floor, sqrt as r
        import os.path as p
        from collections import OrderedDict, abc
        s += floor(r(i)) + len(p.basename("a/b")) + len(OrderedDict(a=abc.Sized is not None)) + math.ceil(0.5)
    return s


print(imports(150))


def missing(n):
    r = {}
    for i in range(n):
        try:
            from math import no_such_name
        except ImportError as e:
            r[str(e)[:40]] = i
        try:
            import no_such_module_either
        except ImportError as e:
            r[str(e)] = i
    return r


print(missing(60))
ns = {}
code = compile("""
lazy import colorsys
lazy from textwrap import dedent
for i in range(k):
    lazy import bisect
    lazy from heapq import heappush as push, heappop
    t = i
""", "lazies", "exec")
for k in 5, 200:
    ns["k"] = k
    exec(code, ns)
    print({name: type(v).__name__ for name, v in ns.items()})
    exec("for i in range(100): q = dedent; b = bisect.bisect", ns)
    try:
        exec(code, ns, {})
    except SyntaxError as e:
        print(e)
    print({name: type(v).__name__ for name, v in ns.items() if name[0] != "_"})


class Body:
    type Later = json.JSONDecoder
    for i in range(100):
        x = json, digits


print(type(Body.x[0]).__name__, Body.Later.__value__.__name__)
import lazy_of_another as other
def from_module(n):
    t = 0
    for i in range(n):
        t += other.count(i) + len(other.late.ascii_lowercase)
        from lazy_of_another import late as l, early
        t += len(l.digits) + early
    return t
print(from_module(3), from_module(150))
'''

if sys.version_info >= (3, 15):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "lazy_of_another.py"), "w") as f:
            f.write("lazy import string as late\nlazy import math\nearly = 5\ndef count(i): return math.floor(i + 0.5)\n")
        sys.path.insert(0, folder)
        sys.dont_write_bytecode = True
        exec(PROGRAM)
