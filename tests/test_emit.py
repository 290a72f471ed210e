"""src/emit on random traces: native code must do what the uop interpreter does (tests/emit/test_emit.c)."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MACHINE = platform.machine()
MADE = ("uops_gen.h", "uop_cases.h", "helpers_gen.h", f"stencils-{MACHINE}-unknown-linux-gnu.h", "stencils.h")

pytestmark = [
    pytest.mark.skipif(MACHINE not in ("x86_64", "aarch64") or sys.platform != "linux", reason="executes the stencils of this machine"),
    pytest.mark.skipif(not sysconfig.get_config_var("Py_ENABLE_SHARED"), reason="this Python has no shared library to link with"),
    pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc"),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("emit")
    env = {**os.environ, "PYTHON": sys.base_prefix, "INCLUDE": sysconfig.get_paths()["include"], "LIBDIR": sysconfig.get_config_var("LIBDIR"), "HEADERS": ""}
    if all((ROOT / "build" / name).exists() for name in MADE):      # otherwise build.sh makes them
        env["HEADERS"] = str(ROOT / "build")
    done = subprocess.run(["sh", ROOT / "tests" / "emit" / "build.sh", folder], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr, done.stderr
    return folder / "test_emit"


@pytest.mark.parametrize("verify, seed, count", [("1", 1, 10000), ("0", 10001, 10000)])
def test_random_traces(program, verify, seed, count):
    """With the check of each register allocation, and without."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COPYPATCH", "PYTHON"))}
    env |= {"COPYPATCH_VERIFY": verify, "PYTHONHOME": sys.base_prefix}
    done = subprocess.run([program, str(seed), str(count)], capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 0, f"status {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    assert " 0 failures" in done.stdout
