# SPDX-License-Identifier: Apache-2.0
"""print the completion script of a shell.

bash:  source <(hxcosim completion bash)
zsh:   hxcosim completion zsh > "${fpath[1]}/_hxcosim"
fish:  hxcosim completion fish > ~/.config/fish/completions/hxcosim.fish
"""

import argparse
import sys

import shtab

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="name of the shell")


def run(arguments: argparse.Namespace) -> int:
    """Print the script, made from the parser that runs."""
    from cosim.cli import parser

    sys.stdout.write(shtab.complete(parser(), shell=arguments.shell))
    return 0
