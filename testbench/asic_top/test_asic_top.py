# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/asic/asic_top.sv: the chip as its link and its JTAG pins see it, in closed form.

Each test names the tick in which something is sent and the tick in which docs/timing.md says that
the answer comes; the blocks have benches of their own.
"""

from random import Random
from typing import Any

import cocotb
from cocotb.triggers import ReadOnly, RisingEdge

from cosim import storage
from cosim.machine import CONSTANTS
from hal import haldls
from hal.fisch import addresses, crossbar, jtag
from testbench.common import Clocked, generator

IDLE = {
    "now_i": 0,
    "tick_i": 0,
    "reset_i": 0,
    "tck_i": 0,
    "tms_i": 0,
    "tdi_i": 0,
    "link_up_i": 1,
    "up_bus_ready_i": 1,
    "down_bus_valid_i": 0,
    "down_bus_epoch_i": 0,
    "down_bus_read_i": 0,
    "down_bus_be_i": 0,
    "down_bus_addr_i": 0,
    "down_bus_data_i": 0,
    "down_event_count_i": 0,
    "down_event_labels_i": 0,
    "down_sync_valid_i": 0,
    "down_sync_set_i": 0,
    "ppu_sleep_i": 0,
    "ppu_bus_valid_i": 0,
    "ppu_bus_read_i": 0,
    "ppu_bus_be_i": 0,
    "ppu_bus_addr_i": 0,
    "ppu_bus_data_i": 0,
    "ppu_vector_valid_i": 0,
    "ppu_vector_read_i": 0,
    "ppu_vector_addr_i": 0,
    "ppu_vector_mask_i": 0,
    "ppu_vector_data_i": 0,
    "ppu_sram_valid_i": 0,
    "ppu_sram_write_i": 0,
    "ppu_sram_be_i": 0,
    "ppu_sram_addr_i": 0,
    "ppu_sram_data_i": 0,
    "ana_spike_i": 0,
    "ana_madc_code_i": 0,
    "ana_cadc_data_i": 0,
}
PPU = addresses.PPU_MEMORY


class Processor:
    """Random reads and writes through both ports of one processor, each in words of its own.

    Its memory port has the words from 1000 on of its memory, its bus master those from 2000 on of
    the other one's; `checked` counts the reads that gave what was written before.
    """

    def __init__(self, index: int, rng: Random) -> None:
        self.index, self.rng = index, rng
        self.memory: dict[tuple[str, int], int] = {}
        self.pending: dict[str, tuple[bool, int, int, int]] = {}  # write, enables, word, data
        self.expected: dict[str, tuple[bool, int]] = {}
        self.checked = {"bus": 0, "sram": 0}
        self.waited = {"bus": 0, "sram": 0}

    def drive(self) -> dict[str, int]:
        """Inputs of this cycle; an access stays until it was taken."""
        rng, k = self.rng, self.index
        for port in ("bus", "sram"):
            busy = port == "bus" and port in self.expected
            if port not in self.pending and not busy and rng.random() < 0.5:
                word = 1000 * (1 + (port == "bus")) + rng.randrange(20)
                self.pending[port] = (
                    bool(rng.getrandbits(1)),
                    rng.choice([15, rng.getrandbits(4)]),
                    word,
                    rng.getrandbits(32),
                )
        inputs = dict.fromkeys((n for n in IDLE if n[:8] in ("ppu_bus_", "ppu_sram")), 0)
        for port, (write, enables, word, data) in self.pending.items():
            width = 32 if port == "bus" else 12
            address = word + (PPU.bases[1 - k] if port == "bus" else 0)
            kind = ("ppu_bus_read_i", not write) if port == "bus" else ("ppu_sram_write_i", write)
            inputs[kind[0]] = int(kind[1]) << k
            inputs[f"ppu_{port}_valid_i"] = 1 << k
            inputs[f"ppu_{port}_be_i"] = enables << 4 * k
            inputs[f"ppu_{port}_addr_i"] = address << width * k
            inputs[f"ppu_{port}_data_i"] = data << 32 * k
        return inputs

    def sample(self, dut: Any) -> None:
        """Answers of the accesses before, then which ones are taken."""
        k = self.index
        answers = {"sram": int(dut.ppu_sram_data_o.value) >> 32 * k & 0xFFFF_FFFF}
        if int(dut.ppu_bus_rsp_valid_o.value) >> k & 1:
            answers["bus"] = int(dut.ppu_bus_rsp_data_o.value)
        for port, answer in answers.items():
            if port in self.expected:
                read, value = self.expected.pop(port)
                assert not read or answer == value, f"{port} of processor {k}"
                self.checked[port] += read
        for port in list(self.pending):
            if not int(getattr(dut, f"ppu_{port}_ready_o").value) >> k & 1:
                self.waited[port] += 1
                continue
            write, enables, word, data = self.pending.pop(port)
            before = self.memory.get((port, word), 0)
            if write:
                mask = sum(0xFF << 8 * b for b in range(4) if enables >> b & 1)
                self.memory[port, word] = before & ~mask | data & mask
            self.expected[port] = (not write, before)


class VectorUnit:
    """Half rows through the vector port of one processor, one after the other."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.request: dict[str, int] = {}
        self.answer: int | None = None

    def drive(self) -> dict[str, int]:
        inputs = dict.fromkeys((n for n in IDLE if n.startswith("ppu_vector")), 0)
        widths = {"valid": 1, "read": 1, "addr": 32, "mask": 128, "data": 1024}
        for name, value in self.request.items():
            inputs[f"ppu_vector_{name}_i"] = value << widths[name] * self.index
        return inputs

    def sample(self, dut: Any) -> None:
        if int(dut.ppu_vector_rsp_valid_o.value) >> self.index & 1:
            data = int(dut.ppu_vector_rsp_data_o.value) >> 1024 * self.index
            self.answer = data & (1 << 1024) - 1
        if int(dut.ppu_vector_ready_o.value) >> self.index & 1:
            self.request = {}

    async def access(self, tb: "TB", address: int, data: int | None = None) -> int:
        """A read, or a write of all lanes; the ticks that it took stay within twice those alone."""
        self.request = {"valid": 1, "read": int(data is None), "addr": address}
        self.request |= {"mask": (1 << 128) - 1, "data": data or 0}
        self.answer, begin = None, tb.tick
        while self.answer is None:
            await tb.step()
            assert tb.tick - begin < 70
        return self.answer


