# SPDX-License-Identifier: Apache-2.0
"""Register values without meaning: one class for each way by which they travel.

An object holds one word; `write_access` and `read_access` make it usable in a playback program like
a container.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from hal import halco
from hal.fisch.access import AccessError, Backend, WordAccess, word_array
from hal.halco.numbers import Ranged, Unbounded, describe, implicit

__all__ = [
    "Barrier",
    "I2CAD5252RwRegister",
    "I2CDAC6573RwRegister",
    "I2CINA219RoRegister",
    "I2CINA219RwRegister",
    "I2CIdRegister",
    "I2CTCA9546Register",
    "I2CTCA9554RoRegister",
    "I2CTCA9554RwRegister",
    "I2CTempRegister",
    "JTAGClockScaler",
    "JTAGIdCode",
    "JTAGPLLRegister",
    "JTAGPhyRegister",
    "NullPayloadReadable",
    "Omnibus",
    "OmnibusChipOverJTAG",
    "OmnibusWord",
    "PollingOmnibusBlock",
    "ResetChip",
    "ResetJTAGTap",
    "SPIDACControlRegister",
    "SPIDACDataRegister",
    "SPIShiftRegister",
    "SpikePack1ToChip",
    "SpikePack2ToChip",
    "SpikePack3ToChip",
    "SystimeSync",
    "Timer",
    "WaitUntil",
    "Word",
]


class OmnibusWord(Unbounded, bits=32):
    """Content of a register."""


class Word:
    """Base of the word types; class keywords declare the facts.

    :raises RuntimeError: for a coordinate of another type, or a direction that does not exist.
    """

    __slots__ = ("_value",)
    __hash__: ClassVar[None] = None  # type: ignore[assignment] # words are mutable

    Value: ClassVar[Any] = None
    _backend: ClassVar[Backend]
    _at: ClassVar[Any]
    _readable: ClassVar[bool]
    _writeable: ClassVar[bool]

    def __init_subclass__(cls, *, at: Any, value: Any = None, access: str = "w") -> None:
        cls._at = at
        if value is not None:
            cls.Value = value
        cls._backend = Backend[cls.__name__.replace("_Spikes", "SpikePack1ToChip")]
        cls._readable, cls._writeable = "r" in access, "w" in access

    def __init__(self, value: Any = None) -> None:
        self._value: Any = self._default()
        if value is not None:
            self.set(value)

    @classmethod
    def _default(cls) -> Any:
        return None if cls.Value is None else cls.Value()

    def get(self) -> Any:
        """The word."""
        return self._value

    def set(self, value: Any) -> None:
        """Set the word.

        :raises TypeError: if the value does not convert.
        """
        if type(value) is type(self):
            self._value = value._value
        elif self.Value is None:
            raise TypeError(f"{type(self).__name__} carries no value, not even {describe(value)}")
        elif self.Value is bool:
            if not isinstance(value, bool | np.bool_):
                raise TypeError(f"{type(self).__name__}: expected bool, not {describe(value)}")
            self._value = bool(value)
        else:
            self._value = implicit(self.Value, value)

    def _number(self) -> int:
        return 0 if self._value is None else int(self._value)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._value == other._value

    def __copy__(self) -> Self:
        return type(self)(None if self.Value is None else self._value)

    def __str__(self) -> str:
        if self._value is None:
            return f"{type(self).__name__}()"
        if self.Value is bool:
            return f"{type(self).__name__}({str(self._value).lower()})"
        return f"{type(self).__name__}({_digits(self._number(), self.Value)})"

    __repr__ = __str__

    @classmethod
    def _addresses(cls, coord: Any) -> npt.NDArray[np.uint32]:
        if not isinstance(coord, cls._at):
            raise AccessError(
                f"{cls.__name__} belongs to {cls._at.__name__}, not to {describe(coord)}"
            )
        return np.array([coord._e], dtype=np.uint32)

    def write_access(self, coord: Any, backend: Backend | None = None) -> WordAccess:
        """The access that writes the word to `coord`; there is only one backend."""
        at = self._addresses(coord)
        if not self._writeable:
            raise AccessError(f"{type(self).__name__} at {coord} is read-only")
        number = self._number()
        return WordAccess(self._backend, at, word_array([number]), self._enables())

    def _enables(self) -> npt.NDArray[np.uint8] | None:
        return None

    @classmethod
    def read_access(cls, coord: Any, backend: Backend | None = None) -> WordAccess:
        """The access that reads the word at `coord`."""
        at = cls._addresses(coord)
        if not cls._readable:
            raise AccessError(f"{cls.__name__} at {coord} is write-only")
        return WordAccess(cls._backend, at, np.empty(0, dtype=np.uint32))

    @classmethod
    def decode(cls, coord: Any, backend: Backend | None, words: npt.ArrayLike) -> Self:
        """The word that was read."""
        values = np.asarray(words)
        return cls() if cls.Value is None or not values.size else cls(cls.Value(int(values[0])))


def _digits(number: int, kind: Any) -> str:
    """Short numbers in decimal, whole words in all bases."""
    if not issubclass(kind, _LONG):
        return str(number)
    width = kind._bits
    return f"0d{number} 0x{number:x} 0b{number:0{width}b}"


class _Long(Unbounded, bits=32):
    """Register value that is printed in all bases."""


_LONG = (OmnibusWord, _Long)


class _Scaler(Ranged, max=255):
    """Divider of the JTAG clock."""


class _Mask(Ranged, max=31, implicit=True):
    """Conditions to wait for, one bit each."""


class _Hex(Unbounded, bits=32):
    """Identity, printed in hexadecimal."""


class _Time(Unbounded, bits=32):
    """Time in FPGA cycles."""


class _Phy(Ranged, max=(1 << 22) - 1):
    """Configuration of a link."""


class _Bits24(Ranged, max=(1 << 24) - 1):
    """Content of the shift register."""


class _Short(Unbounded, bits=16):
    """Two bytes."""


class _Byte(Unbounded, bits=8):
    """One byte."""


class _TenBits(Ranged, max=1023):
    """Code of a ten-bit converter."""


class PollingOmnibusBlock(Word, at=halco.PollingOmnibusBlockOnFPGA, value=bool):
    """Wait until the polled register has (true) or has not (false) the target value."""


class Barrier(Word, at=halco.BarrierOnFPGA, value=_Mask):
    """Wait until the marked paths are idle."""


class WaitUntil(Word, at=halco.WaitUntilOnFPGA, value=_Time):
    """Wait until the timer is at least the value."""


class SystimeSync(Word, at=halco.SystimeSyncOnFPGA, value=bool):
    """Synchronise (true) or only report (false) the system time."""


class _Spikes(Word, at=halco.SpikePack1ToChipOnDLS, value=None, access="w"):
    """Spikes to the chip."""

    __slots__ = ()
    _count: ClassVar[int]

    @classmethod
    def _default(cls) -> Any:
        return [halco.SpikeLabel() for _ in range(cls._count)]

    def get(self) -> list[Any]:
        """The labels (a copy)."""
        return list(self._value)

    def set(self, value: Any) -> None:
        """Set the labels.

        :raises TypeError: for another number of labels, or other elements.
        """
        if type(value) is type(self):
            value = value._value
        if not isinstance(value, Sequence) or len(value) != self._count:
            raise TypeError(
                f"{type(self).__name__}: expected {self._count} labels, not {describe(value)}"
            )
        self._value = [implicit(halco.SpikeLabel, label) for label in value]

    def _number(self) -> int:
        number = 0
        for label in self._value:
            number = number * halco.SpikeLabel.end + int(label)
        return number

    def __copy__(self) -> Self:
        return type(self)(self._value)

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self._value))})"

    __repr__ = __str__


class SpikePack1ToChip(_Spikes, at=halco.SpikePack1ToChipOnDLS):
    """One spike."""

    __slots__ = ()
    _count = 1


class SpikePack2ToChip(_Spikes, at=halco.SpikePack2ToChipOnDLS):
    """Two spikes."""

    __slots__ = ()
    _count = 2


class SpikePack3ToChip(_Spikes, at=halco.SpikePack3ToChipOnDLS):
    """Three spikes."""

    __slots__ = ()
    _count = 3


class OmnibusChipOverJTAG(
    Word, at=halco.OmnibusChipOverJTAGAddress, value=OmnibusWord, access="rw"
):
    """Register of the chip, by JTAG."""


class OmnibusValue:
    """Register value with its four byte enables, the first for bits 7 to 0."""

    __slots__ = ("byte_enables", "word")

    Word: ClassVar[type[OmnibusWord]]
    __hash__: ClassVar[None] = None  # type: ignore[assignment] # values are mutable

    def __init__(
        self, word: OmnibusWord | int | None = None, byte_enables: Sequence[bool] = (True,) * 4
    ) -> None:
        self.word = OmnibusWord() if word is None else implicit(OmnibusWord, word)
        if len(byte_enables) != BYTES:
            raise TypeError(f"Omnibus.Value: expected {BYTES} byte enables, not {byte_enables!r}")
        self.byte_enables = [bool(enable) for enable in byte_enables]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, OmnibusValue)
            and self.word == other.word
            and self.byte_enables == other.byte_enables
        )

    def __str__(self) -> str:
        enables = "".join(str(int(enable)) for enable in self.byte_enables)
        return f"{_digits(int(self.word), OmnibusWord)}, byte_enables: {enables}"

    __repr__ = __str__


BYTES = 4
"""Bytes of a register."""
OmnibusValue.Word = OmnibusWord


class Omnibus(Word, at=halco.OmnibusAddress, access="rw"):
    """Register with byte enables."""

    Value = OmnibusValue

    @classmethod
    def _default(cls) -> OmnibusValue:
        return OmnibusValue()

    def set(self, value: Any) -> None:
        """Set the word, with all bytes enabled unless it is an `Omnibus.Value`."""
        if isinstance(value, Omnibus):
            value = value._value
        if not isinstance(value, OmnibusValue):
            value = OmnibusValue(value)
        self._value = OmnibusValue(value.word, value.byte_enables)

    def _number(self) -> int:
        return int(self._value.word)

    def _enables(self) -> npt.NDArray[np.uint8] | None:
        if all(self._value.byte_enables):
            return None
        return np.packbits(np.array(self._value.byte_enables), bitorder="little")

    @classmethod
    def decode(cls, coord: Any, backend: Backend | None, words: npt.ArrayLike) -> Self:
        """The word that was read."""
        return cls(OmnibusValue(int(np.asarray(words)[0])))

    def __str__(self) -> str:
        return f"Omnibus({self._value})"

    __repr__ = __str__


class JTAGClockScaler(Word, at=halco.JTAGClockScalerOnDLS, value=_Scaler):
    """Divider of the JTAG clock."""


class JTAGIdCode(Word, at=halco.JTAGIdCodeOnDLS, value=_Hex, access="r"):
    """Identity of the chip."""

    def __str__(self) -> str:
        return f"JTAGIdCode(0x{self._number():x})"

    __repr__ = __str__


class JTAGPLLRegister(Word, at=halco.JTAGPLLRegisterOnDLS, value=_Long):
    """Register of the phase-locked loops, by JTAG."""


class JTAGPhyRegister(Word, at=halco.JTAGPhyRegisterOnDLS, value=_Phy):
    """Configuration register of a link, by JTAG."""


class ResetJTAGTap(Word, at=halco.ResetJTAGTapOnDLS):
    """Reset of the chip's JTAG state machine."""


