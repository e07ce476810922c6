# SPDX-License-Identifier: Apache-2.0
"""Every container of the chip: back through every backend, at any coordinate, and its reset value.

In CI a seeded sample of the coordinates, with `-m full` all of them.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from random_containers import random_container

from cosim import storage
from hal import halco, haldls
from hal.fisch import Backend, addresses
from hal.fisch.access import WordAccess
from hal.haldls.declaration import Container
from hal.hxcomm import ConnectionHandle
from hal.stadls import (
    PlaybackProgram,
    PlaybackProgramBuilder,
    SystemInit,
    UnsupportedTargetError,
    generate,
    run,
)

SAMPLE = 6  # coordinates of each container in CI
CHUNK = 8192  # coordinates in a program
BARRIER = halco.BarrierOnFPGA()
CHIP = 1 << 31  # first address that is not on the chip
LINK_WAIT = 12_500  # FPGA cycles until a link that was off is up again

READ_WRITE = (
    "ADPLL", "BackgroundSpikeSource", "CADCChannelConfig", "CADCConfig",
    "CADCOffsetSRAMTimingConfig", "CapMemBlock", "CapMemBlockConfig", "CapMemCell",
    "CapMemSRAMTimingConfig", "ColumnCorrelationQuad", "ColumnCurrentQuad",
    "CommonCorrelationConfig", "CommonNeuronBackendConfig", "CommonPADIBusConfig",
    "CommonPhyConfigChip", "CommonSTPConfig", "CommonSynramConfig", "CrossbarNode",
    "CrossbarOutputConfig", "CurrentDAC", "MADCConfig", "NeuronBackendConfig",
    "NeuronBackendSRAMTimingConfig", "NeuronConfig", "NeuronSRAMTimingConfig",
    "PLLClockOutputBlock", "PLLSelfTest", "PPUControlRegister", "PPUMemory", "PPUMemoryBlock",
    "PPUMemoryWord", "PadMultiplexerConfig", "ReadoutSourceSelection", "ReferenceGeneratorConfig",
    "SynapseBiasSelection", "SynapseCorrelationCalibQuad", "SynapseDriverConfig",
    "SynapseDriverSRAMTimingConfig", "SynapseLabelQuad", "SynapseQuad", "SynapseWeightQuad",
    "SystimeSyncBase",
)  # fmt: skip
READ_ONLY = (
    "CADCSampleQuad", "CrossbarInputDropCounter", "CrossbarOutputEventCounter", "JTAGIdCode",
    "PLLSelfTestStatus", "PPUStatusRegister", "SpikeCounterRead",
)  # fmt: skip
WRITE_ONLY = (
    "BlockPostPulse", "CorrelationReset", "JTAGClockScaler", "MADCControl", "NeuronReset",
    "NeuronResetQuad", "PADIEvent", "PhyConfigChip", "ResetChip", "ResetJTAGTap",
    "SpikeCounterReset",
)  # fmt: skip
BLOCKS = ("CapMemBlock", "PPUMemory")  # of thousands of words
BUS = (Backend.Omnibus, Backend.OmnibusChipOverJTAG)
KEEP = {*storage.MEMORIES, *addresses.SYNAPSE_VIEWS, addresses.PPU_MEMORY}
"""Memories, which a chip reset leaves alone."""


def _on_chip(cls: type[Container]) -> bool:
    """Whether a container belongs to the chip: by its addresses, or by a JTAG backend."""
    if Backend.Omnibus in cls._backends:
        if cls is haldls.PPUMemoryBlock:
            return True
        at = _first(cls)
        access = cls.read_access(at, None) if cls._readable else cls().write_access(at, None)
        return bool((access.addresses < CHIP).all())
    return any("JTAG" in b.name or b is Backend.ResetChip for b in cls._backends)


def _cases(names: tuple[str, ...], *, slow: bool = True) -> list[Any]:
    """Each container over each of its backends; blocks over JTAG take too long for CI."""
    cases = []
    for name in names:
        for backend in getattr(haldls, name)._backends:
            if slow and name in BLOCKS and backend is Backend.OmnibusChipOverJTAG:
                cases.append(pytest.param(name, backend, marks=pytest.mark.full))
            else:
                cases.append((name, backend))
    return cases


def _ids(value: Any) -> str:
    return value.name if isinstance(value, Backend) else str(value)


def _first(cls: type[Container]) -> Any:
    if cls is haldls.PPUMemoryBlock:
        return _blocks(np.random.default_rng(0), 1)[0]
    return cls._at._make(cls._at.min)


def _blocks(rng: np.random.Generator, count: int) -> list[halco.PPUMemoryBlockOnDLS]:
    """Memory blocks of up to 40 words anywhere, on either processor; no two overlap."""
    words = halco.PPUMemoryWordOnPPU
    share = words.max // count
    blocks = []
    for k in range(count):
        begin = share * k + int(rng.integers(share - 40))
        end = begin + int(rng.integers(40))
        block = halco.PPUMemoryBlockOnPPU(words(begin), words(end))
        blocks.append(halco.PPUMemoryBlockOnDLS(block, halco.PPUOnDLS(k % 2)))
    return blocks


def _coordinates(cls: type[Container], rng: np.random.Generator, every: bool) -> list[Any]:
    """All coordinates or a sample; of the memory blocks, which overlap, always a sample."""
    if cls is haldls.PPUMemoryBlock:
        return _blocks(rng, 20 if every else SAMPLE)
    first, last = cls._at.min, cls._at.max
    numbers = range(first, last + 1)
    if not every and len(numbers) > SAMPLE:
        inner = rng.choice(len(numbers) - 2, SAMPLE - 2, replace=False) + first + 1
        return [cls._at._make(number) for number in sorted({first, last, *inner.tolist()})]
    return [cls._at._make(number) for number in numbers]


def _pattern(cls: type[Container], coord: Any, rng: np.random.Generator) -> Container:
    if cls is haldls.PPUMemoryBlock:
        block = haldls.PPUMemoryBlock(len(cls.read_access(coord, None).addresses))
        values = rng.integers(0, 1 << 32, int(block.size()))
        block.words = [haldls.PPUMemoryWord(haldls.PPUMemoryWord.Value(int(v))) for v in values]
        return block
    container = random_container(cls, rng)
    if isinstance(container, haldls.BackgroundSpikeSource):
        container.period = haldls.BackgroundSpikeSource.Period(rng.integers(30_000, 65_536))
    return container


def _chunks(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]


def _barrier(builder: PlaybackProgramBuilder) -> None:
    barrier = haldls.Barrier()
    barrier.enable_omnibus = barrier.enable_jtag = True
    builder.block_until(BARRIER, barrier)


def _raw(ticket: Any) -> int:
    """The word of an access by address."""
    word = ticket.get().get()
    return int(getattr(word, "word", word))


def _run(connection: ConnectionHandle, builder: PlaybackProgramBuilder) -> PlaybackProgram:
    _barrier(builder)
    program = builder.done()
    run(connection, program)
    return program


def _unmapped(connection: ConnectionHandle) -> list[str]:
    """Reports about the chip's address map since the last call."""
    reports = connection.connection.devices[0].target.diagnostics
    found = [line for line in reports if "unmapped chip" in line]
    new = found[_seen.get(id(connection), 0) :]
    _seen[id(connection)] = len(found)
    return new


