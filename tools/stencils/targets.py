"""Requests -> stencils, for one target: C, assembly, optimized assembly, object file, bytes and holes.

One class per object format, one entry per triple at the end; nothing outside this file knows either.
"""

import bisect
import concurrent.futures
import dataclasses
import os
import re
import subprocess
import typing

import schema
from llvm import Llvm
from optimizer_aarch64 import OptimizerAArch64COFF, OptimizerAArch64ELF, OptimizerAArch64MachO
from optimizer_x86 import OptimizerI686, OptimizerX8664, OptimizerX8664Windows
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
    offset: int             # in the code section
    kind: str               # HoleKind without PATCH_
    symbol: str             # as the format writes it, or "" and then:
    data: bytes             # the constant that it refers to
    addend: int


@dataclasses.dataclass(frozen=True)
class Code:
    """The code section of an object file."""
    content: bytes
    functions: list[tuple[int, str]]    # (offset, symbol), sorted; each ends where the next one begins, less Optimizer.separator
    holes: list[RawHole]                # sorted by offset


def join_pairs(holes: list[RawHole]) -> typing.Iterator[RawHole]:
    """The two relocations of a load from the GOT on aarch64 as one hole."""
    rest = iter(holes)
    for hole in rest:
        if hole.kind == "A64_GOT_PAGE":
            if next(rest, None) != dataclasses.replace(hole, offset=hole.offset + 4, kind="A64_GOT_LO12"):
                raise Failed(f"the address of {hole.symbol} is not loaded right behind its page")
            hole = dataclasses.replace(hole, kind="A64_GOT")
        elif hole.kind == "A64_GOT_LO12":
            raise Failed(f"the address of {hole.symbol} is not loaded right behind its page")
        yield hole


