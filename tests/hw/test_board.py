# SPDX-License-Identifier: Apache-2.0
"""The FPGA's surroundings: external memory of the processors, SPI devices of the cube board."""

from random import Random

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

from cosim.machine import CONSTANTS
from hal.fisch import addresses
from hal.fisch.access import Backend

#: Words at whose multiples a memory may be cut into pages.
PAGE = 1024
SIZE = addresses.EXTERNAL_PPU_MEMORY.count
BARRIER, TIMER = halco.BarrierOnFPGA(), halco.TimerOnDLS()
FRAME_24, FRAME_16 = 24 * 16, 16 * 16  # FPGA cycles


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A machine after bring-up."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    sta.run(shared, builder.done())
    return shared


def finish(builder: sta.PlaybackProgramBuilder, connection: hxcomm.ConnectionHandle) -> None:
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(connection, builder.done())


def quad(number: int) -> hal.ExternalPPUMemoryQuad:
    container = hal.ExternalPPUMemoryQuad()
    values = container.quad
    for entry, byte in zip(halco.iter_all(halco.EntryOnQuad), number.to_bytes(4), strict=True):
        values[entry] = hal.ExternalPPUMemoryQuad.Value(byte)
    container.quad = values
    return container


def test_external_memory(connection: hxcomm.ConnectionHandle) -> None:
    """All of it, unique words."""
    words = np.random.default_rng(3).integers(0, 2**32, SIZE, dtype=np.uint32)
    builder = sta.PlaybackProgramBuilder()
    lanes = (words[:, None] >> np.array([24, 16, 8, 0], dtype=np.uint32)) & 0xFF
    numbers = np.arange(SIZE)
    access = hal.ExternalPPUMemoryQuad.write_column_access(
        numbers, {"quad": lanes}, Backend.Omnibus
    )
    builder.write_access(access)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    tickets = [builder.read(halco.ExternalPPUMemoryQuadOnFPGA(i)) for i in range(0, SIZE, 7)]
    finish(builder, connection)
    for i, ticket in zip(range(0, SIZE, 7), tickets, strict=True):
        assert ticket.get() == quad(int(words[i])), f"word {i}"


def test_external_bytes_lie_big_endian(connection: hxcomm.ConnectionHandle) -> None:
    random = Random(4)
    builder = sta.PlaybackProgramBuilder()
    at = halco.ExternalPPUMemoryQuadOnFPGA(SIZE - 1)
    builder.write(at, quad(0x12345678))
    tickets = []
    expected, numbers = 0x12345678, []
    for k in random.sample(range(4), 4):
        byte = hal.ExternalPPUMemoryByte(hal.ExternalPPUMemoryByte.Value(0xA0 + k))
        builder.write(halco.ExternalPPUMemoryByteOnFPGA(4 * (SIZE - 1) + k), byte)
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        tickets.append(builder.read(at))
        shift = 8 * (3 - k)
        expected = expected & ~(0xFF << shift) | 0xA0 + k << shift
        numbers.append(expected)
    finish(builder, connection)
    assert [ticket.get() for ticket in tickets] == [quad(number) for number in numbers]


def test_external_memory_survives_resets(connection: hxcomm.ConnectionHandle) -> None:
    at = halco.ExternalPPUMemoryQuadOnFPGA(5)
    builder = sta.PlaybackProgramBuilder()
    builder.write(at, quad(0xCAFE0005))
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    for value in (True, False):
        builder.write(halco.ResetChipOnDLS(), hal.ResetChip(value))
    ticket = builder.read(at)
    finish(builder, connection)
    assert ticket.get() == quad(0xCAFE0005)


