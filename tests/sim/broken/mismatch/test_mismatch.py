# SPDX-License-Identifier: Apache-2.0
"""A wrong value on the scoreboard."""

from typing import Any

import cocotb

from testbench.common import Clocked, Scoreboard


@cocotb.test()
async def differs(dut: Any) -> None:
    dut.bad_i.value = 0
    await Clocked(dut).reset()
    board = Scoreboard("words")
    board.expect(1, 2)
    board.check(1)
    board.check(3)
