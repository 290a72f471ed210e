"""asyncio: producers, workers and a consumer, joined by queues."""
import asyncio


async def produce(queue, start, n):
    for i in range(start, start + n):
        await queue.put(i)
        if i % 16 == 0:
            await asyncio.sleep(0)


async def work(name, queue, results):
    done = 0
    while True:
        item = await queue.get()
        if item is None:
            break
        value = 0
        for k in range(item % 7 + 3):
            value += (item * k) ^ (k << 2)
        await results.put((name, value & 4095))
        done += 1
    return done


async def consume(results, n):
    total = 0
    for _ in range(n):
        _, value = await results.get()
        total += value
    return total


async def main(n):
    queue, results = asyncio.Queue(64), asyncio.Queue(64)
    workers = [asyncio.create_task(work(i, queue, results)) for i in range(4)]
    consumer = asyncio.create_task(consume(results, 2 * n))
    await asyncio.gather(produce(queue, 0, n), produce(queue, n, n))
    for _ in workers:
        await queue.put(None)
    done = await asyncio.gather(*workers)
    return sum(done), await consumer


print(asyncio.run(main(160_000)))
