"""The command line: `python -m copypatch ...` does what `python ...` does, with the JIT on.

The program gets a __main__ module, sys.argv and sys.path of its own; _copypatch.run_main() then runs it with no frame of ours below.
Nothing is imported here that `python` has not imported anyway: start-up counts.
"""

import os
import sys

import copypatch

USAGE = """\
usage: python -m copypatch [options] script.py [arguments]
       python -m copypatch [options] -m module [arguments]
       python -m copypatch [options] -c code [arguments]
       python -m copypatch stencil NAME [--target T] [--all]

Runs a Python program as `python` does, with copypatch's JIT compiler on. `-` as script reads standard input.
`stencil` shows a stencil from its C to its bytes. (A script of that name: ./stencil, or -- stencil.)

options:
  -v           at the end, say on stderr what the JIT did
  --version    print the version, and what this build is, and exit
  -h, --help   print this and exit

environment:
  COPYPATCH=0, PYTHON_JIT=0                        JIT off (=1: on, also where the build says off). From CPython 3.14 on PYTHON_JIT is for
                                                   CPython's own JIT, which is switched off while this one is on
  COPYPATCH_OPTIMIZE=0, PYTHON_UOPS_OPTIMIZE=0     traces run unoptimized
  COPYPATCH_INTERPRET=1                            traces run in the uop interpreter, without native code
  COPYPATCH_FUNCTIONS=0                            traces begin at loops only, not at functions
  COPYPATCH_EAGER=1                                no sampler; loops and functions are compiled at the second turn or call (for tests)
  COPYPATCH_RETIRE=0                               compiled code stays, also what does not pay (for tests)
  COPYPATCH_STRESS=exit:N|ra|tiny|invalid:N|oom:N  ways of stress that must not be noticed (for tests)
  COPYPATCH_DEBUG=0..5, PYTHON_OPT_DEBUG=0..5      debug output: 1 traces made and failed, 2 recorded uops, 3 passes, 4 registers, 5 code
  COPYPATCH_DUMP=NAME,...                          the same by name: traces,aborts,bytecode,uops,passes,ir,registers,code,exits
  COPYPATCH_COUNT=runs,bytecodes                   native code counts what it does, for stats()
  COPYPATCH_VERIFY=1                               check each trace between passes
  COPYPATCH_CODE_LIMIT=64M                         most native code at a time
  COPYPATCH_GDB=1                                  announce traces to debuggers, whether one is there or not
  COPYPATCH_ALIAS=0                                code memory mapped once: debuggers can set breakpoints in it, compiling takes longer
  COPYPATCH_STATS=FILE                             at the end, write copypatch.stats() to FILE as JSON
"""


def usage_error(message):
    sys.stderr.write(f"copypatch: {message}\n\n{USAGE}")
    sys.exit(2)


def parse(args):
    """-> (kind, what, argv, verbose): kind f, m, c or -; argv as the program sees it."""
    verbose = False
    while args and args[0].startswith("-") and args[0] != "-":
        option, args = args[0], args[1:]
        if option == "-v":
            verbose = True
        elif option in ("-h", "--help"):
            print(USAGE, end="")
            sys.exit(0)
        elif option == "--version":
            print(f"copypatch {copypatch.__version__} (Python {sys.version.split()[0]})\n{build()}")
            sys.exit(0)
        elif option[:2] in ("-m", "-c") and option[2:3] != "-":
            what = option[2:] or (args.pop(0) if args else usage_error(f"argument expected for the {option} option"))
            return option[1], what, [option[:2], *args], verbose
        elif option == "--":
            break
        else:
            usage_error(f"unknown option {option}")
    else:
        if args[:1] == ["stencil"]:
            from copypatch import _stencil
            sys.exit(_stencil.main(args[1:]))
    if not args:
        usage_error("no program is given")
    return ("-" if args[0] == "-" else "f"), args[0], args, verbose


def build():
    """What this build of the extension is, in a line."""
    extension = copypatch._copypatch
    if not extension:
        return copypatch.why_unavailable()
    what = "no JIT" if extension.JIT == "no" else f"native code for {extension.TARGET}" if extension.TARGET else "traces run in the uop interpreter"
    off = f", off unless {extension.SWITCHES} is set" if extension.JIT.endswith("-off") else ""
    return f"jit={extension.JIT}: {what}{off}{', debug build' if extension.DEBUG else ''}"


def new_main_module():
    """__main__ as the interpreter makes it at its start. The module stays the same object: the interpreter's own end knows it, and
    releases what the program leaves in it in the usual order (and several times as fast as a second module)."""
    variables = sys.modules["__main__"].__dict__
    annotations = {"__annotations__": {}} if "__annotations__" in variables else {}         # up to 3.13
    variables.clear()
    variables.update(__name__="__main__", __doc__=None, __package__=None, __loader__=sys.modules["_frozen_importlib"].BuiltinImporter,
                     __spec__=None, **annotations, __builtins__=sys.modules["builtins"])


