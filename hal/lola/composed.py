# SPDX-License-Identifier: Apache-2.0
"""Composed containers: fields that are spread over many register containers.

A composed container is declared like a register container; instead of places in words it lists its
`_parts`, in the order of their words::

    class SynapseWeightRow(Composed, at=halco.SynapseWeightRowOnDLS, backends=CHIP):
        values = ArrayField(typed_array(Value, halco.SynapseOnSynapseRow))

        _parts = (Part(SynapseWeightQuad, several(QUADS), fields={"values": by_quad("values")}),)

A part maps fields of one kind of container (register container or composed one) to the numbers of
the whole.
From the parts a plan is made once per class: for each register container which numbers of the whole
its fields are, and where its words go.
Encoding and decoding then take a few NumPy operations per field of a register container, however
many of them there are.

Source of the facts: reference of the composed containers.
"""

import ctypes
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from hal.fisch.access import Backend, WordAccess
from hal.haldls.declaration import (
    ContainerError,
    Encodable,
    Structure,
    legal_backend,
    register,
)
from hal.haldls.kinds import is_structure
from hal.native import load

__all__ = ["Composed", "Group", "Own", "Part", "Split", "slots_of"]

Numbers: TypeAlias = npt.NDArray[np.int64]
Table: TypeAlias = tuple[int, ...]

UNSET = -1
"""Slot of a field that no member stands for: it has its default."""


class Group(Structure):
    """A group of members inside a composed container; stored under their plain names."""

    __slots__ = ()

    _stored_prefix = ""


# -- parts ----------------------------------------------------------------------------------------


def slots_of(cls: Any, path: str) -> Numbers:
    """Which numbers of a structure a path such as ``leak.v_leak`` or ``channels.offset`` means.

    Arrays on the way add a dimension each; ``name[2]`` picks one element.
    A path to a structure means all its numbers, in the last dimension.
    """
    slots = np.zeros((), dtype=np.int64)
    for step in filter(None, path.split(".")):
        name, _, index = step.rstrip("]").partition("[")
        member = cls._fields[name]
        cls = member.kind
        shape, stride = getattr(member, "shape", ()), getattr(member, "stride", member.count)
        inner = np.arange(math.prod(shape), dtype=np.int64).reshape(shape) * stride
        slots = slots[..., *[np.newaxis] * inner.ndim] + member.offset + inner
        if index:
            slots = slots[..., int(index)]
    return slots[..., np.newaxis] + np.arange(cls._length) if is_structure(cls) else slots


def _unchanged(slots: Numbers) -> Numbers:
    return slots


@dataclass(frozen=True, slots=True)
class Own:
    """Members of the whole, rearranged: one row for each container, one column per element.

    The slots of several members lie side by side in the last dimension.
    """

    paths: tuple[str, ...]
    arrange: Callable[[Numbers], Numbers] = _unchanged

    def of(self, cls: Any) -> Numbers:
        """The slots."""
        slots = [slots_of(cls, path) for path in self.paths]
        return self.arrange(slots[0] if len(slots) == 1 else np.stack(slots, axis=-1))


@dataclass(frozen=True, slots=True)
class Split:
    """A member that is spread over several fields: what a field is for each of its numbers."""

    path: str
    table: Table

    def of(self, cls: Any) -> Numbers:
        """The slots of the member."""
        return slots_of(cls, self.path)


@dataclass(frozen=True, slots=True)
class Part:
    """Containers of one kind, one after the other.

    :param container: the kind.
    :param at: numbers of their coordinates as a function of that of the whole; the argument is an
        array of shape (n, 1), the result one of shape (n, number of containers).
    :param whole: path of the member that is the container, or the array of them.
    :param fields: for each field of the container that is not at its default the path of a member,
        an `Own` or a `Split`.
    """

    container: Any
    at: Callable[[Numbers], Any]
    whole: str = ""
    fields: Mapping[str, "str | Own | Split"] = field(default_factory=dict)

    def slots(self, cls: Any) -> Numbers:
        """The numbers of the whole that the containers consist of, one row for each."""
        count = np.asarray(self.at(np.zeros((1, 1), dtype=np.int64))).size
        if self.whole:
            return slots_of(cls, self.whole).reshape(count, -1)
        slots = np.full((count, self.container._length), UNSET, dtype=np.int64)
        for name, source in self.fields.items():
            own = slots_of(cls, source) if isinstance(source, str) else source.of(cls)
            slots[:, slots_of(self.container, name).reshape(-1)] = own.reshape(count, -1)
        return slots

    def tables(self) -> tuple[Table | None, ...]:
        """For each column of `slots` the table of a split member."""
        tables: list[Table | None] = [None] * self.container._length
        for name, source in self.fields.items():
            if isinstance(source, Split):
                tables[int(slots_of(self.container, name))] = source.table
        return tuple(tables)


