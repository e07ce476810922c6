# SPDX-License-Identifier: Apache-2.0
"""Hardware database: which setups exist, and which FPGAs and chips they carry."""

from hal.hwdb.database import Database, database
from hal.hwdb.entries import (
    DLSSetupEntry,
    HXCubeFPGAEntry,
    HXCubeSetupEntry,
    HXCubeWingEntry,
    JboaAggregatorEntry,
    JboaSetupEntry,
    SimulationEntry,
    ZeroMockEntry,
)
from hal.hwdb.errors import HwdbError, HwdbLookupError

__all__ = [
    "DLSSetupEntry",
    "Database",
    "HXCubeFPGAEntry",
    "HXCubeSetupEntry",
    "HXCubeWingEntry",
    "HwdbError",
    "HwdbLookupError",
    "JboaAggregatorEntry",
    "JboaSetupEntry",
    "SimulationEntry",
    "ZeroMockEntry",
    "database",
]
