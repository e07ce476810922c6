# SPDX-License-Identifier: Apache-2.0
"""Neurons of several compartments, as far as registers reach the analog core."""

import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

LEFT, RIGHT = (halco.AtomicNeuronOnDLS(n).toNeuronConfigOnDLS() for n in (0, 1))


def refused(connection: hxcomm.ConnectionHandle, *writes: tuple[object, object]) -> int:
    """Number of writes that the analog core refuses."""
    target = connection.connection.devices[0].target
    before = len(target.diagnostics)
    builder = sta.PlaybackProgramBuilder()
    for coordinate, config in writes:
        builder.write(coordinate, config)
        builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    return sum("analog refused" in line for line in target.diagnostics[before:])


def resistor(**switches: bool) -> hal.NeuronConfig:
    config = hal.NeuronConfig()
    config.enable_multicomp_conductance = True
    for name, value in switches.items():
        setattr(config, name, value)
    return config


@pytest.mark.requires("reports")
def test_a_loop_of_resistors_is_reported_bad(connection: hxcomm.ConnectionHandle) -> None:
    # Two shorted membranes whose resistors lead to one line.
    left = resistor(connect_membrane_right=True, connect_soma_right=True)
    opened = hal.NeuronConfig()
    opened.connect_membrane_right = opened.connect_soma_right = True
    assert refused(connection, (LEFT, left)) == 0
    assert refused(connection, (RIGHT, resistor())) == 1
    # The refused one acts as soon as the loop is open: now the first one would close it.
    assert refused(connection, (LEFT, opened)) == 0
    assert refused(connection, (LEFT, left)) == 1
    assert refused(connection, (RIGHT, hal.NeuronConfig())) == 0
    assert refused(connection, (RIGHT, resistor())) == 1
    assert refused(connection, (LEFT, hal.NeuronConfig()), (RIGHT, hal.NeuronConfig())) == 0
