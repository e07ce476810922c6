# SPDX-License-Identifier: Apache-2.0
"""Containers with random content, for the tests of every layer."""

import numpy as np

from hal import halco, haldls
from hal.haldls.declaration import Container, Registers
from hal.haldls.kinds import is_enumeration


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


def random_coordinate(cls: type[Container], rng: np.random.Generator) -> object:
    """A coordinate of a container."""
    if cls is haldls.PPUMemoryBlock:
        word = halco.PPUMemoryWordOnPPU
        first, last = sorted(int(n) for n in rng.integers(0, word.size, 2))
        return cls._at(halco.PPUMemoryBlockOnPPU(word(first), word(last)), halco.PPUOnDLS(1))
    return cls._at._make(int(rng.integers(cls._at.min, cls._at.max, endpoint=True)))
