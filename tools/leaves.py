#!/usr/bin/env python3
"""src/record/leaves.def + CPython's source -> does a leaf run Python code? What each of them reaches.

    leaves.py [--source DIR] [--write FILE]

A LEAF uop calls C with the interpreter's frames as they happened to be: nothing it calls may run Python code, reach PyErr_CheckSignals() (signal
handlers and the collector run there, in 3.13) or release the GIL. Here the calls are followed through CPython's source, from the functions that
leaves.def names and from our own helpers (src/runtime), and everything forbidden that is reached is an error, with the way to it. An edge that
is not taken for a reason is excused in leaves.def, in words; an excuse that nobody needs is an error too.

The call graph is read off the text, no C compiler is asked: functions by their braces at the margin, calls by `name(`, macros by their bodies,
a function whose name stands without `(` as called. A call through a pointer is reported by the name of the field or variable. It is on the safe
side where names are: equal static names are looked up in their own file first, then anywhere. What it cannot see: types. That a slot function is
what the slot of that type holds is compared with the initializers of the types.
"""

import argparse
import dataclasses
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = os.path.join(ROOT, "src", "record", "leaves.def")

FORBIDDEN = re.compile(
    r"_?PyErr_CheckSignals\w*|_PyEval_\w*Frame\w*|_Py_HandlePending|_?PyObject_(Fast)?Call\w*|_?PyObject_Vectorcall\w*|_PyFunction_Vectorcall|"
    r"PyEval_(SaveThread|RestoreThread|AcquireThread|ReleaseThread)|Py_BEGIN_ALLOW_THREADS|PyGILState_\w+|PyErr_Warn\w*|_?PyErr_WriteUnraisable\w*|"
    r"_?PyImport_\w+|_?PySys_Audit\w*|PyObject_(Str|Repr|ASCII|Format)|_Py_RunGC|_?PyGC_Collect\w*|PyRun_\w+|_Py_Dealloc|PyMutex_Lock|"
    r"PyThread_acquire_lock\w*|PyUnicode_DecodeFSDefault\w*|PyCodec_\w+|_PyCodec_\w+")

# Only an interpreter with the GIL, without debugging, on Linux is meant.
UNDEFINED = {"Py_GIL_DISABLED", "Py_DEBUG", "Py_TRACE_REFS", "Py_REF_DEBUG", "Py_STATS", "MS_WINDOWS", "WITH_DTRACE", "_Py_TIER2", "_MSC_VER", "__APPLE__",
             "Py_TAIL_CALL_INTERP", "DEBUG", "Py_LIMITED_API", "INSTRUMENT_FREE_LISTS", "USE_STACKCHECK", "PY_CALL_TRAMPOLINE", "__EMSCRIPTEN__",
             "_Py_USE_STD_ATOMIC", "_Py_ATOMIC_MSC_H"}

# The C library, the compiler, and macros of theirs.
LIBRARY = re.compile(
    r"mem(cpy|move|set|cmp|chr|rchr)|str(len|cmp|ncmp|chr|rchr|cpy|ncpy|dup|toul|tol)|wcs\w+|(v?sn?|f|vf)?printf|fputs?|fputc|fflush|abort|exit|_exit|"
    r"is(alnum|alpha|digit|space|xdigit|upper|lower)|to(lower|upper)|va_(start|end|arg|copy)|offsetof|sizeof|alignof|_Alignof|defined|__\w+|"
    r"u?int\d+_t|size_t|(l|ll)?(abs|round|rint)|abort|(c|s|a)?(sin|cos|tan)h?|a(sin|cos|tan)h|atan2|a(sin|cos|tan)|exp|exp2|expm1|log|log2|log10|log1p|pow|sqrt|cbrt|"
    r"fabs|floor|ceil|trunc|round|rint|fmod|modf|frexp|ldexp|hypot|copysign|nextafter|isnan|isinf|isfinite|signbit|erfc?|l?tgamma|lgamma|fma|remainder|"
    r"nearbyint|powl?|w?memn?chr|wmem\w+|strpbrk|fegetround|localeconv|setlocale|write|getpid|raise|NULL|errno|fileno|bcmp|strtod|U?INT\d+_C")
KEYWORDS = set("if for while switch return sizeof do else case default goto break continue struct union enum static inline const unsigned signed int long "
               "char double float void short typedef extern register volatile restrict".split())


class Wrong(Exception):
    pass


# ---- the table ----

@dataclasses.dataclass(frozen=True)
class Leaf:
    kind: str           # SLOT METHOD BUILTIN NEXT FUNCTION HELPER
    function: str
    of: str             # type, module
    name: str           # slot, method
    operands: str


