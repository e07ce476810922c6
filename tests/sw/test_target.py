# SPDX-License-Identifier: Apache-2.0
"""Targets by name, and the zero mock."""

from importlib.metadata import EntryPoint, EntryPoints

import numpy as np
import pytest
from numpy.typing import NDArray

from hal.hxcomm import target
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA
from hal.hxcomm.target import (
    Target,
    TargetError,
    UnknownTargetError,
    available_targets,
    open_target,
)

HALT = TO_FPGA["Loopback"].word()
READ = TO_FPGA["OmnibusAddress"].word(is_read=1, address=5, byte_enables=15)
WRITE = TO_FPGA["OmnibusAddress"].word(address=5, byte_enables=15)
ZERO = FROM_FPGA["OmnibusData"].word()
HALTED = FROM_FPGA["Loopback"].word()


def words(*values: int) -> NDArray[np.uint64]:
    return np.array(values, dtype=np.uint64)


@pytest.fixture
def mock() -> Target:
    return open_target("mock")


def test_mock_is_a_target(mock: Target) -> None:
    assert isinstance(mock, Target)
    assert mock.name == "mock"
    assert "mock" in available_targets()


def test_mock_answers_reads_and_halts_in_order(mock: Target) -> None:
    mock.send(words(READ, WRITE, 0x0C00000012345678, READ))
    mock.run()
    assert len(mock.receive()) == 0, "without a halt nothing runs"
    mock.send(words(HALT, 1 << 63, READ, HALT, READ))
    mock.run()
    assert mock.receive().tolist() == [ZERO, ZERO, HALTED, ZERO, HALTED]
    assert len(mock.receive()) == 0
    mock.send(words(HALT))
    mock.run()
    assert mock.receive().tolist() == [ZERO, HALTED], "the read behind the last halt had to wait"
    assert mock.diagnostics == []


def test_mock_reports_what_it_does_not_answer_bad(mock: Target) -> None:
    tick = TO_FPGA["Loopback"].word(tick=1)
    keep = TO_FPGA["JtagData"].word(num_bits=32, keep_response=1)
    mock.send(words(tick, keep, TO_FPGA["JtagData"].word(num_bits=32), 0x1000000000000001, HALT))
    mock.run()
    assert mock.receive().tolist() == [HALTED]
    assert mock.diagnostics == [
        "zero mock: 1 ticks are not answered (not supported)",
        "zero mock: 1 JTAG reads are not answered (not supported)",
        "zero mock: unknown header 16 in word 0x1000000000000001 is ignored",
    ]
    mock.send(words(READ))
    mock.reset()
    mock.send(words(HALT))
    mock.run()
    assert mock.receive().tolist() == [HALTED]
    assert mock.diagnostics == []


def test_closed_bad(mock: Target) -> None:
    mock.close()
    mock.close()
    with pytest.raises(TargetError, match="'mock' is closed; open a new one"):
        mock.run()


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (np.zeros(2, np.int64), r"not int64\[2\]"),
        (np.zeros((1, 2), np.uint64), r"not uint64\[1, 2\]"),
        ([1, 2], "not <class 'list'>"),
    ],
)
def test_words_bad(mock: Target, value: NDArray[np.uint64], what: str) -> None:
    with pytest.raises(TypeError, match="words must be a one-dimensional array of uint64, " + what):
        mock.send(value)


def test_unknown_target_bad() -> None:
    with pytest.raises(UnknownTargetError, match=r"no target 'mok'; known targets are: .*mock"):
        open_target("mok://here")


def test_target_that_does_not_load_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoints([EntryPoint("broken", "hal.hxcomm.no_such_module:X", target.GROUP)])
    monkeypatch.setattr(target, "_entries", lambda: broken)
    with pytest.raises(
        TargetError, match=r"target 'broken' \(hal.hxcomm.no_such_module:X\) cannot"
    ):
        open_target("broken")


def test_location_becomes_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    options = EntryPoints([EntryPoint("kind", "builtins:dict", target.GROUP)])
    monkeypatch.setattr(target, "_entries", lambda: options)
    assert open_target("kind://host:1", size=2) == {"location": "host:1", "size": 2}
