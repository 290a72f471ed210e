"""case_table.py [--quick] [--debug] [--layout N] [TRIPLE...]: the case table on each target's stencils (make test-targets).

For each target a C program is built from its stencils, the machine's arch_*.c and the cases, by a compiler for the machine that the
stencils are for, and run: by this machine, or by an emulator. Stencils for macOS and Windows are executed on Linux: what differs there
is how they call C functions, and the program's functions are compiled with that convention.

--quick: this machine's target alone (what make test does).
--debug: the stencils of a debug build, which check what they assume.
--layout: of objects and frames, that of CPython 3.13 or that of 3.14 and 3.15.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import platform
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tools", "stencils")]
import build as stencil_build  # noqa: E402
import table  # noqa: E402
import targets as generator  # noqa: E402

C_FILES = ("run", "place", "machine", "emit_cases", "reference", "mutate", "stencils")
# no PIE: addresses of the program are constants, as small as they get, so that far code is far
FLAGS = ("-std=gnu11", "-O1", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fno-strict-aliasing", "-ffp-contract=off", "-fno-omit-frame-pointer",
         "-fno-pie", "-fno-pic", "-ffunction-sections")
X86_64 = ("gcc",)
AARCH64 = ("aarch64-linux-gnu-gcc", "-ffixed-x18")
I686 = ("gcc", "-m32", "-idirafter", "/usr/include/x86_64-linux-gnu", "-msse2", "-mfpmath=sse", "-malign-double", "-mstackrealign")       # structs as Windows has them; its stack is less aligned
QEMU = ("qemu-aarch64-static",)


@dataclasses.dataclass(frozen=True)
class Target:
    triple: str
    machine: str                # of arch_MACHINE.c
    compiler: tuple[str, ...]
    emulator: tuple[str, ...]
    how: str
    defines: tuple[str, ...] = ()

    def cannot_run(self) -> str | None:
        """Why not, in words; None: it can."""
        if platform.system() != "Linux" or platform.machine() != "x86_64":
            return f"the case table runs on x86-64 Linux, and this is {platform.machine()} {platform.system()}"
        for program in (self.compiler[0], *self.emulator[:1]):
            if not shutil.which(program):
                return f"{program} is missing (tools/setup-targets installs it)"
        if self.triple not in generator.TARGETS:
            return "tools/stencils makes no stencils for it"
        return None


TARGETS = {t.triple: t for t in [
    Target("x86_64-unknown-linux-gnu", "x86_64", X86_64, (), "natively"),
    Target("aarch64-unknown-linux-gnu", "aarch64", AARCH64, QEMU, "qemu"),
    Target("x86_64-apple-darwin", "x86_64", X86_64, (), "natively, same calling convention", ("-DTARGET_DARWIN",)),
    Target("aarch64-apple-darwin", "aarch64", AARCH64, QEMU, "qemu, same calling convention", ("-DTARGET_DARWIN",)),
    Target("x86_64-pc-windows-msvc", "x86_64", X86_64, (), "natively, functions ms_abi", ("-DTARGET_WINDOWS", "-DABI_LONG_32")),
    Target("aarch64-pc-windows-msvc", "aarch64", AARCH64, QEMU, "qemu, same calling convention", ("-DTARGET_WINDOWS", "-DABI_LONG_32")),
    Target("i686-pc-windows-msvc", "i686", I686, (), "natively, 32-bit", ("-DTARGET_WINDOWS", "-DABI_LONG_32")),
]}
NATIVE = "x86_64-unknown-linux-gnu"


class Failed(Exception):
    """A target whose program cannot be built or run; the message is what to show."""


@dataclasses.dataclass
class Outcome:
    target: Target
    figures: dict[str, int] = dataclasses.field(default_factory=dict)
    output: str = ""            # what it said about failures
    failed: str = ""            # why, in a few words
    seconds: float = 0.0


def run(command: list[str], seconds: int = 600) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Failed(f"{command[0]} does not end within {seconds} s") from None


def write_if_changed(path: str, text: str) -> None:
    if not os.path.exists(path) or open(path).read() != text:
        with open(path, "w") as f:
            f.write(text)


def generate(folder: str, debug: bool, layout: int) -> None:
    """What every target's program includes."""
    reader = table.load(debug, layout)
    header, source = table.write(reader)
    helpers = table.gen_uops.load_runtime(os.path.join(ROOT, "src", "runtime", "runtime.def"))
    write_if_changed(os.path.join(folder, "cases_gen.h"), header)
    write_if_changed(os.path.join(folder, "cases_gen.c"), source)
    write_if_changed(os.path.join(folder, "uops_gen.h"), table.gen_uops.header(list(reader.uops.values()), helpers))


