"""compare.py [TRIPLE...]: do we fill stencils as an independent linker does? (make test-link)

The object files that a target's stencils were made from are linked by lld, with the text and all symbols at random addresses, and each
stencil's bytes are compared with what the product's arch_patch() makes of the generated header for the same addresses. Addresses too
far away must be refused by both, hole by hole.

Some holes are filled in a form that no linker makes: loads from the GOT whose value we know (PATCH_*_GOT*) become immediate operands.
Their unrelaxed form is compared like all others, the relaxed one by what LLVM's disassembler says that it does.
"""

import argparse
import concurrent.futures
import ctypes
import dataclasses
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "targets"), os.path.join(ROOT, "tools", "stencils")]
import formats  # noqa: E402
import relaxed  # noqa: E402
import case_table  # noqa: E402  (tests/targets)
import targets as generator  # noqa: E402
from formats import FORMATS, Failed, Linked, Object  # noqa: E402
from stencils import gen_uops  # noqa: E402

N_PLACEMENTS = 24
VALUES = ("_IMM", "_WORD", "_CONTINUE", "_EXIT", "_TARGET", "", "")       # symbols by HoleValue; helpers and constants have names of their own
IMM, WORD, CONTINUE, EXIT, TARGET, HELPER, DATA = range(7)


# ---- stencils as the product has them ----

class Hole(ctypes.Structure):
    _fields_ = [("offset", ctypes.c_uint16), ("kind", ctypes.c_uint8), ("value", ctypes.c_uint8), ("symbol", ctypes.c_uint16), ("addend", ctypes.c_int32)]


class Stencil(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint32), *((name, ctypes.c_uint16) for name in ("holes", "data", "size", "n_holes", "data_size"))]


class Product:
    """One target's stencils and arch_patch()."""

    def __init__(self, triple: str, machine: str, headers: str, shared: str) -> None:
        path = os.path.join(shared, f"link-{triple}.so")
        command = ["gcc", "-shared", "-fPIC", "-O1", "-w", f'-DSTENCILS="stencils-{triple}.h"', "-o", path]
        command += [f"-I{d}" for d in (os.path.join(ROOT, "src", "emit"), shared, headers, os.path.join(ROOT, "stencils"))]
        done = subprocess.run([*command, os.path.join(HERE, "patch.c"), os.path.join(ROOT, "src", "emit", f"arch_{machine}.c")], capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"tests/link/patch.c does not compile\n{done.stderr}")
        self.machine = machine
        self.library = ctypes.CDLL(path)
        self.library.find_stencil.restype = ctypes.POINTER(Stencil)
        self.library.patch_stencil.argtypes = [ctypes.POINTER(Stencil), ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_int64), ctypes.c_char_p, ctypes.c_char_p]
        self.library.patch_stencil.restype = None
        self.library.reaches.argtypes = [ctypes.c_uint64, ctypes.c_uint64]
        root_file = os.path.join(ROOT, "src")
        self.uops = {u.name: i for i, u in enumerate(gen_uops.load(os.path.join(root_file, "ir", "uops.def")))}
        self.helpers = [h.name for h in gen_uops.load_runtime(os.path.join(root_file, "runtime", "runtime.def"))]
        header = open(os.path.join(root_file, "emit", "stencil.h")).read()
        self.emits = {name: i for i, name in enumerate(re.findall(r"^    EMIT_(\w+),", header, re.M))}
        self.code, self.data, self.holes = (ctypes.addressof(ctypes.c_uint8.in_dll(self.library, f"stencil_{name}")) for name in ("code_bytes", "data_bytes", "holes"))
        self.got = {kind for kind in range(256) if self.library.is_got(kind)}
        self.calls = {kind for kind in range(256) if self.library.is_call(kind)}

    def find(self, name: str) -> "Made":
        """The stencil that came from the function of this name."""
        table, letter, number = re.fullmatch(r"(\w+?)__([rk]?)(\d+)", name).groups()
        emit = table.startswith("EMIT_")
        index = self.emits[table.removeprefix("EMIT_")] if emit else self.uops[table]
        pointer = self.library.find_stencil(int(emit), index, int(letter == "k"), int(number))
        if not pointer:
            raise Failed(f"there is no stencil for {name}")
        s = pointer.contents
        holes = [Hole.from_address(self.holes + (s.holes + k) * ctypes.sizeof(Hole)) for k in range(s.n_holes)]
        return Made(name, pointer, s.size, holes, ctypes.string_at(self.data + s.data, s.data_size), ctypes.string_at(self.code + s.code, s.size))

    def patch(self, made: "Made", address: int, values: list[int], as_word: list[bool]) -> tuple[bytes, list[bool]]:
        """Code, and which holes have been refused."""
        n = len(values)
        out, failed = ctypes.create_string_buffer(made.size + 1), ctypes.create_string_buffer(n + 1)
        numbers = (ctypes.c_int64 * (n + 1))(*((v + 2**63) % 2**64 - 2**63 for v in values))
        self.library.patch_stencil(made.pointer, out, address, numbers, bytes(as_word) + b"\0", failed)
        return out.raw[:made.size], [b != 0 for b in failed.raw[:n]]


