"""Executable files of three formats: how lld makes them with text and symbols where they are wanted, and what is in them.

Nothing here knows tools/stencils: what is compared must come from elsewhere.
"""

import dataclasses
import os
import re
import struct
import subprocess


class Failed(Exception):
    """A linker that cannot do what it is asked; the message is a sentence."""


@dataclasses.dataclass(frozen=True)
class Object:
    """An object file of stencils."""
    path: str
    functions: tuple[tuple[str, int], ...]      # (name without the format's prefix, offset in the text section), sorted by offset
    symbols: tuple[str, ...]                    # undefined ones, as written
    text_size: int


@dataclasses.dataclass(frozen=True)
class Linked:
    """What a linker made of one object file."""
    sections: tuple[tuple[int, bytes], ...]     # (address, content)
    text: int                                   # address of the object's text section
    symbols: dict[str, int]                     # where the symbols are
    refused: frozenset[tuple[str, int]]         # (function, offset in it) of what it says not to fit

    def read(self, address: int, size: int) -> bytes | None:
        for start, content in self.sections:
            if start <= address and address + size <= start + len(content):
                return content[address - start:address - start + size]
        return None


def tool(name: str) -> str:
    """The newest version of an LLVM program of this name."""
    for suffix in ("", *(f"-{n}" for n in range(30, 18, -1))):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name + suffix)
            if os.access(path, os.X_OK):
                return path
    raise Failed(f"{name} is missing (tools/setup-targets installs it)")


def run(*command: str, status: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(command)} does not end") from None
    if done.returncode not in status:
        raise Failed(f"{' '.join(command)} fails: {done.stderr.strip()[:2000]}")
    return done


@dataclasses.dataclass(frozen=True)
class Format:
    """prefix: what the format puts before a C name."""
    triple: str
    prefix: str = ""
    checks_ranges: bool = True

    def read_object(self, path: str) -> Object:
        functions, symbols, sizes = [], [], run(tool("llvm-size"), "-A", path).stdout
        for line in run(tool("llvm-nm"), path).stdout.splitlines():
            *value, kind, name = line.split()
            if kind in "tT" and "__" in name:
                functions.append((name.removeprefix(self.prefix), int(value[0], 16)))
            elif kind == "U" and name.removeprefix(self.prefix) != "_fltused":
                symbols.append(name)
        size = re.search(r"^(?:\.text|__text)\s+(\d+)", sizes, re.M)
        return Object(path, tuple(sorted(functions, key=lambda f: f[1])), tuple(symbols), int(size[1]))

    def assemble(self, text: str, path: str) -> str:
        with open(path + ".s", "w") as f:
            f.write(text)
        run(tool("llvm-mc"), f"--triple={self.triple}", "--filetype=obj", "-o", path, path + ".s")
        return path

    def link(self, file: Object, base: int, values: dict[str, int], folder: str, relax: bool) -> Linked:
        """Links an object file with its text at `base` and its symbols at these addresses, or nearby: Linked says where.

        relax: loads from the GOT may be relaxed by the linker, if it does that."""
        raise NotImplementedError

    def name_in_source(self, symbol: str) -> str:
        """A symbol as C writes it."""
        return symbol.removeprefix(self.prefix)


class Elf(Format):
    def link(self, file: Object, base: int, values: dict[str, int], folder: str, relax: bool) -> Linked:
        script, out = os.path.join(folder, "script"), os.path.join(folder, "linked")
        behind = base + file.text_size + 0x1000 & ~0xfff
        with open(script, "w") as f:
            f.write(f"SECTIONS {{ .text {base:#x} : {{ *(.text) }} .rodata {behind % 2**64:#x} : {{ *(.rodata*) }} .got {(behind + 0x4000) % 2**64:#x} : {{ *(.got*) }}\n"
                    "/DISCARD/ : { *(.comment .note* .llvm* .eh_frame*) } }\n")
            f.writelines(f"{n} = {v % 2**64:#x};\n" for n, v in values.items())
        done = run(tool("ld.lld"), "-O0", "-e", "0", "--relax" if relax else "--no-relax", "--noinhibit-exec", "--error-limit=0", "-T", script, "-o", out, file.path)
        refused = re.findall(r"\(function (\w+): \.text\+0x([0-9a-f]+)\): relocation \S+ out of range", done.stderr)
        offsets = dict(file.functions)
        sections = self.sections(open(out, "rb").read())
        return Linked(tuple(sections), base, values, frozenset((n, int(at, 16) - offsets[n]) for n, at in refused))

    @staticmethod
    def sections(data: bytes) -> list[tuple[int, bytes]]:
        table, = struct.unpack_from("<Q", data, 0x28)
        size, count = struct.unpack_from("<HH", data, 0x3a)
        found = []
        for i in range(count):
            _, kind, flags, address, at, length = struct.unpack_from("<IIQQQQ", data, table + i * size)
            if flags & 2 and kind != 8:
                found.append((address, data[at:at + length]))
        return found


