"""What stats() says of native code: its share of the time, its size, its copies, when it was there first, how long a program is held up."""

import os
import re
import subprocess
import sys
import textwrap

import pytest
import runner

pytestmark = pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))
START = """
import copypatch, gc, sys, time
from copypatch._copypatch import executors, stats     # with no Python code that may be compiled itself
def busy(f, seconds=.5):
    end = time.process_time() + seconds
    while time.process_time() < end:            # seldom: where processors are scarce the kernel lets the sampler run when a system call ends
        for _ in range(100): f(2000)
"""


def out(code, **environment):
    done = subprocess.run([sys.executable, "-c", START + textwrap.dedent(code)], capture_output=True, text=True, env=runner.environment(**environment))
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


WORK = {
    "native": "def f(n):\n    t = 0\n    for i in range(n): t += i % 7\n",
    "C, called by native code": "l = [float(i) for i in range(2_000)]\ndef f(n):\n    t = 0\n    for i in range(n): t += sum(l)\n",
    "interpreted": "def f(n):\n    for i in range(n): sys.getrefcount(i)\n",
    "C, called by the interpreter": "l = [float(i) for i in range(2_000)]\ndef f(n):\n    for i in range(n): sys.getrefcount(i); sum(l)\n",
    "interpreted, below native code": "def g(n):\n    for i in range(n): sys.getrefcount(i)\nfrom functools import partial\nh = partial(g, 200)\ndef f(n):\n    for i in range(n): h()\n",
}


@pytest.mark.parametrize("what", WORK)
def test_share_of_the_time(what):
    """What runs when a sample is asked for counts: native code, and C functions that it calls; not Python code that these run in the interpreter."""
    share, samples, counted, native = map(float, out(WORK[what] + """
before = stats()
copypatch.enable()
busy(f, .7)
s = stats()
assert before["native_share"] is None and not any(map(sum, before["native_samples"]))
print(s["native_share"], s["samples"], *map(sum, zip(*s["native_samples"])))
"""))
    assert 4 <= counted <= samples and native <= counted
    assert share > .6 if "native" in what.split(",")[0] or "by native" in what else share < .3, (what, share)


def test_samples_by_time():
    """50 ms of CPU time each: a program that waits a second for its first hot loop has none in native code before."""
    s = eval("".join(out(WORK["interpreted"] + WORK["native"].replace("f(", "g(") + """
copypatch.enable()
busy(f, .5)
then = time.process_time()
busy(g, .5)
print([then, stats()["native_samples"]])
""")))
    first = int(s[0] / .05)
    assert len(s[1]) == 40
    assert sum(native for _, native in s[1][:first]) <= 1 and sum(native for _, native in s[1][first + 1:]) >= 2


def test_first_native_code():
    before, none, started, first, later, now = out("""
copypatch.enable()
print(stats()["first_native_s"])
def f(n):
    t = 0
    for i in range(n): t += i % 7
def g(n):
    t = 0
    for i in range(n): t -= i % 7
sum(range(5_000_000))
print(stats()["first_native_s"], time.process_time())
f(100)
print(stats()["first_native_s"])
g(100)
print(stats()["first_native_s"], time.process_time())
""", COPYPATCH_EAGER="1")
    assert before == none == "None"
    assert float(started) <= float(first) == float(later) <= float(now)


