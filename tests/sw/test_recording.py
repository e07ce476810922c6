# SPDX-License-Identifier: Apache-2.0
"""Programs with absolute times, recordings, their conversions and file formats."""

import copy
import itertools
import json
import logging
import pickle
import random
from collections.abc import Callable
from typing import Any

import pytest

from hal import halco, hxcomm, stadls
from hal import haldls as hal
from hal.hxcomm.messages import TO_FPGA
from hal.lola import MemoryTiming
from hal.stadls import (
    AbsoluteTimePlaybackProgramBuilder,
    DumperDone,
    PlaybackProgramBuilder,
    PlaybackProgramBuilderDumper,
)
from hal.stadls.convert import _lay_over, overlay
from hal.stadls.errors import BuilderError, NoResultError

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
SPIKE = halco.SpikePack1ToChipOnDLS()
CADC = halco.CADCConfigOnDLS()


def spike(label: int) -> hal.SpikePack1ToChip:
    pack = hal.SpikePack1ToChip()
    pack.labels = [halco.SpikeLabel(label)]
    return pack


def words(builder: AbsoluteTimePlaybackProgramBuilder) -> list[tuple[str, int]]:
    """Name and payload of each instruction."""
    return [
        (TO_FPGA[word >> 56].name, word & ~(0xFF << 56))
        for word in builder.done().done().words.tolist()
    ]


# -- absolute times -------------------------------------------------------------------------------


def test_commands_are_sorted_and_waits_added() -> None:
    builder = AbsoluteTimePlaybackProgramBuilder()
    for time, label in [(50, 1), (10, 2), (10, 3), (11, 4), (0, 5), (50, 6)]:
        builder.write(hal.Timer.Value(time), SPIKE, spike(label))
    assert not builder.empty() and str(builder).splitlines()[0].startswith("0: write at ")
    assert repr(builder) == "AbsoluteTimePlaybackProgramBuilder(6 commands)"
    assert words(builder) == [
        ("Setup", 0),
        ("SpikePack1", 5),
        ("WaitUntil", 9),
        ("SpikePack1", 2),
        ("SpikePack1", 3),
        ("SpikePack1", 4),
        ("WaitUntil", 49),
        ("SpikePack1", 1),
        ("SpikePack1", 6),
    ]
    assert builder.empty() and words(builder) == [("Setup", 0)]


def test_bulk_spikes_equal_commands() -> None:
    """The column of timed spikes follows the same rule (one spike a time here, so no packs)."""
    times = sorted(random.Random(1).sample(range(1000), 300))
    labels = [7 * time % 65536 for time in times]
    builder = AbsoluteTimePlaybackProgramBuilder()
    for time, label in zip(times, labels, strict=True):
        builder.write(time, SPIKE, spike(label))
    columns = PlaybackProgramBuilder()
    columns.write(TIMER, hal.Timer())
    columns.write_spikes(times, labels)
    assert builder.done().done() == columns.done()


def test_shift_and_stretch() -> None:
    builder = AbsoluteTimePlaybackProgramBuilder()
    builder.write(10, SPIKE, spike(1))
    builder.write(20, SPIKE, spike(2))

    def times(changed: AbsoluteTimePlaybackProgramBuilder) -> list[int]:
        return [payload for name, payload in words(changed) if name == "WaitUntil"]

    assert times(builder + hal.Timer.Value(5)) == [14, 24]
    assert times(builder * 1.25) == [12, 24]
    builder += 1
    builder *= 2
    other = AbsoluteTimePlaybackProgramBuilder()
    other.copy(builder)
    other.merge(builder)
    assert builder.empty() and other.is_write_only()
    assert times(other) == [21, 41]


