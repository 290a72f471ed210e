"""Assembly text of a stencil -> the same, shorter: what happens most falls through to the next stencil.

A stencil that goes on ends at its last byte: the next one is copied right behind it. Compilers do not know that; they write

        ja _CONTINUE                jbe _EXIT
        jmp _EXIT          ->

The function is cut into blocks that each end in at most one conditional jump and then go on to another block. Then

 1. jumps to a block that only jumps on go to where that one goes;
 2. a conditional jump whose two ways are the same is dropped;
 3. blocks that nothing reaches are dropped;
 4. blocks are laid out: the end of the stencil stands for _CONTINUE and is the last block, and of the blocks that reach it one is moved
    before it, with those that fall into it, where that needs the fewest jumps;
 5. jumps are written anew: none to what comes next; inverted where the way taken comes next.

A condition is inverted one jump at a time, on the same flags, so floating-point compares that need two jumps (jne and jp) stay right.
Every jump to _CONTINUE becomes a short one to the end, so finished stencils have no hole for it. Before that, what a comparison for
equality proves is used the other way round than compilers do: they replace a register by one of the same value, here its own is better.
"""

import dataclasses
import itertools
import re

class Misunderstood(Exception):
    """Assembly that would become a wrong stencil."""


@dataclasses.dataclass
class Block:
    label: str
    code: list[str]
    condition: str = ""         # the conditional jump at its end, up to its target: "ja\t", "cbz\tx8, "
    target: str = ""            # where that goes
    follow: str | None = None   # where it goes on otherwise: a label, a symbol; None: the last instruction leaves (ret, jmp *)

    @property
    def is_trampoline(self) -> bool:
        return not self.code and not self.condition and self.follow is not None


@dataclasses.dataclass(frozen=True)
class Frame:
    """The stack while a stencil runs, for unwinders. Registers by DWARF's numbers."""
    size: int                           # from the stencil's stack pointer to what that of the shim's caller was (the CFA)
    stack_pointer: int
    return_address: int
    saved: dict[int, int]               # register -> where from the CFA; the return address too


