# SPDX-License-Identifier: Apache-2.0
"""Coordinates of high-speed links, JTAG and PLL."""

from hal.halco.numbers import Coordinate, Ranged


class ADPLLOnDLS(Ranged, Coordinate, max=1):
    """ADPLL of the chip."""

    __slots__ = ()


class CommonPhyConfigChipOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The common phy configuration chip of the chip."""

    __slots__ = ()


class CommonPhyConfigFPGAOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The common phy configuration FPGA of the chip."""

    __slots__ = ()


class HicannARQStatusOnFPGA(Ranged, Coordinate, max=0, implicit=False):
    """The HICANN ARQ status of the FPGA."""

    __slots__ = ()


class JTAGClockScalerOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The JTAG clock scaler of the chip."""

    __slots__ = ()


class JTAGIdCodeOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The JTAG id code of the chip."""

    __slots__ = ()


class JTAGPLLRegisterOnDLS(Ranged, max=7):
    """JTAG PLL register of the chip."""

    __slots__ = ()


class JTAGPhyRegisterOnDLS(Ranged, max=7):
    """JTAG phy register of the chip."""

    __slots__ = ()


class PLLClockOutputBlockOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The PLL clock output block of the chip."""

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
    """PLL clock output of the chip."""

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
    """Phy configuration chip of the chip."""

    __slots__ = ()


class PhyConfigFPGAOnDLS(Ranged, Coordinate, max=7):
    """Phy configuration FPGA of the chip."""

    __slots__ = ()


class PhyStatusOnFPGA(Ranged, Coordinate, max=7):
    """Phy status of the FPGA."""

    __slots__ = ()


class ResetJTAGTapOnDLS(Ranged, Coordinate, max=0, implicit=False):
    """The reset JTAG tap of the chip."""

    __slots__ = ()
