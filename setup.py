# SPDX-License-Identifier: Apache-2.0
"""Build of the native libraries: plain shared libraries with a C ABI, loaded by `hal.native`.

None of them uses the Python headers, so a C (for the emulator: C++) compiler is all that is needed.
`python setup.py build_ext --inplace` rebuilds what is out of date in the working tree.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

WARNINGS = ["-Wall", "-Wextra", "-Werror"]
C_FLAGS = ["-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-ffp-contract=off", *WARNINGS]
CXX_FLAGS = ["-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-ffp-contract=off", *WARNINGS]
INCLUDE = "hal/include"

ANALOG = sorted(map(str, Path("cosim/analog").glob("*.c")))
ANALOG_H = sorted(map(str, Path("cosim/analog").glob("*.h")))
PPU = sorted(map(str, Path("cosim/ppu").glob("*.c")))

LIBRARIES: list[Extension] = [
    Extension("hal.hxcomm.words", ["hal/hxcomm/words.c"]),
    Extension(
        "cosim.analog._core",
        ANALOG,
        depends=ANALOG_H,
        extra_link_args=["-lm"],
    ),
    Extension(
        "cosim.emulator._emulator",
        ["cosim/emulator/unity.cpp", *ANALOG, *PPU],
        depends=[
            *map(str, Path("cosim/emulator").glob("*.[hc]*")),
            "cosim/flange/wire.hpp",
            "cosim/flange/memory.hpp",
            *ANALOG_H,
            "cosim/ppu/ppu.h",
        ],
    ),
    Extension("hal.haldls.json_text", ["hal/haldls/json_text.c"]),
    Extension("hal.lola.rows", ["hal/lola/rows.c"]),
    Extension("hal.stadls.timed_spikes", ["hal/stadls/timed_spikes.c"]),
]


class BuildNative(build_ext):
    """Compile each library with the system compiler; no Python ABI in the file name."""

    def get_ext_filename(self, fullname: str) -> str:
        return str(Path(*fullname.split("."))) + ".so"

    def build_extension(self, ext: Extension) -> None:
        target = Path(self.get_ext_fullpath(ext.name))
        inputs = [*ext.sources, *ext.depends, *map(str, Path(INCLUDE).rglob("*.h"))]
        if target.exists() and not self.force:
            built = target.stat().st_mtime
            if all(Path(p).stat().st_mtime < built for p in inputs):
                return
        target.parent.mkdir(parents=True, exist_ok=True)
        objects = []
        objdir = Path(self.build_temp) / ext.name
        objdir.mkdir(parents=True, exist_ok=True)
        for source in ext.sources:
            cxx = source.endswith(".cpp")
            compiler = shlex.split(os.environ.get("CXX" if cxx else "CC", "g++" if cxx else "gcc"))
            flags = [*(CXX_FLAGS if cxx else C_FLAGS), f"-I{INCLUDE}"]
            flags += [f"-I{d}" for d in ext.include_dirs] + list(ext.extra_compile_args or [])
            obj = objdir / (source.replace("/", "_") + ".o")
            print(f"hxcosim: compiling {source}", flush=True)
            self._run([*compiler, *flags, "-c", source, "-o", str(obj)])
            objects.append(str(obj))
        cxx = any(s.endswith(".cpp") for s in ext.sources)
        linker = shlex.split(os.environ.get("CXX" if cxx else "CC", "g++" if cxx else "gcc"))
        self._run([*linker, "-shared", *objects, *(ext.extra_link_args or []), "-o", str(target)])

    def _run(self, command: list[str]) -> None:
        if self.verbose > 1:
            print("+", shlex.join(command), flush=True)
        try:
            subprocess.run(command, check=True)
        except FileNotFoundError:
            sys.exit(
                f"hxcosim: the compiler '{command[0]}' is missing; install it "
                "(Debian: apt-get install g++) or name another one in CC and CXX"
            )


class BuildPython(build_py):
    """Add the RTL, which lies beside the packages, as the folder `cosim/rtl` of the wheel."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            shutil.copytree("rtl", Path(self.build_lib) / "cosim" / "rtl", dirs_exist_ok=True)


class PlatformWheel(bdist_wheel):
    """The libraries depend on the platform, but not on the Python version."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]


setup(
    ext_modules=LIBRARIES,
    cmdclass={"build_ext": BuildNative, "build_py": BuildPython, "bdist_wheel": PlatformWheel},
)
