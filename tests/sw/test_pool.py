# SPDX-License-Identifier: Apache-2.0
"""Parallel runs: results as in a serial run, lost workers, failures, cancelling, Ctrl-C."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pool_experiments as work
import pytest

from cosim.pool import ItemError, SweepStoppedError, run_all, sweep
from hal import haldls, stadls
from hal.halco import BarrierOnFPGA

EXPECTED = [(0, item) for item in range(20)]


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_results_do_not_depend_on_workers(workers: int) -> None:
    seen: dict[int, tuple[int, int]] = {}
    results = sweep(work.memory, range(20), workers=workers, on_result=seen.__setitem__)
    assert results == EXPECTED  # and each machine was a new one
    assert [seen[index] for index in range(20)] == results


def test_an_own_executor_has_a_window_of_items() -> None:
    """So a long sweep neither fills it nor takes long to cancel; it stays open."""

    class Counting(ThreadPoolExecutor):
        open, most = 0, 0

        def submit(self, *given: Any, **options: Any) -> Future[Any]:
            self.open += 1
            self.most = max(self.most, self.open)
            job = super().submit(*given, **options)
            job.add_done_callback(lambda _: setattr(self, "open", self.open - 1))
            return job

    with Counting(1) as executor:
        assert sweep(work.memory, range(20), executor=executor, window=3) == EXPECTED
        assert executor.most == 3
        assert executor.submit(int).result() == 0


def test_nothing_is_lost_with_a_worker(tmp_path: Path) -> None:
    flag = tmp_path / "died"
    results = sweep(work.dies_once, [(n, str(flag)) for n in range(20)], workers=2)
    assert flag.exists()
    assert results == EXPECTED


def test_an_item_that_always_kills_is_named_bad() -> None:
    with pytest.raises(ItemError, match=r"item 3 \(3\): its worker died 3 times"):
        sweep(work.dies, range(6), workers=2)


def test_a_failing_experiment_is_named_bad() -> None:
    with pytest.raises(ItemError, match=r"item 2 \(2\): ZeroDivisionError: ") as caught:
        sweep(work.fails, range(4), workers=0)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_negative_workers_bad() -> None:
    with pytest.raises(ValueError, match="workers = -1: the number of processes is 0 or more"):
        sweep(work.memory, [1], workers=-1)
    with pytest.raises(ValueError, match="workers = 0: the number of threads is 1 or more"):
        run_all([], workers=0)
    with pytest.raises(ValueError, match="window = 0: the number of items is 1 or more"):
        sweep(work.memory, [1], window=0)


def test_cancel_keeps_what_is_done() -> None:
    cancel = threading.Event()

    def stop(index: int, _: tuple[int, int]) -> None:
        if index == 3:
            cancel.set()

    with pytest.raises(SweepStoppedError, match="of 20 items; their results are kept") as caught:
        sweep(work.memory, range(20), workers=0, cancel=cancel, on_result=stop)
    assert [caught.value.results[index] for index in range(4)] == EXPECTED[:4]


def test_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(
        "import os, signal, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # may be ignored in CI\n"
        "from cosim.pool import sweep\n"
        "def slow(connection, item):\n"
        "    os.write(1, b'%d\\n' % os.getpid())\n"
        "    time.sleep(0.3)\n"
        "    return item\n"
        "try:\n"
        "    sweep(slow, range(1000), workers=2)\n"
        "except KeyboardInterrupt as stop:\n"
        "    print('kept', len(stop.__cause__.results), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        workers = {int(process.stdout.readline()) for _ in range(4)}
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
    assert "kept" in rest
    deadline = time.monotonic() + 10
    while any(map(_alive, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _program(value: int) -> tuple[stadls.PlaybackProgram, stadls.PlaybackProgramBuilder]:
    builder = stadls.PlaybackProgramBuilder()
    container = haldls.ExternalPPUMemoryByte(haldls.ExternalPPUMemoryByte.Value(value))
    builder.write(work.PLACE, container)
    builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
    ticket = builder.read(work.PLACE)
    builder.block_until(BarrierOnFPGA(), haldls.Barrier.omnibus)
    return builder.done(), ticket


def test_programs_have_their_results() -> None:
    pairs = [_program(value) for value in range(30)]
    run_all([program for program, _ in pairs], workers=3)
    assert [int(ticket.get().value) for _, ticket in pairs] == list(range(30))
