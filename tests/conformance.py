"""CPython's own tests, on stock Python and under copypatch in eager mode: does every test end alike?

    python tests/conformance.py [--mode MODE] [-j N] [--python PATH [--patience N]] [--list] [-v] [test_file ...]

The JIT is switched on by a sitecustomize on PYTHONPATH, so in the processes that tests start too (those not run with -I, -S or -E).
Outcomes of single tests (ok, FAIL, ERROR, skipped) are compared; tests that differ are run again alone, on both, before they count: some tests
of CPython depend on timing. Exit status 1 when a difference stays.
"""

import argparse
import concurrent.futures
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import runner  # noqa: E402

FILES = """test_grammar test_int test_float test_long test_math test_list test_tuple test_dict test_range test_iter test_builtin test_compare
test_unpack test_exceptions test_traceback test_sys test_monitoring test_sys_settrace test_threading test_signal""".split()
TIMEOUT = 900       # seconds, times the patience

# What stands on PYTHONPATH in both runs, with the switch in ours only. As another sitecustomize would be found after it, that runs too.
SITECUSTOMIZE = """
import os, sys
here = os.path.dirname(__file__)
sys.path[:] = [p for p in sys.path if p != here]
try:
    {switch}
except ImportError:     # a test that gives its process a path of its own
    pass
finally:
    ours = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize
    except ImportError:
        sys.modules["sitecustomize"] = ours
"""
SWITCH = "import copypatch; copypatch.enable()"


def outcomes(text):
    """unittest's verbose output -> {test: outcome}. A docstring may stand on a line between the name and the outcome."""
    found = {}
    name = None
    for line in text.splitlines():
        start = re.match(r"(test\w*|setUpClass|tearDownClass|setUpModule) \(([\w.<>]+)\)", line)
        if start:
            name = f"{start[2]}.{start[1]}" if not start[2].endswith(start[1]) else start[2]
        end = re.search(r"(?:\.\.\.|^\s*).*?\b(ok|FAIL|ERROR|expected failure|unexpected success)$|\.\.\. .*?(skipped) ", line)
        if end and name and not re.match(r"(FAIL|ERROR): ", line):
            found.setdefault(name, end[1] or end[2])
        failed = re.match(r"(FAIL|ERROR): (\w+) \(([\w.<>]+)\)", line)
        if failed:
            found[failed[3] if failed[3].endswith(failed[2]) else f"{failed[3]}.{failed[2]}"] = failed[1]
    return found


def make_hooks(folder):
    """Fills a folder with the two that go on PYTHONPATH: `stock` and `copypatch`."""
    for name, switch in (("stock", "pass"), ("copypatch", SWITCH)):
        os.makedirs(Path(folder, name), exist_ok=True)
        Path(folder, name, "sitecustomize.py").write_text(SITECUSTOMIZE.format(switch=switch))


def hook(folder, mode):
    """The environment in which every Python process switches the JIT on; mode None: none does."""
    path = {"PYTHONPATH": os.pathsep.join(filter(None, [str(Path(folder, "copypatch" if mode else "stock")), runner.environment().get("PYTHONPATH")]))}
    return {**path, "COPYPATCH_EAGER": "1", **runner.MODES[mode]} if mode else path


def why_not_on(folder):
    """None when copypatch is on in a process with the hook, a sentence when it is not."""
    probe = subprocess.run([runner.PYTHON, "-c", "import sys; c = sys.modules.get('copypatch'); print(bool(c and c.is_enabled()), c and c.why_unavailable())"],
                           capture_output=True, text=True, env=runner.environment(**hook(folder, "jit")))
    return None if probe.stdout.startswith("True") else f"copypatch is not on in {runner.PYTHON}: {probe.stdout}{probe.stderr}"


def run_test(file, folder, mode, matching=()):
    """-> (exit status, {test: outcome}, output). mode None: stock. What the tests leave behind of their process group is ended."""
    command = [runner.PYTHON, "-m", "test", "-v", "--timeout", str(TIMEOUT), file]
    for m in matching:
        command += ["-m", m]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work, tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=work, stdin=subprocess.DEVNULL, start_new_session=True,
                                   env=runner.environment(**hook(folder, mode)))
        try:
            status = process.wait(TIMEOUT + 60)
        except subprocess.TimeoutExpired:
            status = "timeout"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        out.seek(0)
        text = out.read().decode(errors="replace")
    if re.search(r"^Timeout \(\d+:\d\d:\d\d\)!", text, re.MULTILINE) and status == 1:
        status = "timeout"      # regrtest's own
    return status, outcomes(text), text


