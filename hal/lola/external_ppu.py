# SPDX-License-Identifier: Apache-2.0
"""Memories of the embedded processors on the FPGA, byte by byte.

Source of the facts: reference of the composed containers.
"""

import operator
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from hal import halco
from hal.fisch.access import Backend, WordAccess
from hal.halco.arrays import typed_array
from hal.halco.numbers import describe, implicit
from hal.haldls import (
    ExternalPPUDRAMMemoryByte,
    ExternalPPUDRAMMemoryQuad,
    ExternalPPUMemoryByte,
    ExternalPPUMemoryQuad,
)
from hal.haldls.declaration import FPGA, ArrayField, ContainerError
from hal.haldls.serialization import VERSION_KEY, Item, Vector, Version, items_of
from hal.lola.composed import Composed, Part
from hal.lola.places import several

__all__ = ["ExternalPPUDRAMMemoryBlock", "ExternalPPUMemory", "ExternalPPUMemoryBlock"]

BYTES = halco.EntryOnQuad.size


def text_of(numbers: npt.NDArray[np.int64]) -> str:
    """Bytes as text, up to the first zero."""
    return numbers.astype(np.uint8).tobytes().partition(b"\0")[0].decode("latin-1")


class _Block(Composed):
    """Bytes of a memory of the processors.

    The number of bytes is given at construction; the coordinate must span as many.
    Words at the borders that are covered in part are written with byte enables.
    """

    __slots__ = ()

    _byte: ClassVar[Any]
    _quad: ClassVar[Any]
    _size: ClassVar[Any]
    _default_size: ClassVar[int]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """A block of zeros, or a copy.

        :param size: number of bytes.
        """
        if len(arguments) == 1 and type(arguments[0]) is type(self) and not named:
            self._numbers = arguments[0]._numbers.copy()
            return
        sizes = [*arguments, *named.values()]
        if len(sizes) > 1 or not named.keys() <= {"size"}:
            raise TypeError(f"{type(self).__name__} takes a size, not {sizes}")
        size = implicit(self._size, sizes[0]) if sizes else self._size(self._default_size)
        self._numbers = np.zeros(int(size), dtype=np.int64)

    @property
    def bytes(self) -> list[Any]:
        """The bytes (a copy)."""
        return [self._byte._of([number]) for number in self._content()]

    @bytes.setter
    def bytes(self, values: Sequence[Any]) -> None:
        if len(values) != len(self._numbers):
            raise ContainerError(
                f"{type(self).__name__}.bytes: expected {len(self._numbers)} bytes, "
                f"not {len(values)}"
            )
        self._numbers[:] = [self._number_of(value) for value in values]

    @classmethod
    def _number_of(cls, value: Any) -> int:
        if not isinstance(value, cls._byte):
            raise TypeError(f"expected {cls._byte.__name__}, not {describe(value)}")
        return int(value._numbers[0])

    def size(self) -> Any:
        """Number of bytes."""
        return self._size(len(self._numbers))

    def at(self, index: int) -> Any:
        """Byte `index`, as a reference. :raises IndexError: beyond the end."""
        place = operator.index(index)
        if not 0 <= place < len(self._numbers):
            raise IndexError(f"{type(self).__name__}: byte {place} of {len(self._numbers)}")
        return self._byte._view(self._numbers[place : place + 1])

    def __getitem__(self, index: int) -> Any:
        return self.at(index)

    def __setitem__(self, index: int, byte: Any) -> None:
        self.at(index)._numbers[:] = self._number_of(byte)

    def get_subblock(self, begin: int, length: Any) -> Self:
        """Copy of `length` bytes from `begin` on.

        :raises RuntimeError: if they do not lie within the block.
        """
        return self._of(self._span(begin, int(implicit(self._size, length))))

    def set_subblock(self, begin: int, subblock: Self) -> None:
        """Overwrite bytes from `begin` on.

        :raises RuntimeError: if they do not lie within the block.
        """
        self._span(begin, len(subblock._numbers))[:] = subblock._numbers

    def _span(self, begin: int, length: int) -> npt.NDArray[np.int64]:
        return span_of(type(self), self._numbers, begin, length)

    def to_string(self) -> str:
        """The bytes as text, up to the first zero."""
        return text_of(self._numbers)

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'0x{n:02x}' for n in self._content())})"

    __repr__ = __str__

    @classmethod
    def _serial_items(cls, start: int) -> list[Item]:
        return [
            (VERSION_KEY, Version(cls)),
            ("m_bytes", Vector(start, 1, lambda slot: items_of(cls._byte, slot))),
        ]

    @classmethod
    def _borders(cls, coord: Any) -> tuple[int, int]:
        """First byte and number of bytes of a coordinate."""
        cls._chosen(coord, None)
        first = int(coord.toMin())
        return first, int(coord.toMax()) - first + 1

    @classmethod
    def _quads(cls, coord: Any) -> npt.NDArray[np.int64]:
        first, size = cls._borders(coord)
        return np.arange(first // BYTES, (first + size - 1) // BYTES + 1)

    def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses, words and byte enables that write this block.

        :raises RuntimeError: for a coordinate of another container or of another length.
        """
        chosen = self._chosen(coord, backend)
        begin, size = self._borders(coord)
        if size != len(self._numbers):
            raise ContainerError(
                f"{type(self).__name__} of {len(self._numbers)} bytes cannot be written to "
                f"{coord}, which spans {size}"
            )
        quads = self._quads(coord)
        filled = np.zeros((2, len(quads) * BYTES), dtype=np.int64)
        inside = slice(begin % BYTES, begin % BYTES + size)
        filled[0, inside], filled[1, inside] = self._numbers, 1
        content, enables = filled.reshape(2, len(quads), BYTES)
        columns = [*content.T.astype(np.uint32), *enables.T.astype(np.uint32)]
        return WordAccess(
            chosen,
            self._quad._addresses[chosen].of(quads).reshape(-1),
            np.asarray(self._quad._pack(columns, quads)[0], dtype=np.uint32),
            np.asarray(self._quad._enables(columns, quads)[0], dtype=np.uint8),
        )

    @classmethod
    def read_access(cls, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses of all words that hold bytes of the block.

        :raises RuntimeError: for a coordinate of another container.
        """
        chosen = cls._chosen(coord, backend)
        addresses = cls._quad._addresses[chosen].of(cls._quads(coord)).reshape(-1)
        return WordAccess(chosen, addresses, np.empty(0, dtype=np.uint32))

    @classmethod
    def decode(cls, coord: Any, backend: Backend | None, words: npt.ArrayLike) -> Self:
        """The block that was read as `words`, one for each read address.

        :raises RuntimeError: for another number of words.
        """
        begin, size = cls._borders(coord)
        quads, values = cls._quads(coord), np.asarray(words, dtype=np.uint32)
        if len(values) != len(quads):
            raise ContainerError(
                f"{cls.__name__} at {coord}: expected {len(quads)} words, got {len(values)}"
            )
        content = np.stack(cls._quad._unpack([values], quads)[:BYTES], axis=1).reshape(-1)
        return cls._of(content[begin % BYTES : begin % BYTES + size])


def span_of(
    cls: type, numbers: npt.NDArray[np.int64], begin: int, length: int
) -> npt.NDArray[np.int64]:
    """A part of the bytes of a memory.

    :raises RuntimeError: if it does not lie within the memory.
    """
    if begin < 0 or begin + length > len(numbers):
        raise ContainerError(
            f"{cls.__name__}: bytes {begin} to {begin + length - 1} do not lie within the "
            f"{len(numbers)} bytes"
        )
    return numbers[begin : begin + length]


class ExternalPPUMemoryBlock(_Block, at=halco.ExternalPPUMemoryBlockOnFPGA, backends=FPGA):
    """Bytes of the PPU memory on the FPGA; all of them by default."""

    _byte = ExternalPPUMemoryByte
    _quad = ExternalPPUMemoryQuad
    _size = halco.ExternalPPUMemoryBlockSize
    _default_size = halco.ExternalPPUMemoryByteOnFPGA.size


class ExternalPPUDRAMMemoryBlock(_Block, at=halco.ExternalPPUDRAMMemoryBlockOnFPGA, backends=FPGA):
    """Bytes of the PPU DRAM on the FPGA; one of them by default."""

    _byte = ExternalPPUDRAMMemoryByte
    _quad = ExternalPPUDRAMMemoryQuad
    _size = halco.ExternalPPUDRAMMemoryBlockSize
    _default_size = 1


class ExternalPPUMemory(Composed, at=halco.ExternalPPUMemoryOnFPGA, backends=FPGA):
    """The whole PPU memory on the FPGA."""

    Bytes = typed_array(ExternalPPUMemoryByte, halco.ExternalPPUMemoryByteOnFPGA)

    bytes = ArrayField(Bytes)

    _parts = (
        Part(
            ExternalPPUMemoryQuad,
            several(halco.ExternalPPUMemoryQuadOnFPGA.size),
            fields={"quad": "bytes.value"},
        ),
    )

    def get_subblock(self, begin: int, length: Any) -> ExternalPPUMemoryBlock:
        """Copy of `length` bytes from `begin` on.

        :raises RuntimeError: if they do not lie within the memory.
        """
        size = int(implicit(halco.ExternalPPUMemoryBlockSize, length))
        return ExternalPPUMemoryBlock._of(span_of(type(self), self._numbers, begin, size))

    def set_subblock(self, begin: int, subblock: ExternalPPUMemoryBlock) -> None:
        """Overwrite bytes from `begin` on.

        :raises RuntimeError: if they do not lie within the memory.
        """
        span_of(type(self), self._numbers, begin, len(subblock._numbers))[:] = subblock._numbers

    def to_string(self) -> str:
        """The bytes as text, up to the first zero."""
        return text_of(self._numbers)
