# SPDX-License-Identifier: Apache-2.0
"""Bench of the board behind its masters against a model of docs/timing.md section 11."""

from random import Random
from typing import Any

import cocotb

from cosim import board
from cosim.machine import CONSTANTS, RESET_VALUES
from hal.fisch import addresses
from testbench.common import generator
from testbench.common.board import Cube, I2CDevice
from testbench.common.lockstep import Ticked

LAST = 1 << addresses.SPI_LAST_BYTE_BIT
BASE = addresses.SPI_MASTER.base
I2C = addresses.I2C_MASTER
INPUTS = {
    "clear_i": 0,
    "tick_time_i": 0,
    "valid_i": 0,
    "read_i": 0,
    "byte_enables_i": 0xF,
    "address_i": 0,
    "data_i": 0,
}


class I2CModel:
    """I2C master and its devices; an access takes a number of bits, of four quarters each."""

    def __init__(self, cube: Cube) -> None:
        self.cube = cube
        self.devices = [I2CDevice(i) for i in range(len(board.DEVICES))]
        self.by_slave = {device.chip.slave: device for device in self.devices}
        self.prescaler = RESET_VALUES["I2cPrescalerReset"][1]
        self.done: int | None = None
        self.load: int | None = None
        self.owned = False
        self.last: tuple[int, int] | None = None  # slave and direction of the held transfer
        self.present: I2CDevice | None = None
        self.stop = False
        self.value = 0
        self.bytes = 0

    def begin(self, now: int, slave: int, read: int, data: int, start: bool, stop: bool) -> None:
        """An access begins: bits until the byte is read, and until everything is over."""
        bits = int(self.last is not None and self.last[1] == 1)
        if start or self.last != (slave, read):
            bits += 10
            self.devices[board.MULTIPLEXER].collected = b""
            self.present = self.by_slave.get(slave)
            if self.present:
                self.present.address()
        self.load = now + (4 * bits - 1) * max(self.prescaler, 1) + 1 if read else None
        if not read and self.present:
            self.present.write(data)
            if stop:
                self.present.stop()
        bits += 8 + stop + (stop if read else 1)
        self.done = now + 4 * bits * max(self.prescaler, 1)
        self.owned, self.last, self.stop = True, (slave, read), stop

    def step(self, i: dict[str, int], write_data: int) -> tuple[int, int, int | None]:
        """Hit, busy and the data of an access that leaves."""
        at, now = i["address_i"], i["tick_time_i"]
        byte = bool(i["valid_i"]) and 0 <= at - I2C.base < I2C.count
        prescaler = bool(i["valid_i"]) and at == addresses.I2C_PRESCALER.base
        running, ends = self.done is not None, self.done == now
        busy = (byte or prescaler) and (not (ends and self.owned) if running else byte)
        if self.load == now:
            for device, (bit, _, _) in zip(self.devices, board.SUPPLIES, strict=False):
                device.supply = bool(self.cube.shift_register >> bit & 1)
            self.value = self.present.read() if self.present else 0xFF | 1 << 31
        data = (self.prescaler if prescaler else self.value) if i["read_i"] and not busy else None
        if running:
            if ends:
                self.done = None
                self.bytes += 1
                if self.stop or not self.owned:
                    self.last = None
        elif i["clear_i"]:
            self.last = None
        elif byte:
            flags = at - I2C.base
            start, stop = flags & addresses.I2C_REPEATED_START, flags & addresses.I2C_STOP
            self.begin(now, flags & 0x7F, i["read_i"], write_data & 0xFF, bool(start), bool(stop))
        elif prescaler and not i["read_i"]:
            kept = sum(0xFF << 8 * k for k in range(2) if not i["byte_enables_i"] >> k & 1)
            self.prescaler = self.prescaler & kept | write_data & 0xFFFF & ~kept
        if i["clear_i"]:
            self.owned = False
            if self.done is None:
                self.last = None
        return byte or prescaler, busy, data


