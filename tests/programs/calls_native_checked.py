"""What a function that is called natively does to its caller is seen behind the call, whatever kind of result it gives: variables written by a frame object, tracing that begins,
a profiler, a tool's local events. The result changes its kind now and then, for long enough that this way is compiled too."""
import sys
import tracemalloc


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


# another tool's local events, globals and code that change, allocations that are traced, classes that get other methods: from within the callee
mon = sys.monitoring
mon.use_tool_id(2, "t"); hits = []
mon.register_callback(2, mon.events.LINE, lambda code, line: hits.append((code.co_name, line - code.co_firstlineno)))
def on(n, k):
    if n: return on(n - 1, k)
    if k % 30 == 29:
        mon.set_local_events(2, caller.__code__, mon.events.LINE)
        return "s" if k % 60 == 59 else k
    if k % 30 == 3:
        mon.set_local_events(2, caller.__code__, 0)
    return k
def caller(n):
    t = 0
    for k in range(n):
        r = on(3, k)
        t += 1 if isinstance(r, str) else r
        t ^= k
    return t
print(caller(300), caller(300), len(hits), hits[:8], hits[-3:])
G = 1
def setsg(n, k):
    global G
    if n: return setsg(n - 1, k)
    if k % 7 == 0: G = k
    if k % 9 == 0: return float(k)
    if k % 10 == 0: helper.__code__ = (h2 if k % 20 else h1).__code__
    return k
def h1(x): return x + 1
def h2(x): return x + 2
def helper(x): return x
def user(n):
    t = 0
    for k in range(n):
        a = G
        r = setsg(2, k)
        t += (G - a) + helper(k) + int(r)
    return t
print(user(400), user(400), G)
def tm(n, k):
    if n: return tm(n - 1, k)
    if k == 150: tracemalloc.start()
    return k if k != 150 else "x"
def tmc(n):
    l = []
    for k in range(n):
        r = tm(2, k)
        l.append([k, str(r)])
        if k == 160:
            s = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__)]).statistics("lineno"); tracemalloc.stop()
            l.append([(x.traceback[0].lineno - tmc.__code__.co_firstlineno, x.count) for x in s][:3])
    return l[161:163]
print(tmc(300), tmc(300))
class C:
    def __init__(self): self.v = 1
    def get(self, n): return self.get(n - 1) if n else self.v
def attrs(n):
    c = C(); t = 0
    for k in range(n):
        t += int(c.get(2))
        if k % 50 == 49: c.v = str(k)
        if k % 70 == 69: C.get = lambda self, n: 5
        if k % 70 == 3: C.get = orig
    return t
orig = C.get
print(attrs(400), attrs(400))
