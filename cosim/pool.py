# SPDX-License-Identifier: Apache-2.0
"""Many independent experiments at once, each on a machine of its own.

    results = sweep(experiment, parameters)      # processes; any executor takes their place
    run_all(programs)                            # threads; results are in the programs

Each item has a machine that was just switched on, so a result depends on nothing but its item: it
is the same serially, in parallel, in any order, and after the loss of a worker.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Generic, TypeVar

from cosim.progress import Progress
from hal.errors import HxcosimError
from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection
from hal.stadls import PlaybackProgram, run

__all__ = ["ItemError", "SweepStoppedError", "run_all", "sweep"]

TRIES = 3
"""How often an item may lose its worker."""
CANCEL_POLL_S = 0.1

Item = TypeVar("Item")
Result = TypeVar("Result")
Experiment = Callable[[ConnectionHandle, Item], Result]


class ItemError(HxcosimError):
    """An experiment failed; its own error is the cause."""


class SweepStoppedError(HxcosimError, Generic[Result]):
    """A sweep was cancelled.

    `results` has what was finished, by index of the item.
    """

    def __init__(self, results: dict[int, Result], count: int) -> None:
        super().__init__(f"stopped after {len(results)} of {count} items; their results are kept")
        self.results = results


def sweep(
    experiment: Experiment[Item, Result],
    items: Iterable[Item],
    *,
    workers: int | None = None,
    target: str = "emu",
    executor: Executor | None = None,
    window: int = 256,
    on_result: Callable[[int, Result], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[Result]:
    """`experiment(connection, item)` for every item.

    :param experiment: a function of a module (workers import it), with a result to be pickled.
    :param workers: processes (default: one a core); 0: here, one after the other.
    :param target: name of the machine that each item gets.
    :param executor: use this one and leave it open, such as `distributed.Client().get_executor()`.
    :param window: items that `executor` has at a time, more than its workers; many are slow to end.
    :param on_result: called here with index and result as they come, in no order.
    :param cancel: when set, nothing further starts.
    :returns: the results, in the order of the items.
    :raises ItemError: if an experiment raises, or its worker dies three times.
    :raises SweepStoppedError: if cancelled, with what was finished; Ctrl-C goes on as
        KeyboardInterrupt with it as its cause.
    :raises ValueError: for a negative number of workers.
    """
    todo = list(items)
    if workers is not None and workers < 0:
        raise ValueError(f"workers = {workers}: the number of processes is 0 or more")
    if window < 1:
        raise ValueError(f"window = {window}: the number of items is 1 or more")
    state = _Sweep(experiment, todo, target, on_result, cancel or threading.Event())
    if executor is not None:
        state.play(executor, window)
    elif workers == 0:
        state.play(_Here(), 1)
    else:
        state.play_on_processes(workers or os.cpu_count() or 1)
    return [state.results[index] for index in range(len(todo))]


class _Sweep(Generic[Item, Result]):
    """What is done and what is missing."""

    def __init__(
        self,
        experiment: Experiment[Item, Result],
        items: Sequence[Item],
        target: str,
        on_result: Callable[[int, Result], None] | None,
        cancel: threading.Event,
    ) -> None:
        self.results: dict[int, Result] = {}
        self._experiment, self._items, self._target = experiment, items, target
        self._on_result, self._cancel = on_result, cancel
        self._progress = Progress()

    def play_on_processes(self, count: int) -> None:
        """All items, whatever happens to the processes."""
        while len(self.results) < len(self._items):
            with ProcessPoolExecutor(count, initializer=_ignore_interrupts) as pool:
                lost = self.play(pool, 2 * count)
            # Each item that was with a dying worker gets one of its own: so it shows which it is.
            for index in lost:
                for _ in range(TRIES - 1):
                    with ProcessPoolExecutor(1, initializer=_ignore_interrupts) as pool:
                        if not self.play(pool, 1, [index]):
                            break
                else:
                    raise ItemError(f"{self._named(index)}: its worker died {TRIES} times")

    def play(self, executor: Executor, window: int, which: Iterable[int] = ()) -> list[int]:
        """Items that are missing, at most `window` of them handed out at a time.

        :param which: only these.
        :returns: those that were handed out when the executor broke; usually none.
        """
        missing = (index for index in range(len(self._items)) if index not in self.results)
        todo = iter(list(which or missing))
        jobs: dict[Future[Result], int] = {}
        try:
            for index in islice(todo, window):
                jobs[self._submit(executor, index)] = index
            while jobs:
                done, _ = wait(jobs, CANCEL_POLL_S, FIRST_COMPLETED)
                if self._cancel.is_set():
                    raise SweepStoppedError(self.results, len(self._items))
                for job in done:
                    self._keep(jobs[job], job)
                    del jobs[job]
                    for index in islice(todo, 1):
                        jobs[self._submit(executor, index)] = index
                self._progress(f"{len(self.results)} of {len(self._items)} items")
        except BrokenProcessPool:
            return sorted(jobs.values())
        except KeyboardInterrupt as stop:
            raise stop from SweepStoppedError(self.results, len(self._items))
        finally:
            self._progress.clear()
            for job in jobs:
                job.cancel()
        return []

    def _submit(self, executor: Executor, index: int) -> Future[Result]:
        return executor.submit(_one, self._experiment, self._items[index], self._target)

    def _keep(self, index: int, job: Future[Result]) -> None:
        try:
            self.results[index] = job.result()
        except BrokenProcessPool:
            raise
        except Exception as error:
            text = f"{self._named(index)}: {type(error).__name__}: {error}"
            raise ItemError(text) from error
        if self._on_result:
            self._on_result(index, self.results[index])

    def _named(self, index: int) -> str:
        return f"item {index} ({self._items[index]!r})"


class _Here(Executor):
    """Runs at once, in this thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        job: Future[Any] = Future()
        try:
            job.set_result(fn(*args, **kwargs))
        except Exception as error:
            job.set_exception(error)
        return job


def _ignore_interrupts() -> None:
    """Ctrl-C reaches all processes; the sweep decides what becomes of its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(experiment: Experiment[Item, Result], item: Item, target: str) -> Result:
    with ManagedMultiTargetConnection([target]) as connection:
        return experiment(connection, item)


def run_all(
    programs: Sequence[PlaybackProgram], *, workers: int | None = None, target: str = "emu"
) -> None:
    """Run each program on a machine of its own; afterwards it has its results.

    The machines run in threads of this process, as many at a time as there are cores: emulated
    time passes outside of the interpreter lock.

    :raises RuntimeError: as `run`, for the first program that failed; the others have results.
    :raises ValueError: for less than one worker.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers = {workers}: the number of threads is 1 or more")
    progress = Progress()
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        jobs = [pool.submit(_one, run, program, target) for program in programs]
        try:
            for number, job in enumerate(jobs):
                job.exception()
                progress(f"{number + 1} of {len(jobs)} programs")
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            progress.clear()
    for job in jobs:
        job.result()
