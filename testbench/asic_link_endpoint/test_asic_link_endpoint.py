# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_link_endpoint.sv against a model of docs/timing.md sections 5, 7 and 9."""

from collections import deque
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from testbench.common import corners, generator
from testbench.common.lockstep import Lockstep

TIME = 1 << 43
EVENT_DEPTH = CONSTANTS["EventRxDepth"]
REQUEST_DEPTH = CONSTANTS["ChipRequestDepth"]
INPUTS = {
    "tick_i": 0,
    "link_up_i": 0,
    "down_bus_valid_i": 0,
    "down_bus_epoch_i": 0,
    "down_bus_read_i": 0,
    "down_bus_be_i": 0,
    "down_bus_addr_i": 0,
    "down_bus_data_i": 0,
    "down_event_count_i": 0,
    "down_event_labels_i": 0,
    "up_bus_ready_i": 1,
    "down_sync_valid_i": 0,
    "down_sync_set_i": 0,
    "req_ready_i": 0,
    "rsp_valid_i": 0,
    "rsp_epoch_i": 0,
    "rsp_data_i": 0,
    "l2_valid_i": 0,
    "l2_label_i": 0,
    "madc_valid_i": 0,
    "madc_value_i": 0,
    "chip_time_i": 0,
    "base_i": 0,
}


class Model:
    """The endpoint; one call of `step` is one cycle."""

    def __init__(self) -> None:
        self.requests: deque[dict[str, int]] = deque()
        self.answers: deque[tuple[int, int]] = deque()
        self.items: deque[list[int]] = deque()  # labels still to be handed over
        self.merged: list[tuple[int, int]] = []  # sample of the fast converter or spike, event
        self.samples = 0
        self.last = 3
        self.up: dict[str, Any] = {}  # what the link sees in this tick
        self.handed_over = self.dropped = self.returned = self.refused = 0

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        up = {"up_bus_valid_o": 0, "up_event_count_o": 0, "up_sync_valid_o": 0} | self.up
        expected = dict(up)
        busy = self.requests or self.answers or self.items or self.merged or self.up
        expected["idle_o"] = int(not busy)
        arrives = i["tick_i"] & i["link_up_i"]

        # chip bus
        waits = bool(self.requests) and bool(i["up_bus_ready_i"])
        expected["req_valid_o"] = int(waits)
        expected["down_bus_ready_o"] = room = int(len(self.requests) < REQUEST_DEPTH)
        self.refused += arrives & i["down_bus_valid_i"] & (1 - room)
        if waits:
            expected |= self.requests[0]
            if i["req_ready_i"]:
                self.requests.popleft()
        if arrives & i["down_bus_valid_i"] & room:
            names = ("epoch", "read", "be", "addr", "data")
            self.requests.append({f"req_{n}_o": i[f"down_bus_{n}_i"] for n in names})
        if i["rsp_valid_i"]:
            self.answers.append((i["rsp_epoch_i"], i["rsp_data_i"]))

        # events to the chip
        expected["event_valid_o"] = int(bool(self.items))
        full = len(self.items) == EVENT_DEPTH
        if self.items:
            expected["event_label_o"] = self.items[0].pop(0)
            self.handed_over += 1
            if not self.items[0]:
                self.items.popleft()
        dropped = [0] * 4
        if arrives and i["down_event_count_i"]:
            labels = [
                i["down_event_labels_i"] >> 16 * k & 0xFFFF for k in range(i["down_event_count_i"])
            ]
            if full:
                for label in labels:
                    dropped[label >> 14] += 1
            else:
                self.items.append(labels)
        expected["dropped_o"] = sum(n << 2 * k for k, n in enumerate(dropped))
        self.dropped += sum(dropped)

        # events to the FPGA
        expected["l2_ready_o"] = 0
        stamp = (i["chip_time_i"] & 0xFF) << 16
        if i["madc_valid_i"]:
            self.merged.append((1, stamp | i["madc_value_i"]))
            self.samples += 1
        for channel in ((self.last + k) % 4 for k in range(1, 5)):
            if i["l2_valid_i"] >> channel & 1 and not i["madc_valid_i"]:
                expected["l2_ready_o"] = 1 << channel
                label = i["l2_label_i"] >> 14 * channel & 0x3FFF
                self.merged.append((0, stamp | channel << 14 | label))
                self.last = channel
                self.returned += 1
                break

        # time handshake
        sync = arrives & i["down_sync_valid_i"]
        expected["time_set_o"] = sync & i["down_sync_set_i"]

        if i["tick_i"]:
            self.up = {}
            if self.answers:
                epoch, data = self.answers.popleft()
                self.up = {"up_bus_valid_o": 1, "up_bus_epoch_o": epoch, "up_bus_data_o": data}
            if self.merged:
                self.up["up_event_count_o"] = len(self.merged)
                # With one event the upper half is void.
                count = len(self.merged)
                kinds = sum(kind << k for k, (kind, _) in enumerate(self.merged))
                events = sum(event << 24 * k for k, (_, event) in enumerate(self.merged))
                self.up["up_event_madc_o"] = kinds, (1 << count) - 1
                self.up["up_events_o"] = events, (1 << 24 * count) - 1
                self.merged = []
            if sync and not i["down_sync_set_i"]:
                self.up |= {
                    "up_sync_valid_o": 1,
                    "up_sync_time_o": (i["chip_time_i"] + 1) % TIME,
                    "up_sync_base_o": i["base_i"],
                }
        return expected


