"""What stats() says of the cost of traces: the figures exist and fit together. No limits here: bench/cost.py (make cost) has them."""

import json
import mmap
import platform
import subprocess
import sys
from pathlib import Path

import pytest
import runner

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import copypatch
before = copypatch.stats()
copypatch.enable()
def f(n):
    total = 0
    for i in range(n):
        total += i if i % 3 else -i
    return total
def g(n):
    for i in range(n):
        try:
            class A: pass           # cannot be recorded
        finally:
            pass
f(300); g(300)
import json
print(json.dumps([before, copypatch.stats()]))
"""


def stats(**environment):
    import os
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env={**os.environ, "COPYPATCH_EAGER": "1", **environment})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


native = pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))


@native
def test_stages_add_up():
    before, s = stats()
    n = s["recorded_bytecodes"]
    assert s["traces"] and s["side_traces"] and s["aborts"]
    assert 0 < s["aborted_bytecodes"] < n
    assert s["emitted_uops"] >= 2 * (s["traces"] + s["side_traces"])
    stages = [s[f"{stage}_ns"] for stage in ("record", "optimize", "emit")]
    assert all(stages)
    assert [s[f"{stage}_us_per_bytecode"] for stage in ("record", "optimize", "emit")] == pytest.approx([t / 1e3 / n for t in stages])
    assert s["us_per_bytecode"] == pytest.approx(sum(stages) / 1e3 / n)
    assert s["emit_us_per_uop"] == pytest.approx(s["emit_ns"] / 1e3 / s["emitted_uops"])
    assert before["recorded_bytecodes"] == before["emitted_uops"] == before["us_per_bytecode"] == before["emit_us_per_uop"] == 0


def test_nothing_emitted():
    _, s = stats(COPYPATCH_INTERPRET="1")
    assert s["traces"] and s["recorded_bytecodes"] and s["emitted_uops"] == s["emit_us_per_uop"] == 0


@native
def test_benchmark_runs():
    done = subprocess.run([sys.executable, ROOT / "bench" / "cost.py", "--rounds", "1", "sum"], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("sum ")]
    assert [row[1] for row in rows] == ["again", "cold"] and all(row[2] == "100" for row in rows), done.stdout


@native
def test_benchmark_of_leaving():
    done = subprocess.run([sys.executable, ROOT / "bench" / "cost.py", "--rounds", "1", "leaving"], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("leaving")]
    assert "above it, limit 80" in row and "entered" not in row, row


@native
@pytest.mark.skipif(not hasattr(mmap, "MAP_POPULATE") or [*map(int, platform.release().split(".")[:2])] < [5, 14], reason="pages are mapped ahead on Linux 5.14 and newer")
def test_pages_are_mapped_ahead():
    """The first trace finds tables, scratch buffers, heap and code memory mapped: it took 17 page faults before."""
    done = subprocess.run([sys.executable, ROOT / "bench" / "cost.py", "--loops", "sum", "0"], capture_output=True, text=True,
                          env=runner.environment(COPYPATCH_EAGER="1"))
    assert done.returncode == 0, done.stderr
    s = json.loads(done.stdout)
    assert s["setup_ns"] and s["first_faults"] <= 10, s


def test_the_programs_own_time_is_no_cost():
    """What a call takes while it is recorded is the program's: it would take as long without us."""
    code = ("import copypatch, json, time\ncopypatch.enable()\ndef f(n):\n    for i in range(n):\n        time.sleep(.02)\nf(8)\n"
            "print(json.dumps(copypatch.stats()))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=runner.environment(COPYPATCH_EAGER="1"))
    assert done.returncode == 0, done.stderr
    s = json.loads(done.stdout)
    assert s["traces"] and 0 < s["record_ns"] < 15_000_000


@native
def test_limits(tmp_path):
    """A row of figures; and, counted, that a loop runs natively."""
    (tmp_path / "loop.py").write_text("def f(n):\n    t = 0\n    for i in range(n): t += i % 7\n    return t\nprint(f(6_000_000))\n")
    done = subprocess.run([sys.executable, ROOT / "bench" / "limits.py", "--rounds", "2", tmp_path / "loop.py"], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    row, = [line.split() for line in done.stdout.splitlines() if line.startswith("loop ")]
    stock, ours = float(row[1]), float(row[3])
    assert row[2] == "->" and 5 < stock < ours < 40, row
    done = subprocess.run([sys.executable, ROOT / "bench" / "limits.py", "--bytecodes", tmp_path / "loop.py"], capture_output=True, text=True)
    executed, native, share = [line.split() for line in done.stdout.splitlines() if line.startswith("loop ")][0][1:4]
    assert 40_000_000 < int(executed) < 60_000_000 and float(share.rstrip("%")) > 90, done.stdout


def test_half_of_the_native_share():
    sys.path.insert(0, str(ROOT / "bench"))
    import limits
    samples = [[4, 0]] * 3 + [[2, 1]] * 2 + [[2, 2]] * 5 + [[0, 0]] * 30
    assert limits.half_time(samples, .5) == (1, pytest.approx(.25))
    assert limits.half_time([[4, 0]] * 40, 2) == (0, None) and limits.half_time([[0, 0]] * 40, 2) == (None, None)
