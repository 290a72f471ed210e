"""What `llvm-readobj --elf-output-style=JSON` prints of an object file, as far as it is read here.

Well-formed JSON for ELF only. For Mach-O and COFF (LLVM 19 to 22) it is a list of bare members and objects, in which flags of Mach-O
symbols stand as bare words:

    [
    "File":"x.o","Format":...,{"Sections":[...]},{"Symbols":[{"Symbol":{"Name":{"Name":"_f","Value":1}Extern
    ,"Type":...}}]}]
"""

import json
import re
import typing

OPTIONS = ("--elf-output-style=JSON", "--expand-relocs", "--sections", "--section-data", "--section-relocations", "--section-symbols", "--symbols")


class File(typing.TypedDict):
    """Sections, each {"Section": {...}}, and symbols, each {"Symbol": {...}}; what is in them differs from format to format."""
    Sections: list[dict[str, dict]]
    Symbols: list[dict[str, dict]]


def load(text: str) -> File:
    try:
        parts = json.loads(text)
    except json.JSONDecodeError:
        text = re.sub(r"}(Private)?Extern\n", "}", text)
        parts = json.loads("[" + text[text.index('{"Sections"'):])
    file = {name: value for part in parts for name, value in part.items()}
    return {"Sections": file["Sections"], "Symbols": file["Symbols"]}
