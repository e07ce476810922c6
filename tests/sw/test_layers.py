# SPDX-License-Identifier: Apache-2.0
"""Nothing imports upwards: hal never imports cosim, and within hal only the layers below."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Layers of hal from the bottom; a layer may import those before it, and its own.
LAYERS = [{"hxcomm", "halco", "hwdb"}, {"fisch"}, {"haldls"}, {"lola"}, {"stadls"}, {"tools"}]
#: Modules of hal itself that every layer may use.
COMMON = {"errors", "native", "logger"}


def imported(path: Path) -> set[str]:
    """Absolute names of all modules that the file imports, also inside functions."""
    package = list(path.relative_to(ROOT).with_suffix("").parts)[:-1]
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def offences(path: Path) -> list[str]:
    """Imports of the file that point upwards."""
    place = path.relative_to(ROOT).with_suffix("").parts
    if place[0] != "hal":
        return []
    upper = {"cosim", "dropin", "dlens_vx_v3", "testbench", "tests"}
    bad = [name for name in imported(path) if name.split(".")[0] in upper]
    level = next((i for i, layer in enumerate(LAYERS) if place[1] in layer), None)
    if level is not None:
        above = set().union(*LAYERS[level + 1 :])
        bad += [n for n in imported(path) if n.startswith("hal.") and n.split(".")[1] in above]
    return bad


FILES = sorted(p for p in (ROOT / "hal").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_imports_upwards(path: Path) -> None:
    assert not offences(path)


def test_every_layer_is_known() -> None:
    found = {p.parent.name for p in (ROOT / "hal").glob("*/__init__.py")}
    assert found - COMMON <= set().union(*LAYERS)


def test_offence_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    file = tmp_path / "hal" / "fisch" / "x.py"
    file.parent.mkdir(parents=True)
    file.write_text("def f():\n    from ..lola import Chip\n    import cosim.build\n")
    assert set(offences(file)) == {"hal.lola", "hal.lola.Chip", "cosim.build"}
