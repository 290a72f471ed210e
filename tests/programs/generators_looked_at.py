"""Hot generators that are looked at: their frames, states, tracebacks, tracing and monitoring switched on by a stage, code and globals changed, threads."""
import gc
import inspect
import sys
import threading
import traceback
import types
import warnings
import weakref

HERE = 10


def ints(n):
    i = 0
    while i < n:
        yield i
        i += 1


def passed(it):
    for x in it:
        yield x


def from_(it):
    r = yield from it
    return r


def applied(f, it):
    for x in it:
        f(x)
        yield x


def rel(frame):
    return frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno


def chain_of(frame, to="main"):
    out = []
    while frame and frame.f_code.co_name != to:
        out.append(rel(frame))
        frame = frame.f_back
    return out


# ---- states and frames of suspended generators ----


def states(n):
    g = passed(ints(n))
    seen = {}
    state = inspect.getgeneratorstate
    print(state(g), g.gi_running, g.gi_suspended, g.gi_yieldfrom, rel(g.gi_frame), sorted(g.gi_frame.f_locals))
    s = 0
    for x in g:
        key = state(g), g.gi_running, g.gi_suspended, g.gi_yieldfrom
        seen[key] = seen.get(key, 0) + 1
        if x % 20 == 19:
            f = g.gi_frame
            s += f.f_lineno - f.f_code.co_firstlineno + f.f_lasti
            print(rel(f), f.f_locals["x"], f.f_back, f is g.gi_frame)
            del f
    print(seen, s)
    print(state(g), g.gi_running, g.gi_suspended, g.gi_frame, g.gi_code is passed.__code__)


def states_yield_from(n):
    inner = ints(n)
    g = from_(inner)
    same = 0
    for x in g:
        same += g.gi_yieldfrom is inner
        same += g.gi_suspended and inner.gi_suspended and not g.gi_running
        if x % 25 == 24:
            print(rel(g.gi_frame), rel(inner.gi_frame), inner.gi_frame.f_locals)
    print(same, g.gi_yieldfrom, g.gi_frame)


def seen_from_inside(n):
    """A stage looks at itself and at the others while they run."""
    counts = {}

    def look(x):
        key = (g.gi_running, h.gi_running, k.gi_running, h.gi_suspended, k.gi_suspended, inspect.getgeneratorstate(h), inspect.getgeneratorstate(k), g.gi_yieldfrom is h)
        counts[key] = counts.get(key, 0) + 1
    k = ints(n)
    h = applied(look, k)
    g = from_(h)
    for x in g:
        pass
    print(counts)


def locals_of_suspended(n):
    """What is written through the frame of a suspended generator is seen by it."""
    g = ints(n)
    s = 0
    for x in g:
        s += x
        if x % 10 == 5:
            g.gi_frame.f_locals["i"] += 2
    print(s)
    g = ints(n)
    f = g.gi_frame
    s = 0
    for x in g:
        s += x
        if x % 10 == 5:
            f.f_locals["i"] = x + 3
        if x % 10 == 9:
            f.f_locals["n"] += 1
    print(s, x)
    g = ints(n)
    t = ints(n)
    for x in g:
        for y in t:
            if y % 7 == 3:
                t.gi_frame.f_locals["i"] = y * 1.0 + 1
            break
        if x == n - 2:
            g.gi_frame.f_locals["i"] = "text"
            try:
                next(g)
            except TypeError as e:
                print(e.__traceback__.tb_next.tb_lineno - ints.__code__.co_firstlineno)
    print(x, y)


# ---- sys._getframe from within ----


def chains(n):
    seen = {}

    def look(x):
        key = tuple(chain_of(sys._getframe()))
        seen[key] = seen.get(key, 0) + 1
    for x in passed(applied(look, passed(ints(n)))):
        pass
    for x in passed(from_(from_(applied(look, ints(n))))):
        if x > n - 3:
            break
    s = sum(passed(applied(look, ints(3))))
    for key, k in seen.items():
        print(k, key)