class Optimizer:
    """What all machines share; a subclass says what the jumps look like (optimizer_MACHINE.py).

    prefix, local: what the object format puts before the names of C symbols, and before labels that are in no symbol table.
    number: the operand that stands for the 32-bit number of a stencil (_IMM).
    """

    comment: re.Pattern[str]            # begins a comment
    jump: str                           # mnemonic of the jump to a label
    leaving: re.Pattern[str]            # other instructions behind which control does not go on
    inverse: dict[str, str]             # mnemonic of each conditional jump -> that of the opposite one
    if_equal: set[str]                  # of them, those taken when operands are equal
    separator: str                      # an instruction behind each function, which is no part of it: where one ends, even an empty one,
    separator_size: int                 # is that many bytes before the next begins

    def __init__(self, prefix: str = "", local: str = ".L", number: str = "$_IMM") -> None:
        self.prefix, self.local, self.number = prefix, local, number
        self.next = prefix + "_CONTINUE"        # the next stencil
        self.frame: Frame | None = None         # of the shim, when it was among the functions

    def optimize(self, text: str, names: set[str]) -> str:
        """Rewrites the functions of these names in an assembly file."""
        out, body, name = [], [], ""
        for line in text.splitlines():
            is_end = "-- End function" in line or line.startswith(self.local + "func_end")
            line = self.comment.split(line, 1)[0].rstrip()
            if name and is_end:
                out += [*self.function(name, body), f"\t{self.separator}"]
                name = ""
            if not line:
                continue
            if not name:
                out.append(line)
                if line.endswith(":") and line[:-1] in names:
                    name, body = line[:-1], []
                    self._pack(out)
            else:
                body.append(line)
        return "\n".join(out) + "\n"

    @staticmethod
    def _pack(out: list[str]) -> None:
        """Takes out the alignment before a label just written: functions stand one right behind the other."""
        for i in range(len(out) - 2, -1, -1):
            if re.match(r"\s*\.p2align\b", out[i]):
                del out[i]
            elif not re.match(r"\s*\.(globl|type|def|scl|endef)\b", out[i]):
                return

    def function(self, name: str, lines: list[str]) -> list[str]:
        blocks = self._parse(name, lines)
        for block in blocks:
            if successor := self._equal_side(block, blocks):
                successor.code = self.drop_known(block, successor.code)
        self._thread(blocks)
        blocks = self._reachable(blocks)
        self.rewrite(blocks)
        blocks = self._layout(blocks)
        return self._write(blocks, f"{self.local}{name}_end")

    def prepare(self, line: str) -> str | None:
        """One instruction as it should have been written; None: not at all."""
        return line

    def drop_known(self, block: Block, code: list[str]) -> list[str]:
        """What is left of `code`, which is entered only when the comparison at the end of this block found its operands equal."""
        return code

    def rewrite(self, blocks: list[Block]) -> None:
        """Whatever else there is to do to blocks before they are laid out."""

    def write_jump(self, jump: str, target: str) -> list[str]:
        return [f"\t{jump}{target}"]

    def polish(self, code: list[str]) -> list[str]:
        """The instructions of a whole function, in the end."""
        return code

    def _parse(self, name: str, lines: list[str]) -> list[Block]:
        numbers = itertools.count()

        def new_label() -> str:
            return f"{self.local}{name}_{next(numbers)}"

        blocks = [Block(new_label(), [])]
        open_ = True                    # control reaches what comes next in the text
        for line in lines:
            line = line.strip()
            if line.endswith(":"):
                blocks.append(Block(line[:-1], []))
                if open_:
                    blocks[-2].follow = line[:-1]
                open_ = True
                continue
            if line.startswith("."):
                continue                # alignment and the like
            if (line := self.prepare(line)) is None:
                continue
            mnemonic, _, operands = line.partition("\t")
            if not open_:
                blocks.append(Block(new_label(), []))   # nothing reaches it
                open_ = True
            block = blocks[-1]
            if self.leaving.match(line):
                block.code.append(line)
                open_ = False
            elif mnemonic == self.jump:
                block.follow, open_ = operands, False
            elif mnemonic in self.inverse:
                block.target, block.follow = operands.rpartition(" ")[2], new_label()
                block.condition = line.removesuffix(block.target)
                blocks.append(Block(block.follow, []))
            else:
                block.code.append(line)
        if open_:
            raise Misunderstood(f"{name}: control runs out of the function")
        return blocks

    def _equal_side(self, block: Block, blocks: list[Block]) -> Block | None:
        """The block that is reached from this one alone, and only if what it compares last is equal."""
        mnemonic = block.condition.split("\t")[0]
        if mnemonic in self.if_equal:
            label = block.target
        elif self.inverse.get(mnemonic) in self.if_equal:
            label = block.follow
        else:
            return None
        if sum((b.target == label) + (b.follow == label) for b in blocks) != 1:
            return None
        return next((b for b in blocks[1:] if b.label == label), None)

    def invert(self, condition: str) -> str:
        mnemonic, _, rest = condition.partition("\t")
        return f"{self.inverse[mnemonic]}\t{rest}"

    def _thread(self, blocks: list[Block]) -> None:
        goes_to = {b.label: b.follow for b in blocks if b.is_trampoline}

        def last(label: str | None) -> str | None:
            seen = set()
            while label in goes_to and label not in seen:
                seen.add(label)
                label = goes_to[label]
            return label

        for block in blocks:
            block.target, block.follow = last(block.target), last(block.follow)
            if block.condition and block.target == block.follow:
                block.condition = block.target = ""

    def _reachable(self, blocks: list[Block]) -> list[Block]:
        by_label = {b.label: b for b in blocks}
        todo, reached = [blocks[0].label], set()
        while todo:
            label = todo.pop()
            if label in by_label and label not in reached:
                reached.add(label)
                todo += filter(None, (by_label[label].target, by_label[label].follow))
        return [b for b in blocks if b.label in reached]

    def _layout(self, blocks: list[Block]) -> list[Block]:
        """The order with the fewest jumps among those that move one run of blocks to the end; the compiler's first."""
        orders = [blocks]
        for last in range(1, len(blocks)):
            if self.next not in (blocks[last].follow, blocks[last].target):
                continue
            first = last
            while first >= 1:
                orders.append(blocks[:first] + blocks[last + 1:] + blocks[first:last + 1])
                if blocks[first - 1].follow != blocks[first].label:
                    break
                first -= 1
        return min(orders, key=self._jumps)

    def _ends(self, blocks: list[Block]):
        """Each block with the jumps (all up to the target, target) that it needs where it stands."""
        for block, after in zip(blocks, [b.label for b in blocks[1:]] + [self.next]):
            jumps = []
            if block.condition and block.target == after:
                jumps = [(self.invert(block.condition), block.follow)]
            else:
                if block.condition:
                    jumps.append((block.condition, block.target))
                if block.follow is not None and block.follow != after:
                    jumps.append((f"{self.jump}\t", block.follow))
            yield block, jumps

    def _jumps(self, blocks: list[Block]) -> int:
        return sum(len(jumps) for _, jumps in self._ends(blocks))

    def _write(self, blocks: list[Block], end: str) -> list[str]:
        ends = list(self._ends(blocks))
        used = {target for _, jumps in ends for _, target in jumps}
        lines = []
        for block, jumps in ends:
            if block.label in used:
                lines.append(f"{block.label}:")
            lines += [f"\t{line}" for line in block.code]
            for jump, target in jumps:
                lines += self.write_jump(jump, end if target == self.next else target)
        return self.polish(lines) + [f"{end}:"] * (self.next in used)
