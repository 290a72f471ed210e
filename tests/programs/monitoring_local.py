"""Local events that a tool sets on code that is compiled already: code that a trace follows into, calls natively, resumes, or is in the middle of. What is
reported, and what not, is as on stock Python from the very next instruction on."""
import sys
import threading

M = sys.monitoring
E = M.events
TOOL = 2
seen = []
kept = M.set_local_events       # as it was before anybody looked


def start():
    M.use_tool_id(TOOL, "local")
    for event in (E.LINE, E.PY_START, E.PY_RETURN, E.PY_RESUME, E.PY_YIELD):
        M.register_callback(TOOL, event, lambda code, *a, event=event: seen.append((code.co_name, event)) if len(seen) < 2000 else None)


def watch(f, events=E.PY_START | E.PY_RETURN, how=None):
    (how or M.set_local_events)(TOOL, f.__code__, events)


def unwatch(*fs):
    for f in fs:
        watch(f, 0)


def told():
    n = len(seen)
    got = [n, *sorted(set(seen))]
    seen.clear()
    return got


start()


def small(i):
    return i + 1


def large(i):
    l = [i]
    for j in range(2):
        l.append(len(l) + j)
    return sum(l)


def deep(n, hook):
    if n == 0:
        hook()
        return 0
    return deep(n - 1, hook) + small(n)


def gives(n, hook):
    for i in range(n):
        if i == n // 2:
            hook()
        yield small(i)


def turns(n, hook):
    s = 0
    for i in range(n):
        if i == n - 5:
            hook()
        s += small(i) + large(i)
    return s


def nothing():
    pass


for f in (turns, deep, gives):
    for k in range(3):
        r = f(60, nothing)
        if f is gives:
            r = sum(r)
    print(f.__name__, r, told())

for f in (small, large, turns):
    for how in (M.set_local_events, kept):
        print(f.__name__, turns(60, lambda: watch(f, how=how)), told(), turns(20, nothing), told())
        unwatch(f)
        print(turns(60, nothing), told())

for f in (small, deep):
    print(deep(60, lambda: watch(f)), told(), deep(20, nothing), told())
    unwatch(f)
    print(deep(60, nothing), told())

for f, events in ((small, E.LINE), (gives, E.LINE), (gives, E.PY_YIELD | E.PY_RESUME)):
    print(sum(gives(60, lambda: watch(f, events))), told(), sum(gives(20, nothing)), told())
    unwatch(f)
    print(sum(gives(60, nothing)), told())


class Sets:
    def __init__(self, f):
        self.f = f

    def __del__(self):
        watch(self.f, E.LINE)


def drops(n, f):
    s = 0
    for i in range(n):
        x = Sets(f) if i == n - 3 else i
        x = None
        s += small(i)
    return s


for f in (small, drops):
    print(drops(60, f), told())
    unwatch(f)
    print([drops(k + 3, small) for k in range(2)], told())
    unwatch(small)

# another thread sets them, and takes them back
go, done = threading.Event(), threading.Event()


def sets():
    go.wait()
    watch(small, E.PY_START)
    done.set()


t = threading.Thread(target=sets)
t.start()
print(turns(60, lambda: (go.set(), done.wait())), told())
t.join()
unwatch(small)
print(turns(60, nothing), told())


# errors are the program's
for arguments in ((), (TOOL,), (TOOL, small), (TOOL, small.__code__, -1), (TOOL, 1, 1), (99, small.__code__, 1), (TOOL, small.__code__, 1, 2), ("x", small.__code__, 1), (4, small.__code__, 1)):
    try:
        print(M.set_local_events(*arguments))
    except Exception as e:
        print(type(e).__name__, e)


class Number(int):
    def __index__(self):
        seen.append("index")
        return TOOL


print(M.set_local_events(Number(TOOL), small.__code__, E.PY_START), turns(30, nothing), told(), M.get_local_events(TOOL, small.__code__))
M.set_local_events(TOOL, small.__code__, 0)
print(repr(M.set_local_events).split(" at ")[0], M.set_local_events.__name__, M.set_local_events is kept, M.set_local_events.__doc__ == kept.__doc__)

# the tool goes without taking them back
watch(large)
M.free_tool_id(TOOL)
print(turns(40, nothing), len(told()) > 0)


# set in the very turn, call or side trace that is recorded: whichever that is
FRESH = """
def helper(i):
    return i + 1
def leaf(i):
    return i * 2
def called(i, at, hook):
    r = leaf(i)
    if i == at:
        hook()
    return r + helper(i)
def gen(n, at, hook):
    for i in range(n):
        if i == at:
            hook()
        yield leaf(i)
def loop(n, at, hook):
    s = 0
    for i in range(n):
        s += leaf(i)
        if i == at:
            hook()
        s += helper(i)
    return s
def calls(n, at, hook):
    return [called(i, at, hook) for i in range(n)][-1]
def gens(n, at, hook):
    return sum(gen(n, at, hook))
"""
M.use_tool_id(TOOL, "again")
for name in ("loop", "calls", "gens"):
    for target in ("helper", "leaf", name):
        for at in range(8):
            space = {}
            exec(FRESH, space)
            got = space[name](30, at, lambda: watch(space[target])), told(), space[name](30, -1, nothing), told()
            print(name, target, at, *got)
M.free_tool_id(TOOL)
