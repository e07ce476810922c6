# SPDX-License-Identifier: Apache-2.0
"""run a program on a target and keep its words and times.

The program is a file of words in hex, separated by white space (`#` begins a comment), or another
record, whose steps are done again. The system is powered on for it. Ctrl-C ends the run and keeps
what was done until then.

  hxcosim record program.hex -o a.hxr
  hxcosim record a.hxr -o b.hxr --target rtl
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosim.flange.record import Record

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", type=Path, help="words in hex, or a record")
    parser.add_argument("-o", "--output", type=Path, required=True, help=".hxr, or .json")
    parser.add_argument("--target", default="emu", help="emu (default), rtl, sim://host:port")


def run(arguments: argparse.Namespace) -> int:
    """Play, save, and say what it was."""
    from cosim.flange.record import Record, RecordError
    from cosim.recorder import PlayStoppedError, open_machine, play

    program, output = Record.load(arguments.program), arguments.output
    if output.is_dir() or not os.access(output if output.exists() else output.parent, os.W_OK):
        raise RecordError(
            f"cannot write the record {output}: it must be a file, in a folder that can be written"
        )
    try:
        with open_machine(arguments.target) as machine:
            return _save(play(program, machine), output)
    except KeyboardInterrupt as stop:
        if not isinstance(stop.__cause__, PlayStoppedError):
            raise
        _save(stop.__cause__.record, output)
        raise KeyboardInterrupt(f"{output} has what was done ({stop.__cause__})") from None


def _save(record: "Record", file: Path) -> int:
    record.save(file)
    words = sum(step.words.size for step in record.steps if step.kind == "words")
    sys.stdout.write(
        f"{file}: {words} words in, {record.answers.size} answer words, "
        f"{file.stat().st_size} bytes\n"
    )
    return 0
