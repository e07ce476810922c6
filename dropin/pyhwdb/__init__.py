# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of `hal.hwdb`, with the names of the original."""

from hal.hwdb import DLSSetupEntry as DLSSetupEntry
from hal.hwdb import FPGAEntry as FPGAEntry
from hal.hwdb import HICANNEntry as HICANNEntry
from hal.hwdb import HXCubeFPGAEntry as HXCubeFPGAEntry
from hal.hwdb import HXCubeSetupEntry as HXCubeSetupEntry
from hal.hwdb import HXCubeWingEntry as HXCubeWingEntry
from hal.hwdb import JboaAggregatorEntry as JboaAggregatorEntry
from hal.hwdb import JboaSetupEntry as JboaSetupEntry
from hal.hwdb import ReticleEntry as ReticleEntry
from hal.hwdb import WaferEntry as WaferEntry
from hal.hwdb import database as database

__variant__ = "pybind11"
