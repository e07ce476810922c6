# SPDX-License-Identifier: Apache-2.0
"""Memories of the embedded processors on the FPGA.

Source of the facts: reference of the containers.
"""

from typing import Any

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Unbounded
from hal.haldls.declaration import FPGA, ArrayField, Container, Field
from hal.haldls.layout import Address, Digit, bits, enable, lanes

__all__ = [
    "ExternalPPUDRAMMemoryByte",
    "ExternalPPUDRAMMemoryQuad",
    "ExternalPPUMemoryByte",
    "ExternalPPUMemoryQuad",
]


BYTES = 4
BYTE_BITS = 8


def _bytes(region: addresses.Region) -> Address:
    """Four bytes share a word."""
    return Address.at(region.base, digits=(Digit(region.count, 1), Digit(BYTES, 0)))


class _Byte(Container):
    """One byte of a memory that is big-endian within words; only this byte is enabled."""

    __slots__ = ()

    value: Any

    @classmethod
    def _pack(cls, slots: Any, number: Any) -> list[Any]:
        return [slots[0] * (1 << BYTE_BITS * (BYTES - 1 - number % BYTES))]

    @classmethod
    def _enables(cls, slots: Any, number: Any) -> list[Any]:
        return [1 << (BYTES - 1 - number % BYTES)]

    @classmethod
    def _unpack(cls, words: Any, number: Any) -> list[Any]:
        return [words[0] // (1 << BYTE_BITS * (BYTES - 1 - number % BYTES)) % (1 << BYTE_BITS)]


class ExternalPPUMemoryByte(
    _Byte,
    at=halco.ExternalPPUMemoryByteOnFPGA,
    address=_bytes(addresses.EXTERNAL_PPU_MEMORY),
    backends=FPGA,
    arguments=("value",),
):
    """One byte of the PPU memory on the FPGA."""

    class Value(Unbounded, bits=8, implicit=False):
        """Content of the byte."""

    value = Field(Value, bits("7:0"))


class ExternalPPUDRAMMemoryByte(
    _Byte,
    at=halco.ExternalPPUDRAMMemoryByteOnFPGA,
    address=_bytes(addresses.EXTERNAL_PPU_DRAM_MEMORY),
    backends=FPGA,
    arguments=("value",),
):
    """One byte of the PPU DRAM on the FPGA."""

    class Value(Unbounded, bits=8, implicit=False):
        """Content of the byte."""

    value = Field(Value, bits("7:0"))


class ExternalPPUMemoryQuad(
    Container,
    at=halco.ExternalPPUMemoryQuadOnFPGA,
    address=Address.region(addresses.EXTERNAL_PPU_MEMORY),
    backends=FPGA,
):
    """Four bytes of the PPU memory on the FPGA, each with an enable.

    Entry 0 in the top byte; enables[i] is the byte enable of entry i and is not restored by a
    read (all true).
    """

    Value = ExternalPPUMemoryByte.Value
    Quad = typed_array(Value, halco.EntryOnQuad)
    Enables = typed_array(bool, halco.EntryOnQuad)

    quad = ArrayField(Quad, lanes(range(24, -1, -8), 8), copies=True)
    enables = ArrayField(
        Enables,
        [enable(byte) for byte in range(3, -1, -1)],
        default=1,
        copies=True,
    )


class ExternalPPUDRAMMemoryQuad(
    Container,
    at=halco.ExternalPPUDRAMMemoryQuadOnFPGA,
    address=Address.region(addresses.EXTERNAL_PPU_DRAM_MEMORY),
    backends=FPGA,
):
    """Four bytes of the PPU DRAM on the FPGA, each with an enable.

    As ExternalPPUMemoryQuad.
    """

    Value = ExternalPPUDRAMMemoryByte.Value
    Quad = typed_array(Value, halco.EntryOnQuad)
    Enables = typed_array(bool, halco.EntryOnQuad)

    quad = ArrayField(Quad, lanes(range(24, -1, -8), 8), copies=True)
    enables = ArrayField(
        Enables,
        [enable(byte) for byte in range(3, -1, -1)],
        default=1,
        copies=True,
    )
