# SPDX-License-Identifier: Apache-2.0
"""Lock-step of two targets over random programs: equal words at equal cycles, or a short example."""

from cosim.lockstep.compare import Difference, Machine, compare, report, shrink
from cosim.lockstep.programs import Batch, Session, random_session

__all__ = [
    "Batch",
    "Difference",
    "Machine",
    "Session",
    "compare",
    "random_session",
    "report",
    "shrink",
]
