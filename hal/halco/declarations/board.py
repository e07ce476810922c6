# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the devices on the boards."""

from hal.halco.conversion import same
from hal.halco.coordinate import Mixin
from hal.halco.numbers import Coordinate, Ranged

AD5252_CHANNELS = {
    "vdd_25digital": 0,
    "vdd_12digital": 1,
    "vdd_12pll": 2,
    "vdd_12madc": 3,
    "vdd_12analog": 4,
    "vdd_25analog": 5,
}
INA219_SUPPLIES = {
    "vdd12_digital": 0,
    "vdd25_digital": 1,
    "vdd12_analog": 2,
    "vdd25_analog": 3,
    "vdd12_madc": 4,
    "vdd12_pll": 5,
}


class AD5252ChannelOnAD5252(
    Ranged, max=1, implicit=False, constants={"channel_1": 0, "channel_3": 1}
):
    """Channel of an AD5252 digital potentiometer."""

    __slots__ = ()


class AD5252OnBoard(
    Ranged,
    Coordinate,
    max=2,
    implicit=False,
    constants={"vdd_25digital_12digital": 0, "vdd_12pll_12madc": 1, "vdd_12analog_25analog": 2},
):
    """AD5252 digital potentiometer on the board, named by the supplies it sets."""

    __slots__ = ()


class AD5252ChannelConfigOnBoard(
    Mixin,
    AD5252ChannelOnAD5252,
    Coordinate,
    block=AD5252OnBoard,
    constants=AD5252_CHANNELS,
    to=same("AD5252ChannelOnBoard", "AD5252ChannelConfigPersistentOnBoard"),
):
    """Digital potentiometer channel, its present setting."""

    __slots__ = ()


class AD5252ChannelConfigPersistentOnBoard(
    Mixin,
    AD5252ChannelOnAD5252,
    Coordinate,
    block=AD5252OnBoard,
    constants=AD5252_CHANNELS,
    to=same("AD5252ChannelOnBoard", "AD5252ChannelConfigOnBoard"),
):
    """Digital potentiometer channel, its stored power-up setting."""

    __slots__ = ()


class AD5252ChannelOnBoard(
    Mixin,
    AD5252ChannelOnAD5252,
    Coordinate,
    block=AD5252OnBoard,
    constants=AD5252_CHANNELS,
    to=same("AD5252ChannelConfigOnBoard", "AD5252ChannelConfigPersistentOnBoard"),
):
    """Digital potentiometer channel on the board, named by the supply it sets."""

    __slots__ = ()


class ADCOnBoard(Ranged, max=0, implicit=False):
    """The ADC of the board."""

    __slots__ = ()


class ADCSourceOnBoard(
    Ranged,
    max=9,
    constants={
        "readout_chain_0": 0,
        "readout_chain_1": 1,
        "mux_rfu_0": 2,
        "v_reset": 3,
        "vdd_res_meas": 4,
        "mux_dac_25": 5,
        "i_ref": 6,
        "mux_rfu_1": 7,
        "mux_rfu_2": 8,
        "none": 9,
    },
):
    """Signal that the board's ADC can select."""

    __slots__ = ()


class DAC6573ChannelOnDAC6573(Ranged, max=3, implicit=False):
    """DAC6573 channel of a DAC6573."""

    __slots__ = ()


class DAC6573OnBoard(Ranged, Coordinate, max=0, implicit=False):
    """The DAC6573 of the board."""

    __slots__ = ()


class DAC6573ChannelOnBoard(
    Mixin,
    DAC6573ChannelOnDAC6573,
    Coordinate,
    block=DAC6573OnBoard,
    constants={
        "v_reset": 0,
        "i_ref_board": 1,
        "v_res_meas": 2,
        "v_readout": 3,
    },
):
    """DAC6573 channel of the board."""

    __slots__ = ()


class DACChannelBlockOnBoard(Ranged, Coordinate, max=0, implicit=False):
    """All channels of the two DACs on the board."""

    __slots__ = ()


class DACChannelOnDAC(Ranged, max=7):
    """DAC channel of a DAC."""

    __slots__ = ()


class DACOnBoard(Ranged, Coordinate, max=1):
    """DAC of the board."""

    __slots__ = ()


