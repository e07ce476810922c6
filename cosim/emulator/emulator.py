# SPDX-License-Identifier: Apache-2.0
"""One emulated system with the interface of a flange connection (`cosim.flange.client`)."""

import ctypes
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cosim.flange.client import Diagnostic, FlangeError, State, ranged, settings
from cosim.flange.record import Words, as_words
from cosim.flange.wire import SETTINGS, Config, Report, Status
from cosim.progress import Progress
from hal import native

__all__ = ["BoardState", "Emulator", "EmulatorError"]

#: Cycles per call into the library, so that an interrupt is seen; no answer depends on it. A busy
#: machine needs minutes for them; its calls return earlier.
SLICE = 2**28
LAST_CYCLE = 2**62 - 1
#: Answers that `run` delivers at once.
PIECE = 2**18
_DIAGNOSTIC = np.dtype([("at", "u8"), ("code", "u8"), ("data", "u8")])


class _Board(ctypes.Structure):
    _fields_ = (
        ("shift_register", ctypes.c_uint32),
        ("dac_output", ctypes.c_uint16 * 8 * 2),
        ("dac_gain", ctypes.c_uint8 * 2),
        ("dac_power_down", ctypes.c_uint8 * 2),
    )


@dataclass(frozen=True, slots=True)
class BoardState:
    """What the devices of the cube board hold."""

    shift_register: int
    """24 bits."""
    dac_output: list[list[int]]
    """Codes at the outputs of each DAC, 12 bits; 0 while powered down."""
    dac_gain: list[int]
    dac_power_down: list[int]


class EmulatorError(FlangeError):
    """The emulator cannot do what was asked."""


@cache
def _library(path: Path | None) -> ctypes.CDLL:
    library = ctypes.CDLL(str(path)) if path else native.load("cosim.emulator", "_emulator")
    library.hx_emulator_create.restype = ctypes.c_void_p
    for name in ("answers", "entered", "executed", "diagnostics", "state_size"):
        getattr(library, f"hx_emulator_{name}").restype = ctypes.c_size_t
    library.hx_emulator_hash.restype = ctypes.c_uint64
    library.hx_emulator_analog_ns.restype = ctypes.c_uint64
    return library


