# SPDX-License-Identifier: Apache-2.0
"""Running programs (reference: hal, section 11).

The interpreter lock is free while a target runs: the targets are called through ctypes or sockets.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from operator import sub
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from hal.fisch.access import ResponseKind
from hal.fisch.addresses import FPGA_BIT
from hal.hwdb import ZeroMockEntry
from hal.hxcomm import ConnectionHandle, ConnectionTimeInfo
from hal.hxcomm import ReinitStackEntry as WordReinitStackEntry
from hal.hxcomm.codec import Responses, decode_pieces
from hal.hxcomm.connection import Connection, ReinitEntry, time_info
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA
from hal.stadls.errors import (
    AnswerCountError,
    InstructionTimeoutError,
    MissingBarrierError,
    ProgramCountError,
    RunError,
    UnsupportedTargetError,
)
from hal.stadls.program import (
    PlaybackProgram,
    Programs,
    Results,
    listing,
    notifications_of,
)

__all__ = ["ReinitStackEntry", "RunTimeInfo", "run", "run_in_flight"]

_log = logging.getLogger("hxcosim.stadls")
_TRACE = 5

_CONTEXT = 5
"""Instructions shown before and after the one that timed out."""


_ID_SHIFT = np.uint64(PHYWORD_WIDTH - HEADER_WIDTH)
_ADDRESS, _JTAG = TO_FPGA["OmnibusAddress"], TO_FPGA["JtagData"]
_READ = np.uint64(_ADDRESS.pack(is_read=1))
_FPGA_OR_READ = np.uint64(_ADDRESS.pack(is_read=1, address=1 << FPGA_BIT))
_KEEP = np.uint64(_JTAG.pack(keep_response=1))
_WAITS = [TO_FPGA[name].id for name in ("Barrier", "WaitUntil", "PollingOmnibusBlock")]


@dataclass(slots=True)
class RunTimeInfo:
    """Wall time of a run: per chip that of the connection, and the evaluation of the answers."""

    connection: list[ConnectionTimeInfo] = field(default_factory=list)
    playback_decode_time: timedelta = timedelta()

    def __str__(self) -> str:
        per_chip = ", ".join(map(str, self.connection))
        return (
            f"RunTimeInfo(connection: [{per_chip}], "
            f"playback_decode_time: {self.playback_decode_time})"
        )


def _connection(handle: ConnectionHandle | Connection) -> Connection:
    if isinstance(handle, ConnectionHandle):
        return handle.connection
    if isinstance(handle, Connection):
        return handle
    raise TypeError(f"a connection handle is needed, not {type(handle).__name__}")


def _listed(programs: Programs) -> list[PlaybackProgram]:
    listed = [programs] if isinstance(programs, PlaybackProgram) else list(programs)
    for index, program in enumerate(listed):
        if not isinstance(program, PlaybackProgram):
            raise TypeError(
                f"program {index}: expected a PlaybackProgram, not {type(program).__name__}; "
                "a builder's done() makes one"
            )
    return listed


def _check_targets(connection: Connection, per_device: Sequence[Sequence[PlaybackProgram]]) -> None:
    """:raises UnsupportedTargetError: if a device cannot do what its programs need."""
    for index, (device, programs) in enumerate(zip(connection.devices, per_device, strict=True)):
        for program in programs:
            if device.target_kinds <= program.unsupported_accesses.keys():
                kind = min(device.target_kinds)
                raise UnsupportedTargetError(
                    f"chip {index} ({device.identifier}): unsupported target: the program reads "
                    f"{program.unsupported_accesses[kind]}, which a {kind} connection "
                    "does not have"
                )
            if program.expected and not isinstance(device.entry, ZeroMockEntry):
                _check_end(f"chip {index} ({device.identifier})", program.words)


def _check_end(name: str, words: NDArray[np.uint64]) -> None:
    """A program whose last reads of the chip nothing waits for.

    The FPGA's own registers answer before the halt.

    :raises MissingBarrierError: if it is one [M132].
    """
    if int(words[-1]) >> int(_ID_SHIFT) in _WAITS:
        return
    ids = words >> _ID_SHIFT
    waits = np.flatnonzero(np.isin(ids, _WAITS))
    begin = int(waits[-1]) + 1 if len(waits) else 0
    words, ids = words[begin:], ids[begin:]
    chip = (ids == _ADDRESS.id) & (words & _FPGA_OR_READ == _READ)
    jtag = (ids == _JTAG.id) & (words & _KEEP != 0)
    reads = np.flatnonzero(chip | jtag)
    if len(reads):
        index = int(reads[0])
        raise MissingBarrierError(
            f"{name}: nothing waits for the answer to instruction "
            f"{listing(words[index : index + 1], begin + index)}, "
            f"the first of {len(reads)} reads behind the last barrier; "
            "end the program with block_until(BarrierOnFPGA(), Barrier.omnibus) or .jtag"
        )


def run(connection: ConnectionHandle | Connection, programs: Programs) -> RunTimeInfo:
    """Run one program per chip, all at the same time, and wait until they have ended.

    Results replace those of an earlier run; a program that failed has none.

    :param programs: one per chip of the connection; a single program for a single chip.
    :raises TypeError: for anything but programs and a connection.
    :raises RuntimeError: before anything is sent, for another number of programs than chips, or
        for a program that the connection's kind of target does not support or that does not wait
        for what it reads; after the run, for an
        instruction timeout, or another number of answers than reads.
    """
    live = _connection(connection)
    listed = _listed(programs)
    if len(listed) != len(live.devices):
        raise ProgramCountError(
            f"{len(listed)} programs for a connection with {len(live.devices)} chips; "
            "one per chip is needed"
        )
    if len({id(program) for program in listed}) != len(listed):
        raise ProgramCountError("the same program cannot run on two chips at once")
    return _execute(live, [[program] for program in listed])


def run_in_flight(
    connection: ConnectionHandle | Connection, programs: Sequence[PlaybackProgram]
) -> RunTimeInfo:
    """Send several programs at once, to be run one after another on a connection's only chip.

    Nothing waits for the host between them. A program may be given once only.

    :raises RuntimeError: as `run`; programs before and behind a failing one have their results.
    """
    live = _connection(connection)
    listed = _listed(programs)
    if len(live.devices) != 1:
        raise ProgramCountError(
            f"programs in flight need a connection with one chip, this one has {len(live.devices)}"
        )
    if len({id(program) for program in listed}) != len(listed):
        raise ProgramCountError("the same program cannot be in flight twice")
    return _execute(live, [listed])


def _execute(connection: Connection, per_device: list[list[PlaybackProgram]]) -> RunTimeInfo:
    with connection.mutex:
        _check_targets(connection, per_device)
        devices = connection.devices
        before = [device.seconds for device in devices]
        work = [[program.words for program in programs] for programs in per_device]
        for programs in per_device:
            for program in programs:
                program.set_results(None)
        answers = connection.execute(work, decode_pieces)
        after = [device.seconds for device in devices]
    begin = perf_counter()
    failures: list[RunError] = []
    for device, responses, programs in zip(devices, answers, per_device, strict=True):
        failures += _evaluate(device.identifier, responses, programs)
    decode_time = timedelta(seconds=perf_counter() - begin)
    if failures:
        raise failures[0]
    times = [time_info(map(sub, b, a)) for a, b in zip(before, after, strict=True)]
    return RunTimeInfo(times, decode_time)


def _evaluate(
    name: str, responses: Responses, programs: Sequence[PlaybackProgram]
) -> list[RunError]:
    """Give the programs their results; what went wrong."""
    ended = responses.programs()
    failures: list[RunError] = []
    for index, program in enumerate(programs):
        if index >= len(ended):
            failures.append(
                AnswerCountError(f"{name}: {len(programs)} programs, but {len(ended)} halts")
            )
            break
        failure = _failure(name, program, ended[index])
        _log_notifications(name, ended[index], logging.INFO if failure else _TRACE)
        if failure is None:
            program.set_results(Results(ended[index]))
        else:
            failures.append(failure)
    return failures


def _log_notifications(name: str, responses: Responses, level: int) -> None:
    if _log.isEnabledFor(level):
        for notification in notifications_of(responses):
            _log.log(level, "%s: %s", name, notification)


def _failure(name: str, program: PlaybackProgram, responses: Responses) -> RunError | None:
    if len(responses.timeouts):
        return _timeout(name, program, responses)
    expected = program.expected
    for kind, received in (
        (ResponseKind.OMNIBUS, len(responses.omnibus)),
        (ResponseKind.JTAG, len(responses.jtag)),
        (ResponseKind.LOOPBACK, len(responses.ticks)),
    ):
        if received != expected.get(kind, 0):
            return AnswerCountError(
                f"{name}: {expected.get(kind, 0)} answers of kind {kind.value} were expected, "
                f"but {received} arrived; a barrier before the end of the program may be missing"
            )
    return None


def _timeout(name: str, program: PlaybackProgram, responses: Responses) -> InstructionTimeoutError:
    message = FROM_FPGA["TimeoutNotification"]
    details = message.unpack(int(responses.timeouts["data"][0]))
    index = details["instruction_index"]
    first = max(0, index - _CONTEXT)
    around = program.words[first : index + _CONTEXT + 1]
    _log.error(
        "%s: instruction %d of %d timed out; trace stalled in %d of the last 96 cycles; "
        "%d Omnibus reads in flight%s; instructions around it:\n%s",
        name,
        index,
        len(program.words),
        details["trace_stall_count"],
        details["omnibus_reads_in_flight"],
        _last_answered(program, responses),
        listing(around, first),
    )
    if len(responses.timeouts) > 1:
        _log.error(
            "%s: %d timeout notifications in one program; one is legal",
            name,
            len(responses.timeouts),
        )
    what = listing(program.words[index : index + 1], index) if index < len(program.words) else ""
    return InstructionTimeoutError(
        f"{name}: instruction timeout at {what or f'{index} (the halt)'}"
    )


def _last_answered(program: PlaybackProgram, responses: Responses) -> str:
    """Which Omnibus read was answered last."""
    address = TO_FPGA["OmnibusAddress"]
    ids = program.words >> np.uint64(PHYWORD_WIDTH - HEADER_WIDTH)
    is_read = program.words & np.uint64(address.pack(is_read=1)) != 0
    reads = np.flatnonzero((ids == address.id) & is_read)
    answered = len(responses.omnibus)
    if answered == 0 or not len(reads):
        return "; no read was answered"
    return f"; the last read answered is instruction {reads[min(answered, len(reads)) - 1]}"


class ReinitStackEntry:
    """A place on the connection's re-init stack: programs that restore a state.

    On the direct connections of this package an entry only has an effect with `enforce`.
    """

    __slots__ = ("_connection", "_entry")

    def __init__(self, connection: ConnectionHandle | Connection) -> None:
        self._connection = _connection(connection)
        self._entry = WordReinitStackEntry(self._connection)

    def set(
        self,
        pbmem_request: Programs,
        pbmem_snapshot: Programs | None = None,
        enforce: bool = True,
    ) -> None:
        """Put programs on top of the stack, or replace them there.

        :param pbmem_request: per chip, a program that restores the state; write-only.
        :param pbmem_snapshot: per chip, a program whose Omnibus reads tell what to restore.
        :param enforce: run the request now.
        :raises RuntimeError: for a request with reads, a snapshot with other reads than Omnibus's,
            another number of programs than chips, or an entry that is not the top one.
        """
        request = _listed(pbmem_request)
        for index, program in enumerate(request):
            if program.expected:
                raise RunError(f"request {index} contains reads, whose answers nobody would get")
        snapshot = None if pbmem_snapshot is None else _listed(pbmem_snapshot)
        for index, program in enumerate(snapshot or []):
            others = set(program.expected) - {ResponseKind.OMNIBUS}
            if others:
                names = ", ".join(sorted(kind.value for kind in others))
                raise RunError(
                    f"snapshot {index} reads over {names}; a snapshot can only restore Omnibus"
                )
        self._entry.set(
            ReinitEntry(
                [program.words for program in request],
                None if snapshot is None else [program.words for program in snapshot],
                enforce,
            )
        )

    def pop(self) -> None:
        """Take the entry off the stack. :raises RuntimeError: if it is not the top one."""
        self._entry.pop()
