# SPDX-License-Identifier: Apache-2.0
"""What is left out on a target is left out with its reason, and the table shows it."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def run(target: str, *options: str) -> str:
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "--target", target]
    done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=HERE.parents[1])
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_mock_is_left_out_with_a_reason() -> None:
    said = run("mock", str(HERE / "test_machine_programs.py"))
    assert "mock: the zero mock answers each read with 0" in said
    assert [line.split() for line in said.splitlines() if line.startswith("test_identity")] == [
        ["test_identity", "-"]
    ]


def test_a_missing_need_is_named() -> None:
    said = run("mock", str(HERE / "test_time_and_events.py"), "-k", "waiting_a_second")
    assert "mock has no skipping" in said


@pytest.mark.parametrize("options", [("-k", "test_timer")])
def test_table_names_test_and_target(options: tuple[str, ...]) -> None:
    lines = run("emu", str(HERE / "test_machine_programs.py"), *options).splitlines()
    lines = [line for line in lines if line.strip()]
    start = next(i for i, line in enumerate(lines) if "tests/hw by target" in line)
    assert [line.split() for line in lines[start + 1 : start + 3]] == [
        ["emu"],
        ["test_timer", "ok"],
    ]
