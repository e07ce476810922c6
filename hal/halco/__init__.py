# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the chip, the FPGA and the boards: where a setting or a reading belongs.

`hal.halco.numbers` holds the integer types, `hal.halco.coordinate` pairs, blocks and intervals,
`hal.halco.arrays` the arrays that coordinates index, `hal.halco.declarations` every coordinate.
"""

from hal.halco import common
from hal.halco.catalogue import COORDINATES, ENUMS
from hal.halco.coordinate import iter_all
from hal.halco.numbers import Coordinate
from hal.halco.placement import LogicalNeuronCompartments, LogicalNeuronOnDLS

__all__ = [
    "Coordinate",
    "LogicalNeuronCompartments",
    "LogicalNeuronOnDLS",
    "common",
    "iter_all",
    *COORDINATES,
    *ENUMS,
]

globals().update(COORDINATES)
globals().update(ENUMS)


def __dir__() -> list[str]:
    """Exactly the public names."""
    return sorted(__all__)
