# SPDX-License-Identifier: Apache-2.0
"""The plugin of pytest that keeps the machines of failing tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cosim import cli
from cosim.flange.record import Record

SUITE = """
import gc
import pytest
from cosim.emulator.target import EmuTarget
from dlens_vx_v3 import hal, halco, hxcomm, sta

BYTE = halco.ExternalPPUMemoryByteOnFPGA(7)

@pytest.fixture(scope="module")
def shared():
    with hxcomm.ManagedConnection() as connection:
        yield connection

def value(connection):
    builder = sta.PlaybackProgramBuilder()
    ticket = builder.read(BYTE)
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    return int(ticket.get().value)

def test_passes(shared):
    assert value(shared) == 0

def test_with_its_own():
    with hxcomm.ManagedConnection() as connection:
        assert value(connection) == 1

@pytest.mark.parametrize("number", ["a/b"])
def test_with_both(shared, number):
    with hxcomm.ManagedConnection() as connection:
        value(connection)
    assert value(shared) == 1

def test_drops():
    EmuTarget()

def test_without():
    gc.collect()
    assert False
"""


def play_suite(folder: Path, target: str, *options: str) -> str:
    (folder / "test_some.py").write_text(SUITE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "cosim.failures", *options]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "test_some.py"],
        env=os.environ | {"HXCOSIM_TARGET": target},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_records_of_failing_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those of all machines that the test had, and no others; they replay."""
    out = play_suite(tmp_path, "emu")
    assert "3 failed, 2 passed" in out
    kept = sorted((tmp_path / "build" / "failures").iterdir())
    assert [file.name for file in kept] == [
        "test_some.py_test_with_both_a_b-call-0.hxr",  # that of the module
        "test_some.py_test_with_both_a_b-call-1.hxr",
        "test_some.py_test_with_its_own-call-0.hxr",
        "test_some.py_test_with_its_own-call-1.hxr",
        "test_some.py_test_without-call-0.hxr",
    ]
    for file in kept:
        assert Record.load(file).answers.size
        assert f"hxcosim replay {file.relative_to(tmp_path)}" in out
        assert cli.main(["replay", str(file)]) == 0
        assert "all as recorded" in capsys.readouterr().out


def test_failures_that_cannot_be_kept_bad(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    out = play_suite(tmp_path, "emu", "--failures", "file/x")
    assert "3 failed, 2 passed" in out
    assert "cannot be kept: " in out


@pytest.mark.parametrize("length", ["-1", "nan", "inf"])
def test_length_of_the_waveforms_bad(tmp_path: Path, length: str) -> None:
    out = play_suite(tmp_path, "emu", f"--failure-waves={length}")
    assert f"--failure-waves {length}: must be a number of us, 0 or more" in out
