"""The commands in documents: each ```sh block of these is executed, in a folder with a small app.py, or what needs a source tree in a copy of
this one; and each ```python block."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import runner

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["docs/debugging.md", "docs/stencils.md", "docs/targets.md"]
NEEDED = ("gdb", "perf")        # a block that needs a program which is not there is skipped

APP = """\
import os

def work(n):
    total = 0.0
    for i in range(n):
        total += i * 0.5
        os.getppid()
    return total

def main():
    with open("pid", "w") as file:
        file.write(str(os.getpid()))
    print(work(400000))

main()
"""


def blocks(language):
    for document in DOCUMENTS:
        text = (ROOT / document).read_text()
        for match in re.finditer(rf"^```{language}\n(.*?)^```", text, re.M | re.S):
            line = text.count("\n", 0, match.start()) + 1
            yield pytest.param(match[1], id=f"{document}:{line}")


def why_no_stencils():
    sys.path.insert(0, str(ROOT / "tools" / "stencils"))
    import llvm
    try:
        llvm.find()
    except llvm.NotFound as error:
        return str(error)


def needs_tree(commands):
    return re.search(r"^(make|\.venv/)", commands, re.M)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of this source tree, not built, with the same virtual environment."""
    copy = tmp_path_factory.mktemp("copy") / "tree"
    made = shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__", ".pytest_cache")
    shutil.copytree(ROOT, copy, ignore=lambda folder, names: made(folder, names) if Path(folder) == ROOT else ())
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


@pytest.mark.parametrize("commands", [block for block in blocks("sh") if needs_tree(block.values[0])])
def test_commands_in_a_tree(commands, tree):
    if reason := runner.why_not_native() or why_no_stencils():
        pytest.skip(reason)
    env = {k: v for k, v in runner.environment().items() if k not in ("BUILDTYPE", "JIT", "MAKEFLAGS", "MAKELEVEL")}
    done = subprocess.run(["bash", "-e", "-c", commands], cwd=tree, env=env, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize("commands", [block for block in blocks("sh") if not needs_tree(block.values[0])])
def test_commands(commands, tmp_path):
    words = set(re.findall(r"\w+", commands))
    for program in NEEDED:
        if program in words and (reason := runner.why_not_native() or not shutil.which(program) and f"no {program}"):
            pytest.skip(reason)
    if "COPYPATCH_DUMP" in words and runner.why_not_native():
        pytest.skip(runner.why_not_native())
    if "perf" in words:
        from test_perf import why_no_perf
        if reason := why_no_perf():
            pytest.skip(reason)
    (tmp_path / "app.py").write_text(APP)
    env = runner.environment(PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}", HOME=str(tmp_path), TMPDIR=str(tmp_path))
    done = subprocess.run(["bash", "-e", "-c", commands], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    if words & {"gdb", "report"}:
        assert re.search(r"py_trace:work:\S*app.py:5", done.stdout), done.stdout
    if "COPYPATCH_DUMP=code" in commands:
        assert re.search(r"^code: py_trace:work:\S*app.py:5: .*?^; .*MUL_FLOAT", done.stderr, re.M | re.S), done.stderr
    if "gdb" in words:
        assert re.search(r"py_trace:work:\S*app.py:5 \(\) at \S*app.py:7", done.stdout), done.stdout
    if (tmp_path / "pid").exists():         # what Python itself leaves in /tmp for perf
        pid = (tmp_path / "pid").read_text()
        for path in [*Path("/tmp").glob(f"jit*-{pid}*"), Path(f"/tmp/perf-{pid}.map")]:
            path.unlink(missing_ok=True)


@pytest.mark.parametrize("program", list(blocks("python")))
def test_programs(program, tmp_path):
    (tmp_path / "app.py").write_text(program)
    done = subprocess.run([sys.executable, "app.py"], cwd=tmp_path, env=runner.environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    assert "MUL_FLOAT" in done.stdout
