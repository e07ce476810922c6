# SPDX-License-Identifier: Apache-2.0
"""Record files, recording and replay on the emulator, and the commands around them."""

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from cosim import cli
from cosim.dump import accesses, dump, fields, instruction
from cosim.emulator import Emulator
from cosim.emulator.target import EmuTarget
from cosim.flange import record_file
from cosim.flange.client import FlangeError
from cosim.flange.record import Record, RecordError, Step
from cosim.flange.wire import Config
from cosim.lockstep import Session, random_session
from cosim.recorder import Recorder, open_machine, play
from hal.fisch import addresses, jtag
from hal.hxcomm.messages import TO_FPGA
from hal.hxcomm.target import TargetError

HALT = TO_FPGA["Loopback"].word()
TICK = TO_FPGA["Loopback"].word(tick=1)


def wait(ticks: int) -> list[int]:
    return [TO_FPGA["Setup"].word(), TO_FPGA["WaitUntil"].word(time=ticks)]


def access(address: int, data: int | None = None) -> list[int]:
    head = TO_FPGA["OmnibusAddress"]
    if data is None:
        return [head.word(address=address, byte_enables=15, is_read=1)]
    return [head.word(address=address, byte_enables=15), TO_FPGA["OmnibusData"].word(data=data)]


def recorded(session: Session) -> Record:
    with Recorder(Emulator()) as machine:
        for batch in session.batches:
            if batch.reset:
                machine.reset(3)
            machine.advance(batch.advance)
            machine.configure(rate=batch.rate, stall_random=batch.stall)
            machine.send(*batch.arrays(machine.stats().now))
            machine.run(2**36)
        return machine.record()


@pytest.mark.parametrize("suffix", [".hxr", ".json"])
def test_random_session_runs_again(tmp_path: Path, suffix: str) -> None:
    record = recorded(random_session(11, 3000))
    assert record.answers.size > 100
    record.save(tmp_path / f"r{suffix}")
    loaded = Record.load(tmp_path / f"r{suffix}")
    assert loaded.configuration["chip_seed"] == 0
    assert loaded.script() == record.script()
    assert np.array_equal(loaded.answers, record.answers) and np.array_equal(loaded.at, record.at)
    again = play(loaded, Emulator())
    assert record.difference(again) == ""
    assert again.script() == record.script(), "the words enter at the same cycles, too"


def told(monkeypatch: pytest.MonkeyPatch, progress: str) -> list[str]:
    """What is shown as progress from now on; an empty text where the line is cleared."""
    shown: list[str] = []

    class Line:
        def __call__(self, text: str) -> None:
            shown.append(text)

        def clear(self) -> None:
            shown.append("")

    monkeypatch.setattr(progress, Line)
    return shown


def test_progress_of_a_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = told(monkeypatch, "cosim.recorder.Progress")
    record = recorded(random_session(3, 20))
    shown.clear()
    play(record, Emulator())
    steps = len(record.steps)
    assert steps and shown == [*(f"step {k + 1} of {steps}" for k in range(steps)), ""]


def test_progress_of_a_dump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = told(monkeypatch, "cosim.progress.Progress")
    recorded(random_session(3, 2000)).save(tmp_path / "r.hxr")
    for into_a_file in (True, False):
        monkeypatch.setattr("stat.S_ISREG", lambda mode, answer=into_a_file: answer)
        shown.clear()
        assert cli.main(["dump", str(tmp_path / "r.hxr")]) == 0
        lines = len(capsys.readouterr().out.splitlines())
        assert lines > 1024
        lots = [f"{n} lines" for n in range(0, lines, 1024)] if into_a_file else []
        assert shown == [*lots, ""]


def test_record_is_compact(tmp_path: Path) -> None:
    memory = addresses.PPU_MEMORY
    words = [w for i in range(4096) for w in access(memory.address(i), i)]
    record = play(Record.program([*words, HALT]), Emulator())
    record.save(tmp_path / "r.hxr")
    assert (tmp_path / "r.hxr").stat().st_size < 0.35 * 16 * len(words)


def test_what_a_reset_drops_is_left_out() -> None:
    with Recorder(Emulator()) as machine:
        machine.send([TICK, *wait(100), TICK, HALT], [5, 5, 5, 5, 10_000])
        with pytest.raises(FlangeError, match="timeout"):
            machine.run(500)
        machine.reset()
        machine.send([TICK, HALT])
        machine.run()
        record = machine.record()
    kinds = [step.kind for step in record.steps]
    assert kinds == ["words", "advance", "reset", "words", "run"]
    assert record.steps[0].words.tolist() == [TICK, *wait(100), TICK]
    assert record.difference(play(record, Emulator())) == ""


