# SPDX-License-Identifier: Apache-2.0
"""Twelve neurons that relay a regular input of 1 MHz for a second of chip time: 1.2e7 spikes.

The published figures beside which the stages stand were taken on the real system: 1.5 s for the
second on hardware with everything up to the last word, 1.9 s for post-processing.
"""

import gc
import logging
import resource
import time

import numpy as np
from report import Report

from hal import halco, haldls, lola, stadls
from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection

NEURONS = 12
INPUTS = 1_000_000
PERIOD = 125  # FPGA cycles of 8 ns
SETTLED = 2_500_000  # cycles (20 ms) after which the parameter cells have their values
LABEL = 1
TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()


def network() -> lola.Chip:
    """Events of channel 0 with `LABEL` reach twelve neurons, whose spikes leave on channel 0."""
    chip = lola.Chip.default_neuron_bypass
    for node in halco.iter_all(halco.CrossbarNodeOnDLS):
        ends = int(node.toCrossbarInputOnDLS()), int(node.toCrossbarOutputOnDLS())
        used = ends in ((8, 0), (0, 8))
        chip.crossbar.nodes[node] = haldls.CrossbarNode() if used else haldls.CrossbarNode.drop_all
    drivers = chip.synapse_driver_blocks[halco.SynapseDriverBlockOnDLS.top]
    drivers.padi_bus.enable_spl1.fill(True)
    driver = drivers.synapse_drivers[halco.SynapseDriverOnSynapseDriverBlock(0)]
    driver.enable_receiver = driver.enable_address_out = True
    driver.row_mode_bottom = haldls.SynapseDriverConfig.RowMode.excitatory
    synapses = chip.synapse_blocks[halco.SynapseBlockOnDLS.top]
    synapses.i_bias_dac.fill(1022)
    weights, labels = synapses.matrix.weights.to_numpy(), synapses.matrix.labels.to_numpy()
    weights[:], labels[:] = 0, 0
    weights[0, :NEURONS], labels[0, :NEURONS] = 63, LABEL
    synapses.matrix.weights.from_numpy(weights)
    synapses.matrix.labels.from_numpy(labels)
    for row in chip.neuron_block.current_rows:
        for switch in row.values:
            switch.enable_synaptic_current_excitatory = True
    for index, neuron in enumerate(halco.iter_all(halco.AtomicNeuronOnDLS)):
        config = chip.neuron_block.atomic_neurons[neuron]
        routing = config.event_routing
        fires = index < NEURONS
        routing.analog_output = routing.AnalogOutputMode.normal if fires else routing.AnalogOutputMode.off
        routing.enable_digital = fires
        routing.address = index % 256
        config.refractory_period.refractory_time = 32
        config.excitatory_input.i_bias_tau = 1022
    return chip


def brought_up(handle: ConnectionHandle) -> None:
    """The stock sequence, the network, and the time that its parameters take to settle."""
    builder, _ = stadls.generate(stadls.SystemInit(handle.get_hwdb_entry()[0]))
    builder.write(halco.ChipOnDLS(), network())
    builder.block_until(BARRIER, haldls.Barrier.omnibus)
    builder.write(TIMER, haldls.Timer())
    builder.block_until(TIMER, haldls.Timer.Value(SETTLED))
    stadls.run(handle, builder.done())


def peak() -> float:
    """Largest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024e-6
