"""Run by `meson dist`: puts the stencils of every target, for the objects of every version of CPython, into the source distribution, as stencils/generated/.

They are made by the distribution's own copy of the generator, so they match its inputs; build.py --from checks that where they are used.
COPYPATCH_STENCILS names a folder that keeps them: what is current there is not made again.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def main():
    root = Path(os.environ["MESON_DIST_ROOT"])
    generated, keep = root / "stencils" / "generated", os.environ.get("COPYPATCH_STENCILS")
    generator = root / "tools" / "stencils" / "build.py"
    sys.path.insert(0, str(generator.parent))
    sys.dont_write_bytecode = True
    import build
    import targets
    if keep and Path(keep).is_dir():
        shutil.copytree(keep, generated)
    for layout in build.LAYOUTS:
        done = subprocess.run([sys.executable, "-B", generator, "-v", "--layout", str(layout), "-o", generated, *targets.TARGETS])
        if done.returncode:
            sys.exit(done.returncode)
    if keep:
        shutil.copytree(generated, keep, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
