"""x86 assembly in AT&T syntax: what optimizers.py needs to know of it, and what is known of a stencil that clang cannot know."""

import re
import typing

from optimizers import Block, Frame, Misunderstood, Optimizer

_PAIRS = "o/no b/ae c/nc e/ne z/nz be/a s/ns p/np pe/po l/ge le/g nae/nb na/nbe nge/nl ng/nle".split()


class _OptimizerX86(Optimizer):
    """The jumps."""

    comment = re.compile("#")
    jump = "jmp"
    leaving = re.compile(r"(ret[lq]?|ud2|(rex64\s+)?jmp[lq]?\t\*.*)$")
    inverse = {f"j{x}": f"j{y}" for pair in _PAIRS for x, y in (pair.split("/"), reversed(pair.split("/")))}
    if_equal = {"je"}
    separator, separator_size = "int3", 1


class OptimizerI686(_OptimizerX86):
    """i686. Stencils are ordinary C functions there, which use the stack as they like and leave it as they found it."""

    def function(self, name: str, lines: list[str]) -> list[str]:
        return [f"\t{line.strip()}" for line in lines] if "SHIM" in name else super().function(name, lines)


class OptimizerX8664(_OptimizerX86):
    """x86-64.

    Besides the jumps it knows what compilers cannot:

     * Where a stencil begins, the stack is aligned for a call (the shim sees to it), so none needs `push; call; pop`.
     * A number (_IMM) is 32 bits, sign-extended. For ELF, clang takes it for an address in the lowest 2 GB and zero-extends it; elsewhere
       it is the content of a pointer, `x@GOTPCREL(%rip)` or `__imp_x(%rip)`, whose uses patching rewrites (arch_x86_64.c).
     * A loop of stencils has the false dependency of cvtsi2sd on its old destination.
    """

    # Registers that are neither arguments nor C's frame pointer: nobody sees what they hold behind the stencil.
    _SCRATCH = {"a", "b", "c", "8", "9", "10", "11"}
    _CALLEE_SAVED: typing.ClassVar[dict[str, int]] = {"b": 3, "bp": 6, "12": 12, "13": 13, "14": 14, "15": 15}     # -> DWARF's number
    _DWARF_STACK, _DWARF_RETURN = 7, 16
    _REGISTER = re.compile(r"%(?:[er]?([abcd])[xlh]|[er]?([sd]i|[bs]p)l?|r(\d+)[bwd]?)\b")
    _ALIGNING = re.compile(r"pushq\t%rax|popq\t%\w+|addq\t\$8, %rsp|leaq\t8\(%rsp\), %rsp")
    _USE = re.compile(r"\t(add|sub|and|or|xor|cmp|test|mov|imul)([lq])\t([^,]+|\S*\(.*?\)), (\S+|\S*\(.*\))$")
    _CONDITION = re.compile(r"\t(j|set|cmov)([a-z]+?)([lq]?)\t")
    _MIRROR = dict(zip("l g le ge b a be ae e ne".split(), "g l ge le a b ae be e ne".split()))     # operands exchanged

    def __init__(self, prefix: str = "", local: str = ".L", number: str = "$_IMM") -> None:
        super().__init__(prefix, local, number)
        self.immediate = number.startswith("$")
        self._set_number = re.compile(rf"\tmovq\t{re.escape(number)}, (%\w+)$")

    def function(self, name: str, lines: list[str]) -> list[str]:
        if "SHIM" not in name:
            return super().function(name, lines)
        out = []
        for line in lines:
            line = line.strip()
            if line.startswith("call"):
                self.frame = self.frame_at_call(out)
                out += self.enter(name, line)
            elif line.endswith(":") or not line.startswith("."):
                out.append(line if line.endswith(":") else f"\t{line}")
        return out

    def enter(self, name: str, call: str) -> list[str]:
        """The shim's call of the first stencil: 8 bytes below where C would call, so that the stack is aligned there."""
        return ["\tpushq\t%rax", f"\t{call}", "\tpopq\t%rcx"]

    def frame_at_call(self, before: list[str]) -> Frame | None:
        """The stack while a stencil runs, from what the shim does before it calls the first."""
        depth, saved = 8, {self._DWARF_RETURN: -8}      # what the call of the shim pushed
        for line in map(str.strip, before):
            if match := re.fullmatch(r"pushq\t(%\w+)", line):
                depth += 8
                if (register := self._number(match[1])) in self._CALLEE_SAVED:
                    saved[self._CALLEE_SAVED[register]] = -depth
            elif match := re.fullmatch(r"subq\t\$(\d+), %rsp", line):
                depth += int(match[1])
            elif line.endswith(", %rsp"):
                raise Misunderstood(f"the shim does more to the stack than save registers: {line}")
        return Frame(depth + 16, self._DWARF_STACK, self._DWARF_RETURN, saved)

    def prepare(self, line: str) -> str | None:
        if self._ALIGNING.fullmatch(line):
            return None
        if re.search(r"%[er]?spl?\b|^push|^pop", line):
            raise Misunderstood(f"a stencil may not use the stack: {line}")
        if re.search(r"%[er]?bpl?\b", line):
            raise Misunderstood(f"a stencil may not use C's frame pointer: {line}")
        if self.immediate and (match := re.fullmatch(r"mov[lq]\t\$_IMM, (%\w+)", line)):
            return f"movq\t$_IMM, {self._wide(match[1])}"
        return line

    def drop_known(self, block: Block, code: list[str]) -> list[str]:
        compare = block.code[-1] if block.code else ""
        if match := re.fullmatch(r"testq\t(%\w+), \1", compare):
            known = {f"xorl\t{low}, {low}" for low in [self._low(match[1])]}
        elif match := re.fullmatch(r"cmpq\t(%\w+), (%\w+)", compare):
            known = {f"movq\t{match[1]}, {match[2]}", f"movq\t{match[2]}, {match[1]}"}
        else:
            return code
        while code and code[0] in known:
            code = code[1:]
        return code

    def polish(self, code: list[str]) -> list[str]:
        code = self._fold_numbers(code)
        for line in code:
            if "$_IMM" in line and not re.match(r"\t(\w+q\t|cmpl\t)", line):
                raise Misunderstood(f"a number would not be sign-extended: {line.strip()}")
        out = []
        for line in code:
            match = re.match(r"\tcvtsi2sd[lq]?\t.*, (%xmm\d+)$", line)
            if match and out[-1:] != [clear := f"\txorps\t{match[1]}, {match[1]}"]:
                out.append(clear)
            out.append(line)
        return out

    def _fold_numbers(self, code: list[str]) -> list[str]:
        """Folds `movq NUMBER, %r` into what uses %r."""
        for i, line in enumerate(code):
            match = self._set_number.match(line)
            if not match or (register := self._number(match[1])) not in self._SCRATCH:
                continue
            uses = [j for j, other in enumerate(code) if j != i and self._mentions(other, register)]
            if not uses or uses[0] < i or any(re.match(r"\S|\t(j|call)", other) for other in code[i:uses[0]]):
                continue
            if folded := self._fold(code, uses[0], match[1], len(uses) == 1):
                return self._fold_numbers(folded[:i] + folded[i + 1:])
        return code

    def _fold(self, code: list[str], at: int, register: str, only_use: bool) -> list[str] | None:
        """The code with the number in place of the register in line `at`."""
        match = self._USE.match(code[at])
        if not match:
            return None
        operation, size, source, dest = match.groups()
        number = self._number(register)
        after = code[at + 1:]
        if not self.immediate and (size == "l" or operation == "imul" or "(" in source + dest):
            return None                     # nothing that patching could rewrite
        if operation == "imul":
            if "(" in dest or size != "q":
                return None
            if dest == register and not self._mentions(source, number):
                return [*code[:at], f"\timulq\t{self.number}, {source}, {dest}", *after]
            if only_use and source == register and dest != register:
                return [*code[:at], f"\timulq\t{self.number}, {dest}, {dest}", *after]
            return None
        if not only_use or (size == "l" and operation != "cmp"):
            return None
        if source in (register, self._low(register)) and not self._mentions(dest, number):
            return [*code[:at], f"\t{operation}{size}\t{self.number}, {dest}", *after]
        if operation == "cmp" and dest == register and not self._mentions(source, number):
            users = [j for j, line in enumerate(after) if self._CONDITION.match(line) and not line.startswith("\tjmp")]
            if len(users) != 1 or any(re.match(r"\t(adc|sbb|rc[lr])", line) for line in after):
                return None
            if (user := self._CONDITION.match(after[users[0]]))[2] not in self._MIRROR:
                return None
            after[users[0]] = f"\t{user[1]}{self._MIRROR[user[2]]}{user[3]}\t{after[users[0]][user.end():]}"
            return [*code[:at], f"\tcmp{size}\t{self.number}, {source}", *after]
        return None

    def _number(self, register: str) -> str:
        """What is the same for all widths of a register."""
        match = self._REGISTER.fullmatch(register)
        return match[1] or match[2] or match[3] if match else register

    def _mentions(self, text: str, register: str) -> bool:
        return any((m[1] or m[2] or m[3]) == register for m in self._REGISTER.finditer(text))

    def _wide(self, register: str) -> str:
        number = self._number(register)
        return f"%r{number}x" if number in "abcd" else f"%r{number}"

    def _low(self, register: str) -> str:
        """The name of the low 32 bits."""
        number = self._number(register)
        return f"%r{number}d" if number.isdigit() else f"%e{number}x" if number in "abcd" else f"%e{number}"


class OptimizerX8664Windows(OptimizerX8664):
    """x86-64, C functions of Windows: they may write to 32 bytes above their return address.

    The shim reserves them for all stencils: where the stack pointer of a stencil is p, p to p + 32 belongs to whom it calls, and the
    shim's return address is at p + 40.
    """

    _ALIGNING = re.compile(r"(sub|add)q\t\$40, %rsp")

    def frame_at_call(self, before: list[str]) -> None:
        """Windows has unwind information of another kind."""

    def enter(self, name: str, call: str) -> list[str]:
        entry = re.fullmatch(r"callq\t(\*.+)", call)
        if not entry or "%rsp" in entry[1]:
            raise Misunderstood(f"{name}: {call}")
        begin, back = f"{self.local}{name}_enter", f"{self.local}{name}_back"
        return [f"\tcallq\t{begin}", f"\tjmp\t{back}", f"{begin}:", "\tsubq\t$40, %rsp", f"\tjmpq\t{entry[1]}", f"{back}:"]

    def polish(self, code: list[str]) -> list[str]:
        out = []
        for line in super().polish(code):
            out += ["\taddq\t$40, %rsp"] * (line == "\tretq") + [line]
        return out