class DACChannelOnBoard(
    Mixin,
    DACChannelOnDAC,
    Coordinate,
    block=DACOnBoard,
    constants={
        "v_reset": 0,
        "v_res_meas": 1,
        "mux_rfu_0": 2,
        "mux_rfu_1": 3,
        "i_ref_board": 4,
        "ana_readout_debug_0": 5,
        "ana_readout_debug_1": 6,
        "mux_dac_25": 7,
        "vdd25_digital": 8,
        "vdd12_digital": 9,
        "vdd25_analog": 10,
        "vdd12_analog": 11,
        "vdd12_madc": 12,
        "vdd12_pll": 13,
        "general_purpose_0": 14,
        "general_purpose_1": 15,
    },
    to={"VDDOnBoard": lambda e: e - 8},
):
    """DAC channel on the board, named by what it drives."""

    __slots__ = ()


class DACControlBlockOnBoard(Ranged, Coordinate, max=0, implicit=False):
    """Control registers of the two DACs on the board."""

    __slots__ = ()


class I2CAD5252RwRegisterOnAD5252Channel(
    Ranged,
    max=1,
    implicit=False,
    constants={
        "rdac_volatile": 0,
        "eemem_persistent": 1,
        "rdac_volatile_prefix": 0,
        "eemem_persistent_prefix": 32,
    },
):
    """Register of a digital potentiometer channel."""

    __slots__ = ()


