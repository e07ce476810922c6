# SPDX-License-Identifier: Apache-2.0
"""Composed containers: neurons, synapse arrays, readout, whole chips.

Each container declares its members and the register containers that they are spread over
(`hal.lola.composed`).
"""

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
from hal.lola.external_ppu import (
    ExternalPPUDRAMMemoryBlock,
    ExternalPPUMemory,
    ExternalPPUMemoryBlock,
)
from hal.lola.memory_timing import MemoryTiming
from hal.lola.neuron import AtomicNeuron, ColumnCurrentRow, MCSafeAtomicNeuron, NeuronBlock
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
    "MCSafeAtomicNeuron",
    "MemoryTiming",
    "MultichipJboaLeafFPGA",
    "NeuronBlock",
    "OutputRoutingTable",
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
]

containers = [
    cls for cls in list(globals().values()) if isinstance(cls, type) and hasattr(cls, "_plan")
]
