# SPDX-License-Identifier: Apache-2.0
"""Entries of the hardware database: plain records (reference: upper-layers, section 2).

A setup entry knows its FPGAs by number; an FPGA may carry a chip, described by its wing. The
identifier of a chip in a setup, such as `hxcube9fpga0chip12_1`, names its stored calibrations.
"""

import re
from dataclasses import dataclass, field

from hal.halco.common import DNCGlobal, FPGAGlobal, HICANNGlobal, IPv4, SetupType
from hal.hwdb.errors import HwdbError, HwdbLookupError

__all__ = [
    "DLSSetupEntry",
    "FPGAEntry",
    "HICANNEntry",
    "HXCubeFPGAEntry",
    "HXCubeSetupEntry",
    "HXCubeWingEntry",
    "HwdbEntry",
    "JboaAggregatorEntry",
    "JboaSetupEntry",
    "ReticleEntry",
    "SimulationEntry",
    "WaferEntry",
    "ZeroMockEntry",
]

# The DNA port shows 57 of the 64 fuse bits, in reverse order (reference: fpga-interface, 6.5).
_FUSE_BITS = 64
_DNA_PORT_BITS = 57

# The running number of a chip's setup; every published identifier ends in 1 (fpga-interface, 10).
_SETUP_NUMBER = 1


@dataclass(slots=True)
class DLSSetupEntry:
    """A setup of an earlier chip generation; kept in the database, not used by this package."""

    fpga_name: str = ""
    board_name: str = ""
    board_version: int = 0
    chip_id: int = 0
    chip_version: int = 0
    ntpwr_ip: str = " "
    ntpwr_slot: int = 0


@dataclass(slots=True)
class HXCubeWingEntry:
    """The chip carrier on an FPGA board.

    `handwritten_chip_serial` is valid from 1; the synapse memory timings (in chip clocks) are
    given per `[hemisphere][block]`, both 0..1, or None if unknown.
    """

    handwritten_chip_serial: int = 0
    chip_revision: int = 0
    eeprom_chip_serial: int | None = None
    synram_timing_pcconf: list[list[int]] | None = None
    synram_timing_wconf: list[list[int]] | None = None


@dataclass(slots=True)
class HXCubeFPGAEntry:
    """One FPGA of a cube or jboa setup; `fuse_dna` has 64 bits."""

    ip: IPv4 = field(default_factory=IPv4)
    wing: HXCubeWingEntry | None = None
    fuse_dna: int = 0
    extoll_node_id: int | None = None
    ci_test_node: bool = False

    def get_dna_port(self) -> int:
        """The 57-bit number that the FPGA shows for `fuse_dna`: port bit i is fuse bit 63 - i."""
        bits = f"{self.fuse_dna:0{_FUSE_BITS}b}"
        return int(bits[:_DNA_PORT_BITS][::-1], 2)


@dataclass(slots=True)
class JboaAggregatorEntry:
    """An aggregator board of a jboa setup."""

    ip: IPv4 = field(default_factory=IPv4)
    ci_test_node: bool = False


def _identifier(kind: str, setup: int, fpgas: dict[int, HXCubeFPGAEntry], serial: int) -> str:
    for number, fpga in fpgas.items():
        if fpga.wing is not None and fpga.wing.handwritten_chip_serial == serial:
            return f"{kind}{setup}fpga{number}chip{serial}_{_SETUP_NUMBER}"
    present = [f.wing.handwritten_chip_serial for f in fpgas.values() if f.wing is not None]
    raise HwdbLookupError(
        f"{kind}[{setup}] has no chip with serial {serial}; chips of this setup: {present}"
    )


def _ids(kind: str, text: str) -> tuple[int, int, int, int]:
    match = re.fullmatch(rf"{kind}(\d+)fpga(\d+)chip(\d+)_(\d+)", text)
    if match is None:
        raise HwdbError(
            f"'{text}' is not an identifier of the form {kind}<id>fpga<n>chip<serial>_<k>"
        )
    setup, fpga, chip, number = map(int, match.groups())
    return setup, fpga, chip, number


@dataclass(slots=True)
class HXCubeSetupEntry:
    """A cube setup: FPGAs by number, on a cube usually 0 and 3."""

    hxcube_id: int = 0
    fpgas: dict[int, HXCubeFPGAEntry] = field(default_factory=dict)
    usb_host: str = "None"
    usb_serial: str = "None"
    xilinx_hw_server: str | None = None

    def get_unique_branch_identifier(self, chip_serial: int) -> str:
        """Identifier of the chip in this setup.

        :raises HwdbLookupError: if no FPGA of the setup carries a chip with that serial.
        """
        return _identifier("hxcube", self.hxcube_id, self.fpgas, chip_serial)

    @staticmethod
    def get_ids_from_unique_branch_identifier(identifier: str) -> tuple[int, int, int, int]:
        """Setup, FPGA, chip serial and running number of an identifier.

        :raises HwdbError: if the text does not have the form of a cube's identifier.
        """
        return _ids("hxcube", identifier)


@dataclass(slots=True)
class JboaSetupEntry:
    """A jboa setup: several FPGAs behind aggregators."""

    jboa_id: int = 0
    fpgas: dict[int, HXCubeFPGAEntry] = field(default_factory=dict)
    aggregators: dict[int, JboaAggregatorEntry] = field(default_factory=dict)
    xilinx_hw_server: str | None = None

    def get_unique_branch_identifier(self, chip_serial: int) -> str:
        """Identifier of the chip in this setup.

        :raises HwdbLookupError: if no FPGA of the setup carries a chip with that serial.
        """
        return _identifier("jboa", self.jboa_id, self.fpgas, chip_serial)

    @staticmethod
    def get_ids_from_unique_branch_identifier(identifier: str) -> tuple[int, int, int, int]:
        """Setup, FPGA, chip serial and running number of an identifier.

        :raises HwdbError: if the text does not have the form of a jboa's identifier.
        """
        return _ids("jboa", identifier)


@dataclass(slots=True)
class FPGAEntry:
    """One FPGA of a wafer [M130]."""

    ip: IPv4 = field(default_factory=IPv4)


@dataclass(slots=True)
class ReticleEntry:
    """Eight chips of a wafer with one supply [M130]."""

    to_be_powered: bool = False


@dataclass(slots=True)
class HICANNEntry:
    """One chip of a wafer [M130]."""

    version: int = 0


@dataclass(slots=True)
class WaferEntry:
    """A setup of the first wafer system and its parts [M130]; not used by this package."""

    setup_type: SetupType = SetupType.BSSWafer
    fpgas: dict[FPGAGlobal, FPGAEntry] = field(default_factory=dict)
    reticles: dict[DNCGlobal, ReticleEntry] = field(default_factory=dict)
    hicanns: dict[HICANNGlobal, HICANNEntry] = field(default_factory=dict)


@dataclass(slots=True)
class SimulationEntry:
    """What stands for a setup behind a simulation connection."""


@dataclass(slots=True)
class ZeroMockEntry:
    """What stands for a setup behind a zero-mock connection."""


HwdbEntry = HXCubeSetupEntry | JboaSetupEntry | SimulationEntry | ZeroMockEntry
