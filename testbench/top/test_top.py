# SPDX-License-Identifier: Apache-2.0
"""The whole system behind the link, with cocotb's clock in place of the server's.

`make sim TEST=top PROGRAM=file` runs a record (`.json`), or a program of words in hex.
A record's answers must come again, each at the same cycle. `SKIP=0` clocks every cycle.
What came back is left in `answers.json` beside the log.
"""

import os
from pathlib import Path
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge, Timer

from cosim.flange.client import CYCLE_S
from cosim.flange.record import Record
from cosim.flange.wire import Config

DEFAULT = Path(__file__).parent / "identity.hex"


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
    result = await host(dut, record, os.environ.get("SKIP", "1") != "0")
    result.save("answers.json")
    for word, at in zip(result.answers.tolist(), result.at.tolist(), strict=True):
        cocotb.log.info("cycle %d: %016x", at, word)
    assert result.answers.size, "the program has no answer"
    if record.answers.size:
        assert not (difference := record.difference(result)), difference
