# SPDX-License-Identifier: Apache-2.0
"""The link's wire protocol: one declaration for client, server and the wrapper around the RTL.

A connection is a sequence of frames, each a header followed by its payload; all integers are
little endian. A script (what `--replay` takes) is the same sequence in a file.
`wire.hpp` and `flange_pkg.sv` are generated from this module.
"""

import re
from enum import IntEnum
from pathlib import Path
from typing import Any

from construct import (  # type: ignore[import-untyped]  # construct ships no types
    Bytes,
    GreedyBytes,
    Int16ul,
    Int32ul,
    Int64ul,
    Struct,
)

from cosim.window import PS_PER_CYCLE

__all__ = [
    "HEADER",
    "HELLO",
    "LINK_FRAMES",
    "LONGEST",
    "MAGIC",
    "SETTINGS",
    "VERSION",
    "Config",
    "Frame",
    "Report",
    "Stall",
    "Status",
]

MAGIC = b"HXFLANGE"
#: Changes whenever a frame changes; both sides refuse another version.
VERSION = 1


class Frame(IntEnum):
    """Kind of a frame; those of the host have bit 7 clear, those of the server have it set."""

    HELLO = 0x01  #: MAGIC, version (u32), name of the client
    WORDS = 0x02  #: n words, then n not-before cycles if the flag WITH_TIMES is set
    RUN = 0x03  #: u64 limit in cycles (0: none): clock until all queued halts are answered
    ADVANCE = 0x04  #: u64 cycles: clock for exactly so long
    RESET = 0x05  #: u64 FPGA cycles: drop queued words, hold the connection reset for so long
    CONFIG = 0x06  #: pairs (u64 key, u64 value), see Config
    WAVES = 0x07  #: u64 first cycle, u64 last cycle, path; an empty path closes the waveform
    STATS = 0x08  #: asks for STATS_REPORT
    BYE = 0x09  #: ends the connection
    SHUTDOWN = 0x0A  #: ends the simulation
    INTERRUPT = 0x0B  #: freeze now, wherever the run is

    WELCOME = 0x81  #: MAGIC, version (u32), text: name of the simulation
    REFUSED = 0x82  #: text: why there is no connection
    ANSWERS = 0x83  #: n words, then the n cycles at which they left
    ENTERED = 0x84  #: n cycles at which words entered, in the order of the words
    FROZEN = 0x85  #: the report (Report), after RUN, ADVANCE and RESET
    STATS_REPORT = 0x86  #: the report (Report)
    DIAGNOSTIC = 0x87  #: u64 cycle, u64 code, u64 data
    ERROR = 0x88  #: text: what could not be done; the simulation goes on
    GOODBYE = 0x89  #: text: why the server leaves
    PROGRESS = 0x8A  #: the report (Report), about twice a second during a long run


#: Flag of WORDS: the payload has a not-before cycle for each word.
WITH_TIMES = 1


class Config(IntEnum):
    """Keys of CONFIG. All times are modelled, none depends on the wall clock."""

    SKIP = 0  #: 1 (default): jump over cycles in which only time passes
    RATE = 1  #: FPGA cycles per word towards the FPGA, >= 1 (default 1)
    STALL = 2  #: back-pressure towards the trace: see Stall (default none)
    STALL_A = 3  #: periodic: period in FPGA cycles; random: seed
    STALL_B = 4  #: periodic: accepting FPGA cycles per period; random: accepting n of 256
    RECORD = 5  #: 1: report with ENTERED when each word entered (default 0)
    SEED = 6  #: of the chip, 0 is the ideal one; before anything reaches its analog core
    ANALOG = 7  #: 0: the analog core, 1: the digital stand-in; as SEED
    LINK_SEED = 8  #: of the errors on the link between FPGA and chip
    LINK_LOST = 9  #: frames of 1000, per direction, that are lost there (default 0)
    LINK_DAMAGED = 10  #: ... that arrive damaged
    LINK_REPEATED = 11  #: ... that arrive twice
    PPU = 12  #: seed of stand-ins for the embedded processors, taken when their reset ends; 0: none


class Stall(IntEnum):
    """Pattern of the back-pressure; a function of the time alone, so that skipping keeps it."""

    NONE = 0
    PERIODIC = 1
    RANDOM = 2


#: Errors of the link are frames of so many.
LINK_FRAMES = 1000
#: What fits into the time of the system.
LONGEST = 2**44 - 1
#: Default, least and greatest value of each setting.
SETTINGS: dict[Config, tuple[int, int, int]] = {
    Config.SKIP: (1, 0, 1),
    Config.RATE: (1, 1, LONGEST),
    Config.STALL: (Stall.NONE, Stall.NONE, Stall.RANDOM),
    Config.STALL_A: (1, 1, LONGEST),
    Config.STALL_B: (0, 0, LONGEST),
    Config.RECORD: (0, 0, 1),
    Config.SEED: (0, 0, LONGEST),
    Config.ANALOG: (0, 0, 1),
    Config.LINK_SEED: (0, 0, 2**32 - 1),
    Config.LINK_LOST: (0, 0, LINK_FRAMES),
    Config.LINK_DAMAGED: (0, 0, LINK_FRAMES),
    Config.LINK_REPEATED: (0, 0, LINK_FRAMES),
    Config.PPU: (0, 0, 2**32 - 1),
}


