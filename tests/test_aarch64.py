"""aarch64 stencils: the optimizer of their assembly, the relocations of their object files, and arch_aarch64.c, which fills their holes."""

import ctypes
import os
import re
import shutil
import struct
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools", "stencils"))

import llvm  # noqa: E402
import targets  # noqa: E402
from optimizer_aarch64 import OptimizerAArch64, OptimizerAArch64COFF, OptimizerAArch64ELF, OptimizerAArch64MachO  # noqa: E402
from optimizers import Misunderstood  # noqa: E402
from targets import RawHole  # noqa: E402

ELF, MACH_O, COFF = "aarch64-unknown-linux-gnu", "aarch64-apple-darwin", "aarch64-pc-windows-msvc"


def have_llvm() -> bool:
    try:
        llvm.find()
        return True
    except llvm.NotFound:
        return False


needs_llvm = pytest.mark.skipif(not have_llvm(), reason=f"LLVM {llvm.OLDEST} or newer is not installed")


# ---- the optimizer, on text ----

def optimize(text: str, name: str = "f", optimizer: OptimizerAArch64 | None = None) -> list[str]:
    """The instructions that a function becomes; labels numbered as they appear."""
    optimizer = optimizer or OptimizerAArch64ELF()
    body = "\n".join(line.strip() if line.strip().endswith(":") else "\t" + line.strip().replace(" ", "\t", 1) for line in text.strip().splitlines())
    out = optimizer.optimize(f"before:\n{name}:\n{body}\n{optimizer.local}func_end0:\nafter:\n", {name}).splitlines()
    assert out[:2] == ["before:", f"{name}:"] and out[-3:] == ["\tudf\t#0", f"{optimizer.local}func_end0:", "after:"]
    lines = [" ".join(line.split()) for line in out[2:-3]]
    names = {label: f"L{i}" for i, label in enumerate(line[:-1] for line in lines if line.endswith(":"))}
    return [re.sub(r"\.?L\w+", lambda m: names[m[0]], line) for line in lines]


def test_final_jump_is_dropped():
    assert optimize("fadd d0, d0, d1\nb _CONTINUE // comment") == ["fadd d0, d0, d1"]


def test_jump_to_next_is_removed():
    assert optimize("cmp x0, x1\nb .L1\n.L1:\nret") == ["cmp x0, x1", "ldr x30, [sp], #16", "ret"]


def test_unreachable_code_is_removed():
    assert optimize("b _EXIT\nmov x0, x1\n.L1:\nb .L1") == ["b _EXIT"]


def test_jumps_are_threaded():
    assert optimize("cbz x0, .L1\nb _CONTINUE\n.L1:\nb .L2\n.L2:\nb _EXIT") == ["cbz x0, _EXIT"]


@pytest.mark.parametrize("jump, inverse", [
    ("b.eq", "b.ne"), ("b.hs", "b.lo"), ("b.cs", "b.cc"), ("b.mi", "b.pl"), ("b.vs", "b.vc"), ("b.hi", "b.ls"), ("b.ge", "b.lt"), ("b.gt", "b.le"),
    ("cbz x24,", "cbnz x24,"), ("cbz w3,", "cbnz w3,")])
def test_hot_path_falls_through(jump, inverse):
    for a, b in (jump, inverse), (inverse, jump):
        assert optimize(f"{a} .L1\nb _EXIT\n.L1:\nb _CONTINUE") == [f"{b} _EXIT"]
        assert optimize(f"{a} .L1\nb _CONTINUE\n.L1:\nb _EXIT") == [f"{a} _EXIT"]


@pytest.mark.parametrize("jump, inverse", [("tbz w8, #5,", "tbnz w8, #5,"), ("tbz x8, #40,", "tbnz x8, #40,")])
def test_bits_are_tested_within_the_stencil(jump, inverse):
    """tbz reaches 32 KB only: an exit may be farther."""
    for a, b in (jump, inverse), (inverse, jump):
        assert optimize(f"{a} .L1\nb _EXIT\n.L1:\nmov x24, x8\nb _CONTINUE") == [f"{a} #8", "b _EXIT", "mov x24, x8"]
        assert optimize(f"{a} .L1\nmov x24, x8\n.L1:\nb _CONTINUE") == [f"{a} L0", "mov x24, x8", "L0:"]


