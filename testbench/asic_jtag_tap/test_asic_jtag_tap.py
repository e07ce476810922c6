# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_jtag_tap.sv against a model of docs/timing.md section 6."""

from typing import Any

import cocotb

from hal.fisch import jtag
from testbench.common import generator
from testbench.common.lockstep import Lockstep

INPUTS = {
    "tick_i": 0,
    "tck_i": 0,
    "tms_i": 0,
    "tdi_i": 0,
    "bus_ready_i": 0,
    "bus_rsp_valid_i": 0,
    "bus_rsp_data_i": 0,
    "pll_data_i": 0,
}
# IEEE 1149.1: next state for TMS 0 and 1.
STATES = {
    "reset": ("idle", "reset"),
    "idle": ("idle", "select_dr"),
    **{
        f"{state}_{r}": (zero.format(r=r), one.format(r=r, other=other))
        for r, other in (("dr", "select_ir"), ("ir", "reset"))
        for state, zero, one in (
            ("select", "capture_{r}", "{other}"),
            ("capture", "shift_{r}", "exit1_{r}"),
            ("shift", "shift_{r}", "exit1_{r}"),
            ("exit1", "pause_{r}", "update_{r}"),
            ("pause", "pause_{r}", "exit2_{r}"),
            ("exit2", "shift_{r}", "update_{r}"),
            ("update", "idle", "select_dr"),
        )
    },
}
PHYS = [jtag.phy_instruction(register) for register in range(jtag.PHY_COUNT)]
AUTO_INIT = 1 << 21


class Model:
    """The TAP; one call of `step` is one cycle."""

    def __init__(self) -> None:
        self.state = "reset"
        self.ir = jtag.IDENTITY.ir
        self.ir_shift = 0
        self.shift: list[int] = [0]  # data register, the bit next to TDO first
        self.pll_index = self.data = self.address = 0  # address with its read bit
        self.request = False
        self.phys = [0] * jtag.PHY_COUNT
        self.pulses = 0

    def captured(self, pll: int) -> tuple[int, int]:
        """Value and length of the selected register."""
        if self.ir in PHYS:
            return self.phys[PHYS.index(self.ir)], 22
        return {
            jtag.IDENTITY.ir: (jtag.IDCODE, 32),
            jtag.PLL_TARGET_REG.ir: (self.pll_index, 4),
            jtag.SHIFT_PLL.ir: (pll, 32),
            jtag.OMNIBUS_ADDRESS.ir: (self.address, 33),
            jtag.OMNIBUS_DATA.ir: (self.data, 32),
            jtag.OMNIBUS_REQUEST.ir: (0, 3),
        }.get(self.ir, (0, 1))

    def step(self, i: dict[str, int]) -> dict[str, int]:
        expected = {
            "tdo_o": 0,
            "bus_valid_o": int(self.request),
            "bus_read_o": self.address >> 32,
            "bus_addr_o": self.address & 0xFFFF_FFFF,
            "bus_data_o": self.data,
            "pll_index_o": self.pll_index,
            "pll_write_o": 0,
            "phy_auto_o": sum(1 << p for p, v in enumerate(self.phys) if v & AUTO_INIT),
        }
        if self.state == "shift_ir":
            expected["tdo_o"] = self.ir_shift & 1
        if self.state == "shift_dr":
            expected["tdo_o"] = self.shift[0]
        held = self.captured(i["pll_data_i"])  # as it is before what the bus brings in this cycle
        if i["bus_ready_i"]:
            self.request = False
        if i["bus_rsp_valid_i"]:
            self.data = i["bus_rsp_data_i"]
        if i["tick_i"] and i["tck_i"]:
            expected |= self._pulse(i, held)
        return expected

    def _pulse(self, i: dict[str, int], held: tuple[int, int]) -> dict[str, int]:
        self.pulses += 1
        state, self.state = self.state, STATES[self.state][i["tms_i"]]
        if state == "capture_ir":
            self.ir_shift = 1
        elif state == "shift_ir":
            self.ir_shift = self.ir_shift >> 1 | i["tdi_i"] << 6
        elif state == "capture_dr":
            value, length = held
            self.shift = [value >> k & 1 for k in range(length)]
        elif state == "shift_dr":
            self.shift = [*self.shift[1:], i["tdi_i"]]
        if self.state == "update_ir":
            self.ir = self.ir_shift
        elif self.state == "reset":
            self.ir = jtag.IDENTITY.ir
        elif self.state == "update_dr":
            return self._update()
        return {}

    def _update(self) -> dict[str, int]:
        value = sum(bit << k for k, bit in enumerate(self.shift))
        if self.ir in PHYS:
            self.phys[PHYS.index(self.ir)] = value
        elif self.ir == jtag.PLL_TARGET_REG.ir:
            self.pll_index = value
        elif self.ir == jtag.SHIFT_PLL.ir:
            return {"pll_write_o": 1, "pll_data_o": value}
        elif self.ir == jtag.OMNIBUS_ADDRESS.ir:
            self.address = value
        elif self.ir == jtag.OMNIBUS_DATA.ir:
            self.data = value
        elif self.ir == jtag.OMNIBUS_REQUEST.ir:
            self.request = True
        return {}


