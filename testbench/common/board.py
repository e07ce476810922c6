# SPDX-License-Identifier: Apache-2.0
"""The devices of the cube board as docs/timing.md section 11 has them, for benches and tests."""

from dataclasses import dataclass, field

CODE = 0xFFF


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

    shift_register: int = 0
    dacs: tuple[Dac, Dac] = field(default_factory=lambda: (Dac(), Dac()))

    def take(self, select: int, frame: bytes) -> None:
        """A frame for the slaves of the bits of `select` has ended."""
        if select & 1:
            for byte in frame:
                self.shift_register = (self.shift_register << 8 | byte) & 0xFFFFFF
        for i, dac in enumerate(self.dacs):
            if select >> (i + 1) & 1:
                dac.take(frame)
