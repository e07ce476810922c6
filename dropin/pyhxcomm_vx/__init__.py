# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of the connections of `hal.hxcomm`, with the names of the original."""

from hal.hxcomm import ConnectionHandle as ConnectionHandle
from hal.hxcomm import ConnectionTimeInfo as ConnectionTimeInfo
from hal.hxcomm import ManagedConnection as ManagedConnection
from hal.hxcomm import ManagedMultiARQConnection as ManagedMultiARQConnection
from hal.hxcomm import ManagedMultiSimConnection as ManagedMultiSimConnection
from hal.hxcomm import ManagedMultiZeroMockConnection as ManagedMultiZeroMockConnection
from hal.hxcomm import ManagedQuiggeldyConnection as ManagedQuiggeldyConnection
from hal.hxcomm import MultiARQConnectionHandle as MultiARQConnectionHandle
from hal.hxcomm import MultiSimConnectionHandle as MultiSimConnectionHandle
from hal.hxcomm import MultiZeroMockConnectionHandle as MultiZeroMockConnectionHandle
from hal.hxcomm import QuiggeldyConnectionHandle as QuiggeldyConnectionHandle
from hal.hxcomm import ReinitStackEntry as ReinitStackEntry
from hal.hxcomm import SimulationEntry as SimulationEntry
from hal.hxcomm import ZeroMockEntry as ZeroMockEntry
from hal.hxcomm import get_repo_state as get_repo_state
from hal.hxcomm import get_unused_port as get_unused_port
from hal.hxcomm import launch_quiggeldy_locally_from_env as launch_quiggeldy_locally_from_env
from hal.hxcomm import terminate as terminate
from hal.hxcomm import unset_quiggeldy_env as unset_quiggeldy_env

__variant__ = "pybind11"
