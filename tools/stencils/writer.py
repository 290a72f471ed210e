"""Stencils -> a C header with the tables that src/emit/stencil.h declares.

All code stands in one array, each different code once; so do holes and data.
"""

import collections
import typing

from stencils import Request, Stencil


def write(requests: list[Request], stencils: dict[str, Stencil], names: dict[str, list[str]]) -> typing.Iterator[str]:
    """Lines of C. names: "uops" and "emit", the names of each table in order."""
    code_at: dict[tuple[bytes, tuple], int] = {}
    holes_at: dict[tuple, int] = {(): 0}
    data_at: dict[bytes, int] = {b"": 0}
    code, holes, data = [], [], []
    n_code = n_holes = n_data = 0
    tables: dict[str, list[str]] = collections.defaultdict(list)
    for request in requests:
        s = stencils[request.symbol]
        key = s.code, s.holes
        if key not in code_at:
            code_at[key] = n_code
            n_code += len(s.code)
            code += _code(request, s)
        if s.holes not in holes_at:
            holes_at[s.holes] = n_holes
            n_holes += len(s.holes)
            holes += [f"{{{h.offset}, PATCH_{h.kind}, HOLE_{h.value}, {h.symbol}, {h.addend}}}," for h in s.holes]
        if s.data not in data_at:
            data += [bytes(-n_data % 16)] if n_data % 16 else []
            data_at[s.data] = n_data = -(-n_data // 16) * 16
            n_data += len(s.data)
            data += [s.data]
        small = holes_at[s.holes], data_at[s.data], len(s.code), len(s.holes), len(s.data)
        assert max(small) < 2**16 and len(tables[request.table]) == request.number
        tables[request.table].append(f"{{{code_at[key]}, {', '.join(map(str, small))}}},")
    yield f"const uint8_t stencil_code_bytes[{n_code} + STENCIL_BLOCK] = {{"
    yield from code
    yield "};"
    yield f"const Hole stencil_holes[{n_holes + 1}] = {{"
    yield from holes
    yield "};"
    yield f"const _Alignas(16) uint8_t stencil_data_bytes[{n_data + 1}] = {{"
    yield from (_bytes(d) for d in data)
    yield "};"
    for table, rows in tables.items():
        yield f"static const Stencil stencils_{table.replace(' ', '_')}[{len(rows)}] = {{"
        yield from rows
        yield "};"
    yield "const StencilSet uop_stencils[UOP_COUNT] = {"
    yield from (_set(f"UOP_{n}", n, tables) for n in names["uops"] if n in tables)
    yield "};"
    yield "const StencilSet emit_stencils[EMIT_COUNT] = {"
    yield from (_set(f"EMIT_{n}", f"EMIT_{n}", tables) for n in names["emit"])
    yield "};"
    if frame := next((s.frame for s in stencils.values() if s.frame), None):
        saved = ", ".join(f"{{{number}, {at}}}" for number, at in sorted(frame.saved.items()))
        yield f"const ShimFrame shim_frame = {{{frame.size}, {frame.stack_pointer}, {frame.return_address}, {len(frame.saved)}, {{{saved}}}}};"
    else:
        yield "const ShimFrame shim_frame = {0};"


def _set(index: str, name: str, tables: dict[str, list[str]]) -> str:
    constant = tables.get(f"{name} constant")
    second = f"stencils_{name}_constant" if constant else "0"
    return f"    [{index}] = {{stencils_{name}, {second}, {len(tables[name])}, {len(constant or ())}}},"


def _bytes(data: bytes) -> str:
    return "".join(f"{b}," for b in data)


def _code(request: Request, stencil: Stencil) -> list[str]:
    """The bytes of a stencil, an instruction a line."""
    lines = [f"/* {request.table}  {request.choice} */".replace("  */", " */")]
    starts = [offset for offset, _ in stencil.disassembly] + [len(stencil.code)]
    for (start, text), end in zip(stencil.disassembly, starts[1:]):
        what = "".join(f"  {h.value}" for h in stencil.holes if start <= h.offset < end)
        if what and text.startswith(("j", "call")) and "*" not in text:
            text = text.split()[0]
        lines.append(f"{_bytes(stencil.code[start:end]):24}// {text}{what}")
    return lines
