"""Runs programs on stock Python and under copypatch in several modes; output, error output and exit status must agree.

    python tests/runner.py [--all-modes | --mode NAME ...] [-j N] [--python PATH [--patience N]] [name ...]

A name selects the programs of tests/programs/ that contain it; a path is a program of your own. Without a copypatch that works,
`--mode stock` runs every program twice on stock Python: is it deterministic?

Each run is a process of its own. The stock run of a program happens once, whatever the number of modes.
"""

import argparse
import concurrent.futures
import difflib
import functools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parent
PROGRAMS = TESTS / "programs"
PYTHON = sys.executable     # what the programs run on
TIMEOUT = 60                # seconds, times PATIENCE
PATIENCE = 1
WORKERS = 2

EXITS = (1, 2, 3, 5, 7)
MODES = {
    "jit": {},
    "interpreter": {"COPYPATCH_INTERPRET": "1"},
    **{f"jit-exit{n}": {"COPYPATCH_STRESS": f"exit:{n}"} for n in EXITS},
    "interpreter-exit1": {"COPYPATCH_INTERPRET": "1", "COPYPATCH_STRESS": "exit:1"},
    "unoptimized": {"PYTHON_UOPS_OPTIMIZE": "0"},
    "jit-ra": {"COPYPATCH_STRESS": "ra"},
    "jit-tiny": {"COPYPATCH_STRESS": "tiny"},
    "interpreter-tiny": {"COPYPATCH_INTERPRET": "1", "COPYPATCH_STRESS": "tiny"},
    "jit-invalid": {"COPYPATCH_STRESS": "invalid:7"},
    "jit-oom": {"COPYPATCH_STRESS": "oom:13"},
    "interpreter-oom": {"COPYPATCH_INTERPRET": "1", "COPYPATCH_STRESS": "oom:5"},
    "jit-all": {"COPYPATCH_STRESS": "exit:5,invalid:11,oom:29,ra:5,tiny"},
}
FAST_MODES = ("jit", "interpreter", "jit-exit1", "jit-exit3")
# Files of tests that are about the generator of stencils: no build option and no switch changes them.
GENERATOR_TESTS = tuple(f"test_{name}.py" for name in ("aarch64", "generator", "llvm", "optimizer", "stencil_command", "stencils", "targets"))
# Files of tests that are about tools, and about the thread that looks for hot code: nor these.
OTHER_TESTS = tuple(f"test_{name}.py" for name in ("conformance", "leaves", "sampler", "setup"))
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:       # we are a background job of a shell; programs under test would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)
SWITCHES = {}           # set in every run besides: pytest --switches "NAME=VALUE ..."


class Result(NamedTuple):
    status: object          # exit status; a text when it did not end in time
    stdout: str
    stderr: str
    seconds: float

    def seen(self):
        """What has to agree."""
        return self.status, self.stdout, self.stderr


def environment(**extra):
    """Ours without any switch of copypatch but the verifier, set order and the like fixed, a crash shown."""
    ours = ("COPYPATCH", "PYTHON_JIT", "PYTHON_UOPS", "PYTHON_OPT_DEBUG")
    now = {k: os.environ.get(k) for k in os.environ}        # pytest, in another thread, takes one away and puts it back
    env = {k: v for k, v in now.items() if v is not None and not k.startswith(ours)}
    if PYTHON != sys.executable:        # copypatch is not installed there
        env["PYTHONPATH"] = str(TESTS.parent)
    return {**env, "PYTHONHASHSEED": "0", "PYTHONFAULTHANDLER": "1", "COPYPATCH_VERIFY": "1", **SWITCHES, **extra}


@functools.cache
def build():
    """The build option jit=... of the copypatch that is tested."""
    code = "import copypatch; print(copypatch._copypatch.JIT if copypatch._copypatch else copypatch.why_unavailable())"
    return subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, env=environment()).stdout.strip()


@functools.cache
def python_jit():
    """["PYTHON_JIT"] where that is a switch of copypatch too; where it is that of CPython's own JIT only, []."""
    code = "import copypatch; print('PYTHON_JIT' in getattr(copypatch._copypatch, 'SWITCHES', ''))"
    return ["PYTHON_JIT"] if subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, env=environment()).stdout == "True\n" else []


def why_not_native():
    """Why traces are not run as native code; None: they are."""
    if SWITCHES.get("COPYPATCH_INTERPRET") == "1":
        return "COPYPATCH_INTERPRET=1: traces run in the uop interpreter"
    return None if build().startswith("yes") else f"this build (jit={build()}) has no native code"


def usable(modes):
    """Those that are more than another name for `interpreter` here."""
    return [m for m in modes if not m.startswith("jit")] if why_not_native() else list(modes)


