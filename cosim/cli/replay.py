# SPDX-License-Identifier: Apache-2.0
"""run a record again on a target: the same words must leave at the same cycles.

At the first difference it is shown, and the exit status is 1. A program without answers (words in
hex) is run and its answers are shown.

  hxcosim replay a.hxr --target rtl
  hxcosim replay a.hxr --target rtl --waves a.fst --last 20   the last 20 us, or before a difference
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from cosim.window import PS_PER_CYCLE, PS_PER_US, add_window, microseconds, window

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("record", type=Path, help="record (.hxr, .json), or words in hex")
    parser.add_argument("--target", default="emu", help="emu (default), rtl, sim://host:port")
    parser.add_argument("--no-skip", action="store_true", help="clock every cycle")
    parser.add_argument("--waves", type=Path, help="write a waveform to this file (target rtl)")
    add_window(parser)
    parser.add_argument("--last", metavar="US", help="instead: so many us before the first "
                        "difference or, if there is none, before the end")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """0 if every answer came at its time, 1 if not, 2 if the record cannot be run."""
    from cosim.dump import answers
    from cosim.flange.record import Record
    from cosim.flange.wire import Config
    from cosim.recorder import open_machine, play
    from cosim.waves import write_gtkwave, write_surfer
    from hal.errors import HxcosimError

    begin, end = window(arguments, arguments.waves is not None)
    last = microseconds(arguments, "last", arguments.waves is not None)
    if last is not None and (begin or end):
        raise HxcosimError(f"--last {last:g}: is a window by itself; leave out --from and --to")
    record = Record.load(arguments.record)
    settings = {Config.SKIP: int(not arguments.no_skip)}
    if last is not None:
        with open_machine(arguments.target) as machine:
            again = play(record, machine, settings)
            end = record.differs_at(again) or machine.stats().now
        begin = max(0, end - round(last * PS_PER_US / PS_PER_CYCLE))
    options: dict[str, Any] = {}
    if arguments.waves:
        options = {"waves": arguments.waves, "waves_from": begin, "waves_to": end}
    try:
        with open_machine(arguments.target, **options) as machine:
            again = play(record, machine, settings)
            state = machine.stats()
    except KeyboardInterrupt as stop:
        kept = f"; the waveform {arguments.waves} ends there" if arguments.waves else ""
        raise KeyboardInterrupt(f"{stop.__cause__ or 'before the first step'}{kept}") from None
    if arguments.waves:
        write_gtkwave(arguments.waves.with_suffix(".gtkw"), arguments.waves, begin)
        write_surfer(arguments.waves.with_suffix(".surfer"))
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
