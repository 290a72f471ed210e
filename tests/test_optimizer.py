"""tools/stencils/optimizer_x86.py: each rewrite of assembly, on text, in every syntax that clang writes for x86."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools" / "stencils"))

import optimizers  # noqa: E402
from optimizer_x86 import OptimizerI686, OptimizerX8664, OptimizerX8664Windows  # noqa: E402

ELF = OptimizerX8664()
MACHO = OptimizerX8664("_", "L", "__IMM@GOTPCREL(%rip)")
COFF = OptimizerX8664Windows("", ".L", "__imp__IMM(%rip)")
I686 = OptimizerI686("_", "L", "$__IMM")
ALL = {"elf": ELF, "macho": MACHO, "coff": COFF, "i686": I686}
every_syntax = pytest.mark.parametrize("optimizer", ALL.values(), ids=ALL)
gets_by_pointer = pytest.mark.parametrize("optimizer", [MACHO, COFF], ids=["macho", "coff"])


def optimize(text: str, optimizer=ELF) -> list[str]:
    """The instructions that a function becomes; labels numbered as they appear. `_X` is the symbol _X of the format, .L1 a local label, NUMBER the number."""
    prefix, local = optimizer.prefix, optimizer.local
    text = re.sub(r"(?<![\w@])(_[A-Z]+)\b", lambda m: prefix + m[1], text).replace(".L", local).replace("NUMBER", optimizer.number)
    body = "\n".join("\t" + line.strip().replace(" ", "\t", 1) if not line.strip().endswith(":") else line.strip()
                     for line in text.strip().splitlines())
    out = optimizer.optimize(f"before:\n{prefix}f:\n{body}\n# -- End function\nafter:\n", {prefix + "f"}).splitlines()
    assert out[:2] == ["before:", f"{prefix}f:"] and out[-2:] == ["\tint3", "after:"]
    lines = [" ".join(line.split()) for line in out[2:-2]]
    names = {label: f"L{i}" for i, label in enumerate(line[:-1] for line in lines if line.endswith(":"))}
    assert all(label.startswith(local) for label in names)
    result = [re.sub(rf"(?<![\w$]){re.escape(local)}\w+", lambda m: names[m[0]], line).replace(optimizer.number, "NUMBER") for line in lines]
    return [re.sub(rf"(?<![\w@]){prefix}(_[A-Z]+)\b", r"\1", line) for line in result]


# ---- jumps ----

@every_syntax
def test_final_jump_is_dropped(optimizer):
    assert optimize("addsd %xmm1, %xmm0\njmp _CONTINUE  # TAILCALL", optimizer) == ["addsd %xmm1, %xmm0"]


@every_syntax
def test_branch_is_inverted(optimizer):
    assert optimize("ucomisd %xmm0, %xmm1\nja _CONTINUE\njmp _EXIT", optimizer) == ["ucomisd %xmm0, %xmm1", "jbe _EXIT"]


@pytest.mark.parametrize("jump, inverse", [("je", "jne"), ("jl", "jge"), ("jg", "jle"), ("jb", "jae"), ("ja", "jbe"), ("js", "jns"),
                                           ("jo", "jno"), ("jp", "jnp")])
def test_every_branch_has_its_inverse(jump, inverse):
    for a, b in (jump, inverse), (inverse, jump):
        assert optimize(f"cmpq %rax, %r13\n{a} _CONTINUE\njmp _EXIT") == ["cmpq %rax, %r13", f"{b} _EXIT"]
    assert ELF.inverse[ELF.inverse[jump]] == jump


@every_syntax
def test_float_equality_keeps_its_two_jumps(optimizer):
    assert optimize("ucomisd %xmm0, %xmm1\njne .L1\njnp _CONTINUE\n.L1:\njmp _EXIT", optimizer) == ["ucomisd %xmm0, %xmm1", "jne _EXIT", "jp _EXIT"]
    assert optimize("ucomisd %xmm0, %xmm1\njne _CONTINUE\njp _CONTINUE\njmp _EXIT", optimizer) == [
        "ucomisd %xmm0, %xmm1", "jne L0", "jnp _EXIT", "L0:"]


@every_syntax
def test_jump_to_next_is_removed(optimizer):
    assert optimize("testl %ebx, %ebx\njmp .L1\n.L1:\nincl %ebx\njmp _CONTINUE", optimizer) == ["testl %ebx, %ebx", "incl %ebx"]


@every_syntax
def test_jumps_are_threaded(optimizer):
    assert optimize("js .L1\nincl %ebx\njmp _CONTINUE\n.L1:\njmp .L2\n.L2:\njmp _EXIT", optimizer) == ["js _EXIT", "incl %ebx"]


@every_syntax
def test_unreachable_code_is_removed(optimizer):
    assert optimize("jmp .L2\n.L1:\nincl %ebx\njmp _EXIT\n.L2:\nincl %ecx\njmp _CONTINUE", optimizer) == ["incl %ecx"]
    assert optimize("jmp .L2\nincl %ebx\n.L2:\nincl %ecx\njmp _CONTINUE", optimizer) == ["incl %ecx"]


@every_syntax
def test_jump_with_two_equal_ways_is_removed(optimizer):
    assert optimize("testl %eax, %eax\njne .L1\njmp _CONTINUE\n.L1:\njmp _CONTINUE", optimizer) == ["testl %eax, %eax"]


@every_syntax
def test_block_that_continues_is_last(optimizer):
    assert optimize("cmpl %eax, %ebx\nje .L1\nincl %ebx\njmp _CONTINUE\n.L1:\ndecl %ebx\njmp _EXIT", optimizer) == [
        "cmpl %eax, %ebx", "jne L0", "decl %ebx", "jmp _EXIT", "L0:", "incl %ebx"]
    assert optimize("js .Lcold\n.Lback:\nincl %ebx\njmp _CONTINUE\n.Lcold:\nnegl %ebx\njmp .Lback", optimizer) == [
        "jns L0", "negl %ebx", "L0:", "incl %ebx"]


@every_syntax
def test_early_continue_goes_to_the_end(optimizer):
    assert optimize("js _CONTINUE\ndecl (%ecx)\njne _CONTINUE\nmovl %ecx, %edi\ncall h_dealloc\njmp _CONTINUE", optimizer) == [
        "js L0", "decl (%ecx)", "jne L0", "movl %ecx, %edi", "call h_dealloc", "L0:"]


@every_syntax
def test_loop_and_indirect_jumps_survive(optimizer):
    assert optimize(".L1:\ndecl %eax\njne .L1\njmp _CONTINUE", optimizer) == ["L0:", "decl %eax", "jne L0"]
    assert optimize("movq %rbx, 8(%rax)\nretq", optimizer)[:1] == ["movq %rbx, 8(%rax)"]
    for jump in "jmpq *(%rax)", "jmpl *(%eax)", "rex64 jmpq *%rax":
        line = jump.replace("jmpq ", "jmpq\t").replace("jmpl ", "jmpl\t")
        assert optimize(f"movl %eax, %ebx\n{line}", optimizer) == ["movl %eax, %ebx", jump]


@every_syntax
def test_function_that_runs_out_is_refused(optimizer):
    with pytest.raises(optimizers.Misunderstood, match="runs out"):
        optimize("incl %eax", optimizer)


# ---- the 32-bit number ----

def test_numbers_are_sign_extended_and_folded():
    assert optimize("movl $_IMM, %r13d\njmp _CONTINUE") == ["movq NUMBER, %r13"]
    assert optimize("movl $_IMM, %eax\naddq %rax, %r13\njmp _CONTINUE") == ["addq NUMBER, %r13"]
    assert optimize("movl $_IMM, %eax\nimulq %r14, %rax\njo _EXIT\nmovq %rax, %r14\njmp _CONTINUE") == [
        "imulq NUMBER, %r14, %rax", "jo _EXIT", "movq %rax, %r14"]
    assert optimize("movl $_IMM, %eax\ncmpq %r13, %rax\njl _EXIT\njmp _CONTINUE") == ["cmpq NUMBER, %r13", "jg _EXIT"]
    assert optimize("movl $_IMM, %ecx\nxorl %eax, %eax\ncmpq %r13, %rcx\nsetle %al\nmovq %rax, %r13\njmp _CONTINUE") == [
        "xorl %eax, %eax", "cmpq NUMBER, %r13", "setge %al", "movq %rax, %r13"]
    assert optimize("movl $_IMM, %eax\ncmpl %eax, 136(%r13)\njne _EXIT\njmp _CONTINUE") == ["cmpl NUMBER, 136(%r13)", "jne _EXIT"]


@gets_by_pointer
def test_numbers_behind_a_pointer_are_folded_where_patching_can_rewrite_it(optimizer):
    assert optimize("movq NUMBER, %rax\naddq %rax, %r13\njmp _CONTINUE", optimizer) == ["addq NUMBER, %r13"]
    assert optimize("movq NUMBER, %rax\ncmpq %r13, %rax\njl _EXIT\njmp _CONTINUE", optimizer) == ["cmpq NUMBER, %r13", "jg _EXIT"]
    for kept in ["imulq %r14, %rax", "cmpl %eax, 136(%r13)", "addq %rax, 8(%r13)", "movq (%r12,%rax), %r13", "addq (%rax), %r13"]:
        assert optimize(f"movq NUMBER, %rax\n{kept}\njmp _CONTINUE", optimizer) == ["movq NUMBER, %rax", kept]


def test_numbers_used_twice_are_not_folded():
    text = "movl $_IMM, %eax\ncmpq %r13, %rax\ncmovlq %rax, %r13\njmp _CONTINUE"
    assert optimize(text) == ["movq NUMBER, %rax", "cmpq %r13, %rax", "cmovlq %rax, %r13"]
    # %rsi is an argument: others see it
    assert optimize("movl $_IMM, %esi\naddq %rsi, %r13\njmp _CONTINUE") == ["movq NUMBER, %rsi", "addq %rsi, %r13"]
    # nor across a jump: the register is used, or not, elsewhere
    assert optimize("movl $_IMM, %eax\njs _EXIT\naddq %rax, %r13\njmp _CONTINUE") == ["movq NUMBER, %rax", "js _EXIT", "addq %rax, %r13"]


def test_zero_extended_number_is_refused():
    with pytest.raises(optimizers.Misunderstood, match="sign-extended"):
        optimize("andl $_IMM, %r13d\njmp _CONTINUE")


# ---- what compilers cannot know ----

def test_what_a_comparison_proves_is_not_copied():
    assert optimize("cmpq %r14, %r13\njne .L1\nmovq %r13, %r14\njmp _CONTINUE\n.L1:\njmp _EXIT") == ["cmpq %r14, %r13", "jne _EXIT"]
    assert optimize("testq %r13, %r13\njne _CONTINUE\nxorl %r13d, %r13d\njmp _EXIT") == ["testq %r13, %r13", "je _EXIT"]
    kept = optimize("cmpq %r14, %r13\njl .L1\nmovq %r13, %r14\njmp _CONTINUE\n.L1:\njmp _EXIT")
    assert kept == ["cmpq %r14, %r13", "jl _EXIT", "movq %r13, %r14"]


def test_false_dependency_is_cut():
    assert optimize("cvtsi2sd %r13, %xmm1\njmp _CONTINUE") == ["xorps %xmm1, %xmm1", "cvtsi2sd %r13, %xmm1"]
    once = ["xorps %xmm1, %xmm1", "cvtsi2sd %r13, %xmm1"]
    assert optimize("\n".join([*once, "jmp _CONTINUE"])) == once


@pytest.mark.parametrize("optimizer, enter, leave", [(ELF, "pushq %rax", "popq %rax"), (ELF, "pushq %rax", "addq $8, %rsp"),
                                                     (MACHO, "pushq %rax", "popq %rcx"), (COFF, "subq $40, %rsp", "addq $40, %rsp")])
def test_room_for_calls_is_not_made_again(optimizer, enter, leave):
    text = f"{enter}\ncallq h_f\ntestq %rax, %rax\nje .L1\nmovq %rax, %rdi\n{leave}\njmp _CONTINUE\n.L1:\n{leave}\njmp _EXIT"
    assert optimize(text, optimizer) == ["callq h_f", "testq %rax, %rax", "je _EXIT", "movq %rax, %rdi"]


@pytest.mark.parametrize("optimizer", [ELF, MACHO, COFF], ids=["elf", "macho", "coff"])
@pytest.mark.parametrize("line", ["subq $24, %rsp", "pushq %rbx", "movsd %xmm0, 8(%rsp)", "movl $4096, %eax; callq __chkstk; subq %rax, %rsp"])
def test_other_use_of_the_stack_is_refused(optimizer, line):
    with pytest.raises(optimizers.Misunderstood, match="stack"):
        optimize(line.replace("; ", "\n") + "\njmp _CONTINUE", optimizer)
    with pytest.raises(optimizers.Misunderstood, match="frame pointer"):
        optimize("movq %rbp, %rax\njmp _CONTINUE", optimizer)


def test_i686_uses_the_stack_as_it_likes():
    text = "pushl %esi\nmovl %ecx, %esi\ncalll _h_f\ntestl %eax, %eax\nje .L1\nmovl %esi, %ecx\npopl %esi\njmp _CONTINUE\n.L1:\nmovl %esi, %ecx\npopl %esi\njmp _EXIT"
    assert optimize(text, I686) == ["pushl %esi", "movl %ecx, %esi", "calll _h_f", "testl %eax, %eax", "jne L0", "movl %esi, %ecx", "popl %esi", "jmp _EXIT",
                                    "L0:", "movl %esi, %ecx", "popl %esi"]


# ---- whole files as clang writes them ----

FILES = {
    "elf": (ELF, """\
	.text
	.file	"chunk0.c"
	.globl	A__r0                           # -- Begin function A__r0
	.p2align	4, 0x90
	.type	A__r0,@function
