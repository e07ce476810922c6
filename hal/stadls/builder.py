# SPDX-License-Identifier: Apache-2.0
"""Building programs: instructions in the order in which they are given.

Containers are encoded at the call; what happens to them afterwards does not matter.
"""

import logging
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from hal.fisch.access import Backend, WordAccess
from hal.fisch.columns import Columns
from hal.halco.numbers import describe
from hal.haldls import BlockUntil, DifferentialWriteTrait, container_for
from hal.stadls.errors import BuilderError
from hal.stadls.program import ContainerTicket, PlaybackProgram, listing
from hal.stadls.timed import timed_spikes

__all__ = ["PlaybackProgramBuilder", "playback_memory_size_to_fpga"]

_log = logging.getLogger("hxcosim.stadls")

playback_memory_size_to_fpga = 4_194_304
"""Instructions that the FPGA's playback memory holds; a longer program is streamed."""

Ticket = TypeVar("Ticket", bound=ContainerTicket)


def write_arguments(arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, Any]:
    """Reference and backend from what follows coordinate and container in a call of `write`.

    :raises TypeError: for anything but `[config_reference][, backend]`.
    """
    values = list(arguments)
    reference = named.pop("config_reference", None)
    backend = named.pop("backend", None)
    if reference is None and values and not isinstance(values[0], Backend):
        reference = values.pop(0)
    if backend is None and values:
        backend = values.pop(0)
    if values or named:
        raise TypeError(
            "write takes a coordinate, a container and optionally a reference and a backend; "
            f"unexpected: {values or sorted(named)}"
        )
    if backend is not None and not isinstance(backend, Backend):
        raise TypeError(f"write: the backend is a Backend, not {type(backend).__name__}")
    return reference, backend


def written(coord: Any, config: Any, reference: Any, backend: Backend | None) -> WordAccess:
    """The access that writes a container, or what differs from a reference.

    :raises TypeError: if `config` is not a container.
    :raises RuntimeError: for a container of another coordinate, a read-only one, or a reference
        of another class.
    """
    if not hasattr(type(config), "write_access") or isinstance(config, BlockUntil):
        raise TypeError(f"write: expected a container, not {describe(config)}")
    if reference is None:
        whole: WordAccess = config.write_access(coord, backend)
        return whole
    name = type(config).__name__
    if type(reference) is not type(config):
        raise BuilderError(
            f"write at {coord}: the reference is a {type(reference).__name__}, "
            f"the container a {name}; a differential write needs two of one class"
        )
    if not issubclass(type(config), DifferentialWriteTrait):
        raise BuilderError(f"write at {coord}: {name} does not support differential writes")
    if hasattr(config, "difference_access"):
        difference: WordAccess = config.difference_access(coord, reference, backend)
        return difference
    access: WordAccess = config.write_access(coord, backend)
    before: WordAccess = reference.write_access(coord, backend)
    if not np.array_equal(before.addresses, access.addresses):
        raise BuilderError(f"write at {coord}: the reference {name} has other addresses")
    differs = access.words != before.words
    enables = access.byte_enables
    if enables is not None and before.byte_enables is not None:
        differs |= enables != before.byte_enables
    return WordAccess(
        access.backend,
        access.addresses[differs],
        access.words[differs],
        None if enables is None else enables[differs],
    )


def _unsupported(cls: Any) -> frozenset[str]:
    """Kinds of targets on which containers of this class cannot be read."""
    kinds: frozenset[str] = getattr(cls, "_unreadable_on", frozenset())
    return kinds


def append_read(
    columns: Columns, ticket: type[Ticket], coord: Any, backend: Backend | None
) -> Ticket:
    """Add the read of the container of a coordinate."""
    if backend is not None and not isinstance(backend, Backend):
        raise TypeError(f"read: the backend is a Backend, not {type(backend).__name__}")
    cls = container_for(type(coord))
    access = cls.read_access(coord, backend)
    place = columns.read(access)
    for kind in _unsupported(cls):
        columns.unsupported.setdefault(kind, f"{cls.__name__} at {coord}")
    made: Ticket = ticket._make(cls, coord, access, place)
    return made


