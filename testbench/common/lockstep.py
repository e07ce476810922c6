# SPDX-License-Identifier: Apache-2.0
"""Runs a design and its model side by side, compared in every cycle."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from cocotb.triggers import ReadOnly, RisingEdge

from .clocked import Clocked


class Lockstep(Clocked):
    """A design whose `model.step(inputs)` gives the outputs of a cycle and moves on by one.

    Outputs that the model leaves out are not compared in that cycle.
    """

    def __init__(self, dut: Any, model: Any, inputs: Mapping[str, int]) -> None:
        """:param inputs: names of all inputs but clock and reset, with their idle values."""
        super().__init__(dut)
        self.model = model
        self.idle = dict(inputs)
        self.count = 0
        self.compared = 0
        self._values = dict(inputs)
        self._inputs = {name: getattr(dut, name) for name in inputs}
        self._outputs: dict[str, Any] = {}
        self._last: deque[str] = deque(maxlen=20)
        for name, value in inputs.items():
            self._inputs[name].value = value

    async def cycle(self, **inputs: int) -> dict[str, int]:
        """One clock cycle with these inputs, the others idle; gives the expected outputs."""
        given = {**self.idle, **inputs}
        for name, value in given.items():
            if self._values[name] != value:
                self._inputs[name].value = value
                self._values[name] = value
        expected: dict[str, int] = self.model.step(given)
        await ReadOnly()
        self._last.append(f"cycle {self.count}: {inputs} -> {expected}")
        for name, wanted in expected.items():
            if name not in self._outputs:
                self._outputs[name] = getattr(self.dut, name)
            got = int(self._outputs[name].value)
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