def kept_frames(n):
    """Frames kept by a stage, read and written later, the consumer's too."""
    kept = []

    def keep(x):
        if x == 10:
            f = sys._getframe(1)
            while f.f_code.co_name != "main":
                kept.append(f)
                f = f.f_back
        if x > 10 and x % 10 == 0:
            kept[0].f_locals["x"] = -x
            kept[1].f_locals["y"] = x
            kept[2].f_locals["s"] += 1000
            notes.append([f.f_lineno - f.f_code.co_firstlineno for f in kept])

    def doubled(it):
        y = 0
        for x in it:
            yield x * 2 + y
            y = 0
    notes = []
    s = 0
    for z in doubled(applied(keep, ints(n))):
        s += z
    print(s, [f.f_code.co_name for f in kept], notes[0], notes[-1], len(notes))
    print([f.f_back and f.f_back.f_code.co_name for f in kept], sorted(kept[0].f_locals))
    kept.clear()


def written_consumer(n):
    """The consumer's variables are written by a stage through sys._getframe()."""
    def write(x):
        if x % 9 == 4:
            f = sys._getframe(3)
            f.f_locals["total"] = float(x)
            f.f_locals["z"] = "z" * (x % 4)
    total = 0
    z = ""
    for x in passed(applied(write, ints(n))):
        total += x
        if z:
            total += len(z)
            z = ""
    print(total, z)


# ---- events ----


def traced(n):
    events = {}

    def tracer(frame, event, arg):
        key = frame.f_code.co_name, event
        events[key] = events.get(key, 0) + 1
        return tracer

    def switch(x):
        if x == n // 3:
            sys.settrace(tracer)
        elif x == n // 3 + 7:
            sys.settrace(None)
    s = 0
    for x in passed(applied(switch, passed(ints(n)))):
        s += x
    print(s, sorted(events.items()))
    events.clear()
    for x in from_(applied(switch, from_(ints(n)))):
        s += x
    print(s, sorted(events.items()))


def traced_frame(n):
    """f_trace set on the frame of a hot generator, tracing switched on."""
    events = []

    def tracer(frame, event, arg):
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer
    g = ints(n)
    for x in passed(g):
        if x == n // 2:
            g.gi_frame.f_trace = tracer
            sys.settrace(lambda *a: None)
        if x == n // 2 + 3:
            sys.settrace(None)
    print(len(events), events[:8])


def profiled(n):
    events = {}

    def profiler(frame, event, arg):
        name = getattr(arg, "__name__", None) if event.startswith("c_") else type(arg).__name__
        key = frame.f_code.co_name, event, name
        events[key] = events.get(key, 0) + 1

    def switch(x):
        if x == n // 3:
            sys.setprofile(profiler)
        elif x == n // 3 + 7:
            sys.setprofile(None)
    s = 0
    for x in passed(applied(switch, from_(ints(n)))):
        s += x
    print(s, sorted(events.items()))


def monitored(n):
    """Events of sys.monitoring, for all code and for one generator's only."""
    mon = sys.monitoring
    E = mon.events
    counts = {}
    tool = 3

    def counter(name):
        def count(code, *args):
            if code.co_name in ("passed", "from_", "ints", "applied", "monitored"):
                key = name, code.co_name
                counts[key] = counts.get(key, 0) + 1
        return count

    def switch(x):
        if x == n // 3:
            if only:
                mon.set_local_events(tool, only.__code__, events)
            else:
                mon.set_events(tool, events)
        elif x == n // 3 + 9:
            if only:
                mon.set_local_events(tool, only.__code__, 0)
            else:
                mon.set_events(tool, 0)
    mon.use_tool_id(tool, "test")
    events = E.PY_START | E.PY_RESUME | E.PY_YIELD | E.PY_RETURN | E.LINE
    for name in ("PY_START", "PY_RESUME", "PY_YIELD", "PY_RETURN", "LINE"):
        mon.register_callback(tool, getattr(E, name), counter(name))
    for only in (None, ints, passed, from_):
        for make in (passed, from_):
            s = 0
            for x in make(applied(switch, passed(ints(n)))):
                s += x
            print(only and only.__name__, make.__name__, s, sorted(counts.items()))
            counts.clear()
    for name in ("PY_START", "PY_RESUME", "PY_YIELD", "PY_RETURN", "LINE"):
        mon.register_callback(tool, getattr(E, name), None)
    mon.free_tool_id(tool)


