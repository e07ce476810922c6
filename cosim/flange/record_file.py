# SPDX-License-Identifier: Apache-2.0
"""The file of a record: a header, a description and four columns, compressed, with a checksum.

All integers are little endian. The description is JSON; a column is zlib-compressed 64-bit words,
of which cycles are stored as differences (modulo 2**64).
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from construct import (  # type: ignore[import-untyped]  # construct ships no types
    Bytes,
    GreedyBytes,
    Int16ul,
    Int32ul,
    Int64ul,
    Padding,
    Prefixed,
    Struct,
)
from numpy.typing import NDArray

__all__ = ["COLUMNS", "MAGIC", "SUFFIX", "VERSION", "Words", "pack", "unpack"]

#: Words, or cycles of 4 ns.
Words = NDArray[np.uint64]
SUFFIX = ".hxr"
#: Begins like that of PNG, so that a transfer as text is noticed.
MAGIC = b"\x89HXR\r\n\x1a\n"
#: Changes whenever the contents do; another version is refused.
VERSION = 2
#: Columns in their order, and whether they are words (True) or cycles (False).
COLUMNS = {"words": True, "entered": False, "answers": True, "left": False}

HEADER = Struct(
    "magic" / Bytes(len(MAGIC)),
    "version" / Int16ul,
    Padding(2),
    "checksum" / Int32ul,  # CRC-32 of the contents
    "size" / Int64ul,  # of the contents, bytes
)
CONTENTS = Struct(
    "description" / Prefixed(Int32ul, GreedyBytes),
    *(name / Prefixed(Int64ul, GreedyBytes) for name in COLUMNS),
)


def pack(description: Mapping[str, Any], columns: Mapping[str, Words]) -> bytes:
    """The file's bytes."""
    parts = {
        name: zlib.compress(
            (columns[name] if plain else np.diff(columns[name], prepend=np.uint64(0))).tobytes(), 6
        )
        for name, plain in COLUMNS.items()
    }
    text = zlib.compress(json.dumps(description).encode(), 6)
    contents: bytes = CONTENTS.build({"description": text, **parts})
    checksum = zlib.crc32(contents)
    header: bytes = HEADER.build(
        {"magic": MAGIC, "version": VERSION, "checksum": checksum, "size": len(contents)}
    )
    return header + contents


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, Words]]:
    """Description and columns. :raises ValueError: with the reason why it is no such file."""
    if data[: len(MAGIC)] != MAGIC[: len(data)]:
        raise ValueError("the file does not begin like one")
    if len(data) < HEADER.sizeof():
        raise ValueError(f"truncated: {len(data)} bytes, the header alone has {HEADER.sizeof()}")
    header = HEADER.parse(data)
    if header.version > VERSION:
        raise ValueError(
            f"it has version {header.version}, made by a newer hxcosim; this reads {VERSION}"
        )
    if header.version < VERSION:
        raise ValueError(f"it has the old version {header.version}; this reads {VERSION}")
    contents = data[HEADER.sizeof() :]
    if len(contents) < header.size:
        raise ValueError(f"truncated: {len(contents)} of {header.size} bytes of contents")
    if len(contents) > header.size or zlib.crc32(contents) != header.checksum:
        raise ValueError("corrupted: the checksum does not fit the contents")
    parts = CONTENTS.parse(contents)
    columns = {}
    for name, plain in COLUMNS.items():
        column = np.frombuffer(zlib.decompress(parts[name]), "<u8").astype(np.uint64)
        columns[name] = column if plain else np.cumsum(column, dtype=np.uint64)
    return json.loads(zlib.decompress(parts.description)), columns