def set_path(kind, what):
    """sys.path[0] for the program instead of ours. A script's is returned: only when it is no folder or zip file it is to be used."""
    if getattr(sys.flags, "safe_path", False):          # 3.11
        return None
    del sys.path[:1]
    if kind == "f":
        try:
            return os.path.dirname(os.path.realpath(what))
        except OSError:
            return os.path.dirname(what)
    if kind == "m":
        sys.path[:0] = working_directory()
    else:
        sys.path.insert(0, "")
    return None


def working_directory():
    """In a list; an empty one when the folder is gone."""
    try:
        return [os.getcwd()]
    except OSError:
        return []


def absolute(path):
    """As python makes __file__ absolute: nothing is normalized."""
    if os.path.isabs(path):
        return path
    return "/".join(working_directory() + ([] if path in ("", ".") else [path])) or path


def remember_source(code, source):
    """Tracebacks show the source of -c, from 3.13 on: what the interpreter tells linecache."""
    try:
        import linecache
        linecache._register_code(code if hasattr(linecache, "_make_key") else "<string>", source, "<string>")
    except (AttributeError, TypeError):
        pass


def report(replaced):
    stats = copypatch.stats()
    if replaced:
        sys.stderr.write("copypatch: CPython's own JIT (PYTHON_JIT=1) was switched off before the program started\n")
    if stats["off_reason"] and not stats.get("traces"):
        sys.stderr.write(f"copypatch: off: {stats['off_reason']}\n")
        return
    aborts = ", ".join(f"{name} {n}" for name, n in sorted(stats["aborts_by_reason"].items(), key=lambda item: -item[1]))
    sys.stderr.write(
        f"copypatch: {stats['traces']} traces, {stats['side_traces']} side traces, {stats['aborts']} aborts{aborts and f' ({aborts})'}; "
        f"{stats['entries']} entries, {stats['exits']} exits; {stats['recorded_bytecodes']} bytecodes at "
        f"{stats['us_per_bytecode']:.2f} us ({stats['record_us_per_bytecode']:.2f} record, {stats['optimize_us_per_bytecode']:.2f} optimize, "
        f"{stats['emit_us_per_bytecode']:.2f} emit); {stats['emitted_uops']} uops emitted at {stats['emit_us_per_uop']:.2f} us; "
        f"{stats['code_bytes']} bytes of code, {stats['metadata_bytes']} of metadata\n{share(stats)}")
    work_list(copypatch._copypatch)


def share(stats):
    if stats["native_share"] is None:
        return ""
    first = "" if stats["first_native_s"] is None else f", there first after {stats['first_native_s']:.2f} s"
    return f"copypatch: native code: {stats['native_share']:.0%} of CPU time in {stats['samples']} samples{first}; longest pause {stats['longest_pause_ns'] / 1e6:.1f} ms\n"


def work_list(extension, most=10):
    """The exits to the interpreter that were taken most, and the recordings that came to nothing most often."""
    exits = {}
    for count, place, uop, given_up in extension._exits_taken():
        line = f"{place} {uop}{' (no side trace can be made)' if given_up else ''}"
        exits[line] = exits.get(line, 0) + count
    for title, found in ("exits to the interpreter", exits.items()), ("recordings that came to nothing", [(text, n) for n, text in extension._noted_aborts()]):
        if found:
            sys.stderr.write(f"copypatch: {title}:\n")
        for text, count in sorted(found, key=lambda item: -item[1])[:most]:
            sys.stderr.write(f"{count:10} {text}\n".encode(errors="backslashreplace").decode())


def write_stats(path):
    import json
    with open(path, "w") as file:
        json.dump(copypatch.stats(), file)


def main():
    kind, what, argv, verbose = parse(sys.argv[1:])
    replaced = copypatch._copypatch is not None and copypatch._copypatch.replace_own_jit()
    stats_path = os.environ.get("COPYPATCH_STATS")
    if verbose or stats_path:
        import atexit
        pid = os.getpid()

        def at_exit():
            if os.getpid() == pid:
                if verbose:
                    report(replaced)
                if stats_path:
                    write_stats(stats_path)
        atexit.register(at_exit)
    if verbose and copypatch.is_available():
        copypatch._copypatch._note_aborts()
    sys.argv[:] = argv
    directory = set_path(kind, what)
    new_main_module()
    copypatch.enable()
    if not copypatch._copypatch and not verbose:
        sys.stderr.write(f"copypatch: off: {copypatch.why_unavailable()}\n")
    if kind == "f":
        status = run(kind, absolute(what), directory)
    else:
        status = run(kind, what, remember_source if kind == "c" else None)
    if status:
        sys.exit(status)


def run(kind, what, extra):
    if copypatch._copypatch:
        return copypatch._copypatch.run_main(kind, what, extra)
    import runpy
    if kind == "m":
        runpy._run_module_as_main(what)
    elif kind == "f":
        if extra:
            sys.path.insert(0, extra)
        runpy.run_path(what, run_name="__main__")
    else:
        exec(what if kind == "c" else sys.stdin.read(), sys.modules["__main__"].__dict__)
    return 0