def stencils(triples: list[str], folder: str, debug: bool, layout: int) -> None:
    done = run([sys.executable, os.path.join(ROOT, "tools", "stencils", "build.py"), *["--debug"] * debug, "--layout", str(layout), "-o", folder, "--objects", os.path.join(folder, "objects"), *triples])
    if done.returncode:
        raise Failed(done.stderr.strip())


def build(target: Target, shared: str, headers: str, layout: int) -> str:
    """The target's program: its path."""
    folder = os.path.join(shared, target.triple)
    os.makedirs(folder, exist_ok=True)
    header = f'"{stencil_build.header_name(target.triple, layout)}"'
    includes = [f"-I{d}" for d in (shared, HERE, headers, *(os.path.join(ROOT, d) for d in ("src/emit", "stencils")))]
    sources = [os.path.join(HERE, f"{name}.c") for name in C_FILES]
    sources += [os.path.join(shared, "cases_gen.c"), os.path.join(ROOT, "src", "emit", f"arch_{target.machine}.c")]
    objects = []
    for source in sources:
        name = os.path.basename(source).removesuffix(".c")
        objects.append(os.path.join(folder, name + ".o"))
        loose = ("-w",) if name == "cases_gen" else ()
        done = run([*target.compiler, *FLAGS, *loose, *target.defines, f"-DSTENCILS={header}", f"-DABI_LAYOUT={layout}", *includes, "-c", "-o", objects[-1], source])
        if done.returncode or done.stderr:
            raise Failed(f"{os.path.relpath(source, ROOT)} does not compile\n{done.stderr}")
    program = os.path.join(folder, "harness")
    done = run([*target.compiler, "-static", "-no-pie", "-o", program, *objects, "-lm"])
    if done.returncode:
        raise Failed(f"it does not link\n{done.stderr}")
    return program


def figures(output: str) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r"([a-z-]+) (-?\d+)", output.strip().splitlines()[-1])}


def prove(target: Target, shared: str, headers: str, quick: bool, debug: bool, layout: int) -> Outcome:
    """Builds and runs one target's program."""
    outcome = Outcome(target)
    start = time.monotonic()
    try:
        command = [*target.emulator, build(target, shared, headers, layout)]
        done = run([*command, "--references", "1" if not target.emulator else "41"])
        *said, last = done.stdout.splitlines() or [""]
        outcome.output = "\n".join(said)
        if not last.startswith("uops "):
            raise Failed(f"it ends with status {done.returncode}\n{done.stdout}{done.stderr}")
        outcome.figures = figures(last)
        if done.returncode:
            raise Failed(f"{outcome.figures['failures']} failures")
        mutants = run([*command, "--mutations", "1000" if quick else "3000" if target.triple == NATIVE else "2000"])     # fewer would be a matter of luck
        counts = dict(re.findall(r"^(exchanged stencils|flipped bits) (\d+ noticed \d+)$", mutants.stdout, re.M))
        if len(counts) != 2:
            raise Failed(f"the check of wrong stencils ends with status {mutants.returncode}\n{mutants.stdout}{mutants.stderr}")
        for what, text in counts.items():
            tried, _, noticed = text.split()
            outcome.figures |= {what: int(tried), f"{what} noticed": int(noticed)}
        # Most bits of checks make no difference as long as nothing is wrong.
        if mutants.returncode and not (debug and (n := outcome.figures)["exchanged stencils"] == n["exchanged stencils noticed"]):
            outcome.output += "\n".join(mutants.stdout.splitlines()[:20])
            raise Failed("wrong stencils are not noticed")
    except Failed as error:
        outcome.failed, _, more = str(error).partition("\n")
        outcome.output = f"{outcome.output}\n{more}".strip()
    outcome.seconds = time.monotonic() - start
    return outcome


