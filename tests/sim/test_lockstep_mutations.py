# SPDX-License-Identifier: Apache-2.0
"""Small errors, put into the emulator on purpose: each is found within 6 * 10^4 instructions.

The mutant runs against the emulator as it is, which is held to the RTL by `test_lockstep.py`;
one mutant runs against the RTL itself.
"""

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cosim.emulator import Emulator
from cosim.flange.build import server
from cosim.flange.client import Connection, Server
from cosim.lockstep import Machine, compare, random_session

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.stem for path in (ROOT / "cosim" / "emulator").glob("*.cpp"))
SOURCES = tuple(name for name in FILES if name != "unity")  # which only includes the others
PARTS = ("analog", "ppu")  # libraries in C
COUNT, SESSION, SEED = 60_000, 2000, 20_000


@dataclass(frozen=True)
class Mutation:
    """`text`, which occurs once in `file`, becomes `instead`."""

    name: str
    file: str
    text: str
    instead: str


MUTATIONS = [
    Mutation(
        "link latency + 1",
        "link.h",
        "return (tick + HX_MACHINE_LINK_LATENCY)",
        "return (tick + 1 + HX_MACHINE_LINK_LATENCY)",
    ),
    Mutation(
        "link up one tick late",
        "link.cpp",
        "tick + HX_MACHINE_LINK_UP_DELAY",
        "tick + 1 + HX_MACHINE_LINK_UP_DELAY",
    ),
    Mutation("link repeats late", "link.h", "_ARQ_SLACK;", "_ARQ_SLACK + 1;"),
    Mutation(
        "chip takes what it has", "machine.cpp", "frame->number == link_.chip.expected", "true"
    ),
    Mutation("repeat of a write is one word", "machine.cpp", ".read ? 1 : 2", ".read ? 1 : 1"),
    Mutation("Sysdelta up to 255", "fpga.cpp", "gap <= 256", "gap <= 255"),
    Mutation(
        "timeout > for >=",
        "fpga.cpp",
        "tick - stall_start(tick) >= s_.timeout",
        "tick - stall_start(tick) > s_.timeout",
    ),
    Mutation("one more JTAG pulse", "fpga.cpp", ": length) + 5)", ": length) + 6)"),
    Mutation("byte enable of 7 bits", "../flange/memory.hpp", "0xffu << 8 * i", "0x7fu << 8 * i"),
    Mutation("drops counted twice", "fpga.cpp", "++s_.events_dropped", "s_.events_dropped += 2"),
    Mutation(
        "FPGA time off by one", "fpga.cpp", "(s_.base - (in.tick + 1))", "(s_.base - in.tick)"
    ),
    Mutation(
        "53 reads in flight",
        "fpga.h",
        "s_.reads_in_flight < HX_MACHINE_MAX",
        "s_.reads_in_flight <= HX_MACHINE_MAX",
    ),
    Mutation(
        "events before answers",
        "fpga.cpp",
        "(!answers || !s_.last_event)",
        "(!answers || s_.last_event)",
    ),
    Mutation(
        "flush one tick late",
        "fpga.cpp",
        "message.valid && tick - s_.accepted >= HX",
        "message.valid && tick - s_.accepted > HX",
    ),
    Mutation(
        "polling ignores a bit",
        "fpga.cpp",
        "(s_.poll_value & s_.poll_mask)",
        "(s_.poll_value & s_.poll_mask & ~1u)",
    ),
    Mutation("acknowledge of a byte read at once", "board.cpp", "i2c_held && i2c_read;", "false;"),
    Mutation("no index of the byte", "board.cpp", "  low = !low;\n", ""),
    Mutation("late sample of serial bits", "events.cpp", "divider() / 2;", "divider();"),
    Mutation(
        "link label of 14 bits", "events.cpp", "(kOutputEnable - 1)", "(kOutputEnable - 1) / 2"
    ),
    Mutation(
        "DRAM one tick slower", "fpga.cpp", "tick + HX_MACHINE_DRAM", "1 + tick + HX_MACHINE_DRAM"
    ),
    Mutation(
        "channel of an input",
        "chip.cpp",
        "L2_INPUT + (label >> 14)",
        "L2_INPUT + (label >> 14 ^ 1)",
    ),
    Mutation(
        "same processor first", "chip.cpp", "wants[1] ? !s_.last_ppu", "wants[1] ? s_.last_ppu"
    ),
    Mutation("memory port while the bus is there", "ppu.cpp", " && !c.memory_taken", ""),
    Mutation("half rows of 31 words", "ppu.cpp", "word_ == kWords - 1", "word_ == kWords - 2"),
]


