# SPDX-License-Identifier: Apache-2.0
"""A small calibration of the analog core, as public procedures do it: registers in, codes out."""

from collections.abc import Callable

import numpy as np
from analog_setup import ALL, LIF, US, Codes, configure, put, sensors
from numpy.typing import NDArray

from cosim.analog import Core, Option, Readout

OFF = {"exc": 0, "inh": 0}
Array = NDArray[np.float64]


def cadc(core: Core, repeats: int = 8) -> Array:
    """Mean codes of repeated conversions: [hemisphere, causal or acausal, column]."""
    return np.mean([[core.cadc(h) for h in range(2)] for _ in range(repeats)], axis=0)


def membranes(core: Core) -> Array:
    """CADC reading of all neurons, mean of both channels."""
    return cadc(core).mean(axis=1).reshape(512)


def search(core: Core, row: int, above: Callable[[], NDArray[np.bool_]]) -> Codes:
    """Binary search of all neurons' codes in `row`: the lowest at which `above()` holds."""
    lows, highs = np.zeros(512, int), np.full(512, 1022)
    for _ in range(10):
        middle = (lows + highs) // 2
        put(core, row, middle)
        hit = above()
        lows, highs = np.where(hit, lows, middle + 1), np.where(hit, middle, highs)
    put(core, row, highs)
    return highs


def rates(core: Core, milliseconds: float = 1.0) -> Array:
    """Spike rate of every neuron [Hz], after a settling time of 100 us."""
    core.run(core.now + 100 * US)
    core.spikes()
    core.run(core.now + int(milliseconds * 1000 * US))
    return np.bincount(core.spikes()[1], minlength=512) / milliseconds * 1e3


def calibrate_cadc(core: Core) -> tuple[Array, Array, Codes]:
    """Ramp offset (0.15 V reads 20), slope (1.05 V reads 220), digital offsets.

    The input is the correlation sensors' read line, which shows v_reset - 0.95 V on all channels.
    Returns mean codes of the quadrants at both inputs, codes in mid range, and the offsets.
    """
    sensors(core, neurons=False)
    side = lambda x: x.reshape(2, 2, 2, 128).mean(axis=(1, 3)).reshape(4)  # noqa: E731 (one use)

    def quadrants(volts: float) -> Array:
        core.option(Option.V_RESET, 0.95 + volts)
        return side(cadc(core, 2))

    offset, slope = np.full(4, 100), np.full(4, 350)
    for _ in range(3):
        for cells, row, volts, goal in ((offset, 4, 0.15, 20.0), (slope, 15, 1.05, 220.0)):
            lows, highs = np.zeros(4, int), np.full(4, 1022)
            for _ in range(10):
                cells[:] = (lows + highs) // 2
                for q in range(4):
                    core.capmem(q, 128, row, int(cells[q]))
                high = quadrants(volts) > goal  # the code falls with both
                lows, highs = np.where(high, cells + 1, lows), np.where(high, highs, cells)
    ends = np.array([quadrants(0.15), quadrants(1.05)])
    quadrants(0.6)
    raw = cadc(core)
    offsets = np.round(raw.mean() - raw).astype(int)
    for h, kind, column in np.ndindex(raw.shape):
        core.cadc_offset(h, 256 * kind + column, int(offsets[h, kind, column]))
    calibrated = cadc(core, 64)
    sensors(core, neurons=True)
    return ends, calibrated, offsets


def relaxation(core: Core, readout: Readout, span: int, samples: int = 12) -> Array:
    """Time constants [us] of what decays now in all neurons to what it is long after."""
    step, traces = span // samples, []
    for _ in range(samples):
        core.run(core.now + step)
        traces.append([core.voltage(n, readout) for n in ALL])
    core.run(core.now + 12 * span)
    rest = np.array([core.voltage(n, readout) for n in ALL])
    logs = np.log(np.maximum(np.abs(np.array(traces) - rest), 1e-5))
    return -step / US / np.polyfit(np.arange(samples), logs, 1)[0]


