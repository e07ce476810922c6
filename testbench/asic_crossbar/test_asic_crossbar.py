# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_crossbar.sv against a model of docs/timing.md section 9."""

from typing import Any

import cocotb

from hal.fisch import addresses
from hal.fisch.crossbar import NODES
from testbench.common import generator
from testbench.common.crossbar import (
    DROP_ALL,
    ENABLE_DROPS,
    LABELS,
    NODE_BITS,
    NODES_OF,
    Model,
    random_node,
)
from testbench.common.lockstep import Lockstep

COUNTERS = addresses.CROSSBAR_INPUT_DROP_COUNTER, addresses.CROSSBAR_OUTPUT_EVENT_COUNTER
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
    "padi_ready_i": 0xFF,
}


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
        for region in COUNTERS:
            for k in range(region.count):
                await self.read(region.base + k)


@cocotb.test(timeout_time=10, timeout_unit="ms")
@cocotb.parametrize(rate=[0.05, 0.3, 0.9], ready=[1.0, 0.3])
async def random_spikes(dut: Any, rate: float, ready: float) -> None:
    """Together 10^5 spikes through random configurations, with drops, checked in each cycle."""
    tb = TB(dut)
    rng = generator(f"spikes {rate} {ready}")
    await tb.reset()
    await tb.write(addresses.CROSSBAR_OUT_MUX.base, rng.getrandbits(16) | 0xF00)
    sent = 0
    # Few labels, of which nodes pass some, and their neighbours, which differ in one bit.
    few = [rng.randrange(LABELS) for _ in range(6)]
    near = [*few * 7, *(label ^ 1 << bit for label in few for bit in range(14))]
    while sent < 17_000:
        for node in rng.sample(range(76), 76 if not sent else 4):
            labels = rng.choice((few, range(LABELS)))
            await tb.write(addresses.CROSSBAR_NODE.base + node, random_node(rng, labels))
        slow = rng.random() < 0.3
        for _ in range(100):
            valid = sum(1 << k for k in range(20) if rng.random() < rate)
            sent += valid.bit_count()
            labels = sum(rng.choice(near) << 14 * k for k in range(20) if valid >> k & 1)
            clear = {}
            if rng.random() < 0.02:
                region = rng.choice(COUNTERS)
                clear = {"bus_valid_i": 1, "bus_addr_i": region.base + rng.randrange(region.count)}
            await tb.cycle(
                event_valid_i=valid,
                event_label_i=labels if rng.random() < 0.7 else rng.getrandbits(280),
                dropped_i=rng.getrandbits(8) if rng.random() < 0.1 else 0,
                l2_ready_i=1 << rng.randrange(4) if rng.random() < ready else 0,
                padi_ready_i=rng.getrandbits(8) & rng.getrandbits(8) if slow else 0xFF,
                **clear,
            )
        await tb.read(addresses.CROSSBAR_INPUT_DROP_COUNTER.base + rng.randrange(20))
        await tb.read(addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base + rng.randrange(12))
    await tb.drain()
    await tb.compare_counters()
    if rate == 0.9:
        assert tb.model.lost > 1000, "the queues never were full"
    assert tb.model.passed > 1000


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


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def other_addresses_do_not_answer(dut: Any) -> None:
    """Each address of a register with one bit changed is another register or none."""
    tb = TB(dut)
    rng = generator("addresses")
    await tb.reset()
    regions = addresses.CROSSBAR_OUT_MUX, addresses.CROSSBAR_NODE, *COUNTERS
    for region in regions:
        for address in {region.base, region.base + region.count - 1}:
            for bit in range(32):
                other = address ^ 1 << bit
                await tb.read(other)
                if other not in range(COUNTERS[0].base, COUNTERS[1].base + COUNTERS[1].count):
                    await tb.write(other, rng.getrandbits(32))
    for region in regions:
        for k in range(region.count):
            await tb.read(region.base + k)


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def drop_counters_wrap(dut: Any) -> None:
    """All queues full, nothing leaves: each event is dropped, with those that others dropped."""
    tb = TB(dut)
    rng = generator("wrap")
    await tb.reset()
    for nodes in NODES_OF:
        await tb.write(addresses.CROSSBAR_NODE.base + nodes[-1].index, ENABLE_DROPS)
    for _ in range(30):
        await tb.cycle(event_valid_i=0xF_FFFF, padi_ready_i=0)
    lost = 0
    while lost < 70_000:
        dropped = rng.getrandbits(8)
        await tb.cycle(event_valid_i=0xF_FFFF, dropped_i=dropped, padi_ready_i=0)
        # The inputs stay, and each further cycle drops as many.
        more = rng.randrange(6000)
        await tb.cycles(more)
        for k in range(20):
            each = 1 + (dropped >> 2 * (k - 8) & 3 if 8 <= k < 12 else 0)
            tb.model.drops[k] = (tb.model.drops[k] + more * each) % (1 << 16)
        lost += more
        for k in range(20):
            await tb.cycle(
                bus_valid_i=1, bus_read_i=1, bus_addr_i=COUNTERS[0].base + k, padi_ready_i=0
            )
        await tb.cycle(padi_ready_i=0)
    assert max(tb.model.drops) > 0


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def event_counters_count_on(dut: Any) -> None:
    """One event per cycle through each output, 2^17 of them."""
    tb = TB(dut)
    rng = generator("count")
    await tb.reset()
    # Background source k reaches PADI bus k, L2 input k its own output.
    ways = {node: 12 + node.output if node.output < 8 else node.output for node in NODES}
    for node, source in ways.items():
        value = 0 if node.input == source else DROP_ALL
        await tb.write(addresses.CROSSBAR_NODE.base + node.index, value)
    await tb.write(addresses.CROSSBAR_OUT_MUX.base, 0xFFF0)
    flow = {"event_valid_i": sum(1 << k for k in set(ways.values())), "l2_ready_i": 0xF}
    total = 0
    while total < 1 << 17:
        for _ in range(5):
            await tb.cycle(**flow)
        more = rng.randrange(12_000)
        await tb.cycles(more)
        total += more
        tb.model.events = [n + more for n in tb.model.events]
        for k in range(12):
            at = COUNTERS[1].base + k
            await tb.cycle(bus_valid_i=1, bus_read_i=1, bus_addr_i=at, **flow)
        await tb.cycle(**flow)
    await tb.drain()
    assert min(tb.model.events) > 1 << 17 and tb.model.lost == 0


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
