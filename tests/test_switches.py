"""Switches of the environment: what each level of debug output adds, twins, -E and -I, values that make no sense."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import runner

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(runner.build() == "no", reason="a build without a JIT")

PROGRAM = """
import copypatch
from sys import getrefcount
def f(n):
    s = 0.0
    for i in range(n):
        s += i * 0.5
    return s
def g(n):
    for i in range(n): getrefcount(i)
f(100), g(100)
for executor in copypatch.executors(f): print(*executor)
"""


def run(*flags, code=PROGRAM, **switches):
    """-> (stdout, stderr)"""
    env = {**runner.environment(COPYPATCH_EAGER="1"), **switches}
    env.pop("COPYPATCH_VERIFY")
    for name in runner.SWITCHES:
        if not name.startswith(("PYTHON_JIT", "COPYPATCH_INTERPRET")) and name != "COPYPATCH":
            env.pop(name, None)
    env |= switches
    done = subprocess.run([sys.executable, *flags, "-m", "copypatch", "-c", code], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


ADDS = {    # level: the lines that show what it adds
    1: [r"^trace: f:<string>:6 root: \d+ bytecodes, \d+ uops, \d+ bytes of code$", r"^abort: g:<string>:10 root: reference counts looked at, in g:<string>:10$"],
    2: [r"^bytecode: f@\d+ BINARY_OP 13$", r"^    %\d+ += ADD_FLOAT +%\d+ %\d+$", r"^bytecode: g@\d+ CALL 1$"],
    3: [r"^-- recorded: f, root, ", r"^-- opt_loop: f, root, ", r"^-- opt_dce: f, root, ", r"^-- aborted: g, root, "],
    4: [r"^registers: \d+ uops, \d+ stencils$", r"^ +\d+ +F\d = ADD_FLOAT F\d, F\d"],
    5: [r"^code\b.*\b\d+ bytes"],
}


@pytest.mark.parametrize("name", ["PYTHON_OPT_DEBUG", "COPYPATCH_DEBUG"])
@pytest.mark.parametrize("level", range(6))
def test_debug_levels(level, name):
    text = run(**{name: str(level)})[1]
    if level == 0:
        assert text == ""
    for adds, patterns in ADDS.items():
        if adds > 3 and runner.why_not_native():
            continue
        for pattern in patterns:
            assert bool(re.search(pattern, text, re.M)) == (adds <= level), f"{pattern}\n{text}"


def test_debug_by_name():
    """COPYPATCH_DUMP adds to a level; the twin of ours wins."""
    text = run(PYTHON_OPT_DEBUG="1", COPYPATCH_DUMP="bytecode,exits")[1]
    assert "trace: f:" in text and "bytecode: f@" in text and re.search(r"^exit: f:<string>:6: \w+ at \d+, 1 times$", text, re.M) and "-- " not in text
    assert run(PYTHON_OPT_DEBUG="3", COPYPATCH_DEBUG="0")[1] == ""


PLACES = """\
import copypatch
from sys import getrefcount
def helper(x):
    y = x * 2
    if y % 3:
        y -= 1
    getrefcount(y)
    return y
def loop(n):
    t = 0
    for i in range(n):
        t += 1
        if i > 500:
            helper(i)
    return t
loop(1000)
"""


@pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))
def test_lines_are_named():
    """Function, file and line of what was compiled, of where a recording began and ended, of where a trace was left: in dumps, and as -v's work list."""
    text = run(code=PLACES, COPYPATCH_DUMP="traces,aborts,exits")[1]
    assert re.search(r"^trace: loop:<string>:11 root: ", text, re.M)
    assert re.search(r"^abort: loop:<string>:13 side: reference counts looked at, in helper:<string>:7$", text, re.M), text
    assert len(re.findall(r"^exit: loop:<string>:13: GUARD_LE_INT at ", text, re.M)) > 100
    done = subprocess.run([sys.executable, "-m", "copypatch", "-v", "-c", PLACES], capture_output=True, text=True, env=runner.environment(COPYPATCH_EAGER="1"))
    exits, aborts = done.stderr.split("copypatch: exits to the interpreter:\n")[1].split("copypatch: recordings that came to nothing:\n")
    assert re.match(r" +\d{3} loop:<string>:13 GUARD_LE_INT \(no side trace can be made\)$", exits, re.M), exits
    assert re.search(r"^ +\d+ loop:<string>:13 side: reference counts looked at, in helper:<string>:7$", aborts, re.M), aborts


