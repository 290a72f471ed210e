"""Garbage cycles, gc.collect, gc callbacks and weak references in hot loops."""
import gc
import weakref


class Node:
    def __init__(self):
        self.me = self


gc.disable()


def cycles(n):
    refs = []
    for i in range(n):
        a = Node()
        refs.append(weakref.ref(a))
        if i % 20 == 19:
            gc.collect()
    alive = sum(r() is not None for r in refs)
    del a
    gc.collect()
    return alive, sum(r() is not None for r in refs)


def kept(n):
    keep = []
    x = 0.5
    for i in range(n):
        x = x * 1.01
        t = (x, [x], {"x": x})
        keep.append(t)
        if i % 15 == 0:
            gc.collect()
    return len(keep), keep[-1][0] is keep[-1][1][0], gc.is_tracked(keep[0])


def callbacks(n):
    seen = []

    def cb(phase, info):
        seen.append(phase)
    gc.callbacks.append(cb)
    try:
        for i in range(n):
            if i % 10 == 0:
                gc.collect(0)
    finally:
        gc.callbacks.remove(cb)
    return len(seen), seen[:2]


def referrers(n):
    x = object()
    l = [x]
    c = 0
    for i in range(n):
        c += any(r is l for r in gc.get_referrers(x))
    return c


print(cycles(100), kept(60), callbacks(60), referrers(50))
gc.enable()
gc.set_threshold(20)
tree = []
for i in range(500):
    tree = [tree, Node()]
d = 0
while tree:
    tree = tree[0]
    d += 1
print(d)
