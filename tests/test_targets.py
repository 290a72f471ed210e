"""The case table (tests/cases/, tests/targets/): this machine's stencils pass it, and a table that says nothing, or nonsense, is refused.

All targets: make test-targets.
"""

import os
import platform
import shutil
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "targets"))

import table  # noqa: E402


@pytest.mark.skipif(platform.machine() != "x86_64" or sys.platform != "linux", reason="the case table runs on x86-64 Linux")
@pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc")
def test_this_machines_stencils():
    """Every uop, every register variant; then with wrong stencils, which must be noticed."""
    done = subprocess.run([sys.executable, os.path.join(ROOT, "tests", "targets", "case_table.py"), "--quick"], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0 and "case table: one of one" in done.stdout, done.stdout + done.stderr


def read(tmp_path, text: str) -> table.Reader:
    (tmp_path / "some.cases").write_text(text)
    reader = table.Reader(layout=313)
    reader.read(str(tmp_path / "some.cases"))
    return reader


@pytest.mark.parametrize("text, said", [
    ("ADD_INTS\n    1, 2 -> 3", "ADD_INTS is no uop with a body"),
    ("LOOP\n    -> ok", "LOOP is no uop with a body"),
    ("    1, 2 -> 3", "a case before the first uop"),
    ("ADD_INT\n    1 -> 3", "1 operands, ADD_INT has 2"),
    ("ADD_INT\n    1, 2 -> ok", "ADD_INT has a result"),
    ("GUARD_TRUE\n    1 -> 1", "GUARD_TRUE has no result"),
    ("ADD_WRAP\n    1, 2 -> exit", "ADD_WRAP cannot leave"),
    ("NEW_INT\n    1 -> A; calls h_old_int(1) = A", "h_old_int(1) is no call of a known function"),
    ("NEW_INT\n    1 -> A; calls h_new_int(1, 2) = A", "h_new_int has 1 arguments"),
    ("LIST_LEN\n    l = Lists(size=3)", "Lists is no struct of abi.h"),
    ("ADD_INT\n    1, 2 -> 3 | 4, 5", "no -> after the last |"),
    ("LIST_LEN\n    A -> 3; A.refcnt == 3", "is no assignment"),
    ("ADD_INT\n    315: 1, 2 -> 3", "315 is no layout"),
    ("LIST_LEN\n    code = ListObj()", "there is a code already"),
    ("LIST_LEN\n    l = ListObj(); l.size = 3", "not the making of an object"),
    ("NEW_INT\n    1 -> A; calls h_new_int(1) = A: depth[0]", "depth[0] is no assignment"),
])
def test_nonsense_is_refused(tmp_path, text, said):
    with pytest.raises(table.Wrong) as error:
        read(tmp_path, text)
    assert said in str(error.value) and "some.cases:" in str(error.value)


@pytest.mark.parametrize("text, said", [
    ("ADD_INT\n    1, 2 -> 3.0", "3.0 is no int"),
    ("ADD_FLOAT\n    1, 2.0 -> 3.0", "1 is no float"),
    ("ADD_INT\n    1, 2 -> A", "A is no int"),
    ("IS\n    A, 7 -> 0", "7 is no obj"),
    ("INCREF\n    X -> ok", "X is no number"),
    ("INCREF\n    A -> ok; X.refcnt = 3", "X is unknown"),
    ("ADD_INT\n    1, 2**64 -> 3", "has more than 64 bits"),
])
def test_wrong_values_are_refused(tmp_path, text, said):
    with pytest.raises(table.Wrong, match="some.cases:2") as error:
        table.write(read(tmp_path, text))
    assert said in str(error.value)


def test_lines_for_one_layout(tmp_path):
    path = tmp_path / "some.cases"
    path.write_text("INCREF\n    A -> ok\n    313: B -> ok\n    314: C -> ok | D -> ok\n")
    for layout, texts in (313, ["A -> ok", "B -> ok"]), (314, ["A -> ok", "C -> ok", "D -> ok"]):
        reader = table.Reader(layout)
        reader.read(str(path))
        assert [c.text for b in reader.blocks for c in b.cases] == texts


@pytest.mark.parametrize("layout", sorted(table.LAYOUTS))
def test_every_uop_needs_its_cases(tmp_path, layout):
    reader = table.load(False, layout)
    assert {u for u in reader.uops.values() if u.has_body} == {c.uop for b in reader.blocks for c in b.cases}
    for name, exits, said in ("INCREF", None, "no case for INCREF"), ("ADD_INT", True, "no case where ADD_INT leaves"), ("ADD_INT", False, "no case where ADD_INT goes on"):
        reader = table.load(False, layout)
        for block in reader.blocks:
            block.cases = [c for c in block.cases if c.uop.name != name or (exits is not None and c.exits != exits)]
        with pytest.raises(table.Wrong, match=said):
            reader.check_complete()
