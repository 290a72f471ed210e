"""Signal handlers run in hot loops: they set flags, raise, see the right frame."""
import os
import signal
import sys


class Alarm(Exception):
    pass


def flag_loop():
    n = 0
    while not hit:
        n += 1
    return n >= 0


def float_loop():
    x = 0.0
    while True:
        x = x * 0.5 + 1.0


def range_loop():
    for i in range(10 ** 12):
        pass


def nested():
    while True:
        for i in range(100):
            s = 0
            for j in range(10):
                s += j


def with_finally(log):
    try:
        while True:
            log[0] += 1
    finally:
        log.append("finally")


hit = []
signal.signal(signal.SIGALRM, lambda s, f: hit.append(f.f_code.co_name))
signal.setitimer(signal.ITIMER_REAL, 0.02)
print(flag_loop(), hit)


def raiser(s, f):
    raise Alarm(f.f_code.co_name)


signal.signal(signal.SIGALRM, raiser)
for f in (float_loop, range_loop, nested):
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        f()
    except Alarm as e:
        print("caught", e, f.__name__)
log = [0]
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    with_finally(log)
except Alarm as e:
    print(e, log[1:], log[0] > 0)


def reads_local(s, f):
    seen.append(f.f_locals["n"])


def counting():
    n = 0
    while len(seen) < 3:
        n += 1
    return n


seen = []
signal.signal(signal.SIGALRM, reads_local)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
n = counting()
signal.setitimer(signal.ITIMER_REAL, 0)
print(seen == sorted(seen), seen[2] <= n, all(isinstance(x, int) for x in seen))

count = 0


def self_kill(n):
    for i in range(n):
        os.kill(os.getpid(), signal.SIGUSR1)
    return i


def usr(s, f):
    global count
    count += 1


signal.signal(signal.SIGUSR1, usr)
print(self_kill(60), count)
