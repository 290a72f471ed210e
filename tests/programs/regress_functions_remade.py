"""Functions that one `def` made share a version, some even an address; what a function holds dies with it."""
class D:
    def __init__(self, n): self.n = n
    def __del__(self): print('del', self.n)
def cells():
    d = D('cell')
    k = 2
    def g(x):
        if x < 0:
            return d
        return x + k
    s = 0
    for i in range(50):
        s += g(i)
    return s
def bound():
    out = []
    app = out.append
    for i in range(50):
        app(i)
    app(D('bound'))
    return len(out)
def default():
    def g(x, d=D('default'), k=3):
        if x < 0:
            return d
        return x + k
    s = 0
    for i in range(50):
        s += g(i)
    return s
for i in range(3):
    print(cells())
    print(bound())
    print(default())
def takes(x, k=[1]):
    return x + k[0]
def loop(f):
    s = 0
    for i in range(50):
        s += f(i)
    return s
print(loop(takes))
takes.__defaults__ = ([5],)
print(loop(takes))
def make(k):
    def takes(x, k=k, j=1.5):
        return x + k + j
    return takes
for k in (1, 2.5, 3, [], 4):
    f = make(k)
    try:
        print(loop(f))
    except TypeError as e:
        print(e)
    del f
def kept():
    global helper
    def helper(): return 1
    def gone():
        global helper
        del helper
        x = [bytearray(200) for _ in range(50)]
        return len([1 for y in x])
    t = []
    for i in range(1):
        t.append((helper, gone()))
    return t[0][0]()
print(kept(), kept())
def make_helper():
    def helper(): return 7
    return helper
helper = make_helper()
class Reset:
    def __add__(self, other):
        global helper
        helper = None
        junk = [(lambda: 1) for _ in range(30)]
        helper = make_helper()
        return 1
r = Reset()
def f():
    n = 0
    for i in range(200):
        t = (helper, r + 1)
        n += t[0]()
    return n
print(f())
def g():
    n = 0
    for i in range(200):
        n += helper() + (r + 1)
    return n
print(g())
def h():
    n = 0
    for i in range(200):
        t = [helper]
        n += r + 1
        n += t[0]()
    return n
print(h())

def adder(n):
    def g(x):
        return x + n
    return g

def run(g):
    s = 0
    for i in range(60):
        s += g(i)
    return s

for n in range(8):
    g = adder(n)
    print(run(g))
    del g

# one code object, several namespaces
code = compile('''
def inner(x):
    return x + k
def outer():
    s = 0
    for i in range(60):
        s += inner(i)
    return s
''', 'namespaces', 'exec')
spaces = [{'k': k} for k in (0, 10, 2.5)]
for space in spaces:
    exec(code, space)
print([space['outer']() for space in spaces])


def call(f):
    s = 0
    for i in range(60):
        s += f(i)
    return s


print([call(space['inner']) for space in spaces * 2])


def add(l, x, append=list.append):
    return append(l, x)


class L(list):
    pass


def fill(l):
    try:
        for i in range(30):
            add(l, i)
    except TypeError as e:
        print(e)
    return l


print(fill([]), type(fill(L())), fill(()), fill(5))
print(fill([]), fill({}))
