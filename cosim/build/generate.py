# SPDX-License-Identifier: Apache-2.0
"""Write everything that is derived from the declarations in `hal`.

`python -m cosim.build.generate` (`make gen`) writes the files;
with `--check` it writes nothing, names every file that differs and exits with 1.

`OUTPUTS` is the table of what is generated.
A declaration module that wants constants in Verilog and C adds one row there.
"""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias

from cosim import board, machine, storage
from cosim.analog import registers
from cosim.build import containers, coordinates, interface_pages
from cosim.flange import lanes, wire
from hal.fisch import addresses, crossbar, jtag
from hal.hxcomm import messages

__all__ = ["OUTPUTS", "Constant", "Files", "constants_package", "generate", "main"]

Constant: TypeAlias = int | tuple[int, int] | tuple[int, tuple[int, ...]]
"""A plain number (a position, a count), or (width in bits, value) for a value of a fixed width, or
(width in bits, values) for a table."""
Files: TypeAlias = Mapping[str, str]
"""Text of the files, by path relative to the root of the repository."""

ROOT = Path(__file__).resolve().parents[2]
INT_MAX = (1 << 31) - 1


def _snake(name: str) -> str:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return split.upper()


def _banner(source: str) -> str:
    return (
        f"// Generated from {source} by cosim.build.generate; do not edit.\n"
        "// SPDX-License-Identifier: Apache-2.0\n"
    )


def _check(package: str, name: str, constant: Constant) -> None:
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
        raise ValueError(f"{package}: constant name {name!r} is not UpperCamelCase")
    width, content = constant if isinstance(constant, tuple) else (31, constant)
    for value in content if isinstance(content, tuple) else (content,):
        if not 0 <= value < 1 << width:
            raise OverflowError(
                f"{package}.{name} = {value} is out of range [0, {(1 << width) - 1}]"
            )


def _literal(width: int, value: int) -> str:
    return f"{value:0{-(-width // 4)}x}"


def _verilog(name: str, constant: Constant) -> str:
    if not isinstance(constant, tuple):
        return f"  localparam int {name} = {constant};\n"
    width, content = constant
    if not isinstance(content, tuple):
        text = f"{width}'h{_literal(width, content)}"
        return f"  localparam logic [{width - 1}:0] {name} = {text};\n"
    items = [f"{width}'h{_literal(width, v)}" for v in reversed(content)]
    rows = [", ".join(items[i : i + 8]) for i in range(0, len(items), 8)]
    body = ",\n    ".join(rows)
    return (
        f"  // Entry i is bits [{width}*i +: {width}].\n"
        f"  localparam logic [{width * len(content) - 1}:0] {name} = {{\n    {body}\n  }};\n"
    )


def _c(name: str, constant: Constant) -> str:
    if not isinstance(constant, tuple):
        return f"#define {name} {constant}\n"
    width, content = constant
    if not isinstance(content, tuple):
        return f"#define {name} 0x{_literal(width, content)}{'u' if width <= 32 else 'ull'}\n"
    bits = next(b for b in (8, 16, 32, 64) if width <= b)
    rows = [", ".join(map(hex, content[i : i + 8])) for i in range(0, len(content), 8)]
    body = ",\n    ".join(rows)
    return f"static const uint{bits}_t {name}[{len(content)}] = {{\n    {body}}};\n"


def constants_package(name: str, source: str, constants: Mapping[str, Constant]) -> Files:
    """Verilog package `<name>_pkg` and C header `<name>.h` with the same constants.

    In C they are called `HX_<NAME>_<CONSTANT>` in capitals.

    :param name: name of the package, lower case.
    :param source: path of the declaration, quoted in the first line.
    :param constants: UpperCamelCase names; 0 <= value < 2^31 for plain numbers.
    :raises ValueError: for a name that is not UpperCamelCase.
    :raises OverflowError: for a value that does not fit its width.
    """
    verilog = [_banner(source), f"package {name}_pkg;\n"]
    guard = f"HXCOSIM_{name.upper()}_H"
    header = [_banner(source), f"#ifndef {guard}\n#define {guard}\n\n#include <stdint.h>\n\n"]
    for key, constant in constants.items():
        _check(name, key, constant)
        verilog.append(_verilog(key, constant))
        header.append(_c(f"HX_{name.upper()}_{_snake(key)}", constant))
    verilog.append("endpackage\n")
    header.append("\n#endif\n")
    return {
        f"rtl/gen/{name}_pkg.sv": "".join(verilog),
        f"hal/include/hxcosim/{name}.h": "".join(header),
    }


def _package(name: str, source: str, constants: Callable[[], Mapping[str, Constant]]) -> Files:
    return constants_package(name, source, constants())


OUTPUTS: list[Callable[[], Files]] = [
    partial(_package, "ut", "hal/hxcomm/messages.py", messages.constants),
    partial(_package, "machine", "cosim/machine.py", machine.constants),
    partial(_package, "storage", "cosim/storage.py", storage.constants),
    partial(_package, "board", "cosim/board.py", board.constants),
    wire.generate,
    registers.generate,
    lanes.generate,
    partial(_package, "omnibus", "hal/fisch/addresses.py", addresses.constants),
    partial(_package, "jtag", "hal/fisch/jtag.py", jtag.constants),
    partial(_package, "crossbar", "hal/fisch/crossbar.py", crossbar.constants),
    partial(_package, "containers", "hal/haldls", containers.constants),
    containers.pages,
    coordinates.stub,
    coordinates.reference_page,
    interface_pages.messages_page,
    interface_pages.addresses_page,
]
"""What is generated: functions that return the text of files by their path."""


def generate(root: Path, *, check: bool = False) -> list[str]:
    """Write all outputs below `root` (only where they differ).

    :param check: write nothing.
    :returns: paths of the files that differed.
    """
    changed = []
    for output in OUTPUTS:
        for path, text in output().items():
            target = root / path
            if target.exists() and target.read_text(encoding="utf-8") == text:
                continue
            changed.append(path)
            if not check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m cosim.build.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 on a difference"
    )
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="where to write (default: repository)"
    )
    options = parser.parse_args(arguments)
    changed = generate(options.root, check=options.check)
    for path in changed:
        if options.check:
            print(f"{path}: differs from its declaration; run 'make gen'", file=sys.stderr)
        else:
            print(f"wrote {path}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
