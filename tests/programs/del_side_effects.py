"""__del__ and weakref callbacks that change what the loop is using: locals by f_locals, globals, lists, types, functions."""
import sys
import weakref

K = 1
data = [1, 2, 3]


def helper(x):
    return x


class Changer:
    def __init__(self, what):
        self.what = what

    def __del__(self):
        self.what()


def set_k():
    global K
    K += 1


def run_globals(n):
    s = 0
    for i in range(n):
        x = Changer(set_k) if i % 20 == 0 else None
        s += K
    return s


def shrink():
    if data:
        data.pop()
    data.append(len(data) * 0.5)


def run_list(n):
    s = 0
    for i in range(n):
        x = Changer(shrink) if i % 5 == 0 else None
        s += data[0] + data[-1] + len(data)
    return s


def set_local():
    sys._getframe(2).f_locals["v"] = "changed"


def run_local(n):
    v = 0
    out = []
    for i in range(n):
        x = Changer(set_local) if i == 60 else None
        out.append(v)
        v = i
    return out.count("changed"), [k for k in out if k == "changed"], out[62:64]


def set_helper():
    helper.__code__ = (lambda x: x * 100).__code__


def run_helper(n):
    s = 0
    for i in range(n):
        s += helper(1)
        x = Changer(set_helper) if i == 70 else None
    return s


def boom():
    raise RuntimeError("in __del__")


unraisable = []


def run_raises(n):
    s = 0
    sys.unraisablehook = lambda u: unraisable.append((type(u.exc_value).__name__, str(u.exc_value)))
    try:
        for i in range(n):
            x = Changer(boom)
            s += i
        x = None
    finally:
        sys.unraisablehook = sys.__unraisablehook__
    return s, len(unraisable), unraisable[0]


class Res:
    saved = []

    def __del__(self):
        Res.saved.append(self)


def run_resurrect(n):
    for i in range(n):
        r = Res()
    del r
    return len(Res.saved), len({id(x) for x in Res.saved})


class W:
    pass


events = []


def run_weakrefs(n):
    refs = []
    for i in range(n):
        w = W()
        refs.append(weakref.ref(w, lambda r, i=i: events.append(i)))
        assert refs[-1]() is w
    events.append("end")
    assert refs[-1]() is w
    alive = [r() is not None for r in refs]
    del w
    return sum(alive), events[:4], events[-3:], len(events)


def run_weak_in_loop(n):
    d = weakref.WeakValueDictionary()
    out = []
    for i in range(n):
        w = W()
        d[i] = w
        out.append(len(d))
    w = None
    return sum(out), len(d)


print(run_globals(100), K, run_list(100), data, run_local(100), run_helper(120))
print(run_raises(60), run_resurrect(60), run_weakrefs(80), run_weak_in_loop(70))
