# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_performance_test.sv: words one by one, docs/timing.md section 12."""

from collections import deque
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal.fisch import addresses
from testbench.common import generator
from testbench.common.lockstep import Ticked

BASE = addresses.PERF_TEST.base
ROUND_TRIP = 2 * CONSTANTS["LinkLatency"] + 1
INPUTS = {
    "clear_i": 0,
    "tick_time_i": 0,
    "link_up_i": 1,
    "valid_i": 0,
    "read_i": 0,
    "byte_enables_i": 0xF,
    "address_i": 0,
    "data_i": 0,
}


class Model:
    """Each test word has its number; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.enable = self.on = False
        self.sent = self.received = self.in_order = self.error = 0
        self.expected = 0  # number of the next word
        self.under_way: deque[tuple[int, int]] = deque()  # tick in which it is back, number
        self.losses = 0

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        now, entry = i["tick_time_i"], i["address_i"] - BASE
        hit = bool(i["valid_i"]) and 0 <= entry < 5
        values = (int(self.enable), self.sent, self.received, self.in_order, self.error)
        expected = {"hit_o": int(hit), "data_o": values[entry] if hit else 0}
        write = hit and entry == 0 and not i["read_i"] and not i["clear_i"]
        write = write and bool(i["byte_enables_i"] & 1)
        starts = write and i["data_i"] & 1 and not self.enable
        if not i["link_up_i"]:
            self.losses += bool(self.under_way)
            self.under_way.clear()
        elif self.on:
            self.under_way.append((now + ROUND_TRIP, self.sent))
            self.sent += 1
        if self.under_way and self.under_way[0][0] == now:
            _, number = self.under_way.popleft()
            self.received += 1
            if number == self.expected:
                self.in_order += 1
            elif self.error == 0:
                self.error = number
            self.expected = number + 1
        if starts:
            self.sent = self.received = self.in_order = self.error = self.expected = 0
            self.under_way.clear()
        if write:
            self.enable = bool(i["data_i"] & 1)
        self.on = self.enable and bool(i["link_up_i"])
        return expected


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def words_are_counted(dut: Any) -> None:
    """The test is switched and the link goes down at any time; all registers are read."""
    rng = generator("performance")
    tb = Ticked(dut, Model(), INPUTS, rng)
    await tb.reset()
    for _ in range(300):
        up = int(rng.random() < 0.9)
        for _ in range(rng.choice([1, 2, 30, 41, 42, 43, 100])):
            given = {"valid_i": int(rng.random() < 0.8), "address_i": BASE + rng.randrange(-1, 6)}
            if given["address_i"] != BASE:
                given["read_i"] = rng.randrange(2)
            elif rng.random() < 0.9:
                given["read_i"] = 1
            given["data_i"] = rng.getrandbits(32)
            given["byte_enables_i"] = rng.choice([0xF, 0xF, 0xE])
            given["clear_i"] = int(rng.random() < 0.02)
            await tb.tick(link_up_i=up, **given)
    assert tb.model.losses > 0