@dataclasses.dataclass
class Made:
    name: str
    pointer: "ctypes._Pointer"
    size: int
    holes: list[Hole]
    data: bytes
    code: bytes


# ---- placements ----

@dataclasses.dataclass(frozen=True)
class Placement:
    name: str
    base: int
    values: dict[str, int]      # by C name
    fits: bool
    relax: bool = False         # the linker may relax loads from the GOT; _IMM is near, and of more than 32 bits


# How far a symbol of each kind may be, in each direction. The text itself is smaller than the difference to the machine's limits.
MARGIN = 1 << 16
REACH = {"x86_64": {"_IMM": 0, "other": (1 << 31) - MARGIN}, "i686": {"_IMM": 0, "other": 1 << 32},
         "aarch64": {"_IMM": 0, "_WORD": (1 << 20) - MARGIN, "_EXIT": (1 << 20) - MARGIN, "_TARGET": (1 << 27) - MARGIN, "other": (1 << 27) - MARGIN}}
LINKER_RELAXES = ("x86_64-apple-darwin", "aarch64-apple-darwin", "aarch64-unknown-linux-gnu")     # loads from the GOT, to the forms that we use for addresses
NUMBERS = [0, 1, -1, 2, -8, 255, 4096, 65535, 65536, -65536, 2**31 - 1, -2**31, 0x12345678, -0x12345678]
BASES = [0x10000, 0x400000, 0x12340000, 0x7fff0000, 0x7ffff000, 0x80000000, 0xbfff0000, 0xfffff000, 0xffffc000, 0x100000000, 0x140000000, 0x512345000,
         0x7fff12340000, 0x5555_5555_4000, 0x7ffe_0000_0000, 0x7f00_ffff_f000]


def placements(triple: str, machine: str, names: list[str], checks: bool, seed: int) -> list[Placement]:
    """N_PLACEMENTS that fit; then some where one symbol is too far away."""
    rng = random.Random(seed)
    bases = [b for b in BASES if machine != "i686" or b < 0xf0000000]
    if triple.endswith("msvc") and machine != "i686":
        bases = [b & ~0xffff for b in bases]
    found = []
    for i in range(N_PLACEMENTS):
        base = bases[i % len(bases)]
        found.append(Placement(f"placement {i}", base, {n: place(rng, triple, machine, n, base, i % 4) for n in names}, True))
    if triple in LINKER_RELAXES:
        for base in bases[-2:]:
            values = {n: place(rng, triple, machine, n, base, 2) for n in names}
            found.append(Placement("relaxed by the linker", base, {**values, "_IMM": base + rng.randrange(1 << 30) * rng.choice((1, -1))}, True, True))
    if not checks:
        return found
    high = 0x7f12_3456_0000
    for victim in sorted({"_WORD", "_EXIT", "_TARGET", *names[-2:]} & set(names)):
        reach = REACH[machine].get(victim, REACH[machine]["other"])
        for distance in {reach + 8 * MARGIN, reach + rng.randrange(8 * MARGIN, 1 << 30), (1 << 27) + 8 * MARGIN, 1 << 36}:         # ld64.lld lets 35 bits pass for the 33 of an adrp
            for sign in (1, -1):
                if triple.endswith("msvc") and (sign < 0 or distance >= 1 << 31):
                    continue                # symbols are in the image, behind the text
                values = {n: place(rng, triple, machine, n, high, 0) for n in names}
                values[victim] = high + sign * (distance & ~15)
                if distance >= reach:
                    found.append(Placement(f"{victim} too far", high, values, False))
    if triple.endswith("linux-gnu") and machine == "x86_64":
        for v in (2**31, -2**31 - 1, 2**40):
            found.append(Placement(f"_IMM = {v}", high, {**{n: place(rng, triple, machine, n, high, 0) for n in names}, "_IMM": v}, False))
    return found


