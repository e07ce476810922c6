# SPDX-License-Identifier: Apache-2.0
"""Colours of the terminal: none without a terminal, or with `NO_COLOR` set (no-color.org)."""

import os
import sys
from typing import TextIO

__all__ = ["bold", "coloured", "green", "red"]


def coloured(stream: TextIO | None = None) -> bool:
    """Whether `stream` (default: standard output) shall get colours."""
    return (stream or sys.stdout).isatty() and not os.environ.get("NO_COLOR")


def _wrap(code: int, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if coloured() else text


def bold(text: str) -> str:
    """`text` in bold face."""
    return _wrap(1, text)


def green(text: str) -> str:
    """`text` in green, for what passed."""
    return _wrap(32, text)


def red(text: str) -> str:
    """`text` in red, for what failed."""
    return _wrap(31, text)
