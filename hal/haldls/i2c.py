# SPDX-License-Identifier: Apache-2.0
"""Devices on the I2C bus of the boards.

Source of the facts: reference of the containers.
"""

from dataclasses import dataclass

import numpy as np

from hal import halco
from hal.fisch.access import Backend
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.arrays import kind_array
from hal.haldls.declaration import ArrayField, Container, Field
from hal.haldls.kinds import Enumeration, SmallEnumeration
from hal.haldls.layout import Address, Code, Digit, bits, lanes, two_complement
from hal.haldls.preset import Preset

__all__ = [
    "AD5252ChannelConfig",
    "AD5252ChannelConfigPersistent",
    "DAC6573ChannelConfig",
    "INA219Config",
    "INA219Status",
    "TCA9546ChannelConfig",
    "TCA9554Config",
    "TCA9554Inputs",
    "TMP112Status",
]


_SHUNT_BITS = 1 << 12
_SIGN = 1 << 15


def _shunt_of(code: int) -> int:
    """Twelve bits of two's complement; the sign is bit 15."""
    return code % _SHUNT_BITS - (_SHUNT_BITS if code & _SIGN else 0)


_SHUNT = Code(16, lambda v: v % (2 * _SIGN), _shunt_of, "12-bit two's complement, sign in bit 15")


class AD5252ChannelConfig(
    Container,
    at=halco.AD5252ChannelConfigOnBoard,
    address=Address.at(0, digits=(Digit(6, 2),)),
    backends=(Backend.I2CAD5252RwRegister,),
    unreadable_on=("simulation",),
):
    """Wiper of a digital potentiometer."""

    class WiperSetting(Ranged, max=255, default=144):
        """Position of the wiper, in 1/256 of the resistance."""

    value = Field(WiperSetting, bits("7:0"))

    default_pot_25 = Preset(value=167)
    """2.5 V."""
    default_pot_12 = Preset(value=168)
    """1.2 V."""
    default_pot_12_digital = Preset(value=147)
    """1.2 V of the digital part."""


class AD5252ChannelConfigPersistent(
    Container,
    at=halco.AD5252ChannelConfigPersistentOnBoard,
    address=Address.at(1, digits=(Digit(6, 2),)),
    backends=(Backend.I2CAD5252RwRegister,),
    unreadable_on=("simulation",),
):
    """Stored start value of the wiper of a digital potentiometer."""

    class WiperSetting(Ranged, max=255, default=144):
        """Position of the wiper, in 1/256 of the resistance."""

    value = Field(WiperSetting, bits("7:0"))


class DAC6573ChannelConfig(
    Container,
    at=halco.DAC6573ChannelOnBoard,
    address=Address.at(0, digits=(Digit(4, 1),)),
    backends=(Backend.I2CDAC6573RwRegister,),
    unreadable_on=("simulation",),
    arguments=("value",),
):
    """Output of an I2C digital-to-analog converter."""

    class Value(Ranged, max=1023):
        """Value of a dac6573 channel config."""

    value = Field(Value, bits("9:0"))


class TCA9546ChannelConfig(
    Container,
    at=halco.TCA9546OnBoard,
    address=Address.at(0),
    backends=(Backend.I2CTCA9546Register,),
    unreadable_on=("simulation",),
):
    """Channels of the I2C multiplexer."""

    EnableChannels = typed_array(bool, halco.TCA9546ChannelOnBoard)

    channel_status = ArrayField(EnableChannels, lanes(range(4)), default=1, serial="m_status")

    default_mux = Preset(channel_status=[1, 1, 1, 0])
    """All channels but the last one."""


class TCA9554Config(
    Container,
    at=halco.TCA9554ConfigOnBoard,
    address=Address.at(0, 1, 2),
    backends=(Backend.I2CTCA9554RwRegister,),
    unreadable_on=("simulation",),
):
    """Outputs, polarity and direction of the I2C port expander."""

    class ChannelPolarity(SmallEnumeration):
        """Polarity of an input of the port expander."""

        normal = 0
        inverted = 1

    class ChannelMode(SmallEnumeration):
        """Direction of a channel of the port expander."""

        output = 0
        input = 1

    ChannelsBooleanArray = typed_array(bool, halco.TCA9554ChannelOnBoard)
    ChannelsPolarityArray = kind_array(ChannelPolarity, halco.TCA9554ChannelOnBoard)
    ChannelsModeArray = kind_array(ChannelMode, halco.TCA9554ChannelOnBoard)

    channel_output = ArrayField(ChannelsBooleanArray, lanes(range(8)), serial="m_output")
    channel_polarity = ArrayField(ChannelsPolarityArray, lanes(range(8), 1, 1), serial="m_polarity")
    channel_mode = ArrayField(ChannelsModeArray, lanes(range(8), 1, 2), serial="m_mode")


