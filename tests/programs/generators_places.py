"""Yields in places of all kinds: within expressions, with NULLs and unfinished values on the stack, many of them, deep chains, __del__ that resumes."""
import gc
import signal
import sys
import warnings

# ---- in the middle of expressions ----


class Box:
    def __init__(self, a, b=0):
        self.a, self.b = a, b

    def plus(self, *args, **kw):
        return self.a + sum(args) + sum(kw.values())

    def one(self, x):
        return self.a * x


def add(a, b, c=1):
    return a * 100 + b * 10 + c


def in_expressions(n):
    box = Box(3)
    l = [0] * 8
    d = {}
    s = 0
    for i in range(n):
        s += (yield i) + (yield i + 1) * 2
        s += add(i, (yield 1), (yield 2))
        s += add(i % 3, b=(yield 1), c=i * 2)
        s += box.plus(i, (yield 3), k=(yield 4))
        s += box.one((yield i * 0.5))
        s += sum((i, i * 2, (yield 5)))
        s += len([i, (yield i), *range(i % 3), (yield 6)])
        s += len({i: (yield 1), (yield 2): i})
        l[(yield i) % 8] += (yield 2)
        l[i % 8] = (yield)
        d[i % 5] = d.get(i % 5, (yield 0)) + 1
        s += i < (yield i + 1) < i * 3
        s += len(f"{i}{(yield i)!r:>5}{s}")
        s += (i * 3 if (yield i % 2) else i * 5)
        a, b = (yield i), (yield i * 2)
        s += a * b
        a, *b = i, (yield 1), 2, (yield 3)
        s += a + len(b)
        s += len(l[(yield 1) % 3:(yield 7) % 8])
        s += (i and (yield i)) or (yield 9)
        s += -(yield i) + (not (yield 1))
        s += i * i * 1.5 + (yield i * i)
        s += [(yield i), i][i % 2]
        s += max(i * 2, (yield 3), key=lambda x: -x)
        s += add(*(i, (yield 1)), **{"c": (yield 2)})
        del l[(yield 1) % 4]
        l.append((yield i))
        if (yield i) is None:
            s += 1
        while (yield 0) not in (None, 0, i):
            s += 1
            break
        assert (yield 1) != "x", (yield 2)
        s += (lambda x: x + i)((yield 3))
        global kept
        kept = (yield 1)
        box.b = (yield 2)
        box.b += (yield 3)
        s += box.b
    return s, l, sorted(d.items())


def drive(g, answer):
    count, total, x = 0, 0, None
    try:
        x = next(g)
        while True:
            count += 1
            if x is not None:
                total += x
            x = g.send(answer(x, count))
    except StopIteration as e:
        return count, total, e.value


def expressions(n):
    print(drive(in_expressions(n), lambda x, k: x or 0))
    print(drive(in_expressions(n), lambda x, k: k % 7))
    print(drive(in_expressions(n), lambda x, k: True))

    def through(n):
        r = yield from in_expressions(n)
        return r
    print(drive(through(n), lambda x, k: k % 3 if k % 50 else 1 << 70))
    for bad in (100, 200, 203, 207, 210, 215, 220, 225, 230, 235, 240):
        try:
            drive(through(n), lambda x, k: k % 3 if k < bad else "bad")
            print("all well")
        except Exception as e:
            tb = e.__traceback__
            while tb.tb_next:
                tb = tb.tb_next
            print(bad, type(e).__name__, tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno)


def unfinished(n):
    """Iterators, slices, tuples, bound methods, instances that are in use from yield to yield."""
    def using(n):
        t = (n, n + 1)
        r = range(n)
        m = [].append
        s = slice(1, n % 5 + 2)
        box = Box(n, 0.5)
        for i, x in enumerate(r):
            p = (i, x * 0.5)
            b = Box(i, x)
            yield p
            yield b
            b.a += 1
            q = p + t
            yield q[2] + b.a
            for j, k in zip(range(i % 4), (7.5, 8, "9")):
                yield j, k
                for c in "ab":
                    yield c
                    for y in reversed((i, x)):
                        yield y
            m(x)
            box.a = x + box.b
            yield box
            yield "abcdefgh"[s]
            yield m.__self__[-1]
            t = p
    s = 0.0
    text = ""
    for x in using(n):
        if type(x) is tuple:
            s += x[0]
        elif type(x) is Box:
            s += x.a - x.b
            x.b += 1
        elif type(x) is str:
            text = text[-20:] + x
        else:
            s += x
    print(s, text)


