# SPDX-License-Identifier: Apache-2.0
"""Random streams through the C codec under the address and undefined-behaviour sanitizers."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
STREAMS = "50000"


def test_random_streams(tmp_path: Path) -> None:
    program = tmp_path / "fuzz_words"
    source = ROOT / "tests" / "sw" / "data" / "fuzz_words.c"
    flags = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'hal/include'}"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    command = ["gcc", *flags, *sanitizers, str(source), "-o", str(program)]
    subprocess.run(command, check=True)
    run = subprocess.run([str(program), "20269", STREAMS], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 100_000, "words encoded again"
