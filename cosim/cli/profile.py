# SPDX-License-Identifier: Apache-2.0
"""run a script and show where its time goes, as a table and a picture.

The stages are those of a run: build (the script itself), encode, transport, digital, analog,
decode. The script needs no change.

  hxcosim profile examples/spike_loopback.py
  HXCOSIM_TARGET=rtl hxcosim profile -o rtl.svg script.py its arguments
"""

import argparse
import sys
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The script, and the file of the picture."""
    parser.add_argument("-o", "--output", type=Path, default=Path("build/profile.svg"),
                        help="picture (default: build/profile.svg)")  # fmt: skip
    parser.add_argument("script", type=Path, help="a Python script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of the script")


def run(arguments: argparse.Namespace) -> int:
    """Run the script; the status is its own, 1 if it raises."""
    import runpy
    import traceback

    from cosim.profile import Profile, picture
    from hal.errors import HxcosimError

    script, output = arguments.script, arguments.output
    if not script.is_file():
        raise HxcosimError(f"there is no script '{script}'")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.touch()  # what cannot be written is told before the work
    except OSError as error:
        raise HxcosimError(f"cannot write the picture '{output}': {error.strerror}") from None
    before, status = (sys.argv, list(sys.path)), 0
    sys.argv, sys.path[:0] = [str(script), *arguments.arguments], [str(script.parent)]
    profile = Profile()
    try:
        with profile:
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # the script's own
        traceback.print_exc()
        status = 1
    finally:
        sys.argv, sys.path[:] = before
        total = sum(profile.stages.values())
        for stage, seconds in profile.stages.items():
            sys.stdout.write(f"{stage:<10} {seconds * 1e3:12.3f} ms {seconds / total:6.1%}\n")
        sys.stdout.write(f"{'all':<10} {total * 1e3:12.3f} ms; picture: {output}\n")
        output.write_text(picture({script.stem: profile.stages}), encoding="utf-8")
    return status
