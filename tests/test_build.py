"""What a build says about itself, and what switches it on and off."""

import os
import subprocess
import sys

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
    assert state(PYTHON_JIT="1") == state()
    assert run("-m", "copypatch", "-c", "import copypatch as c; print(c.executors(), c.is_active(), sorted(c.stats()), c.disable())").split() == ["[]", "False", "['off_reason']", "None"]


needs_jit = pytest.mark.skipif(runner.build() == "no", reason="a build without a JIT")
DEFAULT = f"True False this build (jit={runner.build()}) is off unless PYTHON_JIT=1 or COPYPATCH=1 is set" if OFF else "True True None"


@needs_jit
@pytest.mark.parametrize("switches, flags, expected", [
    ({}, [], DEFAULT),
    ({"PYTHON_JIT": "1"}, [], "True True None"),
    ({"COPYPATCH": "1"}, [], "True True None"),
    ({"PYTHON_JIT": "0"}, [], "True False PYTHON_JIT=0 is set"),
    ({"COPYPATCH": "0"}, [], "True False COPYPATCH=0 is set"),
    ({"COPYPATCH": "0", "PYTHON_JIT": "1"}, [], "True False COPYPATCH=0 is set"),
    ({"COPYPATCH": "1", "PYTHON_JIT": "0"}, [], "True True None"),
    ({"PYTHON_JIT": ""}, [], DEFAULT),
    ({"PYTHON_JIT": "1"}, ["-E"], DEFAULT),
    ({"PYTHON_JIT": "0"}, ["-E"], DEFAULT),
    ({"PYTHON_JIT": "0"}, ["-I"], DEFAULT),
    ({"COPYPATCH": "1"}, ["-I"], "True True None"),
    ({"COPYPATCH": "0"}, ["-E"], "True False COPYPATCH=0 is set"),
])
def test_toggle(switches, flags, expected):
    """The environment overrides what the build has as its default, both ways; -E and -I hide Python's own variables."""
    assert state(*flags, **switches) == expected


@needs_jit
@pytest.mark.parametrize("name", ["PYTHON_JIT", "COPYPATCH"])
def test_malformed_toggle(name):
    """One warning; the default is kept."""
    env = {**{k: v for k, v in os.environ.items() if not k.startswith(("COPYPATCH", "PYTHON_JIT"))}, name: "yes"}
    done = subprocess.run([sys.executable, "-c", STATE], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == DEFAULT and done.stderr == f"copypatch: {name}=yes ignored: expected 0 or 1\n"


@pytest.mark.skipif(not runner.build().startswith("interpreter"), reason="a build with native code, or none at all")
def test_no_native_code():
    code = "import copypatch as c\nc.enable()\ndef f():\n i = 0\n while i < 5000: i += 1\n return i\nprint(f(), c.stats()['code_bytes'], [e.code_size for e in c.executors(f)])"
    assert run("-c", code, COPYPATCH="1", COPYPATCH_EAGER="1") == "5000 0 [0]"
