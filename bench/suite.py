# SPDX-License-Identifier: Apache-2.0
"""Daily use on the emulator: a whole chip there and back, programs in flight, a day, many chips."""

import hashlib
import logging
from pathlib import Path

from report import Report, seconds

from cosim.emulator import Emulator
from cosim.lockstep.compare import run_batch
from cosim.lockstep.programs import random_session
from hal import haldls, lola, stadls
from hal.halco import (
    AtomicNeuronOnDLS,
    BarrierOnFPGA,
    ChipOnDLS,
    PPUMemoryWordOnDLS,
    TimerOnDLS,
    iter_all,
)
from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection

IN_FLIGHT = 1000
CHIPS = 64
NAP_CYCLES = 4_000_000_000  # 32 s in FPGA cycles; the timer has 32 bits
NAPS = 24 * 3600 // 32
HASHES = 100
SECOND = 250_000_000  # chip cycles


def resident_mib() -> float:
    """Memory of this process."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def brought_up(handle: ConnectionHandle) -> None:
    """The stock sequence."""
    builder, _ = stadls.generate(stadls.SystemInit(handle.get_hwdb_entry()[0]))
    stadls.run(handle, builder.done())


def there_and_back(handle: ConnectionHandle, chip: lola.Chip) -> lola.Chip:
    """A whole configuration written and read."""
    builder = stadls.PlaybackProgramBuilder()
    builder.write(ChipOnDLS(), chip)
    builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
    ticket = builder.read(ChipOnDLS())
    builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
    stadls.run(handle, builder.done())
    found: lola.Chip = ticket.get()
    return found


def quiet_second(target: str) -> float:
    """Wall time of a second in which neurons rest at their leak potentials, behind another."""
    chip = lola.Chip()
    for neuron in iter_all(AtomicNeuronOnDLS):
        leak = chip.neuron_block.atomic_neurons[neuron].leak
        leak.v_leak, leak.i_bias = 600, 300
    with ManagedMultiTargetConnection([target]) as handle:
        brought_up(handle)
        builder = stadls.PlaybackProgramBuilder()
        builder.write(ChipOnDLS(), chip)
        builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
        stadls.run(handle, builder.done())
        link = handle.connection.devices[0].target.link
        link.advance(SECOND)
        return seconds(lambda: link.advance(SECOND), 11)


def in_flight(handle: ConnectionHandle) -> int:
    """How many of many programs, sent at once, read what they wrote."""
    programs, tickets = [], []
    place = PPUMemoryWordOnDLS()
    for value in range(IN_FLIGHT):
        builder = stadls.PlaybackProgramBuilder()
        builder.write(place, haldls.PPUMemoryWord(haldls.PPUMemoryWord.Value(value)))
        builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
        tickets.append(builder.read(place))
        builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
        programs.append(builder.done())
    stadls.run_in_flight(handle, programs)
    return sum(int(ticket.get().value) == value for value, ticket in enumerate(tickets))


def nap(handle: ConnectionHandle, count: int) -> None:
    """So many programs that wait 32 s each and read a word."""
    for _ in range(count):
        builder = stadls.PlaybackProgramBuilder()
        builder.write(TimerOnDLS(), haldls.Timer())
        builder.block_until(TimerOnDLS(), haldls.Timer.Value(NAP_CYCLES))
        builder.read(PPUMemoryWordOnDLS())
        builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
        stadls.run(handle, builder.done())


def trace_hash() -> str:
    """Of all words of a session and their cycles."""
    machine = Emulator()
    found = hashlib.sha256()
    for batch in random_session(1, 2000).batches:
        answer = run_batch(machine, batch)
        found.update(answer.words.tobytes() + answer.at.tobytes())
    machine.close()
    return found.hexdigest()


def main() -> None:
    """Take all figures."""
    logging.getLogger("hxcosim").setLevel(logging.ERROR)
    report = Report("suite")
    with ManagedMultiTargetConnection(["emu"]) as handle:
        brought_up(handle)
        chip = lola.Chip()
        wrong = there_and_back(handle, chip) != chip
        report.add("chip that came back changed", wrong, "", "default configuration", at_most=0)
        taken = seconds(lambda: there_and_back(handle, chip), 11)
        how = "whole configuration built, written, read, decoded; median of 11"
        report.add("chip there and back", taken * 1e3, "ms", how, at_most=30)
        report.add("programs in flight", in_flight(handle), "", "right of 1000", at_least=IN_FLIGHT)
        nap(handle, 100)
        before = resident_mib()
        nap(handle, NAPS)
        grown = resident_mib() - before
        how = f"{NAPS} programs of 32 s with an access each, behind 100 to warm up"
        report.add("growth of memory in 24 h", grown, "MiB", how, at_most=1)

    before = resident_mib()
    with ManagedMultiTargetConnection(["emu"] * CHIPS) as many:
        builders = []
        for _ in range(CHIPS):
            builder, _ = stadls.generate(stadls.SystemInit(many.get_hwdb_entry()[0]))
            builder.write(ChipOnDLS(), chip)
            builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
            builders.append(builder)
        stadls.run(many, [builder.done() for builder in builders])
        del builders
        how = f"{CHIPS} configured chips and their programs in one process"
        report.add("memory of 64 chips", resident_mib() - before, "MiB", how, at_most=2048)

    for target, limit in (("emu", 1), ("rtl", 10)):
        how = "wall time, configured core, nothing running; median of 11"
        report.add(f"quiet second, {target}", quiet_second(target) * 1e3, "ms", how, at_most=limit)

    hashes = {trace_hash() for _ in range(HASHES)}
    how = f"of {HASHES} runs of one seed, words and cycles; 1: all equal"
    report.add("different traces", len(hashes), "", how, at_most=1)
    report.finish()


if __name__ == "__main__":
    main()
