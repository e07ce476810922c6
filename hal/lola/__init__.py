# SPDX-License-Identifier: Apache-2.0
"""Composed containers."""

from hal.lola.board import DACChannelBlock, DACControlBlock
from hal.lola.memory_timing import MemoryTiming

__all__ = ["DACChannelBlock", "DACControlBlock", "MemoryTiming"]
