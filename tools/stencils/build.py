#!/usr/bin/env python3
"""Makes the stencils: build.py writes DIR/stencils-TRIPLE.h for each triple, and DIR/stencils.h, which includes the right one.

    uops.def ─► requests ─► C ─clang─► assembly ─optimizer─► assembly ─clang─► object ─► bytes, holes ─► header
                stencils.py template.c           optimizer_*.py      targets.py          writer.py

The contract of the header: src/emit/stencil.h. One whose digest over all inputs, options and tool versions is unchanged is left alone.
"""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import hashlib
import os
import platform
import re
import sys
import tempfile
import time

import llvm
import optimizers
import targets
import writer
from stencils import ROOT, emit_requests, gen_uops, uop_requests

import versions  # of tools/, as gen_uops

UOPS_DEF = os.path.join(ROOT, "src", "ir", "uops.def")
RUNTIME_DEF = os.path.join(ROOT, "src", "runtime", "runtime.def")
# stencils/abi.h: ABI_LAYOUT
LAYOUTS = {layout: "CPython " + " and ".join(v for v in versions.LAYOUTS if versions.LAYOUTS[v] == layout) for layout in sorted(set(versions.LAYOUTS.values()))}
UNSUPPORTED = {"Py_GIL_DISABLED": "a free-threaded build", "Py_TRACE_REFS": "a build with Py_TRACE_REFS"}


class Refused(Exception):
    """What was asked for cannot be done; the message is a sentence."""


@dataclasses.dataclass(frozen=True)
class Job:
    """One header to make."""
    target: targets.Target
    path: str
    debug: bool
    layout: int                     # of objects and frames: a key of LAYOUTS
    objects: str | None = None      # folder where the files on the way are kept

    def digest(self, version: str) -> str:
        hasher = hashlib.sha256(repr((self.target.options(self.debug, self.layout), version)).encode())
        for path in inputs():
            content = open(path, "rb").read()
            hasher.update(f"\0{os.path.relpath(path, ROOT)}\0{len(content)}\0".encode() + content)
        return hasher.hexdigest()

    def head(self, version: str) -> list[str]:
        """The first lines of the header."""
        return [f"/* made by tools/stencils/build.py for {self.target.triple} with LLVM {version}; do not edit\n",
                f" * digest {self.digest(version)}\n",
                " * The C file that includes this includes stencil.h before it. */\n"]

    def is_current(self, version: str | None = None) -> bool:
        """Has the header been made from these inputs, by this version of LLVM (None: any)?"""
        try:
            with open(self.path) as f:
                found = [f.readline(), f.readline()]
        except OSError:
            return False
        match = re.search(r"with LLVM (\S+); do not edit$", found[0])
        if self.objects:
            try:
                if open(os.path.join(self.objects, "made")).read() != "".join(found):
                    return False
            except OSError:
                return False
        return bool(match) and version in (None, match[1]) and found == self.head(match[1])[:2]

    def make(self, tools: llvm.Llvm, workers: concurrent.futures.Executor, verbose: bool) -> None:
        start = time.perf_counter()
        uops, helpers = gen_uops.load(UOPS_DEF), gen_uops.load_runtime(RUNTIME_DEF)
        emits = emit_requests(self.target.machine)
        requests = [r for u in uops for r in uop_requests(self.target.machine, u)] + emits
        if self.objects:
            os.makedirs(self.objects, exist_ok=True)
        with contextlib.nullcontext(self.objects) if self.objects else tempfile.TemporaryDirectory(prefix="stencils-") as folder:
            with open(os.path.join(folder, "uops_gen.h"), "w") as f:
                f.write(gen_uops.header(uops, helpers))
            stencils = self.target.build(tools, workers, self.debug, self.layout, requests, [h.name for h in helpers], folder)
        names = {"uops": [u.name for u in uops], "emit": list(dict.fromkeys(r.table.removeprefix("EMIT_") for r in emits))}
        # in the order of their tables: those of one function stay together
        order = sorted(requests, key=lambda r: (r.table, r.number))
        if self.objects:
            replace(os.path.join(self.objects, "made"), self.head(tools.version)[:2])
        replace(self.path, [*self.head(tools.version), *(line + "\n" for line in writer.write(order, stencils, names))])
        if verbose:
            print(f"{self.path}: {len(requests)} stencils, {os.path.getsize(self.path) / 1e6:.1f} MB, {time.perf_counter() - start:.1f} s")


def inputs() -> list[str]:
    """Every file that decides what comes out."""
    here = os.path.dirname(os.path.abspath(__file__))
    files = [UOPS_DEF, RUNTIME_DEF, os.path.join(ROOT, "tools", "gen_uops.py")]
    for folder, ends in (os.path.join(ROOT, "stencils"), (".c", ".h")), (here, (".py",)):
        files += sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(ends))
    return files


def replace(path: str, lines: list[str]) -> None:
    """Writes a file in one piece."""
    new = f"{path}.{os.getpid()}.new"
    with open(new, "w") as f:
        f.writelines(lines)
    os.replace(new, path)


def header_name(triple: str, layout: int) -> str:
    return f"stencils-{triple}.h" if layout == min(LAYOUTS) else f"stencils-{triple}-{layout}.h"


def choosing_header() -> list[str]:
    """stencils.h: the header of the machine and the layout that the C compiler compiles for."""
    lines = ["/* made by tools/stencils/build.py; do not edit */\n"]
    cases = [(target, layout) for target in targets.TARGETS.values() for layout in LAYOUTS]
    for i, (target, layout) in enumerate(cases):
        lines += [f"#{'el' * bool(i)}if ({target.macros}) && ABI_LAYOUT == {layout}\n", f'#include "{header_name(target.triple, layout)}"\n']
    return [*lines, "#else\n", '#error "copypatch has no stencils for this machine"\n', "#endif\n"]


