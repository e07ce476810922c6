# SPDX-License-Identifier: Apache-2.0
"""Finished programs, their results, and the tickets of their reads."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from hal.fisch.access import ResponseKind, WordAccess, read_values
from hal.fisch.columns import Columns, Range
from hal.haldls import (
    FPGATime,
    HighspeedLinkNotification,
    MADCSampleFromChip,
    SpikeFromChip,
)
from hal.hxcomm.codec import Responses
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA
from hal.stadls.errors import NoResultError

__all__ = [
    "MADC_DTYPE",
    "SPIKE_DTYPE",
    "ContainerTicket",
    "MADCSamples",
    "PlaybackProgram",
    "Results",
    "Spikes",
    "listing",
    "notifications_of",
]

SPIKE_DTYPE = np.dtype([("label", "u2"), ("fpga_time", "u8"), ("chip_time", "u8")])
MADC_DTYPE = np.dtype(
    [("value", "u2"), ("channel", "u1"), ("fpga_time", "u8"), ("chip_time", "u8")]
)
_PACK_SIZES = 3

Event = TypeVar("Event")


class _Events(Generic[Event]):
    """List-like view on a column of events; elements are made when asked for."""

    __slots__ = ("_column",)
    __hash__: ClassVar[None] = None  # type: ignore[assignment] # can be changed
    dtype: ClassVar[np.dtype[Any]]
    _column: NDArray[Any]

    def __init__(self, events: "Iterable[Event] | NDArray[Any] | _Events[Event]" = ()) -> None:
        if isinstance(events, _Events):
            events = events._column.copy()
        if isinstance(events, np.ndarray):
            if events.dtype != self.dtype:
                raise TypeError(f"expected a column of {self.dtype}, got {events.dtype}")
            self._column = events
        else:
            self._column = np.array([self._row(event) for event in events], dtype=self.dtype)

    @classmethod
    def _row(cls, event: Event) -> tuple[int, ...]:
        return tuple(int(getattr(event, name)) for name in cls.dtype.names or ())

    @classmethod
    def _event(cls, row: Any) -> Event:
        raise NotImplementedError

    def to_numpy(self) -> NDArray[Any]:
        """The events as a structured array; a view that stays valid."""
        return self._column

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._column, dtype=dtype, copy=copy)

    def __len__(self) -> int:
        return len(self._column)

    @overload
    def __getitem__(self, key: int) -> Event: ...
    @overload
    def __getitem__(self, key: slice) -> "_Events[Event]": ...
    def __getitem__(self, key: int | slice) -> "Event | _Events[Event]":
        if isinstance(key, slice):
            return type(self)(self._column[key])
        return self._event(self._column[key])

    def __iter__(self) -> Iterator[Event]:
        return map(self._event, self._column)

    def append(self, event: Event) -> None:
        """Add an event at the end."""
        self.extend([event])

    def extend(self, events: Iterable[Event]) -> None:
        """Add events at the end."""
        self._column = np.concatenate([self._column, type(self)(events)._column])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Events):
            return NotImplemented
        return type(other) is type(self) and np.array_equal(self._column, other._column)

    def __repr__(self) -> str:
        return f"{type(self).__name__}[{', '.join(map(str, self))}]"


class Spikes(_Events[SpikeFromChip]):
    """Spikes from the chip, in the order in which they arrived."""

    __slots__ = ()
    dtype = SPIKE_DTYPE

    @classmethod
    def _event(cls, row: Any) -> SpikeFromChip:
        return SpikeFromChip._of(row.tolist())


class MADCSamples(_Events[MADCSampleFromChip]):
    """Samples of the MADC, in the order in which they arrived."""

    __slots__ = ()
    dtype = MADC_DTYPE

    @classmethod
    def _event(cls, row: Any) -> MADCSampleFromChip:
        return MADCSampleFromChip._of(row.tolist())


class Results:
    """What a program's latest run produced: views on the columns of its answers."""

    __slots__ = ("responses",)

    def __init__(self, responses: Responses) -> None:
        self.responses = responses

    def answers(self, kind: ResponseKind) -> tuple[NDArray[Any], NDArray[np.uint64]]:
        """Payloads and times of the answers of a kind."""
        if kind is ResponseKind.LOOPBACK:
            ticks = self.responses.ticks
            return np.zeros(len(ticks), np.uint64), ticks
        column = self.responses.jtag if kind is ResponseKind.JTAG else self.responses.omnibus
        return column["data"], column["fpga_time"]


def notifications_of(responses: Responses) -> list[HighspeedLinkNotification]:
    """The state changes of the chip link, as objects."""
    message = FROM_FPGA["HighspeedLinkNotification"]
    notifications = []
    for value, time in responses.link_notifications.tolist():
        notification = HighspeedLinkNotification()
        for name, number in message.unpack(value).items():
            current = getattr(notification, name)
            setattr(notification, name, type(current)(number))
        notification.fpga_time = FPGATime(time)
        notifications.append(notification)
    return notifications


class _Holder:
    """Where a program keeps the results of its latest run; shared with its tickets."""

    __slots__ = ("results",)

    def __init__(self) -> None:
        self.results: Results | None = None


