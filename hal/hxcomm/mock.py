# SPDX-License-Identifier: Apache-2.0
"""The zero mock: a target without a machine.

It answers each Omnibus read with 0 and copies each halt.
Ticks and JTAG are not supported: they stay unanswered (reference of the FPGA interface,
section 8.4), which `diagnostics` tells.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA
from hal.hxcomm.target import TargetError, check_words

__all__ = ["MockTarget"]

_ID_SHIFT = np.uint64(PHYWORD_WIDTH - HEADER_WIDTH)
_COMMA = np.uint64(1 << (PHYWORD_WIDTH - 1))
_ADDRESS, _LOOPBACK, _JTAG = (TO_FPGA[n] for n in ("OmnibusAddress", "Loopback", "JtagData"))
_READ = np.uint64(_ADDRESS.pack(is_read=1))
_TICK = np.uint64(_LOOPBACK.pack(tick=1))
_KEEP = np.uint64(_JTAG.pack(keep_response=1))
_ZERO_DATA = np.uint64(FROM_FPGA["OmnibusData"].word())
_HALT = np.uint64(FROM_FPGA["Loopback"].word())


class MockTarget:
    """The target `mock`."""

    def __init__(self) -> None:
        self._queue: list[NDArray[np.uint64]] = []
        self._answers: list[NDArray[np.uint64]] = []
        self._diagnostics: list[str] = []
        self._open = True

    @property
    def name(self) -> str:
        """`mock`."""
        return "mock"

    @property
    def diagnostics(self) -> list[str]:
        """What was not answered since the last reset, and why."""
        return list(self._diagnostics)

    def send(self, words: NDArray[np.uint64]) -> None:
        """Queue words. :raises TypeError: unless they are a vector of uint64."""
        self._check_open()
        self._queue.append(check_words(words).copy())

    def run(self, deliver: Callable[[NDArray[np.uint64]], None] | None = None) -> None:
        """Answer everything up to the last queued halt; what is behind it stays queued."""
        self._check_open()
        if not self._queue:
            return
        words = np.concatenate(self._queue)
        ids = words >> _ID_SHIFT
        halts = np.flatnonzero((ids == _LOOPBACK.id) & (words & _TICK == 0))
        if not len(halts):
            return
        end = int(halts[-1]) + 1
        self._queue = [words[end:]] if end < len(words) else []
        self._answer(words[:end], ids[:end])

    def receive(self) -> NDArray[np.uint64]:
        """All answers since the last call."""
        self._check_open()
        answers = self._answers
        self._answers = []
        return np.concatenate(answers) if answers else np.empty(0, np.uint64)

    def reset(self) -> None:
        """Forget queued words, answers and diagnostics."""
        self._check_open()
        self._queue, self._answers, self._diagnostics = [], [], []

    def close(self) -> None:
        """No further use; a second call does nothing."""
        self._open = False

    def _check_open(self) -> None:
        if not self._open:
            raise TargetError("the target 'mock' is closed; open a new one")

    def _answer(self, words: NDArray[np.uint64], ids: NDArray[np.uint64]) -> None:
        reads = (ids == _ADDRESS.id) & (words & _READ != 0)
        loopbacks = ids == _LOOPBACK.id
        ticks = loopbacks & (words & _TICK != 0)
        unknown = np.flatnonzero((ids >= len(TO_FPGA)) & (words & _COMMA == 0))
        jtag = np.count_nonzero((ids == _JTAG.id) & (words & _KEEP != 0))
        if np.any(ticks):
            self._diagnostics.append(
                f"zero mock: {np.count_nonzero(ticks)} ticks are not answered (not supported)"
            )
        if jtag:
            self._diagnostics.append(
                f"zero mock: {jtag} JTAG reads are not answered (not supported)"
            )
        for index in unknown:
            self._diagnostics.append(
                f"zero mock: unknown header {ids[index]} in word 0x{words[index]:016x} is ignored"
            )
        halts = loopbacks & ~ticks
        answered = reads | halts
        self._answers.append(np.where(halts[answered], _HALT, _ZERO_DATA))
