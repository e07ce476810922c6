# SPDX-License-Identifier: Apache-2.0
"""Mutation of the RTL, on a small block: what is put in, what is seen, and what is proved."""

import shutil
from pathlib import Path

import pytest

from cosim.build import BuildError, mutate
from cosim.build.mutate import Mutant, Verdicts, bench_kills, compiled, mutants, proved, report

pytestmark = pytest.mark.skipif(
    shutil.which("yosys") is None, reason="needs Yosys; .ci/run installs it"
)

#: Which way the choice goes makes no difference; everything else does.
PROBE = """
module probe (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic [1:0] a_i,
  input  logic       choice_i,
  output logic [1:0] q_o,
  output logic [1:0] m_o
);
  logic [1:0] kept_q, next;
  logic [1:0] memory_q[0:3];
  assign next = choice_i ? ~a_i : ~a_i;
  assign q_o = kept_q;
  assign m_o = memory_q[a_i];
  always_ff @(posedge clk_i) memory_q[kept_q] <= next;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) kept_q <= '0;
    else kept_q <= next;
  end
endmodule
"""


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Mutant]:
    """All mutants of the block above."""
    path = tmp_path / "probe.sv"
    path.write_text(PROBE)
    monkeypatch.setattr(mutate, "sources_of", lambda *names: [path] if names else [])
    monkeypatch.setattr(mutate, "cache_dir", lambda: tmp_path)
    return mutants({"probe": 60}, 1)


def test_a_mutant_says_what_and_where() -> None:
    mutant = Mutant(
        7,
        "fpga_decoder",
        "mutate -mode cnot1 -module fpga_decoder -cell $ge$fpga/fpga_decoder.sv:29$2 -port A "
        "-portbit 2 -ctrlbit 5 -src fpga/fpga_decoder.sv:29.17-29.40",
    )
    assert str(mutant) == "7 fpga_decoder: cnot1 $ge.A[2], lines 29"
    assert mutant.apply().endswith(" -ctrl mutant 10 7")


def test_the_sample_follows_from_the_seed(probe: list[Mutant]) -> None:
    assert [m.number for m in probe] == list(range(1, 61))
    assert mutants({"probe": 60}, 1) == probe
    assert mutants({"probe": 60}, 2) != probe


def test_only_what_behaves_alike_is_proved(probe: list[Mutant]) -> None:
    """The choice is free; inverted registers, results, clocks and accesses to memory are not."""
    free = [m for m in probe if "-port S " in m.command]
    seen = [m for m in probe if m not in free and "-mode inv " in m.command]
    assert free and all(proved(m) for m in free)
    for what in ("-port CLK ", "memrd", "memwr", "-port Q "):
        assert any(what in m.command for m in seen), f"the sample has no {what}"
    assert not any("memrd" in m.command and "-port EN " in m.command for m in probe)
    assert not any(proved(m) for m in seen)


def test_the_bench_sees_a_mutant(tmp_path: Path) -> None:
    """Of the decoder: one that inverts a bit; without one, or with an equivalent one, it passes."""
    found = mutants({"fpga_decoder": 3}, 1)
    source = compiled(found, tmp_path)["fpga_decoder"]
    harmless = [0, *(m.number for m in found if proved(m))]
    for number in range(4):
        seen = "" if number in harmless else "bench fpga_decoder"
        assert bench_kills("fpga_decoder", number, source) == seen
    assert len(harmless) < 4


def test_verdicts_are_kept(tmp_path: Path) -> None:
    """Each is found once; what a run that was stopped has left half is found again."""
    path, asked = tmp_path / "verdicts.txt", []

    def check(verdict: str) -> str:
        asked.append(verdict)
        return verdict

    for _ in range(2):
        known = Verdicts(path)
        assert [known.of(key, lambda: check("bench fifo")) for key in (1, 2)] == ["bench fifo"] * 2
        assert known.of(3, lambda: check("")) == ""
    assert asked == ["bench fifo", "bench fifo", ""]
    path.write_text(path.read_text()[:-2])
    assert Verdicts(path).of(3, lambda: check("again")) == "again"


def test_a_bench_that_fails_by_itself_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate, "_bench_key", lambda *_: "key")
    monkeypatch.setattr(mutate, "bench_kills", lambda block, number, _: f"bench {block} {number}")
    known = Verdicts(tmp_path / "verdicts.txt")
    with pytest.raises(BuildError, match="bench fifo 0 fails on fifo without a mutant, as Yosys"):
        mutate._judged("fifo", [], None, tmp_path, known)  # type: ignore[arg-type]  # not asked


def test_report_counts_what_is_not_equivalent() -> None:
    verdicts = ["session 100", "bench fpga_decoder", "equal", "", "session 101"]
    command = "mutate -mode inv -cell $procmux$1 -port Y -portbit 0 -wire a -wirebit 3 -src f:1.1"
    found = {Mutant(n, "fpga_decoder", command): v for n, v in enumerate(verdicts, 1)}
    text, part = report(found)
    assert part == 3 / 4
    rows = [line.split() for line in text.splitlines()]
    assert rows[1] == ["fpga_decoder", "5", "2", "1", "1", "1", "75.0", "%"]
    assert rows[2][1:] == rows[1][1:]
    assert text.splitlines()[3:] == [
        "left: 4 fpga_decoder: inv a[3], lines 1",
        "equal: 3 fpga_decoder: inv a[3], lines 1",
    ]
