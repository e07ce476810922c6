# SPDX-License-Identifier: Apache-2.0
"""hold the emulator against the RTL over random programs.

Both run the same sessions from power-on. The words, the cycles at which they leave and the reports
must be equal. At the first difference the session is made small and shown, its record
and waveform are kept, and the exit status is 1.

  hxcosim lockstep --count 1000000
  hxcosim lockstep --seed 7 --count 2000   one session again
"""

import argparse
import logging
import secrets
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cosim.cli._seed import check_seed

if TYPE_CHECKING:
    from cosim.lockstep import Difference, Session

__all__ = ["add_arguments", "keep", "run"]

#: Instructions of one session: long enough to meet old state, short enough to be made small.
SESSION = 2000
#: Cycles of 4 ns of the waveform before and after the first difference: 40 us and 2 us.
WINDOW, AFTER = 10_000, 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=10_000, help="instructions (default 10000)")
    parser.add_argument("--seed", type=int, help="of the first session (default: a fresh one)")
    parser.add_argument("--no-shrink", action="store_true", help="show the session as it is")
    parser.add_argument("--coverage", type=Path, help="file for the situations that were met")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("build/lockstep"),
        help="folder of a failure's files (default: build/lockstep)",
    )


def run(arguments: argparse.Namespace) -> int:
    from cosim.emulator import Emulator
    from cosim.flange.build import server
    from cosim.flange.client import Connection, Server
    from cosim.lockstep import Machine, compare, random_session, report, shrink
    from cosim.lockstep.coverage import Coverage
    from hal.errors import HxcosimError

    if arguments.count < 1:
        raise HxcosimError(f"--count: must be at least 1 instruction, got {arguments.count}")
    if arguments.seed is not None:
        check_seed(arguments.seed)
    if arguments.coverage:
        arguments.coverage.touch()  # what cannot be written is told before the work
    # What the machines report is compared; it need not be told.
    logging.getLogger("hxcosim.flange").setLevel(logging.ERROR)
    seed = secrets.randbelow(2**32) if arguments.seed is None else arguments.seed
    print(f"lockstep: {arguments.count} instructions, seed {seed}", flush=True)
    binary = server()

    def start() -> tuple[Emulator, Machine]:
        process = Server(binary)
        return Emulator(trace=True), Connection(process.host, process.port, process)

    began, told = time.monotonic(), time.monotonic()
    done, cycles, run_ns = 0, 0, [0, 0]
    coverage, found = Coverage(), None
    try:
        while done < arguments.count:
            session = random_session(seed, min(SESSION, arguments.count - done))
            emulator, rtl = start()
            coverage.power_on()
            found = compare(emulator, rtl, session, partial(coverage.watch, emulator))
            for i, state in enumerate((emulator.stats(), rtl.stats())):
                run_ns[i] += state.run_ns
                cycles += state.cycles if i else 0
            emulator.close()
            rtl.close()
            if found is not None:
                if not arguments.no_shrink:
                    session = shrink(session, start)
                    machines = start()
                    found = compare(*machines, session) or found
                    for machine in machines:
                        machine.close()
                print(report(session, found, ("emulator", "rtl")))
                for path in keep(session, found, arguments.output):
                    print(f"lockstep: kept {path}")
                print(f"lockstep: DIFFERENCE; repeat with --seed {seed} --count {SESSION}")
                return 1
            done += session.instructions
            seed += 1
            if time.monotonic() - told > 2:
                told = time.monotonic()
                print(f"lockstep: {done} instructions", flush=True)
    except KeyboardInterrupt:
        kept = f"; {arguments.coverage} has the situations met" if arguments.coverage else ""
        shown = "shows a DIFFERENCE" if found is not None else "was not finished"
        raise KeyboardInterrupt(
            f"{done} instructions without a difference, the session of seed {seed} {shown}{kept}"
        ) from None
    finally:
        if arguments.coverage:
            arguments.coverage.write_text(coverage.table())
    print(
        f"lockstep: {done} instructions, {cycles} cycles, 0 differences in "
        f"{time.monotonic() - began:.1f} s; emulator {run_ns[1] / max(run_ns[0], 1):.1f} times "
        "as fast as the RTL"
    )
    print(f"lockstep: {100 * coverage.ratio():.1f} % of {len(coverage.hits)} situations met")
    return 0


def keep(session: "Session", found: "Difference", folder: Path) -> list[Path]:
    """Repeat a session on the RTL; its record, and the waveform of the time around a difference.

    :raises HxcosimError: if the folder cannot be written.
    """
    from cosim.build import trace_format
    from cosim.flange.build import server
    from cosim.flange.client import Connection, Server
    from cosim.lockstep.compare import run_batch
    from cosim.recorder import Recorder
    from hal.errors import HxcosimError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HxcosimError(f"cannot write to '{folder}': {error.strerror}") from None
    waveform = folder / f"difference.{trace_format()}"
    record = folder / "difference.hxr"
    process = Server(server(trace=True))
    connection = Connection(process.host, process.port, process)
    cycle = found.cycle()
    connection.waves(waveform, max(0, cycle - WINDOW), cycle + AFTER)
    with Recorder(connection) as recorder:
        recorder.apply(session.settings())
        for batch in session.batches[: found.batch + 1]:
            run_batch(recorder, batch)
        recorder.record().save(record)
    return [record, waveform]
