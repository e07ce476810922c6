# SPDX-License-Identifier: Apache-2.0
"""Arrays of fixed length that a coordinate indexes.

``typed_array(element, key)`` gives the class of such arrays.  Numbers and bools are stored in NumPy
(``_values``; arrays of arrays of numbers in two dimensions), and so are structures, which have
nothing but numbers; other elements as references.  Reading
an element of an array of arrays gives a view, so that ``a[row][column] = v`` changes ``a``.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Self, cast

import numpy as np
import numpy.typing as npt

from hal.halco.numbers import Number, check_range, expected, implicit, machine, storage


class TypedArray:
    """Base of all arrays indexed by a coordinate; see `typed_array`."""

    __slots__ = ("_values",)

    element_type: ClassVar[Any]
    key_type: ClassVar[Any]
    size: ClassVar[int]
    max_size: ClassVar[int]
    empty: ClassVar[bool]

    _name: ClassVar[str | None]
    _values: Any

    def __init__(self) -> None:
        raise NotImplementedError

    @classmethod
    def _place(cls, key: object) -> int:
        """The position that a key stands for; TypeError unless it converts to the key type."""
        if type(key) is not cls.key_type:
            key = implicit(cls.key_type, key)
        return cast(int, cast(Any, key)._e - cls.key_type.min)

    @classmethod
    def _of(cls, elements: Iterable[Any]) -> Self:
        """An array of these elements, in the order of the keys."""
        new = cls()
        for place, element in enumerate(elements):
            new._put(place, element)
        return new

    def _get(self, place: int) -> Any:
        raise NotImplementedError

    def _put(self, place: int, value: Any) -> None:
        raise NotImplementedError

    def __getitem__(self, key: object) -> Any:
        return self._get(self._place(key))

    def __setitem__(self, key: object, value: Any) -> None:
        self._put(self._place(key), value)

    def at(self, key: object) -> Any:
        """The element of a key."""
        return self._get(self._place(key))

    def front(self) -> Any:
        """The first element."""
        return self._get(0)

    def back(self) -> Any:
        """The last element."""
        return self._get(self.size - 1)

    def fill(self, value: Any) -> None:
        """Set all elements to the same value."""
        for place in range(self.size):
            self._put(place, value)

    def __iter__(self) -> Iterator[Any]:
        return map(self._get, range(self.size))

    def __len__(self) -> int:
        return self.size

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment] # mutable

    def to_numpy(self) -> npt.NDArray[Any]:
        """A copy as a NumPy array, one dimension per key; numbers and bools only."""
        raise RuntimeError(f"{type(self).__name__}: the elements are not numbers")

    def from_numpy(self, values: npt.ArrayLike) -> None:
        """Set all elements; casts like NumPy.

        Raises ``RuntimeError`` for another shape or other elements, ``OverflowError`` for a value
        out of range.
        """
        del values
        raise RuntimeError(f"{type(self).__name__}: the elements are not numbers")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (_arguments(type(self)), self._values)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        new = type(self).__new__(type(self))
        new._values = self._copied(memo)
        return new

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    def _copied(self, memo: dict[int, Any]) -> Any:
        raise NotImplementedError

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self))}]"

    __repr__ = __str__


class _NumberArray(TypedArray):
    """Elements that NumPy stores: numbers, bools, arrays of them."""

    __slots__ = ()

    _scalar: ClassVar[Any]
    _shape: ClassVar[tuple[int, ...]]
    _storage: ClassVar[Any]

    def __init__(self) -> None:
        default = self._scalar._default if self._scalar is not bool else False
        self._values = np.full(self._shape, default, self._storage)

    @classmethod
    def _view(cls, values: npt.NDArray[Any]) -> Self:
        """An array that shares the memory of ``values``."""
        new = cls.__new__(cls)
        new._values = values
        return new

    def _copied(self, memo: dict[int, Any]) -> Any:
        del memo
        return self._values.copy()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(np.array_equal(self._values, other._values))

    __hash__ = None

    def fill(self, value: Any) -> None:
        """Set all elements to the same value."""
        self._put(0, value)
        self._values[1:] = self._values[0]

    def to_numpy(self) -> npt.NDArray[Any]:
        """A copy as a NumPy array of the machine type of the elements, one dimension per key."""
        return cast(npt.NDArray[Any], self._values.astype(_numpy_type(self._scalar)))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        del copy
        return cast(npt.NDArray[Any], self._values.astype(dtype or _numpy_type(self._scalar)))

    def from_numpy(self, values: npt.ArrayLike) -> None:
        """Set all elements; casts like NumPy (fractions are cut).

        Raises ``RuntimeError`` for another shape or kind, ``OverflowError`` for a value out of
        range; the array is unchanged then.
        """
        given = np.asarray(values)
        if given.shape != self._shape:
            raise RuntimeError(
                f"{type(self).__name__}: expected the shape {self._shape}, not {given.shape}"
            )
        if self._scalar is bool:
            if given.dtype.kind not in "biuf":
                raise self._wrong_kind(given)
            self._values[...] = given.astype(bool)
            return
        if given.dtype.kind == "O":
            given = np.vectorize(int, otypes=[np.int64])(given)
        if given.dtype.kind not in "biuf":
            raise self._wrong_kind(given)
        if given.dtype.kind == "f":
            if not np.isfinite(given).all():
                raise OverflowError(f"{type(self).__name__}: values must be finite")
            given = np.trunc(given)
        check_range(self._scalar, given)
        self._values[...] = given.astype(self._storage)

    def _wrong_kind(self, given: npt.NDArray[Any]) -> RuntimeError:
        return RuntimeError(
            f"{type(self).__name__}: expected numbers, not elements of type {given.dtype}"
        )


class _Scalars(_NumberArray):
    """One dimension of numbers or bools."""

    __slots__ = ()

    def _get(self, place: int) -> Any:
        value = self._values[place]
        return bool(value) if self._scalar is bool else self._scalar._make(int(value))

    def _put(self, place: int, value: Any) -> None:
        if self._scalar is bool:
            if not isinstance(value, (bool, np.bool_)):
                raise TypeError(f"{type(self).__name__}: expected a bool, not {value!r}")
            self._values[place] = value
        else:
            self._values[place] = implicit(self._scalar, value)._e


class _Rows(_NumberArray):
    """Arrays of arrays of numbers or bools."""

    __slots__ = ()

    def _get(self, place: int) -> Any:
        return self.element_type._view(self._values[place])

    def _put(self, place: int, value: Any) -> None:
        self._values[place] = implicit(self.element_type, value)._values


class _Objects(TypedArray):
    """Elements of any other type, kept as references."""

    __slots__ = ()

    _check: ClassVar[Callable[[Any], Any]]

    def __init__(self) -> None:
        self._values = [self.element_type() for _ in range(self.size)]

    def _copied(self, memo: dict[int, Any]) -> Any:
        return [_deepcopy(element, memo) for element in self._values]

    def _get(self, place: int) -> Any:
        return self._values[place]

    def _put(self, place: int, value: Any) -> None:
        if not isinstance(value, self.element_type):
            value = implicit(self.element_type, value)
        self._values[place] = _deepcopy(value, {})


class _Structures(TypedArray):
    """Groups of numbers: one row each; reading an element gives a window on its row."""

    __slots__ = ()

    def __init__(self) -> None:
        self._values = np.tile(self.element_type._defaults, (self.size, 1))

    @classmethod
    def _view(cls, values: npt.NDArray[np.int64]) -> Self:
        """An array that shares the memory of `values`."""
        new = cls.__new__(cls)
        new._values = values.reshape(cls.size, -1)
        return new

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(np.array_equal(self._values, other._values))

    __hash__ = None

    def _copied(self, memo: dict[int, Any]) -> Any:
        del memo
        return self._values.copy()

    def _get(self, place: int) -> Any:
        return self.element_type._view(self._values[place])

    def _put(self, place: int, value: Any) -> None:
        if not isinstance(value, self.element_type):
            value = implicit(self.element_type, value)
        self._values[place] = value._numbers

    def fill(self, value: Any) -> None:
        """Set all elements to the same value."""
        self._put(0, value)
        self._values[1:] = self._values[0]


def _deepcopy(value: Any, memo: dict[int, Any]) -> Any:
    from copy import deepcopy  # costs 2 ms at import, seldom needed

    return deepcopy(value, memo)


def _numpy_type(scalar: Any) -> np.dtype[Any]:
    return np.dtype(bool) if scalar is bool else machine(scalar)


def _is_number(element: Any) -> bool:
    """Whether NumPy stores the element; local coordinates within a block keep their type."""
    return element is bool or (
        isinstance(element, type) and issubclass(element, Number) and not element._in_block
    )


def typed_array(element: Any, key: Any, name: str | None = None) -> type[Any]:
    """The class of arrays of ``element`` indexed by the coordinate type ``key``.

    ``element`` is ``bool``, a number type, another typed array, or any class that is constructible
    without argument.  ``name`` overrides the name of the class.  The same arguments give the same
    class.
    """
    return _typed_array(element, key, name)


@functools.cache
def _typed_array(element: Any, key: Any, name: str | None) -> type[Any]:
    namespace: dict[str, Any] = {
        "__slots__": (),
        "__module__": __name__,
        "__doc__": f"Array of {expected(element)}, indexed by {expected(key)}.",
        "element_type": element,
        "key_type": key,
        "_name": name,
        "size": key.size,
        "max_size": key.size,
        "empty": key.size == 0,
    }
    base: type[TypedArray]
    if _is_number(element):
        base = _Scalars
        namespace |= {
            "_scalar": element,
            "_shape": (key.size,),
            "_storage": np.dtype(bool) if element is bool else storage(element),
        }
    elif isinstance(element, type) and issubclass(element, _NumberArray):
        base = _Rows
        namespace |= {
            "_scalar": element._scalar,
            "_shape": (key.size, *element._shape),
            "_storage": element._storage,
        }
    elif hasattr(element, "_fields"):
        base = _Structures
    else:
        base = _Objects
    return type(name or f"array_{element.__name__}_{key.__name__}", (base,), namespace)


def _arguments(kind: Any) -> Any:
    """What `typed_array` made a class from; the classes themselves cannot be pickled."""
    if isinstance(kind, type) and issubclass(kind, TypedArray):
        return _arguments(kind.element_type), kind.key_type, kind._name
    return kind


def _class_of(arguments: Any) -> Any:
    """The inverse of `_arguments`."""
    if isinstance(arguments, tuple):
        element, key, name = arguments
        return typed_array(_class_of(element), key, name)
    return arguments


def _restore(arguments: Any, values: Any) -> TypedArray:
    new: TypedArray = object.__new__(_class_of(arguments))
    new._values = values
    return new
