# SPDX-License-Identifier: Apache-2.0
"""Declarations of containers: fields with kinds, limits, defaults, units and places.

A container is declared as a class; class keywords hold the facts about the whole, class attributes
the fields::

    class CADCConfig(
        Container,
        at=halco.CADCConfigOnDLS,
        address=Address.at(addresses.CADC_CONFIG, (2, addresses.HEMISPHERE)),
    ):
        "Timing of the column converters of one hemisphere."

        enable = Field(bool, bits(0))
        reset_wait = Field(ResetWait, bits("11:4"), unit="cycles")

Encoding, decoding (single and vectorised), serialisation, text, reference page and the constants
for Verilog and C follow from it.
The numbers of a container lie flat in one list, its *slots*; arrays and nested structures are
windows on that list.

Facts (layouts, limits, defaults, addresses): reference of the containers, obtained by probing the
original implementation.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar, overload

import numpy as np
import numpy.typing as npt

from hal.errors import HxcosimError
from hal.fisch.access import Backend, WordAccess, Words, word_array, write_words
from hal.halco.arrays import TypedArray
from hal.halco.numbers import Coordinate, describe, implicit
from hal.haldls import serialization
from hal.haldls.arrays import length_of
from hal.haldls.codegen import Codec, Slot, compile_codec
from hal.haldls.kinds import (
    default_of,
    is_enumeration,
    is_structure,
    limits_of,
    number_of,
    text_of,
    value_of,
)
from hal.haldls.layout import Address, Bits, Code

__all__ = [
    "CHIP",
    "FPGA",
    "ArrayField",
    "BlockUntil",
    "Container",
    "ContainerError",
    "DifferentialWriteTrait",
    "Encodable",
    "Field",
    "GroupField",
    "ListField",
    "Structure",
    "container_for",
    "indexed",
    "register",
    "variant",
]

CHIP = (Backend.Omnibus, Backend.OmnibusChipOverJTAG)
"""Word accesses of the chip's registers."""
FPGA = (Backend.Omnibus,)
"""Word accesses of the FPGA's registers."""

T = TypeVar("T")
Numbers: TypeAlias = npt.NDArray[np.int64]


def legal_backend(cls: Any, backend: Backend | None, coord: Any) -> Backend:
    """The word access to use for a container: the given one, or its default.

    :raises RuntimeError: for one that the container does not have; the original takes the
        default then [M131].
    """
    backends: tuple[Backend, ...] = cls._backends
    if backend is None:
        return backends[0]
    if backend not in backends:
        raise ContainerError(
            f"{cls.__qualname__} at {coord}: no access by {backend!s}; "
            f"it has {', '.join(map(str, backends))}"
        )
    return backend


class ContainerError(HxcosimError):
    """A container used in a way that it does not support."""


class Variant:
    """A value that is one of several ranged types with adjacent limits; made by `variant`."""

    min: ClassVar[int]
    max: ClassVar[int]
    _alternatives: ClassVar[tuple[Any, ...]]
    _default: ClassVar[int]
    _bits: ClassVar[int] = 64
    _signed: ClassVar[bool] = False

    @classmethod
    def _make(cls, number: int) -> Any:
        return cls._alternatives[cls._index(number)]._make(number)

    @classmethod
    def _index(cls, number: int) -> int:
        """Which alternative a number belongs to."""
        return next(i for i, k in enumerate(cls._alternatives) if k.min <= number <= k.max)

    @classmethod
    def _from_implicit(cls, value: object) -> Any:
        for kind in cls._alternatives:
            try:
                return implicit(kind, value)
            except TypeError:
                continue
        return None


def variant(name: str, *alternatives: Any) -> type[Variant]:
    """The kind of a field that holds one of several ranged types; the first one is the default."""
    namespace = {
        "__doc__": f"One of {', '.join(kind.__qualname__ for kind in alternatives)}.",
        "_alternatives": alternatives,
        "_default": alternatives[0]._default,
        "min": min(kind.min for kind in alternatives),
        "max": max(kind.max for kind in alternatives),
    }
    return type(name, (Variant,), namespace)


def stored_name(owner: type, name: str) -> str:
    """What a member is called in the file formats, unless its declaration says otherwise."""
    return f"{getattr(owner, '_stored_prefix', 'm_')}{name}"


def stored_limits(kind: Any, count: int) -> tuple[Numbers, Numbers]:
    """Smallest and largest numbers that `count` values of a kind may be stored as."""
    if is_structure(kind):
        low, high = kind._limits
        return np.tile(low, count), np.tile(high, count)
    limits = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    low, high = limits if is_enumeration(kind) else limits_of(kind)
    return np.full(count, low, dtype=np.int64), np.full(count, high, dtype=np.int64)


