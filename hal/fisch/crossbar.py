# SPDX-License-Identifier: Apache-2.0
"""The nodes of the event crossbar: which inputs can reach which outputs, and their numbering.

Inputs: 0 to 3 neurons left, 4 to 7 neurons right, 8 to 11 spikes from the FPGA (L2),
12 to 19 background sources.
Outputs: 0 to 3 PADI buses top, 4 to 7 PADI buses bottom, 8 to 11 spikes to the FPGA (L2).

Source of the facts: reference of the FPGA interface, section 4.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["INPUTS", "NODES", "OUTPUTS", "Node", "constants"]

INPUTS = 20
OUTPUTS = 12
L2_CHANNELS = 4
NEURON_INPUT = 0
L2_INPUT = 8
BACKGROUND_INPUT = 12
PADI_OUTPUT = 0
L2_OUTPUT = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A place where an input can be switched to an output; `index` is its register."""

    index: int
    input: int
    output: int


def _outputs(source: int) -> tuple[int, ...]:
    """Outputs that an input can reach, ascending."""
    if source < L2_INPUT:
        return tuple(source % 4 + 4 * half for half in range(3))
    if source < BACKGROUND_INPUT:
        return (*range(L2_OUTPUT), source)
    generator = source - BACKGROUND_INPUT
    return (generator, L2_OUTPUT + generator % L2_CHANNELS)


NODES: tuple[Node, ...] = tuple(
    Node(index, source, output)
    for index, (source, output) in enumerate(
        (source, output) for source in range(INPUTS) for output in _outputs(source)
    )
)
"""All 76 nodes in the order of their registers."""


def constants() -> Mapping[str, int | tuple[int, int] | tuple[int, tuple[int, ...]]]:
    """Named constants for Verilog and C, the node table among them."""
    exists = {(n.input, n.output) for n in NODES}
    return {
        "Inputs": INPUTS,
        "Outputs": OUTPUTS,
        "Nodes": len(NODES),
        "L2Channels": L2_CHANNELS,
        "NeuronInput": NEURON_INPUT,
        "L2Input": L2_INPUT,
        "BackgroundInput": BACKGROUND_INPUT,
        "PadiOutput": PADI_OUTPUT,
        "L2Output": L2_OUTPUT,
        "NodeInput": (5, tuple(n.input for n in NODES)),
        "NodeOutput": (4, tuple(n.output for n in NODES)),
        "OutputsOfInput": (
            OUTPUTS,
            tuple(sum(1 << o for o in range(OUTPUTS) if (i, o) in exists) for i in range(INPUTS)),
        ),
    }