class TB(Clocked):
    """The chip between a link and a JTAG engine; advances tick by tick."""

    def __init__(self, dut: Any) -> None:
        super().__init__(dut)
        self.now = 0
        self.answers: list[tuple[int, int, int]] = []  # tick, epoch, data
        self.events: list[tuple[int, int, int]] = []  # tick, time stamp, value
        self.times: list[tuple[int, int, int]] = []  # tick, time, base
        self.reports: list[tuple[int, int, int]] = []  # cycle, code, data
        self.held: dict[str, int] = {}  # inputs of all ticks to come
        self.processors: list[Processor | VectorUnit] = []
        self._values = dict(IDLE)
        for name, value in IDLE.items():
            getattr(dut, name).value = value

    @property
    def tick(self) -> int:
        """The tick to come."""
        return self.now // 2

    def _drive(self, values: dict[str, int]) -> None:
        for name, value in values.items():
            if self._values[name] != value:
                getattr(self.dut, name).value = value
                self._values[name] = value

    async def step(self, **inputs: int) -> int:
        """One tick with these items; gives TDO at its end."""
        dut = self.dut
        self._drive({**IDLE, **self.held, **inputs, "now_i": self.now})
        for phase in range(2):
            if phase:
                self._drive({"now_i": self.now, "tick_i": 1})
            ports: dict[str, int] = {}
            for processor in self.processors:
                for name, value in processor.drive().items():
                    ports[name] = ports.get(name, 0) | value
            self._drive(ports)
            await ReadOnly()
            for processor in self.processors:
                processor.sample(dut)
            if dut.diag_valid_o.value:
                assert not phase, "a report in the cycle of the FPGA's"
                found = int(dut.diag_code_o.value), int(dut.diag_data_o.value)
                self.reports.append((self.now, *found))
            if phase:
                self._collect()
                tdo = int(dut.tdo_o.value)
            await RisingEdge(self.clk)
            self.now += 1
        return tdo

    def _collect(self) -> None:
        dut = self.dut
        if dut.up_bus_valid_o.value:
            answer = int(dut.up_bus_epoch_o.value), int(dut.up_bus_data_o.value)
            self.answers.append((self.tick, *answer))
        for k in range(int(dut.up_event_count_o.value)):
            event = int(dut.up_events_o.value) >> 24 * k
            self.events.append((self.tick, event >> 16 & 0xFF, event & 0xFFFF))
        if dut.up_sync_valid_o.value:
            time = int(dut.up_sync_time_o.value), int(dut.up_sync_base_o.value)
            self.times.append((self.tick, *time))

    async def steps(self, count: int) -> None:
        for _ in range(count):
            await self.step()

    def idle(self) -> int:
        return int(self.dut.idle_o.value)

    async def access(self, address: int, data: int | None = None, enables: int = 0xF) -> int:
        """A read, or a write of `data`, with the answer two ticks later."""
        tick, epoch = self.tick, self.tick % 251
        await self.step(
            down_bus_valid_i=1, down_bus_epoch_i=epoch, down_bus_read_i=int(data is None),
            down_bus_be_i=enables, down_bus_addr_i=address, down_bus_data_i=data or 0,
        )  # fmt: skip
        await self.steps(2)
        answer = self.answers.pop()
        assert not self.answers
        assert answer[:2] == (tick + 2, epoch)
        return answer[2]

    async def pulses(self, tms: str, tdi: int = 0) -> int:
        answer = 0
        for k, digit in enumerate(tms):
            pins = {"tms_i": int(digit), "tdi_i": tdi >> k & 1}
            await self.step(**pins)
            answer |= await self.step(tck_i=1, **pins) << k
        return answer

    async def jtag(self, ir: int, value: int = 0, bits: int = 32) -> int:
        """IR scan and DR scan."""
        await self.pulses("1100000000110", ir << 4)
        answer = await self.pulses("100" + "0" * (bits - 1) + "110", value << 3)
        return answer >> 3 & (1 << bits) - 1

    async def jtag_access(self, address: int, data: int | None = None) -> int:
        """An Omnibus access over JTAG, as the host does it."""
        await self.jtag(jtag.OMNIBUS_ADDRESS.ir, address | int(data is None) << 32, 33)
        if data is not None:
            await self.jtag(jtag.OMNIBUS_DATA.ir, data)
        await self.jtag(jtag.OMNIBUS_REQUEST.ir, 0, 3)
        return await self.jtag(jtag.OMNIBUS_DATA.ir) if data is None else 0


