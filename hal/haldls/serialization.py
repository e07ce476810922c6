# SPDX-License-Identifier: Apache-2.0
"""The original's file formats: JSON text and portable binary of one object.

Both follow from the members of a structure.
Binary: one byte 1 (little endian), then all members in order.
JSON: one key ``value0`` with the object; elements of fixed arrays repeat the key ``entry``.
The first object of each class in an archive carries the version of its class, which is 0.

Source of the facts: reference of the serialisation.
"""

import ctypes
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hal.errors import HxcosimError
from hal.haldls.kinds import is_enumeration, is_structure, storage_bytes
from hal.native import load

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

Numbers: TypeAlias = npt.NDArray[np.int64]

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

    def table(self) -> Numbers:
        """What is stored for each number of the kind, if it is derived."""
        whole = range(self.kind.min, self.kind.max + 1)
        return np.array([replace(self, slot=0).number([n]) for n in whole], dtype=np.int64)


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


@dataclass(frozen=True, slots=True)
class Entries:
    """The elements of an array of fixed length, an iterable of items."""

    slot: int
    stride: int
    count: int
    element: Callable[[int], Any]
    """Content of the element whose first slot is given."""

    def __iter__(self) -> Iterator["Item"]:
        for index in range(self.count):
            yield "entry", self.element(self.slot + index * self.stride)


Item = tuple[str, Any]
"""Member name and content: a `Leaf`, `Version`, `Vector`, or the items of an object or array."""


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
    element = items_of if is_structure(field.kind) else _value
    if hasattr(field, "group"):
        return [(f"value{i}", element(field.kind, slot + i)) for i in range(field.count)]
    if not hasattr(field, "array"):
        return element(field.kind, slot)
    return _entries(field.kind, element, slot, field.shape, field.stride)


def _entries(
    kind: Any, element: Callable[..., Any], slot: int, shape: tuple[int, ...], stride: int
) -> Entries:
    """An array, or an array of arrays."""
    length, *inner = shape
    if not inner:
        return Entries(slot, stride, length, lambda place: element(kind, place))
    step = stride * math.prod(inner)
    return Entries(
        slot, step, length, lambda place: _entries(kind, element, place, tuple(inner), stride)
    )


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
    if cls._serial_base is not None:
        members = [("value0", [(VERSION_KEY, Version((cls._serial_base, "base"))), *members])]
    return [(VERSION_KEY, Version(cls)), *members]


