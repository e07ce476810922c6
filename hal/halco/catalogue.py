# SPDX-License-Identifier: Apache-2.0
"""All declared coordinate types by name."""

from typing import Any

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
ENUMS: dict[str, type[Any]] = {
    item.enum_type.__name__: item.enum_type
    for item in COORDINATES.values()
    if hasattr(item, "enum_type")
}
"""The enum types of pairs, local coordinates and intervals: class by name."""

for _item in COORDINATES.values():
    _item.__module__ = "hal.halco"
