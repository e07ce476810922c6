# SPDX-License-Identifier: Apache-2.0
"""Coordinates: pairs, local coordinates, intervals, conversions, placement; over all types."""

import copy
import pickle
import random
import re
from itertools import islice, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hal import halco
from hal.halco.catalogue import COORDINATES, ENUMS
from hal.halco.common import (
    Coordinate,
    Direction,
    Enum,
    IPv4,
    Orientation,
    Parity,
    X,
    Y,
    horizontal,
    iter_all,
    north,
    vertical,
)
from hal.halco.coordinate import Enumerated, Grid, Interval, IntervalInBlock, Mixin
from hal.halco.numbers import Number, implicit

ENUMERATED = [cls for cls in COORDINATES.values() if issubclass(cls, (Number, Enumerated))]
INTERVALS = [cls for cls in COORDINATES.values() if issubclass(cls, Interval)]
GRIDS = [cls for cls in ENUMERATED if issubclass(cls, Grid) and not issubclass(cls, Mixin)]
MIXINS = [cls for cls in ENUMERATED if issubclass(cls, Mixin)]


def sample(cls: Any) -> list[Any]:
    """A handful of instances, with the first and the last."""
    if issubclass(cls, IntervalInBlock):
        return [cls(a, b) for a, b in zip(sample(cls._local), sample(cls._block), strict=False)]
    if issubclass(cls, Interval):
        bounds = sample(cls.bound_type)
        return [cls(a, b) for a, b in product(bounds, bounds) if a <= b]
    size = cls.size
    places = sorted(p for p in {0, 1, size // 3, size // 2, size - 2, size - 1} if 0 <= p < size)
    return [cls._make(cls.min + place) for place in places]


def by_enum(cls: Any, e: int) -> Any:
    """Through the public constructors."""
    return cls(e) if issubclass(cls, Number) and not issubclass(cls, Mixin) else cls(Enum(e))


@pytest.mark.parametrize("cls", [*ENUMERATED, *INTERVALS, *ENUMS.values()])
def test_every_type(cls: Any) -> None:
    for x in sample(cls):
        for again in (pickle.loads(pickle.dumps(x)), copy.copy(x), copy.deepcopy(x), cls(x)):
            assert again == x and type(again) is cls and hash(again) == hash(x)
            assert again.toEnum() == x.toEnum()
        assert str(x) == repr(x) and str(x).startswith(f"{cls.__name__}(")
        assert isinstance(x, Coordinate) == issubclass(cls, Coordinate)
        twin = cls(x)
        assert x == twin and (x != twin) is False and not x < twin and x <= twin
    assert len(set(sample(cls))) == len(sample(cls))
    assert sorted(sample(cls)) == sample(cls)


@pytest.mark.parametrize("cls", ENUMERATED)
def test_enumeration(cls: Any) -> None:
    assert cls.size == cls.max - cls.min + 1
    for x in sample(cls):
        e = int(x.toEnum())
        assert by_enum(cls, e) == x
        assert cls.min <= e <= cls.max
    assert list(islice(iter_all(cls), 5)) == [
        by_enum(cls, e) for e in range(cls.min, min(cls.max + 1, cls.min + 5))
    ]
    if cls.size <= 4096:
        assert len(list(iter_all(cls))) == cls.size
    with pytest.raises(OverflowError, match="range overflow"):
        by_enum(cls, cls.max + 1)
    with pytest.raises((TypeError, RuntimeError)):
        by_enum(cls, cls.min - 1)


def test_random_instances() -> None:
    """1000 of every type: number, parts and pickle lead back to the instance."""
    choice = random.Random(1)
    for cls in ENUMERATED:
        for _ in range(1000 if cls.size > 1 else 1):
            e = choice.randint(cls.min, cls.max)
            x = by_enum(cls, e)
            assert int(x.toEnum()) == e and pickle.loads(pickle.dumps(x, 5)) == x
            if issubclass(cls, Mixin):
                assert cls(*reversed(x.split())) == x
            elif issubclass(cls, Grid):
                assert cls(x.x(), x.y()) == x


def test_random_intervals() -> None:
    """1000 of every type: ends, length and pickle lead back to the instance."""
    choice = random.Random(2)
    for cls in INTERVALS:
        bound = cls.bound_type
        for _ in range(1000):
            low, high = sorted(choice.randint(bound.min, bound.max) for _ in range(2))
            x = cls._of_ends((low, high)) if not issubclass(cls, IntervalInBlock) else None
            if x is None:
                local, block = cls._local(bound(low), bound(high)), cls._block
                x = cls(local, block(choice.randint(block.min, block.max)))
                assert cls(*reversed(x.split())) == x
            assert (int(x.toMin()), int(x.toMax()), x.length()) == (low, high, high - low + 1)
            assert pickle.loads(pickle.dumps(x, 5)) == x and hash(x) == hash(copy.copy(x))


@pytest.mark.parametrize("cls", [*ENUMERATED, *INTERVALS])
def test_every_conversion(cls: Any) -> None:
    """Each method gives its declared type; the values are checked against recorded ones."""
    for name in dir(cls):
        if not re.match("to[A-Z]", name) or name in ("toEnum", "toMin", "toMax"):
            continue
        for x in sample(cls):
            try:
                result = getattr(x, name)()
            except (OverflowError, RuntimeError):
                assert (cls.__name__, name) == ("DACChannelOnBoard", "toVDDOnBoard")
                continue
            if result is None:
                continue
            results = (
                list(result) if isinstance(result, list) or hasattr(result, "at") else [result]
            )
            assert {type(entry).__name__ for entry in results} == {name[2:]}


@pytest.mark.parametrize("cls", GRIDS)
def test_pairs(cls: Any) -> None:
    assert cls() == cls(Enum(0))
    for e, x in [(int(x.toEnum()), x) for x in sample(cls)]:
        column, row = x.x(), x.y()
        assert (type(column), type(row)) == (cls.x_type, cls.y_type)
        same = [
            cls(column, row),
            cls(row, column),
            cls(x=column, y=row),
            cls(column, y=row),
            cls(X(int(column)), Y(int(row))),
            cls(Y(int(row)), X(int(column))),
            cls(cls.enum_type(e)),
            cls(Enum(e)),
        ]
        assert set(same) == {x}
        assert getattr(x, f"to{cls.x_type.__name__}")() == column
        assert str(x) == f"{cls.__name__}({column}, {row}; Enum({e}))"
        assert type(x.toEnum()) is cls.enum_type and x.toEnum() == Enum(e)


@pytest.mark.parametrize("cls", MIXINS)
def test_local_coordinates(cls: Any) -> None:
    local_type, block_type = cls._local, cls._block
    assert issubclass(cls, local_type)
    assert int(cls()) == cls._default
    for x in sample(cls):
        block, local = x.split()
        assert (type(block), type(local)) == (block_type, local_type)
        e = int(block.toEnum()) * local_type.size + int(local.toEnum())
        assert int(x) == int(x.toEnum()) == e
        assert cls(local, block) == x == cls(first=local, second=block) == cls(local, block=block)
        assert getattr(x, f"to{local_type.__name__}")() == local
        assert getattr(x, f"to{block_type.__name__}")() == block
        assert str(x) == f"{cls.__name__}({local}, {block})"
        if issubclass(local_type, Number) and not issubclass(local_type, Mixin):
            assert x.value() == x.__index__() == int(local)
            assert local_type(x) == local
        for name in dir(local_type):
            if re.match("to[A-Z]", name) and name != "toEnum":
                theirs = getattr(local, name)()
                ours = getattr(x, name)()
                assert list(ours) == list(theirs) if hasattr(theirs, "at") else ours == theirs


def test_local_coordinate_with_default_block() -> None:
    driver = halco.SynapseDriverOnSynapseDriverBlock(3)
    assert halco.SynapseDriverOnDLS(driver) == halco.SynapseDriverOnDLS(Enum(3))
    assert halco.SynapseDriverOnDLS(3, 1) == halco.SynapseDriverOnDLS(Enum(131))
    row = halco.SynapseRowOnDLS(Enum(300))
    assert halco.SynapseRowOnDLS(row, halco.SynramOnDLS(0)) == halco.SynapseRowOnDLS(Enum(44))
    split = halco.ExtollSpikeCommSplitOnFPGA(1)
    assert int(halco.ExtollSpikeCommRouterConfigOnFPGA(split)) == 1
    quad = halco.CADCSampleQuadOnSynram(
        halco.SynapseQuadOnSynram(Enum(5)), halco.CADCChannelType(1), halco.CADCReadoutType(1)
    )
    assert int(quad) == 2 * 16384 + 16384 + 5


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: halco.AtomicNeuronOnDLS("a"), r"AtomicNeuronOnDLS: expected an Enum 0\.\.511 or "),
        (lambda: halco.AtomicNeuronOnDLS(1, 2, 3), r"not \(1 \(int\), 2 \(int\), 3 \(int\)\)"),
        (lambda: halco.AtomicNeuronOnDLS(z=1), "expected x and y"),
        (lambda: halco.AtomicNeuronOnDLS(1, 2), r"cannot convert 2 \(int\) to NeuronRowOnDLS"),
        (lambda: halco.AtomicNeuronOnDLS(halco.SynapseOnSynram()), "cannot convert Synapse"),
        (lambda: halco.SynapseDriverOnDLS(1, 2), r"expected an Enum 0\.\.255 or \(SynapseDriver"),
        (lambda: halco.SynapseDriverOnDLS(local=1), r"not \(1 \(int\)\)"),
        (lambda: halco.SynapseDriverOnDLS(1, 2, 3), r"expected an Enum"),
        (lambda: halco.SynapseDriverOnDLS(halco.SynramOnDLS(1)), "SynramOnDLS"),
        (lambda: halco.PPUMemoryBlockOnPPU("a"), r"expected an Enum or \(PPUMemoryWordOnPPU"),
        (lambda: halco.PPUMemoryBlockOnDLS("a"), "cannot convert 'a'"),
        (lambda: halco.PPUMemoryBlockOnDLS(1, 2, 3), r"expected an Enum or \(PPUMemoryBlockOnPPU"),
        (lambda: next(iter_all(int)), "iter_all: expected a coordinate type"),
        (lambda: halco.LogicalNeuronOnDLS(1), "cannot convert 1"),
    ],
)
def test_construction_bad(make: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        make()


def test_part_of_a_local_coordinate_where_the_pair_is_expected() -> None:
    synapse = halco.SynapseOnDLS(Enum(65536 + 300))
    assert halco.SynapseOnSynram(synapse) == halco.SynapseOnSynram(Enum(300))
    assert implicit(halco.SynapseOnSynram, synapse) == halco.SynapseOnSynram(Enum(300))


def test_absent_node_bad() -> None:
    node = halco.CrossbarNodeOnDLS(halco.CrossbarOutputOnDLS(8), halco.CrossbarInputOnDLS(0))
    assert int(node.toEnum()) == 2
    with pytest.raises(RuntimeError, match="there is no instance at x 1, y 0"):
        halco.CrossbarNodeOnDLS(halco.CrossbarOutputOnDLS(1), halco.CrossbarInputOnDLS(0))


def test_pair_out_of_range_bad() -> None:
    with pytest.raises(OverflowError, match=r"range overflow: 256 > max\(255\)"):
        halco.AtomicNeuronOnDLS(X(256), Y(0))
    with pytest.raises(OverflowError, match=r"range overflow: 512 > max\(511\)"):
        halco.AtomicNeuronOnDLS(Enum(512))


def test_numpy_in_constructors() -> None:
    assert halco.AtomicNeuronOnDLS(np.int64(3), np.int64(1)) == halco.AtomicNeuronOnDLS(Enum(259))
    assert halco.AtomicNeuronOnDLS(Enum(np.int64(3))) == halco.AtomicNeuronOnDLS(3, 0)


def test_intervals() -> None:
    word = halco.PPUMemoryWordOnPPU
    block = halco.PPUMemoryBlockOnPPU(word(3), word(5))
    assert (block.toMin(), block.toMax(), block.length()) == (word(3), word(5), 3)
    assert list(block) == [word(3), word(4), word(5)]
    assert block.contains(word(3)) and block.contains(5) and not block.contains(word(6))
    assert block.toPPUMemoryBlockSize() == halco.PPUMemoryBlockSize(3)
    assert str(block) == "PPUMemoryBlockOnPPU([PPUMemoryWordOnPPU(3), PPUMemoryWordOnPPU(5)])"
    assert int(block.toEnum()) == 3 * 4096 + 5
    assert halco.PPUMemoryBlockOnPPU(Enum(3 * 4096 + 5)).length() == 6
    assert halco.PPUMemoryBlockOnPPU.is_interval and halco.PPUMemoryBlockOnPPU.size == 4096**2
    assert halco.PPUMemoryBlockOnPPU.bound_type is word
    assert halco.PPUMemoryBlockOnPPU.mailbox.toMin() == word(3072)
    placed = halco.PPUMemoryBlockOnDLS(block, halco.PPUOnDLS.bottom)
    assert placed.split() == (halco.PPUOnDLS.bottom, block)
    assert placed.toPPUMemoryBlockOnPPU() == block and placed.toMin() == word(3)
    assert placed.toPPUOnDLS() == halco.PPUOnDLS.bottom
    assert int(placed) == 4096**2 + 3 * 4096 + 5
    assert str(placed) == f"PPUMemoryBlockOnDLS({block}, PPUOnDLS(1))"
    assert halco.PPUMemoryBlockOnDLS(block) < placed
    assert halco.PPUMemoryBlockOnDLS(Enum(4096**2 + 5)).toPPUOnDLS() == halco.PPUOnDLS(1)
    assert halco.PPUMemoryBlockOnPPU(placed) == block
    first = list(islice(iter_all(halco.PPUMemoryBlockOnPPU), 4097))
    assert (first[1].length(), first[4096].toMin()) == (2, word(1))
    assert next(iter_all(halco.PPUMemoryBlockOnDLS)) == halco.PPUMemoryBlockOnDLS()


def test_intervals_bad() -> None:
    word = halco.PPUMemoryWordOnPPU
    block = halco.PPUMemoryBlockOnPPU(word(3), word(5))
    with pytest.raises(RuntimeError, match=r"PPUMemoryBlockOnPPU: min\(5\) > max\(3\)"):
        halco.PPUMemoryBlockOnPPU(word(5), word(3))
    with pytest.raises(IndexError, match=r"index 3 is outside 0\.\.2"):
        block[3]
    with pytest.raises(OverflowError, match="range overflow: 4096 > max"):
        halco.PPUMemoryBlockOnPPU(Enum(4095 * 4096 + 1))


@given(data=st.data())
def test_ordering_across_types(data: st.DataObject) -> None:
    types = [cls for cls in COORDINATES.values() if issubclass(cls, Coordinate)]
    a, b, c = (data.draw(st.sampled_from(sample(data.draw(st.sampled_from(types))))) for _ in "abc")
    assert (a == b) == (type(a) is type(b) and a.toEnum() == b.toEnum())
    assert (a == b) + (a != b) == 1
    assert (a < b) + (a == b) + (a > b) == 1
    assert (a <= b) == (a < b or a == b) and (a >= b) == (a > b or a == b)
    if a < b and b < c:
        assert a < c


def test_iter_all_of_several_types() -> None:
    rows, sides = halco.NeuronRowOnDLS, halco.SynapticInputOnNeuron
    assert list(iter_all(rows, sides)) == [(r, s) for r in iter_all(rows) for s in iter_all(sides)]
    assert halco.iter_all is iter_all


def test_spike_label_fields() -> None:
    label = halco.SpikeLabel(0b10_00_0101_1100_0011)
    assert label.spl1_address == halco.SPL1Address(2)
    assert label.get_neuron_label() == halco.NeuronLabel(0x5C3)
    assert label.neuron_backend_address_out == halco.NeuronBackendAddressOut(0xC3)
    label.synapse_label = 5
    label.set_row_select_address(halco.PADIRowSelectAddress(1))
    assert int(label) == 0b10_00_0000_0100_0101
    assert int(halco.SpikeLabel.padi_label.fget(label)) == 0x45
    with pytest.raises(TypeError, match=r"cannot convert 64 \(int\) to SynapseLabel \(0\.\.63\)"):
        label.synapse_label = 64
    with pytest.raises(OverflowError, match=r"range overflow: 65536 > max\(65535\)"):
        halco.SpikeLabel(65536)
    assert label.toSpikeIOOutputRouteOnFPGA() == halco.SpikeIOOutputRouteOnFPGA(int(label))


def test_neighbors() -> None:
    kind = halco.AtomicNeuronOnLogicalNeuron
    here = kind(Enum(5))
    assert here.get_neighbor(kind.Direction.left) == kind(Enum(4))
    assert here.get_neighbor(kind.Direction.right) == kind(Enum(6))
    assert here.get_neighbor(kind.Direction.opposite_row) == kind(Enum(133))
    with pytest.raises(RuntimeError, match="range underflow: -1"):
        kind(Enum(128)).get_neighbor(kind.Direction.left)
    with pytest.raises(OverflowError, match="range overflow: 128"):
        kind(Enum(127)).get_neighbor(kind.Direction.right)


def test_shared_cells() -> None:
    cells = [cell for cell in iter_all(halco.CapMemCellOnCapMemBlock) if cell.isShared()]
    assert {int(cell.x()) for cell in cells} == {128, 129}
    assert not halco.CapMemColumnOnCapMemBlock(127).isShared()
    unused = {cell.toCapMemCellOnDLS() for cell in iter_all(halco.UnusedCapMemCellOnDLS)}
    assert len(unused) == 90 and all(cell.isShared() for cell in unused)


def compartments() -> Any:
    circuit = halco.AtomicNeuronOnLogicalNeuron
    return halco.LogicalNeuronCompartments(
        {
            halco.CompartmentOnLogicalNeuron(1): [circuit(Enum(3))],
            halco.CompartmentOnLogicalNeuron(0): [circuit(Enum(1)), circuit(Enum(129))],
        }
    )


def test_logical_neuron() -> None:
    shape = compartments()
    assert [int(number) for number in shape.get_compartments()] == [0, 1]
    assert (int(shape.get_left_most_column()), int(shape.get_right_most_column())) == (1, 3)
    assert (int(shape.get_top_most_row()), int(shape.get_bottom_most_row())) == (0, 1)
    assert shape.flip_x().flip_x() == shape != shape.flip_x()
    assert shape.flip_y().flip_y() == shape != shape.flip_y()
    assert [
        int(c.toEnum())
        for c in shape.flip_x().get_compartments()[halco.CompartmentOnLogicalNeuron(1)]
    ] == [1]
    placed = halco.LogicalNeuronOnDLS(shape, halco.AtomicNeuronOnDLS(Enum(10)))
    assert [int(c.toEnum()) for c in placed.get_atomic_neurons()] == [11, 267, 13]
    assert [len(c) for c in placed.get_placed_compartments().values()] == [2, 1]
    assert isinstance(placed, Coordinate)
    for x in (shape, placed):
        for again in (pickle.loads(pickle.dumps(x)), copy.deepcopy(x), type(x)(x)):
            assert again == x and hash(again) == hash(x) and not again < x
    further = halco.LogicalNeuronOnDLS(shape, halco.AtomicNeuronOnDLS(Enum(11)))
    assert placed != further and placed < further and further > placed
    assert placed <= further and further >= placed
    assert str(shape).startswith("LogicalNeuronCompartments( CompartmentOnLogicalNeuron(0): [Atom")
    assert halco.LogicalNeuronOnDLS() == halco.LogicalNeuronOnDLS()
    assert str(halco.LogicalNeuronCompartments()) == "LogicalNeuronCompartments( )"
    assert str(halco.LogicalNeuronOnDLS()) == "LogicalNeuronOnDLS( )"
    assert halco.LogicalNeuronCompartments().flip_x() == halco.LogicalNeuronCompartments()


def test_logical_neuron_bad() -> None:
    for anchor in (253, 256):
        with pytest.raises(RuntimeError, match=r"outside of neuron grid: AtomicNeuronOnLogical"):
            halco.LogicalNeuronOnDLS(compartments(), halco.AtomicNeuronOnDLS(Enum(anchor)))
    with pytest.raises(RuntimeError, match="there is no circuit"):
        halco.LogicalNeuronCompartments().get_left_most_column()
    with pytest.raises(TypeError, match="cannot convert 300"):
        halco.LogicalNeuronCompartments({300: []})


def test_common() -> None:
    assert north.toOrientation() == vertical and Direction(1).toOrientation() == horizontal
    assert Parity.from_number(7) == Parity.odd
    assert list(map(str, iter_all(Orientation))) == ["horizontal", "vertical"]


def test_ipv4() -> None:
    address = IPv4.from_string("192.168.0.1")
    assert address.to_string() == "192.168.0.1" and str(address) == "IPv4(192.168.0.1)"
    assert address.to_bytes() == [192, 168, 0, 1] and address == IPv4([192, 168, 0, 1])
    assert address.to_ulong() == hash(address) == 0xC0A80001
    assert address.is_class_c() and not address.is_class_a() and not address.is_class_b()
    assert IPv4.netmask(address) == IPv4.from_string("255.255.255.0")
    assert str(IPv4.netmask(IPv4([10, 0, 0, 1]))) == "IPv4(255.0.0.0)"
    assert str(IPv4.netmask(IPv4([172, 16, 0, 1]))) == "IPv4(255.255.0.0)"
    assert IPv4.netmask(IPv4([224, 0, 0, 1])) == IPv4.broadcast()
    assert IPv4([224, 0, 0, 1]).is_multicast()
    assert IPv4.loopback().is_loopback() and IPv4.any().is_unspecified()
    assert (
        IPv4.any() < address <= IPv4.broadcast()
        and IPv4() == IPv4.any()
        and IPv4(address) == address
    )
    assert pickle.loads(pickle.dumps(address)) == address and address != "192.168.0.1"


@pytest.mark.parametrize("text", ["1.2.3", "1.2.3.256", "a.b.c.d", "", "1.2.3.-4"])
def test_ipv4_text_bad(text: str) -> None:
    with pytest.raises(RuntimeError, match="is not an address like"):
        IPv4.from_string(text)


@pytest.mark.parametrize("value", [[1, 2, 3], [1, 2, 3, 256], "1.2.3.4", 7])
def test_ipv4_bytes_bad(value: Any) -> None:
    with pytest.raises(TypeError, match="IPv4: "):
        IPv4(value)
