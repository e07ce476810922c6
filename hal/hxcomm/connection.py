# SPDX-License-Identifier: Apache-2.0
"""Connections: one or more devices that execute programs, what they are and how long they took.

A device is a target (`hal.hxcomm.target`) with its identity. A connection executes one program
per device; programs are columns of 64-bit words without the halt, which is appended here.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from operator import add
from queue import Queue
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from hal.hwdb import Database, HXCubeSetupEntry, JboaSetupEntry, SimulationEntry, ZeroMockEntry
from hal.hwdb.entries import HwdbEntry
from hal.hxcomm.errors import ClosedConnectionError, ConnectionFailedError
from hal.hxcomm.messages import TO_FPGA
from hal.hxcomm.target import Target
from hal.hxcomm.timing import ConnectionTimeInfo

__all__ = [
    "HALT",
    "HARDWARE",
    "SIMULATION",
    "Connection",
    "Device",
    "ReinitEntry",
    "time_info",
]

_log = logging.getLogger("hxcosim.hxcomm")

Words = NDArray[np.uint64]
Result = TypeVar("Result")
Decode = Callable[[Iterable[Words]], Result]
"""What to make of a device's answers, which come in pieces and end with the last halt's."""

HARDWARE = "hardware"
"""Kind of target: what programs written for a real setup may use."""
SIMULATION = "simulation"
"""Kind of target: the chip alone, without board devices."""

_COPIED_WORDS = 1 << 16
_PIECES_AHEAD = 2

HALT = np.array([TO_FPGA["Loopback"].word(tick=0)], dtype=np.uint64)
"""The last instruction of each program: Loopback(halt)."""


class _Decoding(Generic[Result]):
    """Answers on their way to `decode`; while more are to come, in a thread of its own."""

    def __init__(self, decode: Decode[Result]) -> None:
        self._decode = decode
        self._queue: Queue[Words | None] = Queue(_PIECES_AHEAD)
        self._result: Future[Result] | None = None

    def put(self, words: Words) -> None:
        """Hand over answers behind which others come."""
        if self._result is None:
            self._result = Future()
            threading.Thread(
                target=self._work, args=(self._result,), name="decode", daemon=True
            ).start()
        self._queue.put(words)

    def finish(self, words: Words) -> Result:
        """The result with the last answers."""
        if self._result is None:
            return self._decode([words])
        self._queue.put(words)
        self._queue.put(None)
        return self._result.result()

    def abandon(self) -> None:
        """No further answers come, nobody wants the result; returns when its thread has ended."""
        if self._result is not None:
            self._queue.put(None)
            self._result.exception()

    def _work(self, result: Future[Result]) -> None:
        pieces = self._pieces()
        try:
            result.set_result(self._decode(pieces))
        except BaseException as error:
            result.set_exception(error)
        for _ in pieces:  # nobody shall wait for room
            pass

    def _pieces(self) -> Iterator[Words]:
        while (words := self._queue.get()) is not None:
            yield words


@dataclass(slots=True)
class Device:
    """A target and what it presents itself as."""

    target: Target
    entry: HwdbEntry
    identifier: str
    bitfile_info: str
    target_kinds: frozenset[str]
    nanoseconds_per_message: int = 0
    seconds: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    """Time spent so far, in the order of the fields of a `ConnectionTimeInfo`."""

    def execute(self, programs: Sequence[Words], decode: Decode[Result]) -> Result:
        """Run the programs one after another; what `decode` makes of their answers.

        Many answers are decoded while the machine runs; the time is that of the rest.
        If anything fails, the target is reset, so that the next program finds no rest of these.
        """
        begin = time.perf_counter()
        decoding = _Decoding(decode)
        try:
            words = _joined(programs)
            encoded = time.perf_counter()
            for part in words:
                self.target.send(part)
            sent = time.perf_counter()
            self.target.run(decoding.put)
            if self.nanoseconds_per_message:
                messages = sum(map(len, programs)) + len(programs)
                time.sleep(self.nanoseconds_per_message * 1e-9 * messages)
            answers = self.target.receive()
            executed = time.perf_counter()
            decoded = decoding.finish(answers)
        except BaseException:
            decoding.abandon()
            self._reset()
            raise
        end = time.perf_counter()
        spent = (encoded - begin, end - executed, sent - encoded, executed - sent)
        self.seconds = tuple(map(add, self.seconds, spent))
        return decoded

    def _reset(self) -> None:
        try:
            self.target.reset()
        except (RuntimeError, OSError) as error:
            _log.warning("resetting %s after a failure failed: %s", self.identifier, error)


@dataclass(slots=True)
class ReinitEntry:
    """Words, per device, that restore a state after somebody else has used the devices."""

    request: list[Words]
    snapshot: list[Words] | None = None
    enforce: bool = True


class Connection:
    """Devices in use; closed by `close`, or when nobody refers to it any more."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self._devices = list(devices)
        self._open = True
        self.mutex = threading.RLock()
        """Held for the length of a program; hold it to run several without interruption."""
        self.reinit_stack: list[ReinitEntry] = []

    def __len__(self) -> int:
        return len(self._devices)

    @property
    def is_open(self) -> bool:
        """Whether programs can be executed."""
        return self._open

    @property
    def devices(self) -> list[Device]:
        """The devices. :raises ClosedConnectionError: after `close`."""
        if not self._open:
            raise ClosedConnectionError(
                "the connection is closed: enter its manager again, and keep the manager "
                "as long as the handle is in use"
            )
        return self._devices

    @property
    def time_info(self) -> list[ConnectionTimeInfo]:
        """Time spent so far, per device; only grows."""
        return [time_info(device.seconds) for device in self.devices]

    def execute(self, programs: Sequence[Sequence[Words]], decode: Decode[Result]) -> list[Result]:
        """Run, on each device at the same time, its programs one after another.

        :param programs: per device the programs, each as words without the halt.
        :param decode: what to make of a device's answers.
        """
        with self.mutex:
            return _each(
                lambda pair: pair[0].execute(pair[1], decode),
                list(zip(self.devices, programs, strict=True)),
            )

    def close(self) -> None:
        """Give the devices back; a second call does nothing."""
        with self.mutex:
            if not self._open:
                return
            self._open = False
            for device in self._devices:
                try:
                    device.target.close()
                except (RuntimeError, OSError) as error:
                    _log.warning("closing %s failed: %s", device.identifier, error)


