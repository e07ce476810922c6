# SPDX-License-Identifier: Apache-2.0
"""The Verilated system behind its link: speed attached, replayed from memory, hosted by cocotb.

The traffic keeps every cycle busy: reads of FPGA registers, ticks and spikes towards the chip, one
instruction per FPGA cycle. Attached means what a user waits for: send, run and receive.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from report import Report, seconds

from cosim.build import runner
from cosim.flange.build import server
from cosim.flange.target import RtlTarget
from hal.hxcomm.messages import TO_FPGA

WORDS, RUNS = 400_000, 5
ROOT = Path(__file__).resolve().parents[1]
STAND_IN = ROOT / "testbench" / "flange" / "hx_system.sv"
TIMER = 0x8800000C
HALT = TO_FPGA["Loopback"].word()
TICK = TO_FPGA["Loopback"].word(tick=1)
COLD_S, WARM_S = 240, 5

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
    """What the server says about running a script from memory."""
    done = subprocess.run(
        [server(), "--replay", script], capture_output=True, text=True, check=True
    )
    result: dict[str, float] = json.loads(done.stdout)
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
    link_alone(report)
    complete = make_run(report)
    report.finish()
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
