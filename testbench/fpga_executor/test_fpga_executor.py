# SPDX-License-Identifier: Apache-2.0
"""Bench of rtl/fpga/fpga_executor.sv against a model of docs/timing.md section 3."""

from collections import deque
from typing import Any

import cocotb

from hal.hxcomm.messages import TO_FPGA
from testbench.common import corners, generator
from testbench.common.lockstep import Ticked

WORD32 = 0xFFFF_FFFF
NEVER = (1 << 43) - 1
FILLER, UNKNOWN = 1 << 63, 0x10 << 56
#: What the other blocks say, as in a quiet machine.
QUIET = {
    "jtag_ready_i": 1,
    "jtag_idle_i": 1,
    "bus_read_ready_i": 1,
    "bus_write_ready_i": 1,
    "bus_idle_i": 1,
    "systime_idle_i": 1,
    "loopback_ready_i": 1,
    "notification_ready_i": 1,
}
INPUTS = {
    "clear_i": 0,
    "tick_time_i": 0,
    "valid_i": 0,
    "word_i": 0,
    "timeout_i": 0,
    "poll_address_i": 0x0200_0000,
    "poll_mask_i": 0xFF,
    "poll_target_i": 0x42,
    "poll_valid_i": 0,
    "poll_value_i": 0,
    **QUIET,
}
NAMES = {message.id: message.name for message in TO_FPGA}
JTAG = ("JtagInit", "JtagScaler", "JtagIns", "JtagData")
HALT = TO_FPGA["Loopback"].word()
TICK = TO_FPGA["Loopback"].word(tick=1)


def word(name: str, **fields: int) -> int:
    return TO_FPGA[name].word(**fields)


