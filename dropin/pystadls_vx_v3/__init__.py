# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of `hal.stadls`, with the names of the original."""

from hal.stadls import AbsoluteTimePlaybackProgramBuilder as AbsoluteTimePlaybackProgramBuilder
from hal.stadls import (
    AbsoluteTimePlaybackProgramContainerTicket as AbsoluteTimePlaybackProgramContainerTicket,
)
from hal.stadls import ASICAdapterBoardInit as ASICAdapterBoardInit
from hal.stadls import ChipInit as ChipInit
from hal.stadls import ContainerTicket as ContainerTicket
from hal.stadls import CubeASICAdapterBoardInit as CubeASICAdapterBoardInit
from hal.stadls import DumperDone as DumperDone
from hal.stadls import JboaASICAdapterBoardInit as JboaASICAdapterBoardInit
from hal.stadls import PlaybackGenerator as PlaybackGenerator
from hal.stadls import PlaybackProgram as PlaybackProgram
from hal.stadls import PlaybackProgramBuilder as PlaybackProgramBuilder
from hal.stadls import PlaybackProgramBuilderDumper as PlaybackProgramBuilderDumper
from hal.stadls import ReinitStackEntry as ReinitStackEntry
from hal.stadls import RunTimeInfo as RunTimeInfo
from hal.stadls import SystemInit as SystemInit
from hal.stadls import _ASICAdapterBoardInit as _ASICAdapterBoardInit
from hal.stadls import _ChipInit as _ChipInit
from hal.stadls import _CubeASICAdapterBoardInit as _CubeASICAdapterBoardInit
from hal.stadls import _JboaASICAdapterBoardInit as _JboaASICAdapterBoardInit
from hal.stadls import _SystemInit as _SystemInit
from hal.stadls import convert_to_builder as convert_to_builder
from hal.stadls import convert_to_chip as convert_to_chip
from hal.stadls import convert_to_dumper as convert_to_dumper
from hal.stadls import from_json as from_json
from hal.stadls import from_portablebinary as from_portablebinary
from hal.stadls import generate as generate
from hal.stadls import playback_memory_size_to_fpga as playback_memory_size_to_fpga
from hal.stadls import run as run
from hal.stadls import to_json as to_json
from hal.stadls import to_portablebinary as to_portablebinary

__variant__ = "pybind11"
