# SPDX-License-Identifier: Apache-2.0
"""The declaration of containers, on all of them at once and on some awkward ones."""

import copy
import inspect
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from random_containers import random_container, random_coordinate

from hal import halco, haldls
from hal.fisch import AccessError, Backend, WordAccess, read_values, read_words, write_words
from hal.haldls.declaration import Container
from hal.haldls.serialization import Leaf, Version, items_of, to_portablebinary

SAMPLES = 20
STORAGE = json.loads((Path(__file__).parent / "data" / "hal_storage.json").read_text())
"""Size of a stored default container; path, size and number of its members."""


@pytest.mark.full
@pytest.mark.parametrize("cls", haldls.containers, ids=lambda cls: cls.__name__)
def test_decode_inverts_encode_often(cls: type[Container]) -> None:
    check_inverse(cls, 1000)


@pytest.mark.parametrize("cls", haldls.containers, ids=lambda cls: cls.__name__)
def test_decode_inverts_encode(cls: type[Container]) -> None:
    check_inverse(cls, SAMPLES if len(cls._slots) < 1000 else 2)


def check_inverse(cls: type[Container], samples: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(samples):
        container, coord = random_container(cls, rng), random_coordinate(cls, rng)
        if cls is haldls.PPUMemoryBlock:
            container = cls(coord.toPPUMemoryBlockSize())
        number = cls._number_or_zero(coord)
        words, _ = container._encoded(number)
        backend = cls._backends[-1]
        if cls is haldls.Timer:
            assert words.tolist() == [0]
            continue
        if cls._marker is not None:
            words[0] |= cls._marker[1]
        if cls._readable and backend not in cls._undecoded:
            assert cls.decode(coord, backend, words) == container


@pytest.mark.parametrize("cls", haldls.containers, ids=lambda cls: cls.__name__)
def test_copies_files_and_pickles(cls: type[Container]) -> None:
    rng = np.random.default_rng(2)
    container = random_container(cls, rng)
    for twin in (cls(container), copy.copy(container), copy.deepcopy(container)):
        assert twin == container
        assert twin is not container
    data = pickle.dumps(container)
    assert pickle.loads(data) == container
    assert pickle.dumps(cls(container)) == data
    other = cls()
    haldls.from_json(other, haldls.to_json(container))
    assert other == container
    other = cls()
    haldls.from_portablebinary(other, haldls.to_portablebinary(container))
    assert other == container
    bare = cls.__new__(cls)
    bare.__setstate__(container.__getstate__())
    assert bare == container
    assert cls.__name__ in str(container)
    with pytest.raises(TypeError):
        hash(container)
    with pytest.raises(AttributeError):
        container.no_such_member = 1


def test_whole_arrays_match_single_containers() -> None:
    rng = np.random.default_rng(3)
    for cls in haldls.containers:
        if cls._part is not None or cls is haldls.PPUMemoryBlock or not cls._slots:
            continue
        rows = [random_container(cls, rng) for _ in range(5)]
        numbers = rng.integers(cls._at.min, cls._at.max, 5, endpoint=True)
        matrix = np.array([row._content() for row in rows])
        columns = {slot.name: matrix[:, i] for i, slot in enumerate(cls._slots)}
        words = cls.encode_columns(columns, numbers)
        for row, container in enumerate(rows):
            single, _ = container._encoded(int(numbers[row]))
            assert words[row].tolist() == [w % (1 << 32) for w in single.tolist()], cls


def test_one_address_matches_many() -> None:
    rng = np.random.default_rng(4)
    for cls in haldls.containers:
        if cls is haldls.PPUMemoryBlock:
            continue
        numbers = [0, cls._at.max, int(rng.integers(cls._at.min, cls._at.max, endpoint=True))]
        for address in cls._addresses.values():
            assert [address.one(number) for number in numbers] == address.of(numbers).tolist()


def test_byte_enable_columns() -> None:
    access = haldls.ExternalPPUMemoryByte.write_column_access(range(5), {"value": [1, 2, 3, 4, 5]})
    assert access.addresses.tolist() == [0x80000000] * 4 + [0x80000001]
    assert access.words.tolist() == [1 << 24, 2 << 16, 3 << 8, 4, 5 << 24]
    assert access.byte_enables is not None
    assert access.byte_enables.tolist() == [8, 4, 2, 1, 8]
    quad = haldls.ExternalPPUMemoryQuad.write_column_access([7], {"enables": [[1, 0, 0, 1]]})
    assert quad.byte_enables is not None
    assert quad.byte_enables.tolist() == [0b1001]


def test_columns_out_of_range() -> None:
    with pytest.raises(OverflowError, match=r"INA219Status.bus_voltage: range overflow"):
        haldls.INA219Status.decode_columns([[0, 0], [0xFFF8, 0]], [0, 1])


def test_synapse_quad_columns() -> None:
    weights = np.arange(8).reshape(2, 4)
    access = haldls.SynapseQuad.write_column_access([0, 64], {"weights": weights})
    assert access.addresses.tolist() == [0x2CF0000, 0x2CF0040, 0x2CF0080, 0x2CF00C0]
    assert access.words.tolist() == [0x00100818, 0, 0x0414_0C1C, 0]
    back = haldls.SynapseQuad.decode_columns(access.words.reshape(2, 2), [0, 64])
    assert (back["weights"] == weights).all()


def test_condition_words() -> None:
    barrier = haldls.Barrier.omnibus
    assert barrier.block_words(halco.BarrierOnFPGA()).tolist() == [0x0700000000000001]
    wait = haldls.Timer.Value(10)
    assert wait.block_words(halco.TimerOnDLS()).tolist() == [0x050000000000000A]
    with pytest.raises(RuntimeError, match="belongs to TimerOnDLS"):
        wait.block_words(halco.BarrierOnFPGA())


def test_words_of_an_access() -> None:
    word = haldls.PPUMemoryWord(haldls.PPUMemoryWord.Value(0xDEADBEEF))
    access = word.write_access(halco.PPUMemoryWordOnDLS())
    assert write_words(access).tolist() == [0x0B00000F02800000, 0x0C000000DEADBEEF]
    read, kind, count = read_words(haldls.Timer.read_access(halco.TimerOnDLS()))
    assert (read.tolist(), kind.name, count) == ([0x0B00001F8800000C], "OMNIBUS", 1)


def test_i2c_answers() -> None:
    access = haldls.INA219Status.read_access(halco.INA219StatusOnBoard(1))
    assert read_values(access, [0x12, 0x34, 0x56, 0x78]).tolist() == [0x1234, 0x5678]
    with pytest.raises(AccessError, match=r"no acknowledge from I2C slave 0x41, register 0x01"):
        read_values(access, [0, 0, 1 << 31, 0])


def test_wrong_uses() -> None:
    coord = halco.JTAGIdCodeOnDLS()
    with pytest.raises(RuntimeError, match="read-only"):
        haldls.JTAGIdCode().write_access(coord)
    with pytest.raises(RuntimeError, match="write-only"):
        haldls.ResetChip.read_access(halco.ResetChipOnDLS())
    with pytest.raises(RuntimeError, match="belongs to ResetChipOnDLS"):
        haldls.ResetChip().write_access(coord)
    with pytest.raises(RuntimeError, match="expected 1 words, got 2"):
        haldls.JTAGIdCode.decode(coord, None, [1, 1])
    with pytest.raises(RuntimeError, match="lacks its marker bit"):
        haldls.JTAGIdCode.decode(coord, None, [2])
    with pytest.raises(OverflowError, match=r"INA219Status.bus_voltage.*max\(4000\)"):
        haldls.INA219Status.decode(halco.INA219StatusOnBoard(), None, [0xFFF8, 0])
    with pytest.raises(RuntimeError, match=r"ADPLL.loop_filter_int: range underflow: 0 < min\(1\)"):
        haldls.ADPLL.decode(halco.ADPLLOnDLS(), Backend.OmnibusChipOverJTAG, [0, 0])
    with pytest.raises(RuntimeError, match="no container can be read at a EntryOnQuad"):
        haldls.container_for(halco.EntryOnQuad)
    assert haldls.container_for(halco.OmnibusAddress).__name__ == "Omnibus"
    assert haldls.container_for(halco.TimerOnDLS) is haldls.Timer
    config = haldls.CADCConfig()
    with pytest.raises(
        TypeError, match=r"CADCConfig.reset_wait: .*CADCConfig.ResetWait \(0..255\)"
    ):
        config.reset_wait = 256
    with pytest.raises(TypeError, match=r"CADCConfig.enable: cannot convert"):
        config.enable = "yes"
    with pytest.raises(TypeError, match="CADCConfig takes nothing or another CADCConfig"):
        haldls.CADCConfig(1)
    with pytest.raises(AttributeError, match=r"PPUStatusRegister.sleep is read-only"):
        haldls.PPUStatusRegister().sleep = True
    with pytest.raises(TypeError, match=r"readout_source: .*its members are: membrane, exc_synin"):
        haldls.NeuronConfig().readout_source = 1
    with pytest.raises(
        TypeError, match=r"SpikePack2ToChip.labels: expected a list of 2 SpikeLabel"
    ):
        haldls.SpikePack2ToChip([halco.SpikeLabel()])
    with pytest.raises(ValueError, match="neither phy_ref_clk nor madc_clk"):
        haldls.PLLClockOutputBlock().spl1_source = halco.PLLClockOutputOnDLS(0)
    with pytest.raises(TypeError, match=r"CapMemCell.value: cannot convert 1023"):
        haldls.CapMemCell().value = 1023
    with pytest.raises(OverflowError, match=r"SynapseQuad.weights: .*\[0, 63\]"):
        haldls.SynapseQuad.encode_columns({"weights": np.full((1, 4), 64)}, [0])
    with pytest.raises(
        RuntimeError, match=r"SynapseQuad.weights: expected an array of shape \(1, 4\)"
    ):
        haldls.SynapseQuad.encode_columns({"weights": np.zeros((1, 3))}, [0])


def test_wrong_members() -> None:
    config = haldls.CommonPADIBusConfig()
    with pytest.raises(TypeError, match=r"CommonPADIBusConfig.enable_spl1: expected array_bool"):
        config.enable_spl1 = [True] * 4
    with pytest.raises(TypeError, match=r"SpikePack1ToChip.labels: cannot convert 'a'"):
        haldls.SpikePack1ToChip(["a"])
    quad = haldls.ColumnCurrentQuad()
    with pytest.raises(TypeError, match=r"set_switch: expected ColumnCurrentQuad.ColumnCurrentSw"):
        quad.set_switch(halco.EntryOnQuad(), 3)
    with pytest.raises(TypeError, match=r"ShiftRegister.set_enable_led: cannot convert"):
        haldls.ShiftRegister().set_enable_led(halco.LEDOnBoard(), "on")
    with pytest.raises(RuntimeError, match="PPUMemoryBlock belongs to PPUMemoryBlockOnDLS"):
        haldls.PPUMemoryBlock.read_access(halco.TimerOnDLS())
    assert haldls.CADCConfig() != haldls.CurrentDAC()


def test_unnamed_codes() -> None:
    """A register may hold a code that has no name; it is kept."""
    words = [0, 0, 3, *[0] * 7]
    config = haldls.CapMemBlockConfig.decode(halco.CapMemBlockConfigOnDLS(), None, words)
    assert config.debug_v_ref_select.value == 3
    assert "unknown_3" in str(config)
    assert str(haldls.ADPLL.Output.dco) == "Output.dco"
    with pytest.raises(ValueError, match="-1 is not a valid"):
        haldls.ADPLL.Output(-1)
    assert str(Backend.Omnibus) == "Backend.Omnibus"


def test_reads_over_jtag_of_pll_registers() -> None:
    access = haldls.ADPLL.read_access(halco.ADPLLOnDLS())
    words, kind, count = read_words(access)
    assert (len(words), kind.name, count) == (0, "NONE", 0)
    tick = haldls.NullPayloadReadable.read_access(halco.NullPayloadReadableOnFPGA())
    assert read_values(tick, [1]).tolist() == [0]
    answer = haldls.PPUMemoryWord.read_access(halco.PPUMemoryWordOnDLS())
    assert read_values(answer, [7]).tolist() == [7]


def test_subclasses_keep_their_attributes() -> None:
    config = Named()
    config.name = "mine"
    config.reset_wait = 9
    for twin in (copy.deepcopy(config), pickle.loads(pickle.dumps(config))):
        assert (twin.name, twin.reset_wait, type(twin)) == ("mine", 9, Named)


class Named(haldls.CADCConfig):
    """A user's subclass."""


def test_arrays_of_enumerations() -> None:
    config = haldls.TCA9554Config()
    channel = halco.TCA9554ChannelOnBoard(2)
    config.channel_mode[channel] = haldls.TCA9554Config.ChannelMode.input
    twin = pickle.loads(pickle.dumps(config.channel_mode))
    assert twin == config.channel_mode == copy.copy(config.channel_mode)
    assert twin[channel] is haldls.TCA9554Config.ChannelMode.input
    with pytest.raises(TypeError, match="its members are: output, input"):
        config.channel_mode[channel] = 1
    assert haldls.TCA9554Config.ChannelsModeArray()[channel].name == "output"


def test_stored_blocks() -> None:
    block = haldls.PPUMemoryBlock(halco.PPUMemoryBlockSize(2))
    block.at(1).value = haldls.PPUMemoryWord.Value(5)
    other = haldls.PPUMemoryBlock()
    haldls.from_json(other, haldls.to_json(block))
    assert other == block
    with pytest.raises(RuntimeError, match=r"'m_words': expected a list, not 3"):
        text = '{"value0": {"cereal_class_version": 0, "m_words": 3}}'
        haldls.from_json(other, text)
    data = haldls.to_portablebinary(block)
    with pytest.raises(RuntimeError, match="is longer than the data"):
        haldls.from_portablebinary(other, data[:5] + b"\xff" * 8 + data[13:])


def test_bad_words() -> None:
    timer = np.array([1], dtype=np.uint32)
    with pytest.raises(RuntimeError, match="only 0 can be written"):
        write_words(WordAccess(Backend.Timer, np.zeros(1, np.uint32), timer))
    with pytest.raises(RuntimeError, match="JTAGIdCode cannot be written"):
        write_words(WordAccess(Backend.JTAGIdCode, np.zeros(1, np.uint32), timer))
    with pytest.raises(RuntimeError, match="ResetChip cannot be read"):
        read_words(WordAccess(Backend.ResetChip, np.zeros(1, np.uint32), timer))


def test_bad_files() -> None:
    config = haldls.CADCConfig()
    for text, message in (
        ("{", "not JSON"),
        ("[]", "expected a JSON object"),
        ("{}", "lacks the member 'value0'"),
        (haldls.to_json(config).replace("false", "3"), "'value.m_enable': expected a truth value"),
        (haldls.to_json(config).replace("100", "256"), r"reset_wait: stored value 256"),
        (haldls.to_json(config).replace('version": 0', 'version": 1'), "unknown class version"),
    ):
        with pytest.raises(RuntimeError, match=message):
            haldls.from_json(config, text)
    data = haldls.to_portablebinary(config)
    for broken, message in (
        (b"", "data end after 0 bytes"),
        (b"\0" + data[1:], "begin with the byte 1"),
        (data[:-1], f"expected at least {len(data)}"),
        (data + b"\0", "1 bytes too many"),
        (data[:1] + b"\1" + data[2:], "unknown class version"),
        (data[:-1] + b"\1", "stored value"),
    ):
        with pytest.raises(RuntimeError, match=message):
            haldls.from_portablebinary(config, broken)
    with pytest.raises(TypeError, match="expected bytes"):
        haldls.from_portablebinary(config, 3)
    with pytest.raises(TypeError, match="expected a container"):
        haldls.to_json(3)
    assert config == haldls.CADCConfig()


def _members(content: Any, path: str, seen: set[Any]) -> Iterator[tuple[str, int]]:
    """Path and size of every stored number."""
    if isinstance(content, Leaf):
        yield path, content.bytes
    elif isinstance(content, Version):
        if content.cls not in seen:
            seen.add(content.cls)
            yield path, 4
    else:
        for name, part in content:
            yield from _members(part, f"{path}/{name}" if path else name, seen)


@pytest.mark.parametrize("name", STORAGE)
def test_file_formats_are_those_of_the_original(name: str) -> None:
    cls, recorded = getattr(haldls, name), STORAGE[name]
    assert len(to_portablebinary(cls())) == recorded["size"]
    if "members" not in recorded:
        return
    counts: dict[tuple[str, int], int] = {}
    for path, size in _members(items_of(cls), "", set()):
        counts[path, size] = counts.get((path, size), 0) + 1
    expected = [(path, size, *(count or [1])) for path, size, *count in recorded["members"]]
    assert [(*member, count) for member, count in counts.items()] == expected


def test_members_are_references() -> None:
    config = haldls.CommonPADIBusConfig()
    config.enable_spl1[halco.PADIBusOnPADIBusBlock(2)] = True
    assert config.enable_spl1[halco.PADIBusOnPADIBusBlock(2)]
    assert type(config.dacen_pulse_extension[halco.PADIBusOnPADIBusBlock(0)]) is (
        haldls.CommonPADIBusConfig.DacenPulseExtension
    )
    quad = haldls.ColumnCurrentQuad()
    switch = quad.get_switch(halco.EntryOnQuad(1))
    switch.enable_debug_excitatory = True
    assert quad == haldls.ColumnCurrentQuad()
    quad.set_switch(halco.EntryOnQuad(1), switch)
    assert quad.get_switch(halco.EntryOnQuad(1)) == switch
    assert inspect.ismethod(quad.get_switch)
