"""What is known of code objects: it does not show, and goes with them."""

import pytest
from test_attach import out

# How many code watchers are free: ids are given out by PyCode_AddWatcher.
WATCHERS = """
        import ctypes
        api = ctypes.pythonapi
        CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
        ignore = CALLBACK(lambda event, code: 0)
        def take_watchers():
            ids = []
            try:
                while True: ids.append(api.PyCode_AddWatcher(ignore))
            except RuntimeError:
                return ids
        def give_back(ids):
            for i in ids: api.PyCode_ClearWatcher(i)
            return len(ids)
"""

SENT = """
        import _interpreters
        def f():
            s = 0
            for i in range(200_000):
                s = (s * 3 + i) & 0xffff
            print(s, __name__)
        def arguments(a):
            for i in range(9): pass
        def closure():
            for i in range(9): out
        def cell():
            for i in range(9): (lambda: i)
        copypatch.enable()
        for _ in range(4): f()
        arguments(1); cell()
        print(bool(copypatch.executors(f)))
        id = _interpreters.create()
        def send(what, *args, **kwargs):
            try: print(getattr(_interpreters, what)(id, *args, **kwargs))
            except Exception as e: print(e)
"""
SEND = [
    "send('call', f)", "send('call', callable=f)", "send('call', f, restrict=False)", "send('exec', f)", "send('exec', code=f.__code__)",
    "send('run_func', f)", "send('run_func', func=f, shared={'x': 1})", "send('run_func', f.__code__, {'x': 1})", "send('exec', 'print(5)')",
    "send('call', arguments)", "send('call', cell)", "send('call', 7)", "send('call')", "send('exec', f, 1, 2, 3)", "send('call', func=f)",
]


@pytest.mark.parametrize("eager", ["0", "1"])
def test_compiled_functions_can_be_sent_to_other_interpreters(eager):
    program = SENT + "".join(f"        {line}\n" for line in SEND) + "        f()\n"
    stock = out(program, COPYPATCH="0", COPYPATCH_EAGER=eager)
    ours = out(program, COPYPATCH_EAGER=eager)
    at = ours.index("True")
    assert stock[at] == "False" and len(stock) > at + len(SEND) and stock[:at] + stock[at + 1:] == ours[:at] + ours[at + 1:]
    assert any("__main__" in line for line in stock[at + 1:])


def test_the_module_may_come_later_and_from_another_interpreter():
    """_interpreters is imported when f is compiled; in the other interpreter its functions are as they were."""
    program = """
        def f():
            import _interpreters
            def inner():
                for i in range(9): pass
            i = _interpreters.create()
            for j in range(5): _interpreters.call(i, inner)
            print("done", flush=True)
        copypatch.enable()
        hot(100)
        def g():
            for i in range(100): pass
        g()
        import _interpreters
        i = _interpreters.create()
        print(_interpreters.call(i, g), _interpreters.call(i, f))
    """
    ours = out(program, COPYPATCH_EAGER="1")
    assert ours == out(program, COPYPATCH="0") and ours[0] == "done" and "None" in ours[1]


def test_code_that_another_tool_watches_is_refused_as_without_us():
    code = """
        import _interpreters
        def f():
            for i in range(100): pass
        copypatch.enable()
        f(); f()
        sys.monitoring.use_tool_id(1, "other")
        sys.monitoring.set_local_events(1, f.__code__, sys.monitoring.events.LINE)
        i = _interpreters.create()
        try: print(_interpreters.call(i, f))
        except ValueError as e: print(e)
    """
    ours = out(code, COPYPATCH_EAGER="1")
    assert ours == out(code, COPYPATCH="0") and len(ours) == 1      # 3.13 refuses it, later versions do not


def test_cold_programs_have_no_watcher():
    assert out(WATCHERS + """
        copypatch.enable()
        print(give_back(take_watchers()))
        busy(.1)
        print(armed() > 0, give_back(take_watchers()))
    """) == ["8", "True 7"]


