# SPDX-License-Identifier: Apache-2.0
"""Words and answers of a record as text: disassembly, and a table of the Omnibus accesses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from cosim.flange.record import Record, Words
from cosim.flange.wire import Config
from hal.fisch import addresses, jtag
from hal.fisch.access import Backend
from hal.haldls.codegen import TRANSFORMS
from hal.hxcomm.codec import Decoder, fpga_times
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, PHYWORD_WIDTH, TO_FPGA

__all__ = ["Access", "accesses", "answers", "dump", "fields", "instruction", "place"]

#: Containers with more words than this (the external DRAM) are shown by their region only.
LARGEST = 1 << 20
_PAYLOAD = PHYWORD_WIDTH - HEADER_WIDTH
_FILLER = 1 << (PHYWORD_WIDTH - 1)
_JTAG = {i.ir: i.name for i in jtag.INSTRUCTIONS}


def instruction(word: int) -> str:
    """A word to the FPGA: name of the instruction and its fields."""
    if word & _FILLER:
        return "filler"
    header = word >> _PAYLOAD
    if header >= len(TO_FPGA):
        return "unknown header"
    message = TO_FPGA[header]
    values = message.unpack(word)
    text = " ".join(f"{k}=0x{v:x}" if v > 9 else f"{k}={v}" for k, v in values.items())
    if message.name == "OmnibusAddress":
        text += f"  # {place(values['address'])}"
    elif message.name == "JtagIns":
        text += f"  # {_JTAG.get(values['instruction'], 'bypass or PHY')}"
    return f"{message.name} {text}".rstrip()


def answers(words: Words, at: Words) -> Iterator[tuple[int, int, str]]:
    """The messages in answer words: cycle at which the last bit left, FPGA time, text."""
    decoder = Decoder(FROM_FPGA)
    found: list[tuple[int, int, int]] = []
    parts = []
    for index, cycle in enumerate(at.tolist()):
        messages = decoder.feed(words[index : index + 1])
        parts.append(messages)
        found += [(cycle, i, p) for i, p in messages.pairs()]
    if not found:
        return
    columns = [np.concatenate([part[i] for part in parts]) for i in range(3)]
    times = fpga_times(type(parts[0])(*columns))
    for (cycle, kind, payload), time in zip(found, times.tolist(), strict=True):
        message = FROM_FPGA[kind]
        values = message.unpack(payload)
        text = " ".join(f"{k}=0x{v:x}" if v > 9 else f"{k}={v}" for k, v in values.items())
        yield cycle, time, f"{message.name} {text}".rstrip()


@dataclass(frozen=True, slots=True)
class Access:
    """One Omnibus access: when its last word entered, by which route, where, and what."""

    at: int
    route: str
    is_read: bool
    address: int
    byte_enables: int
    data: int | None  # None: not known


def accesses(record: Record) -> list[Access]:
    """The accesses in the order of their words, with what the reads over the link found.

    The values are given only if each read was answered, and no write.
    """
    found: list[Access] = []
    address = enables = 0
    ir = jtag_data = 0
    jtag_address = 0
    for step in record.steps:
        if step.kind != "words":
            continue
        at = step.at.tolist() or [0] * step.words.size
        for word, cycle in zip(step.words.tolist(), at, strict=True):
            header = word >> _PAYLOAD
            if header >= len(TO_FPGA):
                continue
            message = TO_FPGA[header]
            values = message.unpack(word)
            if message.name == "OmnibusAddress":
                if values["is_read"]:
                    found.append(Access(cycle, "link", True, values["address"], 15, None))
                else:
                    address, enables = values["address"], values["byte_enables"]
            elif message.name == "OmnibusData":
                found.append(Access(cycle, "link", False, address, enables, values["data"]))
            elif message.name == "JtagIns":
                ir = values["instruction"]
            elif message.name == "JtagData":
                if ir == jtag.OMNIBUS_ADDRESS.ir:
                    jtag_address = values["data"]
                elif ir == jtag.OMNIBUS_DATA.ir:
                    jtag_data = values["data"] & 0xFFFFFFFF
                elif ir == jtag.OMNIBUS_REQUEST.ir:
                    read = bool(jtag_address >> jtag.OMNIBUS_ADDRESS_READ_BIT & 1)
                    where = jtag_address & 0xFFFFFFFF
                    data = None if read else jtag_data
                    found.append(Access(cycle, "jtag", read, where, 15, data))
    messages = Decoder(FROM_FPGA).feed(record.answers)
    values_read = [p for i, p in messages.pairs() if i == FROM_FPGA["OmnibusData"].id]
    reads = [i for i, a in enumerate(found) if a.is_read and a.route == "link"]
    if len(reads) == len(values_read):
        for index, value in zip(reads, values_read, strict=True):
            a = found[index]
            found[index] = Access(a.at, a.route, True, a.address, a.byte_enables, value)
    return found


def place(address: int) -> str:
    """Name of what lies at an address."""
    location = addresses.find(address)
    return str(location) if location else "unmapped"


@cache
def _containers() -> list[tuple[Any, Any]]:
    """All containers with Omnibus addresses, those of few words first, and their addresses."""
    from hal import haldls
    from hal.haldls.declaration import Registers

    classes = {c for c in vars(haldls).values() if isinstance(c, type) and issubclass(c, Registers)}
    found = []
    for cls in sorted(classes, key=lambda c: c.__name__):
        rule = cls._addresses.get(Backend.Omnibus)
        if cls._at is not None and rule and cls._at.size * len(rule.words) <= LARGEST:
            found.append((cls, rule.of(np.arange(cls._at.size))))
    return sorted(found, key=lambda pair: pair[1].shape[1])


@cache
def _holder(address: int) -> tuple[Any, int, int] | None:
    """Container, number of its coordinate, and word in it."""
    for cls, table in _containers():
        if table.min() <= address <= table.max():
            rows, words = np.nonzero(table == address)
            if rows.size:
                return cls, int(rows[0]), int(words[0])
    return None


def fields(address: int, data: int | None) -> str:
    """What a register's word means: container, number of its coordinate, and fields."""
    holder = _holder(address)
    if holder is None:
        return ""
    cls, number, word = holder
    text = f"{cls.__name__}({number})"
    if data is None:
        return text
    if cls._transform:
        data = int(TRANSFORMS[cls._transform][1](data))
    parts = []
    for slot in cls._slots:
        value = 0
        pieces = [p for p in slot.places if p.word == word and not p.enable]
        for p in pieces:
            mask = (1 << p.width) - 1
            piece = data >> p.lsb & mask
            if p.inverted:
                piece ^= mask
            if p.reversed:
                piece = int(f"{piece:0{p.width}b}"[::-1], 2)
            value |= piece << p.source
        if pieces:
            whole = len(pieces) == len([p for p in slot.places if not p.enable])
            if slot.code and whole:
                value = int(slot.code.decode(value))
            parts.append(f"{slot.name}{'' if whole else '(part)'}={value}")
    return f"{text} {' '.join(parts)}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()


