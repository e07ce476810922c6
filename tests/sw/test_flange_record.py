# SPDX-License-Identifier: Apache-2.0
"""Records, scripts and the declaration of the wire protocol; no simulator needed."""

import re
import socket
from pathlib import Path

import numpy as np
import pytest

from cosim.flange import wire
from cosim.flange.client import Connection, FlangeError, Server
from cosim.flange.record import Record, RecordError, Step, as_words, frames
from cosim.flange.wire import Config, Frame


def test_every_frame_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "flange.md"
    assert wire.table() in page.read_text(encoding="utf-8")


def _record() -> Record:
    steps = [
        Step("reset", count=2),
        Step("words", np.array([1, 2**64 - 1], np.uint64), np.array([5, 9], np.uint64)),
        Step("run", count=77),
        Step("advance", count=8),
    ]
    return Record(steps, np.array([3], np.uint64), np.array([11], np.uint64))


def test_save_load(tmp_path: Path) -> None:
    record = _record()
    record.save(tmp_path / "r.json")
    again = Record.load(tmp_path / "r.json")
    assert again.script() == record.script()
    assert again.answers.tolist() == [3] and again.at.tolist() == [11]


def test_script_holds_the_steps() -> None:
    kinds = [kind for kind, _ in frames(_record().script())]
    assert kinds == [Frame.HELLO, Frame.RESET, Frame.WORDS, Frame.RUN, Frame.ADVANCE]


def test_script_settings_hold_throughout() -> None:
    step = Step("config", as_words([Config.SKIP, 1, Config.RATE, 3]))
    sent = [
        np.frombuffer(payload, np.uint64).tolist()
        for kind, payload in frames(Record([step]).script({Config.SKIP: 0}))
        if kind is Frame.CONFIG
    ]
    assert sent == [[Config.SKIP, 0], [Config.RATE, 3]]


def test_difference() -> None:
    a = Record(answers=as_words([1, 2]), at=as_words([10, 20]))
    assert a.difference(a) == ""
    for words, at, message in (
        ([1, 3], [10, 20], "answer 1: 0000000000000002 at cycle 20 expected, got 0000000000000003"),
        ([1, 2], [10, 21], "answer 1: .* got 0000000000000002 at cycle 21"),
        ([1], [10], "answer 1: .* got no further answer"),
        ([1, 2, 5], [10, 20, 30], "answer 2: no further answer expected, got 0000000000000005"),
    ):
        assert re.match(message, a.difference(Record(answers=as_words(words), at=as_words(at))))


def test_plain_program(tmp_path: Path) -> None:
    path = tmp_path / "p.hex"
    path.write_text("0A00000000000001 # a tick\n\n0A00000000000000\n")
    record = Record.load(path)
    assert [s.kind for s in record.steps] == ["reset", "words", "run"]
    assert record.steps[1].words.tolist() == [0x0A00000000000001, 0x0A00000000000000]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("xyz", "line 1: 'xyz' is no word"),
        ("1\n2 3g", "line 2: '3g' is no word"),
        ('{"format": "other", "version": 1}', "this reads 'hxcosim-record'"),
        ('{"format": "hxcosim-record", "version": 99}', "version 99"),
        ('{"format": "hxcosim-record", "version": 2}', "is not a record: it has no 'columns'"),
        ("0 1f 00000000000000001 -1", "line 1: '-1' is no word of up to 16 hex digits"),
        ("0\n123456789abcdef01", "line 2: '123456789abcdef01' is no word of up to 16 hex"),
        ("{", "is not a record"),
    ],
)
def test_program_bad(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "p").write_text(text)
    with pytest.raises(RecordError, match=message):
        Record.load(tmp_path / "p")


def test_program_missing_bad(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot read the program"):
        Record.load(tmp_path / "none")


def test_words_bad() -> None:
    assert as_words([0, 2**64 - 1]).tolist() == [0, 2**64 - 1]
    for values in ([-1], [2**64], np.array([-1])):
        with pytest.raises(OverflowError, match=r"must be in 0\.\.2\*\*64-1"):
            as_words(values)
    for values in ([1.5], ["1"], np.array([0.5])):
        with pytest.raises(TypeError, match="must be integers"):
            as_words(values)


def test_server_missing_bad(tmp_path: Path) -> None:
    with pytest.raises(FlangeError, match=r"cannot start the simulation .*: No such file"):
        Server(tmp_path / "none")


def test_no_server_bad() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(FlangeError, match=r"no simulation at 127\.0\.0\.1"):
            Connection("127.0.0.1", unused.getsockname()[1])
