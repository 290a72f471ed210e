#!/usr/bin/env python3
"""Shows what becomes of one stencil on its way through the generator: show.py NAME, or `python -m copypatch stencil NAME`.

NAME is a uop or one of the emitter's own (ADD_INT, EMIT_MOVE_G): its C, its variants, and the first of them in full; or one variant
(ADD_INT__r7, ADD_INT__k2). Only what is shown is compiled.
"""

import argparse
import dataclasses
import difflib
import os
import re
import sys
import tempfile
import typing

import build
import llvm
import optimizers
import targets
from stencils import ROOT, Request, Stencil, emit_requests, gen_uops, uop_requests


@dataclasses.dataclass(frozen=True)
class Shown:
    """One stencil, compiled."""
    request: Request
    before: list[str]       # assembly, as the compiler wrote it
    after: list[str]        # as the optimizer left it
    stencil: Stencil
    helpers: list[str]      # names by number


class Unknown(Exception):
    """There is no such stencil; the message says which are called alike."""


def requests_of(target: targets.Target) -> dict[str, list[Request]]:
    """All stencils of a target, by uop or by name of the emitter's own."""
    requests = {u.name: uop_requests(target.machine, u) for u in gen_uops.load(build.UOPS_DEF)}
    for request in emit_requests(target.machine):
        requests.setdefault(request.table, []).append(request)
    return {name: found for name, found in requests.items() if found}


def find(requests: dict[str, list[Request]], name: str) -> list[Request]:
    wanted = name.upper()
    if wanted in requests:
        return requests[wanted]
    for request in requests.get(wanted.split("__")[0], []):
        if request.symbol.upper() == wanted:
            return [request]
    if close := requests.get(wanted.split("__")[0]):
        raise Unknown(f"there is no stencil {name}: those of {close[0].symbol.split('__')[0]} are {close[0].symbol} to {close[-1].symbol}")
    near = difflib.get_close_matches(wanted, requests, n=5, cutoff=0.5) or sorted(n for n in requests if wanted in n)[:5]
    raise Unknown(f"there is no stencil {name}" + (f": did you mean {', '.join(near)}?" if near else ""))


def compile_one(target: targets.Target, layout: int, tools: llvm.Llvm, request: Request) -> Shown:
    uops, helpers = gen_uops.load(build.UOPS_DEF), gen_uops.load_runtime(build.RUNTIME_DEF)
    names = [h.name for h in helpers]
    seen: dict[str, tuple[list[str], list[str]]] = {}
    optimizer = target.optimizer(target.prefix, target.local, target.number_text)
    rewrite = optimizer.function

    def function(name: str, lines: list[str]) -> list[str]:
        seen[name] = lines, rewrite(name, lines)
        return seen[name][1]

    with tempfile.TemporaryDirectory(prefix="stencil-") as folder:
        with open(os.path.join(folder, "uops_gen.h"), "w") as f:
            f.write(gen_uops.header(uops, helpers))
        base = os.path.join(folder, "one")
        stencil = target.chunk(tools, False, layout, [request], names, base)[request.symbol]
        optimizer.function = function       # type: ignore[method-assign]
        with open(base + ".s") as f:
            optimizer.optimize(f.read(), {target.prefix + request.symbol})
    before, after = seen[target.prefix + request.symbol]
    return Shown(request, before, after, stencil, names)


def body(name: str) -> str:
    """The C that a uop's stencils are made of, and where it stands."""
    folder = os.path.join(ROOT, "stencils")
    if name.startswith("EMIT_"):        # a macro of shim.c, or nothing but what the template does
        text = open(os.path.join(folder, "shim.c")).read()
        match = re.search(rf"^#define {name.removeprefix('EMIT_')}\(NAME\)(.*\\\n)*.*\n", text, re.M)
        return f"stencils/shim.c:{text.count(chr(10), 0, match.start()) + 1}\n{match[0].rstrip()}" if match else ""
    for file in sorted(os.listdir(folder)):
        text = open(os.path.join(folder, file)).read()
        if match := re.search(rf"^uop\({name}\)", text, re.M):
            line = text.count("\n", 0, match.start()) + 1
            return f"stencils/{file}:{line}\n{text[match.start():end_of_body(text, match.end())]}"
    return ""