class Field(Generic[T]):
    """One number of a container, read and assigned as an attribute.

    :param kind: truth value, enumeration, ranged type, pair coordinate or variant.
    :param places: where its bits lie; none for a field that is not sent.
    :param default: value of a default-constructed container; that of the kind if not given.
    :param unit: physical unit or meaning of one step.
    :param doc: meaning, for the reference page.
    :param code: how the number is coded in its bits.
    :param serial: member name in the file formats; ``m_`` and the field's name if not given.
    :param read_only: whether assignment is refused.
    """

    count = 1

    def __init__(
        self,
        kind: type[T],
        *places: Bits,
        default: int | None = None,
        unit: str = "",
        doc: str = "",
        code: Code | None = None,
        serial: str = "",
        read_only: bool = False,
    ) -> None:
        self.kind: Any = kind
        self.places = places
        self.default = default_of(kind) if default is None else int(default)
        self.unit, self.doc, self.code = unit, doc, code
        self.serial = serial
        self.read_only = read_only
        self.name = ""
        self.offset = 0

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.lstrip("_")
        self.serial = self.serial or stored_name(owner, self.name)

    def defaults(self) -> Numbers:
        """The default number."""
        return np.array([self.default], dtype=np.int64)

    def limits(self) -> tuple[Numbers, Numbers]:
        """Smallest and largest legal stored number."""
        return stored_limits(self.kind, 1)

    def slots(self) -> list[Slot]:
        """The numbers of the field."""
        low, high = limits_of(self.kind)
        return [Slot(self.name, self.kind, low, high, self.default, self.places, self.code)]

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: "Structure", owner: type) -> T: ...
    def __get__(self, instance: "Structure | None", owner: type) -> Self | T:
        if instance is None:
            return self
        value: T = value_of(self.kind, instance._numbers[self.offset])
        return value

    def __set__(self, instance: "Structure", value: T | int) -> None:
        if self.read_only:
            raise AttributeError(f"{type(instance).__qualname__}.{self.name} is read-only")
        try:
            number = number_of(self.kind, value)
        except TypeError as error:
            raise TypeError(f"{type(instance).__qualname__}.{self.name}: {error}") from None
        instance._numbers[self.offset] = number

    def text(self, structure: "Structure") -> str:
        """The field's value as it prints."""
        return text_of(self.kind, structure._numbers[self.offset])


A = TypeVar("A", bound=TypedArray)


class ArrayField(Generic[A]):
    """An array of numbers or structures, indexed by a coordinate.

    :param array: the array type, see `hal.halco.arrays.typed_array`.
    :param groups: the places, one piece per element in each group; see `hal.haldls.layout.lanes`.
    :param moves: for structures: by how many words and bits element i lies behind the declared one.
    :param default: value of each element, or one for each.
    :param copies: whether reading gives a copy instead of a window.
    """

    def __init__(
        self,
        array: type[A],
        *groups: Sequence[Bits],
        moves: Sequence[tuple[int, int]] = (),
        default: int | Sequence[Any] | None = None,
        unit: str = "",
        doc: str = "",
        code: Code | None = None,
        serial: str = "",
        copies: bool = False,
    ) -> None:
        self.array = array
        self.kind: Any = getattr(array, "_scalar", array.element_type)
        self.groups = groups
        self.moves = moves
        self.default = default
        self.unit, self.doc, self.code = unit, doc, code
        self.serial = serial
        self.copies = copies
        self.read_only = False
        self.name = ""
        self.offset = 0
        self.stride = length_of(self.kind)
        self.shape: tuple[int, ...] = getattr(array, "_shape", (array.size,))
        self.length = math.prod(self.shape)
        self.count = self.length * self.stride

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.lstrip("_")
        self.serial = self.serial or stored_name(owner, self.name)

    def defaults(self) -> Numbers:
        """The default numbers of all elements."""
        if is_structure(self.kind):
            numbers = np.tile(self.kind._defaults, self.length)
            for index, own in enumerate(self.default if isinstance(self.default, Sequence) else ()):
                for name, number in own.items():
                    numbers[index * self.stride + self.kind._fields[name].offset] = int(number)
            return numbers
        default = default_of(self.kind) if self.default is None else self.default
        return np.broadcast_to(np.array(default, dtype=np.int64), self.length)

    def limits(self) -> tuple[Numbers, Numbers]:
        """Smallest and largest legal stored numbers."""
        return stored_limits(self.kind, self.length)

    def slots(self) -> list[Slot]:
        """The numbers of all elements."""
        length = self.length
        defaults = self.defaults().tolist()
        if is_structure(self.kind):
            return [
                slot
                for i in range(length)
                for slot in self._structure_slots(i, defaults[i * self.stride :])
            ]
        low, high = limits_of(self.kind)
        return [
            Slot(
                f"{self.name}[{i}]",
                self.kind,
                low,
                high,
                defaults[i],
                tuple(group[i] for group in self.groups),
                self.code,
            )
            for i in range(length)
        ]

    def _structure_slots(self, index: int, defaults: list[int]) -> list[Slot]:
        words, by = self.moves[index] if self.moves else (0, 0)
        return [
            Slot(
                f"{self.name}[{index}].{slot.name}",
                slot.kind,
                slot.min,
                slot.max,
                default,
                tuple(place.moved(words, by) for place in slot.places),
                slot.code,
            )
            for slot, default in zip(self.kind._slots, defaults, strict=False)
        ]

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: "Structure", owner: type) -> A: ...
    def __get__(self, instance: "Structure | None", owner: type) -> Self | A:
        if instance is None:
            return self
        return self.window(instance).__copy__() if self.copies else self.window(instance)

    def window(self, structure: "Structure") -> A:
        """The array on the numbers of a structure."""
        numbers = structure._numbers[self.offset : self.offset + self.count]
        array: Any = self.array
        window: A = array._view(numbers.reshape(self.shape) if len(self.shape) > 1 else numbers)
        return window

    def element(self, structure: "Structure", key: Any) -> "npt.NDArray[np.int64]":
        """The numbers of one element."""
        start = self.offset + self.stride * self.array._place(key)
        return structure._numbers[start : start + self.stride]

    def __set__(self, instance: "Structure", value: A) -> None:
        if not isinstance(value, self.array):
            raise TypeError(
                f"{type(instance).__qualname__}.{self.name}: expected {self.array.__name__}, "
                f"not {describe(value)}"
            )
        instance._numbers[self.offset : self.offset + self.count] = value._values.reshape(-1)

    def text(self, structure: "Structure") -> str:
        """The elements as they print."""
        numbers = structure._numbers[self.offset : self.offset + self.count]
        if not is_structure(self.kind):
            return f"[{', '.join(text_of(self.kind, int(n)) for n in numbers)}]"
        elements = (self.kind._of(part) for part in numbers.reshape(-1, self.stride))
        return f"[{', '.join(map(str, elements))}]"


