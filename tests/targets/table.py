"""tests/cases/*.cases -> C. What a uop means is said there once, independent of its body and of any machine.

A line at the margin names uops. The indented lines below it are their cases, one or, separated by |, several a line:

    [memory before;] operands -> outcome [; memory after] [; calls]

    LIST_NEXT
        l = ListObj(size=3, item=at(A, B, C))       an object that all following cases of this block find in memory, so made
        it = ListIter(index=0, list=l)
        it -> A; it.index = 1
        it.index = 3; it -> exit
        S.n_trash = 0; S.record = null              memory before each case that follows in this block
        there: S.record = null                      memory after each that follows and goes `there`, unless it says something else

operands    in the order of uops.def, `imm`, `slot` and `word` after the values: Python expressions of numbers, `nan`, `inf`; names of
            objects (their addresses); `null`; A + 256: another address; what harness.h defines for them (AT_CONTENT: the offset of a field); int(x): the address of x as an int; tagged(x): that, tagged; slots[3], S.args: the address of that. A uop without operands has none: `-> ok`
outcome     the result; `ok` where there is none; `exit` if the uop leaves; `there` if it goes elsewhere, to the address `there`; `trap` if the
            stencils of a debug build notice that what they assume is not so (others are not asked); `unchecked:` in front of a line: what they assume is not so, and
            the others do not mind
memory      assignments to fields as abi.h has them (refcnt and type: of the object's head). What is not mentioned must not change.
            A B C D E F G H, types T U: objects with nothing but a head. S: the State. slots, allocator, evaluator, breaker, stack_top, stack_limit, current,
            depth, handled: where the State's pointers lead. frame: the head of the frame that has the slots; code: what that executes. A slot gets null, an object whose reference it owns, lent(A): whose reference it does not own, or a word. Types of other objects: the structs of abi.h, Words(...), Int32(...). at(...), at8(...) as a
            field: a pointer to an array of words, bytes; [...]: an array in the object itself
calls       `calls h_new_float(2.5) = A`: what is called, in order, with what, and what it returns. obj1 obj2 obj3, int1 int2 int3,
            float1: C functions of so many arguments. `calls h_new_chunk(S, 80) = c: stack_top[0] = c, depth[0] = 9`: what it writes, which is so in the memory after, too, unless that says something else

A line that begins with `313:` or `314:` is for that layout of objects and frames alone (ABI_LAYOUT of stencils/abi.h), others for all.

Every uop that has a body must have a case that goes on; one that can leave a case that leaves: in each layout.
"""

import ast
import dataclasses
import glob
import math
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tools"))
import gen_uops  # noqa: E402
import versions  # noqa: E402

LAYOUTS = set(versions.LAYOUTS.values())
PLAIN = "ABCDEFGHTU"
ARRAYS = {"slots": 256, "allocator": 1, "evaluator": 1, "breaker": 1, "stack_top": 1, "stack_limit": 1, "current": 1, "depth": 2, "handled": 1}
STRUCTS = {"S": "State", "frame": "FrameHead", "code": "CodeObj"}
WORLD = [*(f"Obj {n};" for n in PLAIN), "union { FrameHead frame; struct { char head_of_frame[offsetof(FrameHead, slot)]; uintptr_t slots[256]; }; };", "CodeObj code;",
         "void *allocator[1], *evaluator[1];", "uintptr_t breaker[1];",
         "void *stack_top[1], *stack_limit[1];", "FrameHead *current[1];", "int32_t depth[2];", "HandledError *handled[1];"]
CONSTANTS = {"nan": math.nan, "inf": math.inf}
C_CONSTANTS = {"IMMORTAL", "LAST_MORTAL", "BIG", "BIG_COUNT", "BIG_LONG", "DICT_VERSION_STEP", "AT_BYTES", "AT_CONTENT", "AT_SLOT", "AT_SLOT3", "AT_VALUE0", "AT_VALUE1", "AT_ITEM0", "AT_ITEM1", "DICT_REFUSES", "FROM_256", "FROM_MINUS_5",
               "RAW_OBJECT", "RAW_INT", "RAW_FLOAT", "CODE_OPTIMIZED", "ONE_DIGIT_TAG"}
