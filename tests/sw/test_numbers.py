# SPDX-License-Identifier: Apache-2.0
"""Ranged numbers: what they accept, what they refuse, and how."""

import copy
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hal.halco.common import Enum, Parity, SideHorizontal, X, Y, left
from hal.halco.numbers import (
    MachineOverflowError,
    Ranged,
    Unbounded,
    check_range,
    expected,
    implicit,
    machine,
    ranged,
    storage,
)


class Offset(Ranged, min=-128, max=127):
    """A signed number."""


class Pack(Ranged, min=1, max=3):
    """A number without zero."""


class Label(Ranged, max=63, bits=8):
    """A number of a small machine type."""


class Explicit(Ranged, max=9, implicit=False):
    """A number that no int becomes by itself."""


class Word(Unbounded, bits=32):
    """A machine word."""


class Count(Unbounded, bits=16, signed=True):
    """A signed machine number."""


class Cell:
    """A container with a nested number."""

    class Value(Ranged, max=1023):
        """Its number."""


TYPES = [Offset, Pack, Label, Explicit, Word, Count, Cell.Value, Enum, X, Y, SideHorizontal]


@pytest.mark.parametrize("cls", TYPES)
def test_class_attributes(cls: type[Ranged]) -> None:
    assert cls.size == cls.max - cls.min + 1
    assert (cls.begin, cls.end, cls.lowest) == (cls.min, cls.max + 1, cls.min)
    assert cls.is_interval is False
    assert all(type(value) is int for value in (cls.min, cls.max, cls.size, cls.begin, cls.end))


def test_defaults() -> None:
    assert int(Offset()) == 0
    assert int(Pack()) == 1
    assert int(ranged("Value", 0, 9, default=4)()) == 4


@pytest.mark.parametrize("cls", TYPES)
@given(data=st.data())
def test_behaves_as_int(cls: type[Ranged], data: st.DataObject) -> None:
    n = data.draw(st.integers(cls.min, cls.max))
    m = data.draw(st.integers(cls.min, cls.max))
    x, y = cls(n), cls(m)
    assert (int(x), x.value(), x.__index__(), bool(x), hex(x)) == (n, n, n, bool(n), hex(n))
    assert [x == y, x != y, x < y, x <= y, x > y, x >= y] == [
        *(n == m, n != m, n < m, n <= m, n > m, n >= m),
    ]
    assert [x == m, x < m, m <= x, m > x] == [n == m, n < m, m <= n, m > n]
    assert (hash(x) == hash(y)) == (n == m)
    assert cls(x) == x and cls(np.int64(n) if n < 1 << 63 else n) == x
    for again in (pickle.loads(pickle.dumps(x)), copy.copy(x), copy.deepcopy(x)):
        assert again == x and type(again) is cls
    assert pickle.dumps(x) == pickle.dumps(cls(n))


def quotient(a: int, b: int) -> int:
    return int(Fraction(a, b))


OPERATIONS: list[tuple[Callable[[Any, Any], Any], Callable[[int, int], int]]] = [
    (operator.add, operator.add),
    (operator.sub, operator.sub),
    (operator.mul, operator.mul),
    (operator.truediv, quotient),
    (operator.mod, lambda a, b: a - b * quotient(a, b)),
]


@pytest.mark.parametrize("operation", OPERATIONS)
@given(n=st.integers(-128, 127), m=st.integers(-128, 127))
def test_arithmetic(operation: Any, n: int, m: int) -> None:
    ours, plain = operation
    try:
        wanted = plain(n, m)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            ours(Offset(n), m)
        return
    for right in (m, Offset(m), np.int16(m)):
        if wanted > 127:
            with pytest.raises(OverflowError, match=rf"^range overflow: {wanted} > max\(127\)"):
                ours(Offset(n), right)
        elif wanted < -128:
            with pytest.raises(RuntimeError, match=rf"^range underflow: {wanted} < min\(-128\)"):
                ours(Offset(n), right)
        else:
            result = ours(Offset(n), right)
            assert int(result) == wanted and type(result) is Offset