def report(outcomes: list[Outcome], impossible: dict[str, str]) -> str:
    lines = [("target", "how it ran", "uops", "stencils", "cases", "runs", "checks", "against bodies", "wrong stencils noticed", "flipped bits noticed", "s", "")]
    for o in outcomes:
        f = o.figures
        numbers = [f"{f[n]:,}" if n in f else "" for n in ("uops", "stencils", "cases", "runs", "checks", "against-bodies")]
        noticed = [f"{f[w + ' noticed']} of {f[w]}" if f.get(w) else "" for w in ("exchanged stencils", "flipped bits")]
        lines.append((o.target.triple, o.target.how, *numbers, *noticed, f"{o.seconds:.0f}", o.failed or "all right"))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    out = ["  ".join(cell.ljust(w) if i < 2 or i == len(widths) - 1 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths))).rstrip() for line in lines]
    out += [f"{triple}: not run: {reason}" for triple, reason in impossible.items()]
    good = sum(not o.failed for o in outcomes)
    numbers = "none one two three four five six seven eight".split()
    out.append(f"case table: {numbers[good]} of {numbers[len(outcomes) + len(impossible)]}")
    return "\n".join(out)


def main() -> int:
    parser = argparse.ArgumentParser(description="The case table on each target's stencils.")
    parser.add_argument("triples", nargs="*", metavar="TRIPLE", help="targets (default: all)")
    parser.add_argument("--quick", action="store_true", help="this machine's target alone, fewer flipped bits")
    parser.add_argument("--debug", action="store_true", help="stencils that check what they assume, in a folder of their own")
    parser.add_argument("--layout", type=int, choices=sorted(stencil_build.LAYOUTS), default=min(stencil_build.LAYOUTS), help="of objects and frames (default: %(default)s)")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build"), help="where stencils are, or are made")
    options = parser.parse_args()
    if options.debug:
        options.folder = os.path.join(options.folder, "debug")
    if options.layout != min(stencil_build.LAYOUTS):
        options.folder = os.path.join(options.folder, f"layout-{options.layout}")
    wanted = options.triples or ([NATIVE] if options.quick else list(TARGETS))
    if unknown := [t for t in wanted if t not in TARGETS]:
        parser.error(f"unknown target {unknown[0]}: known are {', '.join(TARGETS)}")
    impossible = {t: reason for t in wanted if (reason := TARGETS[t].cannot_run())}
    possible = [TARGETS[t] for t in wanted if t not in impossible]
    shared = os.path.join(options.folder, "targets")
    os.makedirs(shared, exist_ok=True)
    try:
        generate(shared, options.debug, options.layout)
        if possible:
            stencils([t.triple for t in possible], options.folder, options.debug, options.layout)
    except (Failed, table.Wrong) as error:
        print(f"case table: {error}", file=sys.stderr)
        return 1
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        outcomes = list(pool.map(lambda t: prove(t, shared, options.folder, options.quick, options.debug, options.layout), possible))
    for o in outcomes:
        if o.failed:
            print(f"---- {o.target.triple}: {o.failed}\n{o.output}\n")
    print(report(outcomes, impossible))
    return int(bool(impossible) or any(o.failed for o in outcomes))


if __name__ == "__main__":
    sys.exit(main())
