# SPDX-License-Identifier: Apache-2.0
"""Composed containers: the whole chip and its differences into wire words, files, import time."""

import inspect
import pickle
import sys
import time
from pathlib import Path

import numpy as np
from containers import import_seconds
from report import Report, seconds

from hal import halco, lola
from hal.fisch import write_words
from hal.lola.composed import slots_of
from hal.stadls import PlaybackProgramBuilder

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from random_containers import random_composed

RUNS = 21
CHANGES = (1, 16, 256)
COORD = halco.ChipOnDLS()


def difference(report: Report, chip: lola.Chip, reference: lola.Chip, count: int) -> None:
    """Words and time of a chip with `count` changes against a reference."""
    registers = len(chip.difference_access(COORD, reference).words)
    what = "weights, random places"
    report.add(f"registers of {count} changes", registers, "words", what, at_most=count)
    taken = seconds(lambda: write_words(chip.difference_access(COORD, reference)), RUNS) * 1e3
    report.add(f"difference of {count} changes", taken, "ms", "into wire words", at_most=1)


def main() -> None:
    report = Report("chip")
    rng = np.random.default_rng(1)
    chip = random_composed(lola.Chip, rng)
    words = len(write_words(chip.write_access(COORD)))
    how = f"random content, {words} wire words"
    for clock, what in ((time.perf_counter, "wall"), (time.process_time, "processor")):
        taken = seconds(lambda: write_words(chip.write_access(COORD)), RUNS, clock) * 1e3
        report.add(f"encode a chip, {what} time", taken, "ms", how, at_most=9)

    def build(*reference: lola.Chip) -> int:
        builder = PlaybackProgramBuilder()
        builder.write(COORD, chip, *reference)
        return len(builder.done().words)

    report.add("program with a chip", seconds(build, RUNS) * 1e3, "ms", f"{build()} wire words")
    weights = slots_of(lola.Chip, "synapse_blocks.matrix.weights").ravel()
    for count in CHANGES:
        reference = lola.Chip(chip)
        reference._numbers[rng.choice(weights, count, replace=False)] ^= 1
        difference(report, chip, reference, count)
    read = chip.write_access(COORD).words
    taken = seconds(lambda: lola.Chip.decode(COORD, None, read)) * 1e3
    report.add("decode a chip", taken, "ms", "")
    data = pickle.dumps(chip)
    report.add("pickle a chip", seconds(lambda: pickle.dumps(chip)) * 1e3, "ms", f"{len(data)} B")
    report.add("unpickle a chip", seconds(lambda: pickle.loads(data)) * 1e3, "ms", "")
    text = lola.to_json(chip)
    taken = seconds(lambda: lola.to_json(chip))
    report.add("JSON of a chip", taken, "s", f"{len(text)} B", at_most=1)
    taken = seconds(lambda: lola.from_json(reference, text))
    report.add("chip from JSON", taken, "s", "", at_most=1)
    taken = seconds(lambda: inspect.getmembers(chip))
    report.add("reflection of a chip", taken, "s", "inspect.getmembers", at_most=1)
    report.add(
        "import dlens_vx_v3.lola",
        import_seconds("dlens_vx_v3.lola"),
        "s",
        "processor time, with hal and NumPy",
        at_most=0.25,
    )
    report.finish()


if __name__ == "__main__":
    main()
