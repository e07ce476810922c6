# SPDX-License-Identifier: Apache-2.0
"""One seed, one trace: whatever built the emulator, whatever else the machine does."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cosim.emulator import Emulator
from cosim.lockstep import random_session
from cosim.lockstep.compare import run_batch

ROOT = Path(__file__).resolve().parents[2]
COMPILERS = {"gcc": "g++", "clang": "clang++"}
RUNS = 25  # of each build: 100 in all, half of them on a loaded machine
SEED, INSTRUCTIONS = 12, 2000  # a session with processors


def library(compiler: str, level: str, folder: Path) -> Path:
    """The emulator with its analog core, built in this way."""
    cache = ["ccache"] if shutil.which("ccache") else []
    both = [level, "-fPIC", "-ffp-contract=off", f"-I{ROOT}/hal/include"]
    cores = (path for part in ("analog", "ppu") for path in (ROOT / "cosim" / part).glob("*.c"))
    sources = [*cores, ROOT / "cosim/emulator/unity.cpp"]
    objects = []
    for source in sources:
        plain = source.suffix == ".c"
        command = [*cache, compiler if plain else COMPILERS[compiler]]
        command += ["-std=c11" if plain else "-std=c++17", *both]
        objects.append(str(folder / f"{source.stem}.o"))
        subprocess.run([*command, "-c", str(source), "-o", objects[-1]], check=True)
    result = folder / "emulator.so"
    link = [COMPILERS[compiler], "-shared", *objects, "-lm", "-o", str(result)]
    subprocess.run(link, check=True)
    return result


def trace(built: Path | None) -> str:
    """Hash of all words of a session and their cycles; its processors and errors included."""
    found, session = hashlib.sha256(), random_session(SEED, INSTRUCTIONS)
    with Emulator(library=built) as machine:
        machine.apply(session.settings())
        for batch in session.batches:
            answer = run_batch(machine, batch)
            found.update(answer.words.tobytes() + answer.at.tobytes())
    return found.hexdigest()


@contextmanager
def load() -> Iterator[None]:
    """Twice as many busy processes as there are processors."""
    command = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(command) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def test_other_build(tmp_path: Path) -> None:
    """A sample: the installed library and one without optimisation."""
    assert trace(library("gcc", "-O0", tmp_path)) == trace(None) == trace(None)


@pytest.mark.full
def test_all_builds_and_loads(tmp_path: Path) -> None:
    if not shutil.which("clang++"):
        pytest.skip("clang++ is not installed: two of the four builds are its")
    hashes = []
    for compiler in COMPILERS:
        for level in ("-O0", "-O2"):
            folder = tmp_path / f"{compiler}{level}"
            folder.mkdir()
            built = library(compiler, level, folder)
            hashes += [trace(built) for _ in range(RUNS // 2)]
            with load():
                hashes += [trace(built) for _ in range(RUNS - RUNS // 2)]
    assert len(hashes) == 4 * RUNS
    assert set(hashes) == {trace(None)}
