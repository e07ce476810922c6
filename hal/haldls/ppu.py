# SPDX-License-Identifier: Apache-2.0
"""Memory and registers of the embedded processors.

Source of the facts: reference of the containers.
"""

import operator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hal import halco
from hal.fisch import addresses
from hal.fisch.access import Backend, WordAccess
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged, describe, implicit
from hal.haldls.declaration import (
    ArrayField,
    Container,
    ContainerError,
    DifferentialWriteTrait,
    Field,
)
from hal.haldls.layout import Address, Code, Digit, bits
from hal.haldls.serialization import VERSION_KEY, Item, Vector, Version, items_of

__all__ = [
    "PPUControlRegister",
    "PPUMemory",
    "PPUMemoryBlock",
    "PPUMemoryWord",
    "PPUStatusRegister",
]


_NON_ZERO = Code(32, lambda v: v * 1, lambda v: (v != 0) * 1, "true unless the word is 0")


class PPUMemoryWord(
    Container,
    at=halco.PPUMemoryWordOnDLS,
    address=Address.region(addresses.PPU_MEMORY),
    arguments=("value",),
    serial_prefix="",
):
    """One word of a PPU's memory."""

    class Value(Ranged, max=(1 << 32) - 1, implicit=False):
        """Value of a ppu memory word."""

    value = Field(Value, bits("31:0"))


