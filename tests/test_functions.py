"""Traces that begin at functions: which are found, and what becomes of those that do not pay. That they are right, tests/programs shows."""

import subprocess
import sys
import textwrap

import pytest
import runner

native = pytest.mark.skipif("jit" not in runner.usable(["jit"]), reason="built without native code")

COMMON = """
import copypatch, sys, time
LONG = "\\n".join(f"    a = a * 0.5 + b * {k}.25; b = b - a * 0.125" for k in range(20))
exec("def long(a, b):\\n" + LONG + "\\n    return a + b")
def short(a, b):
    return a * b - a
def has(f): return len(copypatch.executors(f))
"""


def out(code, **environment):
    done = subprocess.run([sys.executable, "-c", COMMON + textwrap.dedent(code)], text=True, capture_output=True, timeout=100, env=runner.environment(**environment))
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


CALLED_FROM_C = """
from functools import reduce
copypatch.enable()
def hot(f):
    end = time.process_time() + 2
    while not has(f) and time.process_time() < end: reduce(f, map(float, range(20000)))
    return has(f)
"""


@native
def test_long_functions_are_found():
    """Without any loop of Python around: it is C that calls."""
    assert out(CALLED_FROM_C + "print(hot(long) > 0, has(short))") == ["True", "0"]
    assert out(CALLED_FROM_C + "print(hot(long))", COPYPATCH_FUNCTIONS="0") == ["0"]


@native
def test_short_functions_are_left_alone():
    """An event would cost more than they gain; C that calls them comes by another door."""
    assert out("""
        copypatch.enable()
        end = time.process_time() + 0.5
        exec("def many():\\n" + "    short(1.5, 2.5)\\n" * 2000)
        while time.process_time() < end: many()
        print(has(short), sys.monitoring.get_local_events(5, short.__code__) if sys.monitoring.get_tool(5) else 0)
    """) == ["0", "0"]
    assert out(CALLED_FROM_C + "print(hot(short))") == ["1"]


@native
def test_the_door_for_c():
    """Calls by C come to native code without an event, until it is closed; new functions of the code have it too."""
    assert out("""
        copypatch.enable()
        def make(k): return lambda x: x * 0.5 + k
        f = make(1)
        list(map(f, [1.0] * 300))
        before = copypatch.stats()
        list(map(f, [1.0] * 1000))
        list(map(make(2), [1.0] * 1000))
        after = copypatch.stats()
        copypatch.disable()
        list(map(f, [1.0] * 1000))
        print(after["entries"] - before["entries"] >= 2000, after["events"] - before["events"] < 10, copypatch.stats()["entries"] == after["entries"])
    """, COPYPATCH_EAGER="1") == ["True"] * 3


@native
def test_what_loses_on_trial():
    """Where native code is not faster the calls are the interpreter's again: a function that raises each time."""
    assert out("""
        copypatch.enable()
        def f(x): raise ValueError
        def calls(n):
            for i in range(n):
                try: list(map(f, [1]))
                except ValueError: pass
        end = time.process_time() + 3
        while not has(f) and time.process_time() < end: calls(2000)
        calls(5000)
        before = copypatch.stats()["entries"]
        calls(5000)
        print(copypatch.stats()["entries"] - before < 5000)
    """) == ["True"]


@native
def test_what_does_not_pay_is_closed():
    """Its door is, for the interpreter: the trace stays valid."""
    assert out("""
        copypatch.enable()
        exec("def f(x, y, z):\\n    if x:\\n" + "\\n".join(f"        y = y * 0.5 + {k}.25" for k in range(40)) + "\\n    return y")
        def calls(x, n): exec(f"f({x}, 2.0, 3)\\n" * n)      # from code without a trace
        calls(1, 3)
        x, = copypatch.executors(f)
        retired = copypatch.stats()["retired"]
        calls(0, 3000)
        before = x.entries
        calls(0, 3000)
        print(has(f), x.valid, 0 < x.entries == before, copypatch.stats()["retired"] > retired)
    """, COPYPATCH_EAGER="1") == ["1", "True", "True", "True"]


def test_roots_end_where_the_function_returns():
    assert out("""
        copypatch.enable()
        for k in range(5): long(1.0, k)
        x, = copypatch.executors(long)
        print(list(x)[-1], "MUL_FLOAT" in list(x), "JUMP_LOOP" in list(x))
    """, COPYPATCH_EAGER="1") == ["EXIT", "True", "False"]


def test_functions_of_other_namespaces_and_code():
    """Equal code elsewhere has a root of its own; assigned code another."""
    assert out("""
        copypatch.enable()
        text = "def f(x):\\n    return x * K + " + " + ".join("x" for k in range(12))
        fs = []
        for k in range(3):
            scope = {"K": k}
            exec(text, scope)
            fs.append(scope["f"])
        r = [f(1) for _ in range(5) for f in fs]
        fs[0].__code__ = fs[1].__code__
        r += [f(1) for _ in range(5) for f in fs]
        print(r == [12, 13, 14] * 5 + [12, 13, 14] * 5)
    """, COPYPATCH_EAGER="1") == ["True"]


