# SPDX-License-Identifier: Apache-2.0
"""Functional coverage of random sessions: which of the named situations they have met.

Situations are instructions (barriers by their mask), ended by themselves or by the timeout; and
packs of events and samples, while nothing was lost to a timeout or something was; each with every
kind of back-pressure and a short and a long timeout. Then wraps of the clocks, resets in
mid-transaction, the forced reset of neurons, and what crosses the link while it has errors.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache

import numpy as np

from cosim.emulator import Emulator
from cosim.lockstep.compare import Answer
from cosim.lockstep.programs import Batch
from hal import halco, haldls
from hal.fisch import addresses
from hal.hxcomm.codec import Decoder, fpga_times
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA

__all__ = ["PRESSURES", "Coverage"]

PRESSURES = ("free", "periodic", "random")
TIMEOUTS = ("short", "long")
#: Ticks from which a timeout is a long one: a register access over the link takes less.
LONG_TIMEOUT = 1000
#: Ticks that an access to the chip is under way at least: both ways over the link.
UNDER_WAY = 45
#: What may happen to frames on the link, in the order of `Batch.errors`, and what they hold.
LINK_ERRORS = tuple(f"while frames may be {e}" for e in ("lost", "damaged", "repeated"))
CROSSING = ("reads", "writes", "spikes", "packs of events")
_KIND = PHYWORD_WIDTH - HEADER_WIDTH
_NAMES = {i: m.name for i, m in enumerate(TO_FPGA.messages)}
_FPGA_SIDE = 1 << 31
_TIMER = 1 << 32
#: Bits of a barrier, lowest first, and fields that make another situation of an instruction.
_MASK = ("omnibus", "jtag", "systime", "multi_fpga", "systime_correction")
_VARIANTS = ("is_read", "tick", "reset", "do_sync", "equality", "keep_response")
#: Bits of a barrier that can block on this machine: Omnibus, JTAG, systime.
_BLOCKING = 7


_BACKENDS = addresses.COMMON_NEURON_BACKEND_CONFIG.bases


@cache
def _forced_bit() -> int:
    """The bit of `force_reset` in the first word of the common back ends."""
    plain, forced = haldls.CommonNeuronBackendConfig(), haldls.CommonNeuronBackendConfig()
    forced.force_reset = True
    coord = halco.CommonNeuronBackendConfigOnDLS(0)
    first, other = (int(c.write_access(coord).words[0]) for c in (plain, forced))
    return first ^ other


def _pressure(batch: Batch) -> str:
    if batch.period:
        return "periodic" if batch.stall[1] % batch.period + 1 < batch.period else "free"
    return "random" if batch.stall[1] < 256 else "free"


@cache
def _situation(word: int) -> str:
    """Name of an instruction; of a barrier with its mask, of others with what changes them."""
    message = TO_FPGA[word >> _KIND]
    values = message.unpack(word)
    if message.name == "Barrier":
        return f"Barrier {sum(values[name] << i for i, name in enumerate(_MASK)):05b}"
    found = [f" {f}={values[f]}" for f in _VARIANTS if f in values]
    return message.name + "".join(found)


def _points() -> list[str]:
    plain = [n for n in _NAMES.values() if n != "Barrier"]
    executed = [f"Barrier {m:05b}" for m in range(32)]
    for name in plain:
        base = _situation(TO_FPGA[name].word())
        executed += [base] if "=" not in base else [base[:-1] + bit for bit in "01"]
    blocked = ["PollingOmnibusBlock", "Loopback halt", "SystimeInit", "OmnibusAddress"]
    blocked += ["OmnibusData", "JtagIns", "JtagData"]
    blocked += [f"Barrier {m:05b}" for m in range(1, _BLOCKING + 1)]
    packs = [m.name for m in FROM_FPGA if "Pack" in m.name]
    ends = [f"executes: {s}" for s in executed] + [f"times out: {s}" for s in blocked]
    ends += [f"answers: {s}, {t}" for s in packs for t in ("all well", "a program timed out")]
    points = [f"{e}, {p}, {t}" for e in ends for p in PRESSURES for t in TIMEOUTS]
    points += ["timer wraps", "FPGA time wraps", "chip reset: access under way"]
    points += [f"forced reset {what}" for what in ("begins", "ends")]
    points += [f"link: {what}, {error}" for what in CROSSING for error in LINK_ERRORS]
    points += [f"connection reset: {w}" for w in ("access under way", "program not at its end")]
    return points


class Coverage:
    """Hits of each point, over any number of sessions."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter(dict.fromkeys(_points(), 0))
        self.power_on()

    def power_on(self) -> None:
        """A new session begins."""
        self._timer_base = 0
        self._timeout = 0
        self._accesses = -UNDER_WAY  # tick of the last access to the chip
        self._end = 0
        self._cut = False
        self._forced: set[int] = set()  # registers of the blocks whose neurons are held

    def watch(self, machine: Emulator, batch: Batch, answer: Answer) -> None:
        """A batch has run on `machine`, an emulator that traces."""
        words, at = machine.executed()
        self.add(batch, answer, words.tolist(), at.tolist(), machine.stats().now)

    def add(
        self, batch: Batch, answer: Answer, executed: Iterable[int], at: Iterable[int], now: int
    ) -> None:
        """A batch has run.

        :param executed: instructions that executed, `at` these cycles.
        :param now: cycle at its end.
        """
        pressure = _pressure(batch)
        if batch.reset:
            self._hit("connection reset: program not at its end", self._cut)
            self._hit("connection reset: access under way", self._end - self._accesses < UNDER_WAY)
            self._timer_base = 0
            self._timeout = 0
        program = [w for w in batch.words if w >> _KIND in _NAMES]
        place, address, enables, outcome = 0, 0, 0, "all well"
        for word, cycle in zip(executed, at, strict=True):
            tick, name = cycle // 2, _NAMES[word >> _KIND]
            how = f"{pressure}, {self._timeout_class()}"
            if program[place] != word:
                place, outcome = self._dropped(program, place, how), "a program timed out"
            place += 1
            situation = _situation(word)
            self._hit(f"executes: {situation}, {how}")
            if name == "Setup":
                self._timer_base = tick + 1
            elif name == "WaitUntil":
                self._hit("timer wraps", tick - self._timer_base >= _TIMER)
            elif name == "OmnibusAddress":
                values = TO_FPGA[name].unpack(word)
                address, enables = values["address"], values["byte_enables"]
            elif name == "OmnibusData" and address == addresses.INSTRUCTION_TIMEOUT.base:
                self._timeout = TO_FPGA[name].unpack(word)["data"]
            elif name == "OmnibusData" and address in _BACKENDS and enables & 1:
                self._force(address, bool(TO_FPGA[name].unpack(word)["data"] & _forced_bit()))
            if situation == "Reset reset=1":
                self._forced.clear()
                self._hit("chip reset: access under way", tick - self._accesses < UNDER_WAY)
            access = situation in ("OmnibusAddress is_read=1", "OmnibusData")
            if access and not address & _FPGA_SIDE:
                self._accesses = tick
                self._cross("writes" if name == "OmnibusData" else "reads", batch)
            elif name.startswith("SpikePack"):
                self._cross("spikes", batch)
        how = f"{pressure}, {self._timeout_class()}"
        if not batch.cut and place < len(program):
            self._dropped(program, place, how)
            outcome = "a program timed out"
        messages = Decoder(FROM_FPGA).feed(answer.words)
        ids, times = np.asarray(messages[0]), fpga_times(messages)
        for kind in np.unique(ids).tolist():
            self._hit(f"answers: {FROM_FPGA[kind].name}, {outcome}, {how}")
            if "Pack" in FROM_FPGA[kind].name:
                self._cross("packs of events", batch)
        back = (times[1:] < times[:-1]) & (ids[1:] != FROM_FPGA["Systime"].id)
        self._hit("FPGA time wraps", bool(back.any()))
        self._end, self._cut = now // 2, bool(batch.cut) and place < len(program)

    def _cross(self, what: str, batch: Batch) -> None:
        for error, rate in zip(LINK_ERRORS, batch.errors[1:], strict=True):
            self._hit(f"link: {what}, {error}", rate > 0)

    def _force(self, register: int, on: bool) -> None:
        if on != (register in self._forced):
            self._hit(f"forced reset {'begins' if on else 'ends'}")
        (self._forced.add if on else self._forced.discard)(register)

    def _timeout_class(self) -> str:
        return TIMEOUTS[self._timeout >= LONG_TIMEOUT]

    def _dropped(self, program: list[int], place: int, how: str) -> int:
        """The instruction at `place` never executed; gives the place behind the next halt."""
        name = _situation(program[place])
        if name == "Loopback tick=0":
            name = "Loopback halt"
        if name.startswith("Barrier"):
            name = f"Barrier {int(name.split()[1], 2) & _BLOCKING:05b}"
        self._hit(f"times out: {name.partition(' ')[0] if '=' in name else name}, {how}")
        while _situation(program[place]) != "Loopback tick=0":
            place += 1
        return place + 1

    def _hit(self, point: str, condition: bool = True) -> None:
        if condition and point in self.hits:
            self.hits[point] += 1

    def missing(self) -> list[str]:
        return [p for p, n in self.hits.items() if not n]

    def ratio(self) -> float:
        return 1 - len(self.missing()) / len(self.hits)

    def table(self) -> str:
        """All points with their hits."""
        return "".join(f"{n:10} {point}\n" for point, n in self.hits.items())
