"""The order in which instructions release their operands: as written down for this version (src/cpython/version_*.h goes by it), and the same under copypatch."""

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
    assert table("-m", "copypatch", COPYPATCH_EAGER="1", **mode) == WRITTEN.read_text()
