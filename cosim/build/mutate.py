# SPDX-License-Identifier: Apache-2.0
"""Mutation of the RTL: do lock-step and benches see small errors that Yosys puts in?

Yosys lists mutants of the netlist of each block, one of which a number chooses at run time
(`+MUTANT=n`), so that one build holds them all. A mutant is killed by lock-step against the
emulator, or by the bench of its block. Of those that survive, Yosys proves some to be equivalent.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from cosim.emulator import Emulator
from cosim.flange.build import design
from cosim.flange.client import Connection, Server
from cosim.flange.wire import Config
from cosim.lockstep.compare import Answer, run_batch
from cosim.lockstep.programs import Session, random_session
from hal.errors import HxcosimError

from . import runner
from .cache import BuildError, cache_dir, publish, say
from .sources import include_dirs, packages, sources_of
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
#: Seeds of the sessions of the lock-step, and instructions of each.
SESSIONS, LENGTH = range(100, 110), 2000
#: Cycles by which a mutant may be late before it is given up; seconds of a proof.
LATE, PROOF_S = 20_000, 120
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
        where = option.get("-wire") or f"{option['-cell'].partition('$/')[0]}.{option['-port']}"
        bit = option.get("-wirebit") or option["-portbit"]
        lines = dict.fromkeys(
            b.rpartition(":")[2].partition(".")[0] for a, b in pairwise(words) if a == "-src"
        )
        places = ", ".join(line for line in lines if line != "0")
        return f"{self.number} {self.block}: {option['-mode']} {where}[{bit}], lines {places}"


def _yosys(script: str, limit: float | None = None) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".ys") as file:
        file.write(script)
        file.flush()
        command = ["yosys", "-Q", "-s", file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=limit)
    if done.returncode:
        raise BuildError(f"yosys failed:\n{(done.stdout + done.stderr)[-1500:]}")
    return done.stdout


def netlist(block: str) -> Path:
    """The block alone, without processes, kept in the cache: that of the crossbar takes minutes."""
    files = [*packages(), *sources_of(block)]
    key = hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:16]

    def fill(part: Path) -> None:
        say(f"{block}: reading")
        folders = " ".join(f"-I{p}" for p in include_dirs())
        _yosys(
            f"read_verilog -sv {folders} {' '.join(map(str, files))}\nproc\nopt_clean\n"
            f"select {block}\nwrite_rtlil -selected {part}/netlist.il\n"
        )

    return publish(cache_dir() / "mutants" / f"{block}-{key}", fill) / "netlist.il"


def mutants(samples: Mapping[str, int], seed: int) -> list[Mutant]:
    """So many of each block, numbered from 1."""
    found: list[Mutant] = []
    with tempfile.TemporaryDirectory() as folder:
        for block, count in samples.items():
            file = Path(folder) / block
            _yosys(
                f"read_rtlil {netlist(block)}\n"
                f"mutate -list {count} -seed {seed} -o {file} {block}/t:$*\n"
            )
            for line in file.read_text().splitlines():
                found.append(Mutant(len(found) + 1, block, line))
    if len(found) >= 1 << WIDTH:
        raise BuildError(f"{len(found)} mutants, but only {(1 << WIDTH) - 1} can be told apart")
    return found


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

    @staticmethod
    def _answers(session: Session) -> Iterator[tuple[Answer, int]]:
        """Answers of each batch and the cycle at its end."""
        with Emulator() as machine:
            machine.apply({Config.ANALOG: int(session.stand_in)})
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
            machine.apply({Config.ANALOG: int(session.stand_in)})
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


def bench_kills(mutant: Mutant, sources: Path) -> str:
    """Why the bench of the block fails on the mutant; empty if it passes."""
    bench = runner.load(BLOCKS[mutant.block][1])
    output = runner.ROOT / "build" / "mutate" / str(mutant.number)
    for parameters in bench.sweep:
        changed = replace(
            bench,
            sources=[sources, *(p for p in bench.sources if p.stem != mutant.block)],
            plusargs=[*bench.plusargs, f"+MUTANT={mutant.number}"],
        )
        try:
            runner.run(changed, parameters, seed=SEED, repeat=False, output=output)
        except runner.SimulationError:
            return f"bench {bench.name}"
    return ""


def proved(mutant: Mutant) -> bool:
    """Whether Yosys proves within `PROOF_S` that the mutant behaves as the block."""
    block, file = mutant.block, netlist(mutant.block)
    try:
        _yosys(
            f"read_rtlil {file}\nrename {block} gold\nread_rtlil {file}\n{mutant.command}\n"
            f"rename {block} gate\nmemory_map\nasync2sync\nopt -full\n"
            "equiv_make gold gate equiv\nhierarchy -top equiv\nopt_clean\n"
            "equiv_simple -undef\nequiv_induct -undef\nequiv_status -assert\n",
            PROOF_S,
        )
    except (BuildError, subprocess.TimeoutExpired):
        return False
    return True


def _each(
    what: str, chosen: Sequence[Mutant], check: Callable[[Mutant], str | bool]
) -> dict[Mutant, str | bool]:
    with ThreadPoolExecutor(2) as pool:
        found = {}
        for mutant, result in zip(chosen, pool.map(check, chosen), strict=True):
            found[mutant] = result
            if len(found) % 50 == 0:
                say(f"{what}: {len(found)} of {len(chosen)} mutants")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m cosim.build.mutate`: table on standard output and in build/mutate/report.txt."""
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the sample (default {SEED})")
    parser.add_argument("--block", choices=BLOCKS, action="append", help="only this block")
    given = parser.parse_args(arguments)
    samples = {b: n for b, (n, _) in BLOCKS.items() if not given.block or b in given.block}
    folder = runner.ROOT / "build" / "mutate"
    folder.mkdir(parents=True, exist_ok=True)
    everything = mutants(samples, given.seed)
    sources = compiled(everything, folder)
    twin = Twin(list(sources.values()), SESSIONS, LENGTH)
    if said := twin.kills(None):
        raise BuildError(f"the system without a mutant differs from the emulator in {said}")
    killed = {m: why for m, why in _each("lock-step", everything, twin.kills).items() if why}
    left = [m for m in everything if m not in killed]
    by_bench = _each("benches", left, lambda m: bench_kills(m, sources[m.block]))
    killed |= {m: why for m, why in by_bench.items() if why}
    left = [m for m in left if m not in killed]
    equal = {m for m, result in _each("proofs", left, proved).items() if result}
    rows = [f"{'block':20} {'sampled':>8} {'lock-step':>10} {'bench':>6} {'equal':>6} {'left':>5}"]
    total: Counter[str] = Counter()
    for block in samples:
        own = [m for m in everything if m.block == block]
        benched = sum(str(killed.get(m, "")).startswith("bench") for m in own)
        equals = sum(m in equal for m in own)
        counts = {
            "sampled": len(own),
            "lock-step": sum(m in killed for m in own) - benched,
            "bench": benched,
            "equal": equals,
            "left": len(own) - sum(m in killed for m in own) - equals,
        }
        total.update(counts)
        rows.append(_row(block, counts))
    rows.append(_row("all", total))
    ratio = (total["lock-step"] + total["bench"]) / (total["sampled"] - total["equal"])
    rows.append(f"{100 * ratio:.1f} % killed of those that are not proved equivalent")
    rows += [f"left: {m}" for m in left if m not in equal]
    rows += [f"equal: {m}" for m in left if m in equal]
    (folder / "report.txt").write_text("\n".join([*rows, ""]))
    sys.stdout.write("\n".join([*rows, ""]))
    return int(ratio < 0.9)


def _row(name: str, counts: Mapping[str, int]) -> str:
    return (
        f"{name:20} {counts['sampled']:8} {counts['lock-step']:10} {counts['bench']:6} "
        f"{counts['equal']:6} {counts['left']:5}"
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        sys.exit(2)