def _pointer(array: NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


class Emulator:
    """A powered-on system; time passes only within `run`, `advance` and `reset`.

    :param trace: keep the instructions that execute, for `executed`.
    :param times: keep the cycles at which answers leave, for `receive_timed`.
    :param library: another build of the emulator than the installed one.
    """

    def __init__(
        self, trace: bool = False, library: Path | None = None, *, times: bool = True
    ) -> None:
        self._library = _library(library)
        handle = self._library.hx_emulator_create()
        if not handle:
            raise EmulatorError("no memory for another emulated system")
        self._self = ctypes.c_void_p(handle)
        self._close = weakref.finalize(self, self._library.hx_emulator_destroy, self._self)
        self.name = "hxcosim emulator"
        self._library.hx_emulator_trace(self._self, int(trace))
        self._times = times
        if not times:
            self._library.hx_emulator_times(self._self, 0)

    def configure(
        self,
        *,
        skip: bool | None = None,
        rate: int | None = None,
        stall_random: tuple[int, int] | None = None,
        stall_periodic: tuple[int, int] | None = None,
        link_errors: tuple[int, int, int, int] | None = None,
    ) -> None:
        """Change what the link models from now on; see `cosim.flange.client.Connection`."""
        self.apply(settings(skip, rate, stall_random, stall_periodic, link_errors))

    def apply(self, values: Mapping[Config, int]) -> None:
        """Change settings by their keys. :raises EmulatorError: for an illegal value."""
        self._alive()
        for key, value in values.items():
            arguments = ctypes.c_uint64(key), ctypes.c_uint64(value)
            if self._library.hx_emulator_configure(self._self, *arguments):
                _, least, most = SETTINGS[key]
                raise EmulatorError(
                    f"setting {key.name} cannot be {value}: it must be in [{least}, {most}]"
                )

    def send(self, words: Any, not_before: Any = None) -> None:
        """Queue words for the next run.

        :param words: 64-bit words.
        :param not_before: for each word the cycle before which it does not enter.
        """
        self._alive()
        words = as_words(words)
        at = None
        if not_before is not None:
            at = as_words(not_before, "not_before")
            if at.size != words.size:
                raise ValueError(f"not_before has {at.size} cycles for {words.size} words")
        pointer = _pointer(at) if at is not None else None
        size = ctypes.c_size_t(words.size)
        if self._library.hx_emulator_send(self._self, _pointer(words), pointer, size):
            raise EmulatorError(f"no memory for {words.size} words; nothing was queued")

    def run(
        self, limit: int | None = None, deliver: Callable[[Words], None] | None = None
    ) -> State:
        """Let time pass until the answers to all queued halts have left.

        :param limit: give up after so many cycles; nothing is lost, a further run goes on.
        :param deliver: called with answers whenever there are `PIECE`; the rest is for `receive`.
        :raises EmulatorError: without a queued halt, and at the limit.
        """
        self._alive()
        state = self.stats()
        end = min(
            state.now + (ranged("limit", limit or 0, 0, LAST_CYCLE) or LAST_CYCLE), LAST_CYCLE
        )
        most = ctypes.c_size_t(PIECE if deliver else -1)
        with Progress() as progress:
            while True:
                part = ctypes.c_uint64(min(end - state.now, SLICE))
                status = Status(self._library.hx_emulator_run(self._self, part, most))
                state = self.stats()
                if status is not Status.LIMIT or state.now == end:
                    break
                progress(str(state))
                if deliver and self._library.hx_emulator_answers(self._self) >= PIECE:
                    deliver(self.receive())
        if status is Status.NO_HALT:
            raise EmulatorError(
                "no halt queued: the program is truncated, its end would never be seen "
                f"({state.queued} words wait); send the rest with a halt and run again"
            )
        if status is not Status.HALTED:
            raise EmulatorError(
                f"timeout: {state.halts} halts without an answer after {limit} cycles, "
                f"at cycle {state.now}; nothing is lost, a further run goes on"
            )
        return state

    def advance(self, cycles: int) -> State:
        """Let exactly `cycles` pass: the time between two programs, which otherwise is 0."""
        self._alive()
        state = self.stats()
        end = min(state.now + ranged("cycles", cycles, 0, LAST_CYCLE), LAST_CYCLE)
        with Progress() as progress:
            while state.now < end:
                part = ctypes.c_uint64(min(end - state.now, SLICE))
                self._library.hx_emulator_advance(self._self, part)
                state = self.stats()
                progress(str(state))
        return state

    def reset(self, fpga_cycles: int = 1) -> State:
        """Drop all words on their way and hold the connection reset for so many FPGA cycles."""
        self._alive()
        ticks = ctypes.c_uint64(ranged("fpga_cycles", fpga_cycles, 1, 2**32))
        self._library.hx_emulator_reset(self._self, ticks)
        return self.stats()

    def receive(self) -> Words:
        """The answers since the last call."""
        self._alive()
        words = np.empty(self._library.hx_emulator_answers(self._self), np.uint64)
        size = ctypes.c_size_t(words.size)
        self._library.hx_emulator_take(self._self, _pointer(words), None, size)
        return words

    def receive_timed(self) -> tuple[Words, Words]:
        """The answers since the last call and the cycles at which they left.

        :raises EmulatorError: without `times`.
        """
        self._alive()
        if not self._times:
            raise EmulatorError("times of answers are not kept: create the system with times=True")
        n = self._library.hx_emulator_answers(self._self)
        words, at = np.empty(n, np.uint64), np.empty(n, np.uint64)
        size = ctypes.c_size_t(n)
        self._library.hx_emulator_take(self._self, _pointer(words), _pointer(at), size)
        return words, at

    def entered(self) -> Words:
        """Cycles at which words entered since the last call, with the setting RECORD."""
        self._alive()
        n = self._library.hx_emulator_entered(self._self)
        at = np.empty(n, np.uint64)
        self._library.hx_emulator_take_entered(self._self, _pointer(at), ctypes.c_size_t(n))
        return at

    def executed(self) -> tuple[Words, Words]:
        """Instructions executed since the last call, and their cycles, if tracing."""
        self._alive()
        n = self._library.hx_emulator_executed(self._self)
        words, at = np.empty(n, np.uint64), np.empty(n, np.uint64)
        size = ctypes.c_size_t(n)
        self._library.hx_emulator_take_executed(self._self, _pointer(words), _pointer(at), size)
        return words, at

    def diagnostics(self) -> list[Diagnostic]:
        """The remarks of the system since the last call."""
        self._alive()
        n = self._library.hx_emulator_diagnostics(self._self)
        found = np.empty(n, _DIAGNOSTIC)
        size = ctypes.c_size_t(n)
        self._library.hx_emulator_take_diagnostics(self._self, _pointer(found), size)
        return [Diagnostic(*row) for row in found.tolist()]

    def stats(self) -> State:
        """Where the system stands."""
        self._alive()
        values = np.empty(len(Report), np.uint64)
        self._library.hx_emulator_report(self._self, _pointer(values))
        status, *counts = values.tolist()
        return State(Status(status), *counts)

    def measure(self, on: bool = True) -> None:
        """Measure what the analog core takes, for `analog_seconds`; that itself takes time."""
        self._alive()
        self._library.hx_emulator_measure(self._self, int(on))

    @property
    def analog_seconds(self) -> float:
        """Wall time in the analog core while it was measured."""
        self._alive()
        return float(self._library.hx_emulator_analog_ns(self._self)) * 1e-9

    def board(self) -> BoardState:
        """What the devices of the board hold now."""
        self._alive()
        state = _Board()
        self._library.hx_emulator_board(self._self, ctypes.byref(state))
        outputs = [list(codes) for codes in state.dac_output]
        settings = list(state.dac_gain), list(state.dac_power_down)
        return BoardState(state.shift_register, outputs, *settings)

    def save(self) -> bytes:
        """State of the machine: a copy from which `restore` goes on with equal answers."""
        self._alive()
        state = np.empty(self._library.hx_emulator_state_size(self._self), np.uint8)
        self._library.hx_emulator_save(self._self, _pointer(state))
        return state.tobytes()

    def restore(self, state: bytes) -> None:
        """Continue from a saved state. :raises EmulatorError: if it is none of this version."""
        self._alive()
        data = np.frombuffer(state, np.uint8)
        size = ctypes.c_size_t(data.size)
        if self._library.hx_emulator_restore(self._self, _pointer(data), size):
            raise EmulatorError(f"{data.size} bytes are no state of this emulator")

    def state_hash(self) -> int:
        """64-bit hash of the state."""
        self._alive()
        return int(self._library.hx_emulator_hash(self._self))

    def close(self) -> None:
        """Power off; a second call does nothing."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _alive(self) -> None:
        if not self._close.alive:
            raise EmulatorError("the emulated system is closed")
