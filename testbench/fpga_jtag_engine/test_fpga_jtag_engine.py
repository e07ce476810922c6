# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_jtag_engine.sv on the chip's TAP: docs/timing.md section 6."""

from collections import deque
from dataclasses import dataclass
from typing import Any, ClassVar

import cocotb

from cosim.machine import CONSTANTS
from hal.fisch import jtag
from testbench.asic_jtag_tap.test_asic_jtag_tap import Model as Tap
from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

QUEUE, ANSWERS = CONSTANTS["JtagQueueDepth"], CONSTANTS["JtagAnswerDepth"]
INIT, SCALER, INS, DATA = range(4)
INPUTS = {
    "clear_i": 0,
    "timeout_i": 0,
    "tick_time_i": 0,
    "valid_i": 0,
    "kind_i": 0,
    "keep_i": 0,
    "bits_i": 0,
    "data_i": 0,
    "answer_ready_i": 0,
    "bus_ready_i": 0,
    "bus_rsp_valid_i": 0,
    "bus_rsp_data_i": 0,
    "pll_data_i": 0,
}


@dataclass
class Running:
    """A command that gives pulses: tick of the next one, and what is still to come."""

    next: int
    pins: deque[tuple[int, int]]  # TMS, TDI
    shift: range  # numbers of the pulses that shift data
    keep: bool
    tdo: int = 0
    done: int = 0


def pins(kind: int, data: int, bits: int) -> tuple[list[tuple[int, int]], range]:
    """TMS and TDI of each pulse, first one first, and the numbers of the shift pulses."""
    if kind == INIT:
        return [(int(c), 0) for c in "111110"], range(0)
    head, count = ("1100", 7) if kind == INS else ("100", bits)
    shift = range(len(head), len(head) + count)
    tms = head + "0" * (count - 1) + "1" + "10"
    tdi = [data >> k - shift.start & 1 if k in shift else 0 for k in range(len(tms))]
    return [(int(c), b) for c, b in zip(tms, tdi, strict=True)], shift