class Model:
    """The executor; one call of `step` is one tick."""

    def __init__(self) -> None:
        self.timer_base = self.index = self.address = self.enables = self.chip_reset = 0
        self.polling = self.dropping = False
        self.blocked_since: int | None = None
        self.counts: dict[str, int] = {}
        self.executed_at: list[tuple[int, str]] = []

    def _can_execute(self, i: dict[str, int], name: str, payload: int, fits: bool) -> bool:
        quiet = i["bus_idle_i"] and i["jtag_idle_i"] and i["systime_idle_i"]
        if name in JTAG:
            return bool(i["jtag_ready_i"])
        if name == "WaitUntil":
            return self.timer(i) >= payload & WORD32
        if name == "SystimeInit":
            return bool(i["systime_idle_i"])
        if name == "Barrier":
            idle = (i["bus_idle_i"], i["jtag_idle_i"], i["systime_idle_i"], 1, 1)
            return all(idle[bit] for bit in range(5) if payload >> bit & 1)
        if name == "PollingOmnibusBlock":
            return fits
        if name == "Loopback":
            return bool(i["loopback_ready_i"] and (payload & 1 or quiet))
        if name == "OmnibusAddress":
            return bool(i["bus_read_ready_i"] or not payload >> 36 & 1)
        if name == "OmnibusData":
            return bool(i["bus_write_ready_i"])
        return True

    def timer(self, i: dict[str, int]) -> int:
        return i["tick_time_i"] - self.timer_base & WORD32

    def step(self, i: dict[str, int]) -> dict[str, int]:
        t, head = i["tick_time_i"], i["word_i"]
        name = NAMES.get(head >> 56, "")
        expected = dict.fromkeys(
            ("ready_o", "jtag_valid_o", "bus_valid_o", "systime_valid_o", "loopback_valid_o"), 0
        )
        expected |= dict.fromkeys(
            ("event_count_o", "chip_reset_start_o", "timeout_o", "unknown_o"), 0
        )
        expected |= {
            "timer_o": self.timer(i),
            "index_o": self.index,
            "chip_reset_o": self.chip_reset,
        }
        polled = bool(i["poll_valid_i"])
        was_polling = self.polling and not polled
        if polled:
            self.polling = False
        if not i["valid_i"]:
            self.blocked_since = None
        elif not name:
            expected |= {"ready_o": 1, "unknown_o": int(not head >> 63 and not i["clear_i"])}
            self.blocked_since = None
        elif self.dropping:
            expected |= self._drop(i, name, head)
        else:
            value = i["poll_value_i"] & i["poll_mask_i"]
            equal = value == i["poll_target_i"]
            fits = polled and equal == bool(head & 1)
            if self._can_execute(i, name, head, fits):
                self.blocked_since = None
                expected["ready_o"] = 1
                self._count(name)
                if not i["clear_i"]:
                    self.executed_at.append((t, name))
                expected |= self._execute(i, name, head)
            else:
                expected |= self._blocked(i, name, t, was_polling)
        quiet = not (expected["ready_o"] or expected["timeout_o"] or expected["bus_valid_o"])
        expected |= {"idle_o": int(quiet), "next_o": NEVER}
        if quiet and i["valid_i"] and not self.dropping:
            expected["next_o"] = self._next(i, name, head)
        if i["clear_i"]:
            self._clear(expected)
        return expected

    def _next(self, i: dict[str, int], name: str, head: int) -> int:
        """Tick in which a blocked head acts by itself."""
        if name == "WaitUntil":
            return int(i["tick_time_i"] + (head - self.timer(i) & WORD32))
        if i["timeout_i"] and self.blocked_since is not None:
            return int(self.blocked_since + i["timeout_i"])
        return NEVER

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _drop(self, i: dict[str, int], name: str, head: int) -> dict[str, int]:
        halt = name == "Loopback" and not head & 1
        self._count("dropped")
        if not halt:
            return {"ready_o": 1}
        ready = i["loopback_ready_i"]
        if ready:
            self.dropping, self.index = False, 0
        return {"ready_o": ready, "loopback_valid_o": 1, "loopback_tick_o": 0}

    def _blocked(self, i: dict[str, int], name: str, t: int, was_polling: bool) -> dict[str, int]:
        if name == "WaitUntil":
            self.blocked_since = None
            return {}
        if self.blocked_since is None:
            self.blocked_since = t
        waited = t - self.blocked_since
        if i["timeout_i"] and waited >= i["timeout_i"] and i["notification_ready_i"]:
            self.dropping, self.polling, self.blocked_since = True, False, None
            self._count("timeout")
            return {"timeout_o": 1}
        if name == "PollingOmnibusBlock" and not was_polling and i["bus_read_ready_i"]:
            self.polling = True
            self._count("poll")
            return {
                "bus_valid_o": 1,
                "bus_read_o": 1,
                "bus_poll_o": 1,
                "bus_address_o": i["poll_address_i"],
                "bus_byte_enables_o": 0xF,
            }
        return {}

    def _execute(self, i: dict[str, int], name: str, head: int) -> dict[str, int]:
        self.index += 1
        payload = head & (1 << 56) - 1
        if name in JTAG:
            found = {"jtag_valid_o": 1, "jtag_kind_o": JTAG.index(name), "jtag_keep_o": 0}
            if name == "JtagData":
                found |= {
                    "jtag_keep_o": payload >> 48 & 1,
                    "jtag_bits_o": payload >> 40 & 0xFF,
                    "jtag_data_o": payload & (1 << 33) - 1,
                }
            elif name != "JtagInit":
                found["jtag_data_o"] = payload & (0x7F if name == "JtagIns" else 0xFF)
            return found
        if name == "Setup":
            self.timer_base = i["tick_time_i"] + 1
        elif name == "SystimeInit":
            return {"systime_valid_o": 1, "systime_sync_o": payload & 1}
        elif name == "Reset":
            self.chip_reset = payload & 1
            return {"chip_reset_start_o": payload & 1}
        elif name == "Loopback":
            if not payload & 1:
                self.index = 0
            return {"loopback_valid_o": 1, "loopback_tick_o": payload & 1}
        elif name == "OmnibusAddress":
            self.address, self.enables = payload & WORD32, payload >> 32 & 0xF
            if payload >> 36 & 1:
                return self._access(1)
        elif name == "OmnibusData":
            return {**self._access(0), "bus_data_o": payload & WORD32}
        elif name.startswith("SpikePack"):
            count = int(name[-1])
            labels = [payload >> 16 * (count - 1 - k) & 0xFFFF for k in range(count)]
            return {
                "event_count_o": count,
                "event_labels_o": sum(label << 16 * k for k, label in enumerate(labels)),
            }
        return {}

    def _access(self, read: int) -> dict[str, int]:
        return {
            "bus_valid_o": 1,
            "bus_read_o": read,
            "bus_poll_o": 0,
            "bus_address_o": self.address,
            "bus_byte_enables_o": self.enables,
        }

    def _clear(self, expected: dict[str, int]) -> None:
        """Connection reset: nothing starts in this tick; the reset line stays as it was."""
        was = expected["chip_reset_o"]
        for name in expected:
            if name.endswith("_valid_o") or name in (
                "event_count_o", "chip_reset_start_o", "timeout_o", "unknown_o"
            ):  # fmt: skip
                expected[name] = 0
        counts, executed = self.counts, self.executed_at
        self.__init__()  # type: ignore[misc] # back to the state after reset
        self.counts, self.executed_at, self.chip_reset = counts, executed, was


