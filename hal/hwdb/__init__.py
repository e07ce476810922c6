# SPDX-License-Identifier: Apache-2.0
"""Hardware database: which setups exist, and which FPGAs and chips they carry."""

from hal.hwdb.database import Database, database
from hal.hwdb.entries import (
    DLSSetupEntry,
    FPGAEntry,
    HICANNEntry,
    HXCubeFPGAEntry,
    HXCubeSetupEntry,
    HXCubeWingEntry,
    JboaAggregatorEntry,
    JboaSetupEntry,
    ReticleEntry,
    SimulationEntry,
    WaferEntry,
    ZeroMockEntry,
)
from hal.hwdb.errors import HwdbError, HwdbLookupError

__all__ = [
    "DLSSetupEntry",
    "Database",
    "FPGAEntry",
    "HICANNEntry",
    "HXCubeFPGAEntry",
    "HXCubeSetupEntry",
    "HXCubeWingEntry",
    "HwdbError",
    "HwdbLookupError",
    "JboaAggregatorEntry",
    "JboaSetupEntry",
    "ReticleEntry",
    "SimulationEntry",
    "WaferEntry",
    "ZeroMockEntry",
    "database",
]
