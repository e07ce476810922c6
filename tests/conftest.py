# SPDX-License-Identifier: Apache-2.0
"""Rules of the whole suite: a cache that tests share, and the compile minutes at the end."""

import os
from pathlib import Path
from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the minutes spent in the Verilator builds of this run (CI keeps the log)."""
    log = os.environ.get("HXCOSIM_COMPILE_LOG")
    if log and Path(log).is_file():
        lines = [line.split(" ", 1) for line in Path(log).read_text().splitlines()]
        minutes = sum(float(seconds) for seconds, _ in lines) / 60
        terminalreporter.write_line(f"compile minutes: {minutes:.1f} in {len(lines)} builds")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The targets of `tests/hw`."""
    parser.addoption("--target", action="append", help="name of a target; may be repeated")
