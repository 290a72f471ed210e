"""tools/stencils: finding LLVM, the optimizer of the assembly, digests, and the stencils themselves, copied, patched and executed."""

import os
import platform
import re
import subprocess
import sys
import sysconfig

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOLS = os.path.join(ROOT, "tools", "stencils")
TRIPLE = "x86_64-unknown-linux-gnu"
sys.path.insert(0, TOOLS)

import llvm  # noqa: E402
import optimizers  # noqa: E402
from optimizer_x86 import OptimizerX8664  # noqa: E402
import stencils  # noqa: E402
import targets  # noqa: E402
from stencils import gen_uops  # noqa: E402


def have_llvm() -> bool:
    try:
        llvm.find()
        return True
    except llvm.NotFound:
        return False


needs_llvm = pytest.mark.skipif(not have_llvm(), reason=f"LLVM {llvm.OLDEST} or newer is not installed")


def build(*args: str, **env: str) -> subprocess.CompletedProcess:
    command = [sys.executable, os.path.join(TOOLS, "build.py"), *args]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    """Where the generated header is."""
    folder = str(tmp_path_factory.mktemp("stencils"))
    result = build("-v", "-o", folder, TRIPLE)
    assert result.returncode == 0, result.stderr
    assert re.search(r"\d{4} stencils", result.stdout)
    return folder


# ---- the optimizer, on text ----

def optimize(text: str) -> list[str]:
    """The instructions that a function becomes; labels numbered as they appear."""
    body = "\n".join("\t" + line.strip().replace(" ", "\t", 1) if not line.strip().endswith(":") else line.strip()
                     for line in text.strip().splitlines())
    out = OptimizerX8664().optimize(f"before:\nf:\n{body}\n.Lfunc_end0:\nafter:\n", {"f"}).splitlines()
    assert out[:2] == ["before:", "f:"] and out[-3:] == ["\tint3", ".Lfunc_end0:", "after:"]
    lines = [" ".join(line.split()) for line in out[2:-3]]
    names = {label: f"L{i}" for i, label in enumerate(line[:-1] for line in lines if line.endswith(":"))}
    return [re.sub(r"\.L\w+", lambda m: names[m[0]], line) for line in lines]


def test_final_jump_is_dropped():
    assert optimize("addsd %xmm1, %xmm0\njmp _CONTINUE  # TAILCALL") == ["addsd %xmm1, %xmm0"]


def test_branch_is_inverted():
    assert optimize("ucomisd %xmm0, %xmm1\nja _CONTINUE\njmp _EXIT") == ["ucomisd %xmm0, %xmm1", "jbe _EXIT"]


@pytest.mark.parametrize("jump, inverse", [("je", "jne"), ("jl", "jge"), ("jg", "jle"), ("jb", "jae"), ("ja", "jbe"), ("js", "jns"),
                                           ("jo", "jno"), ("jp", "jnp")])
def test_every_branch_has_its_inverse(jump, inverse):
    for a, b in (jump, inverse), (inverse, jump):
        assert optimize(f"cmpq %rax, %r13\n{a} _CONTINUE\njmp _EXIT") == ["cmpq %rax, %r13", f"{b} _EXIT"]
    assert OptimizerX8664.inverse[OptimizerX8664.inverse[jump]] == jump


def test_float_equality_keeps_its_two_jumps():
    assert optimize("ucomisd %xmm0, %xmm1\njne .L1\njnp _CONTINUE\n.L1:\njmp _EXIT") == ["ucomisd %xmm0, %xmm1", "jne _EXIT", "jp _EXIT"]
    assert optimize("ucomisd %xmm0, %xmm1\njne _CONTINUE\njp _CONTINUE\njmp _EXIT") == [
        "ucomisd %xmm0, %xmm1", "jne L0", "jnp _EXIT", "L0:"]


def test_jump_to_next_is_removed():
    assert optimize("testq %r13, %r13\njmp .L1\n.L1:\nincq %r14\njmp _CONTINUE") == ["testq %r13, %r13", "incq %r14"]


def test_jumps_are_threaded():
    assert optimize("js .L1\nincq %r14\njmp _CONTINUE\n.L1:\njmp .L2\n.L2:\njmp _EXIT") == ["js _EXIT", "incq %r14"]


def test_unreachable_code_is_removed():
    assert optimize("jmp .L2\n.L1:\nincq %r13\njmp _EXIT\n.L2:\nincq %r14\njmp _CONTINUE") == ["incq %r14"]


def test_jump_with_two_equal_ways_is_removed():
    assert optimize("testq %rax, %rax\njne .L1\njmp _CONTINUE\n.L1:\njmp _CONTINUE") == ["testq %rax, %rax"]


def test_block_that_continues_is_last():
    assert optimize("cmpq %rax, %r13\nje .L1\nincq %r14\njmp _CONTINUE\n.L1:\ndecq %r14\njmp _EXIT") == [
        "cmpq %rax, %r13", "jne L0", "decq %r14", "jmp _EXIT", "L0:", "incq %r14"]
    assert optimize("js .Lcold\n.Lback:\nincq %r14\njmp _CONTINUE\n.Lcold:\nnegq %r14\njmp .Lback") == [
        "jns L0", "negq %r14", "L0:", "incq %r14"]


def test_early_continue_goes_to_the_end():
    assert optimize("js _CONTINUE\ndecq (%r13)\njne _CONTINUE\nmovq %r13, %rdi\ncallq h_dealloc\njmp _CONTINUE") == [
        "js L0", "decq (%r13)", "jne L0", "movq %r13, %rdi", "callq h_dealloc", "L0:"]


def test_loop_and_return_survive():
    assert optimize(".L1:\ndecq %rax\njne .L1\njmp _CONTINUE") == ["L0:", "decq %rax", "jne L0"]
    assert optimize("movq %r13, 8(%r12)\nretq") == ["movq %r13, 8(%r12)", "retq"]
    assert optimize("movq _WORD(%rip), %rax\njmpq *(%rax)") == ["movq _WORD(%rip), %rax", "jmpq *(%rax)"]


