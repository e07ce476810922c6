# SPDX-License-Identifier: Apache-2.0
"""run a program on a target and keep its words and times.

The program is a file of words in hex, separated by white space (`#` begins a comment), or another
record, whose steps are done again. The system is powered on for it.
"""

import argparse
import sys
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", type=Path, help="words in hex, or a record")
    parser.add_argument("-o", "--output", type=Path, required=True, help=".hxr, or .json")
    parser.add_argument("--target", default="emu", help="emu (default), rtl, sim://host:port")


def run(arguments: argparse.Namespace) -> int:
    """Play, save, and say what it was."""
    from cosim.flange.record import Record
    from cosim.recorder import open_machine, play

    program = Record.load(arguments.program)
    with open_machine(arguments.target) as machine:
        record = play(program, machine)
    record.save(arguments.output)
    words = sum(step.words.size for step in record.steps if step.kind == "words")
    sys.stdout.write(
        f"{arguments.output}: {words} words in, {record.answers.size} answer words, "
        f"{arguments.output.stat().st_size} bytes\n"
    )
    return 0
