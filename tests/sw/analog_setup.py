# SPDX-License-Identifier: Apache-2.0
"""Neurons with sensible parameters for the tests of the analog core."""

import numpy as np
from numpy.typing import NDArray

from cosim.analog import Core, Option

US = 250
ALL = range(512)
Codes = NDArray[np.int64]

#: Shared cells of column 128: DAC, STP, comparator, source follower, readout.
SHARED = {
    0: 100, 1: 330, 2: 400, 3: 50, 4: 99, 8: 600, 9: 80, 10: 70, 11: 600,
    12: 500, 13: 600, 14: 100, 15: 259, 16: 500, 18: 110, 19: 100, 20: 200, 22: 820,
}  # fmt: skip

#: A leaky integrator with 10 us time constants; rows of CapMem.
LIF = {
    0: 700, 1: 650, 2: 420, 3: 700, 4: 400, 5: 700, 6: 800, 7: 700, 8: 150, 9: 1000,
    10: 26, 11: 0, 12: 310, 13: 500, 14: 26, 15: 0, 16: 310, 17: 500, 18: 100, 19: 0, 20: 0,
    21: 300, 22: 0, 23: 200,
}  # fmt: skip


def prepare(core: Core, neurons: range, parameters: dict[int, int], **switches: int) -> None:
    """Shared cells at once, then the neurons' cells and switches, all without settling time."""
    core.option(Option.CAPMEM_TAU, 0.0)
    for block in sorted({n // 256 * 2 + side for n in neurons for side in range(2)}):
        for row, code in SHARED.items():
            core.capmem(block, 128, row, code)
    for n in neurons:
        for row, code in {**LIF, **parameters}.items():
            core.parameter(n, row, code)
        core.column(n // 256, n % 256)
        core.neuron(n, **{"fire": 1, "comparator": 1, "exc": 1, "inh": 1, **switches})
        core.backend(n, refractory_time=32, adaptation_pulse=1)
    for block in range(2):
        core.clocks(block, slow=3, fast=3, adaptation_pulse=7)


def connect(core: Core, column: int, weight: int, *, hemisphere: int = 0, driver: int = 0) -> None:
    """Excitatory row 2*driver and inhibitory row 2*driver+1 onto a column, labels 1 and 2."""
    core.driver(hemisphere, driver, receiver=1, mode_bottom=1, mode_top=2)
    core.synapse(hemisphere, 2 * driver, column, weight, 1)
    core.synapse(hemisphere, 2 * driver + 1, column, weight, 2)


def chip(seed: int, codes: dict[int, int], **switches: int) -> Core:
    """All neurons with the same codes and switches, read by the CADC; time constant of cells 0."""
    core = Core(seed)
    core.option(Option.CAPMEM_TAU, 0)
    for block in range(4):
        for row, code in SHARED.items():
            core.capmem(block, 128, row, code)
    for n in ALL:
        core.column(n // 256, n % 256)
    sensors(core, neurons=True)
    for row, code in {**LIF, **codes}.items():
        put(core, row, code)
    configure(core, **switches)
    for block in range(2):
        core.clocks(block, slow=3, fast=3)
    return core


def put(core: Core, row: int, codes: Codes | int) -> None:
    for n, code in zip(ALL, np.broadcast_to(codes, 512).tolist(), strict=True):
        core.parameter(n, row, code)


def configure(core: Core, **switches: int) -> None:
    for n in ALL:
        core.neuron(n, **{"exc": 1, "inh": 1, "readout_amplifier": 1, **switches})


def sensors(core: Core, *, neurons: bool) -> None:
    """What the CADC sees: the neurons, or the read line of the correlation sensors."""
    for n in ALL:
        core.sensor(n // 256, n % 256, neuron_causal=neurons, neuron_acausal=neurons)
