# SPDX-License-Identifier: Apache-2.0
"""The names of `lola` are exactly those of the original's Python interface.

`data/lola_surface.json`: names of classes with fields, properties (and whether they can be
assigned), methods with the names of their arguments, nested types, enumerations, constants.
"""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from hal.haldls.declaration import Structure

SURFACE = json.loads((Path(__file__).parent / "data" / "lola_surface.json").read_text())
CLASSES: dict[str, Any] = SURFACE["classes"]


def resolve(module: Any, path: str) -> Any:
    for name in path.split("."):
        module = getattr(module, name)
    return module


@pytest.mark.parametrize("name", ["pylola_vx_v3", "dlens_vx_v3.lola", "hal.lola"])
def test_module(name: str) -> None:
    module = importlib.import_module(name)
    expected = {name for name in CLASSES if "." not in name}
    expected |= {*SURFACE["functions"], *SURFACE["values"]}
    public = {
        n for n in dir(module) if not n.startswith("_") and not inspect.ismodule(getattr(module, n))
    }
    if name != "hal.lola":
        assert public == expected
        assert module.__variant__ == "pybind11"
    assert set(importlib.import_module("hal.lola").__all__) == expected


@pytest.mark.parametrize("name", CLASSES)
def test_class(name: str) -> None:
    cls, facts = resolve(importlib.import_module("pylola_vx_v3"), name), CLASSES[name]
    assert inspect.isclass(cls)
    assert cls.__doc__
    assert cls.__qualname__ == name
    for nested in (*facts.get("aliases", ()), *facts.get("nested", ())):
        assert hasattr(cls, nested), nested
    for enum, values in facts.get("enums", {}).items():
        assert {member.name: member.value for member in getattr(cls, enum)} == values
    for constant, kind in facts.get("constants", {}).items():
        assert type(getattr(cls, constant)).__qualname__.endswith(kind)
    for method, arguments in facts.get("methods", {}).items():
        function = getattr(cls, method)
        assert function.__doc__
        assert list(inspect.signature(function).parameters)[1:] == arguments, method
    if [] in facts["constructors"] or facts.get("fields"):
        members(cls(), facts)


def members(obj: Any, facts: Any) -> None:
    for name in facts.get("fields", ()):
        value = getattr(obj, name)
        if type(obj).__name__ != "Morphology":  # its switches are set by its methods only
            setattr(obj, name, value)
    for name, writable in facts.get("properties", {}).items():
        assert writable
        setattr(obj, name, getattr(obj, name))
    assert str(obj)
    if isinstance(obj, Structure):
        with pytest.raises(AttributeError):
            obj.no_such_member = 1