class TB(Ticked):
    """Program in front of the executor; the blocks around it are levels and polled values."""

    counting = frozenset({"timer_o"})

    def __init__(self, dut: Any, name: str, timeout: int = 0) -> None:
        rng = generator(name)
        start = rng.choice([0, rng.getrandbits(42), (1 << 32) - 500])
        super().__init__(dut, Model(), INPUTS, rng, start)
        self.program: deque[int] = deque()
        self.held: dict[str, int] = {"timeout_i": timeout}
        self.polls: deque[tuple[int, int]] = deque()  # tick, value
        self.poll_latency = 8
        self.values: deque[int] = deque()  # what the polled reads find, then random values

    async def step(self, gap: bool = False, **inputs: int) -> dict[str, Any]:
        """One tick with the head of the program (not with `gap`)."""
        given = {**self.held, **inputs}
        if self.program and not gap:
            given |= {"valid_i": 1, "word_i": self.program[0]}
        else:
            given |= {"word_i": self.rng.getrandbits(64)}
        given["poll_value_i"] = self.rng.getrandbits(32)
        if self.polls and self.polls[0][0] <= self.now:
            given |= {"poll_valid_i": 1, "poll_value_i": self.polls.popleft()[1]}
        expected = await self.tick(**given)
        if given.get("valid_i") and expected["ready_o"]:
            self.program.popleft()
        if expected["timeout_o"] or given.get("clear_i"):
            self.polls.clear()
        elif expected["bus_valid_o"] and expected["bus_poll_o"]:
            value = self.values.popleft() if self.values else self.polled(given)
            self.polls.append((self.now + self.poll_latency, value))
        return expected

    def polled(self, given: dict[str, int]) -> int:
        """A value that fits, or all but one bit of it; bits outside the mask do not count."""
        noise = self.rng.getrandbits(32) & ~given.get("poll_mask_i", INPUTS["poll_mask_i"])
        wrong = self.rng.choice([0, 1 << self.rng.randrange(32)])
        return given.get("poll_target_i", INPUTS["poll_target_i"]) ^ wrong ^ noise

    async def run(self, *words: int, limit: int = 5000) -> int:
        """Execute `words`; gives the tick in which the last one left."""
        self.program.extend(words)
        for _ in range(limit):
            await self.step()
            if not self.program:
                return self.now - 1
        raise AssertionError(f"blocked at {self.program[0]:#018x}")


def random_word(rng: Any) -> int:
    """Any word; conditions and waits that end often enough."""
    name = rng.choice([*NAMES.values(), "Loopback", "Barrier", "PollingOmnibusBlock", "?"])
    if name == "?":
        return int(rng.choice([FILLER, UNKNOWN, 0x7F << 56]) | rng.getrandbits(56))
    if name == "WaitUntil":
        return word(name, time=rng.choice([rng.randrange(300), 0, rng.getrandbits(8)]))
    junk = TO_FPGA[name].word() | rng.getrandbits(56)
    if name == "Loopback" and rng.random() < 0.7:
        junk |= 1
    return int(junk)


