# SPDX-License-Identifier: Apache-2.0
"""Targets: the machines that take words and give words.

Targets are found by name under the entry-point group `hxcosim.targets`,
so that the host's layers know none of them.
An entry point names a callable that takes keyword options and returns a `Target`.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from hal.errors import HxcosimError

__all__ = [
    "GROUP",
    "Target",
    "TargetError",
    "UnknownTargetError",
    "available_targets",
    "check_words",
    "open_target",
]

GROUP = "hxcosim.targets"
"""Entry-point group under which targets are declared."""


class TargetError(HxcosimError):
    """A target cannot do what was asked."""


class UnknownTargetError(TargetError, LookupError):
    """No target of that name is installed."""


@runtime_checkable
class Target(Protocol):
    """A machine: words to it, words from it, and the permission to run."""

    @property
    def name(self) -> str:
        """Name under which it was opened."""
        ...

    @property
    def diagnostics(self) -> list[str]:
        """Lines that the machine has reported since the last reset, like unknown headers."""
        ...

    def send(self, words: NDArray[np.uint64]) -> None:
        """Queue words; no time passes.

        :raises TypeError: unless `words` is a vector of uint64.
        """
        ...

    def run(self, deliver: Callable[[NDArray[np.uint64]], None] | None = None) -> None:
        """Let the machine run until every queued halt is answered; at once if there is none.

        :param deliver: may be called with answers, as they come; the rest is for `receive`.
        """
        ...

    def receive(self) -> NDArray[np.uint64]:
        """All words since the last call that were not delivered."""
        ...

    def reset(self) -> None:
        """Reset the connection: queued words, answers and diagnostics are gone, memories stay."""
        ...

    def close(self) -> None:
        """Give the machine back; a second call does nothing."""
        ...


def _entries() -> Iterable[Any]:
    from importlib.metadata import entry_points  # takes long to import

    return entry_points(group=GROUP)


def available_targets() -> list[str]:
    """Names of the installed targets."""
    return sorted({entry.name for entry in _entries()})


def open_target(name: str, **options: object) -> Target:
    """Open a target by name.

    :param name: a name of `available_targets`, or `name://location`.
    :param options: keyword options of that target; a location becomes the option `location`.
    :raises UnknownTargetError: for a name that is not installed, with those that are.
    :raises TargetError: if the target is installed, but cannot be loaded.
    """
    plain, separator, location = name.partition("://")
    found = [entry for entry in _entries() if entry.name == plain]
    if not found:
        known = ", ".join(available_targets())
        raise UnknownTargetError(f"no target {plain!r}; known targets are: {known or 'none'}")
    if separator:
        options["location"] = location
    try:
        factory = found[0].load()
    except (ImportError, AttributeError) as error:
        raise TargetError(
            f"target {plain!r} ({found[0].value}) cannot be loaded: {error}"
        ) from error
    return cast("Target", factory(**options))


def check_words(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The words as a contiguous vector.

    :raises TypeError: unless they are a vector of uint64.
    """
    if not isinstance(words, np.ndarray) or words.dtype != np.uint64 or words.ndim != 1:
        shape = (
            f"{words.dtype}{list(words.shape)}" if isinstance(words, np.ndarray) else type(words)
        )
        raise TypeError(f"words must be a one-dimensional array of uint64, not {shape}")
    return np.ascontiguousarray(words)
