"""Machine code -> text, by whatever disassembler is there: the Python package capstone, GNU objdump, or llvm-mc."""

import functools
import glob
import platform
import re
import shutil
import subprocess
import tempfile

MISSING = "no disassembler is there (the Python package capstone, objdump or llvm-mc)"
LLVM_FOLDERS = "/usr/lib/llvm-*/bin/llvm-mc"
GNU_MACHINES = {"x86_64": "i386:x86-64", "aarch64": "aarch64", "i686": "i386"}


def disassemble(code, address, machine=None):
    """A list of (offset, instruction); None when there is no disassembler. x86 in AT&T syntax, as everywhere here."""
    function = chosen(machine or platform.machine())
    return function(bytes(code), address) if function and code else [] if function else None


@functools.cache
def chosen(machine):
    """The first disassembler that works here."""
    probe = {"x86_64": b"\xc3", "i686": b"\xc3", "aarch64": b"\xc0\x03\x5f\xd6"}.get(machine)
    if not probe:
        return None
    for make in with_capstone, with_objdump, with_llvm:
        function = make(machine)
        try:
            if function and [text.split()[0].rstrip("q") for _, text in function(probe, 0)] == ["ret"]:
                return function
        except (OSError, subprocess.SubprocessError, ValueError):
            pass
    return None


def with_capstone(machine):
    try:
        import capstone
    except ImportError:
        return None
    kind = {"x86_64": ("X86", "64"), "i686": ("X86", "32"), "aarch64": ("ARM64", "ARM")}[machine]
    disassembler = capstone.Cs(getattr(capstone, f"CS_ARCH_{kind[0]}"), getattr(capstone, f"CS_MODE_{kind[1]}"))
    if kind[0] == "X86":
        disassembler.syntax = capstone.CS_OPT_SYNTAX_ATT
    disassembler.skipdata = True
    return lambda code, address: [(i.address - address, f"{i.mnemonic} {i.op_str}".strip()) for i in disassembler.disasm(code, address)]


def run(command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60).stdout


def with_objdump(machine):
    if not (program := shutil.which("objdump")):
        return None

    def function(code, address):
        with tempfile.NamedTemporaryFile() as file:
            file.write(code)
            file.flush()
            out = run([program, "-D", "-b", "binary", "-m", GNU_MACHINES[machine], "--no-show-raw-insn", f"--adjust-vma={address:#x}", file.name])
        return [(int(m[1], 16) - address, " ".join(m[2].split())) for m in re.finditer(r"^\s*([0-9a-f]+):\t(.+)$", out, re.M)]
    return function


def with_llvm(machine):
    programs = [shutil.which("llvm-mc"), *(shutil.which(f"llvm-mc-{n}") for n in range(29, 13, -1)), *sorted(glob.glob(LLVM_FOLDERS), reverse=True)]
    if not (program := next(filter(None, programs), None)):
        return None

    def function(code, address):
        out = run([program, "--disassemble", f"--triple={machine}", "--show-encoding"], " ".join(f"{b:#04x}" for b in code))
        found, offset = [], 0
        for m in re.finditer(r"^\t(?!\.)(.+?)\s*(?:#|//|;) encoding: \[(.*?)\]", out, re.M):
            found.append((offset, " ".join(m[1].split())))
            offset += m[2].count(",") + 1
        return found
    return function
