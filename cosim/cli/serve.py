# SPDX-License-Identifier: Apache-2.0
"""Run the Verilated system as a server for one client after the other.

A host reaches it with FLANGE_SIMULATION_RCF_HOST and FLANGE_SIMULATION_RCF_PORT, as in the original
stack. Ctrl-C ends it.
"""

import argparse
import os

__all__ = ["add_arguments", "run"]

#: Port of the original (reference of the FPGA interface, section 8.2).
DEFAULT_PORT = 50001


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port; 0: any free one")
    parser.add_argument("--waves", help="write a waveform to this file")
    parser.add_argument("--idle-exit", type=float, default=0, metavar="S",
                        help="end after so long without a client")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Becomes the server."""
    from cosim.flange.build import server

    binary = str(server(trace=arguments.waves is not None))
    waves = ["--waves", arguments.waves] if arguments.waves else []
    options = ["--host", arguments.host, "--port", str(arguments.port)]
    os.execv(binary, [binary, *options, "--idle-exit", str(arguments.idle_exit), *waves])
