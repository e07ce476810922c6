# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_madc.sv against docs/timing.md section 13, with times as fractions."""

from fractions import Fraction
from itertools import product
from math import ceil, floor
from random import Random
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from hal import halco, haldls
from hal.fisch import Backend, addresses
from testbench.common import generator
from testbench.common.lockstep import Lockstep

NEVER = (1 << 43) - 1
INPUTS = {
    "now_i": 0,
    "bus_valid_i": 0,
    "bus_read_i": 0,
    "bus_be_i": 0,
    "bus_addr_i": 0,
    "bus_data_i": 0,
    "config_i": 0,
    "pll_i": 0,
    "code_i": 0,
}
AT = halco.MADCConfigOnDLS()


def clock(plls: list[haldls.ADPLL], block: haldls.PLLClockOutputBlock) -> Fraction | None:
    """Chip cycles of a clock of the converter, without its own divider; None: it stands still."""
    output = block.get_clock_output(halco.PLLClockOutputOnDLS(3))
    if not output.enable_output:
        return None
    if output.enable_bypass:
        return Fraction(CONSTANTS["PllReferenceCycles"])
    pll = plls[int(output.select_adpll)]
    if not pll.enable or not pll.enable_output_clock:
        return None
    frequency = pll.calculate_output_frequency(output.select_adpll_output, 50e6)
    return 250_000_000 / Fraction(frequency).limit_denominator(10_000)


class Model:
    """One call of `step` is one cycle; samples of a recording are at start + floor(k * period)."""

    def __init__(self) -> None:
        self.config = haldls.MADCConfig()
        self.clock: Fraction | None = None
        self.state = "off"
        self.pending = self.continuous = self.power_down = False
        self.deadline: int | None = None
        self.sampled: tuple[int, int | None] | None = None  # channel, value of the pattern
        self.hit = 0
        self.samples: list[tuple[int, int, int]] = []  # cycle, channel, value

    def length(self, clocks: int) -> Fraction | None:
        """Chip cycles of so many clocks."""
        if self.clock is None:
            return None
        config = self.config
        scale = 2 * (config.madc_clock_scale_value.value() + 1)
        return clocks * self.clock * (scale if config.enable_madc_clock_scaling else 1)

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        now = i["now_i"]
        dummy = self.config.enable_dummy_data
        due = self.state in ("waking", "recording") and self.deadline == now
        expected: dict[str, Any] = {
            "sample_o": int(due and self.state == "recording" and not dummy),
            "bus_hit_o": self.hit,
            "event_valid_o": int(self.sampled is not None),
            "idle_o": int(not due and self.sampled is None),
            "next_o": NEVER,
        }
        if self.state in ("waking", "recording") and self.deadline is not None:
            expected["next_o"] = self.deadline >> 1
        if self.sampled is not None:
            channel, value = self.sampled
            value = i["code_i"] if value is None else value
            expected["event_value_o"] = channel << 10 | value
            self.samples.append((now - 1, channel, value))
        self.sampled = None
        sampling = due and self.state == "recording"
        ends = False
        if sampling:
            channel = self.channel
            if self.left == 0:
                self.channel, self.left = (
                    channel ^ 1,
                    self.config.active_mux_input_select_length.value(),
                )
            else:
                self.left -= 1
            expected["input_o"] = channel
            pattern = self.taken & 0x3FF if dummy else None
            self.sampled = channel, pattern
            self.taken += 1
            ends = not self.continuous and self.taken >= self.number
            self.deadline = self.start + floor((self.taken + 1) * self.period)
        self._command(i, now, due, ends)
        return expected

    def _command(self, i: dict[str, int], now: int, due: bool, ends: bool) -> None:
        if i["bus_valid_i"]:
            self.hit = int(i["bus_addr_i"] == addresses.MADC_CONTROL.base)
        wake = start = stop = False
        if i["bus_valid_i"] and self.hit and not i["bus_read_i"] and i["bus_be_i"]:
            wake, start, stop, self.power_down, self.continuous = (
                bool(i["bus_data_i"] >> k & 1) for k in range(5)
            )
        before = self.state
        wants = False
        if before == "off":
            self.pending = wake and start and not stop
            if wake:
                self.state = "waking"
                c = self.config
                clocks = c.powerup_wait_value.value()
                clocks += c.calibration_wait_value.value() if c.enable_calibration else 0
                length = self.length(clocks)
                self.deadline = None if length is None else now + 1 + ceil(length)
            return
        if before == "recording":
            over = stop or ends
            if over:
                self.state = "ready"
        else:
            self.pending = (self.pending or start) and not stop
            if before == "waking" and due:
                self.state = "ready"
            wants = self.pending and (before == "ready" or due)
            over = stop
            if wants:
                self.pending = False
                over = not self.record(now)
        if over and self.power_down:
            self.state = "off"

    def record(self, now: int) -> bool:
        """Begin a recording, unless it has no samples."""
        c = self.config
        if not self.continuous and c.number_of_samples.value() == 0:
            self.state = "ready"
            return False
        self.state = "recording"
        self.start, self.taken = now, 0
        self.channel = int(c.active_mux_initially_selected_input)
        self.left = c.active_mux_input_select_length.value()
        self.number = c.number_of_samples.value()
        length = self.length(12 + c.sample_duration_adjust.value())
        self.period = max(length, Fraction(1)) if length is not None else Fraction(1)
        self.deadline = None if length is None else now + floor(self.period)
        return True


