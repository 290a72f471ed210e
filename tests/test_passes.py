"""Passes on texts: tests/pass/NAME.ir has the name of the pass, its input, and behind `=>` what must come out.

    pytest tests/test_passes.py -k fold
    python tests/test_passes.py fold          rewrites the expectations of those whose names contain it (make bless T=fold)

The text is that of docs/ir.md; lines with # are comments. Passes: build, build_plain, loop, dce; `print` and `verify` for the text form
and the verifier themselves.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import runner  # noqa: E402

CASES = {p.stem: p for p in sorted(Path(__file__).with_name("pass").glob("*.ir"))}
CHILD = """
import json, sys
from copypatch import _copypatch as c
def run(name, text):
    try:
        if name == "verify":
            return (c._verify(text) or "ok") + "\\n"
        return c._parse_print(text) if name == "print" else c._run_pass(name, text)
    except ValueError as e:
        return f"error: {e}\\n"
print(json.dumps(run(*json.load(sys.stdin))))
"""


def run(name, text):
    done = subprocess.run([sys.executable, "-c", CHILD], input=json.dumps([name, text]), capture_output=True, text=True, env=runner.environment(COPYPATCH_OPTIMIZE="1"))      # whatever --switches says
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read(path):
    """-> (all before the expectation, pass, input, expectation)"""
    head, _, expected = path.read_text().partition("=>\n")
    lines = head.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("pass "))
    return head, lines[at].split()[1], "\n" * (at + 1) + "\n".join(lines[at + 1:]) + "\n", expected


@pytest.mark.parametrize("case", CASES)
def test_pass(case):
    _, name, text, expected = read(CASES[case])
    assert run(name, text) == expected


@pytest.mark.parametrize("case", CASES)
def test_text_is_stable(case):
    """What is printed can be read, prints the same, and is a right trace."""
    _, name, _, expected = read(CASES[case])
    assert "wrong: " not in expected
    if expected.startswith("--"):
        assert run("print", expected) == expected


def bless(word):
    for name, path in CASES.items():
        if word in name:
            head, which, text, expected = read(path)
            got = run(which, text)
            if got != expected:
                path.write_text(head + "=>\n" + got)
                print(f"{name}: new expectation")


if __name__ == "__main__":
    bless(sys.argv[1] if len(sys.argv) > 1 else "")
