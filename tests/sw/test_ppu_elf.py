# SPDX-License-Identifier: Apache-2.0
"""ELF files of the embedded processors: where sections and symbols go, and damaged files."""

import struct
from pathlib import Path
from typing import Any

import pytest

from hal import halco, lola

PROGBITS, SYMTAB, STRTAB, NOBITS = 1, 2, 3, 8
OBJECT, FUNCTION = 1, 2


def strings(names: list[str]) -> tuple[bytes, dict[str, int]]:
    data, places = b"\0", {}
    for name in names:
        places[name] = len(data)
        data += name.encode() + b"\0"
    return data, places


def elf(
    sections: list[tuple[str, int, bytes | int]],
    symbols: list[tuple[str, int, int, int, int]] = (),  # type: ignore[assignment]
    *,
    machine: int = 20,
) -> bytes:
    """A file with sections (name, address, content or size) and symbols (name, address, size,
    kind, number of the section)."""
    symbol_names, symbol_places = strings([name for name, *_ in symbols])
    table = bytes(16) + b"".join(
        struct.pack(">IIIBBH", symbol_places[name], value, size, 16 + kind, 0, index)
        for name, value, size, kind, index in symbols
    )
    content: list[tuple[str, int, int, bytes | int, int]] = [("", 0, 0, b"", 0)]
    content += [
        (name, NOBITS if isinstance(data, int) else PROGBITS, address, data, 0)
        for name, address, data in sections
    ]
    content += [
        (".symtab", SYMTAB, 0, table, len(content) + 1),
        (".strtab", STRTAB, 0, symbol_names, 0),
    ]
    names, places = strings([name for name, *_ in content] + [".shstrtab"])
    content.append((".shstrtab", STRTAB, 0, names, 0))
    body, headers = b"", b""
    for name, kind, address, data, link in content:
        size = data if isinstance(data, int) else len(data)
        headers += struct.pack(
            ">10I", places[name], kind, 0, address, 52 + len(body), size, link, 0, 1, 0
        )
        body += b"" if isinstance(data, int) else data
    head = struct.pack(
        ">16sHHIIIIIHHHHHH",
        b"\x7fELF\x01\x02\x01",
        *(2, machine, 1, 0, 0, 52 + len(body), 0, 52, 0, 0, 40, len(content), len(content) - 1),
    )
    return head + body + headers


def file(folder: Path, data: bytes) -> lola.PPUElfFile:
    path = folder / "program.bin"
    path.write_bytes(data)
    return lola.PPUElfFile(str(path))


SECTIONS: list[tuple[str, int, Any]] = [
    (".text", 0, bytes(range(10))),
    (".bss", 12, 8),
    ("int.keep", 0x40, b"\1\2\3\4"),
    ("ext.text", 0x8000_0002, b"code"),
    ("ext.data", 0x4000_0010, b"data"),
    ("ext_dram.data", 0x5000_0001, b"far"),
    (".comment", 0, b"dropped"),
]
SYMBOLS = [
    ("main", 4, 6, FUNCTION, 1),
    ("values", 12, 5, OBJECT, 2),
    ("kernel", 0x8000_0002, 3, FUNCTION, 4),
    ("far", 0x5000_0002, 2, OBJECT, 6),
    ("nothing", 0, 0, FUNCTION, 1),
    ("comment", 0, 4, OBJECT, 7),
    ("section", 0, 4, 3, 1),
    ("absolute", 0, 4, OBJECT, 0xFFF1),
]


def test_program(tmp_path: Path) -> None:
    memory = file(tmp_path, elf(SECTIONS, SYMBOLS)).read_program()
    words = [int(word.value) for word in memory.internal.words]
    assert words[:5] == [0x00010203, 0x04050607, 0x08090000, 0, 0]
    assert len(words) == 17
    assert words[16] == 0x01020304
    assert memory.external is not None
    assert memory.external.get_subblock(2, 4).to_string() == "code"
    assert memory.external.get_subblock(16, 4).to_string() == "data"
    assert int(memory.external.size()) == 20
    assert memory.external_dram is not None
    assert [int(byte.value) for byte in memory.external_dram.bytes] == [0, *b"far"]
    small = file(tmp_path, elf([(".text", 0, b"1234")])).read_program()
    assert (small.external, small.external_dram) == (None, None)


