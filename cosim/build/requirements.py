# SPDX-License-Identifier: Apache-2.0
"""Which tests touch which part of the contract: `docs/reference/requirements.md`.

`python -m cosim.build.requirements` (`make requirements`) writes the page from what the tests have
left in `build/touched.json`; it names each row without a test and exits with 1.
A test is at a section of `docs/timing.md` if its module or its own documentation names it, as in
"docs/timing.md section 5" or "docs/timing.md sections 5, 7 and 9".
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hal import haldls, lola
from hal.hxcomm.messages import TO_FPGA

__all__ = ["PAGE", "TOUCHED", "access_classes", "main", "rows", "unmapped"]

ROOT = Path(__file__).resolve().parents[2]
TOUCHED = ROOT / "build" / "touched.json"
PAGE = ROOT / "docs" / "reference" / "requirements.md"
_TIMING = ROOT / "docs" / "timing.md"
_SECTIONS = re.compile(r"timing\.md,? sections?((?:[\s,]|and|to|\d|\.)+)")
_SHOWN = 3

Rows = dict[str, dict[str, list[str]]]
"""By kind, then by name of the row: the tests."""


def access_classes() -> list[type]:
    """All classes with a method of their own that accesses the machine."""
    classes: set[type] = set()
    for name in (*haldls.__all__, *lola.__all__):
        found = getattr(haldls, name, None) or getattr(lola, name, None)
        if isinstance(found, type):
            classes.update(found.__mro__)
    methods = ("write_access", "read_access")
    return sorted(
        (cls for cls in classes if any(m in cls.__dict__ for m in methods)),
        key=lambda cls: (cls.__module__, cls.__qualname__),
    )


def containers() -> list[str]:
    """Names of all containers that go to the machine or come from it."""
    names = []
    for module in (haldls, lola):
        for name in module.__all__:
            found = getattr(module, name)
            if hasattr(found, "read_access") and found is not haldls.Container:
                names.append(found.__name__)
    return sorted(set(names))


def sections() -> dict[str, str]:
    """Numbers and titles of the sections of the timing contract."""
    return dict(re.findall(r"^##+ ([\d.]+?)\.? (.+)$", _TIMING.read_text(), re.MULTILINE))


def _documented(file: Path) -> Iterator[tuple[str, str]]:
    """Name and documentation of a module of tests (name: empty) and of its tests."""
    tree = ast.parse(file.read_text())
    yield "", ast.get_docstring(tree) or ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:4] == "test":
            yield f"::{node.name}", ast.get_docstring(node) or ""


def _numbers(text: str, known: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for match in _SECTIONS.finditer(text):
        words = re.findall(r"\d+(?:\.\d+)?|to", match[1])
        found.update(word for word in words if word in known)
        for first, to, last in zip(words, words[1:], words[2:], strict=False):
            if to == "to":
                found.update(str(n) for n in range(int(first), int(last) + 1))
    # A test of a whole section is one of its parts.
    return found | {n for n in known if n.partition(".")[0] in found}


def rows(touched: Mapping[str, Mapping[str, Any]]) -> Rows:
    """Every section, container and instruction with its tests."""
    known = sections()
    table: Rows = {
        "section": {number: [] for number in known},
        "container": {name: [] for name in containers()},
        "instruction": {message.name: [] for message in TO_FPGA},
    }
    for file in sorted([*ROOT.glob("testbench/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]):
        for name, text in _documented(file):
            for number in _numbers(text, known):
                table["section"][number].append(f"{file.relative_to(ROOT)}{name}")
    for kind in ("container", "instruction"):
        for test, row in sorted(touched.items()):
            for name in row["touched"]:
                if name in table[kind]:
                    table[kind][name].append(test)
    return table


def unmapped(table: Rows) -> list[str]:
    """Rows without a test."""
    return [f"{kind} {name}" for kind in table for name, tests in table[kind].items() if not tests]


def _results(tests: list[str], touched: Mapping[str, Mapping[str, Any]]) -> str:
    """Per target, how many of the tests passed; a file stands for all of its tests."""
    counts: dict[str, list[int]] = {}
    for test, row in touched.items():
        if test not in tests and test.partition("::")[0] not in tests:
            continue
        for target, outcome in row.get("outcome", {}).items():
            if outcome != "skipped":
                count = counts.setdefault(target, [0, 0])
                count[0] += outcome == "passed"
                count[1] += 1
    return ", ".join(f"{t} {ok}/{of}" for t, (ok, of) in sorted(counts.items()))


def _cells(tests: list[str], touched: Mapping[str, Mapping[str, Any]]) -> str:
    # Those on a target, and those that touch little else, say most.
    order = sorted(
        set(tests),
        key=lambda t: (not t.startswith("tests/hw"), len(touched.get(t, {}).get("touched", [])), t),
    )
    shown = [f"`{test}`" for test in order[:_SHOWN]]
    if len(order) > _SHOWN:
        shown.append(f"and {len(order) - _SHOWN} more")
    return f"{'<br>'.join(shown)} | {_results(tests, touched)}"


def page(table: Rows, touched: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of the page."""
    titles = sections()
    lines = [
        "<!-- Generated by cosim.build.requirements (make requirements); do not edit. -->",
        "# Requirements and their tests",
        "",
        "Which tests touch which section of the timing contract, container and instruction,",
        "and how many of them passed when this page was made, by target"
        " (`host`: no machine is needed).",
    ]
    for kind, title in (
        ("section", "Sections of [the timing contract](../timing.md)"),
        ("instruction", "Instructions of the FPGA"),
        ("container", "Containers"),
    ):
        head = f"| {kind} | tests | passed |"
        lines += ["", f"## {title}", "", head, "|---|---|---|"]
        for name, tests in table[kind].items():
            label = f"{name} {titles[name]}" if kind == "section" else name
            lines.append(f"| {label} | {_cells(tests, touched)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page; 1 if a row has no test."""
    if not TOUCHED.is_file():
        sys.stderr.write(f"hxcosim: {TOUCHED.name} is missing: run 'make test' first\n")
        return 1
    touched = json.loads(TOUCHED.read_text())
    table = rows(touched)
    PAGE.write_text(page(table, touched))
    missing = unmapped(table)
    for name in missing:
        sys.stderr.write(f"hxcosim: no test touches {name}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