RAISES = """
def fails(k): return [k][k > 20 and k % 3]
fails = type(fails)(fails.__code__.replace(co_qualname="f\\udc80"), globals())
def f(n):
    t = 0
    for k in range(n):
        try: t += fails(k)
        except IndexError as e: t += len(str(e))
    return t
def g(n):
    for k in range(n): fails(k)
g = type(g)(g.__code__.replace(co_qualname="g\\udc80"), globals())
print(f(100))
for n in 22, 22, 100:
    try: g(n)
    except IndexError as e: print(e, e.__traceback__.tb_next.tb_next.tb_lineno)
"""


@pytest.mark.parametrize("level", range(6))
def test_what_is_raised_while_shown(level):
    """What the program raises in a recording or a trace that is shown is not lost; names that no file can be written with."""
    env = {"COPYPATCH_DEBUG": str(level), "COPYPATCH_DUMP": "exits,aborts"}
    assert run(code=RAISES, **env)[0] == run(code=RAISES, COPYPATCH="0")[0]


@pytest.mark.parametrize("name", ["PYTHON_UOPS_OPTIMIZE", "COPYPATCH_OPTIMIZE"])
def test_unoptimized(name):
    optimized, plain = run()[0], run(**{name: "0"})[0]
    assert optimized.endswith(" JUMP_LOOP\n") and "PHI_FLOAT" in optimized     # peeled, the sum in a register
    assert plain.endswith(" STORE_FLOAT STORE_INT LINK\n") and "PHI_FLOAT" not in plain
    assert "opt_dce" not in run(**{name: "0"}, COPYPATCH_DEBUG="3")[1]
    assert run(**{name: "1"})[0] == optimized
    assert run(PYTHON_UOPS_OPTIMIZE="0", COPYPATCH_OPTIMIZE="1")[0] == optimized


@pytest.mark.parametrize("flag", ["-E", "-I"])
def test_ignored_environment(flag):
    """-E and -I hide Python's variables, as they do for CPython's own JIT, and not ours."""
    hidden = {"PYTHON_OPT_DEBUG": "1", "PYTHON_UOPS_OPTIMIZE": "0", "COPYPATCH": "1"}
    assert run(flag, **hidden) == run(COPYPATCH="1")
    assert "trace: " in run(flag, COPYPATCH="1", COPYPATCH_DEBUG="1")[1]
    assert run(flag, COPYPATCH="1", PYTHON_OPT_DEBUG="much", PYTHON_UOPS_OPTIMIZE="maybe")[1] == ""


@pytest.mark.parametrize("name, values, expected", [
    ("PYTHON_UOPS_OPTIMIZE", ["2", "no", "00"], "0 or 1"),
    ("COPYPATCH_OPTIMIZE", ["yes", "-1"], "0 or 1"),
    ("PYTHON_OPT_DEBUG", ["6", "-1", "1.5", "all", "11"], "a number from 0 to 5"),
    ("COPYPATCH_DEBUG", ["true"], "a number from 0 to 5"),
    ("COPYPATCH_INTERPRET", ["on"], "0 or 1"),
    ("COPYPATCH_EAGER", ["on"], "0 or 1"),
    ("COPYPATCH_VERIFY", ["on"], "0 or 1"),
    ("COPYPATCH_GDB", ["on"], "0 or 1"),
    ("COPYPATCH_CODE_LIMIT", ["64X", "-5", "1M2"], "a size like 4000000, 512K or 64M"),
    ("COPYPATCH_STRESS", ["exit:0", "quit", "exit", "ra:no", "tiny:", "oom:-3", "invalid:3x"], "exit:N, invalid:N, oom:N, ra, ra:SEED or tiny"),
    ("COPYPATCH_DUMP", ["everything"], "traces, aborts, bytecode, uops, passes, ir, registers, code or exits"),
])
def test_malformed(name, values, expected):
    """One warning, and the default."""
    default = run(code="import copypatch; print(copypatch.is_enabled())")
    for value in values:
        out, err = run(code="import copypatch; print(copypatch.is_enabled())", **{name: value})
        assert (out, err) == (default[0], f"copypatch: {name}={value} ignored: expected {expected}\n")


def switches():
    """Every variable that the C code reads."""
    return sorted(set(re.findall(r'\bread_\w+\("(\w+)"', (ROOT / "src/attach/config.c").read_text())) | {"COPYPATCH_STATS"})


@pytest.mark.parametrize("where", ["README.md", "copypatch/_cli.py"])
def test_all_are_documented(where):
    assert len(switches()) > 12
    text = (ROOT / where).read_text()
    assert [name for name in switches() if not re.search(rf"\b{name}\b", text)] == []