@cocotb.test(timeout_time=60, timeout_unit="ms")
@corners
async def random_programs(dut: Any, idle: bool, pressure: bool) -> None:
    """All words in any order; `idle` opens gaps, `pressure` makes the other blocks busy."""
    tb = TB(dut, f"programs {idle} {pressure}", timeout=12)
    rng = tb.rng
    await tb.reset()
    for _ in range(3500):
        while len(tb.program) < 4:
            tb.program.append(random_word(rng))
            if tb.program[-1] >> 56 == 5 and rng.random() < 0.5:
                tb.program.insert(len(tb.program) - 1, word("Setup"))
        if pressure:
            tb.held |= {name: int(rng.random() < 0.6) for name in QUIET}
        tb.poll_latency = rng.randrange(1, 12)
        if not tb.model.polling:
            mask = rng.choice([rng.getrandbits(32), WORD32])
            # Now and then the target has a bit outside the mask, which no value has.
            target = rng.getrandbits(32) & (mask if rng.random() < 0.9 else WORD32)
            tb.held |= {"poll_address_i": rng.getrandbits(32)}
            tb.held |= {"poll_mask_i": mask, "poll_target_i": target}
        # A head that may run does not go away again.
        gap = idle and tb.model.blocked_since is None and rng.random() < 0.5
        await tb.step(gap=gap, clear_i=int(rng.random() < 0.002))
    tb.held |= QUIET
    tb.program.clear()
    await tb.step(clear_i=1)
    await tb.run(word("Setup"), HALT)
    assert not tb.model.dropping and not tb.polls
    missing = set(NAMES.values()) - set(tb.model.counts)
    assert not missing, f"never executed: {missing}"
    if pressure:
        assert tb.model.counts["timeout"] > 0 and tb.model.counts["dropped"] > 0


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def timer(dut: Any) -> None:
    """Setup makes the next tick 0; an instruction behind WaitUntil(x) executes at x + 1."""
    tb = TB(dut, "timer")
    await tb.reset()
    zero = await tb.run(word("Setup")) + 1
    for time in (0, 5, 6, 100, 7, 1000):
        await tb.run(word("WaitUntil", time=time))
        at = await tb.run(TICK)
        assert at == max(zero + time + 1, tb.model.executed_at[-2][0] + 1)
        assert tb.model.executed_at[-2][0] >= zero + time
    assert await tb.run(word("WaitUntil", time=2000)) == zero + 2000


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def long_waits(dut: Any) -> None:
    """Each bit of timer and instruction timeout, over jumps of the time: not one tick early."""
    tb = TB(dut, "long")
    rng = tb.rng
    await tb.reset()
    for bit in [k for k in range(32) for _ in range(4)]:
        span = 1 << bit | rng.getrandbits(bit)
        inside = [rng.randrange(span) for _ in range(8)] + [span - 1]
        tb.now = rng.getrandbits(42)
        zero = await tb.run(word("Setup")) + 1
        tb.program.append(word("WaitUntil", time=span))
        for ticks in sorted(inside):
            tb.now = zero + ticks
            assert not (await tb.step())["ready_o"]
        tb.now = zero + span
        assert (await tb.step())["ready_o"]
        tb.now = began = rng.getrandbits(42)
        tb.held["timeout_i"] = span
        tb.program += [rng.choice([word("Barrier", jtag=1), word("SystimeInit")]), HALT]
        busy = {"jtag_idle_i": 0, "systime_idle_i": 0}
        for ticks in sorted({0, *inside}):
            tb.now = began + ticks
            assert not (await tb.step(**busy))["timeout_o"]
        tb.now = began + span
        assert (await tb.step(**busy))["timeout_o"]
        await tb.run()


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def index_counts_on(dut: Any) -> None:
    """The number of an instruction, which a timeout reports, in a program of 2^16 of them."""
    tb = TB(dut, "index")
    await tb.reset()
    while tb.model.index < 1 << 16:
        await tb.run(TICK, word("Setup"))
        # The inputs stay, so each tick executes one more; powers of two are met one by one.
        more = (1 << tb.model.index.bit_length()) - tb.model.index - 1 or tb.model.index // 3
        await tb.cycles(more)
        tb.model.index += more
    await tb.run(HALT, TICK)
    assert tb.model.index == 1


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def barriers(dut: Any) -> None:
    """Every mask with every combination of busy units: passes if and only if all are idle."""
    tb = TB(dut, "barriers")
    await tb.reset()
    units = ("bus_idle_i", "jtag_idle_i", "systime_idle_i")
    for mask in range(32):
        for busy in range(8):
            levels = {unit: 1 - (busy >> k & 1) for k, unit in enumerate(units)}
            tb.program.append(word("Barrier") | mask)
            seen = await tb.step(**levels)
            assert seen["ready_o"] == int(not mask & busy & 7)
            if tb.program:
                await tb.run()
    assert tb.model.counts["Barrier"] == 32 * 8


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def halt_waits_for_all_units_and_tick_does_not(dut: Any) -> None:
    tb = TB(dut, "halt")
    await tb.reset()
    for unit in ("bus_idle_i", "jtag_idle_i", "systime_idle_i"):
        tb.program.append(TICK)
        assert (await tb.step(**{unit: 0}))["loopback_tick_o"] == 1
        tb.program.append(HALT)
        for _ in range(20):
            assert not (await tb.step(**{unit: 0}))["loopback_valid_o"]
        assert (await tb.step())["loopback_valid_o"]
        assert (await tb.step())["index_o"] == 0


