"""How much of the programs in bench/ runs natively, how soon, and what that takes, against the limits.

    python bench/limits.py [--real] [--rounds N] [name ...]         a row for each program
    python bench/limits.py --bytecodes [--real] [name ...]          share of executed bytecodes

Of N runs each:

    peak       memory of the process in MiB, stock and under copypatch: the least of the runs, of three at most. Limit: 1.05 x stock + 10 MiB
    metadata   bytes of it for each byte of native code, at the end (stats(); median). Limit: 2
    pause      the longest that the program was held up at one time, ms of CPU time: that of the worst run. Limit: 5
    first      CPU seconds when the first native code was there (median). Limit: 0.1
    native     share of CPU time in native code: mean of the runs
    half       CPU seconds after which half of that is reached which is reached in the end: by the samples of all runs, three spans of 50 ms together, the end being
               the second half of the run. Limit: 0.3

--bytecodes: of those that stock executes (sys.monitoring counts them), how many native code executes (COPYPATCH_COUNT=bytecodes), with nothing judged
(COPYPATCH_RETIRE=0). In all, and after 0.3 s, where what has been executed until then is estimated: as much as stock does in that time, at its average speed.
Limits for the latter, of bench/real: mean 95 %, each 85 %. And in all when everything is compiled at its second turn or call (COPYPATCH_EAGER=1): what is not found
late, or never, for being seldom run.

Exit status 1 when a limit is missed. bench/cost.py prints the first table, too.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

import run as bench

HERE = Path(__file__).resolve().parent
SPAN, RUN_UP = .05, .3
MIB = 1024      # KiB, as the kernel counts

# In a process that is itself smaller than any program: the peak of a new process is at least that of who has made it.
PEAK = """
import os, sys
null = os.open(os.devnull, os.O_RDWR)
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, n) for n in (0, 1, 2)])
print(os.wait4(pid, 0)[2].ru_maxrss)
"""

# Runs sys.argv[1] as python does. `total`, how many bytecodes it executes, is counted by who is called for each; RESUME has events of its own.
COUNT = """
import runpy, sys
from copypatch import _copypatch
M, path = sys.monitoring, sys.argv[1]
M.use_tool_id(M.PROFILER_ID, "count")
for event in M.events.INSTRUCTION, M.events.PY_START, M.events.PY_RESUME:
    M.register_callback(M.PROFILER_ID, event, _copypatch._count)
sys.argv = sys.argv[1:]
sys.path[0] = path.rpartition("/")[0]
M.set_events(M.PROFILER_ID, M.events.INSTRUCTION | M.events.PY_START | M.events.PY_RESUME)
try:
    runpy.run_path(path, run_name="__main__")
finally:
    M.set_events(M.PROFILER_ID, 0)
    with open(OUT, "w") as file: print(_copypatch._counted(), file=file)
"""
NATIVE = """
import runpy, signal, sys
from copypatch import _copypatch
path = sys.argv[1]
counted = []
def note(*args): counted.append(_copypatch.stats()["native_bytecodes"])
signal.signal(signal.SIGPROF, note)
signal.setitimer(signal.ITIMER_PROF, RUN_UP)
sys.argv = sys.argv[1:]
sys.path[0] = path.rpartition("/")[0]
try:
    runpy.run_path(path, run_name="__main__")
finally:
    note()
    with open(OUT, "w") as file: print(counted[0], counted[-1], file=file)
