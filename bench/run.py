"""Benchmarks: stock Python against copypatch, whole processes, in turn.

    python bench/run.py [--python PYTHON] [--rounds N] [name ...]

CPU time (user + system) of each process, start-up and warm-up included; the smallest of N rounds counts. Exit status 1 when a program
prints something else under copypatch, or ends otherwise. A name selects the programs that contain it; a path is a program of your own.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent


def run(command):
    """-> (CPU seconds, exit status, output)"""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, process.returncode, out.read()


def environment():
    """Set order fixed; this tree's package found when --python is another interpreter than that of its virtual environment."""
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH")] + ([str(PACKAGE)] if any((PACKAGE / "copypatch").glob("*.so")) else [])))
    return {**os.environ, "PYTHONHASHSEED": "0", **({"PYTHONPATH": path} if path else {})}


def measure(python, program, rounds):
    """-> (stock seconds, copypatch seconds, difference or None)"""
    stock, ours = [], []
    difference = None
    for _ in range(rounds):
        a = run([python, program])
        b = run([python, "-m", "copypatch", program])
        stock.append(a[0])
        ours.append(b[0])
        if a[1:] != b[1:]:
            difference = f"stock (exit status {a[1]}):\n{tail(a[2])}\ncopypatch (exit status {b[1]}):\n{tail(b[2])}"
    return min(stock), min(ours), difference


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
    samples = [tuple(map(float, run([python, "-c", code])[2].split())) for _ in range(times)]
    with tempfile.NamedTemporaryFile("w", suffix=".py") as empty:
        plain, ours = [], []
        for _ in range(times):
            plain.append(run([python, empty.name])[0])
            ours.append(run([python, "-m", "copypatch", empty.name])[0])
    wall, cpu = (statistics.median(s[i] for s in samples) * 1000 for i in (0, 1))
    return wall, cpu, statistics.median(plain) * 1000, statistics.median(ours) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-startup", action="store_true", help="leave the start-up measurement out")
    args = parser.parse_args()

    why = run([args.python, "-c", "import copypatch; print(copypatch.why_unavailable() or '', end='')"])
    if why[1] or why[2]:
        sys.exit(f"copypatch does not work in {args.python}: {tail(why[2])}")
    own = [n for n in args.names if n.endswith(".py")]
    names = [n for n in args.names if n not in own]
    programs = own + [str(p) for p in sorted(HERE.glob("*.py")) if p.name != "run.py" and (any(n in p.stem for n in names) or not args.names)]
    if not programs:
        sys.exit(f"no program is called {' or '.join(args.names)}")

    print(f"{'program':16} {'stock s':>9} {'copypatch s':>12} {'ratio':>8}")
    ratios, failures = [], []
    for program in programs:
        stock, ours, difference = measure(args.python, program, args.rounds)
        ratios.append(stock / ours)
        print(f"{Path(program).stem:16} {stock:9.3f} {ours:12.3f} {stock / ours:7.2f}x{'  OUTPUT DIFFERS' if difference else ''}", flush=True)
        if difference:
            failures.append(f"{program}:\n{difference}")
    print(f"{'geometric mean':39} {math.exp(statistics.fmean(map(math.log, ratios))):7.2f}x")
    if not args.no_startup:
        wall, cpu, plain, under = start_up(args.python)
        print(f"start-up: import and enable {wall:.2f} ms ({cpu:.2f} ms of CPU time); empty script {plain:.1f} ms, under copypatch {under:.1f} ms of CPU time")
    for text in failures:
        print(f"\n{text}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