def judge(file, folder, mode, stock, ours):
    """Two (exit status, {test: outcome}, ...) of a file -> (lines that tell of tests that differed once, list of differences, output of the second run or None)"""
    said, out, text = [], [], None
    (status, stock), (our_status, ours) = stock[:2], ours[:2]
    differing = sorted(t for t in stock.keys() | ours.keys() if stock.get(t) != ours.get(t))
    crashed = our_status != status and not (isinstance(our_status, int) and 0 <= our_status < 10)
    if differing and not crashed:
        names = sorted({"*" + t.removeprefix("test.") for t in differing})
        if len(names) <= 40:
            _, stock_again, _ = run_test(file, folder, None, names)
            _, ours_again, text = run_test(file, folder, mode, names)
            for t in differing:
                a, b = stock_again.get(t, stock.get(t)), ours_again.get(t, ours.get(t))
                if a == b:
                    said.append(f"{t}: differed once ({stock.get(t)}, {ours.get(t)}), alike when run again")
                else:
                    out.append(f"{t}: {a} on stock, {b} under copypatch")
        else:
            out += [f"{t}: {stock.get(t)} on stock, {ours.get(t)} under copypatch" for t in differing]
    elif crashed:
        out.append(f"exit status {status} on stock, {our_status} under copypatch")
        out += [f"{t}: {stock.get(t)} on stock, {ours.get(t)} under copypatch" for t in differing[:20]]
    elif status != our_status:
        out.append(f"exit status {status} on stock, {our_status} under copypatch, every test alike")
    return said, out, text


def summary(file, stock, ours):
    """A line that counts."""
    return f"{file:20} {len(stock):5} tests, {sum(v == 'ok' for v in stock.values()):5} ok on stock, {sum(v == 'ok' for v in ours.values()):5} ok under copypatch"


def compare(file, folder, args):
    """-> (lines to print, list of differences)"""
    stock = run_test(file, folder, None)
    ours = run_test(file, folder, args.mode)
    if args.keep:
        Path(args.keep, f"{file}.stock.txt").write_text(stock[2])
        Path(args.keep, f"{file}.copypatch.txt").write_text(ours[2])
    once, out, text = judge(file, folder, args.mode, stock, ours)
    text = text or ours[2]
    said = [summary(file, stock[1], ours[1])] + [f"    {line}" for line in once + out]
    if out and args.verbose:
        said.append(report(text) or text[-3000:])
    return said, out


def report(text):
    """The part of unittest's output that has the tracebacks."""
    at = text.find("=" * 70)
    return text[at:at + 20000] if at >= 0 else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", default=FILES)
    parser.add_argument("--mode", default="jit", choices=runner.MODES)
    parser.add_argument("--list", action="store_true", help="print the names of the test files and exit")
    parser.add_argument("--keep", metavar="FOLDER", help="put the whole outputs there")
    parser.add_argument("-v", dest="verbose", action="store_true", help="show the tracebacks of tests that differ")
    parser.add_argument("-j", type=int, default=1, help="files at a time")
    runner.add_python_options(parser)
    args = parser.parse_args()
    runner.use_python(args)
    global TIMEOUT
    TIMEOUT = int(TIMEOUT * args.patience)
    if args.list:
        print(*args.files)
        return
    if args.keep:
        os.makedirs(args.keep, exist_ok=True)
    if subprocess.run([runner.PYTHON, "-c", "import test.test_grammar"], capture_output=True).returncode:
        sys.exit(f"{runner.PYTHON} has no test package (Debian: libpython3.X-testsuite)")
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        make_hooks(folder)
        if why := why_not_on(folder):
            sys.exit(why)
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            for file, (said, different) in zip(args.files, pool.map(lambda file: compare(file, folder, args), args.files)):
                print("\n".join(said), flush=True)
                differences += [f"{file}: {line}" for line in different]
    print(f"{len(args.files)} files, {len(differences)} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
