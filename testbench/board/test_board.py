# SPDX-License-Identifier: Apache-2.0
"""Bench of the SPI master and the board behind it against a model of docs/timing.md section 11."""

from random import Random
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal.fisch import addresses
from testbench.common import generator
from testbench.common.board import Cube
from testbench.common.lockstep import Ticked

LAST = 1 << addresses.SPI_LAST_BYTE_BIT
BASE = addresses.SPI_MASTER.base
INPUTS = {
    "clear_i": 0,
    "tick_time_i": 0,
    "valid_i": 0,
    "read_i": 0,
    "byte_enables_i": 0xF,
    "address_i": 0,
    "data_i": 0,
}


class Model:
    """Master and board; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.cube = Cube()
        self.collected = b""
        self.done: int | None = None  # end of the frame under way
        self.owned = False
        self.frame = (0, b"")
        self.frames = 0

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        hit = bool(i["valid_i"]) and 0 <= i["address_i"] - BASE < 8
        write = hit and not i["read_i"]
        lanes = [i["data_i"] >> 8 * k & 0xFF if i["byte_enables_i"] >> k & 1 else 0 for k in (0, 3)]
        last = bool(lanes[1] & 0x80)
        ends = self.done == i["tick_time_i"]
        running = self.done is not None
        busy = write and (not (ends and self.owned) if running else last)
        expected: dict[str, Any] = {
            "hit_o": int(hit),
            "busy_o": int(busy),
            "shift_register_o": self.cube.shift_register,
            "dac_output_o": sum(
                code << 96 * d + 12 * c
                for d, dac in enumerate(self.cube.dacs)
                for c, code in enumerate(dac.outputs)
            ),
            "dac_gain_o": self.cube.dacs[0].gain | self.cube.dacs[1].gain << 8,
            "dac_power_down_o": self.cube.dacs[0].power_down | self.cube.dacs[1].power_down << 8,
        }
        if ends:
            self.cube.take(*self.frame)
            self.done, self.collected = None, b""
            self.frames += 1
        elif not running and write and not i["clear_i"]:
            self.collected = (self.collected + bytes(lanes[:1]))[-4 if last else -3 :]
            if last:
                bits = 8 * len(self.collected)
                self.done = i["tick_time_i"] + bits * CONSTANTS["SpiBitTicks"] + 1
                self.frame, self.owned = (i["address_i"] & 7, self.collected), True
        if i["clear_i"]:
            self.collected, self.owned = b"", False
        return expected


def start(dut: Any, name: str) -> tuple[Ticked, Random]:
    tb = Ticked(dut, Model(), INPUTS, generator(name))
    return tb, tb.rng


async def write(tb: Ticked, select: int, data: int, enables: int = 0xF, clear: float = 0) -> None:
    """Hold a write on the bus until it is taken, or a connection reset takes it away."""
    given = {"valid_i": 1, "address_i": BASE + select, "data_i": data, "byte_enables_i": enables}
    while True:
        reset = int(tb.rng.random() < clear)
        if not (await tb.tick(**given, clear_i=reset))["busy_o"] or reset:
            return


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def random_frames(dut: Any) -> None:
    """Frames of any length to any slaves, with resets of the connection between and in them."""
    tb, rng = start(dut, "frames")
    await tb.reset()
    for number in range(400):
        for _ in range(rng.choice([0, 1, 1, 2, 2, 2, 5])):
            await write(tb, rng.choice([1, 2, 4, rng.randrange(8)]), rng.getrandbits(31))
            if rng.random() < 0.1:
                await tb.tick(valid_i=1, read_i=1, address_i=BASE)
        enables = rng.choice([0xF, 0xF, 0xF, 0xF, rng.randrange(16)])
        clear = 0.0005 if number % 4 == 0 else 0
        await write(tb, rng.randrange(8), LAST | rng.getrandbits(31), enables, clear)
        await tb.tick(valid_i=1, address_i=BASE + 8, data_i=LAST)
    await tb.wait(1000)
    assert tb.model.frames > 300 and tb.model.done is None


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def codes_reach_the_outputs_together(dut: Any) -> None:
    """Written codes show at the next LDAC; power down, reset and following outputs."""
    tb, rng = start(dut, "codes")
    await tb.reset()

    async def send(select: int, word: int) -> None:
        await write(tb, select, word >> 8)
        await write(tb, select, LAST | word & 0xFF)

    for select, dac in ((2, 0), (4, 1)):
        codes = [rng.randrange(1, 4096) for _ in range(8)]
        for channel, code in enumerate(codes):
            await send(select, channel << 12 | code)
        assert not any(tb.model.cube.dacs[dac].outputs)
        await send(select, 0xA002)
        assert tb.model.cube.dacs[dac].outputs == codes
        await send(select, 0xC081)
        await send(select, 0x800C)
        assert tb.model.cube.dacs[dac].outputs == [0, *codes[1:7], 0]
        await send(select, 0xA000)
        await send(select, 0x1123)
        assert tb.model.cube.dacs[dac].outputs[1] == 0x123
        await send(select, rng.choice([0xE000, 0xF000]))
    await tb.tick()
    assert tb.compared > 1000