class PlaybackProgramBuilder:
    """A growing program; empty again after `done` and after being merged into another."""

    __slots__ = ("_columns",)

    def __init__(self) -> None:
        self._columns = Columns()

    @property
    def columns(self) -> Columns:
        """The instructions and expectations themselves."""
        return self._columns

    def write(self, coord: Any, config: Any, *arguments: Any, **named: Any) -> None:
        """Write a container, as `write(coord, config[, config_reference][, backend])`.

        With a reference, only the words that differ from what the reference would write; none
        is legal.

        :raises RuntimeError: for a coordinate of another container, a read-only container, a
            reference of another class, or a backend that the container does not have.
        """
        reference, backend = write_arguments(arguments, named)
        self._columns.write(written(coord, config, reference, backend))

    def write_access(self, access: WordAccess) -> None:
        """Write words, as they are encoded by the column functions of the containers."""
        self._columns.write(access)

    def write_spikes(self, times: ArrayLike, labels: ArrayLike) -> None:
        """Send spikes at timer values: see `hal.stadls.timed.timed_spikes`."""
        self._columns.append(timed_spikes(times, labels))

    def read(self, coord: Any, backend: Backend | None = None) -> ContainerTicket:
        """Read the container of this coordinate; the ticket has it after the run.

        :raises RuntimeError: if there is no such container, or it is write-only.
        """
        return append_read(self._columns, ContainerTicket, coord, backend)

    def block_until(self, coord: Any, condition: Any) -> None:
        """Wait: for `(TimerOnDLS(), Timer.Value(t))` until the timer is at least t, for
        `(BarrierOnFPGA(), Barrier)` until its paths are idle, for `(PollingOmnibusBlockOnFPGA(),
        PollingOmnibusBlock)` until the polled register is as configured.

        :raises TypeError: if `condition` is none.
        :raises RuntimeError: if it belongs to another coordinate.
        """
        if not hasattr(condition, "block_words"):
            raise TypeError(f"block_until: expected a condition, not {type(condition).__name__}")
        self._columns.append(condition.block_words(coord))

    def _other(self, other: Any, verb: str) -> Columns:
        columns = getattr(other, "columns", None)
        if not isinstance(columns, Columns):
            raise TypeError(f"{verb}: expected a builder, not {type(other).__name__}")
        if columns is self._columns:
            raise BuilderError(f"{verb}: a builder cannot be added to itself")
        return columns

    def _write_only(self, other: Any, verb: str) -> Columns:
        columns = self._other(other, verb)
        if columns.ranges:
            raise BuilderError(
                f"{verb}: the other builder contains {len(columns.ranges)} reads, whose tickets "
                "cannot be copied; merge it instead"
            )
        return columns

    def merge_back(self, other: Any) -> None:
        """Append all of another builder, which is empty afterwards.

        :raises RuntimeError: if it is this one.
        """
        self._columns.join([self._other(other, "merge_back").take()])

    def merge_front(self, other: Any) -> None:
        """Put all of another builder, which is empty afterwards, before what is in here.

        :raises RuntimeError: if it is this one.
        """
        front = self._other(other, "merge_front").take()
        self._columns.join([front, self._columns.take()])

    def copy_back(self, other: Any) -> None:
        """Append a copy of another builder.

        :raises RuntimeError: if the other one contains reads, or is this one.
        """
        self._columns.join([self._write_only(other, "copy_back")])

    def copy_front(self, other: Any) -> None:
        """Put a copy of another builder before what is in here.

        :raises RuntimeError: if the other one contains reads, or is this one.
        """
        front = self._write_only(other, "copy_front")
        self._columns.join([front, self._columns.take()])

    def done(self) -> PlaybackProgram:
        """The program; the builder is empty afterwards."""
        columns = self._columns.take()
        if columns.size > playback_memory_size_to_fpga:
            _log.warning(
                "the program has %d instructions, the playback memory holds %d: "
                "its timing is not guaranteed",
                columns.size,
                playback_memory_size_to_fpga,
            )
        return PlaybackProgram(columns)

    def empty(self) -> bool:
        """Whether there are no instructions."""
        return self._columns.size == 0

    def size_to_fpga(self) -> int:
        """Number of instructions."""
        return self._columns.size

    def size_from_fpga(self) -> int:
        """Number of answers that the reads expect."""
        return self._columns.number_expected()

    def is_write_only(self) -> bool:
        """Whether there are no reads."""
        return not self._columns.ranges

    def __reduce__(self) -> Any:
        raise BuilderError(
            "a PlaybackProgramBuilder cannot be serialized; "
            "record the commands with a PlaybackProgramBuilderDumper instead"
        )

    def __str__(self) -> str:
        return listing(self._columns.words())

    def __repr__(self) -> str:
        only = "true" if self.is_write_only() else "false"
        return f"PlaybackProgramBuilder(to FPGA size: {self.size_to_fpga()}, is write only: {only})"
