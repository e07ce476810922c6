# SPDX-License-Identifier: Apache-2.0
"""Reference pages of messages and addresses, made from their declarations."""

from collections.abc import Mapping, Sequence

from hal.fisch.addresses import REGIONS, Region
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA, Dictionary, Field

__all__ = ["addresses_page", "messages_page"]


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _bits(field: Field) -> str:
    place = f"[{field.msb}:{field.lsb}]" if field.msb > field.lsb else f"[{field.lsb}]"
    return f"`{place}` {field.name}" + (f": {field.meaning}" if field.meaning else "")


def _messages(dictionary: Dictionary) -> str:
    rows = [
        (
            str(m.id),
            m.name,
            str(m.payload_width),
            str(m.width),
            m.meaning,
            "; ".join(map(_bits, m.fields)),
        )
        for m in dictionary
    ]
    return _table(("id", "name", "payload bits", "width", "meaning", "fields"), rows)


def messages_page() -> Mapping[str, str]:
    """`docs/reference/messages.md`: both dictionaries."""
    return {
        "docs/reference/messages.md": (
            "<!-- Generated from hal/hxcomm/messages.py by cosim.build.generate; do not edit. -->\n"
            "# UT messages\n\n"
            "How they become words is told in [words.md](../words.md).\n\n"
            f"## To the FPGA\n\n{_messages(TO_FPGA)}\n## From the FPGA\n\n{_messages(FROM_FPGA)}"
        )
    }


def _row(region: Region) -> tuple[str, ...]:
    bases = [
        f"`0x{base:08x}`" + (f" {block.replace('_', ' ')}" if block else "")
        for block, base in zip(region.blocks, region.bases, strict=True)
    ]
    widths = sorted(set(region.widths), key=region.widths.index)
    return (
        region.name,
        ", ".join(bases),
        str(region.count),
        str(region.stride),
        str(region.words),
        ", ".join(map(str, widths)),
        region.access,
    )


def addresses_page() -> Mapping[str, str]:
    """`docs/reference/addresses.md`: all regions."""
    header = ("region", "base", "count", "stride", "words", "bits", "access")
    fpga = [_row(r) for r in REGIONS if r.bases[0] >> 31]
    chip = [_row(r) for r in REGIONS if not r.bases[0] >> 31]
    return {
        "docs/reference/addresses.md": (
            "<!-- Generated from hal/fisch/addresses.py by cosim.build.generate; do not edit. -->\n"
            "# Omnibus addresses\n\n"
            "Word `w` of entry `i` lies at base + stride * i + w; "
            "addresses count 32-bit words.\n\n"
            f"## FPGA\n\n{_table(header, fpga)}\n## Chip\n\n{_table(header, chip)}"
        )
    }