def test_a_truncated_program_takes_no_time_and_leaves_no_step() -> None:
    with Recorder(Emulator()) as machine:
        machine.send([TICK])
        with pytest.raises(FlangeError, match="no halt queued"):
            machine.run()
        machine.send([HALT])
        machine.run()
        assert machine.receive().size and not machine.receive().size
        assert [step.kind for step in machine.record().steps] == ["words", "words", "run"]


def test_target_record() -> None:
    target = EmuTarget(record=True)
    target.send(np.array([TICK, HALT], np.uint64))
    target.run()
    assert target.receive().size == target.record().answers.size > 0
    assert play(target.record(), Emulator()).difference(target.record()) == ""


def test_record_must_be_asked_for_bad() -> None:
    with pytest.raises(FlangeError, match="open the target with record=True"):
        EmuTarget().record()


def test_target_without_times_bad() -> None:
    with (
        pytest.raises(TargetError, match="target 'mock' has no recorded times"),
        open_machine("mock"),
    ):
        pass


# Bad files.


@pytest.fixture
def file(tmp_path: Path) -> Path:
    play(Record.program([TICK, HALT]), Emulator()).save(tmp_path / "r.hxr")
    return tmp_path / "r.hxr"


def test_every_truncation_is_refused_bad(file: Path) -> None:
    data = file.read_bytes()
    for size in range(len(data)):
        file.write_bytes(data[:size])
        with pytest.raises(RecordError, match=f"r.hxr is not a record: truncated: {size}|contents"):
            Record.load(file)