def place(rng: random.Random, triple: str, machine: str, name: str, base: int, how: int) -> int:
    """An address, near (how: 0), anywhere (1), at the end of the reach (2), or any of these (3)."""
    if name == "_IMM":
        return rng.choice(NUMBERS) if rng.random() < 0.7 else rng.randrange(-2**31, 2**31)
    reach = REACH[machine].get(name, REACH[machine]["other"])
    how = rng.randrange(3) if how == 3 else how
    distance = rng.randrange(*((0x10000, 0x20000), (0x10000, reach), (reach - 0x8000, reach))[how])
    low, high = (0, 2**32 - 1) if machine == "i686" else (0, 2**47)
    if triple.endswith("msvc") and machine != "i686":
        if base >= 2**32:
            return base + distance & ~15
        high = 2**32 - 1 if rng.random() < 0.5 else high
    at = base + distance if rng.random() < 0.5 else base - distance
    if not low <= at <= high:
        at = 2 * base - at
    return (at if low <= at <= high else base + 0x10000 & high) & ~15


# ---- comparing ----

@dataclasses.dataclass
class Count:
    stencils: int = 0
    placements: int = 0
    holes: int = 0              # compared byte by byte
    words: int = 0              # of these: loads from the GOT, unrelaxed
    linker_relaxed: int = 0     # of these: loads from the GOT that the linker has relaxed as we do
    refused: int = 0            # by both
    thunks: int = 0             # of these: calls that lld sends through code of its own, as the emitter would
    relaxed: int = 0            # compared by their meaning
    moved: int = 0              # holes given a wrong value on purpose
    noticed: int = 0            # of these: that made a difference
    differences: list[str] = dataclasses.field(default_factory=list)

    def differ(self, text: str) -> None:
        self.differences.append(text)


def constants(linked: Linked, content: bytes) -> list[int]:
    """Where these eight bytes stand in what has been linked, outside the text."""
    found = []
    for start, data in linked.sections:
        if start != linked.text:
            at = data.find(content)
            while at >= 0:
                if at % 8 == 0:
                    found.append(start + at)
                at = data.find(content, at + 1)
    return found