def _access_rows(found: Iterable[Access]) -> Iterator[list[str]]:
    yield ["cycle", "route", "", "address", "bytes", "data", "place", "fields"]
    for a in found:
        yield [
            str(a.at),
            a.route,
            "read" if a.is_read else "write",
            f"0x{a.address:08x}",
            f"{a.byte_enables:04b}",
            "-" if a.data is None else f"0x{a.data:08x}",
            place(a.address),
            fields(a.address, a.data),
        ]


def dump(record: Record) -> Iterator[str]:
    """A record as lines of text."""
    yield "configuration: " + ", ".join(f"{k} {v}" for k, v in record.configuration.items())
    for number, step in enumerate(record.steps):
        if step.kind == "words":
            yield f"step {number}: {step.words.size} words"
            at = step.at.tolist() or ["-"] * step.words.size
            for word, cycle in zip(step.words.tolist(), at, strict=True):
                yield f"  {cycle!s:>12}  {word:016x}  {instruction(word)}"
        elif step.kind == "config":
            pairs = step.words.reshape(-1, 2).tolist()
            yield f"step {number}: " + ", ".join(f"{Config(k).name} = {v}" for k, v in pairs)
        else:
            yield f"step {number}: {step.kind}{f' {step.count}' if step.count else ''}"
    yield f"answers: {record.answers.size} words; cycle of the last bit, FPGA time, message"
    for cycle, time, text in answers(record.answers, record.at):
        yield f"  {cycle:>12}  {time:>12}  {text}"
    found = accesses(record)
    yield f"Omnibus accesses: {len(found)}"
    yield from ("  " + line for line in _table(list(_access_rows(found))))
