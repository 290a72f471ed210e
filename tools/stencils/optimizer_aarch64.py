"""aarch64 assembly: what optimizers.py needs to know of it, and what else is known of a stencil that clang cannot know."""

import re

from optimizers import Block, Frame, Misunderstood, Optimizer

_PAIRS = "eq/ne hs/lo cs/cc mi/pl vs/vc hi/ls ge/lt gt/le".split()


class OptimizerAArch64(Optimizer):
    """What all object formats share.

    Besides the jumps it knows what compilers cannot:

     * The shim has put its return address at the stack pointer (stencils/shim.c), and the common exit takes it from there. So a stencil
       need not save x30 around its calls: frames that do only that are dropped, and no stencil moves the stack pointer.
     * A test of one bit (tbz, tbnz) reaches 32 KB, which is less than a trace may have. One of the sign that leaves the stencil becomes
       a comparison, whose jump reaches 1 MB; any other jumps around a `b`.
     * A number (_IMM) is loaded from the GOT by two instructions that arch_aarch64.c rewrites together: they are written side by side.
    """

    comment = re.compile("//|;")
    jump = "b"
    leaving = re.compile(r"(ret|br\tx\d+|brk\t.*)$")
    inverse = {f"b.{x}": f"b.{y}" for pair in _PAIRS for x, y in (pair.split("/"), reversed(pair.split("/")))} | {
        "cbz": "cbnz", "cbnz": "cbz", "tbz": "tbnz", "tbnz": "tbz"}
    if_equal = {"b.eq", "cbz"}
    separator, separator_size = "udf\t#0", 4
    near = ("tb",)              # conditional jumps that begin so cannot go to a symbol outside the stencil

    _FRAME = re.compile(r"str\tx30, \[sp, #-16\]!|ldr\tx30, \[sp\], #16|stp\tx29, x30, \[sp, #-16\]!|ldp\tx29, x30, \[sp\], #16|mov\tx29, sp")
    _STACK = re.compile(r"\b(w?sp|[wx]29|[wx]30|fp|lr)\b")
    _READS_FLAGS = re.compile(r"(f?csel|csinc|csinv|csneg|csetm?|cinc|cinv|cneg|f?ccmpe?|ccmn|adcs?|sbcs?|ngcs?|mrs)\t")
    _SETS_FLAGS = re.compile(r"(cmp|cmn|tst|adds|subs|negs|ands|bics|fcmpe?)\t")
    _TEST_SIGN = re.compile(r"tb(n?)z\t(?:(x\d+), #63|(w\d+), #31), ")
    _SAVE = re.compile(r"st(?:r\t(\w+)|p\t(\w+), (\w+)), \[sp(?:, #(-?\d+))?\](!?)")
    _DWARF_STACK, _DWARF_RETURN, _DWARF_V0 = 31, 30, 64

    def __init__(self, prefix: str = "", local: str = ".L", number: str = ":got:_IMM") -> None:
        super().__init__(prefix, local, number)
        self._number_page = re.compile(rf"\tadrp\tx(\d+), {re.escape(number)}")
        self._number_load = re.compile(rf"\tldr\tx(\d+), \[x(\d+), {re.escape(self.number_place())}\]")

    def number_place(self) -> str:
        """The operand of the load that goes with the page `number`."""
        raise NotImplementedError

    def function(self, name: str, lines: list[str]) -> list[str]:
        return self._shim(name, lines) if "SHIM" in name else super().function(name, lines)

    def _shim(self, name: str, lines: list[str]) -> list[str]:
        """C code whose call leaves the return address on the stack. A call nonetheless: the processor remembers where the return goes."""
        enter, back = f"{self.local}{name}_enter", f"{self.local}{name}_back"
        out: list[str] = []
        for line in map(str.strip, lines):
            if call := re.fullmatch(r"blr\t(x\d+)", line):
                self.frame = self._frame_at_call(out)
                out += [f"\tbl\t{enter}", f"\tb\t{back}", f"{enter}:", "\tstr\tx30, [sp, #-16]!", f"\tbr\t{call[1]}", f"{back}:"]
            elif line.endswith(":"):
                out.append(line)
            elif not line.startswith("."):
                out.append(f"\t{line}")
        return out

    def _frame_at_call(self, before: list[str]) -> Frame:
        """The stack while a stencil runs, from what the shim does before it calls the first."""
        size, saved = 0, {}
        for line in map(str.strip, before):
            if match := self._SAVE.fullmatch(line):
                one, first, second, at, moves = match.groups()
                place = int(at or 0)
                if moves:
                    size, place = size - place, 0
                for i, register in enumerate([one] if one else [first, second]):
                    saved[self._dwarf(register)] = place - size + 8 * i
            elif match := re.fullmatch(r"sub\tsp, sp, #(\d+)", line):
                size += int(match[1])
            elif re.search(r"\bsp\b", line) and not line.startswith("add\tx29, sp"):
                raise Misunderstood(f"the shim does more to the stack than save registers: {line}")
        return Frame(size + 16, self._DWARF_STACK, self._DWARF_RETURN, {r: at for r, at in saved.items() if r is not None})

    def _dwarf(self, register: str) -> int | None:
        """DWARF's number; None: stencils leave it alone."""
        number = int(register[1:])
        return self._DWARF_V0 + number if register[0] == "d" else number if number != 29 else None

    def prepare(self, line: str) -> str | None:
        if self._FRAME.fullmatch(line):
            return None
        if self._STACK.search(line):
            raise Misunderstood(f"a stencil may not use the stack: {line}")
        return line

    def drop_known(self, block: Block, code: list[str]) -> list[str]:
        if match := re.fullmatch(r"cbn?z\tx(\d+), ", block.condition):
            known = {f"mov\tx{match[1]}, xzr", f"mov\tx{match[1]}, #0"}
        elif match := re.fullmatch(r"cmp\t(x\d+), (x\d+)", block.code[-1] if block.code else ""):
            known = {f"mov\t{match[1]}, {match[2]}", f"mov\t{match[2]}, {match[1]}"}
        else:
            return code
        while code and code[0] in known:
            code = code[1:]
        return code

    def rewrite(self, blocks: list[Block]) -> None:
        if "b." in self.near:
            return
        by_label = {b.label: b for b in blocks}
        for block in blocks:
            match = self._TEST_SIGN.fullmatch(block.condition)
            ways = {block.target, block.follow}
            if match and ways - {self.next, *by_label} and not any(self._wants_flags(way, by_label, set()) for way in ways):
                block.code.append(f"cmp\t{match[2] or match[3]}, #0")
                block.condition = "b.lt\t" if match[1] else "b.ge\t"

    def _wants_flags(self, label: str | None, by_label: dict[str, Block], seen: set[str]) -> bool:
        """Does something from here on look at the condition flags as they are? No other stencil does."""
        if label not in by_label or label in seen:
            return False
        seen.add(label)
        block = by_label[label]
        for line in block.code:
            if self._READS_FLAGS.match(line):
                return True
            if self._SETS_FLAGS.match(line):
                return False
        return block.condition.startswith("b.") or any(self._wants_flags(way, by_label, seen) for way in (block.target, block.follow))

    def write_jump(self, jump: str, target: str) -> list[str]:
        if jump.startswith(self.near) and not target.startswith(self.local):
            return [f"\t{self.invert(jump)}#8", f"\tb\t{target}"]
        return super().write_jump(jump, target)

    def polish(self, code: list[str]) -> list[str]:
        out: list[str] = []
        open_: dict[str, str] = {}          # register -> the adrp that has been held back
        for line in code:
            if page := self._number_page.fullmatch(line):
                open_[page[1]] = line
                continue
            load = self._number_load.fullmatch(line)
            if load and load[1] == load[2] and load[1] in open_:
                out += [open_.pop(load[1]), line]
                continue
            leaves = line.endswith(":") or line.strip().startswith(("b", "cb", "tb", "ret"))
            if load or (open_ and (leaves or any(re.search(rf"\b[xw]{r}\b", line) for r in open_))):
                raise Misunderstood(f"a number is not loaded as expected: {line.strip()}")
            out += ["\tldr\tx30, [sp], #16"] * (line == "\tret") + [line]
        return out


class OptimizerAArch64ELF(OptimizerAArch64):
    """The same for ELF, which has a relocation for loads of a word within 1 MB: no address is computed for it."""

    def number_place(self) -> str:
        return self.number.replace(":got:", ":got_lo12:")

    _WORD_LOAD = re.compile(r"(\tldr\t[xd]\d+), \[x\d+, :lo12:_WORD\]")

    def polish(self, code: list[str]) -> list[str]:
        if all(self._WORD_LOAD.fullmatch(line) for line in code if ":lo12:_WORD" in line):
            code = [self._WORD_LOAD.sub(r"\1, _WORD", line) for line in code if not re.fullmatch(r"\tadrp\tx\d+, _WORD", line)]
        return super().polish(code)


class OptimizerAArch64MachO(OptimizerAArch64):
    """The same for Mach-O, which has no relocation for conditional jumps."""

    near = ("b.", "cb", "tb")

    def number_place(self) -> str:
        return f"{self.number}OFF"


class OptimizerAArch64COFF(OptimizerAArch64):
    """The same for COFF."""

    def number_place(self) -> str:
        return f":lo12:{self.number}"
