# SPDX-License-Identifier: Apache-2.0
"""Registers of the chip that store what is written: back through every route, at any coordinate."""

import numpy as np
import pytest
from random_containers import random_container

from cosim import storage
from hal import halco, haldls
from hal.fisch import Backend, addresses
from hal.fisch.access import WordAccess
from hal.haldls.declaration import Container
from hal.hxcomm import ConnectionHandle
from hal.stadls import PlaybackProgramBuilder, SystemInit, generate, run

SAMPLES = 6
MAPPED = {
    *storage.REGIONS,
    *addresses.SYNAPSE_VIEWS,
    addresses.PPU_MEMORY,
    addresses.CROSSBAR_NODE,
    addresses.CROSSBAR_OUT_MUX,
}
BARRIER = halco.BarrierOnFPGA()


def _stored(cls: type[Container]) -> bool:
    """Whether all words of a container lie in registers of the chip that store."""
    if Backend.OmnibusChipOverJTAG not in cls._addresses or cls is haldls.PPUMemoryBlock:
        return False
    coord = cls._at._make(cls._at.min)
    try:
        written = cls().write_access(coord, Backend.Omnibus).addresses
        read = cls.read_access(coord, Backend.Omnibus).addresses
    except RuntimeError:
        return False
    if set(written.tolist()) != set(read.tolist()):
        return False
    found = [addresses.find(int(a)) for a in written]
    return all(place is not None and place.region in MAPPED for place in found)


STORED = [cls for cls in haldls.containers if _stored(cls)]


@pytest.fixture(scope="module")
def connection(shared: ConnectionHandle) -> ConnectionHandle:
    """A machine after bring-up."""
    builder, _ = generate(SystemInit(shared.get_hwdb_entry()[0]))
    run(shared, builder.done())
    return shared


def test_most_containers_are_stored() -> None:
    assert {haldls.SynapseQuad, haldls.CapMemCell, haldls.NeuronConfig, haldls.MADCConfig} <= set(
        STORED
    )
    assert len(STORED) > 30


@pytest.mark.parametrize("route", ["Omnibus", "OmnibusChipOverJTAG"])
@pytest.mark.parametrize("cls", STORED, ids=lambda cls: cls.__name__)
def test_write_and_read_back(
    connection: ConnectionHandle, cls: type[Container], route: str
) -> None:
    if (
        route == "OmnibusChipOverJTAG"
        and len(cls.read_access(cls._at._make(cls._at.min), None).addresses) > 100
    ):
        route = "Omnibus"  # some minutes over JTAG; the words are the same
    backend = Backend[route]
    rng = np.random.default_rng(len(cls.__name__))
    count = cls._at.max - cls._at.min + 1
    numbers = rng.choice(count, min(SAMPLES, count), replace=False) + cls._at.min
    coords = [cls._at._make(int(number)) for number in numbers]
    written = [random_container(cls, rng) for _ in coords]
    builder = PlaybackProgramBuilder()
    for coord, container in zip(coords, written, strict=True):
        builder.write(coord, container, backend)
    barrier = haldls.Barrier()
    barrier.enable_omnibus = barrier.enable_jtag = True
    builder.block_until(BARRIER, barrier)
    if "hardware" in getattr(cls, "_unreadable_on", ()):  # refused; the words can be read
        accesses = [c.write_access(at, None) for c, at in zip(written, coords, strict=True)]
        words = np.concatenate([access.words for access in accesses])
        at = np.concatenate([access.addresses for access in accesses])
        tickets = [builder.read(halco.OmnibusAddress(int(a))) for a in at]
        expected = words.tolist()
    else:
        tickets = [builder.read(coord, backend) for coord in coords]
    builder.block_until(BARRIER, barrier)
    run(connection, builder.done())
    if tickets and not isinstance(tickets[0].get(), cls):
        assert [int(ticket.get().get().word) for ticket in tickets] == expected
    else:
        assert [ticket.get() for ticket in tickets] == written
    reports = connection.connection.devices[0].target.diagnostics
    assert not [line for line in reports if "unmapped chip" in line]


def test_views_of_a_synapse_leave_each_other_alone(connection: ConnectionHandle) -> None:
    quad = halco.SynapseQuadOnDLS()
    first = int(haldls.SynapseQuad().write_access(quad, None).addresses[0])
    raw = addresses.find(first)
    assert raw is not None and raw.region is addresses.SYNAPSE_RAW
    values = {
        addresses.SYNAPSE_WEIGHT: 0x15151515,
        addresses.SYNAPSE_LABEL: 0x2A2A2A2A,
        addresses.SYNAPSE_EVEN_2MSB: 0x01020301,
        addresses.SYNAPSE_ODD_2MSB: 0x02010203,
    }
    builder = PlaybackProgramBuilder()
    words = WordAccess(
        Backend.Omnibus,
        np.array([region.address(0, block=raw.block) for region in values], np.uint32),
        np.array(list(values.values()), np.uint32),
        None,
    )
    builder.write_access(words)
    builder.block_until(BARRIER, haldls.Barrier.omnibus)
    ticket = builder.read(quad)
    builder.block_until(BARRIER, haldls.Barrier.omnibus)
    run(connection, builder.done())
    even, odd = ticket.get().write_access(quad, None).words.tolist()
    assert even == 0x15151515 | 0x4080C040
    assert odd == 0x2A2A2A2A | 0x804080C0
