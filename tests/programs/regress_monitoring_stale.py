# Events that were on for a moment while a function was called: the interpreter instruments its code again when it is called next. A trace that follows into
# it does not, and would go on in code that still reports them.
import sys

M = sys.monitoring
E = M.events
seen = []


def callee(i):
    a = i + 1
    if i > 3001:
        a = 0.5
        a += i
        len("x")
    return a


def nothing():
    pass


def for_a_moment():
    M.use_tool_id(3, "x")
    M.register_callback(3, E.CALL, lambda code, line, *a: seen.append((code.co_name, line)))
    M.register_callback(3, E.PY_RETURN, lambda code, line, *a: seen.append((code.co_name, line)))
    M.set_events(3, E.CALL | E.PY_RETURN)
    callee(1)
    M.set_events(3, 0)
    print(len(seen) > 0)
    seen.clear()


def loop(n, hook):
    s = 0
    for i in range(n):
        s += callee(i)
        if i == 3001:
            hook()
    return s


print(loop(3000, nothing), loop(3002, nothing), loop(3004, for_a_moment), seen)
print(loop(3004, nothing), seen)
