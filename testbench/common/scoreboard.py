# SPDX-License-Identifier: Apache-2.0
"""Scoreboard that compares while the simulation runs."""

from collections import deque
from typing import Any

from cocotb.utils import get_sim_time

from .clocked import PERIOD_NS


class Scoreboard:
    """Expected items in order; a mismatch shows the last 20 transactions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.checked = 0
        self._expected: deque[Any] = deque()
        self._last: deque[str] = deque(maxlen=20)

    def expect(self, *items: Any) -> None:
        """Add items that shall come next."""
        self._expected.extend(items)

    def check(self, got: Any) -> None:
        """Compare one item with the next expected one."""
        cycle = int(get_sim_time("ns") / PERIOD_NS)
        wanted = self._expected.popleft() if self._expected else "nothing"
        self._last.append(f"cycle {cycle}: {_text(got)}")
        if got != wanted:
            history = "\n    ".join(self._last)
            raise AssertionError(
                f"{self.name}: cycle {cycle}, transaction {self.checked}: "
                f"expected {_text(wanted)}, got {_text(got)}; last transactions:\n    {history}"
            )
        self.checked += 1

    def finish(self) -> None:
        """Assert that something was checked and nothing is missing."""
        assert self.checked, f"{self.name}: nothing was checked"
        assert not self._expected, (
            f"{self.name}: {len(self._expected)} items are missing, the first is "
            f"{_text(self._expected[0])}"
        )


def _text(item: Any) -> str:
    return hex(item) if isinstance(item, int) else str(item)
