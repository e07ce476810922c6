# SPDX-License-Identifier: Apache-2.0
"""print the completion script of a shell.

bash:  source <(hxcosim completion bash)
zsh:   hxcosim completion zsh > "${fpath[1]}/_hxcosim"
fish:  hxcosim completion fish > ~/.config/fish/completions/hxcosim.fish
"""

import argparse
import sys
from pathlib import Path

import shtab

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="name of the shell")


def run(arguments: argparse.Namespace) -> int:
    """Print the script, made from the parser that runs."""
    from cosim.cli import parser

    top = parser()
    _complete_files(top)
    sys.stdout.write(shtab.complete(top, shell=arguments.shell))
    return 0


def _complete_files(parser: argparse.ArgumentParser) -> None:
    """Whatever is a path is completed as one."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                _complete_files(sub)
        elif action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # where shtab looks
