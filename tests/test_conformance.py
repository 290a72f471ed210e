"""The tools that compare whole test suites and programs: what counts as a difference, what is kept, what is not run again."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import conformance
import conformance_all
import pytest

ROOT = Path(__file__).resolve().parent.parent
ALIKE = (0, {"test.test_x.T.test_a": "ok", "test.test_x.T.test_b": "skipped"}, "output")
FAILS = (2, {"test.test_x.T.test_a": "FAIL", "test.test_x.T.test_b": "skipped"}, "output")
CRASHES = (-11, {"test.test_x.T.test_a": "ok"}, "Segmentation fault")


def test_outcomes_of_verbose_output():
    text = """test_a (test.test_x.T.test_a) ... ok
test_b (test.test_x.T.test_b)
What it does. ... skipped 'no such thing'
test_c (test.test_x.T.test_c) ... some output
ok
test_d (test.test_x.T.test_d) ... FAIL
FAIL: test_e (test.test_x.T.test_e) (k=1)"""
    names = {f"test.test_x.T.test_{k}": v for k, v in zip("abcde", ("ok", "skipped", "ok", "FAIL", "FAIL"))}
    assert conformance.outcomes(text) == names


@pytest.fixture
def suite(monkeypatch, tmp_path):
    """-> a function: (what the runs of each mode find, arguments) -> Suite; `ran` lists the modes as they run."""
    ran = []

    def make(found, again=False, label="build"):
        def run_test(file, hooks, mode, matching=()):
            ran.append(mode)
            results = found[mode]
            return results.pop(0) if len(results) > 1 else results[0]
        monkeypatch.setattr(conformance, "run_test", run_test)
        monkeypatch.setattr(conformance_all, "TREE", tmp_path)
        return conformance_all.Suite(argparse.Namespace(label=label, mode=["jit"], again=again, verbose=False), "hooks")
    make.ran = ran
    return make


def test_results_are_kept(suite):
    found = {None: [ALIKE], "jit": [ALIKE]}
    assert "DIFF" not in "".join(suite(found).test("test_x")) and suite.ran == [None, "jit"]
    assert suite(found).test("test_x") == [] and suite.ran == [None, "jit"]
    suite(found, label="another build").test("test_x")
    assert suite.ran == [None, "jit", "jit"], "stock runs serve every build"


def test_what_differs_is_run_again(suite, capsys):
    suite({None: [ALIKE], "jit": [FAILS, ALIKE]}).test("test_x")
    assert suite.ran == [None, "jit", None, "jit"]
    assert suite({}).report(["test_x"]) == (0, 1)
    suite({None: [ALIKE], "jit": [FAILS]}, label="other").test("test_x")
    assert suite({}, label="other").report(["test_x", "test_y"]) == (1, 1)
    assert "test.test_x.T.test_a: ok on stock, FAIL under copypatch" in capsys.readouterr().out
    suite({None: [ALIKE], "jit": [ALIKE]}, again=True, label="other").test("test_x")
    assert suite({}, label="other").report(["test_x"]) == (0, 1)


def test_a_crash_counts_at_once(suite, capsys):
    suite({None: [ALIKE], "jit": [CRASHES, ALIKE]}).test("test_x")
    assert suite({}).report(["test_x"])[0] == 2     # the status, and a test without outcome
    assert "exit status 0 on stock, -11 under copypatch" in capsys.readouterr().out


def test_expectations(tmp_path):
    (tmp_path / "expect").write_text("# comment\n\ntest_d*  3.13,3.15  jit,jit-exit3  test.test_dis.*.test_q   a reason of words\n")
    assert conformance_all.read_expectations("3.14", tmp_path / "expect") == []
    known = conformance_all.read_expectations("3.15", tmp_path / "expect")
    difference = "test.test_dis.T.test_q: ok on stock, FAIL under copypatch"
    assert conformance_all.expected(known, "test_dis", "jit", difference) == "a reason of words"
    assert not conformance_all.expected(known, "test_dis", "interpreter", difference)
    assert not conformance_all.expected(known, "test_ast", "jit", difference)
    assert not conformance_all.expected(known, "test_dis", "jit", "exit status 0 on stock, -11 under copypatch")
    for version in "3.13", "3.14", "3.15":
        assert all(len(line) == 4 for line in conformance_all.read_expectations(version)), "each has a reason"


def test_real_programs_are_pinned():
    listed = subprocess.run([sys.executable, ROOT / "bench/real/run.py", "--list"], capture_output=True, text=True, check=True).stdout.split()
    assert len(listed) >= 10 and sorted(listed) == sorted(p.stem for p in (ROOT / "bench/real").glob("*.py") if p.stem != "run")
    lines = [line for line in (ROOT / "bench/real/requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", line) for line in lines)
