# SPDX-License-Identifier: Apache-2.0
"""Memories by every route, registers and their reset, byte enables, JTAG and PLLs."""

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

from hal.fisch import addresses, jtag
from hal.fisch.access import Backend
from hal.hxcomm.messages import TO_FPGA

BARRIER = halco.BarrierOnFPGA()
MEMORY = addresses.PPU_MEMORY
SIZE = halco.PPUMemoryWordOnPPU.size
READS_IN_FLIGHT = 52


def word(name: str, **values: int) -> int:
    return TO_FPGA[name].word(**values)


def write(address: int, data: int, byte_enables: int = 15) -> list[int]:
    head = word("OmnibusAddress", address=address, byte_enables=byte_enables)
    return [head, word("OmnibusData", data=data)]


def read(address: int) -> int:
    return word("OmnibusAddress", address=address, byte_enables=15, is_read=1)


def scan(instruction: int, data: int, bits: int, keep: bool = True) -> list[int]:
    data_word = word("JtagData", data=data, num_bits=bits, keep_response=keep)
    return [word("JtagIns", instruction=instruction), data_word]


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A machine after bring-up."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    sta.run(shared, builder.done())
    return shared


def finish(builder: sta.PlaybackProgramBuilder, connection: hxcomm.ConnectionHandle) -> None:
    both = hal.Barrier()
    both.enable_omnibus = both.enable_jtag = True
    builder.block_until(BARRIER, both)
    sta.run(connection, builder.done())


@pytest.mark.parametrize("memory", list(halco.iter_all(halco.PPUMemoryOnDLS)), ids=str)
def test_whole_memory_over_the_link(
    connection: hxcomm.ConnectionHandle, memory: halco.PPUMemoryOnDLS
) -> None:
    values = np.random.default_rng(int(memory)).integers(0, 2**32, SIZE, dtype=np.uint32)
    numbers = np.arange(int(memory) * SIZE, (int(memory) + 1) * SIZE)
    builder = sta.PlaybackProgramBuilder()
    columns = hal.PPUMemoryWord.write_column_access(numbers, {"value": values}, Backend.Omnibus)
    builder.write_access(columns)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    ticket = builder.read(memory)
    finish(builder, connection)
    back = np.array([int(w.value) for w in ticket.get().words], np.uint32)
    assert back.size == SIZE
    assert np.count_nonzero(back != values) == 0


@pytest.mark.parametrize("memory", list(halco.iter_all(halco.PPUMemoryOnDLS)), ids=str)
def test_memory_over_jtag(
    connection: hxcomm.ConnectionHandle, memory: halco.PPUMemoryOnDLS
) -> None:
    random = np.random.default_rng(int(memory))
    chosen = [0, SIZE - 1, *random.choice(np.arange(1, SIZE - 1), 62, replace=False).tolist()]
    route = Backend.OmnibusChipOverJTAG
    builder, tickets = sta.PlaybackProgramBuilder(), []
    values = random.integers(0, 2**32, len(chosen)).tolist()
    for place, value in zip(chosen, values, strict=True):
        coord = halco.PPUMemoryWordOnDLS(halco.PPUMemoryWordOnPPU(place), memory.toPPUOnDLS())
        builder.write(coord, hal.PPUMemoryWord(hal.PPUMemoryWord.Value(value)), route)
        tickets.append(builder.read(coord, route))
    finish(builder, connection)
    assert [int(t.get().value) for t in tickets] == values


def test_more_reads_than_may_be_in_flight(connection: hxcomm.ConnectionHandle, raw) -> None:
    """Reads of both sides, mixed: the executor holds them back, and the answers come in order."""
    count = 4 * READS_IN_FLIGHT
    program = [w for i in range(count) for w in write(MEMORY.address(i), 3 * i)]
    program += [word("Barrier", omnibus=1)]
    program += [
        read(MEMORY.address(i)) if i % 3 else read(addresses.DEVICE_DNA.base) for i in range(count)
    ]
    answers = raw([*program, word("Barrier", omnibus=1)])
    data = [fields["data"] for name, fields in answers if name == "OmnibusData"]
    assert len(data) == count
    dna = data[0]
    assert data == [3 * i if i % 3 else dna for i in range(count)]


