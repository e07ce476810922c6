# SPDX-License-Identifier: Apache-2.0
"""Mutation of the RTL: do lock-step and benches see small errors that Yosys puts in?

Yosys lists mutants of the netlist of each block, one of which a number chooses at run time
(`+MUTANT=n`), so that one build holds them all. A mutant is killed by lock-step against the
emulator, or by the bench of its block. Of those that survive, Yosys proves some to be equivalent.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from threading import Lock

import numpy as np

from cosim.emulator import Emulator
from cosim.flange.build import design
from cosim.flange.client import Connection, Server
from cosim.lockstep.compare import Answer, run_batch
from cosim.lockstep.programs import Session, random_session
from hal.errors import HxcosimError

from . import runner
from .cache import BuildError, cache_dir, publish, say
from .sources import include_dirs, packages, rtl_dir, sources_of
from .verilate import build

__all__ = ["Mutant", "Twin", "compiled", "mutants", "proved"]

#: Blocks: how many mutants of each are sampled, and the bench that holds the block.
BLOCKS = {
    "fpga_decoder": (50, "fpga_decoder"),
    "fpga_executor": (100, "fpga_executor"),
    "fpga_packer": (70, "fpga_trace"),
    "fpga_omnibus_master": (80, "fpga_omnibus_master"),
    "asic_omnibus": (60, "asic_omnibus"),
    "asic_crossbar": (80, "asic_crossbar"),
    "asic_jtag_tap": (60, "asic_jtag_tap"),
}
SEED = 1
#: Seeds of the sessions of the lock-step, and instructions of each. The last one has errors on the
#: link. None has a pause of minutes, through which a mutant that cannot skip would clock.
SESSIONS, LENGTH = (100, 101, 104, 105, 109), 2000
#: Cycles by which a mutant may be late before it is given up; seconds of processor time of a proof.
LATE, PROOF_S = 20_000, 120
#: Killed part of the mutants that is demanded.
LEAST = 0.9
#: Verdict on a mutant that is proved equivalent.
EQUAL = "equal"
#: Accesses to memories as modules, whose ports can be held to each other.
_MEMORY = """\
module memrd #(
  parameter MEMID = "", ABITS = 1, WIDTH = 1, CLK_ENABLE = 0, CLK_POLARITY = 0, TRANSPARENT = 0
) (input CLK, EN, input [ABITS-1:0] ADDR, output [WIDTH-1:0] DATA);
  assign DATA = 0;
endmodule
module memwr #(
  parameter MEMID = "", ABITS = 1, WIDTH = 1, CLK_ENABLE = 0, CLK_POLARITY = 0, PORTID = 0,
  PRIORITY_MASK = 0
) (input CLK, input [WIDTH-1:0] EN, input [ABITS-1:0] ADDR, input [WIDTH-1:0] DATA);
  wire used = EN;
endmodule
"""
#: Memories that are read without a clock have an enable for the form only, which must stay 1.
_IMPOSSIBLE = re.compile(r"-cell \$memrd\S+ -port EN ")
_HEAD = "block                 sampled  lock-step  bench  equal  left   killed"
#: Bits of the number that chooses a mutant; 0 chooses none.
WIDTH = 10


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant: its number, its block and the command of Yosys that makes it."""

    number: int
    block: str
    command: str

    def apply(self) -> str:
        """Command that puts it in, to be chosen by the number."""
        return f"{self.command} -ctrl mutant {WIDTH} {self.number}"

    def __str__(self) -> str:
        words = self.command.split()
        option = dict(pairwise(words))
        cell = re.sub(r"\$[^$]*/.*", "", option["-cell"])  # without the place, which comes last
        where = option.get("-wire") or f"{cell}.{option['-port']}"
        bit = option.get("-wirebit") or option["-portbit"]
        lines = dict.fromkeys(
            b.rpartition(":")[2].partition(".")[0] for a, b in pairwise(words) if a == "-src"
        )
        places = ", ".join(line for line in lines if line != "0")
        return f"{self.number} {self.block}: {option['-mode']} {where}[{bit}], lines {places}"