def end_of_body(text: str, at: int) -> int:
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == "{") - (text[i] == "}")
        if text[i] == "}" and not depth:
            return i + 1
    return len(text)


def assembly(lines: list[str]) -> typing.Iterator[str]:
    for line in lines:
        text = line.strip()
        if text and not re.match(r"\.(cfi_|p2align|type|size|seh_|set|def|scl|endef|globl|section|text)", text) and not text.startswith("#"):
            yield text if text.endswith(":") else "        " + text.expandtabs(8)


def code(stencil: Stencil) -> typing.Iterator[str]:
    starts = [offset for offset, _ in stencil.disassembly] + [len(stencil.code)]
    for (start, text), end in zip(stencil.disassembly, starts[1:]):
        holes = "".join(f"  {h.value}" for h in stencil.holes if start <= h.offset < end)
        yield f"  {start:4x}:  {stencil.code[start:end].hex(' '):30}  {text}{holes and '   <-' + holes}"


def show(shown: Shown, target: targets.Target) -> typing.Iterator[str]:
    s = shown.stencil
    yield f"---- {shown.request.symbol} ({shown.request.choice or 'no operands'}) for {target.triple}: {len(s.code)} bytes"
    yield "C, as the compiler gets it:"
    yield f"  {shown.request.source}"
    yield "assembly, as the compiler wrote it:"
    yield from assembly(shown.before)
    yield "assembly, optimized:"
    yield from assembly(shown.after)
    yield "bytes:" if s.code else "bytes: none"
    yield from code(s)
    yield "holes:" if s.holes else "holes: none"
    for h in s.holes:
        value = f"{h.value} {shown.helpers[h.symbol]}" if h.value == "HELPER" else h.value
        yield f"  {h.offset:4x}:  PATCH_{h.kind}  {value}  {h.addend:+d}"
    if s.data:
        yield f"data:\n  {s.data.hex(' ')}"


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m copypatch stencil", description="Shows a stencil: C, assembly, optimized assembly, bytes and holes.")
    parser.add_argument("name", metavar="NAME", nargs="?", help="a uop (ADD_INT), one of the emitter's own (EMIT_MOVE_G), or a variant (ADD_INT__r7); none: all names")
    parser.add_argument("--target", metavar="T", default=build.this_machine(), help=f"default {build.this_machine()}; {', '.join(targets.TARGETS)}")
    parser.add_argument("--layout", type=int, choices=sorted(build.LAYOUTS), default=build.this_layout(), metavar="N",
                        help="whose objects and frames: " + ", ".join(f"{n} ({who})" for n, who in sorted(build.LAYOUTS.items())) + "; default: this Python's")
    parser.add_argument("--all", action="store_true", help="all variants in full")
    parser.add_argument("--llvm-version", type=int, metavar="N", help="the LLVM to use (default: COPYPATCH_LLVM, else the newest)")
    options = parser.parse_args(arguments)
    if options.target not in targets.TARGETS:
        near = [t for t in targets.TARGETS if options.target in t]
        if len(near) != 1:
            parser.error(f"unknown target {options.target}: known are {', '.join(targets.TARGETS)}")
        options.target = near[0]
    return options


def run(options: argparse.Namespace) -> typing.Iterator[str]:
    target = targets.TARGETS[options.target]
    requests = requests_of(target)
    if not options.name:
        for name, variants in requests.items():
            yield f"{name:24} {len(variants)}"
        return
    found = find(requests, options.name)
    name = found[0].symbol.split("__")[0]
    if text := body(name):
        yield f"C: {text}\n"
    if len(found) > 1:
        yield f"{len(found)} variants:"
        for request in found:
            yield f"  {request.symbol:28} {request.choice}"
        yield ""
    tools = llvm.find(options.llvm_version)
    for request in found if options.all else found[:1]:
        yield from show(compile_one(target, options.layout, tools, request), target)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    try:
        for line in run(options):
            print(line)
    except Unknown as error:
        print(f"copypatch: {error}", file=sys.stderr)
        return 2
    except (llvm.NotFound, targets.Failed, optimizers.Misunderstood) as error:
        print(f"copypatch: {error}", file=sys.stderr)
        return 3
    except BrokenPipeError:
        sys.stderr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
