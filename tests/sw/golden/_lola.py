# SPDX-License-Identifier: Apache-2.0
"""Composed containers: declarations, addresses, words and decoding.

Members are set and read through the public interface (sampled in long arrays, where all of them
would take minutes) and, all of them, through the numbers beneath.
"""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hal import halco, haldls, lola
from hal.fisch import Backend
from hal.halco.arrays import TypedArray
from hal.haldls.declaration import DifferentialWriteTrait, Structure
from hal.haldls.kinds import is_enumeration

RENAMED = {"enable_channels": "channel_status"}
SAMPLE = 300
"""Elements of one array that are read through the public interface."""
BLOCKS = (lola.ExternalPPUMemoryBlock, lola.ExternalPPUDRAMMemoryBlock)


def _coordinate(cls: Any, recorded: Any) -> Any:
    if isinstance(recorded, dict):
        byte = cls._at.bound_type
        return cls._at(byte(recorded["min"]), byte(recorded["max"]))
    return cls._at._make(recorded)


# -- numbers --------------------------------------------------------------------------------------


def _numbers_of(recorded: Any) -> list[int]:
    """All numbers of a record, in its order."""
    if isinstance(recorded, dict):
        if recorded.keys() == {"type", "value"}:
            return [recorded["value"]]
        return [n for value in recorded.values() for n in _numbers_of(value)]
    if isinstance(recorded, list):
        return [n for value in recorded for n in _numbers_of(value)]
    return [int(recorded)]


def _is_value(recorded: Any) -> bool:
    return not isinstance(recorded, dict | list) or (
        isinstance(recorded, dict) and recorded.keys() == {"type", "value"}
    )