def _yosys(script: str, limit: str = "unlimited") -> str:
    """What Yosys says.

    :param limit: seconds of processor time, which other work does not change
    """
    with tempfile.NamedTemporaryFile("w", suffix=".ys") as file:
        file.write(script)
        file.flush()
        command = ["sh", "-c", f"ulimit -t {limit}; exec yosys -Q -s {file.name}"]
        done = subprocess.run(command, cwd=rtl_dir(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"yosys failed:\n{(done.stdout + done.stderr)[-1500:]}")
    return done.stdout


def _read(files: Sequence[Path], *options: str) -> str:
    """Command that reads sources, by names that do not depend on the place of the checkout."""
    paths = [f"-I{p}" for p in include_dirs()] + [str(p) for p in files]
    return f"read_verilog -sv {' '.join([*options, *paths])}".replace(f"{rtl_dir()}/", "")


def netlist(block: str) -> Path:
    """The block alone, without processes, kept in the cache."""
    own = sources_of(block)
    text = "".join(p.read_text() for p in own)
    files = [*(p for p in packages() if p.stem in text), *own]
    key = _digest(*(p.read_bytes() for p in files))

    def fill(part: Path) -> None:
        say(f"{block}: reading")
        _yosys(
            f"{_read(files)}\nproc\nopt_clean\n"
            f"select {block}\nwrite_rtlil -selected {part}/netlist.il\n"
        )

    return publish(cache_dir() / "mutants" / f"{block}-{key}", fill) / "netlist.il"


def mutants(samples: Mapping[str, int], seed: int) -> list[Mutant]:
    """So many of each block, numbered from 1."""
    found: list[Mutant] = []
    with tempfile.TemporaryDirectory() as folder:
        for block, count in samples.items():
            file, lines = Path(folder) / block, list[str]()
            for spare in range(count):  # some more, where some cannot be put in
                _yosys(
                    f"read_rtlil {netlist(block)}\n"
                    f"mutate -list {count + spare} -seed {seed} -o {file} {block}/t:$*\n"
                )
                lines = [c for c in file.read_text().splitlines() if not _IMPOSSIBLE.search(c)]
                if len(lines) >= count:
                    break
            if len(lines) < count:
                raise BuildError(f"{block}: only {len(lines)} of {count} mutants can be put in")
            for line in lines[:count]:
                found.append(Mutant(len(found) + 1, block, line))
    if len(found) >= 1 << WIDTH:
        raise BuildError(f"{len(found)} mutants, but only {(1 << WIDTH) - 1} can be told apart")
    return found


class Verdicts:
    """What was found, kept in a file: a run that was stopped goes on where it was.

    A key covers all that a verdict depends on; empty verdicts are kept too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        lines = path.read_text().splitlines() if path.exists() else []
        self._known = dict(line.split("\t") for line in lines if line.count("\t") == 1)

    def of(self, key: object, check: Callable[[], str]) -> str:
        """The verdict under this key; found by `check` if it is not known."""
        name = _digest(repr(key).encode())
        if name not in self._known:
            verdict = check()
            with self._lock, self.path.open("a") as file:
                file.write(f"{name}\t{verdict}\n")
            self._known[name] = verdict
        return self._known[name]


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def _mutated(block: str, chosen: Sequence[Mutant], folder: Path) -> Path:
    """Verilog of a block with all its mutants, one of which `+MUTANT=n` chooses."""
    path = folder / f"{block}.v"
    commands = "\n".join(m.apply() for m in chosen)
    _yosys(
        f"read_rtlil {netlist(block)}\n{commands}\ndelete -port {block}/w:mutant\n"
        f"write_verilog -noattr {path}\n"
    )
    declared = f"  wire [{WIDTH - 1}:0] mutant;\n"
    text = path.read_text()
    if text.count(declared) != 1:
        raise BuildError(f"{path}: the choice of the mutant is not where it was")
    choice = (
        f"  reg [{WIDTH - 1}:0] mutant;\n"
        '  initial if (!$value$plusargs("MUTANT=%d", mutant)) mutant = 0;\n'
    )
    path.write_text(text.replace(declared, choice))
    return path


def compiled(chosen: Sequence[Mutant], folder: Path) -> dict[str, Path]:
    """Verilog of each block with its mutants, in `folder`."""
    return {
        block: _mutated(block, [m for m in chosen if m.block == block], folder)
        for block in dict.fromkeys(m.block for m in chosen)
    }


class Twin:
    """Lock-step of one mutant of the whole system against what the emulator has answered."""

    def __init__(self, sources: Sequence[Path], seeds: Sequence[int], length: int) -> None:
        original = design()
        self.binary = build(
            replace(
                original,
                name="server-mutants",
                sources=[*original.sources, *sources],
            )
        )
        self.sessions = [random_session(seed, length) for seed in seeds]
        self.expected = [list(self._answers(session)) for session in self.sessions]
        told = [a.words.tobytes() + a.at.tobytes() for end in self.expected for a, _ in end]
        self.key = self.binary.parent.name, _digest(*told), repr(seeds), (length, LATE)

    @staticmethod
    def _answers(session: Session) -> Iterator[tuple[Answer, int]]:
        """Answers of each batch and the cycle at its end."""
        with Emulator() as machine:
            machine.apply(session.settings())
            for batch in session.batches:
                answer = run_batch(machine, batch)
                yield answer, machine.stats().now

    def kills(self, mutant: Mutant | None) -> str:
        """The session that sees the mutant; empty if none does."""
        for session, expected in zip(self.sessions, self.expected, strict=True):
            if not self._agrees(mutant, session, expected):
                return f"session {session.seed}"
        return ""

    def _agrees(
        self, mutant: Mutant | None, session: Session, expected: list[tuple[Answer, int]]
    ) -> bool:
        process = Server(self.binary, [f"+MUTANT={mutant.number}"] if mutant else [])
        machine = Connection(process.host, process.port, process)
        try:
            machine.apply(session.settings())
            for batch, (answer, end) in zip(session.batches, expected, strict=True):
                late = max(end - machine.stats().now, 0) + LATE
                found = run_batch(machine, batch, late, answer.pause)
                same = np.array_equal(found.words, answer.words)
                if not same or not np.array_equal(found.at, answer.at):
                    return False
                if found.diagnostics != answer.diagnostics:
                    return False
        except HxcosimError:  # it ended, or hangs
            return False
        finally:
            process.process.kill()
            machine.close()
        return True


def _bench_key(block: str, source: Path) -> str:
    """Digest of the bench of a block and of all that it runs."""
    bench = runner.load(BLOCKS[block][1])
    folders = bench.folder, bench.folder.parent / "common", runner.ROOT / "hal"
    files = [p for folder in folders for p in sorted(folder.rglob("*.*"))]
    files += sorted((runner.ROOT / "cosim").glob("*.py"))
    files = [p for p in files if p.suffix in (".py", ".toml", ".vlt")]
    return _digest(*(p.read_bytes() for p in [source, *bench.sources, *packages(), *files]))


def bench_kills(block: str, number: int, source: Path) -> str:
    """The bench of the block, if it fails on the mutant; empty if it passes."""
    bench = runner.load(BLOCKS[block][1])
    changed = replace(
        bench,
        sources=[source, *(p for p in bench.sources if p.stem != block)],
        plusargs=[*bench.plusargs, f"+MUTANT={number}"],
    )
    for parameters in bench.sweep:
        try:
            runner.run(
                changed,
                parameters,
                seed=SEED,
                repeat=False,
                output=runner.ROOT / "build" / "mutate" / str(number),
                environment={"COCOTB_MAX_FAILURES": "1"},
            )
        except runner.SimulationError:
            return f"bench {bench.name}"
    return ""


def _proof(mutant: Mutant, constants: bool) -> str:
    """Script that ends well if the mutant behaves as its block.

    Ports, registers, and what memories and the blocks inside are given are held to each other;
    other names are hidden, since an equivalent mutant may well differ there.

    :param constants: look for bits of registers that stay as reset leaves them, which takes a while
    """
    block, file = mutant.block, netlist(mutant.block)
    parts = dict.fromkeys(re.findall(r"^  cell \\(\w+)", file.read_text(), re.MULTILINE))
    lines = [_read([*packages(), *sources_of(*parts)])] if parts else []
    lines += [f"read_verilog <<EOT\n{_MEMORY}EOT"]
    lines += [f"read_rtlil {file}", f"rename {block} gold"]
    lines += [f"read_rtlil {file}", mutant.command, f"rename {block} gate"]
    for half in "gold", "gate":
        lines += [f"chtype -set memrd {half}/t:$memrd", f"chtype -set memwr {half}/t:$memwr_v2"]
        accesses = f"{half}/t:memrd {half}/t:memwr"
        lines += [f"setattr -set module_not_derived 1 {accesses}"]
        lines += [f"rename -enumerate -pattern access_% {accesses}"]
    lines += ["hierarchy", "expose -evert gold/c:* gate/c:*"]
    lines += [f"rename -hide {half}/w:* {half}/t:$*ff* %co1:+[Q] %d" for half in ("gold", "gate")]
    lines += ["opt_dff -sat -nodffe -nosdff gold gate"] if constants else []
    lines += ["async2sync", "opt_expr gold gate", "opt_clean gold gate"]
    lines += ["equiv_make gold gate equiv", "hierarchy -top equiv", "opt_clean"]
    lines += ["opt_merge -share_all", "opt_clean", "equiv_simple -undef"]
    lines += ["equiv_induct -undef", "equiv_status -assert"]
    return "\n".join([*lines, ""])


def _proofs(mutant: Mutant) -> list[str]:
    """The scripts that are tried, quick first."""
    return [_proof(mutant, constants) for constants in (False, True)]


def proved(mutant: Mutant) -> bool:
    """Whether Yosys proves that the mutant behaves as the block, with `PROOF_S` for each script."""
    if " -port CLK " in mutant.command:  # the proof is about cycles and knows no clocks
        return False
    return any(_ends_well(script) for script in _proofs(mutant))


def _ends_well(script: str) -> bool:
    try:
        _yosys(script, str(PROOF_S))
    except BuildError:
        return False
    return True


def _judged(
    block: str, own: Sequence[Mutant], twin: Twin, source: Path, known: Verdicts
) -> dict[Mutant, str]:
    """What kills each mutant of a block, `equal` if Yosys proves that nothing can, or nothing."""
    bench = _bench_key(block, source)
    if said := known.of((bench, None), lambda: bench_kills(block, 0, source)):
        raise BuildError(f"{said} fails on {block} without a mutant, as Yosys writes it")

    def check(mutant: Mutant) -> str:
        return (
            known.of((twin.key, mutant), lambda: twin.kills(mutant))
            or known.of((bench, mutant), lambda: bench_kills(block, mutant.number, source))
            or known.of((PROOF_S, _proofs(mutant)), lambda: EQUAL * proved(mutant))
        )

    found = {}
    with ThreadPoolExecutor(2) as pool:
        for mutant, verdict in zip(own, pool.map(check, own), strict=True):
            found[mutant] = verdict
            if not verdict or len(found) % 10 == 0:
                say(f"{block}: {len(found)} of {len(own)}{'' if verdict else f', left {mutant}'}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m cosim.build.mutate`: table on standard output and in build/mutate/report.txt."""
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the sample (default {SEED})")
    parser.add_argument("--block", choices=BLOCKS, action="append", help="only this block")
    given = parser.parse_args(arguments)
    folder = runner.ROOT / "build" / "mutate"
    folder.mkdir(parents=True, exist_ok=True)
    everything = mutants({block: n for block, (n, _) in BLOCKS.items()}, given.seed)
    sources = compiled(everything, folder)
    twin = Twin(list(sources.values()), SESSIONS, LENGTH)
    if said := twin.kills(None):
        raise BuildError(f"the system without a mutant differs from the emulator in {said}")
    known = Verdicts(folder / "verdicts.txt")
    found: dict[Mutant, str] = {}
    for block in given.block or BLOCKS:
        own = [m for m in everything if m.block == block]
        found |= _judged(block, own, twin, sources[block], known)
    text, ratio = report(found)
    (folder / "report.txt").write_text(text)
    sys.stdout.write(text)
    return int(ratio < LEAST)


def report(found: Mapping[Mutant, str]) -> tuple[str, float]:
    """The table of the verdicts with what is left, and the part that was killed."""
    rows = [_HEAD]
    counts: dict[str, Counter[str]] = {}
    for mutant, verdict in found.items():
        # The first word of a verdict is its kind.
        counts.setdefault(mutant.block, Counter())[verdict.partition(" ")[0] or "left"] += 1
    rows += [_row(block, own) for block, own in counts.items()]
    total = sum(counts.values(), Counter())
    rows.append(_row("all", total))
    rows += [
        f"{kind}: {m}" for kind, v in (("left", ""), (EQUAL, EQUAL)) for m in found if found[m] == v
    ]
    return "\n".join([*rows, ""]), _part(total)


def _part(counts: Mapping[str, int]) -> float:
    """Killed part of those that are not proved equivalent."""
    killed = counts["session"] + counts["bench"]
    return killed / max(killed + counts["left"], 1)


def _row(name: str, counts: Counter[str]) -> str:
    return (
        f"{name:20} {counts.total():8} {counts['session']:10} {counts['bench']:6} "
        f"{counts[EQUAL]:6} {counts['left']:5} {100 * _part(counts):6.1f} %"
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        sys.exit(2)