def library(mutation: Mutation | None, folder: Path) -> Path:
    """The emulator, with a mutation, compiled in `folder`; unchanged objects are kept there."""
    source = folder / "emulator"
    shutil.copytree(ROOT / "cosim" / "emulator", source, dirs_exist_ok=True)
    (folder / "flange").mkdir(exist_ok=True)
    for header in ("wire.hpp", "memory.hpp"):
        shutil.copy(ROOT / "cosim" / "flange" / header, folder / "flange")
    for part in PARTS:
        (folder / part).mkdir(exist_ok=True)
        for path in (ROOT / "cosim" / part).glob("*.h"):
            shutil.copy(path, folder / part)
    changed = set(SOURCES)
    if mutation:
        path = source / mutation.file
        text = path.read_text()
        assert text.count(mutation.text) == 1, f"{mutation.name}: the source has changed"
        path.write_text(text.replace(mutation.text, mutation.instead))
        changed = set(SOURCES) if not mutation.file.endswith(".cpp") else {path.stem}
    compiler = shlex.split(os.environ.get("CXX", "g++"))
    if shutil.which("ccache"):
        compiler = ["ccache", *compiler]
    tag = mutation.name.replace(" ", "-") if mutation else "original"
    objects = []
    for name in SOURCES:
        target = folder / f"{name}{'.' + tag if mutation and name in changed else ''}.o"
        if name in changed:
            flags = ["-std=c++17", "-O1", "-fPIC", "-ffp-contract=off", f"-I{ROOT}/hal/include"]
            command = [*compiler, *flags, "-c", f"{source}/{name}.cpp", "-o", str(target)]
            subprocess.run(command, check=True)
        objects.append(str(target))
    result = folder / f"{tag}.so"
    objects += map(str, (folder / "core").glob("*.o"))
    subprocess.run([*compiler, "-shared", *objects, "-lm", "-o", str(result)], check=True)
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the objects of the unchanged emulator."""
    path = tmp_path_factory.mktemp("mutants")
    (path / "core").mkdir()
    for source in (path for part in PARTS for path in (ROOT / "cosim" / part).glob("*.c")):
        flags = ["-std=c11", "-O2", "-fPIC", "-ffp-contract=off", f"-I{ROOT}/hal/include"]
        target = path / "core" / f"{source.stem}.o"
        subprocess.run(["gcc", *flags, "-c", str(source), "-o", str(target)], check=True)
    library(None, path)
    return path


def instructions_until_found(mutant: Path, other: str) -> int | None:
    """Instructions after which the mutant was caught; None if it was not."""
    done, seed = 0, SEED
    while done < COUNT:
        session = random_session(seed, min(SESSION, COUNT - done))
        reference: Machine
        if other == "rtl":
            process = Server(server())
            reference = Connection(process.host, process.port, process)
        else:
            reference = Emulator()
        found = compare(Emulator(library=mutant), reference, session)
        reference.close()
        done += session.instructions
        if found is not None:
            return done
        seed += 1
    return None


def test_no_mutation_is_no_difference(folder: Path) -> None:
    assert instructions_until_found(folder / "original.so", "emu") is None


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_mutant_is_found(mutation: Mutation, folder: Path) -> None:
    found = instructions_until_found(library(mutation, folder), "emu")
    assert found is not None, f"{mutation.name}: not found within {COUNT} instructions"


def test_mutant_is_found_by_the_rtl(folder: Path) -> None:
    assert instructions_until_found(library(MUTATIONS[0], folder), "rtl") is not None
