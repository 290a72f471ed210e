"""Run by `meson dist`: puts the stencils of every target into the source distribution, as stencils/generated/.

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
    import targets
    if keep and Path(keep).is_dir():
        shutil.copytree(keep, generated)
    done = subprocess.run([sys.executable, "-B", generator, "-v", "-o", generated, *targets.TARGETS])
    if done.returncode == 0 and keep:
        shutil.copytree(generated, keep, dirs_exist_ok=True)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
