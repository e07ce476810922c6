# SPDX-License-Identifier: Apache-2.0
"""A tour of the analog core: six experiments, one picture.

    python examples/analog_tour.py [tour.png]

Needs matplotlib. Everything is the ideal chip (seed 0) set up by CapMem codes and switches.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cosim.analog import Core, Option, Readout

US = 250  # chip clocks

# Shared cells of a CapMem block (column 128), then the rows of a neuron's column.
SHARED = {0: 100, 1: 330, 2: 400, 3: 50, 4: 99, 8: 600, 9: 80, 10: 70, 11: 600, 13: 600, 14: 100,
          15: 259, 18: 110, 19: 100, 20: 200, 22: 820}  # fmt: skip
NEURON = {0: 607, 1: 588, 2: 377, 5: 607, 7: 607, 8: 150, 9: 1000, 10: 26, 12: 310, 13: 500,
          14: 26, 16: 310, 17: 500, 18: 100, 21: 300}  # fmt: skip


def chip(parameters: Mapping[int, int], **switches: int) -> Core:
    """A core whose neuron 0 has the given codes and switches, with driver 0 on rows 0 and 1."""
    core = Core(seed=0)
    core.option(Option.CAPMEM_TAU, 0)  # no need to wait for the cells here
    for block in range(2):
        for row, code in SHARED.items():
            core.capmem(block, 128, row, code)
    for row, code in {**NEURON, **parameters}.items():
        core.parameter(0, row, code)
    core.neuron(0, exc=1, inh=1, readout_amplifier=1, **switches)
    core.backend(0, refractory_time=32, adaptation_pulse=1)
    core.clocks(0, slow=3, adaptation_pulse=7)
    core.column(0, 0)
    core.driver(0, 0, receiver=1, mode_bottom=1, mode_top=2)
    return core


def psp(axes, line: int) -> None:  # type: ignore[no-untyped-def]
    """Two events of weight 31 on the excitatory (1) or inhibitory (2) row."""
    with chip({}) as core:
        core.synapse(0, line - 1, 0, 31, line)
        core.run(300 * US)
        core.event(core.now, 0, 0, 0, line)
        core.event(core.now, 0, 0, 0, line)
        times, volts = core.trace(0, 360 * US, every=25)
    axes.plot(times / US - 300, volts, label="excitatory" if line == 1 else "inhibitory")
    axes.set(title="PSP of two events, weight 31", xlabel="time [us]", ylabel="membrane [V]")


def leak_over_threshold(axes) -> None:  # type: ignore[no-untyped-def]
    with chip({0: 900, 1: 550, 2: 340}, fire=1, comparator=1) as core:
        times, volts = core.trace(0, 100 * US, every=10)
    axes.plot(times / US, volts, lw=0.8)
    axes.set(title="leak over threshold", xlabel="time [us]", ylabel="membrane [V]")


def adex(axes) -> None:  # type: ignore[no-untyped-def]
    patterns = {
        "tonic": {1: 600, 19: 0, 20: 0},
        "adaptation": {1: 700, 19: 11, 20: 200},
        "initial burst": {1: 770, 19: 11, 20: 200},
        "bursts": {1: 815, 19: 8, 20: 230},
    }
    for i, (name, codes) in enumerate(patterns.items()):
        cell = {0: 830, 5: 830, 7: 830, 2: 520, 6: 820, 8: 70, 18: 100, **codes}
        with chip(
            cell, fire=1, comparator=1, exponential=1, adaptation=1, pause=1, offset=1
        ) as core:
            core.run(3000 * US)
            core.parameter(0, 22, 330)
            start = core.now
            times, volts = core.trace(0, start + 700 * US, every=25)
        axes.plot((times - start) / US, volts + 0.7 * (3 - i), lw=0.7, label=name)
    axes.set(title="AdEx patterns (shifted)", xlabel="time [us]", ylabel="membrane [V]")


def stp(axes) -> None:  # type: ignore[no-untyped-def]
    for name, target in (("facilitating", 0), ("depressing", 1)):
        with chip({10: 200}) as core:
            core.synapse(0, 0, 0, 63, 1)
            core.driver(0, 0, receiver=1, mode_bottom=1, stp=1, target=target, recovery=7,
                        enable_recovery=1, offset=8)  # fmt: skip
            core.stp(0, clock=True, speed=8)
            core.run(200_000 * US)
            start = core.now
            times, volts = [], []
            for k in range(10):
                core.event(start + k * 15 * US, 0, 0, 0, 1)
                t, v = core.trace(0, start + (k + 1) * 15 * US, every=25, readout=Readout.EXC)
                times.append(t)
                volts.append(v)
        shift = 6 * target  # us, so that the two do not hide each other
        axes.plot((np.concatenate(times) - start) / US + shift, np.concatenate(volts), label=name)
    axes.set(title="short-term plasticity", xlabel="time [us]", ylabel="synaptic line [V]")


def correlation(axes) -> None:  # type: ignore[no-untyped-def]
    delays = np.concatenate([-np.geomspace(0.5, 30, 12)[::-1], np.geomspace(0.5, 30, 12)])
    read = []
    for delay in delays:
        with chip({}) as core:
            core.synapse(0, 0, 0, 0, 1)
            core.sensor(0, 0)
            rest = core.cadc(0)
            t = core.now + 100 * US
            for _ in range(50):
                for kind, at in sorted(
                    [("pre", t), ("post", t + round(delay * US))], key=lambda x: x[1]
                ):
                    if kind == "pre":
                        core.event(at, 0, 0, 0, 1)
                    else:
                        core.post_pulse(0, 0, at)
                t += 200 * US
            now = core.cadc(0)
        read.append([int(a[0]) - int(b[0]) for a, b in zip(rest, now, strict=True)])
    axes.plot(delays, [r[0] for r in read], "o-", ms=3, label="causal")
    axes.plot(delays, [r[1] for r in read], "o-", ms=3, label="acausal")
    axes.set(title="correlation of 50 pairs", xlabel="post - pre [us]", ylabel="CADC LSB")


def mac(axes) -> None:  # type: ignore[no-untyped-def]
    for activation in (4, 12, 31):
        found = []
        weights = list(range(-63, 64, 9))
        for weight in weights:
            with chip({8: 25, 10: 810, 14: 810}) as core:
                for block in range(2):
                    core.capmem(block, 128, 8, 1022)
                core.sensor(0, 0, neuron_causal=True)
                core.synapse(0, 0, 0, max(weight, 0), 0)
                core.synapse(0, 1, 0, max(-weight, 0), 32)
                core.driver(0, 0, receiver=1, address_out=0, hagen_dac=1, hagen_modulation=1,
                            stp=1, hagen_dac_offset=31, offset=8, mode_bottom=1,
                            mode_top=2)  # fmt: skip
                core.run(1000 * US)
                before = int(core.cadc(0)[0][0])
                for _ in range(50):
                    core.event(core.now + 10, 0, 0, 0, 32 * (weight < 0) + 32 - activation)
                core.run(core.now + US)
                found.append(int(core.cadc(0)[0][0]) - before)
        axes.plot(weights, found, "o-", ms=3, label=f"activation {activation}")
    axes.set(title="MAC: 50 sends of one input", xlabel="weight", ylabel="CADC LSB")


def main() -> None:
    """Run all experiments and write the picture."""
    figure = Figure(figsize=(13, 7.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, 3).flat
    psp(axes[0], 1)
    psp(axes[0], 2)
    leak_over_threshold(axes[1])
    for place, experiment in zip(axes[2:], (adex, stp, correlation, mac), strict=True):
        experiment(place)
    for place in axes:
        if place.get_legend_handles_labels()[0]:
            place.legend(fontsize="small")
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "tour.png")
    figure.savefig(path, dpi=100)
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
