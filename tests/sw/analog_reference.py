# SPDX-License-Identifier: Apache-2.0
"""Double-precision adaptive solutions of the laws in docs/analog.md, written independently.

`Neuron` is solved by SciPy, `Adaptive` solves it in C, a thousand times faster.
One neuron of the ideal chip, membrane and adaptation by SciPy's LSODA between happenings, lines by
their exponentials. The digital part (fire on the next clock, refractory period) is that of the
core: it is exact, not a matter of accuracy.
"""

import ctypes
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from analog_setup import LIF, SHARED
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

TICK = 4e-9
#: Clocks of `analog_setup`'s neurons: reset, rest of the refractory period, adaptation pulse, delay
#: of the comparator.
DIGITAL = (31 * 16, 16, 256, 15)


@dataclass
class Neuron:
    """A current-based neuron with CapMem codes `codes` (rows of `analog_setup`)."""

    codes: Mapping[int, float]
    exponential: bool = False
    adaptation: bool = False
    pause: bool = False
    offset: bool = False
    reset_multiplication: bool = False
    fire: bool = True
    spikes: list[int] = field(default_factory=list)
    trace: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        c = {**LIF, **self.codes}
        sf = lambda row: min(max(1.213e-3 * c[row] - 0.337, 0.03), 1.2)  # noqa: E731 (one law)
        self.el, self.ea, self.vt, self.ew = sf(0), sf(5), sf(6), sf(7)
        self.er = 1.352e-3 * c[1] - 0.444
        self.vth = 1.521e-3 * c[2] + 0.032
        self.cap = 0.18e-12 + 2.2e-12
        self.gl, self.gr = 1.51e-9 * c[8], 1.51e-9 * c[9] * (8 if self.reset_multiplication else 1)
        self.tau_s = [0.25e-6 * 1022 / c[10], 0.25e-6 * 1022 / c[14]]
        self.gm = [14.6e-9 * c[13], 14.6e-9 * c[17]]
        self.slope = 30e-3 * 300 / c[21]
        self.ioff = 90e-12 * c[22] if self.offset else 0.0
        self.tau_w = 110e-6 * 100 / c[18]
        self.ga, self.ib = 1.4e-9 * c[19], 0.98e-9 * c[20]

    def rhs(self, t: float, y: np.ndarray, t0: float, d: list[float], mode: str, pulse: bool):
        v, w = y
        current = self.ioff
        quiet = mode == "reset" and self.pause
        if mode == "reset":
            current += self.gr * 0.15 * math.tanh((self.er - v) / 0.15)
        else:
            current += self.gl * 0.25 * math.tanh((self.el - v) / 0.25)
        if not quiet:
            drive = [
                g * 0.1 * math.tanh(x * math.exp(-(t - t0) / tau) / 0.1)
                for g, x, tau in zip(self.gm, d, self.tau_s, strict=True)
            ]
            current += drive[0] * (1 - math.exp(-(1.25 - v) / 0.08))
            current -= drive[1] * max(0.0, 1 - math.exp(-(v - 0.09) / 0.08))
            if self.exponential:
                current += min(4e-9 * math.exp(min((v - self.vt) / self.slope, 50)), 2e-6)
        if self.adaptation:
            current -= 80e-9 * (w - self.ew)
        dw = -(w - self.ew) / self.tau_w + self.ga / 2.3e-12 * (v - self.ea)
        if pulse:
            dw += self.ib / 2.3e-12
        return [current / self.cap, dw]

    def solve(self, t0: float, stop: float, y: np.ndarray, args: tuple):  # type: ignore[no-untyped-def]
        """With the tops of the membrane as events."""
        top = lambda t, y, *args: self.rhs(t, y, *args)[0]  # noqa: E731 (SciPy wants a function)
        top.direction = -1  # type: ignore[attr-defined]
        return solve_ivp(self.rhs, (t0, stop), y, args=args, rtol=1e-10, atol=1e-12, events=top,
                         method="LSODA", dense_output=True, max_step=2e-6)  # fmt: skip

    def crossing(self, solution) -> float | None:  # type: ignore[no-untyped-def]
        """Where a solution that begins below the threshold reaches it first."""
        above = lambda t: solution.sol(t)[0] - self.vth  # noqa: E731 (used twice)
        for t in [*solution.t_events[0], solution.t[-1]]:
            if above(t) >= 0:
                return float(brentq(above, solution.t[0], t, xtol=1e-16))
        return None

    def run(
        self,
        events: list[tuple[int, int, float]],
        end: int,
        start: tuple[float, float],
        samples: np.ndarray,
        digital: tuple[int, int, int, int] = DIGITAL,
    ) -> np.ndarray:
        """Membrane at the ticks `samples`; events are (tick, line, charge on the line in volts)."""
        reset_ticks, hold_ticks, adapt_ticks, delay = digital
        y, d, t = np.array(start), [0.0, 0.0], 0
        mode, fire_at, release, armed_at = "normal", None, None, 0
        pulse_end = None
        out = np.empty(len(samples))
        queue = [*events, (end, -1, 0.0)]
        i = 0
        while t < end:
            stops = [queue[i][0], end]
            stops += [x for x in (fire_at, release, pulse_end) if x is not None]
            stops += [armed_at] if armed_at > t else []
            stop = min(s for s in stops if s >= t)
            if stop > t:
                t0 = t * TICK
                args = (t0, d, mode, pulse_end is not None and t < pulse_end)
                open_ = self.fire and mode == "normal" and fire_at is None and t >= armed_at
                if open_ and y[0] >= self.vth:
                    fire_at = t + delay
                    continue
                inside = samples[(samples >= t) & (samples < stop)]
                solution = self.solve(t0, stop * TICK, y, args)
                reached = self.crossing(solution) if open_ else None
                if reached is not None:
                    fire_at = math.ceil(reached / TICK - 1e-9) + delay
                    stop = min(stop, fire_at)
                    inside = inside[inside < stop]
                    solution = self.solve(t0, stop * TICK, y, args)
                if len(inside):
                    out[np.searchsorted(samples, inside)] = solution.sol(inside * TICK)[0]
                y = solution.y[:, -1]
                d = [
                    x * math.exp(-(stop - t) * TICK / tau)
                    for x, tau in zip(d, self.tau_s, strict=True)
                ]
                t = stop
            if pulse_end == t:
                pulse_end = None
            if fire_at == t:
                self.spikes.append(t)
                mode, fire_at, release = "reset", None, t + reset_ticks
                pulse_end = t + adapt_ticks
            if release == t:
                mode, release, armed_at = "normal", None, t + hold_ticks
            while i < len(events) and queue[i][0] == t:
                d[queue[i][1]] += queue[i][2]
                i += 1
        return out


