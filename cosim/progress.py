# SPDX-License-Identifier: Apache-2.0
"""One line of progress on a terminal, for what takes longer than two seconds."""

import sys
import time

__all__ = ["Progress"]

DELAY_S = 2.0


class Progress:
    """A line on standard error that the next one replaces; nothing without a terminal.

    :param delay: seconds before the first line appears.
    """

    def __init__(self, delay: float = DELAY_S) -> None:
        self._from = time.monotonic() + delay
        self._shown = False

    def __call__(self, text: str) -> None:
        """Show `text`."""
        if sys.stderr.isatty() and time.monotonic() >= self._from:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