A__r0:                                  # @A__r0
# %bb.0:
	testq	%r13, %r13
	je	.LBB0_1
# %bb.2:
	jmp	_CONTINUE                       # TAILCALL
	.p2align	4, 0x90
.LBB0_1:                                # %if.then
	jmp	_EXIT                           # TAILCALL
.Lfunc_end0:
	.size	A__r0, .Lfunc_end0-A__r0
                                        # -- End function
	.section	.rodata.cst16,"aM",@progbits,16
	.p2align	4, 0x0
.LCPI1_0:
	.quad	0x8000000000000000              # double -0
	.text
	.globl	B__r0                           # -- Begin function B__r0
	.p2align	4, 0x90
	.type	B__r0,@function
B__r0:                                  # @B__r0
# %bb.0:
	xorps	.LCPI1_0(%rip), %xmm0
	jmp	_CONTINUE                       # TAILCALL
.Lfunc_end1:
	.size	B__r0, .Lfunc_end1-B__r0
                                        # -- End function
""", """\
	.text
	.file	"chunk0.c"
	.globl	A__r0
	.type	A__r0,@function
A__r0:
	testq	%r13, %r13
	je	_EXIT
	int3
.Lfunc_end0:
	.size	A__r0, .Lfunc_end0-A__r0
	.section	.rodata.cst16,"aM",@progbits,16
	.p2align	4, 0x0