class TB(Lockstep):
    """Endpoint and model, with the phase of the tick and an advancing chip time."""

    def __init__(self, dut: Any) -> None:
        super().__init__(dut, Model(), INPUTS)
        self.time = 0

    async def step(self, **inputs: int) -> dict[str, int]:
        """One cycle; odd cycles end a tick."""
        self.time = (self.time + 1) % TIME
        return await self.cycle(tick_i=self.count & 1, chip_time_i=self.time, **inputs)

    async def tick(self, **inputs: int) -> None:
        """Two cycles with an item of the link."""
        for _ in range(2):
            await self.step(**inputs)


@cocotb.test(timeout_time=10, timeout_unit="ms")
@corners
async def random_traffic(dut: Any, idle: bool, pressure: bool) -> None:
    """All streams at once; `idle` thins out the link, `pressure` fills all L2 queues."""
    tb = TB(dut)
    rng = generator(f"traffic {idle} {pressure}")
    rate = 0.3 if idle else 1.0
    await tb.reset()
    tb.time = TIME - 1000  # passes the end of the range
    base = rng.randrange(TIME)
    busy = 0
    for k in range(3000):
        link = {
            "up_bus_ready_i": int(k % 1000 >= 400),
            "link_up_i": int(rng.random() < 0.95),
            "down_bus_valid_i": int(rng.random() < rate),
            "down_bus_epoch_i": rng.getrandbits(8),
            "down_bus_read_i": rng.getrandbits(1),
            "down_bus_be_i": rng.getrandbits(4),
            "down_bus_addr_i": rng.getrandbits(32),
            "down_bus_data_i": rng.getrandbits(32),
            "down_event_count_i": rng.choice((1, 2, 3, 3, 3)) if rng.random() < rate else 0,
            "down_event_labels_i": rng.getrandbits(48),
            "down_sync_valid_i": int(rng.random() < 0.1),
            "down_sync_set_i": rng.getrandbits(1),
            "base_i": base,
        }
        for _ in range(2):
            # As on the chip bus, an answer ends two cycles after the one before, or later.
            busy = 0 if busy else int(rng.random() < 0.5)
            expected = await tb.step(
                **link,
                req_ready_i=int(len(tb.model.requests) > 1 or rng.random() < 0.5),
                rsp_valid_i=busy,
                rsp_epoch_i=rng.getrandbits(8),
                rsp_data_i=rng.getrandbits(32),
                l2_valid_i=0xF if pressure else rng.getrandbits(4) & rng.getrandbits(4),
                l2_label_i=rng.getrandbits(56),
                madc_valid_i=int(rng.random() < 0.1),
                madc_value_i=rng.getrandbits(11),
            )
            assert expected["idle_o"] in (0, 1)
    for _ in range(REQUEST_DEPTH + 4 * EVENT_DEPTH):
        await tb.step(req_ready_i=1)
    assert (await tb.step())["idle_o"]
    assert tb.model.handed_over > 1000
    assert (tb.model.refused > 100) == (not idle)
    assert (tb.model.dropped > 100) == (not idle)
    assert tb.model.returned > 1000
    assert tb.model.samples > 300


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def single_event_is_whole(dut: Any) -> None:
    """An item with one event, in either cycle of the tick."""
    tb = TB(dut)
    await tb.reset()
    for phase in (0, 1):
        for channel in range(4):
            while tb.count & 1 != phase:
                await tb.step()
            time = tb.time + 1
            await tb.step(l2_valid_i=1 << channel, l2_label_i=0x2345 << 14 * channel)
            if not phase:
                await tb.step()
            await tb.step()
            got = int(dut.up_events_o.value) & 0xFF_FFFF
            assert got == (time & 0xFF) << 16 | channel << 14 | 0x2345


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def nothing_arrives_without_link(dut: Any) -> None:
    tb = TB(dut)
    await tb.reset()
    await tb.tick(
        down_bus_valid_i=1, down_event_count_i=3, down_sync_valid_i=1, down_bus_addr_i=5
    )  # fmt: skip
    await tb.tick(down_sync_valid_i=1, down_sync_set_i=1)
    for _ in range(8):
        assert (await tb.step(req_ready_i=1))["idle_o"]
