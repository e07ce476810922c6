# SPDX-License-Identifier: Apache-2.0
"""Rules of the whole suite: compile minutes at the end, what each test touches."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from touched import Recorder

RECORDER = Recorder()


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
    parser.addoption("--answers", help="file for the hash of the answers in each test of tests/hw")


def pytest_sessionstart() -> None:
    """See what the tests touch."""
    RECORDER.install()


def pytest_runtest_setup() -> None:
    RECORDER.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note what the test touched, without its parameters, and how it went."""
    report = yield
    if report.when == "call" or not report.passed:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        test, target = item.nodeid.partition("[")[0], parameters.get("target", "host")
        if item.path.name == "test_benches.py" and (bench := parameters.get("name")):
            test, target = f"testbench/{bench}/test_{bench}.py", "rtl"
        RECORDER.end(test, target, report.outcome)
    return report


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C interrupts, here and in programs begun here, also where it is ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


def pytest_sessionfinish() -> None:
    RECORDER.save()
