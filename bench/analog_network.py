# SPDX-License-Identifier: Apache-2.0
"""The named benchmark network: 512 AdEx neurons, 256 Poisson inputs onto all of them.

Shared by `analog.py` and `analog_brian2.py`; not a benchmark by itself.
"""

import numpy as np
from numpy.typing import NDArray

from cosim.analog import Core, Option

TICK = 4e-9
RATE = 20e3  # Hz per input
INPUTS = 256
DURATION = 2_500_000  # chip clocks: 10 ms

#: Codes of a neuron's CapMem rows.
NEURON = {0: 700, 1: 640, 2: 520, 5: 700, 6: 800, 7: 700, 8: 150, 9: 1000, 10: 26, 12: 310, 13: 95,
          14: 26, 16: 310, 17: 95, 18: 100, 19: 10, 20: 100, 21: 300, 23: 200}  # fmt: skip
#: Shared cells; the correlation sensors have no bias (plasticity is off).
SHARED = {8: 600, 13: 600, 14: 100, 18: 110, 19: 100, 20: 200}
#: Drawn, so that no two columns are alike: chance averages out over 256 different neurons.
WEIGHTS = np.random.default_rng(0).integers(4, 9, (INPUTS, 256))


def build(core: Core, neurons: int = 512) -> None:
    """Set up the chip; the same weights in both hemispheres."""
    core.option(Option.CAPMEM_TAU, 0)
    for block in range(4):
        for row, code in SHARED.items():
            core.capmem(block, 128, row, code)
    for n in range(neurons):
        for row, code in NEURON.items():
            core.parameter(n, row, code)
        core.column(n // 256, n % 256)
        core.neuron(n, fire=1, comparator=1, exc=1, inh=1, exponential=1, adaptation=1, pause=1)
        core.backend(n, refractory_time=32, adaptation_pulse=1)
    for block in range(2):
        core.clocks(block, slow=3, fast=3, adaptation_pulse=7)
    for h in range(2):
        for d in range(128):
            core.driver(h, d, receiver=1, mode_bottom=1, mode_top=1)
        for row in range(INPUTS):
            for column in range(256):
                core.synapse(h, row, column, int(WEIGHTS[row, column]), 1 + row % 2)


def bypass(core: Core, neurons: int = 12) -> None:
    """Neurons that relay each event of address 1 on bus 0 (synaptic inputs on, comparator off)."""
    core.option(Option.CAPMEM_TAU, 0)
    for row, code in SHARED.items():
        core.capmem(0, 128, row, code)
    for n in range(neurons):
        for row, code in (NEURON | {10: 1022, 14: 1022}).items():
            core.parameter(n, row, code)
        core.column(0, n)
        core.neuron(n, fire=1, bypass_exc=1, exc=1, inh=1)
        core.backend(n, refractory_time=32)
        core.synapse(0, 0, n, 63, 1)
    core.driver(0, 0, receiver=1, mode_bottom=1)
    core.padi(0, 0, 15)


def inputs(seed: int = 1, duration: int = DURATION) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Poisson events: times in chip clocks, in order, and their inputs; one per clock and input."""
    generator = np.random.default_rng(seed)
    count = generator.poisson(INPUTS * RATE * duration * TICK)
    events = np.unique(generator.integers(0, duration * INPUTS, count))
    return events // INPUTS, events % INPUTS


def play(core: Core, times: NDArray[np.int64], rows: NDArray[np.int64], duration: int) -> None:
    """Send the events to both hemispheres and run to the end."""
    start = core.now
    t, r = np.repeat(times + start, 2), np.repeat(rows, 2)
    h = np.tile([0, 1], len(times))
    core.events(t, h, (r // 2) % 4, (r // 2) // 4, 1 + r % 2)
    core.run(start + duration)
