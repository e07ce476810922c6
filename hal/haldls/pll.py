# SPDX-License-Identifier: Apache-2.0
"""Phase-locked loops and clock outputs.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses, jtag
from hal.fisch.access import Backend
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged, implicit
from hal.haldls.declaration import ArrayField, Container, Field, Structure, indexed
from hal.haldls.kinds import Enumeration
from hal.haldls.layout import Address, Digit, biased, bits

__all__ = [
    "ADPLL",
    "PLLClockOutputBlock",
    "PLLSelfTest",
    "PLLSelfTestStatus",
    "nominal_pll_f_reference",
]


nominal_pll_f_reference = 50e6
"""Frequency of the reference clock in Hz."""

_JTAG = (Backend.JTAGPLLRegister,)
"""PLL registers cannot be read over JTAG: such reads leave the container as it is."""

_LESS_ONE = biased(2, -1)


def _by_jtag(register: int, region: addresses.Region) -> dict[Backend, Address]:
    """One word, by its JTAG register or its Omnibus address."""
    return {
        Backend.JTAGPLLRegister: Address.at(register),
        Backend.OmnibusChipOverJTAG: Address.region(region),
    }


_ADPLL = {
    Backend.JTAGPLLRegister: Address.at(*jtag.PLL_ADPLL[0], digits=(Digit(2, 2),)),
    Backend.OmnibusChipOverJTAG: Address.region(addresses.ADPLL),
}


class ADPLL(Container, at=halco.ADPLLOnDLS, address=_ADPLL, undecoded=_JTAG):
    """One of the two phase-locked loops of the chip.

    F_dco = p0 * n * f_ref; core_0 = f_dco / (p1 * m0); core_1 = f_dco / (p1 * m1); dco =
    f_dco / p2; f_ref nominal 50 MHz; reads through the default JTAGPLLRegister backend do not
    decode anything (object unchanged), only OmnibusChipOverJTAG does.
    """

    class Output(Enumeration):
        """Output of the loop."""

        core_0 = 0
        core_1 = 1
        dco = 2

    class LoopFilterInt(Ranged, min=1, max=31, default=2, implicit=False):
        """Integral part of the loop filter."""

    class LoopFilterProp(Ranged, min=1, max=31, default=8, implicit=False):
        """Proportional part of the loop filter."""

    class LoopDivN(Ranged, min=1, max=31, default=10, implicit=False):
        """Divider N of the loop."""

    class CoreDivM0(Ranged, min=1, max=31, implicit=False):
        """Divider M0 of the first core output."""

    class CoreDivM1(Ranged, min=1, max=31, default=2, implicit=False):
        """Divider M1 of the second core output."""

    class PreDivP0(Ranged, min=2, max=4, implicit=False):
        """Divider P0 of the loop."""

    class PreDivP1(Ranged, min=2, max=4, implicit=False):
        """Divider P1 of the core outputs."""

    class PreDivP2(Ranged, min=2, max=4, implicit=False):
        """Divider P2 of the oscillator output."""

    class Tune(Ranged, max=4095, default=512, implicit=False):
        """Start value of the oscillator."""

    class DcoPowerSwitch(Ranged, max=63, default=63, implicit=False):
        """Power switches of the oscillator."""

    class FilterShift(Ranged, max=3, default=3, implicit=False):
        """Shift of the loop filter."""

    loop_filter_int = Field(LoopFilterInt, bits("4:0"))
    loop_filter_prop = Field(LoopFilterProp, bits("9:5"))
    loop_div_n = Field(LoopDivN, bits("14:10"))
    core_div_m0 = Field(CoreDivM0, bits("19:15"))
    core_div_m1 = Field(CoreDivM1, bits("24:20"))
    pre_div_p0 = Field(PreDivP0, bits("26:25"), code=_LESS_ONE)
    pre_div_p1 = Field(PreDivP1, bits("28:27"), code=_LESS_ONE)
    pre_div_p2 = Field(PreDivP2, bits("30:29"), code=_LESS_ONE)
    tune = Field(Tune, bits("11:0", 1))
    dco_power_switch = Field(DcoPowerSwitch, bits("17:12", 1))
    open_lock = Field(bool, bits(18, 1))
    enforce_lock = Field(bool, bits(19, 1), default=True)
    pfd_select = Field(bool, bits(20, 1))
    lock_window = Field(bool, bits(21, 1))
    filter_shift = Field(FilterShift, bits("23:22", 1))
    enable_output_clock = Field(bool, bits(24, 1, inverted=True), default=True)
    enable = Field(bool, bits(30, 1), default=True)
    use_external_config = Field(bool, bits(31, 1), default=True)

    def calculate_output_frequency(
        self, output: Output, f_ref: float = nominal_pll_f_reference
    ) -> float:
        """Frequency of an output in Hz.

        :param f_ref: frequency of the reference clock in Hz.
        """
        dco = self.pre_div_p0.value() * self.loop_div_n.value() * f_ref
        if output == self.Output.dco:
            return dco / self.pre_div_p2.value()
        divider = self.core_div_m0 if output == self.Output.core_0 else self.core_div_m1
        return dco / (self.pre_div_p1.value() * divider.value())


class PLLClockOutputBlock(
    Container,
    at=halco.PLLClockOutputBlockOnDLS,
    address=_by_jtag(jtag.PLL_CLOCK_OUTPUT_BLOCK, addresses.PLL_CLOCK_OUTPUT_BLOCK),
    undecoded=_JTAG,
):
    """Sources of the four clock outputs."""

    class ClockOutput(Structure):
        """Source of one clock output."""

        enable_output = Field(bool, bits(0), default=True)
        enable_bypass = Field(bool, bits(1))
        select_adpll = Field(halco.ADPLLOnDLS, bits(2), serial="m_adpll")
        select_adpll_output = Field(ADPLL.Output, bits("4:3"), serial="m_adpll_output")

    _clock_output = ArrayField(
        typed_array(ClockOutput, halco.PLLClockOutputOnDLS),
        moves=((0, 0), (0, 8), (0, 16), (0, 24)),
        default=(
            {},
            {},
            {"select_adpll": 1, "select_adpll_output": ADPLL.Output.core_1},
            {"select_adpll_output": ADPLL.Output.dco},
        ),
        serial="m_output",
    )
    _switch_spl1_to_madc = Field(bool, bits(31), doc="event clock from the MADC clock output")

    get_clock_output, set_clock_output = indexed(_clock_output, "clock_output", ("coord", "config"))

    @property
    def spl1_source(self) -> halco.PLLClockOutputOnDLS:
        """Clock of the event and register path: the PHY reference or the MADC clock output."""
        outputs = halco.PLLClockOutputOnDLS
        return outputs.madc_clk if self._switch_spl1_to_madc else outputs.phy_ref_clk

    @spl1_source.setter
    def spl1_source(self, value: halco.PLLClockOutputOnDLS) -> None:
        outputs = halco.PLLClockOutputOnDLS
        source = implicit(outputs, value)
        if source not in (outputs.phy_ref_clk, outputs.madc_clk):
            raise ValueError(
                f"PLLClockOutputBlock.spl1_source: {source} is neither phy_ref_clk nor madc_clk"
            )
        self._switch_spl1_to_madc = source == outputs.madc_clk


class PLLSelfTest(
    Container,
    at=halco.PLLSelfTestOnDLS,
    address=_by_jtag(jtag.PLL_SELF_TEST, addresses.PLL_SELF_TEST),
    undecoded=_JTAG,
):
    """Frequency check of a clock output.

    Reads through JTAGPLLRegister do not decode.
    """

    class PreScalerP(Ranged, max=15, implicit=False):
        """Length of the check: 2**(value + 2) reference cycles."""

    class CheckRange(Ranged, max=15, implicit=False):
        """Tolerance of the check."""

    class CheckValue(Ranged, max=1048575, implicit=False):
        """Expected number of cycles."""

    clock_enable = Field(bool, bits(0))
    pre_scaler_p = Field(PreScalerP, bits("4:1"), doc="window of 2**(p + 2) reference cycles")
    select_source = Field(halco.PLLClockOutputOnDLS, bits("6:5"))
    check_range = Field(CheckRange, bits("11:8"))
    check_value = Field(CheckValue, bits("31:12"), doc="expected f_clk / f_ref * 2**(p + 2)")


class PLLSelfTestStatus(
    Container,
    at=halco.PLLSelfTestStatusOnDLS,
    address=Address.region(addresses.PLL_SELF_TEST_STATUS),
    backends=(Backend.OmnibusChipOverJTAG,),
    access="r",
):
    """Result of the frequency check."""

    class CounterValue(Ranged, max=1048575, implicit=False):
        """Counted number of cycles."""

    success = Field(bool, bits(21), read_only=True)
    finished = Field(bool, bits(20), read_only=True)
    counter_value = Field(CounterValue, bits("19:0"), read_only=True)
