# SPDX-License-Identifier: Apache-2.0
"""What one register access turns into: words to the FPGA, and the answers that it expects.

`write_words` and `read_words` give the instructions, `read_values` turns the answers into register
values.

Source of the facts: reference of the FPGA interface, section 3.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hal.errors import HxcosimError
from hal.fisch import addresses, jtag
from hal.hxcomm.messages import TO_FPGA, Field

__all__ = [
    "AccessError",
    "Backend",
    "ResponseKind",
    "WordAccess",
    "Words",
    "read_values",
    "read_words",
    "word_array",
    "write_words",
]

Words: TypeAlias = npt.NDArray[np.uint32] | npt.NDArray[np.uint64]
"""Register values; 64 bit wide only where one access carries more than 32 bits."""
Instructions: TypeAlias = npt.NDArray[np.uint64]
"""Words to the FPGA, one for each message."""


class AccessError(HxcosimError):
    """An access that its device does not support, or that the device reported as failed."""


class Backend(enum.IntEnum):
    """Word-access types: the way by which register values travel."""

    PollingOmnibusBlock = 0
    Barrier = 1
    WaitUntil = 2
    SystimeSync = 3
    SpikePack1ToChip = 4
    SpikePack2ToChip = 5
    SpikePack3ToChip = 6
    OmnibusChipOverJTAG = 7
    Omnibus = 8
    JTAGClockScaler = 9
    JTAGIdCode = 10
    JTAGPLLRegister = 11
    JTAGPhyRegister = 12
    ResetJTAGTap = 13
    ResetChip = 14
    Timer = 15
    SPIDACDataRegister = 16
    SPIDACControlRegister = 17
    SPIShiftRegister = 18
    NullPayloadReadable = 19
    I2CIdRegister = 20
    I2CTempRegister = 21
    I2CINA219RoRegister = 22
    I2CINA219RwRegister = 23
    I2CTCA9554RoRegister = 24
    I2CTCA9554RwRegister = 25
    I2CAD5252RwRegister = 26
    I2CDAC6573RwRegister = 27
    I2CTCA9546Register = 28

    def __str__(self) -> str:
        return f"Backend.{self.name}"


class ResponseKind(enum.Enum):
    """Which queue of answers a read waits on."""

    OMNIBUS = "OmnibusData"
    JTAG = "JtagData"
    LOOPBACK = "Loopback"
    NONE = ""


@dataclass(frozen=True, slots=True)
class WordAccess:
    """Register values for (or, with no words, reads of) consecutive addresses of one kind."""

    backend: Backend
    addresses: npt.NDArray[np.uint32]
    words: Words
    byte_enables: npt.NDArray[np.uint8] | None = None


def word_array(numbers: list[int]) -> Words:
    """Numbers as register values; 64 bit wide only if one of them needs it."""
    if any(number >> 32 for number in numbers):
        return np.array(numbers, dtype=np.uint64)
    return np.array(numbers, dtype=np.uint32)


# -- words of messages ----------------------------------------------------------------------------


def _packed(
    fields: tuple[Field, ...], values: dict[str, Any], size: int, constant: int = 0
) -> Instructions:
    """The given values, each moved to the place of its field, and a constant."""
    columns = []
    for field in fields:
        value = np.asarray(values.get(field.name, 0))
        if value.ndim == 0:
            constant |= field.place(int(value))
        else:
            columns.append(field.place(value.astype(np.uint64)))
    word = np.full(size, constant, dtype=np.uint64)
    for column in columns:
        word |= column
    return word


def _messages(name: str, size: int, **values: Any) -> Instructions:
    """`size` messages of one kind; values are numbers or one for each message."""
    message = TO_FPGA[name]
    return _packed(message.fields, values, size, message.header)


def _interleaved(*columns: Instructions) -> Instructions:
    """One message of each column in turn."""
    return np.stack(columns, axis=1).reshape(-1)


# -- Omnibus --------------------------------------------------------------------------------------

ALL_BYTES = 0xF


def _omnibus_write(at: Any, words: Any, enables: Any = ALL_BYTES) -> Instructions:
    size = len(words)
    return _interleaved(
        _messages("OmnibusAddress", size, address=at, byte_enables=enables, is_read=0),
        _messages("OmnibusData", size, data=words),
    )


def _omnibus_read(at: Any) -> Instructions:
    return _messages("OmnibusAddress", len(at), address=at, byte_enables=ALL_BYTES, is_read=1)


def _write_omnibus(access: WordAccess) -> Instructions:
    enables = ALL_BYTES if access.byte_enables is None else access.byte_enables
    return _omnibus_write(access.addresses, access.words, enables)


# -- JTAG -----------------------------------------------------------------------------------------

JTAG_READ = (
    Field("address", jtag.OMNIBUS_ADDRESS_READ_BIT - 1, 0),
    Field("is_read", jtag.OMNIBUS_ADDRESS_READ_BIT, jtag.OMNIBUS_ADDRESS_READ_BIT),
)
"""The data register that takes an Omnibus address."""


def _jtag_scan(
    instruction: jtag.Instruction, data: Any, *, keep: bool = False, size: int = 1, ir: Any = None
) -> tuple[Instructions, Instructions]:
    """Instruction scan and data scan."""
    selected = instruction.ir if ir is None else ir
    length = instruction.dr_width
    return (
        _messages("JtagIns", size, instruction=selected),
        _messages("JtagData", size, data=data, num_bits=length, keep_response=keep),
    )


def _write_omnibus_over_jtag(access: WordAccess) -> Instructions:
    size = len(access.words)
    return _interleaved(
        *_jtag_scan(jtag.OMNIBUS_ADDRESS, access.addresses, size=size),
        *_jtag_scan(jtag.OMNIBUS_DATA, access.words, size=size),
        *_jtag_scan(jtag.OMNIBUS_REQUEST, 0, size=size),
    )


def _read_omnibus_over_jtag(access: WordAccess) -> Instructions:
    size = len(access.addresses)
    address = _packed(JTAG_READ, {"address": access.addresses, "is_read": 1}, size)
    return _interleaved(
        *_jtag_scan(jtag.OMNIBUS_ADDRESS, address, size=size),
        *_jtag_scan(jtag.OMNIBUS_REQUEST, 0, size=size),
        *_jtag_scan(jtag.OMNIBUS_DATA, 0, keep=True, size=size),
    )


def _write_pll(access: WordAccess) -> Instructions:
    size = len(access.words)
    return _interleaved(
        *_jtag_scan(jtag.PLL_TARGET_REG, access.addresses, size=size),
        *_jtag_scan(jtag.SHIFT_PLL, access.words, size=size),
    )


def _write_phy(access: WordAccess) -> Instructions:
    ir = [jtag.phy_instruction(register) for register in access.addresses.tolist()]
    scans = _jtag_scan(jtag.PHY_CONFIG, access.words, size=len(access.words), ir=ir)
    return _interleaved(*scans)


def _read_idcode(access: WordAccess) -> Instructions:
    size = len(access.addresses)
    return _interleaved(*_jtag_scan(jtag.IDENTITY, 0, keep=True, size=size))


# -- single messages ------------------------------------------------------------------------------


def _payload(name: str, field: str = "") -> Callable[[WordAccess], Instructions]:
    """Writer of messages whose payload is the word itself."""

    def write(access: WordAccess) -> Instructions:
        values = {field: access.words} if field else {}
        return _messages(name, len(access.words), **values)

    return write


def _spikes(count: int) -> Callable[[WordAccess], Instructions]:
    """Writer of spike packs; the word is the whole payload."""
    message = TO_FPGA[f"SpikePack{count}"]
    whole = (Field("payload", message.payload_width - 1, 0),)

    def write(access: WordAccess) -> Instructions:
        size = len(access.words)
        return _messages(message.name, size) | _packed(whole, {"payload": access.words}, size)

    return write


def _write_timer(access: WordAccess) -> Instructions:
    if np.any(access.words):
        raise AccessError(f"Timer: only 0 can be written, not {int(access.words.max())}")
    return _messages("Setup", len(access.words))


def _read_timer(access: WordAccess) -> Instructions:
    return _omnibus_read(np.full(len(access.addresses), addresses.EXECUTOR_TIMER.base))


def _read_tick(access: WordAccess) -> Instructions:
    return _messages("Loopback", len(access.addresses), tick=1)


# -- SPI ------------------------------------------------------------------------------------------

BYTE = 8
LAST_BYTE = 1 << addresses.SPI_LAST_BYTE_BIT
"""Ends a frame: the bytes collected so far are sent."""
DAC_SELECTS = (addresses.SPI_SELECT_DAC0, addresses.SPI_SELECT_DAC1)
DAC_CHANNELS, DAC_REGISTERS = 8, 4
DAC_DATA = (Field("channel", 14, 12), Field("value", 11, 0))
DAC_CONTROL = (Field("control", 7, 7), Field("register", 6, 5))
DAC_LDAC = 1
DAC_UPDATE_ONCE = 2


def _spi_frame(slave: int, *frame: int) -> Instructions:
    """Bytes to one slave, the last one marked."""
    words = np.array([*frame[:-1], frame[-1] | LAST_BYTE], dtype=np.uint64)
    return _omnibus_write(np.full(len(words), addresses.SPI_MASTER.base + slave), words)


def _big_endian(value: int, count: int) -> list[int]:
    return list(int(value).to_bytes(count, "big"))


def _write_shift_register(access: WordAccess) -> Instructions:
    return np.concatenate(
        [_spi_frame(addresses.SPI_SELECT_SHIFT_REGISTER, *_big_endian(w, 3)) for w in access.words]
    )


def _dac_control(dac: int, register: int, value: int) -> Instructions:
    head = int(_packed(DAC_CONTROL, {"control": 1, "register": register}, 1)[0])
    return _spi_frame(DAC_SELECTS[dac], head, value)


def _write_dac_data(access: WordAccess) -> Instructions:
    out = []
    for address, value in zip(access.addresses.tolist(), access.words.tolist(), strict=True):
        dac, channel = divmod(address, DAC_CHANNELS)
        frame = int(_packed(DAC_DATA, {"channel": channel, "value": value}, 1)[0])
        out.append(_spi_frame(DAC_SELECTS[dac], *_big_endian(frame, 2)))
        out.append(_dac_control(dac, DAC_LDAC, DAC_UPDATE_ONCE))
    return np.concatenate(out)


def _write_dac_control(access: WordAccess) -> Instructions:
    return np.concatenate(
        [
            _dac_control(address // DAC_REGISTERS, address % DAC_REGISTERS, value)
            for address, value in zip(access.addresses.tolist(), access.words.tolist(), strict=True)
        ]
    )


# -- I2C ------------------------------------------------------------------------------------------

I2C_ERROR = 1 << addresses.I2C_MISSING_ACKNOWLEDGE_BIT


@dataclass(frozen=True, slots=True)
class I2CDevice:
    """Registers of one kind of device: address of the first slave, register numbers, bytes each.

    `shift`: how far the value lies above bit 0 of the bytes.
    """

    slave: int
    registers: tuple[int, ...]
    bytes: int
    writeable: bool = True
    shift: int = 0
    numbered: bool = True
    """Whether a write begins with the register number."""

    def place(self, address: int) -> tuple[int, int]:
        """Base address of the slave and register number."""
        device, register = divmod(address, len(self.registers))
        return addresses.I2C_MASTER.base + self.slave + device, self.registers[register]

    def write(self, access: WordAccess) -> Instructions:
        """Register number and bytes, most significant first; read-only devices emit nothing."""
        if not self.writeable:
            return np.empty(0, dtype=np.uint64)
        out = []
        for address, word in zip(access.addresses.tolist(), access.words.tolist(), strict=True):
            base, register = self.place(address)
            data = _big_endian(word * (1 << self.shift), self.bytes)
            frame = [register, *data] if self.numbered else data
            at = [base] * (len(frame) - 1) + [base + addresses.I2C_STOP]
            out.append(_omnibus_write(np.array(at), np.array(frame)))
        return np.concatenate(out)

    def read(self, access: WordAccess) -> Instructions:
        """Register number, then one read for each byte."""
        out = []
        for address in access.addresses.tolist():
            base, register = self.place(address)
            out.append(_omnibus_write(np.array([base]), np.array([register])))
            at = [base] * (self.bytes - 1) + [base + addresses.I2C_STOP]
            out.append(_omnibus_read(np.array(at)))
        return np.concatenate(out)

    def values(self, access: WordAccess, responses: npt.NDArray[Any]) -> npt.NDArray[np.uint32]:
        """Register values from the bytes read."""
        received = responses.astype(np.int64).reshape(-1, self.bytes)
        failed = np.flatnonzero((received & I2C_ERROR).any(axis=1))
        if failed.size:
            base, register = self.place(int(access.addresses[failed[0]]))
            raise AccessError(
                f"{access.backend.name}: no acknowledge from I2C slave "
                f"0x{base - addresses.I2C_MASTER.base:02x}, register 0x{register:02x}"
            )
        value = np.zeros(len(received), dtype=np.int64)
        for column in range(self.bytes):
            value = value * (1 << BYTE) + received[:, column] % (1 << BYTE)
        return (value // (1 << self.shift)).astype(np.uint32)


I2C_DEVICES = {
    Backend.I2CIdRegister: I2CDevice(0x50, (0xFC,), 4, writeable=False),
    Backend.I2CTempRegister: I2CDevice(0x48, (0,), 2, writeable=False),
    Backend.I2CINA219RoRegister: I2CDevice(0x40, (1, 2, 3, 4), 2, writeable=False),
    Backend.I2CINA219RwRegister: I2CDevice(0x40, (0, 5), 2),
    Backend.I2CTCA9554RoRegister: I2CDevice(0x38, (0,), 1, writeable=False),
    Backend.I2CTCA9554RwRegister: I2CDevice(0x38, (1, 2, 3), 1),
    Backend.I2CAD5252RwRegister: I2CDevice(0x2C, (0x01, 0x21, 0x03, 0x23), 1),
    Backend.I2CDAC6573RwRegister: I2CDevice(0x4C, (0x10, 0x12, 0x14, 0x16), 2, shift=6),
    Backend.I2CTCA9546Register: I2CDevice(0x70, (0,), 1, numbered=False),
}
"""The devices on the boards' I2C buses."""


