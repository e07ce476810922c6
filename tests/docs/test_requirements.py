# SPDX-License-Identifier: Apache-2.0
"""The page of requirements names every section, container and instruction, each with its tests."""

import re
from pathlib import Path

from cosim.build import requirements

ROOT = Path(__file__).resolve().parents[2]
HEADING = {"section": "Sections", "instruction": "Instructions", "container": "Containers"}


def listed(kind: str) -> dict[str, list[str]]:
    """Rows of a table of the page, and the tests that they show."""
    part = re.split(r"^## ", requirements.PAGE.read_text(), flags=re.MULTILINE)
    (table,) = (text for text in part if text.startswith(HEADING[kind]))
    rows = re.findall(r"^\| (?!-|section|container|instruction)(\S+)[^|]*\| ([^|]*)\|", table, re.M)
    return {name: re.findall(r"`([^`]+)`", tests) for name, tests in rows}


def test_every_requirement_has_a_test() -> None:
    for kind, rows in requirements.rows({}).items():
        shown = listed(kind)
        assert shown.keys() == rows.keys(), "run 'make requirements' after the tests"
        assert not [name for name, tests in shown.items() if not tests]


def test_the_tests_are_there() -> None:
    for kind in HEADING:
        for test in {test for tests in listed(kind).values() for test in tests}:
            file, _, name = test.partition("::")
            assert f"def {name.rpartition('::')[2]}" in (ROOT / file).read_text(), test
