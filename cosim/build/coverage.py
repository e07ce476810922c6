# SPDX-License-Identifier: Apache-2.0
"""RTL coverage: runs all benches with coverage and prints covered points per file and kind."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from .cache import BuildError
from .runner import ROOT, benches, load, run

__all__ = ["points", "summary"]

_POINT = re.compile(r"^C '(.*)' (\d+)$")


def points(text: str) -> dict[tuple[str, str, str], int]:
    """Hits of each point of a Verilator `coverage.dat`: (file name, kind, place) -> count.

    A point of a module that is instantiated several times counts once.
    """
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for line in text.splitlines():
        if match := _POINT.match(line):
            keys = dict(x.split("\x02", 1) for x in match[1].split("\x01") if "\x02" in x)
            kind = keys.get("page", "").partition("/")[0].removeprefix("v_")
            place = "/".join(keys.get(k, "") for k in ("l", "n", "o"))
            found[Path(keys.get("f", "")).name, kind, place] += int(match[2])
    return dict(found)


def summary(texts: Iterable[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Covered and all points per (file name, kind) over several runs."""
    total: dict[tuple[str, str, str], int] = defaultdict(int)
    for text in texts:
        for point, count in points(text).items():
            total[point] += count
    table: dict[tuple[str, str], tuple[int, int]] = {}
    for (file, kind, _), count in total.items():
        hit, every = table.get((file, kind), (0, 0))
        table[file, kind] = hit + (count > 0), every + 1
    return table


def main() -> int:
    """`python -m cosim.build.coverage`: table on standard output and in build/cov/rtl.txt."""
    texts = []
    for name in benches():
        bench = load(name)
        for parameters in bench.sweep:
            outcome = run(bench, parameters, coverage=True, output=ROOT / "build" / "cov" / "sim")
            texts.append((outcome.folder / "coverage.dat").read_text(errors="replace"))
    rows = [
        f"{file:32} {kind:8} {hit:6} of {every:6} {100 * hit / every:6.1f} %"
        for (file, kind), (hit, every) in sorted(summary(texts).items())
    ]
    (ROOT / "build" / "cov" / "rtl.txt").write_text("\n".join(rows) + "\n")
    sys.stdout.write("\n".join(rows) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        sys.exit(2)