def test_sign_is_compared_where_that_reaches_farther():
    assert optimize("tbnz x8, #63, .L1\nb _CONTINUE\n.L1:\nb _EXIT") == ["cmp x8, #0", "b.lt _EXIT"]
    assert optimize("tbnz w0, #31, .L1\nb _CONTINUE\n.L1:\nb _EXIT") == ["cmp w0, #0", "b.lt _EXIT"]
    assert optimize("tbz x8, #63, .L1\nb _CONTINUE\n.L1:\nb _EXIT") == ["cmp x8, #0", "b.ge _EXIT"]
    assert optimize("tbnz w8, #31, .L1\nadd x1, x1, #1\n.L1:\nb _CONTINUE") == ["tbnz w8, #31, L0", "add x1, x1, #1", "L0:"]      # not an exit
    assert optimize("tbnz x8, #31, .L1\nb _CONTINUE\n.L1:\nb _EXIT") == ["tbz x8, #31, #8", "b _EXIT"]                              # not the sign


def test_sign_is_not_compared_while_flags_are_in_use():
    kept = optimize("cmp x1, x2\ntbnz x8, #63, .L1\ncset x24, eq\nb _CONTINUE\n.L1:\nb _EXIT")
    assert kept == ["cmp x1, x2", "tbz x8, #63, #8", "b _EXIT", "cset x24, eq"]
    kept = optimize("cmp x1, x2\ntbnz x8, #63, .L1\nmov x3, x4\nb.eq .L1\nb _CONTINUE\n.L1:\nb _EXIT")
    assert "cmp x8, #0" not in kept
    lost = optimize("cmp x1, x2\ntbnz x8, #63, .L1\nsubs x3, x3, #1\nb.eq .L1\nb _CONTINUE\n.L1:\nb _EXIT")
    assert lost == ["cmp x1, x2", "cmp x8, #0", "b.lt _EXIT", "subs x3, x3, #1", "b.eq _EXIT"]


def test_mach_o_has_no_relocation_for_conditional_jumps():
    optimizer = OptimizerAArch64MachO("_", "L", "__IMM@GOTPAGE")
    assert optimize("cbz x0, L1\nb __CONTINUE\nL1:\nb __EXIT", optimizer=optimizer) == ["cbnz x0, #8", "b __EXIT"]
    assert optimize("cmp x0, x1\nb.lt L1\nmov x1, x0\nb __CONTINUE\nL1:\nb __EXIT", optimizer=optimizer) == [
        "cmp x0, x1", "b.ge #8", "b __EXIT", "mov x1, x0"]
    assert optimize("cbz x0, L1\nmov x1, x0\nL1:\nb __CONTINUE ; comment", optimizer=optimizer) == ["cbz x0, L0", "mov x1, x0", "L0:"]


@pytest.mark.parametrize("push, pop", [("str x30, [sp, #-16]!", "ldr x30, [sp], #16"),
                                       ("stp x29, x30, [sp, #-16]!\nmov x29, sp", "ldp x29, x30, [sp], #16")])
def test_frames_around_calls_are_dropped(push, pop):
    assert optimize(f"{push}\nmov x0, x21\nbl h\ncbz x0, .L2\n{pop}\nb _CONTINUE\n.L2:\n{pop}\nb _EXIT") == ["mov x0, x21", "bl h", "cbz x0, _EXIT"]


@pytest.mark.parametrize("line", ["sub sp, sp, #32", "str x19, [sp, #8]", "add x8, sp, #16", "mov x8, x30", "mov x29, x0", "ldr w30, [x1]"])
def test_other_use_of_the_stack_is_refused(line):
    with pytest.raises(Misunderstood, match="stack"):
        optimize(f"{line}\nb _CONTINUE")


