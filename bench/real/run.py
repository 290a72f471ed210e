"""Programs around real libraries, stock Python against copypatch: does none lose?

    python bench/real/run.py [--on VERSION] [--python PYTHON] [--root ROOT] [--rounds N] [--limit RATIO] [--list] [name ...]

Each program does some 1 to 2 s of work with a library of PyPI (requirements.txt: pinned; fetched once, into ~/.cache/copypatch), needs no network, leaves
nothing behind and prints what it found. Whole processes in pairs, the order changing from pair to pair; CPU time (user + system), start-up, warm-up and the
sampler included. The median of the pairs' ratios counts: PASS where it is at least the limit (0.98). Beside it the quartiles, that tell how far it can be
trusted (other work on the machine shows there), and the ratio of the shortest runs. Behind them, of one run more, what the JIT did.

Exit status 1 when a program fails, or prints something else under copypatch than on stock. --on 3.15: on Debian's CPython of that version
(tools/on.py). --python and --root as in bench/run.py.
"""

import argparse
import hashlib
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import run as bench  # noqa: E402  bench/run.py

REQUIREMENTS = HERE / "requirements.txt"
LIMIT = 0.98


def programs(names=()):
    return [p for p in sorted(HERE.glob("*.py")) if p != HERE / "run.py" and (any(n in p.stem for n in names) or not names)]


def libraries(version="%d.%d" % sys.version_info[:2]):
    """The folder with the packages of requirements.txt for a version of CPython; fetched when it is not there."""
    mark = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "copypatch"
    folder = cache / f"real-{mark}-{version}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as fresh:
            print(f"fetching {REQUIREMENTS.name} into {folder}", file=sys.stderr)
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--python-version", version]
            if subprocess.run([*pip, "--target", f"{fresh}/site", "-r", REQUIREMENTS]).returncode:
                sys.exit("the libraries of bench/real/requirements.txt cannot be installed")
            os.rename(f"{fresh}/site", folder)
    return folder


def run_on(version):
    """The same command on another version (tools/on.py), with its libraries; exits."""
    import on
    other, site = on.Other(version), libraries(version)
    inside = other.folder / site.name
    if not inside.exists():
        shutil.copytree(site, inside)
    words = [w for i, w in enumerate(sys.argv[1:]) if w != "--on" and sys.argv[i] != "--on"]
    sys.exit(other.program("bench/real/run.py", *words, "--libraries", str(other.seen(inside))))


class Programs:
    """How they are run on one interpreter."""

    def __init__(self, python, site):
        self.python = python
        if python.root:
            inside = Path(python.root, "var/tmp", f"copypatch-{site.name}")
            if not inside.exists():
                shutil.copytree(site, inside)
            site = inside
        self.path = os.pathsep.join([python.seen(python.package), python.seen(site)])

    def run(self, *words, **variables):
        return self.python.run("-W", "ignore", *words, PYTHONPATH=self.path, **variables)

    def pair(self, program, ours_first):
        """-> (CPU seconds, exit status, output) of stock, and of copypatch"""
        both = [(program,), ("-m", "copypatch", program)]
        results = [self.run(*words) for words in (both[::-1] if ours_first else both)]
        return results[::-1] if ours_first else results

    def stats(self, program):
        with tempfile.NamedTemporaryFile("r", suffix=".json", dir=self.python.package) as file:
            self.run("-m", "copypatch", program, COPYPATCH_STATS=self.python.seen(file.name))
            return json.loads(file.read() or "{}")


def measure(runs, path, rounds):
    """-> (stock seconds, copypatch seconds, difference or None)"""
    program = runs.python.program(path)
    stock, ours = [], []
    runs.pair(program, False)       # bytecode of the libraries is written
    for n in range(rounds):
        a, b = runs.pair(program, n % 2 == 1)
        stock.append(a[0])
        ours.append(b[0])
        if a[1:] != b[1:] or a[1]:
            return stock, ours, f"stock (exit status {a[1]}):\n{bench.tail(a[2])}\ncopypatch (exit status {b[1]}):\n{bench.tail(b[2])}"
    return stock, ours, None


def quartiles(ratios):
    low, median, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return low, median, high


def did(stats):
    """A line of what the JIT did."""
    keys = {"traces": "roots", "side_traces": "side", "aborts": "aborts", "retired": "retired", "entries": "entries", "recorded_bytecodes": "recorded"}
    spent = sum(stats.get(stage, 0) for stage in bench.STAGES) / 1e6
    return " ".join(f"{stats.get(key, 0)} {word}" for key, word in keys.items()) + f", {spent:.0f} ms compiling"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="programs whose names contain one of these; default: all")
    parser.add_argument("--python", help="the interpreter (default: that of .venv; with --root: python3.13)")
    parser.add_argument("--root", help="a folder with another Linux installation, whose interpreter is run by chroot")
    parser.add_argument("--on", metavar="VERSION", help="another version of CPython, Debian's (tools/on.py)")
    parser.add_argument("--libraries", metavar="FOLDER", help="where they are, instead of fetching them")
    parser.add_argument("--rounds", type=int, default=30, help="pairs of runs (%(default)s)")
    parser.add_argument("--limit", type=float, default=LIMIT, help="the least ratio that passes (%(default)s)")
    parser.add_argument("--list", action="store_true", help="print the names of the programs and exit")
    args = parser.parse_args()
    if args.on:
        run_on(args.on)
    chosen = programs(args.names)
    if args.list:
        print(*(p.stem for p in chosen), sep="\n")
        return
    if not chosen:
        sys.exit(f"no program is called {' or '.join(args.names)}")
    runs = Programs(bench.interpreter(args.python, args.root), Path(args.libraries) if args.libraries else libraries())
    print(f"{'program':24} {'stock s':>8} {'copypatch s':>12} {'ratio':>7} {'quartiles':>13} {'of least':>9}")
    medians, failures = [], []
    for path in chosen:
        stock, ours, difference = measure(runs, path, args.rounds)
        low, median, high = quartiles([a / b for a, b in zip(stock, ours)])
        passed = median >= args.limit and not difference
        medians.append(median)
        print(f"{path.stem:24} {min(stock):8.3f} {min(ours):12.3f} {median:6.3f}x {low:6.3f}-{high:.3f} {min(stock) / min(ours):8.3f}x  {'PASS' if passed else 'FAIL'}"
              f"  {'OUTPUT DIFFERS' if difference else did(runs.stats(runs.python.program(path)))}", flush=True)
        if not passed:
            failures.append(path.stem)
        if difference:
            print(difference)
    print(f"geometric mean {math.exp(statistics.fmean(map(math.log, medians))):.3f}x, least {min(medians):.3f}x; {len(chosen) - len(failures)} of {len(chosen)} pass"
          f" (at least {args.limit}x){': not ' + ', '.join(failures) if failures else ''}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
