# SPDX-License-Identifier: Apache-2.0
"""Networks of neurons through the whole machine, against the analog core alone.

The ways and times in the digital part are those of docs/timing.md sections 3, 8, 9 and 15.
"""

from collections import deque

import numpy as np
from bring_up import SETTLED, configure
from dlens_vx_v3 import hal, halco, hxcomm, lola, sta

from cosim.analog import Core
from cosim.machine import CONSTANTS
from hal.fisch.crossbar import L2_INPUT, L2_OUTPUT

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
COLUMNS, RING = 256, 32
INTO_CORE = 2 * (1 + CONSTANTS["LinkLatency"]) + 5
"""Chip cycles from the tick of a SpikePack1 to the event of the core: link, endpoint, crossbar."""
FIRE_TO_MERGER = CONSTANTS["AnalogSpikeDelay"] + 3
"""Chip cycles from a fire pulse to the first cycle in which the merger may take it."""
WATCHED = [0, 33, 70, 127, 256 + 5, 256 + 40, 256 + 64, 256 + 100]
"""Neurons whose spikes reach the host, two on each output 0 to 3."""


def silent(chip: lola.Chip) -> None:
    """No crossbar node lets anything pass."""
    for node in halco.iter_all(halco.CrossbarNodeOnDLS):
        chip.crossbar.nodes[node] = hal.CrossbarNode.drop_all


def connect(chip: lola.Chip, inputs: int, *outputs: int) -> None:
    """All events of a crossbar input go to these outputs."""
    for node in halco.iter_all(halco.CrossbarNodeOnDLS):
        if (
            int(node.toCrossbarInputOnDLS()) == inputs
            and int(node.toCrossbarOutputOnDLS()) in outputs
        ):
            chip.crossbar.nodes[node] = hal.CrossbarNode()


def drivers(chip: lola.Chip) -> None:
    """One driver on each bus, with an excitatory and an inhibitory row."""
    mode = hal.SynapseDriverConfig.RowMode
    for block in chip.synapse_driver_blocks:
        block.padi_bus.enable_spl1.fill(True)
        for driver in range(4):
            config = block.synapse_drivers[halco.SynapseDriverOnSynapseDriverBlock(driver)]
            config.enable_receiver = config.enable_address_out = True
            config.row_mode_bottom, config.row_mode_top = mode.excitatory, mode.inhibitory
    for row in chip.neuron_block.current_rows:
        for switch in row.values:
            switch.enable_synaptic_current_excitatory = True
            switch.enable_synaptic_current_inhibitory = True


def integrators() -> lola.Chip:
    """512 leaky integrators of 10 us behind a random matrix of synapses."""
    random = np.random.default_rng(3)
    chip = lola.Chip()
    silent(chip)
    drivers(chip)
    for channel in range(4):
        connect(chip, L2_INPUT + channel, channel, 4 + channel)
        connect(chip, channel, L2_OUTPUT + channel)
    block = chip.neuron_block
    block.i_bias_leak_source_follower.fill(100)
    block.i_bias_threshold_comparator.fill(200)
    block.i_bias_synin_drop.fill(200)
    for neuron in halco.iter_all(halco.AtomicNeuronOnDLS):
        config = block.atomic_neurons[neuron]
        config.leak.v_leak, config.leak.i_bias = int(random.integers(650, 750)), 150
        config.reset.v_reset, config.reset.i_bias = 650, 1000
        config.threshold.v_threshold, config.threshold.enable = 420, True
        config.membrane_capacitance.capacitance = 63
        for synaptic in (config.excitatory_input, config.inhibitory_input):
            synaptic.enable = True
            synaptic.i_bias_tau, synaptic.i_bias_gm, synaptic.i_shift_reference = 26, 500, 310
        config.refractory_period.refractory_time = 32
        config.event_routing.analog_output = config.event_routing.AnalogOutputMode.normal
        number = int(neuron.toNeuronColumnOnDLS()) + COLUMNS * int(neuron.toNeuronRowOnDLS())
        if number in WATCHED:
            config.event_routing.enable_digital = True
            config.event_routing.address = WATCHED.index(number)
    for backend in block.backends:
        backend.enable_event_registers = True
        backend.clock_scale_slow = backend.clock_scale_fast = 3
    for synapses in chip.synapse_blocks:
        synapses.i_bias_dac.fill(600)
        shape = synapses.matrix.weights.to_numpy().shape
        rows = np.arange(shape[0])[:, None]
        # Mostly excitation; four labels, so that an event meets a quarter of the synapses.
        top = np.where(rows % 2 == 0, 64, 24)
        weights = np.where(rows < 8, random.integers(0, top, shape), 0)
        synapses.matrix.weights.from_numpy(weights.astype(np.uint8))
        synapses.matrix.labels.from_numpy(random.integers(0, 4, shape).astype(np.uint8))
    return chip


