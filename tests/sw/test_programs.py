# SPDX-License-Identifier: Apache-2.0
"""Building and running programs: words, tickets, results, and what is refused."""

import copy
import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hal import halco, hxcomm, stadls
from hal import haldls as hal
from hal.fisch.access import Backend
from hal.hxcomm.codec import Messages, encode
from hal.hxcomm.connection import Connection, simulation_device, zero_mock_device
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA
from hal.hxcomm.mock import MockTarget
from hal.stadls import PlaybackProgram, PlaybackProgramBuilder
from hal.stadls.errors import (
    AnswerCountError,
    BuilderError,
    InstructionTimeoutError,
    NoResultError,
    ProgramCountError,
    RunError,
    UnsupportedTargetError,
)

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
QUAD = halco.SynapseWeightQuadOnDLS()
CADC = halco.CADCConfigOnDLS()


class Scripted(MockTarget):
    """Answers each run with the next stream of messages."""

    def __init__(self, *streams: list[tuple[str, int]]) -> None:
        super().__init__()
        self.streams = list(streams)
        self.sent: list[int] = []

    def send(self, words: NDArray[np.uint64]) -> None:
        self.sent += words.tolist()

    def receive(self) -> NDArray[np.uint64]:
        stream = self.streams.pop(0)
        return encode(Messages.of((FROM_FPGA[name].id, p) for name, p in stream), FROM_FPGA)


HALT = ("Loopback", 0)


def scripted(*streams: list[tuple[str, int]]) -> tuple[Connection, Scripted]:
    target = Scripted(*streams)
    return Connection([zero_mock_device(target)]), target


@pytest.fixture
def mock() -> Iterator[hxcomm.MultiZeroMockConnectionHandle]:
    with hxcomm.ManagedMultiZeroMockConnection() as connection:
        yield connection


def built() -> PlaybackProgramBuilder:
    builder = PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    builder.block_until(TIMER, hal.Timer.Value(100))
    return builder


def test_sizes_and_text() -> None:
    builder = built()
    assert not builder.empty() and builder.is_write_only()
    builder.read(CADC)
    assert (builder.size_to_fpga(), builder.size_from_fpga()) == (3, 1)
    assert not builder.is_write_only()
    assert repr(builder) == "PlaybackProgramBuilder(to FPGA size: 3, is write only: false)"
    assert str(builder).splitlines()[:2] == ["0: Setup()", "1: WaitUntil(time=0x64)"]
    program = builder.done()
    assert builder.empty() and PlaybackProgram().empty() and not program.empty()
    assert str(program).splitlines()[1] == "1: WaitUntil(time=0x64)"
    assert repr(program) == "PlaybackProgram(to FPGA size: 3)"
    assert program == copy.copy(program) and program != PlaybackProgram()


def test_container_is_encoded_at_the_call() -> None:
    builder = PlaybackProgramBuilder()
    config = hal.CADCConfig()
    builder.write(CADC, config)
    before = builder.columns.words().copy()
    config.enable = True
    assert np.array_equal(builder.done().words, before)


def test_backend_is_taken() -> None:
    sizes = []
    for backend in (None, Backend.Omnibus, Backend.OmnibusChipOverJTAG):
        builder = PlaybackProgramBuilder()
        builder.write(CADC, hal.CADCConfig(), *([] if backend is None else [backend]))
        sizes.append(builder.size_to_fpga())
    assert sizes == [2, 2, 6]


def test_differential_write_emits_what_differs() -> None:
    new, old = hal.CommonNeuronBackendConfig(), hal.CommonNeuronBackendConfig()
    coord = halco.CommonNeuronBackendConfigOnDLS()
    builder = PlaybackProgramBuilder()
    builder.write(coord, new, old)
    assert builder.empty()
    new.wait_fire_neuron = 7
    builder.write(coord, new, config_reference=old, backend=Backend.Omnibus)
    assert builder.size_to_fpga() == 2
    builder.write(coord, new, old, Backend.OmnibusChipOverJTAG)
    assert builder.size_to_fpga() == 2 + 6


def test_merge_and_copy() -> None:
    def spike(label: int) -> PlaybackProgramBuilder:
        builder = PlaybackProgramBuilder()
        builder.write_spikes([0], [label])
        return builder

    builder = spike(1)
    other = spike(2)
    builder.copy_back(other)
    builder.copy_front(other)
    assert not other.empty()
    builder.merge_back(other)
    assert other.empty()
    front = spike(3)
    builder.merge_front(front)
    assert front.empty()
    labels = [word & 0xFFFF for word in builder.done().words.tolist()]
    assert labels == [3, 2, 1, 2, 2]


