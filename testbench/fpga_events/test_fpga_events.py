# SPDX-License-Identifier: Apache-2.0
"""Bench of event router, serial spikes and events to the chip: docs/timing.md section 9."""

from collections import deque
from random import Random
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal.fisch import addresses
from hal.fisch.addresses import Region
from testbench.common import generator
from testbench.common.lockstep import Ticked

CONFIG = addresses.SPIKE_IO_CONFIG
IN, OUT = addresses.INPUT_ROUTING_TABLE, addresses.OUTPUT_ROUTING_TABLE
SERIAL_IN, SERIAL_OUT = addresses.SPIKE_IO_INPUT_ROUTING, addresses.SPIKE_IO_OUTPUT_ROUTING
FILL = {IN: 0, OUT: 0, SERIAL_IN: 0xFFFF, SERIAL_OUT: 0xFF, CONFIG: 1}
WIDTH = {IN: 17, OUT: 16, SERIAL_IN: 16, SERIAL_OUT: 8, CONFIG: 19}
#: What the tables hold: no reset touches it, so it lasts from test to test.
MEMORIES: dict[Region, dict[int, int]] = {region: {} for region in FILL}
TX, RX, LOOPBACK = 1 << 16, 1 << 17, 1 << 18
INPUTS = {
    "tick_time_i": 0,
    "valid_i": 0,
    "read_i": 0,
    "byte_enables_i": 0xF,
    "address_i": 0,
    "data_i": 0,
    "count_i": 0,
    "madc_i": 0,
    "labels_i": 0,
    "program_count_i": 0,
    "program_labels_i": 0,
    "connected_i": 0,
    "rx_i": 1,
}


