# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_background.sv against a model of its part of docs/timing.md section 9."""

from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal import halco, haldls
from hal.fisch import Backend, addresses
from testbench.common import generator
from testbench.common.lockstep import Lockstep

REGION = addresses.BACKGROUND_SPIKE_SOURCE
SOURCES = REGION.count
INPUTS = {
    "now_i": 0,
    "bus_valid_i": 0,
    "bus_read_i": 0,
    "bus_be_i": 0,
    "bus_addr_i": 0,
    "bus_data_i": 0,
}
BITS = (0xFFFF_0003, 0xFFFF_FFFF, 0x3FFF_FFFF)
NEVER = (1 << 43) - 1


def draw(state: int) -> int:
    """The generator of [M110]."""
    state ^= state << CONSTANTS["BackgroundShiftLeft"] & 0xFFFF_FFFF
    state ^= state >> CONSTANTS["BackgroundShiftRight"]
    return state ^ (state << CONSTANTS["BackgroundShiftLeftAgain"] & 0xFFFF_FFFF)


class Model:
    """All sources; one call of `step` is one cycle."""

    def __init__(self) -> None:
        self.words = [[0, 0, 0] for _ in range(SOURCES)]  # control, seed, label
        self.state = [0] * SOURCES
        self.bins: list[int | None] = [None] * SOURCES
        self.answer: tuple[int, int] | None = None
        self.sent: list[list[tuple[int, int]]] = [[] for _ in range(SOURCES)]

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        now = i["now_i"]
        valid, label, bits = 0, 0, 0
        first = min((b for b in self.bins if b is not None), default=None)
        idle = int(now not in self.bins)
        for k in range(SOURCES):
            if self.bins[k] != now:
                continue
            control, _, word = self.words[k]
            self.state[k] = draw(self.state[k])
            self.bins[k] = now + max(1, control >> 16)
            if control >> 1 & 1 and self.state[k] & 0xFF >= word >> 8 & 0xFF:
                continue
            mask = word & 0xFF
            event = word >> 16 & ~mask & 0x3FFF | self.state[k] >> 8 & mask
            valid |= 1 << k
            label |= event << 14 * k
            bits |= 0x3FFF << 14 * k
            self.sent[k].append((now, event))
        expected: dict[str, Any] = {
            "event_valid_o": valid,
            "event_label_o": (label, bits),
            "idle_o": idle,
            "next_o": NEVER if first is None else first >> 1,
        }
        if self.answer is not None:
            expected["bus_hit_o"], expected["bus_data_o"] = self.answer
        self.answer = self._bus(i) if i["bus_valid_i"] else None
        return expected

    def _bus(self, i: dict[str, int]) -> tuple[int, int]:
        at = i["bus_addr_i"] - REGION.base
        if not 0 <= at < SOURCES * 3:
            return 0, 0
        k, word = divmod(at, 3)
        before = self.words[k][word]
        if i["bus_read_i"]:
            return 1, before
        mask = sum(0xFF << 8 * b for b in range(4) if i["bus_be_i"] >> b & 1)
        self.words[k][word] = (before & ~mask | i["bus_data_i"] & mask) & BITS[word]
        if word == 0:
            control = self.words[k][0]
            if control & 1 and not before & 1:
                self.state[k] = self.words[k][1] or CONSTANTS["BackgroundSeedForZero"]
                self.bins[k] = i["now_i"] + max(1, control >> 16)
            elif not control & 1:
                self.bins[k] = None
        return 1, before


class TB(Lockstep):
    """The sources, their model, and a bus master."""

    def __init__(self, dut: Any) -> None:
        super().__init__(dut, Model(), INPUTS)
        self.now = 1000

    async def cycle(self, **inputs: int) -> dict[str, Any]:
        expected = await super().cycle(now_i=self.now, **inputs)
        self.now += 1
        return expected

    async def write(self, address: int, data: int, enables: int = 0xF) -> None:
        await self.cycle(bus_valid_i=1, bus_be_i=enables, bus_addr_i=address, bus_data_i=data)

    async def read(self, address: int) -> None:
        await self.cycle(bus_valid_i=1, bus_read_i=1, bus_be_i=0xF, bus_addr_i=address)
        await self.cycle()

    async def configure(self, source: int, config: haldls.BackgroundSpikeSource) -> None:
        """As the container is written by the host."""
        at = halco.BackgroundSpikeSourceOnDLS(source)
        access = config.write_access(at, Backend.Omnibus)
        for address, word in zip(access.addresses.tolist(), access.words.tolist(), strict=True):
            await self.write(address, word)

    async def run(self, cycles: int) -> None:
        """Let time pass, from bin to bin as `next_o` allows."""
        end = self.now + cycles
        while self.now < end:
            allowed = 2 * (await self.cycle())["next_o"]
            self.now = max(self.now, min(allowed, end))


