# SPDX-License-Identifier: Apache-2.0
"""Release at the programmed tick, system time, polling, timeouts, and events of all kinds."""

from collections import Counter

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

from hal.fisch import addresses
from hal.fisch.crossbar import L2_INPUT, L2_OUTPUT, NODES
from hal.hxcomm.messages import TO_FPGA

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
#: An event must reach the trace within so many FPGA cycles for its time to be known.
TIME_WINDOW = 128
PACKS = (hal.SpikePack1ToChip, hal.SpikePack2ToChip, hal.SpikePack3ToChip)
PLACES = (
    halco.SpikePack1ToChipOnDLS(),
    halco.SpikePack2ToChipOnDLS(),
    halco.SpikePack3ToChipOnDLS(),
)


def word(name: str, **values: int) -> int:
    return TO_FPGA[name].word(**values)


def write(address: int, data: int) -> list[int]:
    head = word("OmnibusAddress", address=address, byte_enables=15)
    return [head, word("OmnibusData", data=data)]


def read(address: int) -> int:
    return word("OmnibusAddress", address=address, byte_enables=15, is_read=1)


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A machine after bring-up."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    sta.run(shared, builder.done())
    return shared


def finish(
    builder: sta.PlaybackProgramBuilder, connection: hxcomm.ConnectionHandle
) -> sta.PlaybackProgram:
    both = hal.Barrier()
    both.enable_omnibus = both.enable_jtag = True
    builder.block_until(BARRIER, both)
    program = builder.done()
    sta.run(connection, program)
    return program


# Time.


@pytest.mark.parametrize("what", ["ticks", "spikes", "writes"])
def test_release_is_exact(connection: hxcomm.ConnectionHandle, what: str) -> None:
    """1500 of them at random times: each at its time, jitter 0; writes with a read behind."""
    times = np.cumsum(np.random.default_rng(1).integers(4, 40, 1500))
    place = halco.PPUMemoryWordOnDLS()
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    tickets = []
    for index, time in enumerate(times.tolist()):
        builder.block_until(TIMER, hal.Timer.Value(time))
        if what == "ticks":
            tickets.append(builder.read(halco.NullPayloadReadableOnFPGA()))
        elif what == "spikes":
            pack = hal.SpikePack1ToChip([halco.SpikeLabel(index)])
            builder.write(halco.SpikePack1ToChipOnDLS(), pack)
        else:
            builder.write(place, hal.PPUMemoryWord(hal.PPUMemoryWord.Value(index)))
            tickets.append(builder.read(place))
    builder.block_until(TIMER, hal.Timer.Value(int(times[-1]) + 500))
    program = finish(builder, connection)
    spikes = program.spikes.to_numpy()
    arrived = spikes["chip_time"].astype(np.int64)
    if what == "spikes":
        assert spikes["label"].tolist() == list(range(len(times)))
    else:
        arrived = np.array([int(ticket.fpga_time) for ticket in tickets])
    assert np.ptp(arrived - times) == 0


@pytest.mark.requires("skipping")
def test_waiting_a_second_is_exact(connection: hxcomm.ConnectionHandle) -> None:
    second = 125_000_000
    builder = sta.AbsoluteTimePlaybackProgramBuilder()
    tickets = [builder.read(t, halco.NullPayloadReadableOnFPGA()) for t in (10, second)]
    finish(builder.done(), connection)
    assert int(tickets[1].fpga_time) - int(tickets[0].fpga_time) == second - 10


def test_time_of_chip_and_fpga_agree(connection: hxcomm.ConnectionHandle) -> None:
    """The handshake sets both to the base: a later look finds them equal up to the round trip."""
    base = hal.SystimeSyncBase()
    base.value = hal.SystimeSyncBase.Value(5000)
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.SystimeSyncBaseOnDLS(), base)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    builder.write(halco.SystimeSyncOnFPGA(), hal.SystimeSync(True))
    builder.block_until(BARRIER, hal.Barrier.systime)
    tick = builder.read(halco.NullPayloadReadableOnFPGA())
    round_trip = builder.read(halco.FPGASystimeSyncLastRTTOnFPGA())
    builder.write(halco.SpikePack1ToChipOnDLS(), hal.SpikePack1ToChip([halco.SpikeLabel(3)]))
    builder.write(TIMER, hal.Timer())
    builder.block_until(TIMER, hal.Timer.Value(500))
    program = finish(builder, connection)
    (spike,) = program.spikes.to_numpy()
    ticks = int(round_trip.get().value)
    assert 0 < ticks < 200
    assert 5000 <= int(tick.fpga_time) < 5000 + 100
    assert 5000 < int(spike["chip_time"]) < int(spike["fpga_time"]) <= 5000 + 200 + 2 * ticks


