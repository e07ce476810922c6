# SPDX-License-Identifier: Apache-2.0
"""What the targets `rtl` and `emu` share: a link below, and the words of programs above."""

import logging
import os
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from cosim.flange.client import Diagnostic, FlangeError, State, ranged, settings
from cosim.flange.record import Record
from cosim.flange.wire import Config
from cosim.recorder import Recordable, Recorder
from hal.hxcomm.target import check_words

__all__ = ["Link", "LinkErrors", "LinkTarget", "chip_seed", "link_errors", "skips"]

#: Seed, and how many frames of 1000 are lost, damaged, repeated.
LinkErrors = tuple[int, int, int, int]

#: Called with each machine that is opened; while there is one, all machines record.
WATCHERS: list[Callable[[Any], None]] = []
#: Reports of a run that are told one by one; the rest is counted.
TOLD = 5
#: Number of different chips.
SEEDS = 2**32
_log = logging.getLogger("hxcosim.machine")


def chip_seed(seed: int | None) -> int:
    """The chip's seed: what is given, else that of the environment, else 0.

    :raises FlangeError: for a variable that is no number of the range.
    """
    text = os.environ.get("HXCOSIM_SEED", "")
    if seed is None and text:
        if not text.isdecimal() or int(text) >= SEEDS:
            raise FlangeError(f"HXCOSIM_SEED is '{text}', but must be a number in [0, {SEEDS - 1}]")
        return int(text)
    return ranged("seed", seed or 0, 0, SEEDS - 1)


def skips(skip: bool | None) -> bool:
    """Whether quiet time is skipped: what is given, else HXCOSIM_SKIP (0 or 1), else yes.

    :raises FlangeError: for a variable that is neither.
    """
    text = os.environ.get("HXCOSIM_SKIP", "")
    if skip is None and text:
        if text not in ("0", "1"):
            raise FlangeError(f"HXCOSIM_SKIP is '{text}', but must be 0 or 1")
        return text == "1"
    return skip is None or skip


def link_errors(errors: LinkErrors | None) -> LinkErrors:
    """Errors on the link between FPGA and chip: what is given, else the environment's, else none.

    :raises FlangeError: for a variable that is not four numbers.
    :raises OverflowError: for numbers out of range.
    """
    text = os.environ.get("HXCOSIM_LINK_ERRORS", "")
    if errors is None and text:
        try:
            seed, lost, damaged, repeated = map(int, text.split(","))
        except ValueError:
            message = "but must be 'seed,lost,damaged,repeated', numbers of frames of 1000"
            raise FlangeError(f"HXCOSIM_LINK_ERRORS is '{text}', {message}") from None
        errors = seed, lost, damaged, repeated
        try:
            settings(link_errors=errors)
        except OverflowError as error:
            raise OverflowError(f"HXCOSIM_LINK_ERRORS is '{text}': {error}") from None
    return errors or (0, 0, 0, 0)


class Link(Recordable, Protocol):
    """What a target needs of its link: a flange connection has it, and the emulator."""

    def configure(
        self, *, skip: bool | None = None, link_errors: LinkErrors | None = None
    ) -> None: ...
    def receive(self) -> NDArray[np.uint64]: ...
    def diagnostics(self) -> list[Diagnostic]: ...


L = TypeVar("L", bound=Link)


class LinkTarget(Generic[L]):
    """A machine behind a link, as a `Target` of the host.

    :param name: name under which it was opened.
    :param link: times, settings, statistics, records.
    :param limit: emulated time after which a run gives up, in cycles of 4 ns; 0: never.
    :param record: keep words and times of both directions, for `record`.
    """

    def __init__(self, name: str, link: L, limit: int = 0, record: bool = False) -> None:
        self._name = name
        self._recorder = Recorder(link) if record else None
        # The recorder has all that the link has.
        self.link: L = link if self._recorder is None else cast("L", self._recorder)
        self._limit = limit
        self.closed = False
        self._diagnostics: list[str] = []
        self._unfinished = False

    def _prepare(self, skip: bool, seed: int | None, errors: LinkErrors | None) -> None:
        """Reset the connection; settings of the start."""
        self.link.reset()
        self.link.configure(skip=skip, link_errors=link_errors(errors))
        self.link.apply({Config.SEED: chip_seed(seed)})
        for watcher in WATCHERS:
            watcher(self)

    @property
    def name(self) -> str:
        """Name of the target."""
        return self._name

    @property
    def diagnostics(self) -> list[str]:
        """What the system reported since the last reset: cycle, kind, data."""
        self._collect()
        return list(self._diagnostics)

    def _collect(self) -> None:
        new = [str(report) for report in self.link.diagnostics()]
        self._diagnostics += new
        for report in new[:TOLD]:
            _log.warning("%s: %s", self._name, report)
        if len(new) > TOLD:
            _log.warning("%s: and %d further reports of this run", self._name, len(new) - TOLD)

    def send(self, words: NDArray[np.uint64]) -> None:
        """Queue words; no time passes. :raises TypeError: unless they are a vector of uint64."""
        words = check_words(words)
        if words.size:
            self.link.send(words)
            self._unfinished = True

    def run(self, deliver: Callable[[NDArray[np.uint64]], None] | None = None) -> None:
        """Run until every queued halt is answered; at once if nothing was sent.

        :param deliver: called with many answers while the machine runs, if its link can do that.
        :raises FlangeError: if words were sent without a halt, at the limit of emulated time, and
            if the simulation has died.
        """
        if self._unfinished:
            self._run(deliver)
            self._unfinished = False
            self._collect()

    def _run(self, deliver: Callable[[NDArray[np.uint64]], None] | None) -> None:
        self.link.run(self._limit)

    def receive(self) -> NDArray[np.uint64]:
        """All words since the last call that were not delivered."""
        return self.link.receive()

    def reset(self) -> None:
        """Reset the connection: queued words, answers and diagnostics are gone, memories stay."""
        self.link.reset()
        self.link.diagnostics()
        self._diagnostics.clear()
        self._unfinished = False

    def close(self) -> None:
        """End the simulation if it is ours, else leave it; a second call does nothing."""
        self.closed = True
        self.link.close()

    def record(self) -> Record:
        """Words and times since the start. :raises FlangeError: without `record=True`."""
        if self._recorder is None:
            raise FlangeError("nothing was recorded: open the target with record=True")
        return self._recorder.record()

    @property
    def now(self) -> int:
        """Emulated time since power-on, in cycles of 4 ns."""
        return self.stats().now

    def stats(self) -> State:
        """Where the simulation stands, what was clocked and what was skipped."""
        return self.link.stats()
