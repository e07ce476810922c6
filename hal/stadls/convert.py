# SPDX-License-Identifier: Apache-2.0
"""Conversions of recordings: to a builder, to a dumper, to the state of a chip."""

import importlib
import logging
from typing import Any, TypeVar

import numpy as np

from hal.fisch.access import Backend
from hal.halco import ChipOnDLS
from hal.stadls.builder import PlaybackProgramBuilder
from hal.stadls.dumper import (
    DumperDone,
    PlaybackProgramBuilderDumper,
    commands_of,
    from_done,
)

__all__ = ["convert_to_builder", "convert_to_chip", "convert_to_dumper", "overlay"]

_log = logging.getLogger("hxcosim.stadls")

_BYTES = 4
_BYTE_MASK = 0xFF
_BYTE_BITS = 8
_ALL_BYTES = 0xF

State = TypeVar("State")


def convert_to_builder(
    cocos: DumperDone | PlaybackProgramBuilderDumper,
) -> PlaybackProgramBuilder:
    """A builder with the same commands in the same order."""
    builder = PlaybackProgramBuilder()
    for coord, config in commands_of(cocos):
        if hasattr(config, "block_words"):
            builder.block_until(coord, config)
        else:
            builder.write(coord, config)
    return builder


def convert_to_dumper(cocos: DumperDone) -> PlaybackProgramBuilderDumper:
    """A dumper that goes on where the recording ended."""
    if not isinstance(cocos, DumperDone):
        raise TypeError(f"expected a DumperDone, not {type(cocos).__name__}")
    return from_done(cocos)


def convert_to_chip(dumperdone: DumperDone, previous: Any = None) -> Any:
    """The state of the chip after all writes of the recording, as a `lola.Chip`.

    :param previous: the state before; without, a default chip.
    :raises TypeError: for anything but a recording and a chip.
    """
    chip = importlib.import_module("hal.lola").Chip
    if previous is not None and not isinstance(previous, chip):
        raise TypeError(f"expected a Chip, not {type(previous).__name__}")
    return overlay(chip() if previous is None else previous, ChipOnDLS(), dumperdone)


def overlay(previous: State, coord: Any, recording: DumperDone) -> State:
    """A composed container after the writes of a recording to its registers.

    Conditions, and containers that do not go through Omnibus, are skipped; words outside the
    composed container's registers are dropped with a warning.
    """
    container: Any = previous
    access = container.write_access(coord, Backend.Omnibus)
    memory = dict(zip(access.addresses.tolist(), access.words.tolist(), strict=True))
    outside = 0
    for place, config in commands_of(recording):
        if not hasattr(config, "block_words"):
            outside += _lay_over(memory, place, config)
    if outside:
        _log.warning(
            "%d words outside the registers of %s were dropped", outside, type(previous).__name__
        )
    read = container.read_access(coord, Backend.Omnibus)
    words = np.array([memory.get(a, 0) for a in read.addresses.tolist()], dtype=np.uint32)
    decoded: State = container.decode(coord, Backend.Omnibus, words)
    return decoded


def _lay_over(memory: dict[int, int], coord: Any, config: Any) -> int:
    """Write a container into the memory; the number of words that lie outside of it."""
    if Backend.Omnibus not in config._backends:
        return 0
    access = config.write_access(coord, Backend.Omnibus)
    outside = 0
    enables = access.byte_enables
    for index, address in enumerate(access.addresses.tolist()):
        if address not in memory:
            outside += 1
            continue
        mask = _mask(_ALL_BYTES if enables is None else int(enables[index]))
        memory[address] = (memory[address] & ~mask) | (int(access.words[index]) & mask)
    return outside


def _mask(enables: int) -> int:
    """The bits of a word that the byte enables select."""
    return sum(_BYTE_MASK << (_BYTE_BITS * b) for b in range(_BYTES) if (enables >> b) & 1)
