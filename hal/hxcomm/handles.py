# SPDX-License-Identifier: Apache-2.0
"""Managed connections and their handles (reference: hal, section 12; upper-layers, section 1).

    with ManagedConnection() as connection:
        run(connection, program)

The manager opens a connection on entry and closes it on exit; it also closes when the manager or
the handle is collected. A handle gives lists with one item per chip.
"""

import logging
import os
import weakref
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Generic, Self, TypeVar

from hal.halco.common import IPv4
from hal.hwdb import Database, HXCubeSetupEntry, JboaSetupEntry
from hal.hwdb.entries import HwdbEntry
from hal.hxcomm.connection import (
    Connection,
    Device,
    default_entry,
    identifier_of,
    setup_device,
    simulation_device,
    zero_mock_device,
)
from hal.hxcomm.errors import ClosedConnectionError, ConnectionFailedError
from hal.hxcomm.target import Target, available_targets, open_target
from hal.hxcomm.timing import ConnectionTimeInfo

__all__ = [
    "ConnectionHandle",
    "ManagedConnection",
    "ManagedMultiARQConnection",
    "ManagedMultiSimConnection",
    "ManagedMultiTargetConnection",
    "ManagedMultiZeroMockConnection",
    "ManagedQuiggeldyConnection",
    "MultiARQConnectionHandle",
    "MultiSimConnectionHandle",
    "MultiTargetConnectionHandle",
    "MultiZeroMockConnectionHandle",
    "QuiggeldyConnectionHandle",
    "get_repo_state",
]

_log = logging.getLogger("hxcosim.hxcomm")

_DEFAULT_SIMULATION_HOST = "127.0.0.1"
_PREFERRED_TARGETS = ("emu", "rtl")


def get_repo_state() -> str:
    """Name and version of this software."""
    from importlib.metadata import version

    return f"hxcosim {version('hxcosim')}"


class ConnectionHandle:
    """An open connection; made by the managers only."""

    __slots__ = ("__weakref__", "_connection")
    _connection: Connection

    def __init__(self) -> None:
        raise TypeError(
            f"a {type(self).__name__} cannot be constructed; "
            "it is what entering a managed connection yields"
        )

    @classmethod
    def _make(cls, connection: Connection) -> Self:
        handle = cls.__new__(cls)
        handle._connection = connection
        weakref.finalize(handle, connection.close)
        return handle

    @property
    def connection(self) -> Connection:
        """The connection itself, for the layers that execute programs."""
        return self._connection

    @property
    def time_info(self) -> list[ConnectionTimeInfo]:
        """Time spent so far, per chip; only grows."""
        return self._connection.time_info

    @property
    def bitfile_info(self) -> list[str]:
        """What the devices say about their FPGA design, per chip."""
        return [device.bitfile_info for device in self._connection.devices]

    @property
    def repo_state(self) -> list[str]:
        """The software at the other end, per chip."""
        return [get_repo_state() for _ in self._connection.devices]

    def get_bitfile_info(self) -> list[str]:
        """Same as `bitfile_info`."""
        return self.bitfile_info

    def get_remote_repo_state(self) -> list[str]:
        """Same as `repo_state`."""
        return self.repo_state

    def get_unique_identifier(self, hwdb_path: str | None = None) -> list[str]:
        """Identifiers such as `hxcube9fpga0chip12_1`, per chip.

        :param hwdb_path: a database to look the FPGAs up in, by their address.
        :raises HwdbLookupError: if that database does not know them.
        """
        if hwdb_path is None:
            return [device.identifier for device in self._connection.devices]
        database = Database()
        database.load(hwdb_path)
        return [_identifier(device, database) for device in self._connection.devices]

    def get_hwdb_entry(self) -> list[HwdbEntry]:
        """The devices' entries of the hardware database, per chip."""
        return [device.entry for device in self._connection.devices]

    def __repr__(self) -> str:
        if not self._connection.is_open:
            return f"{type(self).__name__}(closed)"
        return f"{type(self).__name__}({', '.join(self.get_unique_identifier())})"