class _Constants(ctypes.Structure):
    """`neuron` of analog_adaptive.c."""

    _fields_ = [
        *((name, ctypes.c_double) for name in
          ("el", "er", "ea", "ew", "vt", "vth", "cap", "gl", "gr", "tau_e", "tau_i", "ge", "gi",
           "slope", "ioff", "tau_w", "ga", "ib")),
        *((name, ctypes.c_int64) for name in
          ("exponential", "adaptation", "pause", "fire", "reset_ticks", "hold_ticks",
           "adapt_ticks", "delay")),
        ("rtol", ctypes.c_double), ("atol", ctypes.c_double),
    ]  # fmt: skip


class Adaptive:
    """The same neuron by analog_adaptive.c, which a library at `path` holds."""

    CAPACITY = 65536

    def __init__(self, path: Path, tolerance: float = 1e-10) -> None:
        self._solve = ctypes.CDLL(str(path)).analog_adaptive
        self._solve.restype = ctypes.c_int64
        self._tolerance = tolerance

    def run(
        self,
        neuron: Neuron,
        events: list[tuple[int, int, float]],
        end: int,
        start: np.ndarray,
        samples: np.ndarray,
        digital: tuple[int, int, int, int] = DIGITAL,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Ticks of the spikes, membrane at the ticks `samples`; arguments as of `Neuron.run`."""
        n = neuron
        constants = _Constants(
            n.el, n.er, n.ea, n.ew, n.vt, n.vth, n.cap, n.gl, n.gr, *n.tau_s, *n.gm, n.slope,
            n.ioff, n.tau_w, n.ga, n.ib, n.exponential, n.adaptation, n.pause, n.fire, *digital,
            self._tolerance, 1e-2 * self._tolerance,
        )  # fmt: skip
        columns = list(zip(*events, strict=True)) or [(), (), ()]
        types = (np.int64, np.int64, np.float64)
        arrays = [np.array(x, t) for x, t in zip(columns, types, strict=True)]
        begin, out = np.array(start, np.float64), np.empty(len(samples))
        spikes = np.empty(self.CAPACITY, np.int64)
        at = lambda x: x.ctypes.data_as(ctypes.c_void_p)  # noqa: E731 (one use)
        found = self._solve(
            ctypes.byref(constants), at(begin), ctypes.c_int64(end), ctypes.c_int64(len(events)),
            *map(at, arrays), ctypes.c_int64(len(samples)), at(samples), at(out), at(spikes),
            ctypes.c_int64(self.CAPACITY),
        )  # fmt: skip
        assert found <= self.CAPACITY
        return spikes[:found].copy(), out


def jump(weight: int) -> float:
    """Drop of a line by one event [V]."""
    return 1e-6 * SHARED[8] / 1022 * weight / 64 * 4e-9 / 0.4e-12
