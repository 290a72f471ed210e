import sys
# what only a variable keeps alive, borrowed by the operand stack while a callee changes the variable
class Noisy:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"N{self.n}"
def change(i):
    if i % 300 == 299:
        sys._getframe(1).f_locals['a'] = None
        [Noisy(-1) for _ in range(5)]
    return i
class C:
    def __init__(self, i): self.i = i
    def __index__(self): return change2(self.i)
def change2(i):
    if i % 300 == 299:
        f = sys._getframe(2)
        f.f_locals['a'] = None
        [Noisy(-1) for _ in range(5)]
    return 0
def stacked(n):
    out = []
    for i in range(n):
        a = Noisy(i)
        r = (a, max(change(i), 0, key=str))
        if i % 300 == 299:
            out.append(r)
    return out
def stacked2(n):
    out = []
    l = [7]
    for i in range(n):
        a = [i, i]
        r = (a, l[C(i)])
        if i % 300 == 299:
            out.append(r)
    return out
print(stacked(1000))
print(stacked2(1000))
