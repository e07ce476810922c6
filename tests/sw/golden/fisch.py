# SPDX-License-Identifier: Apache-2.0
"""Word-access level: what one access becomes on the wire."""

from typing import Any

import numpy as np
import pytest

from hal import halco
from hal.fisch import ResponseKind, read_words, words, write_words
from hal.hxcomm.codec import decode_messages
from hal.hxcomm.messages import TO_FPGA


def label(record: Any) -> str:
    return str(record["type"])


def _messages(instructions: Any) -> list[list[int]]:
    return [list(pair) for pair in decode_messages(instructions, TO_FPGA).pairs()]


def _word(cls: Any, value: Any) -> Any:
    """The word object of a recorded value."""
    if value is None:
        return cls()
    if isinstance(value, list):
        return cls([halco.SpikeLabel(label) for label in value])
    if isinstance(value, dict):
        enables = [bool(value["byte_enables"] >> byte & 1) for byte in range(words.BYTES)]
        return cls(cls.Value(value["word"], enables))
    return cls(value if isinstance(value, bool) else cls.Value(value))


def _access(record: Any) -> None:
    cls = getattr(words, record["type"])
    coordinate = getattr(halco, record["coordinate_type"])
    assert cls._at is coordinate
    coord = coordinate._make(record["coord"])
    word = _word(cls, record.get("value"))
    assert record["readable"] == ("read" in record) == cls._readable
    assert record["writeable"] == ("write" in record) == cls._writeable
    if record["writeable"]:
        access = word.write_access(coord)
        if record["write"] is None:
            with pytest.raises(RuntimeError):
                write_words(access)
        else:
            assert _messages(write_words(access)) == record["write"]
    if record.get("read", None) is not None:
        instructions, kind, count = read_words(cls.read_access(coord))
        assert _messages(instructions) == record["read"]
        assert count == record["num_responses"]
        assert (kind is ResponseKind.NONE) == (count == 0)
        answers = np.zeros(count, dtype=np.uint64)
        assert type(cls.decode(coord, None, answers[:1])) is cls
    record.done(
        {"kind", "type", "coordinate_type", "coord", "readable", "writeable", "value", "write"}
        | {"read", "num_responses", "error"}
    )


HANDLERS = {"fisch": _access}