@dataclasses.dataclass
class Excuse:
    caller: str
    callee: str
    why: str
    used: int = 0


def read_table(text: str) -> tuple[list[Leaf], list[Excuse]]:
    leaves, excuses = [], []
    for line in text.splitlines():
        found = re.match(r"(SLOT|METHOD|BUILTIN|NEXT|FUNCTION|EXCUSE)\((.*)\)\s*(?:/\*.*)?$", line)
        if not found:
            continue
        kind = found[1]
        fields = [f.strip().strip('"') for f in re.findall(r'\s*"[^"]*"|[^,]+', found[2])]
        if kind == "EXCUSE":
            if len(fields) != 3 or len(fields[2].split()) < 2:
                raise Wrong(f"leaves.def: an excuse without a reason: {line}")
            excuses.append(Excuse(*fields))
        elif kind == "SLOT":
            leaves.append(Leaf(kind, fields[2], fields[0], fields[1], fields[3]))
        elif kind in ("METHOD", "BUILTIN"):
            leaves.append(Leaf(kind, fields[2], fields[0], fields[1], fields[3]))
        elif kind == "NEXT":
            leaves.append(Leaf(kind, fields[1], fields[0], "tp_iternext", ""))
        else:
            leaves.append(Leaf(kind, fields[0], "", "", fields[1]))
    return leaves, excuses


def read(*path: str) -> str:
    with open(os.path.join(ROOT, *path)) as f:
        return f.read()


def helpers() -> list[Leaf]:
    """But those that only uops call which may run Python code: ESCAPE."""
    escaping = set(re.findall(r"^UOP\((\w+),.*\bESCAPE\b", read("src", "ir", "uops.def"), re.M))
    for_escapes, for_others = set(), set()
    for name in os.listdir(os.path.join(ROOT, "stencils")):
        for uop, body in re.findall(r"^uop\((\w+)\)(.*?)(?=^uop\(|\Z)", read("stencils", name), re.M | re.S) if name.endswith(".h") else []:
            (for_escapes if uop in escaping else for_others).update(re.findall(r"\bh_\w+", body))
    names = re.findall(r"^HELPER\((\w+),", read("src", "runtime", "runtime.def"), re.M)
    return [Leaf("HELPER", name, "", "", "") for name in names if name in for_others or name not in for_escapes]


# ---- C source, as text ----

@dataclasses.dataclass
class Function:
    name: str
    file: str
    calls: set[str] = dataclasses.field(default_factory=set)        # names; "->field" for a call through a pointer
    formats: list[str] = dataclasses.field(default_factory=list)    # format strings of what it raises
    mentions: set[str] = dataclasses.field(default_factory=set)     # names that stand without `(`
    static: bool = False                                            # known in its file only
    first: str = ""                                                 # the first call


def without_comments(text: str) -> str:
    keep = lambda m: m[0] if m[0][0] in "\"'" else re.sub(r"[^\n]", " ", m[0])  # noqa: E731
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', keep, text, flags=re.S)


def is_known(condition: str) -> bool | None:
    """The value of a preprocessor condition; None: both ways are read."""
    found = re.fullmatch(r"\s*(!?)\s*(?:defined\s*\(?\s*)?(\w+)\s*\)?\s*", condition)
    if found and (found[2] in UNDEFINED or found[2] == "0"):
        return bool(found[1])
    if re.search(r"&&", condition) and any(is_known(part) is False for part in condition.split("&&")):
        return False
    return None


def preprocessed(text: str) -> str:
    """Lines of branches that are not compiled, and assert()s, are blank."""
    out, stack = [], []         # stack: (this branch is read, one before was known to be)
    for line in text.split("\n"):
        found = re.match(r"\s*#\s*(ifdef|ifndef|if|elif|else|endif)\b(.*)", line)
        if found:
            what, rest = found.groups()
            if what in ("ifdef", "ifndef", "if"):
                value = is_known("!" + rest.strip() if what == "ifndef" else rest)
                stack.append((value is not False, value is True))
            elif what == "elif" and stack:
                value = is_known(rest)
                stack[-1] = (not stack[-1][1] and value is not False, stack[-1][1] or value is True)
            elif what == "else" and stack:
                stack[-1] = (not stack[-1][1], True)
            elif what == "endif" and stack:
                stack.pop()
            out.append("")
        else:
            out.append(line if all(read for read, _ in stack) else "")
    return "\n".join(out)


