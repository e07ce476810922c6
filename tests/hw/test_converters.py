# SPDX-License-Identifier: Apache-2.0
"""Both converters through the whole machine: docs/timing.md sections 13 and 14."""

import numpy as np
import pytest
from bring_up import SETTLED, configure
from dlens_vx_v3 import hal, halco, hxcomm, lola, sta
from numpy.typing import NDArray

from cosim.analog import Core

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
AWAKE = 20_000
SAMPLES = 1200
SAMPLE_CYCLES = 8.5
"""Chip cycles of 4 ns of a sample: 17 clocks of the converter at 500 MHz."""


def chip(leak: int) -> lola.Chip:
    """Silent neurons whose leak potentials rise from code `leak` over the columns."""
    found = lola.Chip()
    found.neuron_block.i_bias_readout_amp.fill(1000)
    for neuron in halco.iter_all(halco.AtomicNeuronOnDLS):
        config = found.neuron_block.atomic_neurons[neuron]
        config.leak.v_leak = leak + int(neuron.toNeuronColumnOnDLS())
        config.leak.i_bias = 600
        config.readout.enable_amplifier = True
        config.readout.source = config.readout.Source.membrane
    for chain in found.cadc_readout_chains:
        chain.ramp.enable = True
        chain.ramp.v_offset.fill(200)
        chain.ramp.i_slope.fill(200)
        for values in (chain.ramp.i_bias_comparator, chain.ramp.i_bias_vreset_buffer):
            values.fill(1000)
        chain.ramp.v_bias_buffer.fill(400)
        for channel in (*chain.channels_causal, *chain.channels_acausal):
            channel.enable_connect_correlation = True
            channel.enable_connect_neuron = True
    return found


def record(connection: hxcomm.ConnectionHandle, config: hal.MADCConfig) -> NDArray[np.void]:
    """Wake the converter and take the samples of one recording."""
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.MADCConfigOnDLS(), config)
    wake, start = hal.MADCControl(), hal.MADCControl()
    wake.wake_up, start.start_recording = True, True
    builder.write(halco.MADCControlOnDLS(), wake)
    builder.write(TIMER, hal.Timer())
    builder.block_until(TIMER, hal.Timer.Value(AWAKE))
    builder.write(halco.MADCControlOnDLS(), start)
    builder.block_until(TIMER, hal.Timer.Value(20 * AWAKE))
    program = builder.done()
    sta.run(connection, program)
    samples: NDArray[np.void] = program.madc_samples.to_numpy()
    return samples


def test_saw_tooth_and_count(connection: hxcomm.ConnectionHandle) -> None:
    config = hal.MADCConfig()
    config.enable_dummy_data = True
    config.number_of_samples = SAMPLES
    samples = record(connection, config)
    assert samples["value"].tolist() == [k % 1024 for k in range(SAMPLES)]
    assert set(samples["channel"].tolist()) == {0, 1}


@pytest.mark.parametrize("scale", [None, 0, 3, 20])
def test_sample_rate(connection: hxcomm.ConnectionHandle, scale: int | None) -> None:
    config = hal.MADCConfig()
    config.number_of_samples = SAMPLES
    divider = 1
    if scale is not None:
        config.enable_madc_clock_scaling = True
        config.madc_clock_scale_value = scale
        divider = 2 * (scale + 1)
    times = record(connection, config)["chip_time"].astype(np.int64)
    assert len(times) == SAMPLES
    cycles = (times[-1] - times[0]) / (SAMPLES - 1) * 2  # chip time counts FPGA cycles
    assert cycles == pytest.approx(SAMPLE_CYCLES * divider, rel=0.01)


def test_all_channels_as_the_core_alone(connection: hxcomm.ConnectionHandle) -> None:
    """1024 channels see the leak potentials, to the code what the analog core says."""
    config = chip(leak=450)
    configure(connection, config)
    builder = sta.PlaybackProgramBuilder()
    ticket = builder.read(halco.CADCSamplesOnDLS())
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    found = ticket.get()
    access = config.write_access(halco.ChipOnDLS())
    with Core(seed=0) as core:
        for address, word in zip(access.addresses.tolist(), access.words.tolist(), strict=True):
            core.write(0, address, word)
        core.run(2 * SETTLED)
        for hemisphere in range(2):
            causal, acausal = core.cadc(hemisphere)
            assert found.causal.to_numpy()[hemisphere].tolist() == causal.tolist()
            assert found.acausal.to_numpy()[hemisphere].tolist() == acausal.tolist()
    codes = found.causal.to_numpy()[0].astype(int)
    assert codes[-1] - codes[0] > 20
    assert (np.diff(codes) >= 0).all()


def test_membrane_through_the_fast_converter(connection: hxcomm.ConnectionHandle) -> None:
    """A higher leak potential is a higher code; the membrane at rest gives one code only."""
    means = []
    for leak in (400, 700):
        config = chip(leak)
        source = config.readout_chain.input_mux[halco.SourceMultiplexerOnReadoutSourceSelection(0)]
        source.neuron_even[halco.HemisphereOnDLS.top] = True
        config.neuron_block.atomic_neurons[
            halco.AtomicNeuronOnDLS()
        ].readout.enable_buffered_access = True
        configure(connection, config)
        madc = hal.MADCConfig()
        madc.number_of_samples = SAMPLES
        samples = record(connection, madc)
        codes = samples["value"][samples["channel"] == 0]
        assert len(codes) == SAMPLES // 2
        assert len(set(codes.tolist())) == 1
        means.append(int(codes[0]))
    assert 0 < means[0] < means[1] < 1023


def test_parameter_cells_settle(connection: hxcomm.ConnectionHandle) -> None:
    """A leak potential that is written anew is approached within milliseconds, not at once."""
    configure(connection, chip(leak=450))
    waits = [0, 1, 2, 4, 8, 80]  # ms
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.ChipOnDLS(), chip(leak=650))
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    builder.write(TIMER, hal.Timer())
    tickets = []
    for wait in waits:
        builder.block_until(TIMER, hal.Timer.Value(125_000 * wait))
        tickets.append(builder.read(halco.CADCSamplesOnDLS()))
        builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    codes = np.array([t.get().causal.to_numpy() for t in tickets], int).reshape(len(waits), -1)
    steps = np.diff(codes, axis=0)
    assert (steps >= 0).all()
    whole = codes[-1] - codes[0]
    assert (whole > 20).all()
    assert (steps[:-1] > 0).all()
    assert (steps[0] < 0.5 * whole).all()
