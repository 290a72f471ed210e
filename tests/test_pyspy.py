"""py-spy --native: it merges Python's frames with those of C, so both have to begin in the same place."""

import os
import shutil
import subprocess
import sys
import textwrap

import pytest

PYSPY = shutil.which("py-spy", path=os.path.dirname(sys.executable)) or shutil.which("py-spy")
pytestmark = pytest.mark.skipif(not PYSPY, reason="py-spy is not installed (pip install py-spy)")

PROGRAM = textwrap.dedent("""
    def wait():
        print("here", flush=True)
        while True:
            input()

    def called_from_c(_):
        wait()

    if __name__ == "__main__":
        list(map(called_from_c, [1]))
""")


def dump(arguments, cwd, **environment):
    """What py-spy says of a program that waits, as lines."""
    command = [sys.executable, *arguments]
    program = subprocess.Popen(command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    try:
        assert program.stdout.readline() == "here\n"
        done = subprocess.run([PYSPY, "dump", "--native", "--pid", str(program.pid)], capture_output=True, text=True, timeout=60)
    finally:
        program.kill()
        program.communicate()
    if done.returncode and ("ermission" in done.stderr or "not permitted" in done.stderr):
        pytest.skip("other processes may not be looked at here (ptrace)")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def python_frames(lines):
    """Those of the program, without what follows their names."""
    return [line.split()[0] for line in lines if line.startswith("    ") and ("spied" in line or "<string>" in line)]


@pytest.mark.parametrize("kind", ["f", "m", "c"])
@pytest.mark.parametrize("switch", ["0", "1"])
def test_native_and_python_frames_are_merged(tmp_path, kind, switch):
    (tmp_path / "spied.py").write_text(PROGRAM)
    program = {"f": ["spied.py"], "m": ["-m", "spied"], "c": ["-c", PROGRAM]}[kind]
    stock = python_frames(dump(program, tmp_path))
    assert stock == ["wait", "called_from_c", "<module>"]
    assert python_frames(dump(["-m", "copypatch", *program], tmp_path, COPYPATCH=switch)) == stock


def test_native_code_stands_between(tmp_path):
    """Frames that are entered from a trace, and run to their end by one, are where C calls the interpreter."""
    (tmp_path / "spied.py").write_text(textwrap.dedent("""
        def wait():
            print("here", flush=True)
            while True:
                input()

        def key(x):
            if x == 55:
                wait()
            return x

        for i in range(60):
            sorted([i], key=key)
    """))
    frames = python_frames(dump(["-m", "copypatch", "spied.py"], tmp_path, COPYPATCH_EAGER="1"))
    assert frames == ["wait", "key", "<module>"]
