"""What comes from outside into a hot loop: Ctrl-C, other threads, fork, exit. Each case is a process of its own."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import runner  # noqa: E402

MODES = {"sampled": {}, "eager": {"COPYPATCH_EAGER": "1"}, "interpreter": {"COPYPATCH_EAGER": "1", "COPYPATCH_INTERPRET": "1"}}

LOOPS = {
    "while_int": "n = 0\nwhile True:\n    n = (n + 1) & 0xFFFF",
    "float": "x = 0.0\nwhile True:\n    x = x * 0.5 + 1.0",
    "range": "for i in range(10**15):\n    pass",
    "nested": "while True:\n    for i in range(100):\n        s = 0\n        for j in range(50):\n            s += j",
    "calls": "def g(x): return x + 1\nn = 0\nwhile True:\n    n = g(n) % 1000",
    "builtin_calls": "l = []\nwhile True:\n    l.append(1)\n    l.pop()",
    "caught_each_turn": "while True:\n    try:\n        {}[1]\n    except KeyError:\n        pass",
    "generator": "def g():\n    n = 0\n    while True:\n        n += 1\n        yield n\nfor x in g():\n    pass",
}


def in_function(body):
    return "import sys\ndef f():\n" + textwrap.indent(body, "    ") + "\n"


def start(code, mode, *flags):
    return subprocess.Popen([sys.executable, *flags, "-m", "copypatch", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=runner.environment(**MODES[mode]))


def finish(process, timeout=30):
    try:
        return process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        pytest.fail(f"no end within {timeout} s\n{out}\n{err}")


def run(code, mode, *flags, status=0):
    process = start(textwrap.dedent(code), mode, *flags)
    out, err = finish(process)
    assert process.returncode == status, err
    return out, err


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("loop", LOOPS)
def test_ctrl_c(loop, mode):
    process = start(in_function(LOOPS[loop]) + "print('ready', flush=True)\nf()", mode)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.4)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = finish(process, 10)
    took = time.monotonic() - sent
    assert process.returncode == -signal.SIGINT, err
    assert err.rstrip().endswith("KeyboardInterrupt") and "in f" in err
    assert took < 1.0


@pytest.mark.parametrize("mode", MODES)
def test_ctrl_c_caught_and_on(mode):
    """The interrupted loop is entered again, and interrupted again."""
    out, _ = run("""
        import os, signal, sys, threading, time
        def f():
            n = 0
            try:
                while True: n += 1
            except KeyboardInterrupt:
                return n
        def send():
            for _ in range(3):
                time.sleep(.1)
                os.kill(os.getpid(), signal.SIGINT)
                done.wait(5); done.clear()
        done = threading.Event()
        t = threading.Thread(target=send)
        t.start()
        for _ in range(3):
            print(f() > 0)
            done.set()
        t.join()
    """, mode)
    assert out == "True\n" * 3


@pytest.mark.parametrize("mode", MODES)
def test_ctrl_c_at_module_level(mode):
    process = start("print('ready', flush=True)\nn = 0\nwhile True:\n    n += 1\n", mode)
    process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = finish(process, 10)
    assert process.returncode == -signal.SIGINT and "<module>" in err


@pytest.mark.parametrize("mode", MODES)
def test_threads_get_the_gil(mode):
    """A thread that wakes every 5 ms does so while the main thread is in a hot loop."""
    out, _ = run("""
        import threading, time
        woken = 0
        stop = False
        def waker():
            global woken
            while not stop:
                time.sleep(.005)
                woken += 1
        def hot(end):
            x = 0.0
            while True:
                for i in range(20000):
                    x = x * 0.5 + i
                if time.monotonic() > end:
                    return x
        t = threading.Thread(target=waker)
        t.start()
        hot(time.monotonic() + 1.0)
        stop = True
        t.join()
        print(woken)
    """, mode)
    assert int(out) >= 20       # about 100 on an idle machine: it waits for the switch interval each time


@pytest.mark.parametrize("mode", MODES)
def test_hot_threads_share(mode):
    """Two endless loops: each gets on, and the main thread can end them."""
    out, _ = run("""
        import threading, time
        counts = [0, 0]
        stop = []
        def hot(k):
            n = 0
            while not stop:
                n += 1
                counts[k] = n
        ts = [threading.Thread(target=hot, args=(k,)) for k in (0, 1)]
        for t in ts: t.start()
        time.sleep(.5)
        a = counts[:]
        time.sleep(.5)
        b = counts[:]
        stop.append(1)
        for t in ts: t.join(10)
        print(all(y > x > 0 for x, y in zip(a, b)), any(t.is_alive() for t in ts))
    """, mode)
    assert out == "True False\n"


@pytest.mark.parametrize("mode", MODES)
def test_fork_with_warnings_as_errors(mode):
    out, err = run("""
        import os, sys
        def hot(n):
            x = 0.0
            for i in range(n):
                x = x * 0.5 + i
            return x
        hot(300000)
        for _ in range(3):
            pid = os.fork()
            if pid == 0:
                ok = hot(300000) == hot(300000)
                os._exit(42 if ok else 1)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), hot(1000) > 0)
    """, mode, "-W", "error")
    assert out == "42 True\n" * 3 and err == ""


@pytest.mark.parametrize("mode", MODES)
def test_fork_in_a_hot_loop(mode):
    out, err = run("""
        import os
        def f(n):
            s = 0
            for i in range(n):
                s += i
                if i == 700:
                    pid = os.fork()
                    child = pid == 0
            return s, child, pid
        s, child, pid = f(1000)
        if child:
            os._exit(s % 200)
        print(s, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    """, mode, "-W", "error")
    assert out == f"{sum(range(1000))} {sum(range(1000)) % 200}\n" and err == ""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("argument, status, err", [("3", 3, ""), ("", 0, ""), ("'bye'", 1, "bye\n"), ("None", 0, "")])
def test_exit(argument, status, err, mode):
    out, error = run(f"""
        import sys
        def f(n):
            for i in range(n):
                if i == 5000:
                    sys.exit({argument})
        try:
            f(10000)
        finally:
            print("finally")
    """, mode, status=status)
    assert (out, error) == ("finally\n", err)


@pytest.mark.parametrize("mode", MODES)
def test_exit_while_a_daemon_thread_is_hot(mode):
    out, err = run("""
        import threading, time
        def hot():
            n = 0
            while True:
                n += 1
        threading.Thread(target=hot, daemon=True).start()
        time.sleep(.3)
        print("end")
    """, mode)
    assert (out, err) == ("end\n", "")


@pytest.mark.parametrize("mode", MODES)
def test_memory_error(mode):
    out, _ = run("""
        def f(n):
            c = 0
            for i in range(n):
                try:
                    x = [0] * (10 ** 17)
                except MemoryError:
                    c += 1
            return c
        print(f(500))
    """, mode)
    assert out == "500\n"


@pytest.mark.parametrize("mode", MODES)
def test_alarm_ends_a_loop_that_does_nothing(mode):
    out, _ = run("""
        import signal
        class Stop(Exception): pass
        def handler(*a): raise Stop
        signal.signal(signal.SIGALRM, handler)
        def f():
            while True:
                pass
        for _ in range(3):
            signal.setitimer(signal.ITIMER_REAL, .1)
            try:
                f()
            except Stop:
                print("stopped")
    """, mode)
    assert out == "stopped\n" * 3


@pytest.mark.parametrize("mode", MODES)
def test_broken_pipe(mode):
    """A loop that prints into a closed pipe ends as on stock."""
    code = "def f():\n    for i in range(10**7):\n        print(i)\nf()\n"
    for command in (["-c", code], ["-m", "copypatch", "-c", code]):
        process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=runner.environment(**MODES[mode]))
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(30)
        assert process.returncode in (1, 120) and "BrokenPipeError" in err