.LCPI1_0:
	.quad	0x8000000000000000
	.text
	.globl	B__r0
	.type	B__r0,@function
B__r0:
	xorps	.LCPI1_0(%rip), %xmm0
	int3
.Lfunc_end1:
	.size	B__r0, .Lfunc_end1-B__r0
"""),
    "macho": (MACHO, """\
	.section	__TEXT,__text,regular,pure_instructions
	.macosx_version_min 10, 4
	.globl	_A__r0                          ## -- Begin function A__r0
	.p2align	4, 0x90
_A__r0:                                 ## @A__r0
## %bb.0:
	movq	__IMM@GOTPCREL(%rip), %rax
	cmpq	%r13, %rax
	jl	LBB0_1
## %bb.2:
	jmp	__CONTINUE                      ## TAILCALL
LBB0_1:                                 ## %if.then
	jmp	__EXIT                          ## TAILCALL
                                        ## -- End function
	.section	__TEXT,__literal16,16byte_literals
	.p2align	4, 0x0                          ## -- Begin function B__r0
LCPI1_0:
	.quad	0x8000000000000000              ## double -0
	.section	__TEXT,__text,regular,pure_instructions
	.globl	_B__r0
	.p2align	4, 0x90
_B__r0:                                 ## @B__r0
## %bb.0:
	xorps	LCPI1_0(%rip), %xmm0
	jmp	__CONTINUE                      ## TAILCALL
                                        ## -- End function