def test_numbers_are_sign_extended_and_folded():
    assert optimize("movl $_IMM, %r13d\njmp _CONTINUE") == ["movq $_IMM, %r13"]
    assert optimize("movl $_IMM, %eax\naddq %rax, %r13\njmp _CONTINUE") == ["addq $_IMM, %r13"]
    assert optimize("movl $_IMM, %eax\nimulq %r14, %rax\njo _EXIT\nmovq %rax, %r14\njmp _CONTINUE") == [
        "imulq $_IMM, %r14, %rax", "jo _EXIT", "movq %rax, %r14"]
    assert optimize("movl $_IMM, %eax\ncmpq %r13, %rax\njl _EXIT\njmp _CONTINUE") == ["cmpq $_IMM, %r13", "jg _EXIT"]
    assert optimize("movl $_IMM, %ecx\nxorl %eax, %eax\ncmpq %r13, %rcx\nsetle %al\nmovq %rax, %r13\njmp _CONTINUE") == [
        "xorl %eax, %eax", "cmpq $_IMM, %r13", "setge %al", "movq %rax, %r13"]


def test_numbers_used_twice_are_not_folded():
    text = "movl $_IMM, %eax\ncmpq %r13, %rax\ncmovlq %rax, %r13\njmp _CONTINUE"
    assert optimize(text) == ["movq $_IMM, %rax", "cmpq %r13, %rax", "cmovlq %rax, %r13"]
    # %rsi is an argument: others see it
    assert optimize("movl $_IMM, %esi\naddq %rsi, %r13\njmp _CONTINUE") == ["movq $_IMM, %rsi", "addq %rsi, %r13"]


def test_zero_extended_number_is_refused():
    with pytest.raises(optimizers.Misunderstood, match="sign-extended"):
        optimize("andl $_IMM, %r13d\njmp _CONTINUE")


def test_what_a_comparison_proves_is_not_copied():
    assert optimize("cmpq %r14, %r13\njne .L1\nmovq %r13, %r14\njmp _CONTINUE\n.L1:\njmp _EXIT") == ["cmpq %r14, %r13", "jne _EXIT"]
    assert optimize("testq %r13, %r13\njne _CONTINUE\nxorl %r13d, %r13d\njmp _EXIT") == ["testq %r13, %r13", "je _EXIT"]
    kept = optimize("cmpq %r14, %r13\njl .L1\nmovq %r13, %r14\njmp _CONTINUE\n.L1:\njmp _EXIT")
    assert kept == ["cmpq %r14, %r13", "jl _EXIT", "movq %r13, %r14"]


def test_stack_alignment_is_dropped_and_other_stack_use_refused():
    text = "pushq %rax\ncallq h_f\ntestq %rax, %rax\nje .L1\nmovq %rax, %rdi\npopq %rax\njmp _CONTINUE\n.L1:\npopq %rax\njmp _EXIT"
    assert optimize(text) == ["callq h_f", "testq %rax, %rax", "je _EXIT", "movq %rax, %rdi"]
    for line in "subq $24, %rsp", "pushq %rbx", "movsd %xmm0, 8(%rsp)":
        with pytest.raises(optimizers.Misunderstood, match="stack"):
            optimize(f"{line}\njmp _CONTINUE")


def test_function_that_runs_out_is_refused():
    with pytest.raises(optimizers.Misunderstood, match="runs out"):
        optimize("incq %rax")


# ---- finding LLVM ----

def fake(folder, name: str, version: str) -> None:
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(f"#!/bin/sh\necho 'Fake {name} version {version}'\n")
    os.chmod(path, 0o755)


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine with nothing on PATH but what the test puts into the folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("COPYPATCH_LLVM", raising=False)
    monkeypatch.setattr(llvm, "FOLDERS", (str(tmp_path / "llvm-*" / "bin"),))
    llvm.version_of.cache_clear()
    os.symlink("/bin/sh", tmp_path / "sh")
    yield tmp_path
    llvm.version_of.cache_clear()


def install(folder, version: str, suffix: str = "") -> None:
    for name in llvm.PROGRAMS:
        fake(folder, name + suffix, version)


def message(error) -> str:
    text = str(error.value)
    assert text.endswith(".") and "\n" not in text
    return text


def test_llvm_missing(bare):
    with pytest.raises(llvm.NotFound) as error:
        llvm.find()
    assert "LLVM 19 or newer is needed" in message(error) and "apt-get install clang-19 llvm-19" in message(error)


def test_llvm_too_old(bare):
    install(bare, "14.0.6")
    with pytest.raises(llvm.NotFound) as error:
        llvm.find()
    assert "14.0.6" in message(error) and "LLVM 19 or newer" in message(error)


def test_llvm_newest_is_taken(bare):
    install(bare, "14.0.6")
    install(bare, "19.1.7", "-19")
    install(bare / "llvm-21" / "bin", "21.1.0")
    assert llvm.find().version == "21.1.0"
    fake(bare, "clang-22", "22.1.0")        # without its sisters
    found = llvm.find()
    assert found.version == "21.1.0" and found.readobj == str(bare / "llvm-21" / "bin" / "llvm-readobj")


def test_llvm_half_installed(bare):
    fake(bare, "clang-19", "19.1.7")
    with pytest.raises(llvm.NotFound) as error:
        llvm.find()
    assert "llvm-readobj and llvm-objdump" in message(error) and "apt-get install llvm-19" in message(error)


def test_llvm_override(bare, monkeypatch):
    install(bare, "21.1.0", "-21")
    install(bare / "mine" / "bin", "20.1.0")
    for value, version in ("21", "21.1.0"), (str(bare / "mine"), "20.1.0"), (str(bare / "mine" / "bin"), "20.1.0"):
        monkeypatch.setenv("COPYPATCH_LLVM", value)
        assert llvm.find().version == version
    for value, said in ("20", "LLVM 20 is needed"), ("14", "19 or newer"), ("/nowhere", "/nowhere"):
        monkeypatch.setenv("COPYPATCH_LLVM", value)
        with pytest.raises(llvm.NotFound) as error:
            llvm.find()
        assert said in message(error)


def test_build_without_llvm_says_so_in_a_sentence(tmp_path):
    result = build("-o", str(tmp_path), COPYPATCH_LLVM="/nowhere")
    assert result.returncode == 1 and "Traceback" not in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_unknown_triple(tmp_path):
    result = build("-o", str(tmp_path), "vax-dec-ultrix")
    assert result.returncode == 2 and TRIPLE in result.stderr


