#!/usr/bin/env python3
"""uops.def + runtime.def -> every table that follows from them.

    gen_uops.py header   UOPS_DEF RUNTIME_DEF > uops_gen.h    enum, metadata, body signatures, helper prototypes
    gen_uops.py cases    UOPS_DEF RUNTIME_DEF > uop_cases.h   the cases of the uop interpreter
    gen_uops.py helpers  UOPS_DEF RUNTIME_DEF > helpers_gen.h name -> address table of the helper functions
    gen_uops.py markdown UOPS_DEF RUNTIME_DEF > docs/uops.md

`load(path)` and `load_runtime(path)` are used by the stencil generator as well: a uop is described in one place only.
"""

import dataclasses
import re
import sys

KINDS = {"-": "NONE", "obj": "OBJ", "new": "OBJ", "int": "INT", "float": "FLOAT"}
C_TYPES = {"obj": "Obj *", "int": "int64_t ", "float": "double "}
FIELDS = {"obj": "o", "int": "i", "float": "f"}
EFFECTS = ["PURE", "READ", "WRITE", "SLOT", "CALL", "ESCAPE", "AWAY", "FIXED", "FRAME", "SUNK", "META"]


@dataclasses.dataclass(frozen=True)
class Operand:
    kind: str            # obj, int, float
    name: str
    steal: bool = False  # the uop consumes the reference
    const: bool = False  # may be a constant (`?`)


@dataclasses.dataclass(frozen=True)
class Uop:
    name: str
    result: str                    # -, obj, new, int, float
    operands: tuple[Operand, ...]  # the values, in order
    imm: tuple[str, str] | None    # (imm | slot | word, name)
    effects: frozenset[str]
    exit: str                      # -, guard, error
    meaning: str

    @property
    def has_body(self) -> bool:
        return not self.effects & {"META", "SUNK"}

    @property
    def result_kind(self) -> str:
        return "obj" if self.result == "new" else self.result

    def signature(self) -> str:
        params = ["State *S"]
        params += [f"{C_TYPES[o.kind]}{o.name}" for o in self.operands]
        if self.imm:
            kind, name = self.imm
            params.append(f"{'uint64_t' if kind == 'word' else 'int64_t'} {name}")
        if self.result != "-":
            params.append(f"{C_TYPES[self.result_kind]}*result_")
        if self.exit != "-":
            params.append("int *exit_")
        if "AWAY" in self.effects:
            params.append("void **away_")
        return ", ".join(params)


def _calls(path: str, macro: str) -> list[list[str]]:
    """The arguments of each `MACRO(...)` line of a file, comments removed."""
    text = re.sub(r"/\*.*?\*/", "", open(path).read(), flags=re.S)
    rows = []
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        match = re.fullmatch(macro + r"\((.*)\)", line)
        if not match:
            sys.exit(f"{path}: not understood: {line}")
        args, depth, quoted, current = [], 0, False, ""
        for ch in match[1]:
            if ch == '"':
                quoted = not quoted
            depth += (ch == "(") - (ch == ")") if not quoted else 0
            if ch == "," and not depth and not quoted:
                args.append(current.strip())
                current = ""
            else:
                current += ch
        rows.append(args + [current.strip()])
    return rows


def load(path: str) -> list[Uop]:
    uops = []
    for row in _calls(path, "UOP"):
        name, result, operands, effects, exit_, meaning = row
        values, imm = [], None
        for text in filter(None, (t.strip() for t in operands.strip("()").split(","))):
            words = text.split()
            if words[0] in ("imm", "slot", "word"):
                imm = (words[0], words[1])
                continue
            steal = words[0] == "steal"
            kind, operand = words[1 if steal else 0:]
            values.append(Operand(kind.rstrip("?"), operand, steal, kind.endswith("?")))
        flags = frozenset(effects.split("|"))
        if "ESCAPE" in flags:
            flags |= {"CALL", "WRITE"}
        bad = flags - set(EFFECTS)
        if bad or result not in KINDS or exit_ not in ("-", "guard", "error") or len(values) > 3:
            sys.exit(f"{path}: {name}: wrong declaration")
        uops.append(Uop(name, result, tuple(values), imm, flags, exit_, meaning.strip('"')))
    return uops


@dataclasses.dataclass(frozen=True)
class Helper:
    name: str
    returns: str
    params: str
    meaning: str


def load_runtime(path: str) -> list[Helper]:
    return [Helper(n, r, p, m.strip('"')) for n, r, p, m in _calls(path, "HELPER")]


