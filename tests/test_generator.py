"""tools/stencils: what becomes of each relocation that clang writes, on small object files assembled from text; the headers made."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools" / "stencils"
sys.path.insert(0, str(TOOLS))

import build as generator  # noqa: E402
import llvm  # noqa: E402
import schema  # noqa: E402
import targets  # noqa: E402
from targets import TARGETS, RawHole  # noqa: E402

try:
    tools = llvm.find()
except llvm.NotFound as error:
    pytestmark = pytest.mark.skip(reason=str(error))

LINUX, MACOS, WINDOWS, WINDOWS32 = "x86_64-unknown-linux-gnu", "x86_64-apple-darwin", "x86_64-pc-windows-msvc", "i686-pc-windows-msvc"


def read(triple: str, assembly: str, folder: Path) -> targets.Code:
    """The code section that this assembly becomes."""
    (folder / "x.s").write_text(assembly)
    subprocess.run([tools.clang, f"--target={triple}", "-c", "-o", folder / "x.o", folder / "x.s"], check=True)
    return TARGETS[triple].read(schema.load(targets.run(tools.readobj, *schema.OPTIONS, str(folder / "x.o"))))


CONSTANTS = {
    LINUX: '.section .rodata.cst8,"aM",@progbits,8\n.Lone: .quad 1\n.Ltwo: .quad 2\n.section .rodata.cst16,"aM",@progbits,16\n.Lmask: .quad 3\n.quad 4\n'
           '.section .rodata,"a"\n.Ltable: .quad 5\n',
    MACOS: ".section __TEXT,__literal8,8byte_literals\nLone: .quad 1\nLtwo: .quad 2\n.section __TEXT,__literal16,16byte_literals\nLmask: .quad 3\n.quad 4\n"
           ".section __TEXT,__const\nLtable: .quad 5\n",
    WINDOWS: '.section .rdata,"dr",discard,__real@1\n.globl __real@1\n__real@1: .quad 1\n.section .rdata,"dr",discard,__xmm@3\n.globl __xmm@3\n__xmm@3: .quad 3\n.quad 4\n',
}
CONSTANTS[WINDOWS32] = CONSTANTS[WINDOWS]
ONE, TWO, MASK = (b"".join(v.to_bytes(8, "little") for v in values) for values in ((1,), (2,), (3, 4)))

# instruction -> (offset, kind, symbol, data, addend) of its hole
HANDLED = [
    (LINUX, "movq $_IMM, %rax", (3, "ABS32S", "_IMM", b"", 0)),
    (LINUX, "movq $_IMM-8, %rax", (3, "ABS32S", "_IMM", b"", -8)),
    (LINUX, "movq _IMM(%r12), %r13", (4, "ABS32S", "_IMM", b"", 0)),
    (LINUX, "movl $_IMM, %eax", (1, "ABS32", "_IMM", b"", 0)),
    (LINUX, "movabsq $_IMM, %rax", (2, "ABS64", "_IMM", b"", 0)),
    (LINUX, "movq _WORD(%rip), %rax", (3, "REL32", "_WORD", b"", -4)),
    (LINUX, "movq _WORD+8(%rip), %rax", (3, "REL32", "_WORD", b"", 4)),
    (LINUX, "cmpl $1000, _WORD(%rip)", (2, "REL32", "_WORD", b"", -8)),
    (LINUX, "cmpb $1, _WORD(%rip)", (2, "REL32", "_WORD", b"", -5)),
    (LINUX, "callq h_new_int", (1, "REL32", "h_new_int", b"", -4)),
    (LINUX, "jmp _EXIT", (1, "REL32", "_EXIT", b"", -4)),
    (LINUX, "jne _EXIT", (2, "REL32", "_EXIT", b"", -4)),
    (LINUX, "movq _IMM@GOTPCREL(%rip), %rax", (3, "X86_GOT", "_IMM", b"", -4)),
    (LINUX, "addq _IMM@GOTPCREL(%rip), %r13", (3, "X86_GOT", "_IMM", b"", -4)),
    (LINUX, "movl _IMM@GOTPCREL(%rip), %eax", (2, "X86_GOT", "_IMM", b"", -4)),
    (LINUX, "pushq _IMM@GOTPCREL(%rip)", (2, "X86_GOT", "_IMM", b"", -4)),
    (LINUX, "callq *h_new_int@GOTPCREL(%rip)", (2, "X86_GOT", "h_new_int", b"", -4)),
    (LINUX, "addsd .Lone(%rip), %xmm0", (4, "REL32", "", ONE, -4)),
    (LINUX, "addsd .Ltwo(%rip), %xmm0", (4, "REL32", "", TWO, -4)),
    (LINUX, "xorps .Lmask(%rip), %xmm0", (3, "REL32", "", MASK, -4)),
    (MACOS, "movabsq $__IMM, %rax", (2, "ABS64", "__IMM", b"", 0)),
    (MACOS, "movq __WORD(%rip), %rax", (3, "REL32", "__WORD", b"", -4)),
    (MACOS, "movq __WORD+8(%rip), %rax", (3, "REL32", "__WORD", b"", 4)),
    (MACOS, "cmpb $1, __WORD(%rip)", (2, "REL32", "__WORD", b"", -5)),
    (MACOS, "cmpw $1000, __WORD(%rip)", (3, "REL32", "__WORD", b"", -6)),
    (MACOS, "cmpl $1000, __WORD(%rip)", (2, "REL32", "__WORD", b"", -8)),
    (MACOS, "callq _h_new_int", (1, "REL32", "_h_new_int", b"", -4)),
    (MACOS, "jmp __EXIT", (1, "REL32", "__EXIT", b"", -4)),
    (MACOS, "jne __EXIT", (2, "REL32", "__EXIT", b"", -4)),
    (MACOS, "movq __IMM@GOTPCREL(%rip), %rax", (3, "X86_GOT", "__IMM", b"", -4)),
    (MACOS, "addq __IMM@GOTPCREL(%rip), %r13", (3, "X86_GOT", "__IMM", b"", -4)),
    (MACOS, "callq *_h_new_int@GOTPCREL(%rip)", (2, "X86_GOT", "_h_new_int", b"", -4)),
    (MACOS, "addsd Lone(%rip), %xmm0", (4, "REL32", "", ONE, -4)),
    (MACOS, "addsd Ltwo(%rip), %xmm0", (4, "REL32", "", TWO, -4)),
    (MACOS, "cmpq $1000, Ltwo(%rip)", (3, "REL32", "", TWO, -8)),
    (MACOS, "xorps Lmask(%rip), %xmm0", (3, "REL32", "", MASK, -4)),
    (WINDOWS, "movabsq $_IMM, %rax", (2, "ABS64", "_IMM", b"", 0)),
    (WINDOWS, "movabsq $_IMM+5, %rax", (2, "ABS64", "_IMM", b"", 5)),
    (WINDOWS, "movq _WORD(%rip), %rax", (3, "REL32", "_WORD", b"", -4)),
    (WINDOWS, "movq _WORD+8(%rip), %rax", (3, "REL32", "_WORD", b"", 4)),
    (WINDOWS, "cmpb $1, _WORD(%rip)", (2, "REL32", "_WORD", b"", -5)),
    (WINDOWS, "cmpw $1000, _WORD(%rip)", (3, "REL32", "_WORD", b"", -6)),
    (WINDOWS, "cmpl $1000, _WORD(%rip)", (2, "REL32", "_WORD", b"", -8)),
    (WINDOWS, "callq h_new_int", (1, "REL32", "h_new_int", b"", -4)),
    (WINDOWS, "jne _EXIT", (2, "REL32", "_EXIT", b"", -4)),
    (WINDOWS, "movq __imp__IMM(%rip), %rax", (3, "X86_GOT", "_IMM", b"", -4)),
    (WINDOWS, "cmpq __imp__IMM(%rip), %r13", (3, "X86_GOT", "_IMM", b"", -4)),
    (WINDOWS, "callq *__imp_h_new_int(%rip)", (2, "X86_GOT", "h_new_int", b"", -4)),
    (WINDOWS, "addsd __real@1(%rip), %xmm0", (4, "REL32", "", ONE, -4)),
    (WINDOWS, "xorps __xmm@3(%rip), %xmm0", (3, "REL32", "", MASK, -4)),
    (WINDOWS32, "movl $__IMM, %eax", (1, "ABS32", "__IMM", b"", 0)),
    (WINDOWS32, "movl __IMM(%ecx), %eax", (2, "ABS32", "__IMM", b"", 0)),
    (WINDOWS32, "movl __WORD+4, %edx", (2, "ABS32", "__WORD", b"", 4)),
    (WINDOWS32, "calll _h_new_int", (1, "REL32", "_h_new_int", b"", -4)),
    (WINDOWS32, "jne __EXIT", (2, "REL32", "__EXIT", b"", -4)),
    (WINDOWS32, "addsd __real@1, %xmm0", (4, "ABS32", "", ONE, 0)),
    (WINDOWS32, "xorps __xmm@3, %xmm0", (3, "ABS32", "", MASK, 0)),
]

# instruction -> what the message names
REFUSED = [
    (LINUX, "movw $_IMM, %ax", "R_X86_64_16"),
    (LINUX, "movb $_IMM, %al", "R_X86_64_8"),
    (LINUX, "movabsq $_IMM@GOTOFF, %rax", "R_X86_64_GOTOFF64"),
    (LINUX, "movq _IMM@GOTTPOFF(%rip), %rax", "R_X86_64_GOTTPOFF"),
    (LINUX, "movl $_IMM@TPOFF, %eax", "R_X86_64_TPOFF32"),
    (LINUX, "leaq _GLOBAL_OFFSET_TABLE_(%rip), %rax", "R_X86_64_GOTPC32"),
    (LINUX, "cmpq $1000, .Lone(%rip)", "not to the beginning of one constant"),
    (LINUX, "addsd .Lone+4(%rip), %xmm0", "not to the beginning of one constant"),
    (LINUX, "addsd .Ltwo+8(%rip), %xmm0", "not to the beginning of one constant"),
    (MACOS, ".data\n_d: .quad 1\n.text\n_f: .quad _d-_f", "X86_64_RELOC_SUBTRACTOR"),
    (MACOS, "movq __IMM@TLVP(%rip), %rdi", "X86_64_RELOC_TLV"),
    (MACOS, "addsd Lone+4(%rip), %xmm0", "not to the beginning of one constant"),
    (MACOS, "movq Ltable(%rip), %rax", "not to the beginning of one constant"),
    (WINDOWS, "movl $_IMM, %eax", "IMAGE_REL_AMD64_ADDR32"),
    (WINDOWS, "movl $_IMM@IMGREL, %eax", "IMAGE_REL_AMD64_ADDR32NB"),
    (WINDOWS, "movabsq $__imp__IMM, %rax", "IMAGE_REL_AMD64_ADDR64"),
    (WINDOWS, ".secrel32 _IMM", "IMAGE_REL_AMD64_SECREL"),
    (WINDOWS, ".secidx _IMM", "IMAGE_REL_AMD64_SECTION"),
    (WINDOWS, "cmpq $1000, __real@1(%rip)", "not to the beginning of one constant"),        # or 4 bytes before it: cannot be told
    (WINDOWS, "addsd __real@1+4(%rip), %xmm0", "not to the beginning of one constant"),
    (WINDOWS32, "movl $_IMM@IMGREL, %eax", "IMAGE_REL_I386_DIR32NB"),
    (WINDOWS32, ".secrel32 _IMM", "IMAGE_REL_I386_SECREL"),
    (WINDOWS32, ".secidx _IMM", "IMAGE_REL_I386_SECTION"),
]


def assembly(triple: str, instruction: str) -> str:
    return f"{CONSTANTS[triple]}.text\nnop\nnop\n{instruction}\n"


@pytest.mark.parametrize("triple, instruction, hole", HANDLED)
def test_relocation(triple, instruction, hole, tmp_path):
    code = read(triple, assembly(triple, instruction), tmp_path)
    offset, *rest = hole
    assert code.holes == [RawHole(offset + 2, *rest)]
    size = 8 if hole[1] == "ABS64" else 4
    assert code.content[offset + 2:offset + 2 + size] == bytes(size)        # in-place addends are taken out


@pytest.mark.parametrize("triple, instruction, name", REFUSED)
def test_refused_relocation(triple, instruction, name, tmp_path):
    with pytest.raises(targets.Failed) as error:
        read(triple, assembly(triple, instruction), tmp_path)
    assert re.search(rf"\b{re.escape(name)}\b", str(error.value)), error.value


def test_every_relocation_of_the_tables_is_tested():
    """The tables of targets.py and HANDLED name the same hole kinds."""
    for triple in LINUX, MACOS, WINDOWS, WINDOWS32:
        tested = {hole[1] for t, _, hole in HANDLED if t == triple}
        assert tested == set(TARGETS[triple].kinds.values()) | ({"X86_GOT"} if triple == WINDOWS else set()), triple


@pytest.mark.parametrize("triple", [LINUX, MACOS, WINDOWS, WINDOWS32])
def test_functions(triple, tmp_path):
    """Where functions begin, and the holes of each, an empty one among them."""
    prefix = TARGETS[triple].prefix
    text = ".text\n"
    for name, body in ("a", f"jmp {prefix}_EXIT\n"), ("b", ""), ("c", "nop\n"):
        kind = {"unknown-linux-gnu": f".type {name}, @function\n", "apple-darwin": ""}.get(triple.split("-", 1)[1], f".def {prefix}{name}; .scl 2; .type 32; .endef\n")
        text += f".globl {prefix}{name}\n{kind}{prefix}{name}:\n{body}int3\n"
    code = read(triple, text, tmp_path)
    assert code.functions == [(0, prefix + "a"), (6, prefix + "b"), (7, prefix + "c")]
    functions = TARGETS[triple]._functions(tools, str(tmp_path / "x.o"))
    assert {name.removeprefix(prefix): (start, content) for name, (start, content, _) in functions.items()} == {
        "a": (0, b"\xe9\0\0\0\0"), "b": (6, b""), "c": (7, b"\x90")}
    assert [h.symbol.removeprefix(prefix) for h in functions[prefix + "a"][2]] == ["_EXIT"] and not functions[prefix + "c"][2]


# ---- the command ----

def run(*args, **env) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, TOOLS / "build.py", *args], capture_output=True, text=True, env={**os.environ, **env})


def sentence(result: subprocess.CompletedProcess) -> str:
    assert result.returncode == 1 and result.stderr.startswith("build.py: ") and result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def test_unknown_triple(tmp_path):
    result = run("-o", tmp_path, "vax-dec-ultrix")
    assert result.returncode == 2 and "vax-dec-ultrix" in result.stderr and all(triple in result.stderr for triple in TARGETS)


def test_pyconfig(tmp_path):
    text = sentence(run("-o", tmp_path, "-p", tmp_path))
    assert str(tmp_path / "pyconfig.h") in text and "cannot be read" in text
    for line, said in ("#define Py_GIL_DISABLED 1", "free-threaded"), ("#  define Py_TRACE_REFS 1", "Py_TRACE_REFS"):
        (tmp_path / "pyconfig.h").write_text(f"#define SIZEOF_LONG 8\n{line}\n")
        assert said in sentence(run("-o", tmp_path, "-p", tmp_path))
    (tmp_path / "pyconfig.h").write_text("/* #undef Py_GIL_DISABLED */\n")
    assert "pyconfig" not in run("-o", tmp_path, "-p", tmp_path, COPYPATCH_LLVM="/nowhere").stderr


def test_output_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in sentence(run("-o", tmp_path / "file"))


def test_this_machines_target_is_the_default(monkeypatch):
    for machine, platform, triple in [("x86_64", "linux", LINUX), ("aarch64", "linux", "aarch64-unknown-linux-gnu"), ("arm64", "darwin", "aarch64-apple-darwin"),
                                      ("x86_64", "darwin", MACOS), ("AMD64", "win32", WINDOWS), ("ARM64", "win32", "aarch64-pc-windows-msvc")]:
        monkeypatch.setattr(generator.platform, "machine", lambda machine=machine: machine)
        monkeypatch.setattr(generator.sys, "platform", platform)
        assert generator.this_machine() == triple


def preprocess(folder: Path, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run([tools.clang, "-E", "-P", *options, "-include", folder / "stencils.h", "-x", "c", "/dev/null"], capture_output=True, text=True)


def test_header_that_chooses(tmp_path):
    generator.write_choosing_header(str(tmp_path))
    cases = [(triple, layout) for triple in TARGETS for layout in generator.LAYOUTS]
    for triple, layout in cases:
        (tmp_path / generator.header_name(triple, layout)).write_text(f'"{triple} {layout}"\n')
    for triple, layout in cases:
        done = preprocess(tmp_path, f"--target={triple}", f"-DABI_LAYOUT={layout}")
        assert done.stdout.strip() == f'"{triple} {layout}"', done.stderr
    done = preprocess(tmp_path, "--target=riscv64-unknown-linux-gnu", "-DABI_LAYOUT=313")
    assert done.returncode and "copypatch has no stencils for this machine" in done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with the header of 32-bit Windows, the smallest."""
    folder = tmp_path_factory.mktemp("made")
    done = run("-v", "-o", folder, WINDOWS32)
    assert done.returncode == 0 and re.search(r"\d{4} stencils", done.stdout), done.stderr
    return folder


