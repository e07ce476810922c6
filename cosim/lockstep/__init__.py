# SPDX-License-Identifier: Apache-2.0
"""Lock-step of two machines over random programs: equal words at equal cycles."""

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