class Model:
    """Engine and TAP; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.tap = Tap()
        self.queue: deque[tuple[int, int, int, int]] = deque()
        self.answers: deque[int] = deque()
        self.running: Running | None = None
        self.scaler = CONSTANTS["JtagScalerReset"]
        self.ended = self.cut = 0

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        t = i["tick_time_i"]
        run = self.running
        pulse = run is not None and run.next == t
        expected: dict[str, Any] = {
            "ready_o": int(len(self.queue) < QUEUE),
            "answer_valid_o": int(bool(self.answers)),
            "jtag_idle_o": int(not (self.queue or run or self.answers)),
            "tck_o": int(pulse),
            "length_error_o": 0,
        }
        if self.answers:
            expected["answer_data_o"] = self.answers[0]
        if run:
            expected |= {"tms_o": run.pins[0][0], "tdi_o": run.pins[0][1]}
        tap = self.tap.step(
            {
                **i,
                "tick_i": 1,
                "tck_i": int(pulse),
                "tms_i": run.pins[0][0] if run else 0,
                "tdi_i": run.pins[0][1] if run else 0,
            }
        )
        room = len(self.answers) < ANSWERS
        if self.answers and i["answer_ready_i"]:
            self.answers.popleft()
        stop = i["timeout_i"] or i["clear_i"]
        if run and pulse:
            self._pulse(run, tap["tdo_o"])
        elif not run and self.queue and not stop and (room or not self.queue[0][1]):
            expected |= self._take(t)
        if i["valid_i"] and expected["ready_o"]:
            self.queue.append((i["kind_i"], i["keep_i"], i["bits_i"], i["data_i"]))
        if run and run.keep and not run.pins and not stop:
            self.answers.append(run.tdo)
        if run and not run.pins:
            self.running = None
        if stop:
            self.cut += bool(self.running or self.queue)
            self.queue.clear()
            self.running = None
        if i["clear_i"]:
            self.answers.clear()
            self.scaler = CONSTANTS["JtagScalerReset"]
        return {**tap, **expected}

    def _pulse(self, run: Running, tdo: int) -> None:
        if run.done in run.shift:
            run.tdo |= tdo << run.done - run.shift.start
        run.pins.popleft()
        run.done += 1
        run.next += self.scaler + 2
        self.ended += not run.pins

    def _take(self, t: int) -> dict[str, int]:
        kind, keep, bits, data = self.queue.popleft()
        if kind == SCALER:
            self.scaler = data & 0xFF
            return {}
        bad = kind == DATA and not 3 <= bits <= 33
        todo, shift = pins(kind, data, min(max(bits, 3), 33))
        self.running = Running(t + self.scaler + 2, deque(todo), shift, bool(keep))
        return {"length_error_o": 1, "length_o": bits} if bad else {}


class TB(Ticked):
    """Commands in, answers out."""

    between: ClassVar = {
        "bus_ready_i": 0,
        "bus_rsp_valid_i": 0,
    }  # the TAP's chip side knows no ticks

    def __init__(self, dut: Any, name: str) -> None:
        rng = generator(name)
        super().__init__(dut, Model(), INPUTS, rng, rng.choice([0, rng.getrandbits(41)]))

    async def command(self, kind: int, data: int = 0, bits: int = 0, keep: int = 0) -> int:
        """Queue a command as soon as there is room; gives the tick in which it entered."""
        given = {"valid_i": 1, "kind_i": kind, "data_i": data, "bits_i": bits, "keep_i": keep}
        while not (await self.tick(**given))["ready_o"]:
            pass
        return self.now - 1

    async def answer(self) -> int:
        """The next answer."""
        while not (await self.tick())["answer_valid_o"]:
            if self.model.running:
                await self.wait(self.model.running.next - self.now)
        value = self.model.answers[0]
        await self.tick(answer_ready_i=1)
        return int(value)

    async def scan(self, instruction: int, value: int, bits: int) -> int:
        await self.command(INS, instruction)
        await self.command(DATA, value, bits, 1)
        return await self.answer()


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def identity(dut: Any) -> None:
    """After reset, after Init, and through the instruction."""
    tb = TB(dut, "identity")
    await tb.reset()
    await tb.command(INIT)
    await tb.command(DATA, 0, 32, 1)
    assert await tb.answer() == jtag.IDCODE
    assert await tb.scan(jtag.BYPASS.ir, 7, 4) == 14
    assert await tb.scan(jtag.IDENTITY.ir, 1, 33) == 1 << 32 | jtag.IDCODE


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def bypass(dut: Any) -> None:
    """A scan of N bits of v gives (v << 1) mod 2^N."""
    tb = TB(dut, "bypass")
    await tb.reset()
    await tb.command(INIT)
    await tb.command(SCALER, 0)
    for bits in range(3, 34):
        value = tb.rng.getrandbits(33)
        assert await tb.scan(jtag.BYPASS.ir, value, bits) == (value << 1) % (1 << bits)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def scaler(dut: Any) -> None:
    """A command of n pulses taken at q ends with an answer at q + n*(scaler+2) + 1."""
    tb = TB(dut, "scaler")
    await tb.reset()
    assert tb.model.scaler == CONSTANTS["JtagScalerReset"]
    for setting in (None, 0, 1, 2, 3, 17, 255):
        if setting is not None:
            await tb.command(SCALER, setting)
        await tb.command(INIT)
        while not (await tb.tick())["jtag_idle_o"]:
            pass
        period = (3 if setting is None else setting) + 2
        bits = tb.rng.randint(3, 33)
        await tb.command(DATA, 0, bits, 1)
        await tb.answer()  # the time between the pulses is skipped; in what follows it is not
        taken = await tb.command(DATA, 0, bits, 1) + 1
        while not (await tb.tick())["answer_valid_o"]:
            pass
        assert tb.now - 1 == taken + (bits + 5) * period + 1
        await tb.tick(answer_ready_i=1)


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def keep_waits_for_room(dut: Any) -> None:
    """Without keep nothing is answered; a full answer queue holds back only commands with keep."""
    tb = TB(dut, "keep")
    await tb.reset()
    await tb.command(SCALER, 0)
    await tb.command(INIT)
    for k in range(ANSWERS):
        await tb.command(DATA, k, 3, 0)
        await tb.command(DATA, k, 3, 1)
    await tb.wait(2000)
    assert len(tb.model.answers) == ANSWERS
    await tb.command(DATA, 0, 3, 0)
    await tb.wait(100)
    assert not tb.model.queue and not tb.model.running
    await tb.command(DATA, 0, 3, 1)
    await tb.wait(100)
    assert tb.model.queue, "a command with keep started without room for its answer"
    for _ in range(ANSWERS + 1):
        await tb.answer()
    assert (await tb.tick())["jtag_idle_o"]


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def lengths_are_clamped_and_reported(dut: Any) -> None:
    tb = TB(dut, "lengths")
    await tb.reset()
    await tb.command(SCALER, 0)
    await tb.command(INIT)
    await tb.command(INS, jtag.BYPASS.ir)
    for bits in (0, 1, 2, 3, 33, 34, 64, 255):
        value = tb.rng.getrandbits(33)
        while not (await tb.tick())["jtag_idle_o"]:
            pass
        await tb.command(DATA, value, bits, 1)
        assert (await tb.tick())["length_error_o"] == int(bits in (0, 1, 2, 34, 64, 255))
        got = await tb.answer()
        assert got == (value << 1) % (1 << min(max(bits, 3), 33))


@cocotb.test(timeout_time=30, timeout_unit="ms")
@corners
async def random_commands(dut: Any, idle: bool, pressure: bool) -> None:
    """Any command, with timeouts, connection resets, bus traffic and skipping in between."""
    tb = TB(dut, f"random {idle} {pressure}")
    rng = tb.rng
    await tb.reset()
    useful = [i.ir for i in jtag.INSTRUCTIONS] + [jtag.phy_instruction(p) for p in range(8)]
    waiting: dict[str, int] | None = None
    for _ in range(4000):
        given = {
            "answer_ready_i": int(not pressure or rng.random() < 0.02),
            "pll_data_i": rng.getrandbits(32),
            "bus_ready_i": int(rng.random() < 0.2),
            "bus_rsp_valid_i": int(rng.random() < 0.05),
            "bus_rsp_data_i": rng.getrandbits(32),
        }
        disturbance = rng.random()
        if disturbance < 0.003:
            waiting = None
            await tb.tick(**given, **{rng.choice(["timeout_i", "clear_i"]): 1})
            continue
        if idle and disturbance < 0.03:
            await tb.wait(rng.randrange(200))
        if waiting is None and rng.random() < (0.02 if idle else 0.5):
            kind = rng.choice([INIT, SCALER, INS, INS, DATA, DATA, DATA])
            data = {SCALER: rng.choice([0, 0, 1, 5]), INS: rng.choice(useful)}
            waiting = {
                "valid_i": 1,
                "kind_i": kind,
                "data_i": data.get(kind, rng.getrandbits(33)),
                "bits_i": rng.choice([rng.randint(3, 33), rng.getrandbits(8)]),
                "keep_i": int(kind == DATA and rng.random() < 0.7),
            }
        if (await tb.tick(**given, **(waiting or {})))["ready_o"]:
            waiting = None
    while not (await tb.tick(answer_ready_i=1))["jtag_idle_o"]:
        pass
    assert tb.model.ended > 20 and tb.model.cut > 0
    assert tb.skipped > 100 or not idle
