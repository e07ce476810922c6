# SPDX-License-Identifier: Apache-2.0
"""Programs of the embedded processors: images and symbols from ELF files.

ELF32, big-endian, for PowerPC.
Sections are placed by name and address; what belongs nowhere is dropped.

Source of the facts: reference of the processors, section 7.2.
"""

import enum
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from hal import halco
from hal.errors import HxcosimError
from hal.haldls import PPUMemoryBlock
from hal.lola.external_ppu import ExternalPPUDRAMMemoryBlock, ExternalPPUMemoryBlock

__all__ = ["ElfError", "PPUElfFile", "PPUProgram"]

WORD = 4


class ElfError(HxcosimError):
    """A file that is no program of the embedded processors."""


class PPUProgram:
    """What is known about a program."""

    @dataclass
    class Symbol:
        """A function or an object of a program, and where it lies."""

        class Type(enum.IntEnum):
            """Kind of symbol."""

            object = 0
            function = 1
            other = 2

        type: "PPUProgram.Symbol.Type" = Type.object
        coordinate: Any = None
        """Words of the internal memory or bytes of one of the external ones."""

        __hash__: ClassVar[None] = None  # type: ignore[assignment] # symbols are mutable

        def __post_init__(self) -> None:
            if self.coordinate is None:
                self.coordinate = _words(0, WORD)


