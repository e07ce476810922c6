# SPDX-License-Identifier: Apache-2.0
"""run the Verilated system as a server for one client after the other.

A host reaches it with FLANGE_SIMULATION_RCF_HOST and FLANGE_SIMULATION_RCF_PORT, as in the original
stack. Ctrl-C ends it.

  hxcosim serve --port 50001 &
  HXCOSIM_TARGET=sim://127.0.0.1:50001 python examples/spike_loopback.py
"""

import argparse
import os
from pathlib import Path

from cosim.window import add_window, window

__all__ = ["add_arguments", "run"]

#: Port of the original (reference of the FPGA interface, section 8.2).
DEFAULT_PORT = 50001


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="IPv4 address to listen on (default 127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="port (default 50001); 0: any free one"
    )
    parser.add_argument("--waves", type=Path, help="write a waveform to this file")
    add_window(parser)
    parser.add_argument("--idle-exit", type=float, default=0, metavar="S",
                        help="end after so long without a client (default: never)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Becomes the server."""
    from cosim.flange.build import server

    begin, end = window(arguments, arguments.waves is not None)
    binary = str(server(trace=arguments.waves is not None))
    waves: list[str] = []
    if arguments.waves:
        waves = [
            "--waves",
            str(arguments.waves),
            "--waves-from",
            str(begin),
            "--waves-to",
            str(end),
        ]
    options = ["--host", arguments.host, "--port", str(arguments.port)]
    os.execv(binary, [binary, *options, "--idle-exit", str(arguments.idle_exit), *waves])
