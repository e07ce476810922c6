# SPDX-License-Identifier: Apache-2.0
"""Error of the analog core's integration over the step, plotted to docs/analog-convergence.svg.

Membranes below threshold with fast leak, lines and adaptation, against the adaptive solution of
tests/sw. Needs matplotlib.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/sw"))

from analog_reference import Adaptive  # noqa: E402 (after the path)
from test_analog_accuracy import FAST, Population, below_threshold  # noqa: E402

STEPS = (2, 3, 5, 7, 10, 15, 20, 25)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "adaptive.so"
        source = ROOT / "tests/sw/analog_adaptive.c"
        flags = ["-std=c11", "-O2", "-fPIC", "-shared"]
        subprocess.run(["gcc", *flags, str(source), "-lm", "-o", str(library)], check=True)
        solver = Adaptive(library)
        population = Population([FAST] * 16, 48_000, 500e3, 60, {"fire": 0, "adaptation": 1})
        found = [below_threshold(solver, population, step) for step in STEPS]
    errors = np.array([error / swing for error, swing in found]) * 100
    order = np.polyfit(np.log(STEPS[2:]), np.log(errors[2:]), 1)[0]
    for step, error in zip(STEPS, errors, strict=True):
        print(f"{4 * step:4} ns: {error:.5f} % of the swing")
    print(f"order from 20 to 100 ns: {order:.2f}")

    mpl.rcParams["svg.hashsalt"] = "convergence"
    figure = Figure(figsize=(5, 3.6), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    dt = 4.0 * np.array(STEPS)
    axes.loglog(dt, errors[-1] * (dt / dt[-1]) ** 2, "--", color="grey", label="order 2")
    axes.axhline(0.2, color="tab:red", linewidth=1, label="limit")
    axes.loglog(dt, errors, "o-", label="core")
    axes.set(xlabel="step [ns]", ylabel="rms error [% of the swing]")
    axes.legend()
    figure.savefig(ROOT / "docs/analog-convergence.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
