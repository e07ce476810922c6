# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the chip, the FPGA and the boards: where a setting or a reading belongs.

`hal.halco.numbers` holds the integer types, `hal.halco.coordinate` pairs, blocks and intervals,
`hal.halco.arrays` the arrays that coordinates index, `hal.halco.declarations` every coordinate.
"""

from hal.halco import common
from hal.halco.coordinate import _enum_types, iter_all
from hal.halco.declarations import (
    analog,
    board,
    events,
    extoll,
    fpga,
    link,
    neuron,
    ppu,
    synapse,
    vector_generator,
)
from hal.halco.placement import LogicalNeuronCompartments, LogicalNeuronOnDLS

_NOT_PUBLIC = {"PADILabel"}
_coordinates: dict[str, type] = {
    name: item
    for module in (
        analog,
        board,
        events,
        extoll,
        fpga,
        link,
        neuron,
        ppu,
        synapse,
        vector_generator,
    )
    for name, item in vars(module).items()
    if isinstance(item, type) and item.__module__ == module.__name__ and name not in _NOT_PUBLIC
}
for _item in _coordinates.values():
    _item.__module__ = __name__
_enums = {kind.__name__: kind for kind in _enum_types.values()}
globals().update(_coordinates, **_enums)

__all__ = [
    "LogicalNeuronCompartments",
    "LogicalNeuronOnDLS",
    "common",
    "iter_all",
    *_coordinates,
    *_enums,
]


def __dir__() -> list[str]:
    """Exactly the public names."""
    return sorted(__all__)
