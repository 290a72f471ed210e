"""Memory runs out in compiled loops: a MemoryError as on stock Python, at some turn, with everything before it in place; never the end."""

import subprocess
import sys

import fuzz
import pytest
import runner

resource = pytest.importorskip("resource")

PROGRAM = """
import resource, sys

def half(x):
    y = x * 0.5
    return y + 1.0

def floats(l, n):
    x = y = z = 0.5
    for i in range(n):
        x += 1.0
        y = x * 2.0
        z = y + x
        l[i] = x

def ints(l, n):
    for i in range(n):
        j = i * 1000003
        k = j * 1000003
        l[i] = j + k

def calls(l, n):
    for i in range(n):
        l[i] = half(i * 0.5)

def tuples(l, n):
    x = 0.5
    for i in range(n):
        x += 0.25
        l[i] = (i, x)

def strings(l, n):
    for i in range(n):
        l[i] = "x" + str(i)

def appended(l, n):
    l.clear()
    x = 0.5
    for i in range(n):
        x += 0.25
        l.append(x)

def usage():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[0]) * resource.getpagesize()

work, room, n = globals()[sys.argv[1]], int(sys.argv[2]), 400_000
right, l = [None] * n, [None] * n
work(right, n)
short = [None] * 3000
work(short, 3000)
before = resource.getrlimit(resource.RLIMIT_AS)
limit = usage() + room
resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
failed = 0
try:
    work(l, n)
except MemoryError:
    failed = 1
resource.setrlimit(resource.RLIMIT_AS, before)
made = l.index(None) if None in l else len(l)
print("MemoryError" if failed else "no error", l[:made] == right[:made], all(x is None for x in l[made:]), made == n or failed == 1)
work(l, n)
print(l == right)
"""


@pytest.mark.parametrize("eager", "01")
@pytest.mark.parametrize("work", ["floats", "ints", "calls", "tuples", "strings", "appended"])
def test_memory_error(work, eager):
    errors = 0
    for room in (0, 600_000, 2_500_000):
        done = subprocess.run([sys.executable, "-m", "copypatch", "-c", PROGRAM, work, str(room)], capture_output=True, text=True,
                              env=runner.environment(COPYPATCH_EAGER=eager))
        assert done.returncode == 0 and done.stdout.endswith("True True True\nTrue\n"), (room, done.returncode, done.stdout, done.stderr)
        errors += done.stdout.startswith("MemoryError")
    assert errors > 1


@pytest.mark.parametrize("mode", runner.usable(["jit", "interpreter", "jit-exit3"]))
@pytest.mark.parametrize("seed", [81, 86, 109, 126, 179, 399, 810001, 810014])
def test_random_programs(seed, mode, tmp_path):
    """Those that crashed once: recordings that ran out of memory in the middle of an instruction, exceptions lost on the way to their handler."""
    path = tmp_path / "program.py"
    path.write_text(fuzz.Program(seed).text())
    assert [crash for room in fuzz.ROOMS if (crash := fuzz.crash_of(path, mode, room))] == []