class Model:
    """The units; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.tables = MEMORIES | {CONFIG: {}}
        self.links: list[int] = []
        self.serial: deque[list[int]] = deque()
        self.frame: list[int] = []  # bits still to be sent, the present one first
        self.tx_next = self.rx_next = 0
        self.second = False
        self.bits: list[int] | None = None  # received behind the start bit
        self.queue: deque[list[int]] = deque()
        self.out: list[int] = []
        self.counts = dict.fromkeys(("routed", "sent", "received", "lost"), 0)

    def at(self, region: Region, entry: int) -> int:
        return self.tables[region].get(entry, FILL[region])

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        now, config = i["tick_time_i"], self.at(CONFIG, 0)
        divider = config & 0xFFFF or 1
        tx = self.frame[0] if self.frame else 1
        line = tx if config & LOOPBACK or i["connected_i"] else i["rx_i"]
        labels = sum(label << 16 * k for k, label in enumerate(self.out))
        expected: dict[str, Any] = {
            "count_o": len(self.out),
            "labels_o": (labels, (1 << 16 * len(self.out)) - 1),
            "tx_o": tx,
            "hit_o": 0,
        }
        place: tuple[Region, int] | None = None
        for region in FILL:
            entry = i["address_i"] - region.base
            if i["valid_i"] and 0 <= entry < region.count:
                place = region, entry
                expected |= {"hit_o": 1, "data_o": self.at(*place)}

        item = [entry & 0xFFFF for link in self.links if (entry := self.at(IN, link)) >> 16]
        self.counts["routed"] += len(item)
        item += self.receive(now, divider, line, bool(config & RX))
        room = len(self.serial) < CONSTANTS["SpikeIoDepth"]
        self.transmit(now, divider)
        self.links, addresses_out = [], []
        for k in range(i["count_i"]):
            label = i["labels_i"] >> 16 * k & 0xFFFF
            if i["madc_i"] >> k & 1:
                continue
            if (route := self.at(OUT, label)) >> 15:
                self.links.append(route & 0x7FFF)
            if config & TX and (address := self.at(SERIAL_OUT, label)) != 0xFF:
                addresses_out.append(address)
        if addresses_out and room:
            self.serial.append(addresses_out)
        self.counts["lost"] += bool(addresses_out) and not room

        queue_room = len(self.queue) < CONSTANTS["EventTxDepth"]
        count = i["program_count_i"]
        self.out = [i["program_labels_i"] >> 16 * k & 0xFFFF for k in range(count)]
        if not self.out and self.queue:
            self.out = self.queue.popleft()
        if item and queue_room:
            self.queue.append(item)

        if place and not i["read_i"]:
            mask = sum(0xFF << 8 * k for k in range(4) if i["byte_enables_i"] >> k & 1)
            word = self.at(*place) & ~mask | i["data_i"] & mask
            self.tables[place[0]][place[1]] = word & ((1 << WIDTH[place[0]]) - 1)
        return expected

    def transmit(self, now: int, divider: int) -> None:
        if not self.frame and self.serial:
            address = self.serial[0][int(self.second)]
            self.second = not self.second and len(self.serial[0]) == 2
            if not self.second:
                self.serial.popleft()
            self.frame = [0, *(address >> k & 1 for k in range(8)), 1]
            self.tx_next = now + divider
            self.counts["sent"] += 1
        elif self.frame and now == self.tx_next:
            self.frame.pop(0)
            self.tx_next = now + divider

    def receive(self, now: int, divider: int, line: int, enable: bool) -> list[int]:
        if self.bits is None:
            if enable and not line:
                self.bits, self.rx_next = [], now + divider + divider // 2
        elif now == self.rx_next:
            self.rx_next = now + divider
            self.bits.append(line)
            complete, bits = len(self.bits) == 9, self.bits
            if complete or not enable:
                self.bits = None
            if complete and enable and line:
                self.counts["received"] += 1
                label = self.at(SERIAL_IN, sum(bit << k for k, bit in enumerate(bits[:8])))
                return [label] if label != 0xFFFF else []
        return []


def start(dut: Any, name: str) -> tuple[Ticked, Random]:
    tb = Ticked(dut, Model(), INPUTS, generator(name))
    return tb, tb.rng


async def write(tb: Ticked, region: Region, entry: int, data: int, **given: int) -> None:
    await tb.tick(valid_i=1, address_i=region.base + entry, data_i=data, **given)


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def serial_spikes_come_back(dut: Any) -> None:
    """All addresses, by the internal loopback and over the pins, at several rates."""
    tb, rng = start(dut, "serial")
    await tb.reset()
    for address in range(256):
        await write(tb, SERIAL_OUT, 0x100 + address, address)
        await write(tb, SERIAL_IN, address, 0x4000 + address)
    for divider, pins in ((1, 0), (1, 1), (2, 0), (3, 1), (17, 0)):
        await write(tb, CONFIG, 0, divider | TX | RX | (0 if pins else LOOPBACK))
        sent, received = tb.model.counts["sent"], tb.model.counts["received"]
        for address in rng.sample(range(255), 60 if divider < 17 else 20):
            await tb.tick(count_i=1, labels_i=0x100 + address, connected_i=pins)
            await tb.wait(12 * divider, connected_i=pins)
        assert tb.model.counts["sent"] - sent == tb.model.counts["received"] - received > 0
    await tb.wait(200)


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def random_traffic(dut: Any) -> None:
    """Events in any numbers through random tables, while tables and settings change."""
    tb, rng = start(dut, "traffic")
    await tb.reset()
    labels = [rng.getrandbits(16) for _ in range(8)]
    links = [rng.getrandbits(15) for _ in range(4)]
    serials = [rng.randrange(255) for _ in range(4)]
    for phase in range(60):
        for _ in range(6):
            region, entry, data = rng.choice(
                [
                    (OUT, rng.choice(labels), rng.choice(links) | 1 << 15),
                    (OUT, rng.choice(labels), rng.choice(links)),
                    (IN, rng.choice(links), rng.choice(labels) | rng.randrange(2) << 16),
                    (SERIAL_OUT, rng.choice(labels), rng.choice([*serials, 0xFF])),
                    (SERIAL_IN, rng.choice(serials), rng.choice([*labels, 0xFFFF])),
                    (CONFIG, 0, rng.choice([7, 7, 7, rng.randrange(8)]) << 16 | rng.randrange(4)),
                ]
            )
            await write(tb, region, entry, data, byte_enables_i=rng.choice([0xF, 0xF, 7, 3]))
            await tb.tick(valid_i=1, read_i=1, address_i=region.base + entry)
        busy, program = rng.choice([0.02, 0.3, 1.0]), rng.choice([0.0, 0.3, 0.95])
        noise = rng.choice([0.0, 0.0, 0.3])
        for _ in range(rng.choice([50, 200])):
            given: dict[str, int] = {"rx_i": int(rng.random() >= noise)}
            if rng.random() < busy:
                given["count_i"] = rng.choice([1, 2, 2])
                given["labels_i"] = rng.choice(labels) | rng.choice(labels) << 16
                given["madc_i"] = rng.choice([0, 0, 0, rng.randrange(4)])
            if rng.random() < program:
                given["program_count_i"] = rng.choice([1, 2, 3])
                given["program_labels_i"] = rng.getrandbits(48)
            await tb.tick(**given)
        await tb.wait(rng.choice([0, 20, 2000]), connected_i=phase % 2)
    assert all(tb.model.counts.values()), tb.model.counts