def test_carried_headers(made, tmp_path):
    """Those of a source distribution: taken as they are, without LLVM; refused when they are of other inputs."""
    assert run("--from", made, "-o", tmp_path / "out", WINDOWS32, COPYPATCH_LLVM="/nowhere").returncode == 0
    name = f"stencils-{WINDOWS32}.h"
    assert (tmp_path / "out" / name).read_text() == (made / name).read_text() and (tmp_path / "out" / "stencils.h").exists()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / name).write_text(re.sub(r"digest \w", "digest x", (made / name).read_text(), count=1))
    said = sentence(run("--from", tmp_path / "old", "-o", tmp_path / "new", WINDOWS32))
    assert f"{name} does not match its inputs" in said and "make regen-jit" in said and not (tmp_path / "new").exists()
    assert "is missing" in sentence(run("--from", tmp_path / "old", "-o", tmp_path / "new", LINUX))


def test_check_needs_no_llvm(made):
    assert run("--check", "-o", made, WINDOWS32, COPYPATCH_LLVM="/nowhere").returncode == 0
    text = sentence(run("--check", "-o", made, WINDOWS32, WINDOWS))
    assert f"stencils-{WINDOWS}.h is missing" in text and "`make regen-jit`" in text


def test_header_of_other_inputs_is_refused_and_made_anew(made):
    path = made / f"stencils-{WINDOWS32}.h"
    text = path.read_text()
    os.utime(path, (1, 1))
    assert "unchanged" in run("-v", "-o", made, WINDOWS32).stdout
    assert path.stat().st_mtime == 1
    path.write_text(re.sub(r"digest \w", "digest x", text, count=1))
    said = sentence(run("--check", "-o", made, WINDOWS32))
    assert f"{path} does not match its inputs" in said and "`make regen-jit`" in said
    assert "stencils," in run("-v", "-o", made, WINDOWS32).stdout
    assert path.read_text() == text             # the same again, byte for byte