@cocotb.test(timeout_time=10, timeout_unit="ms")
@cocotb.parametrize(timeout=[1, 2, 50, 1000])
async def timeout_drop_halt(dut: Any, timeout: int) -> None:
    """Blocked from t0: fires at t0 + timeout, drops one word per tick, answers the halt."""
    tb = TB(dut, f"timeout {timeout}", timeout)
    await tb.reset()
    await tb.run(TICK, TICK, FILLER, TICK)
    tb.program.extend([word("Barrier", omnibus=1), TICK, UNKNOWN, word("Reset", reset=1), HALT])
    began = tb.now
    while not (seen := await tb.step(bus_idle_i=0))["timeout_o"]:
        pass
    assert tb.now - 1 == began + timeout and seen["index_o"] == 3
    for k in range(5):
        assert (await tb.step(bus_idle_i=0))["loopback_valid_o"] == int(k == 4)
    assert not tb.program and not tb.model.chip_reset
    assert (await tb.step())["index_o"] == 0
    # Without a place for the notification it fires later; with timeout 0 never.
    tb.program.extend([word("Barrier", omnibus=1), HALT])
    for _ in range(timeout + 20):
        assert not (await tb.step(bus_idle_i=0, notification_ready_i=0))["timeout_o"]
    assert (await tb.step(bus_idle_i=0))["timeout_o"]
    await tb.run()
    tb.held["timeout_i"] = 0
    tb.program.extend([word("Barrier", omnibus=1), HALT])
    for _ in range(timeout + 20):
        assert not (await tb.step(bus_idle_i=0))["timeout_o"]
    await tb.run()


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def waiting_for_the_timer_does_not_time_out(dut: Any) -> None:
    tb = TB(dut, "wait", timeout=3)
    await tb.reset()
    await tb.run(word("Setup"), word("WaitUntil", time=200), HALT)
    assert "timeout" not in tb.model.counts


@cocotb.test(timeout_time=10, timeout_unit="ms")
@cocotb.parametrize(equality=[0, 1])
async def polling(dut: Any, equality: int) -> None:
    """The next read is executed in the tick of the comparison that does not fit."""
    tb = TB(dut, f"polling {equality}")
    await tb.reset()
    for misses in (0, 1, 5):
        # Bits outside the mask do not count.
        fit, miss = (0x1142, 0x43) if equality else (0x43, 0x1142)
        tb.values.extend([miss] * misses + [fit])
        began = tb.now
        tb.program.append(word("PollingOmnibusBlock", equality=equality))
        reads = []
        while tb.program:
            if (await tb.step())["bus_valid_o"]:
                reads.append(tb.now - 1)
        period = tb.poll_latency + 1
        assert reads == [began + k * period for k in range(misses + 1)]
        assert tb.now - 1 == began + (misses + 1) * period
    await tb.run(HALT)


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def skipped_words(dut: Any) -> None:
    """Fillers and unknown headers leave in one tick without counting; the latter are reported."""
    tb = TB(dut, "words")
    await tb.reset()
    reports = 0
    for header in range(16, 256):
        tb.program.append(header << 56 | tb.rng.getrandbits(56))
        reports += (seen := await tb.step())["unknown_o"]
        assert seen["ready_o"]
    assert reports == 112
    assert (await tb.step())["index_o"] == 0


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def skipping_misses_nothing(dut: Any) -> None:
    """Blocked heads and waits with the ticks left out that `next_o` allows; each acts in time."""
    tb = TB(dut, "skipping")
    rng = tb.rng
    await tb.reset()
    for _ in range(150):
        kind = rng.randrange(4)
        tb.held["timeout_i"] = rng.choice([0, 7, 400])
        if kind == 0:
            wait = rng.randrange(2000)
            zero = await tb.run(word("Setup")) + 1
            head = word("WaitUntil", time=wait)
            held = {**tb.held, "valid_i": 1, "word_i": head}
            await tb.wait(wait, **held)
            tb.program.append(head)
            assert (await tb.step())["ready_o"] and tb.now - 1 == zero + wait
        elif kind == 1:
            head = rng.choice([word("Barrier", jtag=1), HALT, word("SystimeInit")])
            level = {**tb.held, "valid_i": 1, "word_i": head, "jtag_idle_i": 0, "systime_idle_i": 0}
            began, fires = tb.now, tb.held["timeout_i"]
            await tb.wait(fires or 600, **level)
            if fires:
                assert tb.now == began + fires
                assert (await tb.tick(**level))["timeout_o"]
                await tb.run(HALT)
            else:
                await tb.run(head)
        elif kind == 2:
            await tb.wait(rng.randrange(300), **tb.held)
        else:
            await tb.run(TICK, word("SpikePack2", label0=1, label1=2), HALT)
    assert tb.skipped > 20_000, "waiting must not cost ticks"
