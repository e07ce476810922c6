# SPDX-License-Identifier: Apache-2.0
"""Programs on a machine: identity, routes, time, events, timeouts, several in flight."""

import logging
import threading

import numpy as np
import pytest

from hal import halco, stadls
from hal import haldls as hal
from hal.fisch import Backend
from hal.hwdb import HXCubeSetupEntry
from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection
from hal.stadls import AbsoluteTimePlaybackProgramBuilder, PlaybackProgramBuilder, SystemInit
from hal.stadls.errors import InstructionTimeoutError

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
WORD = halco.PPUMemoryWordOnDLS()
PATTERN = 0xDEADBEEF


def bring_up(connection: ConnectionHandle) -> None:
    """The stock sequence."""
    builder, _ = stadls.generate(SystemInit(connection.get_hwdb_entry()[0]))
    stadls.run(connection, builder.done())


@pytest.fixture
def connection(shared: ConnectionHandle) -> ConnectionHandle:
    """A machine after bring-up."""
    bring_up(shared)
    return shared


def finish(builder: PlaybackProgramBuilder, connection: ConnectionHandle) -> stadls.PlaybackProgram:
    """Wait for all answers and run."""
    both = hal.Barrier()
    both.enable_omnibus = both.enable_jtag = True
    builder.block_until(BARRIER, both)
    program = builder.done()
    stadls.run(connection, program)
    return program


def memory_word(number: int) -> hal.PPUMemoryWord:
    return hal.PPUMemoryWord(hal.PPUMemoryWord.Value(number))


def test_identity(connection: ConnectionHandle) -> None:
    builder = PlaybackProgramBuilder()
    chip = builder.read(halco.JTAGIdCodeOnDLS())
    dna = builder.read(halco.FPGADeviceDNAOnFPGA())
    finish(builder, connection)
    (entry,) = connection.get_hwdb_entry()
    assert isinstance(entry, HXCubeSetupEntry)
    wing = entry.fpgas[0].wing
    assert wing is not None and int(chip.get().version) == wing.chip_revision
    assert int(dna.get().value) == entry.fpgas[0].get_dna_port()
    assert connection.get_unique_identifier() == ["hxcube9fpga0chip12_1"]


@pytest.mark.parametrize("write", [Backend.Omnibus, Backend.OmnibusChipOverJTAG])
@pytest.mark.parametrize("read", [Backend.Omnibus, Backend.OmnibusChipOverJTAG])
def test_both_routes_reach_the_same_memory(
    connection: ConnectionHandle, write: Backend, read: Backend
) -> None:
    builder = PlaybackProgramBuilder()
    number = PATTERN + int(write) + int(read)
    builder.write(WORD, memory_word(number), write)
    both = hal.Barrier()
    both.enable_omnibus = both.enable_jtag = True
    builder.block_until(BARRIER, both)
    ticket = builder.read(WORD, read)
    finish(builder, connection)
    assert ticket.get() == memory_word(number)


def test_timer(connection: ConnectionHandle) -> None:
    builder = PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    before = builder.read(TIMER)
    builder.block_until(TIMER, hal.Timer.Value(10_000))
    after = builder.read(TIMER)
    finish(builder, connection)
    assert int(before.get().get()) < 100
    assert 10_000 <= int(after.get().get()) < 10_100
    assert int(after.fpga_time) > int(before.fpga_time) + 9_900


def test_absolute_times_are_exact(connection: ConnectionHandle) -> None:
    builder = AbsoluteTimePlaybackProgramBuilder()
    times = [5000, 100, 2000, 101, 77_777]
    tickets = [builder.read(time, halco.NullPayloadReadableOnFPGA()) for time in times]
    finish(builder.done(), connection)
    arrived = [int(ticket.fpga_time) for ticket in tickets]
    assert {a - t for a, t in zip(arrived, times, strict=True)} == {arrived[0] - times[0]}


def test_spikes_come_back(connection: ConnectionHandle) -> None:
    """After bring-up the crossbar sends what comes from the FPGA back on its channel."""
    count = 4096
    times = 1000 + 10 * np.arange(count, dtype=np.uint32)
    labels = np.random.default_rng(5).permutation(1 << 16)[:count].astype(np.uint16)
    builder = PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    builder.write_spikes(times, labels)
    builder.block_until(TIMER, hal.Timer.Value(int(times[-1]) + 1000))
    program = finish(builder, connection)
    spikes = program.spikes.to_numpy()
    assert np.array_equal(spikes["label"], labels)
    delays = spikes["chip_time"].astype(np.int64) - times
    assert np.ptp(delays) <= 1
    assert sum(n * k for n, k in zip((1, 2, 3), program.spikes_pack_counts, strict=True)) == count


