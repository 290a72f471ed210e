"""Frame objects that come and go with tracebacks, in frames of one size and another: what stays is what was there, what is new is clean."""
import sys
class E(Exception): pass
def raises(n):
    if n >= 0: raise E(n)
    return n
def other(n, a, b, c):
    d = a + b + c
    if n >= 0: raise E(d)
    return n
def caught(n):
    s = 0
    for i in range(n):
        try:
            raises(i)
        except E as e:
            s += e.args[0]
        try:
            if i % 3: other(i, 1, 2, i)
        except E as e:
            s += e.args[0]
    return s
print(caught(900))
def keeping(n, kept):
    for i in range(n):
        try:
            raises(i)
        except E as e:
            if i % 50 == 0: kept.append(e.__traceback__)
    return i
kept = []
print(keeping(600, kept), len(kept), len({id(t.tb_frame) for t in kept}), {t.tb_frame.f_code.co_name for t in kept}, {t.tb_next.tb_frame.f_code.co_name for t in kept})
print([t.tb_next.tb_frame.f_locals for t in kept[:3]], kept[-1].tb_frame.f_locals["i"], {t.tb_next.tb_frame.f_back for t in kept} == {None} or {t.tb_next.tb_frame.f_back is t.tb_frame for t in kept})
def set_and_left(n):
    out = []
    for i in range(n):
        try:
            raises(i)
        except E as e:
            f = e.__traceback__.tb_frame
            out.append((f.f_trace, f.f_trace_lines, f.f_trace_opcodes, f.f_lineno - f.f_code.co_firstlineno))
            if i % 7 == 0: f.f_trace_opcodes = True
            if i % 11 == 0: f.f_locals["more"] = i
            if i % 13 == 0: f.f_trace_lines = False
            del f
    return out
seen = set_and_left(400)
print(seen[:3], set(seen))
def fresh(n):
    try:
        raises(n)
    except E as e:
        f = e.__traceback__.tb_frame
        return f.f_trace, f.f_trace_lines, f.f_trace_opcodes, sorted(f.f_locals)
def fresh_ones(n):
    return {repr(fresh(i)) for i in range(n)}
print(fresh_ones(300))
def recursive(n):
    try:
        if n: recursive(n - 1)
        raises(n)
    except E as e:
        if n == 3: raise
        return e.args[0]
    return -1
def deep(n):
    out = []
    for i in range(n):
        try: out.append(recursive(i % 6))
        except E as e:
            t, names = e.__traceback__, []
            while t: names.append((t.tb_frame.f_code.co_name, t.tb_frame.f_locals.get("n"), t.tb_lineno)); t = t.tb_next
            out.append(names)
    return out
r = deep(300)
print(r[:6], r[:6] == r[-6:])

# What dies in front of the return, and looks at the variables: numbers that native code has not made are there.
class D:
    def __del__(self):
        f = sys._getframe(1)
        looked.append((f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, sorted(f.f_locals.items(), key=str)))
looked = []
def last(o, a):
    c = a * 1000 + 7
    d = c * .5
    o = None
def unused(o, a):
    c = a * 1000 + 7
    e = c
    del o
    return
def dies_last(function, n):
    held = [D() for _ in range(n)]
    for i in range(n): function(held[i], i)
    del held[:]
    looked.clear()
    for i in range(3): function(D(), i)
    return looked[:]
print(dies_last(last, 40), dies_last(unused, 40))
print(dies_last(last, 1500), dies_last(unused, 1500))
