"""Other versions of CPython than that of .venv: the programs of tests/programs in four modes, and what else is asked for.

    python tests/other_versions.py [--only PART ...] [VERSION ...]        default: every version of tools/versions.py but that of .venv, part fourway

Parts: fourway (every program in four modes), stress (in all modes), conformance (files of CPython's own test suite), suite (our tests of behaviour). The
interpreters are those of Debian sid, which tools/clean_root unpacks in a root of its own: that takes root, and a few minutes the first time. VERSION may be
the path of an interpreter of this machine instead.
"""

import argparse
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "tools"))
import on  # noqa: E402

# Tests of behaviour: those of .venv that do not depend on what else is installed, and not on the build.
FILES = """attach build cli codeinfo cost cstack errors functions greenlets inside layout leaks memory memory_error opcodes passes pays recordings release_order
sampler stats switches""".split()
PARTS = {
    "fourway": ["tests/runner.py"],
    "stress": ["tests/runner.py", "--all-modes"],
    "conformance": ["tests/conformance.py", "-j", "2"],
    "suite": ["-m", "pytest", "-rfs", "-p", "no:cacheprovider", "-c", "pyproject.toml", *(f"tests/test_{file}.py" for file in FILES)],
}


def others():
    """The supported versions but that of this interpreter."""
    return [v for v in on.versions.LAYOUTS if v != "%d.%d" % sys.version_info[:2]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", metavar="VERSION")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=["fourway"], metavar="PART", help=", ".join(PARTS))
    args = parser.parse_args()
    failed = []
    for version in args.versions or others():
        start = time.monotonic()
        other = on.Other(version)
        print(f"---- {version}: built in {time.monotonic() - start:.0f} s", flush=True)
        for part in args.only:
            start = time.monotonic()
            if other.program(*PARTS[part]):
                failed.append(f"{version} {part}")
            print(f"---- {version}: {part}: {'FAILED' if failed[-1:] == [f'{version} {part}'] else 'passed'}, {time.monotonic() - start:.0f} s", flush=True)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