def _identifier(device: Device, database: Database) -> str:
    if not isinstance(device.entry, HXCubeSetupEntry | JboaSetupEntry):
        return device.identifier
    (fpga,) = device.entry.fpgas.values()
    return identifier_of(database.find_by_ip(fpga.ip))


class MultiZeroMockConnectionHandle(ConnectionHandle):
    """Devices that answer every read with 0."""

    __slots__ = ()


class MultiTargetConnectionHandle(ConnectionHandle):
    """Targets of this package in this process or started by it, posing as a cube setup."""

    __slots__ = ()


class MultiARQConnectionHandle(ConnectionHandle):
    """FPGAs over Ethernet."""

    __slots__ = ()


class MultiSimConnectionHandle(ConnectionHandle):
    """Running simulators."""

    __slots__ = ("enable_terminate_on_destruction",)
    enable_terminate_on_destruction: list[bool]

    @classmethod
    def _make(cls, connection: Connection) -> Self:
        handle = super()._make(connection)
        handle.enable_terminate_on_destruction = [False] * len(connection)
        return handle


class QuiggeldyConnectionHandle(ConnectionHandle):
    """An experiment server; `out_of_order` may be switched on, but not off again."""

    __slots__ = (
        "_out_of_order",
        "connection_attempt_wait_after",
        "connection_attempts_max",
        "use_munge",
    )

    use_munge: bool
    connection_attempts_max: int
    connection_attempt_wait_after: timedelta
    _out_of_order: bool

    @classmethod
    def _make(cls, connection: Connection) -> Self:
        handle = super()._make(connection)
        handle.use_munge = False
        handle.connection_attempts_max = 10
        handle.connection_attempt_wait_after = timedelta(milliseconds=100)
        handle._out_of_order = False
        return handle

    @property
    def out_of_order(self) -> bool:
        """Whether the server may execute programs in another order than they were sent."""
        return self._out_of_order

    @out_of_order.setter
    def out_of_order(self, value: bool) -> None:
        if self._out_of_order and not value:
            raise ConnectionFailedError("out_of_order cannot be switched off again")
        self._out_of_order = value


Handle = TypeVar("Handle", bound=ConnectionHandle)


class _Managed(Generic[Handle]):
    """Context manager around a connection; may be entered again after it was left."""

    __slots__ = ("__weakref__", "_connection", "_finalizer")

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._finalizer: weakref.finalize[..., _Managed[Handle]] | None = None

    def _connect(self) -> tuple[type[Handle], list[Device]]:
        raise NotImplementedError

    def __enter__(self) -> Handle:
        if self._connection is not None and self._connection.is_open:
            _log.warning("the connection was still open; it is closed and opened anew")
            self._connection.close()
        kind, devices = self._connect()
        connection = Connection(devices)
        self._connection = connection
        self._finalizer = weakref.finalize(self, connection.close)
        return kind._make(connection)

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        if self._connection is None:
            raise ClosedConnectionError("the connection was not entered, so it cannot be left")
        self._connection.close()


class ManagedMultiZeroMockConnection(_Managed[MultiZeroMockConnectionHandle]):
    """Zero mocks.

    :param parameters: per chip `(nanoseconds_per_message,)`, which limits the bandwidth.
    """

    __slots__ = ("_delays",)

    def __init__(self, parameters: Sequence[tuple[int]] = ((0,),)) -> None:
        super().__init__()
        self._delays = [int(delay) for (delay,) in parameters]

    def _connect(self) -> tuple[type[MultiZeroMockConnectionHandle], list[Device]]:
        devices = [zero_mock_device(open_target("mock"), delay) for delay in self._delays]
        return MultiZeroMockConnectionHandle, devices


