"""Domain and range errors of math.*, in the middle of a hot loop."""
import math


def sqrt_loop(n):
    out = []
    for i in range(n):
        x = 30.0 - i
        try:
            out.append(math.sqrt(x))
        except ValueError as e:
            out.append(str(e))
    return out[0], out[30], out[31], out[-1]


def mixed(n):
    table = [(math.log, 0.0), (math.log, -1), (math.exp, 1000.0), (math.sin, math.inf), (math.acos, 2), (math.pow, None), (math.gamma, -1.0),
             (math.sqrt, math.nan), (math.sqrt, -0.0), (math.cosh, 1e5), (math.floor, math.nan), (math.ceil, math.inf), (math.sqrt, "x"), (math.log, 2**2000)]
    seen = {}
    for i in range(n):
        f, a = table[i % len(table)]
        try:
            r = repr(f(a))
        except Exception as e:
            r = f"{type(e).__name__}: {e}"
        seen[f.__name__, repr(a)[:8]] = r
    return seen


def uncaught(n):
    s = 0.0
    for i in range(n):
        s += math.log(80 - i)
    return s


def overflow(n):
    x = 1.0
    for i in range(n):
        x = x * x + math.exp(i)
    return x


print(sqrt_loop(60))
for k, v in mixed(84).items():
    print(k, v)
for f, n in ((uncaught, 100), (overflow, 800)):
    try:
        print(f(n))
    except (ValueError, OverflowError) as e:
        print(type(e).__name__, e, e.__traceback__.tb_next.tb_lineno)