def test_unary_and_in_place() -> None:
    x = Offset(5)
    assert -x == Offset(-5) and +x == x and type(-x) is Offset
    x += 1
    x *= 2
    x -= Offset(2)
    x /= 3
    assert x == Offset(3) and type(x) is Offset
    with pytest.raises(OverflowError):
        -Offset(-128)
    with pytest.raises(RuntimeError, match=r"range underflow: -1 < min\(0\)"):
        Cell.Value(0) - 1
    with pytest.raises(RuntimeError, match=r"range underflow: -3 < min\(0\)"):
        -Cell.Value(3)


def test_operand_bad() -> None:
    for wrong in (
        lambda: 1 + Offset(1),
        lambda: Offset(1) // 2,
        lambda: Offset(1) + Cell.Value(1),
        lambda: Offset(1) * 0.5,
        lambda: Offset(1) < Cell.Value(2),
        lambda: Offset(1) + "1",
    ):
        with pytest.raises(TypeError):
            wrong()


@pytest.mark.parametrize(
    ("cls", "value", "error", "text"),
    [
        (Cell.Value, 1024, OverflowError, r"^range overflow: 1024 > max\(1023\)"),
        (Cell.Value, np.uint16(1024), OverflowError, r"^range overflow: 1024 > max\(1023\)"),
        (Label, 64, OverflowError, r"^range overflow: 64 > max\(63\)"),
        (Label, 256, MachineOverflowError, r"^range overflow: 256 > max\(63\)"),
        (Word, 1 << 32, MachineOverflowError, r"^range overflow: 4294967296 > max\(4294967295\)"),
        (Offset, 128, OverflowError, r"^range overflow: 128 > max\(127\)"),
        (Offset, -129, RuntimeError, r"^range underflow: -129 < min\(-128\)"),
        (Pack, 0, RuntimeError, r"^range underflow: 0 < min\(1\)"),
        (Cell.Value, -1, TypeError, r"^Cell\.Value: -1 is negative, expected an integer 0\.\.1023"),
        (Cell.Value, 1.0, TypeError, r"expected an integer 0\.\.1023, not 1\.0 \(float\)"),
        (Cell.Value, None, TypeError, r"expected an integer 0\.\.1023, not None \(NoneType\)"),
        (Cell.Value, "1", TypeError, r"expected an integer 0\.\.1023, not '1' \(str\)"),
        (Cell.Value, [1], TypeError, r"expected an integer 0\.\.1023, not \[1\] \(list\)"),
    ],
)
def test_construction_bad(cls: Any, value: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        cls(value)


def test_machine_overflow_is_both() -> None:
    assert issubclass(MachineOverflowError, OverflowError)
    assert issubclass(MachineOverflowError, TypeError)
    with pytest.raises(OverflowError) as error:
        Cell.Value(1024)
    assert not isinstance(error.value, TypeError)


def test_equality_between_types() -> None:
    assert Offset(1) != Cell.Value(1)
    assert (Offset(1) == Cell.Value(1)) is False
    assert int(Offset(1)) == int(Cell.Value(1))
    assert hash(Offset(1)) != hash(Cell.Value(1))
    assert Cell.Value(1) != 1.5 and Cell.Value(1) != "1" and Cell.Value(1) is not None
    assert Cell.Value(1) != -1 and Cell.Value(1) != 100000


def test_explicit_construction_from_others() -> None:
    assert Offset(Cell.Value(3)) == Offset(3)
    assert Cell.Value(True) == Cell.Value(1)
    assert Explicit(X(3)) == Explicit(3)


def test_implicit() -> None:
    value = Cell.Value(3)
    assert implicit(Cell.Value, value) is value
    for given_value in (3, np.int32(3), np.uint8(3)):
        assert implicit(Cell.Value, given_value) == value
    assert implicit(Cell.Value, True) == Cell.Value(1)


@pytest.mark.parametrize(
    ("cls", "value", "text"),
    [
        (Cell.Value, 1024, r"cannot convert 1024 \(int\) to Cell\.Value \(0\.\.1023\)"),
        (Cell.Value, -1, r"cannot convert -1 \(int\) to Cell\.Value \(0\.\.1023\)"),
        (Cell.Value, 1.0, r"cannot convert 1\.0 \(float\)"),
        (Cell.Value, Offset(1), r"cannot convert Offset\(1\) \(Offset\)"),
        (Explicit, 1, r"cannot convert 1 \(int\) to Explicit \(0\.\.9\)"),
        (Cell, 1, r"cannot convert 1 \(int\) to Cell"),
    ],
)
def test_implicit_bad(cls: Any, value: object, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        implicit(cls, value)


def test_implicit_from_members_of_pairs() -> None:
    class Column(Ranged, max=9, axis="x"):
        """A number that counts columns."""

    assert implicit(Column, X(3)) == Column(3)
    for wrong in (X(10), Y(3), Enum(3)):
        with pytest.raises(TypeError, match="cannot convert"):
            implicit(Column, wrong)
    with pytest.raises(TypeError, match="cannot convert X"):
        implicit(Cell.Value, X(3))


def test_subclass_is_the_same_number() -> None:
    class Mine(Cell.Value):
        """A program's own subclass."""

    assert Mine(3) == Cell.Value(3) and hash(Mine(3)) == hash(Cell.Value(3))
    assert Mine(3) + Cell.Value(1) == Cell.Value(4)
    assert implicit(Cell.Value, Mine(3)) == Mine(3)
    with pytest.raises(OverflowError, match=r"range overflow: 1024 > max\(1023\)"):
        Mine(1024)


def test_text() -> None:
    assert str(Offset(-3)) == repr(Offset(-3)) == "Offset(-3)"
    assert str(Cell.Value(7)) == "Value(7)"
    assert str(left) == "left" and str(Parity(1)) == "odd"
    assert f"{Cell.Value(7)}" == "Value(7)"


def test_to_enum() -> None:
    assert Pack(2).toEnum() == Enum(2) and type(Pack(2).toEnum()) is Enum
    assert Count(-32768).toEnum() == Enum(0)
    assert Count(0).toEnum() == Enum(32768)


def test_use_with_numpy() -> None:
    x = Cell.Value(2)
    values = np.arange(10)
    assert values[x] == 2 and list(range(5))[x] == 2
    assert np.array([x, x], dtype=int).tolist() == [2, 2]
    assert (values == x).tolist() == [n == 2 for n in range(10)]
    assert (values > x).tolist() == [n > 2 for n in range(10)]
    assert (x + np.int64(3)) == Cell.Value(5)
    assert int(np.int64(3) * int(x)) == 6
    assert np.zeros(x).shape == (2,)
    assert x == np.int64(2) and np.int64(2) == x


def test_ranged_factory() -> None:
    kind = ranged(
        "Cell.Delay", -4, 11, default=-1, implicit=False, bits=8, module="m", doc="Delay."
    )
    assert (kind.__name__, kind.__qualname__, kind.__module__) == ("Delay", "Cell.Delay", "m")
    assert (kind.__doc__, int(kind())) == ("Delay.", -1)
    assert str(kind(3)) == "Delay(3)"
    assert expected(kind) == "Cell.Delay (-4..11)"
    with pytest.raises(TypeError):
        implicit(kind, 3)


def test_numpy_types() -> None:
    assert storage(Cell.Value) == np.uint16 and machine(Cell.Value) == np.uint64
    assert storage(Offset) == np.int8 and machine(Offset) == np.int64
    assert storage(Enum) == np.uint64 and storage(ranged("Wide", -1, 1 << 40)) == np.int64
    assert storage(Label) == np.uint8 and machine(Label) == np.uint8


def test_check_range() -> None:
    check_range(Offset, np.array([], dtype=int))
    check_range(Offset, np.array([-128, 127]))
    with pytest.raises(OverflowError, match=r"range overflow: 200 > max\(127\)"):
        check_range(Offset, np.array([0, 200]))
    with pytest.raises(OverflowError, match=r"range underflow: -129 < min\(-128\)"):
        check_range(Offset, np.array([0, -129]))
