"""Recursion through inlined functions, deeper than the C stack would carry it."""
import sys
sys.setrecursionlimit(30000)
def step(i, n):
    if i == 2:
        return walk(n - 1)
    return i
def walk(n):
    if n == 0:
        return 0
    s = 0
    for i in range(3):
        s += step(i, n)
    return s
for n in (5, 50, 500, 3000, 6000):
    print(n, walk(n))
sys.setrecursionlimit(1000)
def count(n):
    global deepest
    deepest = n
    for i in range(3):
        step2(i, n)
def step2(i, n):
    if i == 2:
        return count(n + 1)
for k in range(3):
    try:
        count(0)
    except RecursionError as e:
        print(deepest, e)
import threading
sys.setrecursionlimit(60000)
class T:
    def __init__(self, n): self.n = n
    def __del__(self):
        if self.n: down(self.n - 1)
def down(n):
    s = 0
    for i in range(3):
        s += hold(i, n)
    return s
def hold(i, n):
    if i == 2:
        x = T(n)
        return 1
    return i
print(down(300))
def deep(n, f):
    return f(n) if n == 0 else leaf(n, f)
def leaf(n, f):
    s = 0
    for k in (1, 2, 3, 4):
        s += pick(k, n, f)
    return s
def pick(k, n, f):
    if k < 4:
        return k
    if n == 0:
        return 0
    return leaf(n - 1, f)
print(leaf(50, len), leaf(5000, len), leaf(20000, len))
def sorter(n):
    l = [3, 1, 2]
    s = 0
    for i in range(3):
        if i == 2 and n:
            s += sum(map(sorter, [n - 1]))
        s += key(i)
    return s
def key(x):
    return -x
print(sorter(150))
threading.stack_size(1 << 20)
out = []
t = threading.Thread(target=lambda: out.append((leaf(3000, len), sorter(100))))
t.start(); t.join()
print(out)
