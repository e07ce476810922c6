# SPDX-License-Identifier: Apache-2.0
"""Conditions that a playback program waits for.

Source of the facts: reference of the containers.
"""

from typing import ClassVar

from hal import halco
from hal.fisch import addresses
from hal.fisch.access import Backend
from hal.fisch.words import OmnibusWord
from hal.haldls.declaration import FPGA, Condition, Container, Field
from hal.haldls.layout import Address, bits

__all__ = ["Barrier", "PollingOmnibusBlock", "PollingOmnibusBlockConfig"]


class Barrier(
    Condition,
    at=halco.BarrierOnFPGA,
    address=Address.at(0),
    backends=(Backend.Barrier,),
):
    """Wait until all accesses by the marked paths are finished."""

    omnibus: ClassVar["Barrier"]
    jtag: ClassVar["Barrier"]
    systime: ClassVar["Barrier"]
    multi_fpga: ClassVar["Barrier"]
    systime_correction: ClassVar["Barrier"]

    enable_omnibus = Field(bool, bits(0))
    enable_jtag = Field(bool, bits(1))
    enable_systime = Field(bool, bits(2))
    enable_multi_fpga = Field(bool, bits(3))
    enable_systime_correction = Field(bool, bits(4))


def _only(path: str) -> Barrier:
    barrier = Barrier()
    setattr(barrier, f"enable_{path}", True)
    return barrier


Barrier.omnibus = _only("omnibus")
Barrier.jtag = _only("jtag")
Barrier.systime = _only("systime")
Barrier.multi_fpga = _only("multi_fpga")
Barrier.systime_correction = _only("systime_correction")


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
