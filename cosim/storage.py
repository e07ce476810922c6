# SPDX-License-Identifier: Apache-2.0
"""Chip registers that only store what is written: which they are and where their words lie.

One memory holds all blocks of these regions one behind the other, gaps between the entries of a
block included [M35]. One declaration for RTL and emulator (`rtl/gen/storage_pkg.sv`,
`hxcosim/storage.h`). The synapse memory with its views is a block of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hal import haldls
from hal.fisch import Backend, addresses
from hal.fisch.addresses import Region

__all__ = ["BLOCKS", "MEMORIES", "REGIONS", "REGISTERS", "Block", "constants", "reset_values"]

REGISTERS: Final[tuple[Region, ...]] = (
    addresses.MADC_CONFIG,
    addresses.CURRENT_DAC,
    addresses.READOUT_SOURCE_SELECTION,
    addresses.PAD_MULTIPLEXER,
    addresses.REFERENCE_GENERATOR,
    addresses.SYNAPSE_BIAS_SELECTION,
    addresses.COMMON_PADI_BUS_CONFIG,
    addresses.COMMON_STP_CONFIG,
    addresses.SYNAPSE_DRIVER_SRAM_TIMING,
    addresses.CAPMEM_SRAM_TIMING,
    addresses.CAPMEM_CONFIG,
    addresses.NEURON_SRAM_TIMING,
    addresses.NEURON_BACKEND_SRAM_TIMING,
    addresses.COMMON_NEURON_BACKEND_CONFIG,
    addresses.COMMON_SYNRAM_CONFIG,
    addresses.COMMON_CORRELATION_CONFIG,
    addresses.CADC_OFFSET_SRAM_TIMING,
    addresses.CADC_CONFIG,
)
"""A chip reset puts them to the default of their container [M112]."""
MEMORIES: Final[tuple[Region, ...]] = (
    addresses.SYNAPSE_DRIVER,
    addresses.CAPMEM,
    addresses.NEURON_CONFIG,
    addresses.NEURON_BACKEND,
    addresses.CADC_OFFSET,
)
"""They are 0 at power-on and keep their content over a chip reset [M112]."""
REGIONS: Final = (*REGISTERS, *MEMORIES)


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
_REGISTER_BLOCKS: Final = BLOCKS[: sum(len(region.bases) for region in REGISTERS)]


def _offset(region: Region) -> int:
    """First word of a region."""
    return next(block.offset for block in BLOCKS if block.base == region.bases[0])


def reset_values() -> Mapping[int, int]:
    """Value of each register after a chip reset, by address."""
    values = {b.base + k: 0 for b in _REGISTER_BLOCKS for k in range(b.size)}
    for cls in haldls.containers:
        if Backend.OmnibusChipOverJTAG not in cls._addresses or not cls._writeable or cls._part:
            continue
        for number in range(cls._at.min, cls._at.max + 1):
            access = cls().write_access(cls._at._make(number), Backend.OmnibusChipOverJTAG)
            words = dict(zip(access.addresses.tolist(), access.words.tolist(), strict=True))
            if not words.keys() <= values.keys():
                break
            values |= words
    return values


def constants() -> Mapping[str, int | tuple[int, tuple[int, ...]]]:
    """Number of words and registers (which come first), place of each block."""
    values = reset_values()
    return {
        "Words": BLOCKS[-1].offset + BLOCKS[-1].size,
        "Registers": len(values),
        # Registers that other blocks look at.
        "MadcConfigOffset": _offset(addresses.MADC_CONFIG),
        "CadcConfigOffset": _offset(addresses.CADC_CONFIG),
        "ResetValue": (32, tuple(values.values())),
        "Blocks": len(BLOCKS),
        "BlockBase": (32, tuple(b.base for b in BLOCKS)),
        "BlockSize": (32, tuple(b.size for b in BLOCKS)),
        "BlockOffset": (32, tuple(b.offset for b in BLOCKS)),
    }