class MachO(Format):
    def link(self, file: Object, base: int, values: dict[str, int], folder: str, relax: bool) -> Linked:
        out = os.path.join(folder, "linked")
        entry = self.prefix + "entry"
        text = "".join(f".globl {n}\n{n} = {v}\n" for n, v in {**values, entry: base}.items())
        if not relax:           # ld64.lld relaxes loads unless a symbol is used in other ways, too
            text += f".long {self.prefix}_IMM@GOT - .\n" if self.triple.startswith("aarch64") else f"cmpq {self.prefix}_IMM@GOTPCREL(%rip), %rax\n"
        second = self.assemble(text, os.path.join(folder, "symbols.o"))
        arch = "arm64" if self.triple.startswith("aarch64") else "x86_64"
        if os.path.exists(out):
            os.remove(out)
        done = run(tool("ld64.lld"), "-arch", arch, "-platform_version", "macos", "11.0", "11.0", "-pagezero_size", f"{base & ~0xffff:x}", "-e", entry,
                   "-adhoc_codesign", "--error-limit=0", "-o", out, file.path, second, status=(0, 1))
        if not os.path.exists(out):
            raise Failed(f"ld64.lld makes nothing: {done.stderr.strip()[:2000]}")
        refused = re.findall(r"\(symbol (\w+)\+0x([0-9a-f]+)\): relocation \S+ is out of range", done.stderr)
        sections, text = self.sections(open(out, "rb").read())
        return Linked(tuple(sections), text, values, frozenset((n.removeprefix(self.prefix), int(at, 16)) for n, at in refused))

    @staticmethod
    def sections(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
        count, = struct.unpack_from("<I", data, 16)
        at, found, text = 32, [], 0
        for _ in range(count):
            command, size = struct.unpack_from("<II", data, at)
            if command == 0x19:
                n, = struct.unpack_from("<I", data, at + 64)
                for i in range(n):
                    name, _, address, length, offset = struct.unpack_from("<16s16sQQI", data, at + 72 + i * 80)
                    found.append((address, data[offset:offset + length]))
                    if name.rstrip(b"\0") == b"__text":
                        text = address
            at += size
        return found, text


class Coff(Format):
    """Numbers of 32 bits are absolute symbols; other symbols are in a section behind the text, at the same distances from each other."""

    def link(self, file: Object, base: int, values: dict[str, int], folder: str, relax: bool) -> Linked:
        out = os.path.join(folder, "linked")
        base &= ~0xffff
        symbols = {n: v for n, v in values.items() if 0 <= v < 2**32}
        text = "".join(f".globl {n}\n{n} = {v}\n" for n, v in {**symbols, self.prefix + "_fltused": 0}.items())
        behind = base + 0x10000 + (file.text_size & ~0xfff)        # more or less where the section will be
        at, places = behind, {}
        text += '.section .places,"bw"\n'
        for v, n in sorted((max(v, behind), n) for n, v in values.items() if n not in symbols):
            text += f".zero {v - at}\n.globl {n}\n{n}:\n"
            at, places[n] = v, v - behind
        second = self.assemble(text + ".zero 16\n", os.path.join(folder, "symbols.o"))
        done = run(tool("lld-link"), "/dll", "/noentry", "/nodefaultlib", f"/base:{base:#x}", f"/out:{out}", "/largeaddressaware", "/opt:noref", "/errorlimit:0",
            *{"aarch64": [], "i686": ["/dynamicbase:no", "/safeseh:no"]}.get(self.triple.split("-")[0], ["/dynamicbase:no"]), file.path, second, status=(0, 1))
        if done.returncode:
            raise Failed(done.stderr[:3000])
        named = self.sections(open(out, "rb").read())
        symbols |= {n: named[".places"][0] + distance for n, distance in places.items()}
        return Linked(tuple(named.values()), named[".text"][0], symbols, frozenset())

    @staticmethod
    def sections(data: bytes) -> dict[str, tuple[int, bytes]]:
        header, = struct.unpack_from("<I", data, 0x3c)
        count, = struct.unpack_from("<H", data, header + 6)
        optional, = struct.unpack_from("<H", data, header + 20)
        plus = struct.unpack_from("<H", data, header + 24)[0] == 0x20b
        base, = struct.unpack_from("<Q" if plus else "<I", data, header + 24 + (24 if plus else 28))
        found = {}
        for i in range(count):
            name, size, rva, raw_size, raw = struct.unpack_from("<8sIIII", data, header + 24 + optional + 40 * i)
            found[name.rstrip(b"\0").decode()] = base + rva, data[raw:raw + min(size, raw_size)]
        return found


FORMATS = {f.triple: f for f in [
    Elf("x86_64-unknown-linux-gnu"), Elf("aarch64-unknown-linux-gnu"),
    MachO("x86_64-apple-darwin", "_"), MachO("aarch64-apple-darwin", "_"),
    Coff("x86_64-pc-windows-msvc", checks_ranges=False), Coff("aarch64-pc-windows-msvc"), Coff("i686-pc-windows-msvc", "_", checks_ranges=False),
]}
