# SPDX-License-Identifier: Apache-2.0
"""The UT messages of both directions: the one declaration that everything else is derived from.

To the FPGA travel 16 instructions, from the FPGA 13 kinds of response.
Codec, Verilog package and C header all read the tables `TO_FPGA` and `FROM_FPGA`.

Source of the facts: reference of the FPGA interface, sections 1.1 to 1.3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hal.errors import HxcosimError

__all__ = [
    "FROM_FPGA",
    "HEADER_WIDTH",
    "PHYWORD_WIDTH",
    "TO_FPGA",
    "Dictionary",
    "Field",
    "Message",
    "UnknownMessageError",
    "constants",
]

PHYWORD_WIDTH = 64
"""Bits of one word of the stream."""
HEADER_WIDTH = 8
"""Bits of a header: the comma (0 for a message) and the message's id."""


class UnknownMessageError(HxcosimError, KeyError):
    """A name or id that is not in the dictionary."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Field:
    """Bits `msb` down to `lsb` of a message's payload."""

    name: str
    msb: int
    lsb: int
    meaning: str = ""

    @property
    def width(self) -> int:
        """Number of bits."""
        return self.msb - self.lsb + 1

    def place(self, value: Any) -> Any:
        """A number, or a vector of them in 64 bits, moved to the field's bits."""
        return value << self.lsb

    @property
    def maximum(self) -> int:
        """Largest value that fits."""
        return (1 << self.width) - 1


