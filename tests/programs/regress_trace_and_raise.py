# A trace function that is set in a call which then raises hears of the exception in its callers.
import sys


def sets_and_raises(tracefunc):
    sys.settrace(tracefunc)
    sys._getframe().f_back.f_trace = tracefunc
    sys._getframe().f_back.f_back.f_trace = tracefunc
    raise RuntimeError


def passes_on(tracefunc):
    sets_and_raises(tracefunc)


def catches(tracefunc):
    try:
        passes_on(tracefunc)
    except RuntimeError:
        pass


def trace(frame, event, arg):
    events.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, event, type(arg).__name__))
    return trace


for k in range(6):
    events = []
    catches(trace)
    sys.settrace(None)
    print(events)