def test_threads():
    assert out("""
        import threading
        copypatch.enable()
        sys.setswitchinterval(1e-5)
        results = []
        def work(k):
            r = 0.0
            for i in range(3000): r += long(i * 0.5, k)
            results.append(r)
        threads = [threading.Thread(target=work, args=(k % 2,)) for k in range(6)]
        for t in threads: t.start()
        for t in threads: t.join()
        print(len(set(results)))
    """, COPYPATCH_EAGER="1") == ["2"]


def test_keys_that_warn(tmp_path):
    """Under -b a comparison of bytes with str calls warnings.showwarning(), which looks at variables."""
    program = tmp_path / "program.py"
    program.write_text("""
import warnings, sys
seen = []
def show(message, category, filename, lineno, file=None, line=None):
    f = sys._getframe(2)
    seen.append((lineno, f.f_code.co_name, f.f_lineno, f.f_locals.get('x'), f.f_locals.get('y')))
warnings.showwarning = show
warnings.simplefilter("always")
def f(a, b):
    for i in range(100):
        x = i + 1000
        y = x + 1
        d = {
            a: 1,
            b: y}
    return d
print(f(b'a', 'b'))
print(f(b'a', 'a'))
print(len(seen), seen[:5], [s for i, s in enumerate(seen) if s[3] != 1000 + i][:4])
""")
    stock = runner.run(["-b", program])
    for mode in {}, {"COPYPATCH_INTERPRET": "1"}:
        assert runner.difference(runner.run(["-b", "-m", "copypatch", program], COPYPATCH_EAGER="1", **mode), stock) is None


NATIVE_CALLS = """
copypatch.enable()
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def deep(o, n): return o if n == 0 else deep(o, n - 1)
def entries(work):
    before = copypatch.stats()["entries"]
    work()
    return copypatch.stats()["entries"] - before
"""


@native
def test_calls_stay_native():
    """Entered once, 20,000 calls; a callee that leaves costs itself only."""
    few = out(NATIVE_CALLS + textwrap.dedent("""
        fib(16)
        print(entries(lambda: fib(20)))
        deep(1.5, 100), deep(1.5, 100)
        print(entries(lambda: deep("an object", 900)), deep("s", 900), deep([7], 900)[0])
    """), COPYPATCH_EAGER="1")
    assert int(few[0]) <= 4 and int(few[1]) <= 4 and few[2:] == ["s", "7"]


@native
def test_keyword_only_parameters_and_names_are_native():
    """Followed into, called by INVOKE, by the door for C: nobody asks the interpreter, nor looks the defaults up where the function is the same."""
    assert out("""
        copypatch.enable()
        from functools import partial
        def followed(a, *, b=2, c=1.5): return a * b + c
        def collects(a, *more, k, **names): return len(names) + a + k
        def again(n, *, by=1, **names): return n if n < 2 else again(n - by, by=by, more=n) + 1
        class C:
            def __init__(self, x, *, y=1): self.x, self.y = x, y
        def loop(n):
            t = 0
            for i in range(n): t += followed(i) + followed(i, c=i) + collects(i, k=1, n=2) + again(9) + C(i).y + C(i, y=2).x
            return t
        loop(300)
        names = {u for e in copypatch.executors(loop) for u in e}
        print(*sorted(names & {"INVOKE", "VECTORCALL", "CALL_KW", "CALL_GIVEN", "DICT_GET", "NEW_DICT"}))
        def turns(a, *, k, **names):
            for i in range(20): a = a * 0.5 + k
            return a
        f = partial(turns, k=1.5, n=2)
        list(map(f, range(600)))
        before = copypatch.stats()
        list(map(f, range(1000)))
        after = copypatch.stats()
        print(after["entries"] - before["entries"] >= 1000, after["events"] - before["events"] < 10)
    """, COPYPATCH_EAGER="1") == "INVOKE NEW_DICT True True".split()


@native
def test_what_only_awaits_and_delegates_is_found():
    """However short: who awaits it calls its native code."""
    assert out("""
        copypatch.enable()
        async def leaf(n): return n + 1
        async def top(n):
            for i in range(n): await leaf(i)
        def inner(n): yield n
        def outer(n):
            for i in range(n): yield from inner(i)
        end = time.process_time() + 20
        while not (has(leaf) and has(inner)) and time.process_time() < end:
            try: top(20000).send(None)
            except StopIteration: pass
            sum(outer(20000))
        print(has(leaf) > 0, has(inner) > 0)""") == ["True", "True"]


@native
def test_recursion_is_found():
    """However short the function is."""
    assert out(NATIVE_CALLS + textwrap.dedent("""
        end = time.process_time() + 3
        while entries(lambda: fib(18)) not in range(1, 200) and time.process_time() < end: pass
        print(has(fib) > 0, min(entries(lambda: fib(18)) for _ in range(5)) < 200)      # less whatever else asks for the interpreter meanwhile
    """)) == ["True", "True"]


