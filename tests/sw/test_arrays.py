# SPDX-License-Identifier: Apache-2.0
"""Arrays that a coordinate indexes."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from hal import halco
from hal.halco.arrays import TypedArray, typed_array
from hal.halco.common import Enum
from hal.halco.numbers import Ranged


class Weight(Ranged, max=63):
    """A number."""


class Delay(Ranged, min=-4, max=4, default=2):
    """A signed number with a default."""


class Thing:
    """An object with a field."""

    def __init__(self) -> None:
        self.field = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing) and self.field == other.field

    __hash__ = None  # type: ignore[assignment] # mutable


Weights = typed_array(Weight, halco.EntryOnQuad)
Bools = typed_array(bool, halco.EntryOnQuad)
Matrix = typed_array(Weights, halco.SynapseRowOnSynapseDriver)
Things = typed_array(Thing, halco.EntryOnQuad)


def test_same_arguments_same_class() -> None:
    assert typed_array(Weight, halco.EntryOnQuad) is Weights
    assert issubclass(Weights, TypedArray)


def test_access() -> None:
    a = Weights()
    assert (a.size, a.max_size, a.empty, len(a)) == (4, 4, False, 4)
    a[halco.EntryOnQuad(1)] = Weight(5)
    a[2] = 7
    assert type(a[1]) is Weight
    assert [a[i] for i in range(4)] == list(a) == [Weight(n) for n in (0, 5, 7, 0)]
    assert a.at(2) == Weight(7) and a.front() == Weight(0) and a.back() == Weight(0)
    a.fill(Weight(9))
    assert list(a) == [Weight(9)] * 4
    assert str(a) == "[Weight(9), Weight(9), Weight(9), Weight(9)]"
    assert list(typed_array(Delay, halco.EntryOnQuad)()) == [Delay(2)] * 4


def test_key_minimum_above_zero() -> None:
    a = typed_array(Weight, halco.SpikePackFromFPGAOnDLS)()
    a[1], a[3] = 4, 5
    assert a.to_numpy().tolist() == [4, 0, 5]
    with pytest.raises(TypeError, match=r"cannot convert 0 \(int\) to SpikePackFromFPGAOnDLS"):
        a[0]


def test_pair_as_key() -> None:
    a = typed_array(bool, halco.AtomicNeuronOnDLS)()
    a[halco.AtomicNeuronOnDLS(Enum(300))] = True
    assert a.to_numpy().nonzero()[0].tolist() == [300]


def test_references() -> None:
    things = Things()
    things[1].field = 3
    assert [thing.field for thing in things] == [0, 3, 0, 0]
    mine = Thing()
    things[0] = mine
    mine.field = 9
    assert things[0].field == 0
    things.fill(mine)
    things[0].field = 1
    assert [thing.field for thing in things] == [1, 9, 9, 9]


def test_arrays_of_arrays() -> None:
    matrix = Matrix()
    matrix[1][2] = 6
    assert matrix.to_numpy().tolist() == [[0, 0, 0, 0], [0, 0, 6, 0]]
    row = Weights()
    row.fill(3)
    matrix[0] = row
    row[0] = 1
    assert matrix.to_numpy().tolist() == [[3, 3, 3, 3], [0, 0, 6, 0]]
    matrix.fill(row)
    assert matrix.to_numpy().tolist() == [[1, 3, 3, 3]] * 2
    matrix.from_numpy(np.arange(8).reshape(2, 4))
    assert [[int(w) for w in r] for r in matrix] == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_numpy() -> None:
    a = Weights()
    a.from_numpy(np.array([1.9, 2.0, 3.5, 63.99]))
    assert a.to_numpy().tolist() == [1, 2, 3, 63] and a.to_numpy().dtype == np.uint64
    a.to_numpy()[0] = 9
    assert a[0] == Weight(1)
    a.from_numpy([Weight(1), Weight(2), Weight(3), Weight(4)])
    assert np.array(a).tolist() == [1, 2, 3, 4]
    assert np.asarray(a, dtype=float).dtype == float
    b = Bools()
    b.from_numpy(np.array([0, 1, 2, 0]))
    assert b.to_numpy().tolist() == [False, True, True, False] and b.to_numpy().dtype == bool
    assert b[1] is True


@pytest.mark.parametrize(
    ("kind", "values", "error", "text"),
    [
        (Weights, [1, 2, 3], RuntimeError, r"expected the shape \(4,\), not \(3,\)"),
        (Weights, [[1, 2, 3, 4]], RuntimeError, r"expected the shape \(4,\), not \(1, 4\)"),
        (Matrix, [1, 2, 3, 4], RuntimeError, r"expected the shape \(2, 4\), not \(4,\)"),
        (Weights, [1, 2, 3, 64], OverflowError, r"^range overflow: 64 > max\(63\)"),
        (Weights, [1, 2, 3, -1], OverflowError, r"^range underflow: -1 < min\(0\)"),
        (Weights, [1, 2, 3, np.nan], OverflowError, "values must be finite"),
        (Weights, list("abcd"), RuntimeError, "expected numbers, not elements of type <U1"),
        (Bools, list("abcd"), RuntimeError, "expected numbers, not elements of type <U1"),
        (Things, [1, 2, 3, 4], RuntimeError, "the elements are not numbers"),
    ],
)
def test_from_numpy_bad(kind: Any, values: Any, error: type[Exception], text: str) -> None:
    a = kind()
    with pytest.raises(error, match=text):
        a.from_numpy(values)
    assert a == kind()


def test_to_numpy_bad() -> None:
    with pytest.raises(RuntimeError, match="the elements are not numbers"):
        Things().to_numpy()


@pytest.mark.parametrize(
    ("array", "key", "value", "text"),
    [
        (Weights, 4, 0, r"cannot convert 4 \(int\) to EntryOnQuad \(0\.\.3\)"),
        (Weights, -1, 0, r"cannot convert -1 \(int\) to EntryOnQuad"),
        (Weights, "a", 0, r"cannot convert 'a' \(str\) to EntryOnQuad"),
        (Weights, halco.NeuronRowOnDLS(0), 0, "cannot convert NeuronRowOnDLS"),
        (Weights, 0, 64, r"cannot convert 64 \(int\) to Weight \(0\.\.63\)"),
        (Weights, 0, 1.0, r"cannot convert 1\.0 \(float\) to Weight"),
        (Bools, 0, 1, "expected a bool, not 1"),
        (Things, 0, 1, r"cannot convert 1 \(int\) to Thing"),
        (Matrix, 0, [1, 2, 3, 4], r"cannot convert \[1, 2, 3, 4\] \(list\)"),
    ],
)
def test_item_bad(array: Any, key: object, value: object, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        array()[key] = value


@pytest.mark.parametrize("kind", [Weights, Bools, Matrix, Things])
def test_values(kind: Any) -> None:
    a, b = kind(), kind()
    assert a == b and a != 0
    if kind is Things:
        b[1].field = 4
    elif kind is Matrix:
        b[1][1] = 4
    else:
        b[1] = True if kind is Bools else 4
    assert a != b
    for again in (pickle.loads(pickle.dumps(b)), copy.deepcopy(b), copy.copy(b)):
        assert again == b and type(again) is kind
    assert pickle.dumps(b) == pickle.dumps(copy.deepcopy(b))
    again = copy.deepcopy(b)
    again.fill(a[0])
    assert again != b


def test_size_of_storage() -> None:
    matrix = typed_array(typed_array(Weight, halco.SynapseOnSynapseRow), halco.SynapseRowOnSynram)()
    assert matrix._values.nbytes == 65536
