# SPDX-License-Identifier: Apache-2.0
"""Recorded coordinates: one record per type with its instances, conversions and constants."""

from collections.abc import Callable, Iterable
from typing import Any

from golden import Record, number
from hal import halco
from hal.halco import common
from hal.halco.numbers import Number


def _type(name: str) -> Any:
    return getattr(halco, name) if hasattr(halco, name) else getattr(common, name)


def _instance(cls: Any, e: int) -> Any:
    """By the public constructor of the type's kind."""
    is_number = issubclass(cls, Number) and not hasattr(cls, "split")
    return cls(e) if is_number else cls(common.Enum(e))


def _value(x: Any) -> Any:
    """As the recording writes it: enum number, interval, list, bool, null."""
    if x is None or isinstance(x, (bool, int)):
        return x
    if hasattr(x, "toMin"):
        return {"min": int(x.toMin()), "max": int(x.toMax())}
    if isinstance(x, list) or hasattr(x, "key_type"):
        return [_value(entry) for entry in x]
    return int(x.toEnum())


def _attempt(function: Any, *arguments: Any) -> Any:
    try:
        return _value(function(*arguments))
    except (OverflowError, RuntimeError):
        return "!"


def _equal(what: str, ours: Any, recorded: Any) -> None:
    assert ours == recorded, f"{what}: {ours} instead of the recorded {recorded}"


def _ranged(cls: Any, record: dict[str, Any]) -> list[Any]:
    for attribute in {"min", "max", "size"} & set(record):
        _equal(attribute, getattr(cls, attribute), number(record[attribute]))
    bits = record["value_bits"]
    _equal("value_bits", cls._bits, bits)
    instances = [cls(number(value)) for value in record.get("value", record["enum"])]
    _equal("enum", [int(x.toEnum()) for x in instances], [number(e) for e in record["enum"]])
    return instances


def _grid(cls: Any, record: dict[str, Any]) -> list[Any]:
    x_type, y_type = _type(record["x_type"]), _type(record["y_type"])
    _equal("x", [x_type.min, x_type.max], record["x"])
    _equal("y", [y_type.min, y_type.max], record["y"])
    _equal("range", [cls.min, cls.max, cls.size], [record[k] for k in ("min", "max", "size")])
    instances = [_instance(cls, e) for e in record["enum"]]
    _equal("xy", [[int(i.x()), int(i.y())] for i in instances], record["xy"])
    pairs = [cls(x_type(x), y_type(y)) for x, y in record["xy"]]
    _equal("enum", [int(pair.toEnum()) for pair in pairs], record["enum"])
    return instances


def _mixin(cls: Any, record: dict[str, Any]) -> list[Any]:
    local, block = _type(record["local_type"]), _type(record["mixed_in_type"])
    _equal("range", [cls.min, cls.max, cls.size], [record[k] for k in ("min", "max", "size")])
    instances = [_instance(cls, e) for e in record["enum"]]
    _equal("split", [[_value(part) for part in i.split()] for i in instances], record["split"])
    built = [cls(_instance(local, inner), _instance(block, b)) for b, inner in record["split"]]
    _equal("enum", [int(i.toEnum()) for i in built], record["enum"])
    return instances


def _interval(cls: Any, record: dict[str, Any]) -> list[Any]:
    bound = _type(record["bound_type"])
    _equal("size", cls.size, number(record["size"]))
    instances = [cls(bound(low), bound(high)) for low, high in record["minmax"]]
    enums = [number(e) for e in record["enum"]]
    _equal("enum", [int(i.toEnum()) for i in instances], enums)
    decoded: Iterable[Any] = (_attempt(cls, common.Enum(e)) for e in enums)
    ends = [d if d == "!" else [d["min"], d["max"]] for d in decoded]
    _equal("from_enum", ends, record["from_enum"])
    return instances


def _mixin_interval(cls: Any, record: dict[str, Any]) -> list[Any]:
    bound, local = _type(record["bound_type"]), _type(record["local_type"])
    block = _type(record["mixed_in_type"])
    return [
        cls(local(bound(low), bound(high)), block(outer))
        for low, high, outer in record["minmax_mixed"]
    ]


def _fields(cls: Any, record: dict[str, Any]) -> None:
    """Getters and setters of a label."""
    for name, values in record["getters"].items():
        ours = [_value(getattr(cls(raw), name)) for raw in record["getters_input"]]
        _equal(f"get_{name}", ours, values)
    for name, steps in record["setters"].items():
        for before, value, after in steps:
            label = cls(before)
            setattr(label, name, _instance(type(getattr(label, name)), value))
            _equal(f"set_{name}({value}) of {before}", int(label), after)


COMMON = {"name", "cpp", "kind", "constants", "conversions", "removed_upstream"}
RANGE = {"min", "max", "size"}
FIELDS = {"getters", "getters_input", "setters"}
Build = Callable[[Any, Any], list[Any]]


def _handler(build: Build, entries: set[str]) -> Callable[[Record], None]:
    """Check the instances as ``build`` does, then what each of them converts to."""

    def check(record: Any) -> None:
        cls = _type(label(record))
        instances = build(cls, record)
        for method, recorded in record["conversions"].items():
            ours = [_attempt(getattr(x, method)) for x in instances]
            _equal(method, ours, [_recorded(value) for value in recorded["values"]])
        for name, value in record["constants"].items():
            constant = getattr(cls, name)
            _equal(name, constant if type(constant) is int else _enum(constant), number(value))
        fields = FIELDS & set(record)
        if fields:
            _fields(cls, record)
        record.done(COMMON | entries | fields)

    return check


def _recorded(value: Any) -> Any:
    return number(value) if isinstance(value, str) and value.startswith("0x") else value


def _enum(x: Any) -> int:
    return int(x.toEnum())


def label(record: Record) -> str:
    """The type; the recording has its name in ``cpp``, under ``name`` it is wrong once."""
    return str(record["cpp"])


HANDLERS = {
    "ranged": _handler(_ranged, RANGE | {"value_bits", "value", "enum"}),
    "base": _handler(_ranged, {"min", "max", "value_bits", "enum"}),
    "grid": _handler(_grid, RANGE | {"x", "y", "x_type", "y_type", "enum", "xy"}),
    "mixin": _handler(_mixin, RANGE | {"local_type", "mixed_in_type", "enum", "split"}),
    "interval": _handler(_interval, {"size", "bound_type", "minmax", "enum", "from_enum"}),
    "mixin_interval": _handler(
        _mixin_interval, {"bound_type", "local_type", "mixed_in_type", "minmax_mixed"}
    ),
    "other": _handler(lambda cls, record: [cls()], set()),
}