def test_the_watcher_stays_while_it_is_needed():
    """Code objects that die after disable() are still heard of."""
    assert out(WATCHERS + """
        copypatch.enable()
        exec("def f(n):\\n i = 0\\n while i < n: i += 1\\n return i")
        f(100)
        f_code = f.__code__
        copypatch.disable()
        print(len(copypatch.executors(f)), give_back(take_watchers()))
        n = len(copypatch.executors())
        del f, f_code
        print(n - len(copypatch.executors()))
    """, COPYPATCH_EAGER="1") == ["1 7", "1"]


@pytest.mark.parametrize("eager", ["0", "1"])
def test_no_watcher_is_left(eager):
    assert out(WATCHERS + """
        taken = take_watchers()
        copypatch.enable(); busy(.1)
        print(armed(), copypatch.is_enabled(), copypatch.stats()["off_reason"], len(copypatch.executors()))
        give_back(taken)
        copypatch.enable(); busy(.1)
        print(armed() > 0, copypatch.is_enabled(), copypatch.stats()["off_reason"], len(copypatch.executors()) > 0)
    """, COPYPATCH_EAGER=eager) == ["0 False no code watcher is free 0", "True True None True"]


def test_code_dies_and_its_address_comes_back():
    """Thousands of functions, each compiled; most lie where another has lain."""
    assert out("""
        copypatch.enable()
        def make(k):
            scope = {}
            exec(f"def f(n):\\n s = {k}\\n for i in range(n):\\n  s += {k % 7}\\n for j in range(n): s -= 1\\n return s", scope)
            return scope.pop("f")        # no cycle: it dies when it is let go
        def ours(): return sum(x.code.co_name == "f" for x in copypatch.executors())
        addresses = set()
        kept = []
        for k in range(3000):
            f = make(k)
            assert f(10) == k + 10 * (k % 7) - 10, k
            addresses.add(id(f.__code__))
            if k % 50 == 0: kept.append((k, f))
            if k == 1000: before = ours()
        for k, f in kept: assert f(20) == k + 20 * (k % 7) - 20
        print(len(addresses) < 1000, ours() - before < 150, all(len(copypatch.executors(f)) == 3 for k, f in kept))
        n = armed()
        kept.clear(); del f
        print(n - armed())
    """, COPYPATCH_EAGER="1") == ["True True True", "60"]


def test_code_that_dies_by_itself_is_released_with_what_its_trace_holds():
    """A __del__ that runs Python code, while CPython tells of the death of the code object."""
    assert out("""
        copypatch.enable()
        import weakref, gc
        class Noisy:
            def __del__(self):
                n = 0
                for i in range(100): n += i
                print("gone", n, code() is None)
        exec("def f(n):\\n s = 0\\n for i in range(n): s += 1\\n return s")
        f(100)
        code = weakref.ref(f.__code__)
        f.noisy = Noisy()
        del f
        gc.collect()
        print(code())
        try:
            raise KeyError("kept")
        except KeyError as e:
            exec("def f(n):\\n for i in range(n): pass"); f(100); del f
            print(e)
    """, COPYPATCH_EAGER="1") == ["gone 4950 False", "None", "'kept'"]


def test_the_end_of_the_interpreter():
    """Code that runs while modules, then the interpreter, are taken down, after code objects have died."""
    program = """
        copypatch.enable()
        def work(n):
            s = 0
            for i in range(n): s += i
            return s
        class Late:
            def __init__(self, name): self.name = name
            def __del__(self, work=work, write=sys.stdout.write, range=range):
                write(f"{self.name} {work(1000)}\\n")
        work(100)
        sys.late, sys.modules["builtins"].late, late = Late("sys"), Late("builtins"), Late("main")
        sys.loop = [Late("cycle")]; sys.loop.append(sys.loop)
        import codecs
        codecs.register(Late("codecs").__eq__)
    """
    stock = out(program, COPYPATCH="0")
    assert len(stock) >= 2 and out(program, COPYPATCH_EAGER="1") == stock
