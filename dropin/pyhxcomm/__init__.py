# SPDX-License-Identifier: Apache-2.0
"""Drop-in name of the connections, without the name of a chip generation."""

from pyhxcomm_vx import *  # noqa: F403 - a drop-in re-exports everything

__variant__ = "pybind11"
