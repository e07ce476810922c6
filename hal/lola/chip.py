# SPDX-License-Identifier: Apache-2.0
"""The whole chip, and what belongs to it on the FPGA.

Source of the facts: reference of the composed containers.
"""

from typing import Any, ClassVar, cast

import numpy as np

from hal import halco
from hal.halco.arrays import typed_array
from hal.haldls import (
    BackgroundSpikeSource,
    CapMemBlockConfig,
    CapMemCell,
    CrossbarNode,
    CrossbarOutputConfig,
    InputRoutingTableEntry,
    OutputRoutingTableEntry,
    PPUMemory,
    ReferenceGeneratorConfig,
    SpikeIOConfig,
    SpikeIOInputRoute,
    SpikeIOOutputRoute,
    SynapseBiasSelection,
)
from hal.haldls.arrays import kind_array
from hal.haldls.declaration import CHIP, FPGA, ArrayField, DifferentialWriteTrait, GroupField
from hal.lola.composed import Composed, Numbers, Part
from hal.lola.external_ppu import ExternalPPUMemory
from hal.lola.neuron import NeuronBlock
from hal.lola.places import first, several
from hal.lola.readout import CADCReadoutChain, ReadoutChain
from hal.lola.synapse import SynapseBlock, SynapseDriverBlock

__all__ = [
    "CapMem",
    "Chip",
    "ChipAndMultichipJboaLeafFPGA",
    "ChipAndSinglechipFPGA",
    "Crossbar",
    "InputRoutingTable",
    "MultichipJboaLeafFPGA",
    "OutputRoutingTable",
    "SinglechipFPGA",
]


class Crossbar(Composed, at=halco.CrossbarOnDLS, backends=FPGA, unreadable_on=("hardware",)):
    """All nodes and outputs of the event crossbar."""

    Nodes = typed_array(CrossbarNode, halco.CrossbarNodeOnDLS)

    nodes = ArrayField(Nodes)
    outputs = GroupField(CrossbarOutputConfig)

    _parts = (
        Part(CrossbarOutputConfig, first, "outputs"),
        Part(CrossbarNode, several(Nodes.size), "nodes"),
    )


def _unused_cells(coord: Numbers) -> Any:
    cells = halco.iter_all(halco.UnusedCapMemCellOnDLS)
    numbers = [cell.toCapMemCellOnDLS()._e for cell in cells]
    return np.broadcast_to(np.array(numbers, dtype=np.int64), (len(coord), len(numbers)))


class CapMem(Composed, at=halco.CapMemOnDLS, backends=CHIP):
    """The analog parameter memory, except for parameters that belong to other parts of the chip."""

    Blocks = typed_array(CapMemBlockConfig, halco.CapMemBlockConfigOnDLS)
    AnalogValue = CapMemCell.Value
    AnalogDisableRefresh = CapMemCell.DisableRefresh
    _UnusedCells = kind_array(CapMemCell.value_type, halco.UnusedCapMemCellOnDLS)

    blocks = ArrayField(Blocks)
    synapse_bias_selection = GroupField(SynapseBiasSelection)
    reference_generator = GroupField(ReferenceGeneratorConfig)
    unused_cells = ArrayField(_UnusedCells)

    _parts = (
        Part(CapMemBlockConfig, several(Blocks.size), "blocks"),
        Part(SynapseBiasSelection, first, "synapse_bias_selection"),
        Part(ReferenceGeneratorConfig, first, "reference_generator"),
        Part(CapMemCell, _unused_cells, fields={"value": "unused_cells"}),
    )


class _NeuronBypass:
    """The chip of which every neuron passes on its input events as spikes (a copy)."""

    def __get__(self, instance: object, owner: type["Chip"]) -> "Chip":
        chip = owner()
        for neuron in chip.neuron_block.atomic_neurons:
            neuron.threshold.enable = False
            neuron.event_routing.enable_bypass_excitatory = True
            neuron.event_routing.enable_bypass_inhibitory = True
        for block in chip.synapse_driver_blocks:
            extension = block.padi_bus.dacen_pulse_extension
            extension.fill(extension.element_type(extension.element_type.max))
        return chip


