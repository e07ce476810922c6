# SPDX-License-Identifier: Apache-2.0
"""Vector generator of the FPGA (special bitfiles only).

Source of the facts: reference of the containers.
"""

from typing import Any

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged
from hal.haldls.arrays import kind_array
from hal.haldls.declaration import FPGA, ArrayField, Container, Field
from hal.haldls.kinds import Enumeration
from hal.haldls.layout import Address, Code, biased, bits, enable, lanes
from hal.haldls.padi import PADIEvent
from hal.haldls.ppu import PPUMemoryWord

__all__ = [
    "VectorGeneratorControl",
    "VectorGeneratorFIFOWord",
    "VectorGeneratorLUTEntry",
    "VectorGeneratorNotificationAddress",
    "VectorGeneratorTrigger",
]


_SIGNAL = Code(
    2, lambda v: (0, 1, 3)[v], lambda v: (0, 1, 2, 2)[v], "bit 0: not disabled, bit 1: trigger"
)


class VectorGeneratorControl(
    Container,
    at=halco.VectorGeneratorControlOnFPGA,
    address=Address.region(addresses.VECTOR_GENERATOR_CONTROL),
    backends=FPGA,
    access="w",
):
    """Configuration of a vector generator.

    Belongs to the vector generator that the newest halco removed.
    """

    class Source(Enumeration):
        """Where the vectors come from."""

        omnibus = 0
        external_0 = 1
        external_1 = 2
        external_2 = 3

    class Notification(Enumeration):
        """How the end is told."""

        omnibus = 0
        gpio = 1

    class Trigger(Enumeration):
        """How the start is triggered."""

        omnibus = 0
        gpio = 1

    class Signal(Enumeration):
        """Which of notification and trigger are used."""

        disabled = 0
        notification = 1
        trigger_and_notification = 2

    class SourceCount(Ranged, min=1, max=2, bits=8):
        """Number of sources."""

    class Wait(Ranged, max=15, bits=8):
        """Wait between two events of a source, in FPGA cycles."""

    class ResendCount(Ranged, max=15, bits=8):
        """How often each vector is sent again."""

    class EventPack(Ranged, min=1, max=3, bits=8):
        """Number of events sent together."""

    SourceWaits = typed_array(Wait, halco.SourceOnVectorGenerator)
    Sources = kind_array(Source, halco.SourceOnVectorGenerator)

    source_count = Field(SourceCount, bits(23), code=biased(1, -1))
    resend_count = Field(ResendCount, bits("7:4"))
    source_waits = ArrayField(SourceWaits, lanes((17, 11), 4), copies=True)
    sources = ArrayField(Sources, lanes((21, 15), 2), copies=True)
    event_pack = Field(EventPack, bits("10:9"), code=biased(2, -1))
    enable_ignore_zeros = Field(bool, bits(8))
    lookup_table_entry_start = Field(
        halco.VectorGeneratorLUTEntryOnVectorGeneratorLUT,
        bits("31:24"),
    )
    notification = Field(Notification, bits(2))
    trigger = Field(Trigger, bits(0))
    signal = Field(Signal, bits(1, of=1), bits(3), code=_SIGNAL)


class VectorGeneratorFIFOWord(
    Container,
    at=halco.VectorGeneratorFIFOWordOnFPGA,
    address=Address.region(addresses.VECTOR_GENERATOR_FIFO_WORD),
    backends=FPGA,
    access="w",
):
    """Four activations for a vector generator."""

    Value = PADIEvent.HagenActivation
    Values = typed_array(Value, halco.EntryOnQuad)
    Enables = typed_array(bool, halco.EntryOnQuad)

    values = ArrayField(Values, lanes(range(24, -1, -8), 5))
    last = ArrayField(Enables, lanes(range(31, 6, -8)))
    enable = ArrayField(Enables, [enable(byte) for byte in range(3, -1, -1)])


class VectorGeneratorLUTEntry(
    Container,
    at=halco.VectorGeneratorLUTEntryOnFPGA,
    address=Address.region(addresses.VECTOR_GENERATOR_LUT),
    backends=FPGA,
):
    """Entry of the look-up table of a vector generator."""

    class Value(Ranged, max=2047):
        """Value of a vector generator lut entry."""

    value = Field(Value, bits("10:0"))


class VectorGeneratorNotificationAddress(
    Container,
    at=halco.VectorGeneratorNotificationAddressOnFPGA,
    address=Address.region(addresses.VECTOR_GENERATOR_NOTIFICATION_ADDRESS),
    backends=FPGA,
):
    """Where a vector generator tells that it is done."""

    Value = halco.OmnibusAddress

    value = Field(halco.OmnibusAddress, bits("31:0"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Address 0, a copy, or the address of a word of a PPU's memory.

        :param word: `PPUMemoryWordOnDLS`.
        """
        words = [*arguments, *named.values()]
        if len(words) != 1 or not isinstance(words[0], halco.PPUMemoryWordOnDLS):
            super().__init__(*arguments, **named)
            return
        super().__init__()
        address = PPUMemoryWord.read_access(words[0]).addresses[0]
        self.value = halco.OmnibusAddress(int(address))


class VectorGeneratorTrigger(
    Container,
    at=halco.VectorGeneratorTriggerOnFPGA,
    address=Address.region(addresses.VECTOR_GENERATOR_TRIGGER),
    backends=FPGA,
    access="w",
):
    """Starts a vector generator when written."""
