"""Exceptions in hot generators and coroutines: raised, thrown in, caught around yields and awaits; async with, async for; what is handled while suspended."""
import asyncio
import contextlib
import sys

OUT = []


def report(f, *args):
    try:
        r = f(*args)
    except BaseException as e:
        r = f"raised {type(e).__name__}"
    print(f.__name__, *args, r)
    if OUT:
        print("   ", len(OUT), *OUT[:8], "...", *OUT[-8:])
        OUT.clear()


class A(Exception):
    pass


class B(A):
    pass


def small(i):
    if i % 3 == 0:
        raise KeyError(i)
    return i


def name():
    return type(sys.exception()).__name__[:4]


def lines(e):
    tb, out = e.__traceback__, []
    while tb:
        out.append(f"{tb.tb_frame.f_code.co_name}+{tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno}")
        tb = tb.tb_next
    return ",".join(out)


# ---- generators ----


def catches(n):
    s = 0
    for i in range(n):
        try:
            s += small(i)
            got = yield s
            if got:
                s += 1000
        except KeyError as e:
            yield -i
        except A:
            s += 5
        finally:
            s += 1


def catching(n):
    s = 0
    for x in catches(n):
        s += x
    return s


def thrown(n):
    g = catches(n)
    s = next(g)
    for i in range(n):
        try:
            s += g.throw(A) if i % 5 == 2 else g.send(i & 1)
        except StopIteration:
            s += 1000000
            break
        except A:
            s += 100000
            g = catches(n)
            s += next(g)
    return s


def yields_in_handler(n):
    for i in range(n):
        OUT.append(name())
        try:
            raise A if i % 2 else B
        except B:
            OUT.append(name())
            yield name()
            OUT.append(name())
            try:
                small(i)
            except KeyError:
                yield name()
        except A as e:
            yield lines(e)
        OUT.append(name())


def handled_of_both(n):
    out = []
    g = yields_in_handler(n)
    while True:
        try:
            out.append(next(g))
            small(len(out))
        except KeyError:
            out.append(name())
            try:
                out.append(next(g))
            except StopIteration:
                break
            out.append(name())
        except StopIteration:
            break
    return len(out), out[:12]


def returns_value(n):
    def inner(k):
        try:
            yield k
            small(k)
            return k
        except KeyError:
            return -1
        finally:
            yield 7

    def outer():
        s = 0
        for i in range(n):
            try:
                s += yield from inner(i)
            except A:
                s += 1000
        return s
    g = outer()
    s = 0
    i = 0
    while True:
        i += 1
        try:
            s += g.throw(A) if i % 7 == 0 else next(g)
        except StopIteration as e:
            return s, e.value


def raising(n):
    def gen(k):
        yield k
        if k & 1:
            raise StopIteration
        raise B(k)
    s = 0
    for i in range(n):
        try:
            for x in gen(i):
                s += x
        except RuntimeError as e:
            s += 1000 * isinstance(e.__cause__, StopIteration)
        except B as e:
            s += 100000 * (len(lines(e)) > 5)
    return s


def closed(n):
    def gen(k):
        try:
            while True:
                k += 1
                try:
                    yield k
                except KeyError:
                    OUT.append("key")
        except GeneratorExit:
            OUT.append(k)
            if k % 5 == 0:
                raise A
            if k % 5 == 1:
                yield 3
        finally:
            OUT.append("finally")
    s = 0
    for i in range(n):
        g = gen(i)
        s += next(g)
        s += g.throw(KeyError)
        try:
            g.close()
        except A:
            s += 1000
        except RuntimeError:
            s += 100000
    return s


def dropped(n):
    def gen():
        try:
            for k in range(10):
                yield k
        finally:
            OUT.append(name())
    s = 0
    for i in range(n):
        try:
            for x in gen():
                s += small(x + i)
        except KeyError:
            OUT.append("caught")
    return s


@contextlib.contextmanager
def manager(i):
    OUT.append(i)
    try:
        yield i
    except KeyError as e:
        OUT.append(lines(e))
    else:
        OUT.append("else")
    finally:
        OUT.append(name())


def managers(n):
    s = 0
    for i in range(n):
        with manager(i) as k:
            s += small(k)
            if i % 3 == 2:
                continue
            s += 100
    return s