def test_sizes():
    """Of what is there: what dies is not counted any more."""
    at = [list(map(int, line.split(","))) for line in out("""
copypatch.enable()
from operator import attrgetter
def make(_):
    names = {}
    exec("def f(n):\\n t = 0\\n for i in range(n):\\n  t += i if i % 3 else -1\\n", names)
    names["f"](300)
    return names
def show():
    gc.collect()
    print(f'{stats()["code_bytes"]},{stats()["metadata_bytes"]},{sum(map(attrgetter("code_size"), executors()))},{len(executors())}')
first = make(0); show()
more = list(map(make, range(20))); show()
del more; show()
""", COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0")]
    one, many, again = at
    assert many[3] == one[3] + 20 and again[3] == one[3]
    assert one[0] >= one[2] > 500 and one[1] > 1000
    assert many[0] - one[0] >= many[2] - one[2] > 15 * 500 and many[1] - one[1] > 15 * 1000
    assert abs(again[0] - one[0]) < 2000 and again[1] - one[1] < (many[1] - one[1]) / 5


def test_copies():
    """In how many traces a bytecode stands, on average."""
    none, one, several = out("""
copypatch.enable()
def helper(x): return x * x + x * 3 + x * 5 + x * 7 + x * 11
def loop(n):
    t = 0
    for i in range(n): t += helper(i)
print(stats()["copies_per_bytecode"])
loop(300)
print(stats()["copies_per_bytecode"])
for k in range(9):
    names = {"helper": helper}
    exec("def f(n):\\n t = 0\\n for i in range(n):\\n  t -= helper(i)\\n", names)
    names["f"](300)
    globals()[f"keep{k}"] = names
print(stats()["copies_per_bytecode"])
""", COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0")
    assert none == "None" and float(one) < 1.3 and 1.6 < float(several) < 8


def test_few_runs():
    """Counted by the traces, when they are told to: a loop's turns too."""
    code = """
copypatch.enable()
def loop(n):
    t = 0
    for i in range(n): t += i
def function(a):
    return a * 2.5 + 1.0 - a * a
loop(100)
for n in range(3): function(1.5)
print(stats()["few_runs"])
loop(300)
print(stats()["few_runs"])
loop(300)
print(stats()["few_runs"], stats()["traces"] + stats()["side_traces"])
"""
    few, still, then, traces = out(code, COPYPATCH_EAGER="1", COPYPATCH_COUNT="runs")
    assert int(traces) >= 2 and float(few) == float(still) == 1 and float(then) == 1 - 1 / int(traces)
    assert out(code, COPYPATCH_EAGER="1")[:3] == ["None"] * 3


def test_native_bytecodes():
    """Each that native code has executed, exits and side traces and all."""
    code = """
def f(n):
    t = 0
    for i in range(n):
        if i % 3: t += g(i)
        else: t -= 1
    return t
def g(i):
    return i * 2 + 1
executed = 0
def count(*args):
    global executed
    executed += 1
M = sys.monitoring
M.use_tool_id(3, "count")
events = M.events.INSTRUCTION | M.events.PY_START       # a RESUME is none of the former
for event in M.events.INSTRUCTION, M.events.PY_START: M.register_callback(3, event, count)
for function in f, g: M.set_local_events(3, function.__code__, events)
f(3000)
for function in f, g: M.set_local_events(3, function.__code__, 0)
M.free_tool_id(3)
copypatch.enable()
f(100)
before = stats()["native_bytecodes"] or 0
f(3000)
print(executed, stats()["native_bytecodes"] and stats()["native_bytecodes"] - before)
"""
    executed, native = map(int, out(code, COPYPATCH_EAGER="1", COPYPATCH_COUNT="bytecodes", COPYPATCH_RETIRE="0"))
    assert .97 * executed < native <= executed * 1.001
    assert out(code, COPYPATCH_EAGER="1", COPYPATCH_COUNT="runs", COPYPATCH_RETIRE="0")[1] == "None"


def test_longest_pause():
    """A recording and what is made of it, at least; what the program itself takes is none."""
    longest, stages = map(int, out("""
copypatch.enable()
def f(n):
    for i in range(n): time.sleep(.02)
f(8)
s = stats()
print(s["longest_pause_ns"], s["setup_ns"] + s["record_ns"] + s["optimize_ns"] + s["emit_ns"])
""", COPYPATCH_EAGER="1"))
    assert stages / 20 < longest < 20_000_000


@pytest.mark.parametrize("words, message", [("turns", "copypatch: COPYPATCH_COUNT=turns ignored: expected runs or bytecodes\n"), ("runs,bytecodes", "")])
def test_switch(words, message):
    done = subprocess.run([sys.executable, "-c", "import copypatch"], capture_output=True, text=True, env={**os.environ, "COPYPATCH_COUNT": words})
    assert done.stderr == message


def test_verbose_says_it(tmp_path):
    (tmp_path / "app.py").write_text("import time\ndef f(n):\n    t = 0\n    for i in range(n): t += i % 7\nend = time.process_time() + .5\nwhile time.process_time() < end: f(2000)\n")
    done = runner.run(["-m", "copypatch", "-v", tmp_path / "app.py"])
    assert done.status == 0 and " of metadata\n" in done.stderr
    line, = [line for line in done.stderr.splitlines() if line.startswith("copypatch: native code: ")]
    share, samples, first, pause = map(float, re.fullmatch(r".*: (\d+)% of CPU time in (\d+) samples, there first after ([.\d]+) s; longest pause ([.\d]+) ms", line).groups())
    assert share > 50 and samples > 3 and first < .5 and pause < 100
