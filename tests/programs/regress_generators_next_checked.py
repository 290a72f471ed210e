"""LINE events switched on in a generator's turn: its native consumer notices, also where a second side trace has taken the result."""
import sys

mon = sys.monitoring
LINE = mon.events.LINE
mon.use_tool_id(3, "test")
mon.register_callback(3, LINE, lambda code, line: code.co_name == "switch" or log.append((code.co_name, line - code.co_firstlineno)))


def switch(k):
    for _ in (): pass
    for _ in (): pass
    if k in switches:
        mon.set_events(3, LINE if switches[k] else 0)


def inner(n, k):
    for i in range(n):
        switch(k)
        yield i if k < 40 else str(i)


def outer(n):
    c = 0
    for i in range(n):
        for x in inner(3, i):
            c = c + 1
            d = c
    return d


log = []
for switches in ({}, {80: 1, 83: 0, 90: 1, 94: 0}, {160: 1, 163: 0, 170: 1, 174: 0, 185: 1, 186: 0}, {260: 1, 263: 0, 270: 1, 273: 0, 285: 1, 287: 0}):
    outer(300)
    print(len(log), log[:14])
    log.clear()
