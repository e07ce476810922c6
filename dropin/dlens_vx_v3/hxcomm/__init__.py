# SPDX-License-Identifier: Apache-2.0
"""Connections, under the name that programs use."""

from pyhxcomm_vx import *  # noqa: F403 - a drop-in re-exports everything

__variant__ = "pybind11"
