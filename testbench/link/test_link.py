# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/common/link.sv against a model of docs/timing.md section 8."""

from collections import deque
from typing import Any

import cocotb

from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

#: Stream -> name of its valid (or count) port and of its data port without suffix, bits of both.
STREAMS = {
    "down_bus": ("down_bus_valid", "down_bus", 1, 77),
    "down_event": ("down_event_count", "down_event", 2, 48),
    "down_sync": ("down_sync_valid", "down_sync_set", 1, 1),
    "up_bus": ("up_bus_valid", "up_bus", 1, 40),
    "up_event": ("up_event_count", "up_event", 2, 50),
    "up_sync": ("up_sync_valid", "up_sync", 1, 86),
}
PHYS = ("fpga_enable_i", "fpga_auto_i", "asic_enable_i", "asic_auto_i")
ALL_ON = dict.fromkeys(PHYS, 0xFF)
INPUTS = {
    "tick_time_i": 0,
    **dict.fromkeys(PHYS, 0),
    "asic_reset_i": 0,
    **{f"{port}_i": 0 for valid, data, _, _ in STREAMS.values() for port in (valid, data)},
}


class Model:
    """Start-up and delay; one call of `step` is one tick."""

    def __init__(self, latency: int, delay: int) -> None:
        self.latency, self.delay = latency, delay
        self.usable_since: list[int | None] = [None] * 8
        self.under_way: dict[str, deque[tuple[int, int, int]]] = {s: deque() for s in STREAMS}
        self.delivered = self.lost = 0

    def step(self, i: dict[str, int]) -> dict[str, int]:
        t = i["tick_time_i"]
        usable = 0 if i["asic_reset_i"] else 0xFF
        for name in PHYS:
            usable &= i[name]
        up = 0
        for phy in range(8):
            if not usable >> phy & 1:
                self.usable_since[phy] = None
                continue
            since = self.usable_since[phy]
            if since is None:
                since = self.usable_since[phy] = t
            up |= int(t >= since + self.delay) << phy
        expected = {"up_o": int(up != 0), "phy_up_o": up}
        for stream, (valid, data, _, _) in STREAMS.items():
            queue = self.under_way[stream]
            if not up:
                self.lost += len(queue) + bool(i[f"{valid}_i"])
                queue.clear()
            due = bool(queue) and queue[0][0] == t
            expected[f"{valid}_o"] = queue[0][1] if due else 0
            if due:
                expected[f"{data}_o"] = queue.popleft()[2]
                self.delivered += 1
            if up and i[f"{valid}_i"]:
                queue.append((t + self.latency, i[f"{valid}_i"], i[f"{data}_i"]))
        return expected


class TB(Ticked):
    """The link with random traffic on all streams."""

    def __init__(self, dut: Any, name: str) -> None:
        rng = generator(name)
        self.latency, self.delay = int(dut.Latency.value), int(dut.UpDelay.value)
        # Deadlines are taken modulo 64: start anywhere, also close to the end of the 43 bits.
        start = rng.choice([0, rng.getrandbits(40), (1 << 43) - 1_000_000])
        super().__init__(dut, Model(self.latency, self.delay), INPUTS, rng, start)

    def items(self, rate: float) -> dict[str, int]:
        found = {}
        for valid, data, counts, width in STREAMS.values():
            if self.rng.random() < rate:
                found[f"{valid}_i"] = self.rng.randint(1, 2**counts - 1)
            found[f"{data}_i"] = self.rng.getrandbits(width)
        return found

    async def bring_up(self) -> None:
        await self.wait(self.delay + 2, **ALL_ON)


@cocotb.test(timeout_time=10, timeout_unit="ms")
@cocotb.parametrize(rate=[0.05, 0.5, 1.0])
async def latency(dut: Any, rate: float) -> None:
    """Everything arrives, `Latency` ticks later, in order; nothing else does."""
    tb = TB(dut, f"latency {rate}")
    await tb.reset()
    await tb.bring_up()
    for _ in range(1000):
        await tb.tick(**ALL_ON, **tb.items(rate))
    await tb.wait(tb.latency + 1, **ALL_ON)
    assert not any(tb.model.under_way.values()) and not tb.model.lost
    assert tb.model.delivered > 100
    assert tb.seen["idle_o"]


@cocotb.test(timeout_time=10, timeout_unit="ms")
@corners
async def bring_up_and_loss(dut: Any, idle: bool, pressure: bool) -> None:
    """Settings of both ends change at any time; `idle` thins the traffic, `pressure` the peace."""
    tb = TB(dut, f"loss {idle} {pressure}")
    rng = tb.rng
    await tb.reset()
    settings = dict(ALL_ON)
    for _ in range(40):
        for _ in range(rng.randint(1, (tb.delay + tb.latency) * 2)):
            await tb.tick(**settings, **tb.items(0.1 if idle else 0.9))
            if pressure and rng.random() < 0.005:
                settings[rng.choice(PHYS)] ^= 1 << rng.randrange(8)
        settings = {name: rng.choice([0xFF, 0xFF, rng.getrandbits(8)]) for name in PHYS}
        settings["asic_reset_i"] = int(rng.random() < 0.1)
    await tb.tick(asic_reset_i=1)
    await tb.bring_up()
    assert tb.model.lost > 20 and tb.model.delivered > 20


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def skipping_misses_nothing(dut: Any) -> None:
    """Random quiet times with what the block allows to skip left out."""
    tb = TB(dut, "skipping")
    rng = tb.rng
    await tb.reset()
    settings = dict(ALL_ON)
    for _ in range(200):
        for _ in range(rng.randrange(3)):
            await tb.tick(**settings, **tb.items(0.2))
        await tb.wait(rng.randint(1, 2 * tb.delay + 2 * tb.latency), **settings)
        if rng.random() < 0.2:
            settings[rng.choice(PHYS)] ^= 1 << rng.randrange(8)
        elif rng.random() < 0.1:
            settings = dict(ALL_ON)
    assert tb.skipped > 1000 or tb.delay < 10
    assert tb.model.delivered > 50