# ---- the generated header ----

@needs_llvm
def test_unchanged_header_is_left_alone(folder):
    path = os.path.join(folder, f"stencils-{TRIPLE}.h")
    text = open(path).read()
    os.utime(path, (1, 1))
    assert "unchanged" in build("-v", "-o", folder, TRIPLE).stdout
    assert os.stat(path).st_mtime == 1
    with open(path, "w") as f:
        f.write(re.sub(r"digest \w", "digest x", text, count=1))
    assert "stencils," in build("-v", "-o", folder).stdout
    assert open(path).read() == text            # the same again, byte for byte


def test_digest_follows_inputs(tmp_path, monkeypatch):
    import build as build_module
    job = build_module.Job(targets.TARGETS[TRIPLE], "", False)
    names = {os.path.relpath(p, ROOT) for p in build_module.inputs()}
    assert {"src/ir/uops.def", "src/runtime/runtime.def", "tools/gen_uops.py", "tools/stencils/writer.py", "stencils/template.c",
            "stencils/ints.h"} <= names
    before = job.digest("19.1.7")
    assert job.digest("19.1.7") == before
    assert job.digest("19.1.8") != before
    assert build_module.Job(job.target, "", True).digest("19.1.7") != before
    other = tmp_path / "uops.def"
    other.write_text(open(build_module.UOPS_DEF).read() + "\n")
    paths = [str(other) if p == build_module.UOPS_DEF else p for p in build_module.inputs()]
    monkeypatch.setattr(build_module, "inputs", lambda: paths)
    assert job.digest("19.1.7") != before


def test_numbering():
    machine = stencils.Machine(6, 8)
    uops = {u.name: u for u in gen_uops.load(os.path.join(ROOT, "src", "ir", "uops.def"))}

    def choices(name):
        by_table = {}
        for r in stencils.uop_requests(machine, uops[name]):
            by_table.setdefault(r.table, []).append(r.choice)
            assert r.number == len(by_table[r.table]) - 1
        return by_table

    add = choices("ADD_INT")
    assert add["ADD_INT"][2 * 6 + 5] == "g2 g5 -> g2" and len(add["ADD_INT"]) == 36
    assert add["ADD_INT constant"] == [f"g{i} constant -> g{i}" for i in range(6)]
    less = choices("LT_FLOAT")["LT_FLOAT"]
    assert less[(3 * 8 + 7) * 6 + 4] == "f3 f7 -> g4" and len(less) == 384
    assert choices("UNBOX_FLOAT")["UNBOX_FLOAT"][4 * 8 + 1] == "g4 -> f1"
    assert choices("LOAD_SLOT")["LOAD_SLOT"] == [f"-> g{i}" for i in range(6)]
    assert choices("CALL3")["CALL3"] == ["g0 g1 g2 -> g3"]
    assert choices("POW_FLOAT")["POW_FLOAT"] == ["f0 f1 -> f0"]
    assert choices("LIST_SWAP")["LIST_SWAP"] == ["g0 g1 g2 -> g0"]
    assert choices("LOOP") == {} and choices("SINK_INT") == {}


# ---- the stencils, executed ----

