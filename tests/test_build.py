"""What a build says about itself, and what switches it on and off."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import copypatch
import pytest
import runner

OFF = runner.build().endswith("-off")
STATE = "import copypatch as c; c.enable(); print(c.is_available(), c.is_enabled(), c.stats()['off_reason'])"


def run(*args, flags=(), **switches):
    ours = ("COPYPATCH", "PYTHON_JIT")
    env = {**{k: v for k, v in os.environ.items() if not k.startswith(ours)}, **switches}
    done = subprocess.run([sys.executable, *flags, *args], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def state(*flags, **switches):
    return run("-c", STATE, flags=flags, **switches)


def test_version():
    first, second = run("-m", "copypatch", "--version").splitlines()
    assert first.startswith("copypatch 0.") and f"(Python {sys.version.split()[0]})" in first
    assert second.startswith(f"jit={runner.build()}: ")
    what = {"yes": "native code for ", "interpreter": "traces run in the uop interpreter", "no": "no JIT"}
    assert what[runner.build().removesuffix("-off")] in second
    assert ("off unless" in second) == OFF


@pytest.mark.skipif(runner.build() != "no", reason="a build with a JIT")
def test_no_jit():
    assert state() == "False False this copypatch was built without a JIT (jit=no)"
    assert state(COPYPATCH="1") == state()
    assert run("-m", "copypatch", "-c", "import copypatch as c; print(c.executors(), c.is_active(), sorted(c.stats()), c.disable())").split() == ["[]", "False", "['off_reason']", "None"]


needs_jit = pytest.mark.skipif(runner.build() == "no", reason="a build without a JIT")
SWITCHES = " or ".join(f"{name}=1" for name in (*runner.python_jit(), "COPYPATCH"))
DEFAULT = f"True False this build (jit={runner.build()}) is off unless {SWITCHES} is set" if OFF else "True True None"


@needs_jit
@pytest.mark.parametrize("switches, flags, expected", [
    ({}, [], DEFAULT),
    ({"COPYPATCH": "1"}, [], "True True None"),
    ({"COPYPATCH": "0"}, [], "True False COPYPATCH=0 is set"),
    ({"COPYPATCH": "1", "PYTHON_JIT": "0"}, [], "True True None"),
    ({"PYTHON_JIT": ""}, [], DEFAULT),
    ({"PYTHON_JIT": "1"}, ["-E"], DEFAULT),
    ({"PYTHON_JIT": "0"}, ["-E"], DEFAULT),
    ({"PYTHON_JIT": "0"}, ["-I"], DEFAULT),
    ({"COPYPATCH": "1"}, ["-I"], "True True None"),
    ({"COPYPATCH": "0"}, ["-E"], "True False COPYPATCH=0 is set"),
    *([({"PYTHON_JIT": "1"}, [], "True True None"),
       ({"PYTHON_JIT": "0"}, [], "True False PYTHON_JIT=0 is set"),
       ({"COPYPATCH": "0", "PYTHON_JIT": "1"}, [], "True False COPYPATCH=0 is set")] if runner.python_jit() else [({"PYTHON_JIT": "0"}, [], DEFAULT)]),
])
def test_toggle(switches, flags, expected):
    """The environment overrides what the build has as its default, both ways; -E and -I hide Python's own variables."""
    assert state(*flags, **switches) == expected


