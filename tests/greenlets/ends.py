# Greenlets that end while they wait in compiled code or in a recording: thrown into, killed, collected, left behind by their thread.
import gc
import sys
import threading
import types
import weakref
from greenlet import GreenletExit, getcurrent, greenlet

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
TURNS = 80
deaths = []


class Held:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        deaths.append(self.name)


here = getcurrent().switch
switch = here                       # to the thread's main greenlet


def wait():
    switch()


def deeper(x):
    held = Held("inlined")
    y = x * 2
    wait()
    return y


def plain(name, at):
    held, s, f = Held(name), 0, 0.5
    for i in range(TURNS):
        s += i * at
        f = f * 1.5
        if i >= at:
            wait()
    return s, f


def inlining(name, at):
    held, s = Held(name), 0
    for i in range(TURNS):
        if i >= at:
            s += deeper(i)
    return s


def catching(name, at):
    held, s = Held(name), 0
    for i in range(TURNS):
        try:
            if i >= at:
                wait()
        except ValueError as e:
            s += len(e.args)
        s += 1
    return s


def fresh(f):                   # nobody has run this code yet: it is being recorded when it waits
    return types.FunctionType(f.__code__.replace(), globals())


def thrown(f, at, exception):
    g = greenlet(f)
    g.switch("thrown", at)
    for _ in range(TURNS // 4):
        if g.dead:
            break
        g.switch()
    try:
        while not g.dead:
            g.throw(exception("thrown"))
    except ValueError as e:
        tb, lines = e.__traceback__, []
        while tb:
            lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
            tb = tb.tb_next
        return e.args, lines
    return g.dead


def collected(f, at):
    g = greenlet(f)
    g.switch("collected", at)
    for _ in range(at % 13):
        g.switch()
    alive = weakref.ref(g)
    del g
    gc.collect()
    return alive() is None


def left_behind(f, at):
    global switch
    waiting = []

    def thread():
        global switch
        switch = getcurrent().switch
        for k in range(5):
            g = greenlet(f)
            waiting.append(g)
            g.switch("left behind", at + k)
    t = threading.Thread(target=thread)
    t.start()
    t.join()
    switch = here
    ended = [g.dead for g in waiting]
    waiting.clear()
    gc.collect()
    return len(ended)


def after(n):                   # compiled although all that has ended in recordings
    s = 0
    for i in range(n):
        s = s * 3 + i & 0xFFFF
    return s


for r in range(ROUNDS):
    out = []
    for f in plain, inlining, catching:
        for at in range(0, 8):
            out.append(thrown(fresh(f), at, ValueError))
            out.append(thrown(fresh(f), at, GreenletExit))
            out.append(collected(fresh(f), at))
            out.append(left_behind(fresh(f), at))
        for at in range(0, 60, 3):
            out.append(thrown(f, at, ValueError))
            out.append(thrown(f, at, GreenletExit))
            out.append(collected(f, at))
            if at % 12 == 0:
                out.append(left_behind(f, at))
    if r == 0:
        for line in out:
            print(line)
        first = out
    assert out == first
for f in plain, inlining, catching:         # the same loops are recorded and run
    g = greenlet(f)
    g.switch("again", 7)
    while not g.dead:
        value = g.switch()
    print(value)
print(after(500), [(name, deaths.count(name) // ROUNDS) for name in sorted(set(deaths)) if name != "left behind"])
