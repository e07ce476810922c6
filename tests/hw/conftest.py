# SPDX-License-Identifier: Apache-2.0
"""Tests of the machine, on any target: `--target emu --target rtl`; by default those two.

`targets.toml` says what each target has and which tests are left out on it, with the reason.
"""

import fnmatch
import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cosim.target import LinkTarget
from hal import stadls
from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection
from hal.hxcomm.codec import Messages, decode_messages
from hal.hxcomm.messages import FROM_FPGA
from hal.hxcomm.target import available_targets

DEFAULT = ["emu", "rtl"]
FOLDER = Path(__file__).parent
TARGETS: dict[str, Any] = tomllib.loads((FOLDER / "targets.toml").read_text())
_results: dict[str, dict[str, str]] = {}

Raw = Callable[[list[int]], list[tuple[str, dict[str, int]]]]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requires(*names): what the target must have")
    for name in config.getoption("--target") or []:
        if name.partition("://")[0] not in available_targets():
            known = ", ".join(available_targets())
            raise pytest.UsageError(f"--target: no target '{name}'; known targets are: {known}")


@pytest.fixture(autouse=True)
def answers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With `--answers FILE`, a line of each test: name, words that came and their hash, time."""
    file = request.config.getoption("--answers")
    if not file:
        yield
        return
    receive, run = LinkTarget.receive, LinkTarget.run
    # Machines at work at once answer in the order of their threads: each has a hash of its own.
    machines: dict[LinkTarget[Any], Any] = {}
    words_seen, last = 0, 0

    def heard(machine: LinkTarget[Any], words: Any) -> None:
        nonlocal words_seen
        words_seen += words.size
        machines.setdefault(machine, hashlib.sha256()).update(words.tobytes())

    def received(self: LinkTarget[Any]) -> Any:
        nonlocal last
        words = receive(self)
        heard(self, words)
        machines[self].update(self.now.to_bytes(8, "little"))
        last = max(last, self.now)
        return words

    def ran(self: LinkTarget[Any], deliver: Any = None) -> None:
        run(self, deliver and (lambda words: (heard(self, words), deliver(words))))

    monkeypatch.setattr(LinkTarget, "receive", received)
    monkeypatch.setattr(LinkTarget, "run", ran)
    yield
    found = hashlib.sha256("".join(sorted(d.hexdigest() for d in machines.values())).encode())
    with Path(file).open("a", encoding="utf-8") as out:
        out.write(f"{request.node.name} {words_seen} {found.hexdigest()} {last}\n")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test on each target."""
    if "target" in metafunc.fixturenames:
        names = metafunc.config.getoption("--target") or DEFAULT
        metafunc.parametrize("target", names, scope="module")


def reason_to_skip(target: str, place: str, needs: set[str]) -> str | None:
    """Why a test, given by file and name, does not run on a target; None if it does."""
    plain = target.partition("://")[0]
    facts = TARGETS.get(plain, {"has": []})
    if missing := sorted(needs - set(facts["has"])):
        return f"{plain} has no {', '.join(missing)}"
    for rule in facts.get("exclude", []):
        if fnmatch.fnmatch(place, rule["pattern"]):
            return f"{plain}: {rule['reason']}"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what `targets.toml` says."""
    for item in items:
        target = getattr(item, "callspec", None) and item.callspec.params.get("target")
        if FOLDER in item.path.parents and target:
            needs = {name for mark in item.iter_markers("requires") for name in mark.args}
            if reason := reason_to_skip(target, f"{item.path.name}::{item.name}", needs):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember how each test went on each target."""
    report = yield
    target = getattr(item, "callspec", None) and item.callspec.params.get("target")
    if FOLDER in item.path.parents and target and (report.when == "call" or not report.passed):
        test = item.name.replace(f"{target}-", "").replace(f"[{target}]", "")
        outcome = {"passed": "ok", "skipped": "-"}.get(report.outcome, "FAILED")
        _results.setdefault(test, {})[target] = outcome
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table test x target."""
    if not _results:
        return
    targets = sorted({target for row in _results.values() for target in row})
    width = max(map(len, _results))
    terminalreporter.section("tests/hw by target")
    terminalreporter.write_line(f"{'':{width}}  {'  '.join(f'{t:6}' for t in targets)}")
    for test, row in _results.items():
        marks = "  ".join(f"{row.get(target, ''):6}" for target in targets)
        terminalreporter.write_line(f"{test:{width}}  {marks}")


@pytest.fixture(scope="module")
def shared(target: str) -> Iterator[ConnectionHandle]:
    """One connection for all tests of a module, since starting a simulation takes time."""
    with ManagedMultiTargetConnection([target]) as handle:
        yield handle


@pytest.fixture(scope="module")
def connection(shared: ConnectionHandle) -> ConnectionHandle:
    """The same after bring-up; modules that want more have one of their own."""
    builder, _ = stadls.generate(stadls.SystemInit(shared.get_hwdb_entry()[0]))
    stadls.run(shared, builder.done())
    return shared


def _messages(pieces: Iterable[NDArray[np.uint64]]) -> Messages:
    return decode_messages(np.concatenate(list(pieces)))


@pytest.fixture
def raw(shared: ConnectionHandle) -> Raw:
    """Runs words as a program of their own; gives the answers without times, by name and fields."""

    def run(words: list[int]) -> list[tuple[str, dict[str, int]]]:
        program = [np.array(words, np.uint64)]
        (messages,) = shared.connection.execute([program], _messages)
        named = [(FROM_FPGA[kind], payload) for kind, payload in messages.pairs()]
        return [(m.name, m.unpack(p)) for m, p in named if m.name not in ("Systime", "Sysdelta")]

    return run
