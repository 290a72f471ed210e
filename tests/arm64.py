"""The product on arm64 Linux, here by qemu-user: make test-arm64.

    python tests/arm64.py [--only traces,sampler,programs,conformance] [--mode MODE ...] [-j N]

The extension is cross-compiled for Debian's arm64 CPython 3.13 (tools/arm64), then: random traces natively and interpreted (tests/emit),
the programs of tests/programs in the modes of the four-way test, and files of CPython's own tests in eager mode; each as on that stock Python.
qemu is 20 to 60 times slower than a processor, so time limits are longer.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EMULATED = ("--patience", "15", "--switches", "COPYPATCH_VERIFY=0")     # the verifier is slow, and finds here what it finds natively
FILES = "test_grammar test_int test_float test_list test_dict test_generators test_exceptions".split()


def run(*command, **env):
    """Does it succeed? Its output is ours."""
    return subprocess.run([str(c) for c in command], cwd=ROOT, env={**os.environ, **env}).returncode == 0


def traces(python, args):
    """Random traces, with the check of each register allocation and without; what else test_emit.c looks at."""
    usr = Path(python).parent.parent
    build = ROOT / "build" / "arm64"
    libraries = build / "lib"               # libpython alone: the C library is the cross compiler's
    libraries.mkdir(exist_ok=True)
    link = libraries / "libpython3.13.so"
    link.unlink(missing_ok=True)
    link.symlink_to(usr / "lib" / "aarch64-linux-gnu" / "libpython3.13.so.1.0")
    flags = f"-O2 -isystem {usr.parent}/include -Wl,--unresolved-symbols=ignore-in-shared-libs"
    if not run("sh", "tests/emit/build.sh", build / "emit", "aarch64-linux-gnu-gcc", flags, PYTHON=str(usr), INCLUDE=f"{usr}/include/python3.13",
               LIBDIR=str(libraries), HEADERS=str(build)):
        return False
    return all([run("qemu-aarch64-static", "-L", usr.parent, build / "emit" / "test_emit", seed, 1500, PYTHONHOME=str(usr), COPYPATCH_VERIFY=verify)
                for seed, verify in ((1, "1"), (1501, "0"))])


def programs(python, args):
    return run(sys.executable, "tests/runner.py", "--python", python, *EMULATED, "-j", args.j, *(word for mode in args.mode for word in ("--mode", mode)))


def conformance(python, args):
    return run(sys.executable, "tests/conformance.py", "--python", python, *EMULATED, "-j", args.j, *FILES)


def sampler(python, args):
    """Hot code is found without a timer on CPU time too: qemu has none for the signal that we use."""
    code = "n = 0\nwhile n < 3_000_000: n += 1\nimport copypatch\nprint(copypatch.stats()['traces'] > 0)"
    done = subprocess.run([python, "-m", "copypatch", "-c", code], capture_output=True, text=True, timeout=300, env={**os.environ, "PYTHONPATH": str(ROOT)})
    if done.stdout != "True\n":
        print(f"a hot loop was not compiled: {done.stdout}{done.stderr}")
    return done.stdout == "True\n"


PARTS = {f.__name__: f for f in (traces, sampler, programs, conformance)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="PART,...", default=",".join(PARTS))
    parser.add_argument("--mode", action="append", default=[], help="of the programs (default: as in tests/runner.py)")
    parser.add_argument("-j", type=int, default=2, help="processes at a time")
    args = parser.parse_args()
    wanted = args.only.split(",")
    if unknown := [w for w in wanted if w not in PARTS]:
        parser.error(f"unknown part {unknown[0]}: known are {', '.join(PARTS)}")
    if platform.machine() in ("aarch64", "arm64"):
        print("This machine is arm64: make test and make conformance test the product on it.")
        return 0
    built = subprocess.run([ROOT / "tools" / "arm64" / "build"], stdout=subprocess.PIPE, text=True)
    if built.returncode:
        return 1
    failed = []
    for name in wanted:
        start = time.monotonic()
        if not PARTS[name](built.stdout.strip(), args):
            failed.append(name)
        print(f"arm64 {name}: {'FAILED' if name in failed else 'all right'}, {time.monotonic() - start:.0f} s", flush=True)
    print(f"arm64: {', '.join(failed)} failed" if failed else f"arm64: {len(wanted)} of {len(wanted)} parts are all right")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
