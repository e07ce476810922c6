# SPDX-License-Identifier: Apache-2.0
"""What all benches share: clock and reset, streams, gaps, scoreboard."""

from .clocked import PERIOD_NS, Clocked, corners, generator
from .scoreboard import Scoreboard
from .streams import Sink, Source, no_gaps, random_gaps

__all__ = [
    "PERIOD_NS",
    "Clocked",
    "Scoreboard",
    "Sink",
    "Source",
    "corners",
    "generator",
    "no_gaps",
    "random_gaps",
]