def test_tickets_survive_merging(mock: hxcomm.MultiZeroMockConnectionHandle) -> None:
    connection, _ = scripted(
        [("OmnibusData", 1), ("OmnibusData", 2), ("JtagData", 9), ("OmnibusData", 3), HALT]
    )
    coords = list(halco.iter_all(halco.CapMemCellOnDLS))[:3]
    first, second = PlaybackProgramBuilder(), PlaybackProgramBuilder()
    front = PlaybackProgramBuilder()
    tickets = [first.read(coords[1]), second.read(coords[2])]
    jtag = first.read(coords[0], Backend.OmnibusChipOverJTAG)
    tickets.insert(0, front.read(coords[0]))
    first.merge_back(second)
    first.merge_front(front)
    program = first.done()
    stadls.run(connection, program)
    assert [int(t.get().value) for t in tickets] == [1, 2, 3]
    assert [int(t.fpga_time) for t in tickets] == [1, 2, 4]
    assert int(jtag.get().value) == 9 and int(jtag.fpga_time) == 3
    assert [t.get_coordinate() for t in tickets] == coords
    stadls.run(mock, [copy_of_omnibus_reads := PlaybackProgramBuilder().done()])
    assert copy_of_omnibus_reads.results is not None


def test_ticket_before_the_run_bad() -> None:
    builder = PlaybackProgramBuilder()
    ticket = builder.read(CADC)
    assert not ticket.valid()
    for query in (ticket.get, lambda: ticket.fpga_time):
        with pytest.raises(NoResultError, match=r"CADCConfig at CADCConfigOnDLS\(0\).*not finish"):
            query()
    builder.done()
    with pytest.raises(NoResultError, match="its program has not run; run it first"):
        ticket.get()
    with pytest.raises(NoResultError, match=r"ticket \(empty\)"):
        stadls.ContainerTicket().get()
    with pytest.raises(TypeError, match="expected a ContainerTicket, not int"):
        stadls.ContainerTicket(3)  # type: ignore[arg-type] # the wrong type


def test_rerun_replaces_the_results() -> None:
    connection, target = scripted(
        [("OmnibusData", 0), HALT], [("OmnibusData", 1), HALT], [HALT], [("OmnibusData", 5), HALT]
    )
    builder = PlaybackProgramBuilder()
    ticket = builder.read(halco.CapMemCellOnDLS())
    program = builder.done()
    stadls.run(connection, program)
    old = ticket.get()
    stadls.run(connection, program)
    assert (int(old.value), int(ticket.get().value)) == (0, 1)
    assert ticket.get() is not ticket.get() and stadls.ContainerTicket(ticket).valid()
    with pytest.raises(AnswerCountError, match="1 answers of kind OmnibusData were expected"):
        stadls.run(connection, program)
    assert not ticket.valid() and program.results is None
    stadls.run(connection, program)
    assert int(ticket.get().value) == 5
    assert target.sent[1] == TO_FPGA["Loopback"].word(tick=0)


def test_value_out_of_its_range_is_an_overflow() -> None:
    connection, _ = scripted([("OmnibusData", 1), ("OmnibusData", 0xFFFF_FFFF), HALT])
    builder = PlaybackProgramBuilder()
    ticket = builder.read(halco.FPGADeviceDNAOnFPGA())
    stadls.run(connection, builder.done())
    assert int(ticket.get().value) == 1 << 32 | 0xFFFF_FFFF
    connection, _ = scripted([("OmnibusData", 0x3FF), HALT], [("OmnibusData", 0x401), HALT])
    ticket = builder.read(halco.CapMemCellOnDLS())
    program = builder.done()
    stadls.run(connection, program)
    assert isinstance(ticket.get().value, hal.CapMemCell.DisableRefresh)