def test_shim_leaves_its_return_address_at_the_stack_pointer():
    shim = optimize("stp x20, x19, [sp, #-16]!\nmov x20, x0\nblr x1\nldp x20, x19, [sp], #16\nret", "EMIT_SHIM__0")
    assert shim == ["stp x20, x19, [sp, #-16]!", "mov x20, x0", "bl L0", "b L1", "L0:", "str x30, [sp, #-16]!", "br x1", "L1:",
                    "ldp x20, x19, [sp], #16", "ret"]
    assert optimize("str x21, [x20, #8]\nret") == ["str x21, [x20, #8]", "ldr x30, [sp], #16", "ret"]


def test_what_a_comparison_proves_is_not_copied():
    assert optimize("cmp x24, x21\nb.ne .L1\nmov x21, x24\nb _CONTINUE\n.L1:\nb _EXIT") == ["cmp x24, x21", "b.ne _EXIT"]
    assert optimize("cbz x24, .L1\nb _CONTINUE\n.L1:\nmov x24, xzr\nb _EXIT") == ["cbz x24, _EXIT"]
    assert optimize("cmp x24, x21\nb.lt .L1\nmov x21, x24\nb _CONTINUE\n.L1:\nb _EXIT") == ["cmp x24, x21", "b.lt _EXIT", "mov x21, x24"]
    assert optimize("cmp w24, w21\nb.ne .L1\nmov x21, x24\nb _CONTINUE\n.L1:\nb _EXIT") == ["cmp w24, w21", "b.ne _EXIT", "mov x21, x24"]


NUMBERS = {"elf": ("adrp x8, :got:_IMM", "ldr x8, [x8, :got_lo12:_IMM]", OptimizerAArch64ELF()),
           "coff": ("adrp x8, __imp__IMM", "ldr x8, [x8, :lo12:__imp__IMM]", OptimizerAArch64COFF(number="__imp__IMM")),
           "mach-o": ("adrp x8, __IMM@GOTPAGE", "ldr x8, [x8, __IMM@GOTPAGEOFF]", OptimizerAArch64MachO("_", "L", "__IMM@GOTPAGE"))}


@pytest.mark.parametrize("format_", NUMBERS)
def test_a_number_is_loaded_by_two_instructions_side_by_side(format_):
    page, load, optimizer = NUMBERS[format_]
    rest = f"add x24, x24, x8\nb {optimizer.next}"
    assert optimize(f"{page}\nldr x9, [x20]\n{load}\n{rest}", optimizer=optimizer) == ["ldr x9, [x20]", page, load, "add x24, x24, x8"]
    for broken in (f"{page}\nadd x1, x8, #1\n{load}\n{rest}", f"{page}\ncbz x0, {optimizer.local}1\n{load}\n{optimizer.local}1:\n{rest}",
                   f"{page}\nbl h\n{load}\n{rest}", f"{page}\n{load.replace('x8, [', 'x7, [')}\n{rest}", f"{load}\n{rest}"):
        with pytest.raises(Misunderstood, match="number"):
            optimize(broken, optimizer=optimizer)


def test_words_are_loaded_without_their_address():
    assert optimize("adrp x8, _WORD\nmov x0, x21\nldr x8, [x8, :lo12:_WORD]\nblr x8\nb _CONTINUE") == ["mov x0, x21", "ldr x8, _WORD", "blr x8"]
    assert optimize("adrp x8, _WORD\nldr d8, [x8, :lo12:_WORD]\nfadd d0, d0, d8\nb _CONTINUE") == ["ldr d8, _WORD", "fadd d0, d0, d8"]
    kept = ["adrp x8, _WORD", "add x8, x8, :lo12:_WORD", "ldr x9, [x8]"]
    assert optimize("\n".join([*kept, "b _CONTINUE"])) == kept


