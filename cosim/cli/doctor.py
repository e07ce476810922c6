# SPDX-License-Identifier: Apache-2.0
"""say what is installed, what is missing and how to get it, and what works.

Tries what it can: loads the native libraries, runs a program on the emulator, and with --rtl also
on the Verilated system (which is built first if need be). Exit status 1: something that is needed
is missing or does not work.
"""

import argparse
import ctypes
import platform
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["add_arguments", "run"]

OK, WARNING, BAD = "ok", "optional", "MISSING"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row: what, how it is, and what to know or do."""

    what: str
    state: str
    note: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to try."""
    parser.add_argument("--rtl", action="store_true", help="also run a program on the RTL")


def run(arguments: argparse.Namespace) -> int:
    """Print one row per finding as it is found, and a closing line."""
    from ._style import bold, green, red

    colours: dict[str, Callable[[str], str]] = {OK: green, WARNING: bold, BAD: red}
    missing = 0
    for finding in _findings(arguments.rtl):
        missing += finding.state == BAD
        state = colours[finding.state](f"{finding.state:<8}")
        sys.stdout.write(f"{state}  {finding.what:<22}  {finding.note}\n")
        sys.stdout.flush()
    problems = f"{missing} problem{'s' if missing > 1 else ''}"
    sys.stdout.write(f"hxcosim doctor: {problems if missing else 'all is well'}\n")
    return 1 if missing else 0


def _findings(rtl: bool) -> Iterator[Finding]:
    yield Finding("python", OK, platform.python_version())
    yield _program("g++", "clang++", hint="apt-get install g++", need=True)
    yield _program("make", hint="apt-get install make", need=True)
    yield _program("perl", hint="apt-get install perl; the RTL needs it", need=True)
    yield from _packages()
    yield from _headers()
    yield _libpython()
    for name, use in (
        ("ccache", "Verilator builds are faster with it"),
        ("iverilog", "make lint reads the RTL with it, too"),
        ("yosys", "make lint and make synth read the RTL with it"),
        ("gtkwave", "make waves opens waveforms in it (or in Surfer)"),
    ):
        yield _program(name, hint=f"apt-get install {name}; {use}", need=False)
    yield _cache()
    yield _works("native libraries", _load_libraries)
    yield _works("emulator", lambda: _loopback("emu"))
    if rtl:
        yield _works("RTL", lambda: _loopback("rtl"))


def _program(*names: str, hint: str, need: bool) -> Finding:
    for name in names:
        if path := shutil.which(name):
            return Finding(name, OK, path)
    return Finding(names[0], BAD if need else WARNING, hint)


def _packages() -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    for name, extra in (("numpy", ""), ("verilator", "sim"), ("cocotb", "sim"),
                        ("matplotlib", "sim"), ("distributed", "cluster")):  # fmt: skip
        try:
            yield Finding(name, OK, version(name))
        except PackageNotFoundError:
            source = f"hxcosim[{extra}]" if extra else name
            yield Finding(name, WARNING if extra else BAD, f"pip install '{source}'")


def _headers() -> Iterator[Finding]:
    from cosim.build import BuildError, trace_format

    try:
        found = trace_format()
    except BuildError as error:
        yield Finding("waveforms", BAD, str(error))
        return
    note = "FST" if found == "fst" else "VCD only; apt-get install liblz4-dev zlib1g-dev gives FST"
    yield Finding("waveforms", OK if found == "fst" else WARNING, note)


def _libpython() -> Finding:
    name = sysconfig.get_config_var("INSTSONAME") or ""
    for path in (Path(sysconfig.get_config_var("LIBDIR") or "") / name, Path(name)):
        try:
            ctypes.CDLL(str(path))
            return Finding("libpython", OK, str(path))
        except OSError:
            continue
    return Finding("libpython", WARNING, "apt-get install libpython3-dev; cocotb benches need it")


def _cache() -> Finding:
    from cosim.build import BuildError, cache_dir

    try:
        return Finding("cache", OK, str(cache_dir()))
    except BuildError as error:
        return Finding("cache", BAD, str(error))


def _works(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what, OK, attempt())
    except (ImportError, OSError, RuntimeError, OverflowError) as error:
        return Finding(what, BAD, str(error))


def _load_libraries() -> str:
    from cosim.analog import Core
    from cosim.emulator import Emulator

    with Core(seed=0) as core, Emulator():
        return f"analog kernel {core.isa.name.lower()}"


def _loopback(target: str) -> str:
    from time import perf_counter

    from hal import haldls, stadls
    from hal.halco import EventRecordingConfigOnFPGA
    from hal.hxcomm import ManagedMultiTargetConnection

    begin = perf_counter()
    with ManagedMultiTargetConnection([target]) as connection:
        builder = stadls.PlaybackProgramBuilder()
        place = EventRecordingConfigOnFPGA()
        builder.write(place, haldls.EventRecordingConfig())
        ticket = builder.read(place)
        stadls.run(connection, builder.done())
        if ticket.get() != haldls.EventRecordingConfig():
            raise RuntimeError("a register came back with another value")
    return f"a program ran in {perf_counter() - begin:.2f} s"