class PPUMemoryBlock(
    Container,
    at=halco.PPUMemoryBlockOnDLS,
    address=Address.region(addresses.PPU_MEMORY),
    part=PPUMemoryWord,
):
    """Consecutive words of a PPU's memory.

    The number of words is given at construction; the coordinate must span as many.
    """

    def __init__(self, size: Any = None) -> None:
        """A block of zeros, or a copy of another block.

        :param size: number of words (`PPUMemoryBlockSize` or plain number), the whole memory if
            not given.
        """
        if isinstance(size, PPUMemoryBlock):
            self._numbers = size._numbers.copy()
            return
        words = _ALL if size is None else implicit(halco.PPUMemoryBlockSize, size)
        self._numbers = np.zeros(int(words), dtype=np.int64)

    @property
    def words(self) -> list[PPUMemoryWord]:
        """The words (a copy)."""
        return [PPUMemoryWord._of([number]) for number in self._content()]

    @words.setter
    def words(self, words: Sequence[PPUMemoryWord]) -> None:
        if len(words) != len(self._numbers):
            raise ContainerError(
                f"PPUMemoryBlock.words: expected {len(self._numbers)} words, not {len(words)}"
            )
        self._numbers[:] = [_word_number(word) for word in words]

    def size(self) -> halco.PPUMemoryBlockSize:
        """Number of words."""
        return halco.PPUMemoryBlockSize(len(self._numbers))

    def at(self, index: int) -> PPUMemoryWord:
        """Word `index`, as a reference.

        :raises IndexError: beyond the end.
        """
        place = operator.index(index)
        if not 0 <= place < len(self._numbers):
            raise IndexError(f"PPUMemoryBlock: word {place} of {len(self._numbers)}")
        return PPUMemoryWord._view(self._numbers[place : place + 1])

    def __getitem__(self, index: int) -> PPUMemoryWord:
        return self.at(index)

    def __setitem__(self, index: int, word: PPUMemoryWord) -> None:
        self.at(index)._numbers[:] = _word_number(word)

    def get_subblock(self, begin: int, length: halco.PPUMemoryBlockSize | int) -> "PPUMemoryBlock":
        """Copy of `length` words from `begin` on.

        :raises RuntimeError: if they do not lie within the block.
        """
        size = implicit(halco.PPUMemoryBlockSize, length)
        return type(self)._of(self._span(begin, int(size)))

    def set_subblock(self, begin: int, subblock: "PPUMemoryBlock") -> None:
        """Overwrite words from `begin` on.

        :raises RuntimeError: if they do not lie within the block.
        """
        self._span(begin, len(subblock._numbers))[:] = subblock._numbers

    def _span(self, begin: int, length: int) -> npt.NDArray[np.int64]:
        if begin < 0 or begin + length > len(self._numbers):
            raise ContainerError(
                f"PPUMemoryBlock: words {begin} to {begin + length - 1} do not lie within the "
                f"{len(self._numbers)} words of the block"
            )
        return self._numbers[begin : begin + length]

    def to_string(self) -> str:
        """The bytes of the words (most significant first) as text, up to the first zero."""
        data = self._numbers.astype(">u4").tobytes()
        return data.partition(b"\0")[0].decode("latin-1")

    @classmethod
    def _serial_items(cls, start: int) -> list[Item]:
        return [
            (VERSION_KEY, Version(cls)),
            ("m_words", Vector(start, 1, lambda slot: items_of(PPUMemoryWord, slot))),
        ]

    @classmethod
    def _address_list(cls, coord: Any, backend: Backend) -> npt.NDArray[np.uint32]:
        cls._number(coord)
        ppu = coord.toPPUOnDLS()
        first = halco.PPUMemoryWordOnDLS(coord.toMin(), ppu)
        last = halco.PPUMemoryWordOnDLS(coord.toMax(), ppu)
        numbers = np.arange(first._e, last._e + 1)
        return PPUMemoryWord._addresses[backend].of(numbers).reshape(-1)

    @classmethod
    def _number(cls, coord: Any) -> int:
        if not isinstance(coord, cls._at):
            raise ContainerError(
                f"PPUMemoryBlock belongs to {cls._at.__qualname__}, not to {describe(coord)}"
            )
        return 0

    def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses and words that write this block to `coord`.

        :raises RuntimeError: if the coordinate spans another number of words.
        """
        span = len(self._address_list(coord, self._backend(backend)))
        if span != len(self._numbers):
            raise ContainerError(
                f"PPUMemoryBlock of {len(self._numbers)} words cannot be written to {coord}, "
                f"which spans {span}"
            )
        return super().write_access(coord, backend)

    def __str__(self) -> str:
        return f"PPUMemoryBlock({', '.join(f'0x{number:08x}' for number in self._content())})"

    __repr__ = __str__


_ALL = halco.PPUMemoryBlockSize(halco.PPUMemoryWordOnPPU.size)


def _word_number(word: Any) -> int:
    if not isinstance(word, PPUMemoryWord):
        raise TypeError(f"expected PPUMemoryWord, not {describe(word)}")
    return int(word._numbers[0])


class PPUMemory(
    Container,
    at=halco.PPUMemoryOnDLS,
    address=Address(
        tuple(addresses.PPU_MEMORY.bases[0] + i for i in range(addresses.PPU_MEMORY.count)),
        (Digit.blocks(addresses.PPU_MEMORY),),
    ),
    part=PPUMemoryWord,
    arguments=("words",),
    serial_prefix="",
):
    """The whole memory of a PPU."""

    words_type = typed_array(PPUMemoryWord, halco.PPUMemoryWordOnPPU)

    words = ArrayField(words_type, copies=True)

    def get_word(self, pos: halco.PPUMemoryWordOnPPU) -> PPUMemoryWord.Value:
        """Value of one word."""
        number = type(self).words.element(self, pos)[0]
        return PPUMemoryWord.Value(int(number))

    def set_word(self, pos: halco.PPUMemoryWordOnPPU, word: PPUMemoryWord.Value) -> None:
        """Set the value of one word."""
        number = implicit(PPUMemoryWord.Value, word).value()
        type(self).words.element(self, pos)[0] = number

    def get_block(self, block_coord: halco.PPUMemoryBlockOnPPU) -> PPUMemoryBlock:
        """Copy of consecutive words."""
        return PPUMemoryBlock._of(self._span(block_coord))

    def set_block(self, block_coord: halco.PPUMemoryBlockOnPPU, block: PPUMemoryBlock) -> None:
        """Overwrite consecutive words.

        :raises RuntimeError: if the block has another number of words than the coordinate.
        """
        part = self._span(block_coord)
        if len(part) != len(block._numbers):
            raise ContainerError(
                f"PPUMemory: block of {len(block._numbers)} words does not fit {block_coord}"
            )
        part[:] = block._numbers

    def _span(self, block: halco.PPUMemoryBlockOnPPU) -> npt.NDArray[np.int64]:
        return self._numbers[int(block.toMin()) : int(block.toMax()) + 1]

    def load_from_file(self, filename: str) -> None:
        """Fill the memory with a raw binary from its beginning on, the rest with zeros.

        :raises RuntimeError: if the file cannot be read or does not fit.
        """
        try:
            data = Path(filename).read_bytes()
        except OSError as error:
            raise ContainerError(f"PPUMemory: cannot read {filename}: {error.strerror}") from None
        capacity = 4 * len(self._numbers)
        if len(data) > capacity:
            raise ContainerError(
                f"PPUMemory: {filename} has {len(data)} bytes, the memory {capacity}"
            )
        self._numbers[:] = np.frombuffer(data.ljust(capacity, b"\0"), dtype=">u4")

    def __str__(self) -> str:
        return f"PPUMemory({', '.join(f'0x{number:08x}' for number in self._content())})"

    __repr__ = __str__


class PPUControlRegister(
    DifferentialWriteTrait,
    Container,
    at=halco.PPUControlRegisterOnDLS,
    address=Address.region(addresses.PPU_CONTROL),
):
    """Control register of a PPU."""

    cache_controller_enable = Field(bool, bits(3))
    inhibit_reset = Field(bool, bits(0))
    force_clock_on = Field(bool, bits(1))
    force_clock_off = Field(bool, bits(2))


class PPUStatusRegister(
    Container,
    at=halco.PPUStatusRegisterOnDLS,
    address=Address.region(addresses.PPU_STATUS),
    access="r",
):
    """Status register of a PPU.

    Sleep is true when the word is non-zero.
    """

    sleep = Field(bool, bits("31:0"), code=_NON_ZERO, read_only=True)
