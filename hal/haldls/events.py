# SPDX-License-Identifier: Apache-2.0
"""Events to and from the chip.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch.access import Backend
from hal.halco.numbers import Ranged
from hal.haldls.declaration import Container, Field, ListField, Structure
from hal.haldls.layout import Address, lanes

__all__ = [
    "ChipTime",
    "FPGATime",
    "HighspeedLinkNotification",
    "MADCSampleFromChip",
    "SpikeFromChip",
    "SpikePack1ToChip",
    "SpikePack2ToChip",
    "SpikePack3ToChip",
]


class SpikePack1ToChip(
    Container,
    at=halco.SpikePack1ToChipOnDLS,
    address=Address.at(0),
    backends=(Backend.SpikePack1ToChip,),
    access="w",
    arguments=("labels",),
):
    """One spike to the chip."""

    labels = ListField(halco.SpikeLabel, lanes((0,), 16), serial="m_impl")


class SpikePack2ToChip(
    Container,
    at=halco.SpikePack2ToChipOnDLS,
    address=Address.at(0),
    backends=(Backend.SpikePack2ToChip,),
    access="w",
    arguments=("labels",),
):
    """Two spikes to the chip, the first one first."""

    labels = ListField(halco.SpikeLabel, lanes((16, 0), 16), serial="m_impl")


class SpikePack3ToChip(
    Container,
    at=halco.SpikePack3ToChipOnDLS,
    address=Address.at(0),
    backends=(Backend.SpikePack3ToChip,),
    access="w",
    arguments=("labels",),
):
    """Three spikes to the chip, the first one first."""

    labels = ListField(halco.SpikeLabel, lanes((32, 16, 0), 16), serial="m_impl")


class FPGATime(Ranged, max=(1 << 43) - 1):
    """Time of the FPGA, in cycles of 8 ns."""


class ChipTime(Ranged, max=(1 << 43) - 1):
    """Time of the chip, in cycles of 4 ns."""


class SpikeFromChip(Structure, arguments=("label", "fpga_time", "chip_time")):
    """A spike that the FPGA recorded."""

    label = Field(halco.SpikeLabel)
    fpga_time = Field(FPGATime)
    chip_time = Field(ChipTime)


class MADCSampleFromChip(Structure, arguments=("value", "channel", "fpga_time", "chip_time")):
    """A sample of the fast converter that the FPGA recorded."""

    class Value(Ranged, max=1023, bits=16, implicit=False):
        """Sample."""

    Channel = halco.SourceMultiplexerOnReadoutSourceSelection

    value = Field(Value)
    channel = Field(Channel)
    fpga_time = Field(FPGATime)
    chip_time = Field(ChipTime)


class HighspeedLinkNotification(Structure):
    """A state change of a high-speed link that the FPGA reported."""

    phy = Field(halco.PhyStatusOnFPGA)
    link_up = Field(bool)
    decode_error = Field(bool)
    crc_error = Field(bool)
    crc_recover = Field(bool)
    check_error = Field(bool)
    fpga_time = Field(FPGATime)
