# SPDX-License-Identifier: Apache-2.0
"""Figures of the benchmarks: how they are taken, shown and kept.

A benchmark makes a `Report`, adds its figures and calls `finish`, which prints the table and writes
`build/bench/<name>.json`. Run by itself, this module shows what the last runs have written.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Figure", "Report", "seconds"]

FOLDER = Path(__file__).resolve().parents[1] / "build" / "bench"
HEADER = ("name", "value", "unit", "target", "", "how measured")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row; without a demand, target and met are None."""

    name: str
    value: float
    unit: str
    target: float | None
    met: bool | None
    relation: str
    how: str

    def cells(self) -> tuple[str, ...]:
        """Texts of the row."""
        target = "" if self.target is None else f"{self.relation} {self.target:g}"
        met = "" if self.met is None else "met" if self.met else "missed"
        return (self.name, f"{self.value:.4g}", self.unit, target, met, self.how)


def seconds(
    function: Callable[[], object], runs: int = 7, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Median time of a call, after one call to warm up.

    :param clock: wall clock; `time.process_time` tells what the call takes on an idle machine.
    """
    function()
    taken = []
    for _ in range(runs):
        begin = clock()
        function()
        taken.append(clock() - begin)
    return statistics.median(taken)


def table(figures: list[Figure]) -> str:
    """Rows under each other, columns aligned."""
    rows = [HEADER, *(figure.cells() for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if i in (1, 3) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


class Report:
    """The figures of one benchmark."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.figures: list[Figure] = []

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        how: str,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> None:
        """Note a figure with its target, if it has one."""
        target, relation = (at_least, ">=") if at_most is None else (at_most, "<=")
        met = None
        if target is not None:
            met = value <= target if relation == "<=" else value >= target
        self.figures.append(Figure(name, value, unit, target, met, relation, how))

    def finish(self) -> None:
        """Print the table and write it to `build/bench`."""
        print(table(self.figures))
        FOLDER.mkdir(parents=True, exist_ok=True)
        rows = [asdict(figure) for figure in self.figures]
        text = json.dumps(rows, indent=1) + "\n"
        (FOLDER / f"{self.name}.json").write_text(text, encoding="utf-8")


def main(names: list[str]) -> int:
    """Show the tables of the last runs; with names, put the rows of all but the first into it."""
    if names:
        rows = [r for n in names[1:] for r in json.loads((FOLDER / f"{n}.json").read_text())]
        (FOLDER / f"{names[0]}.json").write_text(json.dumps(rows, indent=1) + "\n")
        return 0
    files = sorted(FOLDER.glob("*.json"))
    if not files:
        print("no benchmark has been run yet: make bench NAME=words")
    for file in files:
        figures = [Figure(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
        print(f"\n{file.stem}\n{table(figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
