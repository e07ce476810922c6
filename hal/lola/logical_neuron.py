# SPDX-License-Identifier: Apache-2.0
"""Neurons with structure: compartments of several circuits, joined by resistors.

Source of the facts: reference of the composed containers, auxiliary.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from hal import halco
from hal.fisch.access import Backend, WordAccess
from hal.halco.numbers import describe, implicit
from hal.haldls.declaration import CHIP, ContainerError
from hal.haldls.serialization import VERSION_KEY, Item, Leaf, Vector, Version, items_of
from hal.lola.composed import Composed
from hal.lola.neuron import AtomicNeuron, MCSafeAtomicNeuron

__all__ = ["LogicalNeuron", "Morphology", "MorphologyError"]

_Circuit = halco.AtomicNeuronOnLogicalNeuron
_Compartment = halco.CompartmentOnLogicalNeuron
_COLUMNS = halco.NeuronColumnOnLogicalNeuron.size
_Switches = AtomicNeuron.Multicompartment


class MorphologyError(ContainerError):
    """A neuron with structure that does not hang together, or hangs together too much."""


class LogicalNeuron(Composed, at=halco.LogicalNeuronOnDLS, backends=CHIP):
    """A neuron with structure; made by `Morphology`.

    The numbers are rows: that of the compartment, then those of the circuit.
    """

    _ROW = 1 + MCSafeAtomicNeuron._length

    def _rows(self) -> npt.NDArray[np.int64]:
        return self._numbers.reshape(-1, self._ROW)

    @property
    def morphology(self) -> dict[Any, list[MCSafeAtomicNeuron]]:
        """Circuits by compartment; the circuits are references, the dictionary is a copy."""
        found: dict[Any, list[MCSafeAtomicNeuron]] = {}
        for row in self._rows():
            found.setdefault(int(row[0]), []).append(MCSafeAtomicNeuron._view(row[1:]))
        return {_Compartment(number): circuits for number, circuits in sorted(found.items())}

    @morphology.setter
    def morphology(self, compartments: Mapping[Any, Sequence[MCSafeAtomicNeuron]]) -> None:
        rows = [np.empty(0, dtype=np.int64)]
        for number, circuits in sorted(
            (int(implicit(_Compartment, n)), circuits) for n, circuits in compartments.items()
        ):
            for circuit in circuits:
                if not isinstance(circuit, MCSafeAtomicNeuron | AtomicNeuron):
                    raise TypeError(
                        "LogicalNeuron.morphology: expected lists of MCSafeAtomicNeuron, not of "
                        f"{describe(circuit)}"
                    )
                rows += [np.array([number], dtype=np.int64), circuit._numbers]
        self._numbers = np.concatenate(rows)

    def at(self, compartment_coord: Any, neuron_index: int) -> MCSafeAtomicNeuron:
        """A circuit, as a reference.

        :raises IndexError: without such a compartment or such a circuit in it.
        """
        circuits = self.morphology.get(implicit(_Compartment, compartment_coord), [])
        if not 0 <= neuron_index < len(circuits):
            raise IndexError(
                f"LogicalNeuron: no circuit {neuron_index} in {compartment_coord}, which has "
                f"{len(circuits)}"
            )
        return circuits[neuron_index]

    def __getitem__(self, index: tuple[Any, int]) -> MCSafeAtomicNeuron:
        return self.at(*index)

    def __setitem__(self, index: tuple[Any, int], neuron: MCSafeAtomicNeuron) -> None:
        """Set a circuit; the switches between circuits keep the state of the morphology."""
        place = self.at(*index)
        if not isinstance(neuron, MCSafeAtomicNeuron | AtomicNeuron):
            raise TypeError(f"expected MCSafeAtomicNeuron, not {describe(neuron)}")
        hidden = place.multicompartment._switches()
        switches = hidden.copy()
        place._numbers[:] = neuron._numbers
        place.multicompartment._switches()[:] = switches

    def collapse_neuron(self) -> dict[Any, list[AtomicNeuron]]:
        """Copies of the circuits, with their switches."""
        return {
            number: [circuit._atomic_neuron() for circuit in circuits]
            for number, circuits in self.morphology.items()
        }

    def __str__(self) -> str:
        lines = [
            f"\t{number}: [{', '.join(map(str, circuits))}]"
            for number, circuits in self.morphology.items()
        ]
        return "\n".join(("LogicalNeuron(", *lines, ")"))

    __repr__ = __str__

    # -- words ------------------------------------------------------------------------------------

    @classmethod
    def _places(cls, coord: Any) -> list[tuple[Any, list[Any]]]:
        cls._chosen(coord, None)
        return sorted(coord.get_placed_compartments().items())

    @classmethod
    def _joined(cls, accesses: Sequence[WordAccess], backend: Backend) -> WordAccess:
        return WordAccess(
            backend,
            np.concatenate([np.empty(0, np.uint32), *(a.addresses for a in accesses)]),
            np.concatenate([np.empty(0, np.uint32), *(a.words for a in accesses)]),
        )

    def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses and words of all circuits, compartment by compartment.

        The switches to the right are left open, as the original's words have them.

        :raises RuntimeError: for a coordinate of another container or of other compartments.
        """
        chosen = self._chosen(coord, backend)
        placed = self._places(coord)
        neurons = self.collapse_neuron()
        own = {int(number): len(circuits) for number, circuits in neurons.items()}
        if own != {int(number): len(circuits) for number, circuits in placed}:
            raise ContainerError(
                f"LogicalNeuron with circuits by compartment {own} cannot be written to {coord}"
            )
        accesses = []
        for number, circuits in placed:
            for place, neuron in zip(circuits, neurons[number], strict=True):
                neuron.multicompartment.connect_right = False
                neuron.multicompartment.connect_soma_right = False
                accesses.append(neuron.write_access(place, chosen))
        return self._joined(accesses, chosen)

    @classmethod
    def read_access(cls, coord: Any, backend: Backend | None = None) -> WordAccess:
        """Addresses of all circuits.

        :raises RuntimeError: for a coordinate of another container.
        """
        chosen = cls._chosen(coord, backend)
        circuits = [circuit for _, circuits in cls._places(coord) for circuit in circuits]
        accesses = [AtomicNeuron.read_access(circuit, chosen) for circuit in circuits]
        return cls._joined(accesses, chosen)

    @classmethod
    def decode(cls, coord: Any, backend: Backend | None, words: npt.ArrayLike) -> Self:
        """The neuron that was read as `words`.

        :raises RuntimeError: for another number of words, and for a circuit that is connected to
            a circuit on its right that is not part of the same compartment.
        """
        chosen = cls._chosen(coord, backend)
        values = np.asarray(words)
        each = AtomicNeuron._plan().words
        placed = cls._places(coord)
        expected = each * sum(len(circuits) for _, circuits in placed)
        if len(values) != expected:
            raise ContainerError(
                f"LogicalNeuron at {coord}: expected {expected} words, got {len(values)}"
            )
        pieces = iter(values.reshape(-1, each))
        morphology = {
            number: [AtomicNeuron.decode(place, chosen, next(pieces)) for place in circuits]
            for number, circuits in placed
        }
        for number, places in placed:
            enums = {int(place.toEnum()) for place in places}
            for place, neuron in zip(places, morphology[number], strict=True):
                switches = neuron.multicompartment
                right = switches.connect_right or switches.connect_soma_right
                if right and int(place.toEnum()) + 1 not in enums:
                    raise MorphologyError(
                        f"LogicalNeuron: {place} is connected to its right neighbour, which is "
                        f"not part of {number}"
                    )
        new = cls()
        new.morphology = {
            number: [MCSafeAtomicNeuron(neuron) for neuron in neurons]
            for number, neurons in morphology.items()
        }
        return new

    @classmethod
    def _serial_items(cls, start: int) -> list[Item]:
        def entry(slot: int) -> list[Item]:
            return [
                ("key", [("value", Leaf(slot, 8))]),
                ("value", items_of(MCSafeAtomicNeuron, slot + 1)),
            ]

        return [(VERSION_KEY, Version(cls)), ("morphology", Vector(start, cls._ROW, entry))]


