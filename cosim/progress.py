# SPDX-License-Identifier: Apache-2.0
"""One line of progress on a terminal, for what takes longer than two seconds."""

import sys
import time
from threading import Lock, Timer

__all__ = ["Progress"]

DELAY_S = 2.0


class Progress:
    """A line on standard error that the next one replaces; nothing without a terminal.

    :param delay: seconds before the first line appears, even if its caller is busy then.
    """

    def __init__(self, delay: float = DELAY_S) -> None:
        self._from = time.monotonic() + delay
        self._text = ""
        self._shown = False
        self._lock = Lock()
        self._timer: Timer | None = None

    def __call__(self, text: str) -> None:
        """Show `text`."""
        self._text = text
        if not sys.stderr.isatty():
            return
        left = self._from - time.monotonic()
        if left <= 0:
            self._show()
        elif self._timer is None:
            self._timer = Timer(left, self._show)
            self._timer.daemon = True
            self._timer.start()

    def _show(self) -> None:
        with self._lock:
            if self._text:
                sys.stderr.write(f"\r\x1b[K{self._text}")
                sys.stderr.flush()
                self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        with self._lock:
            self._text = ""
            if self._shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
                self._shown = False
