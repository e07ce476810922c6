# SPDX-License-Identifier: Apache-2.0
"""Correlation sensors from events to the codes of the column converter, and their reset."""

import numpy as np
import pytest
from bring_up import configure
from dlens_vx_v3 import hal, halco, hxcomm, lola, sta
from numpy.typing import NDArray

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
PAIRS = 100
US = 125  # FPGA cycles
LABEL = 5
COLUMNS = range(0, 256, 3)
"""Of the synapses of row 0 only these have the label."""
ROW = halco.CADCSampleRowOnDLS(0)


def sensors() -> lola.Chip:
    """Row 0 on top receives events of bus 0; every sensor is connected to its channel."""
    chip = lola.Chip()
    for chain in chip.cadc_readout_chains:
        chain.ramp.enable = True
        chain.ramp.v_offset.fill(99)
        chain.ramp.i_slope.fill(259)
        chain.ramp.i_bias_comparator.fill(500)
        chain.ramp.i_bias_vreset_buffer.fill(500)
        chain.ramp.v_bias_buffer.fill(400)
        chain.correlation.i_bias_ramp.fill(80)
        chain.correlation.i_bias_store.fill(70)
        chain.correlation.i_bias_corout.fill(600)
        for channel in (*chain.channels_causal, *chain.channels_acausal):
            channel.enable_connect_correlation = True
    block = chip.synapse_driver_blocks[halco.SynapseDriverBlockOnDLS.top]
    driver = block.synapse_drivers[halco.SynapseDriverOnSynapseDriverBlock(0)]
    driver.enable_receiver = driver.enable_address_out = True
    driver.row_mode_bottom = hal.SynapseDriverConfig.RowMode.excitatory
    matrix = chip.synapse_blocks[halco.SynapseBlockOnDLS.top].matrix
    labels = matrix.labels.to_numpy()
    labels[0, COLUMNS] = LABEL
    matrix.labels.from_numpy(labels)
    for column in halco.iter_all(halco.AtomicNeuronOnDLS):
        routing = chip.neuron_block.atomic_neurons[column].event_routing
        routing.analog_output = routing.AnalogOutputMode.normal
    return chip


@pytest.fixture(scope="module")
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    configure(shared, sensors(), builder)
    return shared


def accumulated(
    connection: hxcomm.ConnectionHandle, pre: int | None, post: int | None
) -> NDArray[np.int64]:
    """Fall of the codes [causal or acausal, column] by pairs of events at these times in us."""
    event = hal.PADIEvent()
    event.event_address = LABEL
    event.fire_bus[halco.PADIBusOnPADIBusBlock(0)] = True
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.CorrelationResetRowOnDLS(0), lola.CorrelationResetRow())
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    before = builder.read(ROW)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    builder.write(TIMER, hal.Timer())
    for k in range(PAIRS):
        for time, post_pulse in sorted((t, t == post) for t in (pre, post) if t is not None):
            builder.block_until(TIMER, hal.Timer.Value((60 * k + 10 + time) * US))
            if post_pulse:
                for place in halco.iter_all(halco.BlockPostPulseOnDLS):
                    builder.write(place, hal.BlockPostPulse())
            else:
                builder.write(halco.PADIEventOnDLS.top, event)
    builder.block_until(TIMER, hal.Timer.Value(60 * (PAIRS + 1) * US))
    after = builder.read(ROW)
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    codes = [
        np.array([row.get().causal.to_numpy(), row.get().acausal.to_numpy()], np.int64)
        for row in (before, after)
    ]
    return codes[0] - codes[1]


def test_order_of_the_pulses_is_told_apart(connection: hxcomm.ConnectionHandle) -> None:
    """Causal pairs charge one side, acausal ones the other, of the addressed synapses only."""
    others = np.setdiff1d(np.arange(256), COLUMNS)
    for side, (pre, post) in enumerate([(0, 2), (2, 0)]):
        fall = accumulated(connection, pre, post)
        assert (fall[side, COLUMNS] > 10).all()
        assert (fall[1 - side, COLUMNS] < 3).all()
        assert (fall[:, others] == 0).all()


def test_falls_with_the_delay(connection: hxcomm.ConnectionHandle) -> None:
    falls = [accumulated(connection, 0, delay)[0, COLUMNS].mean() for delay in (1, 4, 12)]
    assert falls[0] > falls[1] > falls[2]


def test_nothing_without_pairs(connection: hxcomm.ConnectionHandle) -> None:
    for pre, post in ((0, None), (None, 0)):
        assert (accumulated(connection, pre, post) == 0).all()
