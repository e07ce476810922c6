# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/common/link.sv against a model of docs/timing.md section 8."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import cocotb

from cosim.machine import CONSTANTS
from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

#: Stream -> name of its valid (or count) port and of its data port without suffix, bits of both.
STREAMS = {
    "down_bus": ("down_bus_valid", "down_bus", 1, 77),
    "down_event": ("down_event_count", "down_event", 2, 48),
    "down_sync": ("down_sync_valid", "down_sync_set", 1, 1),
    "up_bus": ("up_bus_valid", "up_bus", 1, 40),
    "up_event": ("up_event_count", "up_event", 2, 50),
    "up_sync": ("up_sync_valid", "up_sync", 1, 86),
}
PHYS = ("fpga_enable_i", "fpga_auto_i", "asic_enable_i", "asic_auto_i")
ALL_ON = dict.fromkeys(PHYS, 0xFF)
INPUTS = {
    "tick_time_i": 0,
    **dict.fromkeys(PHYS, 0),
    "asic_reset_i": 0,
    "down_error_i": 0,
    "up_error_i": 0,
    "down_bus_ready_i": 1,
    **{f"{port}_i": 0 for valid, data, _, _ in STREAMS.values() for port in (valid, data)},
}
NONE, LOST, DAMAGED, REPEATED = (
    CONSTANTS[f"LinkError{kind}"] for kind in ("None", "Lost", "Damaged", "Repeated")
)
DEPTH = CONSTANTS["ArqDepth"]
#: Items that may come in at the ends of FPGA and chip when they are not ready any more.
RESERVE = {"down": 1, "up": CONSTANTS["ArqReserve"]}
READ_BIT = 68


@dataclass
class Frame:
    """What is on the wires in a tick; numbers count from the start, without an end."""

    item: int | None
    number: int
    acknowledged: int
    events: tuple[int, int]
    damaged: bool = False


class End:
    """One end of the repeats: items by their numbers."""

    def __init__(self) -> None:
        self.items: list[int] = []  # all that came in
        self.oldest = self.next = self.fresh = 0
        self.expected = 0
        self.owed = False
        self.deadline = 0

    def ready(self, reserve: int) -> bool:
        return len(self.items) - self.oldest <= DEPTH - reserve

    def again(self) -> int | None:
        """The item that goes out, if it went before."""
        return self.items[self.next] if self.next < self.fresh else None

    def frame(self, item: int | None, events: tuple[int, int]) -> Frame | None:
        if item is not None:
            self.items.append(item)
        going = self.items[self.next] if self.next < len(self.items) else None
        if going is None and not self.owed and not events[0]:
            return None
        return Frame(going, self.next, self.expected, events)

    def end_tick(
        self, t: int, timeout: int, sent: Frame | None, got: Frame | None, taken: bool
    ) -> None:
        self.expected += taken
        expires = self.fresh > self.oldest and t == self.deadline
        restart = expires
        if sent and sent.item is not None:
            restart |= self.oldest == self.fresh
            self.next += 1
            self.fresh = max(self.fresh, self.next)
        got = None if got and got.damaged else got
        if got and self.oldest < got.acknowledged:
            restart = True
            self.oldest = got.acknowledged
            self.next = max(self.next, self.oldest)
        elif expires:
            self.next = self.oldest
        if restart:
            self.deadline = t + timeout
        self.owed = got is not None and got.item is not None