def test_symbols(tmp_path: Path) -> None:
    symbols = file(tmp_path, elf(SECTIONS, SYMBOLS)).read_symbols()
    assert symbols.keys() == {"main", "values", "kernel", "far"}
    kinds = lola.PPUProgram.Symbol.Type
    assert symbols["main"].type is kinds.function
    assert symbols["values"].type is kinds.object
    word, byte = halco.PPUMemoryWordOnPPU, halco.ExternalPPUMemoryByteOnFPGA
    dram = halco.ExternalPPUDRAMMemoryByteOnFPGA
    assert symbols["main"].coordinate == halco.PPUMemoryBlockOnPPU(word(1), word(2))
    assert symbols["values"].coordinate == halco.PPUMemoryBlockOnPPU(word(3), word(4))
    assert symbols["kernel"].coordinate == halco.ExternalPPUMemoryBlockOnFPGA(byte(2), byte(4))
    assert symbols["far"].coordinate == halco.ExternalPPUDRAMMemoryBlockOnFPGA(dram(2), dram(3))
    assert symbols["far"] == lola.PPUProgram.Symbol(kinds.object, symbols["far"].coordinate)
    assert lola.PPUProgram.Symbol() != symbols["far"]


def test_no_elf_bad(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="cannot be read: No such file"):
        lola.PPUElfFile(str(tmp_path / "missing"))
    for data in (b"", b"#!/bin/sh", b"\x7fELF\x02\x01" + bytes(60)):
        with pytest.raises(RuntimeError, match="not an ELF file"):
            file(tmp_path, data)
    with pytest.raises(RuntimeError, match="not a program for PowerPC"):
        file(tmp_path, elf(SECTIONS, machine=62))


def test_damaged_bad(tmp_path: Path) -> None:
    good = elf(SECTIONS, SYMBOLS)
    for length in (20, 60, len(good) - 1):
        with pytest.raises(RuntimeError, match="ends within"):
            file(tmp_path, good[:length])
    section = len(good) - 40 * (len(SECTIONS) + 4) + 40
    longer = good[: section + 20] + struct.pack(">I", 1 << 20) + good[section + 24 :]
    with pytest.raises(RuntimeError, match="ends within a section"):
        file(tmp_path, longer)
    nameless = good[:50] + struct.pack(">H", 99) + good[52:]
    with pytest.raises(RuntimeError, match="has no names of sections"):
        file(tmp_path, nameless)
    table = len(good) - 40 * 3 + 24
    unlinked = good[:table] + struct.pack(">I", 99) + good[table + 4 :]
    with pytest.raises(RuntimeError, match="has no names of symbols"):
        file(tmp_path, unlinked).read_symbols()


def test_places_bad(tmp_path: Path) -> None:
    for name, address, size, message in (
        (".text", 0x4000, 4, r"section .text takes bytes 16384 to 16387 of the 16384 bytes"),
        ("ext.data", 0x4001_FFFE, 4, "of memory external"),
        ("ext.data", 0x100, 4, "is not in an external memory"),
    ):
        with pytest.raises(RuntimeError, match=message):
            file(tmp_path, elf([(name, address, bytes(size))])).read_program()
    with pytest.raises(RuntimeError, match="nothing for the internal memory"):
        file(tmp_path, elf([("ext.data", 0x4000_0000, b"1")])).read_program()
    outside = elf([(".text", 0, b"1234")], [("lost", 0x9000_0000, 4, OBJECT, 1)])
    with pytest.raises(RuntimeError, match="outside of memory internal"):
        file(tmp_path, outside).read_symbols()
