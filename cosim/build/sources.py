# SPDX-License-Identifier: Apache-2.0
"""Where the RTL lies: beside the packages in a checkout, inside `cosim` in an installed wheel."""

from pathlib import Path

__all__ = ["include_dirs", "packages", "rtl_dir", "sources_of"]

_COSIM = Path(__file__).resolve().parent.parent


def rtl_dir() -> Path:
    """Folder of the SystemVerilog sources (`common/`, `fpga/`, `asic/`, `gen/`)."""
    installed = _COSIM / "rtl"
    return installed if installed.is_dir() else _COSIM.parent / "rtl"


def include_dirs() -> list[Path]:
    """Folders in which `include` and module names are looked up."""
    return sorted(p for p in rtl_dir().iterdir() if p.is_dir())


def packages() -> list[Path]:
    """The generated packages, which every tool must read before the modules."""
    return sorted(rtl_dir().glob("gen/*_pkg.sv"))


def sources_of(*names: str) -> list[Path]:
    """Paths of the modules or packages `names` ("fifo" is `rtl/*/fifo.sv`), in the given order.

    :raises FileNotFoundError: if a name is not in the RTL.
    """
    paths = []
    for name in names:
        found = sorted(rtl_dir().glob(f"*/{name}.sv"))
        if not found:
            raise FileNotFoundError(f"no module '{name}' in {rtl_dir()}")
        paths.append(found[0])
    return paths
