"""What a trace costs at run time, against the limits: microseconds per recorded bytecode and per emitted uop, by stage; nanoseconds to enter and leave.

    python bench/cost.py [--rounds N] [name ...]

The programs in bench/, as they are: some traces each, recorded while a program fills the caches. And loops made here, 100 functions
with one each: `again`, one trace after the other; `cold`, with the caches filled with something else before each, and no hundreds of
turns before the recording to prepare it in; their columns are microseconds per trace as well. The cheapest of N rounds counts. Aborted
recordings are included, in the time and in the bytecodes. What is done once per process, when the first code is armed, stands apart:
set-up, in microseconds. Page faults are those while the loops ran: of the first one, and of each later trace.

`leaving`: a loop whose trace is entered in every turn and left at once, by its first guard, against the same loop with a JUMP event whose
callback does nothing, in processes of their own; each time is that of the quickest of many runs.

`doors`: nanoseconds of one call, entry or escape of each kind, with all that the program does around it, on stock and by us: the quickest of many runs, in processes
of their own. No limits: to be compared with what they were.

`limits`: what bench/limits.py says of the programs in bench/: memory, pauses, how much runs natively and how soon. Its exit status is its own.

Exit status 1 when a program, or leaving, is above a limit.
"""

import argparse
import json
import sys

LIMIT_BYTECODE = 2.0
LIMIT_UOP = 0.5
LIMIT_LEAVING = 80
TURNS = 200
STAGES = "record", "optimize", "emit"
N = 100
LOOPS = {
    "sum": "def f(n):\n s = 0\n for i in range(n):\n  s += i\n",
    "store": "def f(n):\n a = [1] * (n + 1)\n i = 0\n while i <= n:\n  a[i] = 0\n  i += 3\n",
    "branch": "def f(n):\n s = t = 0\n for i in range(n):\n  if i & 1:\n   s += i\n  else:\n   t += s\n",
    "escape": "def f(n):\n x = y = 0.0\n k = 0\n while k < n:\n  a = x * x; b = y * y\n  if a + b > 4.0: x = 0.0\n"
              "  y = 2.0 * x * y + 0.2; x = a - b + 0.1\n  k += 1\n",
    "long": "def f(n):\n a = 1.5; b = 2.5; v = [1.0, 2.0, 3.0]\n for i in range(n):\n"
            + "".join(f"  a = a * 0.5 + b * {k}.25\n  b = v[{k % 3}] - a * 0.125\n  v[{k % 3}] = b + a\n" for k in range(10)),
}

# name: definitions, an expression that does it so many times, how many.
DOORS = {
    "call": ("def f(a, n):\n if n == 0:\n  return a\n return f(a, n - 1)\n", "f(1, 200)", 200),
    "call, no small ints": ("def f(a, n):\n if n == 1000000:\n  return a\n return f(a, n - 1)\n", "f(1, 1000200)", 200),
    "call, of a method": ("class C:\n def f(self, n):\n  if n == 0:\n   return self\n  return self.f(n - 1)\nc = C()\n", "c.f(200)", 200),
    "call, defaults": ("def f(n, a=1, b=2):\n if n == 0:\n  return a\n return f(n - 1)\n", "f(200)", 200),
    "call, of a closure": ("def make():\n k = 1\n def f(n):\n  if n == 0:\n   return k\n  return f(n - k)\n return f\nf = make()\n", "f(200)", 200),
    "call, that makes a cell": ("def f(n):\n if n == 0:\n  return lambda: n\n return f(n - 1)\n", "f(200)", 200),
    "call, of this and that": ("def f(a, n): return a\ndef g(a, n): return n\ndef h(n, a): return n\nclass C:\n def m(self, n): return n\nw = (f, g, h, C().m)\n"
                               "def r(n):\n for i in range(n // 4):\n  for q in w:\n   q(i, i) if q is not w[3] else q(i)\n", "r(200)", 200),
    "call, that leaves": ("def g(n):\n if n < 0:\n  return g(n + 1)\n try:\n  raise KeyError\n except KeyError:\n  return n\n"
                          "def f(n):\n for i in range(n):\n  g(i)\n", "f(200)", 200),
    "call, of a class": ("class C:\n __slots__ = 'a', 'b'\n def __init__(self, a, b=1):\n  self.a = a\n  self.b = b\ndef f(n):\n for i in range(n):\n  C(i)\n", "f(200)", 200),
    "operator": ("class C:\n def __init__(self, x):\n  self.x = x\n def __add__(self, o):\n  return self\ndef f(a, n):\n for i in range(n):\n  a = a + a\nc = C(1)\n", "f(c, 200)", 200),
    "door from C": ("def f(a):\n" + " a = a * 0.5 + 1.25\n" * 8 + " return a\n", "list(map(f, [1.0] * 200))", 200),
    "door from C, key": ("l = [(i * 7 % 31, float(i)) for i in range(200)]\ndef f(t):\n return t[1] * 0.5 - t[0] * 2.0 + t[1] * t[1]\n", "sorted(l, key=f)", 200),
    "escape": ("def g(*a):\n return a\ndef f(n):\n x = 0.5\n for i in range(n):\n  g(i)\n  x = x * 0.5 + 1.0\n", "f(200)", 200),
    "resume": ("def g(n):\n for i in range(n):\n  yield i\ndef f(n):\n s = 0\n for i in g(n):\n  s += i\n", "f(200)", 200),
    "resume, of an object": ("def g(o, n):\n for i in range(n):\n  yield o\ndef f(n):\n for o in g('o', n):\n  pass\n", "f(200)", 200),
    "resume, three deep": ("def g(n):\n for i in range(n):\n  yield i\ndef h(n):\n yield from g(n)\ndef k(n):\n yield from h(n)\ndef f(n):\n s = 0\n for i in k(n):\n  s += i\n", "f(200)", 200),
    "resume from C": ("def g(n):\n for i in range(n):\n  yield i\n", "sum(g(200))", 200),
    "await": ("async def g(i):\n return i\nasync def f(n):\n s = 0\n for i in range(n):\n  s += await g(i)\ndef run(n):\n try:\n  f(n).send(None)\n except StopIteration:\n  pass\n", "run(200)", 200),
    "generator made": ("def g(n):\n yield n\ndef f(n):\n for i in range(n):\n  for x in g(i):\n   pass\n", "f(200)", 200),
    "caught": ("d = {}\ndef f(n):\n s = 0\n for i in range(n):\n  try:\n   d[i]\n  except KeyError:\n   s += 1\n", "f(200)", 200),
    "caught, of a callee": ("def g(i):\n if i >= 0:\n  raise KeyError\n return g(i + 1)\ndef f(n):\n s = 0\n for i in range(n):\n  try:\n   g(i)\n  except KeyError:\n   s += 1\n", "f(200)", 200),
}

