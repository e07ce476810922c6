# SPDX-License-Identifier: Apache-2.0
"""The target `emu` as the host sees it: reports of the machine are told, but not for ever."""

import logging

import numpy as np
import pytest

from cosim.flange.client import FlangeError
from hal.hxcomm.messages import HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA
from hal.hxcomm.target import open_target

UNKNOWN = len(TO_FPGA.messages) << (PHYWORD_WIDTH - HEADER_WIDTH)
HALT = TO_FPGA["Loopback"].word()


def test_reports_of_a_run_are_told_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    target = open_target("emu")
    with caplog.at_level(logging.WARNING, "hxcosim.machine"):
        target.send(np.array([UNKNOWN] * 8 + [HALT], np.uint64))
        target.run()
    told = [record.message for record in caplog.records]
    assert len(told) == 6
    assert "unknown header" in told[0]
    assert told[-1] == "emu: and 3 further reports of this run"
    assert len(target.diagnostics) == 8
    target.reset()
    assert target.diagnostics == []
    target.close()


def test_skipping_off_for_all_by_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    wait = [TO_FPGA["Setup"].word(), TO_FPGA["WaitUntil"].word(time=5000), HALT]
    for text, skipped in (("0", False), ("1", True), ("", True)):
        monkeypatch.setenv("HXCOSIM_SKIP", text)
        target = open_target("emu")
        target.send(np.array(wait, np.uint64))
        target.run()
        assert (target.stats().skipped > 9000) == skipped  # type: ignore[attr-defined]
        target.close()


def test_unknown_value_for_skipping_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HXCOSIM_SKIP", "never")
    with pytest.raises(FlangeError, match="HXCOSIM_SKIP is 'never', but must be 0 or 1"):
        open_target("emu")


def test_a_day_is_no_limit() -> None:
    """The 44 bits of the RTL's time base are full after 19.5 h; the emulator goes on."""
    wait = [TO_FPGA["Setup"].word(), TO_FPGA["WaitUntil"].word(time=2**32 - 1), HALT]
    target = open_target("emu")
    for _ in range(2100):
        target.send(np.array(wait, np.uint64))
        target.run()
    assert len(target.receive()) == 2100
    assert target.now > 2**44  # type: ignore[attr-defined]
    target.close()
