# SPDX-License-Identifier: Apache-2.0
"""First light on the Verilated system: the main job, words on the wire, exact release, memories."""

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from waveform_file import changes

from cosim import cli, first_light
from cosim.build import runner, trace_format
from cosim.flange.build import server
from cosim.flange.client import Connection, Server
from cosim.flange.record import Record
from cosim.flange.target import RtlTarget
from cosim.lockstep import compare, random_session
from cosim.lockstep.programs import bring_up, jtag_scan, word, write
from hal.fisch import addresses, jtag
from hal.hxcomm.codec import decode
from hal.hxcomm.messages import TO_FPGA

IDENTITY = 0x348580AF
HALT = word("Loopback")
MEMORY_WORDS = 4096


def answers(words: list[int], target: RtlTarget) -> list[int]:
    """Run words and a halt; what came back, in words."""
    target.send(np.array([*words, HALT], np.uint64))
    target.run()
    return [int(w) for w in target.receive()]


# The main job.


@pytest.mark.parametrize("waves", [False, True])
def test_run(waves: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Passes, and leaves what it says; its record replays with the same words and times."""
    options = ["--to", "60"] if waves else ["--no-waves"]
    assert cli.main(["run", "--output", str(tmp_path), *options]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith("hxcosim run: PASS ")
    left = {path.name: path for path in tmp_path.iterdir()}
    assert all(path.stat().st_size for path in left.values())
    assert left["timeline.png"].read_bytes().startswith(b"\x89PNG")
    assert json.loads(left["record.json"].read_text())
    waveforms = {"run.fst", "run.vcd"} & left.keys()
    assert bool(waveforms) == waves == ("run.gtkw" in left) == ("run.surfer" in left)
    assert "results in" in out and all(name in out for name in left)
    assert cli.main(["replay", str(left["record.json"]), "--target", "rtl"]) == 0
    assert "all as recorded" in capsys.readouterr().out


def test_interrupted_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was done is a record that replays."""
    whole = first_light.run

    def interrupted(*arguments: Any) -> Iterator[first_light.Row]:
        yield from islice(whole(*arguments), 3)
        raise KeyboardInterrupt

    monkeypatch.setattr(first_light, "run", interrupted)
    assert cli.main(["run", "--output", str(tmp_path), "--no-waves"]) == 130
    told = f"hxcosim: interrupted; 3 checks were done; {tmp_path} has the record so far\n"
    assert capsys.readouterr().err == told
    assert cli.main(["replay", str(tmp_path / "record.json")]) == 0
    assert "all as recorded" in capsys.readouterr().out


def test_run_into_an_unwritable_folder_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert cli.main(["run", "--output", str(tmp_path / "file" / "run")]) == 2
    assert "cannot write results to" in capsys.readouterr().err


# Worked examples of the interface reference, section 1.7, as they are on the wire.


def test_worked_examples_on_the_wire() -> None:
    target = RtlTarget()
    # 8: the whole program that reads the identity.
    program = Path(__file__).parents[2] / "testbench" / "top" / "identity.hex"
    target.send(Record.load(program).steps[1].words)
    target.run()
    assert target.receive().tolist() == [0x0000_0000_3485_80AF, 0x0200_0000_0000_0000]
    # 1: read the timer; 5 FPGA cycles after it was set to 0 it is 6 on the bus.
    (timer, halt) = answers([0x0400 << 48, 0x0B00_001F_8800_000C], target)
    assert (timer, halt) == (0x0100_0000_0000_0001, 0x0200_0000_0000_0000)
    # 3: 33 bits through the bypass register, with answer.
    (bits, _) = answers([0x0200_0000_0000_007F, 0x0301_2101_1234_5678], target)
    assert bits == (0x1_1234_5678 << 1) % (1 << 33)
    # 2: write a word of chip memory, over the link, and read it.
    target.send(np.array([*bring_up(10**6), HALT], np.uint64))
    target.run()
    target.receive()
    got = answers([0x0B00_000F_0280_0000, 0x0C00_0000_DEAD_BEEF, 0x0B00_001F_0280_0000], target)
    assert 0x0100_0000_DEAD_BEEF in got
    # 4: three spikes in one pack come back from the crossbar after reset.
    wait = [word("Setup"), 0x0F00_1111_2222_3333, word("WaitUntil", time=300)]
    target.send(np.array([*wait, HALT], np.uint64))
    target.run()
    spikes = decode(target.receive()).spikes
    assert sorted(spikes["label"].tolist()) == [0x1111, 0x2222, 0x3333]
    assert target.diagnostics == []
    target.close()


# Release at exactly the programmed tick.


def timed_program() -> tuple[np.ndarray, list[tuple[int, int, int]]]:
    """10^4 timed spikes and 10^4 writes; for each its timer value, if it is a write, its data."""
    rng = random.Random(2)
    words, planned, now = [word("Setup")], [], 10
    mask = addresses.POLLING_BLOCK.base + 1
    words += write(mask, 0)[:1]
    for k in range(20_000):
        now += rng.choice([2, 2, 3, rng.randint(2, 20)])
        value = rng.getrandbits(16)
        words.append(word("WaitUntil", time=now - 1))
        words.append(word("OmnibusData", data=value) if k % 2 else word("SpikePack1", label0=value))
        planned.append((now, k % 2, value))
    return np.array([*words, HALT], np.uint64), planned


def test_release_without_jitter(tmp_path: Path) -> None:
    """The executor's timer in the tick of release, read from the signals of the running bench."""
    words, planned = timed_program()
    Record.program(words).save(tmp_path / "record.json")
    outcome = runner.run(
        runner.load("top"),
        environment={"HXCOSIM_PROGRAM": str(tmp_path / "record.json")},
        output=tmp_path,
    )
    lines = (outcome.folder / "releases.txt").read_text().splitlines()
    found = [tuple(map(int, line.split())) for line in lines]
    assert found == planned


def waveform_states(path: Path, names: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Values of signals of the FPGA half after each time at which one of them changed."""
    at_time: dict[int, dict[str, int]] = {}
    fpga = "flange_top.u_system.u_fpga"
    for name, found in changes(path, [f"{fpga}.{name}" for name in names]).items():
        for time, value in found:
            at_time.setdefault(time, {})[name] = value
    now = {f"{fpga}.{name}": 0 for name in names}
    states = []
    for time in sorted(at_time):
        now |= at_time[time]
        states.append(tuple(now.values()))
    return states


@pytest.mark.skipif(trace_format() != "fst", reason="FST needs the lz4 and zlib headers")
def test_release_without_jitter_in_the_waveform(tmp_path: Path) -> None:
    """The same, read off the waveform file."""
    words, planned = timed_program()
    target = RtlTarget(waves=tmp_path / "run.fst")
    target.send(words)
    target.run()
    target.close()
    states = waveform_states(
        tmp_path / "run.fst", ("timer", "u_lanes.executes_i", "u_lanes.word_i")
    )
    released = {timer: content for timer, executes, content in states if executes}
    kinds = {TO_FPGA["SpikePack1"].id: 0, TO_FPGA["OmnibusData"].id: 1}
    found = [
        (timer, kinds[content >> 56], content & 0xFFFF)
        for timer, content in sorted(released.items())
        if content >> 56 in kinds
    ]
    assert found == planned


# Memories and skipping.


def test_both_memories_over_jtag() -> None:
    """Every word of both processor memories, written and read back over JTAG."""
    target = RtlTarget()
    answers([word("Reset", reset=1)], target)
    answers([word("Reset"), word("JtagScaler"), word("JtagInit")], target)
    rng = np.random.default_rng(3)
    values = rng.integers(0, 2**32, 2 * MEMORY_WORDS, dtype=np.uint32).tolist()
    for memory in range(2):
        base = addresses.PPU_MEMORY.address(block=memory)
        writes, reads = [], []
        mine = values[memory * MEMORY_WORDS : (memory + 1) * MEMORY_WORDS]
        for index, value in enumerate(mine):
            address = base + index
            writes += jtag_scan(jtag.OMNIBUS_ADDRESS.ir, address, 33)
            writes += jtag_scan(jtag.OMNIBUS_DATA.ir, value, 32)
            writes += jtag_scan(jtag.OMNIBUS_REQUEST.ir, 0, 3)
            reads += jtag_scan(jtag.OMNIBUS_ADDRESS.ir, 1 << 32 | address, 33)
            reads += jtag_scan(jtag.OMNIBUS_REQUEST.ir, 0, 3)
            reads += jtag_scan(jtag.OMNIBUS_DATA.ir, 0, 32, keep=True)
        answers(writes, target)
        *got, halt = answers(reads, target)
        assert halt == 0x02 << 56
        assert got == mine
    target.close()


def test_sessions_are_the_same_with_and_without_skipping() -> None:
    """20 random sessions of lock-step; the other machine clocks every cycle."""
    skipped = 0
    for seed in range(20):
        machines = []
        for skip in (True, False):
            process = Server(server())
            machines.append(Connection(process.host, process.port, process))
            machines[-1].configure(skip=skip)
        assert not compare(*machines, random_session(seed, 30)), f"session {seed}"
        skipped += machines[0].stats().skipped
        assert machines[1].stats().skipped == 0
        for machine in machines:
            machine.close()
    assert skipped > 10_000