# The first guard fails when `flag` is not None, and what follows then is never recorded: reference counts are looked at.
LEAVING = """
def f(n, flag):
    i = 0
    while i < n:
        if flag is not None:
            getrefcount(n)
        i += 1
"""


def leaving(how):
    """In a process of its own: the nanoseconds of a turn, and how often a trace was entered in it, as JSON."""
    import sys
    import time

    import copypatch
    from copypatch import _copypatch
    if how == "trace":
        copypatch.enable()
    jump, best, entries, samples = sys.monitoring.events.JUMP, float("inf"), 0, 300
    if how == "event":
        sys.monitoring.use_tool_id(sys.monitoring.OPTIMIZER_ID, "nothing")
        sys.monitoring.register_callback(sys.monitoring.OPTIMIZER_ID, jump, _copypatch._nothing)
    for _ in range(samples):        # of a function each, and few turns: it would be found useless, and left to the interpreter
        names = {"getrefcount": sys.getrefcount}
        exec(compile(LEAVING, "leaving", "exec"), names)
        function = names["f"]
        if how == "event":
            sys.monitoring.set_local_events(sys.monitoring.OPTIMIZER_ID, function.__code__, jump)
        function(300, None)         # compiled
        function(20, 1)             # its exit is given up
        before = copypatch.stats()["entries"]
        start = time.perf_counter_ns()
        function(TURNS, 1)
        best = min(best, time.perf_counter_ns() - start)
        entries += copypatch.stats()["entries"] - before
    print(json.dumps([best / TURNS, entries / TURNS / samples]))


