# SPDX-License-Identifier: Apache-2.0
"""Recording of any machine behind a link, and replay of the record on any other."""

import contextlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, Generic, Protocol, Self, TypeVar, cast

import numpy as np

from cosim.flange.client import State, settings
from cosim.flange.record import Record, Step, Words, as_words
from cosim.flange.wire import Config
from cosim.progress import Progress
from hal.errors import HxcosimError
from hal.hxcomm.target import TargetError, open_target

__all__ = ["PlayStoppedError", "Recordable", "Recorder", "open_machine", "play"]

#: Seed of the chip: 0 is the ideal one.
CHIP_SEED = 0


class Recordable(Protocol):
    """What recording needs of a machine: a flange connection has it, and the emulator."""

    name: str

    def apply(self, values: Mapping[Config, int]) -> None: ...
    def send(self, words: Any, not_before: Any = None) -> None: ...
    def run(self, limit: int | None = None) -> State: ...
    def advance(self, cycles: int) -> State: ...
    def reset(self, fpga_cycles: int = 1) -> State: ...
    def receive_timed(self) -> tuple[Words, Words]: ...
    def entered(self) -> Words: ...
    def stats(self) -> State: ...
    def close(self) -> None: ...


class PlayStoppedError(HxcosimError):
    """A record was not played to its end; `record` has what was."""

    def __init__(self, record: Record, done: int, count: int) -> None:
        super().__init__(f"stopped in step {done + 1} of {count}")
        self.record = record


M = TypeVar("M", bound=Recordable)


class Recorder(Generic[M]):
    """Takes the place of the machine and keeps all that goes in and comes out, with its times.

    What it does not have itself it takes from the machine.
    """

    def __init__(self, machine: M) -> None:
        self.machine = machine
        self._steps: list[Step] = []
        self._since_reset = 0  # steps before the last reset are final
        self._entered: list[Words] = []
        self._answers: list[tuple[Words, Words]] = []
        self._taken = 0
        machine.apply({Config.RECORD: 1})
        self._now = machine.stats().now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.machine, name)

    def configure(self, **values: Any) -> None:
        """As the machine's."""
        self.apply(settings(**values))

    def apply(self, values: Mapping[Config, int]) -> None:
        """As the machine's."""
        self.machine.apply(values)
        pairs = np.array(list(values.items()), np.uint64).ravel()
        self._steps.append(Step("config", pairs))

    def send(self, words: Any, not_before: Any = None) -> None:
        """As the machine's."""
        words = as_words(words)
        at = words[:0] if not_before is None else as_words(not_before, "not_before")
        self.machine.send(words, None if not_before is None else at)
        self._steps.append(Step("words", words.copy(), at.copy()))

    def run(self, limit: int | None = None) -> State:
        """As the machine's. A run that ends without its halts is recorded as the time it took."""
        before = self._now
        try:
            state = self.machine.run(limit)
        except BaseException:
            with contextlib.suppress(TargetError):
                self._collect(self.machine.stats())
                if self._now != before:
                    self._steps.append(Step("advance", count=self._now - before))
            raise
        self._steps.append(Step("run", count=limit or 0))
        return self._collect(state)

    def advance(self, cycles: int) -> State:
        """As the machine's."""
        state = self.machine.advance(cycles)
        self._steps.append(Step("advance", count=cycles))
        return self._collect(state)

    def reset(self, fpga_cycles: int = 1) -> State:
        """As the machine's. What was queued and did not enter is left out of the record."""
        state = self._collect(self.machine.reset(fpga_cycles))
        final = self._timed(dropped=True)
        self._steps[self._since_reset :] = [*final, Step("reset", count=fpga_cycles)]
        self._since_reset = len(self._steps)
        self._entered.clear()
        self._taken = len(self._answers)
        return state

    def receive(self) -> Words:
        """As the machine's."""
        return self.receive_timed()[0]

    def receive_timed(self) -> tuple[Words, Words]:
        """As the machine's."""
        new, self._taken = self._answers[self._taken :], len(self._answers)
        return _joined(w for w, _ in new), _joined(a for _, a in new)

    @property
    def now(self) -> int:
        """Cycle up to which there is a record."""
        return self._now

    def record(self) -> Record:
        """All that went over the link since the recorder began, with its times."""
        return Record(
            [*self._steps[: self._since_reset], *self._timed(dropped=False)],
            _joined(w for w, _ in self._answers),
            _joined(a for _, a in self._answers),
            {
                "system": self.machine.name,
                "chip_seed": CHIP_SEED,
                "hxcosim": version("hxcosim"),
            },
        )

    def close(self) -> None:
        """As the machine's."""
        self.machine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _collect(self, state: State) -> State:
        self._entered.append(self.machine.entered())
        self._answers.append(self.machine.receive_timed())
        self._now = state.now
        return state

    def _timed(self, dropped: bool) -> list[Step]:
        """The steps since the last reset, each word with the cycle at which it entered."""
        entered, result = _joined(self._entered), []
        for step in self._steps[self._since_reset :]:
            if step.kind == "words":
                size = step.words.size
                words, at, entered = step.words, entered[:size], entered[size:]
                if dropped:
                    words = words[: at.size]
                elif at.size < size:
                    rest = step.at if step.at.size else np.zeros(size, np.uint64)
                    at = np.concatenate([at, rest[at.size :]])
                step = Step("words", words, at)
            result.append(step)
        return result


def _joined(parts: Any) -> Words:
    return np.concatenate([np.empty(0, np.uint64), *parts])


def play(record: Record, machine: M, fixed: Mapping[Config, int] | None = None) -> Record:
    """Do again what was recorded, on a machine that was just powered on.

    :param fixed: settings that hold throughout, whatever the record sets.
    :returns: the record of this run: with equal machines it has the same answers and times.
    :raises TargetError: if a run does not end as it should.
    :raises KeyboardInterrupt: on Ctrl-C, with a `PlayStoppedError` as its cause.
    """
    fixed = fixed or {}
    machine.apply(fixed)
    recorder = Recorder(machine)
    progress, number = Progress(), 0
    try:
        for number, step in enumerate(record.steps):
            progress(f"step {number + 1} of {len(record.steps)}")
            if step.kind == "words":
                recorder.send(step.words, step.at if step.at.size else None)
            elif step.kind == "config":
                pairs = step.words.reshape(-1, 2).tolist()
                recorder.apply({Config(key): value for key, value in pairs if key not in fixed})
            elif step.kind == "run":
                recorder.run(step.count or None)
            elif step.kind == "advance":
                recorder.advance(step.count)
            else:
                recorder.reset(step.count)
    except KeyboardInterrupt as stop:
        raise stop from PlayStoppedError(recorder.record(), number, len(record.steps))
    finally:
        progress.clear()
    return recorder.record()


@contextlib.contextmanager
def open_machine(target: str, **options: Any) -> Iterator[Any]:
    """The machine behind a target that was just powered on; it is closed afterwards.

    :param target: name, as of `hal.hxcomm.target.open_target`.
    :param options: of that target.
    :raises TargetError: for a target that is no machine with times, or without these options.
    """
    try:
        opened = open_target(target, untouched=True, **options)
    except TypeError:
        wanted = f" with {', '.join(options)}" if options else ""
        raise TargetError(
            f"target '{target}' has no recorded times{wanted}; use emu or rtl (waves: rtl)"
        ) from None
    try:
        yield cast("Any", opened).link
    finally:
        opened.close()