class TCA9554Inputs(
    Container,
    at=halco.TCA9554InputsOnBoard,
    address=Address.at(0),
    backends=(Backend.I2CTCA9554RoRegister,),
    access="r",
    unreadable_on=("simulation",),
):
    """Inputs of the I2C port expander."""

    ChannelsBooleanArray = typed_array(bool, halco.TCA9554ChannelOnBoard)

    channel_input = ArrayField(ChannelsBooleanArray, lanes(range(8)), serial="m_input")


class INA219Config(
    Container,
    at=halco.INA219ConfigOnBoard,
    address=Address.at(0, digits=(Digit(6, 2),)),
    backends=(Backend.I2CINA219RwRegister,),
    unreadable_on=("simulation",),
    constants=(7,),
):
    """Averaging of a power monitor.

    Continuous bus and shunt conversion, 40 mV shunt range, 16 V bus range are fixed.
    """

    class ADCMode(Enumeration):
        """Resolution in bits, or number of averaged samples at 12 bits."""

        bits9 = 0
        bits10 = 1
        bits11 = 2
        bits12 = 3
        bits12_samples1 = 4
        bits12_samples2 = 5
        bits12_samples4 = 6
        bits12_samples8 = 7
        bits12_samples16 = 8
        bits12_samples32 = 9
        bits12_samples64 = 10
        bits12_samples128 = 11

    bus_adc_mode = Field(ADCMode, bits("10:7"), default=3)
    shunt_adc_mode = Field(ADCMode, bits("6:3"), default=3)


class INA219Status(
    Container,
    at=halco.INA219StatusOnBoard,
    address=Address.at(1, 0, digits=(Digit(6, 4),)),
    backends=(Backend.I2CINA219RoRegister,),
    access="r",
    unreadable_on=("simulation",),
):
    """Reading of a power monitor.

    Bus voltage LSB 4 mV, shunt voltage LSB 10 uV; toUncalibratedVoltage() in V;
    toUncalibratedPower() multiplies bus voltage by the shunt voltage over 0.027 Ohm.
    """

    class BusVoltage(Ranged, max=4000):
        """Bus voltage, in steps of 4 mV."""

        def toUncalibratedVoltage(self) -> float:  # noqa: N802 - name of the original interface
            """Voltage in V, in single precision."""
            return float(np.float32(self.value() * 4e-3))

    class ShuntVoltage(Ranged, min=-4000, max=4000, bits=16):
        """Voltage across the shunt, in steps of 10 uV."""

        def toUncalibratedVoltage(self) -> float:  # noqa: N802 - name of the original interface
            """Voltage in V, in single precision."""
            return float(np.float32(self.value() * 10e-6))

    @dataclass(slots=True)
    class UncalibratedPower:
        """Power from the two voltages."""

        uncalibrated_bus_voltage: float = 0.0
        uncalibrated_shunt_voltage: float = 0.0
        shunt_resistance: float = 0.027

        def calculate(self) -> float:
            """Power in W."""
            current = self.uncalibrated_shunt_voltage / self.shunt_resistance
            return self.uncalibrated_bus_voltage * current

    bus_voltage = Field(BusVoltage, bits("15:3"))
    shunt_voltage = Field(ShuntVoltage, bits("15:0", 1), code=_SHUNT)
    bus_voltage_overflow = Field(bool, bits(0))

    def toUncalibratedPower(self) -> UncalibratedPower:  # noqa: N802 - name of the original interface
        """Power from the two voltages."""
        return self.UncalibratedPower(
            self.bus_voltage.toUncalibratedVoltage(), self.shunt_voltage.toUncalibratedVoltage()
        )


class TMP112Status(
    Container,
    at=halco.TMP112StatusOnBoard,
    address=Address.at(0),
    backends=(Backend.I2CTempRegister,),
    access="r",
    unreadable_on=("simulation",),
):
    """Reading of the temperature sensor.

    Temperature in degC = (value / 16, truncated towards zero) * 0.0625; method
    Temperature.toUncalibratedTemperature().
    """

    class Temperature(Ranged, min=-14080, max=32752, bits=32):
        """Temperature code; 16 codes are 1/16 degree."""

        def toUncalibratedTemperature(self) -> float:  # noqa: N802 - name of the original interface
            """Temperature in degrees Celsius."""
            steps = int(self.value() / 16)
            return steps * 0.0625

    temperature = Field(Temperature, bits("15:0"), code=two_complement(16))
