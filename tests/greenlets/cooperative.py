# gevent: sleeping, queues, events, pools, kill, timeouts and sockets, all waited for in compiled loops.
import sys
import gevent
from gevent import socket
from gevent.event import Event
from gevent.lock import Semaphore
from gevent.pool import Pool
from gevent.queue import Queue

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
sleep = gevent.sleep


def pause(x):               # followed into
    y = x + 1
    sleep(0)
    return y


def sums(k, n):
    s, f = 0, 0.5
    for i in range(n):
        s += pause(i * k)
        f = f * 1.01 + i
    return s, f


def produce(put, n):
    for i in range(n):
        put(i * i)
    put(None)


def consume(get):
    s = n = 0
    while True:
        v = get()
        if v is None:
            return s, n
        s += v
        n += 1


def guarded(acquire, release, shared, n):
    for i in range(n):
        acquire()
        v = shared[0]
        sleep(0)
        shared[0] = v + 1
        release()


def forever(seen):
    s = 0
    while True:
        s += 1
        seen[0] = s
        sleep(0)


def waits(k, wait, n):
    s = 0
    for i in range(n):
        if i == n // 2:
            wait()
        s = s * 3 + i & 0xFFFF
    return s + k


def echo(recv, sendall):
    n = 0
    while True:
        data = recv(64)
        if not data:
            return n
        n += len(data)
        sendall(data)


def client(recv, sendall, n):
    s = 0
    for i in range(n):
        sendall(b"%04d" % i)
        data = recv(64)
        s += len(data) + i
    return s


def run():
    out = []
    workers = [gevent.spawn(sums, k, 50) for k in range(20)]
    gevent.joinall(workers)
    out.append([w.value for w in workers][-1])
    q = Queue(3)
    pairs = [gevent.spawn(consume, q.get), gevent.spawn(produce, q.put, 200)]
    gevent.joinall(pairs)
    out.append(pairs[0].value)
    lock, shared = Semaphore(1), [0]
    gevent.joinall([gevent.spawn(guarded, lock.acquire, lock.release, shared, 30) for _ in range(5)])
    out.append(shared)
    seen = [0]
    g = gevent.spawn(forever, seen)
    for _ in range(100):
        sleep(0)
    g.kill()
    out.append((seen[0] >= 100, g.dead, type(g.value).__name__))
    try:
        with gevent.Timeout(0.01):
            forever(seen)
    except gevent.Timeout:
        out.append("timeout")
    event = Event()
    waiting = [gevent.spawn(waits, k, event.wait, 100) for k in range(30)]
    sleep(0)
    event.set()
    gevent.joinall(waiting)
    out.append(sum(w.value for w in waiting))
    out.append(list(Pool(4).imap(pause, range(60)))[-3:])
    a, b = socket.socketpair()
    both = [gevent.spawn(echo, b.recv, b.sendall), gevent.spawn(client, a.recv, a.sendall, 150)]
    both[1].join()
    a.close()
    both[0].join()
    b.close()
    out.append([g.value for g in both])
    return out


first = run()
for _ in range(ROUNDS - 1):
    assert run() == first
for line in first:
    print(line)
