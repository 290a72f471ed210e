"""Memory runs out in compiled loops: a MemoryError as on stock Python, at some turn, with everything before it in place; never the end."""

import shutil
import subprocess
import sys
from pathlib import Path

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


DEEP = """
import sys

def deep(n):
    if n == 0:
        raise KeyError("deep")
    return deep(n - 1) + 1

def levels(e):
    tb, n = e.__traceback__, 0
    while tb:
        tb, n = tb.tb_next, n + 1
    return n

sys.setrecursionlimit(60_000)
for k in range(3):
    try:
        deep(30_000)
    except KeyError as e:
        print(levels(e))
"""


@pytest.mark.parametrize("nth", [7, 8, 14])
def test_nested_recordings_without_memory(nth):
    """Recordings below one another end one behind the other, by an exception; each may need what is kept back."""
    done = subprocess.run([sys.executable, "-m", "copypatch", "-c", DEEP], capture_output=True, text=True,
                          env=runner.environment(COPYPATCH_EAGER="1", COPYPATCH_STRESS=f"oom:{nth}"))
    assert (done.returncode, done.stdout) == (0, "30002\n" * 3), done.stderr[-500:]


# A child for each allocation of a run, in which that one and the next fail.
EACH_ALLOCATION = """
import ctypes, os, sys

lib = ctypes.PyDLL(sys.argv[1])
lib.asked_for.restype = ctypes.c_long
lib.no_memory.argtypes = [ctypes.c_long, ctypes.c_long]
assert lib.no_memory_begin() or len(sys.argv) == 2

def half(x, y=2.0):
    for k in range(3):
        y = y + x * 0.5
    return y

def work(n):
    a, x, l, t = 1, 0.5, [0, 0.0, "s"], (1, 2.0)
    d = {}
    total = 0
    for i in range(n):
        b = a + i
        y = x * 1.5
        z = y - x
        a = b % 1009
        if i % 3 == 0:
            total += b
            l[0] = z
        elif i % 7 == 1:
            total -= a
            l[1] = y
        else:
            d[i & 7] = (a, y)
        x = half(z, y) % 13.0
        for j in range(i & 3):
            total += j * a
        for j in t:
            x += j
        s = str(b)
    return a, x, total, l, s, sorted(d.items())

def child(n, count):
    lib.no_memory(n, count)
    status = 1
    try:
        got = repr(work(60))
    except MemoryError:
        got, status = want, 2
    asked = lib.asked_for()
    lib.no_memory(0, 0)
    if got != want or repr(work(60)) != want:
        os._exit(3)
    os._exit(0 if asked <= n else status)

if len(sys.argv) == 2:
    print(repr(work(60)))
    sys.exit()
want, count, n = sys.argv[2], int(sys.argv[3]), 0
while True:
    pid = os.fork()
    if not pid:
        child(n, count)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status not in (1, 2):
        break
    n += 1
print(status, n)
"""


@pytest.fixture(scope="module")
def no_memory(tmp_path_factory):
    library = tmp_path_factory.mktemp("no_memory") / "no_memory.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", Path(__file__).parent / "memory" / "no_memory.c", "-o", library, "-ldl"], check=True)
    return str(library)


@pytest.mark.skipif(not shutil.which("cc"), reason="no cc")
@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("mode", runner.usable(["jit", "interpreter", "jit-exit3", "unoptimized"]))
def test_each_allocation(no_memory, mode, count):
    """Whichever allocation fails while traces are made and left, the program does what it does; a trace that lacks something never runs."""
    stock = subprocess.run([sys.executable, "-c", EACH_ALLOCATION, no_memory], capture_output=True, text=True, env=runner.environment())
    want = stock.stdout.strip()
    done = subprocess.run([sys.executable, "-m", "copypatch", "-c", EACH_ALLOCATION, no_memory, want, str(count)], capture_output=True, text=True,
                          env=runner.environment(COPYPATCH_EAGER="1", LD_PRELOAD=no_memory, **runner.MODES[mode]))
    assert done.returncode == 0 and want.startswith("("), (done, stock)
    status, n = map(int, done.stdout.split())
    assert status == 0 and n > 50, (status, n, done.stderr[-500:])
