"""tools/stencils: finding LLVM, the optimizer of the assembly, digests, and the stencils themselves, copied, patched and executed."""

import os
import re
import subprocess
import sys

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
