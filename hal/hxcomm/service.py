# SPDX-License-Identifier: Apache-2.0
"""Helpers around the experiment server, and the word-level re-init stack."""

import os
import signal
import socket

from hal.hxcomm.connection import Connection, ReinitEntry
from hal.hxcomm.errors import ConnectionFailedError
from hal.hxcomm.handles import ConnectionHandle

__all__ = [
    "ReinitStackEntry",
    "get_unused_port",
    "launch_quiggeldy_locally_from_env",
    "terminate",
    "unset_quiggeldy_env",
]

_VARIABLES = ("QUIGGELDY_ENABLED", "QUIGGELDY_IP", "QUIGGELDY_PORT", "QUIGGELDY_USER_NO_MUNGE")


def get_unused_port() -> int:
    """A TCP port of the loopback interface that is free at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def terminate(pid: int) -> None:
    """Ask a process to end. :raises OSError: if there is none of this number."""
    os.kill(pid, signal.SIGTERM)


def launch_quiggeldy_locally_from_env() -> tuple[int, int]:
    """Start an experiment server in front of the device that the environment names.

    :raises ConnectionFailedError: always, as this package has no experiment server yet.
    """
    raise ConnectionFailedError(
        "this package has no experiment server yet; connect to the device without one "
        "(unset QUIGGELDY_ENABLED)"
    )


def unset_quiggeldy_env() -> None:
    """Remove the variables that lead to an experiment server from this process."""
    for name in _VARIABLES:
        os.environ.pop(name, None)


class ReinitStackEntry:
    """One place on a connection's re-init stack; only the top one may be set again or popped.

    On the direct connections of this package nobody else uses the device, so that an entry only
    has an effect with `enforce`: its request is executed at once.
    """

    __slots__ = ("_connection", "_entry")

    def __init__(self, connection: ConnectionHandle | Connection) -> None:
        if isinstance(connection, ConnectionHandle):
            connection = connection.connection
        if not isinstance(connection, Connection):
            raise TypeError(f"a connection handle is needed, not {type(connection).__name__}")
        self._connection = connection
        self._entry: ReinitEntry | None = None

    def set(self, entry: ReinitEntry) -> None:
        """Put the entry on top of the stack, or replace it if it is the top one.

        :raises ConnectionFailedError: if it is on the stack, below others.
        """
        devices = self._connection.devices
        for programs in (entry.request, entry.snapshot):
            if programs is not None and len(programs) != len(devices):
                raise ConnectionFailedError(
                    f"a re-init entry needs one program per chip: {len(devices)}, "
                    f"not {len(programs)}"
                )
        with self._connection.mutex:
            if self._entry is not None:
                self.pop()
            self._connection.reinit_stack.append(entry)
            self._entry = entry
            if entry.enforce:
                self._connection.execute([[program] for program in entry.request], lambda _: None)

    def pop(self) -> None:
        """Take the entry off the stack.

        :raises ConnectionFailedError: if it is not on the stack, or below others.
        """
        with self._connection.mutex:
            stack = self._connection.reinit_stack
            if self._entry is None or not any(e is self._entry for e in stack):
                raise ConnectionFailedError("this re-init entry is not on the stack")
            if stack[-1] is not self._entry:
                raise ConnectionFailedError("only the top entry of a re-init stack can be changed")
            stack.pop()
            self._entry = None
