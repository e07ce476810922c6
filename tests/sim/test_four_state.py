# SPDX-License-Identifier: Apache-2.0
"""The whole system in Icarus, which has four states: nothing unknown leaves, all answers agree.

Verilator knows only two states: there a forgotten reset shows as some number.
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from cosim.build.runner import ROOT
from cosim.build.sources import include_dirs, packages, rtl_dir
from cosim.emulator import Emulator
from cosim.lockstep.programs import HALT, bring_up, jtag_scan, read, word, write
from hal.fisch import addresses, jtag

needs_icarus = pytest.mark.skipif(
    shutil.which("iverilog") is None, reason="needs Icarus; .ci/run installs it"
)
PPU = addresses.PPU_MEMORY.address(5)
PROGRAM = [
    *bring_up(timeout=5000),
    *jtag_scan(jtag.OMNIBUS_DATA.ir, 0, 32, keep=True),
    *write(PPU, 0x12345678),
    *read(PPU),
    *write(addresses.EXTERNAL_PPU_MEMORY.base, 0xCAFE, 0b0011),
    *read(addresses.EXTERNAL_PPU_MEMORY.base),
    *read(addresses.PHY_TX_COUNT.base),
    word("Barrier", omnibus=1),
    *[word("SpikePack3", label0=i, label1=0x4000 | i, label2=0xC000 | i) for i in range(20)],
    word("Setup"),
    word("WaitUntil", time=400),
    *read(addresses.CROSSBAR_OUTPUT_EVENT_COUNTER.base),
    HALT,
    word("SystimeInit"),
    *read(addresses.DEVICE_DNA.base),
    HALT,
]


def compiled(folder: Path, file: str = "", line: str = "") -> Path:
    """The bench of the system, in `folder`; without the first line of `file` that has `line`.

    Icarus 11 runs some `always_comb` without end although none of their inputs changes, and time
    stops; `always @*` means the same here.
    """
    rtl = folder / "rtl"
    shutil.copytree(rtl_dir(), rtl)
    for path in rtl.rglob("*.sv"):
        lines = path.read_text().replace("always_comb", "always @*").splitlines()
        if file and path == rtl / file:
            del lines[next(i for i, text in enumerate(lines) if line in text)]
        path.write_text("\n".join([*lines, ""]))
    options = [x for p in include_dirs() for x in (f"-I{rtl / p.name}", f"-y{rtl / p.name}")]
    sources = [str(rtl / "gen" / p.name) for p in packages()]
    sources.append(str(ROOT / "testbench" / "four_state" / "four_state.sv"))
    executable = folder / "four_state.vvp"
    command = ["iverilog", "-g2012", "-Y.sv", "-s", "four_state", "-o", str(executable)]
    subprocess.run([*command, *options, *sources], check=True, capture_output=True)
    return executable


def run(executable: Path, program: list[int]) -> list[str]:
    """What the simulation prints."""
    file = executable.with_suffix(".hex")
    file.write_text("\n".join(f"{w:016x}" for w in program))
    values = {"program": file, "count": len(program), "halts": program.count(HALT)}
    arguments = [f"+{k}={v}" for k, v in values.items()]
    command = ["vvp", "-n", str(executable), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    return done.stdout.splitlines()


@needs_icarus
def test_answers_are_known_and_those_of_the_emulator(tmp_path: Path) -> None:
    with Emulator() as machine:
        machine.send(np.array(PROGRAM, np.uint64))
        machine.run()
        words, at = machine.receive_timed()
    expected = [f"{t} {w:016x}" for w, t in zip(words.tolist(), at.tolist(), strict=True)]
    assert run(compiled(tmp_path), PROGRAM) == expected
    assert len(expected) > 40


@needs_icarus
@pytest.mark.parametrize(
    ("file", "line", "what"),
    [
        ("fpga/fpga_omnibus_master.sv", "count_q             <= '0;", "time"),
        ("asic/asic_link_endpoint.sv", "up_bus_valid_q <= 1'b0", "item from the chip"),
    ],
)
def test_a_forgotten_reset_is_seen(tmp_path: Path, file: str, line: str, what: str) -> None:
    said = run(compiled(tmp_path, file, line), PROGRAM)
    assert f"unknown {what} at cycle" in said[-1]