class Morphology:
    """Builds a neuron with structure on a grid of circuits relative to an anchor.

    Compartments are sets of circuits that touch each other.
    They are joined over the line between somata: at one circuit directly, at the others over a
    resistor.
    """

    def __init__(self) -> None:
        self._switches: dict[int, _Switches] = {}
        self._compartments: list[list[int]] = []

    @property
    def morphology(self) -> dict[Any, _Switches]:
        """Switches of each circuit (copies)."""
        return {_Circuit._make(n): _Switches(s) for n, s in sorted(self._switches.items())}

    def __getitem__(self, coord: halco.AtomicNeuronOnLogicalNeuron) -> _Switches:
        """The switches of a circuit (a copy). :raises IndexError: if it has none."""
        number = _number(coord)
        if number not in self._switches:
            raise IndexError(f"Morphology: {coord} is not part of the neuron")
        return _Switches(self._switches[number])

    def _at(self, number: int) -> _Switches:
        return self._switches.setdefault(number, _Switches())

    def connect_to_soma(self, coord: halco.AtomicNeuronOnLogicalNeuron) -> None:
        """Connect a circuit directly to the line between somata.

        :raises RuntimeError: if it is connected over a resistor as well.
        """
        switches = self._at(_number(coord))
        switches.connect_soma = True
        if switches.enable_conductance:
            raise MorphologyError(_both(coord))

    def connect_resistor_to_soma(self, coord: halco.AtomicNeuronOnLogicalNeuron) -> None:
        """Connect a circuit over its resistor to the line between somata.

        :raises RuntimeError: if it is connected directly as well.
        """
        switches = self._at(_number(coord))
        switches.enable_conductance = True
        if switches.connect_soma:
            raise MorphologyError(_both(coord))

    def connect_soma_line(
        self,
        start: halco.NeuronColumnOnLogicalNeuron,
        end: halco.NeuronColumnOnLogicalNeuron,
        row: halco.NeuronRowOnLogicalNeuron,
    ) -> None:
        """Close the line between somata from column `start` to column `end`.

        :raises RuntimeError: if `end` is left of `start`.
        """
        first, last = (
            int(implicit(halco.NeuronColumnOnLogicalNeuron, column)) for column in (start, end)
        )
        line = int(implicit(halco.NeuronRowOnLogicalNeuron, row)) * _COLUMNS
        if last < first:
            raise MorphologyError(f"Morphology: a line from column {first} to {last} has no length")
        for column in range(first, last):
            self._at(line + column).connect_soma_right = True
        self._at(line + last)

    def create_compartment(
        self, compartment: Iterable[halco.AtomicNeuronOnLogicalNeuron]
    ) -> halco.CompartmentOnLogicalNeuron:
        """Connect the membranes of circuits.

        :return: the number of the compartment.
        :raises RuntimeError: without a circuit, for circuits that do not touch each other or that
            belong to another compartment.
        """
        circuits = [_number(coord) for coord in compartment]
        if not circuits:
            raise MorphologyError("Compartment has no neurons.")
        used = {circuit for other in self._compartments for circuit in other}
        twice = [c for i, c in enumerate(circuits) if c in used or c in circuits[:i]]
        if twice:
            raise MorphologyError(
                f"Compartment uses a neuron that is part of a compartment: "
                f"{_Circuit._make(twice[0])}"
            )
        members = set(circuits)
        reached = _spread({circuits[0]}, lambda c: (n for n in _neighbours(c) if n in members))
        if reached != members:
            raise MorphologyError(
                "Compartment is not made up of a contiguous block of neurons: "
                f"{_Circuit._make(min(members - reached))} does not touch the others"
            )
        for circuit in circuits:
            switches = self._at(circuit)
            if circuit % _COLUMNS < _COLUMNS - 1 and circuit + 1 in members:
                switches.connect_right = True
            if _opposite(circuit) in members:
                switches.connect_vertical = True
        self._compartments.append(circuits)
        return _Compartment(len(self._compartments) - 1)

    # -- checks -----------------------------------------------------------------------------------

    def _linked(self, circuit: int) -> Iterator[int]:
        """Circuits of which the membrane is directly connected to that of a circuit."""
        own = self._switches[circuit]
        opposite = self._switches.get(_opposite(circuit))
        if own.connect_vertical and opposite is not None and opposite.connect_vertical:
            yield _opposite(circuit)
        if own.connect_right and circuit + 1 in self._switches:
            yield circuit + 1
        left = self._left(circuit)
        if left is not None and left.connect_right:
            yield circuit - 1
        if self._is_direct(circuit):
            yield from (other for other in self._line(circuit) if self._is_direct(other))

    def _left(self, circuit: int) -> _Switches | None:
        """The switches of the left neighbour in the same row."""
        return self._switches.get(circuit - 1) if circuit % _COLUMNS else None

    def _is_direct(self, circuit: int) -> bool:
        switches = self._switches[circuit]
        return switches.connect_soma and not switches.enable_conductance

    def _line(self, circuit: int) -> set[int]:
        """Circuits on the same closed line between somata."""

        def sides(number: int) -> Iterator[int]:
            if self._switches[number].connect_soma_right:
                yield number + 1
            left = self._left(number)
            if left is not None and left.connect_soma_right:
                yield number - 1

        return _spread({circuit}, sides)

    def _extracted(self) -> list[list[int]]:
        """The compartments, those of circuits that nobody put into one behind the others.

        :raises RuntimeError: if compartments are connected directly.
        """
        compartments = []
        rest = set(self._switches)
        for circuits in self._compartments:
            grown = _spread({circuits[0]}, self._linked)
            if grown != set(circuits):
                raise MorphologyError(
                    "Compartments are connected without a resistor between them: "
                    f"{_Circuit._make(min(grown - set(circuits), default=circuits[0]))}"
                )
            compartments.append(circuits)
            rest -= grown
        while rest:
            group = _spread({min(rest)}, self._linked)
            compartments.append(sorted(group))
            rest -= group
        return compartments

    def _check_contiguous(self, compartments: Sequence[Sequence[int]]) -> None:
        """All compartments must be joined, by one direct and one resistive connection each.

        Circuits that only lengthen a line between somata are part of it.
        """
        home = {c: index for index, circuits in enumerate(compartments) for c in circuits}

        def joined(index: int) -> Iterator[int]:
            for circuit in compartments[index]:
                switches = self._switches[circuit]
                if not (switches.connect_soma or switches.enable_conductance):
                    continue
                for other in self._line(circuit) - {circuit}:
                    far = self._switches[other]
                    complement = (
                        far.enable_conductance if switches.connect_soma else far.connect_soma
                    )
                    bridge = far.connect_soma_right and not (
                        far.connect_soma or far.enable_conductance
                    )
                    if complement or bridge:
                        yield home[other]

        reached = _spread({0}, joined)
        if len(reached) < len(compartments):
            lost = next(i for i in range(len(compartments)) if i not in reached)
            raise MorphologyError(
                "LogicalNeuron can't be constructed since it is not contiguous! Not connected to "
                f"the first compartment: {_Circuit._make(compartments[lost][0])}"
            )

    def done(self) -> tuple[halco.LogicalNeuronCompartments, LogicalNeuron]:
        """Check the structure.

        :return: the compartments, for `LogicalNeuronOnDLS`, and the neuron.
        :raises RuntimeError: if compartments are not connected with each other, or directly.
        """
        compartments = self._extracted()
        if compartments:
            self._check_contiguous(compartments)
        neuron = LogicalNeuron()
        neuron.morphology = {
            index: [MCSafeAtomicNeuron(self._switches[circuit]) for circuit in circuits]
            for index, circuits in enumerate(compartments)
        }
        places: Any = {
            _Compartment(index): [_Circuit._make(circuit) for circuit in circuits]
            for index, circuits in enumerate(compartments)
        }
        return halco.LogicalNeuronCompartments(places), neuron

    def __str__(self) -> str:
        lines = [f"\t{coord}: {switches}" for coord, switches in self.morphology.items()]
        return "\n".join(("Morphology(", *lines, ")"))

    __repr__ = __str__


def _number(coord: Any) -> int:
    return int(implicit(_Circuit, coord)._e)


def _both(coord: Any) -> str:
    return f"{coord} cannot be connected to the somatic line directly and over its resistor"


def _opposite(circuit: int) -> int:
    """The circuit of the same column in the other row."""
    return (circuit + _COLUMNS) % _Circuit.size


def _neighbours(circuit: int) -> Iterator[int]:
    yield _opposite(circuit)
    if circuit % _COLUMNS:
        yield circuit - 1
    if circuit % _COLUMNS < _COLUMNS - 1:
        yield circuit + 1


def _spread(start: set[int], links: Any) -> set[int]:
    """All that can be reached."""
    reached, new = set(start), list(start)
    while new:
        found = {other for other in links(new.pop()) if other not in reached}
        reached |= found
        new += found
    return reached
