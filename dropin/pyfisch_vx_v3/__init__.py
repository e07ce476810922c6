# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of the word-access layer: word types here, programs from the layers above."""

from typing import Any

from hal.fisch.words import *  # noqa: F403 - a drop-in re-exports everything
from hal.haldls import ChipTime as ChipTime
from hal.haldls import FPGATime as FPGATime
from hal.haldls import Timer as _Timer

__variant__ = "pybind11"

fpga_clock_cycles_per_us = int(_Timer.Value.fpga_clock_cycles_per_us)
fpga_clock_cycles_per_ms = 1000 * fpga_clock_cycles_per_us
fpga_clock_cycles_per_s = 1000 * fpga_clock_cycles_per_ms

_PROGRAMS = {
    "PlaybackProgram": "hal.stadls",
    "PlaybackProgramBuilder": "hal.stadls",
    "RunTimeInfo": "hal.stadls",
    "run": "hal.stadls",
    "ReinitStackEntry": "hal.hxcomm",
}


def __getattr__(name: str) -> Any:
    """Names of the layers above, imported when they are first used."""
    if name in _PROGRAMS:
        import importlib

        return getattr(importlib.import_module(_PROGRAMS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PROGRAMS} - {"Any"})
