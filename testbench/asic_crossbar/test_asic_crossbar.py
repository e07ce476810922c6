# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_crossbar.sv against a model of docs/timing.md section 9."""

from collections import deque
from random import Random
from typing import Any

import cocotb

from hal.fisch import addresses, crossbar
from testbench.common import generator
from testbench.common.lockstep import Lockstep

DEPTH = 8
LABELS = 1 << 14
DROP_ALL = 1 << 16  # mask 0, target 1
ENABLE_DROPS = 1 << 31
NODE_BITS = 0xBFFF_3FFF
INPUTS = {
    "bus_valid_i": 0,
    "bus_read_i": 0,
    "bus_be_i": 0,
    "bus_addr_i": 0,
    "bus_data_i": 0,
    "event_valid_i": 0,
    "event_label_i": 0,
    "dropped_i": 0,
    "l2_ready_i": 0,
}


class Model:
    """Crossbar at the level of queues; one call of `step` is one cycle."""

    def __init__(self) -> None:
        self.nodes = [0] * len(crossbar.NODES)
        self.mux = 0
        self.inputs: list[deque[int]] = [deque() for _ in range(crossbar.INPUTS)]
        self.outputs: list[deque[int]] = [deque() for _ in range(crossbar.OUTPUTS)]
        self.served: list[set[int]] = [set() for _ in range(crossbar.INPUTS)]
        self.drops = [0] * crossbar.INPUTS
        self.events = [0] * crossbar.OUTPUTS
        self.lost = 0  # events that met a full queue, whether counted or not
        self.answer: tuple[int, int] | None = None

    def _register(self, address: int) -> tuple[str, int] | None:
        for name, region in (
            ("mux", addresses.CROSSBAR_OUT_MUX),
            ("node", addresses.CROSSBAR_NODE),
            ("drops", addresses.CROSSBAR_INPUT_DROP_COUNTER),
            ("events", addresses.CROSSBAR_OUTPUT_EVENT_COUNTER),
        ):
            if 0 <= address - region.base < region.count:
                return name, address - region.base
        return None

    def step(self, i: dict[str, int]) -> dict[str, int]:
        expected = {
            "idle_o": int(not any(self.inputs) and not any(self.outputs)),
            "padi_valid_o": sum(1 << o for o in range(8) if self.outputs[o]),
            "l2_valid_o": sum(1 << o for o in range(4) if self.outputs[8 + o]),
        }
        # Labels matter where the output is valid; the bench reads whole ports.
        if all(self.outputs[:8]):
            expected["padi_label_o"] = sum(self.outputs[o][0] << 14 * o for o in range(8))
        if all(self.outputs[8:]):
            expected["l2_label_o"] = sum(self.outputs[8 + o][0] << 14 * o for o in range(4))
        if self.answer is not None:
            expected["bus_hit_o"], expected["bus_data_o"] = self.answer
        self.answer = self._bus_read(i)

        popped = [o for o in range(8) if self.outputs[o]]
        popped += [8 + o for o in range(4) if self.outputs[8 + o] and i["l2_ready_i"] >> o & 1]
        full = [len(q) == DEPTH for q in self.outputs]
        taken: set[int] = set()
        moves, leaving, counted = [], [], []
        for source in range(crossbar.INPUTS):
            if not self.inputs[source]:
                continue
            label = self.inputs[source][0]
            stays = False
            for node in NODES_OF[source]:
                value = self.nodes[node.index]
                passes = (label & value & 0x3FFF) == value >> 16 & 0x3FFF
                if not passes or node.output in self.served[source]:
                    continue
                if full[node.output] or node.output in taken:
                    stays = True
                    continue
                taken.add(node.output)
                moves.append((node.output, label))
                self.served[source].add(node.output)
                if self.mux >> 4 + node.output & 1:
                    counted.append(node.output)
            if not stays:
                leaving.append(source)
        accepted = []
        for source in range(crossbar.INPUTS):
            lost = 0
            if i["event_valid_i"] >> source & 1:
                if len(self.inputs[source]) == DEPTH:
                    lost = 1
                else:
                    accepted.append((source, i["event_label_i"] >> 14 * source & 0x3FFF))
            if 8 <= source < 12:
                lost += i["dropped_i"] >> 2 * (source - 8) & 3
            self.lost += lost
            if any(self.nodes[n.index] & ENABLE_DROPS for n in NODES_OF[source]):
                self.drops[source] = (self.drops[source] + lost) % (1 << 16)
        for output in counted:
            self.events[output] = (self.events[output] + 1) % (1 << 24)
        for output in popped:
            self.outputs[output].popleft()
        for source in leaving:
            self.inputs[source].popleft()
            self.served[source].clear()
        for output, label in moves:
            self.outputs[output].append(label)
        for source, label in accepted:
            self.inputs[source].append(label)
        self._bus_write(i)
        return expected

    def _bus_read(self, i: dict[str, int]) -> tuple[int, int] | None:
        if not i["bus_valid_i"]:
            return None
        found = self._register(i["bus_addr_i"])
        if found is None:
            return 0, 0
        name, index = found
        values = {"mux": [self.mux], "node": self.nodes, "drops": self.drops, "events": self.events}
        return 1, values[name][index]

    def _bus_write(self, i: dict[str, int]) -> None:
        found = self._register(i["bus_addr_i"])
        if not i["bus_valid_i"] or i["bus_read_i"] or found is None:
            return
        mask = sum(0xFF << 8 * k for k in range(4) if i["bus_be_i"] >> k & 1)
        name, index = found
        if name == "mux":
            self.mux = (self.mux & ~mask | i["bus_data_i"] & mask) & 0xFFFF
        elif name == "node":
            new = self.nodes[index] & ~mask | i["bus_data_i"] & mask
            self.nodes[index] = new & NODE_BITS
        elif name == "drops":
            self.drops[index] = 0
        else:
            self.events[index] = 0


