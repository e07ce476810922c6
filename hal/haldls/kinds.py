# SPDX-License-Identifier: Apache-2.0
"""Kinds of numbers in a container: truth values, enumerations, ranged numbers, coordinates.

In a container every number is a plain integer; these functions convert between it and the object
that users see and assign.
"""

import enum
from typing import Any

import numpy as np

from hal.halco.numbers import Number, describe, implicit

__all__ = [
    "Enumeration",
    "SmallEnumeration",
    "default_of",
    "is_enumeration",
    "is_structure",
    "limits_of",
    "number_of",
    "storage_bytes",
    "text_of",
    "value_of",
]


class Enumeration(enum.IntEnum):
    """Enumeration of register codes; a code without a name is legal after a read."""

    @classmethod
    def _missing_(cls, value: object) -> "Enumeration | None":
        if not isinstance(value, int) or value < 0:
            return None
        new = int.__new__(cls, value)
        new._name_ = f"unknown_{value}"
        new._value_ = value
        return new

    def __str__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class SmallEnumeration(Enumeration):
    """Enumeration that takes one byte in the binary file format instead of four."""


def is_structure(kind: Any) -> bool:
    """Whether values of the kind have fields themselves."""
    return hasattr(kind, "_fields")


def is_enumeration(kind: Any) -> bool:
    """Whether the kind is an enumeration."""
    return issubclass(kind, enum.Enum)


_TRUTH = (bool, int, np.bool_, np.integer, Number)


def number_of(kind: Any, value: Any) -> int:
    """The integer for an assigned value.

    Converts as an assignment in the original: exact types, and plain integers that fit a ranged
    type that allows it.

    :raises TypeError: if the value does not convert.
    """
    if kind is bool:
        if isinstance(value, _TRUTH):
            return 1 if value else 0
        raise TypeError(f"cannot convert {describe(value)} to bool")
    if type(value) is kind and not is_enumeration(kind):
        return int(value._e)
    if is_enumeration(kind):
        if isinstance(value, kind):
            return int(value.value)
        names = ", ".join(member.name for member in kind)
        raise TypeError(
            f"cannot convert {describe(value)} to {kind.__qualname__}; its members are: {names}"
        )
    return int(implicit(kind, value)._e)


def value_of(kind: Any, number: int) -> Any:
    """The object for an integer that is known to fit."""
    if kind is bool:
        return bool(number)
    if is_enumeration(kind):
        return kind(int(number))
    return kind._make(int(number))


def limits_of(kind: Any) -> tuple[int, int]:
    """Smallest and largest integer of a kind."""
    if kind is bool:
        return 0, 1
    if is_enumeration(kind):
        numbers = [int(member.value) for member in kind]
        return min(numbers), max(numbers)
    return kind.min, kind.max


def default_of(kind: Any) -> int:
    """The integer of a default-constructed value."""
    if kind is bool:
        return 0
    if is_enumeration(kind):
        return int(next(iter(kind)).value)
    return int(kind._default)


def storage_bytes(kind: Any) -> int:
    """Bytes of a number in the binary file format: those of the original's machine type."""
    if is_enumeration(kind):
        return 1 if issubclass(kind, SmallEnumeration) else 4
    return int(kind._bits) // 8


def text_of(kind: Any, number: int) -> str:
    """An integer as the object prints."""
    if kind is bool:
        return "true" if number else "false"
    value = value_of(kind, number)
    return value.name if isinstance(value, enum.Enum) else str(value)
