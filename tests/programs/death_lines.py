# __del__, weakref callbacks and ResourceWarning see the line that dropped the object, in the function that did; what was given away to a called
# function dies in it.
import collections
import sys
import warnings
import weakref

seen = collections.Counter()


class T:
    def __init__(self, name, rare=True):
        if rare:
            self.name = name

    def __del__(self):
        if hasattr(self, "name"):
            f = sys._getframe(1)
            seen[self.name, f.f_code.co_name, f.f_lineno, f.f_back.f_code.co_name, f.f_back.f_lineno] += 1


def make(i, name):      # called, not followed into: it has two loops
    for _ in (): pass
    for _ in (): pass
    return T(name) if i % 10 == 5 else None


def overwritten(n):
    items = [None, None]
    variable = None
    for i in range(n):
        items[0] = make(i, "item")
        items[-1] = make(i, "last item")
        variable = make(i, "variable")
        make(i, "result")
        if make(i, "compared") is items:
            break


def keep(x, y):
    z = make(x, "local")
    y = None
    return x


def left_behind(n):
    for i in range(n):
        keep(i, make(i, "argument"))
        keep(
            i,
            (make(i, "in a tuple"), 1),
        )


def deeper(i):
    return keep(i, make(i, "deep argument"))


def nested(n):
    total = 0
    for i in range(n):
        total += deeper(i)
    return total


def consume(o):
    for _ in (): pass
    for _ in (): pass
    if o is None:
        return True
    r = weakref.ref(o)
    o = None
    return r() is None          # nobody else has it


def given(n):
    return sum(consume(make(i, "given")) for i in range(n)), [consume(make(i, "given")) for i in range(n)].count(True)


def callbacks(n):
    lines = collections.Counter()

    def gone(r):
        f = sys._getframe(1)
        lines[f.f_code.co_name, f.f_lineno] += 1

    refs = items = None
    for i in range(n):
        items = make(i, "watched")
        if items is not None:
            refs = weakref.ref(items, gone)
        items = None
    print(sorted(lines.items()))


def opened(i):
    for _ in (): pass
    for _ in (): pass
    return open("/dev/null") if i % 10 == 5 else None


def unclosed(n):
    items = [None, None]
    for i in range(n):
        items[0] = opened(i)    # what was there before is closed here
        items[1] = i
        opened(i)
        keep(i, opened(i))


def loops(n):
    for i in range(n):
        for x in [make(i, "in a list"), make(i, "too")]:
            x = None
        for x in iter((make(i, "in a tuple"),)):
            x = None


for function in overwritten, left_behind, nested, given, callbacks, loops:
    seen.clear()
    result = function(100)
    print(function.__name__, result)
    for key, count in sorted(seen.items()):
        print("   ", *key, count)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    unclosed(100)
print(sorted(collections.Counter((w.category.__name__, w.lineno) for w in caught).items()))