class ListField(Generic[T]):
    """A fixed number of elements, read and assigned as a Python list (always a copy)."""

    def __init__(
        self, kind: type[T], group: Sequence[Bits], *, doc: str = "", serial: str = ""
    ) -> None:
        self.kind: Any = kind
        self.group = group
        self.count = len(group)
        self.doc, self.serial, self.unit = doc, serial, ""
        self.read_only = False
        self.name = ""
        self.offset = 0

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.serial = self.serial or stored_name(owner, self.name)

    def defaults(self) -> Numbers:
        """The default numbers of all elements."""
        return np.full(self.count, default_of(self.kind), dtype=np.int64)

    def limits(self) -> tuple[Numbers, Numbers]:
        """Smallest and largest legal stored numbers."""
        return stored_limits(self.kind, self.count)

    def slots(self) -> list[Slot]:
        """The numbers of all elements."""
        low, high = limits_of(self.kind)
        default = default_of(self.kind)
        return [
            Slot(f"{self.name}[{i}]", self.kind, low, high, default, (place,))
            for i, place in enumerate(self.group)
        ]

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: "Structure", owner: type) -> list[T]: ...
    def __get__(self, instance: "Structure | None", owner: type) -> Self | list[T]:
        if instance is None:
            return self
        numbers = instance._numbers[self.offset : self.offset + self.count]
        return [value_of(self.kind, int(n)) for n in numbers]

    def __set__(self, instance: "Structure", value: Sequence[T]) -> None:
        where = f"{type(instance).__qualname__}.{self.name}"
        if not isinstance(value, Sequence) or len(value) != self.count:
            raise TypeError(
                f"{where}: expected a list of {self.count} {self.kind.__qualname__}, "
                f"not {describe(value)}"
            )
        try:
            numbers = [number_of(self.kind, element) for element in value]
        except TypeError as error:
            raise TypeError(f"{where}: {error}") from None
        instance._numbers[self.offset : self.offset + self.count] = numbers

    def text(self, structure: "Structure") -> str:
        """The elements as they print."""
        numbers = structure._numbers[self.offset : self.offset + self.count]
        return f"[{', '.join(text_of(self.kind, int(n)) for n in numbers)}]"


G = TypeVar("G", bound="Structure")


