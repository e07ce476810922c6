# SPDX-License-Identifier: Apache-2.0
"""Decoded lanes of the waveform: instructions, answers, registers and events as text (ASCII)."""

from hal.fisch.addresses import CADC_ACAUSAL_SAMPLE, CADC_BUFFERED_BIT, CADC_CAUSAL_SAMPLE, REGIONS
from hal.hxcomm.messages import FROM_FPGA, HEADER_WIDTH, TO_FPGA, Dictionary

__all__ = ["ACCESS", "DOWN", "REGISTER", "UP", "WIDTH", "generate"]

#: Characters of a lane: the longest name.
WIDTH = max(len(m.name) for d in (TO_FPGA, FROM_FPGA) for m in d.messages)
#: Of an access: who asks, and what for; of a register: the longest name of a region.
ACCESS = len("link writes")
REGISTER = max(len(r.name) + 1 + max(map(len, r.blocks)) for r in REGIONS)
#: Of the events to and from the chip in one tick.
DOWN, UP = 3 * len("1234 "), 2 * len("spike 1234@56 ")


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


def _register() -> list[str]:
    """Name of what lies at an address; where regions share it, of the one that `find` means."""
    lines = [
        f"  function automatic logic [{8 * REGISTER - 1}:0] register(input logic [31:0] address);",
        f'    register = "{"?".ljust(REGISTER)}";',
    ]
    meant_first = sorted(REGIONS, key=lambda r: r.count)
    for region in meant_first[::-1]:  # the last assignment counts
        for block, base in zip(region.blocks, region.bases, strict=True):
            name = region.name + (f".{block}" if len(region.bases) > 1 else "")
            sampled = region in (CADC_CAUSAL_SAMPLE, CADC_ACAUSAL_SAMPLE)
            for first in (base, base | 1 << CADC_BUFFERED_BIT)[: 1 + sampled]:
                last = first + region.stride * (region.count - 1) + region.words - 1
                wanted = f"address >= 32'h{first:08x} && address <= 32'h{last:08x}"
                if region.words < region.stride and region.count > 1:
                    wanted += f" && (address - 32'h{first:08x}) % {region.stride} < {region.words}"
                lines.append(f'    if ({wanted}) register = "{name.ljust(REGISTER)}";')
    return [*lines, "  endfunction"]


def generate() -> dict[str, str]:
    """Text of the generated package by its path in the repository."""
    lines = [
        "// Generated from hal/hxcomm/messages.py, hal/fisch/addresses.py by cosim.build.generate;",
        "// do not edit.",
        "// SPDX-License-Identifier: Apache-2.0",
        "package lanes_pkg;",
        f"  localparam int Width = {8 * WIDTH};",
        f"  localparam int AccessWidth = {8 * ACCESS};",
        f"  localparam int RegisterWidth = {8 * REGISTER};",
        f"  localparam int DownWidth = {8 * DOWN};",
        f"  localparam int UpWidth = {8 * UP};",
        *_function("instruction", TO_FPGA),
        *_function("answer", FROM_FPGA),
        *_register(),
        "endpackage",
        "",
    ]
    return {"cosim/flange/lanes_pkg.sv": "\n".join(lines)}