# -- all ------------------------------------------------------------------------------------------

_WRITERS: dict[Backend, Callable[[WordAccess], Instructions]] = {
    Backend.PollingOmnibusBlock: _payload("PollingOmnibusBlock", "equality"),
    Backend.Barrier: _payload("Barrier", "omnibus"),
    Backend.WaitUntil: _payload("WaitUntil", "time"),
    Backend.SystimeSync: _payload("SystimeInit", "do_sync"),
    Backend.SpikePack1ToChip: _spikes(1),
    Backend.SpikePack2ToChip: _spikes(2),
    Backend.SpikePack3ToChip: _spikes(3),
    Backend.OmnibusChipOverJTAG: _write_omnibus_over_jtag,
    Backend.Omnibus: _write_omnibus,
    Backend.JTAGClockScaler: _payload("JtagScaler", "scaler"),
    Backend.JTAGPLLRegister: _write_pll,
    Backend.JTAGPhyRegister: _write_phy,
    Backend.ResetJTAGTap: _payload("JtagInit"),
    Backend.ResetChip: _payload("Reset", "reset"),
    Backend.Timer: _write_timer,
    Backend.SPIDACDataRegister: _write_dac_data,
    Backend.SPIDACControlRegister: _write_dac_control,
    Backend.SPIShiftRegister: _write_shift_register,
    **{backend: device.write for backend, device in I2C_DEVICES.items()},
}


