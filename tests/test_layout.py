"""The self-check at import: what the interpreter publishes about itself decides, not its version."""

import subprocess
import sys

import pytest

# _Py_DebugOffsets, as words of 8 bytes: where in it each version has what is changed here
WORDS = {
    (3, 13): {"interpreter": 6, "interpreter.sysdict": 12, "thread": 19, "thread.interp": 22, "thread.datastack": 26, "frame": 28, "frame.localsplus": 32},
    (3, 14): {"interpreter": 6, "interpreter.sysdict": 13, "thread": 22, "thread.interp": 25, "thread.datastack": 29, "frame": 31, "frame.localsplus": 35,
              "frame.stackpointer": 37},
    (3, 15): {"interpreter": 6, "interpreter.sysdict": 13, "thread": 22, "thread.interp": 25, "thread.datastack": 32, "frame": 39, "frame.localsplus": 43,
              "frame.stackpointer": 45, "thread.base_frame": 27},
}[sys.version_info[:2]]

CHANGE = """
import ctypes, sys
words = (ctypes.c_uint64 * 73).in_dll(ctypes.pythonapi, "_PyRuntime")
assert words[0] == int.from_bytes(b"xdebugpy", "little") and words[1] == sys.hexversion
assert words[%(interpreter)d] > 1000 and words[%(thread)d] > 200 and words[%(thread.interp)d] == 16 and words[%(frame)d] in (80, 88)     # what the numbers above mean
words[%(word)d] += %(by)d
import copypatch
copypatch.enable()
print(copypatch.is_available(), copypatch.is_enabled())
print(copypatch.why_unavailable())
"""


def changed(word, by):
    done = subprocess.run([sys.executable, "-c", CHANGE % {**WORDS, "word": WORDS[word], "by": by}], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("word", ["interpreter", "thread"])
def test_grown_at_its_end(word):
    """As between patch releases: a wheel serves them all."""
    assert changed(word, 16) == ["True True", "None"]


@pytest.mark.parametrize("word, by, what", [
    ("interpreter", -4000, "interpreter state"), ("thread", -8, "thread state"), ("thread.interp", 8, "thread state.interp"),
    ("thread.datastack", 8, "thread state.datastack_chunk"), ("frame", 8, "frame"), ("frame.localsplus", 8, "frame.localsplus"),
    ("frame.stackpointer", 8, "frame.stackpointer"), ("thread.base_frame", 8, "thread state.base_frame"),
    ("interpreter.sysdict", 4, "interpreter state"), ("interpreter.sysdict", 2**40, "interpreter state"), ("interpreter.sysdict", -2**40, "interpreter state"),
])
def test_another_layout(word, by, what):
    if word not in WORDS:
        pytest.skip("this version does not publish it")
    assert changed(word, by) == ["False False", f"this Python was built differently than expected ({what})"]


@pytest.mark.parametrize("by", [-8, 8, 64, -64])
def test_moved(by):
    """What lies behind sysdict is not where this would have it: the interpreter's own word on it decides."""
    first, why = changed("interpreter.sysdict", by)
    assert first == "False False" and why.startswith("this Python was built differently than expected (interpreter state.")


def test_no_trace_is_left():
    """The check takes a tool id for a moment."""
    code = "import sys, copypatch; print([sys.monitoring.get_tool(i) for i in range(6)], copypatch.is_available())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == f"{[None] * 6} True\n"


def test_all_tool_ids_taken():
    code = "import sys\nfor i in range(6): sys.monitoring.use_tool_id(i, f'tool {i}')\nimport copypatch; print([sys.monitoring.get_tool(i) for i in range(6)], copypatch.is_available())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == f"{[f'tool {i}' for i in range(6)]} True\n"
def test_looking_changes_nothing():
    """Code that is called after the import is not instrumented for it: the interpreter would keep 128 bytes for each code object."""
    program = """
import sys, tracemalloc
import copypatch
def f(): return 1
tracemalloc.start()
f()
print([s.size for s in tracemalloc.take_snapshot().statistics("lineno")])
"""
    stock, ours = (subprocess.run([sys.executable, "-c", p], capture_output=True, text=True) for p in (program.replace("import copypatch", "pass"), program))
    assert stock.stdout == ours.stdout and stock.stdout, ours.stderr