def monitored_throw(n):
    """PY_THROW, PY_UNWIND, RAISE, STOP_ITERATION of generators."""
    mon = sys.monitoring
    E = mon.events
    counts = {}

    def counter(name):
        def count(code, *args):
            key = name, code.co_name
            counts[key] = counts.get(key, 0) + 1
        return count
    names = ("PY_THROW", "PY_UNWIND", "RAISE", "RERAISE", "EXCEPTION_HANDLED")
    mon.use_tool_id(4, "test")
    for name in names:
        mon.register_callback(4, getattr(E, name), counter(name))

    def catching():
        while True:
            try:
                yield 1
            except KeyError:
                yield 2
    g = from_(catching())
    s = 0
    for x in g:
        s += x
        if s > n:
            break
        if s == n // 2:
            mon.set_events(4, E.PY_THROW | E.PY_UNWIND | E.RAISE | E.RERAISE | E.EXCEPTION_HANDLED)
        if s % 5 == 0:
            s += g.throw(KeyError)
    try:
        g.throw(ValueError(3))
    except ValueError as e:
        mon.set_events(4, 0)
        print(s, e)
    for name in names:
        mon.register_callback(4, getattr(E, name), None)
    mon.free_tool_id(4)
    print(sorted(counts.items()))


# ---- warnings, stacks ----


def warned(n):
    def warn(x):
        if x % 30 == 10:
            for level in (1, 2, 3, 4):
                warnings.warn(f"level {level}", stacklevel=level)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for x in passed(applied(warn, ints(n))):
            pass
        for x in from_(applied(warn, ints(n))):
            pass
    base = warned.__code__.co_firstlineno
    print([(str(w.message), w.lineno - base if w.lineno > base else ["passed", "from_", "applied"][(w.lineno > from_.__code__.co_firstlineno) + (w.lineno > applied.__code__.co_firstlineno)])
           for w in caught])


