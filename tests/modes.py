"""Every build mode: built in a folder of its own, installed into a virtual environment of its own, tested as installed.

    python tests/modes.py [MODE ...]        yes, yes-off, interpreter, interpreter-off, no, debug; default: all these; sanitize, llvm-N

MODE is a value of the Meson option jit (meson.options), or `debug`: jit=yes as a debug build, with assertions and traces verified between
passes; or `sanitize`: that, compiled with AddressSanitizer and UndefinedBehaviorSanitizer, Python's objects from malloc() as well; or `llvm-19`
and the like: jit=yes with stencils made by that LLVM, and the case table on every target with its stencils. What does
not apply to a mode is listed with the reason. Builds that are off by default are tested switched on as well as not
(test_build.py).
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import runner

ROOT = Path(__file__).resolve().parent.parent
BUILDS = ROOT / "build" / "modes"

MODES = ("yes", "yes-off", "interpreter", "interpreter-off", "no", "debug")
DEBUG = ("debug", "sanitize")
SANITIZED = ("test_fourway.py", "test_functions.py", "test_passes.py", "test_recordings.py", "test_release_order.py", "test_switches.py")
GENERATOR = ROOT / "tools" / "stencils"


def llvm(mode):
    """The version of LLVM that the mode asks for, as COPYPATCH_LLVM; None: the newest."""
    return mode.removeprefix("llvm-") if mode.startswith("llvm-") else None


def cannot_be_built(mode):
    """Why not, in a sentence; None: it can, and is not what `make test` builds anyway."""
    if not llvm(mode):
        return None
    default, wanted = (subprocess.run([sys.executable, GENERATOR / "llvm.py", *version], capture_output=True, text=True) for version in ([], [llvm(mode)]))
    if wanted.returncode:
        return wanted.stderr.strip()
    return "make test runs with this LLVM" if default.stdout == wanted.stdout else None


NATIVE = ("test_emit.py", "test_gdb.py", "test_memory.py", "test_perf.py")


def does_not_apply(mode):
    """Test files that are not run, and why."""
    files = sorted(p.name for p in (ROOT / "tests").glob("test_*.py"))
    skipped = dict.fromkeys(runner.GENERATOR_TESTS, "it tests the generator of stencils, not a build") | dict.fromkeys(
        runner.OTHER_TESTS, "it tests tools, or the sampler: not what is built") | {"test_docs.py": "it tests documents, not a build"}
    if mode == "no":
        skipped |= {f: "there is no JIT to test" for f in files if f not in ("test_build.py", "test_cli.py")}
    elif mode == "yes":
        skipped |= {f: "make test runs it on the same code" for f in files if f not in ("test_build.py", "test_cli.py", "test_fourway.py")}
    elif mode.endswith("-off"):
        other = f"the same code as jit={mode.removesuffix('-off')}, only its default differs"
        skipped |= {f: other for f in files if f not in ("test_build.py", "test_cli.py", "test_attach.py")}
    elif llvm(mode):
        other = "the same C code, only its stencils are made by another LLVM"
        skipped |= {f: other for f in files if f not in ("test_build.py", "test_emit.py", "test_fourway.py", "test_memory.py", "test_unwind.py")}
    elif mode == "sanitize":
        skipped |= {f: "it measures time, or limits memory, or greenlets copy C stacks, or debuggers look on" for f in files if f not in SANITIZED}
    elif mode == "interpreter":
        skipped |= dict.fromkeys(NATIVE, "no native code")
    return dict(sorted(skipped.items()))


def call(*words, **environment):
    done = subprocess.run([str(w) for w in words], cwd=ROOT, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")


def native(mode):
    return mode in DEBUG or mode.startswith(("yes", "llvm-"))


def build(mode):
    """-> the Python of a virtual environment with this build of copypatch, and with the tests' own packages."""
    folder, here = BUILDS / mode, Path(sys.executable).parent
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        call(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    site = next((folder / "venv").glob("lib/python3.*/site-packages"))
    (site / "tests.pth").write_text(next(here.parent.glob("lib/python3.*/site-packages")).as_posix() + "\n")
    for header in (ROOT / "build").glob("stencils*.h"):         # made anew only when they are out of date
        if native(mode) and not llvm(mode) and not (folder / header.name).exists():
            shutil.copy2(header, folder / header.name)
    setup = [here / "meson", "setup", *(["--reconfigure"] if (folder / "build.ninja").exists() else []), folder, "-Djit=" + (mode if mode in MODES and mode != "debug" else "yes"),
             "--buildtype=" + ("debug" if mode in DEBUG else "release"), *(["-Db_sanitize=address,undefined", "-Db_lundef=false"] if mode == "sanitize" else []), f"-Dpython.platlibdir={site}", f"-Dpython.purelibdir={site}"]
    environment = {"PATH": f"{here}:{os.environ['PATH']}"}
    if not native(mode):
        environment["COPYPATCH_LLVM"] = "/nonexistent"          # must not be looked for
    elif llvm(mode):
        environment["COPYPATCH_LLVM"] = llvm(mode)
    call(*setup, **environment)
    call(here / "meson", "install", "-C", folder, "--quiet", **environment)
    return python


def sanitizers():
    """Environment of a Python that is not compiled with them; what they find ends the process."""
    libraries = [subprocess.run(["gcc", f"-print-file-name=lib{name}.so"], capture_output=True, text=True).stdout.strip() for name in ("asan", "ubsan")]
    return {"LD_PRELOAD": " ".join(libraries), "PYTHONMALLOC": "malloc", "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:allocator_may_return_null=1:detect_stack_use_after_return=0"}


def test(mode, python):
    skipped = does_not_apply(mode)
    for file, why in skipped.items():
        print(f"{mode}: {file} does not apply: {why}")
    files = [str(p) for p in sorted((ROOT / "tests").glob("test_*.py")) if p.name not in skipped]
    switches = ["--switches", f"{[*runner.python_jit(), 'COPYPATCH'][0]}=1"] if mode.endswith("-off") else []
    command = [python, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml", *switches, *files]
    environment = {**os.environ, **({"COPYPATCH_LLVM": llvm(mode)} if llvm(mode) else {})}
    if mode == "sanitize":
        # CPython's headers have another limit for C recursion where a sanitizer is on than the interpreter was compiled with; a sanitizer says on stderr
        # when memory runs out, and refuses to load the disassembler.
        environment |= sanitizers()
        command += ["-k", "not recursion_c_limit and not sunk_operands and not test_debug_levels and not raised_while_shown"]
    failed = subprocess.run([str(w) for w in command], cwd=BUILDS / mode, env=environment).returncode        # not in ROOT: there is another copypatch
    if llvm(mode):
        failed |= subprocess.run([sys.executable, ROOT / "tests" / "targets" / "case_table.py"], env=environment).returncode
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modes", nargs="*", metavar="MODE", help=", ".join(MODES) + ", sanitize, llvm-N")
    modes = parser.parse_args().modes or MODES
    if unknown := [m for m in modes if m not in (*MODES, *DEBUG) and not (llvm(m) or "").isdigit()]:
        parser.error(f"no such mode: {', '.join(unknown)}")
    failed = []
    for mode in modes:
        if why := cannot_be_built(mode):
            print(f"---- {mode}: not tested: {why}", flush=True)
            continue
        start = time.monotonic()
        python = build(mode)
        built = time.monotonic()
        print(f"---- {mode}: built in {built - start:.0f} s", flush=True)
        if test(mode, python):
            failed.append(mode)
        print(f"---- {mode}: {'FAILED' if mode in failed else 'passed'}, {time.monotonic() - built:.0f} s", flush=True)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
