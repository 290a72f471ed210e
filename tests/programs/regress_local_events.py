"""Local events that another tool sets on code a trace has inlined, before, between and during its runs."""
import sys
m = sys.monitoring
T = 4
m.use_tool_id(T, 'x')
ev = []
m.register_callback(T, m.events.PY_START, lambda c, o: ev.append(('start', c.co_name)))
m.register_callback(T, m.events.PY_RETURN, lambda c, o, v: ev.append(('return', c.co_name, v)))
m.register_callback(T, m.events.LINE, lambda c, l: ev.append(('line', c.co_name, l - c.co_firstlineno)))
m.register_callback(T, m.events.RAISE, lambda c, o, e: ev.append(('raise', c.co_name, type(e))))
def g(x):
    return x + 1
def f(n):
    s = 0
    for i in range(n):
        s += g(i)
    return s
print(f(60), ev)
m.set_local_events(T, g.__code__, m.events.PY_START)
print(f(30), len(ev), ev[:2]); ev.clear()
m.set_local_events(T, g.__code__, 0)
print(f(30), len(ev)); ev.clear()
def g2(x):
    return x + 1
def f2(n):
    s = 0
    for i in range(n):
        s += g2(i)
    return s
m.set_local_events(T, g2.__code__, m.events.PY_RETURN | m.events.LINE)
print(f2(30), len(ev), ev[:4]); ev.clear()
def switch(i):
    if i == 25: m.set_local_events(T, h.__code__, m.events.LINE)
    if i == 35: m.set_local_events(T, h.__code__, 0)
    if i == 45: m.set_local_events(T, g3.__code__, m.events.PY_START)
    if i == 50: m.set_local_events(T, g3.__code__, 0)
    for k in (1,): pass
    return 1
def g3(x): return x
def h(n):
    s = 0
    for i in range(n):
        s += switch(i)
        s += g3(i)
    return s
print(h(60), len(ev), ev); ev.clear()
print(h(60), len(ev)); ev.clear()
class Adder:
    def __add__(self, o):
        switch(o)
        return o
    __radd__ = __add__
def h2(n):
    s = 0
    a = Adder()
    for i in range(n):
        b = a + i
        s += b
    return s
code = h2
def switch(i):
    if i == 25: m.set_local_events(T, h2.__code__, m.events.LINE)
    if i == 35: m.set_local_events(T, h2.__code__, 0)
print(h2(60), len(ev), ev[:5]); ev.clear()
m.free_tool_id(T)