def test_events_and_notifications() -> None:
    connection, _ = scripted(
        [
            ("Systime", 1000),
            ("SpikePack1", 0x02_0007),
            ("SpikePack2", 0x04_0001_05_0002),
            ("MADCSamplePack1", 0x06_0405),
            ("HighspeedLinkNotification", 0x50),
            ("Loopback", 1),
            HALT,
        ]
    )
    builder = PlaybackProgramBuilder()
    tick = builder.read(halco.NullPayloadReadableOnFPGA())
    program = builder.done()
    assert len(program.spikes) == 0 and program.spikes_pack_counts == [0, 0, 0]
    stadls.run(connection, program)
    spikes = program.spikes
    assert spikes.to_numpy().dtype.itemsize == 18
    assert spikes.to_numpy()["label"].tolist() == [7, 1, 2]
    assert spikes.to_numpy()["fpga_time"].tolist() == [1001, 1002, 1002]
    first = spikes[0]
    assert (int(first.label), int(first.fpga_time), int(first.chip_time)) == (7, 1001, 897)
    assert list(spikes)[2] == spikes[-1] and spikes[1:][0] == spikes[1]
    assert spikes == program.spikes and spikes != program.madc_samples
    again = PlaybackProgram.spikes_type(list(spikes))
    assert again == spikes and again[:0] != spikes
    again.append(first)
    again.extend(spikes[:1])
    assert len(again) == 5 and len(program.spikes) == 3
    assert repr(spikes[:1]).startswith("Spikes[SpikeFromChip(")
    assert np.array_equal(np.asarray(spikes), spikes.to_numpy())
    samples = program.madc_samples
    assert samples.to_numpy().dtype.itemsize == 19
    assert (int(samples[0].value), int(samples[0].channel)) == (5, 1)
    assert program.spikes_pack_counts == [1, 1, 0] and program.madc_samples_pack_counts == [1, 0, 0]
    (notification,) = program.highspeed_link_notifications
    assert notification.link_up and int(notification.phy) == 2
    assert int(notification.fpga_time) == 1004
    assert int(tick.fpga_time) == 1005 and tick.valid()
    with pytest.raises(TypeError, match="expected a column of"):
        PlaybackProgram.spikes_type(samples.to_numpy())


def test_timeout_is_raised_after_the_halt(caplog: pytest.LogCaptureFixture) -> None:
    message = FROM_FPGA["TimeoutNotification"]
    payload = message.pack(instruction_index=2, trace_stall_count=3, omnibus_reads_in_flight=1)
    connection, _ = scripted(
        [("OmnibusData", 1), ("TimeoutNotification", payload), HALT],
        [HALT],
        [("TimeoutNotification", message.pack(instruction_index=7))] * 2 + [HALT],
    )
    builder = PlaybackProgramBuilder()
    builder.read(CADC)
    ticket = builder.read(CADC)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    program = builder.done()
    with (
        caplog.at_level(logging.ERROR, "hxcosim"),
        pytest.raises(InstructionTimeoutError, match=r"timeout at 2: Barrier\(omnibus=0x1"),
    ):
        stadls.run(connection, program)
    assert not ticket.valid()
    assert "instruction 2 of 3 timed out; trace stalled in 3 of the last 96" in caplog.text
    assert "1 Omnibus reads in flight; the last read answered is instruction 0" in caplog.text
    assert "2: Barrier" in caplog.text
    stadls.run(connection, PlaybackProgram())
    with (
        caplog.at_level(logging.ERROR, "hxcosim"),
        pytest.raises(InstructionTimeoutError, match="instruction timeout at 7"),
    ):
        stadls.run(connection, PlaybackProgram())
    assert "2 timeout notifications in one program; one is legal" in caplog.text
    assert "no read was answered" in caplog.text


def test_programs_in_flight_are_split_at_their_halts() -> None:
    stream: list[tuple[str, int]] = []
    programs, tickets = [], []
    for index in range(1000):
        stream += [("SpikePack3", index), ("OmnibusData", index % 1000), HALT]
        builder = PlaybackProgramBuilder()
        tickets.append(builder.read(halco.CapMemCellOnDLS()))
        programs.append(builder.done())
    connection, _ = scripted(stream)
    stadls.run_in_flight(connection, programs)
    assert [int(ticket.get().value) for ticket in tickets] == list(range(1000))
    assert [int(p.spikes[2].label) for p in programs] == list(range(1000))
    assert {int(ticket.fpga_time) for ticket in tickets} == {2}


def test_failure_in_flight_spares_the_others() -> None:
    builder = PlaybackProgramBuilder()
    programs, tickets = [], []
    for _ in range(3):
        tickets.append(builder.read(halco.CapMemCellOnDLS()))
        programs.append(builder.done())
    connection, _ = scripted([("OmnibusData", 1), HALT, HALT, ("OmnibusData", 3), HALT])
    with pytest.raises(AnswerCountError, match="but 0 arrived; a barrier before the end"):
        stadls.run_in_flight(connection, programs)
    assert [ticket.valid() for ticket in tickets] == [True, False, True]
    connection, _ = scripted([("OmnibusData", 1), HALT])
    with pytest.raises(AnswerCountError, match="3 programs, but 1 halts"):
        stadls.run_in_flight(connection, programs)


