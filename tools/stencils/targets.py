"""Requests -> stencils, for one target: C, assembly, optimized assembly, object file, bytes and holes.

One class per object format, one entry per triple at the end; nothing outside this file knows either.
"""

import bisect
import concurrent.futures
import dataclasses
import json
import os
import re
import subprocess
import typing

import schema
from llvm import Llvm
from optimizer_x86 import OptimizerX8664
from optimizers import Optimizer
from stencils import ROOT, Hole, Machine, Request, Stencil

FLAGS = [
    "-std=gnu2x", "-O2",
    "-ffreestanding", "-fno-stack-protector", "-fomit-frame-pointer", "-fno-asynchronous-unwind-tables",
    "-fno-strict-aliasing", "-fno-delete-null-pointer-checks",
    "-ffp-contract=off", "-fno-math-errno",                     # the latter: __builtin_sqrt is one instruction
    "-Xclang", "-no-enable-noundef-analysis",                   # lost registers are passed on uninitialised
    "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-Wno-uninitialized", "-Wno-unused-parameter", "-Wno-cast-function-type",
    "-Wno-sometimes-uninitialized", "-Wno-sign-compare", "-Wno-reserved-identifier",
]
N_CHUNKS = 8        # C files, compiled side by side

VALUES = {"_IMM": "IMM", "_WORD": "WORD", "_CONTINUE": "CONTINUE", "_EXIT": "EXIT", "_TARGET": "TARGET"}


class Failed(Exception):
    """A tool refused, or made something that cannot be a stencil."""


@dataclasses.dataclass(frozen=True)
class RawHole:
    """A relocation, in terms that no format owns."""
    offset: int
    kind: str               # HoleKind without PATCH_
    symbol: str             # a symbol of template.c or a helper, or "" and then:
    data: bytes             # the constant that it refers to
    addend: int


