# SPDX-License-Identifier: Apache-2.0
"""open the newest waveform of build/ in Surfer or GTKWave."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`file`: another waveform; `--folder`: where to look for the newest."""
    parser.add_argument("file", nargs="?", type=Path, help="FST or VCD file (default: the newest)")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("build"),
        help="where to look for the newest (default: build)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Start the viewer and wait for it."""
    import os
    import shutil
    import subprocess

    from hal.errors import HxcosimError

    file: Path | None = arguments.file
    if file is None:
        found = [p for kind in ("fst", "vcd") for p in arguments.folder.rglob(f"*.{kind}")]
        if not found:
            raise HxcosimError(
                f"there is no waveform in '{arguments.folder}'; "
                "make one with 'make run' or 'make sim TEST=fifo WAVES=1'"
            )
        file = max(found, key=lambda path: path.stat().st_mtime)
    elif not file.is_file():
        raise HxcosimError(f"the waveform '{file}' does not exist")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise HxcosimError(
            f"there is no display to show '{file}' on; copy it to a machine with one"
        )
    for viewer, kind, option in (("surfer", ".surfer", "-c"), ("gtkwave", ".gtkw", "-a")):
        if program := shutil.which(viewer):
            saved = sorted(file.parent.glob(f"*{kind}"))[:1]
            command = [program, str(file), *(x for s in saved for x in (option, str(s)))]
            return subprocess.run(command, check=False).returncode
    raise HxcosimError(
        f"no waveform viewer is installed to show '{file}'; "
        "get one with 'apt-get install gtkwave' or from the Surfer project"
    )