def test_read_has_a_ticket() -> None:
    builder = AbsoluteTimePlaybackProgramBuilder()
    late = builder.read(30, CADC)
    early = builder.read(20, halco.CADCConfigOnDLS(1))
    assert not builder.is_write_only()
    with pytest.raises(RuntimeError, match="is not finished; call done"):
        late.valid()
    with pytest.raises(NoResultError, match="is not finished"):
        _ = late.fpga_time
    with hxcomm.ManagedMultiZeroMockConnection() as connection:
        stadls.run(connection, builder.done().done())
    assert (int(early.fpga_time), int(late.fpga_time)) == (1, 2)
    assert isinstance(late.get(), hal.CADCConfig) and late.get_coordinate() == CADC


def test_long_delay_draws_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    builder = AbsoluteTimePlaybackProgramBuilder()
    for _ in range(1252):
        builder.write(7, SPIKE, spike(1))
    with caplog.at_level(logging.WARNING, "hxcosim"):
        builder.done()
    assert [record.getMessage() for record in caplog.records] == [
        "commands had to be delayed by up to 1251 ticks of 8 ns"
    ]


def with_read() -> AbsoluteTimePlaybackProgramBuilder:
    builder = AbsoluteTimePlaybackProgramBuilder()
    builder.read(1, CADC)
    return builder


@pytest.mark.parametrize(
    ("mistake", "error", "message"),
    [
        (lambda b: b.write(3, TIMER, hal.Timer()), RuntimeError, "the timer belongs to the build"),
        (lambda b: b.write(1 << 32, SPIKE, spike(1)), OverflowError, "4294967296"),
        (lambda b: b.write(0.5, SPIKE, spike(1)), TypeError, "a time is a Timer.Value or an int"),
        (lambda b: b.write(0, CADC, spike(1)), RuntimeError, "SpikePack1ToChip belongs to"),
        (lambda b: b.read(0, SPIKE), RuntimeError, "is write-only"),
        (lambda b: b.copy(with_read()), BuilderError, "a builder with reads cannot be copied"),
        (lambda b: copy.copy(with_read()), BuilderError, "with reads cannot be copied"),
        (lambda b: with_read() * 2, BuilderError, "with reads cannot be copied"),
        (lambda b: with_read().__iadd__(2), BuilderError, "cannot be shifted or stretched"),
        (lambda b: with_read().__imul__(2), BuilderError, "cannot be shifted or stretched"),
        (lambda b: b * -1, TypeError, "by a number of at least 0, not by -1"),
        (lambda b: b * float("nan"), TypeError, "by a number of at least 0, not by nan"),
        (lambda b: b + (1 << 32), OverflowError, "4294967296"),
        (lambda b: b * 1e10, OverflowError, "max"),
        (lambda b: b.merge(b), BuilderError, "cannot be added to itself"),
        (lambda b: b.merge(PlaybackProgramBuilder()), TypeError, "a builder of the same kind"),
    ],
)
def test_absolute_bad(
    mistake: Callable[[Any], object], error: type[Exception], message: str
) -> None:
    builder = AbsoluteTimePlaybackProgramBuilder()
    builder.write(5, SPIKE, spike(1))
    with pytest.raises(error, match=message):
        mistake(builder)
    assert len(words(builder)) == 3


# -- dumper ---------------------------------------------------------------------------------------


def recorded() -> PlaybackProgramBuilderDumper:
    dumper = PlaybackProgramBuilderDumper()
    dumper.write(TIMER, hal.Timer())
    dumper.block_until(TIMER, hal.Timer.Value(100))
    dumper.write(halco.CapMemCellOnDLS(), hal.CapMemCell(hal.CapMemCell.Value(300)))
    dumper.write(halco.SynapseWeightQuadOnDLS(5), hal.SynapseWeightQuad())
    dumper.block_until(BARRIER, hal.Barrier.omnibus)
    dumper.write(halco.CapMemCellOnDLS(), hal.CapMemCell(hal.CapMemCell.DisableRefresh()))
    dumper.write(halco.CrossbarNodeOnDLS(), hal.CrossbarNode())
    return dumper


