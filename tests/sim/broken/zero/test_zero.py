# SPDX-License-Identifier: Apache-2.0
"""A bench in which somebody forgot the decorator."""

from typing import Any


async def not_a_test(dut: Any) -> None:
    raise AssertionError("never executed")