class TB(Lockstep):
    """The converter, its model, and a bus master; the analog side answers with random codes."""

    def __init__(self, dut: Any, rng: Random) -> None:
        super().__init__(dut, Model(), INPUTS)
        self.rng = rng
        self.now = 1000
        self.plls = [haldls.ADPLL(), haldls.ADPLL()]
        self.block = haldls.PLLClockOutputBlock()
        self.set_plls()
        self.configure(haldls.MADCConfig())

    def set_plls(self) -> None:
        """Registers of the PLLs as the containers say."""
        parts = [(p, halco.ADPLLOnDLS(k)) for k, p in enumerate(self.plls)]
        parts.append((self.block, halco.PLLClockOutputBlockOnDLS()))
        words = [
            int(word)
            for container, at in parts
            for word in container.write_access(at, Backend.OmnibusChipOverJTAG).words
        ]
        self.pll = sum(word << 32 * k for k, word in enumerate(words))
        self.model.clock = clock(self.plls, self.block)

    async def cycle(self, **inputs: int) -> dict[str, Any]:
        code = self.rng.getrandbits(10)
        expected = await super().cycle(
            now_i=self.now, config_i=self.config, pll_i=self.pll, code_i=code, **inputs
        )
        self.now += 1
        return expected

    async def cycles(self, count: int) -> None:
        """Cycles pass; those that the block allows to skip are left out."""
        end = self.now + count
        while self.now < end:
            expected = await self.cycle()
            if expected["idle_o"]:
                self.now = max(self.now, min(2 * expected["next_o"], end))

    def configure(self, config: haldls.MADCConfig) -> None:
        """Registers of the configuration as the container says."""
        words = config.write_access(AT, Backend.Omnibus).words.tolist()
        self.config = sum(word << 32 * k for k, word in enumerate(words))
        self.model.config = config

    async def control(self, enabled: int = 1, read: int = 0, **fields: bool) -> None:
        control = haldls.MADCControl()
        for name, value in fields.items():
            setattr(control, name, value)
        access = control.write_access(halco.MADCControlOnDLS(), Backend.Omnibus)
        await self.cycle(
            bus_valid_i=1, bus_read_i=read, bus_be_i=enabled,
            bus_addr_i=int(access.addresses[0]), bus_data_i=int(access.words[0]),
        )  # fmt: skip


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def reset_values_give_the_documented_clock(dut: Any) -> None:
    """500 MHz, so 17 clocks are 8.5 cycles; registers as the containers' defaults."""
    tb = TB(dut, generator("reset"))
    await tb.reset()
    config = haldls.MADCConfig()
    config.number_of_samples = haldls.MADCConfig.NumberOfSamples(100)
    tb.configure(config)
    await tb.control(wake_up=True, start_recording=True)
    await tb.cycles(1500)
    cycles = [cycle for cycle, _, _ in tb.model.samples]
    assert len(cycles) == 100
    assert cycles[-1] - cycles[0] == 842  # floor(100 * 8.5) - floor(8.5)
    assert {channel for _, channel, _ in tb.model.samples} == {0, 1}


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def sample_rate_of_36_clock_configurations(dut: Any) -> None:
    """Within 1 % of what the containers compute; no sample is off by a cycle."""
    tb = TB(dut, generator("rates"))
    await tb.reset()
    outputs = [haldls.ADPLL.Output.dco, haldls.ADPLL.Output.core_0, haldls.ADPLL.Output.core_1]
    for loop, output, scale, adjust in product((7, 10), outputs, (None, 0, 5), (0, 7)):
        tb.plls[1].loop_div_n = haldls.ADPLL.LoopDivN(loop)
        entry = tb.block.get_clock_output(halco.PLLClockOutputOnDLS(3))
        entry.select_adpll, entry.select_adpll_output = halco.ADPLLOnDLS(1), output
        tb.block.set_clock_output(halco.PLLClockOutputOnDLS(3), entry)
        tb.set_plls()
        config = haldls.MADCConfig()
        config.number_of_samples = haldls.MADCConfig.NumberOfSamples(200)
        config.sample_duration_adjust = haldls.MADCConfig.SampleDurationAdjust(adjust)
        if scale is not None:
            config.enable_madc_clock_scaling = True
            config.madc_clock_scale_value = haldls.MADCConfig.MADCClockScaleValue(scale)
        tb.configure(config)
        tb.model.samples.clear()
        await tb.control(wake_up=True, start_recording=True, enable_power_down_after_sampling=True)
        await tb.cycles(100_000)
        assert tb.model.state == "off"
        cycles = [cycle for cycle, _, _ in tb.model.samples]
        assert len(cycles) == 200
        rate = 250e6 * (len(cycles) - 1) / (cycles[-1] - cycles[0])
        computed = config.calculate_sample_rate(tb.plls[1].calculate_output_frequency(output, 50e6))
        assert abs(rate / computed - 1) < 0.01


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def saw_tooth(dut: Any) -> None:
    """The pattern counts the samples, over its end, and asks the analog side for nothing."""
    tb = TB(dut, generator("pattern"))
    await tb.reset()
    config = haldls.MADCConfig()
    config.number_of_samples = haldls.MADCConfig.NumberOfSamples(1500)
    config.enable_dummy_data = True
    tb.configure(config)
    for _ in range(2):
        tb.model.samples.clear()
        await tb.control(wake_up=True, start_recording=True)
        await tb.cycles(14_000)
        assert [value for _, _, value in tb.model.samples] == [k % 1024 for k in range(1500)]


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def random_commands(dut: Any) -> None:
    """Any order of commands and settings, clocks that stand still among them."""
    rng = generator("random")
    tb = TB(dut, rng)
    await tb.reset()
    seen = set()
    for _ in range(1500):
        what = rng.choice(["control"] * 4 + ["config", "clock", "read", "other"])
        if what == "control":
            names = ["wake_up", "start_recording", "stop_recording"]
            names += ["enable_power_down_after_sampling", "enable_continuous_sampling"]
            enabled = int(rng.random() < 0.9)
            await tb.control(enabled, **{name: rng.random() < 0.4 for name in names})
        elif what == "config":
            c = haldls.MADCConfig()
            c.active_mux_initially_selected_input = halco.SourceMultiplexerOnReadoutSourceSelection(
                rng.getrandbits(1)
            )
            c.active_mux_input_select_length = c.ActiveMuxInputSelectLength(rng.choice([0, 1, 15]))
            c.sample_duration_adjust = c.SampleDurationAdjust(rng.randrange(8))
            c.powerup_wait_value = c.PowerupWaitValue(rng.choice([0, 1, 96]))
            c.calibration_wait_value = c.CalibrationWaitValue(rng.choice([0, 50]))
            c.enable_calibration = bool(rng.getrandbits(1))
            c.number_of_samples = c.NumberOfSamples(rng.choice([0, 1, 2, 20]))
            c.enable_dummy_data = rng.random() < 0.2
            c.enable_madc_clock_scaling = bool(rng.getrandbits(1))
            c.madc_clock_scale_value = c.MADCClockScaleValue(rng.choice([0, 1, 30]))
            tb.configure(c)
        elif what == "clock":
            for pll in tb.plls:
                pll.loop_div_n = pll.LoopDivN(rng.choice([1, 10, 31]))
                pll.core_div_m0 = pll.CoreDivM0(rng.choice([1, 3, 31]))
                pll.core_div_m1 = pll.CoreDivM1(rng.choice([1, 2]))
                pll.pre_div_p0 = pll.PreDivP0(rng.randrange(2, 5))
                pll.pre_div_p1 = pll.PreDivP1(rng.randrange(2, 5))
                pll.pre_div_p2 = pll.PreDivP2(rng.randrange(2, 5))
                pll.enable = rng.random() < 0.9
                pll.enable_output_clock = rng.random() < 0.9
            entry = tb.block.get_clock_output(halco.PLLClockOutputOnDLS(3))
            entry.enable_output = rng.random() < 0.9
            entry.enable_bypass = rng.random() < 0.2
            entry.select_adpll = halco.ADPLLOnDLS(rng.getrandbits(1))
            entry.select_adpll_output = haldls.ADPLL.Output(rng.randrange(3))
            tb.block.set_clock_output(halco.PLLClockOutputOnDLS(3), entry)
            tb.set_plls()
        elif what == "read":
            await tb.control(1, 1, wake_up=True, start_recording=True, stop_recording=True)
        else:
            await tb.cycle(bus_valid_i=1, bus_be_i=1, bus_addr_i=rng.getrandbits(32))
        await tb.cycles(rng.choice([0, 1, 2, 30, 400, 3000]))
        seen.add(tb.model.state)
    assert seen == {"off", "waking", "ready", "recording"}
    assert len(tb.model.samples) > 300