def leaving_row(python, here, rounds):
    """Prints it; says whether it is within the limit."""
    best, entered = {}, 0
    for how in ("event", "trace") * rounds:
        _, status, output = python.run(str(here / "cost.py"), "--leaving", how, COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0", COPYPATCH_RETIRE="0")
        if status:
            sys.exit(output.decode())
        ns, entries = json.loads(output)
        best[how] = min(ns, best.get(how, ns))
        entered = max(entered, entries)
    if entered < 0.9:
        print(f"leaving: FAIL, its trace was entered {entered:.2f} times a turn, not once")
        return False
    cost = best["trace"] - best["event"]
    good = cost <= LIMIT_LEAVING
    print(f"leaving: a turn with an event {best['event']:.0f} ns, entry + exit that leaves at once {cost:.0f} ns above it, limit {LIMIT_LEAVING} "
          + ("PASS" if good else "FAIL"))
    return good


def door(name, ours):
    """In a process of its own: nanoseconds of one of them, as JSON."""
    import time
    setup, expression, count = DOORS[name]
    names = {}
    if ours:
        import copypatch
        copypatch.enable()
    exec(compile(setup, name, "exec"), names)
    run = eval(f"lambda: {expression}", names)
    best, end = float("inf"), time.perf_counter() + 0.25
    while time.perf_counter() < end:
        start = time.perf_counter_ns()
        run()
        best = min(best, time.perf_counter_ns() - start)
    print(json.dumps(best / count))


def door_rows(python, here, rounds):
    print(f"{'doors':24} {'stock':>8} {'ours':>8} ns")
    for name in DOORS:
        best = [float("inf")] * 2
        for ours in (0, 1) * rounds:
            _, status, output = python.run(str(here / "cost.py"), "--door", name, str(ours), COPYPATCH_EAGER="1")
            if status:
                sys.exit(output.decode())
            best[ours] = min(best[ours], json.loads(output))
        print(f"{name:24} {best[0]:8.1f} {best[1]:8.1f}  {best[0] / best[1]:.2f}x", flush=True)


def loops(kind, cold):
    """In a process of its own: the stats of N traces and the page faults of each, as JSON."""
    import random
    import resource
    filler = [float(i) for i in range(200_000)]
    random.Random(1).shuffle(filler)
    faults = []

    def one(_):
        names = {}
        exec(compile(LOOPS[kind], kind, "exec"), names)
        function = names["f"]
        if cold:
            sum(filler)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        function(60)
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    import copypatch
    copypatch.enable()
    list(map(one, range(N)))
    stats = copypatch.stats()
    print(json.dumps({**stats, "first_faults": faults[0], "faults": sum(faults[1:]) / (N - 1)}))


def row(name, s, per_trace=False):
    """Prints it; says whether it is within the limits."""
    ns = [s[f"{stage}_ns"] for stage in STAGES]
    traces, bytecodes, uops = s["traces"] + s["side_traces"], s["recorded_bytecodes"], s["emitted_uops"]
    if not traces:
        print(f"{name:16} {'no trace':>6}, {s['aborts']} recordings aborted, {sum(ns) / 1e3 / max(s['aborts'], 1):.1f} us each")
        return True
    per_bytecode, per_uop = sum(ns) / 1e3 / bytecodes, ns[2] / 1e3 / uops
    good = per_bytecode <= LIMIT_BYTECODE and per_uop <= LIMIT_UOP
    print(f"{name:16} {traces:6} {bytecodes:9} {uops:6} | " + " ".join(f"{t / 1e3 / traces:8.1f}" for t in [*ns, sum(ns)]) + " | "
          + " ".join(f"{t / 1e3 / bytecodes:8.2f}" for t in [*ns, sum(ns)]) + f" | {per_uop:6.2f} {'PASS' if good else 'FAIL'} | {s['setup_ns'] / 1e3:6.0f}"
          + (f"  {s['first_faults']:4} {s['faults']:6.2f}" if per_trace else ""), flush=True)
    return good


def heading(title, more=""):
    stages = " ".join(f"{s:>8}" for s in (*STAGES, "all"))
    print(f"{title:16} {'traces':>6} {'bytecodes':>9} {'uops':>6} | {stages} us/trace | {stages} us/bytecode | {'us/uop':>6}      | set-up{more}"
          .replace(" us/trace |", " |").replace(" us/bytecode |", " |"))


def main():
    from run import HERE, Interpreter, cheapest, programs
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    python = Interpreter(sys.executable, None)
    print(f"limits: {LIMIT_BYTECODE} us per recorded bytecode, {LIMIT_UOP} us per emitted uop\n{'':34} | {'us per trace':^35} | {'us per bytecode':^35} |")
    heading("program")
    good = True
    for program in programs(args.names) if not args.names or not set(args.names) & {*LOOPS, "leaving", "doors", "limits"} else []:
        good &= row(program.stem, cheapest([python.stats(program) for _ in range(args.rounds)]))
    print()
    heading("100 loops", more=f"{'first fault, each':>23}")
    for cold in (0, 1):
        for kind in LOOPS:
            if args.names and kind not in args.names:
                continue
            samples = []
            for _ in range(args.rounds):
                _, status, output = python.run(str(HERE / "cost.py"), "--loops", kind, str(cold), COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0")
                if status:
                    sys.exit(output.decode())
                samples.append(json.loads(output))
            row(f"{kind} {('again', 'cold')[cold]}", cheapest(samples), per_trace=True)
    if not args.names or "leaving" in args.names:
        print()
        good &= leaving_row(python, HERE, args.rounds)
    if not args.names or "doors" in args.names:
        print()
        door_rows(python, HERE, min(args.rounds, 3))
    if not args.names or "limits" in args.names:
        import limits
        print()
        limits.table(limits.Runs(python), programs([n for n in args.names if n != "limits"]), args.rounds)
    print("PASS" if good else "FAIL: a program, or leaving, is above a limit")
    sys.exit(not good)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--loops"]:
        loops(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == ["--leaving"]:
        leaving(sys.argv[2])
    elif sys.argv[1:2] == ["--door"]:
        door(sys.argv[2], int(sys.argv[3]))
    else:
        main()