def test_unchanged_is_quick(made):
    """0.3 s is the limit; processor time, as others may be at work here."""
    before, start = os.times(), time.perf_counter()
    assert run("-o", made, WINDOWS32).returncode == 0
    after, elapsed = os.times(), time.perf_counter() - start
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert min(used, elapsed) < 0.3


def test_digest_follows_inputs(tmp_path, monkeypatch):
    job = generator.Job(TARGETS[LINUX], "", False, 313)
    names = {os.path.relpath(p, ROOT) for p in generator.inputs()}
    assert {"src/ir/uops.def", "src/runtime/runtime.def", "tools/gen_uops.py", "tools/stencils/writer.py", "stencils/template.c", "stencils/ints.h"} <= names
    before = job.digest("19.1.7")
    assert job.digest("19.1.7") == before
    assert job.digest("19.1.8") != before
    assert generator.Job(job.target, "", True, 313).digest("19.1.7") != before
    assert generator.Job(job.target, "", False, 314).digest("19.1.7") != before
    assert len({generator.Job(t, "", False, n).digest("19.1.7") for t in TARGETS.values() for n in generator.LAYOUTS}) == len(TARGETS) * len(generator.LAYOUTS)
    other = tmp_path / "uops.def"
    other.write_text(Path(generator.UOPS_DEF).read_text() + "\n")
    paths = [str(other) if p == generator.UOPS_DEF else p for p in generator.inputs()]
    monkeypatch.setattr(generator, "inputs", lambda: paths)
    assert job.digest("19.1.7") != before
