# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the embedded processors and their memories."""

from hal.halco.coordinate import Interval, IntervalInBlock, Mixin
from hal.halco.declarations.hemisphere import TOP_BOTTOM, PerHemisphere
from hal.halco.numbers import Coordinate, Ranged


class PPUControlRegisterOnDLS(Ranged, PerHemisphere, Coordinate, max=1, implicit=False):
    """PPU control register of the chip."""

    __slots__ = ()


class PPUMemoryWordOnPPU(Ranged, max=4095, constants={"return_code": 3071}):
    """Word in the memory of a processor."""

    __slots__ = ()


class PPUMemoryBlockOnPPU(
    Interval,
    bound=PPUMemoryWordOnPPU,
    length="PPUMemoryBlockSize",
    constants={"mailbox": (3072, 4095)},
):
    """Range of words in the memory of a processor."""

    __slots__ = ()


class PPUOnDLS(Ranged, PerHemisphere, max=1, constants=TOP_BOTTOM):
    """Embedded plasticity processing unit, one per hemisphere."""

    __slots__ = ()


class PPUMemoryBlockOnDLS(IntervalInBlock, PPUMemoryBlockOnPPU, Coordinate, block=PPUOnDLS):
    """Range of words in the memory of one of the processors."""

    __slots__ = ()


class PPUMemoryBlockSize(Ranged, min=1, max=4096):
    """Number of words of a PPU memory block, at least 1."""

    __slots__ = ()


class PPUMemoryOnDLS(Ranged, PerHemisphere, Coordinate, max=1, implicit=False):
    """PPU memory of the chip."""

    __slots__ = ()


class PPUMemoryWordOnDLS(Mixin, PPUMemoryWordOnPPU, Coordinate, block=PPUOnDLS):
    """Word in the memory of one of the processors."""

    __slots__ = ()


class PPUStatusRegisterOnDLS(Ranged, PerHemisphere, Coordinate, max=1, implicit=False):
    """PPU status register of the chip."""

    __slots__ = ()
