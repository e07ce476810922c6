# SPDX-License-Identifier: Apache-2.0
"""Synthesis with Yosys: what counts as hardware, on small blocks; all of rtl/ is `make synth`."""

import shutil
from pathlib import Path

import pytest

from cosim.build.cache import BuildError
from cosim.build.sources import sources_of
from cosim.build.synth import Block, synthesise

needs_yosys = pytest.mark.skipif(
    shutil.which("yosys") is None, reason="needs Yosys; .ci/run installs it"
)


def of(folder: Path, body: str) -> Block:
    path = folder / "probe.sv"
    path.write_text(
        f"module probe (input logic clk_i, input logic a_i, output logic q_o);\n{body}\nendmodule\n"
    )
    (block,) = synthesise("probe", [path])
    return block


@needs_yosys
def test_cells_registers_and_memories() -> None:
    (fifo,) = synthesise("fifo", sources_of("fifo"))
    assert (fifo.name, fifo.registers, fifo.memories, fifo.memory_bits) == ("fifo", 4, 1, 64 * 16)
    assert fifo.cells > 10 and not fifo.complaints


@needs_yosys
def test_blocks_of_several_levels() -> None:
    found = synthesise("link", sources_of("link", "link_arq", "link_wire", "delay_line"))
    assert {b.name for b in found} == {"link", "link_arq", "link_wire", "delay_line"}
    assert sum(b.memories for b in found if b.name == "delay_line") > 2
    assert not any(b.complaints for b in found)


@needs_yosys
def test_a_register_is_hardware(tmp_path: Path) -> None:
    block = of(tmp_path, "always_ff @(posedge clk_i) q_o <= !a_i;")
    assert block == Block("probe", 1, 1, 0, 0, ())


@needs_yosys
def test_a_latch_bad(tmp_path: Path) -> None:
    block = of(tmp_path, "always @* if (clk_i) q_o = a_i;")
    assert block.complaints == ("1 cells $dlatch",)


@needs_yosys
@pytest.mark.parametrize(
    "body",
    ["real x; always @(posedge clk_i) x = x * 1.5;", "always @(a_i) fork q_o = a_i; join"],
)
def test_behaviour_bad(tmp_path: Path, body: str) -> None:
    with pytest.raises(BuildError, match="yosys does not synthesise 'probe'"):
        of(tmp_path, body)


def test_no_yosys_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BuildError, match="'yosys' is missing; get it with"):
        synthesise("fifo")
