"""Linux perf sees traces by name, and call stacks go through them: a real `perf record`."""

import functools
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
import textwrap
from pathlib import Path

import pytest
import runner

pytestmark = pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))


@functools.cache
def why_no_perf():
    """Why perf cannot record traces here; None: it can."""
    if runner.why_not_native():
        return runner.why_not_native()
    if not shutil.which("perf"):
        return "no perf"
    done = subprocess.run(["perf", "record", "-e", "cpu-clock", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return done.returncode and f"perf cannot record here: {done.stderr.strip().splitlines()[0]}" or None


HAS_FRAME_POINTERS = "-fno-omit-frame-pointer" in (sysconfig.get_config_var("CFLAGS") or "")

PROGRAM = """
    import os
    print(os.getpid(), flush=True)
    def kernel(n):
        s = 0.0
        for i in range(n):          # line 6
            x = i * 0.5
            s += x * 0.3 - x / 7.0
            if s > 1e9:
                s = 0.0
        return s
    def caller(n):
        return kernel(n)
    def texts(n):
        for i in range(n):          # line 15
            text = str(i) * 10
    def main():
        caller(30000000)
        texts(400000)
    main()
"""


class Recording:
    """A program under perf record."""

    def __init__(self, folder, program, python_options, perf_options, **env):
        self.folder = folder
        self.program = folder / "program.py"
        self.program.write_text(textwrap.dedent(program))
        self.env = runner.environment(HOME=str(folder), TMPDIR=str(folder), COPYPATCH_EAGER="1", **env)
        self.env.pop("COPYPATCH_VERIFY")
        out = self.run("perf", "record", "-e", "cpu-clock", "-F", "1999", "-k", "mono", *perf_options, "-o", "perf.data",
                       sys.executable, *python_options, "-m", "copypatch", self.program)
        self.pids = [int(line) for line in out.splitlines() if line.isdigit()]
        self.data = "perf.data"

    def run(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=self.env, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def inject(self):
        self.run("perf", "inject", "--jit", "-i", "perf.data", "-o", "perf.jit.data")
        self.data = "perf.jit.data"

    def stacks(self):
        """Each sample's symbols, innermost first."""
        text = self.run("perf", "script", "-F", "ip,sym", "-i", self.data)
        return [[(line.split(None, 1) + [""])[1] for line in sample.splitlines() if line.strip()] for sample in text.split("\n\n") if sample.strip()]

    def clean(self):
        """What Python itself left in /tmp."""
        for pid in self.pids:
            for path in [f"perf-{pid}.map", f"jit-{pid}.dump", *(p.name for p in Path("/tmp").glob(f"jitted-{pid}-*.so"))]:
                Path("/tmp", path).unlink(missing_ok=True)


@pytest.fixture
def record(tmp_path):
    if reason := why_no_perf():
        pytest.skip(reason)
    recordings = []

    def record(*args, **env):
        recordings.append(Recording(tmp_path, *args, **env))
        return recordings[-1]
    yield record
    for recording in recordings:
        recording.clean()


def starts(stack, *symbols):
    """These symbols occur in a stack in this order, others between them."""
    rest = iter(stack)
    return all(any(s.startswith(symbol) for s in rest) for symbol in symbols)


def test_map_file(record):
    recording = record(PROGRAM, ["-X", "perf"], ["--call-graph", "fp"])
    stacks = recording.stacks()
    kernel, texts = (f"py_trace:{name}:{recording.program}:{line}" for name, line in (("kernel", 6), ("texts", 15)))
    inside = [s for s in stacks if s[0] == kernel]
    assert len(inside) > 20, stacks[:20]
    # our own frames below show that the trace kept C's chain of frame pointers; Python's own follow where it was built with them
    assert sum(starts(s, kernel, "arrive") for s in inside) > 0.9 * len(inside), inside[:5]
    if HAS_FRAME_POINTERS:
        assert sum(starts(s, kernel, "_PyEval_EvalFrameDefault", "py::caller:", "py::main:") for s in inside) > 0.9 * len(inside), inside[:5]
        assert any(texts in s[1:] for s in stacks)
    with open(f"/tmp/perf-{recording.pids[0]}.map") as file:
        names = [line.split(None, 2)[2].strip() for line in file if "py_trace" in line]
    assert kernel in names and texts in names and "py_trace_door" in names


def test_jitdump(record):
    recording = record(PROGRAM, ["-X", "perf_jit"], ["--call-graph", "dwarf,16384"])
    recording.inject()
    stacks = recording.stacks()
    kernel, texts = (f"py_trace:{name}:{recording.program}:{line}" for name, line in (("kernel", 6), ("texts", 15)))
    inside = [s for s in stacks if s[0] == kernel]
    assert len(inside) > 20, stacks[:20]
    assert sum(starts(s, kernel, "_PyEval_EvalFrameDefault", "py::caller:", "py::main:") for s in inside) > 0.9 * len(inside), inside[:5]
    called = [s for s in stacks if texts in s[1:]]      # from a C function that the trace calls
    assert len(called) > 20
    assert sum(starts(s, texts, "_PyEval_EvalFrameDefault", "py::main:") for s in called) > 0.9 * len(called), called[:5]
    lines = recording.run("perf", "script", "-F", "ip,sym,srcline", "-G", "-i", recording.data)
    found = set(re.findall(rf"{re.escape(kernel)}\s+program.py:(\d+)", lines))
    assert found & {"6", "7", "8", "9"} and found <= {"6", "7", "8", "9", "10"}, found


FORK = """
    import os
    print(os.getpid(), flush=True)
    def define(name):
        namespace = {}
        exec(f"def {name}(n):\\n s = 0.0\\n for i in range(n):\\n  s += i * 0.5\\n return s\\n", namespace)
        return namespace[name]
    define("before")(3000000)
    pid = os.fork()
    if not pid:
        print(os.getpid(), flush=True)
    f = define("parent" if pid else "child")
    f(3000000)
    f(3000000)
    if pid:
        os.waitpid(pid, 0)
"""


@pytest.mark.parametrize("option", ["perf", "perf_jit"])
def test_fork(record, option):
    recording = record(FORK, ["-X", option], [])
    if option == "perf_jit":
        recording.inject()
    text = recording.run("perf", "script", "-F", "pid,ip,sym", "-i", recording.data)
    parent, child = recording.pids
    found = {(int(pid), name) for pid, name in re.findall(r"(\d+)\s+[0-9a-f]+ py_trace:(\w+):", text)}
    assert found == {(parent, "before"), (parent, "parent"), (child, "child")}


def run_without_perf(tmp_path, *options, **env):
    """-> process id, stderr, the names of traces in Python's map, our dumps"""
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM.replace("8000000", "2000").replace("400000", "200")))
    done = runner.run([*options, "-m", "copypatch", path], TMPDIR=str(tmp_path), COPYPATCH_EAGER="1", **env)
    pid = int(done.stdout)
    if "not supported" in done.stderr:
        pytest.skip(f"this Python has no support for perf: {done.stderr}")
    file = Path(f"/tmp/perf-{pid}.map")
    names = [line.split(None, 2)[2] for line in file.read_text().splitlines() if "py_trace" in line] if file.exists() else []
    file.unlink(missing_ok=True)
    Path(f"/tmp/jit-{pid}.dump").unlink(missing_ok=True)
    return pid, done.stderr, names, list(tmp_path.glob(f"copypatch-perf-*/jit-{pid}.dump"))


def test_map_file_by_variable(tmp_path):
    _, err, names, dumps = run_without_perf(tmp_path, PYTHONPERFSUPPORT="1")
    assert f"py_trace:kernel:{tmp_path}/program.py:6" in names and not dumps and not err


def test_nothing_unasked(tmp_path):
    assert run_without_perf(tmp_path)[1:] == ("", [], [])


def test_format(tmp_path):
    """The dump is as Linux's jitdump-specification.txt says, record by record, without perf."""
    process, _, _, [dump] = run_without_perf(tmp_path, PYTHON_PERF_JIT_SUPPORT="1")
    data = dump.read_bytes()
    magic, version, at, _, _, pid, _, flags = struct.unpack_from("<IIIIIIQQ", data)
    assert (magic, version, at, pid, flags) == (0x4A695444, 1, 40, process, 0)
    kinds, names = [], []
    while at < len(data):
        kind, size, _ = struct.unpack_from("<IIQ", data, at)
        kinds.append(kind)
        if kind == 0:
            _, _, vma, address, code_size, _ = struct.unpack_from("<IIQQQQ", data, at + 16)
            name = data[at + 56:].split(b"\0", 1)[0]
            names.append(name.decode())
            assert size == 56 + len(name) + 1 + code_size and vma == address
        at += size
    assert at == len(data) and kinds[:2] == [4, 0] and kinds[2:] == [2, 4, 0] * ((len(kinds) - 2) // 3)
    assert names[0] == "py_trace_door" and {f"py_trace:kernel:{tmp_path}/program.py:6", f"py_trace:texts:{tmp_path}/program.py:15"} <= set(names)


def test_nowhere_to_write(tmp_path):
    done = runner.run(["-X", "perf_jit", "-m", "copypatch", "-c", "import os; print(os.getpid())\nfor i in range(100): pass"],
                      TMPDIR=str(tmp_path / "nothing"), COPYPATCH_EAGER="1")
    Path(f"/tmp/jit-{done.stdout.strip()}.dump").unlink(missing_ok=True)
    assert done.status == 0 and done.stderr.count("copypatch: ") == 1 and "not reported to perf" in done.stderr and "No such file" in done.stderr
