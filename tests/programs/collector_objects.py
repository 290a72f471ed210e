# What the collector knows, and who refers weakly to code: nothing of a trace shows there.
import gc
import weakref


def count():
    gc.collect()
    before = len(gc.get_objects())
    s = 0
    for i in range(200):
        s += i % 7
    after = len(gc.get_objects())
    print(s, after - before)


def branches(n):
    s = 0
    for i in range(n):
        if i % 3: s += 1
        else: s -= 2
    return s


for k in range(3):
    count()
before = {id(o) for o in gc.get_objects()}
print(branches(300), branches(301), [type(o) for o in gc.get_objects() if id(o) not in before and type(o) is not set])
for f in count, branches:
    print(weakref.getweakrefcount(f.__code__), gc.get_referrers(f.__code__) == [f], gc.get_referents(f.__code__) == [])
