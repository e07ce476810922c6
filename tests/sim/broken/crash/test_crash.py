# SPDX-License-Identifier: Apache-2.0
"""The simulator dies in the middle of a test."""

import os
import signal
from typing import Any

import cocotb


@cocotb.test()
async def dies(dut: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
