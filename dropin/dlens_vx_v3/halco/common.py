# SPDX-License-Identifier: Apache-2.0
"""What all coordinate systems share, under the name that programs use."""

from pyhalco_common import *  # noqa: F403 - a drop-in re-exports everything

__variant__ = "pybind11"
