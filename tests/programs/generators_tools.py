"""Hot generators and tools: tracemalloc, threads, cProfile, hooks for async generators, fork, frames seen by another thread, jumps by f_lineno."""
import sys, tracemalloc, threading, ctypes, asyncio, os, cProfile, pstats, time
def ints(n):
    for i in range(n):
        yield i
def alloc(n):
    for i in range(n):
        x = [i] * 200
        kept.append(x)
        yield len(x)
        y = (i, i) * 100
        kept.append(y)
        yield len(y)
def passed(it):
    for x in it:
        yield x
kept = []
def traced_memory(n):
    sum(passed(alloc(n))); kept.clear()
    tracemalloc.start(4)
    for x in passed(alloc(n)): pass
    snap = tracemalloc.take_snapshot()
    tracemalloc.stop()
    c = {}
    for t in snap.traces:
        if t.size > 1000 and t.traceback[-1].filename == __file__:
            k = tuple(f.lineno for f in t.traceback)
            c[k] = c.get(k, 0) + 1
    print(sorted((k, v) for k, v in c.items() if v > 10))
traced_memory(100)
def endless():
    i = 0
    while True:
        yield i
        i += 1
def others_run():
    # the GIL is given up by an endless pipeline
    done = []
    t = threading.Thread(target=lambda: done.append(sum(ints(1000)))); t.start()
    for x in passed(passed(endless())):
        if done: break
    t.join(); print(done)
others_run()
def prof(n):
    p = cProfile.Profile()
    sum(passed(ints(n)))
    for x in passed(ints(n)):
        if x == n // 2: p.enable()
    p.disable()
    st = pstats.Stats(p).stats
    print(sorted((k[2], v[0]) for k, v in st.items() if k[2] in ("ints", "passed")))
prof(200)
def hooks(n):
    log = []
    old = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(lambda g: log.append("first"), lambda g: log.append("last"))
    async def ag(n):
        for i in range(n): yield i
    async def main():
        s = 0
        for i in range(n):
            async for x in ag(5):
                s += x
                if x == i % 7: break
        return s
    try: main().send(None)
    except StopIteration as e: print(e.value)
    sys.set_asyncgen_hooks(*old)
    print(log.count("first"), log.count("last"))
hooks(50)
def origin(n):
    async def co(): return 1
    sys.set_coroutine_origin_tracking_depth(2)
    c = set()
    for i in range(n):
        x = co(); c.add(tuple(o[1] for o in x.cr_origin)); x.close()
    sys.set_coroutine_origin_tracking_depth(0)
    print(c)
origin(50)
def fork(n):
    def forking(n):
        for i in range(n):
            if i == n // 2:
                pid = os.fork()
                if pid == 0:
                    yield 1000000
                    os._exit(0)
                os.waitpid(pid, 0)
            yield i
    s = 0
    for x in passed(forking(n)): s += x
    print(s)
sys.stdout.flush(); fork(100)
def currentframes(n):
    stop = []
    def run():
        for x in passed(passed(endless())):
            if stop: break
    t = threading.Thread(target=run); t.start()
    names = set()
    for i in range(100 * n):        # where it stands when it gives up the GIL is chance
        if i >= n and len(names & {"run", "passed", "endless"}) == 3: break
        f = sys._current_frames().get(t.ident)
        while f:
            names.add(f.f_code.co_name); f.f_lineno; f.f_locals.get("x"); f = f.f_back
        time.sleep(0.001)
    stop.append(1); t.join(); print(sorted(names & {"run", "passed", "endless"}))
currentframes(50)
def gfl(n):
    # frame.f_lineno set by tracer; jump in generator
    def tr(frame, ev, arg):
        if frame.f_code.co_name == "jumper":
            if ev == "line" and frame.f_locals.get("i") == n // 2 and not done:
                done.append(1); frame.f_lineno = frame.f_code.co_firstlineno + 3
            return tr
    def jumper(n):
        for i in range(n):
            yield i
            yield -1
    done = []; out = []
    for x in passed(jumper(n)):
        out.append(x)
        if x == n // 2 - 1: sys.settrace(tr)
        if x == n // 2 + 3: sys.settrace(None)
    print(len(out), out[n - 4:n + 8])
gfl(60)
