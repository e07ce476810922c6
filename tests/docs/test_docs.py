# SPDX-License-Identifier: Apache-2.0
"""Links of all pages lead somewhere; their Python blocks and their `>>>` examples run."""

import doctest
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def broken_links(page: Path) -> list[str]:
    """Relative links of the page whose file does not exist."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(), flags=re.M | re.S)
    links = [x.partition("#")[0] for x in LINK.findall(text) if "://" not in x]
    return [x for x in links if x and not (page.parent / x).exists()]


def run_blocks(page: Path) -> int:
    """Execute the plain Python blocks of the page in one namespace; return their number."""
    text = page.read_text()
    names: dict[str, object] = {"__name__": "__doc_test__"}
    count = 0
    for match in BLOCK.finditer(text):
        if match[1].startswith(">>> "):
            continue  # doctest runs it
        line = text[: match.start(1)].count("\n")
        exec(compile("\n" * line + match[1], str(page), "exec"), names)
        count += 1
    return count


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not broken_links(page)
    monkeypatch.chdir(tmp_path)
    run_blocks(page)
    failed, _ = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert not failed, "doctest's report is in the captured output"


def test_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](page.md#top) [b](nowhere.md) `[c](code.md)` ![d](gone.svg)\n")
    assert broken_links(page) == ["nowhere.md", "gone.svg"]


def test_blocks_share_a_namespace(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nx = 1\n```\ntext\n```python\nassert x == 1\n```\n```sh\nfalse\n```\n"
    )
    assert run_blocks(page) == 2
    page.write_text("```python\nassert False\n```\n")
    with pytest.raises(AssertionError):
        run_blocks(page)


@pytest.mark.parametrize(("name", "job"), [("github-actions", "jobs"), ("gitlab-ci", "hxcosim")])
def test_ci_recipe_is_read(name: str, job: str) -> None:
    """Each file is YAML and calls the script, which its shell can read."""
    folder = ROOT / "examples" / "ci"
    assert "ci/ci.sh" in str(yaml.safe_load((folder / f"{name}.yml").read_text())[job])
    assert subprocess.run(["bash", "-n", folder / "ci.sh"], check=False).returncode == 0
