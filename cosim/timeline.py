# SPDX-License-Identifier: Apache-2.0
"""A picture of a run: instructions, bus, events and answers over chip time.

The instructions come from the emulator, which repeats the recorded words in lock-step.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cosim.emulator import Emulator
from cosim.flange.record import Record
from cosim.recorder import play
from hal.hxcomm.codec import Decoder
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA

__all__ = ["Lane", "draw", "lanes"]

CYCLES_PER_US = 250
#: A quiet time of so many cycles separates two panels.
PAUSE = 2500
_SHIFT = np.uint64(PHYWORD_WIDTH - HEADER_WIDTH)


@dataclass(frozen=True, slots=True)
class Lane:
    """Marks of one colour: name, row of the picture, cycles."""

    name: str
    row: str
    at: NDArray[np.uint64]


_INSTRUCTIONS = {
    "JTAG": ("JtagInit", "JtagScaler", "JtagIns", "JtagData"),
    "timer": ("Setup", "WaitUntil"),
    "barrier, time": ("Barrier", "SystimeInit", "PollingOmnibusBlock"),
    "reset, halt, tick": ("Reset", "Loopback"),
    "Omnibus": ("OmnibusAddress", "OmnibusData"),
    "spikes": ("SpikePack1", "SpikePack2", "SpikePack3"),
}
_ANSWERS = {
    "JTAG": ("JtagData",),
    "Omnibus": ("OmnibusData",),
    "spikes": ("SpikePack1", "SpikePack2", "SpikePack3"),
    "notifications": ("HighspeedLinkNotification", "TimeoutNotification"),
    "halt, tick": ("Loopback",),
    "time": ("Systime", "Sysdelta"),
}


def lanes(record: Record) -> list[Lane]:
    """What happened when, by repeating the record on the emulator.

    :raises ValueError: if the emulator's answers differ from the recorded ones.
    """
    emulator = Emulator(trace=True)
    again = play(record, emulator)
    words, at = again.answers, again.at
    if record.difference(again):
        raise ValueError("the emulator's answers differ from the recorded ones")
    executed, executed_at = emulator.executed()
    ids = executed >> _SHIFT
    result = [
        Lane(name, "instructions", executed_at[np.isin(ids, [TO_FPGA[m].id for m in names])])
        for name, names in _INSTRUCTIONS.items()
    ]
    address = TO_FPGA["OmnibusAddress"]
    reads = (ids == address.id) & (executed & np.uint64(address.pack(is_read=1)) != 0)
    writes = ids == TO_FPGA["OmnibusData"].id
    result += [
        Lane("read", "bus", executed_at[reads]),
        Lane("write", "bus", executed_at[writes]),
    ]
    # The cycle at which a word left stands for the messages that end in it.
    left, kinds = [], []
    decoder = Decoder(FROM_FPGA)
    for word, cycle in zip(words, at, strict=True):
        found = decoder.feed(np.array([word], np.uint64)).ids.tolist()
        kinds += found
        left += [cycle] * len(found)
    kind_of, left_at = np.array(kinds, np.uint8), np.array(left, np.uint64)
    packs = [TO_FPGA[m].id for m in _INSTRUCTIONS["spikes"]]
    back = [FROM_FPGA[m].id for m in _ANSWERS["spikes"]]
    result += [
        Lane("to the chip", "events", executed_at[np.isin(ids, packs)]),
        Lane("from the chip", "events", left_at[np.isin(kind_of, back)]),
    ]
    result += [
        Lane(name, "answers", left_at[np.isin(kind_of, [FROM_FPGA[m].id for m in names])])
        for name, names in _ANSWERS.items()
    ]
    return result


def _panels(found: list[Lane], most: int) -> list[tuple[int, int]]:
    """Spans of cycles with something in them, the `most` with most marks, in order."""
    at = np.unique(np.concatenate([lane.at for lane in found]))
    if not at.size:
        return [(0, PAUSE)]
    cuts = np.flatnonzero(np.diff(at) > PAUSE)
    starts, ends = np.r_[at[0], at[cuts + 1]], np.r_[at[cuts], at[-1]]
    marks = np.searchsorted(at, ends, "right") - np.searchsorted(at, starts)
    order = np.sort(np.argsort(-marks, kind="stable")[:most])
    return [(int(starts[i]), int(ends[i])) for i in order]


def draw(path: Path, found: list[Lane], title: str, most_panels: int = 8) -> None:
    """Write the picture (PNG or SVG, by suffix)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    spans = _panels(found, most_panels)
    figure = Figure(figsize=(14, 7), layout="constrained")
    FigureCanvasAgg(figure)
    widths = [1 + np.log10(max(b - a, 10)) for a, b in spans]
    axes = figure.subplots(
        1, len(spans), sharey=True, squeeze=False, gridspec_kw={"width_ratios": widths}
    )[0]
    labels = [f"{lane.row}: {lane.name}" for lane in found]
    rows = list(dict.fromkeys(lane.row for lane in found))
    for axis, (first, last) in zip(axes, spans, strict=True):
        for height, lane in enumerate(found):
            inside = lane.at[(lane.at >= first) & (lane.at <= last)] / CYCLES_PER_US
            axis.plot(
                inside, np.full(inside.shape, -height), "|", color=f"C{rows.index(lane.row)}", ms=12
            )
        axis.set_xlabel("chip time / µs")
        axis.set_title(f"{(last - first) / CYCLES_PER_US:.0f} µs", fontsize=9)
        axis.grid(axis="x", alpha=0.3)
    axes[0].set_yticks([-i for i in range(len(found))], labels)
    figure.suptitle(title)
    figure.savefig(path, dpi=90)
