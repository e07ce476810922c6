# SPDX-License-Identifier: Apache-2.0
"""The host's end of the link to a Verilated system: words, permission to run, and their times."""

import contextlib
import logging
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Self

import numpy as np

from cosim.flange.record import Words, as_words, frame
from cosim.flange.wire import (
    HEADER,
    HELLO,
    LINK_FRAMES,
    LONGEST,
    MAGIC,
    VERSION,
    Config,
    Frame,
    Report,
    Stall,
    Status,
)
from cosim.flange.wire import WITH_TIMES as TIMED
from cosim.machine import CONSTANTS
from cosim.progress import Progress
from cosim.window import PS_PER_CYCLE
from hal.hxcomm.target import TargetError

__all__ = [
    "CYCLE_S",
    "Connection",
    "Diagnostic",
    "FlangeError",
    "Server",
    "State",
    "ranged",
    "settings",
]

#: Length of a cycle in s: the chip's clock, 250 MHz.
CYCLE_S = PS_PER_CYCLE / 10**12
#: Frames below so many bytes are sent in one call.
SMALL_FRAME = 16384
#: Codes of the system's remarks in words: "DiagUnknownHeader" is "unknown header".
_KINDS = {
    code: re.sub(r"(?<=.)([A-Z])", r" \1", name.removeprefix("Diag")).lower()
    for name, code in CONSTANTS.items()
    if name.startswith("Diag")
}
_log = logging.getLogger("hxcosim.flange")


class FlangeError(TargetError):
    """The link or the simulation behind it failed; the text says how."""


