# SPDX-License-Identifier: Apache-2.0
"""Bench of arbiter, packer and trace FIFO against a model of docs/timing.md section 4.

What arrives at the host is decoded by the host's codec and compared in value and time.
"""

from collections import deque
from typing import Any

import cocotb
import numpy as np

from cosim.machine import CONSTANTS
from hal.hxcomm.codec import Decoder, fpga_times
from hal.hxcomm.messages import FROM_FPGA
from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

FLUSH, WINDOW = CONSTANTS["FlushIdle"], CONSTANTS["TraceStallWindow"]
NAMES = ["notification", "systime", "loopback", "jtag", "omnibus"]  # falling priority
IDS = {message.name: message.id for message in FROM_FPGA}
LONG = {IDS["MADCSamplePack3"], IDS["SpikePack3"]}
TIME = (1 << 43) - 1
INPUTS = {
    "clear_i": 0,
    "tick_time_i": 0,
    "fpga_time_i": 0,
    "synced_i": 0,
    "sync_done_i": 0,
    "notification_valid_i": 0,
    "notification_timeout_i": 0,
    "notification_i": 0,
    "systime_valid_i": 0,
    "loopback_valid_i": 0,
    "loopback_tick_i": 0,
    "jtag_valid_i": 0,
    "jtag_i": 0,
    "omnibus_valid_i": 0,
    "omnibus_i": 0,
    "pack_count_i": 0,
    "pack_madc_i": 0,
    "pack_i": 0,
    "count_stalled_i": 0,
    "host_ready_i": 0,
}


class Packer:
    """Section 4.2: bits, most significant first, as an integer of `fill` bits."""

    def __init__(self) -> None:
        self.bits = self.fill = 0
        self.halt = False
        self.accepted = -1 << 50
        self.flushes = 0

    def out(self, t: int, room: bool, offered: bool) -> tuple[bool, tuple[int, bool] | None]:
        """Whether it is ready, and the word that leaves with its halt mark."""
        if self.fill >= 64:
            if not room:
                return False, None
            self.fill -= 64
            word, self.bits = self.bits >> self.fill, self.bits & (1 << self.fill) - 1
            last = self.halt and not self.fill
            ready = self.fill < 64 and not self.halt
            self.halt &= not last
            return ready, (word, last)
        quiet = not offered and t - self.accepted >= FLUSH
        if not self.fill or not (self.halt or quiet):
            return not self.halt, None
        if not room:
            return False, None
        word = (self.bits << 1 | 1) << 63 - self.fill
        halt, self.halt = self.halt, False
        self.bits = self.fill = 0
        self.flushes += 1
        return False, (word, halt)

    def put(self, t: int, header: int, payload: int, halt: bool) -> None:
        width = 80 if header in LONG else 64
        self.bits = self.bits << width | header << width - 8 | payload
        self.fill += width
        self.halt |= halt
        self.accepted = t


