"""async functions, async for, async with, awaitables, asyncio."""
import asyncio
import types


class Ticker:
    def __init__(self, n):
        self.n = n
        self.i = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        return self.i


class Managed:
    log = []

    async def __aenter__(self):
        self.log.append("in")
        return self

    async def __aexit__(self, *a):
        self.log.append(a[0])
        return a[0] is KeyError


async def add(a, b):
    return a + b


async def hot(n):
    s = 0
    for i in range(n):
        s += await add(i, 1)
    return s


async def ticks(n):
    s = 0
    async for x in Ticker(n):
        s += x
    else:
        s += 1000
    return s


async def agen(n):
    for i in range(n):
        yield i
        if i % 20 == 0:
            await asyncio.sleep(0)


async def comprehension(n):
    a = [x async for x in agen(n) if x % 2]
    b = {x: await add(x, x) async for x in agen(n)}
    return sum(a), sum(b.values())


async def managed(n):
    c = 0
    for i in range(n):
        async with Managed():
            if i % 3 == 0:
                raise KeyError(i)
            c += 1
    return c, len(Managed.log), Managed.log[:4]


async def tasks(n):
    order = []

    async def worker(k):
        t = 0
        for i in range(n):
            t += i * k
            if i % 25 == 0:
                order.append(k)
                await asyncio.sleep(0)
        return t
    r = await asyncio.gather(*(worker(k) for k in range(4)))
    return r, order


async def cancelled(n):
    async def endless():
        i = 0
        try:
            while True:
                i += 1
                if i % 10 == 0:
                    await asyncio.sleep(0)
        except asyncio.CancelledError:
            return "cancelled"
    t = asyncio.create_task(endless())
    for _ in range(n):
        await asyncio.sleep(0)
    t.cancel()
    return await t


async def main():
    print(await hot(100), await ticks(80), await comprehension(70), await managed(60))
    print(await tasks(100))
    print(await cancelled(60))


asyncio.run(main())


@types.coroutine
def switch(v):
    r = yield v
    return r


async def coro(n):
    s = 0
    for i in range(n):
        s += await switch(i)
    return s

c = coro(60)
v = c.send(None)
try:
    while True:
        v = c.send(v * 2)
except StopIteration as e:
    print(e.value, v)
