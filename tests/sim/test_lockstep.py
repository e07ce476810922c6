# SPDX-License-Identifier: Apache-2.0
"""Emulator against RTL over random sessions; and the emulator against itself, skipping or not."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosim import cli, lockstep
from cosim.cli.lockstep import keep
from cosim.emulator import Emulator, EmulatorError
from cosim.flange.record import Record
from cosim.flange.wire import Config
from cosim.lockstep import compare, random_session, report, shrink
from cosim.lockstep.compare import run_batch
from hal.errors import HxcosimError
from hal.hxcomm.messages import FROM_FPGA

COUNT = 10_000
#: Seeds of sessions that found a difference once.
REGRESSION = (6,)


@pytest.fixture
def machines() -> Iterator[tuple[Emulator, Emulator]]:
    with Emulator() as first, Emulator() as second:
        yield first, second


@pytest.mark.parametrize("seed", REGRESSION)
def test_regression_seeds(seed: int) -> None:
    assert cli.main(["lockstep", "--count", "2000", "--seed", str(seed)]) == 0


def test_fresh_seed(capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.main(["lockstep", "--count", str(COUNT)])
    said = capsys.readouterr().out
    with capsys.disabled():
        print(f"\n{said}", end="")
    assert status == 0, said
    assert ", 0 differences in" in said


def test_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After two sessions: says which seed is open, and keeps the situations."""
    seeds = iter([5, 6])

    def interrupt(*a: Any) -> Any:
        if not list(islice(seeds, 1)):
            raise KeyboardInterrupt
        return compare(*a)

    monkeypatch.setattr(lockstep, "compare", interrupt)
    file = tmp_path / "met"
    command = ["lockstep", "--count", "9000", "--seed", "5", "--coverage", str(file)]
    assert cli.main(command) == 130
    told = r"interrupted; 4\d{3} instructions without a difference, the session of seed 7 was not f"
    assert re.search(told, capsys.readouterr().err)
    assert file.read_text()


@pytest.mark.full
def test_a_million() -> None:
    assert (
        cli.main(["lockstep", "--count", "1000000", "--seed", str(secrets.randbelow(2**32))]) == 0
    )


@pytest.mark.parametrize("seed", [1, 2, 12, secrets.randbelow(2**32)])
def test_skipping_changes_nothing(seed: int, machines: tuple[Emulator, Emulator]) -> None:
    first, second = machines
    second.configure(skip=False)
    session = random_session(seed, 3000)
    # Pauses of seconds would take as long without skipping.
    short = [b for b in session.batches if b.advance < 10**7]
    found = compare(first, second, replace(session, batches=tuple(short)))
    assert found is None, report(session, found, ("skipping", "not skipping"))
    assert first.stats().skipped > 0 and second.stats().skipped == 0
    assert first.stats().now == second.stats().now


@pytest.mark.parametrize("seed", [2, 12, 216, secrets.randbelow(2**32)])
def test_save_and_restore_in_the_middle(seed: int, machines: tuple[Emulator, Emulator]) -> None:
    first, second = machines
    session = random_session(seed, 4000)
    batches = session.batches
    first.apply(session.settings())
    half = len(batches) // 2
    for batch in batches[:half]:
        run_batch(first, batch)
    if batches[half - 1].cut:  # words and settings of the link are not part of the state
        first.reset()
    first.configure(rate=1, stall_random=(1, 256))
    state = first.save()
    second.apply(session.settings())
    second.restore(state)
    assert second.state_hash() == first.state_hash()
    for batch in batches[half:]:
        a, b = run_batch(first, batch), run_batch(second, batch)
        assert np.array_equal(a.words, b.words) and np.array_equal(a.at, b.at), f"seed {seed}"
        assert a.diagnostics == b.diagnostics
    assert second.state_hash() == first.state_hash() and second.save() != state


def test_setting_bad(machines: tuple[Emulator, Emulator]) -> None:
    expected = r"setting PPU cannot be 4294967296: it must be in \[0, 4294967295\]"
    with pytest.raises(EmulatorError, match=expected):
        machines[0].apply({Config.PPU: 2**32})


def test_restore_bad(machines: tuple[Emulator, Emulator]) -> None:
    state = machines[0].save()
    for bad in (b"", state[:-1], state + b"x"):
        with pytest.raises(EmulatorError, match=f"{len(bad)} bytes are no state of this emulator"):
            machines[0].restore(bad)


def test_the_generator_reaches_everything(machines: tuple[Emulator, Emulator]) -> None:
    """Every kind of answer but packs of samples, which need back-pressure at full rate, and resets
    in mid-flight.
    """
    kinds: set[str] = set()
    resets = 0
    for seed in range(60):
        with Emulator() as machine:
            for batch in random_session(seed, 2000).batches:
                resets += bool(batch.reset and machine.stats().queued)
                answer = run_batch(machine, batch)
                kinds |= {name for name, _, _ in answer.messages()}
    assert {m.name for m in FROM_FPGA} - kinds <= {"MADCSamplePack2", "MADCSamplePack3"}
    assert resets > 0


class Late(Emulator):
    """An emulator whose third answer word from now on leaves one FPGA cycle later."""

    def receive_timed(self) -> tuple[np.ndarray, np.ndarray]:
        words, at = super().receive_timed()
        at[2:3] += np.uint64(2)
        return words, at


def test_a_difference_is_made_small_and_shown() -> None:
    def start() -> tuple[Emulator, Emulator]:
        return Emulator(), Late()

    session = random_session(4, 1500)
    small = shrink(session, start)
    found = compare(*start(), small)
    assert found is not None
    assert sum(len(b.words) for b in small.batches) < 0.1 * session.instructions
    assert "word 2 left at cycle" in report(small, found, ("one", "other"))


def test_a_record_of_the_rtl_runs_on_the_emulator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (batch, *_) = random_session(8, 400).batches
    (tmp_path / "p.hex").write_text("\n".join(f"{w:016x}" for w in batch.words))
    record = str(tmp_path / "r.hxr")
    assert cli.main(["record", str(tmp_path / "p.hex"), "-o", record, "--target", "rtl"]) == 0
    for target in ("emu", "rtl"):
        assert cli.main(["replay", record, "--target", target]) == 0
        assert f"{target}: " in capsys.readouterr().out


def test_a_difference_keeps_record_and_waveform(tmp_path: Path) -> None:
    session = replace(random_session(4, 300), processors=1, stand_in=True)
    found = compare(Emulator(), Late(), session)
    assert found is not None
    record, waveform = keep(session, found, tmp_path / "kept")
    assert waveform.stat().st_size > 0
    kept = Record.load(record)
    assert np.array_equal(kept.answers[:3], found.first.words[:3])
    # What the session sets comes first, so that a replay is the same.
    first = dict(kept.steps[0].words.reshape(-1, 2).tolist())
    assert kept.steps[0].kind == "config" and first == session.settings()
    assert found.cycle() == int(max(found.first.at[2], found.second.at[2]))


def test_keep_bad(tmp_path: Path) -> None:
    session = random_session(4, 300)
    found = compare(Emulator(), Late(), session)
    assert found is not None
    (tmp_path / "file").write_text("")
    with pytest.raises(HxcosimError, match=r"cannot write to '.*file'"):
        keep(session, found, tmp_path / "file")
