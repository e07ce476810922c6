# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/common/fifo.sv."""

from typing import Any

import cocotb
from cocotb.triggers import FallingEdge, ReadOnly, RisingEdge

from testbench.common import (
    Clocked,
    Scoreboard,
    Sink,
    Source,
    corners,
    generator,
    no_gaps,
    random_gaps,
)


class TB(Clocked):
    """Source, sink and scoreboard around one queue."""

    def __init__(self, dut: Any, *, idle: bool = False, pressure: bool = False) -> None:
        super().__init__(dut)
        dut.clear_i.value = 0
        self.level, self.overflow = dut.level_o, dut.overflow_o
        self.mask = (1 << len(dut.data_i)) - 1
        self.rng = generator("items")
        self.board = Scoreboard("fifo")
        self.source = Source(
            dut.clk_i, dut.valid_i, dut.ready_o, dut.data_i, en=dut.en_i,
            gaps=random_gaps(generator("idle")) if idle else no_gaps(),
        )  # fmt: skip
        self.sink = Sink(
            dut.clk_i, dut.valid_o, dut.ready_i, dut.data_o, en=dut.en_i, check=self.board.check,
            gaps=random_gaps(generator("pressure")) if pressure else no_gaps(),
        )  # fmt: skip
        cocotb.start_soon(self.level_is_in_range(int(dut.Depth.value)))

    async def level_is_in_range(self, depth: int) -> None:
        """Whatever happens, no more words are stored than the queue holds."""
        await FallingEdge(self.dut.rst_ni)
        while True:
            await RisingEdge(self.dut.clk_i)
            await ReadOnly()
            assert int(self.level.value) <= depth

    def send(self, count: int) -> None:
        """Send and expect `count` random items."""
        items = [self.rng.getrandbits(64) & self.mask for _ in range(count)]
        self.board.expect(*items)
        self.source.send(*items)

    async def finish(self, count: int) -> None:
        """Wait for `count` items in all, then nothing may be left anywhere."""
        await self.sink.wait_for(count)
        await self.cycles(4)
        self.board.finish()
        assert int(self.level.value) == 0
        assert len(self.sink.received) == count


@cocotb.test(timeout_time=1, timeout_unit="ms")
@corners
async def order_is_kept(dut: Any, idle: bool, pressure: bool) -> None:
    tb = TB(dut, idle=idle, pressure=pressure)
    await tb.reset()
    tb.send(300)
    await tb.finish(300)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def full_queue_blocks_and_remembers(dut: Any) -> None:
    tb = TB(dut)
    tb.sink.blocked = True
    await tb.reset()
    tb.send(8)
    await tb.cycles(20)
    full = int(tb.level.value)
    assert not dut.ready_o.value, "a blocked queue of fewer than 8 words must be full"
    assert full == tb.source.sent
    assert tb.overflow.value == 1
    tb.sink.blocked = False
    await tb.finish(8)
    assert tb.overflow.value == 1, "overflow is sticky"
    dut.rst_ni.value = 0
    await tb.cycles(1)
    await tb.settled()
    assert tb.overflow.value == 0, "reset clears overflow"


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def nothing_moves_without_enable(dut: Any) -> None:
    tb = TB(dut)
    tb.sink.blocked = True
    await tb.reset()
    tb.send(1)
    await tb.source.drained()
    await tb.cycles(2)
    dut.en_i.value = 0
    tb.sink.blocked = False
    await tb.cycles(2)
    level, pointer = int(tb.level.value), int(dut.wptr_q.value)
    tb.send(1)
    await tb.cycles(10)
    assert (int(tb.level.value), int(dut.wptr_q.value)) == (level, pointer) == (1, 1)
    assert not tb.sink.received
    dut.en_i.value = 1
    await tb.finish(2)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def works_on_every_second_cycle(dut: Any) -> None:
    tb = TB(dut, idle=True, pressure=True)
    await tb.reset()

    async def toggle() -> None:
        while True:
            await RisingEdge(dut.clk_i)
            dut.en_i.value = not dut.en_i.value

    cocotb.start_soon(toggle())
    tb.send(100)
    await tb.finish(100)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def clear_empties_the_queue(dut: Any) -> None:
    tb = TB(dut)
    tb.sink.blocked = True
    await tb.reset()
    tb.source.send(1, 2)
    await tb.source.drained()
    await tb.cycles(2)
    assert int(tb.level.value) == 2
    dut.clear_i.value = 1
    await tb.cycles(1)
    dut.clear_i.value = 0
    await tb.cycles(1)
    await tb.settled()
    assert int(tb.level.value) == 0
    await tb.cycles(1)
    tb.sink.blocked = False
    tb.send(3)
    await tb.finish(3)
