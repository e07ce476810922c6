# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_dram_port.sv with a memory behind it: docs/timing.md section 11."""

from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal.fisch import addresses
from testbench.common import generator
from testbench.common.lockstep import Ticked

DEPTH = 1 << 10
BASE = addresses.EXTERNAL_PPU_DRAM_MEMORY.base
INPUTS = {
    "clear_i": 0,
    "tick_time_i": 0,
    "valid_i": 0,
    "read_i": 0,
    "byte_enables_i": 0xF,
    "address_i": 0,
    "data_i": 0,
    "data_from_i": 0,
}


class Model:
    """The port; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.done: int | None = None

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        hit = bool(i["valid_i"]) and 0 <= i["address_i"] - BASE < DEPTH
        ends = self.done == i["tick_time_i"]
        begins = hit and self.done is None
        expected: dict[str, Any] = {
            "hit_o": int(hit),
            "busy_o": int(hit and not ends),
            "data_o": i["data_from_i"] if hit else 0,
            "request_o": int(begins and not i["clear_i"]),
        }
        if expected["request_o"]:
            expected |= {
                "write_o": 1 - i["read_i"],
                "byte_enables_o": i["byte_enables_i"],
                "address_o": i["address_i"] - BASE,
                "data_to_o": i["data_i"],
            }
        if i["clear_i"] or ends:
            self.done = None
        elif begins:
            self.done = i["tick_time_i"] + CONSTANTS["DramLatency"]
        return expected


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def accesses_come_back(dut: Any) -> None:
    """Writes with any byte enables and reads, back to back and apart, some of them cut off."""
    rng = generator("dram")
    tb = Ticked(dut, Model(), INPUTS, rng)
    await tb.reset()
    memory: dict[int, int] = {}
    latched = reads = 0
    for _ in range(400):
        address = rng.choice([0, DEPTH - 1, rng.randrange(8), rng.randrange(DEPTH)])
        enables, data, read = (
            rng.choice([0xF, rng.randrange(16)]),
            rng.getrandbits(32),
            rng.random() < 0.5,
        )
        given = {
            "valid_i": 1,
            "read_i": int(read),
            "byte_enables_i": enables,
            "address_i": BASE + address,
            "data_i": data,
        }
        while True:
            clear = int(rng.random() < 0.003)
            seen = await tb.tick(**given, data_from_i=latched, clear_i=clear)
            if seen["request_o"]:
                mask = sum(0xFF << 8 * k for k in range(4) if enables >> k & 1 and not read)
                memory[address] = memory.get(address, 0) & ~mask | data & mask
                latched = memory[address]
            if not seen["busy_o"] and not clear:
                reads += read
                assert not read or latched == memory[address]
            if not seen["busy_o"] or clear:
                break
        await tb.tick(valid_i=1, address_i=BASE + DEPTH, data_from_i=latched)
        await tb.wait(rng.choice([0, 1, 50]), data_from_i=latched)
    assert reads > 100
