"""tools/stencils: digests, numbering, and the stencils themselves, copied, patched and executed."""

import os
import re
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOLS = os.path.join(ROOT, "tools", "stencils")
TRIPLE = "x86_64-unknown-linux-gnu"
sys.path.insert(0, TOOLS)

import llvm  # noqa: E402
import stencils  # noqa: E402
import targets  # noqa: E402
from stencils import gen_uops  # noqa: E402


def have_llvm() -> bool:
    try:
        llvm.find()
        return True
    except llvm.NotFound:
        return False


needs_llvm = pytest.mark.skipif(not have_llvm(), reason=f"LLVM {llvm.OLDEST} or newer is not installed")


def build(*args: str, **env: str) -> subprocess.CompletedProcess:
    command = [sys.executable, os.path.join(TOOLS, "build.py"), *args]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    """Where the generated header is."""
    folder = str(tmp_path_factory.mktemp("stencils"))
    result = build("-v", "-o", folder, TRIPLE)
    assert result.returncode == 0, result.stderr
    assert re.search(r"\d{4} stencils", result.stdout)
    return folder


def test_numbering():
    machine = stencils.Machine(6, 8)
    uops = {u.name: u for u in gen_uops.load(os.path.join(ROOT, "src", "ir", "uops.def"))}

    def choices(name):
        by_table = {}
        for r in stencils.uop_requests(machine, uops[name]):
            by_table.setdefault(r.table, []).append(r.choice)
            assert r.number == len(by_table[r.table]) - 1
        return by_table

    add = choices("ADD_INT")
    assert add["ADD_INT"][2 * 6 + 5] == "g2 g5 -> g2" and len(add["ADD_INT"]) == 36
    assert add["ADD_INT constant"] == [f"g{i} constant -> g{i}" for i in range(6)]
    less = choices("LT_FLOAT")["LT_FLOAT"]
    assert less[(3 * 8 + 7) * 6 + 4] == "f3 f7 -> g4" and len(less) == 384
    assert choices("UNBOX_FLOAT")["UNBOX_FLOAT"][4 * 8 + 1] == "g4 -> f1"
    assert choices("LOAD_SLOT")["LOAD_SLOT"] == [f"-> g{i}" for i in range(6)]
    assert choices("CALL3")["CALL3"] == ["g0 g1 g2 -> g3"]
    assert choices("POW_FLOAT")["POW_FLOAT"] == ["f0 f1 -> f0"]
    assert choices("LIST_SWAP")["LIST_SWAP"] == ["g0 g1 g2 -> g0"]
    assert choices("LOOP") == {} and choices("SINK_INT") == {}