NODES_OF = [[n for n in crossbar.NODES if n.input == i] for i in range(crossbar.INPUTS)]


class TB(Lockstep):
    """Crossbar, its model, and a bus master."""

    def __init__(self, dut: Any) -> None:
        super().__init__(dut, Model(), INPUTS)

    async def write(self, address: int, data: int, enables: int = 0xF) -> None:
        await self.cycle(bus_valid_i=1, bus_be_i=enables, bus_addr_i=address, bus_data_i=data)

    async def read(self, address: int) -> int:
        """Value that model and design agree on."""
        await self.cycle(bus_valid_i=1, bus_read_i=1, bus_be_i=0xF, bus_addr_i=address)
        return (await self.cycle())["bus_data_o"]

    async def drain(self) -> None:
        """Let all events leave."""
        for _ in range(1000):
            if (await self.cycle(l2_ready_i=0xF))["idle_o"]:
                return
        raise AssertionError("events stay in the crossbar")

    async def compare_counters(self) -> None:
        for region in (
            addresses.CROSSBAR_INPUT_DROP_COUNTER,
            addresses.CROSSBAR_OUTPUT_EVENT_COUNTER,
        ):
            for k in range(region.count):
                await self.read(region.base + k)


def random_node(rng: Random) -> int:
    """A node that passes a good part of the labels, or none."""
    if rng.random() < 0.2:
        return DROP_ALL | rng.choice((0, ENABLE_DROPS))
    mask = 1 << rng.randrange(14) | 1 << rng.randrange(14) if rng.random() < 0.6 else 0
    target = rng.randrange(LABELS) & mask
    return mask | target << 16 | rng.choice((0, ENABLE_DROPS))


