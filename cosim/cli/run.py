# SPDX-License-Identifier: Apache-2.0
"""run the main job: a session through the Verilated system, with waveform, picture and record.

Resets the chip, reads its identity, brings up the link, synchronises time, writes and reads back
both processor memories over the link and over JTAG, and sends spikes around. Exit status 0 says
that everything came back as it should.
"""

import argparse
import sys
import time
from pathlib import Path

from cosim.cli._seed import check_seed
from cosim.window import add_window, window

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the results go, and how much of them."""
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("build/run"),
        help="folder of results (default: build/run)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of memory contents and spike labels (default 1)"
    )
    parser.add_argument("--no-waves", action="store_true", help="leave out the waveform")
    add_window(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run first light on the Verilated system."""
    from cosim import first_light, timeline, waves
    from cosim.build import trace_format
    from cosim.flange.client import CYCLE_S
    from cosim.flange.target import RtlTarget
    from cosim.progress import Progress
    from hal.errors import HxcosimError
    from hal.hxcomm.connection import Connection, default_entry, setup_device

    begin, end = window(arguments, not arguments.no_waves)
    check_seed(arguments.seed)
    folder: Path = arguments.output
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HxcosimError(f"cannot write results to '{folder}': {error.strerror}") from None

    began = time.monotonic()
    progress = Progress(delay=0)
    waveform = None if arguments.no_waves else folder / f"run.{trace_format()}"
    target = RtlTarget(waves=waveform, waves_from=begin, waves_to=end, record=True)
    connection = Connection([setup_device(target, "rtl", default_entry())])
    rows: list[first_light.Row] = []
    try:
        for row in first_light.run(connection, arguments.seed):
            rows.append(row)
            progress(f"{row.what} ({time.monotonic() - began:.1f} s)")
        state = target.stats()
        record = target.record()
        reports = target.diagnostics
    except KeyboardInterrupt:
        target.record().save(folder / "record.json")
        kept = f"{folder} has the record{'' if waveform is None else ' and the waveform'} so far"
        raise KeyboardInterrupt(f"{len(rows)} checks were done; {kept}") from None
    finally:
        progress.clear()
        connection.close()

    progress("drawing")
    record.save(folder / "record.json")
    found = timeline.lanes(record)
    timeline.draw(folder / "timeline.png", found, "first light")
    if waveform is not None:
        first = max(begin, min(int(lane.at.min()) for lane in found if lane.at.size))
        waves.write_gtkwave(folder / "run.gtkw", waveform, first)
        waves.write_surfer(folder / "run.surfer")
    progress.clear()

    sys.stdout.write(f"{'what':<40} {'sent':>6} {'back':>6} {'wrong':>6}\n")
    for row in rows:
        mark = "ok" if row.passed else "FAILED"
        sys.stdout.write(
            f"{row.what:<40} {row.sent:>6} {row.received:>6} {row.wrong:>6}  {mark:<6} {row.note}\n"
        )
    for line in reports:
        sys.stdout.write(f"the system reported: {line}\n")
    speed = state.cycles / max(state.run_ns, 1) * 1e9
    sys.stdout.write(
        f"chip time {state.now * CYCLE_S * 1e3:.3f} ms, {state.cycles} cycles clocked "
        f"({state.skipped} skipped) at {speed:.3g} cycles/s, "
        f"{state.words_in} words in, {state.words_out} answer words\n"
        f"results in {folder}: {', '.join(sorted(p.name for p in folder.iterdir()))}\n"
    )
    failed = [row.what for row in rows if not row.passed] + (["reports"] if reports else [])
    took = f"{time.monotonic() - began:.1f} s"
    if failed:
        sys.stdout.write(f"hxcosim run: FAIL in {took}: {', '.join(failed)}\n")
        return 1
    sys.stdout.write(f"hxcosim run: PASS {len(rows)} checks in {took}\n")
    return 0
