# SPDX-License-Identifier: Apache-2.0
"""The suite of the machine with quiet time skipped and with every cycle clocked: equal answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = Path(__file__).resolve().parents[1] / "hw"
#: Threads decide by themselves which of their programs comes first.
OWN_ORDER = "test_threads_share_a_connection"
#: A second is 2.5e8 cycles, more than the RTL clocks in minutes.
LONG = "test_waiting_a_second_is_exact"


def answers(skip: bool, target: str, tests: str, file: Path) -> list[str]:
    """A line per test: its answers and their times."""
    place = str(SUITE / tests)
    without = OWN_ORDER if target == "emu" else f"{OWN_ORDER} or {LONG}"
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not full", "-k", f"not ({without})"]
    command += [place, "--target", target, "--answers", str(file), "-p", "no:cacheprovider"]
    environment = os.environ | {"HXCOSIM_SKIP": str(int(skip))}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("target", "tests"),
    [
        ("emu", "test_crossbar.py"),
        pytest.param("emu", "", marks=pytest.mark.full),
        pytest.param("rtl", "", marks=pytest.mark.full),
    ],
)
def test_answers_are_equal(target: str, tests: str, tmp_path: Path) -> None:
    fast = answers(True, target, tests, tmp_path / "skipping")
    slow = answers(False, target, tests, tmp_path / "clocked")
    assert len(fast) >= 5
    assert fast == slow