@dataclass(frozen=True, slots=True)
class Message:
    """One row of a dictionary: id, payload layout and meaning."""

    id: int
    name: str
    original: str
    payload_width: int
    fields: tuple[Field, ...]
    meaning: str
    subword_width: int

    @property
    def width(self) -> int:
        """Bits on the wire: header and payload, at least a word, rounded up to subwords."""
        subwords = -(-(HEADER_WIDTH + self.payload_width) // self.subword_width)
        return max(PHYWORD_WIDTH, subwords * self.subword_width)

    @property
    def header(self) -> int:
        """The id in the top 8 of `width` bits."""
        return self.id << (self.width - HEADER_WIDTH)

    def pack(self, **values: int) -> int:
        """Payload with the named fields set and all others 0.

        :raises UnknownMessageError: for a field that the message does not have.
        :raises OverflowError: for a value that does not fit its field.
        """
        payload = 0
        known = {f.name: f for f in self.fields}
        for name, value in values.items():
            if name not in known:
                raise UnknownMessageError(
                    f"{self.name} has no field {name!r}; "
                    f"its fields are: {', '.join(known) or 'none'}"
                )
            f = known[name]
            if not 0 <= value <= f.maximum:
                raise OverflowError(
                    f"{self.name}.{name} = {value} is out of range [0, {f.maximum}] ({f.width} bit)"
                )
            payload |= f.place(int(value))
        return payload

    def unpack(self, payload: int) -> dict[str, int]:
        """Field values of a payload."""
        return {f.name: (payload >> f.lsb) & f.maximum for f in self.fields}

    def word(self, **values: int) -> int:
        """The message in `width` bits: header in the top 8, payload in the low bits."""
        return self.header | self.pack(**values)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All messages of one direction, in the order of their ids."""

    direction: str
    subword_width: int
    messages: tuple[Message, ...]
    _by_name: dict[str, Message] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {m.name: m for m in self.messages})

    def __getitem__(self, key: int | str) -> Message:
        """Message by id or by name.

        :raises UnknownMessageError: if there is none.
        """
        if isinstance(key, str) and key in self._by_name:
            return self._by_name[key]
        if isinstance(key, int) and 0 <= key < len(self.messages):
            return self.messages[key]
        raise UnknownMessageError(
            f"no message {key!r} {self.direction.replace('_', ' ')}; ids are 0 to "
            f"{len(self.messages) - 1}, names are: {', '.join(self._by_name)}"
        )

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages)

    def __len__(self) -> int:
        return len(self.messages)


_Row: TypeAlias = tuple[str, str, int, tuple[Field, ...], str]


def _dictionary(direction: str, subword_width: int, rows: tuple[_Row, ...]) -> Dictionary:
    return Dictionary(
        direction,
        subword_width,
        tuple(Message(i, *row, subword_width) for i, row in enumerate(rows)),
    )


def _labels(count: int) -> tuple[Field, ...]:
    """Labels of a spike pack to the FPGA, the first one in the most significant bits."""
    bits = 16
    return tuple(
        Field(f"label{i}", bits * (count - i) - 1, bits * (count - 1 - i), "spike label")
        for i in range(count)
    )


def _events(count: int, value: str) -> tuple[Field, ...]:
    """Events of a pack from the FPGA: 8-bit time over 16-bit value, the first one on top."""
    bits = 24
    fields = []
    for i in range(count):
        low = bits * (count - 1 - i)
        fields.append(
            Field(f"timestamp{i}", low + 23, low + 16, "low 8 bits of the chip time, 250 MHz")
        )
        fields.append(Field(f"{value}{i}", low + 15, low, f"event {value}"))
    return tuple(fields)


TO_FPGA = _dictionary(
    "to_fpga",
    64,
    (
        ("JtagInit", "to_fpga_jtag::Init", 0, (), "reset the chip's TAP"),
        (
            "JtagScaler",
            "to_fpga_jtag::Scaler",
            8,
            (Field("scaler", 7, 0, "clock divider, f proportional to 1/(scaler + 2)"),),
            "set the JTAG clock",
        ),
        (
            "JtagIns",
            "to_fpga_jtag::Ins",
            7,
            (Field("instruction", 6, 0, "shifted into the IR"),),
            "IR scan",
        ),
        (
            "JtagData",
            "to_fpga_jtag::Data",
            56,
            (
                Field("data", 32, 0, "shifted in, bit 0 first"),
                Field("num_bits", 47, 40, "length of the scan, 3 to 33"),
                Field("keep_response", 48, 48, "send the bits shifted out to the host"),
            ),
            "DR scan",
        ),
        ("Setup", "timing::Setup", 0, (), "timer := 0"),
        (
            "WaitUntil",
            "timing::WaitUntil",
            32,
            (Field("time", 31, 0, "timer value, FPGA cycles"),),
            "block until timer >= time",
        ),
        (
            "SystimeInit",
            "timing::SystimeInit",
            1,
            (Field("do_sync", 0, 0, "1: handshake with the chip, 0: only report the FPGA time"),),
            "synchronise the system time",
        ),
        (
            "Barrier",
            "timing::Barrier",
            5,
            (
                Field("omnibus", 0, 0, "no Omnibus access outstanding"),
                Field("jtag", 1, 1, "JTAG engine idle"),
                Field("systime", 2, 2, "time handshake finished"),
                Field("multi_fpga", 3, 3, "synchronisation pulse of all FPGAs"),
                Field("systime_correction", 4, 4, "global interrupt, if armed"),
            ),
            "block until all selected conditions hold",
        ),
        (
            "PollingOmnibusBlock",
            "timing::PollingOmnibusBlock",
            1,
            (Field("equality", 0, 0, "1: until equal, 0: until not equal"),),
            "block on a register's masked value",
        ),
        (
            "Reset",
            "system::Reset",
            1,
            (Field("reset", 0, 0, "1: asserted"),),
            "drive the chip's reset line",
        ),
        (
            "Loopback",
            "system::Loopback",
            1,
            (Field("tick", 0, 0, "0: halt (end of program), 1: tick"),),
            "copied to the response stream",
        ),
        (
            "OmnibusAddress",
            "omnibus_to_fpga::Address",
            37,
            (
                Field("address", 31, 0, "word address; bit 31: FPGA"),
                Field("byte_enables", 35, 32, "bit i for data bits 8i+7 to 8i"),
                Field("is_read", 36, 36, "1: read, 0: write of the OmnibusData that follows"),
            ),
            "start an Omnibus access",
        ),
        (
            "OmnibusData",
            "omnibus_to_fpga::Data",
            32,
            (Field("data", 31, 0, "word to write"),),
            "write data of the OmnibusAddress before",
        ),
        ("SpikePack1", "event_to_fpga::SpikePack<1>", 16, _labels(1), "1 spike to the chip"),
        ("SpikePack2", "event_to_fpga::SpikePack<2>", 32, _labels(2), "2 spikes to the chip"),
        ("SpikePack3", "event_to_fpga::SpikePack<3>", 48, _labels(3), "3 spikes to the chip"),
    ),
)
"""The instructions. Every one of them is exactly one word."""

FROM_FPGA = _dictionary(
    "from_fpga",
    8,
    (
        (
            "JtagData",
            "jtag_from_hicann::Data",
            33,
            (Field("data", 32, 0, "bits shifted out, the first one in bit 0"),),
            "answer of a JtagData with keep_response",
        ),
        (
            "OmnibusData",
            "omnibus_from_fpga::Data",
            32,
            (Field("data", 31, 0, "word read; bit 31 is the error flag of I2C"),),
            "answer of an Omnibus read",
        ),
        (
            "Loopback",
            "from_fpga_system::Loopback",
            1,
            (Field("tick", 0, 0, "0: halt, 1: tick"),),
            "answer of a Loopback",
        ),
        (
            "HighspeedLinkNotification",
            "from_fpga_system::HighspeedLinkNotification",
            8,
            (
                Field("check_error", 0, 0),
                Field("crc_recover", 1, 1),
                Field("crc_error", 2, 2),
                Field("decode_error", 3, 3),
                Field("link_up", 4, 4),
                Field("phy", 7, 5, "number of the PHY"),
            ),
            "state change of a chip link",
        ),
        (
            "TimeoutNotification",
            "from_fpga_system::TimeoutNotification",
            45,
            (
                Field("instruction_index", 31, 0, "message index in the program, from 0"),
                Field("trace_stall_count", 38, 32, "stalled cycles in the last 96"),
                Field("omnibus_reads_in_flight", 44, 39, "0 to 52"),
            ),
            "an instruction blocked too long",
        ),
        (
            "Systime",
            "timing_from_fpga::Systime",
            43,
            (Field("time", 42, 0, "FPGA cycles"),),
            "absolute FPGA time",
        ),
        (
            "Sysdelta",
            "timing_from_fpga::Sysdelta",
            8,
            (Field("delta", 7, 0, "FPGA cycles"),),
            "step of the FPGA time",
        ),
        (
            "MADCSamplePack1",
            "event_from_fpga::MADCSamplePack<1>",
            24,
            _events(1, "sample"),
            "1 sample",
        ),
        (
            "MADCSamplePack2",
            "event_from_fpga::MADCSamplePack<2>",
            48,
            _events(2, "sample"),
            "2 samples",
        ),
        (
            "MADCSamplePack3",
            "event_from_fpga::MADCSamplePack<3>",
            72,
            _events(3, "sample"),
            "3 samples",
        ),
        ("SpikePack1", "event_from_fpga::SpikePack<1>", 24, _events(1, "label"), "1 spike"),
        ("SpikePack2", "event_from_fpga::SpikePack<2>", 48, _events(2, "label"), "2 spikes"),
        ("SpikePack3", "event_from_fpga::SpikePack<3>", 72, _events(3, "label"), "3 spikes"),
    ),
)
"""The responses. One word each, but 80 bits for the packs of three."""


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def constants() -> Mapping[str, int | tuple[int, int] | tuple[int, tuple[int, ...]]]:
    """Named constants of both dictionaries, for Verilog and C: ids, widths, field positions."""
    table: dict[str, int | tuple[int, int] | tuple[int, tuple[int, ...]]] = {
        "PhywordWidth": PHYWORD_WIDTH,
        "HeaderWidth": HEADER_WIDTH,
    }
    for dictionary in (TO_FPGA, FROM_FPGA):
        prefix = _camel(dictionary.direction)
        table[f"{prefix}Count"] = len(dictionary)
        table[f"{prefix}MaxWidth"] = max(m.width for m in dictionary)
        table[f"{prefix}Widths"] = (8, tuple(m.width for m in dictionary))
        table[f"{prefix}PayloadWidths"] = (8, tuple(m.payload_width for m in dictionary))
        for m in dictionary:
            name = prefix + m.name
            table[f"{name}Id"] = (HEADER_WIDTH, m.id)
            table[f"{name}PayloadWidth"] = m.payload_width
            table[f"{name}Width"] = m.width
            for f in m.fields:
                table[f"{name}{_camel(f.name)}Msb"] = f.msb
                table[f"{name}{_camel(f.name)}Lsb"] = f.lsb
    return table
