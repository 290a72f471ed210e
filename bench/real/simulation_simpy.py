"""simpy: a machine shop and a bank: processes are generators, events lie in a heap, interrupts are exceptions."""
import random

import simpy

random.seed(7)
done = []


def machine(env, name, repairman):
    made = 0
    while True:
        left = random.uniform(5, 15)
        while left:
            start = env.now
            try:
                yield env.timeout(left)
                left = 0
            except simpy.Interrupt:
                left -= env.now - start
                with repairman.request(priority=1) as request:
                    yield request
                    yield env.timeout(3)
        made += 1
        done.append((name, made))


def breaker(env, process):
    while True:
        yield env.timeout(random.expovariate(1 / 40))
        if not process.target.triggered and isinstance(process.target, simpy.Timeout):
            process.interrupt()


def customer(env, number, counter, log):
    arrived = env.now
    with counter.request() as request:
        result = yield request | env.timeout(random.uniform(1, 3))
        if request in result:
            yield env.timeout(random.expovariate(1 / 6))
        log.append((number, request in result, round(env.now - arrived, 3)))


def source(env, counter, log):
    for n in range(56_000):
        env.process(customer(env, n, counter, log))
        yield env.timeout(random.expovariate(1 / 3))


env = simpy.Environment()
repairman = simpy.PreemptiveResource(env, capacity=1)
for n in range(12):
    process = env.process(machine(env, n, repairman))
    env.process(breaker(env, process))
env.run(until=240_000)
print(len(done), done[-1])
env, log = simpy.Environment(), []
env.process(source(env, simpy.Resource(env, capacity=2), log))
env.run()
print(len(log), sum(served for _, served, _ in log), log[-1])
