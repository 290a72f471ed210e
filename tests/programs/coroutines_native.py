"""Coroutines whose code is hot: chains of awaits, a scheduler, async generators, async with, asyncio, cancellation, cr_frame, awaitables of all kinds."""
import asyncio
import inspect
import sys
import types

# ---- chains ----


@types.coroutine
def ask(x):
    return (yield x)


@types.coroutine
def ask_often(n):
    s = 0
    for i in range(n):
        s += yield i
    return s


async def level(depth, n):
    if depth == 0:
        return await ask(n)
    r = await level(depth - 1, n + 1)
    return r + depth


async def quick(depth, x):
    if depth == 0:
        return x
    return await quick(depth - 1, x) + 1


async def chains_main(n):
    s = 0
    for i in range(n):
        s += await level(i % 20 + 1, i)
        s += await quick(i % 20, i * 0.5)
    return s


def drive(coro, answer=lambda x: x):
    """-> what it returns, how often it was resumed, the sum of what it yielded"""
    count = total = 0
    value = None
    try:
        while True:
            x = coro.send(value)
            total += x
            count += 1
            value = answer(x)
    except StopIteration as e:
        return e.value, count, total


def chains(n):
    print(drive(chains_main(n)))
    print(drive(chains_main(n), lambda x: x * 0.5))
    print(drive(chains_main(n), lambda x: x << 61))
    try:
        print(drive(chains_main(n), lambda x: "text" if x > n else 1))
    except TypeError as e:
        print(lines(e))


async def values_main(n):
    out = []
    for i in range(n):
        out.append(await ask(i))
        out.append(await ask(i * 0.5))
        out.append(await quick(2, 1 << 65))
        out.append(await ask(1 << 63))
        out.append(await ask_often(i % 4))
        out.append(await text(i))
        out.append(await nothing())
    return out


async def text(i):
    return "t" * (i % 5)


async def nothing():
    pass


def values(n):
    r, count, total = drive(values_main(n))
    print(count, total, len(r), r[:14], [type(x).__name__ for x in r[-7:]])


