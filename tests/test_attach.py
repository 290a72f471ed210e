"""Finding hot code, stepping aside, and leaving no trace: sampler, arming, fork, threads, other tools."""

import os
import subprocess
import sys
import textwrap

import pytest

COUNT = """
import copypatch, sys, time
def hot(n):
    i = 0
    while i < n:
        i += 1
    return i
def busy(seconds):      # CPU time
    end = time.process_time() + seconds
    while time.process_time() < end:
        hot(20_000)
def armed(): return copypatch.stats()["armed"]
"""


def python(code, *flags, status=0, **environment):
    env = {**os.environ, **environment}
    done = subprocess.run([sys.executable, *flags, "-c", COUNT + textwrap.dedent(code)], text=True, capture_output=True, timeout=60, env=env)
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr


def out(code, *flags, **environment):
    return python(code, *flags, **environment)[0].splitlines()


def test_import_changes_nothing():
    assert out("busy(.1); print(copypatch.is_enabled(), armed(), sys.monitoring.get_tool(5))") == ["False 0 None"]


def test_hot_code_is_armed_and_found():
    assert out("""
        copypatch.enable()
        print(sys.monitoring.get_tool(5))
        busy(.2)
        print(sys.monitoring.get_tool(5), armed() > 0, copypatch.stats()["entries"] + copypatch.stats()["traces"] > 0)
        print(bool(sys.monitoring.get_local_events(5, hot.__code__) & sys.monitoring.events.JUMP))
    """) == ["None", "copypatch True True", "True"]


def test_disable_leaves_nothing():
    assert out("""
        for _ in range(3):
            copypatch.enable()
            copypatch.enable()
            busy(.1)
            print(copypatch.is_enabled(), armed() > 0, end=" ")
            copypatch.disable()
            copypatch.disable()
            print(copypatch.is_enabled(), armed(), sys.monitoring.get_tool(5))
        sys.monitoring.use_tool_id(5, "me")
        print(sys.monitoring.get_local_events(5, hot.__code__), sys.monitoring.register_callback(5, sys.monitoring.events.JUMP, None))
        print(len(__import__("os").listdir("/proc/self/task")))
    """) == ["True True False 0 None"] * 3 + ["0 None", "1"]


def test_disable_within_a_hot_loop():
    assert out("""
        def f(n):
            s = 0
            for i in range(n):
                s += i
                if i == n // 2: copypatch.disable()
                if i == n // 3: copypatch.enable()
            return s
        for _ in range(5): print(f(100_000))
    """, COPYPATCH_EAGER="1") == ["4999950000"] * 5


def test_another_tool_id_when_ours_is_taken():
    assert out("""
        sys.monitoring.use_tool_id(5, "other")
        copypatch.enable(); busy(.1)
        print(sys.monitoring.get_tool(5), sys.monitoring.get_tool(0), armed() > 0)
    """) == ["other copypatch True"]


def test_no_tool_id_is_left():
    stdout, stderr = python("""
        for tool in range(6): sys.monitoring.use_tool_id(tool, "other")
        copypatch.enable(); busy(.1)
        print(armed(), copypatch.stats()["off_reason"])
    """)
    assert stdout == "0 no sys.monitoring tool id is free\n" and stderr.count("tool ids") == 1


