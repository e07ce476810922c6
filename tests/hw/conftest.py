# SPDX-License-Identifier: Apache-2.0
"""Tests of the machine, on any target: `--target emu --target rtl`; by default those two."""

from collections.abc import Iterator

import pytest

from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection

DEFAULT = ["emu", "rtl"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test on each target."""
    if "target" in metafunc.fixturenames:
        names = metafunc.config.getoption("--target") or DEFAULT
        metafunc.parametrize("target", names, scope="module")


@pytest.fixture(scope="module")
def shared(target: str) -> Iterator[ConnectionHandle]:
    """One connection for all tests of a module, since starting a simulation takes time."""
    with ManagedMultiTargetConnection([target]) as handle:
        yield handle
