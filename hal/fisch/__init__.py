# SPDX-License-Identifier: Apache-2.0
"""Register access: address map, JTAG, and what an access becomes on its way to the FPGA."""

from hal.fisch.access import (
    AccessError,
    Backend,
    ResponseKind,
    WordAccess,
    read_values,
    read_words,
    write_words,
)

__all__ = [
    "AccessError",
    "Backend",
    "ResponseKind",
    "WordAccess",
    "read_values",
    "read_words",
    "write_words",
]
