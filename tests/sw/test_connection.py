# SPDX-License-Identifier: Apache-2.0
"""Connections: choice by environment, handles, life time, what is told when none can be made."""

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hal import hxcomm
from hal.hwdb import Database, HwdbLookupError, HXCubeSetupEntry
from hal.hxcomm import handles
from hal.hxcomm.connection import HALT, Connection, ReinitEntry, zero_mock_device
from hal.hxcomm.errors import ClosedConnectionError, ConnectionFailedError
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA
from hal.hxcomm.mock import MockTarget

VARIABLES = [
    "HXCOMM_ENABLE_ZERO_MOCK",
    "QUIGGELDY_ENABLED",
    "QUIGGELDY_IP",
    "QUIGGELDY_PORT",
    "QUIGGELDY_USER_NO_MUNGE",
    "SLURM_FPGA_IPS",
    "SLURM_HWDB_YAML",
    "FLANGE_SIMULATION_RCF_PORT",
    "FLANGE_SIMULATION_RCF_HOST",
    "HXCOSIM_TARGET",
]
READ = np.array(
    [TO_FPGA["OmnibusAddress"].word(address=0, byte_enables=15, is_read=1)], dtype=np.uint64
)
ZERO = FROM_FPGA["OmnibusData"].word()
HALTED = FROM_FPGA["Loopback"].word()


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """Every target is a zero mock; the names and options that were asked for."""
    asked: list[tuple[str, dict[str, str]]] = []

    def open_target(name: str, **options: str) -> MockTarget:
        asked.append((name, options))
        return MockTarget()

    monkeypatch.setattr(handles, "open_target", open_target)
    monkeypatch.setattr(
        handles, "available_targets", lambda: ["arq", "emu", "mock", "quiggeldy", "rtl", "sim"]
    )
    return asked