def stacks(n):
    def stack(x):
        if x == n - 5:
            print([(f.name, f.line) for f in traceback.extract_stack() if f.name not in ("main", "<module>")][-6:])
    for x in passed(from_(applied(stack, passed(ints(n))))):
        pass
    try:
        for x in passed(from_(applied(lambda x: 1 // (n - 5 - x), passed(ints(n))))):
            pass
    except ZeroDivisionError as e:
        print([(f.name, f.line) for f in traceback.extract_tb(e.__traceback__)])


# ---- the collector, weak references ----


class Thing:
    pass


def collected(n):
    dead = []

    def collect(x):
        if x % 16 == 3:
            gc.collect()

    def things(n):
        for i in range(n):
            t = Thing()
            t.me = t
            weakref.ref(t, dead.append)
            refs.append(weakref.ref(t, lambda r, i=i: dead.append(i)))
            yield i
    refs = []
    s = 0
    for x in passed(applied(collect, things(n))):
        s += x
    gc.collect()
    print(s, len(dead), sorted(dead)[:20], len(refs))
    refs.clear()


def referrers(n):
    """A suspended generator's variables are seen by the collector, those of a running one too."""
    out = []

    def holding(n):
        for i in range(n):
            mine = [i]
            yield mine
    g = holding(n)
    for x in g:
        if x[0] % 25 == 24:
            out.append((g in gc.get_referrers(x), x in gc.get_referents(g), gc.is_tracked(g)))

    def look(x):
        if x[0] % 25 == 24:
            out.append((x[0], any(r is g for r in gc.get_referrers(x))))
    for x in passed(applied(look, g := holding(n))):
        pass
    print(out)


def cycles(n):
    """Generators in cycles through their own variables, dropped while suspended; the collector closes them."""
    ended = []

    def cyclic(i):
        me = yield
        try:
            while True:
                yield i
        finally:
            ended.append(i)
    s = 0
    for i in range(n):
        g = cyclic(i)
        next(g)
        g.send(g)
        for x in g:
            s += x
            break
        del g
        if i % 16 == 15:
            gc.collect()
    gc.collect()
    print(s, len(ended), sorted(ended)[-3:])


# ---- code and globals changed ----


def code_replaced(n):
    """__code__ replaced while generators made from the old one go on; the new ones take the new code."""
    def one(n):
        for i in range(n):
            yield i

    def other(n):
        for i in range(n):
            yield i * 10
            yield -1
    old = one.__code__
    out = []
    for code in (old, other.__code__, old, other.__code__):
        s = 0
        g = one(n)
        for x in g:
            s += x
            if x == n // 2:
                one.__code__ = code
        for x in one(n):
            s += x
        out.append(s)
        gs = [one(n) for _ in range(5)]
        one.__code__ = old if code is not old else other.__code__
        out.append([sum(g) for g in gs])
        for g in [one(3), other(3)]:
            for x in g:
                s += x
        out.append(s)
    print(out)


def reading_globals(n):
    for i in range(n):
        yield i + HERE


def globals_changed(n):
    global HERE
    s = 0
    for x in reading_globals(n):
        s += x
        if x % 10 == 3:
            HERE += 1
        if x % 30 == 17:
            HERE = float(HERE)
    print(s)
    for x in passed(reading_globals(n)):
        if HERE > 40:
            HERE = 10
        s += x
        HERE += 0.5
    print(s)
    try:
        for x in passed(reading_globals(n)):
            s += x
            if x > n // 2:
                saved = HERE
                del HERE
    except NameError as e:
        HERE = saved
        print(e, s)
    import builtins
    try:
        for x in passed(with_len(n)):
            s += x
            if x == n // 2:
                builtins.len = lambda l: 100
    finally:
        builtins.len = real_len
    print(s)
    HERE = 10


real_len = len


def with_len(n):
    l = []
    for i in range(n):
        l.append(i)
        yield len(l)


def namespaces(n):
    text = "def made(n):\n for i in range(n):\n  yield i * K\n  yield f(i)\n"
    made = []
    for k in (1, 2.5, 1 << 40):
        space = {"K": k, "f": lambda x, k=k: x + k}
        exec(compile(text, "made", "exec"), space)
        made.append(space["made"])
    code = made[0].__code__
    for k in range(3):
        made.append(types.FunctionType(code, {"K": k, "f": float, "__builtins__": {"range": lambda n: iter((5, 6, 7) * (n // 3))}}))
    out = []
    for _ in range(3):
        for f in made:
            s = 0
            for x in passed(f(n)):
                s += x
            out.append(s)
    print(out)
    print([sum(f(n)) for f in made] == out[:6] == out[12:])


def functions_remade(n):
    s = 0
    for i in range(n):
        def fresh(n, k=i):
            for j in range(n):
                yield j + k
        for x in fresh(4):
            s += x
        for x in (lambda: (yield from fresh(3)))():
            s += x
    print(s)


def function_gone(n):
    """The function dies before its generators."""
    def maker(k):
        def gone(n):
            for i in range(n):
                yield i + k
        return gone(n)
    gs = [maker(k) for k in range(10)]
    gc.collect()
    s = 0
    for g in gs:
        for x in g:
            s += x
        print(g.__name__, end=" ")
    print(s)


# ---- dropped while suspended ----


def dropped(n):
    log = []

    def finishing(i):
        try:
            for j in range(5):
                yield i + j
        finally:
            log.append(i)
            log.append(sys._getframe(1).f_code.co_name)
    s = 0
    for i in range(n):
        g = finishing(i)
        for x in g:
            s += x
            if x == i + i % 5:
                break
        if i % 2:
            del g
    g = None
    print(s, len(log), log[:6], log[-4:])
    log.clear()

    def nested(i):
        yield from finishing(i)
    for i in range(n):
        for x in passed(nested(i)):
            s += x
            break
    print(s, len(log), log[:6], log[-4:])


def yields_while_closed(n):
    """An ignored GeneratorExit, unraisable when the generator is dropped."""
    unraisable = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda u: unraisable.append((type(u.exc_value).__name__, str(u.exc_value)))

    def ignoring(i):
        while True:
            try:
                yield i
            except GeneratorExit:
                pass
    try:
        s = 0
        for i in range(n):
            for x in ignoring(i):
                s += x
                break
    finally:
        sys.unraisablehook = hook
    print(s, len(unraisable), set(unraisable))


# ---- threads ----


def threads(n):
    results = {}

    def consume(k):
        s = 0
        for i in range(5):
            for x in passed(from_(passed(ints(n)))):
                s += x * k
            for x in numbered(k):
                s += x
        results[k] = s

    def numbered(k):
        for i in range(n):
            yield i * k * 0.5
    ts = [threading.Thread(target=consume, args=(k,)) for k in range(4)]
    for t in ts:
        t.start()
    for t in ts:
        t.join()
    print(sorted(results.items()))


def handed_over(n):
    """One generator, consumed by one thread after another."""
    g = passed(from_(ints(n * 6)))
    sums = []

    def consume():
        s = 0
        for x in g:
            s += x
            if x % n == n - 1:
                break
        sums.append(s)
    for i in range(6):
        t = threading.Thread(target=consume)
        t.start()
        t.join()
        consume() if i == 2 else None
    print(sums, list(g))


def two_at_once(n):
    """A thread resumes a generator that another one is executing."""
    inside, go = threading.Event(), threading.Event()

    def waiting(n):
        for i in range(n):
            if i == n - 3:
                inside.set()
                go.wait()
            yield i
    g = waiting(n)
    out = []

    def first():
        s = 0
        for x in passed(g):
            s += x
        out.append(s)
    t = threading.Thread(target=first)
    t.start()
    inside.wait()
    try:
        for x in g:
            print("never")
    except ValueError as e:
        print(e, g.gi_running)
    go.set()
    t.join()
    print(out, g.gi_running)


# ---- exceptions that are handled ----


def handled(n):
    """sys.exception() inside of generators is the consumer's, and their own."""
    seen = {}

    def looking(n):
        for i in range(n):
            key = "before", repr(sys.exception()), sys.exc_info()[0]
            seen[key] = seen.get(key, 0) + 1
            try:
                yield i
                if i % 3 == 0:
                    raise ValueError(i % 2)
            except ValueError as e:
                key = "within", repr(sys.exception()), repr(e.__context__)
                seen[key] = seen.get(key, 0) + 1
                yield -1
                key = "back", repr(sys.exception()), sys.exc_info()[1] is e
                seen[key] = seen.get(key, 0) + 1
            key = "after", repr(sys.exception())
            seen[key] = seen.get(key, 0) + 1
    g = looking(n)
    h = passed(looking(n))
    s = 0
    for x in g:
        s += x
        if x == n // 2:
            break
    print(sys.exception())
    try:
        raise KeyError("consumer")
    except KeyError:
        for x in g:
            s += x
            assert type(sys.exception()) is KeyError
        for x in h:
            s += x
            assert type(sys.exception()) is KeyError
            if x == n // 2:
                break
        try:
            raise OSError(1)
        except OSError as e:
            for x in h:
                s += x
                assert sys.exception() is e
                if x > n - 4:
                    break
        assert type(sys.exception()) is KeyError
    for x in h:
        s += x
        assert sys.exception() is None
    for item in seen.items():
        print(item)
    print(s)


def reraised(n):
    """A bare raise in a generator, of what the consumer handles, and of its own."""
    def reraising(n):
        for i in range(n):
            yield i
        raise

    def own(n):
        for i in range(n):
            try:
                1 // (i % 10 - 7)
            except ZeroDivisionError:
                yield "zero"
                if i > n - 10:
                    raise
            else:
                yield i
    for _ in range(4):
        try:
            for x in passed(reraising(n)):
                pass
        except RuntimeError as e:
            seen = str(e)
        try:
            try:
                raise KeyError("outer")
            except KeyError:
                for x in passed(reraising(n)):
                    pass
        except KeyError as e:
            seen += str(e)
        zeros = 0
        try:
            for x in passed(own(n)):
                zeros += x == "zero"
        except ZeroDivisionError as e:
            seen += str(e) + str(zeros)
    print(seen)


def contexts(n):
    """__context__ of what is raised in a generator while its consumer handles something."""
    def raising(n):
        for i in range(n):
            yield i
        raise ValueError("inner")
    for _ in range(4):
        try:
            try:
                raise KeyError("outer")
            except KeyError as k:
                for x in passed(raising(n)):
                    pass
        except ValueError as e:
            print(repr(e.__context__), e.__suppress_context__, [(t.tb_frame.f_code.co_name) for t in walk(e.__traceback__)])


def walk(tb):
    while tb:
        yield tb
        tb = tb.tb_next


def main():
    for n in (40, 120):
        for f in (states, states_yield_from, seen_from_inside, locals_of_suspended, chains, kept_frames, written_consumer, traced, traced_frame, profiled, monitored,
                  monitored_throw, warned, stacks, collected, referrers, cycles, code_replaced, globals_changed, namespaces, functions_remade, function_gone, dropped,
                  yields_while_closed, threads, handed_over, two_at_once, handled, reraised, contexts):
            print("--", f.__name__)
            f(n)


main()