HEAD = re.compile(r"^(?!typedef|struct|enum|union|#|\s|\}|\{)(?:[A-Za-z_][\w \t\*]*?[ \t\*\n])??\**(\w+)[ \t]*\((?:[^;{}()]|\([^;{}()]*\))*\)\s*\{", re.M)
CALL = re.compile(r"(->\s*|\.\s*)?\b([A-Za-z_]\w*)\s*\(")
POINTER_CALL = re.compile(r"\(\s*\*\s*([\w\->\.\[\] ]+?)\s*\)\s*\(")
RAISES = re.compile(r"\b(?:_?PyErr_Format(?:FromCause)?|PyUnicode_FromFormat)\s*\(")


class Source:
    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.functions: dict[str, list[Function]] = {}
        self.macros: dict[str, list[Function]] = {}
        self.values: dict[str, set[str]] = {}       # of macros without parameters
        self.texts: dict[str, str] = {}

    def add(self, path: str, name: str) -> None:
        """One file; what Argument Clinic made for it is part of it."""
        with open(path, encoding="utf-8", errors="replace") as f:
            text = preprocessed(without_comments(f.read()))
        text = re.sub(r"\bSTRINGLIB\s*\(\s*(\w+)\s*\)", r"STRINGLIB_\1", text)
        text = re.sub(r"\b(?:asciilib|ucs[124]lib|stringlib)_(\w+)", r"STRINGLIB_\1", text)
        self.texts[name] = text
        name = re.sub(r"clinic/(\w+\.c)\.h", r"\1", name)
        makers = {}
        joined = re.sub(r"\\\n", " ", text)
        for found in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)\n]*\))?[ \t]*(.*)$", joined, re.M):
            macro, params, body = found.groups()
            if params is None:
                self.values.setdefault(macro, set()).update(re.findall(r"[A-Za-z_]\w*", body) if len(body) < 120 else [])
            else:
                self.macros.setdefault(macro, []).append(self.function(macro, name, body))
                if "##" in body and "{" in body:
                    makers[macro] = [p.strip() for p in params[1:-1].split(",")], body
        self.bodies(text, name)
        for macro, (params, body) in makers.items():        # functions made by a macro: FUNC1(sin, sin, 0, ...) of mathmodule.c
            for found in re.finditer(rf"^{macro}\s*\(((?:[^()\"]|\"(?:\\.|[^\"\\])*\"|\([^()]*\))*)\)", text, re.M):
                args = [a.strip() for a in found[1].split(",", len(params) - 1)]
                made = body
                for param, arg in zip(params, args):
                    made = re.sub(rf"\s*##\s*{param}\b", arg, made)
                    made = re.sub(rf"\b{param}\b", arg, made)
                self.bodies("\n".join(re.sub(r"(?<=\})\s*static", "\nstatic", made.replace("{", "\n{\n", 1).rsplit("}", 1)[0].strip() + "\n}\n").split("\n")), name)

    def bodies(self, text: str, file: str) -> None:
        at = 0
        while found := HEAD.search(text, at):
            end = text.find("\n", found.end())
            if not text[found.end():end].rstrip().endswith("}"):        # else a function of one line
                end = text.find("\n}", found.end())
            end = len(text) if end < 0 else end
            if found[1] not in KEYWORDS:
                f = self.function(found[1], file, text[found.end():end])
                f.static = not file.endswith(".h") and bool(re.search(r"\bstatic\b", found[0]))
                self.functions.setdefault(found[1], []).append(f)
            at = end

    def function(self, name: str, file: str, body: str) -> Function:
        f = Function(name, file)
        body = re.sub(r"\b(?:assert|_PyObject_ASSERT\w*|Py_BUILD_ASSERT|static_assert)\s*\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)", "", body)
        for found in RAISES.finditer(body):
            f.formats += re.findall(r'"((?:\\.|[^"\\])*)"', body[found.end():body.find(";", found.end())])
        plain = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', body)
        for found in POINTER_CALL.finditer(plain):
            f.calls.add("->" + re.split(r"->|\.", found[1].strip())[-1].strip())
        for found in CALL.finditer(plain):
            if found[2] not in KEYWORDS:
                f.calls.add(("->" if found[1] else "") + found[2])
        first = CALL.search(plain)
        f.first = first[2] if first else ""
        f.mentions = set(re.findall(r"(?<![>\.\w])([A-Za-z_]\w*)\b(?!\s*\()", plain)) - KEYWORDS
        return f

    def lookup(self, name: str, file: str) -> list[Function]:
        """Whom a name in that file means."""
        for where in (self.functions, self.macros):
            found = where.get(name, [])
            same = [f for f in found if f.file == file]
            found = [f for f in found if not f.static]
            if same or found:
                return same or found
        return []


