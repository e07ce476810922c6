# SPDX-License-Identifier: Apache-2.0
"""The target `emu` as the host sees it: reports of the machine are told, but not for ever."""

import logging
import os
import signal
import threading
from typing import Any

import numpy as np
import pytest

from cosim.emulator import Emulator
from cosim.flange.client import FlangeError
from cosim.flange.wire import Config
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


def test_link_errors_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's script does not name them; what is given to the target wins."""
    monkeypatch.setenv("HXCOSIM_LINK_ERRORS", "7,10,20,30")
    chosen = []
    given: list[dict[str, Any]] = [{}, {"link_errors": (0, 0, 0, 0)}]
    for options in given:
        target = open_target("emu", record=True, **options)
        steps = target.record().steps  # type: ignore[attr-defined]
        target.close()
        words = np.concatenate([step.words for step in steps if step.kind == "config"])
        chosen.append(dict(words.reshape(-1, 2).tolist()))
    keys = (Config.LINK_SEED, Config.LINK_LOST, Config.LINK_DAMAGED, Config.LINK_REPEATED)
    assert [[values[key] for key in keys] for values in chosen] == [[7, 10, 20, 30], [0] * 4]


@pytest.mark.parametrize("text", ["7", "1,2,3", "1,2,3,x", "1,2,3,4,5"])
def test_link_errors_of_the_environment_bad(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HXCOSIM_LINK_ERRORS", text)
    with pytest.raises(FlangeError, match=rf"HXCOSIM_LINK_ERRORS is '{text}', but must be 'seed,"):
        open_target("emu")


@pytest.mark.parametrize(
    ("errors", "text"),
    [
        ((1 << 32, 0, 0, 0), r"seed of the link errors: must be in 0..4294967295, got 4294967296"),
        ((0, -1, 0, 0), r"lost frames: must be in 0..1000, got -1"),
        ((0, 0, 1001, 0), r"damaged frames: must be in 0..1000, got 1001"),
        ((0, 500, 500, 1), r"frames with errors: must be in 0..1000, got 1001"),
    ],
)
def test_link_errors_bad(
    monkeypatch: pytest.MonkeyPatch, errors: tuple[int, int, int, int], text: str
) -> None:
    with pytest.raises(OverflowError, match=f"^{text}"):
        open_target("emu", link_errors=errors)
    numbers = ",".join(map(str, errors))
    monkeypatch.setenv("HXCOSIM_LINK_ERRORS", numbers)
    with pytest.raises(OverflowError, match=f"^HXCOSIM_LINK_ERRORS is '{numbers}': {text}"):
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


@pytest.mark.usefixtures("interruptible")
def test_interrupt_of_a_busy_run() -> None:
    """Seen long before the run ends (a minute, if all of it is clocked); nothing is lost."""
    wait = [TO_FPGA["Setup"].word(), TO_FPGA["WaitUntil"].word(time=2**31), HALT]
    with Emulator() as machine:
        machine.configure(skip=False)
        machine.send(wait)
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            machine.run()
        assert 0 < machine.stats().now < 2**28
        machine.configure(skip=True)
        assert machine.run().now > 2**32
