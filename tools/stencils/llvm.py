"""Finds clang, llvm-readobj and llvm-objdump: all of one version, which must be new enough for `preserve_none`.

The newest one found wins. COPYPATCH_LLVM overrides the search: a major version ("19") or a folder of programs ("/opt/llvm/bin").
"""

import dataclasses
import functools
import glob
import os
import re
import shutil
import subprocess
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


@functools.cache
def version_of(program: str) -> str | None:
    """The version that a program names when asked; None if it cannot be run."""
    try:
        text = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"version\s+(\d+\.\d+\.\d+)", text)
    return match[1] if match else None


def major(version: str) -> int:
    return int(version.split(".")[0])


def find(wanted: int | None = None) -> Llvm:
    """wanted: a major version, rather than what COPYPATCH_LLVM says."""
    override = os.environ.get("COPYPATCH_LLVM", "").strip() if wanted is None else ""
    if wanted is not None and wanted < OLDEST:
        raise NotFound(f"--llvm-version {wanted}: LLVM {OLDEST} or newer is needed.")
    if override.isdigit():
        wanted = int(override)
        if wanted < OLDEST:
            raise NotFound(f"COPYPATCH_LLVM={override}: LLVM {OLDEST} or newer is needed.")
    elif override:
        folders = [f for f in (override, os.path.join(override, "bin")) if os.path.isdir(f)]
        candidates = [c for f in folders for c in _in_folder(f)]
        return _choose(candidates, None, f"in COPYPATCH_LLVM={override}")
    where = "on PATH (clang, clang-N, llvm-config) and in /usr/lib/llvm-*/bin and Homebrew's folders"
    return _choose(_candidates(wanted), wanted, where)


def _candidates(wanted: int | None) -> list[str]:
    """Every clang that may do, without running any."""
    found = []
    for n in [wanted] if wanted else range(NEWEST, OLDEST - 1, -1):
        found.append(shutil.which(f"clang-{n}"))
    found.append(shutil.which("clang"))
    if config := shutil.which("llvm-config"):
        try:
            folder = subprocess.run([config, "--bindir"], capture_output=True, text=True, timeout=60).stdout.strip()
        except (OSError, subprocess.TimeoutExpired):
            folder = ""
        found += _in_folder(folder) if folder else []
    for pattern in FOLDERS:
        found += [c for f in sorted(glob.glob(pattern), reverse=True) for c in _in_folder(f)]
    unique = {os.path.realpath(c): c for c in reversed(found) if c}     # the first name of each file is kept
    return sorted(unique.values(), key=found.index)


def _in_folder(folder: str) -> list[str]:
    names = ["clang", *(f"clang-{n}" for n in range(NEWEST, OLDEST - 1, -1))]
    return [c for c in (shutil.which(os.path.join(folder, n)) for n in names) if c]


def _choose(candidates: list[str], wanted: int | None, where: str) -> Llvm:
    """The newest clang of the candidates whose sister programs are there."""
    need = f"LLVM {wanted}" if wanted else f"LLVM {OLDEST} or newer"
    install = f"install it with `apt-get install clang-{wanted or OLDEST} llvm-{wanted or OLDEST}` or set COPYPATCH_LLVM"
    seen = {c: v for c in candidates if (v := version_of(c))}
    fit = [c for c, v in seen.items() if (major(v) == wanted if wanted else major(v) >= OLDEST)]
    if not fit:
        others = f" (found only {', '.join(sorted(f'{c} {v}' for c, v in seen.items()))})" if seen else ""
        raise NotFound(f"{need} is needed to make the stencils, looked for {where}{others}: {install}.")
    missing = ""
    for clang in sorted(fit, key=lambda c: tuple(map(int, seen[c].split("."))), reverse=True):
        tools = {name: _sister(clang, name, seen[clang]) for name in PROGRAMS[1:]}
        if all(tools.values()):
            return Llvm(seen[clang], clang, typing.cast(str, tools["llvm-readobj"]), typing.cast(str, tools["llvm-objdump"]))
        missing = missing or f"{clang} {seen[clang]} is there, but not its {' and '.join(n for n, t in tools.items() if not t)}"
    n = major(seen[fit[0]])
    raise NotFound(f"{need} is needed to make the stencils, looked for {where}: {missing}; install it with `apt-get install llvm-{n}` or set COPYPATCH_LLVM.")


def _sister(clang: str, name: str, version: str) -> str | None:
    """The program of the same version, beside clang (links followed or not) or on PATH."""
    places = [os.path.dirname(clang), os.path.dirname(os.path.realpath(clang)), ""]
    for place in places:
        for candidate in (f"{name}-{major(version)}", name):
            path = shutil.which(os.path.join(place, candidate))
            if path and version_of(path) == version:
                return path
    return None
