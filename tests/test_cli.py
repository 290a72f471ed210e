"""`python -m copypatch ...` does what `python ...` does."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile

import pytest
import runner

JIT = ["-m", "copypatch"]
needs_jit = pytest.mark.skipif(runner.build() == "no", reason="a build without a JIT")


def python(*args, cwd=None, jit=False, flags=(), stdin=""):
    done = subprocess.run([sys.executable, *flags, *(JIT if jit else ()), *args], cwd=cwd, input=stdin, text=True, capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def same(*args, **options):
    """Both ways, and they agree; -> (status, stdout, stderr)"""
    stock = python(*args, **options)
    assert python(*args, jit=True, **options) == stock
    return stock


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path
    return write


SHOW = """
    import sys
    back = sys._getframe().f_back
    print(sys.argv, sys.path[0], back and back.f_code.co_name)
    print({k: str(v).partition(" object at")[0] for k, v in globals().items() if k not in ("__builtins__", "back")})
    print(sys.modules["__main__"].__dict__ is globals(), type(__builtins__), sys.flags, sys.getrecursionlimit())
"""


def test_script(write, tmp_path):
    write("app.py", SHOW)
    status, out, err = same("app.py", "-v", "--help", "-m", cwd=tmp_path)
    assert status == 0 and "['app.py', '-v', '--help', '-m']" in out and err == ""
    same("./app.py", cwd=tmp_path)
    same(str(tmp_path / "app.py"))


@pytest.mark.parametrize("flags", [["-P"], ["-I"], ["-B", "-O"], ["-X", "dev"]])
def test_flags(write, tmp_path, flags):
    write("app.py", SHOW)
    same("app.py", cwd=tmp_path, flags=flags)
    same("-c", textwrap.dedent(SHOW), cwd=tmp_path, flags=flags)


def test_script_by_symlink(write, tmp_path):
    write("real/app.py", SHOW + "\n    import helper\n")
    write("real/helper.py", "print('helper')")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "app").symlink_to("../real/app.py")
    assert "helper" in same("bin/app", cwd=tmp_path)[1]


def test_command(tmp_path):
    same("-c", textwrap.dedent(SHOW), "a", "-b", cwd=tmp_path)
    same("-cprint(1)", cwd=tmp_path)
    same("-c", "def f(): 1 / 0\nf()", cwd=tmp_path)
    same("-c", "1 +", cwd=tmp_path)
    same("-c", "print('ä€')", cwd=tmp_path)


def test_module(write, tmp_path):
    write("pkg/__init__.py", "print('init', __name__)")
    write("pkg/__main__.py", SHOW)
    write("pkg/other.py", SHOW + "    from . import sibling\n    1 / 0\n")
    write("pkg/sibling.py", "")
    same("-m", "pkg", "x", cwd=tmp_path)
    status, _, err = same("-m", "pkg.other", cwd=tmp_path)
    assert status == 1 and "ZeroDivisionError" in err
    same("-m", "pkg.nothing", cwd=tmp_path)
    same("-m", "no_such_module", cwd=tmp_path)


def test_folder_and_zip(write, tmp_path):
    write("folder/__main__.py", SHOW)
    write("empty/x.txt", "")
    same("folder", "x", cwd=tmp_path)
    same("empty", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as z:
        z.write(tmp_path / "folder" / "__main__.py", "__main__.py")
    same("app.zip", cwd=tmp_path)


def test_standard_input(tmp_path):
    same("-", "x", cwd=tmp_path, stdin=textwrap.dedent(SHOW))
    same("-", cwd=tmp_path, stdin="1 / 0")


def test_missing_and_broken_scripts(write, tmp_path):
    write("broken.py", "def f(:\n")
    write("encoding.py", "# -*- coding: nonsense -*-\n")
    (tmp_path / "nul.py").write_bytes(b"print(1)\0\n")
    for name in "missing.py", "broken.py", "encoding.py", "nul.py", "/":
        assert same(name, cwd=tmp_path)[0] != 0


@pytest.mark.parametrize("code, status", [
    ("raise SystemExit", 0), ("import sys; sys.exit(3)", 3), ("raise SystemExit('text')", 1), ("raise SystemExit(None)", 0), ("1/0", 1),
    ("import os; os._exit(7)", 7), ("import sys; sys.exit(300)", 300 & 255), ("raise SystemExit(())", 1),
    ("import atexit; atexit.register(print, 'bye'); raise SystemExit(2)", 2),
    ("import sys; sys.excepthook = lambda *a: print('hook', a[0]); 1/0", 1),
    ("import sys; sys.stdout.close()", 0),
    ("import threading, time; threading.Thread(target=lambda: (time.sleep(.2), print('late'))).start()", 0),
    ("class A:\n def __del__(self): print('del')\na = A()\nraise SystemExit(4)", 4),
])
def test_exit(tmp_path, code, status):
    assert same("-c", code, cwd=tmp_path)[0] == status


def test_traceback(write, tmp_path):
    write("app.py", """
        def f(n):
            for i in range(n):
                if i == 500:
                    g(i)
        def g(i):
            try:
                {}[i]
            except KeyError as e:
                raise ValueError("inner") from e
        f(1000)
    """)
    status, _, err = same("app.py", cwd=tmp_path)
    assert status == 1 and "copypatch" not in err


def test_warning_location(write, tmp_path):
    write("app.py", "import warnings\nwarnings.warn('here', stacklevel=1)\nwarnings.warn('out', stacklevel=2)\nwarnings.warn('far', stacklevel=9)\n")
    same("app.py", cwd=tmp_path)


def test_recursion_limit(tmp_path):
    same("-c", "def f(n): return n if n == 0 else f(n - 1)\nprint(f(990))\nimport sys\nsys.setrecursionlimit(50)\n"
               "def g():\n global n\n n += 1\n g()\nn = 0\ntry: g()\nexcept RecursionError: print(n)", cwd=tmp_path)


def test_working_directory_is_gone(tmp_path):
    code = "import os, subprocess, sys; os.mkdir('d'); os.chdir('d'); os.rmdir('../d'); sys.exit(subprocess.run([sys.executable, *sys.argv[1:]]).returncode)"
    for program in ["-c", "print(1)"], ["-m", "this"], ["app.py"], ["/nothing.py"]:
        results = []
        for jit in [], JIT:
            results.append(python("-c", code, *jit, *program, cwd=tmp_path))
        assert results[0] == results[1]


def test_pickle_of_main(write, tmp_path):
    write("app.py", """
        import pickle
        class Point:
            def __init__(self, x): self.x = x
        print(pickle.loads(pickle.dumps(Point(3))).x, Point.__module__, pickle.loads(pickle.dumps(Point)) is Point)
    """)
    assert "3 __main__ True" in same("app.py", cwd=tmp_path)[1]


def test_multiprocessing(write, tmp_path):
    write("app.py", """
        import multiprocessing as mp
        def square(x): return x * x
        if __name__ == "__main__":
            for method in "fork", "spawn":
                with mp.get_context(method).Pool(2) as pool:
                    print(pool.map(square, range(5)))
    """)
    same("app.py", cwd=tmp_path)


@pytest.mark.parametrize("kind", ["-c", "-m", "script"])
def test_keyboard_interrupt(write, tmp_path, kind):
    code = "print('go', flush=True)\nwhile True: pass\n"
    write("app.py", code)
    args = {"-c": ["-c", code], "-m": ["-m", "app"], "script": ["app.py"]}[kind]
    results = []
    for jit in [], JIT:
        p = subprocess.Popen([sys.executable, *jit, *args], cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert p.stdout.readline() == "go\n"
        time.sleep(0.1)
        p.send_signal(signal.SIGINT)
        out, err = p.communicate(timeout=20)
        results.append((p.returncode, err))
    assert results[0] == results[1] and results[0][0] == -signal.SIGINT


def test_interrupt_that_is_caught(tmp_path):
    same("-c", "import os, signal\ntry:\n os.kill(os.getpid(), signal.SIGINT)\n while True: pass\nexcept KeyboardInterrupt: print('caught')", cwd=tmp_path)


def test_options(tmp_path):
    status, out, _ = python("--version", jit=True)
    assert status == 0 and out.startswith("copypatch ")
    for option in "-h", "--help":
        status, out, _ = python(option, jit=True)
        assert status == 0 and out.startswith("usage:")
    for bad in [], ["--nonsense"], ["-m"], ["-c"]:
        status, out, err = python(*bad, jit=True)
        assert status == 2 and not out and "usage:" in err


@pytest.mark.parametrize("code, status, printed", [("print(1)", 0, "1\n"), ("raise SystemExit(3)", 3, "")])
def test_verbose(code, status, printed):
    report = "copypatch: off: " if runner.build() == "no" else "copypatch: 0 traces, "
    got = python("-v", "-c", code, jit=True)
    assert got[:2] == (status, printed) and got[2].startswith(report)


@needs_jit
@pytest.mark.parametrize("name", ["COPYPATCH", *runner.python_jit()])
def test_switched_off(monkeypatch, name):
    monkeypatch.setenv(name, "0")
    status, out, err = python("-v", "-c", "import copypatch; print(copypatch.is_enabled(), copypatch.is_available())", jit=True)
    assert out == "False True\n" and f"{name}=0" in err


@needs_jit
def test_malformed_environment(monkeypatch):
    for name, value in {"COPYPATCH_STRESS": "exit:no", "COPYPATCH_DUMP": "ir,everything", "COPYPATCH_CODE_LIMIT": "-1", "COPYPATCH_VERIFY": "maybe"}.items():
        monkeypatch.setenv(name, value)
    status, out, err = python("-c", "print(1)", jit=True)
    assert (status, out) == (0, "1\n")
    lines = err.splitlines()
    for name in "STRESS", "DUMP", "CODE_LIMIT", "VERIFY":
        assert sum(line.startswith(f"copypatch: COPYPATCH_{name}=") for line in lines) == 1


def test_stats_file(tmp_path, monkeypatch):
    import json
    monkeypatch.setenv("COPYPATCH_STATS", str(tmp_path / "stats.json"))
    python("-c", "raise SystemExit(5)", jit=True)
    reason = json.loads((tmp_path / "stats.json").read_text())["off_reason"]
    assert reason == (None if runner.build() != "no" else "this copypatch was built without a JIT (jit=no)")
