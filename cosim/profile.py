# SPDX-License-Identifier: Apache-2.0
"""Where the time of runs goes: stages, and a picture of them."""

import time
from collections.abc import Mapping
from operator import add, sub
from threading import Lock
from typing import Any, Self
from xml.sax.saxutils import escape

from hal.hxcomm.connection import Device

__all__ = ["STAGES", "Profile", "Stages", "picture"]

Stages = dict[str, float]
STAGES = ("build", "encode", "transport", "digital", "analog", "decode")
COLOURS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377")


def _clocks(device: Device) -> tuple[float, ...]:
    """Seconds so far: the four of the device, within the machine, within its analog core."""
    link = getattr(device.target, "link", None)
    run = link.stats().run_ns * 1e-9 if link is not None else 0.0
    return (*device.seconds, run, getattr(link, "analog_seconds", 0.0))


class Profile:
    """Wall time of all programs that run within, by stages, in s.

    `build` is the rest of the time: building programs, and whatever else the user does. On `rtl`
    the analog core is part of `digital`. Programs of several threads at once take more than the
    time that passes; `build` is 0 then.
    """

    def __init__(self) -> None:
        self.stages: Stages = dict.fromkeys(STAGES, 0.0)
        self._spent = (0.0,) * 6
        self._lock = Lock()

    def __enter__(self) -> Self:
        execute = self._execute = Device.execute

        def measured(device: Device, *arguments: Any) -> Any:
            measure = getattr(getattr(device.target, "link", None), "measure", None)
            if measure:
                measure()
            before = _clocks(device)
            try:
                return execute(device, *arguments)
            finally:
                *host, run, analog = map(sub, _clocks(device), before)
                if not any(host):  # it failed: of its time only the machine's is known
                    host[3] = run
                spent = (*host, run, analog)
                with self._lock:
                    self._spent = tuple(map(add, self._spent, spent))

        Device.execute = measured  # type: ignore[assignment,method-assign]  # meanwhile
        self._begin = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        total = time.perf_counter() - self._begin
        Device.execute = self._execute  # type: ignore[method-assign]
        encode, decode, commit, execute, run, analog = self._spent
        rest = total - encode - decode - commit - execute
        transport = commit + execute - run
        values = (max(rest, 0.0), encode, transport, run - analog, analog, decode)
        self.stages = dict(zip(STAGES, values, strict=True))


def picture(rows: Mapping[str, Stages]) -> str:
    """A bar per profile, as long as all of it, and a legend, as SVG."""
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
