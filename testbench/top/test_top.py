# SPDX-License-Identifier: Apache-2.0
"""The whole system behind the link, with cocotb's clock in place of the server's.

`make sim TEST=top PROGRAM=file` runs a record (`.json`), or a program of words in hex.
A record's answers must come again, each at the same cycle. `SKIP=0` clocks every cycle.
What came back is left in `answers.json` beside the log, and in `releases.txt` what the signals of
the executor showed: timer, kind (0 spike, 1 write) and the first label or the data of each release.
"""

import os
from pathlib import Path
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, ReadOnly, RisingEdge, Timer

from cosim.flange.client import CYCLE_S
from cosim.flange.record import Record
from cosim.flange.wire import Config

DEFAULT = Path(__file__).parent / "identity.hex"


async def releases(dut: Any, kind: int, valid: Any, data: Any, found: list[str]) -> None:
    """Note each spike pack or write in the moment in which the executor releases it."""
    timer = dut.u_system.u_fpga.u_executor.timer_o
    while True:
        await valid.value_change
        await ReadOnly()
        if valid.value:
            found.append(f"{int(timer.value)} {kind} {int(data.value) & 0xFFFF_FFFF}")


async def host(dut: Any, record: Record, skip: bool) -> Record:
    """Let the link inside the simulation play `record`; returns it with the answers of this run."""
    script, answers = Path("script.bin").absolute(), Path("answers.bin").absolute()
    script.write_bytes(record.script({Config.SKIP: int(skip)}))
    os.environ["HXCOSIM_FLANGE"] = f"--replay {script} --answers {answers}"
    dut.poll_i.value = 0
    dut.clk_i.value = 0
    dut.rst_ni.value = 0
    await Timer(1, "ns")  # the reset holds before the first edge, whatever the start-up values
    Clock(dut.clk_i, round(CYCLE_S * 1e9), unit="ns").start()
    await ClockCycles(dut.clk_i, 8)
    dut.rst_ni.value = 1
    await RisingEdge(dut.terminate_o)
    result = Record(record.steps)
    result.take_answers(answers.read_bytes())
    return result


@cocotb.test()
async def program(dut: Any) -> None:
    """Play PROGRAM; compare with the answers and times that it holds, if it holds any."""
    record = Record.load(os.environ.get("HXCOSIM_PROGRAM") or DEFAULT)
    executor = dut.u_system.u_fpga.u_executor
    found: list[str] = []
    for kind, (valid, data) in enumerate(
        [
            (executor.event_count_o, executor.event_labels_o),
            (executor.bus_valid_o, executor.bus_data_o),
        ]
    ):
        cocotb.start_soon(releases(dut, kind, valid, data, found))
    result = await host(dut, record, os.environ.get("SKIP", "1") != "0")
    Path("releases.txt").write_text("\n".join(found))
    result.save("answers.json")
    for word, at in zip(result.answers.tolist(), result.at.tolist(), strict=True):
        cocotb.log.info("cycle %d: %016x", at, word)
    assert result.answers.size, "the program has no answer"
    if record.answers.size:
        assert not (difference := record.difference(result)), difference
