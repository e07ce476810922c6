# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of `hal.halco.common`."""

import pyhalco_common as common  # noqa: F401 - programs of the wafer system use this name
from hal.halco.common import *  # noqa: F403 - a drop-in re-exports everything

__variant__ = "pybind11"
