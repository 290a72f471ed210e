"""CPython's whole test suite, on stock Python and under copypatch in eager mode: does every file end alike? In parts, and resumable.

    python tests/conformance_all.py [--part I/N] [-j N] [--mode MODE ...] [--again] [--report] [--label NAME] [--patience N] [-v] [file ...]

Modes: jit and jit-exit3 (every third guard fails though it holds), or those named; `--mode stock` makes the stock runs only. Files in the order in which they
are done soonest, as far as that is known. No resource is enabled (-u): nothing reaches for the network.

A result is kept as soon as it is there, in build/conformance/PYTHON/stock and build/conformance/PYTHON/BUILD-MODE (the output beside it), and not made
again: an interrupted run goes on where it was, stock runs serve every build. BUILD is a digest of the extension and the package, or the label; --again
makes anew those that differed, --report only reads.

Tests that differ are run again alone, on both, before they count; a crash or a hang counts at once. tests/conformance.expect lists what may differ and why.
Exit status 1 when anything else differs, or when nothing was compared.
"""

import argparse
import collections
import concurrent.futures
import fnmatch
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import conformance  # noqa: E402
import runner  # noqa: E402

TREE = runner.TESTS.parent
EXPECTATIONS = runner.TESTS / "conformance.expect"
MODES = "jit", "jit-exit3"
# Not known to be quick before they have run: last.
LONG = """test.test_asyncio.* test.test_concurrent_futures.* test.test_multiprocessing_* test_tools test_regrtest test_socket test_subprocess test_venv test_ensurepip
test_compileall test_imaplib test_tarfile test_zipfile* test_lib2to3 test_gdb.* test_faulthandler test_tokenize test_unparse test_peg_generator test_xmlrpc test_io
test_signal test_threading test_threadsignals test_capi test_buffer test_decimal test_largefile test_zipfile64 test_bigmem test_math_property test_pickle
test__interpreters test_interpreters test_statistics test_random test_json test_hashlib test_ssl test_perf_profiler test_idle test_pydoc test_selectors test_queue test_sched""".split()


def ask_python(code):
    return subprocess.run([runner.PYTHON, *code], capture_output=True, text=True, env=runner.environment()).stdout


def all_files():
    """What -m test would run."""
    return [word for word in ask_python(["-m", "test", "--list-tests"]).split() if word.startswith("test")]


def python_name():
    return ask_python(["-c", "import sys, platform; print('-'.join((platform.python_version(), platform.machine(), *platform.python_build())))"]).strip().replace(" ", "-").replace(":", "")


def build_digest():
    """Of what the interpreter imports as copypatch."""
    found = hashlib.sha256()
    package = Path(ask_python(["-c", "import copypatch; print(copypatch.__file__)"]).strip()).parent
    for path in sorted([*package.glob("*.so"), *package.glob("*.py")]):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def python_version():
    return ".".join(python_name().split(".")[:2])


