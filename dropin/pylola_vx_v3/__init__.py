# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of `hal.lola`."""

from hal.lola import *  # noqa: F403 - a drop-in re-exports everything

__variant__ = "pybind11"
