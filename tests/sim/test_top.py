# SPDX-License-Identifier: Apache-2.0
"""The whole system: the same words at the same times from the server, with and without skipping,
replayed from memory, and with the top hosted by cocotb."""

import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cosim import waves
from cosim.build import runner
from cosim.cli import main
from cosim.flange.build import server
from cosim.flange.record import Record, Words, frames
from cosim.flange.target import RtlTarget
from cosim.flange.wire import Config, Frame, Report
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA
from hal.hxcomm.target import open_target

HALT = TO_FPGA["Loopback"].word()
TICK = TO_FPGA["Loopback"].word(tick=1)
#: Timer and instruction timeout (reference of the FPGA interface, section 4.2).
TIMER, TIMEOUT = 0x8800000C, 0x88000009
IDENTITY = 0x348580AF
PROGRAMS = Path(__file__).parents[2] / "testbench" / "top"


def _read(address: int) -> list[int]:
    return [TO_FPGA["OmnibusAddress"].word(address=address, byte_enables=0xF, is_read=1)]


def _write(address: int, value: int) -> list[int]:
    head = TO_FPGA["OmnibusAddress"].word(address=address, byte_enables=0xF)
    return [head, TO_FPGA["OmnibusData"].word(data=value)]


def random_program(seed: int, n: int) -> Words:
    """Accesses by both routes, waits, ticks, times and barriers; the halt at the end."""
    rng = np.random.default_rng(seed)
    jtag = Record.load(PROGRAMS / "identity.hex").steps[1].words.tolist()
    words = [*jtag[:-2], TO_FPGA["Setup"].word()]
    now = 0
    for _ in range(n):
        kind = int(rng.integers(7))
        if kind == 0:
            words += [TICK] * int(rng.integers(1, 20))
        elif kind == 1:
            now += int(rng.integers(1, 4000))
            words += [TO_FPGA["WaitUntil"].word(time=now)]
        elif kind == 2:
            words += _read(TIMER)
        elif kind == 3:
            words += [*_write(TIMEOUT, int(rng.integers(10**6, 2**30))), *_read(TIMEOUT)]
        elif kind == 4:
            words += [TO_FPGA["SystimeInit"].word()]
        elif kind == 5:
            words += [
                TO_FPGA["JtagIns"].word(instruction=1),
                TO_FPGA["JtagData"].word(num_bits=32, keep_response=1),
            ]
        else:
            words += [TO_FPGA["Barrier"].word(omnibus=1, jtag=int(rng.integers(2)))]
    return np.array([*words, HALT], np.uint64)


def record(seed: int, *, skip: bool = True) -> Record:
    """Three programs on the server."""
    rng = np.random.default_rng(seed)
    target = RtlTarget(record=True, skip=skip)
    if seed % 2:
        target.link.configure(stall_random=(seed, 40), rate=3)
    for i in range(3):
        target.send(random_program(seed + i, 40))
        target.run()
        target.link.advance(int(rng.integers(0, 1000)))
    target.receive()
    assert target.diagnostics == []
    state = target.stats()
    assert (state.skipped > 0) == skip and state.cycles + state.skipped == state.now + 1
    target.close()
    return target.record()


def test_identity() -> None:
    target = RtlTarget()
    target.send(Record.load(PROGRAMS / "identity.hex").steps[1].words)
    target.run()
    answers = target.receive()
    target.close()
    expected = [FROM_FPGA["JtagData"].word(data=IDENTITY), FROM_FPGA["Loopback"].word()]
    assert answers.tolist() == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_skipping_changes_nothing(seed: int) -> None:
    """The time base of docs/timing.md section 1."""
    fast, slow = record(seed), record(seed, skip=False)
    assert fast.answers.size > 100
    assert fast.difference(slow) == ""


