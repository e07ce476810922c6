# SPDX-License-Identifier: Apache-2.0
"""Recording commands as pairs of coordinate and container (reference: hal, section 9)."""

from collections.abc import Iterable
from copy import copy
from functools import cmp_to_key
from typing import Any, ClassVar

from hal.haldls import BlockUntil, Encodable
from hal.stadls.builder import write_arguments
from hal.stadls.errors import BuilderError

__all__ = ["DumperDone", "PlaybackProgramBuilderDumper"]

Command = tuple[Any, Any]


def _is_condition(command: Command) -> bool:
    return hasattr(command[1], "block_words")


class DumperDone:
    """A finished recording: (coordinate, container or condition) in order."""

    __slots__ = ("_commands",)
    __hash__: ClassVar[None] = None  # type: ignore[assignment] # can be changed

    def __init__(self, other: "DumperDone | None" = None) -> None:
        self._commands: list[Command] = [] if other is None else list(other._commands)

    @property
    def values(self) -> list[Command]:
        """All commands; the containers are copies.

        :raises RuntimeError: on assignment of anything but (coordinate, container) tuples.
        """
        return [(coord, copy(config)) for coord, config in self._commands]

    @values.setter
    def values(self, commands: Iterable[Command]) -> None:
        new = []
        for index, command in enumerate(commands):
            if not isinstance(command, tuple) or len(command) != 2:
                raise BuilderError(f"values[{index}]: expected (coordinate, container) tuples")
            _check(f"values[{index}]", *command)
            new.append((command[0], copy(command[1])))
        self._commands = new

    def tolist(self) -> list[Command]:
        """Same as `values`."""
        return self.values

    def remove_block_until(self) -> None:
        """Drop the conditions."""
        self._commands = [c for c in self._commands if not _is_condition(c)]

    def squash(self) -> None:
        """Keep the last command of each coordinate, sorted by coordinate."""
        last = {(type(coord), coord): (coord, config) for coord, config in self._commands}
        self._commands = sorted(last.values(), key=cmp_to_key(_order))

    def __len__(self) -> int:
        return len(self._commands)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DumperDone):
            return NotImplemented
        return self._commands == other._commands

    def __getstate__(self) -> tuple[list[Command]]:
        return (self._commands,)

    def __setstate__(self, state: tuple[list[Command]]) -> None:
        (self._commands,) = state

    def __copy__(self) -> "DumperDone":
        return DumperDone(self)

    def __repr__(self) -> str:
        lines = [f"\t{coord}: {config}" for coord, config in self._commands]
        return "\n".join(["DumperDone(", *lines, ")"])


def _order(a: Command, b: Command) -> int:
    return -1 if a[0] < b[0] else int(b[0] < a[0])


def _check(where: str, coord: Any, config: Any) -> None:
    """:raises RuntimeError: if the container cannot stand at the coordinate."""
    if hasattr(config, "block_words"):
        config.block_words(coord)
    elif hasattr(config, "write_access"):
        config.write_access(coord)
    else:
        raise BuilderError(f"{where}: {type(config).__name__} is not a container")


class PlaybackProgramBuilderDumper:
    """Looks like a builder, and records containers instead of making instructions."""

    __slots__ = ("_commands",)

    def __init__(self) -> None:
        self._commands: list[Command] = []

    def write(self, coord: Any, config: Any, *arguments: Any, **named: Any) -> None:
        """Record a container; a reference or a backend is checked and then ignored."""
        write_arguments(arguments, named)
        if not isinstance(config, Encodable) or isinstance(config, BlockUntil):
            raise TypeError(f"write: expected a container, not {type(config).__name__}")
        _check("write", coord, config)
        self._commands.append((coord, copy(config)))

    def read(self, coord: Any, backend: Any = None) -> Any:
        """:raises RuntimeError: always, as a recording is never run."""
        raise BuilderError(f"read at {coord}: a dumper records writes and waits only")

    def block_until(self, coord: Any, condition: Any) -> None:
        """Record a condition."""
        if not hasattr(condition, "block_words"):
            raise TypeError(f"block_until: expected a condition, not {type(condition).__name__}")
        _check("block_until", coord, condition)
        self._commands.append((coord, copy(condition)))

    def _other(self, other: Any, verb: str) -> "PlaybackProgramBuilderDumper":
        if not isinstance(other, PlaybackProgramBuilderDumper):
            raise TypeError(f"{verb}: expected a dumper, not {type(other).__name__}")
        if other is self:
            raise BuilderError(f"{verb}: a dumper cannot be added to itself")
        return other

    def merge_back(self, other: "PlaybackProgramBuilderDumper") -> None:
        """Append all of another dumper, which is empty afterwards."""
        other = self._other(other, "merge_back")
        self._commands += other._commands
        other._commands = []

    def merge_front(self, other: "PlaybackProgramBuilderDumper") -> None:
        """Put all of another dumper, which is empty afterwards, before what is in here."""
        other = self._other(other, "merge_front")
        self._commands = other._commands + self._commands
        other._commands = []

    def copy_back(self, other: "PlaybackProgramBuilderDumper") -> None:
        """Append a copy of another dumper."""
        self._commands += self._other(other, "copy_back")._commands

    def copy_front(self, other: "PlaybackProgramBuilderDumper") -> None:
        """Put a copy of another dumper before what is in here."""
        self._commands = self._other(other, "copy_front")._commands + self._commands

    def done(self) -> DumperDone:
        """The recording; the dumper is empty afterwards."""
        done = DumperDone()
        done._commands, self._commands = self._commands, []
        return done

    def empty(self) -> bool:
        """Whether nothing is recorded."""
        return not self._commands

    def is_write_only(self) -> bool:
        """True, as reads cannot be recorded."""
        return True

    def size_to_fpga(self) -> int:
        """:raises RuntimeError: always, as there are no instructions."""
        raise BuilderError("a dumper has no instructions, so that their number is not known")

    def size_from_fpga(self) -> int:
        """:raises RuntimeError: always, as there are no instructions."""
        raise BuilderError("a dumper has no instructions, so that their number is not known")

    def __getstate__(self) -> tuple[list[Command]]:
        return (self._commands,)

    def __setstate__(self, state: tuple[list[Command]]) -> None:
        (self._commands,) = state

    def __str__(self) -> str:
        return "\n".join(f"{coord}: {config}" for coord, config in self._commands)

    def __repr__(self) -> str:
        return "PlaybackProgramBuilderDumper()"


def from_done(done: DumperDone) -> PlaybackProgramBuilderDumper:
    """A dumper that holds the commands of a finished recording."""
    dumper = PlaybackProgramBuilderDumper()
    dumper._commands = list(done._commands)
    return dumper


def commands_of(recording: "DumperDone | PlaybackProgramBuilderDumper") -> list[Command]:
    """The commands themselves, not copied."""
    if not isinstance(recording, DumperDone | PlaybackProgramBuilderDumper):
        raise TypeError(f"expected a dumper or a finished dump, not {type(recording).__name__}")
    return recording._commands