def test_precedence_of_the_environment(
    opened: list[tuple[str, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set from the last to the first: each takes over from those set before."""
    for name, value, target, handle in [
        ("HXCOSIM_TARGET", "", "emu", hxcomm.MultiTargetConnectionHandle),
        ("HXCOSIM_TARGET", "rtl", "rtl", hxcomm.MultiTargetConnectionHandle),
        ("HXCOSIM_TARGET", "arq://127.0.0.1:1234", "arq", hxcomm.MultiARQConnectionHandle),
        ("HXCOSIM_TARGET", "mock", "mock", hxcomm.MultiZeroMockConnectionHandle),
        ("FLANGE_SIMULATION_RCF_PORT", "50001", "sim", hxcomm.MultiSimConnectionHandle),
        ("SLURM_FPGA_IPS", "192.168.9.1", "arq", hxcomm.MultiARQConnectionHandle),
        ("QUIGGELDY_ENABLED", "0", "arq", hxcomm.MultiARQConnectionHandle),
        ("QUIGGELDY_ENABLED", "1", "quiggeldy", hxcomm.QuiggeldyConnectionHandle),
        ("HXCOMM_ENABLE_ZERO_MOCK", "1", "mock", hxcomm.MultiZeroMockConnectionHandle),
    ]:
        monkeypatch.setenv("QUIGGELDY_IP", "127.0.0.1")
        monkeypatch.setenv("QUIGGELDY_PORT", "8")
        monkeypatch.setenv(name, value)
        with hxcomm.ManagedConnection() as connection:
            assert type(connection) is handle
        assert opened[-1][0] == target
    options = dict(opened)
    assert options["arq"] == {"location": "192.168.9.1"}
    assert options["sim"] == {"location": "127.0.0.1:50001"}
    assert options["quiggeldy"] == {"location": "127.0.0.1:8"}
    assert ("arq", {"location": "127.0.0.1:1234"}) in opened


def test_default_is_the_emulator_then_the_rtl(
    opened: list[tuple[str, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with hxcomm.ManagedConnection():
        assert opened[-1][0] == "emu"
    monkeypatch.setattr(handles, "available_targets", lambda: ["mock", "rtl"])
    with hxcomm.ManagedConnection():
        assert opened[-1][0] == "rtl"
    monkeypatch.setattr(handles, "available_targets", lambda: ["mock"])
    with pytest.raises(ConnectionFailedError, match=r"no executor backend found: .*emu nor rtl"):
        hxcomm.ManagedConnection().__enter__()


def test_targets_present_a_cube(opened: list[tuple[str, dict[str, str]]], tmp_path: Path) -> None:
    with hxcomm.ManagedMultiTargetConnection(["emu", "rtl"]) as connection:
        assert connection.get_unique_identifier() == ["hxcube9fpga0chip12_1"] * 2
        entry = connection.get_hwdb_entry()[0]
        assert isinstance(entry, HXCubeSetupEntry)
        wing = entry.fpgas[0].wing
        assert wing is not None and wing.chip_revision == 3
        assert "version: 4" in connection.bitfile_info[0]
        assert connection.repo_state == connection.get_remote_repo_state()
        assert connection.get_bitfile_info() == connection.bitfile_info
        text = Path(Database.get_default_path()).read_text().replace("hxcube_id: 9", "hxcube_id: 7")
        (tmp_path / "db.yaml").write_text(text)
        other = connection.get_unique_identifier(str(tmp_path / "db.yaml"))
        assert other == ["hxcube7fpga0chip12_1"] * 2
        (tmp_path / "db.yaml").write_text("")
        with pytest.raises(HwdbLookupError, match="has no FPGA with address"):
            connection.get_unique_identifier(str(tmp_path / "db.yaml"))


def test_simulation_and_mock_present_themselves(
    opened: list[tuple[str, dict[str, str]]],
) -> None:
    with hxcomm.ManagedMultiSimConnection([("127.0.0.1", 5)]) as connection:
        assert connection.get_unique_identifier() == connection.bitfile_info == ["simulation"]
        assert connection.get_hwdb_entry() == [hxcomm.SimulationEntry()]
        assert connection.enable_terminate_on_destruction == [False]
    with hxcomm.ManagedMultiZeroMockConnection() as mock:
        assert mock.get_unique_identifier() == ["zeromock"]
        assert mock.get_hwdb_entry() == [hxcomm.ZeroMockEntry()]


def test_arq_takes_the_entry_of_the_database(
    opened: list[tuple[str, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "SLURM_HWDB_YAML",
        "jboa_id: 2\naggregators: []\nfpgas:\n  - {fpga: 34, ip: 10.0.0.1, ci_test_node: true,"
        " handwritten_chip_serial: 7, chip_revision: 3}\n  - {fpga: 35, ip: 10.0.0.2,"
        " ci_test_node: true, handwritten_chip_serial: 8, chip_revision: 3}\n",
    )
    monkeypatch.setenv("SLURM_FPGA_IPS", "10.0.0.2,10.0.0.1")
    with hxcomm.ManagedMultiARQConnection() as connection:
        assert connection.get_unique_identifier() == ["jboa2fpga35chip8_1", "jboa2fpga34chip7_1"]
        assert len(connection.time_info) == 2


def test_quiggeldy_handle(opened: list[tuple[str, dict[str, str]]]) -> None:
    with hxcomm.ManagedQuiggeldyConnection("127.0.0.1", 5, "me") as connection:
        assert connection.connection_attempts_max == 10 and not connection.use_munge
        assert connection.connection_attempt_wait_after == timedelta(milliseconds=100)
        connection.out_of_order = True
        with pytest.raises(RuntimeError, match="out_of_order cannot be switched off again"):
            connection.out_of_order = False


def answers(connection: hxcomm.ConnectionHandle, programs: int = 1) -> list[list[int]]:
    work = [[READ] * programs] * len(connection.connection)
    return connection.connection.execute(
        work, lambda pieces: [int(word) for piece in pieces for word in piece]
    )


def test_execute_appends_the_halt_and_counts_time() -> None:
    with hxcomm.ManagedMultiZeroMockConnection([(0,), (0,)]) as connection:
        before = connection.time_info
        assert answers(connection, 2) == [[ZERO, HALTED, ZERO, HALTED]] * 2
        difference = connection.time_info[0] - before[0]
        assert difference.execution_duration > timedelta()
        assert before[0] + difference == connection.time_info[0] != before[0]
        assert before[0] == hxcomm.ConnectionTimeInfo()
        assert str(before[0]).startswith("ConnectionTimeInfo(encode_duration: 0:00:00, decode")


class InPieces(MockTarget):
    """Delivers each answer as it comes, but the last one."""

    fails = False

    def run(self, deliver: Any = None) -> None:
        super().run(deliver)
        *answers, self.last = super().receive()
        for word in answers:
            deliver(np.array([word], np.uint64))
        if self.fails:
            raise RuntimeError("the machine stopped")

    def receive(self) -> NDArray[np.uint64]:
        return np.array([self.last], np.uint64)


def test_answers_are_decoded_while_the_machine_runs() -> None:
    target, threads = InPieces(), []
    connection = Connection([zero_mock_device(target)])

    def decode(pieces: Iterable[NDArray[np.uint64]]) -> list[int]:
        threads.append(threading.current_thread())
        return [int(word) for piece in pieces for word in piece]

    before = threading.active_count()
    assert connection.execute([[READ] * 50], decode) == [[ZERO, HALTED] * 50]
    assert connection.execute([[np.empty(0, np.uint64)]], decode) == [[HALTED]]  # all at once
    assert threads[0].name == "decode" and threads[1] is threading.current_thread()

    def fails(pieces: Iterable[NDArray[np.uint64]]) -> None:
        next(iter(pieces))
        raise ValueError("cannot be decoded")

    with pytest.raises(ValueError, match="cannot be decoded"):  # the machine need not wait
        connection.execute([[READ] * 50], fails)
    target.fails = True
    for decoder in (decode, fails):
        with pytest.raises(RuntimeError, match="the machine stopped"):
            connection.execute([[READ] * 50], decoder)
    target.fails = False
    assert connection.execute([[READ] * 2], decode) == [[ZERO, HALTED] * 2]
    for thread in threads:
        if thread.name == "decode":
            thread.join(30)
    assert threading.active_count() == before


def test_mock_limits_its_bandwidth() -> None:
    with hxcomm.ManagedMultiZeroMockConnection([(2_000_000,)]) as connection:
        answers(connection, 5)
        assert connection.time_info[0].execution_duration >= timedelta(milliseconds=20)


def test_handles_cannot_be_constructed() -> None:
    for kind in (hxcomm.ConnectionHandle, hxcomm.MultiZeroMockConnectionHandle):
        with pytest.raises(TypeError, match=f"a {kind.__name__} cannot be constructed"):
            kind()


def test_closed_after_exit_and_open_after_reentry() -> None:
    manager = hxcomm.ManagedMultiZeroMockConnection()
    with manager as connection:
        assert repr(connection) == "MultiZeroMockConnectionHandle(zeromock)"
    assert repr(connection) == "MultiZeroMockConnectionHandle(closed)"
    uses: list[Callable[[], object]] = [
        lambda: connection.time_info,
        lambda: connection.bitfile_info,
        lambda: connection.repo_state,
        connection.get_unique_identifier,
        connection.get_hwdb_entry,
        lambda: answers(connection),
    ]
    for use in uses:
        with pytest.raises(ClosedConnectionError, match="the connection is closed"):
            use()
    with manager as connection:
        assert answers(connection) == [[ZERO, HALTED]]
    connection = manager.__enter__()
    manager.__exit__()
    manager.__exit__(None, None, None)
    assert not connection.connection.is_open


def test_entering_twice_closes_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    manager = hxcomm.ManagedMultiZeroMockConnection()
    first = manager.__enter__()
    with caplog.at_level(logging.WARNING, "hxcosim"):
        second = manager.__enter__()
    assert "still open" in caplog.text
    assert not first.connection.is_open and second.connection.is_open


def test_collection_closes() -> None:
    manager = hxcomm.ManagedMultiZeroMockConnection()
    handle = manager.__enter__()
    connection = handle.connection
    del manager
    gc.collect()
    assert not connection.is_open
    manager = hxcomm.ManagedMultiZeroMockConnection()
    handle = manager.__enter__()
    connection = handle.connection
    del handle
    gc.collect()
    assert not connection.is_open


def test_leaving_without_entering_bad() -> None:
    with pytest.raises(ClosedConnectionError, match="was not entered"):
        hxcomm.ManagedMultiZeroMockConnection().__exit__()


def test_mutex_is_held_for_a_program() -> None:
    with hxcomm.ManagedMultiZeroMockConnection() as handle, handle.connection.mutex:
        assert answers(handle) == [[ZERO, HALTED]]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"HXCOSIM_TARGET": "nonsense"}, "no target 'nonsense' is installed.*mock"),
        ({"HXCOSIM_TARGET": "no://a:1"}, "no target 'no://a:1' is installed.*mock"),
        ({"HXCOSIM_TARGET": "arq://somewhere"}, "not of the form arq://host:port"),
        ({"HXCOSIM_TARGET": "arq://somewhere:99999"}, "port in 1..65535"),
        ({"SLURM_FPGA_IPS": "10.1.1.1"}, r"cannot connect to the FPGA at 10\.1\.1\.1"),
        ({"FLANGE_SIMULATION_RCF_PORT": "x"}, "FLANGE_SIMULATION_RCF_PORT='x' is not a port"),
        ({"FLANGE_SIMULATION_RCF_PORT": "5"}, "cannot connect to the simulator at 127.0.0.1:5"),
        ({"QUIGGELDY_ENABLED": "1"}, "the environment variable QUIGGELDY_IP is not set"),
        (
            {"QUIGGELDY_ENABLED": "1", "QUIGGELDY_IP": "10.1.1.1", "QUIGGELDY_PORT": "5"},
            r"cannot connect to the experiment server at 10\.1\.1\.1:5",
        ),
    ],
)
def test_no_connection_says_what_is_missing_bad(
    environment: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handles, "available_targets", lambda: ["mock"])
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConnectionFailedError, match=message):
        hxcomm.ManagedConnection().__enter__()


def test_targets_by_name_bad() -> None:
    for names in ("emu", []):
        with pytest.raises(TypeError, match="a list of at least one name"):
            hxcomm.ManagedMultiTargetConnection(names)


def test_service_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < hxcomm.get_unused_port() < 2**16
    monkeypatch.setenv("QUIGGELDY_ENABLED", "1")
    hxcomm.unset_quiggeldy_env()
    assert "QUIGGELDY_ENABLED" not in os.environ
    with pytest.raises(ConnectionFailedError, match="no experiment server yet"):
        hxcomm.launch_quiggeldy_locally_from_env()
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    hxcomm.terminate(process.pid)
    assert process.wait(timeout=30) == -signal.SIGTERM
    assert hxcomm.get_repo_state().startswith("hxcosim ")


def test_reinit_stack() -> None:
    with hxcomm.ManagedMultiZeroMockConnection() as handle:
        first, second = hxcomm.ReinitStackEntry(handle), hxcomm.ReinitStackEntry(handle)
        first.set(ReinitEntry([READ], enforce=False))
        assert handle.time_info[0] == hxcomm.ConnectionTimeInfo()
        second.set(ReinitEntry([READ]))
        assert handle.time_info[0] != hxcomm.ConnectionTimeInfo()
        second.set(ReinitEntry([HALT[:0]], enforce=False))
        assert len(handle.connection.reinit_stack) == 2
        with pytest.raises(ConnectionFailedError, match="only the top entry"):
            first.pop()
        second.pop()
        first.pop()
        with pytest.raises(ConnectionFailedError, match="is not on the stack"):
            first.pop()
        with pytest.raises(ConnectionFailedError, match="one program per chip: 1, not 2"):
            first.set(ReinitEntry([READ, READ]))
    with pytest.raises(TypeError, match="a connection handle is needed, not int"):
        hxcomm.ReinitStackEntry(1)  # type: ignore[arg-type] # not a connection


def test_failure_of_closing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(MockTarget):
        def close(self) -> None:
            raise RuntimeError("stuck")

    device = handles.zero_mock_device(Stuck())
    with caplog.at_level(logging.WARNING, "hxcosim"):
        Connection([device]).close()
    assert "closing zeromock failed: stuck" in caplog.text
