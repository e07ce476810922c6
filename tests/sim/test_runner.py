# SPDX-License-Identifier: Apache-2.0
"""The runner's own tests: each way in which a simulation can go wrong is reported as a failure."""

from pathlib import Path

import pytest

from cosim.build import BuildError, runner

BROKEN = Path(__file__).parent / "broken"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("zero", "No tests were discovered"),
        ("assertion", "NeverBad"),
        ("late_assertion", "NeverBad"),
        ("crash", "no results"),
        ("mismatch", "expected 0x2, got 0x3; last transactions:"),
    ],
)
def test_broken_bench_is_a_failure(name: str, reason: str, tmp_path: Path) -> None:
    bench = runner.load(name, BROKEN)
    with pytest.raises(runner.SimulationError) as error:
        runner.run(bench, seed=7, output=tmp_path)
    text = str(error.value)
    assert reason in text
    assert f"bench '{name}' failed with seed 7" in text
    assert f"repeat: make sim TEST={name} SEED=7 WAVES=1" in text
    assert (tmp_path / name / "sim.log").stat().st_size


def test_filter_that_leaves_nothing_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(runner.SimulationError, match="no test was executed"):
        runner.run(runner.load("values", BROKEN), test_filter="nonsense", output=tmp_path)


def test_failure_keeps_its_waveform(tmp_path: Path) -> None:
    with pytest.raises(runner.SimulationError) as error:
        runner.run(runner.load("mismatch", BROKEN), seed=7, output=tmp_path)
    waveforms = list(tmp_path.glob("mismatch/dump.*"))
    assert len(waveforms) == 1
    assert waveforms[0].stat().st_size
    assert str(waveforms[0]) in str(error.value)


def test_seed_reproduces_values(tmp_path: Path) -> None:
    bench = runner.load("values", BROKEN)
    found = []
    for seed in (3, 3, 4):
        outcome = runner.run(bench, seed=seed, output=tmp_path)
        assert outcome.seed == seed
        found.append((outcome.folder / "values.txt").read_text())
    assert found[0] == found[1]
    for same, other in zip(found[0].split(","), found[2].split(","), strict=True):
        assert same != other


def test_seed_from_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCOTB_RANDOM_SEED", "11")
    assert runner.run(runner.load("values", BROKEN), output=tmp_path).seed == 11


def test_waves_on_request(tmp_path: Path) -> None:
    outcome = runner.run(runner.load("values", BROKEN), waves=True, output=tmp_path)
    assert outcome.waveform is not None
    assert outcome.waveform.stat().st_size


def test_unknown_bench_bad() -> None:
    with pytest.raises(BuildError, match=r"no bench 'nonsense' .* benches: .*fifo"):
        runner.load("nonsense")


def test_unknown_key_bad(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "test_x.py").touch()
    (tmp_path / "x" / "bench.toml").write_text("topp = 'x'")
    with pytest.raises(BuildError, match="unknown key topp"):
        runner.load("x", tmp_path)


def test_seed_range_bad(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="the seed is 0, but must be within 1 and 2147483647"):
        runner.run(runner.load("values", BROKEN), seed=0, output=tmp_path)


def test_seed_of_the_environment_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCOTB_RANDOM_SEED", "x")
    with pytest.raises(BuildError, match="COCOTB_RANDOM_SEED is 'x', but must be a number"):
        runner.run(runner.load("values", BROKEN))


def test_unwritable_build_folder_bad(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BuildError, match=r"build folder .* cannot be written"):
        runner.run(runner.load("values", BROKEN), output=tmp_path / "file")


def test_parameter_bad(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["fifo", "-p", "Depth"]) == 2
    assert "parameter 'Depth' is not of the form NAME=VALUE" in capsys.readouterr().err


def test_missing_libpython_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIBPYTHON_LOC", raising=False)
    monkeypatch.delenv("GPI_USERS", raising=False)
    monkeypatch.setattr("cocotb_tools.runner.find_libpython.find_libpython", lambda: None)
    with pytest.raises(BuildError, match=r"shared library, which cocotb loads .* libpython3-dev"):
        runner.run(runner.load("values", BROKEN), output=tmp_path)


def test_another_way_of_waveforms_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_DUMP", "dump in the way of cocotb 2.0")
    with pytest.raises(BuildError, match="writes waveforms in another way than that"):
        runner.run(runner.load("values", BROKEN), waves=True, output=tmp_path)
