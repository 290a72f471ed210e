"""Where the extension module cannot be loaded: why."""

import os
import platform
import sys
import sysconfig


def why(error):
    """A sentence. The names of extension modules say what they were built for."""
    try:
        there = os.listdir(os.path.dirname(__file__))
    except OSError:
        there = []
    built = sorted(name.split(".")[1] for name in there if name.startswith("_copypatch.") and name.endswith(".so"))
    if not built:
        return f"copypatch has not been built for this Python, {this_python()}"
    if f"_copypatch{sysconfig.get_config_var('EXT_SUFFIX')}" not in there:
        return f"this copypatch was built for {', '.join(built)}, and this is {this_python()}"
    return f"the extension module of copypatch cannot be loaded ({error})"


def this_python():
    version = ".".join(map(str, sys.implementation.version[:3])) if sys.implementation.name != "cpython" else platform.python_version()
    kind = "a free-threaded build, " if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    return f"{platform.python_implementation()} {version} ({kind}{platform.machine()})"
