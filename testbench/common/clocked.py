# SPDX-License-Identifier: Apache-2.0
"""Clock, reset and seeded random numbers of a bench."""

import random
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.handle import Immediate
from cocotb.triggers import ClockCycles, ReadOnly, Timer

#: Period of clk_i: 250 MHz, the chip's clock.
PERIOD_NS = 4

#: The four corners that every stream test runs: `idle` of the source, `pressure` of the sink.
corners = cocotb.parametrize(idle=[False, True], pressure=[False, True])


def generator(name: str) -> random.Random:
    """A random generator of its own, seeded by the run's seed and `name`."""
    return random.Random(f"{cocotb.RANDOM_SEED}:{name}")


class Clocked:
    """Base of a bench's TB: owns `clk_i`, `rst_ni` and, where there is one, `en_i`."""

    def __init__(self, dut: Any) -> None:
        self.dut = dut
        self.clk = dut.clk_i
        self.rst_n = dut.rst_ni
        self.en = getattr(dut, "en_i", None)
        # Inputs start with random values; at once, so that the first evaluation sees no edge.
        self.clk.value = Immediate(0)
        self.rst_n.value = Immediate(1)

    async def reset(self, cycles: int = 4) -> None:
        """Assert the reset, start the clock, release the reset between two edges.

        Everything starts with random values, the reset itself too: only its falling edge puts the
        registers into their reset state before the first clock edge.
        """
        self.rst_n.value = 1
        if self.en is not None:
            self.en.value = 1
        await Timer(1, "ns")
        self.rst_n.value = 0
        await Timer(1, "ns")
        Clock(self.clk, PERIOD_NS, "ns").start(start_high=False)
        await ClockCycles(self.clk, cycles)
        await Timer(PERIOD_NS // 2, "ns")
        self.rst_n.value = 1
        await ClockCycles(self.clk, 1)

    async def cycles(self, count: int) -> None:
        """Let `count` clock cycles pass."""
        await ClockCycles(self.clk, count)

    async def settled(self) -> None:
        """Wait until the values of this time step are final."""
        await ReadOnly()