class TB(Lockstep):
    """TAP with a JTAG engine that leaves `gap` ticks between pulses."""

    def __init__(self, dut: Any, gap: int = 1) -> None:
        super().__init__(dut, Model(), INPUTS)
        self.gap = gap
        self.others: dict[str, int] = {}
        self.cycles_of_ticks = generator("cycles of ticks")

    async def tick(self, **inputs: int) -> int:
        """One to three cycles; gives TDO in the last one.

        The machine has two. A fixed even number would hide what changes in every cycle.
        """
        for _ in range(self.cycles_of_ticks.randrange(3)):
            await self.cycle(**self.others, **inputs)
        expected = await self.cycle(tick_i=1, **self.others, **inputs)
        self.others.pop("bus_ready_i", None)
        return expected["tdo_o"]

    async def pulses(self, tms: str, tdi: int = 0) -> int:
        """A pulse for each digit, leftmost first; gives the bits of TDO."""
        answer = 0
        for k, digit in enumerate(tms):
            pins = {"tms_i": int(digit), "tdi_i": tdi >> k & 1}
            for _ in range(self.gap):
                await self.tick(**pins)
            answer |= await self.tick(tck_i=1, **pins) << k
        return answer

    async def initialise(self) -> None:
        await self.pulses("111110")

    async def instruction(self, ir: int) -> None:
        await self.pulses("1100" + "0000001" + "10", ir << 4)

    async def scan(self, value: int, bits: int) -> int:
        tms = "100" + "0" * (bits - 1) + "1" + "10"
        return (await self.pulses(tms, value << 3)) >> 3 & (1 << bits) - 1


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def identity_after_reset_and_init(dut: Any) -> None:
    tb = TB(dut)
    await tb.reset()
    await tb.pulses("0")
    assert await tb.scan(0, 32) == jtag.IDCODE
    for prefix in ("", "1", "10", "100", "1000", "10001", "100010", "1100", "11000001"):
        await tb.instruction(jtag.BYPASS.ir)
        await tb.pulses(prefix)
        await tb.initialise()
        assert await tb.scan(0, 32) == jtag.IDCODE
        assert await tb.scan(1, 33) == jtag.IDCODE | 1 << 32


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def other_instructions_bypass(dut: Any) -> None:
    """An N-bit scan of v returns v << 1, for every instruction without a register."""
    tb = TB(dut, gap=0)
    rng = generator("bypass")
    await tb.reset()
    await tb.initialise()
    known = {i.ir for i in jtag.INSTRUCTIONS if i.dr_width > 1} | set(PHYS)
    for ir in set(range(128)) - known:
        bits, value = rng.randint(3, 33), rng.getrandbits(33)
        await tb.instruction(ir)
        assert await tb.scan(value, bits) == (value << 1) % (1 << bits), f"instruction {ir:#x}"


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def registers_keep_what_is_shifted(dut: Any) -> None:
    """Each writable register returns its content and takes the new one; others stay."""
    tb = TB(dut)
    rng = generator("registers")
    await tb.reset()
    await tb.initialise()
    widths = dict.fromkeys(PHYS, 22)
    for i in (jtag.PLL_TARGET_REG, jtag.OMNIBUS_ADDRESS, jtag.OMNIBUS_DATA):
        widths[i.ir] = i.dr_width
    content = dict.fromkeys(widths, 0)
    for _ in range(40):
        ir = rng.choice(list(widths))
        await tb.instruction(ir)
        value = rng.getrandbits(widths[ir])
        assert await tb.scan(value, widths[ir]) == content[ir]
        content[ir] = value
    for ir, width in widths.items():
        await tb.instruction(ir)
        assert await tb.scan(content[ir], width) == content[ir]


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def omnibus_access(dut: Any) -> None:
    """A write and a read as the host does them; the request shows behind its Update-DR pulse."""
    tb = TB(dut)
    await tb.reset()
    await tb.initialise()
    await tb.instruction(jtag.OMNIBUS_ADDRESS.ir)
    await tb.scan(1 << 32 | 0x0280_0123, 33)
    await tb.instruction(jtag.OMNIBUS_REQUEST.ir)
    await tb.pulses("100001", 0)
    assert not tb.model.request
    await tb.pulses("1")
    expected = await tb.cycle(tms_i=0)
    assert (expected["bus_valid_o"], expected["bus_read_o"]) == (1, 1)
    assert expected["bus_addr_o"] == 0x0280_0123
    await tb.cycle(tick_i=1, bus_ready_i=1)
    await tb.tick(bus_rsp_valid_i=1, bus_rsp_data_i=0xCAFE_F00D)
    await tb.pulses("0")
    assert not tb.model.request
    await tb.instruction(jtag.OMNIBUS_DATA.ir)
    assert await tb.scan(0x1234_5678, 32) == 0xCAFE_F00D
    assert (await tb.cycle())["bus_data_o"] == 0x1234_5678


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def random_walk(dut: Any) -> None:
    """Any path through the states, any instruction, short and long scans, other traffic around."""
    tb = TB(dut, gap=0)
    rng = generator("walk")
    await tb.reset()
    useful = [i.ir for i in jtag.INSTRUCTIONS] + PHYS
    for _ in range(120):
        tb.others = {"pll_data_i": rng.getrandbits(32)}
        if rng.random() < 0.3:
            tb.others |= {"bus_rsp_valid_i": 1, "bus_rsp_data_i": rng.getrandbits(32)}
        if rng.random() < 0.3:
            tb.others["bus_ready_i"] = 1
        await tb.instruction(rng.choice(useful))
        tb.gap = rng.randrange(2)
        await tb.scan(rng.getrandbits(48), rng.randint(1, 48))
        tb.gap = 0
        for _ in range(40):
            for _ in range(rng.randrange(2)):
                await tb.tick(tms_i=rng.getrandbits(1), tdi_i=rng.getrandbits(1))
            await tb.tick(tck_i=1, tms_i=int(rng.random() < 0.45), tdi_i=rng.getrandbits(1))
        await tb.initialise()
    assert tb.model.pulses > 5000
