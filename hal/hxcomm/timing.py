# SPDX-License-Identifier: Apache-2.0
"""How long a connection spent in its four stages."""

from dataclasses import dataclass, fields
from datetime import timedelta

__all__ = ["ConnectionTimeInfo"]


@dataclass(slots=True)
class ConnectionTimeInfo:
    """Wall time per stage: encode and decode on the host, commit (transfer), execution."""

    encode_duration: timedelta = timedelta()
    decode_duration: timedelta = timedelta()
    commit_duration: timedelta = timedelta()
    execution_duration: timedelta = timedelta()

    def __add__(self, other: "ConnectionTimeInfo") -> "ConnectionTimeInfo":
        if not isinstance(other, ConnectionTimeInfo):
            return NotImplemented
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return ConnectionTimeInfo(*(a + b for a, b in pairs))

    def __sub__(self, other: "ConnectionTimeInfo") -> "ConnectionTimeInfo":
        if not isinstance(other, ConnectionTimeInfo):
            return NotImplemented
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return ConnectionTimeInfo(*(a - b for a, b in pairs))

    def __str__(self) -> str:
        parts = ", ".join(f"{f.name}: {getattr(self, f.name)}" for f in fields(self))
        return f"ConnectionTimeInfo({parts})"