HARNESS = r"""
#define _GNU_SOURCE
#include "../ir/ir.h"
#include "stencil.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "stencils-TRIPLE.h"
#include "bodies.h"

static int failures, checks;
static const char *context = "";
static int check(int ok, int line, const char *text)
{
    checks++;
    if (!ok && failures++ < 20) printf("line %d: %s (%s)\n", line, text, context);
    return ok;
}
#define CHECK(x) check(!!(x), __LINE__, #x)

/* ---- helpers, as strict as C code may be: aligned stack, caller-saved registers lost ---- */
static int helper_fails, deallocated;
static FloatObj float_made;
static IntObj int_made;
#define HELPER_ENTERED() do { \
    CHECK((uintptr_t)__builtin_frame_address(0) % 16 == 0); \
    __asm__ volatile("movq $-1, %%rcx; movq %%rcx, %%rdi; movq %%rcx, %%rsi; movq %%rcx, %%rdx; movq %%rcx, %%r8; movq %%rcx, %%r9;" \
        "movq %%rcx, %%r10; movq %%rcx, %%r11; pcmpeqd %%xmm2, %%xmm2; movaps %%xmm2, %%xmm3; movaps %%xmm2, %%xmm4;" \
        "movaps %%xmm2, %%xmm5; movaps %%xmm2, %%xmm6; movaps %%xmm2, %%xmm7; movaps %%xmm2, %%xmm8; movaps %%xmm2, %%xmm9" \
        ::: "rcx", "rdi", "rsi", "rdx", "r8", "r9", "r10", "r11", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9"); \
} while (0)
Obj *h_new_float(double v) { HELPER_ENTERED(); float_made.value = v; return helper_fails ? 0 : &float_made.base; }
Obj *h_store_float(Obj **slot, double v) { HELPER_ENTERED(); float_made.value = v; return helper_fails ? 0 : (*slot = &float_made.base); }
Obj *h_store_int(Obj **slot, int64_t v) { HELPER_ENTERED(); int_made.digit[0] = (uint32_t)v; return helper_fails ? 0 : (*slot = &int_made.base); }
Obj *h_new_int(int64_t v) { HELPER_ENTERED(); int_made.digit[0] = (uint32_t)v; return helper_fails ? 0 : &int_made.base; }
void h_dealloc(Obj *o) { HELPER_ENTERED(); (void)o; deallocated++; }
double h_mod_float(double a, double b) { HELPER_ENTERED(); return fmod(a, b); }
double h_floordiv_float(double a, double b) { HELPER_ENTERED(); return floor(a / b); }
double h_pow_float(double a, double b) { HELPER_ENTERED(); return pow(a, b); }
Obj *h_vectorcall(Obj *f, Value *args, int64_t n) { HELPER_ENTERED(); return f == (Obj *)0x70 && n == 2 ? args[1].o : 0; }
Obj *h_new_tuple(Value *args, int64_t n) { HELPER_ENTERED(); return n == 2 ? args[0].o : 0; }
Obj *h_new_list(Value *args, int64_t n) { HELPER_ENTERED(); return n == 3 ? args[2].o : 0; }
int h_check_result(Obj *r) { HELPER_ENTERED(); CHECK(r == 0); return helper_fails; }
static void *const helper_table[] = { HELPER_TABLE };
static Obj *fn3(Obj *a, Obj *b, Obj *c) { HELPER_ENTERED(); return (Obj *)((intptr_t)a * 100 + (intptr_t)b * 10 + (intptr_t)c); }
static Obj *fn1(Obj *a) { HELPER_ENTERED(); return helper_fails ? 0 : a; }
static int fn2i(Obj *a, Obj *b) { HELPER_ENTERED(); return (int)((intptr_t)a - (intptr_t)b); }
static double fnf(double a) { HELPER_ENTERED(); return a * 2; }

/* ---- a small emitter ---- */
static uint8_t *memory, *at;
static uint64_t *words;                 /* behind the code; grows up */
static uint8_t *data_at;
typedef struct { void *target; } TestExit;
static TestExit finished, left;
static uint8_t *finished_stub, *left_stub;

static uint64_t *word(uint64_t w) { *words = w; return words++; }

static uint8_t *put(const Stencil *s, int64_t imm, uint64_t w, void *target)
{
    uint8_t *code = at, *data = 0;
    uint64_t *place = 0;
    memcpy(code, s->code, s->size);
    if (s->data) {
        data = data_at;
        memcpy(data, s->data, s->data_size);
        data_at += (s->data_size + 15) / 16 * 16;
    }
    for (int i = 0; i < s->n_holes; i++) {
        const Hole *h = &s->holes[i];
        int64_t v;
        switch (h->value) {
        case HOLE_IMM: v = imm; break;
        case HOLE_WORD: v = (int64_t)(place ? place : (place = word(w))); break;
        case HOLE_CONTINUE: v = (int64_t)(code + s->size); break;
        case HOLE_EXIT: v = (int64_t)left_stub; break;
        case HOLE_TARGET: v = (int64_t)target; break;
        case HOLE_HELPER: v = (int64_t)helper_table[h->symbol]; break;
        case HOLE_DATA: v = (int64_t)data; break;
        default: abort();
        }
        v += h->addend;
        uint8_t *p = code + h->offset;
        switch (h->kind) {
        case PATCH_REL32: v -= (int64_t)p; CHECK(v == (int32_t)v); memcpy(p, &v, 4); break;
        case PATCH_ABS32S: CHECK(v == (int32_t)v); memcpy(p, &v, 4); break;
        case PATCH_ABS32: CHECK(v == (uint32_t)v); memcpy(p, &v, 4); break;
        case PATCH_ABS64: memcpy(p, &v, 8); break;
        default: abort();
        }
    }
    at += s->size;
    return code;
}
#define EMIT(name, number) (CHECK((number) < emit_stencils[EMIT_##name].n_registers), &emit_stencils[EMIT_##name].registers[number])

static uint8_t *common, *entry, *body_at;
static uint64_t *first_word;
static void (*shim)(State *, void *);
static State state, before;
static State *const S = &state;

static void set_up(void)
{
    memory = at = mmap(0, 1 << 20, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    words = (uint64_t *)(memory + (1 << 18));
    data_at = memory + (1 << 19);
    shim = (void (*)(State *, void *))put(EMIT(SHIM, 0), 0, 0, 0);
    finished.target = left.target = common = put(EMIT(EXIT_COMMON, 0), 0, 0, 0);
    finished_stub = put(EMIT(EXIT_STUB, 0), 0, (uint64_t)&finished, 0);
    left_stub = put(EMIT(EXIT_STUB, 0), 0, (uint64_t)&left, 0);
    entry = at;
    for (int i = 0; i < N_G; i++)
        put(EMIT(RELOAD_G, i), offsetof(State, g[i]), 0, 0);
    for (int i = 0; i < N_F; i++)
        put(EMIT(RELOAD_F, i), offsetof(State, f[i]), 0, 0);
    body_at = at;
    first_word = words;
}

static void begin(void) { at = body_at; words = first_word; data_at = memory + (1 << 19); }
static void fill(void)
{
    for (int i = 0; i < N_G; i++) S->g[i].i = 0x1111111111111111 * (i + 1);
    for (int i = 0; i < N_F; i++) S->f[i].f = -1000.25 - i;
}
/* 1: left by the exit. */
static int run(void)
{
    before = state;
    shim(S, entry);
    CHECK(S->exit == &finished || S->exit == &left);
    return S->exit == &left;
}
static void end(void) { put(EMIT(JUMP, 0), 0, 0, finished_stub); }
/* Only these registers may differ from what they were: -1 none; bit i: g[i], bit 16 + i: f[i]. */
static void unchanged(unsigned except)
{
    for (int i = 0; i < N_G; i++) if (!(except >> i & 1)) CHECK(S->g[i].i == before.g[i].i);
    for (int i = 0; i < N_F; i++) if (!(except >> (16 + i) & 1)) CHECK(S->f[i].i == before.f[i].i);
}
#define LOST (~7u)          /* a CALL keeps g0, g1, g2 */

static int one(const Stencil *s, int64_t imm, uint64_t w) { begin(); put(s, imm, w, 0); end(); return run(); }
#define R(name, number) (CHECK((number) < uop_stencils[UOP_##name].n_registers), &uop_stencils[UOP_##name].registers[number])
#define K(name, number) (CHECK((number) < uop_stencils[UOP_##name].n_constant), &uop_stencils[UOP_##name].constant[number])
static uint64_t bits(double d) { Value v = {.f = d}; return (uint64_t)v.i; }

/* ---- every register choice of the uops on numbers, against their bodies compiled as C ---- */
typedef struct { UopCode op; int (*body)(Value *o, int64_t imm, Value *r); } Reference;
REFERENCES

static const int64_t ints[] = {0, 1, -1, 2, 3, -3, 7, 62, 63, 64, 1000003, INT32_MAX, INT32_MIN, (int64_t)INT32_MIN - 1, 1ll << 53, (1ll << 53) + 1,
    -(1ll << 53) - 1, 0x123456789abcdef, INT64_MAX, INT64_MIN, INT64_MIN + 1};
static const double floats[] = {0.0, -0.0, 1.0, -1.0, 2.5, -3.75, 0.1, 1e308, -1e308, 5e-324, 9.2e18, -9.2e18, 4503599627370497.5, INFINITY, -INFINITY, NAN};
#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

static int same(int kind, Value a, Value b) { return kind == KIND_FLOAT && isnan(a.f) ? isnan(b.f) : a.i == b.i; }

static void compare(const Reference *ref, int constant)
{
    const UopInfo *info = &infos[ref->op];
    const StencilSet *set = &uop_stencils[ref->op];
    int n = info->n_operands - constant;
    int sizes[3], total = 1;
    for (int i = 0; i < n; i++) total *= sizes[i] = info->operand[i] == KIND_FLOAT ? N_F : N_G;
    int is_float = info->result == KIND_FLOAT;
    int two_address = n && info->result && (info->operand[0] == KIND_FLOAT) == is_float;
    int n_result = info->result && !two_address ? is_float ? N_F : N_G : 1;
    context = info->name;
    CHECK((constant ? set->n_constant : set->n_registers) == total * n_result);
    for (int number = 0; number < total * n_result; number++) {
        int reg[3] = {0}, rest = number / n_result, result = number % n_result;
        for (int i = n - 1; i >= 0; i--) { reg[i] = rest % sizes[i]; rest /= sizes[i]; }
        if (two_address) result = reg[0];
        const Stencil *s = constant ? &set->constant[number] : &set->registers[number];
        int tried = info->n_operands ? info->operand[0] == KIND_FLOAT ? COUNT(floats) : COUNT(ints) : 1;
        for (int x = 0; x < tried; x++)
            for (int y = 0; y < (info->n_operands > 1 ? COUNT(ints) : info->imm == IMM_IMM ? 64 : 1); y++) {
                Value o[3] = {{0}}, expected = {0};
                int64_t imm = info->imm == IMM_IMM ? y : 0;
                fill();
                for (int i = info->n_operands - 1; i >= 0; i--) {
                    int which = i ? y : x;
                    if (info->operand[i] == KIND_FLOAT) o[i].f = floats[which % COUNT(floats)]; else o[i].i = ints[which];
                    if (i < n) *(info->operand[i] == KIND_FLOAT ? &S->f[reg[i]] : &S->g[reg[i]]) = o[i];
                }
                if (constant && info->operand[n] == KIND_INT) {
                    if (o[n].i != (int32_t)o[n].i) continue;
                    imm = o[n].i;
                }
                for (int i = 0; i < n; i++) o[i] = *(info->operand[i] == KIND_FLOAT ? &S->f[reg[i]] : &S->g[reg[i]]);
                int leaves = ref->body(o, imm, &expected);
                if (x == 0 || constant || info->imm) { begin(); put(s, imm, constant ? (uint64_t)o[n].i : 0, 0); end(); }
                CHECK(run() == leaves);
                if (leaves || !info->result) { unchanged(0); continue; }
                CHECK(same(info->result, is_float ? S->f[result] : S->g[result], expected));
                unchanged(1u << (result + (is_float ? 16 : 0)));
            }
    }
}

static void test_numbers(void)
{
    for (int i = 0; i < COUNT(references); i++) {
        const UopInfo *info = &infos[references[i].op];
        compare(&references[i], 0);
        if (info->const_ok) compare(&references[i], 1);
    }
}

/* ---- by hand ---- */
static void test_emitter_stencils(void)
{
    context = "EMIT";
    for (int dst = 0; dst < N_G; dst++) for (int src = 0; src < N_G; src++) {
        fill();
        CHECK(dst != src || EMIT(MOVE_G, dst * N_G + src)->size == 0);
        CHECK(!one(EMIT(MOVE_G, dst * N_G + src), 0, 0) && S->g[dst].i == before.g[src].i);
        unchanged(1u << dst);
    }
    for (int dst = 0; dst < N_F; dst++) for (int src = 0; src < N_F; src++) {
        fill();
        CHECK(dst != src || EMIT(MOVE_F, dst * N_F + src)->size == 0);
        CHECK(!one(EMIT(MOVE_F, dst * N_F + src), 0, 0) && S->f[dst].f == before.f[src].f);
        unchanged(1u << (16 + dst));
    }
    for (int r = 0; r < N_G; r++) {
        fill();
        one(EMIT(SPILL_G, r), offsetof(State, spill[N_SPILL - 1 - r]), 0);
        CHECK(S->spill[N_SPILL - 1 - r].i == before.g[r].i);
        unchanged(0);
        const int64_t small[] = {0, 1, -1, INT32_MAX, INT32_MIN, -5};
        for (int k = 0; k < COUNT(small); k++) { one(EMIT(CONST_G, r), small[k], 0); CHECK(S->g[r].i == small[k]); unchanged(1u << r); }
        one(EMIT(CONST_G_WORD, r), 0, 0x8123456789abcdefu); CHECK((uint64_t)S->g[r].i == 0x8123456789abcdefu); unchanged(1u << r);
    }
    for (int r = 0; r < N_F; r++) {
        fill();
        one(EMIT(SPILL_F, r), offsetof(State, spill[r]), 0);
        CHECK(S->spill[r].i == before.f[r].i);
        one(EMIT(CONST_F, r), 0, bits(0.1)); CHECK(S->f[r].f == 0.1); unchanged(1u << (16 + r));
    }
    static int64_t valid = 1;
    fill();
    CHECK(!one(EMIT(JUMP_VALID, 0), 0, (uint64_t)&valid)); unchanged(0);
    valid = 0;
    CHECK(one(EMIT(JUMP_VALID, 0), 0, (uint64_t)&valid)); unchanged(0);
    static void *where;
    where = finished_stub;
    begin(); put(EMIT(JUMP_INDIRECT, 0), 0, (uint64_t)&where, 0);
    CHECK(!run()); unchanged(0);
    where = left_stub;
    CHECK(run()); unchanged(0);
}

static void test_loop(void)
{
    context = "loop";
    fill();
    S->g[3].i = 0; S->g[4].i = 1000000; S->f[2].f = 0;
    begin();
    uint8_t *head = put(R(GUARD_LT_INT, 3 * N_G + 4), 0, 0, 0);
    put(K(ADD_INT, 3), 3, 0, 0);
    put(K(SUB_INT, 3), 2, 0, 0);
    put(K(ADD_FLOAT, 2), 0, bits(0.5), 0);
    put(EMIT(JUMP, 0), 0, 0, head);
    CHECK(run() && S->g[3].i == 1000000 && S->f[2].f == 500000);
    unchanged(1u << 3 | 1u << 18);
}

static void test_objects(void)
{
    static FloatObj f = {{1, 0}, 6.5};
    context = "UNBOX_FLOAT";
    for (int a = 0; a < N_G; a++) for (int r = 0; r < N_F; r++) {
        fill(); S->g[a].o = &f.base;
        CHECK(!one(R(UNBOX_FLOAT, a * N_F + r), 0, 0) && S->f[r].f == 6.5); unchanged(1u << (16 + r));
    }
    context = "UNBOX_INT";
    static const struct { int64_t tag; uint32_t d[3]; int leaves; int64_t v; } cases[] = {
        {1 << 3, {5}, 0, 5}, {1 << 3 | 2, {5}, 0, -5}, {1, {0}, 0, 0}, {1 << 3, {(1 << 30) - 1}, 0, (1 << 30) - 1},
        {2 << 3 | 2, {1, 3}, 0, -((3ll << 30) + 1)}, {2 << 3, {0, 1}, 0, 1 << 30}, {3 << 3, {0x3fffffff, 0x3fffffff, 7}, 0, INT64_MAX},
        {3 << 3 | 2, {0x3fffffff, 0x3fffffff, 7}, 0, -INT64_MAX}, {3 << 3, {0, 0, 8}, 1}, {3 << 3, {0, 0, 16}, 1}, {4 << 3, {1, 1, 1}, 1}};
    for (int a = 0; a < N_G; a++) for (int k = 0; k < COUNT(cases); k++) {
        IntObj o = {{1, 0}, (uint64_t)cases[k].tag, {cases[k].d[0], cases[k].d[1], cases[k].d[2]}};
        fill(); S->g[a].o = &o.base;
        CHECK(one(R(UNBOX_INT, a), 0, 0) == cases[k].leaves);
        if (!cases[k].leaves) CHECK(S->g[a].i == cases[k].v);
        unchanged(cases[k].leaves ? 0 : 1u << a);
    }
    context = "LIST_ITEM";
    Obj things[3];
    Obj *items[] = {&things[0], &things[1], &things[2]};
    ListObj list = {{1, 0}, 3, items};
    struct { Obj base; int64_t size; Obj *item[3]; } tuple = {{1, 0}, 3, {&things[2], &things[1], &things[0]}};
    for (int l = 0; l < N_G; l++) for (int64_t i = -2; i < 5; i++) {
        for (int r = 0; r < N_G; r++) {
            if (r == l) continue;
            fill(); S->g[l].o = &list.base; S->g[r].i = i;
            CHECK(one(R(LIST_ITEM, l * N_G + r), 0, 0) == (i < 0 || i > 2));
            if (i >= 0 && i < 3) CHECK(S->g[l].o == &things[i]);
            unchanged(i >= 0 && i < 3 ? 1u << l : 0);
        }
        fill(); S->g[l].o = &list.base;
        CHECK(one(K(LIST_ITEM, l), i, 0) == (i < 0 || i > 2));
        if (i >= 0 && i < 3) CHECK(S->g[l].o == &things[i]);
        S->g[l].o = (Obj *)&tuple;
        CHECK(one(K(TUPLE_ITEM, l), i, 0) == (i < 0 || i > 2));
        if (i >= 0 && i < 3) CHECK(S->g[l].o == &things[2 - i]);
    }
    context = "LIST_SWAP";
    fill(); S->g[0].o = &list.base; S->g[1].i = 1; S->g[2].o = &things[0];
    CHECK(!one(R(LIST_SWAP, 0), 0, 0) && S->g[0].o == &things[1] && items[1] == &things[0]); unchanged(1);
    context = "DECREF";
    for (int a = 0; a < N_G; a++) {
        Obj o = {2, 0}, immortal = {0xffffffff, 0};
        fill(); S->g[a].o = &o;
        CHECK(!one(R(DECREF, a), 0, 0) && o.refcnt == 1); unchanged(0);
        CHECK(run() && o.refcnt == 1); unchanged(0);
        S->g[a].o = &immortal; CHECK(!run() && immortal.refcnt == 0xffffffff);
        S->g[a].o = 0; CHECK(!run());
        S->g[a].o = &o; CHECK(!one(R(INCREF, a), 0, 0) && o.refcnt == 2);
        S->g[a].o = &immortal; CHECK(!run() && immortal.refcnt == 0xffffffff);
        context = "GUARD_TYPE";
        o.type = (void *)0x7fff12345678; S->g[a].o = &o;
        CHECK(!one(R(GUARD_TYPE, a), 0, 0x7fff12345678)); CHECK(one(R(GUARD_TYPE, a), 0, 0x7fff12345679)); unchanged(0);
        CHECK(!one(R(GUARD_IS, a), 0, (uint64_t)&o)); CHECK(one(R(GUARD_IS, a), 0, 8)); CHECK(one(R(GUARD_IS_NOT, a), 0, (uint64_t)&o));
        context = "SET_FLOAT";
        FloatObj target = {{1, 0}, 0};
        S->g[a].o = &target.base; S->f[5].f = 2.25;
        CHECK(!one(R(SET_FLOAT, a * N_F + 5), 0, 0) && target.value == 2.25); target.base.refcnt = 2; target.value = 0;
        CHECK(run() && target.value == 0); unchanged(0);
        context = "BOOL_OBJ";
        S->true_object = &things[0]; S->false_object = &things[1];
        fill(); S->g[a].i = 1ll << 40; CHECK(!one(R(BOOL_OBJ, a), 0, 0) && S->g[a].o == &things[0]); unchanged(1u << a);
        S->g[a].i = 0; CHECK(!run() && S->g[a].o == &things[1]);
        CHECK(!one(R(UNBOX_BOOL, a), 0, 0) && S->g[a].i == 0);
        S->g[a].o = &things[0]; CHECK(!run() && S->g[a].i == 1);
        context = "GUARD_FUNC";
        FunctionObj function = {.version = 0x90000001u};
        S->g[a].o = &function.base; CHECK(!one(R(GUARD_FUNC, a), 0x90000001u, 0)); CHECK(one(R(GUARD_FUNC, a), 1, 0));
        function.fields[FUNC_CLOSURE] = &things[2];
        CHECK(!one(R(FUNC_FIELD, a), FUNC_CLOSURE, 0) && S->g[a].o == &things[2]);
        context = "GUARD_MODULE";
        ModuleObj module = {{1, (void *)0x7fff12345678}, &things[1]};
        S->module_type = (void *)0x7fff12345678; S->g[a].o = &module.base;
        CHECK(!one(R(GUARD_MODULE, a), 0, (uint64_t)&things[1])); CHECK(one(R(GUARD_MODULE, a), 0, (uint64_t)&things[2]));
        module.base.type = 0; CHECK(one(R(GUARD_MODULE, a), 0, (uint64_t)&things[1])); unchanged(0);
        BuiltinObj builtin = {{1, 0}, (void *)0x7fff12345678};
        S->g[a].o = &builtin.base; CHECK(!one(R(GUARD_ML, a), 0, 0x7fff12345678)); CHECK(one(R(GUARD_ML, a), 0, 8)); unchanged(0);
        context = "GUARD_UNMONITORED";
        S->other_tools = ~0ull;
        uint8_t tools[N_LOCAL_EVENTS] = {0};
        CodeObj code = {.local_events = 0};
        CHECK(!one(R(GUARD_UNMONITORED, 0), 0, (uint64_t)&code)); code.local_events = tools; CHECK(!run());
        tools[9] = 1; CHECK(run()); tools[9] = 0; tools[0] = 16; CHECK(run()); unchanged(0);
        context = "GUARD_KEYS_AT";
        DictKeys keys = {1, 0, 0, 0, 7};
        DictObj dict = {{1, 0}, 0, 0, &keys};
        S->g[a].o = &dict.base; CHECK(!one(R(GUARD_KEYS_AT, a), 0, (uint64_t)&keys)); CHECK(one(R(GUARD_KEYS_AT, a), 0, 8)); unchanged(0);
    }
    context = "slots";
    Obj *slots[200] = {0};
    S->base = slots;
    for (int a = 0; a < N_G; a++) {
        fill(); slots[150] = 0;
        CHECK(!one(R(STORE_SLOT, a), 150 * 8, 0) && slots[150] == S->g[a].o); unchanged(0);
        slots[150] = &things[1];
        CHECK(!one(R(LOAD_SLOT, a), 150 * 8, 0) && S->g[a].o == &things[1]); unchanged(1u << a);
        S->g[a].o = &things[2];
        CHECK(!one(R(SWAP_SLOT, a), 150 * 8, 0) && S->g[a].o == &things[1] && slots[150] == &things[2]);
        CHECK(!one(R(TAKE_SLOT, a), 150 * 8, 0) && S->g[a].o == &things[2] && !slots[150]); unchanged(1u << a);
        S->g[a].o = &things[0];
        CHECK(!one(R(ARG, a), a, 0) && S->args[a].o == &things[0]); unchanged(0);
    }
    context = "iterators";
    RangeIter range = {{1, 0}, 10, -3, 2};
    fill(); S->g[4].o = &range.base;
    CHECK(!one(R(RANGE_NEXT, 4), 0, 0) && S->g[4].i == 10 && range.start == 7 && range.left == 1); unchanged(1u << 4);
    S->g[4].o = &range.base; CHECK(!run() && S->g[4].i == 7);
    S->g[4].o = &range.base; CHECK(run() && range.left == 0); unchanged(0);
    context = "POLL";
    uintptr_t breaker = 0x700;
    S->breaker = &breaker; S->calm = 0x700;
    CHECK(!one(R(POLL, 0), 0, 0)); breaker |= 1; CHECK(run()); unchanged(0);
    context = "STRESS";
    S->stress_left = 2; S->stress_every = 5;
    CHECK(!one(R(STRESS, 0), 0, 0)); CHECK(run() && S->stress_left == 5); unchanged(0);
}

static void test_calls(void)
{
    context = "calls";
    fill();
    CHECK(!one(R(NEW_FLOAT, 0), 0, 0) && S->g[3].o == &float_made.base && float_made.value == before.f[0].f); unchanged(LOST);
    helper_fails = 1; CHECK(run()); unchanged(LOST); helper_fails = 0;
    fill(); S->g[0].i = 7;
    CHECK(!one(R(NEW_INT, 0), 0, 0) && S->g[3].o == &int_made.base && int_made.digit[0] == 7); unchanged(LOST);
    S->g[0].i = 1; S->g[1].i = 2; S->g[2].i = 3;
    CHECK(!one(R(CALL3, 0), 0, (uint64_t)fn3) && S->g[3].i == 123); unchanged(LOST);
    CHECK(!one(R(LEAF1, 0), 0, (uint64_t)fn1) && S->g[3].i == 1); helper_fails = 1; CHECK(run()); helper_fails = 0; unchanged(LOST);
    CHECK(one(R(CALL2I, 0), 0, (uint64_t)fn2i)); S->g[0].i = 9; CHECK(!run() && S->g[3].i == 7); unchanged(LOST);
    S->g[0].i = 0;
    CHECK(!one(R(NEXT, 0), 0, (uint64_t)fn1) && S->g[3].i == 0); helper_fails = 1; CHECK(run()); helper_fails = 0;
    S->args[0].i = 40; S->args[1].i = 41; S->args[2].i = 42;
    S->g[0].i = 0x70; CHECK(!one(R(VECTORCALL, 0), 2, 0) && S->g[3].i == 41); CHECK(one(R(VECTORCALL, 0), 3, 0)); unchanged(LOST);
    CHECK(!one(R(NEW_TUPLE, 0), 2, 0) && S->g[3].i == 40); CHECK(!one(R(NEW_LIST, 0), 3, 0) && S->g[3].i == 42);
    Obj o = {2, 0}, *slots[5] = {0};
    S->base = slots; S->g[0].i = 12;
    helper_fails = 1; CHECK(one(R(KEEP_INT, 0), 4 * 8, 0) && !slots[4]); unchanged(LOST); helper_fails = 0;
    CHECK(!run() && S->g[3].o == &int_made.base && slots[4] == S->g[3].o && int_made.digit[0] == 12); unchanged(LOST);
    slots[4] = &o; CHECK(!run() && S->g[3].o == &o && slots[4] == &o);
    CHECK(!one(R(KEEP_FLOAT, 0), 4 * 8, 0) && S->g[3].o == &o);
    slots[4] = 0; S->f[0].f = 4.5; CHECK(!run() && S->g[3].o == &float_made.base && slots[4] == S->g[3].o && float_made.value == 4.5);
    helper_fails = 1; CHECK(one(R(STORE_FLOAT, 0), 3 * 8, 0) && !slots[3]); unchanged(LOST); helper_fails = 0;
    S->f[0].f = 5.5; CHECK(!run() && S->g[3].o == &float_made.base && slots[3] == S->g[3].o && float_made.value == 5.5); unchanged(LOST);
    S->g[0].i = 13; CHECK(!one(R(STORE_INT, 0), 2 * 8, 0) && S->g[3].o == &int_made.base && slots[2] == S->g[3].o && int_made.digit[0] == 13); unchanged(LOST);
    S->g[0].o = &o;
    CHECK(!one(R(DECREF_CALL, 0), 0, 0) && o.refcnt == 1 && !deallocated); CHECK(!run() && o.refcnt == 0 && deallocated == 1); unchanged(LOST);
    o.refcnt = 1; CHECK(!one(R(DECREF_LEAF, 0), 0, 0) && deallocated == 2);
    S->g[0].o = 0; CHECK(!run() && deallocated == 2);
    S->f[0].f = 7.5; S->f[1].f = 2; CHECK(!one(R(MOD_FLOAT, 0), 0, 0) && S->f[0].f == 1.5); unchanged(LOST);
    S->f[0].f = 7.5; S->f[1].f = 2; CHECK(!one(R(FLOORDIV_FLOAT, 0), 0, 0) && S->f[0].f == 3);
    S->f[1].f = 0; CHECK(run());
    S->f[0].f = 3; S->f[1].f = 2; CHECK(!one(R(POW_FLOAT, 0), 0, 0) && S->f[0].f == 9);
    S->f[0].f = -3; S->f[1].f = 2; CHECK(run());
    S->f[0].f = 1e300; S->f[1].f = 2; CHECK(run());
    S->f[0].f = 1e-300; S->f[1].f = 2; CHECK(run());         /* a call that left has lost f1 */
    S->f[0].f = 3; CHECK(!one(R(CALL_FLOAT, 0), 0, (uint64_t)fnf) && S->f[0].f == 6);
    S->f[0].f = NAN; CHECK(run());
    S->f[0].f = 1.5e308; CHECK(run());
}

int main(void)
{
    set_up();
    for (int i = 0; i < UOP_COUNT; i++)
        CHECK((infos[i].effects & (EFFECT_META | EFFECT_SUNK)) ? !uop_stencils[i].registers : uop_stencils[i].registers && uop_stencils[i].n_registers);
    for (int i = 0; i < EMIT_COUNT; i++) CHECK(emit_stencils[i].n_registers > 0);
    test_emitter_stencils();
    test_loop();
    test_objects();
    test_calls();
    test_numbers();
    printf("%d checks, %d failures\n", checks, failures);
    return failures != 0;
}
"""


