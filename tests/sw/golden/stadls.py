# SPDX-License-Identifier: Apache-2.0
"""Programs, programs with absolute times, and the sequences of bring-up."""

from typing import Any

import numpy as np

from golden.haldls import _class, _container, _coordinate
from hal.fisch import Backend
from hal.hwdb import HXCubeFPGAEntry, HXCubeSetupEntry, JboaSetupEntry
from hal.hxcomm.codec import decode_messages
from hal.hxcomm.messages import TO_FPGA
from hal.stadls import (
    AbsoluteTimePlaybackProgramBuilder,
    ChipInit,
    CubeASICAdapterBoardInit,
    JboaASICAdapterBoardInit,
    PlaybackProgramBuilder,
    SystemInit,
    generate,
)

CUBE = HXCubeSetupEntry(fpgas={0: HXCubeFPGAEntry()})
JBOA = JboaSetupEntry(fpgas={0: HXCubeFPGAEntry()})
_SIZES = {"size_to_fpga", "size_from_fpga", "write_only"}


def label(record: Any) -> str:
    return str(record.get("name", record["kind"]))


def _check(record: Any, builder: PlaybackProgramBuilder) -> None:
    assert builder.size_to_fpga() == record["size_to_fpga"]
    assert builder.size_from_fpga() == record["size_from_fpga"]
    assert builder.is_write_only() == record["write_only"]
    words = builder.done().words
    assert words.tolist() == record["words"]
    messages = decode_messages(np.array(record["words"], np.uint64), TO_FPGA).pairs()
    assert [list(message) for message in messages] == record["messages"]


def _arguments(op: Any, entries: set[str]) -> tuple[Any, Any, dict[str, Any]]:
    """Coordinate, container or condition, and the named arguments of a command."""
    assert set(op) <= {"op", "type", "coordinate_type", "coord"} | entries, op
    cls = _class(op)
    coord = _coordinate(cls, op["coord"])
    config = _container(cls, op, coord) if "fields" in op else None
    named: dict[str, Any] = {}
    if "reference" in op:
        named["config_reference"] = _container(cls, {"fields": op["reference"]}, coord)
    if op.get("backend") is not None:
        named["backend"] = Backend[op["backend"]]
    return coord, config, named


def _program(record: Any) -> None:
    builder = PlaybackProgramBuilder()
    for op in record["ops"]:
        coord, config, named = _arguments(op, {"backend", "fields", "reference"})
        match op["op"]:
            case "write" | "write_differential":
                builder.write(coord, config, **named)
            case "read":
                builder.read(coord, **named)
            case "block_until":
                builder.block_until(coord, config)
            case other:
                raise AssertionError(f"unknown command {other!r}")
    _check(record, builder)
    record.done({"kind", "id", "ops", "messages", "words"} | _SIZES)


def _absolute(record: Any) -> None:
    builder = AbsoluteTimePlaybackProgramBuilder()
    for op in record["ops"]:
        coord, config, named = _arguments(op, {"time", "backend", "fields", "reference"})
        match op["op"]:
            case "write" | "write_differential":
                builder.write(op["time"], coord, config, *named.values())
            case "read":
                builder.read(op["time"], coord)
            case other:
                raise AssertionError(f"unknown command {other!r}")
    _check(record, builder.done())
    record.done({"kind", "id", "ops", "messages", "words"} | _SIZES)


def _generator(name: str) -> Any:
    """The generator of a record's name, such as `ChipInit(enable_systime=false)`."""
    kind, _, options = name.rstrip(")").partition("(")
    settings = [option for option in options.split(",") if option]
    setup = CUBE
    if settings and "=" not in settings[0]:
        setup = {"cube": CUBE, "jboa": JBOA}[settings.pop(0)]  # type: ignore[assignment] # either
    generator: Any = {
        "ChipInit": lambda: ChipInit(setup),
        "SystemInit": lambda: SystemInit(setup),
        "CubeASICAdapterBoardInit": CubeASICAdapterBoardInit,
        "JboaASICAdapterBoardInit": JboaASICAdapterBoardInit,
    }[kind]()
    for setting in settings:
        key, _, value = setting.partition("=")
        owner = next(
            part
            for part in (generator, getattr(generator, "highspeed_link", None))
            if hasattr(part, key)
        )
        setattr(owner, key, {"false": False, "true": True}[value])
    return generator


def _init(record: Any) -> None:
    builder, result = generate(_generator(record["name"]))
    assert result is None
    _check(record, builder)
    record.done({"kind", "name", "messages", "words"} | _SIZES)


HANDLERS = {"program": _program, "absolute_time_program": _absolute, "init": _init}