def test_barrier_waits_for_the_answers(connection: hxcomm.ConnectionHandle) -> None:
    """A tick behind the barrier comes after the read's answer, one before it earlier."""
    builder = sta.PlaybackProgramBuilder()
    value = builder.read(halco.PPUMemoryWordOnDLS())
    early = builder.read(halco.NullPayloadReadableOnFPGA())
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    late = builder.read(halco.NullPayloadReadableOnFPGA())
    finish(builder, connection)
    assert int(early.fpga_time) < int(value.fpga_time) < int(late.fpga_time)


@pytest.mark.parametrize("equality", [True, False])
def test_polling_ends_at_its_value(
    connection: hxcomm.ConnectionHandle, raw, equality: bool
) -> None:
    """Polling of the timer: until (or while) bit 10 is set."""
    base = addresses.POLLING_BLOCK.base
    program = [*write(base, addresses.EXECUTOR_TIMER.base), *write(base + 2, 1 << 10)]
    program += [*write(base + 1, (1 << 10) * equality), word("Barrier", omnibus=1), word("Setup")]
    program += [word("PollingOmnibusBlock", equality=1), read(addresses.EXECUTOR_TIMER.base)]
    if not equality:
        program[-2] = word("PollingOmnibusBlock", equality=0)
    answers = raw([*program, word("Barrier", omnibus=1)])
    assert answers[0][0] == "OmnibusData"
    assert 1 << 10 <= answers[0][1]["data"] < (1 << 10) + 100


@pytest.mark.parametrize("limit", [1, 100, 5000])
def test_timeout_drops_the_rest_and_the_next_program_works(
    connection: hxcomm.ConnectionHandle, raw, limit: int
) -> None:
    base, timeout = addresses.POLLING_BLOCK.base, addresses.INSTRUCTION_TIMEOUT.base
    memory = addresses.PPU_MEMORY.address(3)
    never = [*write(base, addresses.DEVICE_DNA.base), *write(base + 1, 1), *write(base + 2, 0)]
    program = [*write(memory, 1), *never, word("Barrier", omnibus=1), *write(timeout, limit)]
    blocked = len(program) + 1
    program += [word("Setup"), word("PollingOmnibusBlock", equality=1), *write(memory, 2)]
    answers = raw([*program, word("Loopback", tick=1)])
    assert [name for name, _ in answers] == ["TimeoutNotification", "Loopback"]
    assert answers[0][1]["instruction_index"] == blocked
    assert answers[1][1]["tick"] == 0, "the halt is answered, the tick was dropped"
    program = [*write(timeout, 1_250_000), read(memory), word("Barrier", omnibus=1)]
    assert raw(program)[0][1]["data"] == 1, "the write was dropped"


def test_reset_in_mid_flight(connection: hxcomm.ConnectionHandle, raw) -> None:
    """Words and answers under way are gone; the next program finds nothing of them.

    docs/timing.md section 10.
    """
    memory = addresses.PPU_MEMORY.address(0)
    (device,) = connection.connection.devices
    device.target.send(np.array([read(memory), word("Loopback", tick=1)] * 50, np.uint64))
    device.target.reset()
    answers = raw([read(addresses.DEVICE_DNA.base), word("Barrier", omnibus=1)])
    assert [name for name, _ in answers] == ["OmnibusData", "Loopback"]


# Events.


@pytest.mark.parametrize("size", [1, 2, 3])
def test_packs_come_back(connection: hxcomm.ConnectionHandle, size: int) -> None:
    """1000 packs, one every 10 cycles: none lost, none invented, times ascending and near."""
    labels = np.random.default_rng(size).integers(0, 2**16, (1000, size))
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    for index, row in enumerate(labels.tolist()):
        builder.block_until(TIMER, hal.Timer.Value(10 * (index + 1)))
        builder.write(PLACES[size - 1], PACKS[size - 1]([halco.SpikeLabel(x) for x in row]))
    builder.block_until(TIMER, hal.Timer.Value(10 * len(labels) + 500))
    spikes = finish(builder, connection).spikes.to_numpy()
    assert Counter(spikes["label"].tolist()) == Counter(labels.ravel().tolist())
    chip, fpga = (spikes[name].astype(np.int64) for name in ("chip_time", "fpga_time"))
    assert (np.diff(fpga) >= 0).all()
    assert ((fpga - chip >= 0) & (fpga - chip < TIME_WINDOW)).all()


