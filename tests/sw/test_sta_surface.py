# SPDX-License-Identifier: Apache-2.0
"""The names of the program, connection, database and log modules, frozen."""

import importlib
import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hal import hxcomm, logger, stadls

SURFACE = json.loads((Path(__file__).parent / "data" / "sta_surface.json").read_text())
CLASSES: dict[str, Any] = SURFACE["sta"]["classes"]
ENTRY = hxcomm.ZeroMockEntry()
MAKERS: dict[str, Any] = {
    "ReinitStackEntry": lambda: stadls.ReinitStackEntry.__new__(stadls.ReinitStackEntry)
}


def public(module: Any) -> set[str]:
    """What reflection sees: no dunder names."""
    return {name for name in dir(module) if not name.startswith("__")}


def test_names_of_sta() -> None:
    names = {name for name in CLASSES if "." not in name}
    names |= {*SURFACE["sta"]["functions"], *SURFACE["sta"]["values"]}
    for module in ("pystadls_vx_v3", "dlens_vx_v3.sta"):
        assert public(importlib.import_module(module)) == names


def make(name: str) -> Any:
    """An object of a class, or of a nested one."""
    if name in MAKERS:
        return MAKERS[name]()
    cls: Any = stadls
    for part in name.split("."):
        cls = getattr(cls, part)
    parameters = inspect.signature(cls).parameters.values()
    needed = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    return cls(*[ENTRY] * len(needed))


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_members_of_sta(name: str) -> None:
    described = CLASSES[name]
    made = make(name)
    cls = type(made)
    for method in described.get("methods", []):
        assert callable(getattr(cls, method)), method
    for prop, writable in described.get("properties", {}).items():
        declared = inspect.getattr_static(cls, prop, None)
        if isinstance(declared, property):
            assert (declared.fset is not None) == writable, prop
        else:
            assert writable and hasattr(made, prop), prop
    for member in (*described.get("fields", []), *described.get("aliases", [])):
        assert hasattr(made, member), member
    for nested in described.get("nested", []):
        assert isinstance(getattr(cls, nested), type), nested
    for base in filter(None, described.get("bases", "").split(", ")):
        assert issubclass(cls, getattr(stadls, base)), base


@pytest.mark.parametrize("name", sorted(n for n in CLASSES if CLASSES[n].get("signatures")))
def test_signatures_of_sta(name: str) -> None:
    """Arguments by the documented names are accepted."""
    cls = type(make(name))
    for method, signature in CLASSES[name]["signatures"]:
        arguments = signature[1 : signature.index(") ->")]
        names = [part.split(":")[0].strip() for part in arguments.split(", ") if ":" in part]
        inspect.signature(getattr(cls, method)).bind(None, **dict.fromkeys(names))


def test_names_of_hxcomm() -> None:
    for module in ("pyhxcomm_vx", "pyhxcomm", "dlens_vx_v3.hxcomm"):
        assert public(importlib.import_module(module)) == set(SURFACE["hxcomm"])


def test_names_of_hwdb() -> None:
    names = {"DLSSetupEntry", "HXCubeFPGAEntry", "HXCubeSetupEntry", "HXCubeWingEntry"}
    names |= {"JboaAggregatorEntry", "JboaSetupEntry", "database"}
    names |= {"FPGAEntry", "HICANNEntry", "ReticleEntry", "WaferEntry"}
    assert public(importlib.import_module("pyhwdb")) == names


def test_names_of_logger() -> None:
    for module in ("pylogging", "dlens_vx_v3.logger"):
        assert public(importlib.import_module(module)) == set(logger.__all__)


def resolve(name: str) -> Any:
    """The object of a dotted name; a member that only instances have is looked for on one."""
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        break
    for index, part in enumerate(parts[split:]):
        if not hasattr(found, part) and isinstance(found, type) and index:
            found = found(ENTRY) if "Init" in found.__name__ else found()
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", SURFACE["used"])
def test_names_that_programs_use(name: str) -> None:
    resolve(name)


@pytest.mark.parametrize(
    "module",
    [
        "pystadls_vx_v3",
        "pyhxcomm_vx",
        "pyhxcomm",
        "pyhwdb",
        "pylogging",
        "dlens_vx_v3.sta",
        "dlens_vx_v3.hxcomm",
        "dlens_vx_v3.logger",
    ],
)
def test_variant(module: str) -> None:
    assert importlib.import_module(module).__variant__ == "pybind11"


def test_submodules_of_the_top_package() -> None:
    import dlens_vx_v3

    assert {"hal", "halco", "sta", "hxcomm", "logger", "tools"} <= set(dir(dlens_vx_v3))
    from dlens_vx_v3 import sta

    assert sta.run is stadls.run
    assert dlens_vx_v3.logger.get("x") == logger.get("x")
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = dlens_vx_v3.nonsense


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", "1 WARN"),
        ("import pylogging; pylogging.log_to_cout(pylogging.LogLevel.TRACE)", "1 TRACE"),
    ],
)
def test_import_sets_up_a_console_log_unless_there_is_one(before: str, expected: str) -> None:
    code = f"""
{before}
import dlens_vx_v3, logging
from dlens_vx_v3 import logger
root = logging.getLogger("hxcosim")
name = {{30: "WARN", 5: "TRACE"}}[root.level]
print(logger.get_root().get_number_of_appenders(), name)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{expected}\n"


def test_tools(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On the zero mock a processor never sleeps; its exit code and mailbox are zeros."""
    from dlens_vx_v3.tools import run_ppu_program

    with hxcomm.ManagedMultiZeroMockConnection() as connection:
        with pytest.raises(run_ppu_program.PPUTimeoutError, match=r"still runs after 3000 ticks"):
            run_ppu_program.wait_until_ppu_finished(connection, timeout=2500)
        assert run_ppu_program.stop_program(connection, print_mailbox=True) == 0
    assert capsys.readouterr().out == "\n"


def test_attributes_of_generators_are_plain() -> None:
    init = stadls.SystemInit(ENTRY)
    init.chip.adplls = type(init.chip.adplls)()
    init.asic_adapter_board = stadls.JboaASICAdapterBoardInit()
    assert stadls.generate(init)[0].size_to_fpga() == 239
    assert stadls.ASICAdapterBoardInit().generate()[0].empty()
