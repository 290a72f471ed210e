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


# It raises for another class than the one before: in the general instruction's order where that has been specialized for the first class, in that of the specialized one
# where it is the first to be so. What runs natively specializes nothing. That both are stock's: programs/making_instances_wrong.
BY_HISTORY = {"call_class_init_wrong": {"new c b a !", "c b a new !", "new a b c !"}}


def by_history(line):
    """The line, without what may differ."""
    line, _, raising = line.partition("    raising: ")
    assert set(re.sub(r" \(when nobody looks: (.*?)\)", r"    cold: \1", raising).split("    cold: ")) <= BY_HISTORY[line.split()[0]], line
    return line


def orders(text, cold=True):
    """The table without the names of instructions: what runs natively from its second call on is not specialized. And without the orders of first executions."""
    lines = [re.sub(r"^(\w+ +)\w+ +", r"\1", line) for line in text.splitlines() if not line.startswith("#")]
    lines = [by_history(line) if line.split()[0] in BY_HISTORY else line for line in lines]
    return lines if cold else [re.sub(r" +cold: [^:]*(?=    raising|$)", "", line) for line in lines]


@pytest.mark.parametrize("mode", [{}, {"COPYPATCH_INTERPRET": "1"}, {"COPYPATCH_STRESS": "exit:3"}])
def test_so_do_functions(mode):
    """Where exits are forced it depends on them whether the first execution of an instruction is the interpreter's."""
    cold = "COPYPATCH_STRESS" not in mode
    assert orders(table("-m", "copypatch", COPYPATCH_EAGER="1", **mode), cold) == orders(WRITTEN.read_text(), cold)