ADDRESSES = {"there": "(intptr_t)there_code"}
# Functions that machines without such instructions call for them: computed for real, and no calls that a case would mention.
ARITHMETIC = {"h_divide": "p0 / p1", "h_remainder": "p0 % p1"}


class Wrong(Exception):
    """A case that cannot be understood, or that is missing."""


@dataclasses.dataclass
class Function:
    """A C function that stencils call: a helper, or one whose address a case gives."""
    name: str
    params: list[str]           # kinds: obj int float word
    returns: str                # kind, or "-"
    c_params: list[str]         # as declared
    c_returns: str


@dataclasses.dataclass
class Call:
    function: Function
    args: list[ast.expr]
    result: ast.expr | None
    writes: list[ast.Assign]


@dataclasses.dataclass
class Case:
    uop: gen_uops.Uop
    where: str                  # "ints.cases:12"
    text: str
    operands: list[ast.expr]
    before: list[ast.Assign]
    after: list[ast.Assign]
    calls: list[Call]
    exits: bool
    traps: bool
    away: bool
    unchecked: bool
    result: ast.expr | None


@dataclasses.dataclass
class Block:
    """The cases under one heading, and their objects."""
    number: int
    members: list[str] = dataclasses.field(default_factory=list)           # C declarations
    types: dict[str, str] = dataclasses.field(default_factory=dict)        # object: its C type
    arrays: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)     # (object, field) made by at(): the array
    made: list[tuple[str, ast.expr]] = dataclasses.field(default_factory=list)       # C lvalue, value
    heads: list[str] = dataclasses.field(default_factory=list)             # objects that begin with an object's head
    before: list[ast.Assign] = dataclasses.field(default_factory=list)     # of all cases that follow
    there: list[ast.Assign] = dataclasses.field(default_factory=list)      # after those that go there
    cases: list[Case] = dataclasses.field(default_factory=list)


def functions() -> dict[str, Function]:
    found = {}
    for n in 1, 2, 3:
        for name, kind, c_type in (f"obj{n}", "obj", "Obj *"), (f"int{n}", "int", "int "):
            found[name] = Function(name, ["obj"] * n, kind, ["Obj *"] * n, c_type)
    found["float1"] = Function("float1", ["float"], "float", ["double "], "double ")
    for h in gen_uops.load_runtime(os.path.join(ROOT, "src", "runtime", "runtime.def")):
        params = [re.fullmatch(r"\s*(.*?)\w+\s*", p)[1] for p in h.params.strip("()").split(",") if p.strip() != "void"]
        returns = "-" if h.returns == "void" else kind_of(h.returns)
        found[h.name] = Function(h.name, [kind_of(p) for p in params], returns, params, h.returns + " ")
    return found


def kind_of(c_type: str) -> str:
    return "word" if "void *" in c_type else "obj" if "*" in c_type else "float" if "double" in c_type else "int"


# ---- reading ----