class GroupField(Generic[G]):
    """A structure inside a structure; reading gives a window on its numbers."""

    places = ()
    code = None
    unit = ""
    read_only = False

    def __init__(self, kind: type[G], *, doc: str = "", serial: str = "") -> None:
        self.kind: Any = kind
        self.count = kind._length
        self.doc, self.serial = doc, serial
        self.name = ""
        self.offset = 0

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.lstrip("_")
        self.serial = self.serial or stored_name(owner, self.name)

    def defaults(self) -> Numbers:
        """The default numbers of the structure."""
        numbers: Numbers = self.kind._defaults
        return numbers

    def limits(self) -> tuple[Numbers, Numbers]:
        """Smallest and largest legal stored numbers."""
        return stored_limits(self.kind, 1)

    def slots(self) -> list[Slot]:
        """The numbers of the structure."""
        return [replace(slot, name=f"{self.name}.{slot.name}") for slot in self.kind._slots]

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: "Structure", owner: type) -> G: ...
    def __get__(self, instance: "Structure | None", owner: type) -> Self | G:
        if instance is None:
            return self
        window: G = self.kind._view(instance._numbers[self.offset : self.offset + self.count])
        return window

    def __set__(self, instance: "Structure", value: G) -> None:
        if not isinstance(value, self.kind):
            raise TypeError(
                f"{type(instance).__qualname__}.{self.name}: expected {self.kind.__qualname__}, "
                f"not {describe(value)}"
            )
        instance._numbers[self.offset : self.offset + self.count] = value._numbers

    def text(self, structure: "Structure") -> str:
        """The structure as it prints."""
        return str(self.__get__(structure, type(structure)))


AnyField = Field[Any] | ArrayField[Any] | ListField[Any] | GroupField[Any]
FIELDS = (Field, ArrayField, ListField, GroupField)


def indexed(
    field: ArrayField[Any], name: str, arguments: tuple[str, str] = ("coord", "value")
) -> tuple[Any, Any]:
    """The methods ``get_<name>(coord)`` and ``set_<name>(coord, value)`` of an array member.

    The getter returns a copy.

    :param arguments: names of the arguments, where the original has other ones.
    """

    structures = is_structure(field.kind)

    def get(self: Structure, key: Any) -> Any:
        numbers = field.element(self, key)
        return field.kind._of(numbers) if structures else value_of(field.kind, int(numbers[0]))

    def set_(self: Structure, key: Any, value: Any) -> None:
        try:
            numbers = field.element(self, key)
            if not structures:
                numbers[0] = number_of(field.kind, value)
            elif isinstance(value, field.kind):
                numbers[:] = value._numbers
            else:
                raise TypeError(f"expected {field.kind.__qualname__}, not {describe(value)}")
        except TypeError as error:
            raise TypeError(f"{type(self).__qualname__}.set_{name}: {error}") from None

    key, kind = field.array.key_type.__name__, field.kind.__qualname__
    for function, verb, doc in (
        (get, "get", f"Copy of the {kind} of a {key}."),
        (set_, "set", f"Set the {kind} of a {key}."),
    ):
        code = function.__code__
        names = ("self", *arguments)[: code.co_argcount]
        function.__code__ = code.replace(co_varnames=(*names, *code.co_varnames[len(names) :]))
        function.__name__ = f"{verb}_{name}"
        function.__qualname__ = f"{verb}_{name}"
        function.__doc__ = doc
    return get, set_


class _Columns:
    """Numbers of a class that follow from its fields, made when they are first used."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make
        self.made: dict[type, Any] = {}

    def __get__(self, instance: object, owner: Any) -> Any:
        if owner not in self.made:
            self.made[owner] = self.make(owner)
        return self.made[owner]


def _default_numbers(cls: Any) -> Numbers:
    numbers = [np.empty(0, dtype=np.int64), *(field.defaults() for field in cls._fields.values())]
    defaults = np.concatenate(numbers)
    for name, number in cls._other_defaults.items():
        defaults[cls._fields[name].offset] = number
    return defaults


def _limit_numbers(cls: Any) -> tuple[Numbers, Numbers]:
    if not cls._fields:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    low, high = zip(*(field.limits() for field in cls._fields.values()), strict=True)
    return np.concatenate(low), np.concatenate(high)


class Declaration(type):
    """Makes classes that declare fields or a coordinate without room for other attributes."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **keywords: Any
    ) -> Any:
        fields = (isinstance(value, FIELDS) for value in namespace.values())
        if "at" in keywords or any(fields):
            namespace.setdefault("__slots__", ())
        return super().__new__(mcs, name, bases, namespace, **keywords)

    @property
    def _slots(cls: Any) -> tuple[Slot, ...]:
        """All numbers, made when they are first used; seen by the class, not by reflection."""
        cached: tuple[type, tuple[Slot, ...]] | None = cls._slots_cache
        if cached is None or cached[0] is not cls:
            fields = cls._fields.values()
            cached = (cls, tuple(s for field in fields for s in field.slots()))
            cls._slots_cache = cached
        return cached[1]

    @property
    def __signature__(cls: Any) -> Any:
        """The constructor's arguments, each with its default."""
        if cls.__init__ is not Structure.__init__:
            raise AttributeError("the constructor has a signature of its own")
        from inspect import Parameter, Signature  # costs time at import, seldom needed

        default = cls()
        return Signature(
            [
                Parameter(
                    argument,
                    Parameter.POSITIONAL_OR_KEYWORD,
                    default=cls._fields[name].__get__(default, cls),
                )
                for argument, name in cls._arguments.items()
            ]
        )