def configured(
    period: int, rate: int | None = None, seed: int = 0, label: int = 0, mask: int = 0
) -> haldls.BackgroundSpikeSource:
    config = haldls.BackgroundSpikeSource()
    config.enable = True
    config.enable_random = rate is not None
    config.period, config.rate, config.seed = period, rate or 0, seed
    config.neuron_label, config.mask = halco.NeuronLabel(label), mask
    return config


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def regular(dut: Any) -> None:
    """2 n / p events in n FPGA cycles from each source, with its label."""
    tb = TB(dut)
    await tb.reset()
    await tb.run(200)
    assert not any(tb.model.sent), "a source is enabled after reset"
    periods = [2, 3, 5, 10, 100, 777, 1000, 65535]
    ends = []
    for k, period in enumerate(periods):
        await tb.configure(k, configured(period, label=0x1234 + k))
        ends.append(tb.now + 2 * 10_000)
    await tb.run(2 * 10_000 + 3 * SOURCES)
    for k, period in enumerate(periods):
        events = [event for event in tb.model.sent[k] if event[0] < ends[k]]
        assert len(events) == 2 * 10_000 // period
        assert {label for _, label in events} <= {0x1234 + k}


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def poisson(dut: Any) -> None:
    """Rates within 4 sigma of rate / 256 a bin; labels under the mask uniform, others fixed."""
    tb = TB(dut)
    await tb.reset()
    rates = [0, 1, 8, 64, 128, 200, 250, 255]
    for k, rate in enumerate(rates):
        await tb.configure(k, configured(4, rate, seed=k, label=0x2A5F, mask=0x0F))
    start = tb.now
    await tb.run(4 * 8000)
    bins = (tb.now - start) // 4
    for k, rate in enumerate(rates):
        p = rate / 256
        sigma = (bins * p * (1 - p)) ** 0.5
        labels = [label for _, label in tb.model.sent[k]]
        assert abs(len(labels) - bins * p) <= 4 * sigma + 1, (rate, len(labels), bins * p)
        assert all(label & ~0xF == 0x2A50 for label in labels)
        if len(labels) > 3000:
            n = len(labels) / 16
            counts = [labels.count(0x2A50 | low) for low in range(16)]
            assert all(abs(c - n) < 4.5 * n**0.5 for c in counts), counts


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def a_seed_reproduces(dut: Any) -> None:
    """The same sequence after each start, another one with another seed."""
    tb = TB(dut)
    await tb.reset()
    runs = []
    for seed in (7, 7, 8):
        tb.model.sent[3] = []
        await tb.configure(3, configured(5, 100, seed=seed, mask=0xFF))
        start = tb.now
        await tb.run(2000)
        runs.append([(at - start, label) for at, label in tb.model.sent[3] if at < start + 2000])
        await tb.configure(3, haldls.BackgroundSpikeSource())
    assert runs[0] == runs[1] != runs[2]
    assert len(runs[0]) > 100


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def random_registers(dut: Any) -> None:
    """Any writes at any time, byte by byte too, and reads; addresses beside them do not answer."""
    tb = TB(dut)
    rng = generator("registers")
    await tb.reset()
    for word in range(3 * SOURCES):
        await tb.read(REGION.base + word)
    for _ in range(3000):
        address = REGION.base + rng.randrange(-1, 3 * SOURCES + 1)
        value = rng.choice([0, 1, 3, rng.getrandbits(32), rng.getrandbits(4) << 16 | 3])
        await tb.write(address, value, rng.choice([0xF, 0xF, rng.getrandbits(4)]))
        if rng.random() < 0.3:
            await tb.read(address)
        await tb.run(rng.choice([0, 1, 20]))
    assert all(len(events) > 100 for events in tb.model.sent)
