# SPDX-License-Identifier: Apache-2.0
"""Neurons with structure: what their builder accepts and refuses."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from random_containers import random_rows

from hal import halco, lola
from hal.halco import AtomicNeuronOnLogicalNeuron as Circuit
from hal.halco import CompartmentOnLogicalNeuron as Compartment
from hal.halco import NeuronColumnOnLogicalNeuron as Column
from hal.halco import NeuronRowOnLogicalNeuron as Row


def at(x: int, y: int = 0) -> Circuit:
    return Circuit(Column(x), Row(y))


def line(morphology: lola.Morphology, start: int, end: int, row: int = 0) -> None:
    morphology.connect_soma_line(Column(start), Column(end), Row(row))


def two_compartments() -> lola.Morphology:
    morphology = lola.Morphology()
    morphology.create_compartment([at(0), at(0, 1)])
    morphology.create_compartment([at(1), at(2)])
    line(morphology, 0, 1)
    morphology.connect_to_soma(at(0))
    morphology.connect_resistor_to_soma(at(1))
    return morphology


def placed(compartments: Any, column: int = 20) -> halco.LogicalNeuronOnDLS:
    anchor = halco.AtomicNeuronOnDLS(halco.NeuronColumnOnDLS(column), halco.NeuronRowOnDLS.top)
    return halco.LogicalNeuronOnDLS(compartments, anchor)


def test_members() -> None:
    compartments, neuron = two_compartments().done()
    assert [len(c) for c in compartments.get_compartments().values()] == [2, 2]
    neuron[Compartment(1), 0].leak.v_leak = 77
    assert int(neuron.at(Compartment(1), 0).leak.v_leak) == 77
    neurons = neuron.collapse_neuron()
    assert int(neurons[Compartment(1)][0].leak.v_leak) == 77
    assert neurons[Compartment(1)][0].multicompartment.connect_right
    assert neurons[Compartment(0)][0].multicompartment.connect_soma_right
    assert not hasattr(neuron[Compartment(1), 0].multicompartment, "connect_right")


def test_assigned_circuits_keep_their_switches() -> None:
    _, neuron = two_compartments().done()
    atomic = lola.AtomicNeuron()
    atomic.reset.v_reset = 9
    atomic.multicompartment.i_bias_nmda = 3
    neuron[Compartment(1), 0] = lola.MCSafeAtomicNeuron(atomic)
    collapsed = neuron.collapse_neuron()[Compartment(1)][0]
    assert int(collapsed.reset.v_reset) == 9
    assert int(collapsed.multicompartment.i_bias_nmda) == 3
    assert collapsed.multicompartment.connect_right
    assert collapsed.multicompartment.enable_conductance


def random_neuron(rng: np.random.Generator) -> tuple[Any, lola.LogicalNeuron]:
    """A row of compartments on one line: the first is connected directly, the others over
    their resistors; all other settings are random."""
    morphology = lola.Morphology()
    sizes = rng.integers(1, 5, rng.integers(1, 6)).tolist()
    ends = np.cumsum(sizes).tolist()
    firsts = [end - size for end, size in zip(ends, sizes, strict=True)]
    for first, end in zip(firsts, ends, strict=True):
        morphology.create_compartment([at(x) for x in range(first, end)])
    if len(sizes) > 1:
        line(morphology, ends[0] - 1, firsts[-1])
        morphology.connect_to_soma(at(ends[0] - 1))
        for first in firsts[1:]:
            morphology.connect_resistor_to_soma(at(first))
    shape, neuron = morphology.done()
    for number, size in enumerate(sizes):
        for index in range(size):
            circuit = lola.AtomicNeuron._of(random_rows(lola.AtomicNeuron, 1, rng)[0])
            neuron[Compartment(number), index] = lola.MCSafeAtomicNeuron(circuit)
    return shape, neuron


def check_neurons(count: int) -> None:
    rng = np.random.default_rng(7)
    for _ in range(count):
        shape, neuron = random_neuron(rng)
        width = int(shape.get_right_most_column()) + 1
        coord = placed(shape, int(rng.integers(0, 256 - width, endpoint=True)))
        access = neuron.write_access(coord)
        read = lola.LogicalNeuron.decode(coord, None, access.words)
        assert read.write_access(coord).words.tolist() == access.words.tolist()
        for compartment, circuits in shape.get_compartments().items():
            for index in range(len(circuits)):
                found, own = (
                    lola.MCSafeAtomicNeuron(read[compartment, index]),
                    lola.MCSafeAtomicNeuron(neuron[compartment, index]),
                )
                # the switches along the row are not written, as recorded from the original
                for circuit in (found, own):
                    circuit.multicompartment._switches()[:] = 0
                assert found == own
        assert pickle.loads(pickle.dumps(neuron)) == neuron
        other = lola.LogicalNeuron()
        lola.from_json(other, lola.to_json(neuron))
        assert other == neuron
        lola.from_portablebinary(other, lola.to_portablebinary(read))
        assert other == read


def test_random_neurons() -> None:
    check_neurons(20)


@pytest.mark.full
def test_random_neurons_often() -> None:
    check_neurons(1000)


def test_conversions() -> None:
    switches = lola.AtomicNeuron.Multicompartment()
    switches.enable_conductance_division = True
    safe = lola.MCSafeAtomicNeuron(switches)
    assert safe.multicompartment.enable_conductance_division
    assert lola.MCSafeAtomicNeuron(safe) == safe
    assert lola.MCSafeAtomicNeuron(lola.AtomicNeuron()) == lola.MCSafeAtomicNeuron()


def test_files_and_words() -> None:
    compartments, neuron = two_compartments().done()
    neuron[Compartment(0), 1].threshold.v_threshold = 500
    for twin in (copy.copy(neuron), lola.LogicalNeuron(neuron), pickle.loads(pickle.dumps(neuron))):
        assert twin == neuron
    other = lola.LogicalNeuron()
    lola.from_json(other, lola.to_json(neuron))
    assert other == neuron
    coord = placed(compartments)
    access = neuron.write_access(coord)
    assert access.addresses.tolist() == lola.LogicalNeuron.read_access(coord).addresses.tolist()
    read = lola.LogicalNeuron.decode(coord, None, access.words)
    assert read[Compartment(0), 1] == neuron[Compartment(0), 1]
    empty = lola.LogicalNeuron()
    assert len(empty.write_access(halco.LogicalNeuronOnDLS()).words) == 0
    empty.morphology = neuron.morphology
    assert empty == neuron


def test_bridges() -> None:
    """A line may pass circuits that are not connected to it."""
    morphology = lola.Morphology()
    morphology.create_compartment([at(0)])
    morphology.create_compartment([at(2)])
    line(morphology, 0, 2)
    morphology.connect_to_soma(at(0))
    morphology.connect_resistor_to_soma(at(2))
    compartments, _ = morphology.done()
    assert [int(c) for c in compartments.get_compartments()] == [0, 1, 2]


def test_compartments_bad() -> None:
    morphology = lola.Morphology()
    with pytest.raises(RuntimeError, match="Compartment has no neurons"):
        morphology.create_compartment([])
    for circuits in ([at(0), at(2)], [at(0), at(1, 1)], [at(127), at(0, 1)]):
        with pytest.raises(RuntimeError, match="not made up of a contiguous block"):
            morphology.create_compartment(circuits)
    with pytest.raises(RuntimeError, match="part of a compartment"):
        morphology.create_compartment([at(0), at(0)])
    morphology.create_compartment([at(0), at(1)])
    with pytest.raises(RuntimeError, match="part of a compartment"):
        morphology.create_compartment([at(1), at(2)])
    with pytest.raises(TypeError):
        morphology.create_compartment([3])  # type: ignore[list-item]
    with pytest.raises(IndexError, match="is not part of the neuron"):
        morphology[at(5)]


def test_switches_bad() -> None:
    morphology = lola.Morphology()
    morphology.connect_to_soma(at(0))
    with pytest.raises(RuntimeError, match="directly and over its resistor"):
        morphology.connect_resistor_to_soma(at(0))
    assert morphology[at(0)].enable_conductance
    morphology.connect_resistor_to_soma(at(1))
    with pytest.raises(RuntimeError, match="directly and over its resistor"):
        morphology.connect_to_soma(at(1))
    with pytest.raises(RuntimeError, match="a line from column 3 to 2"):
        line(morphology, 3, 2)


def unconnected(morphology: lola.Morphology) -> None:
    morphology.create_compartment([at(3)])


def without_resistor(morphology: lola.Morphology) -> None:
    morphology.create_compartment([at(3)])
    line(morphology, 1, 3)
    morphology.connect_to_soma(at(3))


def two_resistors(morphology: lola.Morphology) -> None:
    morphology.create_compartment([at(2, 1)])
    morphology.create_compartment([at(3, 1)])
    line(morphology, 2, 3, 1)
    morphology.connect_resistor_to_soma(at(2, 1))
    morphology.connect_resistor_to_soma(at(3, 1))


def dangling_line(morphology: lola.Morphology) -> None:
    line(morphology, 1, 5)


def loop(morphology: lola.Morphology) -> None:
    """The line joins the first compartment with itself, past its neighbour."""
    morphology.create_compartment([at(3), at(3, 1)])
    line(morphology, 1, 3)
    morphology.connect_to_soma(at(3))


@pytest.mark.parametrize(
    ("extend", "message"),
    [
        (unconnected, "not contiguous"),
        (without_resistor, "without a resistor"),
        (two_resistors, "not contiguous"),
        (dangling_line, "not contiguous"),
        (loop, "without a resistor"),
    ],
)
def test_structure_bad(extend: Any, message: str) -> None:
    morphology = two_compartments()
    extend(morphology)
    with pytest.raises(RuntimeError, match=message):
        morphology.done()


def test_logical_neuron_bad() -> None:
    compartments, neuron = two_compartments().done()
    with pytest.raises(IndexError, match="no circuit 2 in"):
        neuron[Compartment(1), 2]
    with pytest.raises(IndexError, match="which has 0"):
        neuron.at(Compartment(9), 0)
    with pytest.raises(TypeError, match="expected MCSafeAtomicNeuron"):
        neuron[Compartment(1), 1] = 3  # type: ignore[assignment]
    with pytest.raises(TypeError, match="expected lists of MCSafeAtomicNeuron"):
        neuron.morphology = {Compartment(0): [3]}  # type: ignore[list-item]
    with pytest.raises(RuntimeError, match="cannot be written to"):
        lola.LogicalNeuron().write_access(placed(compartments))
    with pytest.raises(RuntimeError, match="expected 136 words, got 1"):
        lola.LogicalNeuron.decode(placed(compartments), None, [0])
    words = neuron.write_access(placed(compartments)).words.copy()
    right = lola.AtomicNeuron()
    right.multicompartment.connect_right = True
    last = halco.AtomicNeuronOnDLS(halco.NeuronColumnOnDLS(22), halco.NeuronRowOnDLS.top)
    words[-len(words) // 4 :] = right.write_access(last).words
    with pytest.raises(RuntimeError, match="connected to its right neighbour"):
        lola.LogicalNeuron.decode(placed(compartments), None, words)
