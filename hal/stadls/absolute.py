# SPDX-License-Identifier: Apache-2.0
"""Programs whose commands carry a time instead of an order (reference: hal, section 8)."""

import logging
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from hal.fisch.access import WordAccess
from hal.halco import TimerOnDLS
from hal.haldls import Timer
from hal.stadls.builder import PlaybackProgramBuilder, append_read, write_arguments, written
from hal.stadls.errors import BuilderError, NoResultError
from hal.stadls.program import ContainerTicket
from hal.stadls.timed import DELAY_WARNING

__all__ = ["AbsoluteTimePlaybackProgramBuilder", "AbsoluteTimePlaybackProgramContainerTicket"]

_log = logging.getLogger("hxcosim.stadls")


class AbsoluteTimePlaybackProgramContainerTicket(ContainerTicket):
    """A promise for what is read at a time; no queries before the builder is done."""

    __slots__ = ()

    def valid(self) -> bool:
        """Whether there is a result. :raises RuntimeError: before the builder is done."""
        if self._range is None:
            raise NoResultError(
                "ticket: the builder that reads at a time is not finished; call done() on it"
            )
        return super().valid()


@dataclass(frozen=True, slots=True)
class _Command:
    """A write, or the read that belongs to a ticket."""

    time: int
    coord: Any
    access: WordAccess | None
    ticket: AbsoluteTimePlaybackProgramContainerTicket | None = None


def _time(value: Any) -> int:
    """A timer value as number. :raises OverflowError: above 2^32 - 1 ticks."""
    if isinstance(value, Timer.Value):
        return int(value.value())
    if isinstance(value, bool | float | str):
        raise TypeError(f"a time is a Timer.Value or an integer, not {type(value).__name__}")
    return int(Timer.Value(value).value())


class AbsoluteTimePlaybackProgramBuilder:
    """Commands with times in ticks of 8 ns; `done` puts them into order and adds the waits."""

    __slots__ = ("_commands",)
    __hash__: ClassVar[None] = None  # type: ignore[assignment] # can be changed

    def __init__(self) -> None:
        self._commands: list[_Command] = []

    def write(
        self,
        execTime: Any,  # noqa: N803 - the original's name
        coord: Any,
        config: Any,
        config_reference: Any = None,
    ) -> None:
        """Write a container at this time; with a reference, what differs from it.

        :raises RuntimeError: for the timer itself, and as the ordinary builder's `write`.
        """
        if isinstance(coord, TimerOnDLS):
            raise BuilderError(
                f"write at {coord}: the timer belongs to the builder, which resets it first"
            )
        reference, backend = write_arguments((), {"config_reference": config_reference})
        access = written(coord, config, reference, backend)
        self._commands.append(_Command(_time(execTime), coord, access))

    def read(self, execTime: Any, coord: Any) -> AbsoluteTimePlaybackProgramContainerTicket:  # noqa: N803 - the original's name
        """Read the container of this coordinate at this time."""
        # A read on a scratch program finds what is wrong with it here, not in `done`.
        append_read(PlaybackProgramBuilder().columns, ContainerTicket, coord, None)
        ticket = AbsoluteTimePlaybackProgramContainerTicket()
        self._commands.append(_Command(_time(execTime), coord, None, ticket))
        return ticket

    def _other(self, other: Any, verb: str) -> "AbsoluteTimePlaybackProgramBuilder":
        if not isinstance(other, AbsoluteTimePlaybackProgramBuilder):
            raise TypeError(f"{verb}: expected a builder of the same kind")
        if other is self:
            raise BuilderError(f"{verb}: a builder cannot be added to itself")
        return other

    def merge(self, other: "AbsoluteTimePlaybackProgramBuilder") -> None:
        """Take all commands of another builder, which is empty afterwards."""
        other = self._other(other, "merge")
        self._commands += other._commands
        other._commands = []

    def copy(self, other: "AbsoluteTimePlaybackProgramBuilder") -> None:
        """Add a copy of all commands of another builder.

        :raises RuntimeError: if it contains reads.
        """
        other = self._other(other, "copy")
        other._need_write_only("copied")
        self._commands += other._commands

    def _need_write_only(self, what: str) -> None:
        if not self.is_write_only():
            raise BuilderError(
                f"a builder with reads cannot be {what}, as its tickets belong to one program only"
            )

    def _moved(self, factor: float, offset: int) -> list[_Command]:
        self._need_write_only("shifted or stretched")
        return [
            replace(command, time=_time(_rounded(command.time * factor) + offset))
            for command in self._commands
        ]

    def __iadd__(self, offset: Any) -> Self:
        self._commands = self._moved(1, _time(offset))
        return self

    def __add__(self, offset: Any) -> "AbsoluteTimePlaybackProgramBuilder":
        new = copy(self)
        new += offset
        return new

    def __imul__(self, factor: float) -> Self:
        if isinstance(factor, bool) or not isinstance(factor, int | float) or not factor >= 0:
            raise TypeError(f"times are stretched by a number of at least 0, not by {factor!r}")
        self._commands = self._moved(factor, 0)
        return self

    def __mul__(self, factor: float) -> "AbsoluteTimePlaybackProgramBuilder":
        new = copy(self)
        new *= factor
        return new

    def __copy__(self) -> "AbsoluteTimePlaybackProgramBuilder":
        self._need_write_only("copied")
        new = AbsoluteTimePlaybackProgramBuilder()
        new._commands = list(self._commands)
        return new

    def empty(self) -> bool:
        """Whether there are no commands."""
        return not self._commands

    def is_write_only(self) -> bool:
        """Whether there are no reads."""
        return all(command.ticket is None for command in self._commands)

    def done(self) -> PlaybackProgramBuilder:
        """The commands in the order of their times, behind a reset of the timer.

        Commands of one time follow each other in the order of issue, a cycle each.
        """
        commands = sorted(self._commands, key=lambda command: command.time)
        self._commands = []
        builder = PlaybackProgramBuilder()
        coord = TimerOnDLS()
        builder.write(coord, Timer())
        running = 0
        worst = 0
        for command in commands:
            if command.time > running:
                builder.block_until(coord, Timer.Value(command.time - 1))
                running = command.time
            worst = max(worst, running - command.time)
            self._issue(builder, command)
            running += 1
        if worst > DELAY_WARNING:
            _log.warning("commands had to be delayed by up to %d ticks of 8 ns", worst)
        return builder

    @staticmethod
    def _issue(builder: PlaybackProgramBuilder, command: _Command) -> None:
        if command.access is not None:
            builder.write_access(command.access)
            return
        made = append_read(builder.columns, ContainerTicket, command.coord, None)
        ContainerTicket.__init__(command.ticket, made)  # type: ignore[arg-type] # a read's ticket

    def __str__(self) -> str:
        lines = [
            f"{c.time}: {'write' if c.access is not None else 'read'} at {c.coord}"
            for c in sorted(self._commands, key=lambda command: command.time)
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"AbsoluteTimePlaybackProgramBuilder({len(self._commands)} commands)"


def _rounded(time: float) -> int:
    """Nearest integer, halves away from zero."""
    return int(time + 0.5)