class Reader:
    def __init__(self, layout: int) -> None:
        self.layout = layout
        self.uops = {u.name: u for u in gen_uops.load(os.path.join(ROOT, "src", "ir", "uops.def"))}
        self.functions = functions()
        abi = open(os.path.join(ROOT, "stencils", "abi.h")).read()
        self.headed = set(re.findall(r"typedef struct \{ Obj base;[^}]*\} (\w+);", abi))   # structs that begin with an object's head
        self.headed.add("Generator")
        self.structs = self.headed | {"Obj", "DictKeys", "Invoked", "Site", "FrameHead", "Called", "Resumed", "ResumePoint", "Stand", "HandledError"}
        self.blocks: list[Block] = []

    def read(self, path: str) -> None:
        block, names = None, []
        for number, line in enumerate(open(path), 1):
            where = f"{os.path.basename(path)}:{number}"
            line = line.split("#")[0].rstrip()
            if not line:
                continue
            try:
                if only := re.match(r"\s+(\d+):(?=\s)", line):
                    if int(only[1]) not in LAYOUTS:
                        raise Wrong(f"{only[1]} is no layout")
                    if int(only[1]) != self.layout:
                        continue
                    line = line.replace(only[0], "   ", 1)
                if unchecked := line.lstrip().startswith("unchecked:"):
                    line = line.replace("unchecked:", "", 1)
                if not line[0].isspace():
                    names = line.split()
                    if unknown := [n for n in names if n not in self.uops or not self.uops[n].has_body]:
                        raise Wrong(f"{unknown[0]} is no uop with a body")
                    block = Block(len(self.blocks))
                    self.blocks.append(block)
                elif block is None:
                    raise Wrong("a case before the first uop")
                elif "->" not in line:
                    self._given(block, line.strip())
                else:
                    for text in self._split(line.strip()):
                        block.cases += [self._case(block, self.uops[n], where, text, unchecked) for n in names]
            except (Wrong, SyntaxError, KeyError, ValueError) as error:
                raise Wrong(f"{where}: {line.strip()}: {error}") from error

    @staticmethod
    def _split(line: str) -> list[str]:
        """The cases of a line: | separates them, unless it is an operator in what comes before an arrow."""
        cases, current = [], ""
        for part in line.split(" | "):
            current += (" | " if current else "") + part
            if "->" in part:
                cases.append(current)
                current = ""
        if current:
            raise Wrong("no -> after the last |")
        return cases

    def _given(self, block: Block, line: str) -> None:
        there, what = line.startswith("there:"), line.removeprefix("there:")
        statements = [assignment(part) for part in what.split(";")]
        (target,), value = statements[0].targets, statements[0].value
        if there or not isinstance(target, ast.Name):
            (block.there if there else block.before).extend(statements)
            return
        if len(statements) > 1 or not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
            raise Wrong("not the making of an object")
        if target.id in block.types or target.id in ARRAYS or target.id in STRUCTS or target.id in PLAIN:
            raise Wrong(f"there is a {target.id} already")
        name, c_type = target.id, value.func.id
        block.types[name] = c_type
        if c_type in ("Words", "Int32"):
            block.members.append(f"{'uintptr_t' if c_type == 'Words' else 'int32_t'} {name}[{len(value.args)}];")
            block.made += [(f"{name}[{i}]", v) for i, v in enumerate(value.args)]
            return
        if c_type not in self.structs:
            raise Wrong(f"{c_type} is no struct of abi.h")
        room = 0
        if c_type in self.headed:
            block.heads.append(name)
            block.made.append((f"{name}.base.refcnt", expression("2")))       # alive; what is said of it below wins
        for keyword in value.keywords:
            field, v = self._field(c_type, keyword.arg), keyword.value
            if isinstance(v, ast.Call) and isinstance(v.func, ast.Name) and v.func.id in ("at", "at8"):
                array = block.arrays[name, keyword.arg] = f"{name}_{keyword.arg}"
                block.members.append(f"{'uintptr_t' if v.func.id == 'at' else 'uint8_t'} {array}[{len(v.args)}];")
                block.made += [(f"{array}[{i}]", item) for i, item in enumerate(v.args)]
                block.made.append((f"{name}.{field}", ast.Name(array)))
                block.types[array] = "array"
            elif isinstance(v, ast.List):
                room = max(room, len(v.elts))
                block.made += [(f"{name}.{field}[{i}]", item) for i, item in enumerate(v.elts)]
            else:
                block.made.append((f"{name}.{field}", v))
        block.members.append(f"union {{ {c_type} {name}; char {name}_room[sizeof({c_type}) + {room} * sizeof(void *)]; }};")

    def _field(self, c_type: str, field: str) -> str:
        return f"base.{field}" if field in ("refcnt", "type") and c_type in self.headed else field

    def _case(self, block: Block, uop: gen_uops.Uop, where: str, text: str, unchecked: bool) -> Case:
        left, right = (side.split(";") for side in text.split("->"))
        kinds = [o.kind for o in uop.operands] + ([uop.imm[0]] if uop.imm else [])
        operands = ast.parse(f"({left[-1].strip()},)" if left[-1].strip() else "()", mode="eval").body.elts
        if len(operands) != len(kinds):
            raise Wrong(f"{len(operands)} operands, {uop.name} has {len(kinds)}")
        outcome = right[0].strip()
        exits = outcome == "exit"
        if exits and uop.exit == "-":
            raise Wrong(f"{uop.name} cannot leave")
        traps = outcome == "trap"
        away = outcome == "there"
        if away and "AWAY" not in uop.effects:
            raise Wrong(f"{uop.name} does not go elsewhere")
        result = None if outcome in ("exit", "ok", "trap", "there") else expression(outcome)
        if not exits and not traps and (result is None) != (uop.result == "-"):
            raise Wrong(f"{uop.name} has {'no' if uop.result == '-' else 'a'} result")
        after, calls = [], []
        for part in (p.strip() for p in right[1:]):
            if part.startswith("calls "):
                calls.append(self._call(part.removeprefix("calls ")))
            else:
                after.append(assignment(part))
        before = [*block.before, *(assignment(p) for p in left[:-1])]
        if away:
            after = [*block.there, *(w for call in calls for w in call.writes), *after]
        else:
            after = [*(w for call in calls for w in call.writes), *after]
        return Case(uop, where, " ".join(text.split()), operands, before, after, calls, exits, traps, away, unchecked, result)

    def _call(self, text: str) -> Call:
        text, _, writes = text.partition(": ")
        call, _, value = text.partition(" = ")
        node = expression(call)
        if not isinstance(node, ast.Call) or node.func.id not in self.functions:
            raise Wrong(f"{call} is no call of a known function")
        function = self.functions[node.func.id]
        if len(node.args) != len(function.params) or bool(value) != (function.returns != "-"):
            raise Wrong(f"{function.name} has {len(function.params)} arguments and {'no' if function.returns == '-' else 'a'} result")
        return Call(function, node.args, expression(value) if value else None, [assignment(w) for w in writes.split(", ")] if writes else [])

    def check_complete(self) -> None:
        cases = [c for b in self.blocks for c in b.cases]
        for uop in self.uops.values():
            if not uop.has_body:
                continue
            exits = {c.exits for c in cases if c.uop is uop and not c.traps}
            if not exits:
                raise Wrong(f"tests/cases: no case for {uop.name}")
            if False not in exits:
                raise Wrong(f"tests/cases: no case where {uop.name} goes on")
            if uop.exit != "-" and True not in exits:
                raise Wrong(f"tests/cases: no case where {uop.name} leaves")


