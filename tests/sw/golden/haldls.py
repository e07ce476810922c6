# SPDX-License-Identifier: Apache-2.0
"""Register containers: declarations, addresses, words and decoding."""

from typing import Any

import pytest

from golden import _lola
from hal import halco, haldls
from hal.fisch import Backend
from hal.halco.arrays import TypedArray
from hal.haldls.declaration import DifferentialWriteTrait, Structure
from hal.haldls.kinds import is_enumeration

RENAMED = {
    "enable_channels": "channel_status",
    "enable_transmission_without_idle_pattern": "enable_transmission_without_idls_pattern",
}
"""Recorded names that differ from the Python attribute."""
SPIKE_LABEL = 16


def label(record: Any) -> str:
    return str(record["type"])


def _class(record: Any) -> Any:
    return haldls.Timer.Value if record["type"] == "WaitUntil" else getattr(haldls, record["type"])


def _coordinate(cls: Any, recorded: Any) -> Any:
    if cls is haldls.Timer.Value:
        return halco.TimerOnDLS()
    if isinstance(recorded, dict):
        word = halco.PPUMemoryWordOnPPU
        block = halco.PPUMemoryBlockOnPPU(word(recorded["min"]), word(recorded["max"]))
        return cls._at(block, halco.PPUOnDLS(recorded["mixed_in"]))
    return cls._at._make(recorded)


# -- fields through the public interface ----------------------------------------------------------


def _value(kind: Any, recorded: Any) -> Any:
    """The object that a recorded number stands for."""
    if isinstance(recorded, dict) and "type" in recorded:
        alternative = next(k for k in kind._alternatives if k.__name__ == recorded["type"])
        return alternative(recorded["value"])
    if isinstance(recorded, dict):
        structure = kind()
        _assign(structure, recorded)
        return structure
    return bool(recorded) if kind is bool else kind(recorded)


def _elements(array: Any, recorded: list[Any]) -> Any:
    """A new array of the same type with recorded elements."""
    new = type(array)() if isinstance(array, TypedArray) else [None] * len(array)
    for place, element in enumerate(recorded):
        if isinstance(new, TypedArray):
            new[new.key_type._make(place)] = _value(new.element_type, element)
        else:
            new[place] = _value(type(array[0]), element)
    return new


def _assign(obj: Any, fields: dict[str, Any]) -> None:
    """Set recorded fields as a user does; those without a setter as the engine does."""
    for recorded_name, recorded in fields.items():
        name = RENAMED.get(recorded_name, recorded_name)
        cls = type(obj)
        if isinstance(getattr(cls, name, None), property) and name not in ("words", "spl1_source"):
            continue  # part of another field
        if hasattr(cls, f"set_{name}"):
            field = cls._fields[name]
            for place, element in enumerate(recorded):
                kind = haldls.CapMemCell.value_type if name == "cell" else field.kind
                getattr(obj, f"set_{name}")(
                    field.array.key_type._make(place), _value(kind, element)
                )
        elif name in cls._fields and cls._fields[name].read_only:
            obj._numbers[cls._fields[name].offset] = int(recorded)
        elif not hasattr(cls, name):
            obj.set(_value(cls._fields[name].kind, recorded))
        elif isinstance(recorded, list):
            setattr(obj, name, _elements(getattr(obj, name), recorded))
        elif name in cls._fields:
            setattr(obj, name, _value(cls._fields[name].kind, recorded))
        else:
            setattr(obj, name, type(getattr(obj, name))(recorded))


def _json(value: Any, recorded: Any) -> Any:
    """A value in the form of the record."""
    if isinstance(value, Structure):
        return _fields(value, recorded)
    if isinstance(value, TypedArray | list):
        return [_json(v, r) for v, r in zip(value, recorded, strict=True)]
    if isinstance(recorded, dict):
        return {"type": type(value).__name__, "value": int(value)}
    if isinstance(value, bool):
        return value
    return value._e if hasattr(value, "_e") else int(value)