def test_armed_code_can_die():
    assert out("""
        import gc, weakref
        copypatch.enable()
        exec("def f():\\n for i in range(9): pass")
        code = weakref.ref(f.__code__)
        f()
        print(armed() > 0)
        n = armed()
        del f; gc.collect()
        print(code(), n - armed())
        for k in range(500): exec("def f():\\n for i in range(9): pass"); f()
        print(armed() - n)
    """, COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0") == ["True", "None 1", "0"]


def test_eager_arms_what_exists_and_what_comes():
    assert out("""
        def outer():
            def inner():
                for i in range(3): pass
            return inner
        def straight(): pass
        def now():
            for i in range(4):
                if i == 1: copypatch.enable()
            return sys._getframe().f_code
        code = now()
        is_armed = lambda f: sys.monitoring.get_local_events(5, getattr(f, "__code__", f)) != 0
        print(is_armed(hot), is_armed(code), is_armed(outer()), is_armed(straight))
        exec("def later():\\n for i in range(3): pass")
        print(is_armed(later), is_armed(compile("for i in []: pass", "x", "exec")), is_armed(compile("1", "x", "exec")))
        import textwrap, colorsys, this
    """, COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0")[:2] == ["True True True False", "True True False"]


COUNTED = """
        copypatch.enable()
        hot(100)
        def entries():
            return [x.entries for x in copypatch.executors(hot2)]
        def watched():
            before = entries()
            hot2(1000)
            return entries() == before
        exec("def hot2(n):\\n i = 0\\n while i < n: i += 1")
"""


@pytest.mark.parametrize("watch", [
    "sys.settrace(lambda *a: None)",
    "sys.setprofile(lambda *a: None)",
    "sys.monitoring.use_tool_id(1, 'x'); sys.monitoring.set_events(1, sys.monitoring.events.LINE)",
    "sys.monitoring.use_tool_id(1, 'x'); sys.monitoring.set_events(1, sys.monitoring.events.RAISE)",
    "sys.monitoring.use_tool_id(1, 'x'); sys.monitoring.set_local_events(1, hot2.__code__, sys.monitoring.events.LINE)",
    "__import__('threading').settrace_all_threads(lambda *a: None)",
])
def test_steps_aside(watch):
    assert out(COUNTED + f"        print(watched())\n        {watch}\n        print(watched(), watched())\n", COPYPATCH_EAGER="1") == ["False", "True True"]


def test_needs_to_be_told_of_local_events():
    assert out("""
        own = sys.monitoring.set_local_events
        sys.monitoring.set_local_events = lambda *a: own(*a)
        copypatch.enable()
        print(hot(1000), copypatch.is_enabled(), copypatch.stats()["off_reason"], copypatch.stats()["traces"])
        sys.monitoring.set_local_events = own
        copypatch.enable()
        print(hot(1000), hot(1000), copypatch.is_enabled(), copypatch.stats()["off_reason"], copypatch.stats()["traces"] > 0)
    """, COPYPATCH_EAGER="1") == ["1000 False sys.monitoring.set_local_events is not CPython's own 0", "1000 1000 True None True"]


def test_comes_back():
    assert out(COUNTED + """
        sys.settrace(lambda *a: None); print(watched()); sys.settrace(None); print(watched())
    """, COPYPATCH_EAGER="1") == ["True", "False"]


@pytest.mark.parametrize("start", ["threading.Thread(target=work)", "threading.Thread(target=work, daemon=True)"])
def test_threads_are_sampled(start):
    assert out(f"""
        import threading
        copypatch.enable()
        def work(): busy(.3)
        t = {start}; t.start(); t.join()
        print(armed() > 0)
    """) == ["True"]


def test_an_idle_process_is_left_alone():
    assert out("""
        copypatch.enable(); busy(.05)
        def switches():
            return sum(int(line.split()[1]) for task in os.listdir("/proc/self/task") for line in open(f"/proc/self/task/{task}/status")
                       if "ctxt_switches" in line)
        import os
        time.sleep(.1); before = switches(); time.sleep(1); print(switches() - before < 20)
    """) == ["True"]


FORK = """
        import os, warnings
        copypatch.enable()
        for round in range(4):
            pid = os.fork()
            busy(.1)
            running = len(os.listdir("/proc/self/task")) == 2
            if pid == 0:
                os._exit(armed() > 0 and running)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), running, end=" ")
        print(armed() > 0)
"""


@pytest.mark.parametrize("action", ["always", "error"])
def test_fork(action):
    stdout, stderr = python(FORK, "-W", action)
    assert stdout == "1 True " * 4 + "True\n" and stderr == ""


def test_fork_with_hooks_that_run_python_code():
    code = """
        import os
        def hook():
            for i in range(2000): hot(3)
        os.register_at_fork(before=hook, after_in_parent=hook, after_in_child=hook)
""" + FORK
    stdout, stderr = python(code, "-W", "always")
    assert stdout == "1 True " * 4 + "True\n" and stderr == ""


def test_fork_in_a_row_and_from_a_thread():
    assert python("""
        import os, threading
        copypatch.enable(); busy(.05)
        pids = [os.fork() or os._exit(0) for _ in range(20)]
        for pid in pids: os.waitpid(pid, 0)
        print(len(os.listdir("/proc/self/task")))
        def work():
            pid = os.fork()
            if pid == 0: busy(.05); os._exit(3)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        t = threading.Thread(target=work); t.start(); t.join()
    """, "-W", "ignore")[0].splitlines()[1:] == ["3"]


def test_subprocess_and_exec():
    assert out("""
        import subprocess, os
        copypatch.enable(); busy(.05)
        print(subprocess.run(["echo", "hi"], capture_output=True, text=True).stdout.strip(), flush=True)
        subprocess.run(["true"], preexec_fn=lambda: None)
        os.execv("/bin/echo", ["echo", "done"])
    """) == ["hi", "done"]


def test_off_in_subinterpreters():
    assert out("""
        import _interpreters
        copypatch.enable()
        id = _interpreters.create("legacy")
        error = _interpreters.exec(id, "import copypatch\\ncopypatch.enable()\\nfor i in range(100_000): pass\\nprint('there')")
        print(error)
        _interpreters.destroy(id)
        busy(.05)
        print(armed() > 0)
    """) in (["there", "None", "True"],)


def test_signals_of_the_program():
    assert out("""
        import signal
        n = 0
        def tick(*a):
            global n
            n += 1
        signal.signal(signal.SIGPROF, tick); signal.signal(signal.SIGRTMAX, tick)
        signal.setitimer(signal.ITIMER_PROF, .01, .01)
        copypatch.enable(); busy(.3)
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(5 < n < 60)
        n = 0; busy(.1); print(n)
        signal.raise_signal(signal.SIGRTMAX); print(n)
    """) == ["True", "0", "1"]


def test_api():
    assert out("""
        print(copypatch.is_available(), copypatch.why_unavailable(), copypatch.is_active(), copypatch.executors(), copypatch.executors(hot))
        try: copypatch.executors(3)
        except TypeError as e: print(e)
        print(sorted(copypatch.stats())[:3])
    """) == ["True None False [] []", "executors() takes a function or a code object, not int", "['aborted_bytecodes', 'aborts', 'aborts_by_reason']"]


def test_exceptions_come_through():
    assert out("""
        copypatch.enable()
        def f(n):
            try:
                for i in range(n):
                    if i == 5000: raise KeyError(i)
            except KeyError as e:
                return e.args[0]
        print([f(6000) for _ in range(3)])
    """, COPYPATCH_EAGER="1") == ["[5000, 5000, 5000]"]


def test_instruction_events_before_code_is_hot():
    """What another tool that came first is told of a function stays the same when its loop becomes hot."""
    assert out("""
        copypatch.enable()
        def f(n):
            for i in range(n): i += 1
        seen = []
        sys.monitoring.use_tool_id(2, "other")
        sys.monitoring.register_callback(2, sys.monitoring.events.INSTRUCTION, lambda code, offset: seen.append(offset))
        sys.monitoring.set_local_events(2, f.__code__, sys.monitoring.events.INSTRUCTION)
        def told():
            seen.clear()
            f(3)
            return list(seen)
        before = told()
        end = time.process_time() + .3
        while time.process_time() < end: f(2_000)
        print(len(before) > 20, told() == before)
    """) == ["True True"]
