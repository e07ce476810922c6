# SPDX-License-Identifier: Apache-2.0
"""Command line `hxcosim`: one module of this package per subcommand.

A module `cosim.cli.<name>` (no leading underscore) is the subcommand `<name>`. It has a docstring,
whose first line is its help, and two functions: `add_arguments(parser)` and `run(arguments)`,
which returns the exit status. Modules import what is slow inside `run`. An expected error is an
`HxcosimError`, a file that cannot be used, or a value out of its range; it is shown as one line,
with exit status 2. The text of a `KeyboardInterrupt` says what was saved.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules

from cosim.progress import interrupted
from hal.errors import HxcosimError

__all__ = ["commands", "main", "parser"]

EXAMPLES = """\
first steps:
  hxcosim doctor                        what is missing, and how to get it
  hxcosim run                           a session through the Verilated system, with a picture
  hxcosim waves                         look at its waveform
  hxcosim record program.hex -o a.hxr   run 64-bit words, keep words and times
  hxcosim replay a.hxr --target rtl     the same on the RTL: equal, or exit status 1
  hxcosim dump a.hxr                    what went in and out, as text
  hxcosim profile script.py             where the time of a script goes

A script needs no command; variables choose its machine:
  HXCOSIM_TARGET=emu            or rtl, mock, sim://host:port (default: emu)
  HXCOSIM_SEED=1                a chip with mismatch and noise (default: 0, the ideal one)
  HXCOSIM_SKIP=0                clock every cycle, also those in which only time passes
  HXCOSIM_LINK_ERRORS=1,9,9,9   seed, and of 1000 frames so many lost, damaged, repeated
  HXCOSIM_CACHE=folder          of what is built (default: ~/.cache/hxcosim)
  NO_COLOR=1                    no colours

Exit status: 0 success, 1 failure or difference, 2 error, 130 Ctrl-C, 141 nobody reads the output.
'hxcosim COMMAND --help' tells more.
"""


def commands() -> list[str]:
    """Names of all subcommands."""
    return sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_"))


def parser() -> argparse.ArgumentParser:
    """The parser with all subcommands."""
    top = argparse.ArgumentParser(
        prog="hxcosim",
        description="A BrainScaleS-2 system in software.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"hxcosim {version('hxcosim')}")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in commands():
        module = import_module(f"{__name__}.{name}")
        text = (module.__doc__ or "").strip()
        sub = subparsers.add_parser(
            name,
            help=text.partition("\n")[0],
            description=text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; return its exit status.

    0 success, 1 failure, 2 error, 130 Ctrl-C, 141 nobody reads the output any more.
    """
    given = parser().parse_args(arguments)
    try:
        status = int(given.run(given))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what Python still has to write
        return 141
    except (HxcosimError, OSError, OverflowError) as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        return 2
    except KeyboardInterrupt as stop:
        return interrupted(stop)