@native
def test_a_callee_that_is_given_up():
    """Whoever calls it natively calls the interpreter from then on, and natively again when it has code."""
    assert out(NATIVE_CALLS + textwrap.dedent("""
        def halve(x, n): return x if n == 0 else halve(x / 2, n - 1)
        print(sum(halve(3.0, 50) for k in range(50)) > 0, [halve(3, n) for n in range(4)], halve(10 ** 30, 3), halve("x", 0), halve(True, 2))
        import gc
        exec("def other(n): return n if n < 2 else other(n - 1) + other(n - 2)")
        other(12)
        n = has(other)
        del other
        gc.collect()
        exec("def other(n): return n if n < 2 else other(n - 1) + other(n - 2) + 1")
        print(n > 0, other(12))
    """), COPYPATCH_EAGER="1") == "True [3, 1.5, 0.75, 0.375] 1.25e+29 x 0.25 True 376".split()


@native
def test_longer_than_a_trace():
    """What comes behind the length of one trace is native too: entered once a call, left once, at the return."""
    entered, left = map(int, out("""
        copypatch.enable()
        exec("def f(a, b):\\n" + "\\n".join(f"    a = a * 0.5 + b * {k}.25; b = b - a * 0.125" for k in range(100)) + "\\n    return [a, b]")
        def calls(n): list(map(f, [1.0] * n, [2.0] * n))
        calls(300)
        before = copypatch.stats()
        calls(300)
        after = copypatch.stats()
        work = [e for x in copypatch.executors(f) for e in x.exits]
        print(after["entries"] - before["entries"], sum(e.count for e in work if e.uop.name == "EXIT"))
    """, COPYPATCH_EAGER="1"))
    assert entered == 300 and left < 10


@native
def test_a_short_way_recorded_first():
    """It would not pay, but there are others."""
    assert out("""
        copypatch.enable()
        exec("def f(short, a, b):\\n    if short: return a\\n" + LONG + "\\n    return a + b")
        exec("def calls(short, n):\\n" + "    f(short, 1.0, 2.0)\\n" * 2000)      # no loop of its own, no call from C
        end = time.process_time() + 0.5
        while not copypatch.stats()["recorded_bytecodes"] and time.process_time() < end: calls(1, 2000)
        seen = has(f)
        end = time.process_time() + 2
        while not has(f) and time.process_time() < end: calls(0, 2000)
        print(seen, has(f) > 0)
    """) == ["0", "True"]


FOLLOWED = """
def numbers(n):
    for i in range(n): yield i
def scaled(items, k):
    for x in items: yield x * k
def delegating(n):
    yield from scaled(numbers(n), 2)
    yield from [1, 2] * n
def escaping(n):
    for i in range(n): yield str([i])
def over(items):
    total = 0
    for x in items: total += len(x) if isinstance(x, str) else x
    return total
def uops(f): return [u for e in copypatch.executors(f) for u in e]
def seen(f): return "RESUME_GEN" in uops(f), uops(f).count("GUARD_STANDS")
copypatch.enable()
"""


@native
def test_generators_are_followed_into():
    """By the loop that goes over them: nothing is resumed. Where one runs arbitrary code, it is resumed natively instead."""
    made = "print(over({}), *seen(over))"
    assert out(FOLLOWED + made.format("scaled(scaled(numbers(400_000), 2), 3)"), COPYPATCH_EAGER="1") == ["479998800000", "False", "3"]
    assert out(FOLLOWED + made.format("delegating(200_000)"), COPYPATCH_EAGER="1")[:2] == ["40000400000", "False"]
    assert out(FOLLOWED + made.format("escaping(2_000)"), COPYPATCH_EAGER="1")[1:] == ["True", "0"]


@native
def test_what_does_not_change_in_a_followed_generator():
    """Where it stands, and variables that its turn does not write, are looked at once, not in each turn of the loop."""
    assert out(FOLLOWED + textwrap.dedent("""
        over(scaled(numbers(400_000), 2))
        names = list(max(copypatch.executors(over), key=len))
        loop = names[names.index("LOOP"):]
        print(*(loop.count(u) for u in ("GUARD_STANDS", "GEN_FUNCTION", "RANGE_NEXT", "STORE_GEN_INT")), "JUMP_LOOP" in loop)
    """), COPYPATCH_EAGER="1") == ["0", "0", "1", "2", "True"]


@native
def test_a_variable_that_is_an_int_or_a_float_and_only_overwritten():
    """Its type in the turn before matters to nobody: the loop is compiled, and stays."""
    assert out("""
        copypatch.enable()
        def either(n):
            t = 0.5
            for i in range(n):
                x = i if i % 3 else i * 0.5
                t += x
            return t
        end = time.process_time() + 20
        while not copypatch.executors(either) and time.process_time() < end: either(200_000)
        for _ in range(3): either(200_000)      # the other way, too
        before = copypatch.stats()["entries"]
        either(200_000)
        entered = copypatch.stats()["entries"] - before     # executors() is Python code, too
        print("LOOP" in max(copypatch.executors(either), key=len), entered < 100)
    """) == ["True", "True"]
