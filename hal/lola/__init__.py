# SPDX-License-Identifier: Apache-2.0
"""Composed containers: neurons, synapse arrays, readout, whole chips.

Each container declares its members and the register containers that they are spread over
(`hal.lola.composed`).
"""

from typing import Any

from hal.haldls import serialization as _serialization
from hal.lola.board import DACChannelBlock, DACControlBlock
from hal.lola.chip import (
    CapMem,
    Chip,
    ChipAndMultichipJboaLeafFPGA,
    ChipAndSinglechipFPGA,
    Crossbar,
    InputRoutingTable,
    MultichipJboaLeafFPGA,
    OutputRoutingTable,
    SinglechipFPGA,
)
from hal.lola.composed import Composed
from hal.lola.external_ppu import (
    ExternalPPUDRAMMemoryBlock,
    ExternalPPUMemory,
    ExternalPPUMemoryBlock,
)
from hal.lola.logical_neuron import LogicalNeuron, Morphology
from hal.lola.memory_timing import MemoryTiming
from hal.lola.neuron import AtomicNeuron, ColumnCurrentRow, MCSafeAtomicNeuron, NeuronBlock
from hal.lola.ppu_program import PPUElfFile, PPUProgram
from hal.lola.readout import CADCReadoutChain, CADCSampleRow, CADCSamples, ReadoutChain
from hal.lola.synapse import (
    ColumnCorrelationRow,
    CorrelationResetRow,
    SynapseBlock,
    SynapseCorrelationCalibMatrix,
    SynapseCorrelationCalibRow,
    SynapseDriverBlock,
    SynapseLabelMatrix,
    SynapseLabelRow,
    SynapseMatrix,
    SynapseRow,
    SynapseWeightMatrix,
    SynapseWeightRow,
)

__all__ = [
    "AtomicNeuron",
    "CADCReadoutChain",
    "CADCSampleRow",
    "CADCSamples",
    "CapMem",
    "Chip",
    "ChipAndMultichipJboaLeafFPGA",
    "ChipAndSinglechipFPGA",
    "ColumnCorrelationRow",
    "ColumnCurrentRow",
    "CorrelationResetRow",
    "Crossbar",
    "DACChannelBlock",
    "DACControlBlock",
    "ExternalPPUDRAMMemoryBlock",
    "ExternalPPUMemory",
    "ExternalPPUMemoryBlock",
    "InputRoutingTable",
    "LogicalNeuron",
    "MCSafeAtomicNeuron",
    "MemoryTiming",
    "Morphology",
    "MultichipJboaLeafFPGA",
    "NeuronBlock",
    "OutputRoutingTable",
    "PPUElfFile",
    "PPUProgram",
    "ReadoutChain",
    "SinglechipFPGA",
    "SynapseBlock",
    "SynapseCorrelationCalibMatrix",
    "SynapseCorrelationCalibRow",
    "SynapseDriverBlock",
    "SynapseLabelMatrix",
    "SynapseLabelRow",
    "SynapseMatrix",
    "SynapseRow",
    "SynapseWeightMatrix",
    "SynapseWeightRow",
    "containers",
    "from_json",
    "from_portablebinary",
    "to_json",
    "to_portablebinary",
]


def _is_container(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Composed)


containers: list[type[Composed]] = [
    value for name, value in sorted(globals().items()) if name in __all__ and _is_container(value)
]
"""All composed containers, default-constructible."""


def to_json(container: Composed) -> str:
    """JSON text of a container."""
    return _serialization.to_json(_container(container))


def from_json(container: Composed, text: str) -> None:
    """Set a container from JSON text.

    :raises RuntimeError: for text that does not describe a container of this class.
    """
    _serialization.from_json(_container(container), text)


def to_portablebinary(container: Composed) -> bytes:
    """Binary form of a container."""
    return _serialization.to_portablebinary(_container(container))


def from_portablebinary(container: Composed, data: bytes) -> None:
    """Set a container from its binary form.

    :raises RuntimeError: for data that do not describe a container of this class.
    """
    _serialization.from_portablebinary(_container(container), data)


def _container(container: Any) -> Any:
    if not isinstance(container, Composed):
        raise TypeError(
            f"expected a composed container, not {container!r} ({type(container).__name__})"
        )
    return container
