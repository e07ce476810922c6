# SPDX-License-Identifier: Apache-2.0
"""compare two records: words to the system, answers, and all times.

Prints the first difference of the words and that of the answers; exit status 1 if there is one.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosim.flange.record import Record

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", type=Path, help="a record (.hxr or .json)")
    parser.add_argument("second", type=Path, help="the record to compare it with")


def run(arguments: argparse.Namespace) -> int:
    """Load and compare."""
    from itertools import zip_longest

    from cosim.dump import answers, dump
    from cosim.flange.record import Record

    records = [Record.load(path) for path in (arguments.first, arguments.second)]
    if _equal(*records):  # the usual case needs no text
        sys.stdout.write("equal\n")
        return 0

    def sent(record: Record) -> list[str]:
        steps = Record(record.steps)
        return [line for line in dump(steps) if line.startswith(("step", "  "))]

    def came(record: Record) -> list[str]:
        rows = answers(record.answers, record.at)
        return [f"cycle {cycle}, FPGA time {time}: {text}" for cycle, time, text in rows]

    different = False
    for what, texts in (("step or word", sent), ("answer", came)):
        pairs = zip_longest(*(texts(record) for record in records), fillvalue="-")
        found = next(((i, a, b) for i, (a, b) in enumerate(pairs) if a != b), None)
        if found is not None:
            different = True
            number, first, second = found
            sys.stdout.write(
                f"first different {what} (line {number}):\n"
                f"  {arguments.first}: {first.strip()}\n  {arguments.second}: {second.strip()}\n"
            )
    if not different and (words := records[0].difference(records[1])):
        different = True
        sys.stdout.write(f"the messages agree, their packing into words does not: {words}\n")
    if not different:
        sys.stdout.write("equal\n")
    return int(different)


def _equal(first: "Record", second: "Record") -> bool:
    import numpy as np

    if len(first.steps) != len(second.steps):
        return False
    same = all(
        (a.kind, a.count) == (b.kind, b.count)
        and np.array_equal(a.words, b.words)
        and np.array_equal(a.at, b.at)
        for a, b in zip(first.steps, second.steps, strict=True)
    )
    return same and not first.difference(second)