def test_every_flipped_byte_is_refused_bad(file: Path) -> None:
    data = file.read_bytes()
    unused = range(10, 12)
    for place in set(range(len(data))) - set(unused):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        with pytest.raises(RecordError, match="is not a record"):
            Record.load(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d + b"x", "corrupted: the checksum does not fit"),
        (lambda d: d[:40] + b"?" + d[41:], "corrupted: the checksum does not fit"),
        (lambda d: d[:8] + b"\x63\0" + d[10:], "version 99, made by a newer hxcosim; this reads"),
        (lambda d: d[:8] + b"\1\0" + d[10:], "the old version 1"),
        (lambda d: d.replace(b"\r\n", b"\n"), "does not begin like one"),
        (lambda d: b"", "truncated: 0 bytes"),
    ],
)
def test_bad_file_bad(file: Path, change: object, message: str) -> None:
    file.write_bytes(change(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(RecordError, match=message):
        Record.load(file)


@pytest.mark.parametrize(
    ("steps", "message"),
    [([["dance", 0, 2, 0]], "unknown step 'dance'"), ([["words", 0, 1, 0]], "has 2 entries for 1")],
)
def test_inconsistent_file_bad(tmp_path: Path, steps: object, message: str) -> None:
    two, none = np.zeros(2, np.uint64), np.empty(0, np.uint64)
    columns = {"words": two, "entered": none, "answers": none, "left": none}
    data = record_file.pack({"configuration": {}, "steps": steps}, columns)
    (tmp_path / "r.hxr").write_bytes(data)
    with pytest.raises(RecordError, match=message):
        Record.load(tmp_path / "r.hxr")


def test_unwritable_bad(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"cannot write the record .*: No such file"):
        Record().save(tmp_path / "none" / "r.hxr")


# Commands.


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program, first, second = tmp_path / "p.hex", tmp_path / "a.hxr", tmp_path / "b.hxr"
    program.write_text(f"{TICK:x} {HALT:x}")
    assert cli.main(["record", str(program), "-o", str(first), "--target", "emu"]) == 0
    assert "2 words in, 2 answer words" in capsys.readouterr().out
    assert cli.main(["replay", str(first)]) == 0
    assert "emu: 2 answer words, all as recorded" in capsys.readouterr().out
    assert cli.main(["replay", str(first), "--no-skip"]) == 0
    assert ", 0 skipped" in capsys.readouterr().out
    assert cli.main(["replay", str(first), "--waves", "w.fst"]) == 2
    assert "'emu' has no recorded times with waves" in capsys.readouterr().err
    assert cli.main(["replay", str(program)]) == 0
    assert "Loopback tick=1" in capsys.readouterr().out
    assert cli.main(["record", str(first), "-o", str(second)]) == 0
    assert cli.main(["diff", str(first), str(second)]) == 0
    assert capsys.readouterr().out.endswith("equal\n")

    record = Record.load(first)
    record.at[-1] += np.uint64(2)
    record.save(second)
    assert cli.main(["replay", str(second)]) == 1
    assert "DIFFERENCE: answer 1" in capsys.readouterr().out
    assert cli.main(["diff", str(first), str(second)]) == 1
    assert "first different answer (line 1)" in capsys.readouterr().out

    assert cli.main(["dump", str(first)]) == 0
    assert "Loopback tick=1" in capsys.readouterr().out
    assert cli.main(["dump", str(tmp_path / "none")]) == 2
    assert "cannot read the program" in capsys.readouterr().err


def test_diff_of_words_and_packing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = Record.program([TICK, HALT]), Record.program([TICK, TICK, HALT])
    a.save(tmp_path / "a.hxr")
    b.save(tmp_path / "b.hxr")
    assert cli.main(["diff", str(tmp_path / "a.hxr"), str(tmp_path / "b.hxr")]) == 1
    assert "first different step or word (line 1)" in capsys.readouterr().out
    for name, words in (("a", [1 << 63]), ("b", [1 << 63, 1 << 63])):
        column = np.array(words, np.uint64)
        Record(answers=column, at=column >> np.uint64(60)).save(tmp_path / f"{name}.hxr")
    assert cli.main(["diff", str(tmp_path / "a.hxr"), str(tmp_path / "b.hxr")]) == 1
    assert "their packing into words does not" in capsys.readouterr().out


# Text.


def scan(instruction_register: int, data: int, bits: int) -> list[int]:
    return [
        TO_FPGA["JtagIns"].word(instruction=instruction_register),
        TO_FPGA["JtagData"].word(data=data, num_bits=bits),
    ]


def test_table_of_accesses() -> None:
    memory = addresses.PPU_MEMORY.address(7, block=1)
    filter_ = addresses.WRITE_RESPONSE_FILTER.base
    words = [
        *access(filter_, 1),
        *access(filter_),
        *scan(jtag.OMNIBUS_ADDRESS.ir, memory, 33),
        *scan(jtag.OMNIBUS_DATA.ir, 0x1234, 32),
        *scan(jtag.OMNIBUS_REQUEST.ir, 0, 3),
        *scan(jtag.OMNIBUS_ADDRESS.ir, memory | 1 << jtag.OMNIBUS_ADDRESS_READ_BIT, 33),
        *scan(jtag.OMNIBUS_REQUEST.ir, 0, 3),
        HALT,
    ]
    record = play(Record.program(words), Emulator())
    found = [(a.route, a.is_read, a.address, a.data) for a in accesses(record)]
    assert found == [
        ("link", False, filter_, 1),
        ("link", True, filter_, 1),
        ("jtag", False, memory, 0x1234),
        ("jtag", True, memory, None),
    ]
    rows = [line.split() for line in dump(record)]
    assert ["ppu_memory.bottom[7]", "PPUMemoryWord(4103)", "value=4660"] in [r[-3:] for r in rows]


def test_instructions_read_well() -> None:
    assert instruction(1 << 63) == "filler"
    assert instruction(99 << 56) == "unknown header"
    assert instruction(access(0x7FFFFFFF)[0]).endswith("# unmapped")
    assert "# " + jtag.OMNIBUS_DATA.name in instruction(scan(jtag.OMNIBUS_DATA.ir, 0, 32)[0])
    assert instruction(TO_FPGA["WaitUntil"].word(time=16)) == "WaitUntil time=0x10"


def test_fields_by_container() -> None:
    node = addresses.CROSSBAR_NODE.base + 3
    assert fields(node, 0x8000_0001 | 5 << 16) == (
        "CrossbarNode(3) mask=1 target=5 enable_drop_counter=1"
    )
    assert fields(node, None) == "CrossbarNode(3)"
    assert fields(0x7FFFFFFF, 1) == ""


@pytest.mark.usefixtures("interruptible")
def test_interrupted_record_has_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It replays: with all of its answers, up to the cycle of the interrupt."""
    slow = Step("config", np.array([Config.SKIP, 0], np.uint64))
    words = [Step("words", np.array([*w, HALT], np.uint64)) for w in ([TICK], wait(2**31))]
    steps = [slow, words[0], Step("run"), words[1], Step("run")]
    Record(steps).save(tmp_path / "long.hxr")
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    out = tmp_path / "out.hxr"
    assert cli.main(["record", str(tmp_path / "long.hxr"), "-o", str(out)]) == 130
    told = f"hxcosim: interrupted; {out} has what was done (stopped in step 5 of 5)\n"
    assert capsys.readouterr().err == told
    kept = Record.load(out)
    assert kept.answers.size == 2 and kept.steps[-1].kind == "advance"
    assert cli.main(["replay", str(out)]) == 0
    assert "2 answer words, all as recorded" in capsys.readouterr().out


def test_record_nowhere_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Told before the run, whose record would be lost."""
    (tmp_path / "p.hex").write_text("0\n")  # has no halt
    for place in (tmp_path, tmp_path / "no" / "r.hxr"):
        assert cli.main(["record", str(tmp_path / "p.hex"), "-o", str(place)]) == 2
        assert f"cannot write the record {place}: it must be a file" in capsys.readouterr().err
