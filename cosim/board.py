# SPDX-License-Identifier: Apache-2.0
"""Devices on the board's I2C bus: their registers, and what the monitors measure [M61-M64].

One declaration for RTL and emulator (`rtl/gen/board_pkg.sv`, `hxcosim/board.h`).
Slave addresses and register numbers are those of the host's accesses (`hal.fisch.access`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hal.fisch.access import I2C_DEVICES, Backend

__all__ = ["DEVICES", "EEPROM", "MULTIPLEXER", "Device", "Register", "constants"]


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its number, content at power-on and bits that can be written."""

    number: int
    reset: int = 0
    mask: int = 0


@dataclass(frozen=True, slots=True)
class Device:
    """A slave: 7-bit address, bytes of a register, registers."""

    name: str
    slave: int
    bytes: int
    registers: tuple[Register, ...] = ()


def _slave(backend: Backend) -> int:
    return I2C_DEVICES[backend].slave


WIPER: Final = 0x90  # default of the containers
_INA219 = (Register(0, 0x399F, 0x3FFF), Register(5, 0, 0xFFFE))
_TMP112 = (
    Register(0, 0x2480),  # 36.5 degrees
    Register(1, 0x60A0, 0x1FD0),
    Register(2, 0x4B00, 0xFFF0),
    Register(3, 0x5000, 0xFFF0),
)
_TCA9554 = (Register(1, 0xFF, 0xFF), Register(2, 0, 0xFF), Register(3, 0xFF, 0xFF))
_AD5252 = tuple(Register(n, WIPER, 0xFF) for n in (0x01, 0x03, 0x21, 0x23))
_DAC6573 = tuple(Register(n, 0, 0xFFC0) for n in (0x10, 0x12, 0x14, 0x16))

DEVICES: Final[tuple[Device, ...]] = (
    *(Device("INA219", _slave(Backend.I2CINA219RwRegister) + i, 2, _INA219) for i in range(6)),
    Device("TMP112", _slave(Backend.I2CTempRegister), 2, _TMP112),
    Device("TCA9554", _slave(Backend.I2CTCA9554RwRegister), 1, _TCA9554),
    *(Device("AD5252", _slave(Backend.I2CAD5252RwRegister) + i, 1, _AD5252) for i in range(3)),
    Device("DAC6573", _slave(Backend.I2CDAC6573RwRegister), 2, _DAC6573),
    Device("TCA9546", _slave(Backend.I2CTCA9546Register), 1, (Register(0, 0, 0xF),)),
    Device("EEPROM", _slave(Backend.I2CIdRegister), 1),
)
MULTIPLEXER: Final = [d.name for d in DEVICES].index("TCA9546")
EEPROM: Final = [d.name for d in DEVICES].index("EEPROM")

#: Of each supply, in the order of the monitors: bit of the shift register that switches it on, mV,
#: and mA through the shunt of 27 mOhm.
SUPPLIES: Final = (
    (17, 1200, 100),
    (16, 2500, 40),
    (19, 1200, 120),
    (18, 2500, 60),
    (20, 1200, 20),
    (21, 1200, 10),
)
#: Bit of the bus voltage register.
CONVERSION_READY: Final = 2
#: Identity in the read-only half of the EEPROM: address and byte.
_IDENTITY = {0xFA: 0x29, 0xFB: 0x41}
EEPROM_SERIAL: Final = 0x00C0_FFEE


def constants() -> Mapping[str, int | tuple[int, int] | tuple[int, tuple[int, ...]]]:
    """Tables for Verilog and C."""
    registers = [(i, r) for i, device in enumerate(DEVICES) for r in device.registers]
    names = [device.name for device in DEVICES]
    return {
        "Devices": len(DEVICES),
        "Slave": (7, tuple(d.slave for d in DEVICES)),
        "WideDevices": (len(DEVICES), sum((d.bytes == 2) << i for i, d in enumerate(DEVICES))),
        "Ina219Count": names.count("INA219"),
        "Tca9554": names.index("TCA9554"),
        "Tca9546": MULTIPLEXER,
        "Eeprom": EEPROM,
        "Registers": len(registers),
        "RegisterDevice": (4, tuple(i for i, _ in registers)),
        "RegisterNumber": (8, tuple(r.number for _, r in registers)),
        "RegisterReset": (16, tuple(r.reset for _, r in registers)),
        "RegisterMask": (16, tuple(r.mask for _, r in registers)),
        "SupplyBit": (8, tuple(bit for bit, _, _ in SUPPLIES)),
        "ConversionReady": (16, CONVERSION_READY),
        # 4 mV in bits 15:3
        "BusVoltage": (16, tuple(mv // 4 << 3 | CONVERSION_READY for _, mv, _ in SUPPLIES)),
        # 10 uV
        "ShuntVoltage": (16, tuple(ma * 27 // 10 for _, _, ma in SUPPLIES)),
        "EepromWriteable": 128,  # the lower half
        "EepromFill": (8, 0xFF),
        # The last 16 bytes
        "EepromIdentity": (
            8,
            tuple(
                (EEPROM_SERIAL.to_bytes(4)[at - 0xFC] if at >= 0xFC else _IDENTITY.get(at, 0xFF))
                for at in range(0xF0, 0x100)
            ),
        ),
    }
