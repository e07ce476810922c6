# SPDX-License-Identifier: Apache-2.0
"""The names of `hal` are exactly those of the original's Python interface, with the same limits.

`data/hal_surface.json`: names of classes with properties (and whether they can be assigned),
methods with the names of their arguments, nested types with limits, enumerations, constants.
"""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

SURFACE = json.loads((Path(__file__).parent / "data" / "hal_surface.json").read_text())
CLASSES: dict[str, Any] = SURFACE["classes"]
MODULES = ("pyhaldls_vx_v3", "dlens_vx_v3.hal", "hal.haldls")


def resolve(module: Any, path: str) -> Any:
    for name in path.split("."):
        module = getattr(module, name)
    return module


@pytest.mark.parametrize("name", MODULES)
def test_module(name: str) -> None:
    module = importlib.import_module(name)
    expected = {name for name in CLASSES if "." not in name}
    expected |= {*SURFACE["functions"], *SURFACE["values"], "Backend"}
    public = {
        n for n in dir(module) if not n.startswith("_") and not inspect.ismodule(getattr(module, n))
    }
    if name != "hal.haldls":
        assert public == expected
        assert module.__variant__ == "pybind11"
    assert set(importlib.import_module("hal.haldls").__all__) == expected
    assert {b.name: b.value for b in module.Backend} == SURFACE["Backend"]


@pytest.mark.parametrize("name", CLASSES)
def test_class(name: str) -> None:
    module = importlib.import_module("pyhaldls_vx_v3")
    cls, facts = resolve(module, name), CLASSES[name]
    assert inspect.isclass(cls)
    assert cls.__doc__
    assert cls.__qualname__.endswith(name.split(".")[-1])
    for base in facts.get("bases", ()):
        assert issubclass(cls, getattr(module, base))
    if "range" in facts:
        low, high = facts["range"]
        if low == "bits":
            low, high = 0, (1 << high) - 1
        assert (cls.min, cls.max, cls.size) == (low, high, high - low + 1)
        assert int(cls()) == facts.get("default", max(low, 0))
        assert cls._implicit is facts["implicit"]
    for alias in facts.get("aliases", ()):
        assert hasattr(cls, alias), alias
    for enum, members in facts.get("enums", {}).items():
        assert [member.name for member in getattr(cls, enum)] == members
    for constant, kind in facts.get("constants", {}).items():
        assert type(getattr(cls, constant)).__name__ == kind
    for method, arguments in facts.get("methods", {}).items():
        function = getattr(cls, method)
        assert inspect.isroutine(function)
        assert function.__doc__
        assert list(inspect.signature(function).parameters)[1:] == arguments, method
    if facts.get("properties") or facts.get("fields"):
        obj = cls()
        for prop, writable in facts.get("properties", {}).items():
            value = getattr(obj, prop)
            if writable:
                setattr(obj, prop, value)
            else:
                with pytest.raises(AttributeError):
                    setattr(obj, prop, value)
        for field in facts.get("fields", ()):
            setattr(obj, field, getattr(obj, field))


@pytest.mark.parametrize("name", [n for n in CLASSES if "constructors" in CLASSES[n]])
def test_constructors(name: str) -> None:
    """The arguments of the constructor have the original's names."""
    cls = resolve(importlib.import_module("pyhaldls_vx_v3"), name)
    for arguments in CLASSES[name]["constructors"]:
        values = [_argument(cls, argument) for argument in arguments]
        parameters = inspect.signature(cls).parameters
        assert list(parameters) in (arguments, ["arguments", "named"])
        made = cls(*values)
        assert made == cls(**dict(zip(arguments, values, strict=True)))
        assert type(made) is cls


def _argument(cls: Any, name: str) -> Any:
    """Some legal value of a constructor's argument."""
    from hal import halco

    if name == "word":
        return halco.PPUMemoryWordOnDLS(3)
    if name == "size":
        return halco.PPUMemoryBlockSize(3)
    field = cls._fields[cls._arguments[name]]
    default = cls()
    return field.__get__(default, cls)


@pytest.mark.parametrize("name", [n for n in CLASSES if "properties" in CLASSES[n]])
def test_no_other_members(name: str) -> None:
    """Beyond the original's members only the protocol of the engine is public."""
    cls, facts = resolve(importlib.import_module("pyhaldls_vx_v3"), name), CLASSES[name]
    nested = {n.rsplit(".", 1)[1] for n in CLASSES if n.rsplit(".", 1)[0] == name and "." in n}
    documented = nested.union(
        *(facts.get(key, ()) for key in facts if key not in ("range", "constructors"))
    )
    protocol = {"write_access", "read_access", "decode", "block_words", "Coordinate"}
    protocol |= {"encode_columns", "decode_columns", "write_column_access"}
    others = {n for n in dir(cls) if not n.startswith("_")} - documented - protocol
    assert others <= {"VRefSelect", "IOutSelect"}
