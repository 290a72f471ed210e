"""Namespaces that are subclasses of dict."""
class N(dict):
    def __setitem__(self, k, v):
        log.append((k, v)); dict.__setitem__(self, k, v)
log = []
ns = N(a=1)
exec('for i in (1, 2, 3) * 20:\n    x = 5\n', ns)
print(len(log), ns['x'], ns['i'])
class G(dict):
    def __getitem__(self, k):
        log.append(k); return dict.__getitem__(self, k)
    def __missing__(self, k): log.append('missing'); raise KeyError(k)
log.clear()
ns = G(a=1)
exec('''
for i in (1, 2, 3) * 20:
    x = a
def f():
    global y
    for i in range(50):
        y = a
f()
''', ns)
print(len(log), log[:5], ns['x'], ns['y'])
