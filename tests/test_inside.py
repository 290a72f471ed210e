"""What can be seen of compiled code from Python: copypatch.executors(), COPYPATCH_DUMP=code, disassemblers."""

import shutil
import subprocess
import sys
import textwrap

import pytest
import runner

sys.path.insert(0, str(runner.TESTS.parent))
from copypatch import _disassemble  # noqa: E402

needs_native = pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))

COMMON = """
    import copypatch, gc, re, sys
    def define(text, **names):
        namespace = dict(names)
        exec(compile(text, "program.py", "exec"), namespace)
        return namespace["f"]
    TEXT = '''
    def half(x):
        return x * 0.5
    def f(n):
        s = 0.0
        for i in range(n):
            if i % 3:
                s += half(i)
        return s
    '''
    def look(x, disassembly=lambda o: None):
        \"\"\"Everything there is to see of an executor.\"\"\"
        out = [repr(x), len(x), list(x), x[0], x[:2], x.code, x.valid, x.code_size, x.jit_code, disassembly(x), x == x, hash(x)]
        for t in x.traces:
            out += [repr(t), t.number, t.parent, t.name, t.place, t.n_bytecodes, t.uops, t.exits, t.address, t.jit_code, t.parts]
            out += [str(u) for u in t.uops]
        return out
"""


def run(tmp_path, program, **env):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(COMMON).replace("\n    def half", "\ndef half").replace("TEXT = '''\n", "TEXT = '''") + textwrap.dedent(program))
    done = runner.run(["-m", "copypatch", path], **{"COPYPATCH_EAGER": "1", "COPYPATCH_FUNCTIONS": "0", "PYTHONMALLOC": "debug"} | env)
    assert done.status == 0 and not done.stderr, done.stdout + done.stderr
    return done.stdout.splitlines()


@needs_native
def test_executor(tmp_path):
    lines = run(tmp_path, """
        f = define(TEXT)
        for k in range(5):
            f(300)
        x, = copypatch.executors(f)
        print(x.code is f.__code__, x.valid, x in copypatch.executors(), x == copypatch.executors(f)[0], x == x.code)
        root, side = x.traces
        print(*(re.match(r"<(.+?:\\d+): \\d+ uops, \\d+ bytes>$", repr(t))[1] for t in x.traces))
        print(root.parent, side.parent[0], root.exits[side.parent[1]].side, root.exits[side.parent[1]].uop.name)
        print(list(x) == [u.name for u in x.uops] == [u.name for u in root.uops], len(x) == len(root.uops))
        add = next(u for u in root.uops if u.name == "MUL_FLOAT")
        print(add.place.function, add.place.file, add.place.line, add.text.split()[0], str(add).split()[1])
        print({str(u.place) for u in root.uops})
        left = [e for e in x.exits if e.count]
        n = x.entries
        f(300)
        print([(e.trace, e.uop.name) for e in left], x.entries - n)
        print(x.code_size == sum(len(t.jit_code) for t in x.traces), x.jit_code == root.jit_code)
        for t in x.traces:
            print([p.offset for p in t.parts][0], t.parts[-1].end == len(t.jit_code), all(a.end == b.offset for a, b in zip(t.parts, t.parts[1:])))
        print(root.address % 16, root.name)
    """)
    assert lines == [
        "True True True True False", "trace 0 of f at program.py:5 trace 1 of f at program.py:6",
        "None 0 1 GUARD_TRUE", "True True", "half program.py 2 MUL_FLOAT =", lines[5], lines[6], "True True", "0 True True", "0 True True", "0 py_trace:f:program.py:5"]
    assert set(eval(lines[5])) == {"program.py:2", "program.py:5", "program.py:6", "program.py:7"}
    assert lines[6].startswith("[(") and lines[6].endswith("] 1")


@needs_native
def test_disassembly(tmp_path):
    out = "\n".join(run(tmp_path, """
        f = define(TEXT)
        for k in range(5):
            f(300)
        print(copypatch.executors(f)[0].disassembly())
    """))
    names = out.split("py_trace:")
    assert len(names) == 3 and names[1].startswith("f:program.py:5\n") and names[2].startswith("f:program.py:6\n")
    assert "MUL_FLOAT" in names[1] and "exit_stub of " in names[1] and "words" in names[1]
    # the uop's own instruction beside it, and the line of the function that was followed into
    at = names[1].splitlines()
    multiply = next(i for i, line in enumerate(at) if "= MUL_FLOAT" in line)
    if any(shutil.which(p) for p in ("objdump", "llvm-mc")):
        assert "mul" in at[multiply + 1], at[multiply:multiply + 3]
    assert any("INT_TO_FLOAT" in line and line.endswith("program.py:2") for line in at)


def test_executors_that_are_gone(tmp_path):
    """Whatever becomes of the function, the functions and classes it used, and the JIT: what is left can be looked at."""
    assert run(tmp_path, """
        class Held:
            def __init__(self): self.v = 1.5
        module = type(sys)("module")
        module.value = 2.5
        text = TEXT.replace("s += half(i)", "s += half(i) + module.value + (held is other)")
        held = Held()
        f = define(text, module=module, held=held, other=Held())
        for k in range(5):
            f(300)
        before = copypatch.executors(f)
        assert {"GUARD_FUNC", "GUARD_IS", "MUL_FLOAT"} <= {u.name for t in before[0].traces for u in t.uops}
        assert all(look(x) for x in before)
        inner = f.__globals__
        del inner["half"]
        try: f(300)
        except NameError: pass
        assert all(look(x) for x in before)
        copypatch.disable()
        assert copypatch.executors(f) == before and all(look(x) for x in before)
        del f, held, module, Held, inner
        gc.collect()
        trash = [[bytearray(400) for i in range(1000)] for k in range(3)]
        for x in before:
            assert x.code is None
            look(x, lambda o: o.disassembly())
        assert all(x in copypatch.executors() for x in before)
        copypatch.enable()
        gone = sum(x.code is None for x in copypatch.executors()) - len(before)
        del before, x
        gc.collect()
        print(sum(x.code is None for x in copypatch.executors()) == gone, all(look(x) for x in copypatch.executors()))
    """) == ["True True"]


