# SPDX-License-Identifier: Apache-2.0
"""Where the time of a run goes: a table, and `build/bench/stages.svg`."""

import logging
import time
from typing import cast
from xml.sax.saxutils import escape

from report import FOLDER, Report
from suite import brought_up, there_and_back
from twelve import brought_up as twelve_brought_up
from twelve import experiment

from cosim.emulator import Emulator
from hal import lola
from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection

STAGES = ("build", "encode", "transport", "digital", "analog", "decode")
COLOURS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377")
INPUTS = 100_000
Stages = dict[str, float]


def emulator(handle: ConnectionHandle) -> Emulator:
    """What is behind the connection."""
    return cast(Emulator, handle.connection.devices[0].target.link)  # type: ignore[attr-defined]


class Measured:
    """Stages of what runs within; the rest of the wall time is the building of programs."""

    def __init__(self, handle: ConnectionHandle) -> None:
        self._handle, self._machine = handle, emulator(handle)
        self.stages: Stages = {}

    def _now(self) -> tuple[float, ...]:
        seconds = self._handle.connection.devices[0].seconds
        run = self._machine.stats().run_ns * 1e-9
        return (*seconds, run, self._machine.analog_seconds, time.perf_counter())

    def __enter__(self) -> "Measured":
        self._machine.measure()
        self._before = self._now()
        return self

    def __exit__(self, *error: object) -> None:
        after = self._now()
        spent = (y - x for x, y in zip(self._before, after, strict=True))
        encode, decode, commit, execute, run, analog, total = spent
        self._machine.measure(False)
        self.stages = {
            "build": total - encode - decode - commit - execute,
            "encode": encode,
            "transport": commit + execute - run,
            "digital": run - analog,
            "analog": analog,
            "decode": decode,
        }


def picture(rows: dict[str, Stages]) -> str:
    """A bar per benchmark, as long as all of it, and a legend."""
    width, left, bar = 720, 150, 30
    parts = []
    for k, (name, stages) in enumerate(rows.items()):
        total, x, y = sum(stages.values()), float(left), 20 + k * 55
        parts.append(f'<text x="{left - 10}" y="{y + 20}" text-anchor="end">{escape(name)}</text>')
        for stage, colour in zip(STAGES, COLOURS, strict=True):
            long = stages[stage] / total * (width - left - 90)
            label = f"{stage}: {stages[stage] * 1e3:.1f} ms"
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{long:.1f}" height="{bar}" fill="{colour}">'
                f"<title>{label}</title></rect>"
            )
            x += long
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 20}">{total * 1e3:.0f} ms</text>')
    y = 30 + len(rows) * 55
    for k, (stage, colour) in enumerate(zip(STAGES, COLOURS, strict=True)):
        x = left + k * 85
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="{y + 11}">{stage}</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y + 30}" '
        f'font-family="sans-serif" font-size="12">\n{body}\n</svg>\n'
    )


def main() -> None:
    """Measure, show, draw."""
    logging.getLogger("hxcosim").setLevel(logging.ERROR)
    rows: dict[str, Stages] = {}
    with ManagedMultiTargetConnection(["emu"]) as handle:
        brought_up(handle)
        there_and_back(handle, lola.Chip())
        with Measured(handle) as chip:
            there_and_back(handle, lola.Chip())
        rows["chip there and back"] = chip.stages
    with ManagedMultiTargetConnection(["emu"]) as handle:
        twelve_brought_up(handle)
        with Measured(handle) as twelve:
            experiment(handle, INPUTS, time.perf_counter)
        rows["0.1 s of 12 neurons"] = twelve.stages
    report = Report("stages")
    for name, stages in rows.items():
        total = sum(stages.values())
        for stage in STAGES:
            how = f"{stages[stage] / total:.0%} of {name}, wall time, clocks read in each call"
            report.add(f"{name}: {stage}", stages[stage] * 1e3, "ms", how)
    report.finish()
    file = FOLDER / "stages.svg"
    file.write_text(picture(rows), encoding="utf-8")
    print(f"picture: {file}")


if __name__ == "__main__":
    main()