"""


class Runs:
    """How programs are run: those of bench/, or with libraries."""

    def __init__(self, python, real=None):
        self.python = python
        self.more = {} if real is None else {"PYTHONPATH": real.path}
        self.flags = () if real is None else ("-W", "ignore")

    def run(self, *words, **variables):
        return self.python.run(*self.flags, *words, **self.more, **variables)

    def stats(self, program):
        with tempfile.NamedTemporaryFile("r", suffix=".json", dir=self.python.package) as file:
            seconds, _, _ = self.run("-m", "copypatch", self.python.program(program), COPYPATCH_STATS=self.python.seen(file.name))
            return {**json.loads(file.read() or "{}"), "seconds": seconds}

    def peak(self, *words):
        """KiB."""
        return int(self.python.run_by([sys.executable, "-I", "-S", "-c", PEAK], *self.flags, *words, **self.more)[2])

    def counts(self, code, program, *before, **variables):
        """What a program of ours, which runs `program`, writes into a file."""
        with tempfile.NamedTemporaryFile("w", suffix=".py", dir=self.python.package) as script, tempfile.NamedTemporaryFile("r", dir=self.python.package) as file:
            script.write(f"OUT, RUN_UP = {self.python.seen(file.name)!r}, {RUN_UP}\n{code}")
            script.flush()
            self.run(*before, self.python.seen(script.name), self.python.program(program), **variables)
            return [*map(int, file.read().split())]


def half_time(samples, seconds):
    """-> (share in the end, seconds until half of it is reached) by [[samples, native], ...] of all runs; None where there is none."""
    spans = samples[:max(1, min(len(samples), int(seconds / SPAN)))]

    def share(part):
        n, native = map(sum, zip(*part))
        return native / n if n else None
    end = share(spans[len(spans) // 2:])
    if not end:
        return end, None
    for i in range(len(spans)):
        here = share(spans[max(0, i - 1):i + 2])
        if here is not None and here >= end / 2:
            return end, (i + 1) * SPAN
    return end, None


def heading():
    print(f"{'program':24} {'peak MiB':>15} {'code':>7} {'metadata':>14} {'copies':>7} {'pause ms':>9} {'first s':>8} {'native':>7} {'half s':>7}")


def row(runs, program, rounds):
    """Prints it; the names of the limits that are missed."""
    path = runs.python.program(program)
    all_stats = [runs.stats(program) for _ in range(rounds)]
    stock, ours = (min(runs.peak(*words) for _ in range(min(rounds, 3))) for words in ((path,), ("-m", "copypatch", path)))

    def median(key):
        values = [s[key] for s in all_stats if s.get(key) is not None]
        return statistics.median(values) if values else None
    code, metadata, first, copies = map(median, ("code_bytes", "metadata_bytes", "first_native_s", "copies_per_bytecode"))
    pause = max(s["longest_pause_ns"] for s in all_stats) / 1e6
    shares = [s["native_share"] for s in all_stats if s["native_share"] is not None]
    pooled = [[sum(s["native_samples"][i][k] for s in all_stats) for k in (0, 1)] for i in range(len(all_stats[0]["native_samples"]))]
    _, half = half_time(pooled, statistics.median(s["seconds"] for s in all_stats))
    missed = [name for name, bad in {
        "peak": ours > 1.05 * stock + 10 * MIB, "metadata": copies and metadata > 2 * code, "pause": pause > 5, "first": first and first > .1,
        "half": half and half > RUN_UP + 1e-6}.items() if bad]

    def text(value, form):
        return format(value, form) if value is not None else "-"
    print(f"{Path(program).stem:24} {stock / MIB:6.1f} -> {ours / MIB:5.1f} {code / 1024:6.0f}K {metadata / 1024:6.0f}K = {metadata / max(code, 1):3.1f}x {text(copies, '7.1f'):>7} {pause:9.1f} {text(first, '8.3f'):>8}"
          f" {text(statistics.fmean(shares) if shares else None, '7.0%'):>7} {text(half, '7.2f'):>7}  {'above: ' + ', '.join(missed) if missed else 'PASS'}", flush=True)
    return missed


def table(runs, programs, rounds):
    """Prints it; whether all is within the limits."""
    heading()
    missed = [name for program in programs for name in row(runs, program, rounds)]
    print(f"{len(programs)} programs; above their limits: {', '.join(f'{name} {missed.count(name)}' for name in sorted(set(missed))) or 'none'}")
    return not missed


def bytecodes(runs, programs):
    counting = {"COPYPATCH_COUNT": "bytecodes", "COPYPATCH_RETIRE": "0"}
    print(f"{'program':24} {'executed':>12} {'native':>12} {'in all':>7} {'after 0.3 s':>12} {'eager':>7}")
    columns = [], [], []
    for program in programs:
        seconds = min(runs.run(runs.python.program(program))[0] for _ in range(3))
        total, = runs.counts(COUNT, program)
        before, native = runs.counts(NATIVE, program, "-m", "copypatch", **counting)
        _, eager = runs.counts(NATIVE, program, "-m", "copypatch", **counting, COPYPATCH_EAGER="1")
        run_up = max(before, total / seconds * RUN_UP)
        rest = (native - before) / (total - run_up) if before < native and run_up < total else None      # it was not over by then
        shares = native / total, rest, eager / total
        for column, share in zip(columns, shares):
            column += [share] if share is not None else []
        print(f"{Path(program).stem:24} {total:12} {native:12} {shares[0]:7.1%} {'-' if rest is None else format(rest, '.1%'):>12} {shares[2]:7.1%}", flush=True)
    for name, of in ("mean", statistics.fmean), ("least", min):
        print(f"{name:24} {'':12} {'':12} " + " ".join(f"{of(column or [0]):{width}.1%}" for column, width in zip(columns, (7, 12, 7))))
    after = columns[1] or [0]
    print("limits, after 0.3 s: mean 95%, each 85%")
    return statistics.fmean(after) >= .95 and min(after) >= .85


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="programs whose names contain one of these, or paths of programs; default: all")
    parser.add_argument("--real", action="store_true", help="those of bench/real")
    parser.add_argument("--bytecodes", action="store_true", help="count executed bytecodes")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    own = [n for n in args.names if n.endswith(".py")]
    names = [n for n in args.names if n not in own]
    python = bench.interpreter(None, None)
    real = None
    if args.real:
        sys.path.insert(0, str(HERE / "real"))
        import importlib.util
        spec = importlib.util.spec_from_file_location("real_run", HERE / "real" / "run.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        real = module.Programs(python, module.libraries())
        programs = module.programs(names)
    else:
        programs = bench.programs(names) if not own or names else []
    programs = own + programs
    if not programs:
        sys.exit(f"no program is called {' or '.join(args.names)}")
    runs = Runs(python, real)
    sys.exit(not (bytecodes(runs, programs) if args.bytecodes else table(runs, programs, args.rounds)))


if __name__ == "__main__":
    main()
