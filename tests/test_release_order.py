"""The order in which instructions release their operands: as written down for this version (src/cpython/version_*.h goes by it), and the same under copypatch."""

import re
import sys
from pathlib import Path

import pytest
import runner

TESTS = Path(__file__).resolve().parent
WRITTEN = TESTS / "release_order" / "{}.{}.txt".format(*sys.version_info)


def table(*words, **environment):
    done = runner.run([*words, TESTS / "release_order.py"], **environment)
    assert done.status == 0, done
    return done.stdout


def test_stock_does_what_is_written_down():
    assert table() == WRITTEN.read_text()


@pytest.mark.parametrize("mode", [{}, {"COPYPATCH_INTERPRET": "1"}, {"COPYPATCH_STRESS": "exit:3"}])
def test_so_do_we(mode):
    assert table("-m", "copypatch", COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0", **mode) == WRITTEN.read_text()


def orders(text, cold=True):
    """The table without the names of instructions: what runs natively from its second call on is not specialized. And without the orders of first executions."""
    lines = [re.sub(r"^(\w+ +)\w+ +", r"\1", line) for line in text.splitlines() if not line.startswith("#")]
    return lines if cold else [re.sub(r" +cold: [^:]*(?=    raising|$)", "", line) for line in lines]


@pytest.mark.parametrize("mode", [{}, {"COPYPATCH_INTERPRET": "1"}, {"COPYPATCH_STRESS": "exit:3"}])
def test_so_do_functions(mode):
    """Where exits are forced it depends on them whether the first execution of an instruction is the interpreter's."""
    cold = "COPYPATCH_STRESS" not in mode
    assert orders(table("-m", "copypatch", COPYPATCH_EAGER="1", **mode), cold) == orders(WRITTEN.read_text(), cold)
