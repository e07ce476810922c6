# SPDX-License-Identifier: Apache-2.0
"""The seed of what a command draws."""

from hal.errors import HxcosimError

__all__ = ["check_seed"]


def check_seed(seed: int) -> None:
    """:raises HxcosimError: for a seed below 0."""
    if seed < 0:
        raise HxcosimError(f"--seed {seed}: must be 0 or more")