def merged(fired: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What the merger makes of events (cycle of first chance, label): round robin over channels."""
    waiting: dict[int, deque[tuple[int, int]]] = {channel: deque() for channel in range(4)}
    for event in sorted(fired):
        waiting[event[1] >> 14].append(event)
    taken, cycle, last = [], 0, 3
    while heads := [queue[0][0] for queue in waiting.values() if queue]:
        cycle = max(cycle, min(heads))
        for k in range(1, 5):
            channel = (last + k) % 4
            if waiting[channel] and waiting[channel][0][0] <= cycle:
                taken.append((cycle, waiting[channel].popleft()[1]))
                last = channel
                break
        cycle += 1
    return taken


def test_spikes_as_the_core_alone(connection: hxcomm.ConnectionHandle) -> None:
    """Every spike of some neurons at its tick, the counts of all."""
    chip = integrators()
    configure(connection, chip)
    random = np.random.default_rng(4)
    times = 100 + np.cumsum(random.integers(20, 100, 2000))
    labels = random.integers(0, 4, len(times)) << 14 | random.integers(0, 4, len(times))
    builder = sta.PlaybackProgramBuilder()
    for place in halco.iter_all(halco.SpikeCounterResetOnDLS):
        builder.write(place, hal.SpikeCounterReset())
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    tick = builder.read(halco.NullPayloadReadableOnFPGA())
    builder.write(TIMER, hal.Timer())
    for time, label in zip(times.tolist(), labels.tolist(), strict=True):
        builder.block_until(TIMER, hal.Timer.Value(time))
        pack = hal.SpikePack1ToChip([halco.SpikeLabel(label)])
        builder.write(halco.SpikePack1ToChipOnDLS(), pack)
    builder.block_until(TIMER, hal.Timer.Value(int(times[-1]) + 100_000))
    counters = {
        neuron: builder.read(neuron.toSpikeCounterReadOnDLS())
        for neuron in halco.iter_all(halco.AtomicNeuronOnDLS)
    }
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    program = builder.done()
    sta.run(connection, program)
    spikes = program.spikes.to_numpy()
    found = list(zip(spikes["chip_time"].tolist(), spikes["label"].tolist(), strict=True))
    # The tick, with an annotation before it, is told two cycles behind its execution, which is
    # where the timer reads 0; a pack executes behind its wait.
    ticks = tick.fpga_time + times + 1
    events = 2 * ticks.astype(np.int64) + INTO_CORE
    access = chip.write_access(halco.ChipOnDLS())
    expected = []
    for phase in range(0, CONSTANTS["AnalogStep"], 2):
        with Core(seed=0) as core:
            for address, word in zip(access.addresses.tolist(), access.words.tolist(), strict=True):
                core.write(0, address, word)
            # The core's grid began at power-on, which chip time does not tell.
            offset = int(events[0]) - 2 * SETTLED
            offset -= offset % CONSTANTS["AnalogStep"] - phase
            both = np.repeat(events - offset, 2), np.tile([0, 1], len(events))
            core.events(*both, np.repeat(labels >> 14, 2), 0, np.repeat(labels & 63, 2))
            core.run(int(events[-1]) - offset + 200_000)
            fired, neurons = core.spikes()
        later = fired >= both[0][0]  # while the cells settled, neurons fired, too
        fired, neurons = fired[later], neurons[later]
        watched = [
            (int(time) + offset + FIRE_TO_MERGER, (n % COLUMNS // 32) * 0x4100 | WATCHED.index(n))
            for time, n in zip(fired.tolist(), neurons.tolist(), strict=True)
            if n in WATCHED
        ]
        expected.append([(cycle // 2, label) for cycle, label in merged(watched)])
        counts = np.bincount(neurons, minlength=512)
        if expected[-1] == found:
            break
    assert found in expected
    assert len(found) > 500
    for neuron, ticket in counters.items():
        count = int(
            counts[int(neuron.toNeuronColumnOnDLS()) + COLUMNS * int(neuron.toNeuronRowOnDLS())]
        )
        assert (int(ticket.get().count), ticket.get().overflow) == (count % 256, count > 255)


def test_a_ring_of_neurons_goes_round(connection: hxcomm.ConnectionHandle) -> None:
    """One spike passes from neuron to neuron in the least time, until the way back is cut."""
    chip = lola.Chip.default_neuron_bypass
    silent(chip)
    drivers(chip)
    connect(chip, 0, 0, L2_OUTPUT)  # the neurons' first output
    connect(chip, L2_INPUT, 0)
    synapses = chip.synapse_blocks[halco.SynapseBlockOnDLS.top]
    synapses.i_bias_dac.fill(1022)
    weights, labels = synapses.matrix.weights.to_numpy(), synapses.matrix.labels.to_numpy()
    for column in range(RING):
        weights[0, column], labels[0, column] = 63, column
        config = chip.neuron_block.atomic_neurons[
            halco.AtomicNeuronOnDLS(halco.NeuronColumnOnDLS(column), halco.NeuronRowOnDLS.top)
        ]
        config.event_routing.analog_output = config.event_routing.AnalogOutputMode.normal
        config.event_routing.enable_digital = True
        config.event_routing.address = (column + 1) % RING
        config.excitatory_input.i_bias_tau = 1022  # the line is down again when the spike returns
    synapses.matrix.weights.from_numpy(weights)
    synapses.matrix.labels.from_numpy(labels)
    configure(connection, chip)
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.SpikePack1ToChipOnDLS(), hal.SpikePack1ToChip([halco.SpikeLabel(0)]))
    builder.write(TIMER, hal.Timer())
    builder.block_until(TIMER, hal.Timer.Value(10_000))
    back = next(
        node
        for node in halco.iter_all(halco.CrossbarNodeOnDLS)
        if int(node.toCrossbarInputOnDLS()) == int(node.toCrossbarOutputOnDLS()) == 0
    )
    builder.write(back, hal.CrossbarNode.drop_all)
    builder.block_until(TIMER, hal.Timer.Value(20_000))
    program = builder.done()
    sta.run(connection, program)
    spikes = program.spikes.to_numpy()
    assert spikes["label"].tolist() == [(k + 1) % RING for k in range(len(spikes))]
    # A relay fires at the end of the core's step.
    step = CONSTANTS["AnalogStep"]
    hop = -(-CONSTANTS["NeuronSynapseLatency"] // step) * step // 2
    assert set(np.diff(spikes["chip_time"].astype(np.int64)).tolist()) == {hop}
    assert abs(len(spikes) - 10_000 / hop) < 5  # the ways of the first spike and of the cut
