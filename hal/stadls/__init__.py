# SPDX-License-Identifier: Apache-2.0
"""Playback programs: building, running, recording, and the bring-up of the machine."""

from hal.stadls.absolute import (
    AbsoluteTimePlaybackProgramBuilder,
    AbsoluteTimePlaybackProgramContainerTicket,
)
from hal.stadls.builder import PlaybackProgramBuilder, playback_memory_size_to_fpga
from hal.stadls.convert import convert_to_builder, convert_to_chip, convert_to_dumper
from hal.stadls.dumper import DumperDone, PlaybackProgramBuilderDumper
from hal.stadls.errors import (
    AnswerCountError,
    BuilderError,
    GeneratorError,
    InstructionTimeoutError,
    NoResultError,
    ProgramCountError,
    RunError,
    UnsupportedTargetError,
)
from hal.stadls.generators import (
    ASICAdapterBoardInit,
    ChipInit,
    CubeASICAdapterBoardInit,
    DigitalInit,
    ExperimentInit,
    JboaASICAdapterBoardInit,
    PlaybackGenerator,
    SystemInit,
    _ASICAdapterBoardInit,
    _ChipInit,
    _CubeASICAdapterBoardInit,
    _JboaASICAdapterBoardInit,
    _SystemInit,
    generate,
)
from hal.stadls.program import ContainerTicket, MADCSamples, PlaybackProgram, Spikes
from hal.stadls.run import ReinitStackEntry, RunTimeInfo, run, run_in_flight
from hal.stadls.serialization import (
    from_json,
    from_portablebinary,
    to_json,
    to_portablebinary,
)

__all__ = [
    "ASICAdapterBoardInit",
    "AbsoluteTimePlaybackProgramBuilder",
    "AbsoluteTimePlaybackProgramContainerTicket",
    "AnswerCountError",
    "BuilderError",
    "ChipInit",
    "ContainerTicket",
    "CubeASICAdapterBoardInit",
    "DigitalInit",
    "DumperDone",
    "ExperimentInit",
    "GeneratorError",
    "InstructionTimeoutError",
    "JboaASICAdapterBoardInit",
    "MADCSamples",
    "NoResultError",
    "PlaybackGenerator",
    "PlaybackProgram",
    "PlaybackProgramBuilder",
    "PlaybackProgramBuilderDumper",
    "ProgramCountError",
    "ReinitStackEntry",
    "RunError",
    "RunTimeInfo",
    "Spikes",
    "SystemInit",
    "UnsupportedTargetError",
    "_ASICAdapterBoardInit",
    "_ChipInit",
    "_CubeASICAdapterBoardInit",
    "_JboaASICAdapterBoardInit",
    "_SystemInit",
    "convert_to_builder",
    "convert_to_chip",
    "convert_to_dumper",
    "from_json",
    "from_portablebinary",
    "generate",
    "playback_memory_size_to_fpga",
    "run",
    "run_in_flight",
    "to_json",
    "to_portablebinary",
]
