# SPDX-License-Identifier: Apache-2.0
"""The names of the coordinate modules, frozen: what programs and the documentation name."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hal import halco
from hal.halco import common
from hal.halco.catalogue import COORDINATES, ENUMS
from hal.halco.common import Coordinate
from hal.halco.coordinate import Grid, Interval, IntervalInBlock, Mixin
from hal.halco.numbers import Number, Unbounded

SURFACE = json.loads((Path(__file__).parent / "data" / "halco_surface.json").read_text())
TYPES: dict[str, dict[str, Any]] = SURFACE["types"]
KINDS = {
    "enum_mixin": Mixin,
    "enum_mixin of an interval": IntervalInBlock,
    "grid": Grid,
    "interval": Interval,
    "ranged_int": Number,
    "struct": object,
    "unbounded_int": Unbounded,
}


def test_names_of_halco() -> None:
    assert len(TYPES) == 309
    public = {*TYPES, *ENUMS, "Coordinate", "common", "iter_all"}
    assert set(dir(halco)) == set(halco.__all__) == public
    assert set(COORDINATES) == {n for n in TYPES if TYPES[n]["kind"] != "struct"}


def test_names_of_common() -> None:
    assert sorted(dir(common)) == SURFACE["common"]


def test_enum_types() -> None:
    sizes = {1, 2, 3, 4, 6, 8, 12, 16, 24, 76, 128, 256, 510, 512, 1024, 3120, 8192, 12480, 16384}
    sizes |= {32768, 65536, 131072, 131074, 524296, 2097184}
    assert sizes <= {kind.size for kind in ENUMS.values()}
    assert all(kind.__name__ == f"EnumRanged_{kind.size}_" for kind in ENUMS.values())


@pytest.mark.parametrize(
    ("module", "origin"),
    [
        ("pyhalco_common", common),
        ("dlens_vx_v3.halco.common", common),
        ("pyhalco_hicann_dls_vx_v3", halco),
        ("dlens_vx_v3.halco", halco),
    ],
)
def test_drop_in(module: str, origin: Any) -> None:
    found = importlib.import_module(module)
    assert found.__variant__ == "pybind11"
    names = {name for name in dir(found) if not name.startswith("__")}
    assert names - {"common"} == set(dir(origin)) - {"common"}
    for name in names - {"common"}:
        assert getattr(found, name) is getattr(origin, name)


def test_drop_in_package() -> None:
    package = importlib.import_module("dlens_vx_v3")
    assert "halco" in dir(package)
    assert package.halco.common.iter_all is common.iter_all
    with pytest.raises(AttributeError, match="'dlens_vx_v3' has no attribute 'nothing'"):
        _ = package.nothing


@pytest.mark.parametrize("name", SURFACE["used"])
def test_used_by_programs(name: str) -> None:
    item: Any = halco
    for part in name.split("."):
        item = getattr(item, part)


@pytest.mark.parametrize("name", TYPES)
def test_type(name: str) -> None:
    declared = TYPES[name]
    cls = getattr(halco, name)
    assert cls.__module__ in ("hal.halco", "hal.halco.placement") and cls.__doc__
    assert issubclass(cls, KINDS[declared["kind"]])
    assert issubclass(cls, Coordinate) == declared["coordinate"]
    for attribute in {"min", "max", "size"} & set(declared):
        assert getattr(cls, attribute) == declared[attribute]
    if "parts" in declared:
        assert [part.__name__ for part in parts(cls)] == sorted(declared["parts"])
    assert str(cls()) == declared["text"]
    for constant, value in declared.get("constants", {}).items():
        item = getattr(cls, constant)
        if isinstance(value, list):
            assert [int(item.toMin()), int(item.toMax())] == value
        else:
            assert int(item.toEnum() if isinstance(item, cls) else item) == value
    for conversion, target in declared.get("conversions", {}).items():
        assert returned(cls, conversion) == target
    for method in declared.get("methods", []):
        assert callable(getattr(cls, method))


def parts(cls: Any) -> list[type[Any]]:
    """The types that a coordinate is made of."""
    if issubclass(cls, (Mixin, IntervalInBlock)):
        found = [cls._local, cls._block]
    elif issubclass(cls, Grid):
        found = [cls.x_type, cls.y_type]
    else:
        found = [cls.bound_type]
    return sorted(found, key=lambda part: part.__name__)


def returned(cls: Any, conversion: str) -> str:
    """What a conversion gives, as the documentation writes it."""
    # the one conversion that the default instance does not have
    instance = cls.vdd25_digital if conversion == "toVDDOnBoard" else cls()
    result = getattr(instance, conversion)()
    if isinstance(result, list):
        return f"array<{type(result[0]).__name__}, {len(result)}>"
    if hasattr(result, "key_type"):
        return f"array<{result.element_type.__name__}, {result.key_type.__name__}>"
    annotation = getattr(cls, conversion).__annotations__.get("return")
    if isinstance(annotation, str) and annotation.endswith(" | None"):
        return f"optional<{annotation.removesuffix(' | None')}>"
    return type(result).__name__


def test_constants_of_a_type_are_instances() -> None:
    assert halco.NeuronRowOnDLS.top == halco.NeuronRowOnDLS(0)
    assert type(halco.NeuronRowOnDLS.top) is halco.NeuronRowOnDLS
    assert halco.I2CAD5252RwRegisterOnAD5252Channel.eemem_persistent_prefix == 32


def test_import_is_light() -> None:
    """NumPy is all that the coordinates pull in from outside."""
    code = "import sys, hal.halco; print(*{m.split('.')[0] for m in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    foreign = set(run.stdout.split()) - set(sys.stdlib_module_names)
    assert {name for name in foreign if not name.startswith("_")} <= {
        "hal",
        "numpy",
        "sitecustomize",
    }