class Model:
    """Section 4; one call of `step` is one tick."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.packer = Packer()
        self.fifo: deque[tuple[int, bool]] = deque()
        self.last_event = True
        self.known = self.armed = False
        self.previous = 0
        self.stalled: deque[int] = deque()
        #: What the host must find: id, payload, time (None: not synchronised).
        self.sent: list[tuple[int, int, int | None]] = []
        self.annotations: set[str] = set()

    @staticmethod
    def _class_a(i: dict[str, int]) -> tuple[str, int, int] | None:
        """Source, header and payload of the message that class A offers."""
        for name in NAMES:
            if i[f"{name}_valid_i"]:
                break
        else:
            return None
        if name == "notification":
            kind = "TimeoutNotification" if i["notification_timeout_i"] else None
            return name, IDS[kind or "HighspeedLinkNotification"], i["notification_i"]
        if name == "systime":
            return name, IDS["Systime"], i["fpga_time_i"]
        if name == "loopback":
            return name, IDS["Loopback"], i["loopback_tick_i"]
        if name == "jtag":
            return name, IDS["JtagData"], i["jtag_i"]
        return name, IDS["OmnibusData"], i["omnibus_i"]

    @staticmethod
    def _pack(i: dict[str, int]) -> tuple[str, int, int] | None:
        """The same of the event packs: the first event is the most significant one."""
        if not (count := i["pack_count_i"]):
            return None
        payload = 0
        for k in range(count):
            payload = payload << 24 | i["pack_i"] >> 24 * k & 0xFF_FFFF
        kind = "MADCSamplePack" if i["pack_madc_i"] else "SpikePack"
        return "pack", IDS[f"{kind}{count}"], payload

    def step(self, i: dict[str, int]) -> dict[str, int]:
        t = i["tick_time_i"]
        class_a, pack = self._class_a(i), self._pack(i)
        chosen = pack if pack and (not class_a or not self.last_event) else class_a
        if i["clear_i"]:
            chosen = None
        expected: dict[str, int] = {f"{name}_ready_o": 0 for name in [*NAMES, "pack"]}
        expected["host_valid_o"] = int(bool(self.fifo))
        if self.fifo:
            expected["host_data_o"], expected["host_halt_o"] = self.fifo[0][0], int(self.fifo[0][1])
        while self.stalled and self.stalled[0] < t - WINDOW:
            self.stalled.popleft()
        if i["count_stalled_i"]:
            expected["stalled_o"] = len(self.stalled)
        room = len(self.fifo) < self.depth
        ready, word = self.packer.out(t, room, chosen is not None)
        if self.fifo and i["host_ready_i"]:
            self.fifo.popleft()
        if word:
            self.fifo.append(word)
        if chosen and ready:
            self._send(i, *chosen)
            if not self.armed:
                expected[f"{chosen[0]}_ready_o"] = 1
        elif chosen:
            self.stalled.append(t)
        if i["sync_done_i"]:
            self.known = self.armed = False
        if i["clear_i"]:
            self.__init__(self.depth)  # type: ignore[misc] # all of it is cleared
        return {
            name: value
            for name, value in expected.items()
            if not name.endswith("_ready_o") or self._offered(i, name)
        }

    @staticmethod
    def _offered(i: dict[str, int], name: str) -> bool:
        source = name.removesuffix("_ready_o")
        return bool(i["pack_count_i"] if source == "pack" else i[f"{source}_valid_i"])

    def _send(self, i: dict[str, int], source: str, header: int, payload: int) -> None:
        t, now = i["tick_time_i"], i["fpga_time_i"]
        gap = now - self.previous & TIME
        if i["synced_i"] and source != "systime" and not self.armed:
            if not (self.known and gap == 1):
                if self.known and 2 <= gap <= 256:
                    note = IDS["Sysdelta"], gap - 1
                    self.annotations.add("delta")
                else:
                    note = IDS["Systime"], now
                    self.annotations.add("absolute")
                self.packer.put(t, *note, halt=False)
                self.previous, self.known, self.armed = now, True, True
                return
            self.annotations.add("none")
        halt = header == IDS["Loopback"] and not payload
        self.packer.put(t, header, payload, halt)
        late = self.armed and source != "systime"
        self.previous = self.previous + 1 & TIME if late else now
        self.known, self.armed = not halt, False
        self.last_event = source == "pack"
        self.sent.append((header, payload, self.previous if i["synced_i"] else None))


class TB(Ticked):
    """Sources with queues in front of the trace; a host behind it."""

    def __init__(self, dut: Any, name: str) -> None:
        rng = generator(name)
        start = rng.choice([0, rng.getrandbits(40)])
        super().__init__(dut, Model(int(dut.Depth.value)), INPUTS, rng, start)
        self.offset = rng.choice([0, rng.getrandbits(43), -start - 300])
        self.waiting: dict[str, dict[str, int]] = {}
        self.synced = 0
        self.words: list[int] = []
        self.halts: list[bool] = []

    def make(self, source: str) -> dict[str, int]:
        """A random message of `source`."""
        rng = self.rng
        if source == "pack":
            madc, count = rng.getrandbits(1), rng.randint(1, 3)
            return {"pack_count_i": count, "pack_madc_i": madc, "pack_i": rng.getrandbits(72)}
        found = {f"{source}_valid_i": 1}
        if source == "loopback":
            return found | {"loopback_tick_i": int(rng.random() < 0.8)}
        if source == "notification":
            timeout = rng.getrandbits(1)
            bits = rng.getrandbits(45 if timeout else 8)
            return found | {"notification_timeout_i": timeout, "notification_i": bits}
        if source == "systime":
            return found
        return found | {f"{source}_i": rng.getrandbits(33 if source == "jtag" else 32)}

    def level(self) -> dict[str, int]:
        """Inputs that hold: sources that wait, time."""
        held = {k: v for one in self.waiting.values() for k, v in one.items()}
        held |= {"fpga_time_i": self.now + self.offset & TIME, "synced_i": self.synced}
        return held

    async def step(self, **inputs: int) -> dict[str, Any]:
        """One tick; messages that were taken stop waiting, words are kept."""
        expected = await self.tick(**self.level(), **inputs)
        for source in list(self.waiting):
            if expected.get(f"{source}_ready_o"):
                del self.waiting[source]
        if expected["host_valid_o"] and inputs.get("host_ready_i"):
            self.words.append(expected["host_data_o"])
            self.halts.append(bool(expected["host_halt_o"]))
        return expected

    async def sync(self) -> None:
        """A handshake ends: the time changes, and annotation begins."""
        await self.step(sync_done_i=1, host_ready_i=1)
        self.offset = self.rng.getrandbits(43)
        self.synced = 1

    async def drain(self) -> None:
        for _ in range(2000):
            await self.step(host_ready_i=1)
            if self.seen["idle_o"] and not self.waiting:
                return
        raise AssertionError("the trace does not drain")

    def compare(self) -> None:
        """Decode all words and compare with what was sent, value and time."""
        decoder = Decoder(FROM_FPGA)
        messages = decoder.feed(np.array(self.words, np.uint64))
        decoder.finish()
        report, halt = IDS["Systime"], (IDS["Loopback"], 0)
        times = fpga_times(messages).tolist()
        got = [(*pair, time) for pair, time in zip(messages.pairs(), times, strict=True)]
        data = [m for m in got if m[0] not in (report, IDS["Sysdelta"])]
        sent = [m for m in self.model.sent if m[0] != report]
        assert [m[:2] for m in data] == [m[:2] for m in sent]
        for k, (found, wanted) in enumerate(zip(data, sent, strict=True)):
            if wanted[2] is not None:
                assert found[2] == wanted[2], f"message {k}: time {found[2]}, sent {wanted}"
        reports = [m[1] for m in self.model.sent if m[0] == report]
        assert set(reports) <= {m[1] for m in got if m[0] == report}
        assert sum(self.halts) == sum(m[:2] == halt for m in sent)


@cocotb.test(timeout_time=30, timeout_unit="ms")
@corners
async def random_messages(dut: Any, idle: bool, pressure: bool) -> None:
    """All sources; before and after a handshake, with stalls, halts and long pauses."""
    tb = TB(dut, f"messages {idle} {pressure}")
    rng = tb.rng
    await tb.reset()
    for k in range(3000):
        if k == 500 or rng.random() < 0.001:
            await tb.sync()
        for source in [*NAMES, "pack"]:
            rate = 0.02 if source in ("loopback", "systime", "notification") else 0.3
            if source not in tb.waiting and rng.random() < (rate / 10 if idle else rate):
                tb.waiting[source] = tb.make(source)
        await tb.step(
            host_ready_i=int(not pressure or rng.random() < 0.6),
            count_stalled_i=int(rng.random() < 0.1),
        )
    await tb.drain()
    tb.compare()
    model = tb.model
    assert len(model.sent) > 200 and model.packer.flushes  # of 10 and more
    assert model.annotations >= {"delta", "absolute"} and not model.packer.fill


@cocotb.test(timeout_time=30, timeout_unit="ms")
async def pauses_of_every_length(dut: Any) -> None:
    """Gaps of 1 to 260 ticks and long ones, skipped where allowed; times are exact."""
    tb = TB(dut, "pauses")
    await tb.reset()
    await tb.sync()
    ticks = []
    for gap in [*range(1, 262), 1000, 5000, 1, 1]:
        tb.waiting["omnibus"] = tb.make("omnibus")
        ticks.append(tb.now + 1 + tb.offset & TIME)  # the annotation goes first
        while tb.waiting:
            await tb.step(host_ready_i=1)
        while not tb.seen["idle_o"] and gap > 12:
            await tb.step(host_ready_i=1)
            gap -= 1
        for _ in range(min(gap, 12)):
            await tb.step(host_ready_i=1)
        tb.counting = frozenset({"fpga_time_i"})
        level = {"synced_i": 1, "host_ready_i": 1, "fpga_time_i": tb.now + tb.offset & TIME}
        await tb.wait(max(gap - 12, 0), **level)
    await tb.drain()
    tb.compare()
    assert [m[2] for m in tb.model.sent] == ticks
    assert tb.skipped > 1000


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def back_to_back_needs_no_annotation(dut: Any) -> None:
    tb = TB(dut, "back to back")
    await tb.reset()
    await tb.sync()
    for _ in range(50):
        tb.waiting["jtag"] = tb.make("jtag")
        await tb.step(host_ready_i=1)
        if tb.waiting:
            await tb.step(host_ready_i=1)
    await tb.drain()
    tb.compare()
    assert len(tb.words) == 51, "one annotation in front of all"


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def a_comma_flushes(dut: Any) -> None:
    """Two 80-bit messages and a halt: the worked example of the interface reference."""
    tb = TB(dut, "comma")
    await tb.reset()
    event = {"pack_count_i": 3, "pack_i": 0x778899_445566_112233}
    tb.waiting["pack"] = event
    await tb.drain()
    assert tb.words == [0x0C11_2233_4455_6677, 0x8899_8000_0000_0000]
    tb.words.clear()
    tb.waiting["pack"] = event
    await tb.step(host_ready_i=1)
    tb.waiting["loopback"] = {"loopback_valid_i": 1, "loopback_tick_i": 0}
    await tb.drain()
    assert tb.words == [0x0C11_2233_4455_6677, 0x8899_0200_0000_0000, 0x0000_8000_0000_0000]
    assert tb.halts[-3:] == [False, False, True]


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def time_spike_samples_halt(dut: Any) -> None:
    """A time step, a spike, three MADC samples and a halt: worked example 7 of the reference."""
    tb = TB(dut, "example")
    await tb.reset()
    await tb.sync()
    tb.waiting["loopback"] = {"loopback_valid_i": 1, "loopback_tick_i": 1}
    while tb.waiting:
        await tb.step(host_ready_i=1)
    for _ in range(5):  # so that the next message follows seven ticks later
        await tb.step(host_ready_i=1)
    tb.words.clear()
    for source, message in (
        ("pack", {"pack_count_i": 1, "pack_i": 0xA01234}),
        ("pack", {"pack_count_i": 3, "pack_madc_i": 1, "pack_i": 0x1403FF_120400_1001FF}),
        ("loopback", {"loopback_valid_i": 1, "loopback_tick_i": 0}),
    ):
        tb.waiting[source] = message
        while source in tb.waiting:
            await tb.step(host_ready_i=1)
    await tb.drain()
    assert tb.words == [
        0x0600_0000_0000_0005,
        0x0A00_0000_00A0_1234,
        0x0910_01FF_1204_0014,
        0x03FF_0200_0000_0000,
        0x0000_8000_0000_0000,
    ]


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def stalled_ticks(dut: Any) -> None:
    """Ticks in which a message could not leave, among the last 96; 96 at most."""
    tb = TB(dut, "stalled")
    await tb.reset()
    for _ in range(200 + 2 * tb.model.depth):
        if "jtag" not in tb.waiting:
            tb.waiting["jtag"] = tb.make("jtag")
        last = await tb.step(count_stalled_i=1)
    assert last["stalled_o"] == WINDOW
    await tb.drain()
    assert (await tb.step(count_stalled_i=1))["stalled_o"] > 0
    await tb.wait(300)
    assert (await tb.step(count_stalled_i=1))["stalled_o"] == 0


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def connection_reset_clears(dut: Any) -> None:
    tb = TB(dut, "clear")
    rng = tb.rng
    await tb.reset()
    await tb.sync()
    for _ in range(1500):
        for source in [*NAMES, "pack"]:
            if source not in tb.waiting and rng.random() < 0.2:
                tb.waiting[source] = tb.make(source)
        await tb.step(clear_i=int(rng.random() < 0.01), host_ready_i=rng.getrandbits(1))
    tb.waiting.clear()
    await tb.step(clear_i=1)
    tb.words.clear(), tb.halts.clear()
    tb.waiting["omnibus"] = tb.make("omnibus")
    await tb.drain()
    tb.compare()
    assert len(tb.words) == 2, "time and value"
