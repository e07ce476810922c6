# SPDX-License-Identifier: Apache-2.0
"""Fires the assertion of the design; the test itself finds nothing wrong."""

from typing import Any

import cocotb

from testbench.common import Clocked


@cocotb.test()
async def fires(dut: Any) -> None:
    dut.bad_i.value = 0
    tb = Clocked(dut)
    await tb.reset()
    dut.bad_i.value = 1
    await tb.cycles(4)
