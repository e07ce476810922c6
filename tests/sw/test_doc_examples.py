# SPDX-License-Identifier: Apache-2.0
"""The examples in the documentation are run."""

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(p for p in DOCS.rglob("*.md") if ">>> " in p.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(DOCS)))
def test_page(page: Path) -> None:
    failed, attempted = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert (failed, attempted > 0) == (0, True), "doctest's report is in the captured output"


def test_the_words_have_examples() -> None:
    assert DOCS / "words.md" in PAGES
