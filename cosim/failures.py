# SPDX-License-Identifier: Apache-2.0
"""Plugin of pytest that keeps the machines of failing tests.

    pytest -p cosim.failures [--failures FOLDER] [--failure-waves US]

Every machine that a test opens, by whatever call, is recorded. When a test fails, the records of
those that it had are saved; a machine of the target `rtl` is also run again to write the waveform
of its end. Records replay on any machine: `hxcosim replay FILE --target rtl --waves FILE.fst`.
"""

import re
import weakref
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from cosim.build import trace_format
from cosim.recorder import open_machine, play
from cosim.target import WATCHERS, LinkTarget
from cosim.waves import write_gtkwave, write_surfer
from cosim.window import PS_PER_CYCLE, PS_PER_US
from hal.errors import HxcosimError

__all__: list[str] = []

#: A suite that fails as a whole gets so many waveforms: each is another run.
WAVEFORMS = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hxcosim")
    group.addoption("--failures", type=Path, default=Path("build/failures"), metavar="FOLDER",
                    help="folder of the records and waveforms of failing tests")  # fmt: skip
    group.addoption("--failure-waves", type=float, default=100.0, metavar="US",
                    help="length of a waveform, in us before the failure; 0: none")  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    if not 0 <= (length := config.getoption("--failure-waves")) < float("inf"):
        raise pytest.UsageError(f"--failure-waves {length:g}: must be a number of us, 0 or more")
    config.pluginmanager.register(_Keeper(config.getoption("--failures"), length))


class _Keeper:
    """Knows the machines that are open, and those that the running test has closed.

    One that a test leaves to be collected is let go.
    """

    def __init__(self, folder: Path, length_us: float) -> None:
        self._folder = folder
        self._cycles = round(length_us * PS_PER_US / PS_PER_CYCLE)
        self._machines: list[LinkTarget[Any]] = []  # of the running test
        self._older: list[weakref.ref[LinkTarget[Any]]] = []
        self._left = WAVEFORMS
        WATCHERS.append(self._machines.append)

    def pytest_unconfigure(self) -> None:
        WATCHERS.remove(self._machines.append)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, Any]:
        report = yield
        if report.failed:
            name = re.sub(r"[^\w.-]+", "_", item.nodeid).strip("_")
            older = [m for reference in self._older if (m := reference())]
            for number, machine in enumerate(older + self._machines):
                lines = self._keep(machine, self._folder / f"{name}-{report.when}-{number}.hxr")
                report.sections.append((f"machine {number}: {machine.name}", "\n".join(lines)))
        if report.when == "teardown":
            self._older += map(weakref.ref, self._machines)
            self._machines.clear()
            self._older = [r for r in self._older if (m := r()) and not m.closed]
        return report

    def _keep(self, machine: LinkTarget[Any], file: Path) -> Iterator[str]:
        """Save what there is of a machine; what was saved."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            record = machine.record()
            record.save(file)
            yield f"hxcosim replay {file}"
            if machine.name != "rtl" or not self._cycles:
                return
            if not self._left:
                yield f"no waveform: there are {WAVEFORMS} already"
                return
            self._left -= 1
            waveform = file.with_suffix(f".{trace_format()}")
            end = machine.link.now
            window = {"waves_from": max(0, end - self._cycles), "waves_to": end}
            with open_machine("rtl", waves=waveform, **window) as again:
                play(record, again)
            write_gtkwave(file.with_suffix(".gtkw"), waveform, window["waves_from"])
            write_surfer(file.with_suffix(".surfer"))
            yield f"waveform {waveform}"
        except (HxcosimError, OSError) as error:
            yield f"cannot be kept: {error}"
