# SPDX-License-Identifier: Apache-2.0
"""A source archive installs into an empty environment, and the wheel can build and run the RTL."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import dlens_vx_v3, hal, cosim
from pathlib import Path
from cosim.build import Design, build, rtl_dir, sources_of
assert Path(cosim.__file__).parent == rtl_dir().parent, rtl_dir()
main = Path("main.cpp")
main.write_text('#include "Vtop.h"\\nint main() { Vtop top; top.rst_ni = 0; top.eval();'
                ' return top.level_o; }')
path = build(Design(name="fifo", top="fifo", sources=sources_of("fifo"), extra_sources=[main]))
print(path)
"""


@pytest.mark.full
def test_source_archive_installs_and_builds_the_rtl(tmp_path: Path) -> None:
    source = tmp_path / "source"
    away = shutil.ignore_patterns(".venv", ".git", "*.so", "*.egg-info", ".*_cache")

    def ignore(folder: str, names: list[str]) -> set[str]:
        return away(folder, names) | ({"build"} if Path(folder) == ROOT else set())

    shutil.copytree(ROOT, source, ignore=ignore)

    def run(*command: str | Path, cwd: Path = tmp_path) -> str:
        environment = {**os.environ, "HXCOSIM_CACHE": str(tmp_path / "cache")}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "setup.py", "-q", "sdist", "-d", tmp_path, cwd=source)
    (archive,) = tmp_path.glob("hxcosim-*.tar.gz")
    shutil.rmtree(source)
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    lock = ROOT / "requirements.lock"
    run(python, "-m", "pip", "install", "-q", "-c", lock, f"{archive}[sim]")
    executable = run(python, "-c", SCRIPT).strip()
    run(executable)
    assert "mock" in run(tmp_path / "venv" / "bin" / "hxcosim", "info")