def test_programs_in_flight(connection: ConnectionHandle) -> None:
    builder = PlaybackProgramBuilder()
    programs, tickets = [], []
    for number in range(200):
        builder.write(TIMER, hal.Timer())
        builder.write_spikes([10], [number])
        builder.write(WORD, memory_word(number))
        tickets.append(builder.read(WORD))
        builder.block_until(TIMER, hal.Timer.Value(500))
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        programs.append(builder.done())
    stadls.run_in_flight(connection, programs)
    assert [int(ticket.get().value) for ticket in tickets] == list(range(200))
    assert [p.spikes.to_numpy()["label"].tolist() for p in programs] == [[n] for n in range(200)]


def test_timeout_is_told_and_survived(
    connection: ConnectionHandle, caplog: pytest.LogCaptureFixture
) -> None:
    builder = PlaybackProgramBuilder()
    limit = hal.InstructionTimeoutConfig()
    limit.value = hal.InstructionTimeoutConfig.Value(2000)
    builder.write(halco.InstructionTimeoutConfigOnFPGA(), limit)
    builder.write(WORD, memory_word(1))
    polling = hal.PollingOmnibusBlockConfig()
    polling.address = halco.OmnibusAddress(int(memory_word(0).write_access(WORD).addresses[0]))
    polling.target = hal.PollingOmnibusBlockConfig.Value(2)
    polling.mask = hal.PollingOmnibusBlockConfig.Value(3)
    builder.write(halco.PollingOmnibusBlockConfigOnFPGA(), polling)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    index = builder.size_to_fpga()
    builder.block_until(halco.PollingOmnibusBlockOnFPGA(), hal.PollingOmnibusBlock(True))
    with (
        caplog.at_level(logging.ERROR, "hxcosim"),
        pytest.raises(InstructionTimeoutError, match=rf"at {index}: PollingOmnibusBlock"),
    ):
        finish(builder, connection)
    assert f"instruction {index} of {index + 2} timed out" in caplog.text
    bring_up(connection)
    builder.write(WORD, memory_word(2))
    builder.write(halco.PollingOmnibusBlockConfigOnFPGA(), polling)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    builder.block_until(halco.PollingOmnibusBlockOnFPGA(), hal.PollingOmnibusBlock(True))
    ticket = builder.read(WORD)
    finish(builder, connection)
    assert ticket.get() == memory_word(2)


def test_reinit_restores(connection: ConnectionHandle) -> None:
    builder = PlaybackProgramBuilder()
    builder.write(WORD, memory_word(77))
    entry = stadls.ReinitStackEntry(connection)
    entry.set(builder.done(), enforce=True)
    ticket = builder.read(WORD)
    finish(builder, connection)
    assert ticket.get() == memory_word(77)
    entry.pop()


def test_same_program_same_answers(target: str) -> None:
    """Two connections one after the other, to the bit and tick."""
    results = []
    for _ in range(2):
        with ManagedMultiTargetConnection([target]) as fresh:
            bring_up(fresh)
            builder = PlaybackProgramBuilder()
            builder.write(TIMER, hal.Timer())
            builder.write_spikes(100 + 7 * np.arange(100), np.arange(100))
            ticket = builder.read(TIMER)
            builder.block_until(TIMER, hal.Timer.Value(5000))
            program = finish(builder, fresh)
            assert program.results is not None
            results.append((program.spikes.to_numpy().tolist(), ticket.get(), ticket.fpga_time))
    assert results[0] == results[1]


def test_two_chips_at_once(target: str) -> None:
    """Each chip runs its own program; results do not mix."""
    with ManagedMultiTargetConnection([target, target]) as two:
        programs, tickets = [], []
        for number, entry in enumerate(two.get_hwdb_entry()):
            builder, _ = stadls.generate(SystemInit(entry))
            builder.write(WORD, memory_word(100 + number))
            builder.block_until(BARRIER, hal.Barrier.omnibus)
            tickets.append(builder.read(WORD))
            builder.block_until(BARRIER, hal.Barrier.omnibus)
            programs.append(builder.done())
        stadls.run(two, programs)
        assert [ticket.get() for ticket in tickets] == [memory_word(100), memory_word(101)]


def test_threads_share_a_connection(connection: ConnectionHandle) -> None:
    """Programs of several threads run one after another, each undisturbed."""
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(20):
            builder = PlaybackProgramBuilder()
            builder.write(WORD, memory_word(number))
            builder.block_until(BARRIER, hal.Barrier.omnibus)
            ticket = builder.read(WORD)
            finish(builder, connection)
            if ticket.get() != memory_word(number):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
