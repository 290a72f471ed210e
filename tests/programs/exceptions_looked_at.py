"""Exceptions in hot loops that are looked at: tracebacks, context, sys.exception(), frames written through them, tracing and monitoring switched on, signals, recursion, threads."""
import gc
import signal
import sys
import threading
import traceback
import weakref

M = sys.monitoring
E = M.events
OUT = []


def report(f, *args):
    try:
        r = f(*args)
    except BaseException as e:
        r = f"raised {type(e).__name__} {e}"
    print(f.__name__, *[str(a) for a in args if isinstance(a, int)], r)
    if OUT:
        print("   ", len(OUT), *OUT[:6], "...", *OUT[-6:])
        OUT.clear()


class A(Exception):
    pass


class B(Exception):
    pass


def small(i):
    if i % 3 == 0:
        raise KeyError(i)
    return i


def middle(i):
    x = i * 2
    return small(i) + x


def deep(i, d):
    if d:
        return deep(i, d - 1) + 1
    return middle(i)


def rel(tb):
    """Every entry: function, line, and whether tb_lasti and the frame's are what they should be."""
    out = []
    while tb:
        code = tb.tb_frame.f_code
        line = list(code.co_positions())[tb.tb_lasti // 2][0]
        out.append(f"{code.co_name}+{tb.tb_lineno - code.co_firstlineno}{'' if line == tb.tb_lineno else '!'}")
        tb = tb.tb_next
    return ",".join(out)


def text():
    lines = traceback.format_exc().splitlines()
    return "/".join(l.strip() for l in lines if "File" not in l)


# ---- tracebacks ----


def lines(n):
    d = {}
    last = None
    for i in range(n):
        try:
            if i % 4 == 0:
                raise A
            elif i % 4 == 1:
                d[i]
            elif i % 4 == 2:
                x = (i +
                     small(0))
            else:
                deep(0,
                     i % 3)
        except A as e:
            OUT.append(rel(e.__traceback__))
        except KeyError as e:
            OUT.append(rel(e.__traceback__))


def lines_reraised(n):
    for i in range(n):
        try:
            try:
                try:
                    middle(i)
                    if i & 1:
                        raise A
                finally:
                    i += 1
            except A:
                if i % 4:
                    raise
                raise B
            except KeyError as e:
                if i % 2:
                    raise e
                raise A from e
        except Exception as e:
            OUT.append(type(e).__name__ + rel(e.__traceback__))
            if e.__context__:
                OUT.append(rel(e.__context__.__traceback__))


def lines_with(n):
    class M:
        def __enter__(self):
            pass

        def __exit__(self, t, v, tb):
            OUT.append(rel(tb))
            if v.args == (3,):
                raise B
    for i in range(n):
        try:
            with M():
                with M():
                    small(i % 6)
                    raise A
        except Exception as e:
            OUT.append(type(e).__name__ + rel(e.__traceback__))


KEPT = A("kept")


def lines_kept(n):
    for i in range(n):
        try:
            if i % 2:
                raise KEPT
            raise (
                KEPT
            )
        except A as e:
            if i % 5 == 4:
                OUT.append(rel(e.__traceback__))
                e.__traceback__ = None


def texts(n):
    for i in range(n):
        try:
            try:
                x = [1, 2, 3][i % 5] + middle(i)
            except IndexError:
                x = {}[i % 5]
        except KeyError:
            OUT.append(len(text()))
            if i in (9, 48):
                print(text())
    return i


def format_of_chain(n):
    kept = []
    for i in range(n):
        try:
            try:
                small(i * 3)
            except KeyError as e:
                raise A(i) from (None if i % 3 == 0 else e if i % 3 == 1 else B())
        except A as e:
            kept.append(e)
    for e in kept[:3] + kept[-3:]:
        OUT.append("/".join(l.strip() for l in traceback.format_exception(e) if "File" not in l).replace("\n", "/"))
        OUT.append(e.__suppress_context__)
        OUT.append(repr(e.__cause__) + repr(e.__context__))


def notes(n):
    s = 0
    for i in range(n):
        try:
            try:
                small(i)
            except KeyError as e:
                e.add_note(f"note {i}")
                if i % 2:
                    e.add_note("odd")
                raise
        except KeyError as e:
            s += len(e.__notes__) + len(e.__notes__[0])
            OUT.append(traceback.format_exception_only(e)[-1].strip())
    return s


for f in (lines, lines_reraised, lines_with, lines_kept, texts, format_of_chain, notes):
    report(f, 90)
    report(f, 20)


# ---- what is handled ----


def name(e):
    return type(e).__name__ if e is not None else "-"


def handled():
    OUT.append(name(sys.exception()) + name(sys.exc_info()[1]) + name(sys.exc_info()[0]))


def handled_places(n):
    for i in range(n):
        handled()
        try:
            handled()
            try:
                middle(i)
            except KeyError:
                handled()
                try:
                    if i % 2:
                        raise A
                except A:
                    handled()
                handled()
            else:
                handled()
            finally:
                handled()
            if i % 5 == 0:
                raise B
        except B:
            handled()
            continue
        handled()


def handled_direct(n):
    s = 0
    for i in range(n):
        s += sys.exception() is None
        try:
            raise A(i)
        except A as e:
            s += 10 * (sys.exception() is e)
            s += 1000 * (sys.exc_info() == (A, e, e.__traceback__))
        s += 100000 * (sys.exc_info() == (None, None, None))
    return s


def gen_handled():
    while True:
        try:
            handled()
            yield
            raise B
        except B:
            handled()
            yield
            handled()


def handled_in_generators(n):
    g = gen_handled()
    for i in range(n):
        try:
            if i % 3 == 0:
                raise A
            next(g)
        except A:
            next(g)
            handled()
        handled()


def contexts(n):
    def chain(e):
        out = ""
        while e is not None:
            out += name(e)
            e = e.__context__
        return out
    for i in range(n):
        try:
            try:
                try:
                    small(i)
                    raise A
                except KeyError:
                    try:
                        raise ValueError
                    except ValueError:
                        if i % 2:
                            small(0)
                        raise TypeError
            finally:
                if i % 5 == 0:
                    raise B
        except Exception as e:
            OUT.append(chain(e))


def outer_context(n):
    def run():
        for i in range(n):
            try:
                small(i)
                handled()
                raise A
            except (A, KeyError) as e:
                OUT.append(name(e.__context__))
    try:
        raise B
    except B:
        run()


def cyclic_context(n):
    s = 0
    a, b = A(), B()
    for i in range(n):
        try:
            try:
                raise a
            except A:
                raise b
        except B:
            try:
                raise a
            except A as e:
                s += e.__context__ is b
                s += 10 * (b.__context__ is None)
        a.__traceback__ = b.__traceback__ = None
    return s


for f in (handled_places, handled_direct, handled_in_generators, contexts, outer_context, cyclic_context):
    report(f, 90)
    report(f, 20)


# ---- frames ----


class Obj:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return f"Obj({self.v})"


def kept_frames(n):
    kept = []
    s = 0
    x = 0.5
    o = None
    for i in range(n):
        o = Obj(i)
        x += i
        try:
            s += middle(i)
        except KeyError as e:
            kept.append(e)
        if i % 10 == 9:
            f = kept[i // 10].__traceback__.tb_frame
            f.f_locals["s"] = 1000
            f.f_locals["o"] = None
            f.f_locals["x"] = float(i)
        OUT.append(f"{s} {x} {o}")
    return len(kept), [e.__traceback__.tb_next.tb_frame.f_locals["x"] for e in kept[-3:]], [e.__traceback__.tb_next.tb_next.tb_frame.f_locals for e in kept[-2:]]


def write(e, i):
    l = e.__traceback__.tb_frame.f_locals
    if i % 12 == 0:
        l["k"] = 1000 + i
    elif i % 12 == 3:
        l["x"] = 0.25
        l["k"] = 2.5
    elif i % 12 == 6:
        l["o"] = Obj(-i)
        l["k"] = 1 << 70
    else:
        l["k"] = 7


def written_in_handler(n):
    k = 0
    x = 1.5
    o = Obj(0)
    for i in range(n):
        k += 1
        x += 0.5
        try:
            small(i)
        except KeyError as e:
            write(e, i)
        OUT.append(f"{k} {x} {o}")
    return k, x, o


def written_iterator(n):
    s = 0
    for i in range(n):
        for k in range(5):
            s += k
            try:
                if k == 2:
                    raise A
            except A as e:
                e.__traceback__.tb_frame.f_locals["s"] = s + 1
                e.__traceback__.tb_frame.f_locals["k"] = 100
            s += k
    return s


def writes(frame, i):
    frame.f_locals["s"] += 1000
    if i % 9 == 0:
        raise A


def written_and_raised(n):
    s = 0
    t = 0
    for i in range(n):
        t = s
        try:
            s += 1
            if i % 3 == 0:
                writes(sys._getframe(), i)
            s += 1
        except A:
            s += 100
        t -= s
    return s, t


class Writer:
    """Dies, and writes a variable of the loop."""

    def __init__(self, frame, value):
        self.frame, self.value = frame, value

    def __del__(self):
        self.frame.f_locals["k"] = self.value


def written_by_death(n):
    k = 0
    s = 0
    for i in range(n):
        k = i
        try:
            w = [Writer(sys._getframe(), 5)], small(i), 3
            s += k
        except KeyError:
            s += k * 100
        w = None
        s += k
    return s


class DyingError(Exception):
    def __del__(self):
        f = sys._getframe(1)
        if "k" in f.f_locals:
            f.f_locals["k"] = f.f_locals["k"] + 1000
        OUT.append(f"{f.f_code.co_name}+{f.f_lineno - f.f_code.co_firstlineno}")


def written_by_exception(n):
    k = 0
    for i in range(n):
        k = i
        try:
            raise DyingError
        except DyingError:
            k += 1
        OUT.append(k)
        try:
            raise DyingError
        except DyingError as e:
            k += 2
            e = None
            OUT.append(k)
        OUT.append(k)


def cleared(n):
    s = 0
    for i in range(n):
        try:
            middle(i * 3)
        except KeyError as e:
            tb = e.__traceback__
            try:
                tb.tb_frame.clear()
            except RuntimeError:
                s += 1
            tb.tb_next.tb_frame.clear()
            s += 10 * len(tb.tb_next.tb_frame.f_locals)
            s += 1000 * len(tb.tb_next.tb_next.tb_frame.f_locals)
            if i % 4 == 0:
                traceback.clear_frames(tb)
                s += 100000 * len(tb.tb_next.tb_next.tb_frame.f_locals)
    return s


def refs(n):
    class Local:
        pass

    def inner(i):
        l = Local()
        seen.append(weakref.ref(l))
        small(i)
        return 1
    seen = []
    errors = []
    s = 0
    for i in range(n):
        try:
            s += inner(i)
        except KeyError as e:
            s += 10 * (seen[-1]() is not None)
            e.me = Local()
            errors.append(weakref.ref(e.me))
            s += 1000 * (errors[-1]() is not None)
        s += 100000 * (seen[-1]() is None) + 10000000 * (not errors or errors[-1]() is None)
    return s


def error_refs(n):
    class Weak(Exception):
        pass
    s = 0
    r = None
    kept = []
    for i in range(n):
        try:
            raise Weak(i)
        except Weak as e:
            r = weakref.ref(e)
            s += r() is e
            if i % 7 == 0:
                kept.append(e)
        s += 1000 * (r() is None)
    return s, len(kept)


def collected(n):
    s = 0
    for i in range(n):
        o = Obj(i)
        try:
            o.me = o
            small(i)
        except KeyError as e:
            o.e = e
            r = weakref.ref(o)
            o = None
            if i % 12 == 0:
                gc.collect()
            s += r() is not None
        if i % 12 == 0:
            gc.collect()
            s += 100 * (r() is None)
    gc.collect()
    return s


def refcounts(n):
    out = set()
    o = Obj(1)
    x = n * 1e100
    for i in range(n):
        try:
            small(i)
            raise A(o)
        except KeyError:
            out.add((sys.getrefcount(o), sys.getrefcount(x)))
        except A as e:
            out.add((sys.getrefcount(o), sys.getrefcount(x), len(gc.get_referrers(e.args)) > 0))
        out.add(sys.getrefcount(o))
    return sorted(str(v) for v in out)


for f in (kept_frames, written_in_handler, written_iterator, written_and_raised, written_by_death, written_by_exception, cleared, refs, error_refs, collected, refcounts):
    report(f, 90)
    report(f, 20)


# ---- tracing ----


def where(frame):
    return f"{frame.f_code.co_name}+{frame.f_lineno - frame.f_code.co_firstlineno}"


def tracer(frame, event, arg):
    if event == "exception":
        OUT.append(f"{event} {where(frame)} {arg[0].__name__} {len(rel(arg[2]))}")
    else:
        OUT.append(f"{event} {where(frame)}")
    return tracer


def profiler(frame, event, arg):
    if event in ("call", "return"):
        OUT.append(f"{event} {where(frame)} {arg if event == 'return' else ''}")


def switch(i, at, to, fn, old):
    if i == at:
        (sys.settrace if fn is tracer else sys.setprofile)(fn)
    elif i == to:
        (sys.settrace if fn is tracer else sys.setprofile)(old)


def traced(n, fn):
    s = 0
    for i in range(n):
        switch(i, n // 2, n // 2 + 5, fn, None)
        try:
            s += middle(i)
        except KeyError:
            s += 100
        finally:
            s += 1
    return s


def traced_in_handler(n, fn):
    s = 0
    for i in range(n):
        try:
            if i % 2 == 0:
                raise A
            s += small(i)
        except A:
            switch(i, n // 2 * 2 // 4 * 4 // 2 * 2, n // 2 * 2 // 4 * 4 // 2 * 2 + 6, fn, None)
            s += 10
        except KeyError:
            switch(i, -1, -1, fn, None)
            s += 100
    sys.settrace(None)
    sys.setprofile(None)
    return s


def traced_own_frame(n, fn):
    """The loop's own frame is traced too."""
    s = 0
    for i in range(n):
        try:
            if i == n // 2:
                sys._getframe().f_trace = tracer
                switch(0, 0, 1, tracer, None)
            if i == n // 2 + 4:
                switch(1, 0, 1, tracer, None)
                sys._getframe().f_trace = None
            s += middle(i)
            raise A
        except KeyError:
            s += 10
        except A as e:
            s += 100
    return s


def raises_in_tracer(n):
    def bad(frame, event, arg):
        if event == "exception":
            sys.settrace(None)
            raise B("tracer")
        return bad
    s = 0
    for i in range(n):
        try:
            if i % 20 == 19:
                sys.settrace(bad)
            s += middle(i * 3)
        except KeyError:
            s += 1
        except B:
            s += 1000
        sys.settrace(None)
    return s


for f in (traced, traced_in_handler, traced_own_frame):
    for fn in (tracer, profiler):
        report(f, 90, fn)
        report(f, 20, fn)
report(raises_in_tracer, 90)


# ---- monitoring ----

EVENTS = ("RAISE", "EXCEPTION_HANDLED", "RERAISE", "PY_UNWIND", "STOP_ITERATION", "PY_THROW")
TOOL = 4


def callback(kind):
    def called(code, offset, e):
        OUT.append(f"{kind} {code.co_name} {type(e).__name__}")
    return called


def monitor(on, events=EVENTS):
    if on:
        M.use_tool_id(TOOL, "test")
        wanted = 0
        for kind in events:
            M.register_callback(TOOL, getattr(E, kind), callback(kind))
            wanted |= getattr(E, kind)
        M.set_events(TOOL, wanted)
    else:
        M.set_events(TOOL, 0)
        for kind in EVENTS:
            M.register_callback(TOOL, getattr(E, kind), None)
        M.free_tool_id(TOOL)


def monitored(n):
    s = 0
    for i in range(n):
        if i == n // 2:
            monitor(True)
        if i == n // 2 + 6:
            monitor(False)
        try:
            try:
                s += middle(i)
                raise A
            except KeyError:
                s += 10
                if i % 2:
                    raise
        except (A, KeyError):
            s += 100
        finally:
            s += 1
    return s


def monitored_in_handler(n):
    s = 0
    for i in range(n):
        try:
            if i % 3 == 1:
                raise A
            s += small(i)
        except A:
            if i == n // 3 * 3 // 2 // 3 * 3 + 1:
                monitor(True)
            s += 10
        except KeyError:
            if i == n // 3 * 3 // 2 // 3 * 3 + 9:
                monitor(False)
            s += 100
    return s


class Switch:
    def __init__(self, on):
        self.on = on

    def __del__(self):
        monitor(self.on)


def monitored_by_death(n):
    s = 0
    for i in range(n):
        try:
            k = [Switch(True) if i == n // 2 else Switch(False) if i == n // 2 + 6 else None, small(i * 3)]
        except KeyError:
            s += 1
        s += 10
    return s


class Turn:
    """Its method switches events on or off, then raises."""

    def turn(self, i, n):
        if i == n // 2:
            monitor(True)
        if i == n // 2 + 6:
            monitor(False)
        raise A

    def __exit__(self, *args):
        self.i += 1
        if self.i == self.n // 2:
            monitor(True)
        if self.i == self.n // 2 + 6:
            monitor(False)
        return self.i % 3 == 0

    def __enter__(self):
        pass


def monitored_by_raiser(n):
    t = Turn()
    s = 0
    for i in range(n):
        try:
            t.turn(i, n)
        except A:
            s += 1
    return s


def monitored_by_exit(n):
    t = Turn()
    t.i, t.n = 0, n
    s = 0
    for i in range(n):
        try:
            with t:
                raise B
            s += 1
        except B:
            s += 100
    return s


def monitored_generators(n):
    def gen(k):
        try:
            yield k
            small(k)
            yield k
        except KeyError:
            yield -1
    s = 0
    for i in range(n):
        if i == n // 2:
            monitor(True, ("RAISE", "EXCEPTION_HANDLED", "RERAISE", "PY_UNWIND", "PY_THROW"))
        if i == n // 2 + 3:
            monitor(False)
        for x in gen(i):
            s += x
        g = gen(i)
        next(g)
        try:
            s += g.throw(KeyError if i % 2 else A)
        except A:
            s += 1000
    return s


def local_events(n):
    """Only of the loop's own code; those of exceptions cannot be local."""
    s = 0
    for i in range(n):
        if i == n // 2:
            M.use_tool_id(TOOL, "test")
            M.register_callback(TOOL, E.LINE, lambda c, l: OUT.append(l - c.co_firstlineno))
            M.set_local_events(TOOL, local_events.__code__, E.LINE)
        if i == n // 2 + 4:
            M.set_local_events(TOOL, local_events.__code__, 0)
            M.free_tool_id(TOOL)
        try:
            s += small(i)
        except KeyError:
            s += 100
    return s


def raises_in_callback(n):
    def called(code, offset, e):
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)
        raise B
    s = 0
    for i in range(n):
        try:
            if i % 20 == 19:
                M.use_tool_id(TOOL, "test")
                M.register_callback(TOOL, E.RAISE, called)
                M.set_events(TOOL, E.RAISE)
            small(0)
        except KeyError:
            s += 1
        except B as e:
            s += 100 + 1000 * isinstance(e.__context__, KeyError)
    return s


def handled_raises(n):
    """Who is told that an exception is handled raises another one."""
    def called(code, offset, e):
        OUT.append(where(sys._getframe(1)))
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)
        raise B

    def on(i):
        if i % 20 == 19:
            M.use_tool_id(TOOL, "test")
            M.register_callback(TOOL, E.EXCEPTION_HANDLED, called)
            M.set_events(TOOL, E.EXCEPTION_HANDLED)
        small(0)
    s = 0
    for i in range(n):
        try:
            s += 1
            try:
                on(i)
            except KeyError:
                s += 10
            except B as e:
                s += 100
            s += 1000
        except KeyError:
            s += 10000
        except B as e:
            s += 100000 + 1000000 * (e.__context__ is None) + len(rel(e.__traceback__))
    return s


for f in (monitored, monitored_in_handler, monitored_by_death, monitored_by_raiser, monitored_by_exit, monitored_generators, local_events, raises_in_callback, handled_raises):
    report(f, 90)
    report(f, 30)


# ---- signals, limits, threads ----


class Alarm(Exception):
    pass


def on_signal(number, frame):
    OUT.append(where(frame))
    raise Alarm


def on_signal_quietly(number, frame):
    OUT.append(where(frame))
    if "s" in frame.f_locals:
        frame.f_locals["s"] += 1000


def signals(n, handler):
    old = signal.signal(signal.SIGUSR1, handler)
    s = 0
    for i in range(n):
        try:
            s += 1
            if i % 5 == 0:
                signal.raise_signal(signal.SIGUSR1)
            s += small(i)
        except Alarm as e:
            s += 100 + 1000 * (e.__context__ is None)
        except KeyError:
            s += 10000
    signal.signal(signal.SIGUSR1, old)
    return s


def signals_in_handler(n, handler):
    old = signal.signal(signal.SIGUSR1, handler)
    s = 0
    for i in range(n):
        try:
            try:
                small(i * 3)
            except KeyError:
                if i % 4 == 1:
                    signal.raise_signal(signal.SIGUSR1)
                s += 1
        except Alarm as e:
            s += 100 + 1000 * isinstance(e.__context__, KeyError)
    signal.signal(signal.SIGUSR1, old)
    return s


for f in (signals, signals_in_handler):
    for fn in (on_signal, on_signal_quietly):
        report(f, 90, fn)
        report(f, 20, fn)


def endless(i):
    return endless(i + 1) + 1


def endless_catching(i):
    try:
        return endless_catching(i + 1)
    except RecursionError:
        return i


class Endless:
    @property
    def p(self):
        return self.p

    def __getattr__(self, name):
        return getattr(self, name + "x")


def recursion(n):
    s = 0
    limit = sys.getrecursionlimit()
    frame, depth = sys._getframe(), 100
    while frame:
        frame, depth = frame.f_back, depth + 1
    sys.setrecursionlimit(depth)
    try:
        for i in range(n):
            try:
                endless(i)
            except RecursionError as e:
                s += 1
                tb = e.__traceback__
                k = 0
                while tb:
                    k += 1
                    tb = tb.tb_next
                s += 100 * k
            s += 100000 * endless_catching(0)
            try:
                Endless().p
            except RecursionError:
                s += 7
            try:
                Endless().q
            except RecursionError:
                s += 9
    finally:
        sys.setrecursionlimit(limit)
    return s


def memory(n):
    s = 0
    l = [0]
    for i in range(n):
        try:
            if i % 3:
                l * (1 << 60)
            elif i % 2:
                bytearray(1 << 62)
            else:
                "x" * (1 << 62)
        except MemoryError as e:
            s += 1 + 10 * (e.__traceback__.tb_next is None)
        except OverflowError:
            s += 1000
    return s


def memory_identity(n):
    """Instances of MemoryError are used again."""
    s = 0
    for i in range(n):
        try:
            [0] * (1 << 60)
        except MemoryError as e:
            s += e.__context__ is None
            try:
                [1] * (1 << 60)
            except MemoryError as f:
                s += 10 * (f is not e) + 100 * (f.__context__ is e)
    return s


def thread(n):
    def work(k, out):
        s = 0
        for i in range(n):
            try:
                s += small(i + k)
                if i % 4 == 0:
                    raise A
            except KeyError as e:
                s += e.args[0] * 100
                s += sys.exception() is e
            except A:
                s += 7
            finally:
                s += sys.exception() is None
        out[k] = s
    out = {}
    threads = [threading.Thread(target=work, args=(k, out)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return sorted(out.items())


def hooks(n):
    """What a thread does not catch goes to a hook."""
    def work(k):
        for i in range(n):
            try:
                small(i * 3)
            except KeyError:
                if i == k:
                    raise A(k)
    old = threading.excepthook
    threading.excepthook = lambda a: OUT.append(f"{a.exc_type.__name__} {a.exc_value} {rel(a.exc_traceback.tb_next.tb_next)} {name(a.exc_value.__context__)}")
    for k in (3, n - 1):
        t = threading.Thread(target=work, args=(k,))
        t.start()
        t.join()
    threading.excepthook = old


def unraisable(n):
    class Bad:
        def __del__(self):
            small(0)
    old = sys.unraisablehook
    sys.unraisablehook = lambda a: OUT.append(f"{a.exc_type.__name__} {rel(a.exc_traceback)} {name(sys.exception())} {name(a.exc_value.__context__)}")
    s = 0
    for i in range(n):
        try:
            raise A(Bad())
        except A as e:
            s += 1
        b = Bad()
        try:
            b = small(i)
        except KeyError:
            b = None
            s += 100
    sys.unraisablehook = old
    return s


for f in (recursion, memory, memory_identity, thread, hooks, unraisable):
    report(f, 60)
    report(f, 10)


# ---- code changed ----


def changed_code(n):
    def a(i):
        try:
            return small(i)
        except KeyError:
            return -1

    def b(i):
        try:
            return small(i) * 2
        except LookupError as e:
            return e.args[0]
    s = 0
    for i in range(n):
        s += a(i)
        if i == n // 2:
            a.__code__ = b.__code__
    return s


def changed_builtin(n):
    """A name of a class that is caught is found in the module from now on."""
    s = 0
    for i in range(n):
        try:
            if i % 2:
                raise LookupError
            small(i * 3)
        except KeyError:
            s += 1
        except LookupError:
            s += 100
        if i == n // 2:
            globals()["KeyError"] = A
    del globals()["KeyError"]
    return s


def from_outside(n):
    """Exceptions thrown into generators whose loops are hot."""
    def gen():
        s = 0
        while True:
            try:
                for k in range(5):
                    s += yield s
            except A as e:
                s += 100
                s += len(rel(e.__traceback__))
            except GeneratorExit:
                OUT.append(s)
                return
    g = gen()
    s = next(g)
    for i in range(n):
        s = g.throw(A) if i % 4 == 3 else g.send(i)
    g.close()
    return s


for f in (changed_code, changed_builtin, from_outside):
    report(f, 90)
    report(f, 20)