def _members(cls: Any, recorded: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Fields of a structure with the recorded contents; derived names are left out."""
    names = {RENAMED.get(name, name): name for name in recorded}
    assert names.keys() >= cls._fields.keys() - {"switch_spl1_to_madc"}, cls
    return [(f, recorded[names[n]]) for n, f in cls._fields.items() if n in names]


def _fill(cls: Any, recorded: Any, numbers: NDArray[np.int64]) -> None:
    """Set the numbers of a structure from a record."""
    for field, content in _members(cls, recorded):
        part = numbers[field.offset : field.offset + field.count]
        if not hasattr(field.kind, "_fields"):
            part[:] = _numbers_of(content)
        elif isinstance(content, list):
            for element, row in zip(content, part.reshape(-1, field.stride), strict=True):
                _fill(field.kind, element, row)
        else:
            _fill(field.kind, content, part)


# -- the public interface -------------------------------------------------------------------------


def _compare(value: Any, recorded: Any) -> None:
    """A value as a user sees it against its record."""
    if isinstance(value, TypedArray | list):
        assert len(value) == len(recorded)
        step = max(1, len(recorded) // SAMPLE)
        for index in range(0, len(recorded), step):
            key = value.key_type._make(index) if isinstance(value, TypedArray) else index
            _compare(value[key], recorded[index])
    elif isinstance(value, Structure):
        for name, content in recorded.items():
            attribute = RENAMED.get(name, name)
            if hasattr(value, f"get_{attribute}"):
                keys = halco.iter_all(type(value)._fields[attribute].array.key_type)
                found: Any = [getattr(value, f"get_{attribute}")(key) for key in keys]
            else:
                found = getattr(value, attribute)
            _compare(found, content)
    elif isinstance(recorded, dict):
        assert (type(value).__name__, int(value)) == (recorded["type"], recorded["value"])
    else:
        assert isinstance(value, bool) == isinstance(recorded, bool)
        assert (value._e if hasattr(value, "_e") else int(value)) == recorded


def _container(cls: Any, fields: Any) -> Any:
    if cls in BLOCKS:
        block = cls(len(fields["bytes"]))
        for index, byte in enumerate(fields["bytes"]):
            block[index] = cls._byte(cls._byte.Value(byte["value"]))
        return block
    obj = cls()
    if fields:
        _fill(cls, fields, obj._numbers)
        if cls._length < SAMPLE:
            _through_setters(cls, fields, obj)
    return obj


def _through_setters(cls: Any, fields: Any, expected: Any) -> None:
    """Assigning the members of the expected object to a new one gives an equal one."""
    new = cls()
    for name in fields:
        setattr(new, name, getattr(expected, name))
    assert new == expected


# -- records --------------------------------------------------------------------------------------


def _check_kind(schema: dict[str, Any], kind: Any) -> None:
    match schema["kind"]:
        case "bool":
            assert kind is bool
        case "enum":
            assert is_enumeration(kind)
            assert [member.value for member in kind] == schema["values"]
        case "ranged" | "coordinate" | "number":
            low, high = schema.get("min", 0), schema.get("max", (1 << schema.get("bits", 0)) - 1)
            assert (kind.min, kind.max) == (low, high)
        case "variant":
            limits = [(part["min"], part["max"]) for part in schema["of"]]
            assert [(k.min, k.max) for k in kind._alternatives] == limits
        case "struct":
            _check_schema(schema, kind)
        case other:
            raise AssertionError(f"unknown kind {other!r}")


def _check_schema(schema: dict[str, Any], cls: Any) -> None:
    for field, part in _members(cls, schema["fields"]):
        shape = list(getattr(field, "shape", (field.count,)))
        while part["kind"] == "array":
            assert part["size"] in (0, shape.pop(0))
            part = part["of"]
        _check_kind(part, field.kind)


def _type(record: Any, cls: Any) -> None:
    assert cls._at.__name__ == record["coordinate_type"]
    assert [backend.name for backend in cls._backends] == record["backends"]
    assert cls._backends[0].name == record["default_backend"]
    assert (cls._readable, cls._writeable) == (record["readable"], record["writeable"])
    assert issubclass(cls, DifferentialWriteTrait) == record["differential_write"]
    assert record["container"]
    assert not record["leaf"]
    assert haldls.container_for(cls._at) is cls
    assert cls in lola.containers
    if cls not in BLOCKS and record["schema"]["kind"] != "empty":
        _check_schema(record["schema"], cls)
    record.done(
        {"kind", "ns", "type", "cpp", "coordinate_type", "backends", "default_backend"}
        | {"container", "readable", "writeable", "leaf", "differential_write", "schema"}
    )


def _size(cls: Any, coord: Any) -> tuple[int, ...]:
    return (int(coord.toMax()) - int(coord.toMin()) + 1,) if cls in BLOCKS else ()


def _addresses(record: Any, cls: Any) -> None:
    backend = Backend[record["backend"]]
    for recorded, write, read in record["rows"]:
        coord = _coordinate(cls, recorded)
        if write:
            obj = cls(*_size(cls, coord))
            assert obj.write_access(coord, backend).addresses.tolist() == write
        if read:
            assert cls.read_access(coord, backend).addresses.tolist() == read
        assert bool(write) == cls._writeable
        assert bool(read) == cls._readable
    record.done({"kind", "type", "backend", "rows"})


def _value(record: Any, cls: Any) -> None:
    coord = _coordinate(cls, record["coord"])
    obj = _container(cls, record["fields"])
    if record["fields"]:
        _compare(obj, record["fields"])
    if record["default"]:
        assert obj == cls(*_size(cls, coord))
    for key, words in record["write"].items():
        name, _, what = key.partition(":")
        if not what and not words:
            assert not cls._writeable
            continue
        access = obj.write_access(coord, Backend[name])
        assert access.backend.name == name
        if what == "addresses":
            assert access.addresses.tolist() == words
        elif what == "byte_enables":
            assert access.byte_enables is not None
            assert access.byte_enables.tolist() == words
        else:
            assert access.words.tolist() == words
            if f"{key}:byte_enables" not in record["write"] and access.byte_enables is not None:
                assert set(access.byte_enables.tolist()) == {15}
    record.done({"kind", "type", "coord", "fields", "default", "write"})


def _decode(record: Any, cls: Any) -> None:
    coord = _coordinate(cls, record["coord"])
    backend = Backend[record["backend"]]
    if record.get("error"):
        with pytest.raises((RuntimeError, OverflowError)):
            cls.decode(coord, backend, record["words"])
    else:
        obj = cls.decode(coord, backend, record["words"])
        assert obj == _container(cls, record["fields"])
        _compare(obj, record["fields"])
    record.done({"kind", "type", "backend", "coord", "words", "fields", "error"})


CHECKS = {"type": _type, "addresses": _addresses, "value": _value, "decode": _decode}


def check(record: Any) -> None:
    """Check one record of a composed container."""
    CHECKS[record["kind"]](record, getattr(lola, record["type"]))