class ManagedMultiTargetConnection(_Managed[MultiTargetConnectionHandle]):
    """Targets of this package, by name, such as `emu` or `rtl`, one per chip.

    :raises ConnectionFailedError: on entry, if no target of that name is installed.
    """

    __slots__ = ("_names",)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        if isinstance(names, str) or not names:
            raise TypeError("the targets are given as a list of at least one name")
        self._names = list(names)

    def _connect(self) -> tuple[type[MultiTargetConnectionHandle], list[Device]]:
        devices = [
            setup_device(_open(name, f"target '{name}'"), name, default_entry())
            for name in self._names
        ]
        return MultiTargetConnectionHandle, devices


class ManagedMultiARQConnection(_Managed[MultiARQConnectionHandle]):
    """FPGAs over Ethernet.

    :param parameters: per chip `(ip,)`; without, the addresses in SLURM_FPGA_IPS.
    :raises ConnectionFailedError: on entry, if the transport is not installed or nobody answers.
    """

    __slots__ = ("_endpoints",)

    def __init__(self, parameters: Sequence[tuple[str]] | None = None) -> None:
        super().__init__()
        if parameters is None:
            addresses = [ip.strip() for ip in _variable("SLURM_FPGA_IPS").split(",")]
        else:
            addresses = [ip for (ip,) in parameters]
        self._endpoints = addresses

    def _connect(self) -> tuple[type[MultiARQConnectionHandle], list[Device]]:
        return MultiARQConnectionHandle, [_arq_device(ip) for ip in self._endpoints]


def _arq_device(location: str) -> Device:
    ip = location.partition(":")[0]
    database = Database()
    text = os.environ.get("SLURM_HWDB_YAML")
    if text is None:
        database.load(Database.get_default_path())
    else:
        database.load_text(text, "SLURM_HWDB_YAML")
    try:
        entry = database.find_by_ip(IPv4.from_string(ip))
    except RuntimeError:
        _log.warning("%s is not in the hardware database; it is taken for the default cube", ip)
        entry = default_entry()
    target = _open("arq", f"the FPGA at {location} (Host-ARQ)", location=location)
    return setup_device(target, f"arq://{location}", entry)


class ManagedMultiSimConnection(_Managed[MultiSimConnectionHandle]):
    """Running simulators.

    :param parameters: per chip `(ip, port)`; without, FLANGE_SIMULATION_RCF_HOST and _PORT.
    :raises ConnectionFailedError: on entry, if the transport is not installed or nobody answers.
    """

    __slots__ = ("_endpoints",)

    def __init__(self, parameters: Sequence[tuple[str, int]] | None = None) -> None:
        super().__init__()
        if parameters is None:
            host = os.environ.get("FLANGE_SIMULATION_RCF_HOST", _DEFAULT_SIMULATION_HOST)
            parameters = [(host, _port("FLANGE_SIMULATION_RCF_PORT"))]
        self._endpoints = [f"{ip}:{int(port)}" for ip, port in parameters]

    def _connect(self) -> tuple[type[MultiSimConnectionHandle], list[Device]]:
        devices = [
            simulation_device(_open("sim", f"the simulator at {where}", location=where))
            for where in self._endpoints
        ]
        return MultiSimConnectionHandle, devices


class ManagedQuiggeldyConnection(_Managed[QuiggeldyConnectionHandle]):
    """An experiment server.

    :param ip: address; without, QUIGGELDY_IP.
    :param port: without, QUIGGELDY_PORT.
    :param user: name to work under without authentication.
    :raises ConnectionFailedError: on entry, if the transport is not installed or nobody answers.
    """

    __slots__ = ("_ip", "_port", "_user")

    def __init__(
        self, ip: str | None = None, port: int | None = None, user: str | None = None
    ) -> None:
        super().__init__()
        self._ip = _variable("QUIGGELDY_IP") if ip is None else ip
        self._port = _port("QUIGGELDY_PORT") if port is None else port
        self._user = os.environ.get("QUIGGELDY_USER_NO_MUNGE") if user is None else user

    def _connect(self) -> tuple[type[QuiggeldyConnectionHandle], list[Device]]:
        where = f"{self._ip}:{self._port}"
        target = _open("quiggeldy", f"the experiment server at {where}", location=where)
        return QuiggeldyConnectionHandle, [setup_device(target, "quiggeldy", default_entry())]


