# SPDX-License-Identifier: Apache-2.0
"""What a command tells of its way: progress beyond two seconds, and that Ctrl-C ended it."""

import sys
import time
from multiprocessing import parent_process
from threading import Lock, Timer, current_thread, main_thread
from typing import Self

__all__ = ["Progress", "interrupted"]

DELAY_S = 2.0
REPEAT_S = 0.1
"""Between two lines."""


class Progress:
    """A line on standard error that the next one replaces; nothing without a terminal.

    Only the main thread of a process that no pool has started shows lines: of several at once,
    each would overwrite the others'.

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
        if not sys.stderr.isatty() or parent_process() or current_thread() is not main_thread():
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
            self._timer, self._from = None, time.monotonic() + REPEAT_S
            if self._text:
                sys.stderr.write(f"\r\x1b[K{self._text}")
                sys.stderr.flush()
                self._shown = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._text = ""
            if self._shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
                self._shown = False


def interrupted(stop: KeyboardInterrupt) -> int:
    """Say that Ctrl-C ended a command, with the text of `stop`: what was saved; its exit status."""
    sys.stderr.write(f"hxcosim: interrupted{f'; {stop}' if str(stop) else ''}\n")
    return 130
