# SPDX-License-Identifier: Apache-2.0
"""Slaves take their refractory period from the masters on their fire line."""

import pytest
from analog_setup import US, connect, prepare

from cosim.analog import Core, Readout

LEAK, RESET = 700, 300  # codes: the reset lies far below
PARAMETERS = {0: LEAK, 1: RESET, 2: 800}
FIRE = 100 * US  # all at rest; of the artificial reset that stands for a fire of the master
MIDDLE = FIRE + 10 * US  # of the refractory period of 255 x 64 ns
END = FIRE + 255 * 16


def network(*neurons: int, **master: int) -> Core:
    """Neurons at rest; the first one is a master with a refractory period of 16 us."""
    core = Core(0)
    for n in neurons:
        prepare(core, range(n, n + 1), PARAMETERS, comparator=0)
    core.backend(neurons[0], refractory_time=255, master=1, **master)
    core.run(FIRE - 200)
    return core


def at_reset(core: Core, neuron: int) -> bool:
    """Whether the neuron is at its reset potential, 0.3 V below that of its leak."""
    rest, low = 0.0, core.voltage(neuron, Readout.MEMBRANE)
    with Core(0) as other:
        prepare(other, range(1), PARAMETERS, comparator=0)
        other.run(FIRE)
        rest = other.voltage(0, Readout.MEMBRANE)
    assert abs(low - rest) < 1e-3 or rest - low > 0.2
    return rest - low > 0.2


def reached(core: Core, neurons: tuple[int, ...]) -> list[int]:
    """Which of the neurons are in reset while the first one is."""
    core.reset(neurons[0], time=FIRE)
    core.run(MIDDLE)
    return [n for n in neurons if at_reset(core, n)]


def test_slave_follows_its_master_for_its_time() -> None:
    """From the end of the step of the fire on, for the master's time, without a spike."""
    with network(0, 256, fire_bottom=1) as core:
        core.neuron(256, fire=1, comparator=1, exc=1, inh=1)
        core.backend(256, refractory_time=5, slave=1)
        start = core.voltage(256, Readout.MEMBRANE)
        core.reset(0, time=FIRE)
        core.run(END - 20)  # 5 x 64 ns are long over
        assert core.voltage(0, Readout.MEMBRANE) < start - 0.2
        assert core.voltage(256, Readout.MEMBRANE) == pytest.approx(
            core.voltage(0, Readout.MEMBRANE), abs=1e-3
        )
        core.run(END + 20 * US)  # two time constants of the leak later
        assert core.voltage(256, Readout.MEMBRANE) > start - 0.2
        assert len(core.spikes()[0]) == 0


def test_slave_does_not_fire_by_itself() -> None:
    """Beyond its threshold, and with the line of its bypass: only when it is no slave."""
    spikes = []
    for slave in (1, 0):
        with Core(0) as core:
            prepare(core, range(2), {2: 300})
            core.neuron(1, fire=1, bypass_exc=1, exc=1)
            connect(core, 0, 63)
            connect(core, 1, 63)
            core.padi(0, 0, 15)
            for n in range(2):
                core.backend(n, refractory_time=32, slave=slave)
            for k in range(10):
                core.event(FIRE + k * 3 * US, 0, 0, 0, 1)
            core.run(FIRE + 40 * US)
            spikes.append(set(core.spikes()[1].tolist()))
    assert spikes == [set(), {0, 1}]


def test_without_a_switch_nobody_follows() -> None:
    with network(0, 256, 1) as core:
        for n in (256, 1):
            core.backend(n, refractory_time=5, slave=1)
        assert reached(core, (0, 256, 1)) == [0]


def test_neighbour_that_is_no_slave_goes_on() -> None:
    with network(0, 256, fire_bottom=1) as core:
        assert reached(core, (0, 256)) == [0]


def test_line_goes_down_and_to_the_right() -> None:
    """Through neurons that follow as through others; either of two switches joins the rows."""
    with network(4, 5, 6, 262, fire_to_right=1) as core:
        core.backend(5, refractory_time=5, fire_to_right=1)
        core.backend(6, refractory_time=5, slave=1)
        core.backend(262, refractory_time=5, slave=1, fire_bottom=1)
        assert reached(core, (4, 5, 6, 262)) == [4, 6, 262]


def test_line_goes_to_the_left_where_a_neuron_listens() -> None:
    with network(6, 5, 4, 7) as core:
        core.backend(5, refractory_time=5, slave=1, fire_from_right=1)
        core.backend(4, refractory_time=5, slave=1)
        core.backend(7, refractory_time=5, slave=1, fire_from_right=1)
        assert reached(core, (6, 5, 4, 7)) == [6, 5]


def test_line_ends_at_the_border_of_a_quadrant() -> None:
    with network(127, 128, fire_to_right=1) as core:
        core.backend(128, refractory_time=5, slave=1, fire_from_right=1)
        assert reached(core, (127, 128)) == [127]


def test_slave_of_one_membrane_helps_with_its_reset() -> None:
    """Two circuits on one membrane: with both reset amplifiers it falls more than twice as fast."""
    times = []
    for slave in (0, 1):
        with Core(0) as core:
            for n in (0, 256):
                prepare(core, range(n, n + 1), {**PARAMETERS, 9: 400}, comparator=0)
            core.neuron(0, fire=1, bottom=1, exc=1, inh=1)
            core.backend(0, refractory_time=255, master=1, fire_bottom=1)
            core.backend(256, refractory_time=255, slave=slave)
            core.run(FIRE - 200)
            rest = core.voltage(0, Readout.MEMBRANE)
            core.reset(0, time=FIRE)
            time = FIRE
            while core.voltage(0, Readout.MEMBRANE) > rest - 0.05 and time < END:
                time += 10
                core.run(time)
            times.append(time - FIRE)
    # Alone, one amplifier also pulls against the other circuit's leak.
    assert 10 < times[1] < 0.5 * times[0]


def test_master_that_is_one_no_more() -> None:
    with network(0, 256, fire_bottom=1) as core:
        core.backend(256, refractory_time=5, slave=1)
        core.backend(0, refractory_time=255, fire_bottom=1)
        assert reached(core, (0, 256)) == [0]
