# SPDX-License-Identifier: Apache-2.0
"""Neurons with structure: morphologies, their checks, placements and words."""

from typing import Any

import pytest

from hal import halco, lola
from hal.halco import AtomicNeuronOnLogicalNeuron as Circuit

OPS = {
    "create_compartment": lambda m, op: m.create_compartment(list(map(_circuit, op["neurons"]))),
    "connect_soma_line": lambda m, op: m.connect_soma_line(
        halco.NeuronColumnOnLogicalNeuron(op["start"]),
        halco.NeuronColumnOnLogicalNeuron(op["end"]),
        halco.NeuronRowOnLogicalNeuron(op["row"]),
    ),
    "connect_to_soma": lambda m, op: m.connect_to_soma(_circuit(op["coord"])),
    "connect_resistor_to_soma": lambda m, op: m.connect_resistor_to_soma(_circuit(op["coord"])),
}


def _circuit(number: int) -> Circuit:
    return Circuit(halco.common.Enum(number))


def _build(ops: list[dict[str, Any]]) -> tuple[lola.Morphology, Any]:
    morphology = lola.Morphology()
    for op in ops:
        OPS[op["op"]](morphology, op)
    return morphology, morphology.done()


def _enums(coords: Any) -> list[int]:
    return [int(coord.toEnum()) for coord in coords]


def _by_number(compartments: Any) -> dict[str, list[int]]:
    return {str(int(number)): _enums(coords) for number, coords in compartments.items()}


def _switches(switches: Any, recorded: dict[str, Any]) -> None:
    for name, value in recorded.items():
        ours = getattr(switches, name)
        if isinstance(value, dict):
            assert (type(ours).__name__, int(ours)) == (value["type"], value["value"])
        else:
            assert ours is value, name


def _placement(neuron: Any, compartments: Any, recorded: dict[str, Any]) -> None:
    anchor = halco.AtomicNeuronOnDLS._make(recorded["anchor"])
    if "error" in recorded:
        with pytest.raises(RuntimeError) as error:
            halco.LogicalNeuronOnDLS(compartments, anchor)
        assert str(error.value).startswith(recorded["error"].rstrip(".!"))
        return
    coord = halco.LogicalNeuronOnDLS(compartments, anchor)
    assert _by_number(coord.get_placed_compartments()) == recorded["placed"]
    assert _enums(coord.get_atomic_neurons()) == recorded["atomic_neurons"]
    if recorded["write"] is not None:
        access = neuron.write_access(coord)
        words = [
            list(w) for w in zip(access.addresses.tolist(), access.words.tolist(), strict=True)
        ]
        assert words == recorded["write"]
    assert recorded.keys() <= {"anchor", "placed", "atomic_neurons", "write"}


def _logical_neuron(record: Any) -> None:
    if "error" in record:
        with pytest.raises(RuntimeError) as error:
            _build(record["ops"])
        assert str(error.value).startswith(record["error"].rstrip(".!"))
    else:
        morphology, (compartments, neuron) = _build(record["ops"])
        for number, recorded in record["morphology"].items():
            _switches(morphology[_circuit(int(number))], recorded)
        assert len(morphology.morphology) == len(record["morphology"])
        assert _by_number(compartments.get_compartments()) == record["compartments"]
        for placement in record["placements"]:
            _placement(neuron, compartments, placement)
    record.done({"kind", "ops", "error", "morphology", "compartments", "placements"})


HANDLERS = {"logical_neuron": _logical_neuron}
