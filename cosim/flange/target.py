# SPDX-License-Identifier: Apache-2.0
"""The target `rtl`: the Verilated system over the link."""

from pathlib import Path
from typing import Any

from cosim.flange.build import server
from cosim.flange.client import Connection, FlangeError, Server
from cosim.target import WATCHERS, LinkErrors, LinkTarget, skips

__all__ = ["RtlTarget", "SimTarget"]


class RtlTarget(LinkTarget[Connection]):
    """A Verilated system: one that is started for this, or a running one at a location.

    :param location: `host:port` of a running simulation; by default one is built and started.
    :param waves: file for a waveform (FST, or VCD where its headers are missing).
    :param waves_from: first cycle (4 ns) of the waveform.
    :param waves_to: last cycle of the waveform; 0: to the end.
    :param record: keep words and times, for `record`.
    :param seed: of the chip, 0 is the ideal one; default HXCOSIM_SEED, or 0.
    :param link_errors: between FPGA and chip: seed, and how many frames of 1000 are lost, damaged,
        repeated; default HXCOSIM_LINK_ERRORS, or none.
    :param untouched: leave out the reset of the connection and the settings.
    :param skip: jump over cycles in which only time passes; no answer depends on it. Default
        HXCOSIM_SKIP, or yes.
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
        untouched: bool = False,
        skip: bool | None = None,
        limit: int = 0,
        seed: int | None = None,
        link_errors: LinkErrors | None = None,
        binary: Path | None = None,
    ) -> None:
        skip, record = skips(skip), record or (bool(WATCHERS) and not untouched)
        process = None
        if location is None:
            process = Server(binary or server(trace=waves is not None))
            host, port = process.host, process.port
        else:
            host, port = _endpoint(location)
        super().__init__("rtl", Connection(host, port, process), limit, record)
        try:
            if not untouched:
                self._prepare(skip, seed, link_errors)
            if waves is not None:
                self.link.waves(waves, waves_from, waves_to)
        except BaseException:
            self.link.close()
            raise


class SimTarget(RtlTarget):
    """The target `sim`: a simulation that runs already, and goes on after the connection.

    :param location: `host:port`.
    :raises FlangeError: if nothing answers there, or it refuses.
    """

    def __init__(self, location: str, **options: Any) -> None:
        super().__init__(location, **options)

    @property
    def name(self) -> str:
        """`sim`."""
        return "sim"


def _endpoint(location: str) -> tuple[str, int]:
    host, _, port = location.rpartition(":")
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise FlangeError(f"location '{location}' must be host:port with a port in 1..65535")
    return host or "127.0.0.1", int(port)
