# SPDX-License-Identifier: Apache-2.0
"""Builds a design with Verilator once per configuration, under a key over all that goes into it."""

import hashlib
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from .cache import BuildError, cache_dir, publish, say
from .overlay import VERSION, VERSION_LINE, verilator_root
from .sources import include_dirs, packages

__all__ = ["Design", "build", "compiler", "trace_format"]

_SUFFIXES = {".sv", ".svh", ".v", ".vlt", ".h", ".hpp"}
_OPT = {"fast": "-O2", "small": "-O0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One configuration of one design.

    Modules that are not listed are found by name in the include folders; the generated packages
    are always read first.
    """

    #: Name in progress lines and of the cache folder.
    name: str
    #: Top module.
    top: str
    #: SystemVerilog files (own packages first) and `.vlt` files.
    sources: Sequence[Path]
    #: C++ (or C) files compiled in, one of which has `main`.
    extra_sources: Sequence[Path] = ()
    #: C files, compiled as such: Verilator gives everything to the C++ compiler.
    c_sources: Sequence[Path] = ()
    #: Top-level parameters.
    parameters: Mapping[str, int | str] = field(default_factory=dict)
    #: Verilog macros; an empty value defines without a value.
    defines: Mapping[str, str] = field(default_factory=dict)
    #: Folders of `include`, modules and C headers; `rtl/*` is always searched.
    include: Sequence[Path] = ()
    #: Waveforms (FST, or VCD where the lz4 or zlib headers are missing).
    trace: bool = False
    #: Line and toggle coverage.
    coverage: bool = False
    #: "fast" for long runs, "small" for short ones of large designs.
    opt: Literal["fast", "small"] = "fast"
    #: Start-up value of registers: "unique" (chosen by +verilator+seed+n) or "0".
    x_initial: Literal["unique", "0"] = "unique"
    #: Needs `#delay`.
    timing: bool = False
    #: VPI access, for cocotb.
    vpi: bool = False
    #: Options for Verilator, the C++ compiler and the linker.
    options: Sequence[str] = ()
    cflags: Sequence[str] = ()
    ldflags: Sequence[str] = ()


def _tool(name: str, hint: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BuildError(f"the program '{name}' is missing; get it with '{hint}'")
    return path


def compiler() -> tuple[str, str]:
    """The C++ compiler (`CXX`, else g++, else clang++) and the first line of its version.

    :raises BuildError: if there is none.
    """
    named = os.environ.get("CXX")
    for name in [named] if named else ["g++", "clang++"]:
        words = shlex.split(name)
        if words and shutil.which(words[0]):
            return name, _version(name)
    raise BuildError(
        f"the C++ compiler '{named or 'g++'}' is missing; get one with 'apt-get install g++' "
        "(Debian, Ubuntu) or name another one in CXX"
    )


@cache
def _version(command: str) -> str:
    answer = subprocess.run(
        [*shlex.split(command), "--version"], capture_output=True, text=True, check=False
    )
    return (answer.stdout or answer.stderr).partition("\n")[0]


@cache
def _has_header(command: str, header: str) -> bool:
    done = subprocess.run(
        [*shlex.split(command), "-E", "-x", "c++", "-"],
        input=f"#include <{header}>\n",
        text=True,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def trace_format() -> Literal["fst", "vcd"]:
    """Waveform format of this machine; one progress line says why it is VCD, if it is."""
    missing = {
        "lz4.h": "liblz4-dev",
        "zlib.h": "zlib1g-dev",
    }
    missing = {h: p for h, p in missing.items() if not _has_header(compiler()[0], h)}
    if not missing:
        return "fst"
    say(
        f"the C headers {', '.join(missing)} are missing, so waveforms are written as VCD; "
        f"get FST with 'apt-get install {' '.join(missing.values())}'"
    )
    return "vcd"


def _closure(roots: Sequence[Path], folders: Sequence[Path]) -> set[Path]:
    """Files that `roots` can reach: whatever lies in `folders` and is mentioned by its stem."""
    known: dict[str, list[Path]] = {}
    for path in (p for folder in folders for p in Path(folder).rglob("*")):
        if path.suffix in _SUFFIXES:
            known.setdefault(path.stem, []).append(path)
    found: set[Path] = set()
    todo = list(roots)
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            for word in set(re.findall(r"\w+", path.read_text(errors="replace"))) & known.keys():
                todo += known[word]
    return found


def _digest(design: Design, verilator: Sequence[str], make: Sequence[str]) -> str:
    """Key over everything that goes into the executable; file times play no part."""
    digest = hashlib.sha256()

    def add(*items: object) -> None:
        digest.update(repr(items).encode())

    folders = [*include_dirs(), *design.include]
    # Paths of sources and include folders differ between checkouts with the same content.
    places = {str(p) for p in [*packages(), *design.sources, *design.extra_sources]}
    places |= {f"-I{p}" for p in folders}
    add(VERSION, VERSION_LINE, compiler()[1], platform.machine(), make)
    add([word for word in verilator if word not in places])
    add(design.cflags, design.ldflags, str(design.sources[0]) if design.coverage else "")
    files = _closure([*design.sources, *design.extra_sources, *design.c_sources], folders)
    add(sorted({(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in files}))
    return digest.hexdigest()[:16]


def _verilator_arguments(design: Design) -> list[str]:
    arguments = ["--cc", "--exe", "--prefix", "Vtop", "-o", design.top, "--top-module", design.top]
    arguments += ["--assert", "--x-assign", "unique", "--x-initial", design.x_initial]
    arguments += ["-O3", "-Wno-fatal", "-Wno-style"]
    arguments += ["--timing" if design.timing else "--no-timing"]
    if design.vpi:
        arguments += ["--vpi"]
    if design.trace:
        arguments += [f"--trace-{trace_format()}", "--trace-structs"]
    if design.coverage:
        arguments += ["--coverage-line", "--coverage-toggle", "--coverage-user"]
    arguments += [f"-G{name}={value}" for name, value in design.parameters.items()]
    arguments += [f"-D{name}={value}".rstrip("=") for name, value in design.defines.items()]
    arguments += [f"-I{folder}" for folder in (*include_dirs(), *design.include)]
    for flag in [*design.cflags, *(f"-I{folder}" for folder in design.include)]:
        arguments += ["-CFLAGS", flag]
    for flag in design.ldflags:
        arguments += ["-LDFLAGS", flag]
    arguments += design.options
    arguments += [_object(path) for path in design.c_sources]
    generated = [p for p in packages() if p not in design.sources]
    return arguments + [str(p) for p in (*generated, *design.sources, *design.extra_sources)]


def _object(source: Path) -> str:
    return f"{source.stem}.c.o"


def _compile_c(design: Design, part: Path, log: Path, env: Mapping[str, str]) -> None:
    """The C files of the design, with the flags of the native libraries."""
    if not design.c_sources:
        return
    ccache = [tool] if (tool := shutil.which("ccache")) else []
    cc = [*ccache, *shlex.split(os.environ.get("CC", "gcc"))]
    flags = ["-std=c11", "-O2", "-ffp-contract=off", "-Wall", "-Wextra"]
    flags += [f"-I{folder}" for folder in design.include]
    for source in design.c_sources:
        command = [*cc, *flags, "-c", str(source), "-o", str(part / _object(source))]
        _run(f"the C compiler on design '{design.name}'", command, log, env)


def _run(step: str, command: list[str], log: Path, env: Mapping[str, str]) -> None:
    with log.open("a") as file:
        file.write(f"+ {shlex.join(command)}\n")
        file.flush()
        process = subprocess.Popen(
            command,
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=env,
            process_group=0,
        )
        try:
            status = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # with the compilers of make
            process.wait()
            raise
    if status:
        lines = log.read_text(errors="replace").splitlines()
        errors = [x for x in lines if "%Error" in x or "error:" in x] or lines[-10:]
        raise BuildError(
            f"{step} failed with status {status}; the whole log is in {log}:\n"
            + "\n".join(errors[:20])
        )


def _record_seconds(name: str, seconds: float) -> None:
    """Append to the file in `HXCOSIM_COMPILE_LOG`, from which CI sums the compile minutes."""
    if path := os.environ.get("HXCOSIM_COMPILE_LOG"):
        with Path(path).open("a") as file:
            file.write(f"{seconds:.1f} {name}\n")


def build(design: Design) -> Path:
    """Return the executable of `design`, built on first use and kept in the cache.

    The folder of the executable also holds `build.log`. Concurrent callers share one build.

    :raises BuildError: if a tool is missing, a file cannot be read, or the build fails.
    """
    for path in (*design.sources, *design.extra_sources, *design.c_sources, *design.include):
        if not Path(path).exists():
            raise BuildError(f"source '{path}' of design '{design.name}' does not exist")
    cxx, cxx_version = compiler()
    make = _tool("make", "apt-get install make")
    root = verilator_root(cxx_version)
    arguments = _verilator_arguments(design)
    opt = _OPT[design.opt]
    settings = [f"CXX={cxx}", f"LINK={cxx}", f"OPT_FAST={opt}", f"OPT_GLOBAL={opt}", "OPT_SLOW=-O0"]
    logs = cache_dir() / "logs"
    logs.mkdir(exist_ok=True)
    target = cache_dir() / "designs" / f"{design.name}-{_digest(design, arguments, settings)}"
    log = logs / f"{target.name}.log"

    def fill(part: Path) -> None:
        start = time.monotonic()
        env = {**os.environ, "VERILATOR_ROOT": str(root)}
        env.pop("MAKEFLAGS", None)
        log.write_text("")
        say(f"{design.name}: translating the RTL")
        verilator = [str(root / "bin" / "verilator"), "--Mdir", str(part), *arguments]
        _run(f"Verilator on design '{design.name}'", verilator, log, env)
        _compile_c(design, part, log, env)
        ccache = shutil.which("ccache")
        say(f"{design.name}: compiling{' with ccache' if ccache else ''}")
        _run(
            f"the compiler on design '{design.name}'",
            [
                make,
                "-C",
                str(part),
                "-f",
                "Vtop.mk",
                f"-j{os.cpu_count() or 1}",
                *settings,
                f"OBJCACHE={ccache or ''}",
                f"PYTHON3={shutil.which('python3') or 'python3'}",
            ],
            log,
            env,
        )
        for suffix in ("*.o", "*.a", "*.gch", "*.d"):
            for path in part.glob(suffix):
                path.unlink()
        log.rename(part / "build.log")
        seconds = time.monotonic() - start
        _record_seconds(design.name, seconds)
        say(f"{design.name}: built in {seconds:.0f} s")

    return publish(target, fill) / design.top