class Model:
    """Start-up, delay and repeats; one call of `step` is one tick."""

    def __init__(self, latency: int, delay: int) -> None:
        self.latency, self.delay = latency, delay
        self.timeout = 2 * latency + CONSTANTS["ArqSlack"]
        self.usable_since: list[int | None] = [None] * 8
        self.ends = {"down": End(), "up": End()}  # by the direction of their items
        self.wires: dict[str, deque[tuple[int, Frame]]] = {d: deque() for d in self.ends}
        self.last: dict[str, Frame | None] = dict.fromkeys(self.ends)
        self.syncs: dict[str, deque[tuple[int, int]]] = {d: deque() for d in self.ends}
        self.delivered = self.lost = self.repeats = self.damaged = self.refused = 0

    def quiet(self) -> bool:
        """Nothing is under way, everything is acknowledged."""
        ends = (e.oldest < len(e.items) or e.owed for e in self.ends.values())
        return not any((*self.wires.values(), *self.syncs.values(), *self.last.values(), *ends))

    def step(self, i: dict[str, int]) -> dict[str, int]:
        t = i["tick_time_i"]
        usable = 0 if i["asic_reset_i"] else 0xFF
        for name in PHYS:
            usable &= i[name]
        up = 0
        for phy in range(8):
            if not usable >> phy & 1:
                self.usable_since[phy] = None
                continue
            since = self.usable_since[phy]
            if since is None:
                since = self.usable_since[phy] = t
            up |= int(t >= since + self.delay) << phy
        expected = {"up_o": int(up != 0), "phy_up_o": up}
        for direction, end in self.ends.items():
            expected[f"{direction}_bus_ready_o"] = int(end.ready(RESERVE[direction]))
        if not up:
            given = sum(bool(i[f"{valid}_i"]) for valid, *_ in STREAMS.values())
            self.lost += sum(map(len, (*self.wires.values(), *self.syncs.values()))) + given
            for direction in self.ends:
                self.wires[direction].clear()
                self.syncs[direction].clear()
                self.ends[direction] = End()
                self.last[direction] = None
            quiet = (f"{valid}_o" for valid, *_ in STREAMS.values())
            return expected | dict.fromkeys(
                [*quiet, "down_again_o", "up_arrived_o", "up_damaged_o"], 0
            )

        again = self.ends["down"].again()
        expected["down_again_o"] = 0 if again is None else 2 - (again >> READ_BIT & 1)
        self.repeats += again is not None
        arrived = {direction: self._arrive(direction, t, i, expected) for direction in self.ends}
        got = arrived["up"][0]
        expected["up_damaged_o"] = int(got is not None and got.damaged)
        expected["up_arrived_o"] = int(got is not None and not got.damaged and got.item is not None)
        self.damaged += expected["up_damaged_o"]
        for direction, other in (("down", "up"), ("up", "down")):
            self._send(direction, t, i, *arrived[other])
        return expected

    def _arrive(
        self, direction: str, t: int, i: dict[str, int], expected: dict[str, int]
    ) -> tuple[Frame | None, bool]:
        """What arrives, and whether its item is taken."""
        sync, sync_data = STREAMS[f"{direction}_sync"][:2]
        queue = self.syncs[direction]
        expected[f"{sync}_o"] = int(bool(queue) and queue[0][0] == t)
        if expected[f"{sync}_o"]:
            expected[f"{sync_data}_o"] = queue.popleft()[1]
            self.delivered += 1
        wire = self.wires[direction]
        frame = wire.popleft()[1] if wire and wire[0][0] == t else None
        intact = frame if frame and not frame.damaged else None
        count = intact.events[0] if intact else 0
        expected[f"{direction}_event_count_o"] = count
        if intact and count:
            expected[f"{direction}_event_o"] = intact.events[1]
            self.delivered += 1
        receiver = self.ends["up" if direction == "down" else "down"]
        is_next = bool(intact and intact.item is not None and intact.number == receiver.expected)
        expected[f"{direction}_bus_valid_o"] = int(is_next)
        if not is_next:
            return frame, False
        expected[f"{direction}_bus_o"] = intact.item
        taken = direction == "up" or bool(i["down_bus_ready_i"])
        self.delivered += taken
        self.refused += not taken
        return frame, taken

    def _send(
        self, direction: str, t: int, i: dict[str, int], got: Frame | None, taken: bool
    ) -> None:
        end = self.ends[direction]
        item = i[f"{direction}_bus_i"] if i[f"{direction}_bus_valid_i"] else None
        events = i[f"{direction}_event_count_i"], i[f"{direction}_event_i"]
        frame = end.frame(item, events)
        end.end_tick(t, self.timeout, frame, got, taken)
        if i[f"{direction}_sync_valid_i"]:
            sync = i[f"{STREAMS[f'{direction}_sync'][1]}_i"]
            self.syncs[direction].append((t + self.latency, sync))
        on_wire = self.last[direction] or frame
        error = i[f"{direction}_error_i"]
        self.last[direction] = on_wire if error == REPEATED else None
        if on_wire and error != LOST:
            damaged = replace(on_wire, damaged=error == DAMAGED)
            self.wires[direction].append((t + self.latency, damaged))


