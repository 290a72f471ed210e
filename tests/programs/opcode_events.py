# A debugger that asks for opcode events (f_trace_opcodes, as pdb does) before it traces: in a function whose loop is hot, each instruction is reported
# from the one behind the call on.
import sys


def tracer(frame, event, arg):
    if frame.f_code in watched:
        events.append((event, frame.f_lineno - frame.f_code.co_firstlineno, frame.f_lasti))
    return tracer


def start(frame):
    frame.f_trace = tracer
    frame.f_trace_opcodes = True
    sys.settrace(tracer)


def hot(n, when):
    s = 0
    for i in range(n):
        s += i
    if when == "now": start(sys._getframe())
    s += 1
    s *= 2
    sys.settrace(None)
    return s


def inside(n, when):
    s = 0
    for i in range(n):
        if i == when: start(sys._getframe())
        s += i
        if i == when + 2: sys.settrace(None)
    return s


def generator(n, when):
    for i in range(n):
        if i == when: start(sys._getframe())
        yield i
        if i == when + 1: sys.settrace(None)


def run_generator(n, when): return sum(generator(n, when))


watched = hot.__code__, inside.__code__, generator.__code__
for f, never, when in (hot, "later", "now"), (inside, -5, 60), (run_generator, -5, 60):
    for k in range(3):
        f(100, never)
    for again in range(2):
        events = []
        print(f.__name__, f(100, when), len(events), events[:12], events[-4:])
