# SPDX-License-Identifier: Apache-2.0
"""The Verilated simulations: the stand-alone server, built on first use."""

from pathlib import Path

from cosim.build.sources import rtl_dir, sources_of
from cosim.build.verilate import Design, build

__all__ = ["design", "server"]

_HERE = Path(__file__).resolve().parent
_ANALOG, _PPU = _HERE.parent / "analog", _HERE.parent / "ppu"
_HEADERS = _HERE.parents[1] / "hal" / "include"


def design(system: Path | None = None, *, trace: bool = False, coverage: bool = False) -> Design:
    """The stand-alone server around the system.

    :param system: file of a module `hx_system` in place of the real one.
    :param trace: able to record waveforms, which costs speed even while it does not.
    :param coverage: counts lines and toggles, and writes them at its end.
    """
    file = system or sources_of("hx_system")[0]
    packages = sorted((rtl_dir() / "gen").glob("*_pkg.sv"))
    # The text lanes look into the real system; only a waveform shows them.
    names = ("lanes_pkg", "lanes", "bus_lanes", "event_lanes") if trace and not system else ()
    kind = "hx_system" if system is None else system.parent.name
    return Design(
        name=f"server-{kind}{'-trace' if trace else ''}{'-cov' if coverage else ''}",
        top="flange_top",
        sources=[
            *packages,
            _HERE / "flange_pkg.sv",
            file,
            _HERE / "analog_port.sv",
            _HERE / "ppu_port.sv",
            _HERE / "flange_top.sv",
            *(_HERE / f"{name}.sv" for name in names),
        ],
        extra_sources=[
            _HERE / f"{name}.cpp"
            for name in ("link", "memory", "analog_port", "ppu_port", "server")
        ],
        c_sources=[*sorted(_ANALOG.glob("*.c")), *sorted(_PPU.glob("*.c"))],
        include=[_HERE, _ANALOG, _PPU, _HEADERS],
        trace=trace,
        coverage=coverage,
        x_initial="0",
        cflags=["-std=c++17", "-Wall", "-Wextra", "-Wno-unused-parameter"],
        ldflags=["-pthread"],
    )


def server(system: Path | None = None, *, trace: bool = False) -> Path:
    """Path of the server, built if need be.

    :raises BuildError: if a tool is missing or the build fails.
    """
    return build(design(system, trace=trace))
