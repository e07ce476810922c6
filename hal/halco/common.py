# SPDX-License-Identifier: Apache-2.0
"""What all coordinate systems share: directions, sides, generic pair members, IPv4 addresses."""

from collections.abc import Sequence

from hal.halco.coordinate import iter_all
from hal.halco.numbers import Coordinate, Enum, Ranged, X, Y
from hal.halco.wafer import (
    ChannelOnADC,
    DNCGlobal,
    DNCOnWafer,
    FPGAGlobal,
    FPGAOnWafer,
    HICANNGlobal,
    HICANNOnWafer,
    SetupType,
    TCPPort,
    TriggerOnADC,
    Wafer,
)

__all__ = [
    "ChannelOnADC",
    "Coordinate",
    "DNCGlobal",
    "DNCOnWafer",
    "Direction",
    "Enum",
    "FPGAGlobal",
    "FPGAOnWafer",
    "HICANNGlobal",
    "HICANNOnWafer",
    "IPv4",
    "Orientation",
    "Parity",
    "SetupType",
    "Side",
    "SideHorizontal",
    "SideVertical",
    "TCPPort",
    "TriggerOnADC",
    "Unique",
    "Wafer",
    "X",
    "Y",
    "bottom",
    "east",
    "horizontal",
    "iter_all",
    "left",
    "north",
    "right",
    "south",
    "top",
    "unique",
    "vertical",
    "west",
]


class SideHorizontal(Ranged, max=1, axis="x", constants={"left": 0, "right": 1}, texts=True):
    """Left or right."""

    __slots__ = ()


class SideVertical(Ranged, max=1, axis="y", constants={"top": 0, "bottom": 1}, texts=True):
    """Top or bottom."""

    __slots__ = ()


class Orientation(Ranged, max=1, constants={"horizontal": 0, "vertical": 1}, texts=True):
    """Horizontal or vertical."""

    __slots__ = ()


class Direction(
    Ranged, max=3, constants={"north": 0, "east": 1, "south": 2, "west": 3}, texts=True
):
    """Point of the compass, clockwise from north."""

    __slots__ = ()

    def toOrientation(self) -> Orientation:  # noqa: N802 - name of the original interface
        """Vertical for north and south."""
        return Orientation(1 - self.value() % 2)


class Parity(Ranged, max=1, constants={"even": 0, "odd": 1}, texts=True):
    """Even or odd."""

    __slots__ = ()

    @staticmethod
    def from_number(n: int) -> "Parity":
        """The parity of a number."""
        return Parity(n % 2)


class Unique(Ranged, max=0, constants={"unique": 0}, texts=True):
    """The only instance of something."""

    __slots__ = ()


Side = SideHorizontal

left, right = SideHorizontal(0), SideHorizontal(1)
top, bottom = SideVertical(0), SideVertical(1)
horizontal, vertical = Orientation(0), Orientation(1)
north, east, south, west = map(Direction, range(4))
unique = Unique(0)


class IPv4:
    """IPv4 address: from four bytes, most significant first, or by `from_string`."""

    __slots__ = ("_address",)

    _address: int

    def __init__(self, address: "Sequence[int] | IPv4" = (0, 0, 0, 0), /) -> None:
        if isinstance(address, IPv4):
            self._address = address._address
        elif isinstance(address, (str, int)) or len(address) != 4:
            raise TypeError(f"IPv4: expected four bytes, not {address!r}")
        else:
            if not all(0 <= byte <= 255 for byte in address):
                raise TypeError(f"IPv4: bytes must lie in 0..255, not {list(address)!r}")
            self._address = int.from_bytes(bytes(address))

    @classmethod
    def _of(cls, number: int) -> "IPv4":
        return cls(number.to_bytes(4))

    @staticmethod
    def any() -> "IPv4":
        """0.0.0.0"""
        return IPv4()

    @staticmethod
    def broadcast() -> "IPv4":
        """255.255.255.255"""
        return IPv4((255, 255, 255, 255))

    @staticmethod
    def loopback() -> "IPv4":
        """127.0.0.1"""
        return IPv4((127, 0, 0, 1))

    @staticmethod
    def from_string(text: str) -> "IPv4":
        """The address of a dotted text; RuntimeError if it is none."""
        parts = text.split(".")
        if len(parts) != 4 or not all(
            part.isascii() and part.isdecimal() and int(part) <= 255 for part in parts
        ):
            raise RuntimeError(f"IPv4: {text!r} is not an address like 192.168.0.1")
        return IPv4(list(map(int, parts)))

    @staticmethod
    def netmask(address: "IPv4") -> "IPv4":
        """The network mask that the class of the address implies."""
        for bits, is_class in ((8, address.is_class_a()), (16, address.is_class_b())):
            if is_class:
                return IPv4._of((1 << 32) - (1 << (32 - bits)))
        return IPv4((255, 255, 255, 0)) if address.is_class_c() else IPv4.broadcast()

    def to_string(self) -> str:
        """Dotted text."""
        return ".".join(map(str, self.to_bytes()))

    def to_bytes(self) -> list[int]:
        """The four bytes, most significant first."""
        return list(self._address.to_bytes(4))

    def to_ulong(self) -> int:
        """The address as a 32-bit number."""
        return self._address

    def is_class_a(self) -> bool:
        """Top bit 0."""
        return self._address >> 31 == 0

    def is_class_b(self) -> bool:
        """Top bits 10."""
        return self._address >> 30 == 0b10

    def is_class_c(self) -> bool:
        """Top bits 110."""
        return self._address >> 29 == 0b110

    def is_multicast(self) -> bool:
        """Top bits 1110."""
        return self._address >> 28 == 0b1110

    def is_loopback(self) -> bool:
        """127.x.x.x"""
        return self._address >> 24 == 127

    def is_unspecified(self) -> bool:
        """0.0.0.0"""
        return self._address == 0

    def __eq__(self, other: object) -> bool:
        return self._address == other._address if isinstance(other, IPv4) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._address < other._address if isinstance(other, IPv4) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._address <= other._address if isinstance(other, IPv4) else NotImplemented

    def __hash__(self) -> int:
        return self._address

    def __str__(self) -> str:
        return f"IPv4({self.to_string()})"

    __repr__ = __str__

    def __reduce__(self) -> tuple[type["IPv4"], tuple[list[int]]]:
        return IPv4, (self.to_bytes(),)


def __dir__() -> list[str]:
    """Exactly the public names."""
    return list(__all__)