def run(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise Failed(f"{' '.join(command)}\n{result.stdout}{result.stderr}")
    return result.stdout


@dataclasses.dataclass(frozen=True)
class Target:
    """What all object formats share."""
    triple: str
    macros: str                             # C preprocessor condition: the compiler that includes stencils.h compiles for this target
    machine: Machine
    optimizer: type[Optimizer]
    arguments: tuple[str, ...]              # for clang
    kinds: dict[str, str]                   # relocations that may occur -> HoleKind without PATCH_
    prefix: str = ""                        # what the format puts before a C name
    local: str = ".L"                       # and before labels that are in no symbol table
    number: typing.ClassVar[str] = ""       # attributes of symbols that stand for any number,
    near: typing.ClassVar[str] = '__attribute__((visibility("hidden")))'    # and of those that are placed near the code

    def options(self, debug: bool) -> list[str]:
        """What else decides what comes out, for the digest."""
        return [self.triple, *FLAGS, *self.arguments, self.prelude(debug)]

    def prelude(self, debug: bool) -> str:
        return "#define COPYPATCH_DEBUG\n" * debug + f'#define PREFIX "{self.prefix}"\n#define NUMBER {self.number}\n#define NEAR {self.near}\n{self.machine.prelude()}'

    def build(self, llvm: Llvm, debug: bool, requests: list[Request], helpers: list[str], folder: str) -> dict[str, Stencil]:
        """The stencil of each request's symbol; folder: for temporary files, uops_gen.h stands there."""
        size = -(-len(requests) // N_CHUNKS)
        chunks = [requests[i:i + size] for i in range(0, len(requests), size)]
        workers = min(len(chunks), os.cpu_count() or 1)
        with concurrent.futures.ProcessPoolExecutor(workers) as pool:
            jobs = [pool.submit(self._chunk, llvm, debug, c, helpers, os.path.join(folder, f"chunk{i}")) for i, c in enumerate(chunks)]
            return {symbol: s for job in jobs for symbol, s in job.result().items()}

    def _chunk(self, llvm: Llvm, debug: bool, requests: list[Request], helpers: list[str], base: str) -> dict[str, Stencil]:
        with open(base + ".c", "w") as f:
            f.write(f'{self.prelude(debug)}#include "template.c"\n#include "shim.c"\n')
            f.writelines(r.source + "\n" for r in requests)
        clang = [llvm.clang, f"--target={self.triple}"]
        includes = ["-I", os.path.join(ROOT, "stencils"), "-I", os.path.dirname(base)]
        run(*clang, *FLAGS, *self.arguments, *includes, "-S", "-o", base + ".s", base + ".c")
        names = {self.prefix + r.symbol for r in requests}
        with open(base + ".s") as f:
            optimizer = self.optimizer(self.prefix, self.local)
            text = optimizer.optimize(f.read(), names)
        with open(base + ".opt.s", "w") as f:
            f.write(text)
        run(*clang, "-c", "-o", base + ".o", base + ".opt.s")
        functions = self.read(llvm, base + ".o")
        disassembly = self.disassemble(llvm, base + ".o")
        numbers = {name: i for i, name in enumerate(helpers)}
        stencils = {}
        for r in requests:
            start, code, raw = functions[self.prefix + r.symbol]
            first, last = (bisect.bisect_left(disassembly, (at,)) for at in (start, start + len(code)))
            lines = [(at - start, self._relative(text, start)) for at, text in disassembly[first:last]]
            stencils[r.symbol] = self._finish(r, code, raw, lines, numbers)
            if r.table == "EMIT_SHIM":
                stencils[r.symbol] = dataclasses.replace(stencils[r.symbol], frame=optimizer.frame)
        return stencils

    @staticmethod
    def _relative(text: str, start: int) -> str:
        """An instruction with jumps counted from the beginning of its stencil."""
        text = text.split(" # ")[0].split(" <")[0]
        return re.sub(r"^(j\w+|call\w*) 0x([0-9a-f]+)$", lambda m: f"{m[1]} {int(m[2], 16) - start:#x}", text)

    def _finish(self, request: Request, code: bytes, raw: list[RawHole], lines: list[tuple[int, str]], helpers: dict[str, int]) -> Stencil:
        holes, data = [], b""
        for hole in raw:
            name = hole.symbol.removeprefix(self.prefix)
            if hole.data:
                data += bytes(-len(data) % len(hole.data))
                if (at := data.find(hole.data)) < 0 or at % len(hole.data):
                    at = len(data)
                    data += hole.data
                holes.append(Hole(hole.offset, hole.kind, "DATA", 0, at + hole.addend))
            elif name in VALUES:
                holes.append(Hole(hole.offset, hole.kind, VALUES[name], 0, hole.addend))
            elif name in helpers:
                holes.append(Hole(hole.offset, hole.kind, "HELPER", helpers[name], hole.addend))
            else:
                raise Failed(f"{request.symbol}: a body may not use {hole.symbol}")
        if not request.calls and any("call" in text for _, text in lines):
            raise Failed(f"{request.symbol}: calls:\n" + "\n".join(text for _, text in lines))
        return Stencil(code, tuple(holes), data, tuple(lines))

    def read(self, llvm: Llvm, path: str) -> dict[str, tuple[int, bytes, list[RawHole]]]:
        """Address, code and relocations of each function in an object file."""
        raise NotImplementedError

    def disassemble(self, llvm: Llvm, path: str) -> list[tuple[int, str]]:
        """(address, instruction) for the whole code section."""
        lines = run(llvm.objdump, "-d", "--no-show-raw-insn", path).splitlines()
        found = filter(None, (re.match(r"\s*([0-9a-f]+):\s+(.*)$", line) for line in lines))
        return [(int(m[1], 16), " ".join(m[2].split())) for m in found]


class _ELF(Target):
    """ELF: Linux."""

    def read(self, llvm: Llvm, path: str) -> dict[str, tuple[int, bytes, list[RawHole]]]:
        output = run(llvm.readobj, "--elf-output-style=JSON", "--expand-relocs", "--sections", "--section-data",
                     "--section-relocations", "--section-symbols", "--symbols", path)
        file: schema.ElfFile = json.loads(output)[0]
        sections = {s["Section"]["Index"]: s["Section"] for s in file["Sections"]}
        names = {s["Name"]["Name"]: s for s in sections.values()}
        text = names[".text"]
        code = bytes(text["SectionData"]["Bytes"])
        relocations = sorted((r["Relocation"] for s in sections.values() if s["Type"]["Name"] == "SHT_RELA" and s["Info"] == text["Index"]
                              for r in s["Relocations"]), key=lambda r: r["Offset"])
        constants = {s["Name"]["Name"]: (s, 0) for s in sections.values() if s["Name"]["Name"].startswith(".rodata.cst")}
        symbols = [s["Symbol"] for s in file["Symbols"]]
        for symbol in symbols:
            section = sections.get(symbol["Section"]["Value"])
            if section and section["Name"]["Name"] in constants and symbol["Name"]["Name"]:
                constants[symbol["Name"]["Name"]] = section, symbol["Value"]
        functions = {}
        i = 0
        in_text = [s for s in symbols if s["Section"]["Value"] == text["Index"] and s["Type"]["Name"] == "Function"]
        for symbol in sorted(in_text, key=lambda s: s["Value"]):
            start, end = symbol["Value"], symbol["Value"] + symbol["Size"]
            holes = []
            while i < len(relocations) and relocations[i]["Offset"] < end:
                holes.append(self._hole(relocations[i], start, constants))
                i += 1
            functions[symbol["Name"]["Name"]] = start, code[start:end], holes
        if i != len(relocations):
            raise Failed(f"{path}: a relocation outside all functions")
        return functions

    def _hole(self, relocation: schema.Relocation, start: int, constants: dict[str, tuple[schema.Section, int]]) -> RawHole:
        name, kind = relocation["Symbol"]["Name"], relocation["Type"]["Name"]
        if kind not in self.kinds:
            raise Failed(f"a relocation of the unknown kind {kind} to {name}")
        offset, data = relocation["Offset"] - start, b""
        addend = (relocation["Addend"] + (1 << 63)) % (1 << 64) - (1 << 63)     # printed as unsigned
        if name in constants:
            section, at = constants[name]
            at += addend + 4
            size = section["EntrySize"]
            if self.kinds[kind] != "REL32" or at % size:
                raise Failed(f"a reference to {name} + {addend + 4} that is not to the beginning of one constant")
            data = bytes(section["SectionData"]["Bytes"][at:at + size])
            addend, name = -4, ""
        return RawHole(offset, self.kinds[kind], name, data, addend)


class _MachO(Target):
    """Mach-O: macOS."""


class _COFF(Target):
    """COFF: Windows."""
    number = "__declspec(dllimport)"
    near = ""


# How x86-64 code is compiled everywhere. What a stencil pushes below its stack pointer would be lost in a call (no red zone there).
_X86_64 = ("-fcf-protection=none", "-mno-red-zone")
_ELF_X86_64 = {"R_X86_64_32": "ABS32", "R_X86_64_32S": "ABS32S", "R_X86_64_64": "ABS64", "R_X86_64_PC32": "REL32", "R_X86_64_PLT32": "REL32",
               "R_X86_64_GOTPCREL": "X86_GOT", "R_X86_64_GOTPCRELX": "X86_GOT", "R_X86_64_REX_GOTPCRELX": "X86_GOT"}

TARGETS = {t.triple: t for t in [
    _ELF("x86_64-unknown-linux-gnu", "defined(__x86_64__) && defined(__linux__)", Machine(6, 8), OptimizerX8664,
         ("-mcmodel=small", "-fno-pic", *_X86_64), _ELF_X86_64),
]}
