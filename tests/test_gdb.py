"""gdb sees traces by name and unwinds through them: a real one, in batch mode."""

import re
import shutil
import subprocess
import sys
import textwrap
import time

import pytest
import runner

pytestmark = [pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb"), pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))]

PROGRAM = """
    import os, time
    pauses = [0] * 400 + [1000]
    def half(x):
        return x * 0.5
    def loop(n):
        s = 0.0
        for i in range(n):          # line 8
            s += half(i)
            os.getppid()            # line 10
            time.sleep(pauses[i])
        return s
    def caller():
        return loop(401)
    caller()
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    return path


def gdb(*args):
    command = ["gdb", "-nx", "-batch", "-ex", "set pagination off", "-ex", "set breakpoint pending on", "-ex", "set debuginfod enabled off", *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL, env=runner.environment(COPYPATCH_EAGER="1"))
    return done.stdout + done.stderr


def check_stack(text, program, helper):
    frames = [line for line in text.splitlines() if line.startswith("#")]
    names = " ".join(frames)
    at = next((i for i, line in enumerate(frames) if f"py_trace:loop:{program}:" in line), None)
    assert at, text
    assert any(helper in line for line in frames[:at]), text
    assert "_PyEval_EvalFrameDefault" in " ".join(frames[at:]) and "run_outermost" in frames[-1], text     # src/cpython/runmain.c
    assert "corrupt" not in text and "??" not in names.replace("?? ()\n", ""), text
    return frames[at]


def test_backtrace_from_a_helper(program):
    text = gdb("-ex", "break getppid", "-ex", "ignore 1 200", "-ex", "run", "-ex", "bt", "-ex", "kill", "--args", sys.executable, "-m", "copypatch", str(program))
    frame = check_stack(text, program, "getppid")
    assert f"py_trace:loop:{program}:8 () at {program}:10" in frame


def test_breakpoint_in_a_trace(program):
    """Where the helper returns to."""
    find = "f = gdb.newest_frame()\\nwhile not str(f.name()).startswith('py_trace'): f = f.older()\\nf.select()"
    commands = ["break getppid", "ignore 1 200", "run", "delete", f'python exec("{find}")', "tbreak *$pc", "continue", "bt", "kill"]
    text = gdb(*(word for command in commands for word in ("-ex", command)), "--args", sys.executable, "-m", "copypatch", str(program))
    assert re.search(rf"^Temporary breakpoint 2, 0x\w+ in py_trace:loop:{program}:8 \(\) at {program}:10$", text, re.M), text
    assert re.search(rf"^#0 +0x\w+ in py_trace:loop:{program}:8", text, re.M), text


def test_attached_later(program):
    """COPYPATCH_GDB=1: traces are announced although no debugger is there yet."""
    process = subprocess.Popen([sys.executable, "-m", "copypatch", program], env=runner.environment(COPYPATCH_EAGER="1", COPYPATCH_GDB="1"))
    try:
        for _ in range(100):        # until it sleeps
            time.sleep(0.1)
            with open(f"/proc/{process.pid}/wchan") as file:
                if "nanosleep" in file.read():
                    break
        text = gdb("-p", str(process.pid), "-ex", "bt")
        if "ptrace: Operation not permitted" in text:
            pytest.skip("gdb may not attach to a process here")
        check_stack(text, program, "sleep")
    finally:
        process.kill()
        process.wait()


COUNT = """
    import ctypes, gc, copypatch
    class Entry(ctypes.Structure): pass
    Entry._fields_ = [("next", ctypes.POINTER(Entry)), ("prev", ctypes.POINTER(Entry)), ("object", ctypes.POINTER(ctypes.c_char)), ("size", ctypes.c_uint64)]
    class Descriptor(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint32), ("action", ctypes.c_uint32), ("relevant", ctypes.POINTER(Entry)), ("first", ctypes.POINTER(Entry))]
    descriptor = Descriptor.in_dll(ctypes.CDLL(copypatch._copypatch.__file__), "__jit_debug_descriptor")
    def names():
        found, e = [], descriptor.first
        while e:
            data = e.contents.object[:e.contents.size]
            found += [part.decode() for part in data.split(b"\\0") if part.startswith(b"py_trace:f")]
            e = e.contents.next
        return sorted(set(found))
    def define():
        namespace = {}
        exec("def f(n):\\n for i in range(n):\\n  i + 1\\n", namespace)
        return namespace["f"]
    f = define()
    f(100)
    print(names(), len(copypatch.executors(f)))
    del f
    gc.collect()
    print(names())
"""


@pytest.mark.parametrize("value, expected", [("1", "['py_trace:f:<string>:2'] 1\n[]\n"), ("0", "[] 1\n[]\n"), (None, "[] 1\n[]\n")])
def test_announced_and_withdrawn(tmp_path, value, expected):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(COUNT))
    done = runner.run(["-m", "copypatch", path], COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0", **({"COPYPATCH_GDB": value} if value else {}))
    assert done.stdout == expected, done
