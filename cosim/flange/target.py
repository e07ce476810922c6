# SPDX-License-Identifier: Apache-2.0
"""The target `rtl`: the Verilated system over the link."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cosim.flange.build import server
from cosim.flange.client import Connection, FlangeError, Server, State
from cosim.flange.record import Record
from hal.hxcomm.target import check_words

__all__ = ["RtlTarget"]


class RtlTarget:
    """A Verilated system: one that is started for this, or a running one at a location.

    :param location: `host:port` of a running simulation; by default one is built and started.
    :param waves: file for a waveform (FST, or VCD where its headers are missing).
    :param waves_from: first cycle (4 ns) of the waveform.
    :param waves_to: last cycle of the waveform; 0: to the end.
    :param record: keep words and times, for `link.record()`.
    :param skip: jump over cycles in which only time passes; no answer depends on it.
    :param limit: emulated time after which a run gives up, in cycles; 0: never.
    :param binary: another server than that of the real system.
    :raises FlangeError: if the simulation cannot be started or reached, or for a location that is
        not `host:port`.
    """

    def __init__(
        self,
        location: str | None = None,
        *,
        waves: str | Path | None = None,
        waves_from: int = 0,
        waves_to: int = 0,
        record: bool = False,
        skip: bool = True,
        limit: int = 0,
        binary: Path | None = None,
    ) -> None:
        process = None
        if location is None:
            process = Server(binary or server(trace=waves is not None))
            host, port = process.host, process.port
        else:
            host, port = _endpoint(location)
        #: The connection below: times, settings, statistics, records.
        self.link = Connection(host, port, process, record=record)
        self._limit = limit
        self._diagnostics: list[str] = []
        self._unfinished = False
        try:
            self.link.reset()
            self.link.configure(skip=skip)
            if waves is not None:
                self.link.waves(waves, waves_from, waves_to)
        except BaseException:
            self.link.close()
            raise

    @property
    def name(self) -> str:
        """`rtl`."""
        return "rtl"

    @property
    def diagnostics(self) -> list[str]:
        """What the system reported since the last reset: cycle, kind, data."""
        self._diagnostics += map(str, self.link.diagnostics())
        return list(self._diagnostics)

    def send(self, words: NDArray[np.uint64]) -> None:
        """Queue words; no time passes. :raises TypeError: unless they are a vector of uint64."""
        words = check_words(words)
        if words.size:
            self.link.send(words)
            self._unfinished = True

    def run(self) -> None:
        """Run until every queued halt is answered; at once if nothing was sent.

        :raises FlangeError: if words were sent without a halt, at the limit of emulated time, and
            if the simulation has died.
        """
        if self._unfinished:
            self.link.run(self._limit)
            self._unfinished = False

    def receive(self) -> NDArray[np.uint64]:
        """All words since the last call."""
        return self.link.receive()

    def reset(self) -> None:
        """Reset the connection: queued words, answers and diagnostics are gone, memories stay."""
        self.link.reset()
        self.link.diagnostics()
        self._diagnostics.clear()
        self._unfinished = False

    def close(self) -> None:
        """End the simulation if it is ours, else leave it; a second call does nothing."""
        self.link.close()

    @property
    def now(self) -> int:
        """Emulated time since power-on, in cycles of 4 ns."""
        return self.link.state.now

    def stats(self) -> State:
        """Where the simulation stands, what was clocked and what was skipped."""
        return self.link.stats()

    def record(self) -> Record:
        """Words and times since the start. :raises FlangeError: without `record=True`."""
        return self.link.record()


def _endpoint(location: str) -> tuple[str, int]:
    host, _, port = location.rpartition(":")
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise FlangeError(f"location '{location}' must be host:port with a port in 1..65535")
    return host or "127.0.0.1", int(port)
