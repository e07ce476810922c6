# SPDX-License-Identifier: Apache-2.0
"""Runs a session on two machines, finds the first difference, and makes the session small."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cosim.dump import instruction
from cosim.flange.client import Diagnostic, State
from cosim.flange.wire import Config
from cosim.lockstep.programs import HALT, LONG, Batch, Session
from hal.hxcomm.codec import Decoder, fpga_times
from hal.hxcomm.messages import FROM_FPGA

__all__ = ["Difference", "Machine", "compare", "report", "shrink"]

#: Emulated cycles after which a batch is given up; every instruction ends long before.
BATCH_LIMIT = 2**36
#: A longer pause is only for a machine that waits: of the first so many cycles it clocks few.
PROBE, FEW = 20_000, 200


class Machine(Protocol):
    """What lock-step needs of a target: the flange connection has it, and the emulator."""

    def configure(
        self,
        *,
        skip: bool | None = None,
        rate: int | None = None,
        stall_random: tuple[int, int] | None = None,
        stall_periodic: tuple[int, int] | None = None,
        link_errors: tuple[int, int, int, int] | None = None,
    ) -> None: ...
    def apply(self, values: Mapping[Config, int]) -> None: ...
    def send(self, words: Any, not_before: Any = None) -> None: ...
    def run(self, limit: int | None = None) -> State: ...
    def advance(self, cycles: int) -> State: ...
    def reset(self, fpga_cycles: int = 1) -> State: ...
    def receive_timed(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]: ...
    def diagnostics(self) -> list[Diagnostic]: ...
    def stats(self) -> State: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a batch gave: words, cycles at which they left, reports of the machine."""

    words: NDArray[np.uint64]
    at: NDArray[np.uint64]
    diagnostics: list[tuple[int, int]]
    pause: int = 0  # cycles before it

    def messages(self) -> list[tuple[str, int, int]]:
        """Name, payload and full time of each message."""
        decoded = Decoder(FROM_FPGA).feed(self.words)
        times = fpga_times(decoded).tolist()
        pairs = decoded.pairs()
        return [(FROM_FPGA[i].name, p, t) for (i, p), t in zip(pairs, times, strict=True)]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first batch whose answers differ."""

    batch: int
    first: Answer
    second: Answer

    def cycle(self) -> int:
        """Cycle at which the first differing word left, or the last word if none differs."""
        n = min(len(self.first.words), len(self.second.words))
        differs = (self.first.words[:n] != self.second.words[:n]) | (
            self.first.at[:n] != self.second.at[:n]
        )
        place = int(np.flatnonzero(differs)[0]) if differs.any() else n
        times = [
            int(a.at[min(place, len(a.at) - 1)]) for a in (self.first, self.second) if len(a.at)
        ]
        return max(times, default=0)


def _pause(machine: Machine, cycles: int) -> int:
    """Let up to `cycles` pass; how many did."""
    first, before = min(cycles, PROBE), machine.stats()
    machine.advance(first)
    after = machine.stats()
    clocked = after.cycles - before.cycles
    if cycles == first or (cycles > LONG and clocked > FEW):
        return first
    machine.advance(cycles - first)
    return cycles


def run_batch(
    machine: Machine, batch: Batch, limit: int = BATCH_LIMIT, pause: int | None = None
) -> Answer:
    """One batch, with the pause that another machine made, or one of its own."""
    if batch.reset:
        machine.reset(batch.reset)
    passed = 0
    if pause:
        machine.advance(pause)
    elif batch.advance and pause is None:
        passed = _pause(machine, batch.advance)
    if batch.period:
        accepting = batch.stall[1] % batch.period + 1
        machine.configure(rate=batch.rate, stall_periodic=(batch.period, accepting))
    else:
        machine.configure(rate=batch.rate, stall_random=batch.stall)
    machine.configure(link_errors=batch.errors)
    machine.send(*batch.arrays(machine.stats().now))
    if batch.cut:
        machine.advance(batch.cut)
    else:
        machine.run(limit)
    words, at = machine.receive_timed()
    return Answer(words, at, [(d.code, d.data) for d in machine.diagnostics()], passed)


def compare(
    first: Machine,
    second: Machine,
    session: Session,
    watch: Callable[[Batch, Answer], None] | None = None,
) -> Difference | None:
    """Run a session on two machines that were just powered on.

    :param watch: called behind each batch on which they agree.
    """
    for machine in (first, second):
        machine.apply(session.settings())
    for index, batch in enumerate(session.batches):
        a = run_batch(first, batch)
        b = run_batch(second, batch, pause=a.pause)
        same = np.array_equal(a.words, b.words) and np.array_equal(a.at, b.at)
        if not same or a.diagnostics != b.diagnostics:
            return Difference(index, a, b)
        if watch is not None:
            watch(batch, a)
    return None


def shrink(
    session: Session, start: Callable[[], tuple[Machine, Machine]], attempts: int = 200
) -> Session:
    """A smaller session that still differs: fewer of everything, no processors, gaps or stalls."""
    left = attempts

    def differs(candidate: Session) -> bool:
        nonlocal left
        if left == 0:
            return False
        left -= 1
        first, second = start()
        try:
            return compare(first, second, candidate) is not None
        finally:
            first.close()
            second.close()

    def attempt(batches: list[Batch]) -> bool:
        nonlocal session
        candidate = replace(session, batches=tuple(batches))
        if differs(candidate):
            session = candidate
            return True
        return False

    first, second = start()
    found = compare(first, second, session)
    first.close()
    second.close()
    if found is None:
        return session
    session = replace(session, batches=session.batches[: found.batch + 1])
    plain = replace(session, processors=0)
    if session.processors and differs(plain):
        session = plain
    for index in range(len(session.batches) - 2, -1, -1):
        rest = list(session.batches)
        del rest[index]
        attempt(rest)
    quiet = [
        replace(b, gaps=(0,) * len(b.words), rate=1, stall=(1, 256), period=0, advance=0)
        for b in session.batches
    ]
    attempt(quiet)
    attempt([replace(b, errors=(0, 0, 0, 0)) for b in session.batches])
    for index in range(len(session.batches)):
        size = len(session.batches[index].words) // 2
        while size:
            at = 0
            while at < len(session.batches[index].words):
                batch = session.batches[index]
                keep = [i for i in range(len(batch.words)) if not at <= i < at + size]
                words = tuple(batch.words[i] for i in keep)
                if HALT not in words or words[-1] != HALT:
                    at += size
                    continue
                smaller = replace(batch, words=words, gaps=tuple(batch.gaps[i] for i in keep))
                rest = list(session.batches)
                rest[index] = smaller
                if not attempt(rest):
                    at += size
            size //= 2
    return session


def report(session: Session, found: Difference, names: tuple[str, str], context: int = 6) -> str:
    """The two streams side by side around the first difference, and the program that led there."""
    lines = [f"seed {session.seed}: batch {found.batch} differs"]
    a, b = found.first.messages(), found.second.messages()
    place = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if place is None and len(a) != len(b):
        place = min(len(a), len(b))
    if place is not None:
        lines.append(f"message {place}: {names[0]:<44} | {names[1]}")
        for i in range(max(0, place - context), place + context):
            left = _message(a[i]) if i < len(a) else "-"
            right = _message(b[i]) if i < len(b) else "-"
            lines.append(f"{'>' if left != right else ' '} {i:6d}  {left:<44} | {right}")
    elif not np.array_equal(found.first.words, found.second.words):
        lines.append("messages agree, packing into words does not")
    elif not np.array_equal(found.first.at, found.second.at):
        i = int(np.flatnonzero(found.first.at != found.second.at)[0])
        times = found.first.at[i], found.second.at[i]
        lines.append(f"word {i} left at cycle {times[0]} ({names[0]}) and {times[1]} ({names[1]})")
    else:
        lines.append(f"reports: {found.first.diagnostics} and {found.second.diagnostics}")
    batch = session.batches[found.batch]
    lines.append(
        f"program (rate {batch.rate}, stall {batch.stall}, period {batch.period}, "
        f"reset {batch.reset}, cut {batch.cut}):"
    )
    lines += [f"  {i:5d}  0x{w:016x}  {instruction(w)}" for i, w in enumerate(batch.words[-80:])]
    return "\n".join(lines)


def _message(message: tuple[str, int, int]) -> str:
    name, payload, time = message
    return f"{time:12d} {name} 0x{payload:x}"
