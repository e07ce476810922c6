# SPDX-License-Identifier: Apache-2.0
"""Serial spikes and routes to other FPGAs, which on a single board come back to the sender."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
#: A start bit, eight of the address and a stop bit.
FRAME = 10


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A machine after bring-up: the crossbar sends all spikes back."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    builder.write(halco.SpikeIOConfigOnFPGA(), hal.SpikeIOConfig())
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(shared, builder.done())
    return shared


def run(
    builder: sta.PlaybackProgramBuilder, connection: hxcomm.ConnectionHandle, until: int
) -> sta.PlaybackProgram:
    builder.block_until(TIMER, hal.Timer.Value(until))
    program = builder.done()
    sta.run(connection, program)
    return program


def route_serial(builder: sta.PlaybackProgramBuilder, labels: dict[int, int | None]) -> None:
    """Spike label -> serial address."""
    for label, address in labels.items():
        route = hal.SpikeIOOutputRoute()
        if address is not None:
            route.target = halco.SpikeIOAddress(address)
        builder.write(halco.SpikeIOOutputRouteOnFPGA(label), route)


@pytest.mark.parametrize("enabled", ["both", "tx", "rx", "no loopback"])
def test_serial_loopback(connection: hxcomm.ConnectionHandle, enabled: str) -> None:
    """Spikes 0, 1, 2 go out as 3, 4, 5 and come back as 6, 7, 8."""
    builder = sta.PlaybackProgramBuilder()
    config = hal.SpikeIOConfig()
    config.enable_tx = enabled != "rx"
    config.enable_rx = enabled != "tx"
    config.enable_internal_loopback = enabled != "no loopback"
    config.data_rate_scaler = config.DataRateScaler(7)
    builder.write(halco.SpikeIOConfigOnFPGA(), config)
    route_serial(builder, {0: 3, 1: 4, 2: 5, 6: None, 7: None, 8: None})
    for address, label in ((3, 6), (4, 7), (5, 8)):
        builder.write(
            halco.SpikeIOInputRouteOnFPGA(address),
            hal.SpikeIOInputRoute(halco.SpikeLabel(label)),
        )
    builder.write(TIMER, hal.Timer())
    builder.write_spikes(np.array([100, 100, 200]), np.array([0, 1, 2]))
    program = run(builder, connection, 2000)
    expected = [0, 1, 2, 6, 7, 8] if enabled == "both" else [0, 1, 2]
    assert sorted(program.spikes.to_numpy()["label"].tolist()) == expected


@pytest.mark.parametrize("divider", [1, 8, 100])
def test_serial_rate(connection: hxcomm.ConnectionHandle, divider: int) -> None:
    """Spikes that wait for the line come back as far apart as a frame is long."""
    count = 20
    builder = sta.PlaybackProgramBuilder()
    config = hal.SpikeIOConfig()
    config.enable_tx = config.enable_rx = config.enable_internal_loopback = True
    config.data_rate_scaler = config.DataRateScaler(divider)
    builder.write(halco.SpikeIOConfigOnFPGA(), config)
    route_serial(builder, {100: 9, 200: None})
    builder.write(halco.SpikeIOInputRouteOnFPGA(9), hal.SpikeIOInputRoute(halco.SpikeLabel(200)))
    builder.write(TIMER, hal.Timer())
    builder.write_spikes(np.arange(count) + 100, np.full(count, 100))
    program = run(builder, connection, 1000 + 12 * count * divider)
    spikes = program.spikes.to_numpy()
    assert Counter(spikes["label"].tolist()) == {100: count, 200: count}
    times = spikes["fpga_time"][spikes["label"] == 200].tolist()
    assert {b - a for a, b in pairwise(times)} == {FRAME * divider + 1}


def test_route_to_all_fpgas(connection: hxcomm.ConnectionHandle) -> None:
    """A spike goes out on a link label, to the sender too, and comes in with another label."""
    builder = sta.PlaybackProgramBuilder()
    output, silent = hal.OutputRoutingTableEntry(), hal.OutputRoutingTableEntry()
    output.enable, output.label = True, output.Label(347)
    entry = hal.InputRoutingTableEntry()
    entry.enable, entry.label = True, halco.SpikeLabel(20)
    builder.write(halco.OutputRoutingTableEntryOnFPGA(17), output)
    builder.write(halco.OutputRoutingTableEntryOnFPGA(20), silent)
    builder.write(halco.InputRoutingTableEntryOnFPGA(347), entry)
    builder.block_until(BARRIER, hal.Barrier.multi_fpga)
    builder.write(TIMER, hal.Timer())
    builder.write_spikes(np.arange(100) * 4 + 100, np.full(100, 17))
    builder.write_spikes(np.array([1000]), np.array([18]))
    builder.block_until(TIMER, hal.Timer.Value(2000))
    builder.write(halco.OutputRoutingTableEntryOnFPGA(17), silent)
    program = run(builder, connection, 2500)
    counts = Counter(program.spikes.to_numpy()["label"].tolist())
    assert counts == {17: 100, 20: 100, 18: 1}
