# SPDX-License-Identifier: Apache-2.0
"""Array members of containers that `hal.halco.arrays` does not know: enumerations, variants."""

from functools import cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from hal.halco.arrays import TypedArray
from hal.haldls.kinds import default_of, is_structure, number_of, value_of

__all__ = ["kind_array", "length_of"]


def length_of(kind: Any) -> int:
    """How many numbers an array element of this kind takes."""
    return int(kind._length) if is_structure(kind) else 1


class KindArray(TypedArray):
    """Values of one kind, one for each instance of a key type; stored as numbers."""

    __slots__ = ()

    def __init__(self) -> None:
        self._values = np.full(self.size, default_of(self.element_type), dtype=np.int64)

    @classmethod
    def _view(cls, values: npt.NDArray[np.int64]) -> Self:
        """An array that shares the memory of `values`."""
        new = cls.__new__(cls)
        new._values = values
        return new

    def _get(self, place: int) -> Any:
        return value_of(self.element_type, int(self._values[place]))

    def _put(self, place: int, value: Any) -> None:
        self._values[place] = number_of(self.element_type, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.element_type, self.key_type, self._values)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(np.array_equal(self._values, other._values))

    __hash__ = None

    def _copied(self, memo: dict[int, Any]) -> Any:
        del memo
        return self._values.copy()


def kind_array(kind: Any, key: Any) -> type[Any]:
    """The type of arrays of a kind indexed by `key`; the same for the same arguments."""
    return _kind_array(kind, key)


@cache
def _kind_array(kind: Any, key: Any) -> type[KindArray]:
    namespace = {
        "__slots__": (),
        "__doc__": f"Array of {kind.__qualname__}, indexed by {key.__name__}.",
        "element_type": kind,
        "key_type": key,
        "size": key.size,
        "max_size": key.size,
        "empty": False,
    }
    return type(f"array_{kind.__name__}_{key.__name__}", (KindArray,), namespace)


def _restore(kind: Any, key: Any, values: npt.NDArray[np.int64]) -> KindArray:
    array: KindArray = kind_array(kind, key)._view(values)
    return array
