# SPDX-License-Identifier: Apache-2.0
"""Spikes from the host over crossbar, PADI buses and synapses to neurons, and back.

What docs/timing.md section 15 describes.
"""

import pytest
from bring_up import configure
from dlens_vx_v3 import hal, halco, hxcomm, lola, sta

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
COLUMNS, LABELS = 256, 64
SPACING = 500  # FPGA cycles between two spikes


def route(chip: lola.Chip, inputs: int, outputs: list[int]) -> None:
    """Every event of a crossbar input goes to these outputs, as far as nodes exist."""
    for node in halco.iter_all(halco.CrossbarNodeOnDLS):
        if int(node.toCrossbarInputOnDLS()) == inputs:
            passes = int(node.toCrossbarOutputOnDLS()) in outputs
            config = hal.CrossbarNode() if passes else hal.CrossbarNode.drop_all
            chip.crossbar.nodes[node] = config


def relays() -> lola.Chip:
    """Each neuron fires on its own input event: column c on channel c // 64, label c % 64."""
    chip = lola.Chip.default_neuron_bypass
    for channel in range(4):
        route(chip, 8 + channel, [channel, 4 + channel])
        for output in (channel, 4 + channel):
            route(chip, output, [8 + channel])
    for block in chip.synapse_driver_blocks:
        block.padi_bus.enable_spl1.fill(True)
        for driver in range(4):  # on bus 0 to 3, row select 0
            config = block.synapse_drivers[halco.SynapseDriverOnSynapseDriverBlock(driver)]
            config.enable_receiver = True
            config.enable_address_out = True
            config.row_mode_bottom = hal.SynapseDriverConfig.RowMode.excitatory
    for synapses in chip.synapse_blocks:
        synapses.i_bias_dac.fill(1022)
        weights, labels = synapses.matrix.weights.to_numpy(), synapses.matrix.labels.to_numpy()
        for column in range(COLUMNS):
            weights[2 * (column // LABELS), column] = 63
            labels[2 * (column // LABELS), column] = column % LABELS
        synapses.matrix.weights.from_numpy(weights)
        synapses.matrix.labels.from_numpy(labels)
    for row in chip.neuron_block.current_rows:
        for switch in row.values:
            switch.enable_synaptic_current_excitatory = True
    for neuron in halco.iter_all(halco.AtomicNeuronOnDLS):
        config = chip.neuron_block.atomic_neurons[neuron]
        config.event_routing.analog_output = config.event_routing.AnalogOutputMode.normal
        config.event_routing.enable_digital = True
        config.event_routing.address = address(neuron)
        config.excitatory_input.i_bias_tau = 1022  # ready again after a microsecond
    return chip


def event_label(column: int, row: int) -> int:
    """Label with which the event of a neuron reaches the host."""
    return (column // 32 % 4) << 14 | (column // 32) << 8 | column % 32 + 32 * row


def address(neuron: halco.AtomicNeuronOnDLS) -> int:
    column, row = int(neuron.toNeuronColumnOnDLS()), int(neuron.toNeuronRowOnDLS())
    return column % 32 + 32 * row


def send(builder: sta.PlaybackProgramBuilder, column: int, time: int) -> None:
    """An input event to the two neurons of a column, when the timer is at `time`."""
    label = halco.SpikeLabel(column // LABELS << 14 | column % LABELS)
    builder.block_until(TIMER, hal.Timer.Value(time))
    builder.write(halco.SpikePack1ToChipOnDLS(), hal.SpikePack1ToChip([label]))


@pytest.fixture(scope="module")
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    configure(shared, relays(), builder)
    return shared


def test_all_neurons_answer(connection: hxcomm.ConnectionHandle) -> None:
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    for column in range(COLUMNS):
        send(builder, column, SPACING * (column + 1))
    builder.block_until(TIMER, hal.Timer.Value(SPACING * (COLUMNS + 2)))
    program = builder.done()
    sta.run(connection, program)
    spikes = program.spikes.to_numpy()
    expected = [event_label(column, row) for column in range(COLUMNS) for row in range(2)]
    assert spikes["label"].tolist() == expected


@pytest.mark.parametrize(
    ("field", "silent", "counts"),
    [
        ("force_reset", True, 2),
        ("enable_clocks", False, 2),
        ("enable_event_registers", False, 3),
    ],
)
def test_silent_blocks(
    connection: hxcomm.ConnectionHandle, field: str, silent: bool, counts: int
) -> None:
    """Neurons held in reset, without clock or event register do not answer; the other block's and
    later all do. Of three inputs each, the counters have those that made a pulse with a clock.
    """
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    columns, backends = [5, 100, 130, 250], relays().neuron_block.backends
    neurons = [halco.AtomicNeuronOnDLS(halco.NeuronColumnOnDLS(c), halco.NeuronRowOnDLS(r))
               for c in columns for r in range(2)]  # fmt: skip
    for neuron in neurons:
        builder.write(neuron.toSpikeCounterResetOnDLS(), hal.SpikeCounterReset())
    passes = [
        halco.CommonNeuronBackendConfigOnDLS(0),
        halco.CommonNeuronBackendConfigOnDLS(1),
        None,
    ]
    time = SPACING
    for held in passes:
        for block in halco.iter_all(halco.CommonNeuronBackendConfigOnDLS):
            config = backends[block]
            setattr(config, field, silent if block == held else not silent)
            builder.write(block, config)
        for column in columns:
            time += SPACING
            send(builder, column, time)
        time += SPACING
        builder.block_until(TIMER, hal.Timer.Value(time))
    tickets = [builder.read(neuron.toSpikeCounterReadOnDLS()) for neuron in neurons]
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    program = builder.done()
    sta.run(connection, program)
    free = [
        column for held in passes for column in columns if held is None or column // 128 != held
    ]
    found = program.spikes.to_numpy()["label"].tolist()
    assert found == [event_label(column, row) for column in free for row in range(2)]
    assert [int(ticket.get().count) for ticket in tickets] == [counts] * len(neurons)


@pytest.mark.parametrize("hemisphere", range(2))
def test_events_written_to_the_buses(connection: hxcomm.ConnectionHandle, hemisphere: int) -> None:
    """PADIEvent: the neurons of one hemisphere on the chosen buses fire, whatever else is there."""
    buses, label = [0, 2, 3], 37
    event = hal.PADIEvent()
    event.event_address = label
    for bus in buses:
        event.fire_bus[halco.PADIBusOnPADIBusBlock(bus)] = True
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.PADIEventOnDLS(hemisphere), event)
    builder.write(TIMER, hal.Timer())
    builder.block_until(TIMER, hal.Timer.Value(SPACING))
    program = builder.done()
    sta.run(connection, program)
    columns = [LABELS * bus + label for bus in buses]
    found = program.spikes.to_numpy()["label"].tolist()
    assert sorted(found) == sorted(event_label(column, hemisphere) for column in columns)


def test_spike_counters_beyond_their_range(connection: hxcomm.ConnectionHandle) -> None:
    """A counter of 8 bits starts anew behind 255 and keeps that it did, until it is reset."""
    column, inputs = 40, 255
    neurons = [
        halco.AtomicNeuronOnDLS(halco.NeuronColumnOnDLS(column), halco.NeuronRowOnDLS(row))
        for row in range(2)
    ]
    builder = sta.PlaybackProgramBuilder()
    for neuron in neurons:
        builder.write(neuron.toSpikeCounterResetOnDLS(), hal.SpikeCounterReset())
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    builder.write(TIMER, hal.Timer())
    tickets, time = [], 0
    for count in (inputs, 1, 5):
        for _ in range(count):
            time += SPACING
            send(builder, column, time)
        builder.block_until(TIMER, hal.Timer.Value(time + SPACING))
        tickets.append([builder.read(neuron.toSpikeCounterReadOnDLS()) for neuron in neurons])
    for neuron in neurons:
        builder.write(neuron.toSpikeCounterResetOnDLS(), hal.SpikeCounterReset())
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    tickets.append([builder.read(neuron.toSpikeCounterReadOnDLS()) for neuron in neurons])
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    found = [[(int(t.get().count), t.get().overflow) for t in pair] for pair in tickets]
    assert found == [2 * [pair] for pair in [(255, False), (0, True), (5, True), (0, False)]]
