"""Several threads in hot loops at once; a lock, a queue, thread-local data; exceptions in a thread."""
import queue
import sys
import threading

sys.setswitchinterval(0.0005)


def count(n):
    s = 0
    for i in range(n):
        s += i % 7
    return s


def floats(n):
    x = 0.0
    for i in range(n):
        x += i * 0.5
    return x


def parallel():
    out = [None] * 4
    def work(k):
        out[k] = count(3000 + k), floats(3000 + k)
    ts = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in ts:
        t.start()
    for t in ts:
        t.join()
    return out


def locked():
    total = 0
    lock = threading.Lock()

    def work():
        nonlocal total
        for i in range(500):
            with lock:
                total += 1
    ts = [threading.Thread(target=work) for _ in range(4)]
    [t.start() for t in ts]
    [t.join() for t in ts]
    return total


def queued():
    q, r = queue.Queue(), queue.Queue()

    def work():
        while (x := q.get()) is not None:
            r.put(count(x))
        r.put(None)
    ts = [threading.Thread(target=work) for _ in range(2)]
    [t.start() for t in ts]
    for i in range(60):
        q.put(i)
    for _ in ts:
        q.put(None)
    s = done = 0
    while done < 2:
        x = r.get()
        if x is None:
            done += 1
        else:
            s += x
    [t.join() for t in ts]
    return s


def waits_for_flag():
    flag = []

    def setter():
        count(2000)
        flag.append(1)
    t = threading.Thread(target=setter)
    t.start()
    n = 0
    while not flag:
        n += 1
    t.join()
    return n >= 0


def raising():
    seen = []
    threading.excepthook = lambda a: seen.append((a.exc_type.__name__, str(a.exc_value)))

    def work():
        for i in range(100):
            1 // (80 - i)
    t = threading.Thread(target=work)
    t.start()
    t.join()
    return seen


def local_data():
    loc = threading.local()
    out = []

    def work(k):
        loc.v = 0
        for i in range(200):
            loc.v += k
        out.append(loc.v)
    ts = [threading.Thread(target=work, args=(k,)) for k in range(3)]
    [t.start() for t in ts]
    [t.join() for t in ts]
    return sorted(out), hasattr(loc, "v")


print(parallel(), locked(), queued(), waits_for_flag(), raising(), local_data())
