"""llvm.py [N]: finds clang, llvm-readobj and llvm-objdump: all of one version, which must be new enough for `preserve_none`.

The newest one found wins, or version N. COPYPATCH_LLVM overrides the search: a major version ("19") or a folder of programs ("/opt/llvm/bin").
"""

import dataclasses
import functools
import glob
import os
import re
import shutil
import subprocess
import sys
import typing

OLDEST = 19
NEWEST = 29     # names such as clang-29 are looked for up to here
PROGRAMS = ("clang", "llvm-readobj", "llvm-objdump")
FOLDERS = ("/usr/lib/llvm-*/bin", "/opt/homebrew/opt/llvm*/bin", "/usr/local/opt/llvm*/bin", "/home/linuxbrew/.linuxbrew/opt/llvm*/bin")


class NotFound(Exception):
    """No usable LLVM; the message says what was looked for and what to install."""


@dataclasses.dataclass(frozen=True)
class Llvm:
    version: str            # "19.1.7"
    clang: str
    readobj: str
    objdump: str


@dataclasses.dataclass(frozen=True)
class Search:
    """What to look for: the wanted major version (None: any that is new enough), and where."""
    wanted: int | None
    candidates: list[str]
    where: str

    @property
    def need(self) -> str:
        return f"LLVM {self.wanted}" if self.wanted else f"LLVM {OLDEST} or newer"

    @functools.cached_property
    def clangs(self) -> list[tuple[str, str]]:
        """(version, clang) of all that fit, the newest first. Runs no program whose name says that it is older than another that fits."""
        found: list[tuple[str, str]] = []
        for candidate in sorted(self.candidates, key=lambda c: _named(c) or NEWEST + 1, reverse=True):
            name = _named(candidate)
            if name and (name < OLDEST or self.wanted not in (None, name) or found and name < major(found[0][0])):
                continue
            version = version_of(candidate)
            if version and (major(version) == self.wanted if self.wanted else major(version) >= OLDEST):
                found.append((version, candidate))
                found.sort(key=lambda f: numbers(f[0]), reverse=True)
        return found


def version_of(program: str) -> str | None:
    """The version that a program names when asked; None if it cannot be run, or is Apple's, which counts otherwise."""
    text = _output(program, "--version")
    match = re.search(r"version\s+(\d+\.\d+\.\d+)", text)
    return match[1] if match and not text.startswith("Apple") else None


@functools.cache
def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def major(version: str) -> int:
    return numbers(version)[0]


def _named(program: str) -> int | None:
    """The major version in a program's name."""
    match = re.search(r"-(\d+)(\.exe)?$", os.path.basename(program))
    return int(match[1]) if match else None


def search(wanted: int | None = None) -> Search:
    """wanted: a major version, rather than what COPYPATCH_LLVM says."""
    asked, override = f"--llvm-version {wanted}", ""
    if wanted is None:
        override = os.environ.get("COPYPATCH_LLVM", "").strip()
        asked = f"COPYPATCH_LLVM={override}"
        wanted = int(override) if override.isdigit() else None
    if wanted is not None and wanted < OLDEST:
        raise NotFound(f"{asked}: LLVM {OLDEST} or newer is needed to make the stencils.")
    if override and wanted is None:
        folders = [f for f in (override, os.path.join(override, "bin")) if os.path.isdir(f)]
        return Search(None, [c for f in folders for c in _in_folder(f)], f"in {asked}")
    where = f"on PATH (clang, clang-{wanted or 'N'}, llvm-config) and in {', '.join(FOLDERS)}"
    return Search(wanted, _candidates(wanted), where)


def find(wanted: int | None = None) -> Llvm:
    return choose(search(wanted))


def choose(where: Search) -> Llvm:
    """The newest clang whose sister programs are there."""
    missing = ""
    for version, clang in where.clangs:
        tools = {name: _sister(clang, name, version) for name in PROGRAMS[1:]}
        if all(tools.values()):
            return Llvm(version, clang, typing.cast(str, tools["llvm-readobj"]), typing.cast(str, tools["llvm-objdump"]))
        missing = missing or f"{clang} {version} is there, but not its {' and '.join(n for n, t in tools.items() if not t)}"
    if missing:
        advice = _install(major(where.clangs[0][0]), ["llvm"])
    else:
        seen = sorted(f"{c} {v}" for c in where.candidates if (v := version_of(c)))
        missing = f"found only {', '.join(seen)}" if seen else "found none"
        advice = _install(where.wanted or OLDEST, ["clang", "llvm"])
    raise NotFound(f"{where.need} is needed to make the stencils, looked for {where.where}: {missing}; {advice} or set COPYPATCH_LLVM.")


def _install(version: int, packages: list[str]) -> str:
    if sys.platform == "darwin":
        return f"install it with `brew install llvm@{version}`"
    if sys.platform == "win32":
        return f"install LLVM {version} from https://github.com/llvm/llvm-project/releases"
    return f"install it with `apt-get install {' '.join(f'{p}-{version}' for p in packages)}`"


def _candidates(wanted: int | None) -> list[str]:
    """Every clang that may do, without running any but llvm-config."""
    numbered = [wanted] if wanted else list(range(NEWEST, OLDEST - 1, -1))
    found = [shutil.which(name) for name in (*(f"clang-{n}" for n in numbered), "clang")]
    for name in (*(f"llvm-config-{n}" for n in numbered), "llvm-config"):
        if config := shutil.which(name):
            found += _in_folder(_output(config, "--bindir").strip())
    for pattern in FOLDERS:
        found += [c for f in sorted(glob.glob(pattern), reverse=True) for c in _in_folder(f)]
    unique = {os.path.realpath(c): c for c in reversed(found) if c}     # the first name of each file is kept
    return sorted(unique.values(), key=found.index)


def _in_folder(folder: str) -> list[str]:
    names = ["clang", *(f"clang-{n}" for n in range(NEWEST, OLDEST - 1, -1))]
    return [c for c in (shutil.which(os.path.join(folder, n)) for n in names) if c] if folder else []


def _sister(clang: str, name: str, version: str) -> str | None:
    """The program of the same version, beside clang (links followed or not) or on PATH."""
    places = [os.path.dirname(clang), os.path.dirname(os.path.realpath(clang)), ""]
    for place in places:
        for candidate in (f"{name}-{major(version)}", name):
            path = shutil.which(os.path.join(place, candidate))
            if path and version_of(path) == version:
                return path
    return None


def main() -> int:
    try:
        tools = find(int(sys.argv[1]) if len(sys.argv) > 1 else None)
    except NotFound as error:
        print(error, file=sys.stderr)
        return 1
    print(f"LLVM {tools.version}: {tools.clang}, {tools.readobj}, {tools.objdump}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
