# SPDX-License-Identifier: Apache-2.0
"""Exceptions of the hardware database."""

from hal.errors import HxcosimError

__all__ = ["HwdbError", "HwdbLookupError"]


class HwdbError(HxcosimError, ValueError):
    """The text of a database, or an identifier, is not what it should be."""


class HwdbLookupError(HxcosimError, IndexError):
    """Something that was asked for is not in the database."""