@pytest.mark.parametrize("env", [{}, {"COPYPATCH_INTERPRET": "1"}, {"COPYPATCH_STRESS": "exit:1"}])
def test_looking_while_recording(tmp_path, env, monkeypatch):
    """Functions called from the loop that is being recorded, and from the trace itself. With forced exits there are 475 traces to look at: 45 s alone."""
    monkeypatch.setattr(runner, "PATIENCE", 5 * runner.PATIENCE)
    assert run(tmp_path, """
        n = 0
        def watch(i):
            global n
            for x in copypatch.executors():
                n += len(x._raw._inside)
            return 0.5
        f = define(TEXT.replace("half(i)", "min(watch(i), 1.0)"), watch=watch)
        for k in range(3):
            f(6)
        print(n > 20, all(look(x) for x in copypatch.executors()))
    """, **env) == ["True True"]


def test_without_native_code(tmp_path):
    assert run(tmp_path, """
        f = define(TEXT)
        f(300)
        x, = copypatch.executors(f)
        print(x.code_size, x.jit_code, x.traces[0].parts, "MUL_FLOAT" in list(x))
        print(x.disassembly().splitlines()[1])
    """, COPYPATCH_INTERPRET="1") == ["0 b'' [] True", "no native code: run by the uop interpreter"]


def test_looking_leaks_nothing(tmp_path):
    assert run(tmp_path, """
        f = define(TEXT)
        for k in range(5):
            f(300)
        def blocks():
            for k in range(20):
                x, = copypatch.executors(f)
                [(t.uops, t.exits, t.parts) for t in x.traces]
            gc.collect()
            return sys.getallocatedblocks()
        blocks()
        blocks()
        print(abs(blocks() - blocks()) < 20)
    """, PYTHONMALLOC="") == ["True"]


@needs_native
def test_dump(tmp_path):
    path = tmp_path / "program.py"
    path.write_text("def f(n):\n    s = 0.0\n    for i in range(n):\n        s += i * 0.25\n    return s\nprint(f(300))\nprint(f(3))\n")
    done = runner.run(["-m", "copypatch", path], COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0", COPYPATCH_DUMP="code")
    assert done.status == 0 and done.stdout == "11212.5\n0.75\n"
    mine = [part for part in done.stderr.split("code: ") if part.startswith(f"py_trace:f:{path}:3: ")]
    assert len(mine) == 1 and "_disassemble" not in done.stderr and "_inside" not in done.stderr
    lines = mine[0].splitlines()
    noted = {line.split()[-1] for line in lines if line.startswith("; ") and ".py:" in line}
    assert noted == {"program.py:3", "program.py:4"} and any("MUL_FLOAT" in line for line in lines)
    assert sum(line.startswith("  ") for line in lines) > 50


@needs_native
def test_dump_is_interrupted(tmp_path):
    """Ctrl-C while a dump is made is the program's."""
    path = tmp_path / "program.py"
    path.write_text("import copypatch._inside as inside\ndef interrupted(raw, number): raise KeyboardInterrupt\ninside.dump = interrupted\n"
                    "try:\n    for i in range(300): s = i * 2\n    print('missed')\nexcept KeyboardInterrupt:\n    print('caught')\n")
    done = runner.run(["-m", "copypatch", path], COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0", COPYPATCH_DUMP="code")
    assert done.status == 0 and done.stdout == "caught\n"


# ---- disassemblers ----

CODE = {"x86_64": (bytes.fromhex("4801c8 48c7c005000000 e8000000 00 c3".replace(" ", "")), ["add %rcx,%rax", "mov $0x5,%rax", "call 0x100f", "ret"], [0, 3, 10, 15]),
        "aarch64": (bytes.fromhex("0000018b 00008052 c0035fd6".replace(" ", "")), ["add x0, x0, x1", "mov w0, #0", "ret"], [0, 4, 8])}


@pytest.mark.parametrize("machine", CODE)
@pytest.mark.parametrize("make", [_disassemble.with_capstone, _disassemble.with_objdump, _disassemble.with_llvm])
def test_disassembler(make, machine):
    code, expected, offsets = CODE[machine]
    function = make(machine)
    if not function:
        pytest.skip("not installed")
    try:
        found = function(code, 0x1000)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"knows no {machine}: {error.stderr.strip().splitlines()[-1]}")
    assert [offset for offset, _ in found] == offsets
    assert [text.split()[0].rstrip("q").replace("movz", "mov").replace("retq", "ret") for _, text in found] == [text.split()[0] for text in expected]


@needs_native
def test_no_disassembler(tmp_path):
    lines = run(tmp_path, """
        import copypatch._disassemble as d
        d.with_capstone = d.with_objdump = d.with_llvm = lambda machine: None
        d.chosen.cache_clear()
        f = define(TEXT)
        f(300)
        print(copypatch.executors(f)[0].disassembly())
    """)
    assert lines[1] == "; no disassembler is there (the Python package capstone, objdump or llvm-mc): bytes"
    assert any("MUL_FLOAT" in line for line in lines) and sum(line.startswith("  ") for line in lines) > 20
