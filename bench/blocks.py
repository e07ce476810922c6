# SPDX-License-Identifier: Apache-2.0
"""Where the Verilated system spends its processor time: share of each block of the RTL.

The program is the one that targets use, with line numbers, and translated so that each line of C++
tells its line of Verilog; it is linked with the sampling, but not the counting, of gprof, so that
it runs at its usual speed.
"""

import re
import statistics
import struct
import subprocess
import tempfile
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

from report import Report

from cosim.build import build
from cosim.flange.build import design
from rtl import LOADS, Words, recorded

CHIP_MS, LINES = 20, 10
#: What gprof writes: a head, then the kind of the first record, bounds of the addresses, number of
#: their bins, samples a second; then a count for each bin.
HEAD, HISTOGRAM = 20, struct.Struct("<BQQii16x")
#: Verilator's comment in front of what comes from a line of Verilog.
ORIGIN = re.compile(r"/\*(\S+)\.sv:(\d+)[ *]")
LOOP = "(loop of the model)"

Place = tuple[str, int]


def profiled() -> Path:
    """The server, to be sampled."""
    plain = design()
    return build(
        replace(
            plain,
            name="server-profiled",
            options=[*plain.options, "--decorations", "node"],
            cflags=[*plain.cflags, "-g1", "-fno-pie"],
            ldflags=[*plain.ldflags, "-pg", "-no-pie"],
        )
    )


def samples(binary: Path, words: Words) -> Counter[int]:
    """How often the program was found at an address."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script"
        script.write_bytes(recorded(words))
        subprocess.run(
            [binary, "--replay", script], cwd=folder, stdout=subprocess.DEVNULL, check=True
        )
        data = (Path(folder) / "gmon.out").read_bytes()
    _, low, high, bins, _ = HISTOGRAM.unpack_from(data, HEAD)
    counts = struct.unpack_from(f"<{bins}H", data, HEAD + HISTOGRAM.size)
    return Counter({low + i * (high - low) // bins: n for i, n in enumerate(counts) if n})


@cache
def origins(file: Path) -> list[Place]:
    """Block and line of Verilog of each line of a translated file."""
    place, places = (LOOP, 0), []
    for line in file.read_text().splitlines():
        if found := ORIGIN.search(line):
            place = (Path(found[1]).name, int(found[2]))
        elif line.startswith("}"):
            place = (LOOP, 0)
        places.append(place)
    return places


def places(binary: Path, addresses: list[int]) -> list[Place]:
    """Where addresses come from; what is inlined belongs to the Verilog that uses it."""
    done = subprocess.run(
        ["addr2line", "-a", "-i", "-e", binary, *map(hex, addresses)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = []
    for block in re.split(r"^0x.*\n", done.stdout, flags=re.MULTILINE)[1:]:
        frames = [line.split(" ")[0].rpartition(":") for line in block.splitlines()]
        place = (Path(frames[-1][0]).name.strip("?") or "(libraries)", 0)
        for name, _, line in frames:
            file = binary.parent / Path(name).name
            if file.name.startswith("Vtop_") and line.isdigit():
                place = origins(file)[int(line) - 1]
                break
        found.append(place)
    return found


def main() -> None:
    """Take and show the shares."""
    report = Report("blocks")
    binary = profiled()
    blocks: list[Counter[str]] = []
    lines: Counter[Place] = Counter()
    for load in LOADS.values():
        found = samples(binary, load(CHIP_MS))
        blocks.append(Counter())
        for place, n in zip(places(binary, list(found)), found.values(), strict=True):
            blocks[-1][place[0]] += n
            lines[place] += n
    totals = [counter.total() for counter in blocks]
    rows = {
        name: [100 * counter[name] / n for counter, n in zip(blocks, totals, strict=True)]
        for name in set().union(*blocks)
    }
    for name, shares in sorted(rows.items(), key=lambda row: -sum(row[1])):
        how = ", ".join(f"{load} {s:.1f}" for load, s in zip(LOADS, shares, strict=True))
        report.add(name, statistics.mean(shares), "%", how)
    for (block, line), n in lines.most_common(LINES):
        if line:
            report.add(f"{block}.sv:{line}", 100 * n / sum(totals), "%", "of all samples")
    report.finish()


if __name__ == "__main__":
    main()
