# SPDX-License-Identifier: Apache-2.0
"""Exceptions of the connections."""

from hal.errors import HxcosimError

__all__ = ["ClosedConnectionError", "ConnectionFailedError"]


class ConnectionFailedError(HxcosimError, ConnectionError):
    """A connection cannot be made; the message says what is missing."""


class ClosedConnectionError(HxcosimError):
    """Use of a connection, or of its handle, after it was closed."""