@dataclass(frozen=True, slots=True)
class State:
    """Where the simulation stands; counts are since power-on, `now` is in cycles of 4 ns."""

    status: Status
    now: int
    cycles: int  #: clocked
    skipped: int  #: jumped over
    words_in: int
    words_out: int
    queued: int  #: words that have not entered yet
    halts: int  #: halts without an answer
    run_ns: int  #: wall-clock time spent clocking
    calls: int  #: calls out of the simulation

    def __str__(self) -> str:
        return f"at {self.now * CYCLE_S * 1e3:.3f} ms of chip time, {self.words_out} answer words"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A remark of the simulated system about something it could not make sense of."""

    at: int  #: cycle
    code: int
    data: int

    def __str__(self) -> str:
        kind = _KINDS.get(self.code, f"diagnostic {self.code}")
        return f"cycle {self.at}: {kind}, data 0x{self.data:016x}"


class Server:
    """A stand-alone simulation that this process has started.

    :param binary: the Verilated server.
    :param options: further options of the server.
    :raises FlangeError: if it does not start, with what it said.
    """

    def __init__(self, binary: str | Path, options: Sequence[str] = (), port: int = 0) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        ready, ready_there = os.pipe()
        command = [str(binary), "--once", "--idle-exit", "60", "--port", str(port)]
        command += ["--ready-fd", str(ready_there), *options]
        _log.debug("starting %s", " ".join(command))
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                pass_fds=[ready_there],
                start_new_session=True,  # Ctrl-C is for the host; it interrupts the run in order
            )
        except OSError as error:
            os.close(ready)
            raise FlangeError(f"cannot start the simulation {binary}: {error.strerror}") from None
        finally:
            os.close(ready_there)
        with os.fdopen(ready) as pipe:
            line = pipe.readline()
        if not line:
            raise FlangeError(f"the simulation did not start: {self.reason()}")
        self.host, self.port = "127.0.0.1", int(line)

    def reason(self, patience_s: float = 1.0) -> str:
        """Why the process is no more, or that it still lives."""
        try:
            code = self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            return "the simulation process still runs but does not answer"
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        lines = [line for line in lines if not line.startswith("flange: listening")]
        said = f": {' / '.join(lines[-3:])}" if lines else ""
        if code < 0:
            return f"killed by {signal.Signals(-code).name}{said}"
        return f"exit status {code}{said}"

    def stop(self, patience_s: float = 5.0) -> int:
        """Wait for the process to end by itself, then end it; returns its exit status."""
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            _log.warning("the simulation did not end within %g s and is killed", patience_s)
            self.process.kill()
            self.process.wait()
        self._log.close()
        return self.process.returncode


class Connection:
    """A connection to a simulation; time passes only within `run`, `advance` and `reset`.

    :param host: where the simulation listens.
    :param port: its TCP port, 1..65535.
    :param server: the process, if it is ours: it ends with the connection.
    :raises FlangeError: if there is no simulation, or it refuses.
    """

    def __init__(
        self,
        host: str,
        port: int,
        server: Server | None = None,
        name: str = "hxcosim",
    ) -> None:
        self._server = server
        self._where = f"{host}:{port}"
        self._answers: list[Words] = []
        self._at: list[Words] = []
        self._entered: list[Words] = []
        self._diagnostics: list[Diagnostic] = []
        self._problems: list[str] = []
        self.state = State(Status.STARTED, *([0] * (len(Report) - 1)))
        try:
            self._socket = socket.create_connection((host, port), timeout=10)
        except OSError as error:
            raise FlangeError(f"no simulation at {self._where}: {error}") from None
        self._close = weakref.finalize(self, _shut, self._socket, server)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        hello = HELLO.build({"magic": MAGIC, "version": VERSION, "text": name.encode()})
        self._put(frame(Frame.HELLO, hello))
        try:
            kind, payload = self._get()
        except TimeoutError:
            self._close()
            raise FlangeError(f"what listens at {self._where} is no simulation") from None
        if kind is Frame.REFUSED:
            self._close()
            raise FlangeError(f"{self._where} refused the connection: {payload.decode()}")
        welcome = HELLO.parse(payload)
        if kind is not Frame.WELCOME or welcome.version != VERSION:
            self._close()
            raise FlangeError(f"what listens at {self._where} is no simulation")
        self._socket.settimeout(None)
        self.name: str = welcome.text.decode()
        self._query()

    # Settings.

    def configure(
        self,
        *,
        skip: bool | None = None,
        rate: int | None = None,
        stall_random: tuple[int, int] | None = None,
        stall_periodic: tuple[int, int] | None = None,
        link_errors: tuple[int, int, int, int] | None = None,
    ) -> None:
        """Change what the link models from now on.

        :param skip: jump over cycles in which only time passes; no answer depends on it.
        :param rate: FPGA cycles per word of the host link, >= 1.
        :param stall_random: (seed, n): the host takes an answer in n of 256 FPGA cycles.
        :param stall_periodic: (period, n): ... in the first n FPGA cycles of each period.
        :param link_errors: (seed, lost, damaged, repeated): how many of 1000 frames on the link
            between FPGA and chip fare so, in each direction.
        """
        self.apply(settings(skip, rate, stall_random, stall_periodic, link_errors))

    def apply(self, values: Mapping[Config, int]) -> None:
        """Change settings by their keys; for words and meanings see `configure`."""
        self._put(frame(Frame.CONFIG, np.array(list(values.items()), np.uint64).ravel()))

    def waves(self, path: str | Path | None, first: int = 0, last: int = 0) -> None:
        """Record a waveform from cycle `first` to `last` (0: to the end); None closes it.

        :raises OverflowError: for a cycle that is negative or never comes.
        :raises FlangeError: if `last` lies before `first`, if the file cannot be written, or the
            simulation was built without.
        """
        for what, cycle in (("first cycle", first), ("last cycle", last)):
            ranged(f"waveform, {what}", cycle, 0, LONGEST)
        text = str(path or "").encode()
        self._put(frame(Frame.WAVES, np.array([first, last], np.uint64), text))
        self._await(Frame.STATS_REPORT)
        self._raise_problems()

    # Words and time.

    def send(self, words: Any, not_before: Any = None) -> None:
        """Queue words for the next run.

        :param words: 64-bit words.
        :param not_before: for each word the cycle before which it does not enter.
        """
        words = as_words(words)
        at = words[:0] if not_before is None else as_words(not_before, "not_before")
        if at.size not in (0, words.size):
            raise ValueError(f"not_before has {at.size} cycles for {words.size} words")
        self._put(frame(Frame.WORDS, words, at, flags=TIMED if at.size else 0))

    def run(self, limit: int | None = None) -> State:
        """Let time pass until the answers to all queued halts have left.

        :param limit: give up after so many cycles; nothing is lost, a further run goes on.
        :raises FlangeError: without a queued halt, and at the limit.
        """
        state = self._go(Frame.RUN, ranged("limit", limit or 0, 0, LONGEST))
        if state.status is Status.NO_HALT:
            raise FlangeError(
                "no halt queued: the program is truncated, its end would never be seen "
                f"({state.queued} words wait); send the rest with a halt and run again"
            )
        if state.status is Status.INTERRUPTED:
            raise FlangeError(f"the simulation was interrupted at cycle {state.now}")
        if state.status is not Status.HALTED:
            raise FlangeError(
                f"timeout: {state.halts} halts without an answer after "
                f"{limit} cycles ({(limit or 0) * CYCLE_S:g} s of emulated time), at cycle "
                f"{state.now}; nothing is lost, a further run goes on"
            )
        return state

    def advance(self, cycles: int) -> State:
        """Let exactly `cycles` pass: the time between two programs, which otherwise is 0."""
        return self._go(Frame.ADVANCE, ranged("cycles", cycles, 0, LONGEST))

    def reset(self, fpga_cycles: int = 1) -> State:
        """Drop all words on their way and hold the connection reset for so many FPGA cycles."""
        state = self._go(Frame.RESET, ranged("fpga_cycles", fpga_cycles, 1, 2**32))
        self._answers.clear()
        self._at.clear()
        return state

    def receive(self) -> Words:
        """The answers since the last call."""
        return self.receive_timed()[0]

    def receive_timed(self) -> tuple[Words, Words]:
        """The answers since the last call and the cycles at which they left."""
        none = np.empty(0, np.uint64)
        result = np.concatenate([none, *self._answers]), np.concatenate([none, *self._at])
        self._answers.clear()
        self._at.clear()
        return result

    def entered(self) -> Words:
        """Cycles at which words entered since the last call, with the setting RECORD."""
        result = np.concatenate([np.empty(0, np.uint64), *self._entered])
        self._entered.clear()
        return result

    def diagnostics(self) -> list[Diagnostic]:
        """The remarks of the system since the last call."""
        result, self._diagnostics = self._diagnostics, []
        return result

    def stats(self) -> State:
        """Where the simulation stands."""
        self._query()
        return self.state

    # Ends.

    def shutdown(self) -> None:
        """End the simulation, also if it is not ours, and close."""
        with contextlib.suppress(FlangeError):
            self._put(frame(Frame.SHUTDOWN))
            self._await(Frame.GOODBYE)
        self._close()

    def close(self) -> None:
        """Close the connection; a simulation that we started ends with it."""
        if not self._close.alive:
            return
        if self._server is not None:
            self.shutdown()
            return
        with contextlib.suppress(FlangeError):
            self._put(frame(Frame.BYE))
            self._await(Frame.GOODBYE)
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # Frames.

    def _go(self, kind: Frame, count: int) -> State:
        self._put(frame(kind, np.array([count], np.uint64)))
        with _deferred(lambda: self._put(frame(Frame.INTERRUPT))):
            self._await(Frame.FROZEN)
        self._raise_problems()
        return self.state

    def _query(self) -> None:
        self._put(frame(Frame.STATS))
        self._await(Frame.STATS_REPORT)
        self._raise_problems()

    def _raise_problems(self) -> None:
        if self._problems:
            problems, self._problems = self._problems, []
            raise FlangeError("; ".join(problems))

    def _await(self, wanted: Frame) -> None:
        try:
            with Progress() as progress:
                self._listen(wanted, progress)
        except FlangeError:
            raise
        except BaseException:  # in the middle of a frame: what follows cannot be read any more
            self._close()
            raise

    def _listen(self, wanted: Frame, progress: Progress) -> None:
        while True:
            kind, payload = self._get()
            if kind is Frame.ANSWERS:
                both = np.frombuffer(payload, np.uint64)
                half = both.size // 2
                self._answers.append(both[:half])
                self._at.append(both[half:])
            elif kind is Frame.ENTERED:
                self._entered.append(np.frombuffer(payload, np.uint64))
            elif kind is Frame.DIAGNOSTIC:
                at, code, data = np.frombuffer(payload, np.uint64).tolist()
                self._diagnostics.append(Diagnostic(at, code, data))
            elif kind is Frame.ERROR:
                self._problems.append(payload.decode())
            elif kind in (Frame.FROZEN, Frame.STATS_REPORT, Frame.PROGRESS):
                status, *counts = np.frombuffer(payload, np.uint64).tolist()
                self.state = State(Status(status), *counts)
                if kind is Frame.PROGRESS:
                    _log.info("cycle %d, %d words out", self.state.now, self.state.words_out)
                    progress(str(self.state))
            elif kind is Frame.GOODBYE and wanted is not kind:
                raise FlangeError(f"the simulation has left: {payload.decode()}")
            if kind is wanted:
                return

    def _put(self, parts: Sequence[bytes | memoryview]) -> None:
        if not self._close.alive:
            raise FlangeError(f"the connection to {self._where} is closed")
        try:
            if sum(len(p) for p in parts) < SMALL_FRAME:
                parts = [b"".join(parts)]
            for part in parts:
                self._socket.sendall(part)
        except OSError:
            raise self._dead() from None

    def _get(self) -> tuple[Frame, bytes | bytearray]:
        head = HEADER.parse(self._read(HEADER.sizeof()))
        return Frame(head.kind), self._read(head.size)

    def _read(self, size: int) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            try:
                got = self._socket.recv_into(view)
            except TimeoutError:
                raise
            except OSError:
                got = 0
            if not got:
                raise self._dead()
            view = view[got:]
        return data

    def _dead(self) -> FlangeError:
        why = self._server.reason() if self._server else "it closed the connection"
        self._close()
        return FlangeError(f"the simulation at {self._where} is gone: {why}")


def _shut(sock: socket.socket, server: Server | None) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
    if server is not None:
        server.stop()


@contextlib.contextmanager
def _deferred(first: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C calls `first`, and acts behind the block, which is not torn; a second one at once."""
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    came: list[int] = []

    def note(number: int, place: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            usual(number, place)
        first()

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        usual(came[0], None)


def ranged(what: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise OverflowError(f"{what}: must be in {low}..{high}, got {value}")
    return value


def settings(
    skip: bool | None = None,
    rate: int | None = None,
    stall_random: tuple[int, int] | None = None,
    stall_periodic: tuple[int, int] | None = None,
    link_errors: tuple[int, int, int, int] | None = None,
) -> dict[Config, int]:
    """Settings of a link by their keys; what is None is left out.

    :raises OverflowError: for a value out of range.
    """
    values: dict[Config, int] = {}
    if skip is not None:
        values[Config.SKIP] = int(skip)
    if rate is not None:
        values[Config.RATE] = ranged("rate", rate, 1, 2**32)
    if stall_random is not None:
        values[Config.STALL] = Stall.RANDOM
        values[Config.STALL_A] = ranged("seed of the stalls", stall_random[0], 0, 2**32) or 1
        values[Config.STALL_B] = ranged("stall_random n", stall_random[1], 1, 256)
    if stall_periodic is not None:
        period = ranged("stall period", stall_periodic[0], 1, 2**32)
        values[Config.STALL] = Stall.PERIODIC
        values[Config.STALL_A] = period
        values[Config.STALL_B] = ranged("stall_periodic n", stall_periodic[1], 1, period)
    if link_errors is not None:
        seed, *kinds = link_errors
        values[Config.LINK_SEED] = ranged("seed of the link errors", seed, 0, 2**32 - 1)
        keys = (Config.LINK_LOST, Config.LINK_DAMAGED, Config.LINK_REPEATED)
        values |= {
            key: ranged(f"{name} frames", n, 0, LINK_FRAMES)
            for key, name, n in zip(keys, ("lost", "damaged", "repeated"), kinds, strict=True)
        }
        ranged("frames with errors", sum(kinds), 0, LINK_FRAMES)
    return values
