# SPDX-License-Identifier: Apache-2.0
"""Conversions of recordings: to a builder and to a dumper."""

from hal.stadls.builder import PlaybackProgramBuilder
from hal.stadls.dumper import (
    DumperDone,
    PlaybackProgramBuilderDumper,
    commands_of,
    from_done,
)

__all__ = ["convert_to_builder", "convert_to_dumper"]


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
