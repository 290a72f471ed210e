"""yield from objects of other types than the recorded ones: coroutines, where they are allowed and where not."""
import types


class It:
    def __iter__(self):
        return iter(())


class It2:
    def __iter__(self):
        return iter(())


async def co():
    return 1


@types.coroutine
def right(l):
    s = 0
    for x in l:
        try:
            r = yield from x
            s += r or 0
        except TypeError as e:
            print(e)
    return s


def wrong(l):
    for x in l:
        try:
            yield from x
        except TypeError as e:
            print(e)


for f in (right, wrong):
    l = [(It if i % 2 else It2)() for i in range(60)] + [co() for _ in range(3)] + [(), [], {}, {1}, range(0), It()] * 10 + [co(), co(), 3]
    g = f(l)
    try:
        while True:
            next(g)
    except StopIteration as e:
        print(e.value)
    for x in l:
        if hasattr(x, "close"):
            x.close()
