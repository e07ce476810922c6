# SPDX-License-Identifier: Apache-2.0
"""JTAG access to the chip, and its reset line.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch.access import Backend
from hal.halco.numbers import Ranged
from hal.haldls.declaration import Container, Field
from hal.haldls.layout import Address, bits

__all__ = ["JTAGClockScaler", "JTAGIdCode", "ResetChip", "ResetJTAGTap"]


class JTAGIdCode(
    Container,
    at=halco.JTAGIdCodeOnDLS,
    address=Address.at(0),
    backends=(Backend.JTAGIdCode,),
    access="r",
    marker=(1, 1),
):
    """Identity of the chip."""

    class Version(Ranged, max=15, bits=8):
        """Revision of the chip."""

    class PartNumber(Ranged, max=65535):
        """Number of the chip type."""

    class ManufacturerId(Ranged, max=2047):
        """Number of the manufacturer."""

    version = Field(Version, bits("31:28"))
    part_number = Field(PartNumber, bits("27:12"))
    manufacturer_id = Field(ManufacturerId, bits("11:1"))


class ResetJTAGTap(
    Container,
    at=halco.ResetJTAGTapOnDLS,
    address=Address.at(0),
    backends=(Backend.ResetJTAGTap,),
    access="w",
):
    """Resets the chip's JTAG state machine when written."""


class JTAGClockScaler(
    Container,
    at=halco.JTAGClockScalerOnDLS,
    address=Address.at(0),
    backends=(Backend.JTAGClockScaler,),
    access="w",
    arguments=("value",),
):
    """Divider of the JTAG clock, which is proportional to 1 / (value + 2)."""

    class Value(Ranged, max=255, default=6):
        """Divider."""

    _value = Field(Value, bits("7:0"))

    def set(self, value: Value | int) -> None:
        """Set the divider."""
        self._value = value


class ResetChip(
    Container,
    at=halco.ResetChipOnDLS,
    address=Address.at(0),
    backends=(Backend.ResetChip,),
    access="w",
    arguments=("value",),
):
    """Reset line of the chip; true asserts it."""

    _value = Field(bool, bits(0))

    def set(self, value: bool) -> None:
        """Assert or release the reset."""
        self._value = value
