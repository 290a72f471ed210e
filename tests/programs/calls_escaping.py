# Functions that are followed into and run arbitrary code: their frames are real while it runs.
import sys

class Box:
    def __init__(self, v):
        self.v = v
    def __add__(self, other):
        return self.v + other
    def __getitem__(self, i):
        return self.v * i

def through(d, k):
    d.setdefault(k, []).append(k)
    return len(d[k])

def deep(b, i):
    def_ = b + i
    return def_ + b[i]

def outer(b, i):
    x = i * 0.5
    y = deep(b, i)
    return x + y

def run(n):
    d = {}
    b = Box(3)
    total = 0
    for i in range(n):
        total += through(d, i % 7)
        total += outer(b, i)
    return total, sorted(d)

print(run(3000))

# looked at from below
depth = []
def look(i):
    f = sys._getframe(1)
    if i % 500 == 499:
        depth.append((f.f_code.co_name, f.f_lineno, sorted(f.f_locals), f.f_back.f_code.co_name, f.f_back.f_lineno))
    return 1

class L:
    def __add__(self, i):
        return look(i)

def middle(obj, i):
    a = i + 1
    b = obj + a
    return a + b

def looked(n):
    obj = L()
    t = 0
    for i in range(n):
        t += middle(obj, i)
    return t

print(looked(2000), depth)

# variables of a frame that is inlined changed from below
class W:
    def __add__(self, i):
        if i == 700 or i == 1500:
            f = sys._getframe(1)
            f.f_locals['a'] = 'changed'
            f.f_locals['keep'] = [i]
            f.f_back.f_locals['t'] = 10
        return 2

def written(obj, i):
    keep = [i]
    a = i
    b = obj + i
    return (str(a), keep[0], b)

def write(n):
    obj = W()
    t = 0
    last = None
    seen = []
    for i in range(n):
        r = written(obj, i)
        t += r[2]
        if r[0] == 'changed':
            seen.append((i, r, t))
    return t, seen

print(write(2000))

# an exception from below, through two frames, caught in the entry frame, in the inlined one, nowhere
class E:
    def __init__(self, at): self.at = at
    def __add__(self, i):
        if i % self.at == self.at - 1:
            raise ValueError(i)
        return i

def inner(e, i):
    return e + i

def catching(e, i):
    try:
        return inner(e, i)
    except ValueError as x:
        return -x.args[0]

def errors(n):
    e = E(400)
    t = 0
    for i in range(n):
        try:
            t += inner(e, i)
        except ValueError:
            t += 1
        t += catching(e, i)
    return t

print(errors(2000))
import traceback
def nowhere(n):
    e = E(900)
    for i in range(n):
        inner(e, i)
try:
    nowhere(2000)
except ValueError:
    traceback.print_exc(file=sys.stdout)

# generic iteration and truth inside a followed function
class It:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        self.n -= 1
        if self.n < 0: raise StopIteration
        return self.n
class T:
    def __init__(self, v): self.v = v
    def __bool__(self): return self.v % 3 == 0
def consume(k):
    s = 0
    for x in It(k):
        s += x
    return s
def truth(t):
    if t:
        return 1
    return 2
def go(n):
    s = 0
    ts = [T(i) for i in range(6)]
    for i in range(n):
        s += consume(i % 4) + truth(ts[i % 6])
    return s
print(go(1500))

# the last reference to something goes inside a followed function
class D:
    def __init__(self, out): self.out = out
    def __del__(self):
        f = sys._getframe(1)
        self.out.append((f.f_code.co_name, f.f_lineno))
def drop(box, i):
    box[0] = i
    return i
def drops(n):
    out = []
    box = [None]
    for i in range(n):
        if i % 100 == 5:
            box[0] = D(out)
        drop(box, i)
    return out
o = drops(1500)
print(len(o), set(o))