def test_one_program_per_chip() -> None:
    with hxcomm.ManagedMultiZeroMockConnection([(0,), (0,)]) as two:
        builders = [PlaybackProgramBuilder(), PlaybackProgramBuilder()]
        tickets = [builder.read(CADC) for builder in builders]
        programs = [builder.done() for builder in builders]
        info = stadls.run(two, programs)
        assert len(info.connection) == 2 and all(ticket.valid() for ticket in tickets)
        assert str(info).startswith("RunTimeInfo(connection: [ConnectionTimeInfo(")
        with pytest.raises(ProgramCountError, match="1 programs for a connection with 2 chips"):
            stadls.run(two, programs[0])
        with pytest.raises(ProgramCountError, match="cannot run on two chips at once"):
            stadls.run(two, [programs[0], programs[0]])
        with pytest.raises(ProgramCountError, match="a connection with one chip, this one has 2"):
            stadls.run_in_flight(two, programs)
    with hxcomm.ManagedMultiZeroMockConnection() as one:
        with pytest.raises(ProgramCountError, match="cannot be in flight twice"):
            stadls.run_in_flight(one, [programs[0], programs[0]])
        with pytest.raises(TypeError, match="program 0: expected a PlaybackProgram, not Playback"):
            stadls.run(one, [PlaybackProgramBuilder()])  # type: ignore[list-item] # not finished
        with pytest.raises(TypeError, match="a connection handle is needed, not NoneType"):
            stadls.run(None, programs[0])  # type: ignore[arg-type] # no connection


def test_simulation_refuses_reads_of_the_board() -> None:
    target = Scripted()
    builder = PlaybackProgramBuilder()
    builder.read(halco.INA219StatusOnBoard())
    program = builder.done()
    assert program.unsupported_targets == {"simulation"}
    with pytest.raises(
        UnsupportedTargetError, match=r"INA219Status at .*, which a simulation conn"
    ):
        stadls.run(Connection([simulation_device(target)]), program)
    assert target.sent == []
    with hxcomm.ManagedMultiZeroMockConnection() as mock:
        stadls.run(mock, program)


def test_failure_of_the_target_leaves_nothing_behind() -> None:
    class Failing(MockTarget):
        fails = True

        def run(self, deliver: Any = None) -> None:
            super().run(deliver)
            if self.fails:
                raise RuntimeError("the machine stopped")

    target = Failing()
    connection = Connection([zero_mock_device(target)])
    builder = PlaybackProgramBuilder()
    builder.read(CADC)
    program = builder.done()
    with pytest.raises(RuntimeError, match="the machine stopped"):
        stadls.run(connection, program)
    target.fails = False
    stadls.run(connection, PlaybackProgram())
    stadls.run(connection, program)
    assert program.results is not None


def test_reset_after_a_failure_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    target = MockTarget()
    connection = Connection([zero_mock_device(target)])
    target.close()
    with caplog.at_level(logging.WARNING, "hxcosim"), pytest.raises(RuntimeError, match="closed"):
        stadls.run(connection, PlaybackProgram())
    assert "resetting zeromock after a failure failed: the target 'mock' is closed" in caplog.text


def test_closed_connection_bad(mock: hxcomm.MultiZeroMockConnectionHandle) -> None:
    mock.connection.close()
    with pytest.raises(hxcomm.ClosedConnectionError, match="the connection is closed"):
        stadls.run(mock, PlaybackProgram())


def test_run_leaves_the_interpreter_free() -> None:
    """Another thread goes on while a target runs."""
    entered, leave = threading.Event(), threading.Event()

    class Waiting(MockTarget):
        def run(self, deliver: Any = None) -> None:
            entered.set()
            assert leave.wait(30)
            super().run(deliver)

    connection = Connection([zero_mock_device(Waiting())])
    thread = threading.Thread(target=stadls.run, args=(connection, PlaybackProgram()))
    thread.start()
    assert entered.wait(30)
    leave.set()
    thread.join(30)
    assert not thread.is_alive()


def test_reinit_stack(mock: hxcomm.MultiZeroMockConnectionHandle) -> None:
    entry = stadls.ReinitStackEntry(mock)
    entry.set(built().done(), enforce=False)
    assert mock.time_info[0] == hxcomm.ConnectionTimeInfo()
    entry.set([built().done()], enforce=True)
    assert mock.time_info[0] != hxcomm.ConnectionTimeInfo()
    reads = PlaybackProgramBuilder()
    reads.read(CADC)
    snapshot = reads.done()
    entry.set([built().done()], [snapshot], enforce=False)
    with pytest.raises(RunError, match="request 0 contains reads"):
        entry.set([snapshot])
    reads.read(CADC, Backend.OmnibusChipOverJTAG)
    with pytest.raises(RunError, match="snapshot 0 reads over JtagData"):
        entry.set([built().done()], [reads.done()])
    entry.pop()
    with pytest.raises(RuntimeError, match="is not on the stack"):
        entry.pop()


