# SPDX-License-Identifier: Apache-2.0
"""Programs, under the name that programs use."""

from pystadls_vx_v3 import *  # noqa: F403 - a drop-in re-exports everything
from pystadls_vx_v3 import _ASICAdapterBoardInit as _ASICAdapterBoardInit
from pystadls_vx_v3 import _ChipInit as _ChipInit
from pystadls_vx_v3 import _CubeASICAdapterBoardInit as _CubeASICAdapterBoardInit
from pystadls_vx_v3 import _JboaASICAdapterBoardInit as _JboaASICAdapterBoardInit
from pystadls_vx_v3 import _SystemInit as _SystemInit

__variant__ = "pybind11"