def read_source(folder: str) -> Source:
    source = Source(folder)
    files = []
    for sub in ("Objects", "Objects/clinic", "Objects/stringlib", "Python", "Python/clinic", "Include", "Include/internal", "Include/cpython"):
        where = os.path.join(folder, sub)
        files += [os.path.join(sub, f) for f in sorted(os.listdir(where)) if f.endswith((".c", ".h")) and "cases.c.h" not in f]
    files = [f for f in files if not re.search(r"pyatomic_(msc|std)|emscripten|dynload|iconv|Parser/", f)]
    files += ["Modules/mathmodule.c", "Modules/_math.h", "Modules/clinic/mathmodule.c.h"]
    for name in files:
        if os.path.exists(os.path.join(folder, name)):
            source.add(os.path.join(folder, name), name)
    for sub in ("src/runtime", "src/cpython", "src/record"):
        for f in sorted(os.listdir(os.path.join(ROOT, sub))):
            if f.endswith((".c", ".h")) and not re.fullmatch(r"version_31[4-9]\.h", f):        # the source is 3.13's
                source.add(os.path.join(ROOT, sub, f), "copypatch/" + sub + "/" + f)
    source.add(os.path.join(ROOT, "stencils", "abi.h"), "copypatch/stencils/abi.h")
    return source


# ---- following calls ----

class Walk:
    def __init__(self, source: Source, excuses: list[Excuse]):
        self.source = source
        self.excuses = excuses

    def is_excused(self, caller: str, callee: str) -> bool:
        """What is forbidden is excused by its full name only."""
        for e in self.excuses:
            if "*" in e.callee and (FORBIDDEN.fullmatch(callee) or callee[0] == "%"):
                continue
            if re.fullmatch(e.caller.replace("*", ".*"), caller) and re.fullmatch(e.callee.replace("*", ".*"), callee):
                e.used += 1
                return True
        return False

    def edges(self, f: Function) -> list[str]:
        out = set()
        for name in f.calls:
            out.add(name)
        for name in f.mentions:
            if name in self.source.values and name not in self.source.functions:
                out.update(v for v in self.source.values[name] if v in self.source.functions)
            elif any(g.file == f.file or not g.static for g in self.source.functions.get(name, [])):
                out.add(name)
        return sorted(out)

    def run(self, root: str) -> tuple[dict[str, str | None], list[str]]:
        """What is reached from a function, each with whence; and what is wrong, as ways."""
        starts = self.source.functions.get(root)
        if not starts:
            return {}, [f"{root}: no such function"]
        came: dict[str, str | None] = {root: None}
        wrong, todo = [], [(f, root) for f in starts]
        while todo:
            f, label = todo.pop()
            for bad in f.formats:
                for spec in re.findall(r"%[-0-9.*]*([RSAUV])", bad):
                    if spec in "RSA" and not self.is_excused(label, "%" + spec):
                        wrong.append(self.way(came, label) + f" -> %{spec} in {bad!r}")
            for name in self.edges(f):
                if name in came or name == label:
                    continue
                if self.is_excused(label, name):
                    continue
                if FORBIDDEN.fullmatch(name):
                    wrong.append(self.way(came, label) + " -> " + name)
                    continue
                targets = self.source.lookup(name, f.file) if not name.startswith("->") else []
                if not targets and name in self.source.values:
                    targets = [t for v in self.source.values[name] for t in self.source.lookup(v, f.file)]
                if targets:
                    came[name] = label
                    todo += [(t, name) for t in targets]
                elif name.startswith("->") or not (LIBRARY.fullmatch(name) or self.is_type_or_value(name)):
                    wrong.append(self.way(came, label) + f" -> {name} (unresolved)")
        return came, wrong

    def is_type_or_value(self, name: str) -> bool:
        return name in self.source.values or bool(re.fullmatch(r"[A-Z][A-Z0-9_]+|.*_t|\w*Object|Py_ssize_t|Py_UCS[124]|digit|s?twodigits|sdigit|stwodigits", name))

    def way(self, came: dict[str, str | None], name: str) -> str:
        steps = [name]
        while came.get(steps[-1]):
            steps.append(came[steps[-1]])
        return " -> ".join(reversed(steps))


# ---- the slots ----

FILES = {"int": "Objects/longobject.c", "bool": "Objects/boolobject.c", "float": "Objects/floatobject.c", "complex": "Objects/complexobject.c",
         "str": "Objects/unicodeobject.c", "bytes": "Objects/bytesobject.c", "none": "Objects/object.c", "list": "Objects/listobject.c",
         "tuple": "Objects/tupleobject.c", "range": "Objects/rangeobject.c", "dict": "Objects/dictobject.c", "set": "Objects/setobject.c"}


