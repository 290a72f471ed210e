"""python -m copypatch stencil NAME"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import runner

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "stencils"))
import llvm  # noqa: E402
import show  # noqa: E402
import targets  # noqa: E402

import copypatch  # noqa: E402


def have_llvm():
    try:
        llvm.find()
        return True
    except llvm.NotFound:
        return False


needs_llvm = pytest.mark.skipif(not have_llvm(), reason=f"LLVM {llvm.OLDEST} or newer is not installed")
needs_native = pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))


def stencil(*args, cwd=None, **env):
    done = runner.run(["-m", "copypatch", "stencil", *args], **env) if cwd is None else subprocess.run(
        [sys.executable, "-m", "copypatch", "stencil", *args], cwd=cwd, env=runner.environment(**env), capture_output=True, text=True)
    return (done.status if cwd is None else done.returncode), done.stdout, done.stderr


@needs_llvm
@pytest.mark.parametrize("triple", targets.TARGETS)
def test_variant(triple):
    status, out, err = stencil("ADD_INT__r7", "--target", triple)
    assert (status, err) == (0, "")
    assert re.match(r"C: stencils/ints\.h:\d+\nuop\(ADD_INT\) \{.*__builtin_add_overflow.*\}\n", out)
    assert re.search(rf"^---- ADD_INT__r7 \(.* -> .*\) for {triple}: \d+ bytes$", out, re.M)
    parts = re.split(r"^(?:C|assembly|bytes|holes)[^\n]*:\n", out[out.index("----"):], flags=re.M)
    assert len(parts) == 6, out
    _, source, before, after, code, holes = parts
    assert "body_ADD_INT(" in source and "_CONTINUE" in before and "_CONTINUE" not in after and "_EXIT" in after
    assert re.search(r"^ +[0-9a-f]+:  ([0-9a-f]{2} )+.*<-  EXIT", code, re.M)
    assert re.fullmatch(r"( +[0-9a-f]+:  PATCH_\w+  EXIT  [+-]\d+\n)+", holes)
    assert len(out.splitlines()) < 60


@needs_llvm
def test_uop():
    status, out, _ = stencil("add_float")
    assert status == 0 and "72 variants:" in out and "  ADD_FLOAT__r9 " in out and "  ADD_FLOAT__k7 " in out
    assert out.count("----") == 1 and "---- ADD_FLOAT__r0 " in out
    assert stencil("GUARD_TYPE", "--all")[1].count("----") == 6


@needs_llvm
def test_names():
    status, out, _ = stencil()
    names = dict(line.split() for line in out.splitlines())
    assert status == 0 and names["ADD_INT"] == "42" and names["EMIT_SHIM"] == "1" and len(names) > 100


@pytest.mark.parametrize("name, message", [("ADDINT", "did you mean ADD_INT"), ("ADD_INT__r4242", "those of ADD_INT are ADD_INT__r0 to ADD_INT__k"), ("xyzzy", "there is no stencil xyzzy")])
def test_unknown_name(name, message):
    status, out, err = stencil(name)
    assert status == 2 and not out and message in err and "Traceback" not in err and err.count("\n") == 1


def test_unknown_target():
    status, out, err = stencil("ADD_INT", "--target", "vax")
    assert status == 2 and not out and "vax" in err and "Traceback" not in err
    assert stencil("ADD_INT", "--nonsense")[0] == 2


@needs_native
def test_without_llvm(tmp_path):
    """One sentence says what is missing; bytes and holes of this build are shown."""
    status, out, err = stencil("ADD_INT__r7", COPYPATCH_LLVM=str(tmp_path))
    assert status == 0 and err.count("\n") == 1 and "LLVM" in err and "install" in err
    assert "ADD_INT__r7" in out and "bytes:" in out and "holes:" in out and "assembly" not in out
    assert stencil("ADDINT", COPYPATCH_LLVM=str(tmp_path))[0] == 2


@pytest.fixture
def installed(tmp_path):
    """A folder with the package as it is installed."""
    shutil.copytree(Path(copypatch.__file__).parent, tmp_path / "copypatch", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@needs_native
def test_without_source_tree(installed):
    status, out, err = stencil("vectorcall", cwd=installed)
    assert status == 0 and err == "copypatch: there is no source tree of copypatch here, so only bytes and holes are shown, of this build's own stencils\n"
    assert "---- VECTORCALL__r0 for " in out and "  HELPER h_vectorcall  " in out
    status, out, _ = stencil(cwd=installed)
    assert status == 0 and dict(line.split() for line in out.splitlines())["ADD_FLOAT"] == "72"
    assert stencil("ADD_FLOAT", "--all", cwd=installed)[1].count("----") == 72
    for args in ["NOTHING"], ["ADD_FLOAT__r64"], ["ADD_FLOAT__k8"], ["ADD_FLOAT", "--target", "vax"]:
        status, out, err = stencil(*args, cwd=installed)
        assert status == 2 and not out and "Traceback" not in err, args


@needs_llvm
@needs_native
def test_built_in_is_what_the_generator_makes():
    """For uops of all sorts: same bytes, same holes under the same names. (Stencils of another LLVM may differ.)"""
    target = targets.TARGETS[copypatch._copypatch.TARGET]
    header = (ROOT / "build" / show.build.header_name(target.triple, show.build.this_layout())).read_text()[:300]
    if llvm.find().version not in header:
        pytest.skip("the build was made by another LLVM")
    requests = show.requests_of(target)
    tables = copypatch._copypatch._stencil_tables()
    assert {name: len(r) for name, r in requests.items()} == {name: sum(n) for name, n in tables.items()}
    for name in "ADD_INT__k2", "ABS_FLOAT__r3", "VECTORCALL__r0", "GUARD_TYPE__r1", "LOAD_WORD__r0", "EMIT_CONST_G_WORD__2", "EMIT_EXIT_STUB__0":
        [request] = show.find(requests, name)
        made = show.compile_one(target, show.build.this_layout(), llvm.find(), request)
        table, _, variant = name.partition("__")
        code, holes, data = copypatch._copypatch._stencil(table, int(variant.lstrip("rk")), variant.startswith("k"))
        assert code == made.stencil.code and data == made.stencil.data, name
        assert holes == [(h.offset, h.kind, h.value, made.helpers[h.symbol] if h.value == "HELPER" else None, h.addend) for h in made.stencil.holes], name


def test_script_of_that_name(tmp_path):
    """The word is the command; a script of that name is run by a path, or behind --."""
    (tmp_path / "stencil").write_text("import sys; print('script', sys.argv)")
    for args in ["./stencil", "x"], ["--", "stencil", "x"]:
        done = subprocess.run([sys.executable, "-m", "copypatch", *args], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0 and done.stdout == f"script {[args[-2], 'x']}\n"
    assert stencil("xyzzy", cwd=tmp_path)[0] == 2
