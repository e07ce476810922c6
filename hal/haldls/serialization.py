# SPDX-License-Identifier: Apache-2.0
"""The original's file formats: JSON text and portable binary of one object.

Both follow from the members of a structure.
Binary: one byte 1 (little endian), then all members in order.
JSON: one key ``value0`` with the object; elements of fixed arrays repeat the key ``entry``.
The first object of each class in an archive carries the version of its class, which is 0.

Source of the facts: reference of the serialisation.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hal.errors import HxcosimError
from hal.haldls.kinds import is_enumeration, is_structure, storage_bytes

__all__ = [
    "ArchiveError",
    "Leaf",
    "Vector",
    "Version",
    "from_json",
    "from_portablebinary",
    "items_of",
    "numbers_from_binary",
    "to_binary",
    "to_json",
    "to_portablebinary",
]

VERSION_KEY = "cereal_class_version"


class ArchiveError(HxcosimError):
    """Malformed JSON or binary data."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One stored number: which slot, how many bytes, and how it derives from the slot."""

    slot: int
    bytes: int
    boolean: bool = False
    signed: bool = False
    part: str = ""
    """``x``, ``y`` of a pair or ``index`` of a variant: derived, ignored on reading."""
    kind: Any = None

    def number(self, numbers: Sequence[int]) -> int:
        """The stored number."""
        value = int(numbers[self.slot])
        match self.part:
            case "x" | "y":
                return int(getattr(self.kind._make(value), self.part)())
            case "index":
                return int(self.kind._index(value))
        return value


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a class, at its first object."""

    cls: Any


@dataclass(frozen=True, slots=True)
class Vector:
    """A list of variable length that takes up all slots from `slot` on."""

    slot: int
    stride: int
    element: Any
    """Function from a slot to the items of the element there."""


Item = tuple[str, Any]
"""Member name and content: a `Leaf`, `Version`, `Vector`, or the list of items of an object."""


def _value(kind: Any, slot: int) -> Any:
    """Content of one number."""
    if kind is bool:
        return Leaf(slot, 1, boolean=True)
    if hasattr(kind, "x_type"):
        pair = [(part, [("value", Leaf(slot, 8, part=part, kind=kind))]) for part in ("x", "y")]
        return [*pair, ("e", [("value", Leaf(slot, 8))])]
    size = storage_bytes(kind)
    if is_enumeration(kind):
        return Leaf(slot, size)
    if hasattr(kind, "_alternatives"):
        data = [("value", Leaf(slot, size))]
        return [("index", Leaf(slot, 4, part="index", kind=kind)), ("data", data)]
    return [("value", Leaf(slot, size, signed=kind._signed))]


def _content(field: Any, slot: int) -> Any:
    """Content of one field whose first slot is `slot`."""
    if not hasattr(field, "array") and not hasattr(field, "group"):
        return _value(field.kind, slot)
    if hasattr(field, "group"):
        return [(f"value{i}", _value(field.kind, slot + i)) for i in range(field.count)]
    element = items_of if is_structure(field.kind) else _value
    places = range(slot, slot + field.count, field.stride)
    return [("entry", element(field.kind, place)) for place in places]


def items_of(cls: Any, start: int = 0) -> list[Item]:
    """Members of a structure whose slots begin at `start`."""
    if hasattr(cls, "_serial_items"):
        custom: list[Item] = cls._serial_items(start)
        return custom
    fields = [cls._fields[name] for name in cls._stored or cls._fields]
    members = [
        (cls._serial_prefix + field.serial, _content(field, start + field.offset))
        for field in fields
    ]
    if cls._serial_base:
        members = [("value0", [(VERSION_KEY, Version((cls, "base"))), *members])]
    return [(VERSION_KEY, Version(cls)), *members]


# -- binary ---------------------------------------------------------------------------------------


def to_binary(obj: Any) -> bytes:
    """The portable binary form of an object."""
    out = bytearray(b"\x01")
    _write_binary(items_of(type(obj)), obj._content(), out, set())
    return bytes(out)


def _write_binary(
    items: Iterable[Item], numbers: Sequence[int], out: bytearray, seen: set[Any]
) -> None:
    for _, content in items:
        match content:
            case Leaf():
                number = content.number(numbers) % (1 << (8 * content.bytes))
                out += number.to_bytes(content.bytes, "little")
            case Version():
                if content.cls not in seen:
                    seen.add(content.cls)
                    out += bytes(4)
            case Vector():
                slots = range(content.slot, len(numbers), content.stride)
                out += len(slots).to_bytes(8, "little")
                for slot in slots:
                    _write_binary(content.element(slot), numbers, out, seen)
            case _:
                _write_binary(content, numbers, out, seen)


class _Reader:
    """Position in binary data."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def number(self, size: int, signed: bool = False) -> int:
        end = self.position + size
        if end > len(self.data):
            raise ArchiveError(f"data end after {len(self.data)} bytes, expected at least {end}")
        piece = self.data[self.position : end]
        self.position = end
        return int.from_bytes(piece, "little", signed=signed)


def numbers_from_binary(cls: Any, data: bytes) -> list[int]:
    """The numbers of an object of `cls` from its portable binary form.

    :raises RuntimeError: for data that are not an object of this class.
    """
    reader = _Reader(bytes(data))
    if reader.number(1) != 1:
        raise ArchiveError(f"{cls.__qualname__}: binary data do not begin with the byte 1")
    numbers: list[int] = cls._defaults.tolist()
    _read_binary(items_of(cls), numbers, reader, set())
    if reader.position != len(data):
        raise ArchiveError(
            f"{cls.__qualname__}: {len(data) - reader.position} bytes too many in binary data"
        )
    _check(cls, numbers)
    return numbers