def membrane_time(core: Core) -> Array:
    """After the end of an offset current of 40 mV."""
    put(core, 22, 100)
    configure(core, offset=1, **OFF)
    core.run(core.now + 150 * US)
    configure(core, **OFF)
    return relaxation(core, Readout.MEMBRANE, 12 * US)


def line_time(core: Core) -> Array:
    """After one event on an excitatory row that reaches all columns."""
    for h in range(2):
        core.event(core.now, h, 0, 0, 1)
    return relaxation(core, Readout.EXC, 15 * US)


def calibrate_lif(
    core: Core, leak: float, reset: float, threshold: float, tau: float
) -> dict[str, tuple[Array, Array]]:
    """Leak, reset, threshold [CADC LSB], time constants [us]: before and after."""
    found: dict[str, tuple[Array, Array]] = {}
    for h in range(2):
        core.driver(h, 0, receiver=1, mode_bottom=1)
        for column in range(256):
            core.synapse(h, 0, column, 63, 1)
    core.option(Option.NOISE, 0)
    for name, row, measure in (("tau_m", 8, membrane_time), ("tau_s", 10, line_time)):
        codes = np.full(512, LIF[row])
        before = measured = measure(core)
        for _ in range(3):
            codes = np.clip(np.round(codes * measured / tau), 1, 1022).astype(int)
            put(core, row, codes)
            measured = measure(core)
        found[name] = before, measured
    core.option(Option.NOISE, 1)

    def settled() -> Array:
        core.run(core.now + 150 * US)
        return membranes(core)

    # Threshold: the code at which a neuron that rests at the goal stops firing.
    configure(core, **OFF)
    search(core, 0, lambda: settled() >= threshold)
    configure(core, fire=1, comparator=1, **OFF)
    codes = search(core, 2, lambda: rates(core) < 500)
    # Afterwards: the level of the leak just below the one at which it fires.
    put(core, 0, search(core, 0, lambda: rates(core) > 500) - 1)
    lsb = 1.521e-3 / 4.66e-3
    found["threshold"] = (codes - np.median(codes)) * lsb + threshold, settled()
    # Leak without synaptic inputs, then their offsets by the shift of each.
    configure(core, **OFF)
    put(core, 0, 607)
    before = settled()
    search(core, 0, lambda: settled() >= leak)
    rest = settled()
    configure(core, exc=1, inh=0)
    search(core, 12, lambda: settled() <= rest)
    configure(core)
    search(core, 16, lambda: settled() >= rest)
    found["leak"] = before, settled()
    # Reset: read in a refractory period of 1 ms.
    configure(core, fire=1)
    for block in range(2):
        core.clocks(block, slow=9, fast=9)
    for n in ALL:
        core.backend(n, refractory_time=255)

    def held() -> Array:
        for n in ALL:
            core.reset(n)
        core.run(core.now + 20 * US)
        level = membranes(core)
        core.run(core.now + 1100 * US)
        return level

    put(core, 1, 588)
    before = held()
    search(core, 1, lambda: held() >= reset)
    found["reset"] = before, held()
    return found


def calibrate_sensors(
    core: Core, correlation: Callable[[Core, list[float]], Array], amplitude: float, tau: float
) -> None:
    """Bias of ramp and store so that the median sensor has an amplitude [LSB] and time [us]."""
    ramp = store = np.array([100.0, 100.0])
    for _ in range(3):
        for q in range(2):
            core.capmem(q, 128, 9, round(float(ramp[q])))
            core.capmem(q, 128, 10, round(float(store[q])))
        near, far = correlation(core, [1.0, 6.0])[:, 0].reshape(2, 2, 128)
        times = np.median(5.0 / np.log(np.maximum(near, 0.1) / np.maximum(far, 0.05)), axis=1)
        heights = np.median(near, axis=1) / 100 * np.exp(1.0 / times)
        ramp, store = ramp * times / tau, store * heights / amplitude