# -- objects of fixed length, as columns ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Leaves:
    """Stored numbers with one size and derivation: byte positions, positions in order, slots."""

    leaf: Leaf
    at: Numbers
    order: Numbers
    slots: Numbers

    def moved(self, at: int, order: int, slots: int) -> "_Leaves":
        return _Leaves(self.leaf, self.at + at, self.order + order, self.slots + slots)

    def tiled(self, count: int, at: int, order: int, slots: int) -> "_Leaves":
        """`count` copies, the given distances apart."""
        steps = np.arange(count, dtype=np.int64)[:, np.newaxis]
        columns = ((self.at, at), (self.order, order), (self.slots, slots))
        return _Leaves(self.leaf, *((c + steps * by).reshape(-1) for c, by in columns))

    def numbers(self, source: Numbers) -> Numbers:
        """What is stored for the numbers of an object."""
        values = source[self.slots]
        return values if not self.leaf.part else self.leaf.table()[values - self.leaf.kind.min]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the numbers of an object lie in its binary form, and its JSON text without them."""

    bytes: int
    count: int
    leaves: tuple[_Leaves, ...]
    text: str

    def slots(self) -> Numbers:
        """Slot of each stored number in order, -1 where it is derived."""
        slots = np.full(self.count, -1, dtype=np.int64)
        for part in self.leaves:
            if not part.leaf.part:
                slots[part.order] = part.slots
        return slots


_HOLE = "%s"


def _lay(name: str, content: Any, indent: str, seen: set[Any]) -> _Layout | None:
    """The layout of a member, None for lists of variable length."""
    key = f'{indent}"{name}": '
    match content:
        case Leaf():
            zero = np.zeros(1, dtype=np.int64)
            kind = replace(content, slot=0)
            leaves = (_Leaves(kind, zero, zero, zero + content.slot),)
            return _Layout(content.bytes, 1, leaves, key + _HOLE)
        case Version():
            if content.cls in seen:
                return _Layout(0, 0, (), "")
            seen.add(content.cls)
            return _Layout(_VERSION_BYTES, 0, (), f"{key}0")
        case Vector():
            return None
    inner = indent + "    "
    members = []
    if isinstance(content, Entries) and content.count > _TWO:
        first = _lay("entry", content.element(content.slot), inner, seen)
        other = _lay("entry", content.element(content.slot), inner, seen)
        members = [first, other and _repeated(other, content.count - 1, content.stride)]
    else:
        members = [_lay(name, part, inner, seen) for name, part in content]
    joined = _joined(members)
    if joined is None:
        return None
    text = f"{key}{{\n{joined.text}\n{indent}}}" if joined.text else f"{key}{{\n{indent}}}"
    return replace(joined, text=text)


_VERSION_BYTES = 4
_TWO = 2


def _repeated(layout: _Layout, count: int, stride: int) -> _Layout:
    """Elements of an array behind the first one."""
    leaves = tuple(
        part.tiled(count, layout.bytes, layout.count, stride).moved(0, 0, stride)
        for part in layout.leaves
    )
    text = ",\n".join([layout.text] * count) if layout.text else ""
    return _Layout(layout.bytes * count, layout.count * count, leaves, text)


def _joined(members: Sequence[_Layout | None]) -> _Layout | None:
    """Members one after the other."""
    size = count = 0
    groups: dict[Leaf, list[_Leaves]] = {}
    texts = []
    for member in members:
        if member is None:
            return None
        for part in member.leaves:
            groups.setdefault(part.leaf, []).append(part.moved(size, count, 0))
        size, count = size + member.bytes, count + member.count
        if member.text:
            texts.append(member.text)
    leaves = tuple(
        _Leaves(
            leaf,
            np.concatenate([part.at for part in parts]),
            np.concatenate([part.order for part in parts]),
            np.concatenate([part.slots for part in parts]),
        )
        for leaf, parts in groups.items()
    )
    return _Layout(size, count, leaves, ",\n".join(texts))


_layouts: dict[type, _Layout | None] = {}


def _layout(cls: Any) -> _Layout | None:
    """The layout of an archive with one object of a class, None if its length varies."""
    if cls not in _layouts:
        _layouts[cls] = _lay("value0", items_of(cls), "    ", set())
    return _layouts[cls]


def _fixed(cls: Any, numbers: Numbers) -> _Layout | None:
    return _layout(cls) if len(numbers) == cls._length else None


# -- binary ---------------------------------------------------------------------------------------


def to_binary(obj: Any) -> bytes:
    """The portable binary form of an object."""
    layout = _fixed(type(obj), obj._numbers)
    if layout is not None:
        data = np.zeros(1 + layout.bytes, dtype=np.uint8)
        data[0] = 1
        for part in layout.leaves:
            stored = part.numbers(obj._numbers).astype("<i8").view(np.uint8).reshape(-1, 8)
            for byte in range(part.leaf.bytes):
                data[1 + byte + part.at] = stored[:, byte]
        return data.tobytes()
    out = bytearray(b"\x01")
    _write_binary(items_of(type(obj)), obj._content(), out, set())
    return bytes(out)


def _from_layout(layout: _Layout, data: bytes, numbers: Numbers) -> bool:
    """Read numbers by their layout; false if the data are not laid out so."""
    stored = np.frombuffer(data, dtype=np.uint8)
    if len(stored) != 1 + layout.bytes or stored[0] != 1:
        return False
    versions = np.ones(len(stored), dtype=bool)
    versions[0] = False
    for part in layout.leaves:
        piece = np.zeros((len(part.at), 8), dtype=np.uint8)
        size = part.leaf.bytes
        for byte in range(size):
            piece[:, byte] = stored[1 + byte + part.at]
            versions[1 + byte + part.at] = False
        if not part.leaf.part:
            values = piece.view("<i8").reshape(-1)
            unused = 8 * (8 - size)
            numbers[part.slots] = (values << unused) >> unused if part.leaf.signed else values
    return not stored[versions].any()


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
                    out += bytes(_VERSION_BYTES)
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


def numbers_from_binary(cls: Any, data: bytes) -> Numbers:
    """The numbers of an object of `cls` from its portable binary form.

    :raises RuntimeError: for data that are not an object of this class.
    """
    fixed: Numbers = cls._defaults.copy()
    layout = _layout(cls)
    if layout is not None and _from_layout(layout, bytes(data), fixed):
        _check(cls, fixed)
        return fixed
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
    return np.array(numbers, dtype=np.int64)


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


def _check(cls: Any, numbers: Sequence[int] | Numbers) -> None:
    """Stored numbers must be legal values."""
    low, high = cls._limits
    values = np.array(numbers[: len(low)])  # integers that are too large make an object array
    wrong = np.flatnonzero((values < low[: len(values)]) | (values > high[: len(values)]))
    if len(wrong):
        index = int(wrong[0])
        raise ArchiveError(
            f"{cls.__qualname__}.{slot_name(cls, index)}: stored value {values[index]} is out of "
            f"range [{low[index]}, {high[index]}]"
        )


def slot_name(cls: Any, index: int) -> str:
    """The path of a number of a structure, such as ``blocks[3].cell[7]``."""
    name = next(n for n, f in reversed(cls._fields.items()) if f.offset <= index)
    field = cls._fields[name]
    place, rest = divmod(index - field.offset, getattr(field, "stride", field.count))
    path = field.name
    for length in reversed(getattr(field, "shape", (field.count,))[1:]):
        place, inner = divmod(place, length)
        rest = inner if not is_structure(field.kind) else rest
        path = f"{path}[{place}]"
        place = inner
    if hasattr(field, "array") or hasattr(field, "group"):
        path = f"{path}[{place}]"
    return f"{path}.{slot_name(field.kind, rest)}" if is_structure(field.kind) else path


# -- JSON -----------------------------------------------------------------------------------------


def _truths(layout: _Layout) -> npt.NDArray[np.uint8]:
    """Which of the stored numbers are truth values."""
    truths = np.zeros(layout.count, dtype=np.uint8)
    for part in layout.leaves:
        truths[part.order] = part.leaf.boolean
    return truths


def _whole(layout: _Layout) -> bytes:
    return f"{{\n{layout.text}\n}}".encode()


def _from_text(layout: _Layout, text: str, numbers: Numbers) -> bool:
    """Read numbers from text as `to_json` makes it; false for any other text."""
    whole, data, truths = _whole(layout), text.encode(errors="replace"), _truths(layout)
    stored = np.empty(layout.count, dtype=np.int64)
    if not load("hal.haldls", "json_text").hx_json_read(
        ctypes.c_char_p(whole),
        ctypes.c_size_t(len(whole)),
        ctypes.c_char_p(data),
        ctypes.c_size_t(len(data)),
        ctypes.c_void_p(truths.ctypes.data),
        ctypes.c_void_p(stored.ctypes.data),
    ):
        return False
    for part in layout.leaves:
        if not part.leaf.part:
            numbers[part.slots] = stored[part.order]
    return True


def _to_text(layout: _Layout, numbers: Numbers) -> str:
    """The layout with the numbers of an object."""
    whole, truths = _whole(layout), _truths(layout)
    stored = np.empty(layout.count, dtype=np.int64)
    for part in layout.leaves:
        stored[part.order] = part.numbers(numbers)
    out = np.empty(len(whole) + _DIGITS * layout.count, dtype=np.uint8)
    function = load("hal.haldls", "json_text").hx_json_write
    function.restype = ctypes.c_size_t
    used = function(
        ctypes.c_char_p(whole),
        ctypes.c_size_t(len(whole)),
        ctypes.c_void_p(stored.ctypes.data),
        ctypes.c_void_p(truths.ctypes.data),
        ctypes.c_void_p(out.ctypes.data),
    )
    return str(out[:used].data, "ascii")


_DIGITS = 20
"""Room for a number of 64 bits and its sign."""


def to_json(obj: Any) -> str:
    """The JSON text of a container."""
    layout = _fixed(type(obj), obj._numbers)
    if layout is not None:
        return _to_text(layout, obj._numbers)
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
    layout = _layout(cls)
    if layout is not None and isinstance(text, str):
        fixed = cls._defaults.copy()
        if _from_text(layout, text.strip(), fixed):
            _check(cls, fixed)
            _replace(obj, fixed)
            return
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


def _replace(obj: Any, numbers: list[int] | Numbers) -> None:
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
