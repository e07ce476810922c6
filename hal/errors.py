# SPDX-License-Identifier: Apache-2.0
"""Root of the package's own exceptions."""

__all__ = ["HxcosimError"]


class HxcosimError(RuntimeError):
    """Base of all errors that hxcosim raises by itself; a RuntimeError, as in the original."""
