# SPDX-License-Identifier: Apache-2.0
"""A chip set up by container words behaves as one set up by decoded settings."""

from typing import Any

import numpy as np
import pytest
from analog_setup import LIF, SHARED, connect, prepare

from cosim.analog import Core, Option, Readout
from hal import halco, haldls

NEURONS = (0, 5, 130, 300, 511)


def send(core: Core, coord: Any, container: Any) -> None:
    access = container.write_access(coord)
    for address, word in zip(access.addresses.tolist(), access.words.tolist(), strict=True):
        core.write(core.now, address, word)


def quad_of(column: int) -> tuple[int, int]:
    """Quad column and entry of a synapse column, by the coordinates."""
    synapse = halco.SynapseOnSynapseRow(column)
    return int(synapse.toSynapseQuadColumnOnDLS()), int(synapse.toEntryOnQuad())


def by_registers(core: Core) -> None:
    core.option(Option.CAPMEM_TAU, 0)
    for block in range(4):
        for row, code in SHARED.items():
            send(core, halco.CapMemCellOnDLS(3120 * block + 130 * row + 128),
                 haldls.CapMemCell(haldls.CapMemCell.Value(code)))  # fmt: skip
    for n in NEURONS:
        for row, code in LIF.items():
            cell = halco.CapMemCellOnDLS(3120 * (n // 128) + 130 * row + n % 128)
            send(core, cell, haldls.CapMemCell(haldls.CapMemCell.Value(code)))
        config = haldls.NeuronConfig()
        config.enable_fire = config.enable_threshold_comparator = True
        config.enable_synaptic_input_excitatory = True
        config.enable_synaptic_input_inhibitory = True
        config.membrane_capacitor_size = haldls.NeuronConfig.MembraneCapacitorSize(63)
        config.enable_readout_amplifier = True
        config.enable_readout = n == 0
        send(core, halco.NeuronConfigOnDLS(n), config)
        backend = haldls.NeuronBackendConfig()
        backend.refractory_time = haldls.NeuronBackendConfig.RefractoryTime(32)
        backend.enable_adaptation_pulse = True
        send(core, halco.NeuronConfigOnDLS(n).toNeuronBackendConfigOnDLS(), backend)
        quad, entry = quad_of(n % 256)
        current = haldls.ColumnCurrentQuad()
        switch = current.get_switch(halco.EntryOnQuad(entry))
        switch.enable_synaptic_current_excitatory = True
        switch.enable_synaptic_current_inhibitory = True
        current.set_switch(halco.EntryOnQuad(entry), switch)
        send(core, halco.ColumnCurrentQuadOnDLS(64 * (n // 256) + quad), current)
        sensors = haldls.ColumnCorrelationQuad()
        column = sensors.get_switch(halco.EntryOnQuad(entry))
        column.enable_internal_causal = column.enable_internal_acausal = True
        column.enable_cadc_neuron_readout_causal = True
        sensors.set_switch(halco.EntryOnQuad(entry), column)
        send(core, halco.ColumnCorrelationQuadOnDLS(64 * (n // 256) + quad), sensors)
    for block in range(2):
        common = haldls.CommonNeuronBackendConfig()
        scale = haldls.CommonNeuronBackendConfig.ClockScale
        common.clock_scale_slow = common.clock_scale_fast = scale(3)
        common.clock_scale_adaptation_pulse = scale(7)
        send(core, halco.CommonNeuronBackendConfigOnDLS(block), common)
    for n in NEURONS:
        h = n // 256
        driver = haldls.SynapseDriverConfig()
        driver.enable_receiver = True
        driver.row_mode_bottom = haldls.SynapseDriverConfig.RowMode.excitatory
        driver.row_mode_top = haldls.SynapseDriverConfig.RowMode.inhibitory
        send(core, halco.SynapseDriverOnDLS(128 * h), driver)
        quad, entry = quad_of(n % 256)
        for row, label in ((0, 1), (1, 2)):
            synapses = haldls.SynapseQuad()
            weights, labels = synapses.weights, synapses.labels
            weights[halco.EntryOnQuad(entry)] = type(weights[halco.EntryOnQuad(0)])(50)
            synapses.weights = weights
            labels[halco.EntryOnQuad(entry)] = type(labels[halco.EntryOnQuad(0)])(label)
            synapses.labels = labels
            send(core, halco.SynapseQuadOnDLS(16384 * h + 64 * row + quad), synapses)
    readout = haldls.ReadoutSourceSelection()
    buffer = readout.get_buffer(halco.SourceMultiplexerOnReadoutSourceSelection(0))
    even = buffer.neuron_even
    even[halco.HemisphereOnDLS(0)] = True
    buffer.neuron_even = even
    readout.set_buffer(halco.SourceMultiplexerOnReadoutSourceSelection(0), buffer)
    send(core, halco.ReadoutSourceSelectionOnDLS(), readout)


def by_settings(core: Core) -> None:
    for n in NEURONS:
        prepare(core, range(n, n + 1), {}, readout_amplifier=1, readout=int(n == 0))
        connect(core, n % 256, 50, hemisphere=n // 256)
        core.sensor(n // 256, n % 256, neuron_causal=True)
    core.madc_mux(0, 1)


def observe(core: Core) -> list[Any]:
    core.run(1000)
    seen: list[Any] = []
    for k in range(40):
        for h in range(2):
            core.event(core.now, h, 0, 0, 1 + (k % 4 == 3))
        core.run(core.now + 1250)
        seen += [core.voltage(n, r) for n in NEURONS for r in Readout]
        seen.append(core.madc(0))
    for h in range(2):
        seen += [codes.tolist() for codes in core.cadc(h)]
    times, neurons = core.spikes()
    return [*seen, times.tolist(), neurons.tolist()]


@pytest.mark.parametrize("seed", [0, 3])
def test_registers_equal_settings(seed: int) -> None:
    with Core(seed) as first, Core(seed) as second:
        by_registers(first)
        by_settings(second)
        one, two = observe(first), observe(second)
    assert one == two
    assert len(set(np.ravel(one[:20]).tolist())) >= 4  # ideal neurons are equal


def test_registers_reset_and_padi_event() -> None:
    """Words that are happenings: a PADI event and a neuron reset."""
    with Core() as core:
        by_registers(core)
        core.run(1000)
        event = haldls.PADIEvent()
        fire = event.fire_bus
        fire[halco.PADIBusOnPADIBusBlock(0)] = True
        event.fire_bus = fire
        event.event_address = type(event.event_address)(1)
        send(core, halco.PADIEventOnDLS(0), event)
        core.run(core.now + 20)
        assert core.voltage(0, Readout.EXC) < 0.5999
        assert core.voltage(300, Readout.EXC) > 0.59999
        core.run(100_000)
        rest = core.voltage(130)
        send(core, halco.NeuronResetOnDLS(int(halco.NeuronConfigOnDLS(130).toNeuronResetOnDLS())),
             haldls.NeuronReset())  # fmt: skip
        core.run(core.now + 250)
        assert core.voltage(130) < rest - 0.02


@pytest.mark.parametrize(
    ("field", "setting"),
    [
        ("enable_neuron_slave", "slave"),
        ("enable_neuron_master", "master"),
        ("connect_fire_bottom", "fire_bottom"),
        ("connect_fire_from_right", "fire_from_right"),
        ("connect_fire_to_right", "fire_to_right"),
    ],
)
def test_registers_of_fire_lines(field: str, setting: str) -> None:
    """The field of the container is the named setting: to set it again changes nothing."""
    config = haldls.NeuronBackendConfig()
    coord = halco.NeuronConfigOnDLS(5).toNeuronBackendConfigOnDLS()
    with Core(0) as core:
        send(core, coord, config)
        without = core.hash()
        setattr(config, field, True)
        send(core, coord, config)
        written = core.hash()
        core.backend(5, refractory_time=int(config.refractory_time), **{setting: 1})
        assert core.hash() == written
        core.backend(5, refractory_time=int(config.refractory_time))
        assert core.hash() not in (written, without)


def test_registers_of_others_are_ignored() -> None:
    with Core() as core:
        before = core.hash()
        core.write(0, 0x00130001, 0xFFFFFFFF)
        assert core.hash() == before


def test_registers_settling() -> None:
    """A cell moves to its new code with a time constant of 3 ms, in steps of 0.5 ms; the membrane
    shows it. After the 20 ms that software waits a quarter of a code is left; code 1023 changes
    nothing."""
    with Core() as core:
        prepare(core, range(1), {0: 500}, fire=0, exc=0, inh=0)
        core.option(Option.CAPMEM_TAU, 3e-3)
        core.run(100_000)
        start = core.voltage(0)
        core.parameter(0, 0, 700)
        end = start + 200 * 1.213e-3
        for k in (1, 2, 6, 12, 24, 40):
            core.run(125_000 * k + 25_000)  # ten membrane time constants after the k-th step
            expected = end + (start - end) * np.exp(-0.5 * k / 3)
            assert core.voltage(0) == pytest.approx(expected, abs=1e-3 * (end - start))
        assert core.voltage(0) == pytest.approx(end, abs=0.3 * 1.213e-3)
        core.parameter(0, 0, 1023)
        core.run(core.now + 5_000_000)
        assert core.voltage(0) == pytest.approx(end, abs=1e-5)
