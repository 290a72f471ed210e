"""What a function that is called natively does to its caller is seen behind the call, whatever kind of result it gives: variables written by a frame object, tracing that begins,
a profiler, a local tool. The result changes its kind now and then, for long enough that this way is compiled too."""
import sys


def writes(n, k):
    if n:
        return writes(n - 1, k)
    if k % 4 == 3:
        sys._getframe(4).f_locals["x"] = k      # the frames between are its own
        return "text" if k % 8 == 3 else 2.5
    return k


def caller(n):
    out = []
    for k in range(n):
        x = -1
        r = writes(3, k)
        out.append((x, r))
    return out


for turn in range(6):
    out = caller(60)
print(out[:9], sum(x for x, _ in out))


def traces(n, k):
    if n:
        return traces(n - 1, k)
    if k % 50 == 49:
        sys.settrace(tracer)
        sys._getframe(4).f_trace = tracer
        return "traced"
    return k if k % 3 else 1.5


def tracer(frame, event, arg):
    events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    if len(events) % 8 == 7:
        sys.settrace(None)
        frame.f_trace = None
    return tracer


def traced(n):
    total = 0
    for k in range(n):
        r = traces(3, k)
        if isinstance(r, str):
            total += len(r)
        else:
            total += r
        total += 1
    return total


events = []
print(traced(400), traced(400), len(events), events[:9])


def profiles(n, k):
    if n:
        return profiles(n - 1, k)
    if k % 40 == 39:
        sys.setprofile(lambda frame, event, arg: seen.append((event, frame.f_code.co_name)))
        return None
    return k


def small(k):
    return k + 1


def profiled(n):
    t = 0
    for k in range(n):
        r = profiles(2, k)
        t += small(k)
        if r is None:
            sys.setprofile(None)
            t += len(seen)
    return t


seen = []
print(profiled(300), profiled(300), len(seen), seen[:4])