def in_blocks(n):
    class Context:
        def __enter__(self):
            return self

        def __exit__(self, *a):
            log.append(a[0])
            return True

    def blocks(n):
        for i in range(n):
            with Context() as c, Context():
                yield i
                try:
                    yield i + 1
                    if i % 3 == 1:
                        raise KeyError(i)
                except KeyError as e:
                    yield e.args[0]
                    try:
                        yield 5
                        if i % 2:
                            raise ValueError
                    except ValueError:
                        yield 6
                        with Context():
                            yield 7
                            if i % 4 == 3:
                                raise
                    yield 8
                finally:
                    yield 9
                    for x in range(2):
                        yield x
                        if i % 10 == 7:
                            break
            match i % 4:
                case 0:
                    yield "zero"
                case 1 | 2:
                    yield (i, 1)
                case k if (yield k):
                    yield k
            while True:
                yield 3
                if i & 1:
                    break
                i += 1
                continue
    log = []
    s = 0
    for x in blocks(n):
        if type(x) is tuple:
            s += x[0]
        elif x == "zero":
            s += 1
        else:
            s += x
    print(s, len(log), sum(x is not None for x in log))


def many_yields(n):
    """More places to go on from than one likes to look through, more variables than fit a byte, far jumps."""
    text = ["def many(n):"]
    text += [f" v{k} = {k}" for k in range(300)]
    text += [" for i in range(n):"]
    for k in range(120):
        text += [f"  v{k + 150} = v{k} + i", f"  yield v{k + 150}", f"  v{299 - k} += 1"]
    text += [" return v299", "def outer(n):"] + [f" w{k} = {k}" for k in range(270)]
    text += [" w269 = yield from many(n)", " yield w269", "def consumer(n, make):", " s = 0", " for x in make(n):", "  s += x"]
    text += [f"  if x == {k}: s += {k} * s % 7; s -= x % 3 + {k}; s = s * 3 % 1000003" for k in range(60)]
    text += [" return s"]
    space = {}
    exec("\n".join(text), space)
    print(space["consumer"](n // 8, space["many"]), space["consumer"](n // 8, space["outer"]))


# ---- deep ----


def deep_chains(n):
    """Chains of hundreds of stages, each with values of its own: the frames' stack grows by chunks."""
    def stage(it, k):
        a, b, c = k, k * 0.5, str(k)
        for x in it:
            a += 1
            b += x
            yield x + 1 if a % 2 else x + len(c) % 2
        log.append(k)

    def source(n):
        for i in range(n):
            if i == bad:
                raise ValueError(i)
            yield i
    log = []
    for depth in (3, 100, 300):
        for bad in (-1, 8):
            it = source(12)
            for k in range(depth):
                it = stage(it, k)
            s = 0
            try:
                for x in it:
                    s += x
            except ValueError as e:
                s += 0.5
            print(depth, s, len(log), log[:3])
            log.clear()

    def nest(k):
        if k:
            x = yield from nest(k - 1)
            yield k
            return x + 1
        yield 0
        return 0

    def recursive(n, d):
        p, q, r, t = n * 2, n * 0.5, [n], (n, d)
        yield n
        if d:
            for x in recursive(n + 1, d - 1):
                yield x + p
        yield q + len(r) + t[1]
    for depth in (10, 200, 600):
        print(sum(nest(depth)))
    for depth in (10, 80, 150):
        s = 0
        for x in recursive(0, depth):
            s += x
        print(s)
    for depth in (100, 250):
        def dive(g, d):
            return sum(g) if d == 0 else dive(g, d - 1) + 1

        def plunge(d):
            for i in range(3):
                yield dive(recursive(i, 20), d)
        s = 0
        for x in recursive(0, 20):
            for y in plunge(depth):
                s += y
        print(s)


# ---- what happens on the side ----


def resumed_by_del(n):
    """An object that dies in the consumer's or the generator's loop resumes, closes, or drops the generator."""
    class Resuming:
        def __init__(self, i):
            self.i = i

        def __del__(self):
            try:
                log.append((self.i, next(g).i if self.i % 7 == 3 else None))
            except (StopIteration, ValueError) as e:
                log.append(type(e).__name__)

    def giving(n):
        for i in range(n):
            yield Resuming(i)

    def keeping(n):
        for i in range(n):
            r = Resuming(i)
            yield r
    for make in (giving, keeping):
        log = []
        g = make(n)
        s = 0
        for x in g:
            s += x.i
        x = None
        print(s, len(log), log[:8], log[-3:])
        g = None
    log = []

    class Closing:
        def __init__(self, i):
            self.i = i

        def __del__(self):
            if self.i == n // 2 - 1:
                g.close()

    def closed(n):
        try:
            for i in range(n):
                yield Closing(i)
        finally:
            log.append("closed")
    g = closed(n)
    for x in g:
        log.append(x.i)
    print(log[-3:], x.i)
    del g, x


def frames_cleared(n):
    """frame.clear() of a suspended generator, of a running one."""
    def looping(n):
        for i in range(n):
            o = [i]
            if i == running:
                try:
                    sys._getframe().clear()
                except RuntimeError as e:
                    log.append(str(e))
            yield o
    log = []
    for running, stop in ((5, n - 4), (n - 2, n), (-1, n // 2)):
        g = looping(n)
        for x in g:
            if x[0] == stop:
                try:
                    g.gi_frame.clear()
                except RuntimeError as e:       # from 3.13 on
                    log.append(str(e))
        print(x)
    print(log)


class Interrupt(Exception):
    pass


def signals(n):
    """A signal arrives while a pipeline runs; its handler raises, or not."""
    def endless():
        i = 0
        while True:
            yield i
            i += 1

    def passed(it):
        for x in it:
            yield x

    def handler(*args):
        count[0] += 1
        if count[0] % 2 == 0:
            raise Interrupt
    count = [0]
    old = signal.signal(signal.SIGUSR1, handler)
    try:
        for _ in range(4):
            try:
                for x in passed(passed(endless())):
                    if x and x % n == 0:
                        signal.raise_signal(signal.SIGUSR1)
            except Interrupt:
                print("interrupted", x % n, x // n)

        def raising():
            for x in endless():
                if x and x % n == 0:
                    signal.raise_signal(signal.SIGUSR1)
                yield x
        for _ in range(4):
            g = passed(raising())
            try:
                for x in g:
                    pass
            except Interrupt:
                print("interrupted within", x // n, list(g))
    finally:
        signal.signal(signal.SIGUSR1, old)
    old = signal.signal(signal.SIGALRM, handler)
    count[0] = 1
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        for x in passed(endless()):
            pass
    except Interrupt:
        print("by the clock")
    signal.signal(signal.SIGALRM, old)


def lines_of_warnings(n):
    """Warnings that C code gives on behalf of a generator's line."""
    def inverting(n):
        for i in range(n):
            yield i
            if i % 16 == 15:
                yield ~(i == 15)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        s = 0
        for x in inverting(n):
            s += x
    print(s, {w.lineno - lines_of_warnings.__code__.co_firstlineno for w in caught})


def dead_code(n):
    """Code objects come and go at the same addresses, one loop consumes what they make."""
    def consume(g):
        s = 0
        for x in g:
            s += x
        return s

    def consume_from(g):
        s = yield from g
        return s
    total = 0
    for i in range(n // 4):
        space = {}
        exec(f"def made(n):\n for i in range(n):\n  yield i * {i}\n  {'yield 1' if i % 3 else 'pass'}\n return {i}\n", space)
        for _ in range(3):
            total += consume(space["made"](6))
            total += consume(consume_from(space["made"](6)))
        del space
        if i % 8 == 7:
            gc.collect()
    print(total)


def plain_awaits(n):
    """A coroutine in a generator's yield from, by types.coroutine; a plain generator in an await: an error."""
    import types

    async def co(i):
        return i

    @types.coroutine
    def right(n):
        s = 0
        for i in range(n):
            s += yield from co(i)
            yield s
        return s

    def plain(n):
        yield n

    async def awaiting_generator(n):
        for i in range(n):
            try:
                await plain(1) if i == n - 1 else await co(1)
            except TypeError as e:
                return str(e)

    async def awaiting(n):
        return await right(n)
    s = 0
    for x in right(n):
        s += x
    g = awaiting(n).__await__()
    for x in g:
        s += x
    print(s)
    try:
        awaiting_generator(n).send(None)
    except StopIteration as e:
        print(e.value)


def next_in_loops(n):
    def ints(n):
        for i in range(n):
            yield i
        return "end"
    g = ints(n)
    s = 0
    while True:
        try:
            s += next(g)
        except StopIteration as e:
            print(s, e.value)
            break
    g = ints(n)
    step = g.__next__
    for _ in range(n):
        s += step()
    h = iter(ints(n).__next__, n - 5)
    for x in h:
        s += x
    g = ints(n * 3)
    for x in g:
        y = next(g, 0)
        z = next(g, 0)
        s += x * y - z
    for a, b in zip(ints(n), ints(n // 2)):
        s += a * b
    for a, b in zip(*[ints(n)] * 2):
        s += a
    g = ints(n)
    for a, b in zip(g, g):
        s += a * b
    print(s)

    def first(g):
        for x in g:
            return x

    def second(g):
        for x in g:
            for y in g:
                return x, y
    g = ints(n)
    for i in range(n):
        x = first(g)
        if x is None:
            break
        x = second(g)
        if x:
            s += x[0] * x[1]
    print(s, i)


def main():
    for n in (40, 120):
        for f in (expressions, unfinished, in_blocks, many_yields, deep_chains, resumed_by_del, frames_cleared, signals, lines_of_warnings, dead_code, plain_awaits, next_in_loops):
            print("--", f.__name__)
            f(n)


main()