def test_function_that_runs_out_is_refused():
    with pytest.raises(Misunderstood, match="runs out"):
        optimize("mov x0, x1")


# ---- relocations, in small object files ----

def read(folder, triple: str, text: str) -> dict[str, list[RawHole]]:
    tools = llvm.find()
    (folder / "a.s").write_text(text)
    subprocess.run([tools.clang, f"--target={triple}", "-c", "-o", folder / "a.o", folder / "a.s"], check=True)
    functions = targets.TARGETS[triple]._functions(tools, str(folder / "a.o"))
    return {name: list(targets.join_pairs(holes)) for name, (_, _, holes) in functions.items()}


def elf(lines: str, extra: str = "") -> str:
    return f".text\n.globl f\n.type f,@function\nf:\n{lines}\nudf #0\n{extra}"


def coff(lines: str, extra: str = "") -> str:
    return f".def f\n.scl 2\n.type 32\n.endef\n.globl f\nf:\n{lines}\nudf #0\n{extra}"


def mach_o(lines: str, extra: str = "") -> str:
    return f".globl _f\n_f:\n{lines}\nudf #0\n{extra}\n.subsections_via_symbols\n"


LO12 = ["add x0, x0, {}", "ldrb w0, [x0, {}]", "ldrh w0, [x0, {}]", "ldr w0, [x0, {}]", "str x0, [x0, {}]", "ldr d0, [x0, {}]", "ldr q0, [x0, {}]"]


@needs_llvm
@pytest.mark.parametrize("line, kind", [
    ("b _TARGET", "A64_BRANCH26"), ("bl h", "A64_BRANCH26"), ("b.eq _EXIT", "A64_BRANCH19"), ("cbz x0, _EXIT", "A64_BRANCH19"),
    ("ldr x0, _WORD", "A64_BRANCH19"), ("tbz x0, #3, _EXIT", "A64_BRANCH14"), ("adrp x0, _WORD", "A64_PAGE21"),
    *((line.format(":lo12:_WORD"), "A64_LO12") for line in LO12), ("adrp x0, :got:_IMM\nldr x0, [x0, :got_lo12:_IMM]", "A64_GOT")])
def test_elf_relocations(tmp_path, line, kind):
    symbol = re.findall(r"\w+", line)[-1]
    assert read(tmp_path, ELF, elf(f"nop\n{line}")) == {"f": [RawHole(4, kind, symbol, b"", 0)]}


@needs_llvm
@pytest.mark.parametrize("line, kind", [
    ("b _TARGET", "A64_BRANCH26"), ("bl h", "A64_BRANCH26"), ("b.eq _EXIT", "A64_BRANCH19"), ("cbz x0, _EXIT", "A64_BRANCH19"),
    ("tbz x0, #3, _EXIT", "A64_BRANCH14"), ("adrp x0, _WORD", "A64_PAGE21"), *((line.format(":lo12:_WORD"), "A64_LO12") for line in LO12),
    ("adrp x0, __imp__IMM\nldr x0, [x0, :lo12:__imp__IMM]", "A64_GOT")])
def test_coff_relocations(tmp_path, line, kind):
    symbol = re.findall(r"\w+", line)[-1].removeprefix("__imp_")
    assert read(tmp_path, COFF, coff(f"nop\n{line}")) == {"f": [RawHole(4, kind, symbol, b"", 0)]}


@needs_llvm
@pytest.mark.parametrize("line, kind", [
    ("b __TARGET", "A64_BRANCH26"), ("bl _h", "A64_BRANCH26"), ("adrp x0, __WORD@PAGE", "A64_PAGE21"),
    *((line.format("__WORD@PAGEOFF"), "A64_LO12") for line in LO12), ("adrp x0, __IMM@GOTPAGE\nldr x0, [x0, __IMM@GOTPAGEOFF]", "A64_GOT")])
def test_mach_o_relocations(tmp_path, line, kind):
    symbol = re.findall(r"_\w+", line)[-1]
    assert read(tmp_path, MACH_O, mach_o(f"nop\n{line}")) == {"_f": [RawHole(4, kind, symbol, b"", 0)]}


