# SPDX-License-Identifier: Apache-2.0
"""`force_reset` of a back-end block holds its neurons in their reset (modelling choice 151)."""

import numpy as np
import pytest
from analog_setup import US, prepare

from cosim.analog import AnalogError, Core, Isa
from hal import halco, haldls

#: Of either block and hemisphere, with a leak potential above the threshold.
WEST, EAST = (0, 300), (128, 511)
TONIC = {0: 1000, 2: 300, 8: 1000}
RESET_V = 1.352e-3 * 650 - 0.444  # of the reset code, reference of the analog model
#: Cycles of the refractory clock (16 ticks), long enough for the membrane to reach its reset
#: potential; the reset takes all but one.
REFRACTORY = 160
RESET_TICKS, STEP = (REFRACTORY - 1) * 16, 10


def tonic(isa: Isa | None = None) -> Core:
    core = Core(0)
    if isa is not None:
        core.isa = isa
    for n in (*WEST, *EAST):
        prepare(core, range(n, n + 1), TONIC)
        core.backend(n, refractory_time=REFRACTORY, adaptation_pulse=1)
    return core


def force(core: Core, block: int, on: bool, time: int) -> None:
    """By the word that the host writes."""
    config = haldls.CommonNeuronBackendConfig()
    scale = config.ClockScale(3)
    config.clock_scale_slow = config.clock_scale_fast = scale
    config.clock_scale_adaptation_pulse = config.ClockScale(7)
    config.force_reset = on
    access = config.write_access(halco.CommonNeuronBackendConfigOnDLS(block))
    for address, word in zip(access.addresses.tolist(), access.words.tolist(), strict=True):
        core.write(time, address, word)


def test_forced_reset_holds_a_block() -> None:
    core = tonic()
    begin, end, stop = 200 * US + 3, 400 * US + 7, 600 * US
    force(core, 0, True, begin)
    core.run(300 * US)
    core.reset(0)  # what has no effect now
    core.run(end)
    for n in WEST:
        assert core.voltage(n) == pytest.approx(RESET_V, abs=1e-4)
    assert core.voltage(EAST[0]) > RESET_V + 1e-3
    force(core, 0, False, end)
    core.run(stop)
    times, neurons = core.spikes()
    for n in (*WEST, *EAST):
        mine = times[neurons == n]
        intervals = np.diff(mine[mine < begin - STEP])
        assert len(intervals) > 5 and np.ptp(intervals[1:]) <= STEP
        held = mine[(mine >= begin) & (mine < end)]
        if n in EAST:
            assert len(held) == pytest.approx((end - begin) / intervals[-1], abs=1)
            continue
        assert not len(held)
        first = mine[mine >= end][0] - end
        assert abs(first - (intervals[-1] - RESET_TICKS)) <= 2 * STEP


def test_forced_reset_of_a_neuron_that_cannot_fire() -> None:
    """It comes from the back end, not from the neuron's own fire line."""
    core = tonic()
    core.neuron(0, fire=0, comparator=0)
    core.run(50 * US)
    assert core.voltage(0) > RESET_V + 0.1
    force(core, 0, True, core.now)
    core.run(70 * US)
    assert core.voltage(0) == pytest.approx(RESET_V, abs=1e-4)


def test_forced_reset_ends_a_reset_under_way() -> None:
    """Held and freed within a reset, a neuron goes on at once, not when that reset had ended."""
    core = tonic()
    core.run(100 * US)
    core.spikes()
    fired: set[int] = set()
    while not {*WEST, *EAST} <= fired:
        core.run(core.now + STEP)
        fired |= set(core.spikes()[1].tolist())
    begin = core.now + 2
    force(core, 0, True, begin)
    force(core, 0, False, begin + 20)
    core.run(begin + RESET_TICKS // 2)
    assert set(core.spikes()[1].tolist()) == set(WEST)


def test_forced_reset_bits() -> None:
    """The same bits with the scalar kernel, and however the time is cut into calls."""
    whole, cut = tonic(), tonic(Isa.SCALAR)
    for core in (whole, cut):
        for block, on, time in ((0, 1, 5003), (1, 1, 7001), (0, 0, 7005), (1, 0, 20_000)):
            if core is cut:
                for t in range(core.now + 1, time, 177):
                    core.run(t)
            core.force_reset(block, bool(on), time=time)
        core.run(40_000)
    assert whole.hash() == cut.hash()
    assert len(whole.spikes()[0])


def test_forced_reset_bad() -> None:
    with pytest.raises(AnalogError, match=r"forced reset 2/1 is out of range \[0, 1\]/\[0, 1\]"):
        Core(0).force_reset(2, True)
