"""sys.settrace and sys.setprofile switched on and off in mid-loop by a callee."""
import sys

events = []
base = None


def tracer(frame, event, arg):
    events.append((event, frame.f_code.co_name, frame.f_lineno - base))
    return tracer


def helper(x):
    y = x + 1
    return y


def switch(i):
    if i == 60:
        sys.settrace(tracer)
        sys._getframe(1).f_trace = tracer
    if i == 63:
        sys.settrace(None)
        sys._getframe(1).f_trace = None


def traced(n):
    s = 0
    for i in range(n):
        switch(i)
        s += helper(i)
    return s


base = tracer.__code__.co_firstlineno
print(traced(100), len(events))
for e in events:
    print(e)
events.clear()


def profiler(frame, event, arg):
    events.append((event, frame.f_code.co_name if not event.startswith("c_") else arg.__name__))


def pswitch(i):
    if i == 60:
        sys.setprofile(profiler)
    if i == 62:
        sys.setprofile(None)


def profiled(n):
    s = 0
    for i in range(n):
        pswitch(i)
        s += helper(i) + len("abc") + abs(-i)
    return s


print(profiled(100), events)
events.clear()


def assigning(frame, event, arg):
    """Changes a local while tracing."""
    if event == "line" and frame.f_code is changed.__code__ and frame.f_locals.get("i") == 55:
        frame.f_locals["s"] = 1000
        frame.f_trace = None
        sys.settrace(None)
    return assigning


def on(i):
    if i == 54:
        sys.settrace(assigning)
        sys._getframe(1).f_trace = assigning


def changed(n):
    s = 0
    for i in range(n):
        on(i)
        s += 1
    return s


print(changed(100))


def jumper(frame, event, arg):
    if event == "line" and frame.f_lineno == jumped.__code__.co_firstlineno + 4:
        frame.f_lineno = jumped.__code__.co_firstlineno + 5
        sys.settrace(None)
        frame.f_trace = None
    return jumper


def jumped(n):
    s = 0
    for i in range(n):
        start_jump(i)
        s += 1
        s += 100
    return s


def start_jump(i):
    if i == 70:
        sys.settrace(jumper)
        sys._getframe(1).f_trace = jumper


print(jumped(100))
