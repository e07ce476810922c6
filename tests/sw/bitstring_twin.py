# SPDX-License-Identifier: Apache-2.0
"""Slow, independent twin of the word codec: strings of bits, one message at a time.

It shares only the tables of messages with `hal.hxcomm.codec`.
"""

from collections.abc import Iterable

from bitstring import BitArray, Bits

from hal.hxcomm.messages import Dictionary

__all__ = ["TwinDecoder", "TwinEncoder", "TwinUnknownHeaderError"]

WORD = 64
HEADER = 8


class TwinUnknownHeaderError(Exception):
    """A header that is not in the dictionary."""


class TwinEncoder:
    """Section 1.4 of the interface reference, put down as it reads."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.bits = BitArray()

    def put(self, identity: int, payload: int) -> list[int]:
        message = self.dictionary[identity]
        gap = message.width - HEADER - message.payload_width
        self.bits.append(Bits(uint=identity, length=HEADER))
        self.bits.append(Bits.from_zeros(gap))
        if message.payload_width:
            self.bits.append(Bits(uint=payload, length=message.payload_width))
        words = []
        while len(self.bits) >= WORD:
            words.append(self.bits[:WORD].uint)
            del self.bits[:WORD]
        return words

    def flush(self) -> list[int]:
        if not self.bits:
            return []
        self.bits.append("0b1")
        self.bits.append(Bits.from_zeros(WORD - len(self.bits)))
        words = [self.bits.uint]
        self.bits = BitArray()
        return words


class TwinDecoder:
    """Section 1.5 of the interface reference, put down as it reads."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.bits = BitArray()
        self.state = "IDLE"

    def take(self, word: int) -> Iterable[tuple[int, int]]:
        """Messages that a word completes; call `list` on it."""
        incoming = Bits(uint=word, length=WORD)
        if self.state == "IDLE" and incoming[0]:
            return
        self.bits.append(incoming)
        while True:
            identity = self.bits[:HEADER].uint
            if self.state != "PAYLOAD" and identity >= len(self.dictionary):
                raise TwinUnknownHeaderError(identity)
            message = self.dictionary[identity]
            if len(self.bits) < message.width:
                self.state = "PAYLOAD"
                return
            content = self.bits[: message.width]
            del self.bits[: message.width]
            width = message.payload_width
            yield identity, content[message.width - width :].uint if width else 0
            self.state = "HEADER"
            if len(self.bits) and self.bits[0]:
                del self.bits[len(self.bits) - len(self.bits) % WORD :]
            if len(self.bits) < HEADER:
                self.state = "IDLE"
                return