WORD = struct.pack("<Q", 0x1122334455667788)


@needs_llvm
@pytest.mark.parametrize("triple, text", [
    (ELF, elf("adrp x8, .LB\nldr d0, [x8, :lo12:.LB]", '.section .rodata.cst8,"aM",@progbits,8\n.p2align 3\n.xword 1\n.LB: .xword 0x1122334455667788')),
    (MACH_O, mach_o("adrp x8, lB@PAGE\nldr d0, [x8, lB@PAGEOFF]", ".literal8\n.p2align 3\n.quad 1\nlB: .quad 0x1122334455667788")),
    (COFF, coff("adrp x8, \"__real@1122334455667788\"\nldr d0, [x8, :lo12:\"__real@1122334455667788\"]",
                '.section .rdata,"dr",discard,\"__real@1122334455667788\"\n.globl \"__real@1122334455667788\"\n.p2align 3\n'
                '"__real@1122334455667788": .xword 0x1122334455667788'))])
def test_constants(tmp_path, triple, text):
    holes, = read(tmp_path, triple, text).values()
    assert holes == [RawHole(0, "A64_PAGE21", "", WORD, 0), RawHole(4, "A64_LO12", "", WORD, 0)]


@needs_llvm
def test_part_of_a_constant_is_refused(tmp_path):
    with pytest.raises(targets.Failed, match="beginning of one constant"):
        read(tmp_path, ELF, elf("adrp x8, .LB+4", '.section .rodata.cst8,"aM",@progbits,8\n.LB: .xword 1, 2'))
    with pytest.raises(targets.Failed, match="addend"):
        read(tmp_path, COFF, coff("adrp x8, _WORD+8"))


@needs_llvm
@pytest.mark.parametrize("triple, text, name", [
    (ELF, elf("movz x0, #:abs_g0:_IMM"), "R_AARCH64_MOVW_UABS_G0"), (ELF, elf("adr x0, _WORD"), "R_AARCH64_ADR_PREL_LO21"),
    (ELF, elf(".xword h"), "R_AARCH64_ABS64"), (ELF, elf("adrp x0, :tlsdesc:h"), "R_AARCH64_TLSDESC_ADR_PAGE21"),
    (COFF, coff("adr x0, _WORD"), "IMAGE_REL_ARM64_REL21"), (COFF, coff(".secrel32 h"), "IMAGE_REL_ARM64_SECREL"),
    (COFF, coff(".xword h"), "IMAGE_REL_ARM64_ADDR64"),
    (MACH_O, mach_o("adrp x0, __WORD@PAGE+8"), "ARM64_RELOC_ADDEND"), (MACH_O, mach_o(".quad _h"), "ARM64_RELOC_UNSIGNED"),
    (MACH_O, mach_o("adrp x0, __WORD@TLVPPAGE"), "ARM64_RELOC_TLVP_LOAD_PAGE21")])
def test_unknown_relocations_are_refused_by_name(tmp_path, triple, text, name):
    with pytest.raises(targets.Failed, match=name):
        read(tmp_path, triple, text)


@needs_llvm
@pytest.mark.parametrize("lines", ["adrp x0, :got:_IMM\nnop\nldr x0, [x0, :got_lo12:_IMM]", "ldr x0, [x0, :got_lo12:_IMM]", "adrp x0, :got:_IMM",
                                   "adrp x0, :got:_IMM\nldr x0, [x0, :got_lo12:other]"])
def test_half_a_load_from_the_got_is_refused(tmp_path, lines):
    with pytest.raises(targets.Failed, match="right behind its page"):
        read(tmp_path, ELF, elf(lines))


# ---- patching ----

