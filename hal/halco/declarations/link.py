# SPDX-License-Identifier: Apache-2.0
"""Coordinates of high-speed links, JTAG and PLL."""

from hal.halco.numbers import Coordinate, Ranged


class ADPLLOnDLS(Ranged, Coordinate, max=1):
    """All-digital PLL on the chip."""

    __slots__ = ()


class CommonPhyConfigChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Settings common to the chip's side of all links."""

    __slots__ = ()


class CommonPhyConfigFPGAOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Settings common to the FPGA's side of all links."""

    __slots__ = ()


class HicannARQStatusOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """Counters of the reliable link to the chip."""

    __slots__ = ()


class JTAGClockScalerOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Divider of the JTAG clock."""

    __slots__ = ()


class JTAGIdCodeOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Identity of the chip, read by JTAG."""

    __slots__ = ()


class JTAGPLLRegisterOnDLS(Ranged, max=7):
    """PLL register, reached by JTAG."""

    __slots__ = ()


class JTAGPhyRegisterOnDLS(Ranged, max=7):
    """Link register of the chip, reached by JTAG; counts down the links."""

    __slots__ = ()


class PLLClockOutputBlockOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """All clock outputs of the PLLs."""

    __slots__ = ()


class PLLClockOutputOnDLS(
    Ranged,
    max=3,
    constants={
        "serdes_ser_send_clk": 0,
        "phy_ref_clk": 1,
        "ppu_clk": 2,
        "madc_clk": 3,
    },
):
    """Clock output of the PLLs, named by what it drives."""

    __slots__ = ()


class PLLSelfTestOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The PLL self test of the chip."""

    __slots__ = ()


class PLLSelfTestStatusOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The PLL self test status of the chip."""

    __slots__ = ()


class PerfTestOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The perf test of the FPGA."""

    __slots__ = ()


class PerfTestStatusOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The perf test status of the FPGA."""

    __slots__ = ()


class PhyConfigChipOnDLS(Ranged, Coordinate, max=7, to={"JTAGPhyRegisterOnDLS": lambda e: 7 - e}):
    """Settings of the chip's side of a high-speed link."""

    __slots__ = ()


class PhyConfigFPGAOnDLS(Ranged, Coordinate, max=7):
    """Settings of the FPGA's side of a high-speed link."""

    __slots__ = ()


class PhyStatusOnFPGA(Ranged, Coordinate, max=7):
    """Counters of the FPGA's side of a high-speed link."""

    __slots__ = ()


class ResetJTAGTapOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """Reset of the JTAG state machine."""

    __slots__ = ()