def test_recording_is_a_list_of_copies() -> None:
    dumper = PlaybackProgramBuilderDumper()
    config = hal.CADCConfig()
    dumper.write(CADC, config, hal.CADCConfig(), hal.Backend.Omnibus)
    config.enable = True
    assert not dumper.empty() and dumper.is_write_only()
    assert repr(dumper) == "PlaybackProgramBuilderDumper()" and "CADCConfig" in str(dumper)
    done = dumper.done()
    assert dumper.empty() and len(done) == 1
    done.values[0][1].enable = True
    assert done.tolist() == [(CADC, hal.CADCConfig())]
    assert repr(done).startswith("DumperDone(\n\tCADCConfigOnDLS(0): CADCConfig(")


def test_merge_and_copy_of_dumpers() -> None:
    first, second = PlaybackProgramBuilderDumper(), PlaybackProgramBuilderDumper()
    first.write(CADC, hal.CADCConfig())
    second.write(TIMER, hal.Timer())
    first.copy_back(second)
    first.copy_front(second)
    first.merge_back(second)
    assert second.empty()
    second.block_until(BARRIER, hal.Barrier())
    first.merge_front(second)
    kinds = [type(config) for _, config in first.done().values]
    assert kinds == [hal.Barrier, hal.Timer, hal.CADCConfig, hal.Timer, hal.Timer]


def test_squash_and_remove_block_until() -> None:
    done = recorded().done()
    done.remove_block_until()
    assert [type(config) for _, config in done.values].count(hal.CapMemCell) == 2
    done.squash()
    values = done.values
    assert len(values) == 4
    coords = [coord for coord, _ in values]
    assert all(a < b for a, b in itertools.pairwise(coords))
    (cell,) = [config for _, config in values if isinstance(config, hal.CapMemCell)]
    assert isinstance(cell.value, hal.CapMemCell.DisableRefresh)


def test_conversions() -> None:
    done = recorded().done()
    builder = stadls.convert_to_builder(done)
    dumper = stadls.convert_to_dumper(done)
    assert stadls.convert_to_builder(dumper).done() == builder.done()
    dumper.write(TIMER, hal.Timer())
    assert len(dumper.done()) == len(done) + 1
    assert len(done) == 7
    with pytest.raises(TypeError, match="expected a dumper or a finished dump, not int"):
        stadls.convert_to_builder(3)  # type: ignore[arg-type] # neither
    with pytest.raises(TypeError, match="expected a DumperDone, not int"):
        stadls.convert_to_dumper(3)  # type: ignore[arg-type] # no dump


def test_values_can_be_set() -> None:
    done = DumperDone()
    done.values = recorded().done().values
    assert done == recorded().done() != DumperDone()
    assert copy.copy(done) == done
    for wrong, message in [
        ([3], r"values\[0\]: expected \(coordinate, container\) tuples"),
        ([(CADC, 3)], r"values\[0\]: int is not a container"),
        ([(CADC, hal.Timer())], "Timer belongs to TimerOnDLS"),
    ]:
        with pytest.raises(RuntimeError, match=message):
            done.values = wrong
    assert len(done) == 7


@pytest.mark.parametrize(
    ("mistake", "error", "message"),
    [
        (lambda d: d.read(CADC), BuilderError, "a dumper records writes and waits only"),
        (lambda d: d.size_to_fpga(), BuilderError, "their number is not known"),
        (lambda d: d.size_from_fpga(), BuilderError, "their number is not known"),
        (lambda d: d.write(CADC, hal.Timer()), RuntimeError, "Timer belongs to"),
        (lambda d: d.write(CADC, 3), TypeError, "expected a container, not int"),
        (lambda d: d.write(TIMER, hal.Timer.Value(3)), TypeError, "expected a container"),
        (lambda d: d.block_until(TIMER, hal.Timer()), TypeError, "expected a condition"),
        (lambda d: d.block_until(BARRIER, hal.Timer.Value(1)), RuntimeError, "TimerOnDLS"),
        (lambda d: d.merge_back(d), BuilderError, "cannot be added to itself"),
        (lambda d: d.merge_back(3), TypeError, "merge_back: expected a dumper, not int"),
    ],
)
def test_dumper_bad(mistake: Callable[[Any], object], error: type[Exception], message: str) -> None:
    dumper = recorded()
    with pytest.raises(error, match=message):
        mistake(dumper)
    assert len(dumper.done()) == 7


