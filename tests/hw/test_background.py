# SPDX-License-Identifier: Apache-2.0
"""Background sources: through the crossbar as it is after reset, to the host."""

from math import sqrt

import numpy as np
import numpy.typing as npt
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
SOURCES = halco.BackgroundSpikeSourceOnDLS
START = 1000  # FPGA cycle of the first one to start
SPACING = 50  # FPGA cycles between two starts
CHIP_CYCLES = 2  # per FPGA cycle


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A machine after bring-up."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    sta.run(shared, builder.done())
    return shared


def source(
    period: int, label: int = 0, rate: int | None = None, seed: int = 0, mask: int = 0
) -> hal.BackgroundSpikeSource:
    config = hal.BackgroundSpikeSource()
    config.enable_random = rate is not None
    config.period = hal.BackgroundSpikeSource.Period(period)
    config.rate = hal.BackgroundSpikeSource.Rate(rate or 0)
    config.seed = hal.BackgroundSpikeSource.Seed(seed)
    config.mask = hal.BackgroundSpikeSource.Mask(mask)
    config.neuron_label = halco.NeuronLabel(label)
    return config


def record(
    connection: hxcomm.ConnectionHandle, configs: list[hal.BackgroundSpikeSource], cycles: int
) -> npt.NDArray[np.void]:
    """Spikes of sources that run for so many FPGA cycles each, one after the other started."""
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    for start, enable in ((START, True), (START + cycles, False)):
        for k, config in enumerate(configs):
            config.enable = enable  # label and mask stay: they are written before it
            builder.block_until(TIMER, hal.Timer.Value(start + SPACING * k))
            builder.write(SOURCES(k), config)
    builder.block_until(TIMER, hal.Timer.Value(START + cycles + 1000))
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    program = builder.done()
    sta.run(connection, program)
    return program.spikes.to_numpy()


def test_silent_until_enabled(connection: hxcomm.ConnectionHandle) -> None:
    assert len(record(connection, [], 10_000)) == 0


def test_regular_sources_reach_the_host(connection: hxcomm.ConnectionHandle) -> None:
    """2 n / p spikes in n FPGA cycles from each, on channel i mod 4, p apart."""
    cycles = 20_000
    periods = [40, 50, 64, 100, 333, 1000, 5000, 39_999]
    spikes = record(connection, [source(p, 0x1000 + k) for k, p in enumerate(periods)], cycles)
    labels = spikes["label"]
    for k, period in enumerate(periods):
        mine = spikes[labels == 0x1000 + k | k % 4 << 14]
        assert len(mine) == CHIP_CYCLES * cycles // period
        # The host knows chip times in FPGA cycles; one half is lost, and queues may delay.
        gaps = np.diff(mine["chip_time"].astype(np.int64))
        assert abs(gaps - period / CHIP_CYCLES).max(initial=0) <= 8
    assert len(spikes) == sum(CHIP_CYCLES * cycles // period for period in periods)


@pytest.mark.parametrize("rate", [5, 100, 255])
def test_poisson_rate(connection: hxcomm.ConnectionHandle, rate: int) -> None:
    """Within 4 sigma of rate / 256 a bin; labels under the mask only, all of them."""
    cycles, period = 100_000, 20
    configs = [source(period, 0x2A80, rate, seed=10 + k, mask=0x1F) for k in range(2)]
    spikes = record(connection, configs, cycles)
    bins = len(configs) * CHIP_CYCLES * cycles // period
    p = rate / 256
    assert abs(len(spikes) - bins * p) < 4 * sqrt(bins * p * (1 - p))
    labels = spikes["label"] & 0x3FFF
    assert set((labels & 0x3FE0).tolist()) == {0x2A80}
    assert len(np.unique(labels)) == 32


def test_a_seed_reproduces(connection: hxcomm.ConnectionHandle) -> None:
    runs = [
        record(connection, [source(30, 7, 100, seed, 0xFF)], 10_000)["label"].tolist()
        for seed in (1234, 1234, 1235)
    ]
    assert runs[0] == runs[1] != runs[2]
    assert len(runs[0]) > 200
