#!/usr/bin/env python3
"""Makes the stencils: build.py [-o DIR] [-f] [-v] [TRIPLE...] writes DIR/stencils-TRIPLE.h (contract: src/emit/stencil.h).

    uops.def ─► requests ─► C ─clang─► assembly ─optimizer─► assembly ─clang─► object ─► bytes, holes ─► header
                stencils.py template.c           optimizers.py       targets.py          writer.py

A header whose digest over all inputs and tool versions is unchanged is left alone.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time

import llvm
import optimizers
import targets
import writer
from stencils import ROOT, Machine, emit_requests, gen_uops, uop_requests

UOPS_DEF = os.path.join(ROOT, "src", "ir", "uops.def")
RUNTIME_DEF = os.path.join(ROOT, "src", "runtime", "runtime.def")


def inputs() -> list[str]:
    """Every file that decides what comes out."""
    here = os.path.dirname(os.path.abspath(__file__))
    files = [UOPS_DEF, RUNTIME_DEF, os.path.join(ROOT, "tools", "gen_uops.py")]
    for folder, ends in (os.path.join(ROOT, "stencils"), (".c", ".h")), (here, (".py",)):
        files += sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(ends))
    return files


def digest(target: targets.Target, tools: llvm.Llvm) -> str:
    hasher = hashlib.sha256(repr((target.options(), tools.version)).encode())
    for path in inputs():
        content = open(path, "rb").read()
        hasher.update(f"\0{os.path.relpath(path, ROOT)}\0{len(content)}\0".encode() + content)
    return hasher.hexdigest()


def is_current(path: str, mark: str) -> bool:
    try:
        with open(path) as f:
            return mark in (f.readline(), f.readline())
    except OSError:
        return False


def make(target: targets.Target, tools: llvm.Llvm, path: str, mark: str, verbose: bool) -> None:
    start = time.perf_counter()
    uops, helpers = gen_uops.load(UOPS_DEF), gen_uops.load_runtime(RUNTIME_DEF)
    machine = Machine.read(os.path.join(ROOT, "stencils", "abi.h"))
    emits = emit_requests(machine)
    requests = [r for u in uops for r in uop_requests(machine, u)] + emits
    with tempfile.TemporaryDirectory(prefix="stencils-") as folder:
        with open(os.path.join(folder, "uops_gen.h"), "w") as f:
            f.write(gen_uops.header(uops, helpers))
        stencils = target.build(tools, machine, requests, [h.name for h in helpers], folder)
    names = {"uops": [u.name for u in uops], "emit": list(dict.fromkeys(r.table.removeprefix("EMIT_") for r in emits))}
    with open(path + ".new", "w") as f:
        f.write(f"/* made by tools/stencils/build.py for {target.triple} with LLVM {tools.version}; do not edit\n{mark}"
                " * The C file that includes this includes stencil.h before it. */\n")
        # in the order of their tables: those of one function stay together
        order = sorted(requests, key=lambda r: (r.table, r.number))
        f.writelines(line + "\n" for line in writer.write(order, stencils, names))
    os.replace(path + ".new", path)
    if verbose:
        print(f"{path}: {len(requests)} stencils, {os.path.getsize(path) / 1e6:.1f} MB, {time.perf_counter() - start:.1f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes the stencils header of each target.")
    parser.add_argument("triples", nargs="*", metavar="TRIPLE", default=["x86_64-unknown-linux-gnu"], help=", ".join(targets.TARGETS))
    parser.add_argument("-o", "--output", default=".", metavar="DIR", help="where to write stencils-TRIPLE.h")
    parser.add_argument("-f", "--force", action="store_true", help="even if nothing has changed")
    parser.add_argument("-v", "--verbose", action="store_true", help="say what is done")
    options = parser.parse_args()
    try:
        for triple in options.triples:
            if triple not in targets.TARGETS:
                parser.error(f"unknown target {triple}: known are {', '.join(targets.TARGETS)}")
        tools = llvm.find()
        os.makedirs(options.output, exist_ok=True)
        for triple in options.triples:
            target = targets.TARGETS[triple]
            path = os.path.join(options.output, f"stencils-{triple}.h")
            mark = f" * digest {digest(target, tools)}\n"
            if not options.force and is_current(path, mark):
                if options.verbose:
                    print(f"{path}: unchanged")
                continue
            make(target, tools, path, mark, options.verbose)
    except (llvm.NotFound, targets.Failed, optimizers.Misunderstood) as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
