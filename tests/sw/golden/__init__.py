# SPDX-License-Identifier: Apache-2.0
"""Checks of the recorded vectors, one module a file; `test_golden` explains how they are found."""

from collections.abc import Iterable

__all__ = ["Record", "number"]


class Record(dict[str, object]):
    """One line: reads of its entries are noted, so that nothing is passed over."""

    def __init__(self, file: str, line: int, content: dict[str, object]) -> None:
        super().__init__(content)
        self.where = f"{file} line {line}"

    def done(self, read: Iterable[str]) -> None:
        """State which entries were checked.

        :raises AssertionError: if the line has others.
        """
        rest = set(self) - set(read)
        assert not rest, f"entries that nobody checks: {sorted(rest)}"


def number(value: object) -> int:
    """An integer; those wider than 64 bits are recorded as hexadecimal strings."""
    assert isinstance(value, int | str), value
    return int(value, 16) if isinstance(value, str) else int(value)
