"""sys.monitoring tools registered in mid-loop: their events are exact, and ours do not show."""
import sys

M = sys.monitoring
E = M.events
TOOL = 3
events = []


def helper(x):
    return x * 2


def on(i, code):
    if i == 60:
        M.use_tool_id(TOOL, "test")
        M.register_callback(TOOL, E.LINE, lambda c, l: events.append(("line", l - c.co_firstlineno)))
        M.register_callback(TOOL, E.JUMP, lambda c, a, b: events.append("jump"))
        M.register_callback(TOOL, E.PY_START, lambda c, o: events.append(("start", c.co_name)))
        M.register_callback(TOOL, E.CALL, lambda c, o, f, a: events.append(("call", f.__name__)))
        M.set_local_events(TOOL, code, E.LINE | E.JUMP | E.CALL)
    if i == 62:
        M.set_local_events(TOOL, code, 0)
        M.set_events(TOOL, E.PY_START)
    if i == 64:
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)


def loop(n):
    s = 0
    for i in range(n):
        on(i, loop.__code__)
        s += helper(i)
    return s


print(loop(100))
for e in events:
    print(e)
print(M.get_events(TOOL), M.get_tool(TOOL))
events.clear()


def raising(n):
    c = 0
    for i in range(n):
        start(i)
        try:
            if i % 10 == 5:
                raise ValueError(i)
        except ValueError:
            c += 1
    return c


def start(i):
    if i == 60:
        M.use_tool_id(TOOL, "exc")
        M.register_callback(TOOL, E.RAISE, lambda c, o, e: events.append(repr(e)))
        M.register_callback(TOOL, E.EXCEPTION_HANDLED, lambda c, o, e: events.append("handled"))
        M.set_events(TOOL, E.RAISE | E.EXCEPTION_HANDLED)
    if i == 80:
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)


print(raising(100), events)