@pytest.mark.parametrize("samples", [300, pytest.param(100_000, marks=pytest.mark.full)])
def test_external_dram(connection: hxcomm.ConnectionHandle, samples: int) -> None:
    """First and last word, borders of pages, and random addresses; then bytes of some of them."""
    size = addresses.EXTERNAL_PPU_DRAM_MEMORY.count
    rng = np.random.default_rng(samples)
    pages = rng.integers(1, size // PAGE, 50, dtype=np.int64) * PAGE
    chosen = [[0, size - 1], pages, pages - 1, rng.integers(0, size, samples, dtype=np.int64)]
    numbers = rng.permutation(np.unique(np.concatenate(chosen)))
    words = rng.integers(0, 2**32, numbers.size, dtype=np.uint32)
    for part in np.array_split(np.arange(numbers.size), -(-numbers.size // 10_000)):
        lanes = (words[part, None] >> np.array([24, 16, 8, 0], dtype=np.uint32)) & 0xFF
        builder = sta.PlaybackProgramBuilder()
        builder.write_access(
            hal.ExternalPPUDRAMMemoryQuad.write_column_access(
                numbers[part], {"quad": lanes}, Backend.Omnibus
            )
        )
        finish(builder, connection)
    expected = words.tolist()
    builder = sta.PlaybackProgramBuilder()
    for i in range(0, numbers.size, 10):
        byte = hal.ExternalPPUDRAMMemoryByte(hal.ExternalPPUDRAMMemoryByte.Value(i % 251))
        builder.write(halco.ExternalPPUDRAMMemoryByteOnFPGA(4 * int(numbers[i]) + i % 4), byte)
        shift = 8 * (3 - i % 4)
        expected[i] = expected[i] & ~(0xFF << shift) | i % 251 << shift
    finish(builder, connection)
    for part in np.array_split(np.arange(numbers.size), -(-numbers.size // 10_000)):
        builder = sta.PlaybackProgramBuilder()
        at = [halco.ExternalPPUDRAMMemoryQuadOnFPGA(int(n)) for n in numbers[part]]
        tickets = [builder.read(coordinate) for coordinate in at]
        finish(builder, connection)
        for i, ticket in zip(part.tolist(), tickets, strict=True):
            values = [int(v) for v in ticket.get().quad]
            assert int.from_bytes(bytes(values)) == expected[i], f"word {numbers[i]}"
    assert not [r for r in connection.connection.devices[0].target.diagnostics if "FPGA" in r]


def test_performance_of_the_link(connection: hxcomm.ConnectionHandle) -> None:
    """A word in each FPGA cycle, all of them back in order; a lost link shows."""
    on, off = hal.PerfTest(True), hal.PerfTest(False)
    at, status = halco.PerfTestOnFPGA(), halco.PerfTestStatusOnFPGA()
    builder = sta.PlaybackProgramBuilder()
    builder.write(at, on)
    builder.write(TIMER, hal.Timer())
    builder.block_until(TIMER, hal.Timer.Value(1000))
    builder.write(at, off)
    builder.block_until(TIMER, hal.Timer.Value(2000))
    good = builder.read(status)
    finish(builder, connection)
    result = good.get()
    assert abs(int(result.sent) - 1000) < 10
    assert int(result.received) == int(result.in_order) == int(result.sent)
    assert int(result.error_word) == 0
    phys = halco.CommonPhyConfigFPGAOnDLS()
    builder = sta.PlaybackProgramBuilder()
    builder.write(at, on)
    builder.write(TIMER, hal.Timer())
    builder.block_until(TIMER, hal.Timer.Value(100))
    builder.write(phys, hal.CommonPhyConfigFPGA())
    disabled = hal.CommonPhyConfigFPGA()
    for phy in halco.iter_all(halco.PhyConfigFPGAOnDLS):
        disabled.set_enable_phy(phy, False)
    builder.write(phys, disabled)
    builder.block_until(TIMER, hal.Timer.Value(200))
    builder.write(phys, hal.CommonPhyConfigFPGA())
    builder.block_until(TIMER, hal.Timer.Value(20_000))
    builder.write(at, off)
    builder.block_until(TIMER, hal.Timer.Value(21_000))
    lossy = builder.read(status)
    finish(builder, connection)
    result = lossy.get()
    lost = int(result.sent) - int(result.received)
    assert lost == 2 * CONSTANTS["LinkLatency"] + 1
    assert int(result.in_order) == int(result.received) - 1
    assert 90 < int(result.error_word) < 120


def test_a_barrier_waits_for_the_board(connection: hxcomm.ConnectionHandle) -> None:
    """The barrier ends with the frame, and what stands behind a frame waits for it."""
    dac = halco.DACChannelOnBoard(3)
    for coordinate, container, frames in (
        (halco.ShiftRegisterOnBoard(), hal.ShiftRegister(), FRAME_24),
        (dac, hal.DACChannel(hal.DACChannel.Value(77)), 2 * FRAME_16),
    ):
        builder = sta.PlaybackProgramBuilder()
        builder.write(TIMER, hal.Timer())
        builder.write(coordinate, container)
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        after = builder.read(TIMER)
        finish(builder, connection)
        assert frames < int(after.get().get()) < frames + 40


def test_accesses_are_counted(connection: hxcomm.ConnectionHandle) -> None:
    """A read of the chip is one word there and one back, a write two and one."""
    memory = halco.PPUMemoryWordOnDLS(0)
    word = hal.PPUMemoryWord(hal.PPUMemoryWord.Value(1))
    for reads, writes in ((2, 0), (0, 3), (5, 4)):
        builder = sta.PlaybackProgramBuilder()
        tickets = [builder.read(halco.HicannARQStatusOnFPGA())]
        for _ in range(writes):
            builder.write(memory, word)
        for _ in range(reads):
            builder.read(memory)
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        tickets.append(builder.read(halco.HicannARQStatusOnFPGA()))
        finish(builder, connection)
        before, after = (ticket.get() for ticket in tickets)
        words, answers = reads + 2 * writes, reads + writes
        assert int(after.write_count) - int(before.write_count) == words
        assert int(after.tx_count) - int(before.tx_count) == words
        assert int(after.rx_count) - int(before.rx_count) == answers
        assert int(after.read_count) - int(before.read_count) == answers


def test_phy_status(connection: hxcomm.ConnectionHandle) -> None:
    """After bring-up all PHYs are up; the first one carries what is sent."""
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    first = [builder.read(c) for c in halco.iter_all(halco.PhyStatusOnFPGA)]
    builder.write_spikes(np.arange(100) * 10 + 5000, np.arange(100))
    builder.block_until(TIMER, hal.Timer.Value(10_000))
    second = [builder.read(c) for c in halco.iter_all(halco.PhyStatusOnFPGA)]
    finish(builder, connection)
    for number, (a, b) in enumerate(zip(first, second, strict=True)):
        before, after = a.get(), b.get()
        passed = int(b.fpga_time) - int(a.fpga_time)
        assert abs(int(after.online_time) - int(before.online_time) - passed) < 40
        assert int(after.crc_error_count) == 0
        sent = int(after.tx_count) - int(before.tx_count)
        received = int(after.rx_count) - int(before.rx_count)
        assert (sent, received) == ((100, 100) if number == 0 else (0, 0))
