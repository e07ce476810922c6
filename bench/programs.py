# SPDX-License-Identifier: Apache-2.0
"""Programs: build, send and evaluate, and the import of the whole stack."""

import time

import numpy as np
from containers import import_seconds
from numpy.typing import NDArray
from report import Report, seconds
from words import SPIKES, stream

from hal import halco, haldls, stadls
from hal.hxcomm import ManagedMultiZeroMockConnection, ZeroMockEntry
from hal.hxcomm.connection import Connection, zero_mock_device
from hal.hxcomm.mock import MockTarget
from hal.stadls import PlaybackProgram, PlaybackProgramBuilder, SystemInit, generate

TIMED = 1_000_000
IMPORTS = ("dlens_vx_v3", "dlens_vx_v3.sta, dlens_vx_v3.halco, dlens_vx_v3.hxcomm")


class Replay(MockTarget):
    """Answers every run with the same words."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        super().__init__()
        self.words = words

    def run(self, deliver: object = None) -> None:
        self._queue = []

    def receive(self) -> NDArray[np.uint64]:
        return self.words


def spike_program(times: NDArray[np.uint32], labels: NDArray[np.uint16]) -> PlaybackProgram:
    """Timer reset and timed spikes."""
    builder = PlaybackProgramBuilder()
    builder.write(halco.TimerOnDLS(), haldls.Timer())
    builder.write_spikes(times, labels)
    return builder.done()


def main() -> None:
    """Take all figures."""
    report = Report("programs")
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.integers(2, 250, TIMED), dtype=np.uint32)
    labels = rng.integers(0, 1 << 16, TIMED, dtype=np.uint16)
    how = f"{TIMED:.0e} times and labels to a finished program; median of 7"
    for clock, what in ((time.perf_counter, "wall"), (time.process_time, "processor")):
        taken = seconds(lambda: spike_program(times, labels), clock=clock)
        report.add(f"build timed spikes, {what} time", taken, "s", how, at_most=0.02)

    for pack in (3, 1):
        words = stream(pack)
        connection = Connection([zero_mock_device(Replay(words))])
        program = PlaybackProgram()

        def evaluate(program: PlaybackProgram = program, live: Connection = connection) -> None:
            stadls.run(live, program)
            assert len(program.spikes.to_numpy()) == SPIKES

        how = f"{SPIKES:.1e} spikes: run, then program.spikes.to_numpy(); median of 5"
        for clock, what in ((time.perf_counter, "wall"), (time.process_time, "processor")):
            taken = seconds(evaluate, 5, clock)
            name = f"spikes of a program, packs of {pack}, {what} time"
            report.add(name, taken, "s", how, at_most=0.19)
        del words, connection, program

    with ManagedMultiZeroMockConnection() as mock:
        builder = PlaybackProgramBuilder()
        builder.read(halco.CADCConfigOnDLS())
        program = builder.done()
        taken = seconds(lambda: [stadls.run(mock, program) for _ in range(100)]) / 100
        report.add("round trip on the mock", taken * 1e6, "us", "one read; median of 7 times 100")
        programs = [PlaybackProgram() for _ in range(1000)]
        taken = seconds(lambda: stadls.run_in_flight(mock, programs))
        report.add("1000 programs in flight", taken, "s", "empty ones on the mock; median of 7")
    taken = seconds(lambda: generate(SystemInit(ZeroMockEntry())))
    report.add("bring-up sequence", taken * 1e3, "ms", "348 words; median of 7")

    for modules in IMPORTS:
        taken = import_seconds(modules)
        how = "processor time with NumPy, fresh interpreter with byte code"
        report.add(f"import {modules}", taken, "s", how, at_most=0.25)
    report.finish()


if __name__ == "__main__":
    main()
