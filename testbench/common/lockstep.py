# SPDX-License-Identifier: Apache-2.0
"""Runs a design and its model side by side, compared in every cycle."""

from collections import deque
from collections.abc import Mapping
from random import Random
from typing import Any, ClassVar

from cocotb.triggers import ReadOnly, RisingEdge

from .clocked import Clocked


class Lockstep(Clocked):
    """A design whose `model.step(inputs)` gives the outputs of a cycle and moves on by one.

    Outputs that the model leaves out are not compared in that cycle; of an output that it gives
    as a pair (value, mask) only the bits of the mask count.
    """

    #: Outputs that `cycle` leaves in `seen` without comparing them.
    watch: tuple[str, ...] = ()

    def __init__(self, dut: Any, model: Any, inputs: Mapping[str, int]) -> None:
        """:param inputs: names of all inputs but clock and reset, with their idle values."""
        super().__init__(dut)
        self.model = model
        self.idle = dict(inputs)
        self.count = 0
        self.compared = 0
        self.seen: dict[str, int] = {}
        self._values = dict(inputs)
        self._inputs = {name: getattr(dut, name) for name in inputs}
        self._outputs: dict[str, Any] = {}
        self._last: deque[str] = deque(maxlen=20)
        for name, value in inputs.items():
            self._inputs[name].value = value

    async def cycle(self, **inputs: int) -> dict[str, Any]:
        """One clock cycle with these inputs, the others idle; gives the expected outputs."""
        given = {**self.idle, **inputs}
        self._drive(given)
        expected: dict[str, Any] = self.model.step(given)
        await ReadOnly()
        self.seen = {name: int(getattr(self.dut, name).value) for name in self.watch}
        self._last.append(f"cycle {self.count}: {inputs} -> {expected}")
        for name, wanted in expected.items():
            if name not in self._outputs:
                self._outputs[name] = getattr(self.dut, name)
            got = int(self._outputs[name].value)
            if isinstance(wanted, tuple):
                wanted, mask = wanted
                got &= mask
            if got != wanted:
                history = "\n    ".join(self._last)
                raise AssertionError(
                    f"cycle {self.count}: {name} is expected {wanted:#x}, got {got:#x}; "
                    f"last cycles:\n    {history}"
                )
            self.compared += 1
        self.count += 1
        await RisingEdge(self.clk)
        return expected

    def _drive(self, given: Mapping[str, int]) -> None:
        for name, value in given.items():
            if self._values[name] != value:
                self._inputs[name].value = value
                self._values[name] = value


class Ticked(Lockstep):
    """A block of the FPGA half: one call of the model is one tick, `tick_time_i` is its number.

    Now and then a cycle without `tick_i` comes before a tick; nothing may change in it.
    """

    #: Outputs that count ticks and therefore change while a block is idle.
    counting: frozenset[str] = frozenset()
    #: Inputs that act without `tick_i`, with their idle values.
    between: ClassVar[Mapping[str, int]] = {}

    def __init__(
        self, dut: Any, model: Any, inputs: Mapping[str, int], rng: Random, start: int = 0
    ) -> None:
        """:param start: the first tick."""
        super().__init__(dut, model, {"tick_i": 1, **inputs})
        self.rng = rng
        self.now = start
        self.timed = "tick_time_i" in inputs
        self.skipped = 0
        self.watch = tuple(name for name in ("idle_o", "next_o") if hasattr(dut, name))

    async def tick(self, **inputs: int) -> dict[str, Any]:
        """One tick with these inputs."""
        if self.timed:
            inputs["tick_time_i"] = self.now
        if self.rng.random() < 0.05:
            self._drive({**self.idle, **inputs, **self.between, "tick_i": 0})
            await ReadOnly()
            await RisingEdge(self.clk)
        expected = await self.cycle(**inputs)
        self.now += 1
        return expected

    async def wait(self, ticks: int, **inputs: int) -> None:
        """Let `ticks` ticks pass, without those that the block allows to skip.

        The model goes through the skipped ones too: they must all look like the one before.
        """
        end = self.now + ticks
        while self.now < end:
            before = await self.tick(**inputs)
            if not self.seen["idle_o"]:
                continue
            allowed = min(self.seen.get("next_o", end), end)
            while self.now < allowed:
                given = {**self.idle, **inputs, "tick_time_i": self.now}
                silent = self.model.step(given)
                missed = {k for k in silent.keys() | before if silent.get(k) != before.get(k)}
                assert not missed - self.counting, (
                    f"tick {self.now} may not be skipped: {silent}, but {before} before it"
                )
                self.now += 1
                self.skipped += 1