class Status(IntEnum):
    """Why the simulation froze."""

    HALTED = 0  #: the answer to the last queued halt has left
    NO_HALT = 1  #: RUN without a queued halt: no time has passed
    LIMIT = 2  #: the limit of RUN was reached, or all cycles of ADVANCE have passed
    INTERRUPTED = 3
    RESET = 4  #: the connection reset is over
    STARTED = 5  #: first cycle after power-on
    POLL = 6  #: inside the simulation only: a periodic look at the host


class Action(IntEnum):
    """What the wrapper does next (inside the simulation only)."""

    RUN = 0
    ADVANCE = 1
    RESET = 2
    TERMINATE = 3


class Control(IntEnum):
    """Index into what the wrapper gets when it resumes (inside the simulation only)."""

    ACTION = 0
    LIMIT = 1
    HALTS = 2
    SKIP = 3
    RATE = 4
    STALL = 5
    STALL_A = 6
    STALL_B = 7
    RESET = 8
    LINK_SEED = 9
    LINK_LOST = 10
    LINK_DAMAGED = 11
    LINK_REPEATED = 12
    PPU = 13


class Report(IntEnum):
    """Index of the u64 values in FROZEN, STATS_REPORT and PROGRESS."""

    STATUS = 0
    NOW = 1  #: cycle (4 ns) since power-on
    CYCLES = 2  #: cycles that were clocked
    SKIPPED = 3  #: cycles that were skipped
    WORDS_IN = 4  #: words that entered
    WORDS_OUT = 5  #: words that left
    QUEUED = 6  #: words still waiting in the server
    HALTS = 7  #: halts without an answer
    RUN_NS = 8  #: wall-clock time spent clocking, ns
    CALLS = 9  #: calls out of the simulation


HEADER: Any = Struct("kind" / Int16ul, "flags" / Int16ul, "reserved" / Int32ul, "size" / Int64ul)
HELLO: Any = Struct("magic" / Bytes(len(MAGIC)), "version" / Int32ul, "text" / GreedyBytes)
#: Words per batch across DPI.
BATCH = 256


def _camel(name: str) -> str:
    return name.title().replace("_", "")


def _generate_h() -> str:
    lines = [
        "// Generated from cosim/flange/wire.py by cosim.build.generate; do not edit.",
        "// SPDX-License-Identifier: Apache-2.0",
        "#pragma once",
        "#include <cstdint>",
        "namespace flange {",
        f'constexpr char kMagic[] = "{MAGIC.decode()}";',
        f"constexpr uint32_t kVersion = {VERSION};",
        f"constexpr int kBatch = {BATCH};",
        f"constexpr uint16_t kWithTimes = {WITH_TIMES};",
    ]
    for enum in (Frame, Config, Stall, Status, Action, Control, Report):
        members = ", ".join(f"{_camel(m.name)} = {m.value}" for m in enum)
        lines += [f"namespace {enum.__name__} {{", f"enum : int {{ {members} }};"]
        lines += [f"constexpr int Count = {len(enum)};", "}"]
    lines += [
        f"constexpr uint64_t kLinkFrames = {LINK_FRAMES};",
        f"constexpr uint64_t kLongest = {LONGEST};",
        f"constexpr uint64_t kCyclePs = {PS_PER_CYCLE};",
        "struct Setting {",
        "uint64_t value, least, most;  // value: the default",
        "};",
        "constexpr Setting kSettings[Config::Count] = {",
        *("{" + ", ".join(str(int(n)) for n in SETTINGS[key]) + "}," for key in Config),
        "};",
    ]
    return "\n".join([*lines, "}  // namespace flange", ""])


def _generate_sv() -> str:
    lines = [
        "// Generated from cosim/flange/wire.py by cosim.build.generate; do not edit.",
        "// SPDX-License-Identifier: Apache-2.0",
        "package flange_pkg;",
        f"  localparam int Batch = {BATCH};",
        f"  localparam int LinkFrames = {LINK_FRAMES};",
    ]
    for enum in (Stall, Status, Action, Control):
        lines += [f"  localparam int {enum.__name__}{_camel(m.name)} = {m.value};" for m in enum]
        lines += [f"  localparam int {enum.__name__}Count = {len(enum)};"]
    return "\n".join([*lines, "endpackage", ""])


def generate() -> dict[str, str]:
    """Text of the generated files by their path in the repository."""
    return {
        "cosim/flange/wire.hpp": _generate_h(),
        "cosim/flange/flange_pkg.sv": _generate_sv(),
    }


def table() -> str:
    """The frames as a Markdown table, for the documentation."""
    source = Path(__file__).read_text(encoding="utf-8")
    rows = ["| frame | kind | from | payload |", "|---|---|---|---|"]
    for frame in Frame:
        note = re.search(rf"^    {frame.name} = .*?#: (.*)$", source, re.MULTILINE)
        side = "server" if frame & 0x80 else "host"
        rows.append(f"| {frame.name} | 0x{frame:02X} | {side} | {note[1] if note else 'none'} |")
    return "\n".join(rows)