async def start(dut: Any) -> TB:
    tb = TB(dut)
    await tb.reset()
    await tb.steps(2)
    assert tb.idle()
    return tb


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def memories_over_the_link(dut: Any) -> None:
    """All words of both memories, back to back; a chip reset keeps them."""
    tb = await start(dut)
    words = [(b + k) for b in PPU.bases for k in range(PPU.count)]
    for reset in (False, True):
        if reset:
            tb.held["reset_i"] = 1
            await tb.steps(3)
            tb.held.clear()
            await tb.steps(1)
        for read in (False, True)[reset:]:
            first = tb.tick
            for address in words:
                await tb.step(
                    down_bus_valid_i=1, down_bus_read_i=int(read), down_bus_be_i=0xF,
                    down_bus_addr_i=address, down_bus_data_i=address * 0x9E3779B1 % (1 << 32),
                )  # fmt: skip
            await tb.steps(2)
            assert [a[0] for a in tb.answers] == [first + 2 + k for k in range(len(words))]
            expected = [address * 0x9E3779B1 % (1 << 32) if read else 0 for address in words]
            assert [a[2] for a in tb.answers] == expected
            tb.answers.clear()
    assert not tb.reports


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def byte_enables(dut: Any) -> None:
    tb = await start(dut)
    rng = generator("bytes")
    base = addresses.SYSTIME_SYNC_BASE.base
    for address, width in (
        (PPU.bases[0] + 7, 32),
        (PPU.bases[1] + 4095, 32),
        (addresses.ADPLL.base + 3, 32),
        (base, 32),
        (base + 1, 11),
        (addresses.COMMON_PHY_CONFIG_CHIP.base, 8),
    ):
        value = await tb.access(address)
        for enables in range(16):
            data = rng.getrandbits(32)
            await tb.access(address, data, enables)
            mask = sum(0xFF << 8 * k for k in range(4) if enables >> k & 1)
            value = (value & ~mask | data & mask) & (1 << width) - 1
            assert await tb.access(address) == value


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def registers_and_reset_values(dut: Any) -> None:
    """Each register: reset value, bits in use, and the reset value again; memories keep theirs."""
    tb = await start(dut)
    pll = haldls.ADPLL()._encoded(0)[0].tolist() * 2
    output_block = haldls.PLLClockOutputBlock()._encoded(0)[0].tolist()[0]
    registers = [
        (addresses.SYSTIME_SYNC_BASE.base, 32, 0),
        (addresses.SYSTIME_SYNC_BASE.base + 1, 11, 0),
        (addresses.COMMON_PHY_CONFIG_CHIP.base, 8, 0xFF),
        *((addresses.ADPLL.base + k, 32, value) for k, value in enumerate(pll)),
        (addresses.PLL_CLOCK_OUTPUT_BLOCK.base, 32, output_block),
        (addresses.PLL_SELF_TEST_STATUS.base, 0, 0),
        (addresses.PLL_SELF_TEST.base, 32, 0),
        *((base, 4, 0) for base in addresses.PPU_CONTROL.bases),
        *((base, 0, 0) for base in addresses.PPU_STATUS.bases),
        *((address, 32, value) for address, value in storage.reset_values().items()),
    ]
    memory = [region.address(3, block=b) for region in storage.MEMORIES for b in range(2)]
    for address in memory:
        assert await tb.access(address) == 0
        await tb.access(address, 0xA0 + address % 32)
    for value in (0xFFFF_FFFF, 0x5A3C_96E1):
        for address, _, reset in registers:
            assert await tb.access(address) == reset, f"reset value of {address:#x}"
            await tb.access(address, value ^ address % 16)
        for address, width, _ in registers:
            expected = (value ^ address % 16) & (1 << width) - 1
            assert await tb.access(address) == expected
        tb.held["reset_i"] = 1
        await tb.steps(1)
        tb.held.clear()
    assert [await tb.access(address) for address in memory] == [0xA0 + a % 32 for a in memory]
    assert not tb.reports


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def processors_share_bus_and_memories(dut: Any) -> None:
    """Both ports of both processors, while the link reads and writes the same memories."""
    tb = await start(dut)
    rng = generator("processors")
    for control in addresses.PPU_CONTROL.bases:
        await tb.access(control, 1)
    assert int(dut.ppu_run_o.value) == 0b11
    tb.held["ppu_sleep_i"] = 0b10
    status = [await tb.access(base) for base in addresses.PPU_STATUS.bases]
    assert status == [0, 1]
    for base in PPU.bases:
        for word in (*range(50), *range(1000, 1020), *range(2000, 2020)):
            await tb.access(base + word, 0)
    tb.processors = [Processor(k, rng) for k in range(2)]
    words: dict[int, int] = {}
    for _ in range(400):
        address = PPU.bases[rng.randrange(2)] + rng.randrange(50)
        tick, write = tb.tick, rng.random() < 0.5
        await tb.step(
            down_bus_valid_i=1, down_bus_read_i=int(not write), down_bus_be_i=0xF,
            down_bus_addr_i=address, down_bus_data_i=tick,
        )  # fmt: skip
        await tb.steps(2 + rng.randrange(4))
        while not tb.answers:
            await tb.step()
        ((answered, _, data),) = tb.answers
        tb.answers.clear()
        assert answered <= tick + 3, "the link waits for one transaction at most"
        assert write or data == words.get(address, 0)
        words |= {address: tick} if write else {}
    for processor in tb.processors:
        assert min(processor.checked.values()) > 100
        assert min(processor.waited.values()) > 10
    assert not tb.reports


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def vectors_reach_the_synapses(dut: Any) -> None:
    """Half rows of all views, there and back, against single words over the link."""
    tb = await start(dut)
    rng = generator("vectors")
    units = [VectorUnit(k) for k in range(2)]
    tb.processors = [*units]
    views = {
        "VectorWeights": (addresses.SYNAPSE_WEIGHT, 0x3F),
        "VectorLabels": (addresses.SYNAPSE_LABEL, 0x3F),
        "VectorEven2msb": (addresses.SYNAPSE_EVEN_2MSB, 0x03),
        "VectorOdd2msb": (addresses.SYNAPSE_ODD_2MSB, 0x03),
    }
    for unit in units:
        for space, (region, bits) in views.items():
            half_row = rng.choice([0, 511, 513, rng.randrange(512)])
            place = CONSTANTS[space] + half_row
            data = bytes(rng.getrandbits(8) & bits for _ in range(128))
            await unit.access(tb, place, int.from_bytes(data, "little"))
            first = region.bases[unit.index] + 32 * half_row
            for q in (0, 1, 17, 31):
                word = int.from_bytes(data[4 * q : 4 * q + 4], "big")
                assert await tb.access(first + q) == word
            await tb.access(first + 5, int.from_bytes(b"\x01\x02\x03\x00", "big"))
            back = (await unit.access(tb, place)).to_bytes(128, "little")
            assert back == data[:20] + b"\x01\x02\x03\x00" + data[24:]
    assert not tb.reports
    assert await units[0].access(tb, 0x0005_0000) == 0
    await tb.step()  # a report waits for the first cycle of a tick
    (_, code, content) = tb.reports.pop()
    assert (code, content) == (CONSTANTS["DiagUnmappedChip"], 1 << 32 | 0x8005_0000)
    assert not tb.reports


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def unmapped_addresses_answer_zero(dut: Any) -> None:
    tb = await start(dut)
    await tb.access(PPU.bases[0], 0xFFFF_FFFF)
    await tb.access(PPU.bases[0])
    for address in (2, 0x0004_0001, 0x0008_0006, 0x0008_0008, PPU.bases[0] - 1,
                    PPU.bases[1] + PPU.count, 0x7FFF_FFFF):  # fmt: skip
        for data in (None, 0x1234):
            tick = tb.tick
            assert await tb.access(address, data) == 0
            # The cycle behind the transaction, which started at 2 * tick + 2.
            content = int(data is None) << 32 | address
            assert tb.reports.pop() == (2 * tick + 4, CONSTANTS["DiagUnmappedChip"], content)
            assert not tb.reports


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def everything_over_jtag(dut: Any) -> None:
    """Identity, memory and registers by the other route; PHYs count from the other end."""
    tb = await start(dut)
    rng = generator("jtag")
    await tb.pulses("111110")
    assert await tb.jtag(jtag.IDENTITY.ir) == jtag.IDCODE
    for base in PPU.bases:
        for _ in range(4):
            address, data = base + rng.randrange(PPU.count), rng.getrandbits(32)
            await tb.jtag_access(address, data)
            assert await tb.jtag_access(address) == data
            assert await tb.access(address) == data
    for index in range(8):
        data = rng.getrandbits(32)
        await tb.jtag(jtag.PLL_TARGET_REG.ir, index, 4)
        await tb.jtag(jtag.SHIFT_PLL.ir, data)
        if index < 6:
            assert await tb.access(addresses.ADPLL.base + index) == data
    for register in (0, 3, 7):
        await tb.jtag(jtag.phy_instruction(register), 1 << 21, 22)
        await tb.jtag_access(addresses.COMMON_PHY_CONFIG_CHIP.base, 1 << register)
        await tb.step()
        assert int(dut.phy_auto_o.value) == 1 << 7 - register
        assert int(dut.phy_enable_o.value) == 1 << 7 - register
        await tb.jtag(jtag.phy_instruction(register), 0, 22)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def spikes_come_back(dut: Any) -> None:
    """A pack arriving at tick r: its labels enter the link at r+3, stamped in their cycle."""
    tb = await start(dut)
    rng = generator("spikes")
    for count in (1, 2, 3):
        labels = [rng.getrandbits(16) for _ in range(count)]
        tick = tb.tick
        packed = sum(label << 16 * k for k, label in enumerate(labels))
        await tb.step(down_event_count_i=count, down_event_labels_i=packed)
        await tb.steps(5)
        cycles = [2 * tick + 4 + k for k in range(count)]
        stamped = zip(cycles, labels, strict=True)
        assert tb.events == [(c // 2 + 1, c % 256, label) for c, label in stamped]
        assert tb.idle()
        tb.events.clear()


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def full_rate_loses_only_what_is_counted(dut: Any) -> None:
    """Packs of three in every tick, half as much again as the crossbar passes."""
    tb = await start(dut)
    rng = generator("flood")
    for node in crossbar.NODES:
        if 8 <= node.input < 12:
            await tb.access(addresses.CROSSBAR_NODE.base + node.index, 1 << 31)
    await tb.access(addresses.CROSSBAR_OUT_MUX.base, 0xFFF0)
    sent: list[list[int]] = [[] for _ in range(4)]
    for _ in range(2000):
        labels = [rng.getrandbits(16) for _ in range(3)]
        for label in labels:
            sent[label >> 14].append(label)
        packed = sum(label << 16 * k for k, label in enumerate(labels))
        await tb.step(down_event_count_i=3, down_event_labels_i=packed)
    while not tb.idle():
        await tb.step()
    drops = addresses.CROSSBAR_INPUT_DROP_COUNTER.base + 8
    for channel in range(4):
        lost = await tb.access(drops + channel)
        back = [e[2] for e in tb.events if e[2] >> 14 == channel]
        assert len(back) + lost == len(sent[channel])
        assert lost > 100
        wanted = iter(sent[channel])
        assert all(any(label == w for w in wanted) for label in back), "order or label is wrong"
        assert await tb.access(addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base + 8 + channel) == len(
            back
        )
        for bus in range(8) if not channel else ():
            counter = addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base + bus
            assert await tb.access(counter) == len(tb.events)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def handshake_sets_the_time(dut: Any) -> None:
    """The answer to a ping at tick r carries the time of cycle 2r+2, a set makes that 2 * base."""
    tb = await start(dut)
    base = 0x7_89AB_CDEF
    await tb.access(addresses.SYSTIME_SYNC_BASE.base, base & 0xFFFF_FFFF)
    await tb.access(addresses.SYSTIME_SYNC_BASE.base + 1, base >> 32)
    tick = tb.tick
    await tb.step(down_sync_valid_i=1)
    await tb.steps(2)
    assert tb.times.pop() == (tick + 1, 2 * tick + 2, base)
    tb.now += 1 << 43  # a long pause: the time wraps with it
    set_at = tb.tick
    await tb.step(down_sync_valid_i=1, down_sync_set_i=1)
    await tb.steps(3)
    tick = tb.tick
    await tb.step(down_sync_valid_i=1)
    await tb.steps(1)
    assert tb.times.pop() == (tick + 1, 2 * base + 2 * (tick - set_at), base)
    await tb.step(down_event_count_i=1)
    await tb.steps(4)
    assert tb.events[0][1] == (2 * base + 2 * (tb.events[0][0] - 1 - set_at - 1)) % 256
    assert not tb.times


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def reset_forgets_all_but_the_memories(dut: Any) -> None:
    tb = await start(dut)
    await tb.jtag(jtag.phy_instruction(2), 1 << 21, 22)
    await tb.access(addresses.SYSTIME_SYNC_BASE.base, 1000)
    await tb.step(down_sync_valid_i=1, down_sync_set_i=1)
    # Under way when the reset comes: a request, events, an answer to a ping.
    await tb.step(
        down_bus_valid_i=1, down_bus_read_i=1, down_event_count_i=3, down_sync_valid_i=1
    )  # fmt: skip
    tb.held["reset_i"] = 1
    await tb.step(down_bus_valid_i=1, down_event_count_i=3, down_sync_valid_i=1)
    assert tb.idle()
    await tb.step(down_bus_valid_i=1, down_event_count_i=3, down_sync_valid_i=1)
    tb.held.clear()
    await tb.steps(6)
    assert not (tb.answers or tb.events or tb.times)
    assert int(dut.phy_auto_o.value) == 0
    tick = tb.tick
    await tb.step(down_sync_valid_i=1)
    await tb.steps(1)
    assert tb.times == [(tick + 1, 2 * tick + 2, 0)]