@pytest.fixture(scope="module")
def arch(tmp_path_factory):
    """arch_aarch64.c as a library of this machine, and the numbers of hole kinds."""
    if not shutil.which("gcc"):
        pytest.skip("no gcc")
    folder = tmp_path_factory.mktemp("arch")
    path = os.path.join(ROOT, "src", "emit")
    subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", folder / "arch.so", os.path.join(path, "arch_aarch64.c")], check=True)
    library = ctypes.CDLL(str(folder / "arch.so"))
    library.arch_patch.argtypes = [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int, ctypes.c_int64]
    library.arch_trampoline.argtypes = [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint64]
    library.arch_reaches.argtypes = [ctypes.c_uint64, ctypes.c_uint64]
    names = re.search(r"PATCH_A64_BRANCH26 = (\d+)", text := open(os.path.join(path, "hole.h")).read())
    kinds = re.findall(r"^ {4}PATCH_(A64_\w+)", text, re.M)
    library.kinds = {name: int(names[1]) + i for i, name in enumerate(kinds)}
    return library


AT = 0x7f0012345678
FAR = AT + (1 << 40)


def assemble(folder, *lines: str) -> bytes:
    """Instructions as an assembler writes them; `.` is at AT."""
    tools = llvm.find()
    (folder / "a.s").write_text("\n".join(lines) + "\n")
    subprocess.run([tools.clang, f"--target={ELF}", "-c", "-o", folder / "a.o", folder / "a.s"], check=True)
    dump = subprocess.run([tools.readobj, "--hex-dump=.text", folder / "a.o"], capture_output=True, text=True, check=True).stdout
    words = [w for line in dump.splitlines() if line.startswith("0x") for w in line.split()[1:5] if re.fullmatch("[0-9a-f]{8}", w)]
    return bytes.fromhex("".join(words))[:4 * len(lines)]


def patch(arch, code: bytes, kind: str, value: int) -> bytes | None:
    buffer = ctypes.create_string_buffer(code, len(code))
    failed = arch.arch_patch(buffer, AT, arch.kinds[kind], value)
    assert failed in (0, -1) and (not failed or buffer.raw == code)
    return None if failed else buffer.raw


@needs_llvm
@pytest.mark.parametrize("kind, before, value, after", [
    ("A64_BRANCH26", "b .+4", AT + 0x7fffffc, "b .+0x7fffffc"), ("A64_BRANCH26", "bl .", AT - 0x8000000, "bl .-0x8000000"),
    ("A64_BRANCH26", "b .", AT + 0x8000000, None), ("A64_BRANCH26", "b .", AT - 0x8000004, None), ("A64_BRANCH26", "b .", AT + 2, None),
    ("A64_BRANCH19", "b.lt .-8", AT + 0xffffc, "b.lt .+0xffffc"), ("A64_BRANCH19", "cbnz x21, .", AT - 0x100000, "cbnz x21, .-0x100000"),
    ("A64_BRANCH19", "ldr d9, .", AT + 64, "ldr d9, .+64"), ("A64_BRANCH19", "b.eq .", AT + 0x100000, None), ("A64_BRANCH19", "b.eq .", FAR, None),
    ("A64_BRANCH14", "tbz x3, #40, .", AT + 0x7ffc, "tbz x3, #40, .+0x7ffc"), ("A64_BRANCH14", "tbnz w3, #4, .+8", AT - 0x8000, "tbnz w3, #4, .-0x8000"),
    ("A64_BRANCH14", "tbz x3, #40, .", AT + 0x8000, None),
    ("A64_LO12", "add x1, x2, #5", 0x12345fff, "add x1, x2, #0xfff"), ("A64_LO12", "ldrb w1, [x2]", 0x12345fff, "ldrb w1, [x2, #0xfff]"),
    ("A64_LO12", "ldrh w1, [x2]", 0x12345ffe, "ldrh w1, [x2, #0xffe]"), ("A64_LO12", "ldrh w1, [x2]", 0x12345fff, None),
    ("A64_LO12", "ldr w1, [x2]", 0x12345ffc, "ldr w1, [x2, #0xffc]"), ("A64_LO12", "str x1, [x2, #8]", 0x12345ff8, "str x1, [x2, #0xff8]"),
    ("A64_LO12", "ldr x1, [x2]", 0x12345ffc, None), ("A64_LO12", "ldr d1, [x2]", 0x12345ff8, "ldr d1, [x2, #0xff8]"),
    ("A64_LO12", "ldr s1, [x2]", 0x12345ff4, "ldr s1, [x2, #0xff4]"), ("A64_LO12", "ldr q1, [x2]", 0x12345ff0, "ldr q1, [x2, #0xff0]"),
    ("A64_LO12", "str q1, [x2]", 0x12345ff0, "str q1, [x2, #0xff0]"), ("A64_LO12", "ldr q1, [x2]", 0x12345ff8, None),
    ("A64_LO12", "ldr b1, [x2]", 0x12345ff7, "ldr b1, [x2, #0xff7]"), ("A64_LO12", "ldrsw x1, [x2]", 0x12345ff4, "ldrsw x1, [x2, #0xff4]"),
])
def test_patching(arch, tmp_path, kind, before, value, after):
    assert patch(arch, assemble(tmp_path, before), kind, value) == (after and assemble(tmp_path, after))


