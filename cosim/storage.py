# SPDX-License-Identifier: Apache-2.0
"""Chip registers that only store what is written: which they are and where their words lie.

One memory holds all blocks of these regions one behind the other, gaps between the entries of a
block included [M35]. One declaration for RTL and emulator (`rtl/gen/storage_pkg.sv`,
`hxcosim/storage.h`). The synapse memory with its views is a block of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hal.fisch import addresses
from hal.fisch.addresses import Region

__all__ = ["BLOCKS", "REGIONS", "Block", "constants"]

REGIONS: Final[tuple[Region, ...]] = (
    addresses.MADC_CONFIG,
    addresses.CURRENT_DAC,
    addresses.READOUT_SOURCE_SELECTION,
    addresses.PAD_MULTIPLEXER,
    addresses.REFERENCE_GENERATOR,
    addresses.SYNAPSE_BIAS_SELECTION,
    addresses.COMMON_PADI_BUS_CONFIG,
    addresses.COMMON_STP_CONFIG,
    addresses.SYNAPSE_DRIVER,
    addresses.SYNAPSE_DRIVER_SRAM_TIMING,
    addresses.CAPMEM,
    addresses.CAPMEM_SRAM_TIMING,
    addresses.CAPMEM_CONFIG,
    addresses.NEURON_CONFIG,
    addresses.NEURON_SRAM_TIMING,
    addresses.NEURON_BACKEND,
    addresses.NEURON_BACKEND_SRAM_TIMING,
    addresses.COMMON_NEURON_BACKEND_CONFIG,
    addresses.COMMON_SYNRAM_CONFIG,
    addresses.COMMON_CORRELATION_CONFIG,
    addresses.CADC_OFFSET,
    addresses.CADC_OFFSET_SRAM_TIMING,
    addresses.CADC_CONFIG,
)


@dataclass(frozen=True, slots=True)
class Block:
    """Addresses `base` to `base + size - 1` lie at words `offset` and following."""

    base: int
    size: int
    offset: int


def _blocks() -> tuple[Block, ...]:
    blocks: list[Block] = []
    for region in REGIONS:
        size = (region.count - 1) * region.stride + region.words
        for base in region.bases:
            last = blocks[-1] if blocks else Block(0, 0, 0)
            blocks.append(Block(base, size, last.offset + last.size))
    return tuple(blocks)


BLOCKS: Final = _blocks()
"""All blocks in the order of `REGIONS`."""


def constants() -> Mapping[str, int | tuple[int, tuple[int, ...]]]:
    """Number of words, and base, size and offset of each block, for Verilog and C."""
    return {
        "Words": BLOCKS[-1].offset + BLOCKS[-1].size,
        "Blocks": len(BLOCKS),
        "BlockBase": (32, tuple(b.base for b in BLOCKS)),
        "BlockSize": (32, tuple(b.size for b in BLOCKS)),
        "BlockOffset": (32, tuple(b.offset for b in BLOCKS)),
    }