class TB(Ticked):
    """The link with random traffic on all streams."""

    def __init__(self, dut: Any, name: str) -> None:
        rng = generator(name)
        self.latency, self.delay = int(dut.Latency.value), int(dut.UpDelay.value)
        # Deadlines are taken modulo 64: start anywhere, also close to the end of the 43 bits.
        start = rng.choice([0, rng.getrandbits(40), (1 << 43) - 1_000_000])
        super().__init__(dut, Model(self.latency, self.delay), INPUTS, rng, start)
        self.given: dict[str, deque[tuple[int, int]]] = {d: deque() for d in RESERVE}

    def items(self, rate: float) -> dict[str, int]:
        """Items on each stream with this probability; bus items only where there is room."""
        found = {}
        for stream, (valid, data, counts, width) in STREAMS.items():
            direction, kind = stream.split("_")
            room = kind != "bus" or self.model.ends[direction].ready(1)
            found[f"{data}_i"] = self.rng.getrandbits(width)
            if room and self.rng.random() < rate:
                found[f"{valid}_i"] = self.rng.randint(1, 2**counts - 1)
                if kind == "bus":
                    self.given[direction].append((self.now, found[f"{data}_i"]))
        return found

    async def bring_up(self) -> None:
        await self.wait(self.delay + 2, **ALL_ON)

    async def checked(self, exact: bool, **inputs: int) -> None:
        """One tick; bus items arrive in the order in which they were given, each once.

        :param exact: ... and exactly `Latency` ticks later.
        """
        now = self.now
        seen = await self.tick(**ALL_ON, **inputs)
        for direction, given in self.given.items():
            ready = direction == "up" or inputs.get("down_bus_ready_i", 1)
            if seen[f"{direction}_bus_valid_o"] and ready:
                at, data = given.popleft()
                assert data == seen[f"{direction}_bus_o"], f"tick {now}: wrong item {direction}"
                assert not exact or now == at + self.latency

    async def drain(self) -> None:
        """Without errors everything arrives within a few repeats, and the link comes to rest."""
        for _ in range(DEPTH + 4 * self.model.timeout):
            await self.checked(False)
        assert not any(self.given.values())
        assert self.model.quiet() and self.seen["idle_o"]


@cocotb.test(timeout_time=10, timeout_unit="ms")
@cocotb.parametrize(rate=[0.05, 0.5, 1.0])
async def latency(dut: Any, rate: float) -> None:
    """Everything arrives, `Latency` ticks later, in order; nothing else does."""
    tb = TB(dut, f"latency {rate}")
    await tb.reset()
    await tb.bring_up()
    for _ in range(1000):
        await tb.checked(True, **tb.items(rate))
    await tb.drain()
    assert not tb.model.lost and not tb.model.repeats
    assert tb.model.delivered > 100


