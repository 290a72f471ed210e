# container[key] by a __getitem__ in Python, which traces follow into: its frame, its exceptions, changes of it at run time, who keeps the container alive.
class V:
    def __init__(self, *a): self.a = list(a)
    def __getitem__(self, i):
        if isinstance(i, slice): return V(*self.a[i])
        return self.a[i]
    def __len__(self): return len(self.a)
class W(V):
    def __getitem__(self, i):
        import sys
        if i == 199: raise KeyError(i)
        return sys._getframe().f_back.f_code.co_name, super().__getitem__(i)
def tot(v, n):
    s = 0
    for k in range(n):
        for i in range(len(v)): s += v[i]
        s += len(v[1:3])
    return s
print(tot(V(1,2,3,4.5), 100))
def ch(v):
    l = []
    try:
        for i in range(300):
            l.append(v[i % 200])
            if i == 100: W.__getitem__ = W.__getitem__
            if i == 150:
                old = V.__getitem__; V.__getitem__ = lambda self, i: -i
            if i == 170: V.__getitem__ = old
            if i == 180: V.__getitem__ = list.__len__ if 0 else (lambda self, i, j=3: (i, j))
    except Exception as e: l.append((type(e).__name__, str(e), e.__traceback__.tb_next.tb_lineno))
    return l
print(ch(W(*range(200))))
class D:
    def __getitem__(self, i):
        k = self; self = None; del k
        return died[-1:] 
    def __del__(self): died.append(1)
died = []
print([len(D()[i]) for i in range(60)][-5:], len(died))
