# SPDX-License-Identifier: Apache-2.0
"""Windows of waveforms, as the options `--from` and `--to` of several commands."""

import argparse
import math

from hal.errors import HxcosimError

__all__ = ["PS_PER_CYCLE", "PS_PER_US", "add_window", "microseconds", "window"]

PS_PER_CYCLE, PS_PER_US = 4000, 10**6


def add_window(parser: argparse.ArgumentParser) -> None:
    """The options `--from` and `--to`."""
    parser.add_argument("--from", metavar="US", help="begin of the waveform in us (default: 0)")
    parser.add_argument("--to", metavar="US", help="its end in us (default: that of all)")


def window(arguments: argparse.Namespace, waves: bool, unit: int = PS_PER_CYCLE) -> tuple[int, int]:
    """First and last time of the window that the options ask for; 0 as the last one is the end.

    :param waves: there is a waveform at all.
    :param unit: of the times, in ps.
    :raises HxcosimError: for a time that is none, an end that does not lie behind the begin, and
        without a waveform.
    """
    times = [microseconds(arguments, name, waves) for name in ("from", "to")]
    # Not `round`, which takes 1.5 and 2.5 to the same.
    begin, end = (int((us or 0) * PS_PER_US / unit + 0.5) for us in times)
    if times[1] is not None and end <= begin:
        raise HxcosimError(
            f"--to {times[1]:g}: must be at least {unit / PS_PER_US:g} us later than "
            f"--from {times[0] or 0:g}"
        )
    return begin, end


def microseconds(arguments: argparse.Namespace, name: str, waves: bool) -> float | None:
    """The time in us that an option of the window has, if it is given.

    :raises HxcosimError: for a time that is none, and without a waveform.
    """
    text = getattr(arguments, name)
    if text is None:
        return None
    try:
        us = float(text)
    except ValueError:
        us = math.nan
    if not 0 <= us < math.inf:
        raise HxcosimError(f"--{name} {text}: must be a number of us, 0 or more")
    if not waves:
        raise HxcosimError(f"--{name} {text}: is a window of --waves; ask for the waveform too")
    return us
