# SPDX-License-Identifier: Apache-2.0
"""Errors on the link (docs/timing.md section 8.2): each access happens once, the counters tell."""

from collections.abc import Iterator
from random import Random

import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

from hal.fisch import addresses
from hal.hxcomm.messages import TO_FPGA

#: Seed, and frames of 1000 that are lost, damaged, repeated.
NONE, TENTH = (0, 0, 0, 0), (5, 34, 33, 33)
KINDS = (TENTH, (6, 100, 0, 0), (7, 0, 100, 0), (8, 0, 0, 100))
ACCESSES = 3000
HALT = TO_FPGA["Loopback"].word()
BLOCK = TO_FPGA["Barrier"].word(omnibus=1)
STATUS = addresses.HICANN_ARQ_STATUS
UNMAPPED = 0x0041_0000  # and what follows: nothing on the chip is there
CELLS = [addresses.PPU_MEMORY.address(k) for k in range(4)]


def write(address: int, data: int) -> list[int]:
    head = TO_FPGA["OmnibusAddress"].word(address=address, byte_enables=15)
    return [head, TO_FPGA["OmnibusData"].word(data=data)]


def read(address: int) -> int:
    return TO_FPGA["OmnibusAddress"].word(address=address, byte_enables=15, is_read=1)


def values(answers: list[tuple[str, dict[str, int]]]) -> list[int]:
    return [fields["data"] for name, fields in answers if name == "OmnibusData"]


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> Iterator[hxcomm.ConnectionHandle]:
    """A machine after bring-up, whose link has no errors before and behind the test."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    sta.run(shared, builder.done())
    yield shared
    set_errors(shared, NONE)


def set_errors(connection: hxcomm.ConnectionHandle, errors: tuple[int, int, int, int]) -> None:
    connection.connection.devices[0].target.link.configure(link_errors=errors)


def counters(raw) -> dict[str, int]:
    crc = range(addresses.PHY_CRC_ERROR_COUNT.base, addresses.PHY_CRC_ERROR_COUNT.base + 8)
    words = [read(STATUS.base + k) for k in range(STATUS.words)] + [read(at) for at in crc]
    written, sent, received, taken, *damaged = values(raw([BLOCK, *words, BLOCK, HALT]))
    return {
        "written": written,
        "sent": sent,
        "received": received,
        "taken": taken,
        "damaged": sum(damaged),
    }


@pytest.mark.requires("link errors")
@pytest.mark.parametrize(
    "errors", [NONE, *KINDS], ids=["none", "all", "lost", "damaged", "repeated"]
)
def test_reads_and_writes_keep_their_order(connection, raw, errors) -> None:
    """A read finds what was written last before it, thousands of times on the same few words."""
    rng = Random(str(errors))
    words, expected, reads = [], [], 0
    memory = dict.fromkeys(CELLS, 0)
    for address in CELLS:
        words += write(address, 0)
    for k in range(ACCESSES):
        address = rng.choice(CELLS)
        if rng.random() < 0.5:
            memory[address] = k << 16 | rng.getrandbits(16)
            words += write(address, memory[address])
        else:
            words.append(read(address))
            expected.append(memory[address])
            reads += 1
    before = counters(raw)
    set_errors(connection, errors)
    got = values(raw([*words, BLOCK, HALT]))
    set_errors(connection, NONE)
    assert got == expected
    after = counters(raw)
    rise = {name: after[name] - before[name] for name in after}
    # A read is a word to the chip, a write are two; either has one answer.
    accesses = len(CELLS) + ACCESSES
    assert rise["written"] == 2 * accesses - reads
    assert rise["taken"] == accesses
    again = rise["sent"] - rise["written"], rise["received"] - rise["taken"]
    if errors == NONE:
        assert again == (0, 0) and rise["damaged"] == 0
    else:
        assert min(again) > ACCESSES // 20
        # Each answer is in a frame.
        assert (rise["damaged"] > ACCESSES * errors[2] / 1000 / 2) == bool(errors[2])


@pytest.mark.requires("link errors", "reports")
@pytest.mark.parametrize(
    "errors", [NONE, *KINDS], ids=["none", "all", "lost", "damaged", "repeated"]
)
def test_no_access_is_done_twice(connection, raw, errors) -> None:
    """The chip reports each access to an unmapped address: once, in the order of the program."""
    rng = Random(str(errors))
    target = connection.connection.devices[0].target
    before = len(target.diagnostics)
    words, expected = [], []
    for k in range(ACCESSES):
        is_read = rng.random() < 0.5
        words += [read(UNMAPPED + k)] if is_read else write(UNMAPPED + k, k)
        expected.append((UNMAPPED + k) | is_read << 32)
    set_errors(connection, errors)
    answers = values(raw([*words, BLOCK, HALT]))
    set_errors(connection, NONE)
    assert answers == [0] * sum(word >> 32 for word in expected)
    reports = target.diagnostics[before:]
    assert [int(line.split("0x")[-1], 16) for line in reports] == expected


@pytest.mark.requires("link errors")
def test_containers_over_a_link_with_errors(connection) -> None:
    """A program of containers does not notice."""
    rng = Random(1)
    set_errors(connection, TENTH)
    block = hal.PPUMemoryBlock(halco.PPUMemoryBlockSize(2000))
    block.words = [
        hal.PPUMemoryWord(hal.PPUMemoryWord.Value(rng.getrandbits(32))) for _ in range(2000)
    ]
    at = halco.PPUMemoryBlockOnPPU(halco.PPUMemoryWordOnPPU(7), halco.PPUMemoryWordOnPPU(2006))
    place = halco.PPUMemoryBlockOnDLS(at, halco.PPUOnDLS.bottom)
    builder = sta.PlaybackProgramBuilder()
    builder.write(place, block)
    ticket = builder.read(place)
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    assert ticket.get() == block
