# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of `hal.logger`."""

from hal.logger import *  # noqa: F403 - a drop-in re-exports everything

__variant__ = "pybind11"
