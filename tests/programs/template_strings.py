# Template strings, from CPython 3.14 on: their parts, the order in which these are evaluated and die, what is wrong with them.
import sys

PROGRAM = '''
from string.templatelib import Template, Interpolation, convert

log = []


class Loud:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)
    def __repr__(self): return f"<{self.name}>"


def parts(t): return t.strings, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations]


def plain(n):
    r = []
    for i in range(n):
        w = i % 5
        r.append(parts(t"a{i}b{i + 0.5!r}{'x' * w!s:>{w}}{i:05d}" t"-{w!a:}"))
        r.append(parts(t""))
        r.append(parts(t"only text"))
        r.append(len((t"{i}" + t"{w}").interpolations))
    return r[:4], r[-4:]


def rendered(t):
    return "".join(p if isinstance(p, str) else format(convert(p.value, p.conversion), p.format_spec) for p in t)


def render(n):
    out = []
    for i in range(n):
        out.append(rendered(t"{i!r:>5}|{i * 1.5:.2f}|{str(i)!s}"))
    return out[-1], len(out)


def deaths(n):
    for i in range(n):
        t"{Loud('a')}{Loud('b')!r}{Loud('c'):>{len('abc')}}"
        log.append(".")
        x = t"{Loud('d')}"
        y = x.interpolations[0]
        x = None
        log.append("x")
        y = None
    return log[:20], len(log)


def wrong(n):
    r = []
    for i in range(n):
        try:
            t"{i}{1 // (i % 3)}{Loud('late')}"
        except ZeroDivisionError as e:
            r.append(str(e))
        try:
            t"{i}" + "text"
        except TypeError as e:
            r.append(str(e))
        try:
            t"{Loud('kept')}{i:{None + 1}}"
        except TypeError as e:
            r.append(str(e))
    return r[:4], len(r), log[-3:]


def local(n):
    def inner(k, *, w=3): return t"{k:{w}}"
    return [parts(inner(i)) for i in range(n)][-2:], [parts(inner(i, w=i)) for i in range(n)][-1]


def counted(n):
    o = object()
    s = set()
    for i in range(n):
        t = t"{o}{o}"
        s.add(sys.getrefcount(o))
        del t
        s.add(-sys.getrefcount(o))
    return sorted(s)


for n in 3, 120: print(plain(n), render(n), deaths(n), wrong(n), local(n), counted(n))
'''

if sys.version_info >= (3, 14):
    exec(PROGRAM)
