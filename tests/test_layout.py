"""The self-check at import: what the interpreter publishes about itself decides, not its version."""

import subprocess
import sys

import pytest

# _Py_DebugOffsets, as words of 8 bytes: cookie, version, free_threaded, runtime_state (3), interpreter_state (13), thread_state (9), interpreter_frame (6)
INTERPRETER_SIZE, THREAD_SIZE, THREAD_INTERP, THREAD_DATASTACK, FRAME_SIZE, FRAME_LOCALS = 6, 19, 22, 26, 28, 32

CHANGE = """
import ctypes, sys
words = (ctypes.c_uint64 * 73).in_dll(ctypes.pythonapi, "_PyRuntime")
assert words[0] == int.from_bytes(b"xdebugpy", "little") and words[1] == sys.hexversion
assert (words[%d] > 1000 and words[%d] > 200 and words[%d] == 16)     # what the numbers above mean
words[%d] += %d
import copypatch
copypatch.enable()
print(copypatch.is_available(), copypatch.is_enabled())
print(copypatch.why_unavailable())
"""


def changed(word, by):
    code = CHANGE % (INTERPRETER_SIZE, THREAD_SIZE, THREAD_INTERP, word, by)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("word", [INTERPRETER_SIZE, THREAD_SIZE])
def test_grown_at_its_end(word):
    """As between patch releases: a wheel serves them all."""
    assert changed(word, 16) == ["True True", "None"]


@pytest.mark.parametrize("word, by, what", [
    (INTERPRETER_SIZE, -4000, "interpreter state"), (THREAD_SIZE, -8, "thread state"), (THREAD_INTERP, 8, "thread state.interp"),
    (THREAD_DATASTACK, 8, "thread state.datastack_chunk"), (FRAME_SIZE, 8, "frame"), (FRAME_LOCALS, 8, "frame.localsplus"),
])
def test_another_layout(word, by, what):
    assert changed(word, by) == ["False False", f"this Python was built differently than expected ({what})"]


def test_no_trace_is_left():
    """The check takes a tool id for a moment."""
    code = "import sys, copypatch; print([sys.monitoring.get_tool(i) for i in range(6)], copypatch.is_available())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == f"{[None] * 6} True\n"


def test_all_tool_ids_taken():
    code = "import sys\nfor i in range(6): sys.monitoring.use_tool_id(i, f'tool {i}')\nimport copypatch; print([sys.monitoring.get_tool(i) for i in range(6)], copypatch.is_available())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == f"{[f'tool {i}' for i in range(6)]} True\n"
