"""A trace keeps nothing alive whose death can be noticed."""
import weakref, gc
class C:
    pass
def use(n):
    s = 0
    for i in range(n):
        s += isinstance(i, C)
        s += C is None
    return s
print(use(50))
r = weakref.ref(C)
del C
gc.collect()
print(r() is None)
class D:
    def __del__(self): print('del')
out = [D()]
add = out.append
def fill(n):
    for i in range(n):
        add(i)
fill(50)
del add, out
print('after')
def fn(x): return x + 1
fn.d = D()
def loop(n):
    s = 0
    for i in range(n):
        s += fn(i)
    return s
print(loop(60))
del fn
print('after')
ns = {'D': D}
exec('''
d = D()
def inner(x): return x + 1
def f():
    s = 0
    for i in range(60):
        s += inner(i)
    return s
print(f())
''', ns)
del ns
gc.collect()
print('after')
