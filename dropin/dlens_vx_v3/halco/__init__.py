# SPDX-License-Identifier: Apache-2.0
"""Coordinates, under the name that programs use."""

from pyhalco_hicann_dls_vx_v3 import *  # noqa: F403 - a drop-in re-exports everything

from dlens_vx_v3.halco import common as common

__variant__ = "pybind11"
