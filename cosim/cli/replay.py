# SPDX-License-Identifier: Apache-2.0
"""run a record again on a target: the same words must leave at the same cycles.

At the first difference it is shown, and the exit status is 1. A program without answers (words in
hex) is run and its answers are shown.
"""

import argparse
import sys
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("record", type=Path, help="record (.hxr, .json), or words in hex")
    parser.add_argument("--target", default="emu", help="emu (default), rtl, sim://host:port")
    parser.add_argument("--no-skip", action="store_true", help="clock every cycle")
    parser.add_argument("--waves", type=Path, help="write a waveform to this file (target rtl)")


def run(arguments: argparse.Namespace) -> int:
    """0 if every answer came at its time, 1 if not, 2 if the record cannot be run."""
    from cosim.dump import answers
    from cosim.flange.record import Record
    from cosim.flange.wire import Config
    from cosim.recorder import open_machine, play

    record = Record.load(arguments.record)
    waves = {"waves": arguments.waves} if arguments.waves else {}
    with open_machine(arguments.target, **waves) as machine:
        again = play(record, machine, {Config.SKIP: int(not arguments.no_skip)})
        state = machine.stats()
    if not record.answers.size:
        for cycle, time, text in answers(again.answers, again.at):
            sys.stdout.write(f"{cycle:12d}  {time:12d}  {text}\n")
    elif difference := record.difference(again):
        sys.stdout.write(f"replay on {arguments.target}: DIFFERENCE: {difference}\n")
        return 1
    speed = state.cycles / max(state.run_ns, 1) * 1e9
    sys.stdout.write(
        f"replay on {arguments.target}: {again.answers.size} answer words"
        f"{', all as recorded' if record.answers.size else ''}; {state.cycles} cycles clocked, "
        f"{state.skipped} skipped, {speed:.3g} cycles/s\n"
    )
    return 0
