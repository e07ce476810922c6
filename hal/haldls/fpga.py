# SPDX-License-Identifier: Apache-2.0
"""Settings and identity of the FPGA.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.fisch.access import Backend
from hal.halco.numbers import Ranged
from hal.haldls.declaration import FPGA, Container, Field
from hal.haldls.layout import Address, bits

__all__ = ["EventRecordingConfig", "FPGADeviceDNA", "NullPayloadReadable"]


class EventRecordingConfig(
    Container,
    at=halco.EventRecordingConfigOnFPGA,
    address=Address.region(addresses.EVENT_RECORDING),
    backends=FPGA,
):
    """Whether events from the chip are recorded."""

    enable_event_recording = Field(bool, bits(0))


class FPGADeviceDNA(
    Container,
    at=halco.FPGADeviceDNAOnFPGA,
    address=Address.region(addresses.DEVICE_DNA),
    backends=FPGA,
    access="r",
    arguments=("value",),
):
    """Identity of the FPGA.

    57-bit identifier; high word (25 bits) first.
    """

    class Value(Ranged, max=(1 << 57) - 1):
        """Value of a fpga device dna."""

    value = Field(Value, bits("24:0", of="56:32"), bits("31:0", 1, of="31:0"))


class NullPayloadReadable(
    Container,
    at=halco.NullPayloadReadableOnFPGA,
    address=Address.at(0),
    backends=(Backend.NullPayloadReadable,),
    access="r",
):
    """Read without content; its answer tells the FPGA time."""
