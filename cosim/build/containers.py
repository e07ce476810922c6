# SPDX-License-Identifier: Apache-2.0
"""Constants and reference pages of the containers, from their declarations.

Verilog and C get address, stride, number of words, default words and place of every field;
the reference pages draw the words bit by bit.
"""

import inspect
import string
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, TypeAlias

from hal import haldls
from hal.fisch import Backend
from hal.haldls import (
    block,
    board,
    cadc,
    capmem,
    events,
    external_ppu,
    fpga,
    i2c,
    jtag,
    neuron,
    padi,
    phy,
    pll,
    ppu,
    readout,
    routing,
    sram,
    synapse,
    timing,
    vector_generator,
)
from hal.haldls.codegen import Slot
from hal.haldls.declaration import Registers
from hal.haldls.kinds import is_enumeration, text_of
from hal.haldls.layout import Address, Bits, Digit

__all__ = ["constants", "pages"]

Constants: TypeAlias = dict[str, int | tuple[int, int]]

SUBJECTS: tuple[ModuleType, ...] = (
    neuron,
    synapse,
    padi,
    routing,
    capmem,
    cadc,
    readout,
    ppu,
    external_ppu,
    sram,
    pll,
    phy,
    jtag,
    timing,
    block,
    events,
    fpga,
    board,
    i2c,
    vector_generator,
)
FOLDER = "docs/reference/containers"
WORD_BITS = 32
ADDRESS_SPACE = 1 << 32
OMNIBUS = (Backend.Omnibus, Backend.OmnibusChipOverJTAG)


def _containers(module: ModuleType) -> Iterator[type[Registers]]:
    """Containers and conditions of a subject, in the order of their declaration."""
    for value in vars(module).values():
        if not (isinstance(value, type) and issubclass(value, Registers)):
            continue
        if value.__module__ == module.__name__ and value._at is not None:
            yield value


def _camel(name: str) -> str:
    parts = name.replace("[", "_").replace("]", "").replace(".", "_").split("_")
    return "".join(part[:1].upper() + part[1:] for part in parts)


# -- constants ------------------------------------------------------------------------------------


def constants() -> Mapping[str, int | tuple[int, int]]:
    """Named constants for Verilog and C of all containers that have Omnibus addresses.

    Of each: `Base`, `Words`, `Word<i>Default`, `Word<i>Bits` (those that belong to a field), its
    address digits `Digit<k>Count` and `Digit<k>Stride` (or `Digit<k>Offset<value>`; the first digit
    is the most significant one), and of each field `<Field>Word`, `Msb`, `Lsb`.
    A field that is not in one piece has `<Field>Part<n>...` for each, with the lowest field bit as
    `Source`.  Inverted and otherwise coded fields are told in the reference pages.
    """
    table: Constants = {}
    for module in SUBJECTS:
        for cls in _containers(module):
            backend = next((b for b in OMNIBUS if b in cls._addresses), None)
            if backend is not None and cls._part is None:
                table |= _constants_of(cls, cls._addresses[backend])
    return table


def _constants_of(cls: type[Registers], address: Address) -> Constants:
    name = cls.__name__
    table: Constants = {
        f"{name}Base": (WORD_BITS, address.words[0]),
        f"{name}Words": len(address.words),
    }
    base = address.words[0]
    if address.words != tuple(range(base, base + len(address.words))):
        for index, word in enumerate(address.words):
            table[f"{name}Word{index}Base"] = (WORD_BITS, word)
    for place, digit in enumerate(address.digits):
        table |= _digit(f"{name}Digit{place}", digit)
    if cls._writeable and cls._slots:
        for index, word in enumerate(cls()._encoded(0)[0].tolist()):
            table[f"{name}Word{index}Default"] = (WORD_BITS, word)
    for index, word in enumerate(_bits_in_use(cls, len(address.words))):
        table[f"{name}Word{index}Bits"] = (WORD_BITS, word)
    for slot in cls._slots:
        table |= _field(name + _camel(slot.name), slot)
    return table


def _bits_in_use(cls: type[Registers], words: int) -> list[int]:
    """Of each word the bits that belong to a field."""
    bits = [0] * words
    for slot in cls._slots:
        for place in slot.places:
            if not place.enable:
                bits[place.word] |= (2 << place.msb) - (1 << place.lsb)
    return bits


def _digit(name: str, digit: Digit) -> Constants:
    table: Constants = {f"{name}Count": digit.count}
    if digit.table:
        for value, distance in enumerate(digit.table):
            table[f"{name}Offset{value}"] = (WORD_BITS, distance % ADDRESS_SPACE)
    elif isinstance(digit.stride, tuple):
        for word, stride in enumerate(digit.stride):
            table[f"{name}Word{word}Stride"] = (WORD_BITS, stride % ADDRESS_SPACE)
    else:
        table[f"{name}Stride"] = (WORD_BITS, digit.stride % ADDRESS_SPACE)
    return table


def _field(name: str, slot: Slot) -> Constants:
    table: Constants = {}
    places = [place for place in slot.places if not place.enable]
    for number, place in enumerate(places):
        prefix = name if len(places) == 1 else f"{name}Part{number}"
        table[f"{prefix}Word"] = place.word
        table[f"{prefix}Msb"] = place.msb
        table[f"{prefix}Lsb"] = place.lsb
        if len(places) > 1:
            table[f"{prefix}Source"] = place.source
    return table


# -- reference pages ------------------------------------------------------------------------------


