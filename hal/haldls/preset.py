# SPDX-License-Identifier: Apache-2.0
"""Named presets of containers."""

from typing import Any, TypeVar

__all__ = ["Preset"]

T = TypeVar("T")


class Preset:
    """Class attribute that gives a new container with certain fields set, at each access.

    Values are numbers, or lists with one for each element of an array.
    """

    __slots__ = ("_fields",)

    def __init__(self, **fields: int | list[int]) -> None:
        self._fields = fields

    def __get__(self, instance: object, owner: type[T]) -> T:
        container: Any = owner()
        for name, value in self._fields.items():
            field = container._fields[name]
            container._numbers[field.offset : field.offset + field.count] = value
        preset: T = container
        return preset
