# SPDX-License-Identifier: Apache-2.0
"""Timing of all memories of the chip.

Source of the facts: reference of the composed containers.
"""

from hal import halco
from hal import haldls as hal
from hal.halco.arrays import typed_array
from hal.haldls.declaration import CHIP, ArrayField
from hal.lola.composed import Composed, Part
from hal.lola.places import several

__all__ = ["MemoryTiming"]


class MemoryTiming(Composed, at=halco.MemoryTimingOnDLS, backends=CHIP):
    """Timing of all memory controllers, and of those of the synapse memories."""

    CapMem = typed_array(hal.CapMemSRAMTimingConfig, halco.CapMemSRAMTimingConfigOnDLS)
    CADCOffset = typed_array(hal.CADCOffsetSRAMTimingConfig, halco.CADCOffsetSRAMTimingConfigOnDLS)
    SynapseDriver = typed_array(
        hal.SynapseDriverSRAMTimingConfig, halco.SynapseDriverSRAMTimingConfigOnDLS
    )
    Neuron = typed_array(hal.NeuronSRAMTimingConfig, halco.NeuronSRAMTimingConfigOnDLS)
    NeuronBackend = typed_array(
        hal.NeuronBackendSRAMTimingConfig, halco.NeuronBackendSRAMTimingConfigOnDLS
    )
    Synram = typed_array(hal.CommonSynramConfig, halco.CommonSynramConfigOnDLS)

    capmem = ArrayField(CapMem)
    cadc_offset = ArrayField(CADCOffset)
    synapse_driver = ArrayField(SynapseDriver)
    neuron = ArrayField(Neuron)
    neuron_backend = ArrayField(NeuronBackend)
    synram = ArrayField(Synram)

    _parts = tuple(
        Part(member.kind, several(member.length), name)
        for name, member in (
            ("capmem", capmem),
            ("cadc_offset", cadc_offset),
            ("synapse_driver", synapse_driver),
            ("neuron", neuron),
            ("neuron_backend", neuron_backend),
            ("synram", synram),
        )
    )