def decode_adrp(code: bytes, at: int) -> int:
    insn, = struct.unpack("<I", code[:4])
    assert insn & 0x9f000000 == 0x90000000
    pages = (insn >> 29 & 3) | (insn >> 5 & 0x7ffff) << 2
    return (at & ~0xfff) + ((pages ^ 1 << 20) - (1 << 20) << 12)


@needs_llvm
def test_pages(arch, tmp_path):
    code = assemble(tmp_path, "adrp x7, .")
    page = AT & ~0xfff
    for value in AT, AT + 0x1000, AT - 0x1000, page - 1, page + (1 << 32) - 1, page - (1 << 32):
        patched = patch(arch, code, "A64_PAGE21", value)
        assert decode_adrp(patched, AT) == value & ~0xfff and patched[0] & 31 == 7, hex(value)
    for value in page + (1 << 32), page - (1 << 32) - 1, FAR:
        assert patch(arch, code, "A64_PAGE21", value) is None


NUMBERS_IN_CODE = [
    (0, ["movz x9, #0", "nop"]), (1, ["movz x9, #1", "nop"]), (0xffff, ["movz x9, #0xffff", "nop"]),
    (0x10000, ["movz x9, #0", "movk x9, #1, lsl #16"]), (0x12345678, ["movz x9, #0x5678", "movk x9, #0x1234, lsl #16"]),
    (2**31 - 1, ["movz x9, #0xffff", "movk x9, #0x7fff, lsl #16"]), (-1, ["movn x9, #0", "nop"]), (-2, ["movn x9, #1", "nop"]),
    (-0x10000, ["movn x9, #0xffff", "nop"]), (-0x10001, ["movn x9, #0", "movk x9, #0xfffe, lsl #16"]),
    (-2**31, ["movn x9, #0xffff", "movk x9, #0x8000, lsl #16"])]


@needs_llvm
@pytest.mark.parametrize("number, after", NUMBERS_IN_CODE)
def test_numbers_need_no_got(arch, tmp_path, number, after):
    code = assemble(tmp_path, "adrp x9, .", "ldr x9, [x9]")
    assert patch(arch, code, "A64_GOT", number) == assemble(tmp_path, *after)


