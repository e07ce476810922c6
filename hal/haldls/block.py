# SPDX-License-Identifier: Apache-2.0
"""Conditions that a playback program waits for.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.fisch.access import Backend
from hal.fisch.words import OmnibusWord
from hal.haldls.declaration import FPGA, Condition, Container, Field
from hal.haldls.layout import Address, bits
from hal.haldls.preset import Preset

__all__ = ["Barrier", "PollingOmnibusBlock", "PollingOmnibusBlockConfig"]


class Barrier(
    Condition,
    at=halco.BarrierOnFPGA,
    address=Address.at(0),
    backends=(Backend.Barrier,),
):
    """Wait until all accesses by the marked paths are finished."""

    omnibus = Preset(enable_omnibus=True)
    jtag = Preset(enable_jtag=True)
    systime = Preset(enable_systime=True)
    multi_fpga = Preset(enable_multi_fpga=True)
    systime_correction = Preset(enable_systime_correction=True)

    enable_omnibus = Field(bool, bits(0))
    enable_jtag = Field(bool, bits(1))
    enable_systime = Field(bool, bits(2))
    enable_multi_fpga = Field(bool, bits(3))
    enable_systime_correction = Field(bool, bits(4))


class PollingOmnibusBlock(
    Condition,
    at=halco.PollingOmnibusBlockOnFPGA,
    address=Address.at(0),
    backends=(Backend.PollingOmnibusBlock,),
    arguments=("enable_expects_equality",),
):
    """Wait until a register, read again and again, has (or has not) the configured value."""

    enable_expects_equality = Field(bool, bits(0), default=True)


class PollingOmnibusBlockConfig(
    Container,
    at=halco.PollingOmnibusBlockConfigOnFPGA,
    address=Address.region(addresses.POLLING_BLOCK),
    backends=FPGA,
    unreadable_on=(
        "hardware",
        "simulation",
    ),
):
    """Which register a polling block reads, and what it compares with.

    Word order is address, target, mask.
    """

    Address = halco.OmnibusAddress
    Value = OmnibusWord

    address = Field(halco.OmnibusAddress, bits("31:0"))
    mask = Field(Value, bits("31:0", 2))
    target = Field(Value, bits("31:0", 1))
