"""Uop declarations -> the list of stencils to make; and what a finished one consists of.

The numbering of variants is a contract with the emitter: src/emit/stencil.h.
"""

import dataclasses
import itertools
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools"))
import gen_uops  # noqa: E402
from gen_uops import Uop  # noqa: E402
from optimizers import Frame  # noqa: E402


# ---- finished stencils ----

@dataclasses.dataclass(frozen=True)
class Hole:
    offset: int             # in the code
    kind: str               # HoleKind (src/emit/hole.h) without PATCH_: ABS32, REL32, ...
    value: str              # HoleValue without HOLE_: IMM, WORD, ...
    symbol: int             # HELPER: number of the helper
    addend: int


@dataclasses.dataclass(frozen=True)
class Stencil:
    code: bytes
    holes: tuple[Hole, ...]
    data: bytes
    disassembly: tuple[tuple[int, str], ...]    # (offset, instruction)
    frame: Frame | None = None                  # the shim's


# ---- stencils to make ----

@dataclasses.dataclass(frozen=True)
class Machine:
    """The registers of a target: those that abi.h gives to the emitter, and how stencils hand them on."""
    n_g: int
    n_f: int
    convention: str = "preserve_none"       # of stencils; State *S is their first argument
    in_state: bool = False                  # "registers" are places in the State, S is the only argument

    def registers(self, kind: str) -> list[str]:
        return [f"f{i}" for i in range(self.n_f)] if kind == "float" else [f"g{i}" for i in range(self.n_g)]

    @property
    def all(self) -> list[str]:
        return self.registers("int") + self.registers("float")

    def place(self, register: str) -> str:
        """The C lvalue that is this register."""
        return self._in_state(register) if self.in_state else register

    @staticmethod
    def _in_state(register: str) -> str:
        return f"S->{register[0]}[{register[1:]}].{'i' if register[0] == 'g' else 'f'}"

    def go_on(self, changed: dict[str, str]) -> tuple[str, str]:
        """C: what to do before, and the arguments of, the call of the next stencil with these registers changed."""
        if self.in_state:
            return " ".join(f"{self._in_state(r)} = {v};" for r, v in changed.items() if not v.startswith("lost_")), "(S)"
        return "", f"({', '.join(['S', *(changed.get(r, r) for r in self.all)])})"

    def prelude(self) -> list[str]:
        """What template.c needs to know: macros and their definitions."""
        params, lost, store = ["State *S"], ["S"], ""
        if not self.in_state:
            params += [f"int64_t g{i}" for i in range(self.n_g)] + [f"double f{i}" for i in range(self.n_f)]
            lost += [f"lost_{r[0]}" for r in self.all]
            store = " ".join(f"{self._in_state(r)} = {r};" for r in self.all)
        return [f"CONVENTION __attribute__(({self.convention}))", f"PARAMETERS {', '.join(params)}", f"UNCHANGED {self.go_on({})[1]}",
                f"ALL_LOST ({', '.join(lost)})", f"STORE_ALL {store}", f"EXPECTED_N_G {self.n_g}", f"EXPECTED_N_F {self.n_f}"]


@dataclasses.dataclass(frozen=True)
class Request:
    """One stencil: the C function that becomes it, and where it belongs in the tables."""
    table: str              # "ADD_INT", "ADD_INT constant" or "EMIT_MOVE_G"
    number: int
    symbol: str             # the function's name
    source: str             # one line of C: a macro of template.c or shim.c
    choice: str             # "g0 g1 -> g0", for comments
    calls: bool             # may use the C stack