def write_choosing_header(folder: str) -> None:
    path, lines = os.path.join(folder, "stencils.h"), choosing_header()
    if not os.path.exists(path) or open(path).read() != "".join(lines):
        replace(path, lines)


def this_machine() -> str:
    machine = {"AMD64": "x86_64", "arm64": "aarch64", "ARM64": "aarch64", "x86": "i686"}.get(platform.machine(), platform.machine())
    system = {"linux": "unknown-linux-gnu", "darwin": "apple-darwin", "win32": "pc-windows-msvc"}.get(sys.platform, sys.platform)
    return f"{machine}-{system}"


def this_layout() -> int:
    """Of the Python that runs this, if it is one that is supported."""
    return versions.LAYOUTS.get("%d.%d" % sys.version_info[:2], min(LAYOUTS))


def check_pyconfig(folder: str) -> None:
    """The Python that is built for must be one whose objects are as stencils/abi.h says."""
    path = os.path.join(folder, "pyconfig.h")
    try:
        text = open(path).read()
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}): -p names the folder of the pyconfig.h of the Python to build for.") from None
    for macro, what in UNSUPPORTED.items():
        if re.search(rf"^\s*#\s*define\s+{macro}\s+1\b", text, re.M):
            raise Refused(f"{path} is that of {what}, which copypatch does not support.")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Makes the stencils header of each target, and the one that chooses among them.",
                                     epilog=f"targets: {', '.join(targets.TARGETS)}")
    parser.add_argument("triples", nargs="*", metavar="TRIPLE", help=f"targets (default: this machine's, {this_machine()})")
    parser.add_argument("-o", "--output", default=".", metavar="DIR", help="where to write stencils-TRIPLE.h and stencils.h")
    parser.add_argument("-p", "--pyconfig", metavar="DIR", help="folder of the pyconfig.h of the Python to build for: refused if that is not supported")
    parser.add_argument("-f", "--force", action="store_true", help="even if nothing has changed")
    parser.add_argument("-d", "--debug", action="store_true", help="stencils that check what they assume, and trap: a debug build's")
    parser.add_argument("--layout", type=int, choices=sorted(LAYOUTS), default=min(LAYOUTS), metavar="N",
                        help="whose objects and frames: " + ", ".join(f"{n} ({who})" for n, who in sorted(LAYOUTS.items())))
    parser.add_argument("-v", "--verbose", action="store_true", help="say what is done")
    parser.add_argument("--llvm-version", type=int, metavar="N", help="the LLVM to use (default: COPYPATCH_LLVM, else the newest)")
    parser.add_argument("--objects", metavar="DIR", help="keep C, assembly and object files in DIR/TRIPLE")
    parser.add_argument("--check", action="store_true", help="make nothing, need no LLVM: are the headers there those of these inputs?")
    parser.add_argument("--from", dest="carried", metavar="DIR", help="need no LLVM: copy the headers from DIR (a source distribution's), which must be those of these inputs")
    options = parser.parse_args()
    options.triples = options.triples or [this_machine()]
    for triple in options.triples:
        if triple not in targets.TARGETS:
            parser.error(f"unknown target {triple}: known are {', '.join(targets.TARGETS)}")
    return options


def demand_current(jobs: list[Job]) -> None:
    """The headers must be there, and made from these inputs."""
    for job in jobs:
        if not job.is_current():
            state = "does not match its inputs" if os.path.exists(job.path) else "is missing"
            raise Refused(f"{job.path} {state}: make the stencils anew with `make regen-jit`, which needs clang and llvm {llvm.OLDEST} or newer.")


def run(options: argparse.Namespace) -> None:
    if options.pyconfig is not None:
        check_pyconfig(options.pyconfig)
    jobs = [Job(targets.TARGETS[t], os.path.join(options.carried or options.output, header_name(t, options.layout)), options.debug, options.layout,
                options.objects and os.path.join(options.objects, t)) for t in dict.fromkeys(options.triples)]
    if options.check or options.carried:
        demand_current(jobs)
    if options.carried:
        os.makedirs(options.output, exist_ok=True)
        write_choosing_header(options.output)
        for job in jobs:
            replace(os.path.join(options.output, os.path.basename(job.path)), open(job.path).readlines())
    if options.check or options.carried:
        return
    search = llvm.search(options.llvm_version)
    os.makedirs(options.output, exist_ok=True)
    write_choosing_header(options.output)
    todo = jobs if options.force else not_current(jobs, search)
    if options.verbose:
        for job in jobs:
            if job not in todo:
                print(f"{job.path}: unchanged")
    if not todo:
        return
    tools = llvm.choose(search)
    with concurrent.futures.ProcessPoolExecutor() as workers, concurrent.futures.ThreadPoolExecutor(len(todo)) as side_by_side:
        for made in [side_by_side.submit(job.make, tools, workers, options.verbose) for job in todo]:
            made.result()


def not_current(jobs: list[Job], search: llvm.Search) -> list[Job]:
    """The jobs whose headers have to be made anew."""
    newest = search.clangs[0][0] if search.clangs else llvm.choose(search).version
    todo = [job for job in jobs if not job.is_current(newest)]
    return [job for job in todo if not job.is_current(llvm.choose(search).version)]     # where only an older LLVM is complete


def main() -> int:
    options = parse()
    try:
        run(options)
    except (llvm.NotFound, targets.Failed, optimizers.Misunderstood, Refused) as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"build.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
