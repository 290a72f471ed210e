"""The versions of CPython that copypatch is for, and whose objects and frames each has: ABI_LAYOUT of stencils/abi.h, --layout of stencils/build.py.

    python tools/versions.py            the versions, oldest first
    python tools/versions.py 3.14       its layout; exit status 1 and a sentence when it is none of them
"""

import sys

LAYOUTS = {"3.13": 313, "3.14": 314, "3.15": 314}
RANGE = f"{min(LAYOUTS)} to {max(LAYOUTS)}"


def main():
    if len(sys.argv) == 1:
        print(*LAYOUTS)
    elif sys.argv[1] in LAYOUTS:
        print(LAYOUTS[sys.argv[1]])
    else:
        sys.exit(f"copypatch supports CPython {RANGE}, and this is Python {sys.argv[1]}")


if __name__ == "__main__":
    main()
