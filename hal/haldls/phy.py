# SPDX-License-Identifier: Apache-2.0
"""High-speed links between FPGA and chip.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses, jtag
from hal.fisch.access import Backend
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged, Unbounded
from hal.haldls.declaration import FPGA, ArrayField, Container, Field, indexed
from hal.haldls.layout import Address, Digit, bits, lanes

__all__ = [
    "CommonPhyConfigChip",
    "CommonPhyConfigFPGA",
    "HicannARQStatus",
    "PerfTest",
    "PerfTestStatus",
    "PhyConfigBase",
    "PhyConfigChip",
    "PhyConfigFPGA",
    "PhyStatus",
]


_STATUS = Address.at(
    addresses.PHY_CRC_ERROR_COUNT.base,
    addresses.PHY_ONLINE_TIME.base,
    addresses.PHY_RX_DROPPED_COUNT.base,
    addresses.PHY_TX_COUNT.base,
    addresses.PHY_RX_COUNT.base,
    digits=(
        Digit(
            addresses.PHY_TX_COUNT.count,
            (1, 1, 1, addresses.PHY_TX_COUNT.stride, addresses.PHY_RX_COUNT.stride),
        ),
    ),
)


class PhyConfigBase(Container, serial_base=True):
    """Configuration of one side of a high-speed link."""

    class ManualDelay(Ranged, max=15, implicit=False):
        """Delay of the receiver in manual training."""

    class VBias(Ranged, max=7, implicit=False):
        """Bias voltage of the link drivers."""

    class DebugOutputs(Ranged, max=1, implicit=False):
        """Which signals the debug outputs show."""

    enable_bit_slip = Field(bool, bits(0))
    manual_delay = Field(ManualDelay, bits("4:1"))
    enable_delay_cell_measurement = Field(bool, bits(5))
    enable_initialization_master_mode = Field(bool, bits(6))
    enable_manual_tx_data_valid_for_init = Field(bool, bits(7))
    enable_force_lvds_power_up = Field(bool, bits(8))
    enable_force_start = Field(bool, bits(9))
    enable_manual_training_mode = Field(bool, bits(10))
    enable_ber_loopback = Field(bool, bits(11))
    vbias = Field(VBias, bits("14:12"), default=4)
    debug_outputs = Field(DebugOutputs, bits(15))
    enable_transmission_without_idls_pattern = Field(
        bool,
        bits(17),
        serial="m_enable_transmission_without_idle_pattern",
    )
    enable_clock_pre_alignment = Field(bool, bits(18))
    enable_des_recal = Field(bool, bits(19))
    enable_loopback_en = Field(bool, bits(20))
    enable_auto_init = Field(bool, bits(21), default=True)


class PhyConfigFPGA(
    PhyConfigBase,
    at=halco.PhyConfigFPGAOnDLS,
    address=Address.region(addresses.PHY_CONFIG_FPGA),
    backends=FPGA,
    defaults={"enable_initialization_master_mode": True},
):
    """FPGA side of one high-speed link, which begins the initialisation."""


class PhyConfigChip(
    PhyConfigBase,
    at=halco.PhyConfigChipOnDLS,
    address=Address.at(jtag.PHY_COUNT - 1, digits=(Digit(jtag.PHY_COUNT, -1),)),
    backends=(Backend.JTAGPhyRegister,),
    access="w",
):
    """Chip side of one high-speed link; the JTAG registers count backwards."""


class CommonPhyConfigFPGA(
    Container,
    at=halco.CommonPhyConfigFPGAOnDLS,
    address=Address.region(addresses.COMMON_PHY_CONFIG_FPGA),
    backends=FPGA,
):
    """Which links the FPGA uses."""

    _enable_phy = ArrayField(
        typed_array(bool, halco.PhyConfigFPGAOnDLS),
        lanes(range(8)),
        default=1,
    )

    get_enable_phy, set_enable_phy = indexed(_enable_phy, "enable_phy")


class CommonPhyConfigChip(
    Container,
    at=halco.CommonPhyConfigChipOnDLS,
    address=Address.region(addresses.COMMON_PHY_CONFIG_CHIP),
    backends=(Backend.OmnibusChipOverJTAG,),
):
    """Which links the chip uses.

    PHY order is reversed: enable_phy[i] at bit 7-i.
    """

    _enable_phy = ArrayField(
        typed_array(bool, halco.PhyConfigChipOnDLS),
        lanes(range(7, -1, -1)),
        default=1,
    )

    get_enable_phy, set_enable_phy = indexed(_enable_phy, "enable_phy")


class PhyStatus(Container, at=halco.PhyStatusOnFPGA, address=_STATUS, backends=FPGA, access="r"):
    """Counters of one high-speed link."""

    class CRCErrorCount(Unbounded, bits=32):
        """Number of words received with a wrong checksum."""

    class OnlineTime(Unbounded, bits=32):
        """How long the link has been up, in FPGA cycles."""

    class RxDroppedCount(Unbounded, bits=32):
        """Number of words received and dropped."""

    class RxCount(Unbounded, bits=32):
        """Number of words received."""

    class TxCount(Unbounded, bits=32):
        """Number of words sent."""

    crc_error_count = Field(CRCErrorCount, bits("31:0"))
    online_time = Field(OnlineTime, bits("31:0", 1))
    rx_dropped_count = Field(RxDroppedCount, bits("31:0", 2))
    rx_count = Field(RxCount, bits("31:0", 4))
    tx_count = Field(TxCount, bits("31:0", 3))


class HicannARQStatus(
    Container,
    at=halco.HicannARQStatusOnFPGA,
    address=Address.region(addresses.HICANN_ARQ_STATUS),
    backends=FPGA,
    access="r",
):
    """Counters of the protocol that secures the chip link.

    Word order write, tx, rx, read counts.
    """

    class ReadCount(Unbounded, bits=32):
        """Number of words that the user has read."""

    class WriteCount(Unbounded, bits=32):
        """Number of words that the user has written."""

    class RxCount(Unbounded, bits=32):
        """Number of words received."""

    class TxCount(Unbounded, bits=32):
        """Number of words sent."""

    read_count = Field(ReadCount, bits("31:0", 3))
    write_count = Field(WriteCount, bits("31:0"))
    rx_count = Field(RxCount, bits("31:0", 2))
    tx_count = Field(TxCount, bits("31:0", 1))


class PerfTest(
    Container,
    at=halco.PerfTestOnFPGA,
    address=Address.region(addresses.PERF_TEST),
    backends=FPGA,
    arguments={"value": "enable"},
):
    """Performance test of the chip link."""

    enable = Field(bool, bits(0))


class PerfTestStatus(
    Container,
    at=halco.PerfTestStatusOnFPGA,
    address=Address.region(addresses.PERF_TEST_STATUS),
    backends=FPGA,
    access="r",
):
    """Result of the performance test."""

    class Sent(Ranged, max=(1 << 32) - 1, implicit=False):
        """Number of words sent."""

    class Received(Ranged, max=(1 << 32) - 1, implicit=False):
        """Number of words received."""

    class InOrder(Ranged, max=(1 << 32) - 1, implicit=False):
        """Number of words received in order."""

    class ErrorWord(Ranged, max=(1 << 32) - 1, implicit=False):
        """First word that was wrong."""

    sent = Field(Sent, bits("31:0"))
    received = Field(Received, bits("31:0", 1))
    in_order = Field(InOrder, bits("31:0", 2))
    error_word = Field(ErrorWord, bits("31:0", 3))