class I2CAD5252RwRegisterOnBoard(
    Mixin,
    I2CAD5252RwRegisterOnAD5252Channel,
    block=AD5252ChannelOnBoard,
    to={"AD5252ChannelOnAD5252": lambda e: (e // 2) % 2},
):
    """Register of a digital potentiometer on the board's I2C bus."""

    __slots__ = ()


class I2CDAC6573RwRegisterOnBoard(
    Mixin, DAC6573ChannelOnDAC6573, block=DAC6573OnBoard, constants={"register_base_addr": 16}
):
    """I2C DAC6573 register of the board."""

    __slots__ = ()


class I2CINA219RoRegisterOnINA219(
    Ranged,
    max=3,
    implicit=False,
    constants={
        "shunt": 0,
        "bus": 1,
        "power": 2,
        "current": 3,
    },
):
    """I2C INA219 read-only register of an INA219."""

    __slots__ = ()


class INA219OnBoard(
    Ranged,
    Coordinate,
    max=5,
    implicit=False,
    constants=INA219_SUPPLIES,
    to=same("INA219ConfigOnBoard", "INA219StatusOnBoard"),
):
    """INA219 power monitor, named by the supply it measures."""

    __slots__ = ()


class I2CINA219RoRegisterOnBoard(Mixin, I2CINA219RoRegisterOnINA219, block=INA219OnBoard):
    """I2C INA219 read-only register of the board."""

    __slots__ = ()


class I2CINA219RwRegisterOnINA219(
    Ranged, max=1, implicit=False, constants={"config": 0, "calibration": 1}
):
    """I2C INA219 register of an INA219."""

    __slots__ = ()


class I2CINA219RwRegisterOnBoard(Mixin, I2CINA219RwRegisterOnINA219, block=INA219OnBoard):
    """I2C INA219 register of the board."""

    __slots__ = ()


class I2CIdRegisterOnBoard(Ranged, max=0, implicit=False):
    """Identity register on the board's I2C bus."""

    __slots__ = ()


class I2CTCA9546RegisterOnBoard(Ranged, max=0, implicit=False):
    """The I2C TCA9546 register of the board."""

    __slots__ = ()


class I2CTCA9554RoRegisterOnTCA9554(Ranged, max=0, implicit=False, constants={"inputs": 0}):
    """The I2C TCA9554 read-only register of a TCA9554."""

    __slots__ = ()


class TCA9554OnBoard(
    Ranged,
    Coordinate,
    max=0,
    implicit=False,
    to={
        "TCA9554ConfigOnBoard": lambda _: 0,
        "TCA9554InputsOnBoard": lambda _: 0,
    },
):
    """The port expander TCA9554 on the board."""

    __slots__ = ()


class I2CTCA9554RoRegisterOnBoard(Mixin, I2CTCA9554RoRegisterOnTCA9554, block=TCA9554OnBoard):
    """I2C TCA9554 read-only register of the board."""

    __slots__ = ()


class I2CTCA9554RwRegisterOnTCA9554(
    Ranged, max=2, implicit=False, constants={"outputs": 0, "polarity": 1, "config": 2}
):
    """I2C TCA9554 register of a TCA9554."""

    __slots__ = ()


class I2CTCA9554RwRegisterOnBoard(Mixin, I2CTCA9554RwRegisterOnTCA9554, block=TCA9554OnBoard):
    """I2C TCA9554 register of the board."""

    __slots__ = ()


class I2CTempRegisterOnBoard(Ranged, max=0, implicit=False):
    """Temperature register on the board's I2C bus."""

    __slots__ = ()


class INA219ConfigOnBoard(
    Ranged,
    Coordinate,
    max=5,
    implicit=False,
    constants=INA219_SUPPLIES,
    to=same("INA219OnBoard", "INA219StatusOnBoard"),
):
    """Settings of an INA219 power monitor."""

    __slots__ = ()


class INA219StatusOnBoard(
    Ranged,
    Coordinate,
    max=5,
    implicit=False,
    constants=INA219_SUPPLIES,
    to=same("INA219OnBoard", "INA219ConfigOnBoard"),
):
    """Readings of an INA219 power monitor."""

    __slots__ = ()


class LEDOnBoard(
    Ranged,
    max=5,
    constants={
        "led_1": 0,
        "led_2": 1,
        "led_3": 2,
        "led_4": 3,
        "led_7": 4,
        "led_8": 5,
    },
):
    """LED of the board."""

    __slots__ = ()


class SPIDACControlRegisterOnDAC(
    Ranged,
    max=3,
    constants={
        "gain_reference": 0,
        "ldac": 1,
        "power_down": 2,
        "reset": 3,
    },
):
    """SPI DAC control register of a DAC."""

    __slots__ = ()


class SPIDACControlRegisterOnBoard(Mixin, SPIDACControlRegisterOnDAC, block=DACOnBoard):
    """SPI DAC control register of the board."""

    __slots__ = ()


class SPIDACDataRegisterOnDAC(Ranged, max=7):
    """SPI DAC data register of a DAC."""

    __slots__ = ()


class SPIDACDataRegisterOnBoard(Mixin, SPIDACDataRegisterOnDAC, block=DACOnBoard):
    """SPI DAC data register of the board."""

    __slots__ = ()


class SPIShiftRegisterOnBoard(Ranged, max=0, implicit=False):
    """The SPI shift register of the board."""

    __slots__ = ()


class ShiftRegisterOnBoard(Ranged, Coordinate, max=0, implicit=False):
    """The shift register of the board."""

    __slots__ = ()


class TCA9546ChannelOnBoard(
    Ranged, Coordinate, max=3, implicit=False, to={"TCA9546OnBoard": lambda _: 0}
):
    """Channel of the I2C multiplexer."""

    __slots__ = ()


class TCA9546OnBoard(Ranged, Coordinate, max=0, implicit=False):
    """The I2C multiplexer TCA9546 on the board."""

    __slots__ = ()


class TCA9554ChannelOnBoard(
    Ranged,
    Coordinate,
    max=7,
    implicit=False,
    constants={
        "disable_vdd25_digital": 0,
        "disable_vdd12_digital": 1,
        "disable_vdd12_pll": 2,
        "disable_vdd12_madc": 3,
        "disable_vdd25_analog": 4,
        "disable_vdd12_analog": 5,
        "disable_led": 6,
        "disable_power": 7,
    },
    to={"TCA9554OnBoard": lambda _: 0},
):
    """Pin of the port expander, named by what it switches off."""

    __slots__ = ()


class TCA9554ConfigOnBoard(
    Ranged,
    Coordinate,
    max=0,
    implicit=False,
    to={
        "TCA9554OnBoard": lambda _: 0,
        "TCA9554InputsOnBoard": lambda _: 0,
    },
):
    """Settings of the port expander."""

    __slots__ = ()


class TCA9554InputsOnBoard(
    Ranged,
    Coordinate,
    max=0,
    implicit=False,
    to={
        "TCA9554OnBoard": lambda _: 0,
        "TCA9554ConfigOnBoard": lambda _: 0,
    },
):
    """Pin levels of the port expander."""

    __slots__ = ()


class TMP112StatusOnBoard(Ranged, Coordinate, max=0, implicit=False):
    """Reading of the temperature sensor TMP112."""

    __slots__ = ()


class VDDOnBoard(
    Ranged,
    max=5,
    constants={
        "vdd25_digital": 0,
        "vdd12_digital": 1,
        "vdd25_analog": 2,
        "vdd12_analog": 3,
        "vdd12_madc": 4,
        "vdd12_pll": 5,
    },
    to={"DACChannelOnBoard": lambda e: e + 8},
):
    """Supply voltage of the chip on the board."""

    __slots__ = ()