def references(uops: list[gen_uops.Uop]) -> str:
    """A C function for each uop that computes with numbers alone, from its body."""
    out, table = ["static const UopInfo infos[] = { UOP_TABLE };"], []
    for u in uops:
        if not u.has_body or "PURE" not in u.effects or "CALL" in u.effects or any(o.kind == "obj" for o in u.operands):
            continue
        if u.result_kind == "obj" or (u.imm and u.imm[0] != "imm"):
            continue
        args = ["S"] + [f"o[{i}].{'f' if o.kind == 'float' else 'i'}" for i, o in enumerate(u.operands)]
        args += ["imm"] if u.imm else []
        args += [f"&r->{'f' if u.result_kind == 'float' else 'i'}"] if u.result != "-" else []
        args += ["&leave"] if u.exit != "-" else []
        out.append(f"static int ref_{u.name}(Value *o, int64_t imm, Value *r) "
                   f"{{ int leave = 0; (void)o; (void)imm; (void)r; body_{u.name}({', '.join(args)}); return leave; }}")
        table.append(f"{{UOP_{u.name}, ref_{u.name}}},")
    assert len(table) > 60
    return "\n".join(out + ["static const Reference references[] = {", *table, "};"])


@needs_llvm
@pytest.mark.skipif(platform.machine() != "x86_64" or sys.platform != "linux", reason="executes x86-64 Linux stencils")
def test_execution(folder, tmp_path):
    uops = gen_uops.load(os.path.join(ROOT, "src", "ir", "uops.def"))
    helpers = gen_uops.load_runtime(os.path.join(ROOT, "src", "runtime", "runtime.def"))
    source = HARNESS.replace("TRIPLE", TRIPLE).replace("REFERENCES", references(uops))
    source = source.replace("HELPER_TABLE", ", ".join(f"(void *){h.name}" for h in helpers))
    known = set(re.findall(r"\b(h_\w+)\(", HARNESS))
    source = source.replace("static void *const", "\n".join(     # helpers that no test here calls
        f"{h.returns} {h.name}{h.params} {{ abort(); }}" for h in helpers if h.name not in known) + "\nstatic void *const", 1)
    (tmp_path / "run.c").write_text(source)
    (tmp_path / "uops_gen.h").write_text(gen_uops.header(uops, helpers))
    include = sysconfig.get_paths()["include"]
    command = ["gcc", "-O1", "-fno-strict-aliasing", "-ffp-contract=off", "-no-pie", "-w", "-o", tmp_path / "run", tmp_path / "run.c", "-lm"]
    for path in tmp_path, folder, os.path.join(ROOT, "src", "emit"), os.path.join(ROOT, "stencils"), include, os.path.join(include, "internal"):
        command += ["-I", path]
    subprocess.run(command, check=True)
    result = subprocess.run([tmp_path / "run"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, f"{result.stdout[-3000:]}{result.stderr}"
    assert " 0 failures" in result.stdout
