# SPDX-License-Identifier: Apache-2.0
"""RTL coverage of random sessions and all benches: covered points per file and kind."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from cosim.emulator import Emulator
from cosim.flange.build import design
from cosim.flange.client import Connection, Server
from cosim.lockstep import compare, random_session, report

from .cache import BuildError, say
from .lint import modules
from .runner import ROOT, benches, load, run
from .verilate import build

__all__ = ["merged", "points", "summary"]

#: Covered part that is demanded of `rtl/`.
LEAST = {"line": 0.95, "toggle": 0.9}
#: Random sessions, and instructions of each; seed of the benches.
SESSIONS, LENGTH, SEED = 40, 2000, 1

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


def merged(texts: Iterable[str]) -> dict[tuple[str, str, str], int]:
    """Hits of each point over several runs."""
    total: dict[tuple[str, str, str], int] = defaultdict(int)
    for text in texts:
        for point, count in points(text).items():
            total[point] += count
    return dict(total)


def summary(hits: Mapping[tuple[str, str, str], int]) -> dict[tuple[str, str], tuple[int, int]]:
    """Covered and all points per (file name, kind)."""
    table: dict[tuple[str, str], tuple[int, int]] = {}
    for (file, kind, _), count in hits.items():
        hit, every = table.get((file, kind), (0, 0))
        table[file, kind] = hit + (count > 0), every + 1
    return table


def _row(file: str, kind: str, hit: int, every: int) -> str:
    return f"{file:32} {kind:8} {hit:6} of {every:6} {100 * hit / every:6.1f} %"


def lockstep(folder: Path) -> list[str]:
    """Coverage of random sessions on the whole system, each held to the emulator."""
    binary = build(design(coverage=True))
    texts = []
    for seed in range(SESSIONS):
        file = folder / f"lockstep-{seed}.dat"
        process = Server(binary, [f"+verilator+coverage+file+{file}"])
        rtl = Connection(process.host, process.port, process)
        session = random_session(seed, LENGTH)
        with Emulator() as emulator:
            if found := compare(emulator, rtl, session):
                raise BuildError(report(session, found, ("emulator", "rtl")))
        rtl.close()
        texts.append(file.read_text(errors="replace"))
        say(f"session {seed} of {SESSIONS}")
    return texts


def main() -> int:
    """`python -m cosim.build.coverage`: table on standard output and in build/cov/rtl.txt.

    Status 1 if lines or toggles of `rtl/` are below their limits.
    """
    output = ROOT / "build" / "cov" / "sim"
    output.mkdir(parents=True, exist_ok=True)
    texts = lockstep(output)
    for name in benches():
        bench = load(name)
        for parameters in bench.sweep:
            outcome = run(bench, parameters, seed=SEED, coverage=True, output=output)
            texts.append((outcome.folder / "coverage.dat").read_text(errors="replace"))
    own = {path.name for path in modules()}
    total = {point: n for point, n in merged(texts).items() if point[0] in own}
    found = summary(total)
    rows = [_row(file, kind, *counts) for (file, kind), counts in sorted(found.items())]
    failed = False
    for kind, least in LEAST.items():
        hit, every = map(sum, zip(*(n for (_, k), n in found.items() if k == kind), strict=True))
        rows.append(_row("all", kind, hit, every))
        failed |= hit < least * every
    missed = [f"{f}: {k} {p}" for (f, k, p), n in sorted(total.items()) if not n]
    (ROOT / "build" / "cov" / "rtl.txt").write_text("\n".join([*rows, ""]))
    (ROOT / "build" / "cov" / "missed.txt").write_text("\n".join([*missed, ""]))
    sys.stdout.write("\n".join([*rows, ""]))
    return int(failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        sys.exit(2)
