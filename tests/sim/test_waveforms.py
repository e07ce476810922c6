# SPDX-License-Identifier: Apache-2.0
"""Waveforms: decoded lanes, names of enums, the groups of the viewers, windows."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from waveform_file import changes, enums, widths

from cosim import cli
from cosim.build import runner, trace_format
from cosim.flange.target import RtlTarget
from cosim.lockstep.programs import bring_up, read, word, write
from cosim.waves import GROUPS
from cosim.window import PS_PER_CYCLE, PS_PER_US
from hal.fisch import addresses

BROKEN = Path(__file__).parent / "broken"
HALT = word("Loopback")
fst = pytest.mark.skipif(trace_format() != "fst", reason="FST needs the lz4 and zlib headers")


def play(target: RtlTarget, *words: int) -> int:
    """Run words and a halt; the cycle behind them."""
    target.send(np.array([*words, HALT], np.uint64))
    target.run()
    return target.stats().now


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    """A record of accesses and spikes behind a bring-up, and the us of their begin and end."""
    target = RtlTarget(record=True)
    begin = play(target, *bring_up(10**6))
    neuron = addresses.NEURON_CONFIG.address(3, block=1)
    end = play(
        target,
        word("Setup"),
        *write(neuron, 0x1234),
        *read(neuron),
        *read(addresses.EXECUTOR_TIMER.address()),
        word("WaitUntil", time=200),
        word("SpikePack3", label0=0x1111, label1=0x6222, label2=0xABCD),
        word("SpikePack1", label0=0x00FF),
        word("WaitUntil", time=400),
    )
    target.close()
    path = tmp_path_factory.mktemp("record") / "run.hxr"
    target.record().save(path)
    return path, begin // 250, end // 250 + 1


def texts(found: list[tuple[int, int]]) -> list[str]:
    """What a text lane says, in order."""
    said = [value.to_bytes(99, "big").decode().replace("\0", "").strip() for _, value in found]
    return [text for text in said if text]


@fst
def test_lanes_and_window(recorded: tuple[Path, int, int], tmp_path: Path) -> None:
    record, begin, end = recorded
    wave = tmp_path / "part.fst"
    options = ["--target", "rtl", "--waves", str(wave), f"--from={begin}", f"--to={end}"]
    assert cli.main(["replay", str(record), *options]) == 0
    fpga, chip = "flange_top.u_system.u_fpga", "flange_top.u_system.u_asic"
    names = [f"{half}.u_bus_lanes.{n}" for half in (fpga, chip) for n in ("access", "register")]
    names += [f"{chip}.u_event_lanes.{n}" for n in ("to_chip", "from_chip")]
    names += ["flange_top.now_o"]
    found = changes(wave, names)
    times = [time for time, _ in found["flange_top.now_o"]]
    assert begin * PS_PER_US <= min(times) and max(times) <= end * PS_PER_US
    neuron, timer = "neuron_config.ne", "executor_timer"
    assert texts(found[names[0]])[-2:] == ["host writes", "host reads"]
    assert texts(found[names[1]])[-2:] == [neuron, timer]
    assert texts(found[names[2]])[-2:] == ["link writes", "link reads"]
    assert texts(found[names[3]])[-2:] == [neuron, neuron]
    assert texts(found[names[4]]) == ["1111 6222 abcd", "00ff"]
    spikes = " ".join(texts(found[names[5]])).split()
    labels = [spike.partition("@")[0] for spike in spikes if spike != "spike"]
    stamps = [int(spike.partition("@")[2], 16) for spike in spikes if spike != "spike"]
    assert labels == ["1111", "6222", "abcd", "00ff"]
    assert np.diff(stamps).tolist() == [1, 1, 1]


@fst
def test_groups_name_signals(tmp_path: Path) -> None:
    """Every signal of the viewers' groups is there, as wide as they say, with its names."""
    target = RtlTarget(waves=tmp_path / "all.fst")
    play(target)
    target.close()
    found, named = widths(tmp_path / "all.fst"), enums(tmp_path / "all.fst")
    for signal, bits, kind in [entry for group in GROUPS.values() for entry in group]:
        assert found[signal] == bits, signal
        if kind == "enum":
            assert " St" in named[signal], signal


@fst
def test_window_of_a_bench(tmp_path: Path) -> None:
    bench = runner.load("values", BROKEN)
    outcome = runner.run(bench, waves=True, window=(3_000, 9_000), output=tmp_path)
    assert outcome.waveform is not None
    found = changes(outcome.waveform, widths(outcome.waveform))
    times = [time for signal in found.values() for time, _ in signal]
    assert 3_000 <= min(times) < max(times) <= 9_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--waves", "--from=-1"], "--from -1: must be a number of us, 0 or more"),
        (["--waves", "--to=soon"], "--to soon: must be a number of us, 0 or more"),
        (["--waves", "--to=nan"], "--to nan: must be a number of us, 0 or more"),
        (["--waves", "--from=2", "--to=1.5"], "--to 1.5: must be at least 1e-06 us later"),
        (["--waves", "--to=0"], "--to 0: must be at least 1e-06 us later than --from 0"),
        (["--waves", "--to=1e-7"], "--to 1e-07: must be at least 1e-06 us later"),
        (["--from=1"], "--from 1: is a window of --waves; ask for the waveform too"),
    ],
)
def test_window_bad(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["fifo", *options]) == 2
    assert message in capsys.readouterr().err


def test_window_of_a_run_bad(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--no-waves", "--to", "5"]) == 2
    assert "--to 5: is a window of --waves" in capsys.readouterr().err
    assert cli.main(["replay", "none", "--waves", "w", "--from", "1", "--last", "5"]) == 2
    assert "--last 5: is a window by itself; leave out --from and" in capsys.readouterr().err


def test_window_of_a_server_bad(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--waves", "w", "--from", "3", "--to", "2"]) == 2
    assert "--to 2: must be at least 0.004 us later than --from 3" in capsys.readouterr().err
    assert cli.main(["serve", "--waves", "w", "--to", "0.001"]) == 2
    assert "--to 0.001: must be at least 0.004 us later than --from 0" in capsys.readouterr().err


@fst
def test_a_failing_test_keeps_its_waveform(tmp_path: Path) -> None:
    """The plugin of pytest, on `rtl`: the record, and the last microseconds before the failure."""
    (tmp_path / "test_some.py").write_text(
        "import numpy as np\n"
        "from cosim.flange.target import RtlTarget\n"
        "from cosim.lockstep.programs import HALT, bring_up\n"
        "def test_fails():\n"
        "    target = RtlTarget()\n"
        "    target.send(np.array([*bring_up(10**6), HALT], np.uint64))\n"
        "    target.run()\n"
        "    assert target.now == 0\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "cosim.failures", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--failures", "kept", "--failure-waves", "5", "test_some.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    (now,) = map(int, re.findall(r"E +assert (\d+) == 0", done.stdout))
    name = "test_some.py_test_fails-call-0"
    waveform = tmp_path / "kept" / f"{name}.{trace_format()}"
    assert f"waveform kept/{waveform.name}" in done.stdout
    names = {path.name for path in waveform.parent.iterdir()}
    assert names == {waveform.name} | {f"{name}.{end}" for end in ("hxr", "gtkw", "surfer")}
    found = changes(waveform, ["flange_top.now_o"])["flange_top.now_o"]
    times = [time // PS_PER_CYCLE for time, _ in found]
    assert now - 1250 <= min(times) < max(times) <= now