class ContainerTicket:
    """A promise for what a program will have read; valid after the run of the program."""

    __slots__ = ("_access", "_cls", "_coord", "_range")

    def __init__(self, other: "ContainerTicket | None" = None) -> None:
        self._cls: Any = None
        self._coord: Any = None
        self._access: WordAccess | None = None
        self._range: Range | None = None
        if other is not None:
            if not isinstance(other, ContainerTicket):
                raise TypeError(f"expected a ContainerTicket, not {type(other).__name__}")
            for name in ContainerTicket.__slots__:
                setattr(self, name, getattr(other, name))

    @classmethod
    def _make(cls, container: Any, coord: Any, access: WordAccess, place: Range) -> Any:
        ticket = cls()
        ticket._cls, ticket._coord = container, coord
        ticket._access, ticket._range = access, place
        return ticket

    def _results(self) -> Results:
        where = f"of {self._cls.__name__} at {self._coord}" if self._cls is not None else "(empty)"
        if self._range is None or not isinstance(self._range.results, _Holder):
            raise NoResultError(
                f"ticket {where}: its program is not finished; call done() on the builder, then run"
            )
        if self._range.results.results is None:
            raise NoResultError(f"ticket {where}: its program has not run; run it first")
        return self._range.results.results

    def valid(self) -> bool:
        """Whether there is a result."""
        place = self._range
        return (
            place is not None
            and isinstance(place.results, _Holder)
            and place.results.results is not None
        )

    def get(self) -> Any:
        """The container that the latest run read; a new object at each call.

        :raises RuntimeError: before the program has run.
        :raises OverflowError: if a value that was read is outside the range of its field.
        """
        results = self._results()
        assert self._range is not None and self._access is not None  # else _results raises
        values, _ = results.answers(self._range.kind)
        own = values[self._range.begin : self._range.begin + self._range.count]
        return self._cls.decode(self._coord, self._access.backend, read_values(self._access, own))

    def get_coordinate(self) -> Any:
        """Where the container is read."""
        return self._coord

    @property
    def fpga_time(self) -> FPGATime:
        """FPGA time of the last word of the answer, in ticks of 8 ns.

        :raises RuntimeError: before the program has run.
        """
        results = self._results()
        assert self._range is not None  # else _results raises
        if self._range.count == 0:
            return FPGATime(0)
        last = self._range.begin + self._range.count - 1
        return FPGATime(int(results.answers(self._range.kind)[1][last]))


def listing(words: NDArray[np.uint64], first: int = 0) -> str:
    """Instructions as text, a line each: number, name and fields."""
    lines = []
    for index, word in enumerate(words.tolist(), start=first):
        number = word >> (PHYWORD_WIDTH - HEADER_WIDTH)
        if number >= len(TO_FPGA):
            lines.append(f"{index}: unknown instruction 0x{word:016x}")
            continue
        message = TO_FPGA[number]
        fields = ", ".join(f"{k}=0x{v:x}" for k, v in message.unpack(word).items())
        lines.append(f"{index}: {message.name}({fields})")
    return "\n".join(lines)


class PlaybackProgram:
    """Instructions for one FPGA, without the halt, and the results of their latest run."""

    __slots__ = ("_columns", "_holder", "_words")
    __hash__: ClassVar[None] = None  # type: ignore[assignment] # equal by content

    spikes_type = Spikes
    madc_samples_type = MADCSamples
    spike_pack_counts_type = list
    madc_sample_pack_counts_type = list

    def __init__(self, columns: Columns | None = None) -> None:
        self._columns = Columns() if columns is None else columns
        self._words = self._columns.words()
        self._words.flags.writeable = False
        self._holder = _Holder()
        for place in self._columns.ranges:
            place.results = self._holder

    @property
    def words(self) -> NDArray[np.uint64]:
        """The instructions, without the halt."""
        return self._words

    @property
    def expected(self) -> dict[ResponseKind, int]:
        """Number of answers per kind."""
        return self._columns.expected

    @property
    def unsupported_targets(self) -> set[str]:
        """Kinds of targets (`hardware`, `simulation`) that cannot do all that is in here."""
        return set(self._columns.unsupported)

    @property
    def unsupported_accesses(self) -> dict[str, str]:
        """For each of the unsupported targets, the first access that it does not have."""
        return self._columns.unsupported

    @property
    def results(self) -> Results | None:
        """What the latest run produced; None before it."""
        return self._holder.results

    def set_results(self, results: Results | None) -> None:
        """Replace the results; used by `run`."""
        self._holder.results = results

    @property
    def spikes(self) -> Spikes:
        """Spikes of the latest run; none before it."""
        results = self._holder.results
        return Spikes() if results is None else Spikes(results.responses.spikes)

    @property
    def madc_samples(self) -> MADCSamples:
        """MADC samples of the latest run; none before it."""
        results = self._holder.results
        return MADCSamples() if results is None else MADCSamples(results.responses.madc_samples)

    @property
    def highspeed_link_notifications(self) -> list[HighspeedLinkNotification]:
        """State changes of the chip link during the latest run."""
        results = self._holder.results
        return [] if results is None else notifications_of(results.responses)

    @property
    def spikes_pack_counts(self) -> list[int]:
        """How many packs of 1, 2 and 3 spikes arrived."""
        results = self._holder.results
        return [0] * _PACK_SIZES if results is None else results.responses.spike_packs.tolist()

    @property
    def madc_samples_pack_counts(self) -> list[int]:
        """How many packs of 1, 2 and 3 samples arrived."""
        results = self._holder.results
        return [0] * _PACK_SIZES if results is None else results.responses.madc_packs.tolist()

    def empty(self) -> bool:
        """Whether there are no instructions."""
        return len(self._words) == 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlaybackProgram):
            return NotImplemented
        return np.array_equal(self._words, other._words)

    def __str__(self) -> str:
        return listing(self._words)

    def __repr__(self) -> str:
        return f"PlaybackProgram(to FPGA size: {len(self._words)})"


Programs = PlaybackProgram | Sequence[PlaybackProgram]
