"""Exceptions that leave functions which native code has called: raised, raised anew, through finally; tracebacks, causes, frames kept by them, watchers."""
import sys, traceback
class E(Exception):
    def __init__(self, n): self.n = n
def leaf(n):
    if n % 3 == 0:
        raise E(n)
    return n
def mid(n):
    return leaf(n) + 1
def clean(n):
    try:
        return mid(n)
    except KeyError:
        return 5
def fin(n, log):
    try:
        return clean(n)
    finally:
        log.append(n)
def outer(n, log):
    try:
        return fin(n, log)
    except E as e:
        return -e.n
def tb(n):
    try:
        fin(n, [])
    except E as e:
        t = e.__traceback__; out = []
        while t:
            out.append((t.tb_frame.f_code.co_name, t.tb_lineno, t.tb_lasti, sorted(k for k in t.tb_frame.f_locals)))
            t = t.tb_next
        return out
def run(m):
    log = []; s = 0
    for i in range(m):
        s += outer(i, log)
    return s, len(log)
print(run(5000))
outs = [tb(i * 3) for i in range(600)]
print(all(o == outs[0] for o in outs), outs[-1])
def rec(n):
    if n == 0: raise E(1)
    return rec(n - 1)
c = 0
for i in range(150):
    try: rec(20)
    except E as e:
        k = 0; t = e.__traceback__
        while t: k += 1; t = t.tb_next
        c += k
print(c)
def frm(n):
    raise ValueError(n) from KeyError(n)
for i in range(300):
    try: frm(i)
    except ValueError as e: q = (e.args, e.__cause__, e.__context__, e.__suppress_context__)
print(q)


# Locals of a frame that a traceback keeps; the others die where they do.
class Seen:
    alive = 0

    def __init__(self):
        Seen.alive += 1

    def __del__(self):
        Seen.alive -= 1


def holds(n, o):
    p = Seen()
    if n % 2:
        raise E(n)
    return p


def holding(n):
    try:
        return holds(n, Seen()) and 0
    except E as e:
        assert Seen.alive == 2, Seen.alive
        names = e.__traceback__.tb_next.tb_frame.f_locals
        result = names["n"] + (names["p"] is not names["o"])
        del names
        return result


total = 0
for i in range(600):
    total += holding(i)
    assert Seen.alive == 0, (i, Seen.alive)
print(total)


# In a loop, with an iterator on the stack; in a handler; from within a `with`.
def in_loop(n):
    for i in range(n, n + 3):
        if i % 4 == 0:
            raise E(i)
    return n


def in_handler(n):
    try:
        return in_loop(n)
    except E as e:
        raise KeyError(n) from e


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, e, tb):
        return isinstance(e, KeyError) and e.args[0] % 3 == 0


def in_with(n):
    with Manager():
        return in_handler(n)
    return "suppressed"


def caught(n):
    try:
        return in_with(n)
    except KeyError as e:
        return e.args, e.__cause__.n, e.__context__ is e.__cause__, sys.exception() is e


print([caught(i) for i in range(600)][-8:], sys.exception())


# Somebody listens.
seen = []


def trace(frame, event, arg):
    if event == "exception":
        seen.append((frame.f_code.co_name, frame.f_lineno, arg[0].__name__))
    return trace


def outer_twice(n):
    return outer(n, []) + outer(n + 3, [])


for i in range(400):
    if i == 300:
        sys.settrace(trace)
    if i == 303:
        sys.settrace(None)
    outer_twice(3 * i)
print(seen)
events = []
sys.monitoring.use_tool_id(3, "test")
for kind in ("RAISE", "RERAISE", "PY_UNWIND", "EXCEPTION_HANDLED"):
    sys.monitoring.register_callback(3, getattr(sys.monitoring.events, kind), lambda code, at, e, kind=kind: events.append((kind, code.co_name, at)))
for i in range(400):
    if i == 300:
        sys.monitoring.set_events(3, sys.monitoring.events.RAISE | sys.monitoring.events.RERAISE | sys.monitoring.events.PY_UNWIND | sys.monitoring.events.EXCEPTION_HANDLED)
    if i == 302:
        sys.monitoring.set_events(3, 0)
    outer_twice(3 * i)
sys.monitoring.free_tool_id(3)
print(*events, sep="\n")


# What was written last into variables of a frame that is left by an exception raised anew.
def written(n):
    x = y = n
    try:
        x += 5000
        return leaf(n)
    finally:
        x = x + 100000
        y = x * 2.5


def passes(n):
    x = n
    try:
        return leaf(n)
    except KeyError:
        x = 5
    return x


def variables(f, n):
    try:
        f(n)
    except E as e:
        t, out = e.__traceback__.tb_next, []
        while t:
            out.append((t.tb_lineno, sorted((k, v) for k, v in t.tb_frame.f_locals.items() if k in "xy")))
            t = t.tb_next
        return out


for f in (written, passes):
    kept = [variables(f, 3 * i) for i in range(700)]
    print(f.__name__, kept[-1], [k[0][1][0][1] for k in kept[::100]], [len(k) for k in kept] == [2] * 700)
