# SPDX-License-Identifier: Apache-2.0
"""The original's file formats of finished recordings: JSON text and portable binary.

Coordinates and containers are stored through polymorphic pointers: a number per type, with the
type's registered name at its first use (reference: serialization, `finished_dump`).
"""

import json
from collections.abc import Callable
from copy import copy
from typing import Any

from hal import halco, haldls
from hal.halco.coordinate import Grid, Interval, IntervalInBlock, Mixin
from hal.halco.numbers import Ranged
from hal.haldls import Timer
from hal.haldls.serialization import (
    VERSION_KEY,
    ArchiveError,
    _check,
    _json_lines,
    _Members,
    _read_binary,
    _read_json,
    _Reader,
    _replace,
    _write_binary,
    items_of,
)
from hal.stadls.dumper import Command, DumperDone, commands_of

__all__ = ["from_json", "from_portablebinary", "to_json", "to_portablebinary"]

_FIRST_USE = 1 << 31
_WIDTH = 8
_TIMER_VALUE = "haldls::vx::Timer::Value"
_TIMER_VALUE_BYTES = 4
_ENTRIES = "values"
_INDENT = "    "

# Types whose registered name lies in the name space of revision 3.
_V3_CONTAINERS = {
    "AtomicNeuron",
    "CADCReadoutChain",
    "CADCSampleRow",
    "CADCSamples",
    "CapMem",
    "CapMemBlock",
    "CapMemBlockConfig",
    "CapMemCell",
    "Chip",
    "LogicalNeuron",
    "NeuronBackendConfig",
    "NeuronBlock",
    "NeuronConfig",
    "NeuronResetQuad",
    "PLLClockOutputBlock",
    "ReadoutChain",
    "ReferenceGeneratorConfig",
    "SynapseBlock",
    "SynapseDriverBlock",
}
_V3_COORDINATES = {"CapMemCellOnDLS"}


def _coordinate_name(cls: type) -> str:
    revision = "v3::" if cls.__name__ in _V3_COORDINATES else ""
    return f"halco::hicann_dls::vx::{revision}{cls.__name__}"


def _container_name(cls: type) -> str:
    if cls is Timer.Value:
        return _TIMER_VALUE
    layer = "lola" if cls.__module__.startswith("hal.lola") else "haldls"
    revision = "v3::" if cls.__name__ in _V3_CONTAINERS else ""
    return f"{layer}::vx::{revision}{cls.__name__}"


def _coordinate_class(name: str) -> Any:
    cls = getattr(halco, name.rpartition("::")[2], None)
    if not isinstance(cls, type) or _coordinate_name(cls) != name:
        raise ArchiveError(f"unknown coordinate '{name}'")
    return cls


def _container_class(name: str) -> Any:
    if name == _TIMER_VALUE:
        return Timer.Value
    last = name.rpartition("::")[2]
    if name.startswith("lola::"):
        from hal import lola

        cls = getattr(lola, last, None)
    else:
        cls = getattr(haldls, last, None)
    if not isinstance(cls, type) or _container_name(cls) != name:
        raise ArchiveError(f"unknown container '{name}'")
    return cls


# -- coordinates: their numbers ------------------------------------------------------------------