class Structure(metaclass=Declaration):
    """A group of fields with value semantics: equality, copy, text, pickle."""

    __slots__ = ("_numbers",)
    __hash__: ClassVar[None] = None  # type: ignore[assignment] # structures are mutable

    _fields: ClassVar[dict[str, AnyField]] = {}
    _length: ClassVar[int] = 0
    _slots_cache: ClassVar[Any] = None
    _defaults: ClassVar[Any] = _Columns(_default_numbers)
    _limits: ClassVar[Any] = _Columns(_limit_numbers)
    _other_defaults: ClassVar[Mapping[str, int]] = {}
    _arguments: ClassVar[Mapping[str, str]] = {}
    _serial_base: ClassVar[Any] = None
    _stored: ClassVar[tuple[str, ...]] = ()
    _serial_prefix: ClassVar[str] = ""

    _numbers: npt.NDArray[np.int64]

    def __init_subclass__(
        cls,
        *,
        arguments: tuple[str, ...] | Mapping[str, str] = (),
        defaults: Mapping[str, int] | None = None,
        serial_base: bool | None = None,
        stored: tuple[str, ...] = (),
        serial_prefix: str | None = None,
        **keywords: Any,
    ) -> None:
        """Collect the fields.

        :param arguments: fields that the constructor takes; with the arguments' names, if these
            differ.
        :param defaults: defaults that differ from those of an inherited declaration.
        :param serial_base: whether the fields are stored as a base object in the file formats.
        :param serial_prefix: what the members' names begin with in the file formats.
        :param stored: fields in the order of the file formats, if it is not that of declaration.
        """
        super().__init_subclass__(**keywords)
        own = {value.name: value for value in vars(cls).values() if isinstance(value, FIELDS)}
        if arguments:
            if not isinstance(arguments, Mapping):
                arguments = {name: name for name in arguments}
            cls._arguments = arguments
        cls._stored = stored
        if serial_prefix is not None:
            cls._serial_prefix = serial_prefix
        if serial_base is not None:
            cls._serial_base = cls if serial_base else None
        if own:
            for field in own.values():
                field.offset = cls._length
                cls._length += field.count
            cls._fields = {**cls._fields, **own}
        if defaults:
            cls._other_defaults = {**cls._other_defaults, **defaults}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Default values, a copy of another object, or values for the constructor's fields."""
        self._numbers = self._defaults.copy()
        if not arguments and not named:
            return
        if len(arguments) == 1 and type(arguments[0]) is type(self) and not named:
            self._numbers = arguments[0]._numbers.copy()
            return
        if len(arguments) > len(self._arguments) or not named.keys() <= self._arguments.keys():
            accepted = ", ".join(self._arguments) or "nothing"
            raise TypeError(
                f"{type(self).__qualname__} takes {accepted} or another "
                f"{type(self).__qualname__}, not ({', '.join(map(describe, arguments))})"
            )
        for name, value in (*zip(self._arguments, arguments, strict=False), *named.items()):
            self._assign(self._arguments[name], value)

    def _assign(self, name: str, value: Any) -> None:
        field = self._fields[name]
        setter: Any = type(field).__set__
        setter(field, self, value)

    @classmethod
    def _view(cls, numbers: npt.NDArray[np.int64]) -> Self:
        """A window on numbers, usually on a part of those of a larger object."""
        new = cls.__new__(cls)
        new._numbers = numbers
        return new

    @classmethod
    def _of(cls, numbers: npt.ArrayLike) -> Self:
        """An object with a copy of these numbers."""
        return cls._view(np.array(numbers, dtype=np.int64))

    def _content(self) -> list[int]:
        """The numbers as plain integers."""
        content: list[int] = self._numbers.tolist()
        return content

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return np.array_equal(self._numbers, other._numbers)

    def __copy__(self) -> Self:
        new = self._of(self._numbers)
        if hasattr(self, "__dict__"):
            new.__dict__.update(self.__dict__)
        return new

    def __deepcopy__(self, memo: Any) -> Self:
        return self.__copy__()

    def __getstate__(self) -> tuple[Any, ...]:
        data = serialization.to_binary(self)
        return (data, dict(self.__dict__)) if hasattr(self, "__dict__") else (data,)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._numbers = serialization.numbers_from_binary(type(self), state[0])
        if len(state) > 1:
            self.__dict__.update(state[1])

    def __str__(self) -> str:
        name = type(self).__name__
        if not self._fields:
            return f"{name}()"
        lines = [f"\t{field.name}: {field.text(self)}" for field in self._fields.values()]
        return "\n".join((f"{name}(", *lines, ")"))

    __repr__ = __str__