class Comparison:
    """One object file in one placement."""

    def __init__(self, product: Product, fmt: formats.Format, made: list[tuple[Made, int]], linked: Linked, placement: Placement, count: Count) -> None:
        self.product, self.fmt, self.made, self.linked, self.placement, self.count = product, fmt, made, linked, placement, count
        self.symbols = {fmt.name_in_source(n): v for n, v in linked.symbols.items()}
        self.words: dict[int, list[int]] = {}
        self.thunks: set[tuple[str, int]] = set()
        self.chosen: dict[str, tuple[list[int], list[bool]]] = {}       # by stencil: its values, and which are addresses of words
        # holes that may refuse a number where all addresses fit: those that take unsigned ones only
        self.numbers = {(m.name, h.offset) for m, _ in made for h in m.holes if h.value == IMM}

    def run(self) -> None:
        ours_refused = set()
        for made, offset in self.made:
            ours_refused |= self.stencil(made, self.linked.text + offset)
        theirs = self.linked.refused | self.thunks
        self.count.thunks += len(self.thunks)
        if self.placement.fits and ours_refused - self.numbers:
            self.count.differ(f"{self.placement.name}: refused, although it fits: {sorted(ours_refused - self.numbers)[:3]}")
        elif ours_refused != theirs:
            self.count.differ(f"{self.placement.name}: refused by us alone {sorted(ours_refused - theirs)[:3]}, by lld alone {sorted(theirs - ours_refused)[:3]}")
        self.count.refused += len(ours_refused & theirs)

    def move(self) -> None:
        """Can this comparison fail? Each hole once gets an address that is a page and a bit away."""
        for made, offset in self.made:
            address = self.linked.text + offset
            theirs = self.linked.read(address, made.size)
            values, as_word = self.chosen[made.name]
            for k in range(len(made.holes)):
                wrong = [v + 0x1010 * (i == k) for i, v in enumerate(values)]
                self.count.noticed += self.product.patch(made, address, wrong, as_word)[0] != theirs
                self.count.moved += 1

    def candidates(self, made: Made, hole: Hole) -> list[tuple[int, bool]]:
        """What may have been meant by a hole: (value without addend, is it the address of a word?)."""
        got = hole.kind in self.product.got
        if hole.value == DATA:
            at = hole.addend + 8 & ~7
            return [(v - at, False) for v in constants(self.linked, made.data[at:at + 8])]
        name = self.product.helpers[hole.symbol] if hole.value == HELPER else VALUES[hole.value]
        if not got:
            return [(self.symbols[name], False)]
        if f"__imp_{name}" in self.symbols:
            return [(self.symbols[f"__imp_{name}"], True)]
        v = self.symbols[name]
        if v not in self.words:
            self.words[v] = constants(self.linked, (v % 2**64).to_bytes(8, "little"))
        return [(v, False)] * self.placement.relax + [(word, True) for word in self.words[v]]

    def stencil(self, made: Made, address: int) -> set[tuple[str, int]]:
        """Compares one stencil's bytes; the holes that we refuse."""
        theirs = self.linked.read(address, made.size)
        options = [self.candidates(made, h) for h in made.holes]
        if not all(options):
            self.count.differ(f"{made.name}, {self.placement.name}: nothing in what lld made is what a hole is for")
            return set()
        values, as_word = [o[0][0] for o in options], [o[0][1] for o in options]
        ours, failed = self.product.patch(made, address, values, as_word)
        for k, o in enumerate(options):         # several constants, or words, of the same content
            at = made.holes[k].offset
            for value, word in o[1:]:
                if ours[at:at + 4] == theirs[at:at + 4]:
                    break
                values[k], as_word[k] = value, word
                ours, failed = self.product.patch(made, address, values, as_word)
        self.chosen[made.name] = values, as_word
        refused = {(made.name, h.offset) for h, bad in zip(made.holes, failed) if bad}
        for h, v, bad in zip(made.holes, values, failed):
            if bad and (made.name, h.offset) not in self.linked.refused and self.leads_elsewhere(address, theirs, h, v):
                self.thunks.add((made.name, h.offset))
        skip = {h.offset + i for h, bad in zip(made.holes, failed) for i in range(4) if bad}
        if any(a != b for i, (a, b) in enumerate(zip(ours, theirs)) if i not in skip):
            where = [f"{h.offset}: kind {h.kind} of {VALUES[h.value] or h.value}, {v:#x}" for h, v in zip(made.holes, values)]
            self.count.differ(f"{made.name} at {address:#x}, {self.placement.name}: ours {ours.hex()}, lld {theirs.hex()}, holes {'; '.join(where)}")
        self.count.holes += len(made.holes) - len(refused)
        self.count.words += sum(as_word)
        self.count.linker_relaxed += sum(h.kind in self.product.got and not word for h, word in zip(made.holes, as_word))
        return refused


    def leads_elsewhere(self, address: int, code: bytes, hole: Hole, target: int) -> bool:
        """aarch64: does this branch go to code that the linker has made?"""
        insn = int.from_bytes(code[hole.offset:hole.offset + 4], "little")
        low, bits = (0, 26) if insn >> 26 & 31 == 5 else (5, 14) if insn >> 25 & 63 == 0x1b else (5, 19)      # b, bl; tbz; b.cond, cbz
        field = insn >> low & (1 << bits) - 1
        to = address + hole.offset + ((field ^ 1 << bits - 1) - (1 << bits - 1) << 2)
        return self.product.machine == "aarch64" and to != target + hole.addend and self.linked.read(to, 4) is not None


def read_made(product: Product, file: Object) -> list[tuple[Made, int]]:
    made = [(product.find(name), offset) for name, offset in file.functions]
    for m, _ in made:
        if any(h.value == CONTINUE for h in m.holes):
            raise Failed(f"{m.name} has a hole for the next stencil: such jumps go to its end")
    return made