class ManagedConnection(_Managed[ConnectionHandle]):
    """The connection that the environment asks for when it is entered.

    First that applies: HXCOMM_ENABLE_ZERO_MOCK, QUIGGELDY_ENABLED (not 0), SLURM_FPGA_IPS,
    FLANGE_SIMULATION_RCF_PORT; then HXCOSIM_TARGET (`emu`, `rtl`, `mock`, `sim://host:port`,
    `arq://host:port`, or any installed target); then the emulator or, where it is not installed,
    the Verilated system.
    """

    __slots__ = ()

    def _connect(self) -> tuple[type[ConnectionHandle], list[Device]]:
        return _from_environment()._connect()


def _from_environment() -> "_Managed[ConnectionHandle]":
    environment = os.environ
    chosen: Callable[[], object]
    if "HXCOMM_ENABLE_ZERO_MOCK" in environment:
        chosen = ManagedMultiZeroMockConnection
    elif environment.get("QUIGGELDY_ENABLED", "0") not in ("0", ""):
        chosen = ManagedQuiggeldyConnection
    elif environment.get("SLURM_FPGA_IPS"):
        chosen = ManagedMultiARQConnection
    elif environment.get("FLANGE_SIMULATION_RCF_PORT"):
        chosen = ManagedMultiSimConnection
    else:
        return _from_target(environment.get("HXCOSIM_TARGET") or _default_target())
    return chosen()  # type: ignore[return-value] # each yields a subclass of the handle


def _from_target(name: str) -> "_Managed[ConnectionHandle]":
    managed: object
    if name == "mock":
        managed = ManagedMultiZeroMockConnection()
    elif name.startswith("arq://"):
        managed = _ManagedEndpoint(name)
    else:
        managed = ManagedMultiTargetConnection([name])
    return managed  # type: ignore[return-value] # each yields a subclass of the handle


def _default_target() -> str:
    installed = available_targets()
    for name in _PREFERRED_TARGETS:
        if name in installed:
            return name
    raise ConnectionFailedError(
        "no executor backend found: no connection is named in the environment, and neither "
        f"target {' nor '.join(_PREFERRED_TARGETS)} is installed; set HXCOSIM_TARGET=mock for "
        "answers of 0"
    )


class _ManagedEndpoint(_Managed[MultiARQConnectionHandle]):
    """One Host-ARQ endpoint, `arq://host:port`."""

    __slots__ = ("_location",)

    def __init__(self, url: str) -> None:
        super().__init__()
        location = url.removeprefix("arq://")
        host, colon, port = location.rpartition(":")
        if not colon or not host or not port.isdecimal() or not 0 < int(port) < 2**16:
            raise ConnectionFailedError(
                f"HXCOSIM_TARGET='{url}' is not of the form arq://host:port with port in 1..65535"
            )
        self._location = location

    def _connect(self) -> tuple[type[MultiARQConnectionHandle], list[Device]]:
        return MultiARQConnectionHandle, [_arq_device(self._location)]


def _open(name: str, what: str, **options: str) -> Target:
    installed = available_targets()
    if name.partition("://")[0] not in installed:
        raise ConnectionFailedError(
            f"cannot connect to {what}: no target '{name}' is installed in the entry-point group "
            f"hxcosim.targets; installed: {', '.join(sorted(installed))}"
        )
    return open_target(name, **options)


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ConnectionFailedError(f"the environment variable {name} is not set")
    return value


def _port(name: str) -> int:
    text = _variable(name)
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise ConnectionFailedError(f"{name}='{text}' is not a port in 1..65535")
    return int(text)
