# SPDX-License-Identifier: Apache-2.0
"""All declared coordinate types by name."""

from typing import Any

from hal.halco.coordinate import enum_types
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

_MODULES = (analog, board, events, extoll, fpga, link, neuron, ppu, synapse, vector_generator)
_NOT_PUBLIC = {"PADILabel"}

COORDINATES: dict[str, type[Any]] = {
    name: item
    for module in _MODULES
    for name, item in vars(module).items()
    if isinstance(item, type) and item.__module__ == module.__name__ and name not in _NOT_PUBLIC
}
"""The coordinates: class by name."""
ENUMS: dict[str, type[Any]] = {kind.__name__: kind for kind in enum_types.values()}
"""The enum types of pairs, local coordinates and intervals: class by name."""

for _item in COORDINATES.values():
    _item.__module__ = "hal.halco"
