# SPDX-License-Identifier: Apache-2.0
"""The cube base board: shift register and digital-to-analog converters.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch.access import Backend
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.declaration import ArrayField, Container, DifferentialWriteTrait, Field, indexed
from hal.haldls.kinds import Enumeration
from hal.haldls.layout import Address, Digit, bits, lanes

__all__ = ["DACChannel", "DACControl", "ShiftRegister"]


class ShiftRegister(
    DifferentialWriteTrait,
    Container,
    at=halco.ShiftRegisterOnBoard,
    address=Address.at(0),
    backends=(Backend.SPIShiftRegister,),
    access="w",
):
    """Control register of the cube base board.

    24 bits to the xBoard shift register; LED bits are active low.
    """

    class AnalogReadoutMux1Input(Enumeration):
        """Input of the first analog multiplexer of the board."""

        off = 0
        readout_chain_0 = 1
        readout_chain_1 = 2
        mux_rfu_0 = 3

    class AnalogReadoutMux2Input(Enumeration):
        """Input of the second analog multiplexer of the board."""

        off = 0
        v_reset = 1
        vdd_res_meas = 2
        mux_dac_25 = 3

    class AnalogReadoutMux3Input(Enumeration):
        """Input of the third analog multiplexer of the board."""

        off = 0
        i_ref = 1
        mux_rfu_1 = 2
        mux_rfu_2 = 3

    select_analog_readout_mux_1_input = Field(AnalogReadoutMux1Input, bits("1:0"), serial="m_mux_1")
    select_analog_readout_mux_2_input = Field(AnalogReadoutMux2Input, bits("3:2"), serial="m_mux_2")
    select_analog_readout_mux_3_input = Field(AnalogReadoutMux3Input, bits("5:4"), serial="m_mux_3")
    enable_i_ref_board = Field(bool, bits(6), default=True)
    enable_measure_i_ref = Field(bool, bits(7))
    enable_dac_to_readout_0 = Field(bool, bits(8))
    enable_dac_to_readout_1 = Field(bool, bits(9))
    _enable_led = ArrayField(
        typed_array(bool, halco.LEDOnBoard),
        lanes((10, 11, 12, 15, 22, 23), inverted=True),
    )
    enable_adc_power_down = Field(bool, bits(13))
    enable_adc_reset = Field(bool, bits(14))
    _enable_vdd = ArrayField(
        typed_array(bool, halco.VDDOnBoard),
        lanes(range(16, 22, 1)),
        default=1,
    )

    get_enable_led, set_enable_led = indexed(_enable_led, "enable_led")
    get_enable_vdd, set_enable_vdd = indexed(_enable_vdd, "enable_vdd")


class DACChannel(
    DifferentialWriteTrait,
    Container,
    at=halco.DACChannelOnBoard,
    address=Address.at(0, digits=(Digit(16, 1),)),
    backends=(Backend.SPIDACDataRegister,),
    access="w",
    arguments=("value",),
):
    """Output of a digital-to-analog converter of the cube base board."""

    class Value(Ranged, max=4095):
        """Value of a dac channel."""

    value = Field(Value, bits("11:0"))


class DACControl(
    DifferentialWriteTrait,
    Container,
    at=halco.DACOnBoard,
    address=Address.at(0, 2, digits=(Digit(2, 4),)),
    backends=(Backend.SPIDACControlRegister,),
    access="w",
    constants=(12, 0),
):
    """Enables of a digital-to-analog converter of the cube base board.

    Word 0 is the gain/reference control register with the fixed value 0xc, word 1 the power-
    down register (1 = channel off).
    """

    _enable_channel = ArrayField(
        typed_array(bool, halco.DACChannelOnDAC),
        lanes(range(8), 1, 1, inverted=True),
        default=1,
    )

    get_enable_channel, set_enable_channel = indexed(
        _enable_channel, "enable_channel", ("channel", "value")
    )