class Encodable:
    """What can be written to, read from or waited for at a coordinate."""

    __slots__ = ()

    Coordinate: ClassVar[type[Coordinate]] = Coordinate


class BlockUntil(Encodable):
    """A condition that a playback program can wait for."""

    __slots__ = ()

    def block_words(self, coord: Any) -> npt.NDArray[np.uint64]:
        """Words to the FPGA that make a program wait for the condition.

        :raises RuntimeError: if the condition does not belong to this coordinate.
        """
        return write_words(self.write_access(coord))  # type: ignore[attr-defined] # of Registers


class DifferentialWriteTrait:
    """Mark of containers of which a differential write may leave out unchanged words."""

    __slots__ = ()


_registry: dict[type, Any] = {}


def register(coordinate: type, cls: Any) -> None:
    """Make `cls` the container of a coordinate type."""
    _registry[coordinate] = cls


def register_words(module: Any) -> None:
    """Make word types readable in programs, where no container sits on their coordinate."""
    for cls in vars(module).values():
        if isinstance(cls, type) and hasattr(cls, "read_access") and hasattr(cls, "_at"):
            _registry.setdefault(cls._at, cls)


def container_for(coordinate: type) -> Any:
    """The container class of a coordinate type.

    :raises RuntimeError: if no container sits on coordinates of this type.
    """
    try:
        return _registry[coordinate]
    except KeyError:
        raise ContainerError(
            f"no container can be read at a {getattr(coordinate, '__qualname__', coordinate)}"
        ) from None


