# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_playback.sv against a model of docs/timing.md section 2."""

from collections import deque
from typing import Any

import cocotb

from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

HALT, TICK, FILLER = 0x0A << 56, 0x0A << 56 | 1, 1 << 63
INPUTS = {"clear_i": 0, "valid_i": 0, "data_i": 0, "ready_i": 0}


class Model:
    """FIFO and gate; one call of `step` is one tick."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.words: deque[int] = deque()
        self.stream = False
        self.accepted: list[int] = []
        self.executed: list[int] = []
        self.streamed = 0  # ticks with the flag set

    @staticmethod
    def _halt(word: int) -> bool:
        return word >> 56 == 0x0A and not word & 1

    def step(self, i: dict[str, int]) -> dict[str, int]:
        full, halt = len(self.words) == self.depth, any(map(self._halt, self.words))
        runs = bool(self.words) and (halt or self.stream)
        expected = {"ready_o": int(not full), "valid_o": int(runs)}
        if runs:
            expected["data_o"] = self.words[0]
        self.streamed += self.stream
        if full and not halt:
            self.stream = True
        if runs and i["ready_i"]:
            word = self.words.popleft()
            self.executed.append(word)
            if self._halt(word):
                self.stream = False
        if i["valid_i"] and not full:
            self.words.append(i["data_i"])
            self.accepted.append(i["data_i"])
        if i["clear_i"]:
            self.words.clear()
            self.stream = False
        return expected


class TB(Ticked):
    """The FIFO between a host and an executor."""

    def __init__(self, dut: Any, name: str) -> None:
        self.depth = int(dut.Depth.value)
        super().__init__(dut, Model(self.depth), INPUTS, generator(name))

    def program(self, length: int) -> list[int]:
        """`length` words with look-alikes of a halt, then a halt."""
        kinds = [TICK, FILLER | HALT, 0x0B << 56, 0x1A << 56]
        return [self.rng.choice(kinds) | self.rng.getrandbits(8) << 8 for _ in range(length)] + [
            HALT
        ]


@cocotb.test(timeout_time=10, timeout_unit="ms")
@corners
async def programs(dut: Any, idle: bool, pressure: bool) -> None:
    """Programs that fit and programs that stream, several in the FIFO, drained at the end."""
    tb = TB(dut, f"programs {idle} {pressure}")
    await tb.reset()
    rng = tb.rng
    words: deque[int] = deque()
    for _ in range(40):
        words.extend(tb.program(rng.randrange(3 * tb.depth) if rng.random() < 0.5 else 1))
    sent = list(words)
    while words or tb.model.words:
        valid = bool(words) and not (idle and rng.random() < 0.6)
        expected = await tb.tick(
            valid_i=int(valid),
            data_i=words[0] if valid else rng.getrandbits(64),
            ready_i=int(not pressure or rng.random() < 0.4),
        )
        if valid and expected["ready_o"]:
            words.popleft()
    assert tb.model.executed == sent
    assert tb.model.streamed > 0, "no program was too long for the FIFO"
    assert not (await tb.tick(ready_i=1))["valid_o"]


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def a_program_starts_one_tick_after_its_halt(dut: Any) -> None:
    tb = TB(dut, "start")
    await tb.reset()
    for word in (TICK, TICK):
        assert not (await tb.tick(valid_i=1, data_i=word, ready_i=1))["valid_o"]
    for _ in range(50):
        assert not (await tb.tick(ready_i=1))["valid_o"]
    assert not (await tb.tick(valid_i=1, data_i=HALT, ready_i=1))["valid_o"]
    assert [(await tb.tick(ready_i=1))["valid_o"] for _ in range(4)] == [1, 1, 1, 0]


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def a_long_program_starts_when_the_fifo_is_full(dut: Any) -> None:
    """The flag is set at the tick in which it is full, so the first word executes one later."""
    tb = TB(dut, "full")
    await tb.reset()
    for _ in range(tb.depth):
        assert not (await tb.tick(valid_i=1, data_i=TICK, ready_i=1))["valid_o"]
    assert not (await tb.tick(ready_i=1))["valid_o"]
    for _ in range(tb.depth):
        assert (await tb.tick(ready_i=1))["valid_o"]
    # Now empty; words still stream until a halt has executed.
    await tb.tick(valid_i=1, data_i=TICK, ready_i=1)
    assert (await tb.tick(valid_i=1, data_i=HALT, ready_i=1))["valid_o"]
    assert (await tb.tick(valid_i=1, data_i=TICK, ready_i=1))["data_o"] == HALT
    for _ in range(5):
        assert not (await tb.tick(ready_i=1))["valid_o"]


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def connection_reset_empties(dut: Any) -> None:
    tb = TB(dut, "clear")
    await tb.reset()
    rng = tb.rng
    for _ in range(2000):
        await tb.tick(
            valid_i=1,
            data_i=rng.choice([TICK, TICK, TICK, HALT]),
            ready_i=int(rng.random() < 0.5),
            clear_i=int(rng.random() < 0.05),
        )
    if tb.depth == 4:
        assert tb.model.streamed > 0
    await tb.tick(clear_i=1)
    assert not (await tb.tick(ready_i=1))["valid_o"]
