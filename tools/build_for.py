"""The extension for another CPython than the one of .venv, of any version that is supported, in a folder of its own: for measuring and testing on it.

    python tools/build_for.py [--root ROOT] PYTHON FOLDER

PYTHON needs its headers, nothing else. With --root it is an interpreter inside ROOT, the folder of another Linux installation of this
architecture (as debootstrap makes it), and runs by chroot. FOLDER/copypatch is then what PYTHON can import; objects stay in FOLDER,
so the next time only what has changed is compiled. The commands are those of build/ (make build first) with that Python's headers, and stencils for
its objects where these differ.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import versions

PACKAGE = Path(__file__).resolve().parent.parent
BUILD = PACKAGE / "build"

# What other headers bring about. What is wrong stays an error: an implicit declaration, for example.
QUIET = ["-Wno-unused-variable", "-Wno-unused-function", "-Wno-deprecated-declarations", "-Wno-address"]

QUESTION = """
import json, platform, sys, sysconfig
print(json.dumps({"is": [sys.implementation.name, *sys.version_info[:2]], "version": platform.python_version(), "suffix": sysconfig.get_config_var("EXT_SUFFIX"),
                  "include": sysconfig.get_path("include"), "platinclude": sysconfig.get_config_var("CONFINCLUDEPY")}))
"""


def command(python, root=None):
    """The words that run `python`."""
    return ["chroot", root, python] if root else [python]


def ask(python, root=None):
    """What must be known of an interpreter; exits with a sentence when it is none that can be built for."""
    try:
        done = subprocess.run([*command(python, root), "-I", "-c", QUESTION], capture_output=True, text=True)
    except OSError as e:
        sys.exit(f"{python} does not run: {e.strerror}")
    if done.returncode:
        sys.exit(f"{python} does not run: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    facts = json.loads(done.stdout)
    name, *version = facts["is"]
    facts["layout"] = versions.LAYOUTS.get(".".join(map(str, version))) if name == "cpython" else None
    if facts["layout"] is None:
        sys.exit(f"{python} is not CPython {versions.RANGE} but {name} {facts['version']}")
    return facts


def include_options(facts, root):
    """That Python's headers; behind the compiler's own, those of its system, which its pyconfig.h may name."""
    base = Path(root or "/")
    include = base / facts["include"].lstrip("/")
    if not (include / "Python.h").exists() or not (include / "internal" / "pycore_frame.h").exists():
        sys.exit(f"the headers of this Python are missing in {include}: install them (Debian: python3.X-dev)")
    return ["-isystem", include, "-isystem", include / "internal", "-idirafter", base / "usr/include"]


def compile_words(entry, options, output):
    """The words of a compilation of build/, with other headers and another output."""
    words, kept = entry["command"].split(), []
    while words:
        word = words.pop(0)
        if word in ("-isystem", "-o", "-MQ", "-MF"):
            words.pop(0)
        elif not (word.startswith(("-I/", "-DABI_LAYOUT=")) or word in ("-MD", "-c", entry["file"])):
            kept.append(word)
    return [*kept, *map(str, options), *QUIET, "-MD", "-MF", f"{output}.d", "-c", entry["file"], "-o", str(output)]


def make_stencils(layout):
    """-> their folder: one for all versions with these objects. Those of build/ serve where they are for the same."""
    folder = BUILD / f"stencils-{layout}"
    folder.mkdir(exist_ok=True)
    for header in BUILD.glob("stencils-*.h"):
        if not (folder / header.name).exists():
            shutil.copy2(header, folder)
    if (BUILD / "stencils.h").exists() and subprocess.run([sys.executable, PACKAGE / "tools" / "stencils" / "build.py", "--layout", str(layout), "-o", folder]).returncode:
        sys.exit("the stencils cannot be made")
    return folder


def build(python, folder, root=None):
    """Makes FOLDER/copypatch. Quick when nothing has changed."""
    facts = ask(python, root)
    folder = Path(folder).resolve()
    package = folder / "copypatch"
    package.mkdir(parents=True, exist_ok=True)
    options = [f"-I{make_stencils(facts['layout'])}", f"-DABI_LAYOUT={facts['layout']}", *include_options(facts, root)]
    entries = [e for e in json.loads((BUILD / "compile_commands.json").read_text()) if e["output"].startswith("_copypatch.")]
    extension = package / f"_copypatch{facts['suffix']}"
    rules = [f"builddir = {folder}", "rule cc", "  command = $words", "  depfile = $out.d", "  deps = gcc", "rule link", "  command = $words"]
    objects = []
    for entry in entries:
        output = folder / "objects" / (entry["file"].replace("../", "").replace("/", "_") + ".o")
        objects.append(str(output))
        rules += [f"build {output}: cc {entry['file']}", f"  words = {' '.join(compile_words(entry, options, output))}"]
    cc, *words = entries[0]["command"].split()
    optimization = " ".join(word for word in words if word.startswith(("-O", "-flto")))
    wraps = " ".join(sorted(set(re.findall(r"-Wl,--wrap=\w+", (BUILD / "build.ninja").read_text()))))
    rules += [f"build {extension}: link {' '.join(objects)}", f"  words = {cc} -shared -fPIC {optimization} {wraps} -o {extension} {' '.join(objects)} -pthread -lm"]
    (folder / "build.ninja").write_text("\n".join(rules) + "\n")
    ninja = shutil.which("ninja", path=str(Path(sys.executable).parent)) or "ninja"
    if subprocess.run([ninja, "--quiet", "-C", str(BUILD), "-f", str(folder / "build.ninja")]).returncode:
        sys.exit(f"the extension does not compile for {python}")
    for source in (PACKAGE / "copypatch").glob("*.py"):
        shutil.copy2(source, package)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root")
    parser.add_argument("python")
    parser.add_argument("folder")
    args = parser.parse_args()
    build(args.python, args.folder, args.root)


if __name__ == "__main__":
    main()
