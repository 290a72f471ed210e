"""Runs Python programs of this tree on another CPython than that of .venv: the tests, above all.

    python tools/on.py 3.15 tests/runner.py loops            any supported version: it comes from Debian sid, unpacked by tools/clean_root (as root)
    python tools/on.py 3.15 -m pytest tests/test_cli.py
    python tools/on.py /usr/bin/python3.14 tests/fuzz.py     an interpreter of this machine

The extension is compiled for it (tools/build_for.py; make build first) into build/for/NAME, where a virtual environment finds the package
and the modules that the tests of .venv use. Inside the root this tree is seen as /copypatch, and programs are given by their path in it.
"""

import os
import subprocess
import sys
from pathlib import Path

import build_for
import versions

PACKAGE = build_for.PACKAGE
SUITE = "sid"
SEEN = "/copypatch"             # the tree, inside the root
COMPILED = "greenlet", "gevent"


class Other:
    """An interpreter, with copypatch in it."""

    def __init__(self, python):
        """A version, or a path; exits with a sentence when it cannot be used."""
        self.root = None
        self.tree = PACKAGE
        if python in versions.LAYOUTS:
            self.root = self.make_root()
            self.tree = Path(SEEN)
        self.name = python.strip("/").replace("/", "-")
        self.folder = PACKAGE / "build" / "for" / self.name
        base = f"python{python}" if self.root else python
        build_for.build(base, self.folder, self.root)
        self.python = f"{self.seen(self.folder)}/venv/bin/python"
        self.make_environment(base)

    @staticmethod
    def make_root():
        done = subprocess.run([PACKAGE / "tools" / "clean_root", SUITE], stdout=subprocess.PIPE, text=True)
        return done.stdout.strip() if done.returncode == 0 else sys.exit(done.returncode)

    def seen(self, path):
        """What the interpreter calls a path in this tree."""
        return self.tree / Path(path).relative_to(PACKAGE)

    def command(self, *words, **variables):
        """-> (words, options of subprocess.run) that run a command where the interpreter is, in the folder where it finds no other copypatch."""
        words = [str(w) for w in words]
        if not self.root:
            return words, {"cwd": self.folder, "env": {**os.environ, **variables}}
        variables = [f"{name}={value}" for name, value in variables.items()]
        inside = ["env", "-C", str(self.seen(self.folder)), *variables, *words]
        return [str(PACKAGE / "tools" / "clean_root"), SUITE, *inside], {"env": {**os.environ, "COPYPATCH_SHOW": str(PACKAGE)}}

    def run(self, *words, **variables):
        """A command -> its exit status"""
        words, options = self.command(*words, **variables)
        return subprocess.run(words, **options).returncode

    def program(self, *words, **variables):
        """`python *words` -> its exit status. Words that are paths of files in this tree are given as the interpreter sees them."""
        return self.run(self.python, *(self.seen(PACKAGE / w) if (PACKAGE / w).is_file() else w for w in words), **variables)

    def make_environment(self, base):
        """Without pip: what tests import besides is that of .venv, as far as it is Python; of what is compiled, the version's wheels where there are any."""
        if not (self.folder / "venv" / "bin" / "python").is_symlink() and self.run(base, "-m", "venv", "--without-pip", self.seen(self.folder / "venv")):
            sys.exit(f"{base} cannot make a virtual environment: install its venv module (Debian: {Path(base).name}-venv)")
        site = next((self.folder / "venv").glob("lib/python3.*/site-packages"))
        modules = next((PACKAGE / ".venv").glob("lib/python3.*/site-packages"))
        compiled = self.folder / "modules"
        if self.root and not compiled.exists():
            subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target", compiled, "--python-version", self.name,
                            "--only-binary", ":all:", *COMPILED], stderr=subprocess.DEVNULL)
            compiled.mkdir(exist_ok=True)       # tests that need them are skipped, and say so
        (site / "copypatch.pth").write_text("".join(f"{self.seen(folder)}\n" for folder in (self.folder, compiled, modules)))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    sys.exit(Other(sys.argv[1]).program(*sys.argv[2:]))


if __name__ == "__main__":
    main()