def run(command, **extra):
    """Runs `PYTHON *command`; addresses in what it printed are replaced."""
    start = time.monotonic()
    try:
        done = subprocess.run([PYTHON, *command], capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT * PATIENCE, env=environment(**extra))
        status, out, err = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as e:
        status, out, err = f"no end after {TIMEOUT * PATIENCE} s", e.stdout or b"", e.stderr or b""
    texts = [re.sub(r"0x[0-9a-f]{6,}", "0xADDRESS", t.decode(errors="backslashreplace")) for t in (out, err)]
    return Result(status, *texts, time.monotonic() - start)


@functools.cache
def _stock_slot(path):
    return threading.Lock(), []


def run_stock(path):
    lock, slot = _stock_slot(path)
    with lock:
        if not slot:
            slot.append(run([path]))
        return slot[0]


def run_mode(path, mode):
    """One program in one mode -> (result, stock result)"""
    stock = run_stock(path)
    if mode == "stock":
        return run([path]), stock
    return run(["-m", "copypatch", path], COPYPATCH_EAGER="1", **MODES[mode]), stock


def difference(ours, stock):
    """Text that says how they differ; None when they agree."""
    if ours.seen() == stock.seen():
        return None
    parts = []
    if ours.status != stock.status:
        parts.append(f"exit status: stock {stock.status}, copypatch {ours.status}")
    for name, a, b in (("stdout", stock.stdout, ours.stdout), ("stderr", stock.stderr, ours.stderr)):
        if a != b:
            lines = [l if len(l) < 400 else mark_first(l, a, b) for l in difflib.unified_diff(a.splitlines(), b.splitlines(), f"{name} stock", f"{name} copypatch", n=1, lineterm="")]
            parts.append("\n".join(lines[:60]) or f"{name}: line ends differ")
    return "\n".join(parts)


def mark_first(line, a, b):
    """A long line, cut to where the two outputs begin to differ."""
    at = len(os.path.commonprefix([a, b])) - (a.rfind("\n", 0, len(os.path.commonprefix([a, b]))) + 1)
    return f"{line[:1]}...{line[1:][max(0, at - 100):at + 200]}..."


def add_python_options(parser):
    parser.add_argument("--python", metavar="PATH", help="the interpreter to run instead of this one; it finds copypatch in this tree")
    parser.add_argument("--patience", type=float, default=1, metavar="N", help="time limits are N times as long: for an emulated interpreter")
    parser.add_argument("--switches", default="", metavar='"NAME=VALUE ..."', help="environment variables for every run")


def use_python(args):
    global PYTHON, PATIENCE
    PYTHON = args.python or PYTHON
    PATIENCE = args.patience
    SWITCHES.update(switch.split("=", 1) for switch in args.switches.split())


def programs(names=()):
    """-> paths, sorted"""
    found = [str(p) for p in sorted(PROGRAMS.glob("*.py"))]
    if not names:
        return found
    own = [n for n in names if os.path.exists(n)]
    return own + [p for p in found if any(n in Path(p).stem for n in names if n not in own)]


class Pool:
    """Runs ahead of whoever asks: start() some (path, mode) pairs, then result() each."""

    def __init__(self, workers=WORKERS):
        self.executor = concurrent.futures.ThreadPoolExecutor(workers)
        self.futures = {}

    def start(self, path, mode):
        if (path, mode) not in self.futures:
            self.futures[path, mode] = self.executor.submit(run_mode, path, mode)

    def result(self, path, mode):
        self.start(path, mode)
        return self.futures[path, mode].result()

    def stop(self):
        self.executor.shutdown(cancel_futures=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all-modes", action="store_true")
    parser.add_argument("--mode", action="append", choices=[*MODES, "stock"])
    parser.add_argument("-j", type=int, default=WORKERS, help="processes at a time")
    parser.add_argument("-q", action="store_true", help="names only, no differences")
    add_python_options(parser)
    args = parser.parse_args()
    use_python(args)
    modes = args.mode or usable(MODES if args.all_modes else FAST_MODES)
    pool = Pool(args.j)
    work = [(p, m) for p in programs(args.names) for m in modes]
    for pair in work:
        pool.start(*pair)
    failed = 0
    slowest = []
    try:
        for path, mode in work:
            ours, stock = pool.result(path, mode)
            slowest.append((ours.seconds, Path(path).stem, mode))
            text = difference(ours, stock)
            if text:
                failed += 1
                print(f"FAILED {Path(path).stem} [{mode}]")
                if not args.q:
                    print(text)
    finally:
        pool.stop()
    print(f"{len(work) - failed} of {len(work)} agree with stock; slowest: {', '.join(f'{n} [{m}] {s:.1f} s' for s, n, m in sorted(slowest)[:-4:-1])}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
