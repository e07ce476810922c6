# SPDX-License-Identifier: Apache-2.0
"""Event crossbar through the whole machine: what arrives where, what is lost, what counters say."""

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta

from cosim.machine import CONSTANTS
from hal.fisch import Backend, addresses
from hal.fisch.access import WordAccess
from hal.fisch.crossbar import BACKGROUND_INPUT, INPUTS, L2_INPUT, L2_OUTPUT, NODES, OUTPUTS
from testbench.common.crossbar import ENABLE_DROPS, NODES_OF, Model, random_node

TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()
SPIKES = 10_000  # in each configuration
PACK = 3
COUNT_ALL = 0xFFF0  # event counters of all outputs
START = 100  # timer value of the first spike
CLEARED = {
    region.address(k): 0
    for region in (addresses.CROSSBAR_INPUT_DROP_COUNTER, addresses.CROSSBAR_OUTPUT_EVENT_COUNTER)
    for k in range(region.count)
}
"""Writes that clear all counters."""


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A machine after bring-up, which resets the chip."""
    builder, _ = sta.generate(sta.SystemInit(shared.get_hwdb_entry()[0]))
    sta.run(shared, builder.done())
    return shared


def write(builder: sta.PlaybackProgramBuilder, words: dict[int, int]) -> None:
    at, data = (np.array(list(column), np.uint32) for column in (words.keys(), words.values()))
    builder.write_access(WordAccess(Backend.Omnibus, at, data, None))


def read_counters(builder: sta.PlaybackProgramBuilder) -> list[list[sta.ContainerTicket]]:
    kinds = (halco.CrossbarInputOnDLS, halco.CrossbarOutputOnDLS)
    return [[builder.read(coord) for coord in halco.iter_all(kind)] for kind in kinds]


def values(tickets: list[sta.ContainerTicket]) -> list[int]:
    return [int(ticket.get().value) for ticket in tickets]


class Chip:
    """The way of an event through the chip: item queue, serialiser, crossbar, merger."""

    def __init__(self) -> None:
        self.crossbar = Model()
        self.items: deque[list[int]] = deque()
        self.last = 3
        self.arrived: list[int] = []

    def send(self, packs: dict[int, list[int]]) -> None:
        """Items by the tick in which they arrive, and all that follows from them."""
        queue, outputs = self.items, self.crossbar.outputs
        cycle, due = 0, deque(sorted(packs.items()))
        while due or queue or any(self.crossbar.inputs) or any(outputs):
            inputs = {"bus_valid_i": 0, "bus_read_i": 0, "bus_addr_i": 0, "dropped_i": 0}
            inputs |= {"event_valid_i": 0, "event_label_i": 0}
            inputs |= {"l2_ready_i": 0, "padi_ready_i": 0xFF}
            arriving = due.popleft()[1] if due and cycle == 2 * due[0][0] + 1 else None
            full = len(queue) == CONSTANTS["EventRxDepth"]
            if arriving and full:
                for label in arriving:
                    inputs["dropped_i"] += 1 << 2 * (label >> 14)
            if queue:
                label = queue[0].pop(0)
                source = L2_INPUT + (label >> 14)
                inputs["event_valid_i"] = 1 << source
                inputs["event_label_i"] = (label & 0x3FFF) << 14 * source
                if not queue[0]:
                    queue.popleft()
            for k in range(1, 5):
                channel = (self.last + k) % 4
                if outputs[L2_OUTPUT + channel]:
                    self.arrived.append(channel << 14 | outputs[L2_OUTPUT + channel][0])
                    inputs["l2_ready_i"] = 1 << channel
                    self.last = channel
                    break
            self.crossbar.step(inputs)
            if arriving and not full:
                queue.append(list(arriving))
            cycle += 1


@dataclass(frozen=True, slots=True)
class Run:
    """One configuration, what is sent, and what the model says of it."""

    registers: dict[int, int]
    times: list[int]
    labels: list[int]
    arrived: list[int]
    drops: list[int]
    events: list[int]
    lost: int


@lru_cache(maxsize=1)
def predicted(configurations: int) -> list[Run]:
    rng = Random(20)
    chip = Chip()
    runs = []
    for _ in range(configurations):
        registers = {addresses.CROSSBAR_NODE.address(n.index): random_node(rng) for n in NODES}
        times, labels, packs = [], [], {}
        now = START
        while len(labels) < SPIKES:
            # Bursts of one pack a tick, of all channels or of one; some overrun the queues.
            burst = rng.choice([1, 2, 3, 20, 60, 300])
            high = rng.choice([None, rng.randrange(4)])
            new = [
                (rng.randrange(4) if high is None else high) << 14 | rng.getrandbits(14)
                for _ in range(burst)
            ]
            for k in range(0, burst, PACK):
                packs[now + k // PACK] = new[k : k + PACK]
            times += [now] * burst
            labels += new
            now += -(-burst // PACK) + rng.choice([2, 3, 10, 300])
        model = chip.crossbar
        model.nodes = [registers[addresses.CROSSBAR_NODE.address(n.index)] for n in NODES]
        model.mux = COUNT_ALL
        model.drops, model.events, model.lost = [0] * INPUTS, [0] * OUTPUTS, 0
        chip.arrived = []
        chip.send(packs)
        registers[addresses.CROSSBAR_OUT_MUX.base] = COUNT_ALL
        runs.append(
            Run(registers, times, labels, chip.arrived, model.drops, model.events, model.lost)
        )
    assert sum(run.lost for run in runs) > 100 * configurations
    return runs


@pytest.mark.parametrize("configurations", [2, pytest.param(10, marks=pytest.mark.full)])
def test_random_spikes_through_random_configurations(
    connection: hxcomm.ConnectionHandle, configurations: int
) -> None:
    """Order, number and drops as the model says, counters equal; 10^5 spikes in the full run."""
    for run in predicted(configurations):
        builder = sta.PlaybackProgramBuilder()
        write(builder, run.registers)
        write(builder, CLEARED)
        before = builder.read(halco.PhyStatusOnFPGA())
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        builder.write(TIMER, hal.Timer())
        builder.write_spikes(run.times, run.labels)
        builder.block_until(TIMER, hal.Timer.Value(run.times[-1] + 1000))
        drops, events = read_counters(builder)
        after = builder.read(halco.PhyStatusOnFPGA())
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        program = builder.done()
        sta.run(connection, program)
        assert after.get().rx_dropped_count == before.get().rx_dropped_count
        assert program.spikes.to_numpy()["label"].tolist() == run.arrived
        assert values(events) == run.events
        assert values(drops) == run.drops


def test_background_sources_through_random_nodes(connection: hxcomm.ConnectionHandle) -> None:
    """Each output that a node passes counts every event of the source."""
    rng = Random(21)
    cycles, period = 10_000, 400
    for _ in range(5):
        nodes = {
            n: random_node(rng) | ENABLE_DROPS
            for k in range(8)
            for n in NODES_OF[BACKGROUND_INPUT + k]
        }
        builder = sta.PlaybackProgramBuilder()
        write(
            builder, {addresses.CROSSBAR_NODE.address(n.index): node for n, node in nodes.items()}
        )
        write(builder, {addresses.CROSSBAR_OUT_MUX.base: COUNT_ALL})
        write(builder, CLEARED)
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        builder.write(TIMER, hal.Timer())
        labels = [rng.getrandbits(14) for _ in range(8)]
        for start, enable in ((1000, True), (1000 + cycles, False)):
            for k, label in enumerate(labels):
                source = hal.BackgroundSpikeSource()
                source.enable, source.neuron_label = enable, halco.NeuronLabel(label)
                source.period = source.Period(period)
                builder.block_until(TIMER, hal.Timer.Value(start + 50 * k))
                builder.write(halco.BackgroundSpikeSourceOnDLS(k), source)
        builder.block_until(TIMER, hal.Timer.Value(2000 + cycles))
        drops, events = read_counters(builder)
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        program = builder.done()
        sta.run(connection, program)
        expected = [0] * OUTPUTS
        for node, value in nodes.items():
            if labels[node.input - BACKGROUND_INPUT] & value & 0x3FFF == value >> 16 & 0x3FFF:
                expected[node.output] += 2 * cycles // period
        assert values(events) == expected
        assert sum(values(drops)) == 0
        assert len(program.spikes) == sum(expected[L2_OUTPUT:])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_label_comes_back_in_every_pack(
    connection: hxcomm.ConnectionHandle, size: int
) -> None:
    """The reset crossbar returns all 65536 labels, in order."""
    labels = np.arange(1 << 16)
    np.random.default_rng(size).shuffle(labels)
    times = START + 4 * (np.arange(1 << 16) // size)
    builder = sta.PlaybackProgramBuilder()
    builder.write(TIMER, hal.Timer())
    builder.write_spikes(times, labels)
    builder.block_until(TIMER, hal.Timer.Value(int(times[-1]) + 1000))
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    program = builder.done()
    sta.run(connection, program)
    got = program.spikes.to_numpy()["label"]
    assert np.array_equal(np.sort(got), np.arange(1 << 16))
    for channel in range(4):  # one after the other on each channel
        assert np.array_equal(got[got >> 14 == channel], labels[labels >> 14 == channel])
