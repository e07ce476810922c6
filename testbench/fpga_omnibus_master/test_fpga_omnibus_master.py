# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_omnibus_master.sv against a model of docs/timing.md section 5."""

from collections import deque
from dataclasses import dataclass
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

DEPTH, READS = CONSTANTS["PendingDepth"], CONSTANTS["MaxReadsInFlight"]
CHIP, FPGA = 0x0280_0000, 0x8800_0000
INPUTS = {
    "clear_i": 0,
    "timeout_i": 0,
    "chip_lost_i": 0,
    "filter_writes_i": 1,
    "valid_i": 0,
    "read_i": 0,
    "poll_i": 0,
    "byte_enables_i": 0,
    "address_i": 0,
    "data_i": 0,
    "fpga_data_i": 0,
    "fpga_busy_i": 0,
    "link_ready_i": 1,
    "up_valid_i": 0,
    "up_epoch_i": 0,
    "up_data_i": 0,
    "answer_ready_i": 1,
}


@dataclass
class Entry:
    """A pending access."""

    chip: bool
    read: bool
    poll: bool
    wanted: bool  # the answer goes to the trace
    lost: bool = False


class Model:
    """Pending entries and queues; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.pending: deque[Entry] = deque()
        self.bus: deque[dict[str, int]] = deque()  # on the FPGA's register bus, and behind it
        self.requests: deque[dict[str, int]] = deque()
        self.half_sent = False  # first tick of a write
        self.responses: dict[bool, deque[int]] = {False: deque(), True: deque()}
        self.answers: deque[tuple[bool, int]] = deque()
        self.reads = self.epoch = 0
        self.polled: int | None = None
        self.counts = dict.fromkeys(("answers", "polls", "lost", "stale", "cancelled"), 0)

    def step(self, i: dict[str, int]) -> dict[str, int]:
        request = self.requests[0] if self.requests and i["link_ready_i"] else None
        sent = request is not None and (bool(request["read"]) or self.half_sent)
        expected = {
            "write_ready_o": int(len(self.pending) < DEPTH),
            "read_ready_o": int(len(self.pending) < DEPTH and self.reads < READS),
            "poll_valid_o": int(self.polled is not None),
            "fpga_valid_o": int(bool(self.bus)),
            "down_valid_o": int(sent),
            "answer_valid_o": int(bool(self.answers)),
            "bus_idle_o": int(not self.pending and not self.answers),
            "reads_in_flight_o": self.reads,
        }
        if self.polled is not None:
            expected["poll_value_o"] = self.polled
        if self.bus:
            expected |= {f"fpga_{name}_o": value for name, value in self.bus[0].items()}
        if sent and request:
            expected |= {f"down_{name}_o": value for name, value in request.items()}
            expected["down_epoch_o"] = self.epoch
        if self.answers:
            expected["answer_data_o"] = self.answers[0][1]
        self._move(i, request, sent)
        return expected

    def _move(self, i: dict[str, int], request: dict[str, int] | None, sent: bool) -> None:
        room = len(self.answers) < DEPTH
        if self.answers and i["answer_ready_i"]:
            self.reads -= self.answers.popleft()[0]
            self.counts["answers"] += 1
        self._oldest(room)
        if self.bus and not i["fpga_busy_i"]:
            access = self.bus.popleft()
            self.responses[False].append(i["fpga_data_i"] if access["read"] else 0)
        if i["up_valid_i"]:
            if i["up_epoch_i"] == self.epoch:
                self.responses[True].append(i["up_data_i"])
            else:
                self.counts["stale"] += 1
        self.half_sent = request is not None and not sent
        if sent:
            self.requests.popleft()
        if i["valid_i"]:
            self._start(i)
        if i["timeout_i"] or i["chip_lost_i"] or i["clear_i"]:
            self._abandon(i)

    def _oldest(self, room: bool) -> None:
        self.polled = None
        if not self.pending:
            return
        entry = self.pending[0]
        queue = self.responses[entry.chip]
        if not (entry.lost or queue) or (entry.wanted and not entry.lost and not room):
            return
        self.pending.popleft()
        value = 0 if entry.lost else queue.popleft()
        if entry.wanted and not entry.lost:
            self.answers.append((entry.read, value))
        else:
            self.reads -= entry.read
            self.counts["lost"] += entry.lost
            if entry.poll and not entry.lost:
                self.polled = value
                self.counts["polls"] += 1

    def _start(self, i: dict[str, int]) -> None:
        chip, read, poll = not i["address_i"] >> 31, bool(i["read_i"]), bool(i["poll_i"])
        wanted = not poll and (read or not i["filter_writes_i"])
        self.pending.append(Entry(chip, read, poll, wanted))
        self.reads += read
        access = {k: i[f"{k}_i"] for k in ("read", "byte_enables", "address", "data")}
        if chip:
            self.requests.append(access)
        else:
            self.bus.append(access)

    def _abandon(self, i: dict[str, int]) -> None:
        self.epoch = (self.epoch + 1) % 256
        self.requests.clear()
        self.responses[True].clear()
        self.half_sent = False
        for entry in self.pending:
            entry.lost |= entry.chip
        if i["timeout_i"]:
            self.counts["cancelled"] += len(self.answers)
            for entry in self.pending:
                entry.wanted = entry.poll = entry.read = False
            self.answers.clear()
            self.polled, self.reads = None, 0
        if i["clear_i"]:
            self.pending.clear()
            self.answers.clear()
            self.responses[False].clear()
            self.bus.clear()
            self.polled, self.reads = None, 0


class TB(Ticked):
    """The master with registers on one side and a chip that answers after `latency` ticks."""

    def __init__(self, dut: Any, name: str, latency: int = 10) -> None:
        super().__init__(dut, Model(), INPUTS, generator(name))
        self.latency = latency
        self.held: dict[str, int] = {}
        self.busy = 0.0  # how often a register is busy
        self.chip: deque[tuple[int, int, int]] = deque()  # tick, epoch, read

    async def step(self, **inputs: int) -> dict[str, Any]:
        """One tick; the chip answers reads with random values and writes with 0."""
        given = {"fpga_data_i": self.rng.getrandbits(32), **self.held, **inputs}
        if self.busy:
            given["fpga_busy_i"] = int(self.rng.random() < self.busy)
        if not given.get("link_ready_i", 1):
            self.chip.clear()
        if self.chip and self.chip[0][0] <= self.now:
            _, epoch, read = self.chip.popleft()
            data = self.rng.getrandbits(32) if read else 0
            given |= {"up_valid_i": 1, "up_epoch_i": epoch, "up_data_i": data}
        expected = await self.tick(**given)
        if expected["down_valid_o"]:
            latency = self.latency + self.rng.randrange(3)
            self.chip.append(
                (self.now + latency, expected["down_epoch_o"], expected["down_read_o"])
            )
        return expected

    def access(self, base: int, read: bool, poll: bool = False) -> dict[str, int]:
        """A random access to one side."""
        return {
            "valid_i": 1,
            "read_i": int(read),
            "poll_i": int(poll),
            "address_i": base | self.rng.getrandbits(20),
            "byte_enables_i": self.rng.getrandbits(4),
            "data_i": self.rng.getrandbits(32),
        }

    def ready(self, read: bool) -> bool:
        """Whether the next tick has room."""
        room = len(self.model.pending) < DEPTH
        return room and (not read or self.model.reads < READS)

    async def drain(self) -> None:
        for _ in range(2000):
            if (await self.step())["bus_idle_o"]:
                return
        raise AssertionError("the bus does not become idle")


@cocotb.test(timeout_time=20, timeout_unit="ms")
@corners
async def random_accesses(dut: Any, idle: bool, pressure: bool) -> None:
    """Both sides mixed, with polling and with answers to writes; drained at the end."""
    tb = TB(dut, f"accesses {idle} {pressure}", latency=30)
    rng = tb.rng
    tb.busy = 0.3 if pressure else 0
    await tb.reset()
    for k in range(3000):
        tb.held["filter_writes_i"] = k // 500 % 2
        tb.held["answer_ready_i"] = int(not pressure or rng.random() < 0.2)
        read = rng.random() < 0.6
        if (idle and rng.random() < 0.6) or not tb.ready(read):
            await tb.step()
        else:
            side = rng.choice([CHIP, CHIP, FPGA])
            await tb.step(**tb.access(side, read, read and rng.random() < 0.1))
    tb.held["answer_ready_i"] = 1
    await tb.drain()
    await tb.step()  # the last value may be one for the comparator, which sees it now
    counts = tb.model.counts
    assert counts["answers"] > 100 and counts["polls"] > 20
    assert not counts["lost"] and not counts["stale"]
    assert not tb.model.reads and tb.seen["idle_o"]


@cocotb.test(timeout_time=20, timeout_unit="ms")
@corners
async def lost_accesses(dut: Any, idle: bool, pressure: bool) -> None:
    """Chip resets, timeouts, connection resets and a link that goes down, at any time."""
    tb = TB(dut, f"lost {idle} {pressure}", latency=20)
    rng = tb.rng
    tb.busy = 0.3 if pressure else 0
    await tb.reset()
    for k in range(3000):
        tb.held["filter_writes_i"] = k // 300 % 2
        tb.held["answer_ready_i"] = int(not pressure or rng.random() < 0.2)
        tb.held["link_ready_i"] = int(k % 400 > 20)
        read = rng.random() < 0.7
        if rng.random() < 0.02:
            what = rng.choice(["timeout_i", "timeout_i", "chip_lost_i", "clear_i"])
            await tb.step(**{what: 1})
        elif (idle and rng.random() < 0.6) or not tb.ready(read):
            await tb.step()
        else:
            side = rng.choice([CHIP, FPGA])
            await tb.step(**tb.access(side, read, read and rng.random() < 0.2))
    tb.held = {}
    await tb.step(timeout_i=1)
    await tb.drain()
    counts = tb.model.counts
    assert counts["lost"] > 50 and counts["stale"] > 20
    assert counts["cancelled"] > 10 or not pressure
    await tb.step(**tb.access(CHIP, True))
    await tb.drain()
    assert tb.model.counts["answers"] > counts["answers"] - 1 and not tb.model.reads


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def fifty_two_reads_in_flight(dut: Any) -> None:
    """Then no read, but writes up to the depth of the pending queue; one answer frees one read."""
    tb = TB(dut, "reads")
    await tb.reset()
    tb.held["link_ready_i"] = 0
    for _ in range(READS):
        assert (await tb.step(**tb.access(CHIP, True)))["read_ready_o"]
    seen = await tb.step()
    assert (seen["read_ready_o"], seen["write_ready_o"], seen["reads_in_flight_o"]) == (0, 1, READS)
    for _ in range(DEPTH - READS):
        assert (await tb.step(**tb.access(CHIP, False)))["write_ready_o"]
    assert not (await tb.step())["write_ready_o"]
    tb.held["link_ready_i"] = 1
    while not (await tb.step())["answer_valid_o"]:
        pass
    seen = await tb.step()
    assert seen["reads_in_flight_o"] == READS - 1 and seen["read_ready_o"]
    await tb.drain()


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def answers_keep_the_order_of_the_program(dut: Any) -> None:
    """The answer of a fast FPGA register waits behind that of the slow chip."""
    tb = TB(dut, "order", latency=40)
    await tb.reset()
    await tb.step(**tb.access(CHIP, True))
    began = tb.now - 1
    await tb.step(**tb.access(FPGA, True))
    values = []
    while len(values) < 2:
        given = {"fpga_data_i": 0xF}
        seen = await tb.step(**given)
        if seen["answer_valid_o"]:
            values.append(seen["answer_data_o"])
            assert tb.now - 1 > began + 40
    assert values[0] != 0xF and values[1] == 0xF


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def latency_of_a_quiet_bus(dut: Any) -> None:
    """FPGA read at t: bus at t+1, answer at t+3. A chip read leaves at t+1, a write at t+2."""
    tb = TB(dut, "latency")
    await tb.reset()
    await tb.step(**tb.access(FPGA, True))
    seen = [await tb.step() for _ in range(4)]
    assert [s["fpga_valid_o"] for s in seen] == [1, 0, 0, 0]
    assert [s["answer_valid_o"] for s in seen] == [0, 0, 1, 0]
    for read, ticks in ((True, [1, 0, 0]), (False, [0, 1, 0])):
        await tb.step(**tb.access(CHIP, read))
        assert [(await tb.step())["down_valid_o"] for _ in range(3)] == ticks
        await tb.drain()


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def byte_enables_travel_with_the_access(dut: Any) -> None:
    tb = TB(dut, "bytes")
    await tb.reset()
    for enables in range(16):
        for side, prefix in ((CHIP, "down"), (FPGA, "fpga")):
            await tb.step(**tb.access(side, False) | {"byte_enables_i": enables})
            while not (seen := await tb.step())[f"{prefix}_valid_o"]:
                pass
            assert seen[f"{prefix}_byte_enables_o"] == enables
            await tb.drain()


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def skipping_misses_nothing(dut: Any) -> None:
    """An idle master does nothing by itself, whatever it waits for."""
    tb = TB(dut, "skipping")
    rng = tb.rng
    await tb.reset()
    for _ in range(300):
        tb.held["link_ready_i"] = int(rng.random() < 0.8)
        read = rng.random() < 0.6
        if tb.ready(read):
            await tb.step(**tb.access(rng.choice([CHIP, FPGA]), read))
        # A waiting answer keeps the arbiter from being idle, not this block.
        await tb.wait(rng.randrange(200), **tb.held, answer_ready_i=0)
        for _ in range(rng.randrange(20)):
            await tb.step()
        if rng.random() < 0.1:
            await tb.step(timeout_i=1)
    assert tb.skipped > 10_000