@pytest.mark.parametrize("enables", range(16))
def test_byte_enables(connection: hxcomm.ConnectionHandle, raw, enables: int) -> None:
    memory, register = MEMORY.address(17), addresses.POLLING_BLOCK.base
    program = []
    for address in (memory, register):
        program += [*write(address, 0x11223344), *write(address, 0xAABBCCDD, enables)]
    program += [word("Barrier", omnibus=1), read(memory), read(register)]
    answers = raw([*program, word("Barrier", omnibus=1)])
    expected = sum(
        (0xAABBCCDD if enables >> i & 1 else 0x11223344) & 0xFF << 8 * i for i in range(4)
    )
    assert [fields["data"] for _, fields in answers[:2]] == [expected, expected]


def test_write_answers_come_if_asked_for(connection: hxcomm.ConnectionHandle, raw) -> None:
    filter_ = addresses.WRITE_RESPONSE_FILTER.base
    program = [*write(filter_, 0), word("Barrier", omnibus=1), *write(MEMORY.address(0), 5)]
    program += [word("Barrier", omnibus=1), *write(filter_, 1), word("Barrier", omnibus=1)]
    data = [fields["data"] for name, fields in raw(program) if name == "OmnibusData"]
    assert data == [0, 0], "that of the memory, and that of the write that ends it"
    assert [name for name, _ in raw([*write(filter_, 1), word("Barrier", omnibus=1)])] == [
        "Loopback"
    ]


def test_chip_reset(connection: hxcomm.ConnectionHandle) -> None:
    """Registers go back to their reset values, memories keep their content."""
    base, place = hal.SystimeSyncBase(), halco.PPUMemoryWordOnDLS(9)
    base.value = hal.SystimeSyncBase.Value(1234)
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.SystimeSyncBaseOnDLS(), base)
    builder.write(place, hal.PPUMemoryWord(hal.PPUMemoryWord.Value(4321)))
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    before = builder.read(halco.SystimeSyncBaseOnDLS())
    finish(builder, connection)
    assert int(before.get().value) == 1234
    init, _ = sta.generate(sta.SystemInit(connection.get_hwdb_entry()[0]))
    after = init.read(place)
    finish(init, connection)
    assert int(after.get().value) == 4321
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.ResetChipOnDLS(), hal.ResetChip(True))
    builder.write(halco.ResetChipOnDLS(), hal.ResetChip(False))
    builder.write(halco.ResetJTAGTapOnDLS(), hal.ResetJTAGTap())
    reset = builder.read(halco.SystimeSyncBaseOnDLS(), Backend.OmnibusChipOverJTAG)
    finish(builder, connection)
    assert int(reset.get().value) == 0


def test_jtag_bypass(connection: hxcomm.ConnectionHandle, raw) -> None:
    """BYPASS is one bit long: what goes in comes out one bit later."""
    pattern = 0x1_2345_6789
    answers = raw([*scan(0x7F, pattern, 33), word("Barrier", jtag=1)])
    assert answers[0][0] == "JtagData"
    assert answers[0][1]["data"] == pattern << 1 & (1 << 33) - 1


def test_jtag_identity_many_times(connection: hxcomm.ConnectionHandle, raw) -> None:
    """More answers than the engine's queue has places, at every clock scaler below 6."""
    for scaler in range(6):
        program = [word("JtagScaler", scaler=scaler), word("JtagInit")]
        program += scan(jtag.IDENTITY.ir, 0, 32) * 20
        answers = raw([*program, word("Barrier", jtag=1)])
        assert [f["data"] for name, f in answers if name == "JtagData"] == [jtag.IDCODE] * 20


@pytest.mark.parametrize(
    "write_by", [Backend.JTAGPLLRegister, Backend.OmnibusChipOverJTAG], ids=lambda b: b.name
)
def test_pll_registers(connection: hxcomm.ConnectionHandle, write_by: Backend) -> None:
    """Both ways in; the way out is the bus, as reads over the TAP's register are not decoded."""
    builder, tickets, written = sta.PlaybackProgramBuilder(), [], []
    for coord in halco.iter_all(halco.ADPLLOnDLS):
        pll = hal.ADPLL()
        pll.loop_div_n = hal.ADPLL.LoopDivN(16 + int(coord))
        builder.write(coord, pll, write_by)
        tickets.append(builder.read(coord, Backend.OmnibusChipOverJTAG))
        written.append(pll)
    finish(builder, connection)
    assert [ticket.get() for ticket in tickets] == written


def test_unmapped_addresses_answer_zero(connection: hxcomm.ConnectionHandle, raw) -> None:
    program = [read(0x7FFF_FFFF), read(0x8FFF_FFFF), word("Barrier", omnibus=1)]
    assert [fields.get("data") for _, fields in raw(program)][:2] == [0, 0]