class Chip(DifferentialWriteTrait, Composed, at=halco.ChipOnDLS, backends=FPGA):
    """Everything on the chip except for clocks, links and the timing of memories."""

    BackgroundSpikeSources = typed_array(BackgroundSpikeSource, halco.BackgroundSpikeSourceOnDLS)
    SynapseDriverBlocks = typed_array(SynapseDriverBlock, halco.SynapseDriverBlockOnDLS)
    SynapseBlocks = typed_array(SynapseBlock, halco.SynapseBlockOnDLS)
    CADCReadoutChains = typed_array(CADCReadoutChain, halco.CADCOnDLS)
    PPUMemory = typed_array(PPUMemory, halco.PPUMemoryOnDLS)
    default_neuron_bypass: ClassVar["Chip"] = cast(Any, _NeuronBypass())

    crossbar = GroupField(Crossbar)
    background_spike_sources = ArrayField(BackgroundSpikeSources)
    capmem = GroupField(CapMem)
    synapse_driver_blocks = ArrayField(SynapseDriverBlocks)
    synapse_blocks = ArrayField(SynapseBlocks)
    neuron_block = GroupField(NeuronBlock)
    cadc_readout_chains = ArrayField(CADCReadoutChains)
    readout_chain = GroupField(ReadoutChain)
    ppu_memory = ArrayField(PPUMemory)
    external_ppu_memory = GroupField(ExternalPPUMemory)

    _parts = (
        Part(Crossbar, first, "crossbar"),
        Part(
            BackgroundSpikeSource, several(BackgroundSpikeSources.size), "background_spike_sources"
        ),
        Part(CapMem, first, "capmem"),
        Part(SynapseDriverBlock, several(SynapseDriverBlocks.size), "synapse_driver_blocks"),
        Part(SynapseBlock, several(SynapseBlocks.size), "synapse_blocks"),
        Part(NeuronBlock, first, "neuron_block"),
        Part(CADCReadoutChain, several(CADCReadoutChains.size), "cadc_readout_chains"),
        Part(ReadoutChain, first, "readout_chain"),
        Part(PPUMemory.element_type, several(PPUMemory.size), "ppu_memory"),
        Part(ExternalPPUMemory, first, "external_ppu_memory"),
    )


class OutputRoutingTable(Composed, at=halco.OutputRoutingTableOnFPGA, backends=FPGA):
    """Routing between several chips: events that leave."""

    Entries = typed_array(OutputRoutingTableEntry, halco.OutputRoutingTableEntryOnFPGA)

    entries = ArrayField(Entries)

    _parts = (Part(OutputRoutingTableEntry, several(Entries.size), "entries"),)


class InputRoutingTable(Composed, at=halco.InputRoutingTableOnFPGA, backends=FPGA):
    """Routing between several chips: events that arrive."""

    Entries = typed_array(InputRoutingTableEntry, halco.InputRoutingTableEntryOnFPGA)

    entries = ArrayField(Entries)

    _parts = (Part(InputRoutingTableEntry, several(Entries.size), "entries"),)


class MultichipJboaLeafFPGA(Composed, at=halco.FPGAOnChipAndMultichipJboaLeafFPGA, backends=FPGA):
    """The FPGA of one chip among several."""

    output_routing_table = GroupField(OutputRoutingTable)
    input_routing_table = GroupField(InputRoutingTable)

    _parts = (
        Part(OutputRoutingTable, first, "output_routing_table"),
        Part(InputRoutingTable, first, "input_routing_table"),
    )


class SinglechipFPGA(Composed, at=halco.FPGAOnChipAndSinglechipFPGA, backends=FPGA):
    """The FPGA of a single chip: the serial port for spikes."""

    SpikeIOInputRoutes = typed_array(SpikeIOInputRoute, halco.SpikeIOInputRouteOnFPGA)
    SpikeIOOutputRoutes = typed_array(SpikeIOOutputRoute, halco.SpikeIOOutputRouteOnFPGA)

    spikeio_config = GroupField(SpikeIOConfig)
    spikeio_input_routes = ArrayField(SpikeIOInputRoutes)
    spikeio_output_routes = ArrayField(SpikeIOOutputRoutes)

    _parts = (
        Part(SpikeIOConfig, first, "spikeio_config"),
        Part(SpikeIOInputRoute, several(SpikeIOInputRoutes.size), "spikeio_input_routes"),
        Part(SpikeIOOutputRoute, several(SpikeIOOutputRoutes.size), "spikeio_output_routes"),
    )


class ChipAndMultichipJboaLeafFPGA(
    Composed,
    at=halco.ChipAndMultichipJboaLeafFPGAOnSystem,
    backends=FPGA,
    arguments=("chip", "fpga"),
    stored=("fpga", "chip"),
):
    """One chip among several, with its FPGA."""

    Chip = Chip
    FPGA = MultichipJboaLeafFPGA

    chip = GroupField(Chip)
    fpga = GroupField(MultichipJboaLeafFPGA)

    _parts = (Part(MultichipJboaLeafFPGA, first, "fpga"), Part(Chip, first, "chip"))


class ChipAndSinglechipFPGA(
    Composed,
    at=halco.ChipAndSinglechipFPGAOnSystem,
    backends=FPGA,
    arguments=("chip", "fpga"),
    stored=("fpga", "chip"),
):
    """A single chip with its FPGA."""

    Chip = Chip
    FPGA = SinglechipFPGA

    chip = GroupField(Chip)
    fpga = GroupField(SinglechipFPGA)

    _parts = (Part(SinglechipFPGA, first, "fpga"), Part(Chip, first, "chip"))