def write_words(access: WordAccess) -> Instructions:
    """Instructions that write the words of an access.

    :raises RuntimeError: if the device cannot be written, or for a timer value other than 0.
    """
    writer = _WRITERS.get(access.backend)
    if writer is None:
        raise AccessError(f"{access.backend.name} cannot be written")
    return writer(access)


def read_words(access: WordAccess) -> tuple[Instructions, ResponseKind, int]:
    """Instructions that read the addresses of an access; kind and number of the answers.

    Reads of PLL registers over JTAG emit nothing and expect nothing.

    :raises RuntimeError: if the device cannot be read.
    """
    count = len(access.addresses)
    match access.backend:
        case Backend.Omnibus:
            return _omnibus_read(access.addresses), ResponseKind.OMNIBUS, count
        case Backend.OmnibusChipOverJTAG:
            return _read_omnibus_over_jtag(access), ResponseKind.JTAG, count
        case Backend.JTAGIdCode:
            return _read_idcode(access), ResponseKind.JTAG, count
        case Backend.JTAGPLLRegister:
            return np.empty(0, dtype=np.uint64), ResponseKind.NONE, 0
        case Backend.Timer:
            return _read_timer(access), ResponseKind.OMNIBUS, count
        case Backend.NullPayloadReadable:
            return _read_tick(access), ResponseKind.LOOPBACK, count
    device = I2C_DEVICES.get(access.backend)
    if device is None:
        raise AccessError(f"{access.backend.name} cannot be read")
    return device.read(access), ResponseKind.OMNIBUS, count * device.bytes


def read_values(access: WordAccess, responses: npt.ArrayLike) -> npt.NDArray[np.uint32]:
    """Register values, one for each address of a read, from the payloads of its answers.

    :raises RuntimeError: if an I2C device did not acknowledge.
    """
    received = np.asarray(responses)
    device = I2C_DEVICES.get(access.backend)
    if device is not None:
        return device.values(access, received)
    if access.backend is Backend.NullPayloadReadable:
        return np.zeros(len(access.addresses), dtype=np.uint32)
    return received.astype(np.uint32)