def prove(target: case_table.Target, headers: str, shared: str, objects: str) -> tuple[Count, str]:
    """-> figures, and what went wrong ("": nothing)."""
    count, fmt = Count(), FORMATS[target.triple]
    try:
        product = Product(target.triple, target.machine, headers, shared)
        folder = os.path.join(objects, target.triple)
        files = [fmt.read_object(os.path.join(folder, f)) for f in sorted(os.listdir(folder)) if f.endswith(".o")]
        linked_names = sorted({n for f in files for n in f.symbols})
        names = [fmt.name_in_source(n) for n in linked_names]
        made = [read_made(product, f) for f in files]
        count.stencils = sum(len(m) for m in made)
        with tempfile.TemporaryDirectory(prefix="link-") as work:
            for seed, (file, stencils) in enumerate(zip(files, made)):
                for placement in placements(target.triple, target.machine, names, fmt.checks_ranges, seed):
                    count.placements += not seed
                    values = dict(zip(linked_names, (placement.values[n] for n in names)))
                    linked = fmt.link(file, placement.base, values, work, placement.relax)
                    comparison = Comparison(product, fmt, stencils, linked, placement, count)
                    comparison.run()
                    if placement.name == "placement 1":
                        comparison.move()
            count.relaxed = relaxed.compare(product, target.triple, [m for stencils in made for m, _ in stencils], count.differ)
    except Failed as error:
        return count, str(error)
    if count.noticed != count.moved:
        count.differ(f"of {count.moved} holes that got a wrong address only {count.noticed} made a difference")
    return count, f"{len(count.differences)} differences" if count.differences else ""


def report(outcomes: dict[str, tuple[Count, str, float]], impossible: dict[str, str]) -> str:
    lines = [("target", "linker", "stencils", "placements", "holes compared", "of these GOT loads", "relaxed by lld, too", "refused by both", "relaxed, by meaning", "wrong ones noticed", "s", "")]
    for triple, (c, failed, seconds) in outcomes.items():
        linker = {"Elf": "ld.lld", "MachO": "ld64.lld", "Coff": "lld-link"}[type(FORMATS[triple]).__name__]
        refused = f"{c.refused:,}" + f" ({c.thunks:,} by a thunk)" * bool(c.thunks) if FORMATS[triple].checks_ranges else "lld checks none"
        lines.append((triple, linker, f"{c.stencils:,}", str(c.placements), f"{c.holes:,}", f"{c.words:,}", f"{c.linker_relaxed:,}", refused, f"{c.relaxed:,}", f"{c.noticed:,} of {c.moved:,}", f"{seconds:.0f}", failed or "all the same"))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    out = ["  ".join(c.ljust(w) if i in (0, 1, len(widths) - 1) else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths))).rstrip() for line in lines]
    out += [f"{triple}: not linked: {reason}" for triple, reason in impossible.items()]
    numbers = "none one two three four five six seven eight".split()
    good = sum(not failed for _, failed, _ in outcomes.values())
    return "\n".join([*out, f"independent linker: {numbers[good]} of {numbers[len(outcomes) + len(impossible)]}"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Our patching of stencils against lld's.")
    parser.add_argument("triples", nargs="*", metavar="TRIPLE", help="targets (default: all)")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build"), help="where stencils are, or are made")
    options = parser.parse_args()
    wanted = options.triples or list(case_table.TARGETS)
    if unknown := [t for t in wanted if t not in FORMATS]:
        parser.error(f"unknown target {unknown[0]}: known are {', '.join(FORMATS)}")
    impossible = {t: "tools/stencils makes no stencils for it" for t in wanted if t not in generator.TARGETS}
    possible = [t for t in wanted if t not in impossible]
    shared, objects = os.path.join(options.folder, "targets"), os.path.join(options.folder, "objects")
    os.makedirs(shared, exist_ok=True)
    try:
        case_table.generate(shared, debug=False, layout=313)
        case_table.stencils(possible, options.folder, debug=False, layout=313)
    except case_table.Failed as error:
        print(f"independent linker: {error}", file=sys.stderr)
        return 1
    outcomes = {}
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        jobs = {t: pool.submit(timed, t, options.folder, shared, objects) for t in possible}
        outcomes = {t: job.result() for t, job in jobs.items()}
    for triple, (count, failed, _) in outcomes.items():
        if failed:
            print(f"---- {triple}: {failed}")
            print("\n".join(count.differences[:20]))
    print(report(outcomes, impossible))
    return int(bool(impossible) or any(failed for _, failed, _ in outcomes.values()))


def timed(triple: str, headers: str, shared: str, objects: str) -> tuple[Count, str, float]:
    start = time.monotonic()
    count, failed = prove(case_table.TARGETS[triple], headers, shared, objects)
    return count, failed, time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main())