def _uop(machine: Machine, uop: Uop, number: int, constant: bool, operands: list[str], result: str | None) -> Request:
    """A stencil of a uop with its operands and result in these registers."""
    args = ["S"]
    for operand, register in zip(uop.operands, operands):
        place = machine.place(register)
        args.append(f"OBJ({place})" if operand.kind == "obj" else place)
    if constant:
        args.append("WORD_FLOAT" if uop.operands[-1].kind == "float" else "IMM")
    if uop.imm:
        args.append({"imm": "IMM", "slot": "IMM_OFFSET", "word": "WORD"}[uop.imm[0]])
    changed = {}
    if "CALL" in uop.effects:
        changed = {r: f"lost_{r[0]}" for r in machine.all if r not in ("g0", "g1", "g2")}
    away, lost = "AWAY" in uop.effects, {r: f"lost_{r[0]}" for r in machine.all}
    _, exit_with = machine.go_on(lost if away and "ESCAPE" in uop.effects else changed)
    if away:
        changed = lost
    if result:
        args.append(f"&result_{uop.result_kind}")
        changed[result] = "INTEGER(result_obj)" if uop.result_kind == "obj" else f"result_{uop.result_kind}"
    if uop.exit != "-":
        args.append("&leave")
    if away:
        args.append("&away")
    symbol = f"{uop.name}__{'k' if constant else 'r'}{number}"
    macro = "STENCIL_AWAY" if away else "STENCIL_EXIT" if uop.exit != "-" else "STENCIL"
    before, go_with = machine.go_on(changed)
    source = f"{macro}({symbol}, body_{uop.name}({', '.join(args)}), {before}, {go_with}, {exit_with})"
    choice = " ".join(operands + ["constant"] * constant) + (f" -> {result}" if result else "")
    return Request(uop.name + " constant" * constant, number, symbol, source, choice.strip(), "CALL" in uop.effects)


def uop_requests(machine: Machine, uop: Uop) -> list[Request]:
    """All stencils of a uop in the order of their numbers."""
    if not uop.has_body:
        return []
    if uop.effects & {"CALL", "FIXED"}:
        fixed = {"int": iter("g0 g1 g2".split()), "float": iter("f0 f1".split())}
        operands = [next(fixed["float" if o.kind == "float" else "int"]) for o in uop.operands]
        result = None
        if uop.result != "-":
            result = "f0" if uop.result_kind == "float" else "g3" if "CALL" in uop.effects else "g0"
        return [_uop(machine, uop, 0, False, operands, result)]
    requests = _choices(machine, uop, False)
    if uop.operands and uop.operands[-1].const:
        requests += _choices(machine, uop, True)
    return requests


def _choices(machine: Machine, uop: Uop, constant: bool) -> list[Request]:
    kinds = [o.kind for o in uop.operands[:len(uop.operands) - constant]]
    two_address = bool(kinds) and uop.result != "-" and (kinds[0] == "float") == (uop.result_kind == "float")
    free_result = uop.result != "-" and not two_address
    places = [machine.registers(k) for k in kinds + [uop.result_kind] * free_result]
    requests = []
    for number, registers in enumerate(itertools.product(*places)):
        operands = list(registers[:len(kinds)])
        result = registers[-1] if free_result else operands[0] if two_address else None
        requests.append(_uop(machine, uop, number, constant, operands, result))
    return requests


def emit_requests(machine: Machine) -> list[Request]:
    """The stencils that the emitter itself needs."""
    requests = []

    def add(name: str, number: int, statement: str, changed: dict[str, str], choice: str = "") -> None:
        symbol = f"EMIT_{name}__{number}"
        source = f"STENCIL({symbol}, {statement}, {', '.join(machine.go_on(changed))}, )"
        requests.append(Request(f"EMIT_{name}", number, symbol, source, choice, False))

    for kind, letter in ("int", "G"), ("float", "F"):
        registers = machine.registers(kind)
        for number, (dst, src) in enumerate(itertools.product(registers, registers)):
            add(f"MOVE_{letter}", number, "", {dst: machine.place(src)}, f"{src} -> {dst}")
        for number, r in enumerate(registers):
            place = machine.place(r)
            add(f"SPILL_{letter}", number, f"AT_OFFSET({place}) = {place}", {}, r)
            add(f"RELOAD_{letter}", number, "", {r: f"AT_OFFSET({place})"}, r)
            if kind == "int":
                add("CONST_G", number, "", {r: "IMM_PLAIN"}, r)
                add("CONST_G_WORD", number, "", {r: "(int64_t)WORD"}, r)
            else:
                add("CONST_F", number, "", {r: "WORD_FLOAT"}, r)
    for name in "JUMP", "JUMP_VALID", "JUMP_INDIRECT", "EXIT_STUB", "EXIT_COMMON", "SHIM":
        requests.append(Request(f"EMIT_{name}", 0, f"EMIT_{name}__0", f"{name}(EMIT_{name}__0)", "", name == "SHIM"))
    return requests
