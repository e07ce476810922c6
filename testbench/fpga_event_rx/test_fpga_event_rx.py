# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_event_rx.sv against a model of docs/timing.md section 9."""

from collections import deque
from itertools import takewhile
from random import Random
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

DEPTH = CONSTANTS["EventQueueDepth"]
INPUTS = {
    "clear_i": 0,
    "record_i": 1,
    "count_i": 0,
    "madc_i": 0,
    "events_i": 0,
    "pack_ready_i": 0,
}


class Model:
    """The queue; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.queue: deque[tuple[int, int]] = deque()  # MADC or spike, event
        self.arrived: list[tuple[int, int]] = []
        self.left: list[tuple[int, int]] = []
        self.dropped = 0
        self.packs: set[tuple[int, int]] = set()

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        room = len(self.queue) + i["count_i"] <= DEPTH
        kind = self.queue[0][0] if self.queue else 0
        pack = list(takewhile(lambda e: e[0] == kind, list(self.queue)[:3]))
        taken = i["count_i"] and i["record_i"]
        expected: dict[str, Any] = {
            "pack_count_o": len(pack),
            "dropped_o": int(taken and not room),
        }
        if pack:
            value = sum(event << 24 * k for k, (_, event) in enumerate(pack))
            expected |= {"pack_madc_o": kind, "pack_o": (value, (1 << 24 * len(pack)) - 1)}
        self.dropped += expected["dropped_o"]
        if pack and i["pack_ready_i"]:
            self.packs.add((kind, len(pack)))
            self.left += pack
            for _ in pack:
                self.queue.popleft()
        if taken and room:
            for k in range(i["count_i"]):
                event = i["madc_i"] >> k & 1, i["events_i"] >> 24 * k & 0xFF_FFFF
                self.queue.append(event)
                self.arrived.append(event)
        if i["clear_i"]:
            self.queue.clear()
        return expected


def item(rng: Random) -> dict[str, int]:
    """One or two events of any kind; the bits behind them are junk."""
    return {
        "count_i": rng.randint(1, 2),
        "madc_i": rng.choice([0, 0, 0, 3, 1, 2]),
        "events_i": rng.getrandbits(48),
    }


@cocotb.test(timeout_time=20, timeout_unit="ms")
@corners
async def random_items(dut: Any, idle: bool, pressure: bool) -> None:
    """Every event comes out once, in order, in packs of one kind, or is a counted drop."""
    tb = Ticked(dut, Model(), INPUTS, generator(f"items {idle} {pressure}"))
    rng = tb.rng
    await tb.reset()
    for _ in range(3000):
        given = {} if idle and rng.random() < 0.7 else item(rng)
        await tb.tick(**given, pack_ready_i=int(not pressure or rng.random() < 0.3))
    while tb.model.queue:
        await tb.tick(pack_ready_i=1)
    assert not (await tb.tick(pack_ready_i=1))["pack_count_o"]
    assert tb.model.left == tb.model.arrived and tb.model.left
    assert (tb.model.dropped > 0) == (pressure and not idle), f"{tb.model.dropped} drops"
    if pressure:
        assert len(tb.model.packs) == 6, f"packs were {tb.model.packs}"


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def an_item_fits_as_a_whole_or_is_dropped(dut: Any) -> None:
    """At one free place two events are dropped together, a single one fits; then none does."""
    tb = Ticked(dut, Model(), INPUTS, generator("full"))
    await tb.reset()
    for k in range(DEPTH - 1):
        await tb.tick(count_i=1, events_i=k)
    assert (await tb.tick(count_i=2, events_i=1 << 24))["dropped_o"]
    assert not (await tb.tick(count_i=1, events_i=99))["dropped_o"]
    # Full in that tick counts, even if a pack leaves in it.
    assert (await tb.tick(count_i=1, pack_ready_i=1))["dropped_o"]
    assert not (await tb.tick(count_i=2))["dropped_o"]


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def recording_gate_and_connection_reset(dut: Any) -> None:
    tb = Ticked(dut, Model(), INPUTS, generator("gate"))
    rng = tb.rng
    await tb.reset()
    for _ in range(2000):
        await tb.tick(
            **item(rng),
            record_i=rng.getrandbits(1),
            clear_i=int(rng.random() < 0.02),
            pack_ready_i=int(rng.random() < 0.2),
        )
    await tb.tick(clear_i=1, **item(rng))
    for _ in range(4):
        assert not (await tb.tick(**item(rng), record_i=0))["pack_count_o"]
