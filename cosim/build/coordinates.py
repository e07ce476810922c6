# SPDX-License-Identifier: Apache-2.0
"""What is generated from the coordinates: type stub of `hal.halco` and their reference page."""

from collections.abc import Mapping
from enum import EnumType
from typing import Any, cast

from hal.halco.catalogue import COORDINATES, ENUMS
from hal.halco.coordinate import Grid, Interval, IntervalInBlock, Mixin
from hal.halco.declarations.hemisphere import PerHemisphere
from hal.halco.numbers import Ranged, Unbounded

__all__ = ["reference_page", "stub"]

SOURCE = "hal/halco/declarations"
HEADER = """\
# Generated from hal/halco/declarations by cosim.build.generate; do not edit.
# SPDX-License-Identifier: Apache-2.0
# fmt: off
# ruff: noqa - generated, with the names of the original interface
from enum import IntEnum
from typing import Any, ClassVar

from hal.halco import common as common
from hal.halco.arrays import TypedArray
from hal.halco.catalogue import COORDINATES, ENUMS
from hal.halco.coordinate import Grid, Interval, IntervalInBlock, Mixin
from hal.halco.coordinate import iter_all as iter_all
from hal.halco.numbers import Coordinate as Coordinate
from hal.halco.numbers import Ranged, Unbounded
from hal.halco.placement import LogicalNeuronCompartments as LogicalNeuronCompartments
from hal.halco.placement import LogicalNeuronOnDLS as LogicalNeuronOnDLS

"""
SPECIAL = {
    "isShared": "def isShared(self) -> bool: ...",
    "get_neighbor": "def get_neighbor(self, direction: Direction) -> {name}: ...",
    "x": "",
    "y": "",
}


def _coordinates() -> list[type[Any]]:
    """All coordinate types, after the types that they are made of."""
    ordered: dict[type[Any], None] = {}

    def add(cls: type[Any]) -> None:
        for base in cls.__bases__:
            if base.__name__ in COORDINATES:
                add(base)
        ordered.setdefault(cls)

    for name in sorted(COORDINATES):
        add(COORDINATES[name])
    return list(ordered)


def _members(cls: type[Any]) -> list[str]:
    """The lines that a class needs in the stub."""
    lines = []
    if issubclass(cls, Grid) and not issubclass(cls, Mixin):
        lines += [f"def {axis}(self) -> {kind.__name__}: ..." for axis, kind in _axes(cls)]
        lines += [f"def to{kind.__name__}(self) -> {kind.__name__}: ..." for _, kind in _axes(cls)]
    for name, member in sorted(vars(cls).items()):
        returns = getattr(member, "__annotations__", {}).get("return")
        if isinstance(member, EnumType):
            entries: Mapping[str, Any] = member.__members__
            values = [f"    {key} = {entry.value}" for key, entry in entries.items()]
            lines = [f"class {name}(IntEnum):", *values, *lines]
        elif name in SPECIAL:
            lines += filter(None, [SPECIAL[name].format(name=cls.__name__)])
        elif name.startswith("to") and isinstance(returns, str):
            lines.append(f"def {name}(self) -> {returns}: ...")
        elif isinstance(member, property):
            kind = _public(cast(Any, member.fget).__annotations__["return"])
            lines.append(f"@property\n    def {name}(self) -> {kind}: ...")
            lines.append(f"@{name}.setter\n    def {name}(self, value: {kind} | int) -> None: ...")
        elif name.startswith("get_"):
            lines.append(f"def {name}(self) -> {_public(str(returns))}: ...")
        elif name.startswith("set_"):
            kind = _public(vars(cls)[f"get_{name[4:]}"].__annotations__["return"])
            lines.append(f"def {name}(self, value: {kind} | int) -> None: ...")
        elif isinstance(member, cls):
            lines.append(f"{name}: ClassVar[{cls.__name__}]")
    return lines


def _public(name: str) -> str:
    """The name of a type in the stub; one that is not public is known as a number only."""
    return name if name in COORDINATES else "Ranged"


def _axes(cls: Any) -> tuple[tuple[str, type[Any]], tuple[str, type[Any]]]:
    return ("x", cls.x_type), ("y", cls.y_type)


def _declaration(cls: type[Any], bases: str) -> str:
    lines = _members(cls)
    if not lines:
        return f"class {cls.__name__}({bases}): ...\n"
    return f"class {cls.__name__}({bases}):\n" + "".join(f"    {line}\n" for line in lines)


def stub() -> Mapping[str, str]:
    """Types of everything that `hal.halco` offers, for type checkers and completion."""
    parts = [HEADER, _declaration(PerHemisphere, "").replace("PerHemisphere()", "_PerHemisphere")]
    for cls in _coordinates():
        bases = ", ".join(base.__name__ for base in cls.__bases__)
        parts.append(_declaration(cls, bases.replace("PerHemisphere", "_PerHemisphere")))
    enums = sorted(ENUMS.values(), key=lambda kind: kind.size)
    parts += [f"class {kind.__name__}(Ranged): ...\n" for kind in enums]
    return {"hal/halco/__init__.pyi": "".join(parts)}


def _kind(cls: Any) -> str:
    """What the instances are made of, for the reference page."""
    if issubclass(cls, (Mixin, IntervalInBlock)):
        return f"{cls._local.__name__} in {cls._block.__name__}"
    if issubclass(cls, Grid):
        return f"{cls.x_type.__name__} x {cls.y_type.__name__}"
    if issubclass(cls, Interval):
        return f"interval of {cls.bound_type.__name__}"
    if issubclass(cls, Unbounded):
        return f"{cls._bits} bit"
    assert issubclass(cls, Ranged)
    return f"{cls.min}..{cls.max}"


def reference_page() -> Mapping[str, str]:
    """The table of all coordinates in the documentation."""
    rows = [
        f"| `{name}` | {_kind(cls)} | {cls.size:,} | {(cls.__doc__ or '').splitlines()[0]} |"
        for name, cls in sorted(COORDINATES.items())
    ]
    page = [
        f"<!-- Generated from {SOURCE} by cosim.build.generate; do not edit. -->",
        "# Coordinates",
        "",
        "All types of `hal.halco`, with what they are made of and how many instances there are.",
        "`A in B` is a local coordinate A within a block B, `A x B` a pair of column and row.",
        "Every type converts with `to<Type>()` to the types that it is related to;",
        "`help(hal.halco.<Type>)` lists them.",
        "",
        "| type | made of | instances | meaning |",
        "|---|---|---|---|",
        *rows,
        "",
    ]
    return {"docs/reference/coordinates.md": "\n".join(page)}
