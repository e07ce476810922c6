# SPDX-License-Identifier: Apache-2.0
"""Synthesis of the whole RTL with Yosys: cells per block, with memories as memories.

A block that only a simulator understands ends it: an error of Yosys, a process or latch that is
left over, or a cell that is none of hardware.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cache import BuildError
from .runner import ROOT
from .sources import include_dirs, packages, rtl_dir

__all__ = ["Block", "blocks", "synthesise"]

#: Cells that no hardware has: latches, which nobody wants here, and what only a simulation does.
_FORBIDDEN = ("$dlatch", "$adlatch", "$print", "$check", "$assert", "$initstate", "$anyconst")


@dataclass(frozen=True, slots=True)
class Block:
    """One module with one set of parameters, without the blocks inside it."""

    name: str
    cells: int
    registers: int
    memories: int
    memory_bits: int
    complaints: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Blocks of the output of Yosys' `stat -json`, by name.

    Of a hierarchy, Yosys 0.23 prints a tree that is no JSON behind the modules.
    """
    head, tree, _ = text.partition("\n   },\n")
    modules: Mapping[str, Any] = json.loads(head + "\n   }\n}" if tree else text)["modules"]
    found = []
    for name, module in modules.items():
        types: dict[str, int] = module["num_cells_by_type"]
        own = {t: n for t, n in types.items() if t.startswith("$") and "paramod" not in t}
        wrong = [f"{n} cells {t}" for t, n in own.items() if t.startswith(_FORBIDDEN)]
        if module["num_processes"]:
            wrong.append(f"{module['num_processes']} processes")
        ports = sum(n for t, n in own.items() if t.startswith("$mem"))
        registers = sum(n for t, n in own.items() if "dff" in t)
        parts = [x for x in name.replace("$paramod", "").split("\\") if _is_module(x)]
        block = Block(
            name=parts[0] if parts else name.lstrip("\\"),
            cells=sum(own.values()) - ports - registers,
            registers=registers,
            memories=module["num_memories"],
            memory_bits=module["num_memory_bits"],
            complaints=tuple(wrong),
        )
        found.append(block)
    return sorted(found, key=lambda b: (b.name, b.cells))


def _is_module(name: str) -> bool:
    return bool(list(rtl_dir().glob(f"*/{name}.sv")))


def synthesise(top: str = "hx_system", sources: list[Path] | None = None) -> list[Block]:
    """Run Yosys over `top` and all that it uses.

    :param sources: modules, instead of all of `rtl/`.
    :raises BuildError: if Yosys is missing or refuses a block.
    """
    if shutil.which("yosys") is None:
        raise BuildError("the program 'yosys' is missing; get it with 'apt-get install yosys'")
    files = sources or sorted(p for p in rtl_dir().rglob("*.sv") if p not in packages())
    folders = " ".join(f"-I{p}" for p in include_dirs())
    with tempfile.TemporaryDirectory() as folder:
        result, script = Path(folder) / "stat.json", Path(folder) / "synth.ys"
        script.write_text(
            f"read_verilog -sv {folders} {' '.join(map(str, [*packages(), *files]))}\n"
            f"hierarchy -check -top {top}\nproc\nopt_clean\n"
            f"tee -q -o {result} stat -json\n"
        )
        done = subprocess.run(
            ["yosys", "-q", "-s", str(script)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BuildError(f"yosys does not synthesise '{top}':\n{done.stderr.strip()[-1000:]}")
        return blocks(result.read_text())


def main() -> int:
    """`python -m cosim.build.synth`: table on standard output and in build/synth.txt."""
    found = synthesise()
    rows = [f"{'block':28} {'cells':>8} {'registers':>10} {'memories':>9} {'bits':>12}"]
    rows += [
        f"{b.name:28} {b.cells:8} {b.registers:10} {b.memories:9} {b.memory_bits:12}" for b in found
    ]
    wrong = [
        f"hxcosim: {b.name} is no hardware: {', '.join(b.complaints)}"
        for b in found
        if b.complaints
    ]
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "synth.txt").write_text("\n".join([*rows, *wrong, ""]))
    sys.stdout.write("\n".join([*rows, ""]))
    sys.stderr.write("".join(f"{x}\n" for x in wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        sys.exit(2)