def read_expectations(version, path=EXPECTATIONS):
    """-> [(pattern of files, modes, pattern of differences, reason)] of a version. A line: file, versions and modes with commas or *, test or *, reason."""
    lines = [line.split(None, 4) for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return [(files, modes, tests, reason) for files, versions, modes, tests, reason in lines if versions == "*" or version in versions.split(",")]


def expected(expectations, file, mode, difference):
    """The reason, or None."""
    for files, modes, tests, reason in expectations:
        if fnmatch.fnmatchcase(file, files) and (modes == "*" or mode in modes.split(",")) and fnmatch.fnmatchcase(difference.split(":")[0], tests):
            return reason
    return None


class Results:
    """A folder of results: NAME.json with what was found and NAME.txt with the output."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, file):
        return self.folder / f"{file}.json"

    def load(self, file):
        return json.loads(self.path(file).read_text()) if self.path(file).exists() else None

    def keep(self, file, result, text):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{file}.txt").write_text(text)
        whole = self.folder / f"{file}.part"        # never half a result
        whole.write_text(json.dumps(result))
        whole.replace(self.path(file))


class Suite:
    """The runs of one interpreter and one build."""

    def __init__(self, args, hooks):
        self.args, self.hooks = args, hooks
        base = TREE / "build" / "conformance" / python_name()
        self.build = args.label or build_digest()
        self.stock = Results(base / "stock")
        self.modes = {mode: Results(base / f"{self.build}-{mode}") for mode in args.mode if mode != "stock"}

    def run(self, file, mode):
        start = time.monotonic()
        status, outcomes, text = conformance.run_test(file, self.hooks, mode)
        return {"status": status, "outcomes": outcomes, "seconds": round(time.monotonic() - start, 1)}, text

    def stock_result(self, file):
        result = self.stock.load(file)
        if result is None:
            result, text = self.run(file, None)
            self.stock.keep(file, result, text)
        return result

    def wanted(self, file, mode):
        """Has this file to be run in this mode?"""
        result = self.modes[mode].load(file)
        return result is None or self.args.again and result["differences"]

    def compare(self, file, mode):
        stock = self.stock_result(file)
        result, text = self.run(file, mode)
        as_pair = [(r["status"], r["outcomes"]) for r in (stock, result)]
        result["once"], result["differences"], again = conformance.judge(file, self.hooks, mode, *as_pair)
        self.modes[mode].keep(file, result, text + (f"\n==== run again\n{again}" if again else ""))
        return result

    def test(self, file):
        """Everything that is still to be done for a file -> lines that tell of it."""
        said = []
        if not self.modes and self.stock.load(file) is None:
            result = self.stock_result(file)
            said.append(f"{file:32} {'stock':10} {len(result['outcomes']):5} tests, exit status {result['status']}, {result['seconds']} s")
        for mode in self.modes:
            if self.wanted(file, mode):
                result = self.compare(file, mode)
                said.append(f"{file:32} {mode:10} {len(result['outcomes']):5} tests, exit status {result['status']}, {result['seconds']} s"
                            + (f", {len(result['differences'])} DIFFERENCES" if result["differences"] else ""))
                said += [f"    {line}" for line in (result["once"] + result["differences"] if self.args.verbose else result["differences"][:5])]
        return said

    def order(self, files):
        """Soonest done first."""
        def key(file):
            known = self.stock.load(file)
            return known["seconds"] if known else 3600 if any(fnmatch.fnmatchcase(file, p) for p in LONG) else 5
        return sorted(files, key=key)

    def report(self, files):
        """Prints what is known of these files -> number of unexpected differences, number of comparisons"""
        expectations = read_expectations(python_version())
        bad = compared = 0
        used = set()
        for mode, results in self.modes.items():
            count = collections.Counter()
            for file in files:
                result = results.load(file)
                if result is None:
                    count["to do"] += 1
                    continue
                compared += 1
                reasons = {d: expected(expectations, file, mode, d) for d in result["differences"]}
                used |= set(reasons.values())
                unexpected = [d for d, reason in reasons.items() if reason is None]
                count["differ" if unexpected else "differ as expected" if reasons else "alike"] += 1
                count["tests"] += len(result["outcomes"])
                bad += len(unexpected)
                for line in unexpected[:20]:
                    print(f"{mode}: {file}: {line}")
            print(f"{mode}: {len(files)} files: " + ", ".join(f"{count[k]} {k}" for k in ("alike", "differ as expected", "differ", "to do", "tests")))
        for files_, modes, tests, reason in expectations:
            if reason not in used:
                print(f"conformance.expect: nothing seen (yet) of {files_} {modes} {tests}: {reason}")
        return bad, compared


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="test files as -m test names them, or patterns; default: all")
    parser.add_argument("--part", metavar="I/N", default="1/1", help="the I-th of N parts of the files")
    parser.add_argument("--mode", action="append", choices=["stock", *runner.MODES])
    parser.add_argument("--label", help="a name for the build instead of its digest")
    parser.add_argument("--again", action="store_true", help="run those again that differed")
    parser.add_argument("--report", action="store_true", help="run nothing, tell what is known")
    parser.add_argument("--timeout", type=int, default=conformance.TIMEOUT, help="seconds for a file (%(default)s)")
    parser.add_argument("-v", dest="verbose", action="store_true", help="all differences, and what differed once")
    parser.add_argument("-j", type=int, default=1, help="files at a time")
    runner.add_python_options(parser)
    args = parser.parse_args()
    args.mode = args.mode or MODES
    runner.use_python(args)
    conformance.TIMEOUT = int(args.timeout * args.patience)
    files = all_files()
    if not files:
        sys.exit(f"{runner.PYTHON} has no test package (Debian: libpython3.X-testsuite)")
    if args.files:
        files = [f for f in files if any(fnmatch.fnmatchcase(f, p) for p in args.files)]
    part, parts = map(int, args.part.split("/"))
    files = files[part - 1::parts]
    with tempfile.TemporaryDirectory() as hooks:
        conformance.make_hooks(hooks)
        if not args.report and args.mode != ["stock"] and (why := conformance.why_not_on(hooks)):
            sys.exit(why)
        suite = Suite(args, hooks)
        if not args.report:
            with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
                for said in pool.map(suite.test, suite.order(files)):
                    print(*said, sep="\n", end="\n" if said else "", flush=True)
        bad, compared = suite.report(files)
    sys.exit(1 if bad or not compared and suite.modes else 0)


if __name__ == "__main__":
    main()