def timing_recording() -> DumperDone:
    dumper = PlaybackProgramBuilderDumper()
    config = hal.NeuronSRAMTimingConfig()
    config.read_delay = 77
    dumper.write(halco.NeuronSRAMTimingConfigOnDLS(2), config)
    dumper.write(halco.ResetChipOnDLS(), hal.ResetChip())
    dumper.block_until(TIMER, hal.Timer.Value(7))
    dumper.write(CADC, hal.CADCConfig())
    return dumper.done()


def test_overlay_of_a_composed_container(caplog: pytest.LogCaptureFixture) -> None:
    """Writes reach the parts; what has no register in it is dropped with a warning."""
    before = MemoryTiming()
    before.neuron[halco.NeuronSRAMTimingConfigOnDLS(1)].read_delay = 5
    with caplog.at_level(logging.WARNING, "hxcosim"):
        after = overlay(before, halco.MemoryTimingOnDLS(), timing_recording())
    assert "1 words outside the registers of MemoryTiming were dropped" in caplog.text
    before.neuron[halco.NeuronSRAMTimingConfigOnDLS(2)].read_delay = 77
    assert after == before


def test_byte_enables_of_an_overlay() -> None:
    byte = hal.ExternalPPUMemoryByte(hal.ExternalPPUMemoryByte.Value(0xAB))
    access = byte.write_access(halco.ExternalPPUMemoryByteOnFPGA(1))
    (address,) = access.addresses.tolist()
    memory = {address: 0x11223344}
    assert _lay_over(memory, halco.ExternalPPUMemoryByteOnFPGA(1), byte) == 0
    assert memory == {address: 0x11AB3344}


def test_chip_of_a_recording() -> None:
    chip = stadls.convert_to_chip(DumperDone())
    assert chip == type(chip)()
    assert stadls.convert_to_chip(timing_recording(), chip) == chip
    config = hal.CADCConfig()
    config.enable = True
    dumper = PlaybackProgramBuilderDumper()
    dumper.write(CADC, config)
    changed = stadls.convert_to_chip(dumper.done(), chip)
    chip.cadc_readout_chains[halco.CADCOnDLS._make(CADC._e)].ramp.enable = True
    assert changed == chip
    with pytest.raises(TypeError, match="expected a Chip, not int"):
        stadls.convert_to_chip(DumperDone(), 3)


# -- file formats ---------------------------------------------------------------------------------


