# SPDX-License-Identifier: Apache-2.0
"""The link, on the stand-in for the system: times, skipping, replay, and all that goes wrong.

Both builds (with and without waveforms) are shared by all tests.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from waveform_file import changes

from cosim.build import trace_format
from cosim.flange.build import server
from cosim.flange.client import Connection, FlangeError, Server
from cosim.flange.record import Record, frame
from cosim.flange.target import RtlTarget
from cosim.flange.wire import HEADER, HELLO, MAGIC, VERSION, Config, Frame, Status
from cosim.recorder import Recorder
from cosim.window import PS_PER_CYCLE
from hal import stadls
from hal.hxcomm import ManagedConnection, ManagedMultiSimConnection, messages
from hal.hxcomm.target import Target, open_target

STAND_IN = Path(__file__).parents[2] / "testbench" / "flange" / "hx_system.sv"
IDS = messages.constants()


def _word(message: str, payload: int = 0) -> int:
    number = IDS[f"ToFpga{message}Id"]
    assert isinstance(number, tuple)
    return number[1] << 56 | payload


HALT, TICK = _word("Loopback", 0), _word("Loopback", 1)
SETUP, TIME = _word("Setup"), _word("SystimeInit")


def wait_until(fpga_cycles: int) -> int:
    return _word("WaitUntil", fpga_cycles)


@pytest.fixture(scope="session")
def binary() -> Path:
    return server(STAND_IN)


@pytest.fixture
def link(binary: Path) -> Iterator[Connection]:
    process = Server(binary)
    with Recorder(Connection(process.host, process.port, process)) as connection:
        connection.reset()
        yield connection
    assert process.process.returncode in (0, -signal.SIGKILL)


def random_program(rng: np.random.Generator, n: int) -> list[int]:
    """Ticks, times, waits and memory traffic, with a halt at the end."""
    words = [SETUP]
    now = 0
    for _ in range(n):
        kind = rng.integers(5)
        address = int(rng.integers(256))
        if kind == 0:
            words.append(TICK)
        elif kind == 1:
            words.append(TIME)
        elif kind == 2:
            now += int(rng.integers(1, 3000))
            words.append(wait_until(now))
        elif kind == 3:
            words.append(_word("OmnibusAddress", 0xF << 32 | address))
            words.append(_word("OmnibusData", int(rng.integers(2**32))))
        else:
            words.append(_word("OmnibusAddress", 0x1F << 32 | address))
    return [*words, HALT]


# Time.


def test_answers_and_times(link: Connection) -> None:
    link.send([TICK, TIME, HALT])
    state = link.run()
    words, at = link.receive_timed()
    assert words.tolist() == [0x02 << 56 | 1, 0x05 << 56 | int(at[1]) // 2 - 1, 0x02 << 56]
    assert np.diff(at).tolist() == [2, 2] and state.status is Status.HALTED
    assert state.now == at[-1], "frozen on the cycle in which the answer to the halt has left"


def test_frozen_between_programs(link: Connection) -> None:
    link.send([HALT])
    first = link.run().now
    time.sleep(0.05)  # wall-clock time that must not become emulated time
    link.send([HALT])
    assert link.stats().now == first
    link.run()
    a = link.receive_timed()[1]
    link.advance(100)
    link.send([HALT])
    link.run()
    b = link.receive_timed()[1]
    assert int(b[0] - a[1]) == int(a[1] - a[0]) + 100


def test_several_halts(link: Connection) -> None:
    link.send([HALT, TICK])
    link.send([HALT, TICK])
    link.run()
    assert link.receive().tolist() == [0x02 << 56, 0x02 << 56 | 1, 0x02 << 56]
    link.send([HALT])
    link.run()
    assert link.receive().tolist() == [0x02 << 56 | 1, 0x02 << 56]


def test_large_program(link: Connection) -> None:
    words = np.full(300_000, TICK, np.uint64)
    words[-1] = HALT
    link.send(words)
    state = link.run()
    answers, at = link.receive_timed()
    assert answers.size == words.size and np.all(np.diff(at) == 2)
    assert state.calls < state.words_in / 64, "words cross in batches"


def test_rate(link: Connection) -> None:
    link.configure(rate=7)
    link.send([TICK, TICK, TICK, HALT])
    link.run()
    assert np.diff(link.receive_timed()[1]).tolist() == [14, 14, 14]


def test_not_before(link: Connection) -> None:
    link.send([TICK, HALT], [1001, 5000])
    link.run()
    at = link.receive_timed()[1]
    assert link.record().steps[1].at.tolist() == [1001, 5001]
    assert int(at[1] - at[0]) == 4000


@pytest.mark.parametrize("stall", [{"stall_random": (3, 64)}, {"stall_periodic": (5, 2)}])
def test_back_pressure(link: Connection, stall: dict[str, Any]) -> None:
    words = random_program(np.random.default_rng(1), 300)
    for _ in range(2):  # the first round fills the memory
        link.send(words)
        link.run()
        free = link.receive()
    link.configure(**stall)
    link.send(words)
    link.run()
    held, held_at = link.receive_timed()
    assert held.size == free.size
    # Only answers with a time in them may differ.
    same = (free >> np.uint64(56)) != 5
    assert np.array_equal(free[same], held[same])
    link.send([*[TICK] * 300, HALT])
    link.run()
    full_at = link.receive_timed()[1]
    assert full_at[-1] - full_at[0] > 2 * 300 * 2
    if "stall_periodic" in stall:
        held_at = np.concatenate([held_at, full_at])
        assert np.all((held_at >> np.uint64(1)) % np.uint64(5) < 2)


@pytest.mark.parametrize("seed", range(3))
def test_skipping_changes_nothing(binary: Path, seed: int) -> None:
    results = []
    for skip in (True, False):
        rng = np.random.default_rng(seed)
        process = Server(binary)
        with Connection(process.host, process.port, process) as link:
            link.reset()
            link.configure(skip=skip, stall_random=(seed, 128), rate=int(rng.integers(1, 4)))
            for _ in range(3):
                link.send(random_program(rng, 60))
                link.run()
                link.advance(int(rng.integers(1, 500)))
            state = link.stats()
            results.append((*link.receive_timed(), state.now))
            assert (state.skipped > 0) == skip
            assert state.cycles + state.skipped == state.now + 1
    assert np.array_equal(results[0][0], results[1][0])
    assert np.array_equal(results[0][1], results[1][1])
    assert results[0][2] == results[1][2]


def test_one_second_is_short(link: Connection) -> None:
    link.send([SETUP, wait_until(125_000_000), HALT])
    state = link.run()
    assert state.now > 250_000_000 and state.cycles < 1000


def test_reset_drops_words_but_no_memory(link: Connection) -> None:
    write = [_word("OmnibusAddress", 0xF << 32 | 5), _word("OmnibusData", 77)]
    link.send([*write, HALT])
    link.run()
    link.send([TICK, wait_until(2**32 - 1), TICK, HALT])
    with pytest.raises(FlangeError, match="timeout"):
        link.run(2000)
    before = link.stats().now
    state = link.reset(10)
    assert state.now - before == 20 and state.halts == 0 and state.queued == 0
    link.send([_word("OmnibusAddress", 0x1F << 32 | 5), HALT])
    link.run()
    assert link.receive().tolist() == [0x01 << 56 | 77, 0x02 << 56]


def test_replay_from_memory_is_identical(binary: Path, link: Connection, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    link.configure(rate=2, stall_random=(1, 100))
    for _ in range(3):
        link.send(random_program(rng, 200))
        link.run()
        link.advance(37)
    link.send([TICK, wait_until(10**6), HALT])
    with pytest.raises(FlangeError, match="timeout"):
        link.run(1000)
    link.reset()
    link.send([TICK, HALT])
    link.run()
    record = link.record()
    record.save(tmp_path / "record.json")
    (tmp_path / "script").write_bytes(Record.load(tmp_path / "record.json").script())
    done = subprocess.run(
        [binary, "--replay", tmp_path / "script", "--answers", tmp_path / "answers"],
        capture_output=True,
        check=True,
    )
    again = Record()
    again.take_answers((tmp_path / "answers").read_bytes())
    assert again.answers.size > 100
    assert np.array_equal(again.answers, record.answers)
    assert np.array_equal(again.at, record.at)
    assert json.loads(done.stdout)["words_out"] == record.answers.size


def test_diagnostics(link: Connection) -> None:
    link.send([0xFF << 56 | 3, HALT])
    link.run()
    (remark,) = link.diagnostics()
    assert (remark.code, remark.data) == (1, 0xFF << 56 | 3)
    assert str(remark) == f"cycle {remark.at}: unknown header, data 0xff00000000000003"
    assert link.diagnostics() == [] and link.receive().tolist() == [0x02 << 56]


# Bad input.


def test_truncated_program_bad(link: Connection) -> None:
    link.send([TICK, TICK])
    before = link.stats().now
    with pytest.raises(FlangeError, match="no halt queued"):
        link.run()
    assert link.stats().now == before
    link.send([HALT])
    link.run()
    assert link.receive().tolist() == [0x02 << 56 | 1, 0x02 << 56 | 1, 0x02 << 56]


def test_timeout_is_emulated_and_loses_nothing_bad(link: Connection) -> None:
    link.send([SETUP, TICK, wait_until(5000), HALT])
    before = link.stats().now
    with pytest.raises(
        FlangeError, match=r"1 halts without an answer after 3000 cycles \(1\.2e-05"
    ):
        link.run(3000)
    assert link.stats().now == before + 3000
    assert link.receive().tolist() == [0x02 << 56 | 1]
    link.run()
    assert link.receive().tolist() == [0x02 << 56]


def test_second_client_is_refused_bad(link: Connection) -> None:
    host, port = link._where.split(":")
    with pytest.raises(FlangeError, match="refused the connection: another client is connected"):
        Connection(host, int(port))
    link.send([HALT])
    link.run()


def test_port_in_use_bad(binary: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(FlangeError, match=f"did not start.*port in use: 127.0.0.1:{port}"):
            Server(binary, port=port)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--port", "70000"], "--port 70000: must be a number in 0..65535"),
        (["--port", "ten"], "--port ten: must be a number in 0..65535"),
        (["--waves-from", "-1"], r"--waves-from -1: must be a number in 0..17592186044415"),
        (["--waves-to", ""], r"--waves-to : must be a number in 0..17592186044415"),
        *(
            (["--idle-exit", bad], f"--idle-exit {bad}: must be a number of seconds, 0 or more")
            for bad in ("soon", "5x", "-1", "nan", "1e999", "")
        ),
        (["--host", "nowhere"], "host nowhere is not an IPv4 address"),
        (["--frobnicate", "1"], "unknown option --frobnicate"),
        (["--port"], "option --port is unknown or lacks a value"),
        (["--replay", "/nonexistent"], "cannot read script /nonexistent: No such file"),
        (["--replay", "{cut}"], "ends in the middle of a frame"),
        (["--replay", "{cut}", "--answers", "{cut}/x"], "cannot write answers to .*: Not a dir"),
        (["--waves", "w.vcd", "--replay", "{empty}"], "was built without waveforms"),
    ],
)
def test_server_options_bad(binary: Path, tmp_path: Path, options: list[str], message: str) -> None:
    (tmp_path / "cut").write_bytes(b"abc")
    (tmp_path / "empty").write_bytes(b"")
    filled = [o.format(cut=tmp_path / "cut", empty=tmp_path / "empty") for o in options]
    done = subprocess.run([binary, *filled], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert re.search(message, done.stderr), done.stderr


def test_simulator_killed_in_mid_run_bad(binary: Path) -> None:
    process = Server(binary)
    link = Connection(process.host, process.port, process)
    link.configure(skip=False)
    link.send([SETUP, wait_until(2**32 - 1), HALT])
    threading.Timer(0.2, process.process.kill).start()
    began = time.monotonic()
    with pytest.raises(FlangeError, match="is gone: killed by SIGKILL"):
        link.run()
    assert time.monotonic() - began < 1.2 + 1.0, "noticed within a second"
    with pytest.raises(FlangeError, match="is closed"):
        link.send([HALT])
    link.close()


def test_simulation_crashes_bad(binary: Path) -> None:
    process = Server(binary)
    link = Connection(process.host, process.port, process)
    link.send([0xFE << 56, HALT])
    with pytest.raises(FlangeError, match=r"is gone: exit status .*this word is a crash"):
        link.run()
    link.close()


def test_attached_simulator_killed_bad(binary: Path) -> None:
    process = Server(binary)
    link = Connection(process.host, process.port)
    process.process.kill()
    link_error = "is gone: it closed the connection"
    with pytest.raises(FlangeError, match=link_error):
        link.run()
    process.stop()


CLIENT = """
import sys
from cosim.flange.client import Connection
link = Connection("127.0.0.1", int(sys.argv[1]))
link.configure(skip=False)
link.send([{setup}, {wait}, {halt}])
print("running", flush=True)
link.run()
"""


def _killed_client(port: int) -> None:
    program = CLIENT.format(setup=SETUP, wait=wait_until(2**32 - 1), halt=HALT)
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(port)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "running\n"
    time.sleep(0.1)
    child.kill()
    child.wait()
    child.stdout.close()


def test_client_killed_in_mid_run_ends_the_server_bad(binary: Path) -> None:
    process = Server(binary)
    _killed_client(process.port)
    assert process.process.wait(10.0) == 0, "noticed"
    process.stop()


def test_client_killed_in_mid_run_server_waits_bad(binary: Path) -> None:
    process = subprocess.Popen([binary, "--idle-exit", "60"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    port = int(process.stdout.readline().split()[-1])
    _killed_client(port)
    deadline = time.monotonic() + 10.0
    while True:
        try:
            link = Connection("127.0.0.1", port)
            break
        except FlangeError:
            assert time.monotonic() < deadline, "the dead client is noticed"
    assert link.state.halts == 0 and link.state.queued == 0
    link.send([TICK, HALT])  # nothing of the dead client is left in front of it
    with pytest.raises(FlangeError, match="timeout"):
        link.run(5000)  # but the system itself still waits, until the connection is reset
    link.reset()
    link.send([TICK, HALT])
    link.run()
    assert link.receive().tolist() == [0x02 << 56 | 1, 0x02 << 56]
    link.close()
    with Connection("127.0.0.1", port) as other:
        other.shutdown()
    assert process.wait(5) == 0
    process.stdout.close()


def test_nobody_comes(binary: Path) -> None:
    assert (
        subprocess.run([binary, "--idle-exit", "0.3"], timeout=5, capture_output=True).returncode
        == 0
    )


@pytest.mark.usefixtures("interruptible")
def test_interrupt_by_keyboard(binary: Path) -> None:
    process = Server(binary)
    with Connection(process.host, process.port, process) as link:
        link.configure(skip=False)
        link.send([SETUP, wait_until(2**32 - 1), HALT])
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            link.run()
        assert link.stats().halts == 1, "the simulation lives and has lost nothing"
        link.configure(skip=True)
        link.run()
        assert link.receive().tolist() == [0x02 << 56]


@pytest.mark.parametrize("presses", [1, 2])
@pytest.mark.usefixtures("interruptible")
def test_interrupt_within_a_frame(
    binary: Path, monkeypatch: pytest.MonkeyPatch, presses: int
) -> None:
    """It waits for the end of the frame, and nothing is lost; a second one ends the connection."""
    process, count = Server(binary), 400_000
    with Connection(process.host, process.port, process) as link:
        read, left = link._read, [None] * presses

        def pressed(size: int) -> bytes:
            while left and size > HEADER.sizeof():
                left.pop()
                signal.raise_signal(signal.SIGINT)
            return read(size)

        monkeypatch.setattr(link, "_read", pressed)
        link.send([TICK] * count + [HALT])
        with pytest.raises(KeyboardInterrupt):
            link.run()
        if presses == 1:
            assert link.stats().halts == 1
            link.run()
            assert link.receive().size == count + 1
        else:
            with pytest.raises(FlangeError, match="is closed"):
                link.run()
    assert process.process.wait(10) is not None


def _raw(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize(
    ("hello", "message"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"did not say hello"),
        (
            b"".join(
                frame(
                    Frame.HELLO,
                    HELLO.build({"magic": MAGIC, "version": VERSION + 1, "text": b""}),
                )
            ),
            b"speaks version 1 of the link, the client 2",
        ),
    ],
)
def test_stranger_is_refused_bad(binary: Path, hello: bytes, message: bytes) -> None:
    process = Server(binary)
    with _raw(process.port) as stranger:
        stranger.sendall(hello)
        answer = b"".join(iter(lambda: stranger.recv(4096), b""))
    assert HEADER.parse(answer).kind == Frame.REFUSED and message in answer
    with Connection(process.host, process.port, process) as link:
        link.send([HALT])
        link.run()


def test_no_flange_server_bad() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        def answer() -> None:
            peer, _ = other.accept()
            peer.recv(100)
            peer.sendall(b"".join(frame(Frame.STATS, b"x" * 12)))
            peer.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(FlangeError, match="is no simulation"):
            Connection("127.0.0.1", other.getsockname()[1])
        thread.join()


def test_settings_bad(link: Connection) -> None:
    for bad in ({"rate": 0}, {"stall_random": (1, 0)}, {"stall_periodic": (4, 5)}):
        with pytest.raises(OverflowError, match="must be in"):
            link.configure(**bad)  # type: ignore[arg-type]  # a mix of types on purpose
    link._put(frame(Frame.CONFIG, np.array([99, 1], np.uint64)))
    with pytest.raises(FlangeError, match="setting 99 cannot be 1"):
        link.stats()
    link._put(frame(Frame.CONFIG, np.array([Config.RATE, 0], np.uint64)))
    with pytest.raises(FlangeError, match="setting 1 cannot be 0"):
        link.stats()
    link._put(frame(Frame.WORDS, b"12345"))
    with pytest.raises(FlangeError, match="broken length"):
        link.stats()
    link._put(frame(Frame.WELCOME))
    with pytest.raises(FlangeError, match="unknown frame 129"):
        link.stats()
    with pytest.raises(ValueError, match="not_before has 1 cycles for 2 words"):
        link.send([TICK, HALT], [5])
    link.send([HALT])
    link.run()


# The target.


def test_target(binary: Path) -> None:
    target = RtlTarget(binary=binary, record=True)
    assert isinstance(target, Target) and target.name == "rtl"
    target.run()  # nothing to do
    target.send(np.array([TICK, 0xFF << 56, HALT], np.uint64))
    target.run()
    assert target.receive().tolist() == [0x02 << 56 | 1, 0x02 << 56]
    assert len(target.diagnostics) == 1 and "unknown header" in target.diagnostics[0]
    assert target.now == target.stats().now == int(target.record().at[-1])
    target.send(np.array([TICK], np.uint64))
    target.reset()
    assert target.diagnostics == []
    target.run()
    assert target.receive().size == 0
    target.close()
    target.close()
    with pytest.raises(FlangeError, match="is closed"):
        target.send(np.array([HALT], np.uint64))


def test_target_bad(binary: Path) -> None:
    target = RtlTarget(binary=binary, limit=1000)
    with pytest.raises(TypeError, match="one-dimensional array of uint64"):
        target.send(np.array([1.0]))  # type: ignore[arg-type]  # wrong on purpose
    target.send(np.array([TICK], np.uint64))
    with pytest.raises(FlangeError, match="no halt queued"):
        target.run()
    target.send(np.array([SETUP, wait_until(700), HALT], np.uint64))
    with pytest.raises(FlangeError, match="timeout"):
        target.run()
    target.run()
    assert target.receive().tolist() == [0x02 << 56 | 1, 0x02 << 56]
    target.close()
    for location in ("here", "here:x", "here:0", "here:70000"):
        with pytest.raises(FlangeError, match=f"location '{location}' must be host:port"):
            RtlTarget(location)


def test_target_attaches(binary: Path) -> None:
    process = Server(binary)
    target = open_target(f"sim://127.0.0.1:{process.port}")
    assert target.name == "sim"
    target.send(np.array([HALT], np.uint64))
    target.run()
    assert target.receive().tolist() == [0x02 << 56]
    target.close()
    assert process.stop() == 0


def test_connection_by_the_original_variables(
    binary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Server(binary)
    monkeypatch.setenv("FLANGE_SIMULATION_RCF_HOST", process.host)
    monkeypatch.setenv("FLANGE_SIMULATION_RCF_PORT", str(process.port))
    with ManagedMultiSimConnection() as connection:
        assert connection.get_unique_identifier() in ("simulation", ["simulation"])
    assert process.stop() == 0


def test_connection_by_the_name_of_the_target(
    binary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Server(binary)
    monkeypatch.setenv("HXCOSIM_TARGET", f"sim://127.0.0.1:{process.port}")
    with ManagedConnection() as connection:
        stadls.run(connection, stadls.PlaybackProgramBuilder().done())
    assert process.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.usefixtures("interruptible")
def test_server_ends_in_order(binary: Path, number: signal.Signals) -> None:
    """In the middle of a run: its client is told."""
    process = Server(binary)
    with Connection(process.host, process.port, process) as link:
        link.configure(skip=False)
        link.send([SETUP, wait_until(2**32 - 1), HALT])
        threading.Timer(0.2, lambda: process.process.send_signal(number)).start()
        with pytest.raises(FlangeError, match="the simulation was interrupted at cycle"):
            link.run()
        assert process.process.wait(10) == 128 + number


# Waveforms.


@pytest.mark.usefixtures("interruptible")
def test_waveform_of_an_interrupted_server(tmp_path: Path) -> None:
    """It can be read, and its client's run is in it."""
    wave = tmp_path / "wave"
    process = Server(server(STAND_IN, trace=True), ["--waves", str(wave)])
    link = Connection(process.host, process.port, process)
    link.send([TICK, HALT])
    end = link.run().now
    process.process.send_signal(signal.SIGINT)
    assert process.process.wait(10) == 128 + signal.SIGINT
    assert f"{wave} is whole" in process.reason()
    if trace_format() == "fst":
        found = changes(wave, ["flange_top.now_o"])["flange_top.now_o"]
        assert max(time for time, _ in found) >= (end - 1) * PS_PER_CYCLE
    with pytest.raises(FlangeError):
        link.run()