_seen: dict[int, int] = {}


@pytest.fixture(scope="module")
def connection(shared: ConnectionHandle) -> ConnectionHandle:
    """A machine after bring-up, with the fastest JTAG clock."""
    builder, _ = generate(SystemInit(shared.get_hwdb_entry()[0]))
    builder.write(halco.JTAGClockScalerOnDLS(), haldls.JTAGClockScaler(0))
    run(shared, builder.done())
    return shared


def test_every_container_of_the_chip_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    on_chip = {cls.__name__ for cls in haldls.containers if _on_chip(cls)}
    listed = [*READ_WRITE, *READ_ONLY, *WRITE_ONLY]
    assert len(set(listed)) == len(listed)
    assert on_chip == set(listed)
    for cls in haldls.containers:
        if cls.__name__ in listed:
            lists = (READ_WRITE, READ_ONLY, WRITE_ONLY)
            facts = ((True, True), (True, False), (False, True))
            (fits,) = (names for names, fact in zip(lists, facts, strict=True)
                       if fact == (cls._readable, cls._writeable))  # fmt: skip
            assert cls.__name__ in fits
    rng = np.random.default_rng(0)
    with capsys.disabled():
        for every in (False, True):
            cases = [
                (getattr(haldls, name), backend)
                for names in (READ_WRITE, READ_ONLY, WRITE_ONLY)
                for name in names
                for backend in getattr(haldls, name)._backends
            ]
            coordinates = sum(len(_coordinates(cls, rng, every)) for cls, _ in cases)
            print(
                f"\n{'full' if every else 'CI'}: {len(listed)} containers, {len(cases)} with "
                f"their backends, {coordinates} coordinates",
                end="",
            )