class Registers(Structure):
    """Fields that lie in registers: common part of containers and conditions."""

    __slots__ = ()

    _serial_prefix: ClassVar[str] = "value."
    _at: ClassVar[Any] = None
    _backends: ClassVar[tuple[Backend, ...]] = ()
    _addresses: ClassVar[Mapping[Backend, Address]] = {}
    _readable: ClassVar[bool] = True
    _writeable: ClassVar[bool] = True
    _undecoded: ClassVar[tuple[Backend, ...]] = ()
    _unreadable_on: ClassVar[frozenset[str]] = frozenset()
    _constants: ClassVar[tuple[int, ...]] = ()
    _marker: ClassVar[tuple[int, int] | None] = None
    _transform: ClassVar[str] = ""
    _part: ClassVar[Any] = None
    _codec_cache: ClassVar[Codec | None] = None

    def __init_subclass__(
        cls,
        *,
        at: Any = None,
        address: Address | Mapping[Backend, Address] | None = None,
        backends: tuple[Backend, ...] = CHIP,
        access: str = "rw",
        undecoded: tuple[Backend, ...] = (),
        unreadable_on: tuple[str, ...] = (),
        constants: tuple[int, ...] = (),
        marker: tuple[int, int] | None = None,
        transform: str = "",
        part: Any = None,
        **keywords: Any,
    ) -> None:
        """Declare the whole.

        :param at: coordinate type.
        :param address: address rule, for all backends or for each.
        :param backends: legal word accesses, the default one first.
        :param access: ``r``, ``w`` or ``rw``.
        :param undecoded: word accesses whose reads leave the container unchanged.
        :param unreadable_on: kinds of connection that cannot read it: ``hardware``, ``simulation``.
        :param constants: bits of each written word that are always set.
        :param marker: mask and value of bits of word 0 that every answer must have.
        :param transform: code of whole words, see `hal.haldls.codegen.TRANSFORMS`.
        :param part: container of one word that the words of this one are made of.
        """
        super().__init_subclass__(**keywords)
        cls._codec_cache = None
        if at is None:
            return
        cls._at = at
        if isinstance(address, Address):
            address = dict.fromkeys(backends, address)
        cls._addresses = address or {}
        cls._backends = tuple(cls._addresses) or backends
        cls._readable, cls._writeable = "r" in access, "w" in access
        cls._undecoded = undecoded
        cls._unreadable_on = frozenset(unreadable_on)
        cls._constants = constants
        cls._marker = marker
        cls._transform = transform
        cls._part = part

    # -- words --------------------------------------------------------------------------------

    @classmethod
    def _word_count(cls) -> int:
        return len(next(iter(cls._addresses.values())).words)

    @classmethod
    def _codec(cls) -> Codec:
        """The generated functions, made at first use."""
        if cls._codec_cache is None:
            cls._codec_cache = compile_codec(
                cls._slots, cls._word_count(), cls._constants, cls._transform
            )
        return cls._codec_cache

    @classmethod
    def _checked(cls) -> Sequence[int]:
        """Slots whose decoded number may lie outside its limits."""
        return () if cls._part is not None else cls._codec().checked

    @classmethod
    def _pack(cls, slots: Any, number: Any) -> list[Any]:
        """Words of one container (integers) or of many (columns) at coordinate `number`."""
        codec = cls._codec()
        columns = bool(slots) and isinstance(slots[0], np.ndarray)
        return codec.encode_columns(slots) if columns else codec.encode(slots)

    @classmethod
    def _unpack(cls, words: Any, number: Any) -> list[Any]:
        """Slots from words, the inverse of `_pack`."""
        codec = cls._codec()
        columns = isinstance(words[0], np.ndarray)
        return codec.decode_columns(words) if columns else codec.decode(words)

    @classmethod
    def _enables(cls, slots: Any, number: Any) -> list[Any] | None:
        """Byte enables of each word, None if all are set."""
        enables = cls._codec().enables
        return None if enables is None else enables(slots)

    @classmethod
    def _backend(cls, backend: Backend | None, coord: Any = "any place") -> Backend:
        """The word access to use: the given one, or the default."""
        return legal_backend(cls, backend, coord)

    @classmethod
    def _number(cls, coord: Any) -> int:
        """Number of a coordinate of this container."""
        if not isinstance(coord, cls._at):
            raise ContainerError(
                f"{cls.__qualname__} belongs to {cls._at.__qualname__}, not to {describe(coord)}"
            )
        return int(coord._e)

    @classmethod
    def _address_list(cls, coord: Any, backend: Backend) -> npt.NDArray[np.uint32]:
        return np.array(cls._addresses[backend].one(cls._number(coord)), dtype=np.uint32)

    def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses and words that write this container to `coord`.

        :param backend: word access; None means the default.
        :raises RuntimeError: for a coordinate of another container, a read-only container, or a
            word access that it does not have.
        """
        chosen = self._backend(backend, coord)
        addresses = self._address_list(coord, chosen)
        if not self._writeable:
            raise ContainerError(f"{type(self).__qualname__} at {coord} is read-only")
        words, enables = self._encoded(self._number_or_zero(coord))
        return WordAccess(chosen, addresses, words, enables)

    @classmethod
    def _number_or_zero(cls, coord: Any) -> int:
        return int(getattr(coord, "_e", 0))

    def _encoded(self, number: int) -> tuple[Words, npt.NDArray[np.uint8] | None]:
        """Words and byte enables of this container."""
        if self._part is not None:
            column = self._numbers.astype(self._part._codec().dtype)
            return self._part._pack([column], number)[0].astype(np.uint32), None
        numbers = self._content()
        words = self._pack(numbers, number)
        enables = self._enables(numbers, number)
        return (
            word_array(words),
            None if enables is None else np.array(enables, dtype=np.uint8),
        )

    @classmethod
    def read_access(cls, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses that are read for a container at `coord`; the words are empty.

        :raises RuntimeError: for a coordinate of another container, a write-only container, or a
            word access that it does not have.
        """
        chosen = cls._backend(backend, coord)
        addresses = cls._address_list(coord, chosen)
        if not cls._readable:
            raise ContainerError(f"{cls.__qualname__} at {coord} is write-only")
        return WordAccess(chosen, addresses, np.empty(0, dtype=np.uint32), None)

    @classmethod
    def decode(cls, coord: Any, backend: Backend | None, words: npt.ArrayLike) -> Self:
        """The container at `coord` that was read as `words`, one for each read address.

        Fields that are only written keep their defaults.

        :raises OverflowError: for a word that decodes to a number above a field's maximum.
        :raises RuntimeError: below a minimum, for a missing marker, or another number of words.
        """
        number = cls._number_or_zero(coord)
        chosen = cls._backend(backend, coord)
        values = [int(word) for word in np.asarray(words).tolist()]
        if chosen in cls._undecoded:
            return cls()
        expected = len(cls._address_list(coord, chosen))
        if len(values) != expected:
            raise ContainerError(
                f"{cls.__qualname__} at {coord}: expected {expected} words, got {len(values)}"
            )
        if cls._marker is not None and values[0] & cls._marker[0] != cls._marker[1]:
            raise ContainerError(
                f"{cls.__qualname__} at {coord}: the answer 0x{values[0]:08x} lacks its marker bit"
            )
        if cls._part is not None:
            return cls._decoded_parts(values)
        numbers = [int(n) for n in cls._unpack(values, number)] if values else []
        for index in cls._checked():
            _check(cls, cls._slots[index], numbers[index])
        return cls._of(numbers)

    @classmethod
    def _decoded_parts(cls, words: list[int]) -> Self:
        """A container of parts from one word each; every word is a legal part."""
        column = np.array(words, dtype=cls._part._codec().dtype)
        return cls._of(cls._part._unpack([column], 0)[0])

    # -- many at once -------------------------------------------------------------------------

    @classmethod
    def encode_columns(
        cls, columns: Mapping[str, npt.ArrayLike], numbers: npt.ArrayLike
    ) -> npt.NDArray[np.uint32]:
        """Words of many containers, one row each.

        :param columns: for each field an array with one row per container (arrays: one column per
            element); fields that are left out have their defaults.  Structures inside arrays are
            named as in ``switch[0].enable``.
        :param numbers: the coordinates' numbers.
        :raises OverflowError: for a number outside the limits of its field.
        """
        at = np.asarray(numbers)
        return _matrix(cls._pack(cls._columns(columns, len(at)), at), len(at), np.uint32)

    @classmethod
    def _columns(cls, columns: Mapping[str, npt.ArrayLike], rows: int) -> list[Any]:
        """One array per slot."""
        dtype = cls._codec().dtype
        slots: list[Any] = [np.full(rows, n, dtype=dtype) for n in cls._defaults.tolist()]
        names = {slot.name: index for index, slot in enumerate(cls._slots)}
        for name, values in columns.items():
            array = np.asarray(values)
            field = cls._fields.get(name)
            first = names[name] if field is None else field.offset
            count = 1 if field is None else field.count
            if array.shape not in ((rows,), (rows, count)) or (array.ndim == 1 and count > 1):
                raise ContainerError(
                    f"{cls.__qualname__}.{name}: expected an array of shape "
                    f"{(rows, count) if count > 1 else (rows,)}, not {array.shape}"
                )
            kind = cls._slots[first]
            if rows and (int(array.max()) > kind.max or int(array.min()) < kind.min):
                raise OverflowError(
                    f"{cls.__qualname__}.{name}: {array.min()}..{array.max()} is out of range "
                    f"[{kind.min}, {kind.max}]"
                )
            matrix = array.reshape(rows, count)
            for index in range(count):
                slots[first + index] = np.ascontiguousarray(matrix[:, index], dtype=dtype)
        return slots

    @classmethod
    def decode_columns(
        cls, words: npt.ArrayLike, numbers: npt.ArrayLike
    ) -> dict[str, npt.NDArray[Any]]:
        """Fields of many containers from one row of words each; the inverse of `encode_columns`.

        :raises OverflowError: for a word that decodes to a number above a field's maximum.
        :raises RuntimeError: below a minimum.
        """
        matrix = np.asarray(words)
        dtype = cls._codec().dtype
        rows = len(matrix)
        columns = [np.ascontiguousarray(matrix[:, i], dtype=dtype) for i in range(matrix.shape[1])]
        slots = cls._unpack(columns, np.asarray(numbers))
        for index in cls._checked() if rows else ():
            for extreme in (int(np.max(slots[index])), int(np.min(slots[index]))):
                _check(cls, cls._slots[index], extreme)
        return {
            name: np.stack(
                [np.broadcast_to(s, rows) for s in slots[f.offset : f.offset + f.count]], axis=1
            ).reshape((rows, f.count) if isinstance(f, ArrayField | ListField) else (rows,))
            for name, f in cls._fields.items()
        }

    @classmethod
    def write_column_access(
        cls,
        numbers: npt.ArrayLike,
        columns: Mapping[str, npt.ArrayLike],
        backend: Backend | None = None,
    ) -> WordAccess:
        """The access that writes many containers, in the order of `numbers`."""
        at = np.asarray(numbers)
        chosen = cls._backend(backend)
        slots = cls._columns(columns, len(at))
        words = _matrix(cls._pack(slots, at), len(at), np.uint32)
        enables = cls._enables(slots, at)
        return WordAccess(
            chosen,
            cls._addresses[chosen].of(at).reshape(-1),
            words.reshape(-1),
            None if enables is None else _matrix(enables, len(at), np.uint8).reshape(-1),
        )


def _matrix(columns: Sequence[Any], rows: int, dtype: Any) -> npt.NDArray[Any]:
    """Columns side by side."""
    result = np.empty((rows, len(columns)), dtype=dtype)
    for index, column in enumerate(columns):
        result[:, index] = column
    return result


def _check(cls: type, slot: Slot, number: int) -> None:
    """Raise as the construction of the field's value would."""
    if slot.min <= number <= slot.max or is_enumeration(slot.kind):
        return
    where = f"{cls.__qualname__}.{slot.name}"
    if number > slot.max:
        raise OverflowError(f"{where}: range overflow: {number} > max({slot.max})")
    raise ContainerError(f"{where}: range underflow: {number} < min({slot.min})")


class Container(Registers, Encodable):
    """Base of the register containers."""

    __slots__ = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "at" in keywords:
            register(keywords["at"], cls)


class Condition(Registers, BlockUntil):
    """Base of the conditions that have fields."""

    __slots__ = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(access="w", **keywords)