def pages() -> Mapping[str, str]:
    """One page per subject, and an index."""
    index = [
        _banner("hal/haldls"),
        "# Register containers\n",
        "| container | coordinate | access | words | meaning |\n|---|---|---|---|---|",
    ]
    files = {}
    for module in SUBJECTS:
        subject = module.__name__.rpartition(".")[2]
        text = [_banner(f"hal/haldls/{subject}.py"), f"# {_first_line(module)}\n"]
        for cls in _containers(module):
            text += _page(cls)
            index.append(
                f"| [{cls.__name__}]({subject}.md#{cls.__name__.lower()}) | {cls._at.__name__} "
                f"| {_access(cls)} | {cls._word_count()} | {_first_line(cls)} |"
            )
        files[f"{FOLDER}/{subject}.md"] = "\n".join(text).rstrip() + "\n"
    files[f"{FOLDER}/README.md"] = "\n".join(index) + "\n"
    return files


def _banner(source: str) -> str:
    return f"<!-- Generated from {source} by cosim.build.generate; do not edit. -->"


def _first_line(item: Any) -> str:
    return (inspect.getdoc(item) or "").partition("\n")[0]


def _access(cls: type[Registers]) -> str:
    if not issubclass(cls, haldls.Container):
        return "condition"
    return "/".join(word for word, on in (("read", cls._readable), ("write", cls._writeable)) if on)


def _page(cls: type[Registers]) -> list[str]:
    lines = [f"## {cls.__name__}\n", f"{inspect.getdoc(cls)}\n"]
    lines.append(f"- coordinate: `{cls._at.__name__}`")
    lines.append(f"- access: {_access(cls)}, by {', '.join(b.name for b in cls._backends)}")
    if cls._unreadable_on:
        lines.append(f"- cannot be read on: {', '.join(sorted(cls._unreadable_on))}")
    if issubclass(cls, haldls.DifferentialWriteTrait):
        lines.append("- a differential write may leave out unchanged words")
    if cls._transform:
        lines.append(f"- the words are coded: {cls._transform}")
    for backend, address in cls._addresses.items():
        lines.append(f"- address ({backend.name}): {_formula(address)}")
    if cls._part is not None:
        lines.append(f"- {cls._word_count()} words, each as in {cls._part.__name__}\n")
        return lines
    lines.append("")
    if cls._slots:
        lines += _drawing(cls)
        lines += _fields(cls)
    return lines


def _formula(address: Address) -> str:
    """The address rule in words."""
    if len(address.words) > 4:
        words = f"0x{address.words[0]:x} to 0x{address.words[-1]:x}"
    else:
        words = ", ".join(f"0x{word:x}" for word in address.words)
    for digit in address.digits:
        if digit.table:
            step = "(" + ", ".join(f"{d:#x}" for d in digit.table) + ")"
        elif isinstance(digit.stride, tuple):
            step = "per word (" + ", ".join(map(str, digit.stride)) + ")"
        else:
            step = f"{digit.stride:#x}"
        words += f"; {digit.count} steps of {step}"
    return words


def _letters(cls: type[Registers]) -> dict[tuple[int, int], str]:
    """A letter for every piece, by word and lowest bit."""
    letters: dict[tuple[int, int], str] = {}
    for word in range(cls._word_count()):
        pieces = sorted(
            (place.lsb for slot in cls._slots for place in slot.places if _drawn(place, word)),
            reverse=True,
        )
        for letter, lsb in zip(string.ascii_letters, pieces, strict=False):
            letters[word, lsb] = letter
    return letters


def _drawn(place: Bits, word: int) -> bool:
    return place.word == word and not place.enable


def _drawing(cls: type[Registers]) -> list[str]:
    """The words as rows of 32 letters, one letter a piece; a dot is a bit without meaning."""
    letters = _letters(cls)
    lines = ["```text", "         31..24   23..16   15..8    7..0"]
    for word in range(cls._word_count()):
        bits = ["."] * WORD_BITS
        for slot in cls._slots:
            for place in slot.places:
                if _drawn(place, word):
                    for bit in range(place.lsb, min(place.msb + 1, WORD_BITS)):
                        bits[bit] = letters[word, place.lsb]
        constants = cls._constants[word] if word < len(cls._constants) else 0
        for bit in range(WORD_BITS):
            if constants >> bit & 1:
                bits[bit] = "1"
        row = "".join(reversed(bits))
        lines.append(f"word {word:<3} " + " ".join(row[i : i + 8] for i in range(0, WORD_BITS, 8)))
    return [*lines, "```\n"]


def _fields(cls: type[Registers]) -> list[str]:
    letters = _letters(cls)
    lines = ["| field | bits | range | default | meaning |", "|---|---|---|---|---|"]
    owner = {
        index: field
        for field in cls._fields.values()
        for index in range(field.offset, field.offset + field.count)
    }
    for index, slot in enumerate(cls._slots):
        places = ", ".join(_place(place, letters) for place in slot.places) or "not sent"
        field = owner[index]
        meaning = "; ".join(
            text for text in (field.doc, field.unit, slot.code.text if slot.code else "") if text
        )
        default = text_of(slot.kind, int(cls._defaults[index]))
        lines.append(f"| `{slot.name}` | {places} | {_range(slot)} | {default} | {meaning} |")
    return [*lines, ""]


def _place(place: Bits, letters: dict[tuple[int, int], str]) -> str:
    if place.enable:
        return f"byte enable {place.lsb} of word {place.word}"
    span = f"{place.msb}:{place.lsb}" if place.width > 1 else f"{place.lsb}"
    text = f"{letters[place.word, place.lsb]} = {place.word}[{span}]"
    if place.source:
        text += f" from field bit {place.source}"
    return text + ", inverted" * place.inverted + ", reversed" * place.reversed


def _range(slot: Slot) -> str:
    if slot.kind is bool:
        return "bool"
    if is_enumeration(slot.kind):
        return ", ".join(f"{member.name} {member.value}" for member in slot.kind)
    return f"{slot.min}..{slot.max}"