@pytest.mark.parametrize("seed", [3, 4])
def test_replay_and_cocotb_give_the_same(seed: int, tmp_path: Path) -> None:
    made = record(seed)
    made.save(tmp_path / "record.json")
    (tmp_path / "script").write_bytes(made.script({Config.SKIP: 1}))
    subprocess.run(
        [server(), "--replay", tmp_path / "script", "--answers", tmp_path / "answers"], check=True
    )
    replayed = Record()
    replayed.take_answers((tmp_path / "answers").read_bytes())
    assert made.difference(replayed) == ""
    for skip in "10":
        outcome = runner.run(
            runner.load("top"),
            environment={"HXCOSIM_PROGRAM": str(tmp_path / "record.json"), "SKIP": skip},
            output=tmp_path,
        )
        hosted = Record.load(outcome.folder / "answers.json")
        assert made.difference(hosted) == ""
        reports = frames((outcome.folder / "answers.bin").read_bytes())
        last = [np.frombuffer(p, np.uint64) for kind, p in reports if kind is Frame.FROZEN][-1]
        assert (last[Report.SKIPPED] > 0) == (skip == "1")


def test_commands_replay_and_serve(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["replay", str(PROGRAMS / "identity.hex"), "--target", "rtl"]) == 0
    assert f"JtagData data=0x{IDENTITY & 0xFFFFFFFF:x}" in capfd.readouterr().out
    made = record(5)
    made.save(tmp_path / "record.json")
    assert main(["replay", str(tmp_path / "record.json"), "--no-skip", "--target", "rtl"]) == 0
    said = capfd.readouterr().out
    assert f"{made.answers.size} answer words, all as recorded" in said and ", 0 skipped" in said
    made.at[3] += np.uint64(2)
    made.save(tmp_path / "record.json")
    assert main(["replay", str(tmp_path / "record.json"), "--target", "rtl"]) == 1
    assert "answer 3:" in capfd.readouterr().out
    failed, wave = str(tmp_path / "record.json"), tmp_path / "last.vcd"
    arguments = ["replay", failed, "--target", "rtl", "--waves", str(wave), "--last", "2"]
    assert main(arguments) == 1
    assert wave.stat().st_size > 0
    left = (int(made.at[3]) - 500) * waves.PS_PER_CYCLE
    assert f"[timestart] {left}\n" in wave.with_suffix(".gtkw").read_text()
    capfd.readouterr()
    for bad, what in (("--to", "-1"), ("--last", "5")):
        given = ["--waves", str(wave)] if what == "-1" else []
        assert main(["replay", failed, *given, bad, what]) == 2
        wanted = "must be a number of us, 0 or more" if given else "is a window of --waves"
        assert f"{bad} {what}: {wanted}" in capfd.readouterr().err

    command = [sys.executable, "-m", "cosim.cli", "serve", "--port", "0", "--idle-exit", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[-1])
        monkeypatch.setenv("FLANGE_SIMULATION_RCF_PORT", str(port))
        for _ in range(2):  # one client after the other
            target = open_target(f"sim://127.0.0.1:{port}")
            target.send(Record.load(PROGRAMS / "identity.hex").steps[1].words)
            target.run()
            assert target.receive()[0] == IDENTITY
            target.close()
        process.terminate()


def test_replay_bad(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p").write_text("zz")
    assert main(["replay", str(tmp_path / "p")]) == 2
    assert "'zz' is no word" in capfd.readouterr().err


def test_port_in_use_bad() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "cosim.cli", "serve", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and f"port in use: 127.0.0.1:{port}" in done.stderr


# Bad input reaches a system that goes on.


def test_unknown_header_bad() -> None:
    target = RtlTarget()
    target.send(np.array([0x55 << 56, TICK, HALT], np.uint64))
    target.run()
    assert [w >> 56 for w in target.receive().tolist()] == [2, 2]
    assert len(target.diagnostics) == 1
    assert target.diagnostics[0].endswith("unknown header, data 0x5500000000000000")
    target.close()


def test_blocked_barrier_bad() -> None:
    target = RtlTarget()
    unanswered = _read(0)  # a register of the chip, whose link is down
    blocked = TO_FPGA["Barrier"].word(omnibus=1)
    words = [TICK, *_write(TIMEOUT, 5000), *unanswered, blocked, TICK, HALT]
    target.send(np.array(words, np.uint64))
    target.run()
    ids = [w >> 56 for w in target.receive().tolist()]
    assert FROM_FPGA["TimeoutNotification"].id in ids, "the timeout is told"
    assert ids[-1] == FROM_FPGA["Loopback"].id, "the halt is answered"
    target.reset()
    target.send(np.array([TICK, HALT], np.uint64))
    target.run()
    assert target.receive().tolist() == [FROM_FPGA["Loopback"].word(tick=1), 2 << 56]
    target.close()