def test_waveform_window(tmp_path: Path) -> None:
    process = Server(server(STAND_IN, trace=True))
    with Connection(process.host, process.port, process) as link:
        with pytest.raises(FlangeError, match=r"cannot write waveform .*: Not a directory"):
            link.waves("/dev/null/w")
        with pytest.raises(FlangeError, match="last cycle 5 lies before its first, 10"):
            link.waves(tmp_path / "window", 10, 5)
        with pytest.raises(OverflowError, match=r"waveform, first cycle: must be in 0.*got -1"):
            link.waves(tmp_path / "window", -1)
        link.waves(tmp_path / "window", 1000, 1200)
        link.send([SETUP, *[wait_until(t) for t in range(400, 2000, 10)], HALT])
        link.run()
        link.waves(tmp_path / "all")
        link.send([HALT])
        link.run()
        link.waves(None)
    window = (tmp_path / "window").read_bytes()
    assert len(window) > 500 and (tmp_path / "all").stat().st_size > 500
    if window.startswith(b"$"):  # VCD: look at its times
        times = [int(x[1:]) for x in window.splitlines() if x.startswith(b"#")]
        assert times[0] >= 4_000_000 and times[-1] <= 4_802_000


def test_waveform_without_support_bad(link: Connection, tmp_path: Path) -> None:
    with pytest.raises(FlangeError, match="built without waveforms"):
        link.waves(tmp_path / "w")
