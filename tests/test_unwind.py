"""Unwinding through traces: C++ exceptions, threads that end in mid-call, walks of the stack. tests/unwind/unwind_ext.cpp is below them."""

import shutil
import subprocess
import sys
import sysconfig
import textwrap
from pathlib import Path

import pytest
import runner

SOURCE = Path(__file__).parent / "unwind" / "unwind_ext.cpp"
MODES = {"jit": {}, "jit-exit1": {"COPYPATCH_STRESS": "exit:1"}, "interpreter": {"COPYPATCH_INTERPRET": "1"}}

pytestmark = [pytest.mark.skipif(not shutil.which("g++"), reason="no g++"), pytest.mark.skipif(sys.platform != "linux", reason="builds with g++ for Linux")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unwind")
    subprocess.run(["g++", "-shared", "-fPIC", "-O1", "-Wall", "-I", sysconfig.get_path("include"), SOURCE, "-o", folder / "unwind_ext.so"], check=True)
    return folder


def both(folder, program, mode):
    """The program on stock and in a mode: they agree. -> what it printed"""
    path = folder / "program.py"
    path.write_text(textwrap.dedent(program))
    stock = runner.run([path], PYTHONPATH=str(folder))
    ours = runner.run(["-m", "copypatch", path], PYTHONPATH=str(folder), COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0", **MODES[mode])
    assert runner.difference(ours, stock) is None, runner.difference(ours, stock)
    return stock.stdout


LOOP = """
    import atexit, sys, threading, time, _thread, unwind_ext
    def loop(n, stop, leave):
        s = 0.0
        for i in range(n):
            s += i * 0.5
            leave(i, stop)
        return s
    def state():
        copypatch = sys.modules.get("copypatch")
        return bool(copypatch and copypatch.is_active())
    atexit.register(lambda: print(state()))
"""


@pytest.mark.parametrize("mode", MODES)
def test_exception_of_c_plus_plus(folder, mode):
    out = both(folder, LOOP + """
    def in_between(stop):
        return loop(300, stop, unwind_ext.throw_at)
    for turn in range(3):
        for stop in -1, 250, 3, 20, 299:
            print(stop, unwind_ext.catching(lambda: in_between(stop)))
    def f(n):
        return f(n - 1) + 1 if n else 0
    print(f(300))
    for turn in range(100):
        unwind_ext.catching(lambda: in_between(turn))
    print(loop(300, 400, unwind_ext.throw_at))
    """, mode)
    assert out.count("thrown") == 12 and out.count("22425.0") == 4 and out.endswith("\nFalse\n")


@pytest.mark.parametrize("mode", MODES)
def test_exception_nobody_catches(folder, mode):
    path = folder / "program.py"
    path.write_text(textwrap.dedent(LOOP + "    loop(300, 200, unwind_ext.throw_at)\n"))
    for command in [path], ["-m", "copypatch", path]:
        done = runner.run(command, PYTHONPATH=str(folder), COPYPATCH_EAGER="1", PYTHONFAULTHANDLER="", **MODES[mode])
        assert done.status == -6 and "terminate called after throwing" in done.stderr, (command, done)


@pytest.mark.parametrize("mode", MODES)
def test_thread_that_ends_in_mid_call(folder, mode):
    assert both(folder, LOOP + """
    done = []
    for stop in -1, 250, 3, 20, -1:
        _thread.start_new_thread(lambda: done.append(loop(300, stop, unwind_ext.exit_at)), ())
        time.sleep(0.1)
    print(done)
    """, mode) == "[22425.0, 22425.0]\nFalse\n"


def test_daemon_threads_at_the_end(folder):
    """3.13 ends daemon threads by pthread_exit() when they ask for the GIL after the interpreter's end."""
    both(folder, LOOP + """
    def forever(x, y):
        time.sleep(0.0001)
    for n in range(4):
        threading.Thread(target=loop, args=(10**9, 0, forever), daemon=True).start()
        threading.Thread(target=loop, args=(10**9, 0, lambda x, y: None), daemon=True).start()
    time.sleep(0.3)
    """, "jit")


def test_stack_is_walked_through(folder):
    """An unwinder finds the interpreter's frames below a trace: the same above our own few, wherever it starts."""
    out = both(folder, LOOP + """
    def depths(n):
        found = []
        for i in range(n):
            found.append(unwind_ext.depth())
        return found
    plain = depths(1)[0]
    deep = [depths(200)[-1] - plain for k in range(3)]
    print([0 <= d < 40 for d in deep])     # in a debug build recording takes 24
    """, "jit")
    assert out == "[True, True, True]\nFalse\n"
