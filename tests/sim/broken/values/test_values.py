# SPDX-License-Identifier: Apache-2.0
"""Not broken: writes down everything that depends on the seed."""

import random
from pathlib import Path
from typing import Any

import cocotb

from testbench.common import Clocked, generator


@cocotb.test()
async def values(dut: Any) -> None:
    dut.bad_i.value = 0
    await Clocked(dut).reset()
    values = [random.random(), generator("a").random(), int(dut.start_o.value)]
    Path("values.txt").write_text(repr(values))
