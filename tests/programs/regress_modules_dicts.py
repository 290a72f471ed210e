"""Modules whose class is assigned, or that stand where another one died; dicts emptied and filled from a copy."""
import types

def loop(m):
    s = 0
    for i in range(60):
        s += m.v
    return s

for n in range(8):
    m = types.ModuleType('m')
    m.v = n
    m.other = 1
    print(loop(m))
    del m

import types

class Lazy(types.ModuleType):
    @property
    def v(self):
        return 1000

m = types.ModuleType('m')
m.v = 1

def loop_lazy():
    s = 0
    for i in range(60):
        s += m.v
    return s

print(loop_lazy(), loop_lazy())
m.__class__ = Lazy
print(loop_lazy())
m.__class__ = types.ModuleType
print(loop_lazy())
ns = {'a': 1, 'b': 2.5}
exec('''
def loop():
    s = 0
    for i in range(60):
        s += a
        s += b
    return s
''', ns)
loop = ns['loop']
print(loop(), loop())
copy = dict(ns)
for k in range(5):
    ns.clear()
    ns.update(copy)
    ns['a'] = k
    ns['b'] = object
    ns['b'] = k * 0.5
    junk = [dict(copy) for _ in range(20)]
    for j in junk:
        j['a'] = None
    print(loop())