def take_addend(code: bytearray, offset: int, kind: str) -> int:
    """The addend that stands in the code, which is 0 then."""
    size = 8 if kind == "ABS64" else 4
    value = int.from_bytes(code[offset:offset + size], "little")
    if kind in A64_FIELDS:
        if value & A64_FIELDS[kind]:
            raise Failed(f"a relocation with an addend in the instruction {value:#010x}, which none of a stencil has")
        return 0
    code[offset:offset + size] = bytes(size)
    return _signed(value, size * 8)


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
    number: str = ""                        # attributes of the symbol that stands for any number
    number_text: str = "$_IMM"              # how the assembly names it
    near: typing.ClassVar[str] = '__attribute__((visibility("hidden")))'    # attributes of symbols that are placed near the code

    def options(self, debug: bool, layout: int) -> list[str]:
        """What else decides what comes out, for the digest."""
        return [self.triple, *FLAGS, *self.arguments, self.prelude(debug, layout)]

    def prelude(self, debug: bool, layout: int) -> str:
        lines = ["COPYPATCH_DEBUG"] * debug + [f"ABI_LAYOUT {layout}", f'PREFIX "{self.prefix}"', f"NUMBER {self.number}", f"NEAR {self.near}", *self.machine.prelude()]
        return "".join(f"#define {line}\n" for line in lines)

    def build(self, llvm: Llvm, workers: concurrent.futures.Executor, debug: bool, layout: int, requests: list[Request], helpers: list[str],
              folder: str) -> dict[str, Stencil]:
        """The stencil of each request's symbol. folder: for temporary files, uops_gen.h stands there."""
        size = -(-len(requests) // N_CHUNKS)
        chunks = [requests[i:i + size] for i in range(0, len(requests), size)]
        jobs = [workers.submit(self.chunk, llvm, debug, layout, c, helpers, os.path.join(folder, f"chunk{i}")) for i, c in enumerate(chunks)]
        return {symbol: s for job in jobs for symbol, s in job.result().items()}

    def chunk(self, llvm: Llvm, debug: bool, layout: int, requests: list[Request], helpers: list[str], base: str) -> dict[str, Stencil]:
        """The same for a few of them; base: of the names of the files that it makes."""
        with open(base + ".c", "w") as f:
            f.write(f'{self.prelude(debug, layout)}#include "template.c"\n#include "shim.c"\n')
            f.writelines(r.source + "\n" for r in requests)
        clang = [llvm.clang, f"--target={self.triple}"]
        includes = ["-I", os.path.join(ROOT, "stencils"), "-I", os.path.dirname(base)]
        run(*clang, *FLAGS, *self.arguments, *includes, "-S", "-o", base + ".s", base + ".c")
        names = {self.prefix + r.symbol for r in requests}
        with open(base + ".s") as f:
            optimizer = self.optimizer(self.prefix, self.local, self.number_text)
            text = optimizer.optimize(f.read(), names)
        with open(base + ".opt.s", "w") as f:
            f.write(text)
        run(*clang, "-c", "-o", base + ".o", base + ".opt.s")
        functions = self._functions(llvm, base + ".o")
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
        text = re.split(r" ##? | // | ; | <", text)[0]
        return re.sub(r"^(j\w+|call\w*|bl?|b\.\w+|cbn?z \w+,|tbn?z \w+, #\w+,) 0x([0-9a-f]+)$", lambda m: f"{m[1]} {int(m[2], 16) - start:#x}", text)

    def _finish(self, request: Request, code: bytes, raw: list[RawHole], lines: list[tuple[int, str]], helpers: dict[str, int]) -> Stencil:
        holes, data = [], b""
        for hole in join_pairs(raw):
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
        if not request.calls and not self.machine.in_state and any(re.match(r"call|blr? ", text) for _, text in lines):
            raise Failed(f"{request.symbol}: calls:\n" + "\n".join(text for _, text in lines))
        return Stencil(code, tuple(holes), data, tuple(lines))

    def _functions(self, llvm: Llvm, path: str) -> dict[str, tuple[int, bytes, list[RawHole]]]:
        """Address, code and holes, counted from there, of each function in an object file."""
        code = self.read(schema.load(run(llvm.readobj, *schema.OPTIONS, path)))
        functions, holes = {}, iter([*code.holes, None])
        hole = next(holes)
        nexts = [start for start, _ in code.functions[1:]] + [len(code.content)]
        for (start, name), next_start in zip(code.functions, nexts):
            end = next_start - self.optimizer.separator_size
            inside = []
            while hole and hole.offset < end:
                inside.append(dataclasses.replace(hole, offset=hole.offset - start))
                hole = next(holes)
            functions[name] = start, code.content[start:end], inside
        return functions

    def read(self, file: schema.File) -> Code:
        """What an object file contains."""
        raise NotImplementedError

    def kind(self, relocation: str, symbol: str) -> str:
        if relocation not in self.kinds:
            raise Failed(f"a relocation of the kind {relocation} to {symbol}, which is not one that stencils may have")
        return self.kinds[relocation]

    def constant(self, offset: int, kind: str, content: bytes, size: int, at: int, addend: int) -> RawHole:
        """A reference to one of the constants of a section; addend: what is added to an address that the reference is to."""
        if not size or at % size or at + size > len(content):
            raise Failed(f"a reference into a section of data that is not to the beginning of one constant ({size} bytes, {at})")
        return RawHole(offset, kind, "", content[at:at + size], addend)

    def disassemble(self, llvm: Llvm, path: str) -> list[tuple[int, str]]:
        """(address, instruction) for the whole code section."""
        lines = run(llvm.objdump, "-d", "--no-show-raw-insn", path).splitlines()
        found = filter(None, (re.match(r"\s*([0-9a-f]+):\s+(.*)$", line) for line in lines))
        return [(int(m[1], 16), " ".join(m[2].split())) for m in found]


def _signed(value: int, bits: int) -> int:
    return (value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


class _ELF(Target):
    """ELF: Linux. Relocations carry their addends."""

    def read(self, file: schema.File) -> Code:
        sections = {s["Section"]["Index"]: s["Section"] for s in file["Sections"]}
        text = next(s for s in sections.values() if s["Name"]["Name"] == ".text")
        constants = {s["Name"]["Name"]: (s, 0) for s in sections.values() if s["Name"]["Name"].startswith(".rodata.cst")}
        symbols = [s["Symbol"] for s in file["Symbols"]]
        for symbol in symbols:
            section = sections.get(symbol["Section"]["Value"])
            if section and section["Name"]["Name"] in constants and symbol["Name"]["Name"]:
                constants[symbol["Name"]["Name"]] = section, symbol["Value"]
        functions = [(s["Value"], s["Name"]["Name"]) for s in symbols
                     if s["Section"]["Value"] == text["Index"] and s["Type"]["Name"] == "Function"]
        holes = [self._hole(r["Relocation"], constants) for s in sections.values()
                 if s["Type"]["Name"].startswith("SHT_REL") and s["Info"] == text["Index"] for r in s["Relocations"]]
        return Code(bytes(text["SectionData"]["Bytes"]), sorted(functions), sorted(holes, key=lambda h: h.offset))

    def _hole(self, relocation: dict, constants: dict[str, tuple[dict, int]]) -> RawHole:
        name = relocation["Symbol"]["Name"]
        offset, kind = relocation["Offset"], self.kind(relocation["Type"]["Name"], name)
        addend = _signed(relocation["Addend"], 64)              # printed as unsigned
        if name not in constants:
            return RawHole(offset, kind, name, b"", addend)
        section, at = constants[name]
        bias = BIAS.get(kind, 0)
        return self.constant(offset, kind, bytes(section["SectionData"]["Bytes"]), section["EntrySize"], at + addend - bias, bias)


class _MachO(Target):
    """Mach-O: macOS. Addends stand in the code. Most references to a local symbol are references to its section."""

    sizes: typing.ClassVar[dict[str, int]] = {"4ByteLiterals": 4, "8ByteLiterals": 8, "16ByteLiterals": 16}

    def read(self, file: schema.File) -> Code:
        sections = [s["Section"] for s in file["Sections"]]
        text = next(s for s in sections if s["Name"]["Value"] == "__text")
        code = bytearray(text["SectionData"]["Bytes"])
        symbols = [s["Symbol"] for s in file["Symbols"]]
        functions = [(s["Value"] - text["Address"], s["Name"]["Name"]) for s in symbols
                     if s["Section"]["Name"] == "__text" and s["Name"]["Name"].startswith(self.prefix)]
        by_number = dict(enumerate(sections, 1))
        constants = {s["Name"]["Name"]: (by_number[s["Section"]["Value"]], s["Value"]) for s in symbols
                     if s["Section"]["Name"] not in ("", "__text")}
        holes = [self._hole(r["Relocation"], code, text["Address"], by_number, constants) for r in text["Relocations"]]
        return Code(bytes(code), sorted(functions), sorted(holes, key=lambda h: h.offset))

    def _hole(self, relocation: dict, code: bytearray, address: int, sections: dict[int, dict], constants: dict[str, tuple[dict, int]]) -> RawHole:
        to = relocation.get("Symbol") or relocation["Section"]
        offset, name = relocation["Offset"], relocation["Type"]["Name"]
        kind = self.kind(name, to["Name"])
        if (size := 1 << relocation["Length"]) != (8 if kind == "ABS64" else 4):
            raise Failed(f"a relocation of the kind {name} of {size} bytes to {to['Name']}, which is not one that stencils may have")
        addend = take_addend(code, offset, kind)
        bias = BIAS.get(kind, 0)
        behind = int(name[-1]) if name.startswith("X86_64_RELOC_SIGNED_") else 0    # bytes of the instruction behind the displacement
        if to["Name"] in constants:
            section, at = constants[to["Name"]]
            at += addend + behind
        elif "Symbol" in relocation:
            return RawHole(offset, kind, to["Name"], b"", addend + bias)
        else:
            section, at = sections[to["Value"]], addend + (address + offset - bias + behind if relocation["PCRel"] else 0)
        content, size = bytes(section["SectionData"]["Bytes"]), self.sizes.get(section["Type"]["Name"], 0)
        return self.constant(offset, kind, content, size, at - section["Address"], bias - behind)


class _COFF(Target):
    """COFF: Windows. Addends stand in the code; __imp_x is a pointer to x; a constant has a section and a symbol of its own."""

    near = ""

    def read(self, file: schema.File) -> Code:
        sections = {s["Section"]["Number"]: s["Section"] for s in file["Sections"]}
        text = next(s for s in sections.values() if s["Name"]["Value"] == ".text")
        code = bytearray(text["SectionData"]["Bytes"])
        symbols = [s["Symbol"] for s in file["Symbols"]]
        functions = [(s["Value"], s["Name"]) for s in symbols
                     if s["Section"]["Value"] == text["Number"] and s["ComplexType"]["Name"] == "Function"]
        constants = {s["Name"]: bytes(sections[s["Section"]["Value"]]["SectionData"]["Bytes"]) for s in symbols
                     if s["Name"].startswith(("__real@", "__xmm@")) and s["Section"]["Value"] > 0}
        holes = [self._hole(r["Relocation"], code, constants) for r in text["Relocations"]]
        return Code(bytes(code), sorted(functions), sorted(holes, key=lambda h: h.offset))

    def _hole(self, relocation: dict, code: bytearray, constants: dict[str, bytes]) -> RawHole:
        offset, symbol, name = relocation["Offset"], relocation["Symbol"], relocation["Type"]["Name"]
        kind = self.kind(name, symbol)
        addend = take_addend(code, offset, kind)
        bias = BIAS.get(kind, 0)
        bias -= int(name[-1]) if name.startswith("IMAGE_REL_AMD64_REL32_") else 0   # bytes of the instruction behind the displacement
        if symbol in constants:
            return self.constant(offset, kind, constants[symbol], len(constants[symbol]), addend, bias)
        if symbol.startswith("__imp_"):
            if kind not in IMPORTS:
                raise Failed(f"a relocation of the kind {name} to {symbol}, which is not one that stencils may have")
            kind, symbol = IMPORTS[kind], symbol.removeprefix("__imp_")
        return RawHole(offset, kind, symbol, b"", addend + bias)


# How x86-64 code is compiled everywhere. What lies below the stack pointer would be lost in a call, so there is no red zone.
_X86_64 = ("-fcf-protection=none", "-mno-red-zone")

_ELF_X86_64 = {"R_X86_64_64": "ABS64", "R_X86_64_32": "ABS32", "R_X86_64_32S": "ABS32S", "R_X86_64_PC32": "REL32", "R_X86_64_PLT32": "REL32",
               "R_X86_64_GOTPCREL": "X86_GOT", "R_X86_64_GOTPCRELX": "X86_GOT", "R_X86_64_REX_GOTPCRELX": "X86_GOT"}
_MACHO_X86_64 = {"X86_64_RELOC_UNSIGNED": "ABS64", "X86_64_RELOC_BRANCH": "REL32", "X86_64_RELOC_SIGNED": "REL32",
                 "X86_64_RELOC_SIGNED_1": "REL32", "X86_64_RELOC_SIGNED_2": "REL32", "X86_64_RELOC_SIGNED_4": "REL32",
                 "X86_64_RELOC_GOT_LOAD": "X86_GOT", "X86_64_RELOC_GOT": "X86_GOT"}
_COFF_X86_64 = {"IMAGE_REL_AMD64_ADDR64": "ABS64", "IMAGE_REL_AMD64_REL32": "REL32", **{f"IMAGE_REL_AMD64_REL32_{n}": "REL32" for n in range(1, 6)}}
_COFF_I686 = {"IMAGE_REL_I386_DIR32": "ABS32", "IMAGE_REL_I386_REL32": "REL32"}

_ELF_AARCH64 = {"R_AARCH64_CALL26": "A64_BRANCH26", "R_AARCH64_JUMP26": "A64_BRANCH26", "R_AARCH64_CONDBR19": "A64_BRANCH19",
                "R_AARCH64_LD_PREL_LO19": "A64_BRANCH19", "R_AARCH64_TSTBR14": "A64_BRANCH14", "R_AARCH64_ADR_PREL_PG_HI21": "A64_PAGE21",
                "R_AARCH64_ADR_GOT_PAGE": "A64_GOT_PAGE", "R_AARCH64_LD64_GOT_LO12_NC": "A64_GOT_LO12",
                **dict.fromkeys((f"R_AARCH64_{x}_ABS_LO12_NC" for x in ("ADD", "LDST8", "LDST16", "LDST32", "LDST64", "LDST128")), "A64_LO12")}
_MACHO_AARCH64 = {"ARM64_RELOC_BRANCH26": "A64_BRANCH26", "ARM64_RELOC_PAGE21": "A64_PAGE21", "ARM64_RELOC_PAGEOFF12": "A64_LO12",
                  "ARM64_RELOC_GOT_LOAD_PAGE21": "A64_GOT_PAGE", "ARM64_RELOC_GOT_LOAD_PAGEOFF12": "A64_GOT_LO12"}
_COFF_AARCH64 = {"IMAGE_REL_ARM64_BRANCH26": "A64_BRANCH26", "IMAGE_REL_ARM64_BRANCH19": "A64_BRANCH19", "IMAGE_REL_ARM64_BRANCH14": "A64_BRANCH14",
                 "IMAGE_REL_ARM64_PAGEBASE_REL21": "A64_PAGE21", "IMAGE_REL_ARM64_PAGEOFFSET_12A": "A64_LO12",
                 "IMAGE_REL_ARM64_PAGEOFFSET_12L": "A64_LO12"}

# The kind of a reference to __imp_x, a pointer to x.
IMPORTS = {"REL32": "X86_GOT", "A64_PAGE21": "A64_GOT_PAGE", "A64_LO12": "A64_GOT_LO12"}
# Bits of an instruction that the value goes to.
A64_FIELDS = {"A64_BRANCH26": 0x3ffffff, "A64_BRANCH19": 0xffffe0, "A64_BRANCH14": 0x7ffe0, "A64_PAGE21": 0x60ffffe0, "A64_LO12": 0x3ffc00,
              "A64_GOT_PAGE": 0x60ffffe0, "A64_GOT_LO12": 0x3ffc00}
# What is between the value and what is added to an address: relative displacements count from the end of an instruction.
BIAS = {"REL32": -4, "X86_GOT": -4}

TARGETS = {t.triple: t for t in [
    _ELF("x86_64-unknown-linux-gnu", "defined(__x86_64__) && defined(__linux__)", Machine(6, 8), OptimizerX8664,
         ("-mcmodel=small", "-fno-pic", *_X86_64), _ELF_X86_64),
    _MachO("x86_64-apple-darwin", "defined(__x86_64__) && defined(__APPLE__)", Machine(6, 8), OptimizerX8664,
           ("-fpic", *_X86_64), _MACHO_X86_64, prefix="_", local="L", number_text="__IMM@GOTPCREL(%rip)"),
    _COFF("x86_64-pc-windows-msvc", "defined(_M_X64) || defined(__x86_64__) && defined(_WIN32)", Machine(6, 8), OptimizerX8664Windows,
          _X86_64, _COFF_X86_64, number="__declspec(dllimport)", number_text="__imp__IMM(%rip)"),
    _COFF("i686-pc-windows-msvc", "defined(_M_IX86) || defined(__i386__) && defined(_WIN32)", Machine(4, 4, "fastcall", in_state=True), OptimizerI686,
          ("-march=pentium4", "-mfpmath=sse", "-fcf-protection=none"), _COFF_I686, prefix="_", local="L", number_text="$__IMM"),
    _ELF("aarch64-unknown-linux-gnu", "defined(__aarch64__) && defined(__linux__)", Machine(6, 8), OptimizerAArch64ELF,
         ("-fPIC",), _ELF_AARCH64, number_text=":got:_IMM"),
    _MachO("aarch64-apple-darwin", "defined(__aarch64__) && defined(__APPLE__)", Machine(6, 8), OptimizerAArch64MachO,
           ("-fPIC",), _MACHO_AARCH64, prefix="_", local="L", number_text="__IMM@GOTPAGE"),
    _COFF("aarch64-pc-windows-msvc", "defined(_M_ARM64) || defined(__aarch64__) && defined(_WIN32)", Machine(6, 8), OptimizerAArch64COFF,
          (), _COFF_AARCH64, number="__declspec(dllimport)", number_text="__imp__IMM"),
]}