def expression(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def assignment(text: str) -> ast.Assign:
    statement = ast.parse(text.strip()).body
    if len(statement) != 1 or not isinstance(statement[0], ast.Assign):
        raise Wrong(f"{text.strip()} is no assignment")
    return statement[0]


# ---- writing ----

class Writer:
    """C of one block's cases. Addresses are those of `world`; what is assigned to is a field of *w, which may be a copy of it."""

    def __init__(self, reader: Reader, block: Block) -> None:
        self.reader, self.block = reader, block

    def place(self, name: str) -> str | None:
        """The member of World that is so called."""
        if name in self.block.types:
            return f"b{self.block.number}.{name}"
        return name if name in PLAIN or name in ARRAYS or name in STRUCTS else None

    def lvalue(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            if (place := self.place(node.id)) is None:
                raise Wrong(f"{node.id} is unknown")
            return place
        if isinstance(node, ast.Subscript):
            return f"{self.lvalue(node.value)}[{self.number(node.slice)}]"
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name):
                name = node.value.id
                if array := self.block.arrays.get((name, node.attr)):
                    return self.lvalue(ast.Name(array))
                return f"{self.lvalue(node.value)}.{self.reader._field(self.block.types.get(name) or STRUCTS.get(name, ''), node.attr)}"
            return f"{self.lvalue(node.value)}.{node.attr}"
        raise Wrong(f"{ast.unparse(node)} is no place")

    def pointer_field(self, node: ast.expr) -> str:
        """As lvalue; but a field made by at() is the pointer, not the array, when it is assigned to as a whole."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in self.block.arrays:
            return f"{self.lvalue(node.value)}.{node.attr}"
        return self.lvalue(node)

    @staticmethod
    def number(node: ast.expr) -> int | float:
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if names - set(CONSTANTS):
            raise Wrong(f"{ast.unparse(node)} is no number")
        return eval(compile(ast.Expression(node), "case", "eval"), {"__builtins__": {}}, CONSTANTS)

    def value(self, node: ast.expr, kind: str = "") -> str:
        """A C expression; kind: obj int float word, or anything."""
        if isinstance(node, ast.Name) and node.id == "null":
            return "0"
        if (names := {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}) and names <= C_CONSTANTS:
            return f"({ast.unparse(node)})"
        if isinstance(node, ast.Name) and node.id in self.reader.functions and kind == "word":
            return f"(uintptr_t)fake_{node.id}"
        if isinstance(node, ast.Name) and node.id in ADDRESSES:
            return ADDRESSES[node.id]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int":
            return f"(intptr_t)&world.{self.lvalue(node.args[0])}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tagged":
            return f"(intptr_t)(4 * (uintptr_t)&world.{self.lvalue(node.args[0])} + 3)"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.Name) and self.place(node.left.id):
            return f"({self.value(node.left, kind)} + {self.value(node.right)})"
        if isinstance(node, ast.Attribute | ast.Subscript) or (isinstance(node, ast.Name) and self.place(node.id)):
            if kind not in ("obj", "word", ""):
                raise Wrong(f"{ast.unparse(node)} is no {kind}")
            return f"(intptr_t)&world.{self.lvalue(node)}"
        v = self.number(node)
        if kind in ("obj", "word") or (kind and isinstance(v, float) != (kind == "float")):
            raise Wrong(f"{ast.unparse(node)} is no {kind}")
        if isinstance(v, float):
            return "NAN" if math.isnan(v) else f"{'-' * (v < 0)}INFINITY" if math.isinf(v) else v.hex()
        if not -2**63 <= v < 2**64:
            raise Wrong(f"{ast.unparse(node)} has more than 64 bits")
        return "INT64_MIN" if v == -2**63 else f"{v}ull" if v >= 2**63 else f"{v}ll"

    def union(self, node: ast.expr, kind: str) -> str:
        return f"{{.{'f' if kind == 'float' else 'i'} = {self.value(node, kind)}}}"

    def assign(self, statements: list[ast.Assign]) -> str:
        """Slots last: what they hold depends on the objects."""
        slots = [s for s in statements if is_slot(s.targets[0])]
        return " ".join([self.set(s.targets[0], s.value) for s in statements if s not in slots] + [self.set_slot(s.targets[0], s.value) for s in slots])

    def set(self, target: ast.expr, value: ast.expr) -> str:
        place = self.pointer_field(target)
        flags = f" SET_IMMORTAL(w->{place.removesuffix('.refcnt')});" if isinstance(value, ast.Name) and value.id == "IMMORTAL" else ""
        return f"SET(w->{place}, {self.value(value)});{flags}"

    def set_slot(self, target: ast.expr, value: ast.expr) -> str:
        place = self.lvalue(target)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "lent":
            return f"LEND(w->{place}, {self.value(value.args[0], 'obj')});"
        if isinstance(value, ast.Name) and self.place(value.id):
            return f"OWN(w->{place}, {self.value(value, 'obj')}, w->{self.lvalue(value)});"
        return f"SET(w->{place}, {'SLOT_NULL' if isinstance(value, ast.Name) and value.id == 'null' else self.value(value)});"

    def makes(self) -> str:
        block = f"w->b{self.block.number}"
        return " ".join([f"mortal(&{block}.{name}.base);" for name in self.block.heads] + [f"SET({block}.{place}, {self.value(v)});" for place, v in self.block.made])

    def case(self, case: Case, number: int) -> list[str]:
        """Functions that write memory before and after, and in what is called; and one that fills in the rest."""
        kinds = [o.kind for o in case.uop.operands]
        fill = [f"c->operand[{i}] = (Value){self.union(v, k)};" for i, (v, k) in enumerate(zip(case.operands, kinds))]
        if case.uop.imm:
            kind, value = case.uop.imm[0], case.operands[-1]
            fill.append({"imm": "c->imm = {};", "slot": "c->imm = {} * (int64_t)sizeof(Obj *);", "word": "c->word = {};"}[kind]
                        .format(self.value(value, "word" if kind == "word" else "int")))
        if case.result is not None:
            fill.append(f"c->result = (Value){self.union(case.result, case.uop.result_kind)};")
        writers = []
        for i, call in enumerate(case.calls):
            values = ", ".join(self.union(a, k) for a, k in zip(call.args, call.function.params))
            returned = self.union(call.result, call.function.returns) if call.result is not None else "{0}"
            if call.writes:
                writers.append(f"static void writes{number}_{i}(World *w) {{ {self.assign(call.writes)} }}")
            fill.append(f"c->call[{i}] = (Call){{FAKE_{call.function.name}, {{{values}}}, {returned}, {f'writes{number}_{i}' if call.writes else '0'}}};")
        before = f"static void before{number}(World *w) {{ make{self.block.number}(w); {self.assign(case.before)} }}"
        after = f"static void after{number}(World *w) {{ (void)w; {self.assign(case.after)} }}"
        return [before, after, *writers, f"static void fill{number}(Case *c) {{ (void)c; {' '.join(fill)} }}"]


def is_slot(target: ast.expr) -> bool:
    return isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == "slots"


def quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def fake(f: Function) -> str:
    """A C function that stencils call; what it gets is compared with the case, which says what it returns."""
    params = ", ".join(f"{t}p{i}" for i, t in enumerate(f.c_params))
    members = {"obj": ".i = (intptr_t)", "word": ".i = (intptr_t)", "int": ".i = ", "float": ".f = "}
    values = ", ".join(f"{{{members[k]}p{i}}}" for i, k in enumerate(f.params))
    stack = sum(4 if k in ("obj", "word") else 8 for k in f.params)
    call = f"Value r = called(FAKE_{f.name}, {len(f.params)}, (Value[]){{{values}}}, __builtin_frame_address(0)); LOSE(&p0, {stack});"
    result = {"-": "(void)r;", "obj": "return (Obj *)(intptr_t)r.i;", "int": "return INT_RESULT(r.i);" if f.c_returns == "int " else "return r.i;", "float": "return r.f;",
              "word": "return (void *)(intptr_t)r.i;"}[f.returns]
    if f.name in ARITHMETIC:
        return (f"static HELPER {f.c_returns}fake_{f.name}({params}) "
                f"{{ called_arithmetic(__builtin_frame_address(0)); {f.c_returns}r = {ARITHMETIC[f.name]}; LOSE(&p0, 16); return r; }}")
    c_returns = "int_result " if f.c_returns == "int " else f.c_returns
    return f"static HELPER {c_returns}fake_{f.name}({params}) {{ {call} {result} }}"


def references(uops: dict[str, gen_uops.Uop]) -> list[str]:
    """A C function for each uop that computes with numbers alone, made from its body."""
    out = [f"int64_t {name}(int64_t p0, int64_t p1) {{ return {value}; }}" for name, value in ARITHMETIC.items()]     # bodies may call them
    table = []
    for u in uops.values():
        if not u.has_body or "PURE" not in u.effects or "CALL" in u.effects or any(o.kind == "obj" for o in u.operands):
            continue
        if u.result_kind == "obj" or (u.imm and u.imm[0] != "imm"):
            continue
        args = ["0"] + [f"o[{i}].{'f' if o.kind == 'float' else 'i'}" for i, o in enumerate(u.operands)]
        args += ["imm"] if u.imm else []
        args += [f"&r->{'f' if u.result_kind == 'float' else 'i'}"] if u.result != "-" else []
        args += ["&leave"] if u.exit != "-" else []
        out.append(f"static int reference_{u.name}(Value *o, int64_t imm, Value *r) "
                   f"{{ int leave = 0; (void)o; (void)imm; (void)r; body_{u.name}({', '.join(args)}); return leave; }}")
        table.append(f"    [UOP_{u.name}] = reference_{u.name},")
    return [*out, "Reference *const references[UOP_COUNT] = {", *table, "};"]


def write(reader: Reader) -> tuple[str, str]:
    """The text of cases_gen.h and cases_gen.c."""
    helpers = gen_uops.load_runtime(os.path.join(ROOT, "src", "runtime", "runtime.def"))
    cases = [(b, c) for b in reader.blocks for c in b.cases]
    world = ["typedef struct World {", "    State S;", *(f"    {line}" for line in WORLD), "    union {",
             *(f"        struct {{ {' '.join(b.members)} }} b{b.number};" for b in reader.blocks if b.members), "    };", "} World;"]
    fakes = [f"    FAKE_{name}," for name in reader.functions]
    header = ["/* made by tests/targets/table.py */", *world, "enum {", *fakes, "    FAKE_COUNT", "};",
              f"enum {{ CASE_COUNT = {len(cases)}, HELPER_COUNT = {len(helpers)} }};"]

    kinds = {"-": "0", "obj": "'o'", "int": "'i'", "float": "'f'"}
    infos = []
    for u in reader.uops.values():
        operands = ", ".join(kinds[o.kind] for o in u.operands) or "0"
        infos.append(f'    {{"{u.name}", {int(u.has_body)}, {len(u.operands)}, {{{operands}}}, {kinds[u.result_kind]}, '
                     f'{int(bool(u.operands) and u.operands[-1].const)}, {repr(u.imm[0][0]) if u.imm else 0}, {int("CALL" in u.effects)}, '
                     f'{int("FIXED" in u.effects)}, {int(u.exit != "-")}, {int("AWAY" in u.effects) + int({"AWAY", "ESCAPE"} <= u.effects)}}},')
    out = ["/* made by tests/targets/table.py */", '#include "harness.h"', '#include "machine.h"', '#include "bodies.h"', "#include <math.h>",
           "#define SET(place, value) ((place) = (__typeof__(place))(value))",
           "#define LEND(place, o) SET(place, (uintptr_t)(o) | SLOT_UNCOUNTED)",
           "#define OWN(place, o, object) SET(place, (uintptr_t)(o) | (uintptr_t)SLOT_TAG((Obj *)&(object)))"]
    out += [fake(f) for f in reader.functions.values()]
    out += ["const Info infos[UOP_COUNT] = {", *infos, "};"]
    out += ["void *const helper_addresses[HELPER_COUNT] = {", *(f"    (void *)fake_{h.name}," for h in helpers), "};"]
    out += ["const char *const fake_names[FAKE_COUNT] = {", *(f'    "{n}",' for n in reader.functions), "};"]
    rows = []
    for block in reader.blocks:
        writer = Writer(reader, block)
        out.append(f"static void make{block.number}(World *w) {{ (void)w; {writer.makes()} }}")
        for case in block.cases:
            n = len(rows)
            try:
                out += writer.case(case, n)
            except (Wrong, SyntaxError, KeyError, ValueError, AttributeError, NameError) as error:
                raise Wrong(f"{case.where}: {case.text}: {error}") from error
            rows.append(f"    {{UOP_{case.uop.name}, {quote(case.where)}, {quote(case.text)}, {int(case.exits)}, {int(case.traps)}, {int(case.away)}, {len(case.calls)}, before{n}, after{n}, fill{n}}},")
    out += ["Case cases[CASE_COUNT] = {", *rows, "};"]
    out += references(reader.uops)
    return "\n".join(header) + "\n", "\n".join(out) + "\n"


def load(debug: bool, layout: int) -> Reader:
    """debug: with the cases of stencils that check what they assume. layout: as ABI_LAYOUT."""
    reader = Reader(layout)
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "cases", "*.cases"))):
        reader.read(path)
    reader.check_complete()
    for block in reader.blocks:
        block.cases = [c for c in block.cases if not (c.unchecked if debug else c.traps)]
    return reader
