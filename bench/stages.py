# SPDX-License-Identifier: Apache-2.0
"""Where the time of a run goes: a table, and `build/bench/stages.svg`."""

import logging
import time

from report import FOLDER, Report
from suite import brought_up, there_and_back
from twelve import brought_up as twelve_brought_up
from twelve import experiment

from cosim.profile import STAGES, Profile, Stages, picture
from hal import lola
from hal.hxcomm import ManagedMultiTargetConnection

INPUTS = 100_000


def main() -> None:
    """Measure, show, draw."""
    logging.getLogger("hxcosim").setLevel(logging.ERROR)
    rows: dict[str, Stages] = {}
    with ManagedMultiTargetConnection(["emu"]) as handle:
        brought_up(handle)
        there_and_back(handle, lola.Chip())
        with Profile() as chip:
            there_and_back(handle, lola.Chip())
        rows["chip there and back"] = chip.stages
    with ManagedMultiTargetConnection(["emu"]) as handle:
        twelve_brought_up(handle)
        with Profile() as twelve:
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
