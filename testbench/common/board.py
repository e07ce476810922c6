# SPDX-License-Identifier: Apache-2.0
"""The devices of the cube board as docs/timing.md section 11 has them, for benches and tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cosim import board
from cosim.machine import RESET_VALUES

CODE = 0xFFF
#: Bytes 0xF0 and following of the EEPROM.
IDENTITY: Sequence[int] = board.constants()["EepromIdentity"][1]  # type: ignore[index,assignment]


@dataclass
class Dac:
    """One DAC: codes, settings and the last 16 bits it was sent."""

    word: int = 0
    written: list[int] = field(default_factory=lambda: [0] * 8)
    held: list[int] = field(default_factory=lambda: [0] * 8)
    gain: int = 0
    power_down: int = 0
    follow: bool = False

    def take(self, frame: bytes) -> None:
        """A frame has ended."""
        for byte in frame:
            self.word = (self.word << 8 | byte) & 0xFFFF
        value = self.word & 0xFF
        if self.word < 0x8000:
            self.written[self.word >> 12] = self.word & CODE
            if self.follow:
                self.held = list(self.written)
            return
        register, mode = self.word >> 13 & 3, value & 3
        if register == 0:
            self.gain = value
        elif register == 2:
            self.power_down = value
        elif register == 1:
            if mode in (0, 2):
                self.held = list(self.written)
            if mode in (0, 1):
                self.follow = mode == 0
        else:
            self.written, self.held = [0] * 8, [0] * 8
            if self.word & 0x1000:
                self.gain = self.power_down = 0
                self.follow = False

    @property
    def outputs(self) -> list[int]:
        """Codes at the outputs."""
        return [0 if self.power_down >> i & 1 else code for i, code in enumerate(self.held)]


@dataclass
class Cube:
    """Shift register and both DACs."""

    shift_register: int = RESET_VALUES["BoardShiftRegisterReset"][1]
    dacs: tuple[Dac, Dac] = field(default_factory=lambda: (Dac(), Dac()))

    def take(self, select: int, frame: bytes) -> None:
        """A frame for the slaves of the bits of `select` has ended."""
        if select & 1:
            for byte in frame:
                self.shift_register = (self.shift_register << 8 | byte) & 0xFFFFFF
        for i, dac in enumerate(self.dacs):
            if select >> (i + 1) & 1:
                dac.take(frame)


@dataclass
class I2CDevice:
    """One device of the I2C bus, by its declaration; `index` is its place among them."""

    index: int
    supply: bool = True
    pointer: int = 0
    first: bool = False
    collected: bytes = b""
    position: int = 0  # bytes read since the address

    def __post_init__(self) -> None:
        self.chip = board.DEVICES[self.index]
        self.registers = {r.number: r.reset for r in self.chip.registers}
        self.memory = bytearray([0xFF] * 0xF0) + bytes(IDENTITY)

    def address(self) -> None:
        """The device was addressed."""
        self.first, self.collected, self.position = True, b"", 0

    def write(self, byte: int) -> None:
        """A byte was written."""
        if self.index == board.MULTIPLEXER:
            self.collected = bytes([byte])
        elif self.first:
            self.pointer, self.first = byte, False
        elif self.index == board.EEPROM:
            if self.pointer < 128:
                self.memory[self.pointer] = byte
            self.pointer = (self.pointer + 1) % 256
        else:
            self.collected += bytes([byte])
            if len(self.collected) == self.chip.bytes:
                self.store(int.from_bytes(self.collected))
                self.collected = b""

    def stop(self) -> None:
        """The transfer ended with a stop: only now the multiplexer switches."""
        if self.index == board.MULTIPLEXER and self.collected:
            self.store(self.collected[0])
        self.collected = b""

    def store(self, word: int) -> None:
        """A register is complete."""
        for register in self.chip.registers:
            if self.chip.name == "INA219" and self.pointer == 0 and word >> 15:
                self.registers[register.number] = register.reset
            elif register.number == self.pointer:
                kept = self.registers[self.pointer] & ~register.mask
                self.registers[self.pointer] = kept | word & register.mask

    def word(self) -> int:
        """The register that the pointer names."""
        held = self.registers.get(self.pointer, 0)
        if self.chip.name == "TCA9554" and self.pointer == 0:
            return (self.registers[1] | self.registers[3]) ^ self.registers[2]
        if self.chip.name != "INA219" or self.pointer not in range(1, 5):
            return held
        _, millivolts, milliamperes = board.SUPPLIES[self.index]
        shunt = milliamperes * 27 // 10 if self.supply else 0
        bus = millivolts // 4 if self.supply else 0
        current = shunt * self.registers[5] // 4096
        return (shunt, bus << 3 | 2, current * bus // 5000, current)[self.pointer - 1]

    def read(self) -> int:
        """The next byte."""
        if self.index == board.EEPROM:
            self.pointer = (self.pointer + 1) % 256
            return self.memory[self.pointer - 1]
        self.position += 1
        return self.word().to_bytes(self.chip.bytes)[(self.position - 1) % self.chip.bytes]
