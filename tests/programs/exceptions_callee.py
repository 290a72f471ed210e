"""Exceptions through inlined frames: caught in the callee, in the caller, two frames up; state afterwards."""
import sys


def thrower(i):
    if i % 7 == 0:
        raise ValueError(i)
    return i


def catcher(i):
    try:
        return thrower(i)
    except ValueError:
        return -1


def passes(i):
    a = i * 2
    b = thrower(i)
    return a + b


def run(n):
    s = t = 0
    for i in range(n):
        s += catcher(i)
        try:
            t += passes(i)
        except ValueError as e:
            t -= e.args[0]
            f = e.__traceback__
            depth = 0
            while f:
                depth += 1
                f = f.tb_next
            t += depth * 100
    return s, t, sys.exception()


def locals_in_traceback(n):
    out = []
    for i in range(n):
        try:
            passes(i)
        except ValueError as e:
            tb = e.__traceback__
            out.append((dict(tb.tb_next.tb_frame.f_locals), dict(tb.tb_next.tb_next.tb_frame.f_locals), tb.tb_frame is sys._getframe()))
    return out[:3], len(out)


def exc_info(n):
    s = 0
    for i in range(n):
        assert sys.exc_info() == (None, None, None)
        try:
            thrower(0)
        except ValueError:
            s += seen_inside()
            assert sys.exception() is not None
    return s


def seen_inside():
    return 1 if isinstance(sys.exception(), ValueError) else 0


def stop_iteration(n):
    out = []

    def gen():
        yield 1
        raise StopIteration
    for i in range(n):
        try:
            list(gen())
        except RuntimeError as e:
            out.append(str(e))
    return set(out)


def late_raise(n):
    """Raises for the first time long after compilation."""
    def f(i):
        g = i + 1
        if i == 150:
            raise LookupError(f"late {g}")
        return g
    s = 0
    for i in range(n):
        try:
            s += f(i)
        except LookupError as e:
            s += len(str(e))
    return s


print(run(100))
print(locals_in_traceback(60))
print(exc_info(60), stop_iteration(60), late_raise(200))
