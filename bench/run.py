"""Benchmarks: stock Python against copypatch, whole processes, in turn.

    python bench/run.py [--python PYTHON] [--root ROOT] [--rounds N] [name ...]

CPU time (user + system) of each process, start-up and warm-up included; the smallest of N rounds counts. Exit status 1 when a program
prints something else under copypatch, or ends otherwise. A name selects the programs that contain it; a path is a program of your own.
Behind the times, of as many runs more the cheapest: microseconds per recorded bytecode, in all and by stage (recording, optimizing, emitting; aborted
recordings included), uops emitted and microseconds per uop. bench/cost.py measures that more carefully.

--python measures on another CPython: the extension is compiled for it into a folder of its own (tools/build_for.py). With --root it
is the one inside that folder, another Linux installation, and runs there by chroot: Debian's optimized Python, for example, unpacked by
debootstrap with python3.13 and python3.13-dev. `python tools/on.py 3.15 bench/run.py` measures on Debian's of that version.
"""

import argparse
import hashlib
import importlib.util
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

STAGES = "record_ns", "optimize_ns", "emit_ns"
HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent
sys.path.insert(0, str(PACKAGE / "tools"))
import build_for


class Interpreter:
    """The one to measure on: how it is run, where it finds the package, and what it calls our files."""

    def __init__(self, python, root):
        self.root = root and str(Path(root).resolve())
        self.words = build_for.command(python, self.root)
        self.package = Path(importlib.util.find_spec("copypatch").origin).parent.parent
        if self.root or Path(python).resolve() != Path(sys.executable).resolve():
            mark = hashlib.sha256(f"{PACKAGE} {python}".encode()).hexdigest()[:8]
            self.package = Path(self.root, "var/tmp", f"copypatch-{mark}") if self.root else PACKAGE / "build" / f"for-{mark}"
            build_for.build(python, self.package, self.root)

    def seen(self, path):
        """What the interpreter calls it."""
        return "/" + str(Path(path).relative_to(self.root)) if self.root else str(path)

    def program(self, path):
        """The program where the interpreter finds it: copied into its root."""
        if not self.root:
            return str(path)
        return self.seen(shutil.copy(path, self.package))

    def run(self, *arguments, **variables):
        """-> (CPU seconds, exit status, output)"""
        return self.run_by([], *arguments, **variables)

    def run_by(self, runner, *arguments, **variables):
        """The same of a command that is given the interpreter's."""
        # Set order is fixed. An interpreter other than that of the virtual environment has to be told where the package is.
        # Bytecode of the package is cached, as it is where pip has installed it.
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": self.seen(self.package), "PYTHONDONTWRITEBYTECODE": "", **variables}
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen([*runner, *self.words, *arguments], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            return usage.ru_utime + usage.ru_stime, process.returncode, out.read()


    def stats(self, program):
        """copypatch.stats() at the end of a program; {} when it wrote none."""
        with tempfile.NamedTemporaryFile("r", suffix=".json", dir=self.package) as file:
            self.run("-m", "copypatch", self.program(program), COPYPATCH_STATS=self.seen(file.name))
            return json.loads(file.read() or "{}")


def interpreter(python, root):
    """That of --python and --root, in which copypatch works; exits with a sentence where it does not."""
    if root and os.geteuid():
        sys.exit("--root runs programs by chroot: that takes root")
    if root and not os.path.isdir(root):
        sys.exit(f"--root {root}: no such folder")
    python = Interpreter(python or ("python3.13" if root else sys.executable), root)
    why = python.run("-c", "import copypatch; print(copypatch.why_unavailable() or '', end='')")
    if why[1] or why[2]:
        sys.exit(f"copypatch does not work in {' '.join(python.words)}: {tail(why[2])}")
    return python


def programs(names=()):
    """The benchmarks whose names contain one of these, or all."""
    return [p for p in sorted(HERE.glob("*.py")) if p.name not in ("run.py", "cost.py", "limits.py", "versions.py") and (any(n in p.stem for n in names) or not names)]


def measure(python, program, rounds):
    """-> (stock seconds, copypatch seconds, difference or None)"""
    stock, ours = [], []
    difference = None
    program = python.program(program)
    for _ in range(rounds):
        a = python.run(program)
        b = python.run("-m", "copypatch", program)
        stock.append(a[0])
        ours.append(b[0])
        if a[1:] != b[1:]:
            difference = f"stock (exit status {a[1]}):\n{tail(a[2])}\ncopypatch (exit status {b[1]}):\n{tail(b[2])}"
    return min(stock), min(ours), difference


def cheapest(samples):
    """Of stats() of several runs the one with the cheapest traces, stage by stage among those that recorded the same (runs of a program
    may differ in that)."""
    def work(s):
        return s.get("recorded_bytecodes"), s.get("emitted_uops")
    chosen = min(samples, key=lambda s: s.get("us_per_bytecode") or float("inf"))
    equal = [s for s in samples if work(s) == work(chosen)]
    return {**chosen, **{stage: min(s[stage] for s in equal) for stage in STAGES if stage in chosen}}


def cost(stats):
    """What recording, optimizing and emitting cost, as columns."""
    n, uops = stats.get("recorded_bytecodes"), stats.get("emitted_uops")
    if not n:
        return f"{'-':>11}"
    record, optimize, emit = (stats[stage] / 1e3 for stage in STAGES)
    return f"{(record + optimize + emit) / n:11.2f} = {record / n:6.2f} + {optimize / n:8.2f} + {emit / n:5.2f} {uops:6} {emit / uops if uops else 0:7.2f}"


def tail(output):
    return output.decode(errors="replace")[-1000:]


def start_up(python, times=20):
    """Median CPU and wall milliseconds that importing and enabling add to an empty script."""
    code = """
import time, sys
w, c = time.perf_counter(), time.process_time()
import copypatch
copypatch.enable()
print(time.perf_counter() - w, time.process_time() - c)
"""
    samples = [tuple(map(float, python.run("-c", code)[2].split())) for _ in range(times)]
    with tempfile.NamedTemporaryFile("w", suffix=".py", dir=python.package) as empty:
        program = python.seen(empty.name)
        plain, ours = [], []
        for _ in range(times):
            plain.append(python.run(program)[0])
            ours.append(python.run("-m", "copypatch", program)[0])
    wall, cpu = (statistics.median(s[i] for s in samples) * 1000 for i in (0, 1))
    return wall, cpu, statistics.median(plain) * 1000, statistics.median(ours) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--python", help="the interpreter (default: that of .venv; with --root: python3.13)")
    parser.add_argument("--root", help="a folder with another Linux installation, whose interpreter is run by chroot")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-startup", action="store_true", help="leave the start-up measurement out")
    args = parser.parse_args()

    python = interpreter(args.python, args.root)
    own = [n for n in args.names if n.endswith(".py")]
    names = [n for n in args.names if n not in own]
    chosen = own + ([] if own and not names else [str(p) for p in programs(names)])
    if not chosen:
        sys.exit(f"no program is called {' or '.join(args.names)}")

    print(f"{'program':16} {'stock s':>9} {'copypatch s':>12} {'ratio':>8}    {'us/bytecode':>11} = {'record':>6} + {'optimize':>8} + {'emit':>5} {'uops':>6} {'us/uop':>7}")
    ratios, failures = [], []
    for program in chosen:
        stock, ours, difference = measure(python, program, args.rounds)
        ratios.append(stock / ours)
        print(f"{Path(program).stem:16} {stock:9.3f} {ours:12.3f} {stock / ours:7.2f}x    {cost(cheapest([python.stats(program) for _ in range(args.rounds)]))}"
              f"{'  OUTPUT DIFFERS' if difference else ''}", flush=True)
        if difference:
            failures.append(f"{program}:\n{difference}")
    print(f"{'geometric mean':39} {math.exp(statistics.fmean(map(math.log, ratios))):7.2f}x")
    if not args.no_startup:
        wall, cpu, plain, under = start_up(python)
        print(f"start-up: import and enable {wall:.2f} ms ({cpu:.2f} ms of CPU time); empty script {plain:.1f} ms, under copypatch {under:.1f} ms of CPU time")
    for text in failures:
        print(f"\n{text}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