def identity(n):
    things = [object(), [], 1 << 70, 0.25, "text", 100000, None, ()] * (n // 8)

    async def through(x):
        return x

    async def main():
        same = 0
        for x in things:
            same += await through(x) is x
            same += await echo(x) is x
        return same

    @types.coroutine
    def echo(x):
        return (yield x)
    co = main()
    x = None
    seen = 0
    try:
        while True:
            x = co.send(x)
            seen += x is things[seen]
    except StopIteration as e:
        print(e.value, seen, len(things))


def lines(e):
    out = []
    tb = e.__traceback__
    while tb:
        code = tb.tb_frame.f_code
        out.append((code.co_name, tb.tb_lineno - code.co_firstlineno))
        tb = tb.tb_next
    return out


# ---- a scheduler ----


class Sleep:
    def __init__(self, turns):
        self.turns = turns

    def __await__(self):
        for _ in range(self.turns):
            yield
        return self.turns


class Halt(Exception):
    pass


class Scheduler:
    def __init__(self):
        self.ready = []
        self.done = {}
        self.turns = 0

    def spawn(self, name, coro):
        self.ready.append((name, coro, None))

    def run(self):
        while self.ready:
            ready, self.ready = self.ready, []
            for name, coro, problem in ready:
                self.turns += 1
                try:
                    x = coro.send(None) if problem is None else coro.throw(problem)
                except StopIteration as e:
                    self.done[name] = e.value
                except Exception as e:
                    self.done[name] = type(e).__name__, e.args
                else:
                    self.ready.append((name, coro, x))


class Raise:
    """Asks the scheduler to throw something."""
    def __init__(self, problem):
        self.problem = problem

    def __await__(self):
        return (yield self.problem)


def scheduler(n):
    queue = []

    async def producer(k):
        for i in range(n):
            queue.append(i * k)
            await Sleep(i % 3)
        return "produced"

    async def consumer():
        s = idle = 0
        while idle < 10:
            if queue:
                s += queue.pop(0)
                idle = 0
            else:
                idle += 1
                await Sleep(1)
        return s

    async def failing(k):
        s = 0
        for i in range(n):
            try:
                await Raise(Halt(i))
            except Halt as e:
                s += e.args[0]
            s += await Sleep(i % 2)
            if s > k:
                await Raise(ValueError(s))
        return s

    async def nested(depth):
        if depth:
            return await nested(depth - 1) + await Sleep(depth % 2)
        return await Sleep(2)

    async def deep():
        s = 0
        for i in range(n):
            s += await nested(i % 8)
        return s
    scheduler = Scheduler()
    for k in range(1, 4):
        scheduler.spawn(("producer", k), producer(k))
    scheduler.spawn("consumer", consumer())
    for k in (50, 500, 1 << 30):
        scheduler.spawn(("failing", k), failing(k))
    for k in range(3):
        scheduler.spawn(("deep", k), deep())
    scheduler.run()
    print(scheduler.turns, sorted((str(k), v) for k, v in scheduler.done.items()))


# ---- exceptions ----


log = []


class Managed:
    def __init__(self, swallow=(), asks=False):
        self.swallow = swallow
        self.asks = asks

    async def __aenter__(self):
        if self.asks:
            await ask(1)
        return self

    async def __aexit__(self, kind, value, tb):
        if self.asks:
            await ask(2)
        log.append(kind and kind.__name__)
        return kind is not None and issubclass(kind, self.swallow)


def show_log():
    counts = {}
    for x in log:
        counts[x] = counts.get(x, 0) + 1
    print(len(log), log[:4], log[-3:], sorted((str(k), v) for k, v in counts.items()))
    log.clear()


async def fails(depth, i):
    if depth == 0:
        if i % 3 == 2:
            raise ValueError(i)
        await ask(i)
        if i % 5 == 4:
            raise KeyError(i)
        return i
    try:
        return await fails(depth - 1, i)
    finally:
        log.append(depth)


async def exceptions_main(n):
    s = 0
    seen = None
    for i in range(n):
        try:
            s += await fails(i % 4, i)
        except ValueError as e:
            s += e.args[0] * 2
            seen = lines(e)
        except KeyError as e:
            seen = lines(e)
            s -= 1
    return s, seen


def exceptions(n):
    print(drive(exceptions_main(n), lambda x: None))
    show_log()


async def managed_main(n, asks):
    s = 0
    for i in range(n):
        async with Managed((ValueError,), asks) as m:
            async with Managed((KeyError,)):
                s += await fails(1, i)
            s += m.asks
        async with Managed() as m:
            s += 1
            if i % 2:
                continue
            s += await ask(i)
    return s


def managed(n):
    for asks in (False, True):
        print(drive(managed_main(n, asks)))
        show_log()


def thrown(n):
    """throw() and close() into hot chains of awaits."""
    async def patient(depth):
        if depth:
            return await patient(depth - 1)
        hits = 0
        while True:
            try:
                x = await ask(hits)
                hits += x
            except Halt as e:
                hits += e.args[0]
            except GeneratorExit:
                log.append(hits)
                raise
    s = 0
    for depth in (0, 1, 5, 20):
        co = patient(depth)
        co.send(None)
        for i in range(n):
            s += co.send(i)
            if i % 3 == 0:
                s += co.throw(Halt(i))
        co.close()
        try:
            co.send(None)
        except RuntimeError as e:
            log.append(str(e))
        co = patient(depth)
        co.send(None)
        for i in range(n):
            co.send(1)
        try:
            co.throw(KeyError("out"))
        except KeyError as e:
            log.append(str(lines(e)[1:]))
    print(s)
    show_log()


# ---- async generators, async for ----


class Ticker:
    def __init__(self, n, asks):
        self.n, self.i, self.asks = n, 0, asks

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        if self.asks:
            return await ask(self.i)
        return self.i


async def counting(n):
    for i in range(n):
        yield i
        if i % 4 == 1:
            await ask(i)
        yield i * 0.5


async def piped(it):
    async for x in it:
        yield x * 2


async def cleaning(n):
    try:
        async for x in counting(n):
            yield x
    finally:
        await ask(0)
        log.append("cleaned")


async def averaging():
    total, k, avg = 0, 0, None
    while True:
        try:
            x = yield avg
            total += x
            k += 1
            avg = total / k
        except Halt:
            total = k = 0


async def async_for_main(n):
    s = 0
    async for x in Ticker(n, False):
        s += x
    async for x in Ticker(n, True):
        s += x
    async for x in piped(piped(counting(n))):
        s += x
    async for x in piped(cleaning(n)):
        s += x
    g = cleaning(n)
    async for x in g:
        if x > n // 2:
            break
    await g.aclose()
    g = averaging()
    await g.asend(None)
    for i in range(n):
        s += await g.asend(i)
        if i % 10 == 7:
            await g.athrow(Halt())
    await g.aclose()
    s += sum([x async for x in counting(n)])
    s += len({x async for x in counting(n) if x > 3})
    s += sum([await quick(3, x) for x in range(n)])
    g = (x + y async for x in counting(5) for y in range(3))
    async for x in g:
        s += x
    try:
        async for x in piped(raising(n)):
            s += x
    except ValueError as e:
        s += e.args[0]
        log.append(str(lines(e)))
    return s


async def raising(n):
    for i in range(n):
        if i == n - 2:
            raise ValueError(i)
        yield i
        await ask(1)


def async_for(n):
    print(drive(async_for_main(n)))
    show_log()


# ---- awaitables ----


class GivesIterator:
    def __init__(self, it):
        self.it = it

    def __await__(self):
        return self.it


class OwnIterator:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration("own")
        self.n -= 1
        return self.n


class OwnSending(OwnIterator):
    def send(self, x):
        log.append(("send", x))
        return next(self)


class GivesCoroutine:
    def __init__(self, co):
        self.co = co

    def __await__(self):
        return self.co.__await__()


class Generator:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        r = yield from ask(self.n)
        for i in range(self.n):
            yield i
        return r


async def awaitables_main(n):
    out = []
    for i in range(n):
        for a in (GivesIterator(iter(range(i % 3))), OwnIterator(i % 4), OwnSending(i % 3), GivesCoroutine(quick(3, i)), Generator(i % 5), GivesCoroutine(quick(2, i)), ask(7), Sleep(0)):
            out.append(await a)
    for wrong in (3, None, GivesIterator([]), GivesIterator(None), GivesIterator(quick(1, 1))):
        try:
            for i in range(n):
                await wrong if i == n - 1 else await quick(2, 3)
        except TypeError as e:
            out.append(lines(e)[0][0])
        if wrong and type(wrong) is GivesIterator and inspect.iscoroutine(wrong.it):
            wrong.it.close()
    return out


def awaitables(n):
    r, count, total = drive(awaitables_main(n), lambda x: None)
    print(count, total, r[:20], r[-9:])
    show_log()

    async def sending(n):
        for i in range(n):
            await OwnSending(i % 5)
            await ask_often(i % 4)
            await Generator(i % 3)
    print(drive(sending(n)))
    show_log()
    try:
        drive(awaiting_ranges(n), lambda x: x if x > 10 else None)
    except AttributeError as e:
        print(lines(e))


async def awaiting_ranges(n):
    for i in range(n):
        await GivesIterator(iter(range(i)))


# ---- frames, states, wrong use ----


def frames(n):
    """cr_frame, cr_await, cr_running, cr_suspended of hot coroutines, and sys._getframe() in them."""
    seen = {}

    def look(x):
        f = sys._getframe()
        key = []
        while f.f_code.co_name not in ("drive", "main"):
            key.append((f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno))
            f = f.f_back
        key = tuple(key), co.cr_running, co.cr_suspended, inspect.getcoroutinestate(co)
        seen[key] = seen.get(key, 0) + 1

    async def inner(i):
        look(i)
        x = await ask(i)
        look(i)
        return x

    async def outer():
        s = 0
        for i in range(n):
            s += await inner(i)
            s += await inner(i)
        return s

    def answer(x):
        c = co
        key = []
        while c is not None:
            frame = getattr(c, "cr_frame", None) or getattr(c, "gi_frame", None)
            key.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
            c = c.cr_await if inspect.iscoroutine(c) else c.gi_yieldfrom
        key = tuple(key), co.cr_running, co.cr_suspended, inspect.getcoroutinestate(co), co.cr_frame.f_locals["i"] == x
        seen[key] = seen.get(key, 0) + 1
        if x == n // 2:
            co.cr_frame.f_locals["s"] += 1000
            co.cr_await.cr_frame.f_locals["i"] = 0.5
        return x
    co = outer()
    print(inspect.getcoroutinestate(co), co.cr_await, co.cr_frame.f_back)
    print(drive(co, answer))
    print(inspect.getcoroutinestate(co), co.cr_await, co.cr_frame)
    for item in seen.items():
        print(item)


def wrong_use(n):
    async def awaiting(co):
        return await co

    async def slow(i):
        await ask(i)
        return i
    counts = {}

    def say(e):
        key = type(e).__name__, str(e)
        counts[key] = counts.get(key, 0) + 1
    for i in range(n):
        co = slow(i)
        drive(awaiting(co))
        for again in (lambda: drive(awaiting(co)), lambda: co.send(None), lambda: co.throw(KeyError)):
            try:
                again()
            except RuntimeError as e:
                say(e)
        co = slow(i)
        a, b = awaiting(co), awaiting(co)
        a.send(None)
        try:
            b.send(None)
        except RuntimeError as e:
            say(e)
        a.close()
        co = slow(i)
        try:
            co.send(i)
        except TypeError as e:
            say(e)
        co.close()

        async def itself():
            await me
        me = itself()
        try:
            me.send(None)
        except (ValueError, RuntimeError) as e:
            say(e)
        del me
        try:
            for x in co:
                pass
        except TypeError as e:
            say(e)
    print(sorted(counts.items()))


def traced(n):
    events = {}

    def tracer(frame, event, arg):
        key = frame.f_code.co_name, event
        events[key] = events.get(key, 0) + 1
        return tracer

    def profiler(frame, event, arg):
        key = "profile", frame.f_code.co_name, event
        events[key] = events.get(key, 0) + 1

    async def inner(i):
        if i == n // 3:
            sys.settrace(tracer)
        elif i == n // 3 + 5:
            sys.settrace(None)
            sys.setprofile(profiler)
        elif i == n // 3 + 8:
            sys.setprofile(None)
        return await ask(i)

    async def outer():
        s = 0
        for i in range(n):
            s += await inner(i)
            s += await quick(2, i)
        return s
    print(drive(outer()))
    print(sorted((str(k), v) for k, v in events.items()))


def handled(n):
    """sys.exception() in coroutines: the caller's, and their own."""
    seen = {}

    async def looking(i):
        key = "before", repr(sys.exception())
        seen[key] = seen.get(key, 0) + 1
        try:
            raise ValueError(i % 2)
        except ValueError as e:
            key = "within", repr(sys.exception()), repr(e.__context__)
            seen[key] = seen.get(key, 0) + 1
            await ask(0)
            assert sys.exception() is e
        key = "after", repr(sys.exception())
        seen[key] = seen.get(key, 0) + 1

    async def outer():
        for i in range(n):
            await looking(i)
        try:
            raise KeyError(1)
        except KeyError as e:
            for i in range(n):
                await looking(i)
                assert sys.exception() is e

    def answer(x):
        assert sys.exception() is current
        return x
    current = None
    co = outer()
    for i in range(n // 2):
        co.send(None)
        assert sys.exception() is None
    try:
        raise OSError(2)
    except OSError as e:
        current = e
        print(drive(co, answer))
    current = None
    for item in seen.items():
        print(item)


def dropped(n):
    """Coroutines that end with what they hold, or are dropped while suspended."""
    class Mortal:
        def __init__(self, name):
            self.name = name

        def __del__(self):
            log.append(self.name)

    async def holding(m, i):
        try:
            await ask(i)
        finally:
            m.name = "finally"
        return m.name
    for i in range(n):
        co = holding(Mortal("end"), i)
        co.send(None)
        if i % 2:
            try:
                co.send(None)
            except StopIteration as e:
                log.append(e.value)
        co = None
    show_log()

    async def keeping(n):
        for i in range(n):
            m = Mortal(i)
            await ask(i)
            await quick(2, m)
    try:
        print(drive(keeping(n)))
    except TypeError as e:
        print(lines(e))
    show_log()

    async def replaced(n):
        for i in range(n):
            m = Mortal(i % 3)
            await ask(i)
    print(drive(replaced(n)))
    show_log()


# ---- asyncio ----


async def asyncio_main(n):
    out = []

    async def worker(queue, results):
        while True:
            x = await queue.get()
            if x is None:
                return "done"
            results.append(x * 2)
            if x % 7 == 0:
                await asyncio.sleep(0)
            queue.task_done()
    queue, results = asyncio.Queue(5), []
    workers = [asyncio.create_task(worker(queue, results)) for _ in range(3)]
    for i in range(n):
        await queue.put(i)
    for _ in workers:
        await queue.put(None)
    out.append(await asyncio.gather(*workers))
    out.append((len(results), sum(results)))

    async def item(i):
        for _ in range(i % 4):
            await asyncio.sleep(0)
        if i % 10 == 9:
            raise ValueError(i)
        return await quick(i % 20, i)
    got = await asyncio.gather(*[item(i) for i in range(n)], return_exceptions=True)
    out.append((sum(x for x in got if type(x) is int), [x.args[0] for x in got if type(x) is not int][:5]))

    async def endless():
        turns = 0
        try:
            while True:
                await asyncio.sleep(0)
                await quick(3, 0)
                turns += 1
        except asyncio.CancelledError as e:
            log.append(("cancelled", turns > 3, e.args))
            raise
        finally:
            await asyncio.sleep(0)
            log.append("finally")
    tasks = [asyncio.create_task(endless()) for _ in range(5)]
    for _ in range(n):
        await asyncio.sleep(0)
    for t in tasks:
        t.cancel("enough")
    got = await asyncio.gather(*tasks, return_exceptions=True)
    out.append([type(x).__name__ for x in got])
    lock, order = asyncio.Lock(), []

    async def locked(k):
        for i in range(n // 4):
            async with lock:
                order.append(k)
                if i % 3 == 0:
                    await asyncio.sleep(0)
    await asyncio.gather(*[locked(k) for k in range(3)])
    out.append((len(order), order[:9]))
    future = asyncio.get_running_loop().create_future()

    async def setter():
        await asyncio.sleep(0)
        future.set_result(n)
    t = asyncio.create_task(setter())
    out.append(await future)
    await t
    try:
        async with asyncio.timeout(None):
            async with asyncio.TaskGroup() as group:
                for i in range(12):
                    group.create_task(item(i))
    except* ValueError as e:
        out.append([x.args for x in e.exceptions])

    async def gen(n):
        for i in range(n):
            yield i
            await asyncio.sleep(0)
    s = 0
    async for x in gen(n):
        s += x
        if s > n * 5:
            break
    out.append(s)
    return out


def with_asyncio(n):
    print(asyncio.run(asyncio_main(n)))
    show_log()


def recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(150)

    async def endless(n):
        return await endless(n + 1)
    try:
        for _ in range(4):
            try:
                drive(endless(0))
            except RecursionError as e:
                print("RecursionError", len(lines(e)))
        print(drive(quick(100, 1)))
    finally:
        sys.setrecursionlimit(limit)


def main():
    for n in (40, 120):
        for f in (chains, values, identity, scheduler, exceptions, managed, thrown, async_for, awaitables, frames, wrong_use, traced, handled, dropped, with_asyncio):
            print("--", f.__name__)
            f(n)
    recursion()


main()
