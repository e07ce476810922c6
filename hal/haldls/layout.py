# SPDX-License-Identifier: Apache-2.0
"""Where the fields of a container lie: bits within words, and words within the address space.

Both are plain data.
Everything that shifts or masks is derived from them, see `hal.haldls.codegen`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from hal.fisch.addresses import Region

__all__ = [
    "Address",
    "Bits",
    "Code",
    "Digit",
    "biased",
    "bits",
    "enable",
    "lanes",
    "two_complement",
]


@dataclass(frozen=True, slots=True)
class Bits:
    """One contiguous piece of a field: bits `msb` to `lsb` of word `word`.

    `source` is the lowest field bit of the piece.
    `inverted`: the word holds the complement; `reversed`: the field's lowest bit lies at `msb`;
    `enable`: the piece is a byte enable of the word, not part of its value.
    """

    msb: int
    lsb: int
    word: int = 0
    source: int = 0
    inverted: bool = False
    reversed: bool = False
    enable: bool = False

    @property
    def width(self) -> int:
        """Number of bits."""
        return self.msb - self.lsb + 1

    def moved(self, words: int, by: int) -> "Bits":
        """The same piece, some words and bits further up."""
        return replace(self, word=self.word + words, msb=self.msb + by, lsb=self.lsb + by)


def _span(span: int | str) -> tuple[int, int]:
    """Most and least significant bit of ``7`` or ``"7:4"``."""
    if isinstance(span, int):
        return span, span
    msb, _, lsb = span.partition(":")
    return int(msb), int(lsb)


def bits(
    span: int | str,
    word: int = 0,
    *,
    of: int | str = 0,
    inverted: bool = False,
    reversed: bool = False,
) -> Bits:
    """Bits ``"msb:lsb"`` (or one bit) of a word, holding the field's bits from `of` on."""
    msb, lsb = _span(span)
    return Bits(msb, lsb, word, _span(of)[1], inverted, reversed)


def enable(byte: int, word: int = 0) -> Bits:
    """Byte enable `byte` (bits 8 * byte + 7 to 8 * byte) of a word."""
    return Bits(byte, byte, word, enable=True)


def lanes(
    lsbs: Sequence[int],
    width: int = 1,
    word: int | Sequence[int] = 0,
    *,
    of: int = 0,
    inverted: bool | Sequence[bool] = False,
    reversed: bool = False,
) -> tuple[Bits, ...]:
    """One piece for each element of an array: element i lies at bit ``lsbs[i]``."""
    words = [word] * len(lsbs) if isinstance(word, int) else word
    flips = [inverted] * len(lsbs) if isinstance(inverted, bool) else inverted
    return tuple(
        Bits(lsb + width - 1, lsb, w, of, flip, reversed)
        for lsb, w, flip in zip(lsbs, words, flips, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Code:
    """How a field's number is coded into `width` bits, and back.

    Both functions take and give integers.
    Up to `TABLE_WIDTH` bits they are tabulated, beyond they must accept arrays as well.
    """

    width: int
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    text: str

    TABLE_WIDTH = 16


def biased(width: int, by: int) -> Code:
    """Stored is the value plus `by`."""
    return Code(
        width, lambda v: v + by, lambda v: v - by, f"value {'+' if by > 0 else '-'} {abs(by)}"
    )


def two_complement(width: int) -> Code:
    """Signed numbers."""
    span = 1 << width
    return Code(width, lambda v: v % span, lambda v: v - span * (2 * v >= span), "two's complement")


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit of a coordinate's number in mixed radix: `count` values, `stride` addresses apart.

    A sequence of strides gives one for each word; a `table` gives the distance for each value.
    """

    count: int
    stride: int | tuple[int, ...] = 0
    table: tuple[int, ...] = ()

    @classmethod
    def blocks(cls, region: Region) -> "Digit":
        """The blocks of a region as the digit."""
        first = region.bases[0]
        distances = tuple(base - first for base in region.bases)
        if len(distances) > 1 and distances == tuple(range(0, distances[-1] + 1, distances[1])):
            return cls(len(distances), distances[1])
        return cls(len(distances), table=distances)

    def distance(self, value: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Distance of the addresses, one column for each word (or one for all)."""
        if self.table:
            return np.array(self.table, dtype=np.int64)[value][..., np.newaxis]
        return value[..., np.newaxis] * np.array(self.stride, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Address:
    """Addresses of a container's words as an affine function of the digits of its coordinate.

    Word i of coordinate number c lies at ``words[i]`` plus the distance of each digit of c.
    The first digit is the most significant one.
    """

    words: tuple[int, ...]
    digits: tuple[Digit, ...] = ()

    @classmethod
    def at(cls, *words: int, digits: Sequence[Digit] = ()) -> "Address":
        """The given words of coordinate number 0, and the digits."""
        return cls(words, tuple(digits))

    @classmethod
    def region(cls, region: Region, words: Sequence[int] | None = None) -> "Address":
        """The words of an entry of a region; the number counts entries, block by block.

        :param words: order of the words, if it is not ascending.
        """
        chosen = range(region.words) if words is None else words
        digits = (Digit.blocks(region), Digit(region.count, region.stride))
        return cls(
            tuple(region.bases[0] + word for word in chosen),
            tuple(digit for digit in digits if digit.count > 1),
        )

    def one(self, number: int) -> list[int]:
        """Addresses for one coordinate number."""
        total = self.words
        for digit in reversed(self.digits):
            number, value = divmod(number, digit.count)
            if digit.table:
                step = digit.table[value]
            elif isinstance(digit.stride, int):
                step = digit.stride * value
            else:
                steps = [stride * value for stride in digit.stride]
                total = tuple(map(int.__add__, total, steps))
                continue
            total = tuple([word + step for word in total])
        return list(total)

    def of(self, numbers: Any) -> npt.NDArray[np.uint32]:
        """Addresses, one row of words for each coordinate number (one row for a plain integer)."""
        rest = np.asarray(numbers, dtype=np.int64)
        total = np.zeros((*rest.shape, len(self.words)), dtype=np.int64)
        total += np.array(self.words, dtype=np.int64)
        for digit in reversed(self.digits):
            rest, value = np.divmod(rest, digit.count)
            total += digit.distance(value)
        return total.astype(np.uint32)
