"""CPython's own tests, on stock Python and under copypatch in eager mode: does every test end alike?

    python tests/conformance.py [--mode MODE] [-j N] [--python PATH [--patience N]] [--list] [-v] [test_file ...]

The JIT is switched on by a sitecustomize on PYTHONPATH, so in the processes that tests start too (those not run with -I, -S or -E).
Outcomes of single tests (ok, FAIL, ERROR, skipped) are compared; tests that differ are run again alone, on both, before they count: some tests
of CPython depend on timing. Exit status 1 when a difference stays.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import runner  # noqa: E402

FILES = """test_grammar test_int test_float test_long test_math test_list test_tuple test_dict test_range test_iter test_builtin test_compare
test_unpack test_exceptions test_traceback test_sys test_monitoring test_sys_settrace test_threading test_signal""".split()
TIMEOUT = 900       # seconds, times the patience

# As another sitecustomize would be found after ours, it runs too.
SITECUSTOMIZE = """
import os, sys
here = os.path.dirname(__file__)
sys.path[:] = [p for p in sys.path if p != here]
try:
    import copypatch
    copypatch.enable()
except ImportError:     # a test that gives its process a path of its own
    pass
finally:
    ours = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize
    except ImportError:
        sys.modules["sitecustomize"] = ours
"""


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


def hook(folder):
    """The environment in which every Python process switches the JIT on."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, [folder, runner.environment().get("PYTHONPATH")])), "COPYPATCH_EAGER": "1"}


def run_test(file, folder, mode, matching=()):
    """-> (exit status, {test: outcome}, output). mode None: stock."""
    extra = {}
    if mode is not None:
        extra = {**hook(folder), **runner.MODES[mode]}
    command = [runner.PYTHON, "-m", "test", "-v", "--timeout", str(TIMEOUT), file]
    for m in matching:
        command += ["-m", m]
    with tempfile.TemporaryDirectory() as work:
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT + 60, cwd=work, stdin=subprocess.DEVNULL, env=runner.environment(**extra))
            status, text = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired as e:
            status, text = "timeout", e.stdout or b""
    text = text.decode(errors="replace")
    return status, outcomes(text), text


def compare(file, folder, args):
    """-> (lines to print, list of differences)"""
    said = []
    status, stock, stock_text = run_test(file, folder, None)
    our_status, ours, our_text = run_test(file, folder, args.mode)
    if args.keep:
        Path(args.keep, f"{file}.stock.txt").write_text(stock_text)
        Path(args.keep, f"{file}.copypatch.txt").write_text(our_text)
    differing = sorted(t for t in stock.keys() | ours.keys() if stock.get(t) != ours.get(t))
    said.append(f"{file:20} {len(stock):5} tests, {sum(v == 'ok' for v in stock.values()):5} ok on stock, {sum(v == 'ok' for v in ours.values()):5} ok under copypatch")
    out = []
    crashed = our_status != status and not (isinstance(our_status, int) and 0 <= our_status < 10)
    if differing and not crashed:
        names = sorted({"*" + t.removeprefix("test.") for t in differing})
        if len(names) <= 40:
            _, stock_again, _ = run_test(file, folder, None, names)
            _, ours_again, text = run_test(file, folder, args.mode, names)
            for t in differing:
                a, b = stock_again.get(t, stock.get(t)), ours_again.get(t, ours.get(t))
                if a == b:
                    said.append(f"    {t}: differed once ({stock.get(t)}, {ours.get(t)}), alike when run again")
                else:
                    out.append(f"{t}: {a} on stock, {b} under copypatch")
            our_text = text
        else:
            out += [f"{t}: {stock.get(t)} on stock, {ours.get(t)} under copypatch" for t in differing]
    elif crashed:
        out.append(f"exit status {status} on stock, {our_status} under copypatch")
        out += [f"{t}: {stock.get(t)} on stock, {ours.get(t)} under copypatch" for t in differing[:20]]
    elif status != our_status:
        out.append(f"exit status {status} on stock, {our_status} under copypatch, every test alike")
    said += [f"    {line}" for line in out]
    if out and args.verbose:
        said.append(report(our_text) or our_text[-3000:])
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
        sys.exit(f"{runner.PYTHON} has no test package (Debian: libpython3.13-testsuite)")
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(SITECUSTOMIZE)
        probe = subprocess.run([runner.PYTHON, "-c", "import sys; c = sys.modules.get('copypatch'); print(bool(c and c.is_enabled()), c and c.why_unavailable())"],
                               capture_output=True, text=True, env=runner.environment(**hook(folder)))
        if not probe.stdout.startswith("True"):
            sys.exit(f"copypatch is not on in {runner.PYTHON}: {probe.stdout}{probe.stderr}")
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            for file, (said, different) in zip(args.files, pool.map(lambda file: compare(file, folder, args), args.files)):
                print("\n".join(said), flush=True)
                differences += [f"{file}: {line}" for line in different]
    print(f"{len(args.files)} files, {len(differences)} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
