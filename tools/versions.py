"""The versions of CPython that copypatch is for, and whose objects and frames each has: ABI_LAYOUT of stencils/abi.h, --layout of stencils/build.py.

    python tools/versions.py            the versions, oldest first
    python tools/versions.py 3.14       its layout; exit status 1 and a sentence when it is none of them
    python tools/versions.py --this     the path of the interpreter that runs this; the same when it cannot be used

Shell scripts that have no Python yet read the line with the table (tools/setup, tools/clean_root), so it stays a line.
"""

import sys

LAYOUTS = {"3.13": 313, "3.14": 314, "3.15": 314}
RANGE = "%s to %s" % (min(LAYOUTS), max(LAYOUTS))
NOT_ONE = "copypatch supports CPython %s, and this is %s"


def why_not_this():
    """Of the interpreter that runs this: None when it is supported."""
    import platform
    import sysconfig
    version = "%d.%d" % sys.version_info[:2]
    if platform.python_implementation() != "CPython" or version not in LAYOUTS:
        return NOT_ONE % (RANGE, platform.python_implementation() + " " + platform.python_version())
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "this is a free-threaded build, which copypatch does not support: use an ordinary CPython %s" % version
    return None


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else None
    if what is None:
        print(" ".join(LAYOUTS))
    elif what == "--this":
        print(why_not_this() and sys.exit(why_not_this()) or sys.executable)
    elif what in LAYOUTS:
        print(LAYOUTS[what])
    else:
        sys.exit(NOT_ONE % (RANGE, "Python " + what))


if __name__ == "__main__":
    main()
