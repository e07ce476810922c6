# SPDX-License-Identifier: Apache-2.0
"""Log channels, under the name that programs use."""

from pylogging import *  # noqa: F403 - a drop-in re-exports everything

__variant__ = "pybind11"
