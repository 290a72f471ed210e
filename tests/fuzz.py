"""Random programs on stock Python and under copypatch in every mode: they must print the same.

    make fuzz ARGS="--seconds 60 --seed 1"          programs of the seeds 1, 2, 3, ...
    python tools/on.py 3.15 tests/fuzz.py --programs 5000 --mode jit --mode jit-exit3
    python tests/fuzz.py --show 17                  the program of a seed
    python tests/fuzz.py --reduce x.py --mode jit   makes a failing program small
    python tests/fuzz.py --memory                   with little memory: they need not print the same, but must not crash
    python tests/fuzz.py --python "$(tools/arm64/build)" --patience 15      on the arm64 Python, under qemu

The programs are those of fuzz_programs.py. Failures go to build/fuzz/, first as found, then reduced (fuzz_reduce.py).
"""

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import runner  # noqa: E402
from fuzz_programs import Program  # noqa: E402
from fuzz_reduce import Reducer  # noqa: E402

OUT = Path(__file__).resolve().parent.parent / "build" / "fuzz"
MODES = {
    "jit": {},
    "interpreter": {"COPYPATCH_INTERPRET": "1"},
    **{f"jit-exit{n}": {"COPYPATCH_STRESS": f"exit:{n}"} for n in range(1, 8)},
    "unoptimized": {"PYTHON_UOPS_OPTIMIZE": "0"},
    **{name: switches for name, switches in runner.MODES.items() if name.endswith(("-ra", "-tiny", "-invalid", "-oom", "-all"))},
}


def run(path, mode=None, timeout=10, more=(), arguments=()):
    env = runner.environment(**({"COPYPATCH_EAGER": "1", **MODES[mode]} if mode else {}))
    command = [runner.PYTHON, *(["-m", "copypatch"] if mode else []), *more, str(path), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=timeout * runner.PATIENCE, env=env)
    except subprocess.TimeoutExpired:
        return "timeout", "", ""
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


# Runs a program whose every printed line costs memory, with some bytes more of it than there are. Not the C stack's: what that needs is there.
WITH_LITTLE_MEMORY = """
import resource, sys
deep = []
for _ in range(2500): deep = [deep]
repr(deep)
text = "HOG = []\\n" + open(sys.argv[1]).read().replace("def R(v):\\n", "def R(v):\\n    HOG.append(bytearray(3000))\\n")
code = compile(text, sys.argv[1], "exec")
before = resource.getrlimit(resource.RLIMIT_AS)
with open("/proc/self/statm") as f:
    used = int(f.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[2]), before[1]))
try:
    exec(code, {"__name__": "__main__"})
except MemoryError:
    resource.setrlimit(resource.RLIMIT_AS, before)
"""
ROOMS = 0, 100_000, 300_000, 700_000, 1_200_000     # bytes


def crash_of(path, mode, room):
    """What ended the program with so little memory, twice in a row: a line; None: itself. (Once in some thousand runs it is CPython 3.13
    itself: a `def` that finds no memory releases its code object twice.)"""
    for _ in range(2):
        status, _, err = run(path, mode, more=["-c", WITH_LITTLE_MEMORY], arguments=[str(room)])
        if not isinstance(status, int) or status >= 0:
            return None
    return f"status {status}: {err[-300:]}"


def kind_of(ours, stock):
    """None: they agree. Else the sort of difference, for the reducer to keep to."""
    if ours == stock:
        return None
    if ours[0] != stock[0]:
        fatal = [l for l in ours[2].splitlines() if l.startswith("Fatal Python error")]
        return f"status {ours[0]}" + (f" {fatal[0]}" if fatal and "Segmentation" not in fatal[0] and "Aborted" not in fatal[0] else "")
    return "output"


def reduce_file(path, mode, seconds):
    ours, stock = run(path, mode), run(path)
    kind = kind_of(ours, stock)
    if kind is None:
        return None, None
    file = OUT / f"reduce-{mode}.py"

    def fails(text):
        file.write_text(text)
        stock = run(file, timeout=2)
        if stock[0] == "timeout" or (stock[0] != 0 and "SyntaxError" in stock[2]):
            return False
        return kind_of(run(file, mode, timeout=4), stock) == kind

    small = Reducer(Path(path).read_text(), fails, seconds).reduce()
    file.unlink(missing_ok=True)
    return small, kind


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--programs", type=int, default=0, help="so many programs, however long it takes")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--sample", type=int, default=0, help="so many modes per program, chosen by its seed; 0: all")
    parser.add_argument("--stop", type=int, default=10, help="end after so many failures")
    parser.add_argument("--reduce-seconds", type=float, default=90, help="limit for reducing one failure; 0: not at all")
    parser.add_argument("--mode", choices=MODES, action="append", help="this mode only; may be given again")
    parser.add_argument("--show", type=int, metavar="SEED", help="print the program of a seed")
    parser.add_argument("--reduce", metavar="FILE", help="reduce a program that fails in --mode")
    parser.add_argument("--memory", action="store_true", help="with little memory, which must not crash them")
    runner.add_python_options(parser)
    args = parser.parse_args()
    runner.use_python(args)
    if args.show is not None:
        print(Program(args.show).text(), end="")
        return
    OUT.mkdir(parents=True, exist_ok=True)
    if args.reduce:
        text, kind = reduce_file(args.reduce, (args.mode or ["jit"])[0], args.reduce_seconds)
        print(text or "no difference")
        return
    end, seed, failures, runs, slow = time.monotonic() + args.seconds, args.seed, 0, 0, 0
    while (seed < args.seed + args.programs if args.programs else time.monotonic() < end) and failures < args.stop:
        path = OUT / f"seed{seed}.py"
        text = Program(seed).text()
        path.write_text(text)
        stock = run(path, timeout=3)
        modes = args.mode or list(MODES)
        if args.sample and not args.mode:
            modes = ["jit", *random.Random(seed).sample(modes[1:], args.sample - 1)]
        found = False
        if stock[0] == "timeout" or "SyntaxError" in stock[2]:
            print(f"seed {seed}: a bad program: {stock[0]} {stock[2][-300:]}", flush=True)
            slow += 1
            modes = []
        if args.memory:
            for mode in modes:
                for room in ROOMS:
                    runs += 1
                    if crash := crash_of(path, mode, room):
                        found = True
                        failures += 1
                        print(f"FAILED seed {seed} [{mode}] with {room} bytes: {crash}", flush=True)
            modes = []
        for mode in modes:
            runs += 1
            ours = run(path, mode)
            kind = kind_of(ours, stock)
            if kind and kind_of(ours, run(path)):
                found = True
                failures += 1
                print(f"FAILED seed {seed} [{mode}] {kind}", flush=True)
                if args.reduce_seconds:
                    small, _ = reduce_file(path, mode, args.reduce_seconds)
                    if small:
                        target = OUT / f"seed{seed}-{mode}-min.py"
                        target.write_text(small)
                        print(f"  {target}\n" + "\n".join("    " + l for l in small.splitlines()[:60]), flush=True)
                break
        if not found:
            path.unlink()
        seed += 1
    print(f"{seed - args.seed} programs, {runs} runs, {failures} failures, {slow} bad programs; next seed {seed}")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
