# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the vector generator (types that the newest coordinate layer dropped)."""

from hal.halco.coordinate import Mixin
from hal.halco.declarations.hemisphere import TOP_BOTTOM, PerHemisphere
from hal.halco.numbers import Coordinate, Ranged


class SourceOnVectorGenerator(Ranged, max=1):
    """Source of a vector generator."""

    __slots__ = ()


class VectorGeneratorControlOnFPGA(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Vector generator control of the FPGA."""

    __slots__ = ()


class VectorGeneratorFIFOWordOnFPGA(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Vector generator FIFO word of the FPGA."""

    __slots__ = ()


class VectorGeneratorLUTEntryOnVectorGeneratorLUT(Ranged, max=255):
    """Vector generator LUT entry of a vector generator LUT."""

    __slots__ = ()


class VectorGeneratorLUTOnFPGA(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Vector generator LUT of the FPGA."""

    __slots__ = ()


class VectorGeneratorLUTEntryOnFPGA(
    Mixin, VectorGeneratorLUTEntryOnVectorGeneratorLUT, Coordinate, block=VectorGeneratorLUTOnFPGA
):
    """Vector generator LUT entry of the FPGA."""

    __slots__ = ()


class VectorGeneratorNotificationAddressOnFPGA(
    Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM
):
    """Vector generator notification address of the FPGA."""

    __slots__ = ()


class VectorGeneratorOnFPGA(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Vector generator of the FPGA."""

    __slots__ = ()


class VectorGeneratorTriggerOnFPGA(Ranged, PerHemisphere, Coordinate, max=1, constants=TOP_BOTTOM):
    """Vector generator trigger of the FPGA."""

    __slots__ = ()
