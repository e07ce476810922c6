# SPDX-License-Identifier: Apache-2.0
"""show a record as text: words, answers and register accesses, with their times.

Times are cycles of 4 ns since power-on; FPGA times are cycles of 8 ns.
"""

import argparse
import os
import stat
import sys
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("record", type=Path, help="record, or program in hex")


def run(arguments: argparse.Namespace) -> int:
    """Load and print."""
    from cosim.dump import dump
    from cosim.flange.record import Record
    from cosim.progress import Progress

    progress = Progress()
    # On a terminal the lines show it themselves, and behind a pipe may be a pager.
    hidden = stat.S_ISREG(os.fstat(1).st_mode)
    try:
        for number, line in enumerate(dump(Record.load(arguments.record))):
            sys.stdout.write(line + "\n")
            if hidden and number % 1024 == 0:
                progress(f"{number} lines")
    finally:
        progress.clear()
    return 0
