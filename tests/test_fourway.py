"""Every program in tests/programs/ behaves as on stock Python: in the JIT, in the uop interpreter, with forced exits, unoptimized.

    pytest tests/test_fourway.py -k float_arith
    pytest tests/test_fourway.py --all-modes
"""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import runner  # noqa: E402

STEMS = {Path(p).stem: p for p in runner.programs()}


@pytest.fixture(scope="module")
def pool(request):
    """All selected runs are started at once, in the order of the tests; each test waits for its own."""
    pool = runner.Pool()
    for item in request.session.items:
        if item.module is request.module and "program" in item.fixturenames:
            pool.start(STEMS[item.callspec.params["program"]], item.callspec.params["mode"])
    yield pool
    pool.stop()


def pytest_generate_tests(metafunc):
    if "program" in metafunc.fixturenames:
        modes = runner.usable(runner.MODES if metafunc.config.getoption("--all-modes") else runner.FAST_MODES)
        pairs = [(mode, program) for program in STEMS for mode in modes]
        metafunc.parametrize(("mode", "program"), pairs, ids=[f"{m}-{p}" for m, p in pairs])


def test_program(pool, mode, program):
    text = runner.difference(*pool.result(STEMS[program], mode))
    assert text is None, f"{program} in mode {mode}:\n{text}"


@pytest.mark.parametrize("mode", runner.MODES)
def test_something_is_compiled(mode, tmp_path):
    """The comparison above is worth nothing when no trace runs."""
    file = tmp_path / "stats.json"
    done = runner.run(["-m", "copypatch", STEMS["algo_numeric"]], COPYPATCH_EAGER="1", COPYPATCH_STATS=str(file), **runner.MODES[mode])
    assert done.status == 0, done.stderr
    stats = json.loads(file.read_text())
    assert stats["off_reason"] is None
    assert stats["traces"] > 5 and stats["entries"] > 5, stats
    if mode == "jit":
        assert stats["side_traces"] > 0 and (stats["code_bytes"] > 0) == (not runner.why_not_native()), stats
    if "exit" in mode:
        assert stats["exits"] > 1000, stats