def _write_and_read_back(
    connection: ConnectionHandle, name: str, backend: Backend, every: bool
) -> None:
    cls: type[Container] = getattr(haldls, name)
    rng = np.random.default_rng(sum(name.encode()))
    back = backend if backend in BUS else Backend.OmnibusChipOverJTAG
    coords = _coordinates(cls, rng, every)
    written = [_pattern(cls, coord, rng) for coord in coords]
    _unmapped(connection)
    # All are written before the first one is read: another address would show.
    for part in _chunks(list(range(len(coords)))):
        builder = PlaybackProgramBuilder()
        for k in part:
            builder.write(coords[k], written[k], backend)
        _run(connection, builder)
    for part in _chunks(list(range(len(coords)))):
        builder = PlaybackProgramBuilder()
        if "hardware" in cls._unreadable_on:  # refused; its words can be read
            accesses = [written[k].write_access(coords[k], back) for k in part]
            kind = (
                halco.OmnibusAddress
                if back is Backend.Omnibus
                else halco.OmnibusChipOverJTAGAddress
            )
            raw = [builder.read(kind(int(a))) for access in accesses for a in access.addresses]
            _run(connection, builder)
            words = [_raw(ticket) for ticket in raw]
            assert words == [int(word) for access in accesses for word in access.words]
        else:
            tickets = [builder.read(coords[k], back) for k in part]
            _run(connection, builder)
            assert [ticket.get() for ticket in tickets] == [written[k] for k in part]
    if name in (
        "BackgroundSpikeSource",
        "CommonPhyConfigChip",
        "PPUControlRegister",
        "PLLSelfTest",
    ):
        builder = PlaybackProgramBuilder()  # nothing goes on by itself behind the test's back
        for coord in coords:
            builder.write(coord, cls(), backend)
        builder.write(halco.TimerOnDLS(), haldls.Timer())
        builder.block_until(halco.TimerOnDLS(), haldls.Timer.Value(LINK_WAIT))
        _run(connection, builder)
    assert not _unmapped(connection)


@pytest.mark.parametrize(("name", "backend"), _cases(READ_WRITE), ids=_ids)
def test_write_and_read_back(connection: ConnectionHandle, name: str, backend: Backend) -> None:
    _write_and_read_back(connection, name, backend, every=False)


@pytest.mark.full
@pytest.mark.parametrize(("name", "backend"), _cases(READ_WRITE), ids=_ids)
def test_write_and_read_back_everywhere(
    connection: ConnectionHandle, name: str, backend: Backend
) -> None:
    _write_and_read_back(connection, name, backend, every=True)


@pytest.mark.parametrize(("name", "backend"), _cases((*READ_ONLY, *WRITE_ONLY)), ids=_ids)
def test_one_way_containers_are_mapped(
    connection: ConnectionHandle, name: str, backend: Backend
) -> None:
    """They are answered; what a read gives and a write does is checked by their own tests."""
    cls: type[Container] = getattr(haldls, name)
    if cls in (haldls.ResetChip, haldls.ResetJTAGTap, haldls.JTAGClockScaler):
        return  # part of every bring-up
    rng = np.random.default_rng(sum(name.encode()))
    coords = _coordinates(cls, rng, every=False)
    _unmapped(connection)
    builder = PlaybackProgramBuilder()
    tickets = []
    for coord in coords:
        if cls._readable:
            tickets.append(builder.read(coord, backend))
        else:
            builder.write(coord, cls(), backend)
    _run(connection, builder)
    assert all(isinstance(ticket.get(), cls) for ticket in tickets)
    assert not _unmapped(connection)


@pytest.mark.parametrize(
    "name", [n for n in READ_WRITE if "hardware" in getattr(haldls, n)._unreadable_on]
)
def test_documented_reads_are_refused(connection: ConnectionHandle, name: str) -> None:
    cls: type[Container] = getattr(haldls, name)
    builder = PlaybackProgramBuilder()
    builder.read(_first(cls))
    with pytest.raises(UnsupportedTargetError, match=f"{name} at "):
        run(connection, builder.done())


@pytest.mark.parametrize("name", WRITE_ONLY)
def test_write_only_containers_cannot_be_read(name: str) -> None:
    cls: type[Container] = getattr(haldls, name)
    with pytest.raises(RuntimeError, match="write-only"):
        PlaybackProgramBuilder().read(_first(cls))


@pytest.mark.parametrize("name", READ_ONLY)
def test_read_only_containers_cannot_be_written(name: str) -> None:
    cls: type[Container] = getattr(haldls, name)
    with pytest.raises(RuntimeError, match="read-only"):
        PlaybackProgramBuilder().write(_first(cls), cls())


def _defaults() -> dict[int, tuple[str, int]]:
    """Name and word of the default container at every address of a register."""
    words: dict[int, tuple[str, int]] = {}
    for name in READ_WRITE:
        cls: type[Container] = getattr(haldls, name)
        if cls._part is not None:
            continue
        for number in range(cls._at.min, cls._at.max + 1):
            access = cls().write_access(cls._at._make(number), Backend.OmnibusChipOverJTAG)
            places = [addresses.find(int(address)) for address in access.addresses]
            assert all(places)
            if any(place.region in KEEP for place in places if place):
                break
            at = zip(access.addresses.tolist(), access.words.tolist(), strict=True)
            words |= {address: (name, word) for address, word in at}
    return words


