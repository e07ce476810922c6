# SPDX-License-Identifier: Apache-2.0
"""First light: one session through everything that a system must have before anything else works.

Reset and identity, link and time, both processor memories over both routes, spikes through the
chip and back. The programs use the host's typed layers only and run on any connection.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hal import halco
from hal import haldls as hal
from hal import stadls as sta
from hal.fisch.access import Backend
from hal.hxcomm.connection import Connection

__all__ = ["PACKS", "Row", "run"]

#: FPGA cycles.
RESET, AFTER_RESET, LINK_WAIT, SPIKE_PERIOD, DRAIN = 10, 100, 10_000, 10, 500
JTAG_SCALER = 3
JTAG_WORDS = 64
PACKS = 1000
#: An event must reach the trace within so many FPGA cycles for its time to be known.
TIME_WINDOW = 128


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary."""

    what: str
    sent: int
    received: int
    wrong: int
    note: str = ""

    @property
    def passed(self) -> bool:
        """Everything came back, and as it should."""
        return self.wrong == 0 and self.received == self.sent


def _timer_wait(builder: sta.PlaybackProgramBuilder, ticks: int) -> None:
    builder.write(halco.TimerOnDLS(), hal.Timer())
    builder.block_until(halco.TimerOnDLS(), hal.Timer.Value(ticks))


def _bring_up(connection: Connection) -> Iterator[Row]:
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.ResetChipOnDLS(), hal.ResetChip(True))
    _timer_wait(builder, RESET)
    builder.write(halco.ResetChipOnDLS(), hal.ResetChip(False))
    _timer_wait(builder, AFTER_RESET)
    builder.write(
        halco.JTAGClockScalerOnDLS(), hal.JTAGClockScaler(hal.JTAGClockScaler.Value(JTAG_SCALER))
    )
    builder.write(halco.ResetJTAGTapOnDLS(), hal.ResetJTAGTap())
    identity = builder.read(halco.JTAGIdCodeOnDLS())
    for coord in halco.iter_all(halco.PhyConfigFPGAOnDLS):
        builder.write(coord, hal.PhyConfigFPGA())
    for chip_coord in halco.iter_all(halco.PhyConfigChipOnDLS):
        builder.write(chip_coord, hal.PhyConfigChip())
    builder.write(halco.CommonPhyConfigFPGAOnDLS(), hal.CommonPhyConfigFPGA())
    builder.write(
        halco.CommonPhyConfigChipOnDLS(), hal.CommonPhyConfigChip(), Backend.OmnibusChipOverJTAG
    )
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.jtag)
    _timer_wait(builder, LINK_WAIT)
    builder.write(halco.SystimeSyncBaseOnDLS(), hal.SystimeSyncBase())
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    builder.write(halco.SystimeSyncOnFPGA(), hal.SystimeSync(True))
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.systime)
    round_trip = builder.read(halco.FPGASystimeSyncLastRTTOnFPGA())
    program = builder.done()
    sta.run(connection, program)
    code = identity.get()
    version = int(code.version)
    yield Row("chip identity over JTAG", 1, 1, int(version != 3), f"version {version}")
    links = len(program.highspeed_link_notifications)
    yield Row("PHYs that came up", halco.PhyConfigFPGAOnDLS.size, links, 0)
    ticks = int(round_trip.get().value)
    yield Row("time synchronised", 1, 1, int(ticks == 0), f"round trip {8 * ticks} ns")


def _memories(connection: Connection, random: np.random.Generator) -> Iterator[Row]:
    for memory in halco.iter_all(halco.PPUMemoryOnDLS):
        size = halco.PPUMemoryWordOnPPU.size
        values = random.integers(0, 2**32, size, dtype=np.uint32)
        first = int(memory) * size
        numbers = np.arange(first, first + size)
        builder = sta.PlaybackProgramBuilder()
        builder.write_access(
            hal.PPUMemoryWord.write_column_access(numbers, {"value": values}, Backend.Omnibus)
        )
        builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
        ticket = builder.read(memory)
        builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
        sta.run(connection, builder.done())
        back = np.array([int(w.value) for w in ticket.get().words], np.uint32)
        wrong = int(np.count_nonzero(back != values))
        yield Row(f"{memory}: words over the link", size, len(back), wrong)

        chosen = np.sort(random.choice(size, JTAG_WORDS, replace=False))
        coords = [
            halco.PPUMemoryWordOnDLS(halco.PPUMemoryWordOnPPU(i), memory.toPPUOnDLS())
            for i in chosen.tolist()
        ]
        values = random.integers(0, 2**32, JTAG_WORDS, dtype=np.uint32)
        builder = sta.PlaybackProgramBuilder()
        route = Backend.OmnibusChipOverJTAG
        tickets = []
        for coord, value in zip(coords, values.tolist(), strict=True):
            builder.write(coord, hal.PPUMemoryWord(hal.PPUMemoryWord.Value(value)), route)
            tickets.append(builder.read(coord, route))
        builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.jtag)
        sta.run(connection, builder.done())
        back = np.array([int(t.get().value) for t in tickets], np.uint32)
        wrong = int(np.count_nonzero(back != values))
        yield Row(f"{memory}: words over JTAG", JTAG_WORDS, len(back), wrong)


def _spikes(connection: Connection, random: np.random.Generator) -> Iterator[Row]:
    packs = (
        (1, halco.SpikePack1ToChipOnDLS(), hal.SpikePack1ToChip),
        (2, halco.SpikePack2ToChipOnDLS(), hal.SpikePack2ToChip),
        (3, halco.SpikePack3ToChipOnDLS(), hal.SpikePack3ToChip),
    )
    for count, coord, container in packs:
        labels = random.integers(0, 2**16, (PACKS, count))
        builder = sta.AbsoluteTimePlaybackProgramBuilder()
        for index, row in enumerate(labels.tolist()):
            pack = container([halco.SpikeLabel(label) for label in row])
            builder.write(hal.Timer.Value((index + 1) * SPIKE_PERIOD), coord, pack)
        whole = builder.done()
        whole.block_until(halco.TimerOnDLS(), hal.Timer.Value((PACKS + 1) * SPIKE_PERIOD + DRAIN))
        program = whole.done()
        sta.run(connection, program)
        spikes = program.spikes.to_numpy()
        sent, got = Counter(labels.ravel().tolist()), Counter(spikes["label"].tolist())
        chip, fpga = spikes["chip_time"].astype(np.int64), spikes["fpga_time"].astype(np.int64)
        late = int(np.count_nonzero((fpga - chip < 0) | (fpga - chip >= TIME_WINDOW)))
        backwards = int(np.count_nonzero(np.diff(fpga) < 0))
        wrong = sum((got - sent).values()) + late + backwards
        note = f"chip to trace {8 * (fpga - chip).min()}..{8 * (fpga - chip).max()} ns"
        yield Row(f"spikes in packs of {count}", labels.size, len(spikes), wrong, note)


def run(connection: Connection, seed: int) -> Iterator[Row]:
    """Run everything; a row for each thing as soon as it is known.

    :param seed: of the random memory contents and labels.
    """
    random = np.random.default_rng(seed)
    yield from _bring_up(connection)
    yield from _memories(connection, random)
    yield from _spikes(connection, random)
