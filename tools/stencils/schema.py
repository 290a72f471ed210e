"""What `llvm-readobj --elf-output-style=JSON --expand-relocs` prints, as far as it is read here."""

import typing


class Named(typing.TypedDict):
    Name: str
    Value: int


class Relocation(typing.TypedDict):
    Offset: int
    Type: Named
    Symbol: Named
    Addend: int


class RelocationItem(typing.TypedDict):
    Relocation: Relocation


class Symbol(typing.TypedDict):
    Name: Named
    Value: int
    Size: int
    Type: Named
    Section: Named


class SymbolItem(typing.TypedDict):
    Symbol: Symbol


class SectionData(typing.TypedDict):
    Offset: int
    Bytes: list[int]


class Flags(typing.TypedDict):
    Value: int
    Flags: list[Named]


class Section(typing.TypedDict):
    Index: int
    Name: Named
    Type: Named
    Flags: Flags
    Size: int
    Info: int
    AddressAlignment: int
    EntrySize: int
    Relocations: list[RelocationItem]
    Symbols: list[SymbolItem]
    SectionData: SectionData


class SectionItem(typing.TypedDict):
    Section: Section


class ElfFile(typing.TypedDict):
    Sections: list[SectionItem]
    Symbols: list[SymbolItem]
