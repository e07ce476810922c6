# SPDX-License-Identifier: Apache-2.0
"""Where the time of a script goes."""

import sys
from pathlib import Path

import pytest

from cosim import cli
from cosim.profile import STAGES, Profile, picture
from hal.hxcomm.connection import Device

SCRIPT = """
import sys
from dlens_vx_v3 import hal, halco, hxcomm, sta

with hxcomm.ManagedConnection() as connection:
    builder = sta.PlaybackProgramBuilder()
    tickets = [builder.read(halco.ExternalPPUMemoryByteOnFPGA(k)) for k in range(1000)]
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    print(__name__, sys.argv[1:], int(tickets[7].get().value))
"""


def play(folder: Path, script: str, *arguments: str) -> int:
    (folder / "script.py").write_text(script)
    picture_file = str(folder / "out" / "p.svg")
    return cli.main(["profile", "-o", picture_file, str(folder / "script.py"), *arguments])


@pytest.mark.parametrize("target", ["emu", "mock"])
def test_table_and_picture(
    target: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The script runs as it would by itself; its stages are all there, and add up."""
    monkeypatch.setenv("HXCOSIM_TARGET", target)
    execute, arguments, path = Device.execute, list(sys.argv), list(sys.path)
    assert play(tmp_path, SCRIPT, "--seed", "3") == 0
    assert (Device.execute, sys.argv, sys.path) == (execute, arguments, path)
    first, *table, last = capsys.readouterr().out.splitlines()
    assert first == "__main__ ['--seed', '3'] 0"
    rows = {line.split()[0]: float(line.split()[1]) for line in table}
    assert tuple(rows) == STAGES
    assert all(ms >= 0 for ms in rows.values()) and rows["encode"] > 0 and rows["decode"] > 0
    assert (rows["digital"] > 0) == (target == "emu")
    assert sum(rows.values()) == pytest.approx(float(last.split()[1]), abs=0.0005 * 7)
    drawn = (tmp_path / "out" / "p.svg").read_text()
    assert all(f"<title>{stage}: " in drawn for stage in STAGES)


@pytest.mark.parametrize(
    ("end", "status"),
    [("sys.exit()", 0), ("sys.exit(3)", 3), ("sys.exit('no')", 1), ("1 / 0", 1)],
)
def test_status_is_that_of_the_script(
    end: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(tmp_path, f"import sys\n{end}\n") == status
    out, err = capsys.readouterr()
    assert "picture: " in out
    assert (err == "no\n") == ("no" in end) and ("ZeroDivisionError" in err) == ("/" in end)


@pytest.mark.usefixtures("interruptible")
def test_interrupted_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was done is shown."""
    monkeypatch.setenv("HXCOSIM_TARGET", "emu")
    monkeypatch.setenv("HXCOSIM_SKIP", "0")
    wait = "    builder.block_until(halco.TimerOnDLS(), hal.Timer.Value(2**31))\n    builder.block_"
    press = "    Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n    sta.run("
    script = SCRIPT.replace("    builder.block_", wait).replace("    sta.run(", press)
    assert play(tmp_path, "import os, signal\nfrom threading import Timer\n" + script) == 130
    out, err = capsys.readouterr()
    rows = {line.split()[0]: float(line.split()[1]) for line in out.splitlines()}
    assert all(ms >= 0 for ms in rows.values()) and rows["digital"] > 100
    assert err == "hxcosim: interrupted\n"


def test_script_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["profile", str(tmp_path / "none.py")]) == 2
    assert f"there is no script '{tmp_path / 'none.py'}'" in capsys.readouterr().err
    (tmp_path / "file").touch()
    command = ["profile", "-o", str(tmp_path / "file" / "p.svg"), __file__]
    assert cli.main(command) == 2
    assert "cannot write the picture" in capsys.readouterr().err


def test_picture_escapes_names() -> None:
    with Profile() as profile:
        pass
    assert "a &lt; b" in picture({"a < b": profile.stages})