def expressions(n):
    s = 0
    for i in range(n):
        try:
            s += sum(10 // (k - i % 7) for k in range(4))
        except ZeroDivisionError as e:
            s += len(lines(e))
        try:
            s += max((small(k) for k in (i, i + 1)), default=0)
        except KeyError:
            s += 1000
        s += any(k == i for k in catches(4))
    return s


for f in (catching, thrown, handled_of_both, returns_value, raising, closed, dropped, managers, expressions):
    report(f, 90)
    report(f, 20)


# ---- coroutines ----


class Later:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        if self.v % 4 == 3:
            raise A(self.v)
        return got


async def waits(i):
    try:
        return await Later(i)
    except A:
        return -1


async def passes(i):
    return await Later(i) + 1


async def loop(n):
    s = 0
    for i in range(n):
        s += await waits(i)
        try:
            s += await passes(i)
        except A as e:
            s += e.args[0]
        try:
            if i % 5 == 0:
                raise B
            await Later(2)
        except A:
            s += await Later(1)
            s += len(name())
        finally:
            await Later(0)
    return s


def drive(co, throws=0):
    s = k = 0
    try:
        x = co.send(None)
        while True:
            s += x
            k += 1
            x = co.throw(KeyError) if throws and k % throws == 0 else co.send(k)
    except StopIteration as e:
        return s, e.value
    except KeyError as e:
        return s, "key", lines(e)


def driven(n):
    return drive(loop(n))


def thrown_into(n):
    return [drive(loop(n), k) for k in (1, 2, 7, 50, n * 3)]


class Manager:
    def __init__(self, k):
        self.k = k

    async def __aenter__(self):
        await Later(4)
        if self.k % 7 == 6:
            raise B
        return self.k

    async def __aexit__(self, t, v, tb):
        await Later(8)
        OUT.append(name())
        return self.k % 2


class Items:
    def __init__(self, k):
        self.k = k

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.k -= 1
        await Later(0)
        if self.k < 0:
            raise StopAsyncIteration
        if self.k == 5:
            raise KeyError
        return self.k


async def agen(k):
    for i in range(k):
        try:
            yield i
            if i == 3:
                raise A
        except KeyError:
            yield -1
        finally:
            await Later(0)


async def asynchronous(n):
    s = 0
    for i in range(n):
        try:
            async with Manager(i) as k:
                s += small(k)
        except KeyError:
            s += 1000
        except B:
            s += 100000
        try:
            async for x in Items(i % 7):
                s += x
            else:
                s += 50
        except KeyError:
            s += 7
        try:
            async for x in agen(i % 6):
                s += x
        except A:
            s += 9
        try:
            s += sum([x async for x in agen(i % 6)])
        except A:
            s += 11
        g = agen(3)
        s += await anext(g)
        s += await g.athrow(KeyError)
        try:
            await g.athrow(B)
        except B:
            s += 13
        await g.aclose()
    return s


def driven_asynchronously(n):
    return drive(asynchronous(n))


async def sleeper(i):
    try:
        await asyncio.sleep(0)
        return small(i)
    except asyncio.CancelledError:
        OUT.append("cancelled")
        raise


async def tasks(n):
    s = 0
    for i in range(n):
        try:
            s += await sleeper(i)
        except KeyError:
            s += 100
        done = await asyncio.gather(sleeper(i), sleeper(i + 1), return_exceptions=True)
        s += sum(1 for d in done if isinstance(d, KeyError))
        t = asyncio.ensure_future(sleeper(1))
        await asyncio.sleep(0)
        t.cancel()
        try:
            await t
        except asyncio.CancelledError:
            s += 1000
        try:
            async with asyncio.TaskGroup() as g:
                g.create_task(sleeper(i))
                g.create_task(sleeper(i))
        except* KeyError as e:
            s += 10000 * len(e.exceptions)
        try:
            async with asyncio.timeout(None):
                await sleeper(i)
        except KeyError:
            s += 5
    return s


def run_tasks(n):
    return asyncio.run(tasks(n))


for f in (driven, thrown_into, driven_asynchronously, run_tasks):
    report(f, 60)
    report(f, 13)