def _fields(obj: Any, recorded: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record, read as a user does."""
    result = {}
    for recorded_name, content in recorded.items():
        name = RENAMED.get(recorded_name, recorded_name)
        if hasattr(obj, f"get_{name}"):
            keys = halco.iter_all(type(obj)._fields[name].array.key_type)
            value = [getattr(obj, f"get_{name}")(key) for key in keys]
        elif hasattr(obj, name):
            value = getattr(obj, name)
        elif hasattr(obj, "get"):
            value = obj.get()
        else:
            number = int(obj._numbers[type(obj)._fields[name].offset])
            value = bool(number) if type(obj)._fields[name].kind is bool else number
        result[recorded_name] = _json(value, content)
    return result


def _container(cls: Any, record: Any, coord: Any) -> Any:
    """The container of a value record."""
    if cls is haldls.Timer.Value:
        return cls(record["fields"])
    if cls is haldls.PPUMemoryBlock:
        block = cls(len(record["fields"]["words"]))
        block.words = [_value(haldls.PPUMemoryWord, word) for word in record["fields"]["words"]]
        return block
    obj = cls()
    _assign(obj, record["fields"] or {})
    return obj


# -- declaration ----------------------------------------------------------------------------------


def _check_kind(schema: dict[str, Any], kind: Any) -> None:
    """Kind and limits of one recorded number."""
    match schema["kind"]:
        case "bool":
            assert kind is bool
        case "enum":
            assert is_enumeration(kind)
            assert [member.value for member in kind] == schema["values"]
        case "ranged" | "coordinate":
            assert (kind.min, kind.max) == (schema["min"], schema["max"])
            assert kind.__name__ == schema["type"].split("::")[-1]
        case "number":
            assert (kind.min, kind.max) == (0, (1 << schema["bits"]) - 1)
        case "variant":
            for part, alternative in zip(schema["of"], kind._alternatives, strict=True):
                _check_kind(part, alternative)
        case "struct":
            _check_schema(schema, kind)
        case other:
            raise AssertionError(f"unknown kind {other!r}")


def _check_schema(schema: dict[str, Any], cls: Any) -> None:
    """Names, kinds and sizes of all fields."""
    recorded = {RENAMED.get(name, name): part for name, part in schema["fields"].items()}
    derived = {name for name in recorded if isinstance(getattr(cls, name, None), property)}
    names = {name for name in cls._fields if name != "switch_spl1_to_madc"}
    assert names == set(recorded) - derived
    for name in names:
        part, field = recorded[name], cls._fields[name]
        if part["kind"] != "array":
            _check_kind(part, field.kind)
            continue
        length = field.array.size if hasattr(field, "array") else field.count
        assert part["size"] in (0, length)
        is_cell = cls is haldls.CapMemBlock
        _check_kind(part["of"], haldls.CapMemCell.value_type if is_cell else field.kind)


def _type(record: Any) -> None:
    if record["ns"] != "haldls":
        _composed(record)
        return
    cls = _class(record)
    if cls is not haldls.Timer.Value:
        assert cls._at.__name__ == record["coordinate_type"]
        assert [backend.name for backend in cls._backends] == record["backends"]
        assert cls._backends[0].name == record["default_backend"]
        assert (cls._readable, cls._writeable) == (record["readable"], record["writeable"])
        assert issubclass(cls, DifferentialWriteTrait) == record["differential_write"]
        assert issubclass(cls, haldls.Container) == record["container"]
        assert (cls._part is None) == record["leaf"]
        assert (cls in haldls.containers) == record["container"]
        if record["container"]:
            assert haldls.container_for(cls._at) is cls
        if cls is not haldls.PPUMemoryBlock:
            empty = record["schema"]["kind"] == "empty"
            assert empty or _check_schema(record["schema"], cls) is None
            assert empty == (not cls._fields)
    record.done(
        {"kind", "ns", "type", "cpp", "coordinate_type", "backends", "default_backend"}
        | {"container", "readable", "writeable", "leaf", "differential_write", "schema"}
    )


def _addresses(record: Any) -> None:
    if _is_composed(record):
        _composed(record)
        return
    cls = _class(record)
    backend = Backend[record["backend"]]
    for recorded, write, read in record["rows"]:
        coord = _coordinate(cls, recorded)
        if write:
            access = (cls(1) if cls is haldls.PPUMemoryBlock else cls()).write_access
            if cls is haldls.PPUMemoryBlock:
                access = cls(len(write)).write_access
            assert access(coord, backend).addresses.tolist() == write
        if read:
            assert cls.read_access(coord, backend).addresses.tolist() == read
    record.done({"kind", "type", "backend", "rows"})


def _words(recorded: list[Any]) -> list[int]:
    """Recorded words; a pack of labels is one number, the first label on top."""
    numbers = []
    for word in recorded:
        parts = word if isinstance(word, list) else [word or 0]
        number = 0
        for part in parts:
            number = (number << SPIKE_LABEL) | int(part)
        numbers.append(number)
    return numbers


def _value_record(record: Any) -> None:
    if _is_composed(record):
        _composed(record)
        return
    cls = _class(record)
    coord = _coordinate(cls, record["coord"])
    obj = _container(cls, record, coord)
    if record["default"] and cls is not haldls.PPUMemoryBlock:
        assert obj == cls()
    if isinstance(record["fields"], dict) and cls is not haldls.PPUMemoryBlock:
        assert _fields(obj, record["fields"]) == record["fields"]
    for key, words in record["write"].items():
        name, _, what = key.partition(":")
        if name not in record["write"] or (not words and not what):
            assert what or not obj._writeable
            continue
        access = obj.write_access(coord, Backend[name])
        assert access.backend.name == name
        if what == "addresses":
            assert access.addresses.tolist() == words
        elif what == "byte_enables":
            assert access.byte_enables is not None
            assert access.byte_enables.tolist() == words
        else:
            assert access.words.tolist() == _words(words)
            if f"{name}:byte_enables" not in record["write"] and access.byte_enables is not None:
                assert set(access.byte_enables.tolist()) == {15}
    record.done({"kind", "type", "coord", "fields", "default", "write"})


def _decode(record: Any) -> None:
    if _is_composed(record):
        _composed(record)
        return
    cls = _class(record)
    coord = _coordinate(cls, record["coord"])
    backend = Backend[record["backend"]]
    words = [word or 0 for word in record["words"]]
    if record.get("error"):
        with pytest.raises((RuntimeError, OverflowError)):
            cls.decode(coord, backend, words)
    else:
        obj = cls.decode(coord, backend, words)
        if record["fields"] is not None:
            fields = record["fields"]
            assert _fields(obj, fields) == fields
    record.done({"kind", "type", "backend", "coord", "words", "fields", "error"})


# -- composed containers --------------------------------------------------------------------------


def _is_composed(record: Any) -> bool:
    return not hasattr(haldls, record["type"]) and record["type"] != "WaitUntil"


def _composed(record: Any) -> None:
    """Composed containers have their own checks."""
    _lola.check(record)


HANDLERS = {
    "type": _type,
    "addresses": _addresses,
    "value": _value_record,
    "decode": _decode,
}
