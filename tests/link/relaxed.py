"""The relaxed form of loads from the GOT: does it do, with the value itself, what the load did?

No linker makes this form, so it is compared by what it means: LLVM's disassembler is asked for the instructions before and after.
"""

import re
import subprocess
import typing

import formats

ADDRESS = 0x512345000
NUMBERS = (0, 1, -1, 255, -256, 0x12345678, -0x12345678, 2**31 - 1, -2**31)
ELSEWHERE = (0x512345678, 0x512000000, 2**31, -2**31 - 1, 2**63 - 1)       # near the code, but of more than 32 bits; far from everything
MARK = {"x86_64": (b"\x0f\x0b", "ud2"), "aarch64": (b"\x80\x46\x22\xd4", "brk\t#0x1234")}


def disassemble(triple: str, codes: list[bytes]) -> list[list[str]]:
    """The instructions of each piece of code."""
    mark, text = MARK[triple.split("-")[0]]
    given = "\n".join(" ".join(f"{b:#04x}" for b in code + mark) for code in codes)
    done = subprocess.run([formats.tool("llvm-mc"), "--disassemble", f"--triple={triple}"], input=given, capture_output=True, text=True)
    pieces: list[list[str]] = [[]]
    for line in done.stdout.splitlines():
        line = re.sub(r"\s+(//|;).*$" if triple.startswith("aarch64") else r"\s+#.*$", "", line.strip())
        if line == text:
            pieces.append([])
        elif line and not line.startswith("."):
            pieces[-1].append(line)
    if done.returncode or "warning" in done.stderr or len(pieces) != len(codes) + 1:
        raise formats.Failed(f"llvm-mc does not understand relaxed code: {done.stderr.strip()[:500]}")
    return pieces[:-1]


def compare(product: typing.Any, triple: str, stencils: list[typing.Any], differ: typing.Callable[[str], None]) -> int:
    """Relaxes every different instruction with several values. -> how many have been compared"""
    if triple.startswith("i686"):
        return 0
    return (x86 if triple.startswith("x86_64") else a64)(product, triple, stencils, differ)


def x86(product: typing.Any, triple: str, stencils: list[typing.Any], differ: typing.Callable[[str], None]) -> int:
    before, after, values = [], [], []
    seen = set()
    for made in stencils:
        for k, hole in enumerate(made.holes):
            if hole.kind not in product.got:
                continue
            start = hole.offset - 3 if made.code[hole.offset - 2] != 0xff else hole.offset - 2
            if (instruction := made.code[start:hole.offset + 4]) in seen:
                continue
            seen.add(instruction)
            for value in NUMBERS + ELSEWHERE:
                numbers = [0] * len(made.holes)
                numbers[k] = value
                code, failed = product.patch(made, ADDRESS - start, numbers, [i != k for i in range(len(made.holes))])
                if failed[k]:
                    if value in NUMBERS and not refusable(made.code, hole.offset):
                        differ(f"{made.name}: {value:#x} is refused in {instruction.hex()}")
                    continue
                before.append(instruction)
                after.append(code[start:hole.offset + 4])
                values.append(value)
    for was, now, value in zip(disassemble(triple, before), disassemble(triple, after), values):
        if now != x86_expected(was[0], value):
            differ(f"relaxed with {value:#x}: `{was[0]}` has become `{'; '.join(now)}`, not `{'; '.join(x86_expected(was[0], value))}`")
    return len(after)


def refusable(code: bytes, at: int) -> bool:
    """An instruction that has no form with an immediate operand of 32 bits."""
    return code[at - 2] == 0xff or code[at - 2] & 0xc7 == 0x01 or code[at - 2] == 0x39


def x86_expected(was: str, value: int) -> list[str]:
    mnemonic, operands = was.split("\t", 1)
    if mnemonic in ("callq", "jmpq"):
        distance = value - ADDRESS - (6 if mnemonic == "callq" else 5)
        return ["addr32", f"callq\t{distance:#x}"] if mnemonic == "callq" else [f"jmp\t{distance:#x}", "nop"]
    other = re.sub(r"\(%rip\)(, )?|, \(%rip\)", "", operands)
    if -2**31 <= value < 2**31:
        return [f"{mnemonic}\t${value}, {other}"]
    return [f"leaq\t{value - ADDRESS - 7}(%rip), {other}"]


def a64(product: typing.Any, triple: str, stencils: list[typing.Any], differ: typing.Callable[[str], None]) -> int:
    before, after, values = [], [], []
    seen = set()
    for made in stencils:
        for k, hole in enumerate(made.holes):
            if hole.kind not in product.got:
                continue
            if (pair := made.code[hole.offset:hole.offset + 8]) in seen:
                continue
            seen.add(pair)
            for value in NUMBERS + ELSEWHERE:
                numbers = [0] * len(made.holes)
                numbers[k] = value
                code, failed = product.patch(made, ADDRESS - hole.offset, numbers, [i != k for i in range(len(made.holes))])
                if failed[k]:
                    if value in NUMBERS + ELSEWHERE[:2]:
                        differ(f"{made.name}: {value:#x} is refused in {pair.hex()}")
                    continue
                before.append(pair)
                after.append(code[hole.offset:hole.offset + 8])
                values.append(value)
    for was, now, value in zip(disassemble(triple, before), disassemble(triple, after), values):
        register = re.fullmatch(r"ldr\t(x\d+), \[\1\]", was[1])
        if not register or a64_registers(now) != {register[1]: value % 2**64}:
            differ(f"relaxed with {value:#x}: `{'; '.join(was)}` has become `{'; '.join(now)}`")
    return len(after)


def a64_registers(code: list[str]) -> dict[str, int]:
    """What these instructions leave in registers."""
    registers: dict[str, int] = {}
    for i, line in enumerate(code):
        mnemonic, _, operands = line.partition("\t")
        parts = [p.strip() for p in operands.split(",")]
        number = int(parts[-1].removeprefix("#"), 0) if operands and parts[-1].startswith("#") else 0
        if mnemonic == "mov":
            registers[parts[0]] = number % 2**64
        elif mnemonic == "movk":
            shift = int(parts[2].removeprefix("lsl #")) if len(parts) > 2 else 0
            registers[parts[0]] = registers[parts[0]] & ~(0xffff << shift) | int(parts[1].removeprefix("#"), 0) << shift
        elif mnemonic == "adrp":
            registers[parts[0]] = (ADDRESS + 4 * i & ~0xfff) + number
        elif mnemonic == "add" and parts[0] == parts[1]:
            registers[parts[0]] += number
        elif mnemonic != "nop":
            return {}
    return registers
