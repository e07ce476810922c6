# SPDX-License-Identifier: Apache-2.0
"""Encoders and decoders, generated as Python functions from the slots of a container.

A *slot* is one number of a container: a plain field, or one element of an array.
The generated ``encode(s)`` takes the slots and gives the words, ``decode(w)`` the inverse.
The same text serves single containers (integers) and whole arrays of them (NumPy columns): it
consists of shifts, masks and table look-ups only, and is compiled twice, with tables as lists and
as arrays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from hal.haldls.layout import Bits, Code

__all__ = ["Codec", "Slot", "bin2gray", "compile_codec", "gray2bin"]

WORD_BITS = 32


@dataclass(frozen=True, slots=True)
class Slot:
    """One number of a container: name, kind, limits, default, places and code."""

    name: str
    kind: Any
    min: int
    max: int
    default: int
    places: tuple[Bits, ...]
    code: Code | None = None

    @property
    def width(self) -> int:
        """Bits of the coded number."""
        return self.code.width if self.code else self.max.bit_length()


@dataclass(frozen=True, slots=True)
class Codec:
    """The four generated functions, with the number type of the vectorised ones."""

    encode: Callable[[Any], list[int]]
    decode: Callable[[Any], list[int]]
    encode_columns: Callable[[Any], list[Any]]
    decode_columns: Callable[[Any], list[Any]]
    enables: Callable[[Any], list[Any]] | None
    dtype: Any
    checked: tuple[int, ...]
    """Slots whose decoded number may lie outside the limits."""
    source: str


def gray2bin(v: Any) -> Any:
    """The number whose Gray code is `v`."""
    for step in (16, 8, 4, 2, 1):
        v = v ^ (v >> step)
    return v


def bin2gray(v: Any) -> Any:
    """The Gray code of `v`."""
    return v ^ (v >> 1)


TRANSFORMS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "gray": (gray2bin, bin2gray)
}
"""Codes of whole words: function from the laid-out word to the word sent, and its inverse."""


@cache
def _reversal(width: int) -> tuple[int, ...]:
    """Table of the numbers below 2**width with their bits reversed."""
    return tuple(int(f"{n:0{width}b}"[::-1], 2) for n in range(1 << width))


class _Tables:
    """Look-up tables of one codec, by name."""

    def __init__(self) -> None:
        self.names: dict[Any, str] = {}
        self.values: dict[str, Any] = {}

    def add(self, key: Any, make: Callable[[], Any]) -> str:
        if key not in self.names:
            self.names[key] = f"t{len(self.names)}"
            self.values[self.names[key]] = make()
        return self.names[key]

    def reverse(self, width: int) -> str:
        return self.add(("reverse", width), lambda: _reversal(width))

    def encode(self, slot: Slot, source: str) -> str:
        code = slot.code
        if code is None:
            return source
        if code.width > Code.TABLE_WIDTH:
            return f"{self.add(('encode', id(code)), lambda: code.encode)}({source})"
        name = self.add(
            ("encode", id(code), slot.min, slot.max),
            lambda: tuple(int(code.encode(v)) for v in range(slot.min, slot.max + 1)),
        )
        return f"{name}[{source}{f' - {slot.min}' if slot.min else ''}]".replace("- -", "+ ")

    def decode(self, slot: Slot, source: str) -> str:
        code = slot.code
        if code is None:
            return source
        if code.width > Code.TABLE_WIDTH:
            return f"{self.add(('decode', id(code)), lambda: code.decode)}({source})"
        name = self.add(
            ("decode", id(code)),
            lambda: tuple(int(code.decode(v)) for v in range(1 << code.width)),
        )
        return f"{name}[{source}]"


def _encoded_piece(slot: Slot, index: int, place: Bits, tables: _Tables) -> str:
    """The piece of a slot, moved to its place in the word."""
    part = tables.encode(slot, f"s[{index}]")
    if place.source or place.width < slot.width:
        part = f"({part} >> {place.source} & {(1 << place.width) - 1})"
    if place.reversed:
        part = f"{tables.reverse(place.width)}[{part}]"
    return f"({part} << {place.lsb})" if place.lsb else part


def _decoded_piece(place: Bits, tables: _Tables) -> str:
    """The piece of a word, moved to its place in the slot."""
    mask = (1 << place.width) - 1
    part = f"(w[{place.word}] >> {place.lsb} & {mask})"
    if place.inverted:
        part = f"({part} ^ {mask})"
    if place.reversed:
        part = f"{tables.reverse(place.width)}[{part}]"
    return f"({part} << {place.source})" if place.source else part


def compile_codec(
    slots: Sequence[Slot], words: int, constants: Sequence[int] = (), transform: str = ""
) -> Codec:
    """Generate the functions for a container of `words` words.

    :param constants: bits that are set in each written word besides the fields.
    :param transform: name of the code of whole words in `TRANSFORMS`.
    """
    tables = _Tables()
    wide = any(s.max >> WORD_BITS or p.msb >= WORD_BITS for s in slots for p in s.places)
    signed = any(s.min < 0 for s in slots)
    dtype = np.int64 if wide or signed else np.uint32

    encoded, enables = [], []
    for word in range(words):
        terms: list[str] = []
        strobes: list[str] = []
        ones = 0
        for index, slot in enumerate(slots):
            for place in slot.places:
                if place.word != word:
                    continue
                piece = _encoded_piece(slot, index, place, tables)
                (strobes if place.enable else terms).append(piece)
                if place.inverted:
                    ones |= ((1 << place.width) - 1) << place.lsb
        constant = constants[word] if word < len(constants) else 0
        text = " | ".join(terms)
        if ones and text:
            text = f"({text}) ^ {ones}"
        if constant or not text:
            text = f"{text} | {constant}" if text else f"{constant}"
        encoded.append(f"to_word({text})" if transform else text)
        enables.append(" | ".join(strobes) or "15")

    decoded = []
    for slot in slots:
        pieces = [_decoded_piece(p, tables) for p in slot.places if not p.enable]
        decoded.append(
            tables.decode(slot, f"({' | '.join(pieces)})") if pieces else f"{slot.default}"
        )

    source = f"def encode(s):\n    return [{', '.join(encoded)}]\n"
    unpack = "    w = [from_word(v) for v in w]\n" if transform else ""
    source += f"def decode(w):\n{unpack}    return [{', '.join(decoded)}]\n"
    source += f"def enables(s):\n    return [{', '.join(enables)}]\n"

    functions = dict(zip(("to_word", "from_word"), TRANSFORMS.get(transform, ()), strict=False))
    scalar: dict[str, Any] = {**tables.values, **functions}
    arrays: dict[str, Any] = {
        **{k: v if callable(v) else np.array(v, dtype) for k, v in tables.values.items()},
        **functions,
    }
    exec(source, scalar)  # the text is made above, from declarations only
    exec(source, arrays)  # the same text over arrays
    return Codec(
        scalar["encode"],
        scalar["decode"],
        arrays["encode"],
        arrays["decode"],
        scalar["enables"] if any(p.enable for s in slots for p in s.places) else None,
        dtype,
        tuple(i for i, slot in enumerate(slots) if _may_leave_range(slot)),
        source,
    )


def _may_leave_range(slot: Slot) -> bool:
    """Whether some word decodes to a number outside the limits of the slot."""
    if not any(not p.enable for p in slot.places):
        return False
    if slot.code is None:
        return slot.min > 0 or slot.max != (1 << slot.max.bit_length()) - 1
    if slot.code.width > Code.TABLE_WIDTH:
        return False
    results = [int(slot.code.decode(v)) for v in range(1 << slot.code.width)]
    return min(results) < slot.min or max(results) > slot.max
