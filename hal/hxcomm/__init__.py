# SPDX-License-Identifier: Apache-2.0
"""Words, connections and targets: everything between the host's layers and a machine."""

from hal.hwdb import SimulationEntry, ZeroMockEntry
from hal.hxcomm.errors import ClosedConnectionError, ConnectionFailedError
from hal.hxcomm.handles import (
    ConnectionHandle,
    ManagedConnection,
    ManagedMultiARQConnection,
    ManagedMultiSimConnection,
    ManagedMultiTargetConnection,
    ManagedMultiZeroMockConnection,
    ManagedQuiggeldyConnection,
    MultiARQConnectionHandle,
    MultiSimConnectionHandle,
    MultiTargetConnectionHandle,
    MultiZeroMockConnectionHandle,
    QuiggeldyConnectionHandle,
    get_repo_state,
)
from hal.hxcomm.service import (
    ReinitStackEntry,
    get_unused_port,
    launch_quiggeldy_locally_from_env,
    terminate,
    unset_quiggeldy_env,
)
from hal.hxcomm.timing import ConnectionTimeInfo

__all__ = [
    "ClosedConnectionError",
    "ConnectionFailedError",
    "ConnectionHandle",
    "ConnectionTimeInfo",
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
    "ReinitStackEntry",
    "SimulationEntry",
    "ZeroMockEntry",
    "get_repo_state",
    "get_unused_port",
    "launch_quiggeldy_locally_from_env",
    "terminate",
    "unset_quiggeldy_env",
]