def time_info(seconds: Iterable[float]) -> ConnectionTimeInfo:
    """Durations of a device as they are shown."""
    return ConnectionTimeInfo(*(timedelta(seconds=duration) for duration in seconds))


def _joined(programs: Sequence[Words]) -> list[Words]:
    """The programs with their halts, copied into one array unless they are large."""
    parts = [part for program in programs for part in (program, HALT)]
    if sum(map(len, parts)) > _COPIED_WORDS:
        return parts
    return [np.concatenate(parts)]


def _each(work: Callable[[Any], Result], items: Sequence[Any]) -> list[Result]:
    """`work` on every item: in this thread if there is one, else each in its own."""
    if len(items) == 1:
        return [work(items[0])]
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(work, items))


def setup_device(target: Target, name: str, entry: HXCubeSetupEntry | JboaSetupEntry) -> Device:
    """A target that presents itself as the given setup, with one FPGA and its chip."""
    return Device(
        target=target,
        entry=entry,
        identifier=identifier_of(entry),
        # Version numbers as in a start-up frame of the FPGA (reference: fpga-interface, 7.5).
        bitfile_info=f"version: 4\ncompatible_until: 1\ntarget: {name}\n",
        target_kinds=frozenset({HARDWARE}),
    )


def simulation_device(target: Target) -> Device:
    """A target behind the simulator's connection (reference: fpga-interface, section 8.4)."""
    return Device(
        target=target,
        entry=SimulationEntry(),
        identifier="simulation",
        bitfile_info="simulation",
        target_kinds=frozenset({SIMULATION}),
    )


def zero_mock_device(target: Target, nanoseconds_per_message: int = 0) -> Device:
    """A target that answers reads with 0."""
    return Device(
        target=target,
        entry=ZeroMockEntry(),
        identifier="zeromock",
        bitfile_info="zeromock",
        target_kinds=frozenset({HARDWARE, SIMULATION}),
        nanoseconds_per_message=nanoseconds_per_message,
    )


def default_entry() -> HXCubeSetupEntry:
    """The cube setup that the targets of this package present."""
    database = Database()
    database.load(Database.get_default_path())
    return database.get_hxcube_setup_entry(database.get_hxcube_ids()[0])


def identifier_of(entry: HXCubeSetupEntry | JboaSetupEntry) -> str:
    """Identifier of the only FPGA's chip.

    :raises ConnectionFailedError: if the entry has another number of FPGAs, or no chip.
    """
    wings = [fpga.wing for fpga in entry.fpgas.values()]
    if len(wings) != 1 or wings[0] is None:
        raise ConnectionFailedError(
            f"a device's entry needs one FPGA with a chip, this one has {len(wings)} FPGAs"
        )
    return entry.get_unique_branch_identifier(wings[0].handwritten_chip_serial)
