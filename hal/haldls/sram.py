# SPDX-License-Identifier: Apache-2.0
"""Timing of the on-chip memory controllers.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.halco.numbers import Ranged
from hal.haldls.declaration import Container, Field
from hal.haldls.layout import Address, bits

__all__ = [
    "CADCOffsetSRAMTimingConfig",
    "CapMemSRAMTimingConfig",
    "NeuronBackendSRAMTimingConfig",
    "NeuronSRAMTimingConfig",
    "SRAMTimingConfig",
    "SynapseDriverSRAMTimingConfig",
]


class SRAMTimingConfig(Container, serial_base=True):
    """Timing of a memory controller."""

    class ReadDelay(Ranged, max=255, default=255):
        """Wait between address and data."""

    class AddressSetupTime(Ranged, max=15, default=15):
        """Wait between address and word line."""

    class WriteWidth(Ranged, max=15, default=15):
        """Length of a write pulse."""

    read_delay = Field(ReadDelay, bits("7:0"), unit="cycles")
    address_setup_time = Field(AddressSetupTime, bits("3:0", 1), unit="cycles")
    write_width = Field(WriteWidth, bits("7:4", 1), unit="cycles")


class CADCOffsetSRAMTimingConfig(
    SRAMTimingConfig,
    at=halco.CADCOffsetSRAMTimingConfigOnDLS,
    address=Address.region(addresses.CADC_OFFSET_SRAM_TIMING),
):
    """Timing of the memory of the column converter's offsets."""


class CapMemSRAMTimingConfig(
    SRAMTimingConfig,
    at=halco.CapMemSRAMTimingConfigOnDLS,
    address=Address.region(addresses.CAPMEM_SRAM_TIMING),
    unreadable_on=("simulation",),
    transform="gray",
    defaults={"read_delay": 8, "address_setup_time": 1, "write_width": 1},
):
    """Timing of the analog parameter memory.

    Its controller codes the register in Gray code, hence the words sent are decoded by that code
    beforehand, and the words read are coded.
    """


class NeuronBackendSRAMTimingConfig(
    SRAMTimingConfig,
    at=halco.NeuronBackendSRAMTimingConfigOnDLS,
    address=Address.region(addresses.NEURON_BACKEND_SRAM_TIMING),
    unreadable_on=("simulation", "hardware"),
):
    """Timing of the memory of the neuron back ends."""


class NeuronSRAMTimingConfig(
    SRAMTimingConfig,
    at=halco.NeuronSRAMTimingConfigOnDLS,
    address=Address.region(addresses.NEURON_SRAM_TIMING),
    unreadable_on=("simulation",),
):
    """Timing of the memory of the neurons."""


class SynapseDriverSRAMTimingConfig(
    SRAMTimingConfig,
    at=halco.SynapseDriverSRAMTimingConfigOnDLS,
    address=Address.region(addresses.SYNAPSE_DRIVER_SRAM_TIMING),
    unreadable_on=("simulation", "hardware"),
    defaults={"read_delay": 192},
):
    """Timing of the memory of the synapse drivers."""
