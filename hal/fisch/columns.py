# SPDX-License-Identifier: Apache-2.0
"""A program under construction: a column of instructions and the answers that it will produce.

The answers of each kind arrive in the order of their reads, so a read owns a range of the column
of its kind (reference: fpga-interface, section 3.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hal.fisch.access import ResponseKind, WordAccess, read_words, write_words

__all__ = ["Columns", "Range"]

_EMPTY = np.empty(0, dtype=np.uint64)


@dataclass(slots=True, eq=False)
class Range:
    """The answers `begin` to `begin + count - 1` of one kind, which belong to a read."""

    kind: ResponseKind
    begin: int
    count: int
    results: object = None
    """What holds the answers: nothing before the program is finished."""


@dataclass(slots=True, eq=False)
class Columns:
    """Instructions, the number of answers per kind, and the reads that wait for them."""

    parts: list[NDArray[np.uint64]] = field(default_factory=list)
    size: int = 0
    expected: dict[ResponseKind, int] = field(default_factory=dict)
    ranges: list[Range] = field(default_factory=list)
    unsupported: dict[str, str] = field(default_factory=dict)
    """Kinds of targets that cannot do everything in here, each with the first such access."""

    def append(self, words: NDArray[np.uint64]) -> None:
        """Add instructions that produce no answers; the array must not be changed afterwards."""
        if len(words):
            self.parts.append(words)
            self.size += len(words)

    def write(self, access: WordAccess) -> None:
        """Add the instructions that write an access. :raises RuntimeError: if it is read-only."""
        self.append(write_words(access))

    def read(self, access: WordAccess) -> Range:
        """Add the instructions that read an access. :raises RuntimeError: if it is write-only."""
        words, kind, count = read_words(access)
        begin = self.expected.get(kind, 0)
        self.append(words)
        if count:
            self.expected[kind] = begin + count
        new = Range(kind, begin, count)
        self.ranges.append(new)
        return new

    def words(self) -> NDArray[np.uint64]:
        """All instructions as one array; it belongs to this object."""
        if len(self.parts) != 1:
            self.parts = [np.concatenate(self.parts) if self.parts else _EMPTY]
        return self.parts[0]

    def number_expected(self) -> int:
        """Number of all answers."""
        return sum(self.expected.values())

    def take(self) -> "Columns":
        """Everything in here as a new object; this one is empty afterwards."""
        taken = Columns(self.parts, self.size, self.expected, self.ranges, self.unsupported)
        self.parts, self.size, self.expected, self.ranges = [], 0, {}, []
        self.unsupported = {}
        return taken

    def join(self, others: Iterable["Columns"]) -> None:
        """Add everything of the others, whose reads become reads of this one."""
        for other in others:
            self.parts += other.parts
            self.size += other.size
            for read in other.ranges:
                read.begin += self.expected.get(read.kind, 0)
            self.ranges += other.ranges
            for kind, count in other.expected.items():
                self.expected[kind] = self.expected.get(kind, 0) + count
            self.unsupported = other.unsupported | self.unsupported
