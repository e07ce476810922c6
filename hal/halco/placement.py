# SPDX-License-Identifier: Apache-2.0
"""Multi-compartment neurons: which circuits form which compartment, and where they are placed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hal.halco.declarations.neuron import (
    AtomicNeuronOnDLS,
    AtomicNeuronOnLogicalNeuron,
    CompartmentOnLogicalNeuron,
    NeuronColumnOnDLS,
    NeuronColumnOnLogicalNeuron,
    NeuronRowOnDLS,
    NeuronRowOnLogicalNeuron,
)
from hal.halco.numbers import Compared, Coordinate, implicit, order_of_types

Compartments = dict[CompartmentOnLogicalNeuron, list[AtomicNeuronOnLogicalNeuron]]


class _Ordered(Compared):
    """Comparison and hash by a key."""

    __slots__ = ()

    def _key(self) -> tuple[Any, ...]:
        raise NotImplementedError

    def _compare(self, other: object, by: Callable[[Any, Any], bool]) -> Any:
        if isinstance(other, _Ordered) and type(other) is type(self):
            return by(self._key(), other._key())
        return order_of_types(self, other, by)

    def __hash__(self) -> int:
        return hash((type(self), self._key()))


class LogicalNeuronCompartments(_Ordered):
    """The compartments of a neuron: number to circuits, relative to an anchor."""

    __slots__ = ("_compartments",)

    def __init__(
        self,
        compartments: "Mapping[CompartmentOnLogicalNeuron, Iterable[AtomicNeuronOnLogicalNeuron]]"
        " | LogicalNeuronCompartments | None" = None,
        /,
    ) -> None:
        if isinstance(compartments, LogicalNeuronCompartments):
            compartments = compartments._compartments
        found = {
            implicit(CompartmentOnLogicalNeuron, number): [
                implicit(AtomicNeuronOnLogicalNeuron, circuit) for circuit in circuits
            ]
            for number, circuits in (compartments or {}).items()
        }
        self._compartments: Compartments = dict(sorted(found.items()))

    def get_compartments(self) -> Compartments:
        """Compartment number to its circuits."""
        return {number: list(circuits) for number, circuits in self._compartments.items()}

    def _circuits(self) -> list[AtomicNeuronOnLogicalNeuron]:
        circuits = [c for compartment in self._compartments.values() for c in compartment]
        if not circuits:
            raise RuntimeError("LogicalNeuronCompartments: there is no circuit")
        return circuits

    def get_left_most_column(self) -> NeuronColumnOnLogicalNeuron:
        """The lowest column in use; RuntimeError without circuits."""
        return min(c.x() for c in self._circuits())  # type: ignore[no-any-return] # x() is untyped

    def get_right_most_column(self) -> NeuronColumnOnLogicalNeuron:
        """The highest column in use; RuntimeError without circuits."""
        return max(c.x() for c in self._circuits())  # type: ignore[no-any-return] # x() is untyped

    def get_top_most_row(self) -> NeuronRowOnLogicalNeuron:
        """The lowest row number in use; RuntimeError without circuits."""
        return min(c.y() for c in self._circuits())  # type: ignore[no-any-return] # y() is untyped

    def get_bottom_most_row(self) -> NeuronRowOnLogicalNeuron:
        """The highest row number in use; RuntimeError without circuits."""
        return max(c.y() for c in self._circuits())  # type: ignore[no-any-return] # y() is untyped

    def _mapped(self, move: Callable[[int, int], tuple[int, int]]) -> "LogicalNeuronCompartments":
        def moved(circuit: AtomicNeuronOnLogicalNeuron) -> AtomicNeuronOnLogicalNeuron:
            x, y = move(int(circuit.x()), int(circuit.y()))
            return AtomicNeuronOnLogicalNeuron(
                NeuronColumnOnLogicalNeuron(x), NeuronRowOnLogicalNeuron(y)
            )

        return LogicalNeuronCompartments(
            {number: list(map(moved, circuits)) for number, circuits in self._compartments.items()}
        )

    def flip_x(self) -> "LogicalNeuronCompartments":
        """Mirrored left to right within the columns in use."""
        if not self._compartments:
            return LogicalNeuronCompartments()
        ends = int(self.get_left_most_column()) + int(self.get_right_most_column())
        return self._mapped(lambda x, y: (ends - x, y))

    def flip_y(self) -> "LogicalNeuronCompartments":
        """Mirrored top to bottom: the two rows exchanged."""
        return self._mapped(lambda x, y: (x, 1 - y))

    def _key(self) -> tuple[Any, ...]:
        return tuple((number, tuple(circuits)) for number, circuits in self._compartments.items())

    def __reduce__(self) -> tuple[Any, ...]:
        return LogicalNeuronCompartments, (self._compartments,)

    def __str__(self) -> str:
        return f"LogicalNeuronCompartments({_listing(self._compartments)} )"

    __repr__ = __str__


class LogicalNeuronOnDLS(_Ordered, Coordinate):
    """Compartments placed on the chip: the anchor is where column 0, row 0 comes to lie.

    Raises ``RuntimeError`` if a circuit falls off the chip.
    """

    __slots__ = ("_anchor", "_compartments", "_placed")

    _anchor: AtomicNeuronOnDLS
    _compartments: LogicalNeuronCompartments
    _placed: dict[CompartmentOnLogicalNeuron, list[AtomicNeuronOnDLS]]

    def __init__(
        self,
        compartments: "LogicalNeuronCompartments | LogicalNeuronOnDLS | None" = None,
        anchor: AtomicNeuronOnDLS | None = None,
        /,
    ) -> None:
        if isinstance(compartments, LogicalNeuronOnDLS):
            self._compartments, self._anchor = compartments._compartments, compartments._anchor
        else:
            self._compartments = implicit(
                LogicalNeuronCompartments, compartments or LogicalNeuronCompartments()
            )
            self._anchor = implicit(AtomicNeuronOnDLS, anchor or AtomicNeuronOnDLS())
        self._placed = {
            number: list(map(self._place, circuits))
            for number, circuits in self._compartments._compartments.items()
        }

    def _place(self, circuit: AtomicNeuronOnLogicalNeuron) -> AtomicNeuronOnDLS:
        x = int(self._anchor.x()) + int(circuit.x())
        y = int(self._anchor.y()) + int(circuit.y())
        if x > NeuronColumnOnDLS.max or y > NeuronRowOnDLS.max:
            raise RuntimeError(
                "LogicalNeuron anchor results in placement of compartments outside of neuron grid: "
                f"{circuit} anchored at {self._anchor}; "
                f"the grid is x 0..{NeuronColumnOnDLS.max}, y 0..{NeuronRowOnDLS.max}"
            )
        return AtomicNeuronOnDLS(NeuronColumnOnDLS(x), NeuronRowOnDLS(y))

    def get_atomic_neurons(self) -> list[AtomicNeuronOnDLS]:
        """All circuits, compartment by compartment."""
        return [circuit for circuits in self._placed.values() for circuit in circuits]

    def get_placed_compartments(
        self,
    ) -> dict[CompartmentOnLogicalNeuron, list[AtomicNeuronOnDLS]]:
        """Compartment number to its circuits on the chip."""
        return {number: list(circuits) for number, circuits in self._placed.items()}

    def _key(self) -> tuple[Any, ...]:
        return tuple((number, tuple(circuits)) for number, circuits in self._placed.items())

    def __reduce__(self) -> tuple[Any, ...]:
        return LogicalNeuronOnDLS, (self._compartments, self._anchor)

    def __str__(self) -> str:
        return f"LogicalNeuronOnDLS({_listing(self._placed)} )"

    __repr__ = __str__


def _listing(compartments: Mapping[Any, Iterable[Any]]) -> str:
    return ",".join(
        f" {number}: [{', '.join(map(str, circuits))}]" for number, circuits in compartments.items()
    )