def test_reset_values(connection: ConnectionHandle) -> None:
    """Registers that were written before are the defaults of their containers after a chip reset.

    Memories keep their content.
    """
    registers = _defaults()
    assert storage.reset_values().keys() <= registers.keys()
    kept = {
        region.address(region.count // 2, 0, block): 0x11 + k
        for k, region in enumerate((*storage.MEMORIES, addresses.PPU_MEMORY, addresses.SYNAPSE_RAW))
        for block in range(len(region.bases))
    }
    builder = PlaybackProgramBuilder()
    for address, (name, word) in registers.items():
        if name not in ("BackgroundSpikeSource", "CommonPhyConfigChip"):  # dirty by other tests
            builder.write_access(_word(address, word ^ 0x5A5A_5A5A))
    for address, word in kept.items():
        builder.write_access(_word(address, word))
    _barrier(builder)
    timer, line = halco.TimerOnDLS(), halco.ResetChipOnDLS()
    for level in (True, False):
        builder.write(line, haldls.ResetChip(level))
        builder.write(timer, haldls.Timer())
        builder.block_until(timer, haldls.chip_reset_high_duration)
    builder.write(halco.ResetJTAGTapOnDLS(), haldls.ResetJTAGTap())
    kind = halco.OmnibusChipOverJTAGAddress
    tickets = {a: builder.read(kind(a)) for a in (*registers, *kept)}
    _run(connection, builder)
    words = {address: _raw(ticket) for address, ticket in tickets.items()}
    wrong = {
        f"{name} at {address:#x}": (hex(words[address]), hex(word))
        for address, (name, word) in registers.items()
        if words[address] != word
    }
    assert not wrong
    assert {address: words[address] for address in kept} == kept
    builder, _ = generate(SystemInit(connection.get_hwdb_entry()[0]))
    builder.write(halco.JTAGClockScalerOnDLS(), haldls.JTAGClockScaler(0))
    run(connection, builder.done())


def _word(address: int, word: int) -> WordAccess:
    at = np.array([address], np.uint32)
    return WordAccess(Backend.Omnibus, at, np.array([word], np.uint32), None)


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


@pytest.mark.parametrize("seed", range(4))
def test_pll_self_test(connection: ConnectionHandle, seed: int) -> None:
    """All clock outputs count their frequency; seed 0: as after reset, others at random."""
    rng = np.random.default_rng(seed)
    scaler = 8
    window = 1 << scaler + 2
    loops = [haldls.ADPLL() for _ in halco.iter_all(halco.ADPLLOnDLS)]
    if seed:
        loops = [random_container(haldls.ADPLL, rng) for _ in loops]
        for loop in loops:
            loop.enable = True
    outputs = haldls.PLLClockOutputBlock()
    builder = PlaybackProgramBuilder()
    for at, loop in zip(halco.iter_all(halco.ADPLLOnDLS), loops, strict=True):
        builder.write(at, loop)
    builder.write(halco.PLLClockOutputBlockOnDLS(), outputs)
    expected, tickets, timer = [], [], halco.TimerOnDLS()
    for output in halco.iter_all(halco.PLLClockOutputOnDLS):
        source = outputs.get_clock_output(output)
        loop = loops[int(source.select_adpll.toEnum())]
        ratio = loop.calculate_output_frequency(source.select_adpll_output)
        expected.append(int(window * ratio / haldls.nominal_pll_f_reference + 1e-6))
        for off in (0, 16):  # from the expected count; the first is found good, the second not
            test = haldls.PLLSelfTest()
            test.clock_enable = True
            test.pre_scaler_p = test.PreScalerP(scaler)
            test.select_source = output
            test.check_range = test.CheckRange(2)
            test.check_value = test.CheckValue(expected[-1] + off)
            builder.write(halco.PLLSelfTestOnDLS(), test)
            builder.write(timer, haldls.Timer())
            early = builder.read(halco.PLLSelfTestStatusOnDLS())
            builder.block_until(timer, haldls.Timer.Value(10_000))
            tickets.append((early, builder.read(halco.PLLSelfTestStatusOnDLS())))
    _run(connection, builder)
    for k, (early, late) in enumerate(tickets):
        assert not early.get().finished
        status = late.get()
        assert status.finished
        assert int(status.counter_value.value()) == expected[k // 2]
        assert status.success == (k % 2 == 0)
    if seed == 0:
        assert expected == [10240, 10240, 5120, 10240]
