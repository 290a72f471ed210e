"""python -m copypatch stencil NAME: one stencil, from its C to its bytes.

In a source tree with clang, tools/stencils/show.py shows all of it. Elsewhere only what the extension has: bytes and holes of its own stencils.
"""

import argparse
import difflib
import os
import subprocess
import sys

import copypatch
from copypatch import _disassemble

SHOW = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(copypatch.__file__))), "tools", "stencils", "show.py")


def main(arguments):
    why = "there is no source tree of copypatch here, so only bytes and holes are shown, of this build's own stencils"
    if os.path.exists(SHOW):
        done = subprocess.run([sys.executable, SHOW, *arguments], env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        if done.returncode != 3:
            return done.returncode
        why = None      # it has said what is missing
    return built_in(arguments, why)


def built_in(arguments, why):
    """The same from the extension."""
    extension = copypatch._copypatch
    own = getattr(extension, "TARGET", None)
    parser = argparse.ArgumentParser(prog="python -m copypatch stencil", description="Shows the bytes and holes of a stencil.")
    parser.add_argument("name", metavar="NAME", nargs="?", help="a uop (ADD_INT), one of the emitter's own (EMIT_MOVE_G), or a variant (ADD_INT__r7); none: all names")
    parser.add_argument("--target", metavar="T", default=own)
    parser.add_argument("--all", action="store_true", help="all variants")
    parser.add_argument("--llvm-version", type=int, metavar="N", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if why:
        print(f"copypatch: {why}", file=sys.stderr)
    if not own:
        print("copypatch: this build has no stencils", file=sys.stderr)
        return 1
    if options.target not in own:
        print(f"copypatch: this build has the stencils of {own} only", file=sys.stderr)
        return 2
    tables = extension._stencil_tables()
    if not options.name:
        for name, (registers, constant) in tables.items():
            print(f"{name:24} {registers + constant}")
        return 0
    name, _, variant = options.name.upper().partition("__")
    if name not in tables:
        near = difflib.get_close_matches(name, tables, n=5, cutoff=0.5)
        print(f"copypatch: there is no stencil {options.name}" + (f": did you mean {', '.join(near)}?" if near else ""), file=sys.stderr)
        return 2
    variants = symbols(name, *tables[name])
    if variant and options.name.upper() not in [v.upper() for v in variants]:
        print(f"copypatch: there is no stencil {options.name}: those of {name} are {variants[0]} to {variants[-1]}", file=sys.stderr)
        return 2
    if variant:
        variants = [v for v in variants if v.upper() == options.name.upper()]
    else:
        print(f"{len(variants)} variants: {variants[0]} to {variants[-1]}\n")
    for symbol in variants if options.all else variants[:1]:
        print("\n".join(show(symbol, own)))
    return 0


def symbols(name, registers, constant):
    """The variants of a table. The emitter's own have no letter."""
    letter = "" if name.startswith("EMIT_") else "r"
    return [f"{name}__{letter}{i}" for i in range(registers)] + [f"{name}__k{i}" for i in range(constant)]


def show(symbol, triple):
    name, _, variant = symbol.partition("__")
    code, holes, data = copypatch._copypatch._stencil(name, int(variant.lstrip("rk")), variant.startswith("k"))
    yield f"---- {symbol} for {triple}: {len(code)} bytes"
    yield "bytes:" if code else "bytes: none"
    instructions = _disassemble.disassemble(code, 0)
    if instructions is None:
        yield f"  {code.hex(' ')}"
    for (start, text), end in zip(instructions or [], [at for at, _ in (instructions or [])[1:]] + [len(code)]):
        here = "".join(f"  {value}" for offset, _, value, _, _ in holes if start <= offset < end)
        yield f"  {start:4x}:  {code[start:end].hex(' '):30}  {text}{here and '   <-' + here}"
    yield "holes:" if holes else "holes: none"
    for offset, kind, value, helper, addend in holes:
        yield f"  {offset:4x}:  PATCH_{kind}  {value}{' ' + helper if helper else ''}  {addend:+d}"
    if data:
        yield f"data:\n  {data.hex(' ')}"