@needs_llvm
def test_addresses_and_what_does_not_fit(arch, tmp_path):
    code = assemble(tmp_path, "adrp x9, .", "ldr x9, [x9]")
    near = patch(arch, code, "A64_GOT", AT + 0x12345)
    assert decode_adrp(near, AT) == (AT + 0x12345) & ~0xfff and near[4:] == assemble(tmp_path, f"add x9, x9, #{(AT + 0x12345) & 0xfff}")
    assert patch(arch, code, "A64_GOT", FAR) is None
    assert arch.arch_word_kind(arch.kinds["A64_GOT"]) == arch.kinds["A64_LOAD"]
    word = patch(arch, code, "A64_LOAD", AT - 0x12340)
    assert decode_adrp(word, AT) == (AT - 0x12340) & ~0xfff and word[4:] == assemble(tmp_path, f"ldr x9, [x9, #{(AT - 0x12340) & 0xfff}]")
    assert patch(arch, code, "A64_LOAD", FAR) is None and patch(arch, code, "A64_LOAD", AT + 4) is None
    for other in ("adrp x9, .", "ldr x8, [x9]"), ("adrp x9, .", "ldr w9, [x9]"), ("adr x9, .", "ldr x9, [x9]"):
        assert patch(arch, assemble(tmp_path, *other), "A64_GOT", 1) is None


@needs_llvm
def test_trampoline(arch, tmp_path):
    buffer = ctypes.create_string_buffer(16)
    arch.arch_trampoline(buffer, AT, 0x1122334455667788)
    assert buffer.raw == assemble(tmp_path, "ldr x16, .+8", "br x16") + struct.pack("<Q", 0x1122334455667788)
    assert arch.arch_reaches(AT, AT + 0x7fffffc) and arch.arch_reaches(AT, AT - 0x8000000)
    assert not arch.arch_reaches(AT, AT + 0x8000000) and not arch.arch_reaches(AT, AT - 0x8000004) and not arch.arch_reaches(AT, FAR)


@needs_llvm
def test_function_that_returns_a_number(arch, tmp_path):
    buffer = ctypes.create_string_buffer(16)
    assert arch.arch_return(buffer, 255) == 8
    assert buffer.raw[:8] == assemble(tmp_path, "mov w0, #255", "ret")


def test_other_machines_kinds_are_refused(arch):
    assert arch.arch_patch(ctypes.create_string_buffer(16), AT, 0, 1) == -1


# ---- the stencils ----

@needs_llvm
@pytest.mark.parametrize("triple, exits", [(ELF, {"A64_BRANCH19", "A64_BRANCH26"}), (COFF, {"A64_BRANCH19", "A64_BRANCH26"}), (MACH_O, {"A64_BRANCH26"})])
def test_no_stencil_moves_the_stack_pointer_or_jumps_to_the_next(tmp_path, triple, exits):
    command = [sys.executable, os.path.join(ROOT, "tools", "stencils", "build.py"), "-o", str(tmp_path), triple]
    subprocess.run(command, check=True)
    text = (tmp_path / f"stencils-{triple}.h").read_text()
    assert "HOLE_CONTINUE" not in text
    tables = re.split(r"^/\* ", text, flags=re.M)[2:]
    with_stack = {t.split()[0] for t in tables if re.search(r"// .*\b(sp|x30|x29)\b", t)}
    assert with_stack == {"EMIT_EXIT_COMMON", "EMIT_SHIM"}
    assert set(re.findall(r"PATCH_(A64_\w+), HOLE_EXIT", text)) == exits       # nothing that reaches 32 KB only
    frame = re.search(r"ShimFrame shim_frame = \{(\d+), 31, 30, (\d+), \{(.*)\}\};", text)
    saved = {int(n): int(at) for n, at in re.findall(r"\{(\d+), (-\d+)\}", frame[3])}
    assert set(saved) == {*range(19, 29), 30, *range(72, 80)}                   # all that C expects saved
    assert len(set(saved.values())) == len(saved) and all(-int(frame[1]) + 16 <= at < 0 for at in saved.values())


@needs_llvm
def test_what_the_optimizer_saves_is_measured():
    command = [sys.executable, os.path.join(ROOT, "tools", "stencils", "measure.py"), "i686-pc-windows-msvc"]
    row = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    bytes_before, bytes_after, _, jumps_before, jumps_after = (cell.strip().replace(",", "") for cell in row.split("|")[2:7])
    assert 0.5 < int(bytes_after) / int(bytes_before) < 0.97 and 0.2 < int(jumps_after) / int(jumps_before) < 0.8, row