def _coordinate_members(cls: Any) -> list[tuple[str, int]]:
    """Name and width in bytes of the stored numbers."""
    if issubclass(cls, Mixin | IntervalInBlock):
        return [("enum", _WIDTH)]
    if issubclass(cls, Interval):
        return [("min", _WIDTH), ("max", _WIDTH)]
    if issubclass(cls, Grid):
        return [("x", _WIDTH), ("y", _WIDTH), ("enum", _WIDTH)]
    if issubclass(cls, Ranged):
        return [("value", cls._bits // 8)]
    raise ArchiveError(f"a dump with a {cls.__name__} cannot be stored")


def _coordinate_numbers(coord: Any) -> list[int]:
    if isinstance(coord, Interval) and not isinstance(coord, IntervalInBlock):
        return [int(coord.toMin()), int(coord.toMax())]
    number = int(coord.toEnum().value())
    if isinstance(coord, Grid) and not isinstance(coord, Mixin):
        return [int(coord.x().value()), int(coord.y().value()), number]
    return [number]


def _coordinate(cls: Any, numbers: list[int]) -> Any:
    if issubclass(cls, IntervalInBlock):
        # The ends are in the number, although the constructor takes it for something else.
        outer, local = divmod(numbers[0], cls._local.size)
        ends = divmod(local, cls.bound_type.size)
        return cls(cls._local(*map(cls.bound_type, ends)), cls._block(outer))
    if issubclass(cls, Interval):
        return cls(*map(cls.bound_type, numbers))
    if issubclass(cls, Grid) and not issubclass(cls, Mixin):
        return cls(cls.enum_type(numbers[2]))
    if issubclass(cls, Mixin):
        return cls(cls.enum_type(numbers[0]))
    return cls(numbers[0])


# -- binary ---------------------------------------------------------------------------------------


class _Names:
    """The numbers of the types in an archive."""

    def __init__(self) -> None:
        self._by_name: dict[str, int] = {}
        self._by_number: dict[int, str] = {}

    def number(self, name: str) -> int:
        """Number to be written; with the mark of the first use."""
        if name in self._by_name:
            return self._by_name[name]
        self._by_name[name] = len(self._by_name) + 1
        return self._by_name[name] | _FIRST_USE

    def name(self, number: int, first: Callable[[], str]) -> str:
        """Name that a number read stands for; `first` reads it at the first use."""
        if number & _FIRST_USE:
            self._by_number[number & ~_FIRST_USE] = first()
        try:
            return self._by_number[number & ~_FIRST_USE]
        except KeyError:
            raise ArchiveError(f"type number {number} is used before it is named") from None


def to_portablebinary(done: DumperDone) -> bytes:
    """The portable binary form of a recording."""
    commands = commands_of(done)
    out = bytearray(b"\x01")
    out += bytes(4) + len(commands).to_bytes(8, "little")
    names, seen = _Names(), {DumperDone}
    for coord, config in commands:
        _write_pointer(out, names, _coordinate_name(type(coord)))
        members = _coordinate_members(type(coord))
        for (_, width), number in zip(members, _coordinate_numbers(coord), strict=True):
            out += number.to_bytes(width, "little")
        _write_pointer(out, names, _container_name(type(config)))
        if isinstance(config, Timer.Value):
            out += int(config).to_bytes(_TIMER_VALUE_BYTES, "little")
        else:
            _write_binary(items_of(type(config)), config._content(), out, seen)
    return bytes(out)


def _write_pointer(out: bytearray, names: _Names, name: str) -> None:
    number = names.number(name)
    out += number.to_bytes(4, "little")
    if number & _FIRST_USE:
        out += len(name).to_bytes(8, "little") + name.encode()
    out += b"\x01"


def from_portablebinary(done: DumperDone, data: bytes) -> None:
    """Replace a recording by a stored one.

    :raises RuntimeError: for data that are none; the recording is unchanged then.
    """
    commands_of(done)
    reader = _Reader(bytes(data))
    if reader.number(1) != 1:
        raise ArchiveError("DumperDone: binary data do not begin with the byte 1")
    if reader.number(4):
        raise ArchiveError("DumperDone: unknown class version")
    names: _Names = _Names()
    seen: set[Any] = {DumperDone}
    commands: list[Command] = []
    for _ in range(reader.number(8)):
        place = _coordinate_class(_read_pointer(reader, names))
        numbers = [reader.number(width) for _, width in _coordinate_members(place)]
        cls = _container_class(_read_pointer(reader, names))
        commands.append((_restored(place, numbers), _read_container(cls, reader, seen)))
    if reader.position != len(data):
        raise ArchiveError(f"DumperDone: {len(data) - reader.position} bytes too many")
    done.values = commands


def _restored(place: Any, numbers: list[int]) -> Any:
    try:
        return _coordinate(place, numbers)
    except (OverflowError, RuntimeError, TypeError) as error:
        raise ArchiveError(f"DumperDone: no {place.__name__} of {numbers}: {error}") from None


def _read_pointer(reader: _Reader, names: _Names) -> str:
    name = names.name(reader.number(4), lambda: _text(reader))
    if reader.number(1) != 1:
        raise ArchiveError(f"DumperDone: '{name}' is a null pointer")
    return name


def _text(reader: _Reader) -> str:
    size = reader.number(8)
    end = reader.position + size
    if end > len(reader.data):
        raise ArchiveError(f"DumperDone: a name of {size} bytes is longer than the data")
    text = reader.data[reader.position : end].decode(errors="replace")
    reader.position = end
    return text


def _read_container(cls: Any, reader: _Reader, seen: set[Any]) -> Any:
    if cls is Timer.Value:
        return Timer.Value(reader.number(_TIMER_VALUE_BYTES))
    config = cls()
    numbers = cls._defaults.tolist()
    _read_binary(items_of(cls), numbers, reader, seen)
    _check(cls, numbers)
    _replace(config, numbers)
    return config


# -- JSON -----------------------------------------------------------------------------------------


def to_json(done: DumperDone) -> str:
    """The JSON text of a recording."""
    names, seen = _Names(), {DumperDone}
    entries = []
    for coord, config in commands_of(done):
        inner = _INDENT * 4
        numbers = _coordinate_numbers(coord)
        members = zip(_coordinate_members(type(coord)), numbers, strict=True)
        place = [f'{inner}{_INDENT * 2}"{name}": {number}' for (name, _), number in members]
        place = [line + "," for line in place[:-1]] + place[-1:]
        if isinstance(config, Timer.Value):
            data = [f'{inner}{_INDENT * 2}"value": {int(config)}']
        else:
            items = items_of(type(config))
            data = _json_lines(items, config._content(), seen, inner + _INDENT * 2)
        first = _pointer_lines("first", names, _coordinate_name(type(coord)), place, _INDENT * 4)
        second = _pointer_lines("second", names, _container_name(type(config)), data, _INDENT * 4)
        first[-1] += ","
        entries.append([_INDENT * 3 + "{", *first, *second, _INDENT * 3 + "}"])
    for entry in entries[:-1]:
        entry[-1] += ","
    lines = [
        "{",
        _INDENT + '"value0": {',
        f'{_INDENT * 2}"{VERSION_KEY}": 0,',
        f'{_INDENT * 2}"{_ENTRIES}": [',
        *(line for entry in entries for line in entry),
        _INDENT * 2 + "]",
        _INDENT + "}",
        "}",
    ]
    return "\n".join(lines)


def _pointer_lines(key: str, names: _Names, name: str, data: list[str], indent: str) -> list[str]:
    number = names.number(name)
    lines = [f'{indent}"{key}": {{', f'{indent}{_INDENT}"polymorphic_id": {number},']
    if number & _FIRST_USE:
        lines.append(f'{indent}{_INDENT}"polymorphic_name": "{name}",')
    lines += [
        f'{indent}{_INDENT}"ptr_wrapper": {{',
        f'{indent}{_INDENT * 2}"valid": 1,',
        f'{indent}{_INDENT * 2}"data": {{',
        *(_INDENT + line for line in data),
        f"{indent}{_INDENT * 2}}}",
        f"{indent}{_INDENT}}}",
        f"{indent}}}",
    ]
    return lines


def from_json(done: DumperDone, text: str) -> None:
    """Replace a recording by a stored one.

    :raises RuntimeError: for text that is none; the recording is unchanged then.
    """
    commands_of(done)
    try:
        root = json.loads(text, object_pairs_hook=_Members)
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"DumperDone: not JSON: {error}") from None
    top = _member(root, "value0", _Members)
    if top.take(VERSION_KEY) != 0:
        raise ArchiveError("DumperDone: unknown class version")
    names: _Names = _Names()
    seen: set[Any] = {DumperDone}
    commands: list[Command] = []
    for entry in _member(top, _ENTRIES, list):
        name, data = _read_json_pointer(entry, "first", names)
        place = _coordinate_class(name)
        numbers = [_member(data, member, int) for member, _ in _coordinate_members(place)]
        name, data = _read_json_pointer(entry, "second", names)
        config = _read_json_container(_container_class(name), data, seen)
        commands.append((_restored(place, numbers), config))
    done.values = commands


def _member(members: Any, name: str, kind: type) -> Any:
    if not isinstance(members, _Members):
        raise ArchiveError(f"DumperDone: expected a JSON object, not {members!r}")
    value: Any = members.take(name)
    wrong_number = kind is int and (isinstance(value, bool) or not 0 <= value < 1 << 64)
    if not isinstance(value, kind) or wrong_number:
        raise ArchiveError(f"DumperDone: member '{name}' has the wrong kind: {value!r}")
    return value


def _read_json_pointer(entry: Any, key: str, names: _Names) -> tuple[str, _Members]:
    pointer = _member(entry, key, _Members)
    number = _member(pointer, "polymorphic_id", int)
    name = names.name(number, lambda: str(_member(pointer, "polymorphic_name", str)))
    wrapper = _member(pointer, "ptr_wrapper", _Members)
    if _member(wrapper, "valid", int) != 1:
        raise ArchiveError(f"DumperDone: '{name}' is a null pointer")
    return name, _member(wrapper, "data", _Members)


def _read_json_container(cls: Any, data: _Members, seen: set[Any]) -> Any:
    if cls is Timer.Value:
        return Timer.Value(_member(data, "value", int))
    config = copy(cls())
    numbers = cls._defaults.tolist()
    _read_json(items_of(cls), numbers, data, seen)
    _check(cls, numbers)
    _replace(config, numbers)
    return config
