# SPDX-License-Identifier: Apache-2.0
"""Containers with random content, for the tests of every layer."""

import numpy as np
from numpy.typing import NDArray

from hal import halco, haldls
from hal.haldls.declaration import Container, Registers, Structure
from hal.haldls.kinds import is_enumeration, limits_of
from hal.lola.composed import Composed


def random_numbers(cls: type[Registers], rng: np.random.Generator) -> list[int]:
    """Legal numbers for every slot of a container."""
    numbers = []
    for slot in cls._slots:
        if is_enumeration(slot.kind):
            numbers.append(int(rng.choice([int(member.value) for member in slot.kind])))
        else:
            numbers.append(int(rng.integers(slot.min, slot.max, endpoint=True)))
    return numbers


def random_container(cls: type[Container], rng: np.random.Generator) -> Container:
    """A container with random content."""
    container = cls._of(random_numbers(cls, rng)) if cls._slots else cls()
    if isinstance(container, haldls.CapMemBlockConfig) and not container.debug_readout_enable:
        container.debug_capmem_coord = halco.CapMemCellOnCapMemBlock()  # not sent then
    for name in ("enables", "enable"):  # byte enables are not read back
        array = getattr(container, name, None)
        if name in cls._fields and hasattr(array, "fill"):
            start = cls._fields[name].offset
            container._numbers[start : start + 4] = cls._defaults[start : start + 4]
    return container


def random_rows(cls: type[Structure], rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Legal numbers of many structures, one row each; fast for those with many numbers."""
    numbers = np.empty((rows, cls._length), dtype=np.int64)
    for field in cls._fields.values():
        part = numbers[:, field.offset : field.offset + field.count]
        kind = field.kind
        if hasattr(kind, "_fields"):
            part[:] = random_rows(kind, rows * field.count // kind._length, rng).reshape(part.shape)
        elif is_enumeration(kind):
            part[:] = rng.choice([int(member.value) for member in kind], part.shape)
        else:
            part[:] = rng.integers(*limits_of(kind), part.shape, endpoint=True)
    if cls is haldls.CapMemBlockConfig:  # the coordinate is not sent while the readout is off
        enable, cell = cls.debug_readout_enable, cls.debug_capmem_coord
        numbers[:, cell.offset] *= numbers[:, enable.offset]
    return numbers


def random_composed(cls: type[Composed], rng: np.random.Generator) -> Composed:
    """A composed container with random content."""
    return cls._of(random_rows(cls, 1, rng)[0])


def random_coordinate(cls: type[Container], rng: np.random.Generator) -> object:
    """A coordinate of a container."""
    if cls is haldls.PPUMemoryBlock:
        word = halco.PPUMemoryWordOnPPU
        first, last = sorted(int(n) for n in rng.integers(0, word.size, 2))
        return cls._at(halco.PPUMemoryBlockOnPPU(word(first), word(last)), halco.PPUOnDLS(1))
    return cls._at._make(int(rng.integers(cls._at.min, cls._at.max, endpoint=True)))