def everything() -> DumperDone:
    """A container at a coordinate of each kind."""
    dumper = recorded()
    for cls in hal.containers:
        if not cls._writeable or not hasattr(cls._at, "_make"):
            continue
        dumper.write(cls._at._make(cls._at.max // 2), cls())
    word = halco.PPUMemoryWordOnPPU
    block = halco.PPUMemoryBlockOnPPU(word(3), word(5))
    dumper.write(halco.PPUMemoryBlockOnDLS(block, halco.PPUOnDLS(1)), hal.PPUMemoryBlock(3))
    return dumper.done()


def test_round_trips() -> None:
    done = everything()
    assert len(done) > 80
    for restored in (pickle.loads(pickle.dumps(done)), DumperDone(done)):
        assert restored == done
    assert pickle.loads(pickle.dumps(recorded())).done() == recorded().done()
    from_text, from_bytes = DumperDone(), DumperDone()
    stadls.from_json(from_text, stadls.to_json(done))
    stadls.from_portablebinary(from_bytes, stadls.to_portablebinary(done))
    assert from_text == done == from_bytes
    assert pickle.dumps(done) == pickle.dumps(everything())


def test_binary_layout() -> None:
    """By the description of the format: numbers of types, names at their first use."""
    dumper = PlaybackProgramBuilderDumper()
    cell = hal.CapMemCell(hal.CapMemCell.Value(5))
    dumper.write(halco.CapMemCellOnDLS(halco.common.Enum(7)), cell)
    dumper.block_until(TIMER, hal.Timer.Value(9))
    dumper.write(halco.CapMemCellOnDLS(halco.common.Enum(8)), cell)

    def named(number: int, name: str) -> bytes:
        first = (number | 1 << 31).to_bytes(4, "little")
        return first + len(name).to_bytes(8, "little") + name.encode() + b"\x01"

    def number(value: int, width: int) -> bytes:
        return value.to_bytes(width, "little")

    stored = number(0, 4) + number(5, 8)  # index of the alternative, value
    expected = (
        b"\x01"
        + number(0, 4)
        + number(3, 8)
        + named(1, "halco::hicann_dls::vx::v3::CapMemCellOnDLS")
        + number(7, 8)
        + named(2, "haldls::vx::v3::CapMemCell")
        + number(0, 4)  # class version
        + stored
        + named(3, "halco::hicann_dls::vx::TimerOnDLS")
        + number(0, 8)
        + named(4, "haldls::vx::Timer::Value")
        + number(9, 4)
        + number(1, 4)
        + b"\x01"
        + number(8, 8)
        + number(2, 4)
        + b"\x01"
        + stored
    )
    assert stadls.to_portablebinary(dumper.done()) == expected


def test_json_layout() -> None:
    root = json.loads(stadls.to_json(recorded().done()))["value0"]
    assert root["cereal_class_version"] == 0
    first = root["values"][0]
    assert first["first"]["polymorphic_id"] == 1 | 1 << 31
    assert first["first"]["polymorphic_name"] == "halco::hicann_dls::vx::TimerOnDLS"
    assert first["first"]["ptr_wrapper"] == {"valid": 1, "data": {"value": 0}}
    assert first["second"]["polymorphic_name"] == "haldls::vx::Timer"
    assert root["values"][5]["first"]["polymorphic_id"] == 4


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"", "data end"),
        (lambda data: b"\x00" + data[1:], "do not begin with the byte 1"),
        (lambda data: data[:1] + b"\x07" + data[2:], "unknown class version"),
        (lambda data: data + b"\x00", "1 bytes too many"),
        (lambda data: data[:-1], "data end after"),
        (lambda data: data.replace(b"TimerOnDLS", b"TimerOnDL5"), "unknown coordinate '.*DL5'"),
        (lambda data: data.replace(b"haldls::vx::Timer", b"haldls::vx::Tiger"), "unknown contain"),
        (lambda data: data[:16] + b"\x00" + data[17:], "used before it is named"),
        (lambda data: data[:17] + b"\xff" * 8 + data[25:], "is longer than the data"),
    ],
)
def test_binary_bad(damage: Callable[[bytes], bytes], message: str) -> None:
    done = recorded().done()
    data = damage(stadls.to_portablebinary(done))
    with pytest.raises(RuntimeError, match=message):
        stadls.from_portablebinary(done, data)
    assert done == recorded().done()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text[:-5], "DumperDone: not JSON"),
        (lambda text: "[]", "expected a JSON object"),
        (lambda text: text.replace('"values"', '"others"'), "JSON lacks the member 'values'"),
        (lambda text: text.replace('"valid": 1', '"valid": 0', 1), "is a null pointer"),
        (lambda text: text.replace("TimerOnDLS", "TimerOnDL5"), "unknown coordinate"),
        (lambda text: text.replace('"enum": 0', '"enum": 99999999', 1), "no CapMemCellOnDLS of"),
        (lambda text: text.replace('"enum": 0', '"enum": -1', 1), "has the wrong kind: -1"),
        (
            lambda text: text.replace('"cereal_class_version": 0', '"cereal_class_version": 2', 1),
            "unknown class version",
        ),
    ],
)
def test_json_bad(damage: Callable[[str], str], message: str) -> None:
    done = recorded().done()
    text = damage(stadls.to_json(done))
    with pytest.raises(RuntimeError, match=message):
        stadls.from_json(done, text)
    assert done == recorded().done()
