"""run.py SCRIPT [ARGS...]: a program on stock Python and under copypatch.

Shows its output once, checks that both runs print the same and end alike, and prints both CPU times and what the JIT did.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile


def run(command, **environment):
    """-> (exit status, stdout, stderr, CPU seconds)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, env={**os.environ, **environment})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = sum(getattr(after, f) - getattr(before, f) for f in ("ru_utime", "ru_stime"))
    return done.returncode, done.stdout, done.stderr, seconds


def main():
    program = sys.argv[1:]
    if not program:
        sys.exit("usage: tools/run.py SCRIPT [ARGS...]")
    stock = run([sys.executable, *program], PYTHON_JIT="0")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as stats_file:
        ours = run([sys.executable, "-m", "copypatch", *program], COPYPATCH_STATS=stats_file.name)
        text = stats_file.read()

    sys.stdout.buffer.write(stock[1])
    sys.stdout.flush()
    sys.stderr.buffer.write(stock[2])
    sys.stderr.flush()
    print(f"\n{program[0]}: stock Python {stock[3]:.2f} s, copypatch {ours[3]:.2f} s of CPU time: {stock[3] / max(ours[3], 1e-9):.1f} times as fast")
    if text:
        show(json.loads(text))
    for what, ours_is, stock_is in zip(("exit status", "output", "error output"), ours, stock):
        if ours_is != stock_is:
            shown = [x.decode(errors="replace") if isinstance(x, bytes) else x for x in (stock_is, ours_is)]
            sys.exit(f"the {what} differs!\n--- stock\n{shown[0]}\n--- copypatch\n{shown[1]}")
    print("both print the same")
    sys.exit(stock[0])


def show(stats):
    if stats["off_reason"]:
        print(f"the JIT is off: {stats['off_reason']}")
    aborts = ", ".join(f"{n} {name}" for name, n in sorted(stats["aborts_by_reason"].items(), key=lambda item: -item[1]))
    print(f"traces: {stats['traces']} root, {stats['side_traces']} side; aborted recordings: {stats['aborts']}{aborts and f' ({aborts})'}")
    print(f"recorded bytecodes: {stats['recorded_bytecodes']}, {stats['us_per_bytecode']:.2f} us each: {stats['record_us_per_bytecode']:.2f} recording, "
          f"{stats['optimize_us_per_bytecode']:.2f} optimizing, {stats['emit_us_per_bytecode']:.2f} emitting")
    print(f"emitted uops: {stats['emitted_uops']}, {stats['emit_us_per_uop']:.2f} us each; native code: {stats['code_bytes']} bytes")
    print(f"entered {stats['entries']} times, left to the interpreter {stats['exits']} times")


if __name__ == "__main__":
    main()