@cocotb.test(timeout_time=10, timeout_unit="ms")
@cocotb.parametrize(rate=[0.05, 0.3, 0.9], ready=[1.0, 0.3])
async def random_spikes(dut: Any, rate: float, ready: float) -> None:
    """Together 10^5 spikes through random configurations, with drops, checked in each cycle."""
    tb = TB(dut)
    rng = generator(f"spikes {rate} {ready}")
    await tb.reset()
    await tb.write(addresses.CROSSBAR_OUT_MUX.base, rng.getrandbits(16) | 0xF00)
    sent = 0
    while sent < 17_000:
        for node in rng.sample(range(76), 76 if not sent else 4):
            await tb.write(addresses.CROSSBAR_NODE.base + node, random_node(rng))
        for _ in range(100):
            valid = sum(1 << k for k in range(20) if rng.random() < rate)
            sent += valid.bit_count()
            await tb.cycle(
                event_valid_i=valid,
                event_label_i=rng.getrandbits(280),
                dropped_i=rng.getrandbits(8) if rng.random() < 0.1 else 0,
                l2_ready_i=1 << rng.randrange(4) if rng.random() < ready else 0,
            )
        await tb.read(addresses.CROSSBAR_INPUT_DROP_COUNTER.base + rng.randrange(20))
        await tb.read(addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base + rng.randrange(12))
    await tb.drain()
    await tb.compare_counters()
    if rate == 0.9:
        assert tb.model.lost > 1000, "the queues never were full"
    assert sum(tb.model.events) > 1000


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def reset_state_loops_back(dut: Any) -> None:
    """Without configuration each L2 input reaches its own L2 output and all PADI buses."""
    tb = TB(dut)
    rng = generator("loop")
    await tb.reset()
    returned: list[list[int]] = [[] for _ in range(4)]
    sent: list[list[int]] = [[] for _ in range(4)]
    for _ in range(4000):
        channel, label = rng.randrange(4), rng.randrange(LABELS)
        sent[channel].append(label)
        for k in range(4):
            returned[k] += list(tb.model.outputs[8 + k])[:1]
        await tb.cycle(
            event_valid_i=1 << 8 + channel,
            event_label_i=label << 14 * (8 + channel),
            l2_ready_i=0xF,
        )
    for _ in range(20):
        for k in range(4):
            returned[k] += list(tb.model.outputs[8 + k])[:1]
        await tb.cycle(l2_ready_i=0xF)
    assert returned == sent
    assert tb.model.lost == 0


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def registers_hold_their_bits(dut: Any) -> None:
    """Every node and the output register, byte by byte; what lies beside them does not answer."""
    tb = TB(dut)
    rng = generator("registers")
    await tb.reset()
    nodes = addresses.CROSSBAR_NODE.base
    for address in [addresses.CROSSBAR_OUT_MUX.base, *range(nodes, nodes + 76)]:
        assert await tb.read(address) == 0
        for _ in range(3):
            await tb.write(address, rng.getrandbits(32), rng.getrandbits(4))
    for address in [addresses.CROSSBAR_OUT_MUX.base, *range(nodes, nodes + 76)]:
        await tb.read(address)
    await tb.write(nodes, 0xFFFF_FFFF)
    assert await tb.read(nodes) == NODE_BITS
    last = addresses.CROSSBAR_OUTPUT_EVENT_COUNTER
    for address in (nodes - 1, last.base + last.count, nodes | 1 << 31):
        await tb.read(address)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def drop_all_drops(dut: Any) -> None:
    """Target 1 with mask 0 passes nothing; such an event leaves without a count."""
    tb = TB(dut)
    await tb.reset()
    await tb.write(addresses.CROSSBAR_OUT_MUX.base, 0xFFF0)
    for node in NODES_OF[9]:
        await tb.write(addresses.CROSSBAR_NODE.base + node.index, DROP_ALL | ENABLE_DROPS)
    for label in (0, 1, 0x3FFF):
        await tb.cycle(event_valid_i=1 << 9, event_label_i=label << 14 * 9, l2_ready_i=0xF)
        for _ in range(3):
            expected = await tb.cycle(l2_ready_i=0xF)
            assert expected["l2_valid_o"] == expected["padi_valid_o"] == 0
    await tb.compare_counters()
    assert sum(tb.model.events) == sum(tb.model.drops) == 0


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def writes_clear_counters(dut: Any) -> None:
    tb = TB(dut)
    await tb.reset()
    drops = addresses.CROSSBAR_INPUT_DROP_COUNTER.base + 10
    events = addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base + 10
    await tb.write(addresses.CROSSBAR_OUT_MUX.base, 0xFFF0)
    await tb.write(addresses.CROSSBAR_NODE.base + NODES_OF[10][0].index, ENABLE_DROPS)
    for _ in range(40):
        await tb.cycle(event_valid_i=1 << 10)
    assert await tb.read(drops) > 0
    assert await tb.read(events) > 0
    for address in (drops, events):
        await tb.cycle(
            event_valid_i=1 << 10, dropped_i=1 << 4, l2_ready_i=0xF,
            bus_valid_i=1, bus_be_i=0xF, bus_addr_i=address, bus_data_i=0xFFFF,
        )  # fmt: skip
    await tb.drain()
    await tb.compare_counters()
