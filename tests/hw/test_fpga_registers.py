# SPDX-License-Identifier: Apache-2.0
"""The FPGA's own address map: each container at any coordinate, and what is known after reset."""

from random import Random

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta
from random_containers import random_container

from cosim.emulator import Emulator
from hal import haldls
from hal.fisch import Backend, addresses
from hal.haldls.declaration import Container
from hal.hxcomm.codec import decode_messages
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA

BARRIER = halco.BarrierOnFPGA()
SAMPLES = 60
#: Other bitfiles have these.
ABSENT = ("vector_generator", "external_omnibus")
ELSEWHERE = {name for name in dir(hal) if name.startswith("VectorGenerator")}
#: Too many coordinates for one object each; test_dram has them.
LARGE = {hal.ExternalPPUDRAMMemoryByte, hal.ExternalPPUDRAMMemoryQuad}


def _on_fpga(cls: type[Container]) -> bool:
    """Whether a container is written to and read from registers of the FPGA."""
    if cls in LARGE or cls.__name__ in ELSEWHERE or not hasattr(cls._at, "_make"):
        return False
    if Backend.Omnibus not in cls._addresses:
        return False
    coord = cls._at._make(cls._at.min)
    try:
        written = cls().write_access(coord, Backend.Omnibus).addresses
        read = cls.read_access(coord, Backend.Omnibus).addresses
    except RuntimeError:
        return False
    return written.tolist() == read.tolist() and bool(written[0] >> addresses.FPGA_BIT)


STORED = [cls for cls in haldls.containers if _on_fpga(cls)]
HALT = TO_FPGA["Loopback"].word()
BLOCK = TO_FPGA["Barrier"].word(omnibus=1)


def write(address: int, data: int) -> list[int]:
    head = TO_FPGA["OmnibusAddress"].word(address=address, byte_enables=15)
    return [head, TO_FPGA["OmnibusData"].word(data=data)]


def read(address: int) -> int:
    return TO_FPGA["OmnibusAddress"].word(address=address, byte_enables=15, is_read=1)


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A machine after bring-up."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    sta.run(shared, builder.done())
    return shared


def finish(builder: sta.PlaybackProgramBuilder, connection: hxcomm.ConnectionHandle) -> None:
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(connection, builder.done())


def unmapped(connection: hxcomm.ConnectionHandle) -> list[str]:
    reports = connection.connection.devices[0].target.diagnostics
    return [line for line in reports if "unmapped" in line]


def test_all_kinds_of_registers_are_here() -> None:
    assert {
        hal.SpikeIOConfig,
        hal.SpikeIOInputRoute,
        hal.SpikeIOOutputRoute,
        hal.InputRoutingTableEntry,
        hal.OutputRoutingTableEntry,
        hal.PerfTest,
        hal.PhyConfigFPGA,
        hal.ExternalPPUMemoryQuad,
        hal.EventRecordingConfig,
        hal.InstructionTimeoutConfig,
    } <= set(STORED)


@pytest.mark.parametrize("samples", [SAMPLES, pytest.param(0, marks=pytest.mark.full)])
@pytest.mark.parametrize("cls", STORED, ids=lambda cls: cls.__name__)
def test_write_and_read_back(
    connection: hxcomm.ConnectionHandle, cls: type[Container], samples: int
) -> None:
    """Written at all coordinates (or some of them), then read."""
    before = len(unmapped(connection))
    rng = np.random.default_rng(len(cls.__name__))
    count = cls._at.max - cls._at.min + 1
    ends = {0, count - 1}
    chosen = rng.choice(count, min(samples or count, count), replace=False).tolist()
    coords = [cls._at._make(int(n) + cls._at.min) for n in rng.permutation([*{*chosen, *ends}])]
    written = [random_container(cls, rng) for _ in coords]
    builder = sta.PlaybackProgramBuilder()
    for coord, container in zip(coords, written, strict=True):
        builder.write(coord, container)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    if "hardware" in getattr(cls, "_unreadable_on", ()):  # refused; the words can be read
        accesses = [c.write_access(at, None) for c, at in zip(written, coords, strict=True)]
        places = np.concatenate([access.addresses for access in accesses]).tolist()
        raw_tickets = [builder.read(halco.OmnibusAddress(at)) for at in places]
        finish(builder, connection)
        expected = np.concatenate([access.words for access in accesses]).tolist()
        assert [int(ticket.get().get().word) for ticket in raw_tickets] == expected
    else:
        tickets = [builder.read(coord) for coord in coords]
        finish(builder, connection)
        assert [ticket.get() for ticket in tickets] == written
    assert unmapped(connection)[before:] == []


def test_every_declared_register_is_mapped(raw, shared: hxcomm.ConnectionHandle) -> None:
    """First and last word of each region of the FPGA, and borders of pages between them."""
    random = Random(6)
    regions = [r for r in addresses.REGIONS if not r.name.startswith(ABSENT)]
    words = [
        region.address(entry, word)
        for region in regions
        if region.bases[0] >> addresses.FPGA_BIT
        for entry in {0, region.count - 1, random.randrange(region.count)}
        for word in range(region.words)
    ]
    before = len(unmapped(shared))
    program = [*write(addresses.I2C_PRESCALER.base, 1), *map(read, words), BLOCK, HALT]
    answers = raw(program)
    assert [name for name, _ in answers].count("OmnibusData") == len(words)
    assert unmapped(shared)[before:] == []


def test_values_after_power_on() -> None:
    """What is documented: routes that drop, a divider of 1, everything else 0."""
    expected = {
        addresses.WRITE_RESPONSE_FILTER.base: 1,
        addresses.EVENT_RECORDING.base: 1,
        addresses.INSTRUCTION_TIMEOUT.base: 1_250_000,
        addresses.SYSTIME_NUM_TRIES.base: 1,
        addresses.I2C_PRESCALER.base: 313,
        addresses.SPIKE_IO_CONFIG.base: 1,
        addresses.SPIKE_IO_OUTPUT_ROUTING.address(0x1234): 0xFF,
        addresses.SPIKE_IO_INPUT_ROUTING.address(0x34): 0xFFFF,
        addresses.INPUT_ROUTING_TABLE.address(0x1234): 0,
        addresses.OUTPUT_ROUTING_TABLE.address(0x1234): 0,
        **{addresses.EVENT_SWITCH_EXECUTOR_SOURCE.base + i: 0 for i in range(10)},
        **{addresses.PHY_CONFIG_FPGA.address(i): 0 for i in range(8)},
        addresses.COMMON_PHY_CONFIG_FPGA.base: 0,
        addresses.SYSTIME_ACTIVE.base: 0,
        addresses.DEVICE_DNA.base: 0x0150_0000,
        addresses.DEVICE_DNA.base + 1: 0x5D,
        addresses.EXTERNAL_PPU_MEMORY.address(77): 0,
    }
    with Emulator() as emulator:
        emulator.send([*map(read, expected), BLOCK, HALT])
        emulator.run()
        words = emulator.receive()
    messages = [
        (FROM_FPGA[k].name, FROM_FPGA[k].unpack(p)) for k, p in decode_messages(words).pairs()
    ]
    values = [fields["data"] for name, fields in messages if name == "OmnibusData"]
    assert values == list(expected.values())
