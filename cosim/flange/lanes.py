# SPDX-License-Identifier: Apache-2.0
"""Decoded lanes of the waveform: names of instructions and answers as text (ASCII) signals."""

from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, TO_FPGA, Dictionary

__all__ = ["WIDTH", "generate"]

#: Characters of a lane: the longest name.
WIDTH = max(len(m.name) for d in (TO_FPGA, FROM_FPGA) for m in d.messages)


def _function(name: str, dictionary: Dictionary) -> list[str]:
    bits = 8 * WIDTH
    lines = [
        f"  function automatic logic [{bits - 1}:0] {name}(input logic [{HEADER_WIDTH - 1}:0] id);",
        "    case (id)",
    ]
    for m in dictionary.messages:
        text = m.name.ljust(WIDTH)
        lines.append(f'      {HEADER_WIDTH}\'d{m.id}: {name} = "{text}";')
    lines += [f'      default: {name} = "{"?".ljust(WIDTH)}";', "    endcase", "  endfunction"]
    return lines


def generate() -> dict[str, str]:
    """Text of the generated package by its path in the repository."""
    lines = [
        "// Generated from hal/hxcomm/messages.py by cosim.build.generate; do not edit.",
        "// SPDX-License-Identifier: Apache-2.0",
        "package lanes_pkg;",
        f"  localparam int Width = {8 * WIDTH};",
        *_function("instruction", TO_FPGA),
        *_function("answer", FROM_FPGA),
        "endpackage",
        "",
    ]
    return {"cosim/flange/lanes_pkg.sv": "\n".join(lines)}