def test_long_program_draws_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    builder = PlaybackProgramBuilder()
    times = np.arange(1, stadls.playback_memory_size_to_fpga // 2 + 2, dtype=np.uint32)
    builder.write_spikes(times * 2, np.zeros(len(times), np.uint16))
    with caplog.at_level(logging.WARNING, "hxcosim"):
        builder.done()
    assert "4194306 instructions, the playback memory holds 4194304" in caplog.text


SPIKES = hal.SpikePack1ToChip


@pytest.mark.parametrize(
    ("mistake", "error", "message"),
    [
        (lambda b: b.write(CADC, hal.Timer()), RuntimeError, "Timer belongs to TimerOnDLS"),
        (lambda b: b.write(CADC, 7), TypeError, "expected a container, not 7"),
        (
            lambda b: b.write(TIMER, hal.Timer.Value(3)),
            TypeError,
            "expected a container, not Value",
        ),
        (
            lambda b: b.write(halco.JTAGIdCodeOnDLS(), hal.JTAGIdCode()),
            RuntimeError,
            "JTAGIdCode at .* is read-only",
        ),
        (lambda b: b.read(halco.ResetChipOnDLS()), RuntimeError, "ResetChip at .* is write-only"),
        (lambda b: b.read(halco.NeuronRowOnDLS()), RuntimeError, "no container can be read at"),
        (lambda b: b.read(3), RuntimeError, "no container can be read at a int"),
        (lambda b: b.read(CADC, 3), TypeError, "read: the backend is a Backend, not int"),
        (
            lambda b: b.write(CADC, hal.CADCConfig(), hal.Timer()),
            BuilderError,
            r"the reference is a Timer, the container a CADCConfig",
        ),
        (
            lambda b: b.write(
                halco.AD5252ChannelConfigOnBoard(),
                hal.AD5252ChannelConfig(),
                hal.AD5252ChannelConfig(),
            ),
            BuilderError,
            "AD5252ChannelConfig does not support differential writes",
        ),
        (
            lambda b: b.write(CADC, hal.CADCConfig(), hal.CADCConfig(), 3),
            TypeError,
            "write: the backend is a Backend, not int",
        ),
        (lambda b: b.write(CADC, hal.CADCConfig(), None, None, 4), TypeError, "unexpected: "),
        (lambda b: b.write(CADC, hal.CADCConfig(), color=1), TypeError, r"unexpected: \['color'\]"),
        (lambda b: b.block_until(TIMER, hal.Timer()), TypeError, "expected a condition, not Timer"),
        (lambda b: b.block_until(BARRIER, hal.Timer.Value(3)), RuntimeError, "TimerOnDLS"),
        (lambda b: b.block_until(TIMER, hal.Barrier.omnibus), RuntimeError, "BarrierOnFPGA"),
        (lambda b: b.block_until(TIMER, hal.Timer.Value(1 << 32)), OverflowError, "4294967296"),
        (
            lambda b: b.write(halco.SpikePack1ToChipOnDLS(), SPIKES([halco.SpikeLabel(1 << 16)])),
            OverflowError,
            "65536",
        ),
        (lambda b: b.write_spikes([0], [1 << 16]), OverflowError, r"labels\[0\] = 65536"),
        (lambda b: b.merge_back(b), BuilderError, "cannot be added to itself"),
        (lambda b: b.merge_front(b), BuilderError, "cannot be added to itself"),
        (lambda b: b.copy_back(b), BuilderError, "cannot be added to itself"),
        (lambda b: b.merge_back(3), TypeError, "merge_back: expected a builder, not int"),
        (pickle.dumps, BuilderError, "cannot be serialized; record the commands with"),
    ],
)
def test_mistakes_are_refused_where_they_are_made_bad(
    mistake: Callable[[PlaybackProgramBuilder], object], error: type[Exception], message: str
) -> None:
    builder = built()
    with pytest.raises(error, match=message):
        mistake(builder)
    assert builder.size_to_fpga() == 2 and builder.is_write_only()


def test_copy_of_reads_bad() -> None:
    builder, reads = built(), PlaybackProgramBuilder()
    reads.read(CADC)
    for add in (builder.copy_back, builder.copy_front):
        with pytest.raises(BuilderError, match="contains 1 reads, whose tickets cannot be copied"):
            add(reads)
    assert not reads.empty()
