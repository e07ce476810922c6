# SPDX-License-Identifier: Apache-2.0
"""Source and sink of a valid/ready stream, with gaps between the transfers."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, Event, RisingEdge


def no_gaps() -> Iterator[int]:
    """Transfers back to back."""
    return repeat(0)


def random_gaps(rng: random.Random, longest: int = 6) -> Iterator[int]:
    """Half of the transfers follow at once, the others after 1 to `longest` cycles."""
    while True:
        yield rng.randint(1, longest) if rng.random() < 0.5 else 0


class _Stream:
    """Handles of one stream; `en` is the clock enable that both sides obey."""

    def __init__(self, clk: Any, valid: Any, ready: Any, data: Any, en: Any | None) -> None:
        self.clk, self.valid, self.ready, self.data, self.en = clk, valid, ready, data, en

    async def _edge(self) -> None:
        """Wait for the next enabled clock edge; values are those before the edge."""
        await RisingEdge(self.clk)
        while self.en is not None and not self.en.value:
            await RisingEdge(self.clk)


class Source(_Stream):
    """Sends items; `gaps` gives the cycles without valid before each one."""

    def __init__(
        self,
        clk: Any,
        valid: Any,
        ready: Any,
        data: Any,
        *,
        en: Any | None = None,
        gaps: Iterator[int] | None = None,
    ) -> None:
        super().__init__(clk, valid, ready, data, en)
        self.gaps = gaps or no_gaps()
        self.sent = 0
        self._queue: deque[int] = deque()
        self._more, self._empty = Event(), Event()
        valid.value = 0
        cocotb.start_soon(self._run())

    def send(self, *items: int) -> None:
        """Queue items."""
        self._queue.extend(items)
        self._empty.clear()
        self._more.set()

    async def drained(self) -> None:
        """Wait until every queued item has been transferred."""
        if self._queue:
            await self._empty.wait()

    async def _run(self) -> None:
        while True:
            if not self._queue:
                self.valid.value = 0
                self._empty.set()
                self._more.clear()
                await self._more.wait()
                await self._edge()
            if gap := next(self.gaps):
                self.valid.value = 0
                await ClockCycles(self.clk, gap)
            self.valid.value = 1
            self.data.value = self._queue[0]
            await self._edge()
            while not self.ready.value:
                await self._edge()
            self._queue.popleft()
            self.sent += 1


class Sink(_Stream):
    """Receives items into `received` and `check`; `gaps` gives the cycles without ready."""

    def __init__(
        self,
        clk: Any,
        valid: Any,
        ready: Any,
        data: Any,
        *,
        en: Any | None = None,
        gaps: Iterator[int] | None = None,
        check: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(clk, valid, ready, data, en)
        self.gaps = gaps or no_gaps()
        self.received: list[int] = []
        self.check = check
        #: While set, ready stays 0.
        self.blocked = False
        ready.value = 0
        self._waiting: list[tuple[int, Event]] = []
        cocotb.start_soon(self._run())

    async def wait_for(self, count: int) -> None:
        """Wait until `count` items have been received in all."""
        if len(self.received) < count:
            event = Event()
            self._waiting.append((count, event))
            await event.wait()

    async def _run(self) -> None:
        while True:
            gap = next(self.gaps)
            if gap or self.blocked:
                self.ready.value = 0
                await ClockCycles(self.clk, max(gap, 1))
                while self.blocked:
                    await RisingEdge(self.clk)
            self.ready.value = 1
            await self._edge()
            while not self.valid.value:
                await self._edge()
            item = int(self.data.value)
            self.received.append(item)
            if self.check:
                self.check(item)
            for count, event in self._waiting:
                if len(self.received) >= count:
                    event.set()