def header(uops: list[Uop], helpers: list[Helper]) -> str:
    out = ["/* made by tools/gen_uops.py from uops.def and runtime.def; do not edit */", "#pragma once", ""]
    out += ["typedef enum {"] + [f"    UOP_{u.name}," for u in uops] + ["    UOP_COUNT", "} UopCode;", ""]
    out += [f"#define EFFECT_{e} {1 << i}" for i, e in enumerate(EFFECTS)]
    out += ["#define UOP_TABLE \\"]
    for u in uops:
        kinds = [f"KIND_{o.kind.upper()}" for o in u.operands] + ["KIND_NONE"] * (3 - len(u.operands))
        steal = sum(1 << i for i, o in enumerate(u.operands) if o.steal)
        const = sum(1 << i for i, o in enumerate(u.operands) if o.const)
        effects = "|".join(f"EFFECT_{e}" for e in EFFECTS if e in u.effects) or "0"
        imm = f"IMM_{u.imm[0].upper()}" if u.imm else "IMM_NONE"
        exit_ = {"-": "EXIT_NONE", "guard": "EXIT_GUARD", "error": "EXIT_ERROR"}[u.exit]
        out.append(f'    {{"{u.name}", KIND_{KINDS[u.result]}, {int(u.result == "new")}, {len(u.operands)}, '
                   f'{{{", ".join(kinds)}}}, {steal}, {const}, {imm}, {effects}, {exit_}}}, \\')
    out += ["", ""]
    out += [f"#define SIGNATURE_{u.name} {u.signature()}" for u in uops if u.has_body] + [""]
    out += [f"extern {h.returns} {h.name}{h.params};" for h in helpers] + [""]
    return "\n".join(out)


def cases(uops: list[Uop]) -> str:
    out = ["/* made by tools/gen_uops.py; do not edit */"]
    for u in uops:
        if not u.has_body:
            continue
        args = ["S"] + [f"({'Obj *' if o.kind == 'obj' else ''})VALUE(u->{'abc'[i]}).{FIELDS[o.kind]}"
                        for i, o in enumerate(u.operands)]
        args = [a.replace("()", "") for a in args]
        if u.imm:
            args.append({"imm": "u->imm", "slot": "u->imm * 8", "word": "(uint64_t)u->imm"}[u.imm[0]])
        if u.result != "-":
            args.append(f"{'(Obj **)' if u.result_kind == 'obj' else ''}&result->{FIELDS[u.result_kind]}")
        if u.exit != "-":
            args.append("&leave")
        if "AWAY" in u.effects:
            args.append("&away")
        out.append(f"case UOP_{u.name}: body_{u.name}({', '.join(args)}); break;")
    return "\n".join(out) + "\n"


def helper_table(helpers: list[Helper]) -> str:
    return "\n".join(["/* made by tools/gen_uops.py; do not edit */"] +
                     [f'{{"{h.name}", (void *){h.name}}},' for h in helpers]) + "\n"


def markdown(uops: list[Uop], helpers: list[Helper]) -> str:
    out = ["# The uops", "", "Made from `src/ir/uops.def` (which explains the columns) by `make docs`; do not edit.", "",
           "| uop | result | operands | effects | exit | meaning |", "|---|---|---|---|---|---|"]
    for u in uops:
        operands = [("steal " if o.steal else "") + o.kind + ("?" if o.const else "") + " " + o.name for o in u.operands]
        operands += [" ".join(u.imm)] if u.imm else []
        effects = " ".join(e for e in EFFECTS if e in u.effects)
        meaning = u.meaning.replace("|", "\\|")
        out.append(f"| `{u.name}` | {u.result} | {', '.join(operands)} | {effects} | {u.exit} | {meaning} |")
    out += ["", "# Helper functions that uops call", "", "| helper | meaning |", "|---|---|"]
    out += [f"| `{h.returns} {h.name}{h.params}` | {h.meaning} |" for h in helpers]
    return "\n".join(out) + "\n"


def main() -> None:
    what, uops_def, runtime_def = sys.argv[1:]
    uops, helpers = load(uops_def), load_runtime(runtime_def)
    print({"header": lambda: header(uops, helpers), "cases": lambda: cases(uops),
           "helpers": lambda: helper_table(helpers), "markdown": lambda: markdown(uops, helpers)}[what](), end="")


if __name__ == "__main__":
    main()