def put_rows(numbers: Numbers, places: Any, columns: Sequence[Any]) -> None:
    """``numbers[places[row, i]] = columns[i][row]``."""
    matrix = np.array(columns).reshape(places.shape[::-1])
    if matrix.dtype != np.uint32:
        matrix = matrix.astype(np.int64)
    _rows("put", numbers, places, matrix)


def get_rows(numbers: Numbers, places: Any, dtype: Any) -> Any:
    """``columns[i][row] = numbers[places[row, i]]``, columns of unsigned 32 or signed 64 bits."""
    columns = np.empty(places.shape[::-1], dtype)
    _rows("get", numbers, places, columns)
    return columns


def _rows(direction: str, numbers: Numbers, places: Any, columns: Any) -> None:
    if not (numbers.flags.c_contiguous and numbers.dtype == np.int64):
        raise ValueError(f"numbers must be contiguous and of 64 bits, not {numbers.dtype}")
    arrays = (ctypes.c_void_p(array.ctypes.data) for array in (numbers, places, columns))
    _function(direction, 8 * columns.itemsize)(*arrays, *map(ctypes.c_size_t, places.shape))


@cache
def _function(direction: str, bits: int) -> Any:
    return load("hal.lola", "rows")[f"hx_rows_{direction}_{bits}"]


