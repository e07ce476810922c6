# SPDX-License-Identifier: Apache-2.0
"""The named benchmark network in Brian2's C++ standalone mode, and in the analog core.

Needs an environment of its own, since the project's NumPy is newer than this Brian2 allows:
pip install '.[brian2]'. Compares spike counts (within 0.5 %), interval distributions
(Kolmogorov-Smirnov), and speed without compile time.
Brian2 solves the laws of docs/analog.md by Euler steps of one chip clock, so that comparator delay,
reset and pulses have their exact lengths; RK4 at the same step gives the same counts within 0.01 %.
"""

import sys
import tempfile
import time

import numpy as np
from analog_network import DURATION, INPUTS, NEURON, SHARED, TICK, WEIGHTS, build, inputs, play
from report import Report

from cosim.analog import Core

try:
    import brian2 as b2
except ImportError:
    print("analog_brian2: skipped, needs pip install '.[brian2]' in an environment of its own")
    sys.exit(0)  # an extra: running all benchmarks goes on without it

# `since`: clocks since the step in which the comparator tripped. The step's end is one clock later,
# the comparator takes 15, then come adaptation pulse (256) and reset (496), then one period (16).
EQUATIONS = """
dv/dt = (int(not resetting)*(GL*LL*tanh((EL - v)/LL) + GM*VS*tanh(d/VS)*(1 - exp(-(1.25 - v)/0.08))
                             + clip(4e-9*exp(clip((v - VT)/DT, -50, 10)), 0, 2e-6))
         + int(resetting)*GR*LR*tanh((ER - v)/LR) - GW*(w - EW))/C/second : 1
dw/dt = (-(w - EW)/TW + GA/CW*(v - EA) + IB/CW*int(pulse))/second : 1
dd/dt = -d/TS/second : 1
fired : second
since = CLOCKS*timestep(t - fired, dt) : integer (constant over dt)
resetting = since >= 16 and since < 512 : boolean (constant over dt)
pulse = since >= 16 and since < 272 : boolean (constant over dt)
"""
REFRACTORY = "since < 527"

RUNS = 3


def constants() -> dict[str, float]:
    """Constants of the equations from the CapMem codes, by the laws of docs/analog.md."""
    follower = {row: 1.213e-3 * NEURON[row] - 0.337 for row in (0, 5, 6, 7)}
    return {
        "EL": follower[0], "EA": follower[5], "VT": follower[6], "EW": follower[7],
        "ER": 1.352e-3 * NEURON[1] - 0.444, "VTH": 1.521e-3 * NEURON[2] + 0.032,
        "C": 2.38e-12, "GL": 1.51e-9 * NEURON[8], "GR": 1.51e-9 * NEURON[9], "LL": 0.25,
        "LR": 0.15, "GM": 14.6e-9 * NEURON[13], "VS": 0.1, "DT": 30e-3 * 300 / NEURON[21],
        "GW": 80e-9, "TW": 110e-6 * 100 / NEURON[18], "GA": 1.4e-9 * NEURON[19], "CW": 2.3e-12,
        "IB": 0.98e-9 * NEURON[20], "TS": 0.25e-6 * 1022 / NEURON[10],
    }  # fmt: skip


def brian(times: np.ndarray, rows: np.ndarray, clocks: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Spike times [s], neurons, run time [s] of the C++ program; steps of `clocks` chip clocks."""
    with tempfile.TemporaryDirectory() as folder:
        b2.set_device("cpp_standalone", directory=folder, build_on_run=False)
        step = clocks * TICK * b2.second
        b2.defaultclock.dt = step
        # An event reaches the lines at the end of its step; one per step and input.
        slot, row = np.divmod(np.unique(times // clocks * INPUTS + rows), INPUTS)
        source = b2.SpikeGeneratorGroup(INPUTS, row, np.maximum(slot - 1, 0) * step)
        group = b2.NeuronGroup(
            512, EQUATIONS, threshold="v >= VTH", reset="fired = t", refractory=REFRACTORY,
            method="euler", namespace={**constants(), "CLOCKS": clocks},
        )  # fmt: skip
        group.v = group.w = 0.03
        group.fired = -1 * b2.second
        synapses = b2.Synapses(source, group, "q : 1", on_pre="d_post += q")
        synapses.connect()
        jump = 1e-6 * SHARED[8] / 1022 / 64 * 4e-9 / 0.4e-12
        synapses.q = (jump * np.concatenate([WEIGHTS, WEIGHTS], axis=1)).ravel()
        monitor = b2.SpikeMonitor(group)
        network = b2.Network(source, group, synapses, monitor)
        network.run(DURATION * TICK * b2.second)
        b2.device.build(directory=folder, compile=True, run=False)
        before = time.perf_counter()
        b2.device.run(folder, with_output=False, run_args=[])
        taken = time.perf_counter() - before
        return np.array(monitor.t / b2.second), np.array(monitor.i), taken


def intervals(times: np.ndarray, neurons: np.ndarray) -> np.ndarray:
    order = np.lexsort((times, neurons))
    t, n = times[order], neurons[order]
    return np.diff(t)[np.diff(n) == 0]


def distance(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Kolmogorov-Smirnov distance of two samples, and its 1 % limit."""
    at = np.sort(np.concatenate([a, b]))
    fa = np.searchsorted(np.sort(a), at, side="right") / len(a)
    fb = np.searchsorted(np.sort(b), at, side="right") / len(b)
    return float(np.abs(fa - fb).max()), 1.63 * ((len(a) + len(b)) / len(a) / len(b)) ** 0.5


def main() -> None:
    report = Report("analog_brian2")
    times, rows = inputs()
    taken = []
    for _ in range(RUNS):
        core = Core(step=10)
        build(core)
        begin = time.perf_counter()
        play(core, times, rows, DURATION)
        taken.append(time.perf_counter() - begin)
        ticks, neurons = core.spikes()
    ours = min(taken)
    theirs_t, theirs_n, finest = brian(times, rows, 1)
    seconds = {}
    for step in (10, 25):
        taken = []
        for _ in range(RUNS):
            b2.device.reinit()
            taken.append(brian(times, rows, step)[2])
        seconds[step] = min(taken)
    difference = abs(len(ticks) / len(theirs_t) - 1) * 100
    report.add("spikes, core", len(ticks), "1", "10 ms, steps of 40 ns")
    report.add("spikes, Brian2", len(theirs_t), "1", "10 ms, Euler by the chip clock of 4 ns")
    report.add("difference", difference, "%", "spike counts", at_most=0.5)
    ks, limit = distance(intervals(ticks * TICK, neurons), intervals(theirs_t, theirs_n))
    report.add("KS distance", ks, "1", "intervals; limit at 1 %", at_most=limit)
    how = "core at 40 ns, wall time, least of 3; neuron-steps per second"
    report.add("speed ratio, same steps", seconds[10] / ours, "1", f"Brian2 and {how}", at_least=10)
    report.add(
        "speed ratio, Brian2 at 100 ns", seconds[25] / ours, "1", f"its results are off, {how}"
    )
    report.add("speed ratio, Brian2 at 4 ns", finest / ours, "1", "where it counts the same spikes")
    report.finish()


if __name__ == "__main__":
    main()