@cocotb.test(timeout_time=10, timeout_unit="ms")
@cocotb.parametrize(directions=[("down",), ("up",), ("down", "up")])
async def errors(dut: Any, directions: tuple[str, ...]) -> None:
    """Frames of one direction or both are lost, damaged, repeated, all of these, or all lost."""
    tb = TB(dut, f"errors {directions}")
    rng = tb.rng
    await tb.reset()
    await tb.bring_up()
    kinds = [LOST, DAMAGED, REPEATED]
    phases = [(0.1, [kind]) for kind in kinds] + [(0.1, kinds), (0.5, kinds), (1.0, [LOST])]
    for chance, drawn in phases:
        for _ in range(3 * tb.model.timeout if chance == 1 else 300 + 4 * tb.model.timeout):
            hit = {f"{d}_error_i": rng.choice(drawn) for d in directions if rng.random() < chance}
            await tb.checked(False, **tb.items(0.7), **hit)
        for _ in range(200):
            await tb.checked(False, **tb.items(0.2))
    await tb.drain()
    ends = tb.model.ends
    assert all(len(end.items) > 2 * DEPTH for end in ends.values()), "numbers wrapped"
    assert tb.model.repeats and bool(tb.model.damaged) == ("up" in directions)


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def refused(dut: Any) -> None:
    """What the chip has no room for comes again, with and without errors."""
    tb = TB(dut, "refused")
    rng = tb.rng
    await tb.reset()
    await tb.bring_up()
    for chance in (0.0, 0.1):
        for k in range(800):
            hit = {f"{d}_error_i": rng.randint(1, 3) for d in RESERVE if rng.random() < chance}
            room = {"down_bus_ready_i": int(rng.random() < (0.05 if k < 400 else 0.5))}
            await tb.checked(False, **tb.items(0.5), **hit, **room)
    await tb.drain()
    assert tb.model.refused > 5 and tb.model.repeats


@cocotb.test(timeout_time=10, timeout_unit="ms")
@corners
async def bring_up_and_loss(dut: Any, idle: bool, pressure: bool) -> None:
    """Settings of both ends change at any time; `idle` thins the traffic, `pressure` the peace."""
    tb = TB(dut, f"loss {idle} {pressure}")
    rng = tb.rng
    await tb.reset()
    settings = dict(ALL_ON)
    chance = 0.0
    for _ in range(40):
        for _ in range(rng.randint(1, (tb.delay + tb.latency) * 2)):
            hit = {f"{d}_error_i": rng.randint(1, 3) for d in RESERVE if rng.random() < chance}
            await tb.tick(**settings, **tb.items(0.1 if idle else 0.9), **hit)
            if pressure and rng.random() < 0.005:
                settings[rng.choice(PHYS)] ^= 1 << rng.randrange(8)
        settings = {name: rng.choice([0xFF, 0xFF, rng.getrandbits(8)]) for name in PHYS}
        settings["asic_reset_i"] = int(rng.random() < 0.1)
        chance = rng.choice([0.0, 0.1, 0.5])
    # What a link that was down brings is new, whatever was under way before.
    await tb.tick(asic_reset_i=1)
    tb.given = {d: deque() for d in RESERVE}
    await tb.bring_up()
    for _ in range(100):
        await tb.checked(True, **tb.items(0.5))
    await tb.drain()
    assert tb.model.lost > 20 and tb.model.delivered > 20


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def skipping_misses_nothing(dut: Any) -> None:
    """Random quiet times with what the block allows to skip left out; errors hit what is there."""
    tb = TB(dut, "skipping")
    rng = tb.rng
    await tb.reset()
    settings = dict(ALL_ON)
    for k in range(200):
        chance = 0.0 if k < 100 else 0.3
        for _ in range(rng.randrange(3)):
            hit = {f"{d}_error_i": rng.randint(1, 3) for d in RESERVE if rng.random() < chance}
            await tb.tick(**settings, **tb.items(0.2), **hit)
        await tb.wait(rng.randint(1, 2 * tb.delay + 2 * tb.latency), **settings)
        if rng.random() < 0.2:
            settings[rng.choice(PHYS)] ^= 1 << rng.randrange(8)
        elif rng.random() < 0.1:
            settings = dict(ALL_ON)
    assert tb.skipped > 1000 or tb.delay < 10
    assert tb.model.delivered > 50
