# SPDX-License-Identifier: Apache-2.0
"""Tools, under the name that programs use."""

from dlens_vx_v3.tools import run_ppu_program as run_ppu_program
