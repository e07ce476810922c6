# SPDX-License-Identifier: Apache-2.0
"""Run a record again on the Verilated system, and compare words and times.

A record (.json) holds what a host sent, when each word entered, and what came back when. A program
without answers (words in hex) is run and its answers are shown.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    parser.add_argument("record", type=Path, help="record (.json) or program (words in hex)")
    parser.add_argument("--no-skip", action="store_true", help="clock every cycle")
    parser.add_argument("--waves", type=Path, help="write a waveform to this file")


def run(arguments: argparse.Namespace) -> int:
    """0 if every answer came at its time, 1 if not, 2 if the record cannot be run."""
    from cosim.flange.build import server
    from cosim.flange.client import FlangeError
    from cosim.flange.record import Record
    from cosim.flange.wire import Config

    record = Record.load(arguments.record)
    binary = server(trace=arguments.waves is not None)
    waves = ["--waves", str(arguments.waves)] if arguments.waves else []
    with tempfile.TemporaryDirectory() as folder:
        script, answers = Path(folder, "script"), Path(folder, "answers")
        script.write_bytes(record.script({Config.SKIP: int(not arguments.no_skip)}))
        command = [str(binary), "--replay", str(script), "--answers", str(answers), *waves]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise FlangeError(f"the replay failed: {done.stderr.strip()}")
        again = Record()
        again.take_answers(answers.read_bytes())
    speed = json.loads(done.stdout.splitlines()[-1])
    if not record.answers.size:
        for word, at in zip(again.answers.tolist(), again.at.tolist(), strict=True):
            sys.stdout.write(f"{at:12d}  {word:016x}\n")
    elif difference := record.difference(again):
        sys.stderr.write(f"hxcosim: {difference}\n")
        return 1
    sys.stdout.write(
        f"{again.answers.size} answer words{', all as recorded' if record.answers.size else ''}; "
        f"{speed['cycles']} cycles clocked, {speed['skipped']} skipped, "
        f"{speed['cycles_per_s']:.3g} cycles/s\n"
    )
    return 0