class ResetChip(Word, at=halco.ResetChipOnDLS, value=bool):
    """Reset line of the chip."""


class Timer(Word, at=halco.TimerOnDLS, value=_Time, access="rw"):
    """Timer of the playback program; only 0 can be written."""


class SPIDACDataRegister(Word, at=halco.SPIDACDataRegisterOnBoard, value=_Short):
    """Output code of a channel of a board converter."""


class SPIDACControlRegister(Word, at=halco.SPIDACControlRegisterOnBoard, value=_Short):
    """Control register of a board converter."""


class SPIShiftRegister(Word, at=halco.SPIShiftRegisterOnBoard, value=_Bits24):
    """Control register of the board."""


class NullPayloadReadable(Word, at=halco.NullPayloadReadableOnFPGA, access="r"):
    """Read without content."""


class I2CIdRegister(Word, at=halco.I2CIdRegisterOnBoard, value=_Long, access="rw"):
    """Serial number of the board's EEPROM; a write does nothing."""


class I2CTempRegister(Word, at=halco.I2CTempRegisterOnBoard, value=_Short, access="rw"):
    """Temperature; a write does nothing."""


class I2CINA219RoRegister(Word, at=halco.I2CINA219RoRegisterOnBoard, value=_Short, access="rw"):
    """Reading of a power monitor; a write does nothing."""


class I2CINA219RwRegister(Word, at=halco.I2CINA219RwRegisterOnBoard, value=_Short, access="rw"):
    """Configuration of a power monitor."""


class I2CTCA9554RoRegister(Word, at=halco.I2CTCA9554RoRegisterOnBoard, value=_Byte, access="rw"):
    """Inputs of the port expander; a write does nothing."""


class I2CTCA9554RwRegister(Word, at=halco.I2CTCA9554RwRegisterOnBoard, value=_Byte, access="rw"):
    """Outputs, polarity and direction of the port expander."""


class I2CAD5252RwRegister(Word, at=halco.I2CAD5252RwRegisterOnBoard, value=_Byte, access="rw"):
    """Wiper of a digital potentiometer."""


class I2CDAC6573RwRegister(Word, at=halco.I2CDAC6573RwRegisterOnBoard, value=_TenBits, access="rw"):
    """Output of a digital-to-analog converter."""


class I2CTCA9546Register(Word, at=halco.I2CTCA9546RegisterOnBoard, value=_Byte, access="rw"):
    """Channels of the multiplexer."""
