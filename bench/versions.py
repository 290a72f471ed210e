"""The benchmarks on every version of CPython that is supported, side by side: stock, CPython's own JIT (PYTHON_JIT=1, from 3.14 on), copypatch.

    python bench/versions.py [--rounds N] [name ...]

Debian sid's interpreters (tools/clean_root, as root). CPU time of whole processes, the least of N rounds in turn. For each program a line a version: seconds, the ratio of
stock's time to ours, that of stock's to its own JIT's, and the ratio of our time to ours on 3.13.

FAIL, and exit status 1, where a program prints something else, takes longer than stock (below 0.98x), or loses to CPython's own JIT; and where a program of numbers takes over
15 % longer than ours on 3.13.
"""

import argparse
import math
import subprocess
import sys

import run as bench

sys.path.insert(0, str(bench.PACKAGE / "tools"))
import versions  # noqa: E402

LEAST, SLOWER = 0.98, 1.15
NUMERIC = {"branches", "collatz", "float_calls", "lcg", "mandelbrot", "matmul", "nbody", "sieve", "spectral_norm"}


def sid():
    done = subprocess.run([bench.PACKAGE / "tools" / "clean_root", "sid"], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip() if done.returncode == 0 else sys.exit(done.returncode)


class Column:
    """One version: its interpreter, and the ways of running a program on it."""

    def __init__(self, version, root):
        self.version = version
        self.python = bench.interpreter(f"python{version}", root)
        own = version != "3.13"         # there the variable is ours
        off = {"PYTHON_JIT": "0"} if own else {}
        self.ways = {"stock": ((), off), "copypatch": (("-m", "copypatch"), off), **({"own": ((), {"PYTHON_JIT": "1"})} if own else {})}

    def once(self, path, best):
        """Runs it each way; -> whether all print the same. best: way -> least seconds"""
        program, said = self.python.program(path), set()
        for way, (words, variables) in self.ways.items():
            seconds, status, output = self.python.run(*words, program, **variables)
            best[way] = min(seconds, best.get(way, math.inf))
            said.add((status, output))
        return len(said) == 1


def judge(name, column, best, first):
    """-> what is wrong with it, or "" """
    ratio = best["stock"] / best["copypatch"]
    if ratio < LEAST:
        return f"FAIL: {ratio:.2f}x of stock"
    if best["copypatch"] > best.get("own", math.inf) / LEAST:
        return "FAIL: CPython's own JIT is faster"
    if name in NUMERIC and best["copypatch"] > first * SLOWER:
        return f"FAIL: {best['copypatch'] / first:.2f} times as long as on 3.13"
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="programs whose names contain one of these; default: all")
    parser.add_argument("--rounds", type=int, default=5, help="(%(default)s)")
    args = parser.parse_args()
    root = sid()
    columns = [Column(version, root) for version in versions.LAYOUTS]
    print(f"{'program':15} {'':5} {'stock s':>8} {'own JIT':>8} {'copypatch':>10} {'ratio':>7} {'own':>6} {'of 3.13':>8}")
    failed, ratios = 0, {c.version: [] for c in columns}
    for path in bench.programs(args.names):
        best = {c.version: {} for c in columns}
        same = dict.fromkeys(best, True)
        for _ in range(args.rounds):
            for c in columns:
                same[c.version] &= c.once(path, best[c.version])
        first = best[columns[0].version]["copypatch"]
        for c in columns:
            b = best[c.version]
            what = judge(path.stem, c, b, first) if same[c.version] else "FAIL: prints something else"
            failed += bool(what)
            ratios[c.version].append(b["stock"] / b["copypatch"])
            own = (f"{b['own']:8.3f}", f"{b['stock'] / b['own']:5.2f}x") if "own" in b else (" " * 8, " " * 6)
            print(f"{path.stem:15} {c.version:5} {b['stock']:8.3f} {own[0]} {b['copypatch']:10.3f} {ratios[c.version][-1]:6.2f}x {own[1]} {b['copypatch'] / first:8.2f}  {what}",
                  flush=True)
    for version, r in ratios.items():
        print(f"{version}: geometric mean {math.exp(sum(map(math.log, r)) / len(r)):.2f}x, least {min(r):.2f}x")
    sys.exit(f"FAIL: {failed} times" if failed else 0)


if __name__ == "__main__":
    main()