@needs_jit
@pytest.mark.parametrize("name", [*runner.python_jit(), "COPYPATCH"])
def test_malformed_toggle(name):
    """One warning; the default is kept."""
    env = {**{k: v for k, v in os.environ.items() if not k.startswith(("COPYPATCH", "PYTHON_JIT"))}, name: "yes"}
    done = subprocess.run([sys.executable, "-c", STATE], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == DEFAULT and done.stderr == f"copypatch: {name}=yes ignored: expected 0 or 1\n"


# ---- CPython's own JIT ----

needs_own_jit = pytest.mark.skipif(runner.build() == "no" or not getattr(sys, "_jit", None) or not sys._jit.is_available(), reason="this Python has no JIT of its own")
OWN_JIT = "import sys; print(sys._jit.is_enabled()); " + STATE


@needs_own_jit
def test_own_jit_is_on():
    """One of the two: ours does not come on beside it, and takes its place where the program is ours to start."""
    assert run("-c", OWN_JIT, PYTHON_JIT="1") == "True\nFalse False CPython's own JIT is on (PYTHON_JIT=1)"
    assert run("-m", "copypatch", "-c", OWN_JIT, PYTHON_JIT="1", COPYPATCH="1") == "False\nTrue True None"
    assert run("-m", "copypatch", "-c", OWN_JIT, PYTHON_JIT="1", COPYPATCH="0") == "True\nFalse False COPYPATCH=0 is set"


@needs_own_jit
def test_own_jit_will_be_on(tmp_path):
    """While `site` is imported it is not on yet."""
    (tmp_path / "sitecustomize.py").write_text("import copypatch; copypatch.enable()")
    code = "import sys, copypatch; print(sys._jit.is_enabled(), copypatch.is_enabled())"
    for switch, state in {"1": "True False", "0": "False True"}.items():
        assert run("-c", code, PYTHON_JIT=switch, COPYPATCH="1", PYTHONPATH=str(tmp_path)) == state


COMPILED_BEFORE = """
import sys
def f(n):
    i = 0
    while i < n:
        i += 1
    return i
for _ in range(3):      # by CPython
    f(20000)
import copypatch
print(copypatch.is_available(), copypatch._copypatch.replace_own_jit(), copypatch._copypatch.replace_own_jit(), copypatch.is_available())
copypatch.enable()
for _ in range(3):      # by us
    f(20000)
print(len(copypatch.executors(f)) > 0, copypatch.stats()["entries"] > 0, sys._jit.is_enabled())
"""


@needs_own_jit
def test_own_jit_has_compiled():
    """What it has compiled is given up, so that loops tell us of their turns."""
    assert run("-c", COMPILED_BEFORE, PYTHON_JIT="1", COPYPATCH="1", COPYPATCH_EAGER="1") == "False True False True\nTrue True False"


# ---- other Pythons ----

PACKAGE = Path(copypatch.__file__).parent


@pytest.mark.parametrize("names, why", [
    ([], "copypatch has not been built for this Python, CPython "), (["_copypatch.cpython-399-x86_64-linux-gnu.so"], "this copypatch was built for cpython-399-x86_64-linux-gnu, and this is CPython "),
    ([f"_copypatch{sysconfig.get_config_var('EXT_SUFFIX')}"], "the extension module of copypatch cannot be loaded ("),
])
def test_no_extension(tmp_path, names, why):
    """As on a version that it was not built for: everything works, nothing is compiled, and it says why."""
    (tmp_path / "copypatch").mkdir()
    for path in PACKAGE.glob("*.py"):
        shutil.copy(path, tmp_path / "copypatch")
    for name in names:
        (tmp_path / "copypatch" / name).write_text("no machine code")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import copypatch as c; c.enable(); print(c.is_available(), c.executors(), c.why_unavailable()); assert c.stats()['off_reason'] == c.why_unavailable()"
    assert run("-c", code).startswith(f"False [] {why}")
    (tmp_path / "app.py").write_text("import sys; print(__name__, sys.argv)")
    for command in (["app.py", "a"], ["-m", "app", "a"], ["-c", "import sys; print(__name__, sys.argv)", "a"]):
        done = subprocess.run([sys.executable, "-m", "copypatch", *command], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0 and done.stdout.startswith("__main__ [") and done.stderr.startswith(f"copypatch: off: {why}"), done
    done = subprocess.run([sys.executable, "-m", "copypatch", "--version"], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.splitlines()[1].startswith(why) and done.stdout.startswith("copypatch 0.")


@pytest.mark.skipif(not runner.build().startswith("interpreter"), reason="a build with native code, or none at all")
def test_no_native_code():
    code = "import copypatch as c\nc.enable()\ndef f():\n i = 0\n while i < 5000: i += 1\n return i\nprint(f(), c.stats()['code_bytes'], [e.code_size for e in c.executors(f)])"
    assert run("-c", code, COPYPATCH="1", COPYPATCH_EAGER="1") == "5000 0 [0]"