def _words(begin: int, size: int) -> halco.PPUMemoryBlockOnPPU:
    word = halco.PPUMemoryWordOnPPU
    return halco.PPUMemoryBlockOnPPU(
        word(begin // WORD), word(max(begin, begin + size - 1) // WORD)
    )


def _bytes(block: Any, begin: int, size: int) -> Any:
    byte = block.bound_type
    return block(byte(begin), byte(begin + size - 1))


@dataclass(frozen=True)
class _Memory:
    """One memory: its name here and where addresses of it begin, code and data."""

    name: str
    size: int
    bases: tuple[int, ...]


_INTERNAL = _Memory("internal", WORD * halco.PPUMemoryWordOnPPU.size, (0,))
_EXTERNAL = _Memory("external", halco.ExternalPPUMemoryByteOnFPGA.size, (0x8000_0000, 0x4000_0000))
_DRAM = _Memory(
    "external_dram", halco.ExternalPPUDRAMMemoryByteOnFPGA.size, (0x9000_0000, 0x5000_0000)
)
_INTERNAL_NAMES = (".text", ".data", ".rodata", ".bss", ".init", ".fini")


@dataclass(frozen=True)
class _Section:
    name: str
    kind: int
    address: int
    offset: int
    size: int
    link: int


_HEADER = struct.Struct(">16sHHIIIIIHHHHHH")
_SECTION = struct.Struct(">IIIIIIIIII")
_SYMBOL = struct.Struct(">IIIBBH")
_MAGIC = b"\x7fELF\x01\x02"
_POWERPC = 20
_SYMBOL_TABLE = 2
_NO_BITS = 8
_TYPES = {1: PPUProgram.Symbol.Type.object, 2: PPUProgram.Symbol.Type.function}
_TYPE_MASK = 0xF


class PPUElfFile:
    """An ELF file with a program of the embedded processors."""

    @dataclass
    class Memory:
        """Content of the memories, each from its beginning on."""

        internal: PPUMemoryBlock
        external: ExternalPPUMemoryBlock | None = None
        external_dram: ExternalPPUDRAMMemoryBlock | None = None

        def __init__(self) -> None:
            self.internal = PPUMemoryBlock()
            self.external = None
            self.external_dram = None

    def __init__(self, filename: str) -> None:
        """Open and check a file.

        :raises RuntimeError: if the file cannot be read, is not such an ELF file or is damaged.
        """
        self._name = str(filename)
        try:
            self._data = Path(filename).read_bytes()
        except OSError as error:
            raise ElfError(f"{filename}: cannot be read: {error.strerror}") from None
        if not self._data.startswith(_MAGIC):
            raise ElfError(f"{filename}: not an ELF file of 32 bits, big-endian")
        if self._unpack(_HEADER, 0)[2] != _POWERPC:
            raise ElfError(f"{filename}: not a program for PowerPC")
        self._sections = list(self._read_sections())

    def _unpack(self, form: struct.Struct, offset: int) -> tuple[Any, ...]:
        if offset + form.size > len(self._data):
            raise ElfError(f"{self._name}: ends within a header or table at byte {offset}")
        return form.unpack_from(self._data, offset)

    def _read_sections(self) -> Iterator[_Section]:
        header = self._unpack(_HEADER, 0)
        table, entry, count, names = header[6], header[11], header[12], header[13]
        raw = [self._unpack(_SECTION, table + i * entry) for i in range(count)]
        if raw and names >= len(raw):
            raise ElfError(f"{self._name}: has no names of sections")
        for name, kind, _, address, offset, size, link, *_ in raw:
            if kind not in (0, _NO_BITS) and offset + size > len(self._data):
                raise ElfError(f"{self._name}: ends within a section at byte {offset}")
            text = self._text(raw[names][4] + name)
            yield _Section(text, kind, address, offset, size, link)

    def _text(self, offset: int) -> str:
        end = self._data.find(b"\0", offset)
        return self._data[offset : max(offset, end)].decode("latin-1")

    def _place(self, section: _Section) -> tuple[_Memory, int] | None:
        """Memory of a section, and the base of its addresses."""
        if section.name.startswith("ext"):
            for base, memory in sorted(
                ((base, m) for m in (_EXTERNAL, _DRAM) for base in m.bases), key=lambda p: -p[0]
            ):
                if section.address >= base:
                    return memory, base
            raise ElfError(
                f"{self._name}: section {section.name} lies at 0x{section.address:08x}, which is "
                "not in an external memory"
            )
        named = any(name in section.name for name in _INTERNAL_NAMES)
        return (_INTERNAL, 0) if section.name.startswith("int") or named else None

    def _begin(self, section: _Section) -> tuple[_Memory, int] | None:
        """Memory of a section and its first byte there."""
        place = self._place(section)
        if place is None or not section.size:
            return None
        memory, base = place
        begin = section.address - base
        if begin + section.size > memory.size:
            raise ElfError(
                f"{self._name}: section {section.name} takes bytes {begin} to "
                f"{begin + section.size - 1} of the {memory.size} bytes of memory {memory.name}"
            )
        return memory, begin

    def read_program(self) -> Memory:
        """Content of the memories.

        :raises RuntimeError: for a section that does not fit into its memory.
        """
        images: dict[str, bytearray] = {}
        for section in self._sections:
            place = self._begin(section)
            if place is None:
                continue
            memory, begin = place
            image = images.setdefault(memory.name, bytearray())
            image.extend(bytes(max(0, begin + section.size - len(image))))
            if section.kind != _NO_BITS:
                content = self._data[section.offset : section.offset + section.size]
                image[begin : begin + section.size] = content
        result = self.Memory()
        if _INTERNAL.name not in images:
            raise ElfError(f"{self._name}: has nothing for the internal memory")
        internal = images[_INTERNAL.name]
        internal.extend(bytes(-len(internal) % WORD))
        result.internal = PPUMemoryBlock._of(np.frombuffer(internal, dtype=">u4"))
        for memory, kind in (
            (_EXTERNAL, ExternalPPUMemoryBlock),
            (_DRAM, ExternalPPUDRAMMemoryBlock),
        ):
            if memory.name in images:
                block = kind._of(np.frombuffer(images[memory.name], dtype=np.uint8))
                setattr(result, memory.name, block)
        return result

    def read_symbols(self) -> dict[str, PPUProgram.Symbol]:
        """Functions and objects by name; those without a size have no place and are left out.

        :raises RuntimeError: for a damaged table, and a symbol outside of its memory.
        """
        symbols = {}
        for table in self._sections:
            if table.kind != _SYMBOL_TABLE:
                continue
            if table.link >= len(self._sections):
                raise ElfError(f"{self._name}: has no names of symbols")
            for offset in range(table.offset, table.offset + table.size, _SYMBOL.size):
                name, value, size, info, _, index = self._unpack(_SYMBOL, offset)
                kind = _TYPES.get(info & _TYPE_MASK)
                if kind is None or not size or not 0 < index < len(self._sections):
                    continue
                coordinate = self._coordinate(self._sections[index], value, size)
                if coordinate is not None:
                    text = self._text(self._sections[table.link].offset + name)
                    symbols[text] = PPUProgram.Symbol(kind, coordinate)
        return symbols

    def _coordinate(self, section: _Section, address: int, size: int) -> Any:
        place = self._place(section)
        if place is None:
            return None
        memory, base = place
        begin = address - base
        if begin < 0 or begin + size > memory.size:
            raise ElfError(
                f"{self._name}: a symbol of section {section.name} lies at 0x{address:08x}, "
                f"outside of memory {memory.name}"
            )
        if memory is _INTERNAL:
            return _words(begin, size)
        kind = (
            halco.ExternalPPUMemoryBlockOnFPGA
            if memory is _EXTERNAL
            else halco.ExternalPPUDRAMMemoryBlockOnFPGA
        )
        return _bytes(kind, begin, size)
