# SPDX-License-Identifier: Apache-2.0
"""Composed containers: words, differences, copies, files, and wrong uses."""

import copy
import inspect
import json
import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from random_containers import random_composed

from hal import halco, haldls, lola
from hal.fisch import Backend
from hal.haldls.declaration import DifferentialWriteTrait
from hal.lola import composed
from hal.lola.composed import Composed, slots_of
from hal.stadls import PlaybackProgramBuilder

STORAGE = json.loads((Path(__file__).parent / "data" / "lola_storage.json").read_text())
"""Size of a stored default container; order of its members, and path and size of each."""
VARIABLE = (lola.ExternalPPUMemoryBlock, lola.ExternalPPUDRAMMemoryBlock, lola.LogicalNeuron)
FIXED = [cls for cls in lola.containers if cls not in VARIABLE]
DIFFERENTIAL = [cls for cls in FIXED if issubclass(cls, DifferentialWriteTrait)]
CHIP = halco.ChipOnDLS()
LARGE = 100_000


def named(cls: Any) -> str:
    return str(cls.__name__)


def samples(cls: Any) -> int:
    return max(1, min(100, 20_000 // max(1, cls._length)))


def coordinate(cls: Any, rng: np.random.Generator) -> Any:
    return cls._at._make(int(rng.integers(cls._at.min, cls._at.max, endpoint=True)))


def check_inverse(cls: Any, count: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(count):
        container, coord = random_composed(cls, rng), coordinate(cls, rng)
        for backend in cls._backends:
            if not cls._writeable:
                continue
            access = container.write_access(coord, backend)
            assert access.backend is backend
            if cls._readable:
                assert access.addresses.tolist() == (
                    cls.read_access(coord, backend).addresses.tolist()
                )
                assert cls.decode(coord, backend, access.words) == container


@pytest.mark.parametrize("cls", FIXED, ids=named)
def test_decode_inverts_encode(cls: Any) -> None:
    check_inverse(cls, samples(cls))


@pytest.mark.full
@pytest.mark.parametrize("cls", FIXED, ids=named)
def test_decode_inverts_encode_often(cls: Any) -> None:
    check_inverse(cls, 1000)


BLOCKS = [
    (lola.ExternalPPUMemoryBlock, halco.ExternalPPUMemoryBlockOnFPGA),
    (lola.ExternalPPUDRAMMemoryBlock, halco.ExternalPPUDRAMMemoryBlockOnFPGA),
]


def check_blocks(cls: Any, at: Any, count: int) -> None:
    """Blocks of any length at any byte: words, with byte enables, and files."""
    rng = np.random.default_rng(6)
    for _ in range(count):
        size = int(rng.integers(1, 200))
        first = int(rng.integers(0, at.bound_type.size - size))
        coord = at(at.bound_type(first), at.bound_type(first + size - 1))
        block = cls(size)
        block._numbers[:] = rng.integers(0, 256, size)
        access = block.write_access(coord)
        assert access.byte_enables is not None
        assert int(np.bitwise_count(access.byte_enables).sum()) == size
        assert cls.decode(coord, None, access.words) == block
        for other in (cls(), cls(3)):
            lola.from_portablebinary(other, lola.to_portablebinary(block))
            assert other == block
            lola.from_json(other, lola.to_json(block))
            assert other == block == pickle.loads(pickle.dumps(block))


@pytest.mark.parametrize(("cls", "at"), BLOCKS, ids=named)
def test_blocks_of_external_memory(cls: Any, at: Any) -> None:
    check_blocks(cls, at, 20)


@pytest.mark.full
@pytest.mark.parametrize(("cls", "at"), BLOCKS, ids=named)
def test_blocks_of_external_memory_often(cls: Any, at: Any) -> None:
    check_blocks(cls, at, 1000)


def test_part_by_part() -> None:
    """A chip's words are those of its register containers, each encoded on its own."""
    rng = np.random.default_rng(2)
    chip = random_composed(lola.Chip, rng)
    assert isinstance(chip, lola.Chip)
    access = chip.write_access(CHIP)
    memory = dict(zip(access.addresses.tolist(), access.words.tolist(), strict=True))
    cell, neuron = halco.CapMemCellOnDLS, halco.AtomicNeuronOnDLS._make(300)
    atomic = chip.neuron_block.atomic_neurons[neuron]
    parts: list[tuple[Any, Any]] = [
        (halco.NeuronConfigOnDLS._make(300), atomic.asNeuronConfig()),
        (neuron.toNeuronBackendConfigOnDLS(), atomic.asNeuronBackendConfig()),
        (
            cell.readout_sc_amp_v_ref,
            haldls.CapMemCell(chip.readout_chain.madc_preamp.v_ref),
        ),
        (halco.CADCConfigOnDLS._make(1), haldls.CADCConfig()),
    ]
    ramp = chip.cadc_readout_chains[halco.CADCOnDLS._make(1)].ramp
    config = parts[-1][1]
    config.enable, config.reset_wait, config.dead_time = (
        ramp.enable,
        ramp.reset_wait,
        ramp.dead_time,
    )
    quad = haldls.SynapseQuad()
    matrix = chip.synapse_blocks[halco.SynapseBlockOnDLS(1)].matrix
    row = halco.SynapseRowOnSynram(200)
    for entry, column in enumerate((1, 3, 5, 7)):  # the first quad of odd columns
        synapse = halco.SynapseOnSynapseRow(column)
        quad.weights[entry] = matrix.weights[row][synapse]
        quad.labels[entry] = matrix.labels[row][synapse]
        quad.time_calibs[entry] = matrix.time_calibs[row][synapse]
        quad.amp_calibs[entry] = matrix.amp_calibs[row][synapse]
    parts.append((halco.SynapseQuadOnDLS._make(16384 + 64 * 200 + 32), quad))
    parts.append(
        (halco.PPUMemoryOnDLS(1), chip.ppu_memory[halco.PPUMemoryOnDLS(1)]),
    )
    for place, part in parts:
        own = part.write_access(place)
        assert [memory[a] for a in own.addresses.tolist()] == own.words.tolist(), place


# -- differences ----------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", DIFFERENTIAL, ids=named)
def test_difference(cls: Any) -> None:
    rng = np.random.default_rng(3)
    coord = coordinate(cls, rng)
    for changed in (0, 1, 30, cls._length):
        before, other = random_composed(cls, rng), random_composed(cls, rng)
        after = cls(before)
        if cls is lola.Chip and 0 < changed < cls._length:
            slots = rng.choice(slots_of(cls, "synapse_blocks.matrix.weights").ravel(), changed)
        else:
            slots = rng.choice(cls._length, changed, replace=False)
        after._numbers[slots] = other._numbers[slots]
        old, new = before.write_access(coord), after.write_access(coord)
        differs = old.words != new.words
        access = after.difference_access(coord, before)
        assert access.addresses.tolist() == new.addresses[differs].tolist()
        assert access.words.tolist() == new.words[differs].tolist()
        assert len(access.words) <= max(changed, 1) * 9


def test_difference_in_a_program() -> None:
    chip, before = lola.Chip(), lola.Chip()
    matrix = chip.synapse_blocks[halco.SynapseBlockOnDLS(1)].matrix
    matrix.weights[halco.SynapseRowOnSynram(3)][halco.SynapseOnSynapseRow(4)] = 5
    builder = PlaybackProgramBuilder()
    builder.write(CHIP, chip, before)
    assert builder.size_to_fpga() == 2
    builder = PlaybackProgramBuilder()
    builder.write(CHIP, chip, chip)
    assert builder.empty()


@pytest.mark.parametrize("cls", FIXED, ids=named)
def test_numbers_that_are_not_checked_are_legal(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the words are: decoding compares only numbers that can be wrong."""
    if not cls._readable:
        return
    monkeypatch.setattr(composed, "_check", lambda *_: None)
    rng = np.random.default_rng(6)
    low, high = cls._limits
    for _ in range(3):
        words = rng.integers(2**32, size=cls._plan().words, dtype=np.uint32)
        for piece in cls._plan().pieces:
            if piece.container is haldls.CapMemBlockConfig:  # which refuses most second words
                words[piece.positions[:, 0]] = 0
        numbers = cls.decode(coordinate(cls, rng), None, words)._numbers
        wrong = np.flatnonzero((numbers < low) | (numbers > high))
        assert np.isin(wrong, composed._checked(cls)).all()


@pytest.mark.parametrize("dtype", [np.uint32, np.int64])
def test_rows_are_put_and_got_as_numpy_does(dtype: Any) -> None:
    rng = np.random.default_rng(7)
    places = rng.permutation(1000)[:600].reshape(200, 3).astype(np.int32)
    columns = [rng.integers(0, 2**32, 200).astype(dtype) for _ in range(3)]
    found, expected = np.zeros((2, 1000), np.int64)
    composed.put_rows(found, places, columns)
    for column, values in enumerate(columns):
        expected[places[:, column]] = values
    assert np.array_equal(found, expected)
    assert np.array_equal(composed.get_rows(found, places, dtype), columns)
    with pytest.raises(ValueError, match="contiguous and of 64 bits, not float64"):
        composed.put_rows(found.astype(np.float64), places, columns)


# -- copies and files -----------------------------------------------------------------------------


@pytest.mark.parametrize("cls", FIXED, ids=named)
def test_copies_files_and_pickles(cls: Any) -> None:
    container = random_composed(cls, np.random.default_rng(4))
    assert (container == cls()) is (cls._length == 0)
    for twin in (cls(container), copy.copy(container), copy.deepcopy(container)):
        assert twin == container
        assert twin is not container
    data = pickle.dumps(container)
    assert pickle.loads(data) == container
    assert pickle.dumps(cls(container)) == data
    other = cls()
    lola.from_portablebinary(other, lola.to_portablebinary(container))
    assert other == container
    bare = cls.__new__(cls)
    bare.__setstate__(container.__getstate__())
    assert bare == container
    with pytest.raises(TypeError):
        hash(container)
    with pytest.raises(AttributeError):
        container.no_such_member = 1
    if cls._length > LARGE and cls is not lola.Chip:
        return
    other = cls()
    lola.from_json(other, lola.to_json(container))
    assert other == container
    assert cls.__name__ in str(cls())


@pytest.mark.parametrize("cls", [c for c in FIXED if c._length < 1000], ids=named)
def test_json_that_is_written_differently(cls: Any) -> None:
    """White space does not matter; the text is then read member by member."""
    container = random_composed(cls, np.random.default_rng(5))
    other = cls()
    lola.from_json(other, lola.to_json(container).replace("\n", " \n "))
    assert other == container


@pytest.mark.parametrize("cls", lola.containers, ids=named)
def test_storage(cls: Any) -> None:
    """Size and members of stored default containers are those of the original."""
    facts = STORAGE[cls.__name__]
    default = cls()
    assert len(lola.to_portablebinary(default)) == facts["size"]
    if cls in VARIABLE:
        return
    text = lola.to_json(default) if cls._length < LARGE else None
    if text is not None:
        pairs: Any = json.loads(text, object_pairs_hook=lambda p: p)[0][1]
        names = [name for name, _ in pairs if name != "cereal_class_version"]
        assert names == facts["order"]


def test_stored_members() -> None:
    """Paths of the members of a neuron, in order."""
    expected = [path for path, *_ in STORAGE["AtomicNeuron"]["members"]]
    found: list[str] = []

    def walk(prefix: str, pairs: Any) -> None:
        for name, value in pairs:
            if isinstance(value, list):
                walk(f"{prefix}{name}/", value)
            elif f"{prefix}{name}" not in found:
                found.append(f"{prefix}{name}")

    text = lola.to_json(lola.AtomicNeuron())
    walk("", json.loads(text, object_pairs_hook=lambda p: p)[0][1])
    assert found == expected


def test_pickles_of_a_chip_do_not_grow_the_process() -> None:
    chip = lola.Chip()
    assert pickle.loads(pickle.dumps(chip)) == chip
    tracemalloc.start()
    try:
        for _ in range(100):
            copied = pickle.loads(pickle.dumps(chip))
        assert copied == chip
        # what is left is the last copy: 93 thousand numbers of eight bytes, once per reference
        assert tracemalloc.get_traced_memory()[0] < 2 * copied._numbers.nbytes
    finally:
        tracemalloc.stop()


# -- reflection and members -----------------------------------------------------------------------


def test_walk_of_a_chip_is_quick() -> None:
    """Reflection sees the members and no table that takes long to make."""
    chip = lola.Chip()
    assert {name for name, _ in inspect.getmembers(chip)} >= {"neuron_block", "synapse_blocks"}
    assert "_slots" not in dir(chip) and "_slots" not in dir(chip.neuron_block)


def test_walk_of_an_atomic_neuron() -> None:
    """As programs look for parameters: members of members are truth values or numbers."""
    groups = 0
    for name, group in inspect.getmembers(lola.AtomicNeuron()):
        if not name[0].islower() or inspect.ismethod(group) or inspect.isbuiltin(group):
            continue
        groups += 1
        for member, value in inspect.getmembers(group):
            if member[0].islower() and not inspect.ismethod(value):
                assert isinstance(value, bool) or float(value) >= 0, (name, member)
    assert groups == 14


def test_members_are_windows() -> None:
    block = lola.NeuronBlock()
    neuron = halco.AtomicNeuronOnDLS._make(7)
    block.atomic_neurons[neuron].leak.v_leak = 300
    block.i_bias_synin_drop[halco.CapMemBlockOnDLS(2)] = haldls.CapMemCell.DisableRefresh()
    twin = lola.NeuronBlock(block)
    assert block.atomic_neurons[neuron].leak.v_leak == haldls.CapMemCell.Value(300)
    assert int(block.i_bias_synin_drop[halco.CapMemBlockOnDLS(2)]) == 1023
    single = lola.AtomicNeuron(block.atomic_neurons[neuron])
    single.leak.v_leak = 5
    assert block == twin
    block.atomic_neurons[neuron] = single
    assert block != twin
    block.atomic_neurons = twin.atomic_neurons
    assert block == twin


def test_matrices_and_numpy() -> None:
    matrix = lola.SynapseMatrix()
    weights = np.arange(65536).reshape(256, 256) % 64
    matrix.weights.from_numpy(weights)
    row, column = halco.SynapseRowOnSynram(9), halco.SynapseOnSynapseRow(17)
    assert int(matrix.weights[row][column]) == weights[9, 17]
    matrix.weights[row][column] = 1
    weights[9, 17] = 1
    assert (matrix.weights.to_numpy() == weights).all()


def test_conversions_of_an_atomic_neuron() -> None:
    rng = np.random.default_rng(6)
    neuron, other = random_composed(lola.AtomicNeuron, rng), lola.AtomicNeuron()
    assert isinstance(neuron, lola.AtomicNeuron)
    other.set_from(neuron.asNeuronConfig())
    other.set_from(neuron.asNeuronBackendConfig())
    assert other.asNeuronConfig() == neuron.asNeuronConfig()
    assert other.bayesian == neuron.bayesian
    assert int(other.leak.v_leak) == 0
    config = haldls.NeuronConfig()
    config.enable_strong_fire = True
    other.set_from(config)
    assert other.event_routing.analog_output.name == "off"
    with pytest.raises(TypeError, match=r"expected NeuronConfig or NeuronBackendConfig, not .*3"):
        other.set_from(3)  # type: ignore[arg-type]


def test_presets() -> None:
    routing = lola.AtomicNeuron.EventRouting
    assert routing.disabled == routing()
    assert routing.enabled.analog_output is routing.AnalogOutputMode.normal
    assert routing.enabled.enable_digital
    assert routing.bypass_inh.enable_bypass_inhibitory
    bypass = lola.Chip.default_neuron_bypass
    bypass.readout_chain.madc.enable_calibration = True
    assert lola.Chip.default_neuron_bypass != bypass


def test_systems() -> None:
    chip = lola.Chip()
    chip.crossbar.nodes[halco.CrossbarNodeOnDLS()].enable_drop_counter = True
    fpga = lola.SinglechipFPGA()
    fpga.spikeio_config.enable_tx = True
    assert lola.ChipAndSinglechipFPGA(chip).chip == chip
    system = lola.ChipAndSinglechipFPGA(chip, fpga)
    assert (system.chip, system.fpga) == (chip, fpga)
    system.chip.crossbar.nodes[halco.CrossbarNodeOnDLS()].enable_drop_counter = False
    assert system.chip == lola.Chip()


# -- external memory ------------------------------------------------------------------------------


def block_coordinate(cls: Any, begin: int, size: int) -> Any:
    byte = cls._at.bound_type
    return cls._at(byte(begin), byte(begin + size - 1))


@pytest.mark.parametrize("cls", VARIABLE[:2], ids=named)
def test_external_blocks(cls: Any) -> None:
    rng = np.random.default_rng(7)
    for begin, size in ((0, 1), (5, 2), (3, 2), (8, 9), (1, 40)):
        block = cls(size)
        block._numbers[:] = rng.integers(0, 256, size)
        coord = block_coordinate(cls, begin, size)
        access = block.write_access(coord)
        assert access.byte_enables is not None
        assert int(np.unpackbits(access.byte_enables).sum()) == size
        assert cls.decode(coord, None, access.words) == block
        data = pickle.dumps(block)
        assert pickle.loads(data) == block
        other = cls()
        lola.from_json(other, lola.to_json(block))
        assert other == block
        assert cls(block) == block
        assert int(block.size()) == size


def test_external_memory_parts() -> None:
    memory, block = lola.ExternalPPUMemory(), lola.ExternalPPUMemoryBlock(4)
    for index, letter in enumerate(b"abc\0"):
        byte = haldls.ExternalPPUMemoryByte
        block[index] = byte(byte.Value(letter))
    memory.set_subblock(10, block)
    assert memory.get_subblock(10, 4) == block
    assert memory.get_subblock(10, 4).to_string() == "abc"
    assert memory.to_string() == ""
    assert block.get_subblock(1, 2).to_string() == "bc"
    block.set_subblock(0, block.get_subblock(1, 2))
    assert block.to_string() == "bcc"
    block.bytes = memory.get_subblock(9, 4).bytes
    assert block.to_string() == ""
    assert int(block.at(1).value) == ord("a")


# -- wrong uses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", lola.containers, ids=named)
def test_wrong_coordinate_bad(cls: Any) -> None:
    for access in (cls().write_access, cls.read_access):
        with pytest.raises(RuntimeError, match=r"belongs to|is read-only|is write-only"):
            access(halco.TimerOnDLS())


def test_access_bad() -> None:
    with pytest.raises(RuntimeError, match=r"CADCSamples at .* is read-only"):
        lola.CADCSamples().write_access(halco.CADCSamplesOnDLS())
    with pytest.raises(RuntimeError, match=r"CorrelationResetRow at .* is write-only"):
        lola.CorrelationResetRow.read_access(halco.CorrelationResetRowOnDLS())
    with pytest.raises(RuntimeError, match="expected 38 words, got 2"):
        lola.MemoryTiming.decode(halco.MemoryTimingOnDLS(), Backend.Omnibus, [1, 2])
    builder = PlaybackProgramBuilder()
    with pytest.raises(RuntimeError, match="does not support differential writes"):
        builder.write(halco.CapMemOnDLS(), lola.CapMem(), lola.CapMem())
    with pytest.raises(RuntimeError, match="two of one class"):
        builder.write(CHIP, lola.Chip(), lola.CapMem())
    assert builder.empty()


def test_decoded_out_of_range_bad() -> None:
    words = lola.CapMem().write_access(halco.CapMemOnDLS()).words.copy()
    words[16] = 0xFFFFFFFF  # prescalers of the second block
    with pytest.raises(OverflowError, match=r"CapMem.blocks\[1\].prescale_pause: range overflow"):
        lola.CapMem.decode(halco.CapMemOnDLS(), None, words)


def test_values_bad() -> None:
    neuron = lola.AtomicNeuron()
    with pytest.raises(TypeError, match="v_leak"):
        neuron.leak.v_leak = 1023
    with pytest.raises(TypeError, match=r"expected AtomicNeuron.Leak, not"):
        neuron.leak = neuron.reset  # type: ignore[assignment]
    with pytest.raises(TypeError, match="expected array_AtomicNeuron_AtomicNeuronOnDLS"):
        lola.NeuronBlock().atomic_neurons = [neuron]
    with pytest.raises(OverflowError, match="64"):
        lola.SynapseMatrix().weights.from_numpy(np.full((256, 256), 64))
    with pytest.raises(RuntimeError, match=r"\(256, 256\)"):
        lola.SynapseMatrix().weights.from_numpy(np.zeros((256, 255)))
    with pytest.raises(TypeError, match="takes chip, fpga"):
        lola.ChipAndSinglechipFPGA(1, 2, 3)


def test_files_bad() -> None:
    chain = lola.ReadoutChain()
    text = lola.to_json(chain)
    for bad, message in (
        ("{", "not JSON"),
        (text.replace(": 500", ": 1024"), r"i_bias: stored value 1024 is out of range \[0, 1023\]"),
        (text.replace("false", "7"), "expected a truth value"),
        (text.replace('"madc"', '"adc"'), "lacks the member 'madc'"),
        (text.replace('version": 0', 'version": 1'), "unknown class version"),
    ):
        with pytest.raises(RuntimeError, match=message):
            lola.from_json(chain, bad)
    data = lola.to_portablebinary(chain)
    for broken in (data[:-1], data + b"\0", b"\2" + data[1:]):
        with pytest.raises(RuntimeError):
            lola.from_portablebinary(chain, broken)
    assert chain == lola.ReadoutChain()
    with pytest.raises(TypeError, match="expected a composed container"):
        lola.to_json(haldls.CADCConfig())  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", VARIABLE[:2], ids=named)
def test_external_blocks_bad(cls: Any) -> None:
    block = cls(4)
    coord = block_coordinate(cls, 0, 3)
    with pytest.raises(RuntimeError, match=r"of 4 bytes cannot be written to .*, which spans 3"):
        block.write_access(coord)
    with pytest.raises(RuntimeError, match="expected 1 words, got 2"):
        cls.decode(coord, None, [1, 2])
    with pytest.raises(RuntimeError, match="expected 4 bytes, not 3"):
        block.bytes = block.bytes[:3]
    with pytest.raises(TypeError, match=r"expected ExternalPPU.*Byte, not"):
        block[0] = 3
    with pytest.raises(IndexError, match="byte 4 of 4"):
        block.at(4)
    with pytest.raises(RuntimeError, match="bytes 2 to 5 do not lie within the 4 bytes"):
        block.get_subblock(2, 4)
    with pytest.raises(RuntimeError, match="bytes -1 to 2 do not lie within"):
        block.set_subblock(-1, block.get_subblock(0, 4))
    with pytest.raises(TypeError, match="takes a size"):
        cls(1, 2)


def test_voltages_bad() -> None:
    block, channel = lola.DACChannelBlock(), halco.DACChannelOnBoard
    block.set_voltage(channel.v_reset, 0.6)
    assert block.get_voltage(channel.v_reset) == pytest.approx(0.6, abs=1e-3)
    with pytest.raises(ValueError, match="has no voltage of its own"):
        block.set_voltage(channel.vdd12_pll, 1.0)
    with pytest.raises(OverflowError):
        block.set_voltage(channel.v_reset, 1.3)


def test_containers_are_composed() -> None:
    assert len(lola.containers) == 35
    assert all(issubclass(cls, Composed) for cls in lola.containers)