def test_every_label_comes_back(connection: hxcomm.ConnectionHandle) -> None:
    count = 1 << 16
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    builder.write_spikes(100 + 2 * np.arange(count, dtype=np.uint32), np.arange(count))
    builder.block_until(TIMER, hal.Timer.Value(2 * count + 1000))
    spikes = finish(builder, connection).spikes.to_numpy()
    assert np.array_equal(spikes["label"], np.arange(count))


def test_back_to_back_packs_are_all_accounted_for(connection: hxcomm.ConnectionHandle, raw) -> None:
    """10^5 packs of three, one a cycle, are more than the link can take: sent = back + drops."""
    count = 100_000
    dropped = addresses.PHY_RX_DROPPED_COUNT.base
    builder = sta.PlaybackProgramBuilder()  # a serial loop of an earlier test would add events
    builder.write(halco.SpikeIOConfigOnFPGA(), hal.SpikeIOConfig())
    finish(builder, connection)
    node = addresses.CROSSBAR_NODE.base
    counter = addresses.CROSSBAR_INPUT_DROP_COUNTER.base + L2_INPUT
    program: list[int] = []
    for n in NODES:
        if L2_INPUT <= n.input < L2_INPUT + 4 and n.output >= L2_OUTPUT:
            program += write(node + n.index, 1 << 31)  # passes everything, counts drops
    program += [w for i in range(4) for w in write(counter + i, 0)]
    program += [word("Barrier", omnibus=1), read(dropped), word("Barrier", omnibus=1)]
    labels = np.random.default_rng(3).integers(0, 2**16, (count, 3)).astype(np.uint64)
    first, second, third = (labels[:, i] << np.uint64(32 - 16 * i) for i in range(3))
    packs = np.uint64(word("SpikePack3")) | first | second | third
    drain = [word("Setup"), word("WaitUntil", time=2000)]
    # In parts, so that no 16-bit counter wraps.
    lost = received = 0
    missed: list[int] = []
    for part in np.array_split(packs, 20):
        clear = [w for i in range(4) for w in write(counter + i, 0)]
        tail = [*drain, *(read(counter + i) for i in range(4)), read(dropped)]
        start = [*program, *clear, word("Barrier", omnibus=1)]
        answers = raw([*start, *part.tolist(), *tail, word("Barrier", omnibus=1)])
        data = [fields["data"] for name, fields in answers if name == "OmnibusData"]
        lost += sum(data[1:5])
        missed += [data[0], data[5]]
        sizes = {"SpikePack1": 1, "SpikePack2": 2, "SpikePack3": 3}
        received += sum(sizes.get(name, 0) for name, _ in answers)
    assert set(missed) == {missed[0]}, "the FPGA's queue had room"
    assert lost > 0 and received > 0
    assert received + lost == 3 * count


def test_crossbar_routes_by_target_and_mask(connection: hxcomm.ConnectionHandle) -> None:
    """Of channel 1 only labels with the low bits 0b101 pass; counters tell how many."""
    labels = np.concatenate([np.arange(64) | 1 << 14, np.arange(64) | 2 << 14])
    passing = [n for n in labels.tolist() if n >> 14 == 2 or n & 7 == 5]
    builder = sta.PlaybackProgramBuilder()
    node = hal.CrossbarNode()
    node.mask, node.target = halco.NeuronLabel(7), halco.NeuronLabel(5)
    output = halco.CrossbarOutputOnDLS(L2_OUTPUT + 1)
    config = hal.CrossbarOutputConfig()
    for coord in halco.iter_all(halco.CrossbarOutputOnDLS):
        config.enable_event_counter[coord] = True
    source = halco.CrossbarInputOnDLS(L2_INPUT + 1)
    builder.write(halco.CrossbarNodeOnDLS(output, source), node)
    builder.write(halco.CrossbarOutputConfigOnDLS(), config)
    before = builder.read(output)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    builder.write(TIMER, hal.Timer())
    builder.write_spikes(100 + 5 * np.arange(len(labels)), labels)
    builder.block_until(TIMER, hal.Timer.Value(2000))
    after = builder.read(output)
    spikes = finish(builder, connection).spikes.to_numpy()
    assert spikes["label"].tolist() == passing
    assert int(after.get().value) - int(before.get().value) == 8


def test_recording_can_be_switched_off(connection: hxcomm.ConnectionHandle) -> None:
    for enable, expected in ((False, 0), (True, 10)):
        config = hal.EventRecordingConfig()
        config.enable_event_recording = enable
        builder = sta.PlaybackProgramBuilder()
        builder.write(halco.EventRecordingConfigOnFPGA(), config)
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        builder.write(TIMER, hal.Timer())
        builder.write_spikes(np.arange(10) + 100, np.arange(10))
        builder.block_until(TIMER, hal.Timer.Value(1000))
        assert len(finish(builder, connection).spikes) == expected
