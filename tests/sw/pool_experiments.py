# SPDX-License-Identifier: Apache-2.0
"""Experiments that worker processes import."""

import os
import signal
from pathlib import Path

import numpy as np

from hal import haldls, stadls
from hal.halco import BarrierOnFPGA, ExternalPPUMemoryByteOnFPGA
from hal.hxcomm import ConnectionHandle

PLACE = ExternalPPUMemoryByteOnFPGA(7)


def memory(connection: ConnectionHandle, item: int) -> tuple[int, int]:
    """What the memory held before, and after a write of the item."""
    builder = stadls.PlaybackProgramBuilder()
    before = builder.read(PLACE)
    builder.write(PLACE, haldls.ExternalPPUMemoryByte(haldls.ExternalPPUMemoryByte.Value(item)))
    builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
    after = builder.read(PLACE)
    builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
    stadls.run(connection, builder.done())
    return int(before.get().value), int(after.get().value)


def dies_once(connection: ConnectionHandle, item: tuple[int, str]) -> tuple[int, int]:
    """Item 5 kills its worker the first time."""
    number, flag = item
    if number == 5 and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return memory(connection, number)


def dies(_: ConnectionHandle, item: int) -> int:
    """Item 3 always kills its worker."""
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def fails(_: ConnectionHandle, item: int) -> float:
    """Item 2 raises."""
    return 1 / (item - 2)


def noise(_: ConnectionHandle, item: int) -> list[float]:
    """A long result."""
    return [float(x) for x in np.random.default_rng(item).random(1000)]