.subsections_via_symbols
""", """\
	.section	__TEXT,__text,regular,pure_instructions
	.macosx_version_min 10, 4
	.globl	_A__r0
_A__r0:
	cmpq	__IMM@GOTPCREL(%rip), %r13
	jg	__EXIT
	int3
	.section	__TEXT,__literal16,16byte_literals
	.p2align	4, 0x0
LCPI1_0:
	.quad	0x8000000000000000
	.section	__TEXT,__text,regular,pure_instructions
	.globl	_B__r0
_B__r0:
	xorps	LCPI1_0(%rip), %xmm0
	int3
.subsections_via_symbols
"""),
    "coff": (COFF, """\
	.text
	.def	@feat.00;
	.scl	3;
	.type	0;
	.endef
	.globl	@feat.00
.set @feat.00, 0
	.file	"chunk0.c"
	.def	A__r0;
	.scl	2;
	.type	32;
	.endef
	.globl	A__r0                           # -- Begin function A__r0
	.p2align	4, 0x90
A__r0:                                  # @"\\01A__r0"
# %bb.0:
	subq	$40, %rsp
	callq	h_f
	testq	%rax, %rax
	je	.LBB0_1
# %bb.2:
	addq	$40, %rsp
	jmp	_CONTINUE                       # TAILCALL
.LBB0_1:
	addq	$40, %rsp
	jmp	_EXIT                           # TAILCALL
                                        # -- End function
	.def	B__r0;
	.scl	2;
	.type	32;
	.endef
	.globl	__xmm@80000000000000008000000000000000 # -- Begin function B__r0
	.section	.rdata,"dr",discard,__xmm@80000000000000008000000000000000
	.p2align	4, 0x0