def wrong_slot(source: Source, leaf: Leaf) -> str | None:
    """An initializer of the type, of bool: or of int, has the function beside the slot's name: `long_add, /*nb_add*/`."""
    for of in [leaf.of] + (["int"] if leaf.of == "bool" else []):
        with open(os.path.join(source.folder, FILES[of]), encoding="utf-8", errors="replace") as f:
            text = f.read()
        slot, fn = re.escape(leaf.name), re.escape(leaf.function)
        if re.search(rf"\b{fn}\s*,\s*/\*\s*{slot}\b", text) or re.search(rf"\.{slot}\s*=\s*(?:\(\w+\)\s*)?{fn}\b", text):
            return None
        if leaf.function == "object_richcompare" or re.search(rf"\.{slot}\s*=", text):
            return None if leaf.function == "object_richcompare" else f"{leaf.of}.{leaf.name} is not {leaf.function}"
    # initializers without the slots' names: the function stands in a table of the file
    return None if re.search(rf"\(\w+\)\s*{fn}\s*,|^\s*{fn}\s*,", text, re.M) else f"{leaf.of}.{leaf.name} is not {leaf.function}"


def wrong_sites(source: Source, leaves: list[Leaf]) -> list[str]:
    """Every LEAF in src/record is chosen by the table, asked before in the same function, or calls a function that stands there."""
    functions = {leaf.function for leaf in leaves}
    wrong = []
    for name, text in source.texts.items():
        if not name.startswith("copypatch/src/record/"):
            continue
        lines = text.splitlines()
        begins = 0
        for i, line in enumerate(lines):
            begins = i if line.startswith("}") else begins
            asked = any(re.search(r"\bleaf_\w+\(|\bleaf \?", before) for before in lines[begins:i + 1])
            called = re.search(r"\(void \*\)\s*(\w+)", line)
            if re.search(r"\bUOP_LEAF\w*", line) and not asked and not (called and called[1] in functions):
                wrong.append(f"{name}: nothing says that this is a leaf: {line.strip()}")
    return wrong


def version_of(folder: str) -> str:
    with open(os.path.join(folder, "Include", "patchlevel.h")) as f:
        return re.search(r'PY_VERSION\s+"([^"]+)"', f.read())[1]


def prove(source: Source, table: str | None = None, only_added: str = "") -> tuple[list[str], list[str]]:
    """What is wrong; and the list of what each leaf reaches. only_added: a line of the table, nothing else is looked at."""
    if table is None:
        with open(TABLE) as f:
            table = f.read()
    leaves, excuses = read_table(table)
    walk = Walk(source, excuses)
    if only_added:
        leaves, added = read_table(only_added)
        excuses = added
    wrong = wrong_sites(source, leaves) if not only_added else []
    wrong += [w for leaf in leaves if leaf.kind == "SLOT" and (w := wrong_slot(source, leaf))]
    lines = [f"# What the functions of src/record/leaves.def and our helpers call in CPython {version_of(source.folder)}, directly and further on (make leaves)"]
    done = set()
    for leaf in leaves + ([] if only_added else helpers()):
        if (leaf.function, leaf.operands == "OTHER") in done:
            continue
        done.add((leaf.function, leaf.operands == "OTHER"))
        if leaf.operands == "OTHER":        # not a line of it runs but the check of its operands
            if not all(f.first == "CHECK_BINOP" for f in source.functions.get(leaf.function, [])):
                wrong.append(f"{leaf.function}: does not begin with CHECK_BINOP")
            lines.append(f"{leaf.function}: CHECK_BINOP")
            continue
        came, bad = walk.run(leaf.function)
        wrong += bad
        reached = sorted(n for n in came if n in source.functions and n != leaf.function and not n.startswith("_Py_") and n not in ("Py_DECREF", "Py_INCREF"))
        lines.append(f"{leaf.function}: {' '.join(reached)}".rstrip())
    wrong += [f"an excuse that nobody needs: {e.caller} -> {e.callee}: {e.why}" for e in excuses if not e.used]
    return wrong, lines


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--source", default=os.environ.get("CPYTHON_SOURCE", "/tmp/cpython-3.13-source"))
    ap.add_argument("--write", metavar="FILE")
    a = ap.parse_args()
    wrong, lines = prove(read_source(a.source))
    if a.write:
        with open(a.write, "w") as f:
            f.write("\n".join(lines) + "\n")
    for w in sorted(set(wrong)):
        print(w)
    print(f"leaves: {len(lines) - 1} functions, {len(set(wrong))} ways that must not be")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
