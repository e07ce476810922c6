# SPDX-License-Identifier: Apache-2.0
"""Composed containers: fields that belong to parts, which are register containers.

A composed container is declared like a register container; instead of places in words its parts
say what is written, in which order.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from hal.fisch.access import Backend, WordAccess
from hal.haldls.declaration import ContainerError, Encodable, Structure, register

__all__ = ["Composed"]

Part = tuple[Any, Any]


class Composed(Structure, Encodable):
    """Base of the composed containers."""

    __slots__ = ()

    _at: ClassVar[Any] = None
    _backends: ClassVar[tuple[Backend, ...]] = ()
    _readable: ClassVar[bool] = True

    def __init_subclass__(
        cls,
        *,
        at: Any = None,
        backends: tuple[Backend, ...] = (),
        readable: bool = True,
        **keywords: Any,
    ) -> None:
        """Declare the whole.

        :param at: coordinate type.
        :param backends: legal word accesses, the default one first.
        :param readable: whether it can be read.
        """
        super().__init_subclass__(**keywords)
        cls._at, cls._backends, cls._readable = at, backends, readable
        register(at, cls)

    def _parts(self) -> Iterator[Part]:
        """Coordinate and content of each part, in the order of their words."""
        raise NotImplementedError

    @classmethod
    def _chosen(cls, coord: Any, backend: Backend | None) -> Backend:
        if not isinstance(coord, cls._at):
            raise ContainerError(
                f"{cls.__qualname__} belongs to {cls._at.__qualname__}, "
                f"not to a {type(coord).__qualname__}"
            )
        return backend if backend in cls._backends else cls._backends[0]

    def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses and words that write all parts.

        :param backend: word access; one that the container does not support means its default.
        :raises RuntimeError: for a coordinate of another container.
        """
        chosen = self._chosen(coord, backend)
        accesses = [part.write_access(place, chosen) for place, part in self._parts()]
        return WordAccess(
            chosen,
            np.concatenate([access.addresses for access in accesses]),
            np.concatenate([access.words for access in accesses]),
        )

    @classmethod
    def read_access(cls, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses that are read for all parts.

        :raises RuntimeError: for a coordinate of another container, or a write-only container.
        """
        chosen = cls._chosen(coord, backend)
        if not cls._readable:
            raise ContainerError(f"{cls.__qualname__} at {coord} is write-only")
        parts = cls()._parts()
        addresses = [part.read_access(place, chosen).addresses for place, part in parts]
        return WordAccess(chosen, np.concatenate(addresses), np.empty(0, dtype=np.uint32))

    @classmethod
    def decode(cls, coord: Any, backend: Backend | None, words: npt.ArrayLike) -> Self:
        """The container that was read as `words`, one for each read address.

        :raises OverflowError: for a word that decodes to a number above a field's maximum.
        """
        chosen = cls._chosen(coord, backend)
        values = np.asarray(words)
        new = cls()
        begin = 0
        for place, part in new._parts():
            end = begin + len(part.read_access(place, chosen).addresses)
            part._numbers[:] = part.decode(place, chosen, values[begin:end])._numbers
            begin = end
        return new