__xmm@80000000000000008000000000000000:
	.quad	0x8000000000000000              # double -0
	.text
	.globl	B__r0
	.p2align	4, 0x90
B__r0:                                  # @"\\01B__r0"
# %bb.0:
	xorps	__xmm@80000000000000008000000000000000(%rip), %xmm0
	retq
                                        # -- End function
	.addrsig
	.globl	_fltused
""", """\
	.text
	.def	@feat.00;
	.scl	3;
	.type	0;
	.endef
	.globl	@feat.00
.set @feat.00, 0
	.file	"chunk0.c"
	.def	A__r0;
	.scl	2;
	.type	32;
	.endef
	.globl	A__r0
A__r0:
	callq	h_f
	testq	%rax, %rax
	je	_EXIT
	int3
	.def	B__r0;
	.scl	2;
	.type	32;
	.endef
	.globl	__xmm@80000000000000008000000000000000
	.section	.rdata,"dr",discard,__xmm@80000000000000008000000000000000
	.p2align	4, 0x0
__xmm@80000000000000008000000000000000:
	.quad	0x8000000000000000
	.text
	.globl	B__r0
B__r0:
	xorps	__xmm@80000000000000008000000000000000(%rip), %xmm0
	addq	$40, %rsp
	retq
	int3
	.addrsig
	.globl	_fltused
"""),
    "i686": (I686, """\
	.def	_A__r0;
	.scl	2;
	.type	32;
	.endef
	.globl	_A__r0                          # -- Begin function A__r0
	.p2align	4, 0x90
_A__r0:                                 # @"\\01_A__r0"
# %bb.0:
	pushl	%esi
	movl	$__IMM, %eax
	movl	%eax, %edx
	sarl	$31, %edx
	cmpl	%eax, 2672(%ecx)
	sbbl	%edx, %esi
	jge	LBB0_1
# %bb.2:
	popl	%esi
	jmp	__CONTINUE                      # TAILCALL
LBB0_1:
	popl	%esi
	jmp	__EXIT                          # TAILCALL
                                        # -- End function
""", """\
	.def	_A__r0;
	.scl	2;
	.type	32;
	.endef
	.globl	_A__r0
_A__r0:
	pushl	%esi
	movl	$__IMM, %eax
	movl	%eax, %edx
	sarl	$31, %edx
	cmpl	%eax, 2672(%ecx)
	sbbl	%edx, %esi
	jl	L_A__r0_1
	popl	%esi
	jmp	__EXIT
L_A__r0_1:
	popl	%esi
	int3
"""),
}


@pytest.mark.parametrize("optimizer, before, after", FILES.values(), ids=FILES)
def test_file(optimizer, before, after):
    names = {optimizer.prefix + name for name in ("A__r0", "B__r0")}
    assert optimizer.optimize(before, names) == after


# ---- the shim ----

def test_shim_calls_where_the_stack_is_aligned_for_stencils():
    lines = ["pushq\t%rbx", "callq\t*%rsi", "popq\t%rbx", "retq"]
    assert ELF.function("EMIT_SHIM__0", lines) == ["\tpushq\t%rbx", "\tpushq\t%rax", "\tcallq\t*%rsi", "\tpopq\t%rcx", "\tpopq\t%rbx", "\tretq"]
    assert MACHO.function("_EMIT_SHIM__0", lines) == ELF.function("EMIT_SHIM__0", lines)


def test_shim_of_windows_reserves_room_for_what_stencils_call():
    assert COFF.function("EMIT_SHIM__0", ["pushq\t%rbx", "callq\t*%rdx", "popq\t%rbx", "retq"]) == [
        "\tpushq\t%rbx", "\tcallq\t.LEMIT_SHIM__0_enter", "\tjmp\t.LEMIT_SHIM__0_back",
        ".LEMIT_SHIM__0_enter:", "\tsubq\t$40, %rsp", "\tjmpq\t*%rdx",
        ".LEMIT_SHIM__0_back:", "\tpopq\t%rbx", "\tretq"]
    with pytest.raises(optimizers.Misunderstood):
        COFF.function("EMIT_SHIM__0", ["callq\t*8(%rsp)", "retq"])


def test_shim_of_i686_is_what_clang_wrote():
    assert I686.function("_EMIT_SHIM__0", ["movl\t4(%esp), %ecx", "jmpl\t*8(%esp)"]) == ["\tmovl\t4(%esp), %ecx", "\tjmpl\t*8(%esp)"]
