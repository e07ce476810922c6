# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_cadc.sv against docs/timing.md section 14."""

from random import Random
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal import halco, haldls
from hal.fisch import Backend, addresses
from testbench.common import generator
from testbench.common.lockstep import Lockstep

INPUTS = {
    "now_i": 0,
    "bus_valid_i": 0,
    "bus_read_i": 0,
    "bus_addr_i": 0,
    "config_i": 0,
    "data_i": 0,
}
REGIONS = (addresses.CADC_CAUSAL_SAMPLE, addresses.CADC_ACAUSAL_SAMPLE)
BUFFERED = 1 << addresses.CADC_BUFFERED_BIT


def place(address: int) -> tuple[int, int, int] | None:
    """Hemisphere, causal or acausal, entry."""
    for acausal, region in enumerate(REGIONS):
        for h, base in enumerate(region.bases):
            if 0 <= (address & ~BUFFERED) - base < region.count:
                return h, acausal, (address & ~BUFFERED) - base
    return None


class Model:
    """One call of `step` is one cycle."""

    def __init__(self) -> None:
        self.config = [haldls.CADCConfig() for _ in range(2)]
        self.ready = [0, 0]
        self.hit = 0
        self.busy: tuple[int, int, tuple[int, int, int]] | None = None  # trigger, end, place
        self.answers = False
        self.conversions = 0
        self.dead = 0  # conversions that waited for the dead time

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        now = i["now_i"]
        expected: dict[str, Any] = {
            "bus_hit_o": self.hit,
            "bus_wait_o": int(self.busy is not None),
            "bus_data_o": i["data_i"] if self.answers else 0,
            "idle_o": int(self.busy is None and not self.answers),
            "trigger_o": 0,
            "fetch_o": 0,
        }
        self.answers = False
        if self.busy is not None:
            trigger, end, (h, acausal, entry) = self.busy
            if now == trigger:
                expected |= {"trigger_o": 1 << h, "row_o": entry // 64}
            if now == end:
                self._fetch(expected, h, acausal, entry)
                self.busy = None
        if not i["bus_valid_i"]:
            return expected
        found = place(i["bus_addr_i"])
        self.hit = int(found is not None)
        if not i["bus_read_i"] or found is None:
            return expected
        h, acausal, entry = found
        config = self.config[h]
        if i["bus_addr_i"] & BUFFERED or not config.enable:
            self._fetch(expected, h, acausal, entry)
            return expected
        trigger = max(now + 1, self.ready[h])
        end = trigger + config.reset_wait.value() + CONSTANTS["CadcConversion"]
        end += end & 1
        self.dead += trigger > now + 1
        self.ready[h] = end + config.dead_time.value()
        self.busy = trigger, end, found
        self.conversions += 1
        return expected

    def _fetch(self, expected: dict[str, Any], h: int, acausal: int, entry: int) -> None:
        expected |= {"fetch_o": 1, "hemisphere_o": h, "acausal_o": acausal, "quad_o": entry % 64}
        self.answers = True


class TB(Lockstep):
    """The converters, their model, and a bus master that waits as the arbiter does."""

    def __init__(self, dut: Any, rng: Random) -> None:
        super().__init__(dut, Model(), INPUTS)
        self.rng = rng
        self.now = 1000
        self.words = [0, 0]
        for hemisphere in range(2):
            self.configure(hemisphere, haldls.CADCConfig())

    async def cycle(self, **inputs: int) -> dict[str, Any]:
        word = self.rng.getrandbits(32)
        expected = await super().cycle(
            now_i=self.now, data_i=word, config_i=self.words[0] | self.words[1] << 32, **inputs
        )
        self.now += 1
        return expected

    async def access(self, address: int, read: int = 1) -> int:
        """One transaction; gives its length in cycles."""
        start = self.now
        await self.cycle(bus_valid_i=1, bus_read_i=read, bus_addr_i=address)
        while (await self.cycle())["bus_wait_o"]:
            pass
        return self.now - start

    def configure(self, hemisphere: int, config: haldls.CADCConfig) -> None:
        at = halco.CADCConfigOnDLS(hemisphere)
        self.words[hemisphere] = int(config.write_access(at, Backend.Omnibus).words[0])
        self.model.config[hemisphere] = config


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def a_conversion_and_the_buffer(dut: Any) -> None:
    """With its defaults a conversion takes as long as measured on the chip; all else is quick."""
    tb = TB(dut, generator("defaults"))
    await tb.reset()
    coords = halco.CADCSampleQuadOnDLS
    read = haldls.CADCSampleQuad.read_access
    first = int(read(coords(0), None).addresses[0])
    assert await tb.access(first) == 2, "nothing is converted before it is enabled"
    config = haldls.CADCConfig()
    config.enable = True
    tb.configure(0, config)
    length = await tb.access(first)
    assert length in (389, 390), "2 + 100 + CadcConversion + 1, and up to the end of a tick"
    assert await tb.access(first | BUFFERED) == 2
    # Conversion and buffered second half took 410 +- 41 cycles [S].
    assert 369 <= length + 20 <= 451
    assert await tb.access(first) > length - 20, "the dead time is over"
    assert tb.model.conversions == 2


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def random_reads(dut: Any) -> None:
    """Reads of all kinds, at random pace, through all four regions and beyond their ends."""
    rng = generator("reads")
    tb = TB(dut, rng)
    await tb.reset()
    for _ in range(400):
        if rng.random() < 0.2:
            config = haldls.CADCConfig()
            config.enable = rng.random() < 0.8
            config.reset_wait = config.ResetWait(rng.choice([0, 1, 100, 255]))
            config.dead_time = config.DeadTime(rng.choice([0, 1, 20, 255]))
            tb.configure(rng.getrandbits(1), config)
        region = rng.choice(REGIONS)
        entry = rng.choice([0, region.count - 1, region.count, rng.randrange(region.count)])
        address = rng.choice(region.bases) + entry
        address |= rng.choice([0, 0, BUFFERED])
        await tb.access(address, int(rng.random() < 0.9))
        for _ in range(rng.choice([0, 0, 1, 100])):
            await tb.cycle()
    assert tb.model.conversions > 80
    assert tb.model.dead > 10