class Model:
    """Masters and board; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.cube = Cube()
        self.collected = b""
        self.done: int | None = None  # end of the frame under way
        self.owned = False
        self.frame = (0, b"")
        self.frames = 0
        self.i2c = I2CModel(self.cube)

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        hit = bool(i["valid_i"]) and 0 <= i["address_i"] - BASE < 8
        write = hit and not i["read_i"]
        enabled = sum(0xFF << 8 * k for k in range(4) if i["byte_enables_i"] >> k & 1)
        i2c_hit, i2c_busy, i2c_data = self.i2c.step(i, i["data_i"] & enabled)
        lanes = [i["data_i"] >> 8 * k & 0xFF if i["byte_enables_i"] >> k & 1 else 0 for k in (0, 3)]
        last = bool(lanes[1] & 0x80)
        ends = self.done == i["tick_time_i"]
        running = self.done is not None
        busy = write and (not (ends and self.owned) if running else last)
        expected: dict[str, Any] = {
            "hit_o": int(hit or i2c_hit),
            "busy_o": int(busy or i2c_busy),
            "shift_register_o": self.cube.shift_register,
            "dac_output_o": sum(
                code << 96 * d + 12 * c
                for d, dac in enumerate(self.cube.dacs)
                for c, code in enumerate(dac.outputs)
            ),
            "dac_gain_o": self.cube.dacs[0].gain | self.cube.dacs[1].gain << 8,
            "dac_power_down_o": self.cube.dacs[0].power_down | self.cube.dacs[1].power_down << 8,
        }
        if i2c_hit and i2c_data is not None:
            expected["data_o"] = i2c_data
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


async def access(tb: Ticked, clear: float = 0, **given: int) -> None:
    """Hold an access on the bus until it is taken, or a connection reset takes it away."""
    given["valid_i"] = 1
    while True:
        reset = int(tb.rng.random() < clear)
        if not (await tb.tick(**given, clear_i=reset))["busy_o"] or reset:
            return


async def write(tb: Ticked, select: int, data: int, enables: int = 0xF, clear: float = 0) -> None:
    """Hold a write to the SPI master."""
    await access(tb, clear, address_i=BASE + select, data_i=data, byte_enables_i=enables)


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


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def random_bytes_on_the_i2c_bus(dut: Any) -> None:
    """Transfers of any shape to all devices; supplies change, connection resets come in between."""
    tb, rng = start(dut, "i2c")
    await tb.reset()
    slaves = [device.slave for device in board.DEVICES]
    for number in range(250):
        if rng.random() < 0.2:
            value = rng.choice([0, 1, 1, 2, 3])
            enables = rng.choice([0xF, 3, rng.randrange(16)])
            at = addresses.I2C_PRESCALER.base
            await access(tb, address_i=at, data_i=value, byte_enables_i=enables)
            await access(tb, address_i=at, read_i=1)
        if rng.random() < 0.2:
            await write(tb, 1, LAST | rng.randrange(256), clear=0.01)
        device = rng.choice(board.DEVICES)
        clear = 0.005 if number % 4 == 0 else 0
        numbers = [register.number for register in device.registers]
        register = rng.choice([*numbers, *numbers, *range(6), 0x7F, 0xFA, rng.randrange(256)])
        for step in range(rng.choice([1, 2, 2, 3, 3, 5])):
            slave = rng.choice([*slaves, 0x11]) if rng.random() < 0.03 else device.slave
            flags = rng.choice([0, 0, 0, 0x80, 0x80, 0x100, 0x180])
            await access(
                tb,
                clear,
                address_i=I2C.base + slave + flags,
                read_i=int(step > 0 and register % 2),
                data_i=rng.getrandbits(8) if step else register,
                byte_enables_i=rng.choice([0xF, 0xF, 0xF, 0xE]),
            )
    await tb.wait(2000)
    assert tb.model.i2c.bytes > 400 and tb.model.i2c.done is None