# -- plan -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """All register containers of one kind.

    The containers are rows: of `slots` (a column for each number of the container) and of
    `positions` (a column for each word).
    """

    container: Any
    tables: tuple[Table | None, ...]
    at: tuple[Callable[[Numbers], Numbers], ...]
    slots: Numbers
    positions: Numbers
    plain: tuple[int, ...] = ()
    """Columns of `slots` that are set and have no table; known once the piece is complete."""
    places: npt.NDArray[np.int32] | None = None
    """These columns, row by row."""

    def numbers(self, coord: Numbers) -> Numbers:
        """Numbers of the coordinates: a row for each number of a coordinate of the whole."""
        return np.concatenate([at(coord) for at in self.at], axis=1)

    def moved(
        self, at: Callable[[Numbers], Any], offsets: Numbers, base: int, words: int
    ) -> "Piece":
        """This piece of each of several composed containers.

        :param at: their coordinates.
        :param offsets: first slot of each.
        :param base: position of the first word of the first one.
        :param words: how many words each of them has.
        """

        def numbers(coord: Numbers) -> Numbers:
            places = np.asarray(at(coord))
            inner = self.numbers(places.reshape(-1, 1))
            return inner.reshape(len(coord), -1)

        slots = np.where(self.slots < 0, UNSET, self.slots + offsets[:, np.newaxis, np.newaxis])
        starts = base + words * np.arange(len(offsets), dtype=np.int64)
        positions = self.positions + starts[:, np.newaxis, np.newaxis]
        return Piece(
            self.container,
            self.tables,
            (numbers,),
            slots.reshape(-1, self.slots.shape[1]),
            positions.reshape(-1, self.positions.shape[1]),
        )

    # -- words ------------------------------------------------------------------------------------

    def pack(self, numbers: Numbers, rows: Numbers | None, at: Numbers) -> Any:
        """One column for each word of the chosen rows.

        :param numbers: those of the whole.
        :param rows: None for all.
        :param at: numbers of the coordinates of all rows.
        """
        part = self.container._part
        kind = part or self.container
        dtype = kind._codec().dtype
        slots = self.slots if rows is None else self.slots[rows]
        if part is not None:
            return part._pack([numbers[slots].astype(dtype)], at)[0].T
        columns: list[Any] = [None] * len(self.tables)
        if rows is None:
            plain = get_rows(numbers, self.places, dtype)
        else:
            plain = numbers[slots[:, self.plain].T].astype(dtype)
        for index, column in zip(self.plain, plain, strict=True):
            columns[index] = column
        for index, table in enumerate(self.tables):
            if table is not None:
                columns[index] = np.array(table, dtype)[numbers[slots[:, index]]]
            elif columns[index] is None:
                columns[index] = np.full(len(slots), kind._defaults[index], dtype)
        return list(kind._pack(columns, at if rows is None else at[rows]))

    def unpack(self, words: Any, numbers: Numbers, at: Numbers) -> None:
        """Set the numbers of the whole from its words."""
        part = self.container._part
        kind = part or self.container
        if part is not None:
            numbers[self.slots] = part._unpack([words[self.positions]], at)[0]
            return
        columns = [
            np.ascontiguousarray(words[self.positions[:, i]], dtype=kind._codec().dtype)
            for i in range(self.positions.shape[1])
        ]
        self.unpack_slots(kind._unpack(columns, at), numbers)

    def unpack_slots(self, slots: Sequence[Any], numbers: Numbers) -> None:
        """Set the numbers of the whole from the columns of its containers."""
        if self.plain:
            put_rows(numbers, self.places, [slots[index] for index in self.plain])
        found: dict[int, list[tuple[Table, Any]]] = {}
        for index, table in enumerate(self.tables):
            if table is not None:
                found.setdefault(int(self.slots[0, index]), []).append((table, index))
        for parts in found.values():
            target = self.slots[:, parts[0][1]]
            numbers[target] = 0
            for number, codes in enumerate(zip(*(table for table, _ in parts), strict=True)):
                same = [slots[i] == code for (_, i), code in zip(parts, codes, strict=True)]
                numbers[target[np.logical_and.reduce(same)]] = number


@dataclass(frozen=True, slots=True)
class Plan:
    """How a composed container is made of register containers."""

    pieces: tuple[Piece, ...]
    words: int
    owners: npt.NDArray[np.int32]
    """For each number of the whole, the row of which it is a part; rows of all pieces in turn."""
    starts: Numbers
    """First row of each piece."""


def _expanded(cls: Any) -> tuple[list[Piece], int]:
    """Pieces of a composed container in the order of its parts, and the number of its words."""
    pieces: list[Piece] = []
    words = 0
    for part in cls._parts:
        slots = part.slots(cls)
        if issubclass(part.container, Composed):
            plan = part.container._plan()
            pieces += [p.moved(part.at, slots[:, 0], words, plan.words) for p in plan.pieces]
            words += plan.words * len(slots)
            continue
        length = part.container._word_count()
        positions = words + np.arange(len(slots) * length, dtype=np.int64).reshape(-1, length)
        at = _at(part)
        pieces.append(Piece(part.container, part.tables(), (at,), slots, positions))
        words += positions.size
    return pieces, words


def _at(part: Part) -> Callable[[Numbers], Numbers]:
    def numbers(coord: Numbers) -> Numbers:
        own = np.asarray(part.at(coord), dtype=np.int64)
        return np.broadcast_to(own, (len(coord), own.shape[1]))

    return numbers


def _merged(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """One piece for each kind of register container."""
    kinds: dict[Any, list[Piece]] = {}
    for piece in pieces:
        unset = tuple((piece.slots[0] == UNSET).tolist())
        kinds.setdefault((piece.container, piece.tables, unset), []).append(piece)
    for group in kinds.values():
        slots = np.asfortranarray(np.concatenate([piece.slots for piece in group]))
        tables = group[0].tables
        plain = [i for i, slot in enumerate(slots[0]) if slot != UNSET and tables[i] is None]
        yield Piece(
            group[0].container,
            tables,
            tuple(at for piece in group for at in piece.at),
            slots,
            np.asfortranarray(np.concatenate([piece.positions for piece in group])),
            tuple(plain),
            np.ascontiguousarray(slots[:, plain], dtype=np.int32),
        )


@cache
def _plan(cls: Any) -> Plan:
    expanded, words = _expanded(cls)
    pieces = tuple(_merged(expanded))
    owners = np.full(cls._length, UNSET, dtype=np.int32)
    starts = np.cumsum([0, *(len(piece.slots) for piece in pieces)])
    for piece, start in zip(pieces, starts, strict=False):
        rows = np.arange(start, start + len(piece.slots), dtype=np.int32)
        for column in range(piece.slots.shape[1]):
            if piece.slots[0, column] != UNSET:
                owners[piece.slots[:, column]] = rows
    return Plan(pieces, words, owners, starts)


@cache
def _unread(cls: Any, backend: Backend) -> Numbers:
    """The numbers that no word sets."""
    plan = _plan(cls)
    unread = plan.owners == UNSET
    for piece in plan.pieces:
        if backend in piece.container._undecoded:
            unread[piece.slots[piece.slots != UNSET]] = True
    return np.flatnonzero(unread)


@cache
def _checked(cls: Any) -> Numbers:
    """The numbers that a word can put outside their limits."""
    return np.concatenate([_unsafe(cls, piece) for piece in _plan(cls).pieces])


def _unsafe(cls: Any, piece: Piece) -> Numbers:
    """Slots of a piece that a word can put outside the limits of their members."""
    columns = piece.slots.shape[1]
    unsafe = np.zeros(columns, dtype=bool)
    kind = piece.container._part or piece.container
    for own, limit in zip(cls._limits, kind._limits, strict=True):
        unsafe |= np.any(own[piece.slots] != np.resize(limit, columns), axis=0)
    unsafe[list(piece.container._checked())] = True
    unsafe |= [table is not None for table in piece.tables]
    return piece.slots[:, unsafe & (piece.slots[0] != UNSET)].reshape(-1)


@dataclass(frozen=True, slots=True)
class Place:
    """A composed container at one coordinate: coordinates of its pieces, addresses of its words."""

    numbers: tuple[Numbers, ...]
    addresses: npt.NDArray[np.uint32]


@cache
def _place(cls: Any, number: int, backend: Backend) -> Place:
    plan = cls._plan()
    coord = np.full((1, 1), number, dtype=np.int64)
    numbers = tuple(piece.numbers(coord)[0] for piece in plan.pieces)
    addresses = np.empty(plan.words, dtype=np.uint32)
    for piece, own in zip(plan.pieces, numbers, strict=True):
        addresses[piece.positions] = piece.container._addresses[backend].of(own)
    addresses.setflags(write=False)
    return Place(numbers, addresses)


# -- containers -----------------------------------------------------------------------------------


class Composed(Group, Encodable):
    """Base of the composed containers."""

    __slots__ = ()

    _parts: ClassVar[tuple[Part, ...]] = ()
    _at: ClassVar[Any] = None
    _backends: ClassVar[tuple[Backend, ...]] = ()
    _readable: ClassVar[bool] = True
    _writeable: ClassVar[bool] = True
    _unreadable_on: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(
        cls,
        *,
        at: Any = None,
        backends: tuple[Backend, ...] = (),
        access: str = "rw",
        unreadable_on: tuple[str, ...] = (),
        **keywords: Any,
    ) -> None:
        """Declare the whole.

        :param at: coordinate type.
        :param backends: legal word accesses, the default one first.
        :param access: ``r``, ``w`` or ``rw``.
        :param unreadable_on: kinds of connection that cannot read it.
        """
        super().__init_subclass__(**keywords)
        if at is None:
            return
        cls._at, cls._backends = at, backends
        cls._readable, cls._writeable = "r" in access, "w" in access
        cls._unreadable_on = frozenset(unreadable_on)
        register(at, cls)

    @classmethod
    def _plan(cls) -> Plan:
        return _plan(cls)

    @classmethod
    def _chosen(cls, coord: Any, backend: Backend | None) -> Backend:
        if not isinstance(coord, cls._at):
            raise ContainerError(
                f"{cls.__qualname__} belongs to {cls._at.__qualname__}, "
                f"not to a {type(coord).__qualname__}"
            )
        return legal_backend(cls, backend, coord)

    @classmethod
    def _placed(cls, coord: Any, backend: Backend) -> Place:
        return _place(cls, int(coord._e), backend)

    def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses and words that write all parts.

        :param backend: word access; None means the default.
        :raises RuntimeError: for a coordinate of another container, a read-only container, or a
            word access that it does not have.
        """
        chosen = self._chosen(coord, backend)
        if not self._writeable:
            raise ContainerError(f"{type(self).__qualname__} at {coord} is read-only")
        plan, place = self._plan(), self._placed(coord, chosen)
        words = np.empty(plan.words, dtype=np.uint32)
        for piece, at in zip(plan.pieces, place.numbers, strict=True):
            columns = piece.pack(self._numbers, None, at)
            if piece.container._part is not None:
                words[piece.positions.T] = columns
                continue
            for index, column in enumerate(columns):
                words[piece.positions[:, index]] = column
        return WordAccess(chosen, place.addresses, words)

    def difference_access(
        self, coord: Any, reference: Self, backend: Backend | None = None
    ) -> WordAccess:
        """What differs from `write_access` of a reference.

        Only register containers with a changed number are encoded.

        :raises RuntimeError: for a coordinate of another container.
        """
        chosen = self._chosen(coord, backend)
        plan, place = self._plan(), self._placed(coord, chosen)
        rows = np.unique(plan.owners[np.flatnonzero(self._numbers != reference._numbers)])
        positions, words = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.uint32)]
        bounds = np.searchsorted(rows, plan.starts)
        for index, (piece, at) in enumerate(zip(plan.pieces, place.numbers, strict=True)):
            own = rows[bounds[index] : bounds[index + 1]] - plan.starts[index]
            if not len(own):
                continue
            new, old = (
                piece.pack(numbers, own, at) for numbers in (self._numbers, reference._numbers)
            )
            for column, (after, before) in enumerate(zip(new, old, strict=True)):
                differs = np.flatnonzero(np.not_equal(after, before))
                positions.append(piece.positions[own[differs], column])
                words.append(np.broadcast_to(after, len(own))[differs].astype(np.uint32))
        all_positions = np.concatenate(positions)
        order = np.argsort(all_positions)
        return WordAccess(
            chosen, place.addresses[all_positions[order]], np.concatenate(words)[order]
        )

    @classmethod
    def read_access(cls, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses that are read for all parts.

        :raises RuntimeError: for a coordinate of another container, or a write-only container.
        """
        chosen = cls._chosen(coord, backend)
        if not cls._readable:
            raise ContainerError(f"{cls.__qualname__} at {coord} is write-only")
        return WordAccess(
            chosen, cls._placed(coord, chosen).addresses, np.empty(0, dtype=np.uint32)
        )

    @classmethod
    def decode(cls, coord: Any, backend: Backend | None, words: npt.ArrayLike) -> Self:
        """The container that was read as `words`, one for each read address.

        :raises OverflowError: for a word that decodes to a number above a field's maximum.
        :raises RuntimeError: below a minimum, or for another number of words.
        """
        chosen = cls._chosen(coord, backend)
        plan, place = cls._plan(), cls._placed(coord, chosen)
        values = np.asarray(words)
        if len(values) != plan.words:
            raise ContainerError(
                f"{cls.__qualname__} at {coord}: expected {plan.words} words, got {len(values)}"
            )
        numbers, unread = np.empty(cls._length, dtype=np.int64), _unread(cls, chosen)
        numbers[unread] = cls._defaults[unread]
        for piece, at in zip(plan.pieces, place.numbers, strict=True):
            if chosen not in piece.container._undecoded:
                piece.unpack(values, numbers, at)
        _check(cls, numbers)
        return cls._view(numbers)


def _check(cls: Any, numbers: Numbers) -> None:
    """Decoded numbers must be legal."""
    from hal.haldls.serialization import slot_name

    checked = _checked(cls)
    low, high = (limit[checked] for limit in cls._limits)
    found = numbers[checked]
    for wrong, limit, error, what in (
        (found > high, high, OverflowError, "overflow: {} > max({})"),
        (found < low, low, ContainerError, "underflow: {} < min({})"),
    ):
        places = np.flatnonzero(wrong)
        if len(places):
            place = int(places[0])
            text = what.format(found[place], limit[place])
            name = slot_name(cls, int(checked[place]))
            raise error(f"{cls.__qualname__}.{name}: range {text}")
