"""What can be seen of compiled code: copypatch.executors() and COPYPATCH_DUMP=code.

An executor is a compiled loop: a root trace and the side traces that continue its hot exits. The objects here are copies of what was there
when they were asked for; whatever becomes of the code afterwards, they can be read.
"""

import dataclasses
import functools
import os
import re

from copypatch import _copypatch, _disassemble


@dataclasses.dataclass(frozen=True)
class Place:
    """Where in the Python source something comes from. line: 0 when it has none."""
    function: str | None
    file: str | None
    line: int

    def __str__(self):
        return f"{os.path.basename(self.file)}:{self.line}" if self.file else ""


@dataclasses.dataclass(frozen=True)
class Uop:
    index: int          # what operands refer to: %index
    name: str
    text: str           # with its operands
    has_result: bool
    place: Place

    def __str__(self):
        return f"%{self.index:<4} = {self.text}" if self.has_result else f"{'':8}{self.text}"


@dataclasses.dataclass(frozen=True)
class Exit:
    """A way out of a trace. count: how often it was taken to the interpreter. side: the number of the trace that continues there; None."""
    trace: int
    uop: Uop
    count: int
    side: int | None


@dataclasses.dataclass(frozen=True)
class Part:
    """A stretch of machine code. what: the uop or the emitter's own stencil it is made of. uop: on whose behalf; None."""
    offset: int
    end: int
    what: str
    uop: Uop | None


@functools.cache
def helpers():
    return _copypatch._helpers()


def named(instruction):
    """The instruction with the name of the function that it calls."""
    match = re.search(r"\b0x([0-9a-f]+)$", instruction)
    name = match and helpers().get(int(match[1], 16))
    return f"{instruction}  <{name}>" if name else instruction


class Trace:
    """number 0 is the root. parent: of a side trace, the number of its trace and which of that trace's exits it continues."""

    def __init__(self, number, raw):
        parent, parent_exit, place, self.n_bytecodes, uops, exits, self.address, self.jit_code, data, marks = raw
        self.number = number
        self.parent = (parent, parent_exit) if parent >= 0 else None
        self.place = Place(*place)
        self.uops = [Uop(index, name, text, has_result, Place(*where)) for index, name, text, has_result, where in uops]
        by_index = {u.index: u for u in self.uops}
        self.exits = [Exit(number, by_index[uop], count, side if side >= 0 else None) for uop, count, side in exits]
        ends = [offset for offset, _, _ in marks[1:]] + [len(self.jit_code)]
        self.parts = [Part(offset, end, what, by_index.get(uop)) for (offset, what, uop), end in zip(marks, ends)]
        self._data = data

    @property
    def name(self):
        """As perf and gdb know it."""
        return f"py_trace:{self.place.function or '?'}:{self.place.file or '?'}:{self.place.line}"

    def __repr__(self):
        return f"<trace {self.number} of {self.place.function} at {self.place}: {len(self.uops)} uops, {len(self.jit_code)} bytes>"

    def disassembly(self):
        """The machine code as text, with uops and Python lines; in bytes where no disassembler is found."""
        if not self.jit_code:
            return "no native code: run by the uop interpreter\n"
        instructions = _disassemble.disassemble(self.jit_code[:self._data], self.address)
        if instructions:
            instructions = [(at, named(text)) for at, text in instructions]
        lines = [f"; {_disassemble.MISSING}: bytes"] * (instructions is None)
        place = None
        for part in self.parts:
            if part.what == "padding":
                continue
            note = ""
            if part.uop and part.uop.place != place:
                place = part.uop.place
                note = str(place)
            of = f"{part.what} of {part.uop}" if part.uop and part.what != part.uop.name else str(part.uop or part.what)
            lines.append(f"; {' '.join(of.split()):60} {note}".rstrip())
            lines += self._part(part, instructions)
        return "\n".join(lines) + "\n"

    def _part(self, part, instructions):
        def line(start, end, text=""):
            return f"  {self.address + start:x}:  {self.jit_code[start:end].hex(' '):30}  {text}".rstrip()

        if part.what == "words":
            return [line(at, at + 8, f"{int.from_bytes(self.jit_code[at:at + 8], 'little'):#x}") for at in range(part.offset, part.end, 8)]
        if instructions is None or part.offset >= self._data:
            return [line(at, min(at + 16, part.end)) for at in range(part.offset, part.end, 16)]
        here = [(at, text) for at, text in instructions if part.offset <= at < part.end]
        ends = [at for at, _ in here[1:]] + [part.end]
        return [line(at, end, text) for (at, text), end in zip(here, ends)]


class Executor:
    """A compiled loop. As a sequence: the names of its root trace's uops."""

    def __init__(self, raw):
        self._raw = raw

    def __len__(self):
        return len(self.uops)

    def __getitem__(self, index):
        return self.uops[index].name if isinstance(index, int) else [u.name for u in self.uops[index]]

    def __eq__(self, other):
        return isinstance(other, Executor) and self._raw is other._raw

    def __hash__(self):
        return hash(self._raw)

    def __repr__(self):
        traces = self.traces
        valid = "" if self.valid else ", invalid"
        return f"<executor of {traces[0].place.function} at {traces[0].place}: {len(traces)} traces, {self.code_size} bytes{valid}>"

    @property
    def code(self):
        """The code object of the function that it belongs to; None when that is gone."""
        return self._raw.code

    @property
    def valid(self):
        """False once an assumption has been broken: it will not be entered any more."""
        return self._raw.valid

    @property
    def entries(self):
        """How often the interpreter has entered it."""
        return self._raw.entries

    @property
    def code_size(self):
        """Bytes of native code of all traces; 0: run by the uop interpreter."""
        return self._raw.code_size

    @property
    def traces(self):
        """The root and the side traces, in the order in which they were made."""
        return [Trace(number, raw) for number, raw in enumerate(self._raw._inside)]

    @property
    def uops(self):
        """Of the root."""
        return self.traces[0].uops

    @property
    def exits(self):
        """Of all traces."""
        return [e for t in self.traces for e in t.exits]

    @property
    def jit_code(self):
        """The root's machine code, as bytes."""
        return self.traces[0].jit_code

    def disassembly(self):
        """All traces' machine code as text."""
        return "\n".join(f"{t.name}\n{t.disassembly()}" for t in self.traces)


def executors(raws):
    return [Executor(raw) for raw in raws]


def dump(raw, number):
    """COPYPATCH_DUMP=code: the text for one trace that has just been made."""
    trace = Trace(number, raw._inside[number])
    return f"code: {trace.name}: {len(trace.jit_code)} bytes at {trace.address:#x}\n{trace.disassembly()}"
