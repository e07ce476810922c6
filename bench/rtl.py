# SPDX-License-Identifier: Apache-2.0
"""The Verilated system behind its link: speed attached, replayed from memory, hosted by cocotb.

The traffic keeps every cycle busy: reads of FPGA registers, ticks and spikes towards the chip, one
instruction per FPGA cycle. Attached means what a user waits for: send, run and receive.
Idle, and with events from the host through the crossbar and back, each clocked in every cycle
(HXCOSIM_SKIP=0) and with quiet time skipped.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from report import Report, seconds

from cosim.build import runner
from cosim.build.verilate import trace_format
from cosim.flange.build import server
from cosim.flange.target import RtlTarget
from cosim.lockstep.programs import FILLER, bring_up
from hal.hxcomm.messages import TO_FPGA

WORDS, RUNS = 400_000, 5
ROOT = Path(__file__).resolve().parents[1]
STAND_IN = ROOT / "testbench" / "flange" / "hx_system.sv"
TIMER = 0x8800000C
HALT = TO_FPGA["Loopback"].word()
TICK = TO_FPGA["Loopback"].word(tick=1)
COLD_S, WARM_S = 240, 5
SPIKE = TO_FPGA["SpikePack1"].word(label0=0x1234)
#: FPGA cycles.
US, MS = 125, 125_000
CHIP_MS, WAVES_MS = 4, 1

Words = NDArray[np.uint64]


def traffic(n: int) -> Words:
    """A program of `n` words."""
    read = TO_FPGA["OmnibusAddress"].word(address=TIMER, byte_enables=0xF, is_read=1)
    spike = TO_FPGA["SpikePack1"].word(label0=0x1234)
    words = np.resize(np.array([read, TICK, spike, TICK], np.uint64), n)
    words[-1] = HALT
    return words


def attached(target: RtlTarget, words: Words) -> tuple[float, int, int]:
    """Seconds, clocked cycles and answer words of one program."""
    before, begin = target.link.state.cycles, time.perf_counter()
    target.send(words)
    target.run()
    answers = target.receive()
    return time.perf_counter() - begin, target.link.state.cycles - before, answers.size


def replayed(script: Path) -> dict[str, float]:
    """What the server says about running a script from memory, and its processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(
        [server(), "--replay", script], capture_output=True, text=True, check=True
    )
    result: dict[str, float] = json.loads(done.stdout)
    result["processor_s"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return result


def speed(report: Report, folder: Path) -> None:
    """Attached against replayed, in turns."""
    words = traffic(WORDS)
    target = RtlTarget(record=True)
    attached(target, words)
    target.close()
    script = folder / "script"
    record = target.record()
    script.write_bytes(record.script())
    record.save(folder / "record.json")

    target = RtlTarget()
    attached(target, words)
    ratios, link, memory, rate = [], [], [], []
    for _ in range(RUNS):
        taken, cycles, answers = attached(target, words)
        from_memory = replayed(script)
        link.append(cycles / taken)
        memory.append(from_memory["cycles"] / from_memory["total_s"])
        ratios.append(link[-1] / memory[-1])
        rate.append((words.size + answers) / taken)
    how = f"{WORDS} words, median of {RUNS}"
    report.add("server, link attached", statistics.median(link), "cycles/s", how)
    report.add("server, words from memory", statistics.median(memory), "cycles/s", how)
    report.add(
        "attached / from memory", statistics.median(ratios), "", "pairs in turns", at_least=0.8
    )
    report.add("words through, in and out", statistics.median(rate), "words/s", how)

    wait = np.array(
        [TO_FPGA["Setup"].word(), TO_FPGA["WaitUntil"].word(time=125_000_000), HALT], np.uint64
    )
    taken = seconds(lambda: attached(target, wait), runs=21)
    report.add("1 s of waiting", taken * 1e3, "ms", "median of 21 programs", at_most=10)
    taken = seconds(lambda: attached(target, wait[-1:]), runs=101)
    report.add("lone halt, there and back", taken * 1e6, "us", "median of 101 programs")
    target.close()

    cycles = replayed(script)["cycles"]
    outcome = runner.run(
        runner.load("top"),
        environment={"HXCOSIM_PROGRAM": str(folder / "record.json")},
        output=folder,
    )
    case = ET.parse(outcome.folder / "results.xml").getroot().find(".//testcase")
    assert case is not None
    report.add(
        "top hosted by cocotb", cycles / float(case.attrib["time"]), "cycles/s", "same record, once"
    )


def idle(ms: int) -> Words:
    """Nothing to do for so many ms."""
    return np.array([TO_FPGA["Setup"].word(), _until(ms * MS), HALT], np.uint64)


def slow_events(ms: int) -> Words:
    """A spike each us."""
    words = [TO_FPGA["Setup"].word()]
    for us in range(1, ms * MS // US + 1):
        words += [SPIKE, _until(us * US)]
    return np.array([*words, HALT], np.uint64)


def fast_events(ms: int) -> Words:
    """Spikes in four of five FPGA cycles."""
    words = np.resize(np.array([SPIKE] * 4 + [FILLER], np.uint64), ms * MS)
    return np.append(words, np.uint64(HALT))


def _until(time: int) -> int:
    return TO_FPGA["WaitUntil"].word(time=time)


LOADS = {"idle": idle, "events at 1 MHz": slow_events, "events at 100 MHz": fast_events}


def started(**options: Any) -> RtlTarget:
    """A system after bring-up: labels come back on their channel."""
    target = RtlTarget(**options)
    attached(target, np.array([*bring_up(10**6), HALT], np.uint64))
    return target


def recorded(words: Words) -> bytes:
    """Script that plays bring-up and words from memory, each cycle clocked."""
    target = started(skip=False, record=True)
    attached(target, words)
    target.close()
    return target.record().script()


def loads(report: Report, folder: Path) -> None:
    """Idle and with events: clocked in every cycle, from memory, skipping, with waves."""
    how = f"{CHIP_MS} chip ms, median of {RUNS}"
    script, waves = folder / "script", folder / f"waves.{trace_format()}"
    for name, load in LOADS.items():
        words = load(CHIP_MS)
        script.write_bytes(recorded(words))
        every, skipping = started(skip=False), started(skip=True)
        rates, ratios, waits, processor = [], [], [], []
        for _ in range(RUNS):
            taken, cycles, _ = attached(every, words)
            memory = replayed(script)
            rates.append(cycles / taken)
            ratios.append(rates[-1] / memory["cycles"] * memory["total_s"])
            processor.append(memory["cycles"] / memory["processor_s"])
            waits.append(attached(skipping, words)[0] * 1e3 / CHIP_MS)
        every.close()
        skipping.close()
        rate = statistics.median(rates)
        report.add(f"{name}, every cycle clocked", rate, "cycles/s", how)
        rate = statistics.median(processor)
        report.add(f"{name}, from memory", rate, "cycles/s", f"{how}, processor time")
        report.add(
            f"{name}, attached / from memory",
            statistics.median(ratios),
            "",
            "pairs in turns",
            at_least=0.8,
        )
        report.add(f"{name}, skipping", statistics.median(waits), "ms per chip ms", how)

        words = load(WAVES_MS)
        for what, options in (
            ("not written", {"binary": server(trace=True)}),
            (f"as {waves.suffix[1:].upper()}", {"waves": waves}),
        ):
            target = started(skip=False, **options)
            taken, cycles, _ = attached(target, words)
            target.close()
            report.add(
                f"{name}, waves {what}",
                cycles / taken,
                "cycles/s",
                f"every cycle clocked, {WAVES_MS} chip ms, once",
            )
        report.add(
            f"{name}, size of the waves",
            waves.stat().st_size / 1e6,
            "MB",
            f"{WAVES_MS} chip ms and bring-up",
        )


def link_alone(report: Report) -> None:
    """The link with next to nothing behind it: each word gives one answer."""
    words = np.full(1_000_000, TICK, np.uint64)
    words[-1] = HALT
    target = RtlTarget(binary=server(STAND_IN))
    runs = [attached(target, words) for _ in range(RUNS)]
    state = target.stats()
    rate = statistics.median(words.size / taken for taken, _, _ in runs)
    report.add("stand-in system, each way", rate, "words/s", f"1e6 words, median of {RUNS}")
    report.add("calls across DPI", state.calls / state.words_in, "per word", "same runs")
    target.close()


def make_run(report: Report) -> bool:
    """Wall time of `make run` with an empty cache, and again."""
    command = [sys.executable, "-m", "cosim.cli", "run"]
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "HXCOSIM_CACHE": cache, "CCACHE_DISABLE": "1"}
        for name, limit in (("make run, cold", COLD_S), ("make run, warm", WARM_S)):
            begin = time.perf_counter()
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
            if done.returncode:
                sys.stderr.write(f"{name} failed:\n{done.stderr[-2000:]}\n")
                return False
            report.add(name, time.perf_counter() - begin, "s", "once", at_most=limit)
    return True


def main() -> int:
    """Print and keep all figures."""
    report = Report("rtl")
    with tempfile.TemporaryDirectory() as folder:
        speed(report, Path(folder))
        loads(report, Path(folder))
    link_alone(report)
    complete = make_run(report)
    report.finish()
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