def _read_binary(
    items: Iterable[Item], numbers: list[int], reader: _Reader, seen: set[Any]
) -> None:
    for _, content in items:
        match content:
            case Leaf():
                number = reader.number(content.bytes, content.signed)
                if not content.part:
                    numbers[content.slot] = number
            case Version():
                if content.cls not in seen:
                    seen.add(content.cls)
                    if reader.number(4):
                        raise ArchiveError("unknown class version in binary data")
            case Vector():
                count = reader.number(8)
                if count > len(reader.data):
                    raise ArchiveError(f"list of {count} elements is longer than the data")
                numbers[content.slot :] = [0] * (count * content.stride)
                for index in range(count):
                    slot = content.slot + index * content.stride
                    _read_binary(content.element(slot), numbers, reader, seen)
            case _:
                _read_binary(content, numbers, reader, seen)


def _check(cls: Any, numbers: Sequence[int]) -> None:
    """Stored numbers must be legal values."""
    for slot, number in zip(cls._slots, numbers, strict=False):
        if not slot.min <= number <= slot.max and not is_enumeration(slot.kind):
            raise ArchiveError(
                f"{cls.__qualname__}.{slot.name}: stored value {number} is out of range "
                f"[{slot.min}, {slot.max}]"
            )


# -- JSON -----------------------------------------------------------------------------------------


def to_json(obj: Any) -> str:
    """The JSON text of a container."""
    lines = ["{"]
    items = [("value0", items_of(type(obj)))]
    lines += _json_lines(items, obj._content(), set(), "    ")
    lines.append("}")
    return "\n".join(lines)


def _json_lines(
    items: Iterable[Item], numbers: Sequence[int], seen: set[Any], indent: str
) -> list[str]:
    members = [list(_json_member(item, numbers, seen, indent)) for item in items]
    members = [member for member in members if member]
    for member in members[:-1]:
        member[-1] += ","
    return [line for member in members for line in member]


def _json_member(item: Item, numbers: Sequence[int], seen: set[Any], indent: str) -> Iterator[str]:
    name, content = item
    key = f'{indent}"{name}": '
    match content:
        case Leaf():
            number = content.number(numbers)
            yield key + (("true" if number else "false") if content.boolean else str(number))
        case Version():
            if content.cls not in seen:
                seen.add(content.cls)
                yield key + "0"
        case Vector():
            slots = range(content.slot, len(numbers), content.stride)
            yield key + "["
            elements = []
            for slot in slots:
                inner = _json_lines(content.element(slot), numbers, seen, indent + " " * 8)
                elements.append([indent + "    {", *inner, indent + "    }"])
            for element in elements[:-1]:
                element[-1] += ","
            yield from (line for element in elements for line in element)
            yield indent + "]"
        case _:
            yield key + "{"
            yield from _json_lines(content, numbers, seen, indent + "    ")
            yield indent + "}"


class _Members:
    """The members of a JSON object, found by name; repeated names in their order."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.by_name: dict[str, list[Any]] = {}
        for name, value in pairs:
            self.by_name.setdefault(name, []).append(value)
        self.used: dict[str, int] = {}

    def take(self, name: str) -> Any:
        index = self.used.get(name, 0)
        self.used[name] = index + 1
        values = self.by_name.get(name, [])
        if index >= len(values):
            raise ArchiveError(f"JSON lacks the member {name!r}")
        return values[index]


def from_json(obj: Any, text: str) -> None:
    """Set a container from its JSON text.

    :raises RuntimeError: for text that is not JSON of this class; the container is unchanged then.
    """
    cls = type(obj)
    try:
        root = json.loads(text, object_pairs_hook=_Members)
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{cls.__qualname__}: not JSON: {error}") from None
    numbers: list[int] = cls._defaults.tolist()
    try:
        _read_json([("value0", items_of(cls))], numbers, root, set())
    except ArchiveError as error:
        raise ArchiveError(f"{cls.__qualname__}: {error}") from None
    _check(cls, numbers)
    _replace(obj, numbers)


def _read_json(items: Iterable[Item], numbers: list[int], members: Any, seen: set[Any]) -> None:
    if not isinstance(members, _Members):
        raise ArchiveError(f"expected a JSON object, not {members!r}")
    for name, content in items:
        match content:
            case Leaf():
                value = members.take(name)
                if not isinstance(value, int) or isinstance(value, bool) != content.boolean:
                    kind = "a truth value" if content.boolean else "a number"
                    raise ArchiveError(f"member {name!r}: expected {kind}, not {value!r}")
                if not content.part:
                    numbers[content.slot] = int(value)
            case Version():
                if content.cls not in seen:
                    seen.add(content.cls)
                    if members.take(name) != 0:
                        raise ArchiveError("unknown class version")
            case Vector():
                values = members.take(name)
                if not isinstance(values, list):
                    raise ArchiveError(f"member {name!r}: expected a list, not {values!r}")
                numbers[content.slot :] = [0] * (len(values) * content.stride)
                for index, value in enumerate(values):
                    slot = content.slot + index * content.stride
                    _read_json(content.element(slot), numbers, value, seen)
            case _:
                _read_json(content, numbers, members.take(name), seen)


def _replace(obj: Any, numbers: list[int]) -> None:
    if len(obj._numbers) == len(numbers):
        obj._numbers[:] = numbers
    else:
        obj._numbers = np.array(numbers, dtype=np.int64)


def to_portablebinary(obj: Any) -> bytes:
    """The portable binary form of a container."""
    return to_binary(obj)


def from_portablebinary(obj: Any, data: bytes) -> None:
    """Set a container from its portable binary form.

    :raises RuntimeError: for data that are not of this class; the container is unchanged then.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"expected bytes, not {type(data).__name__}")
    _replace(obj, numbers_from_binary(type(obj), bytes(data)))
