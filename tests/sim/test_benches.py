# SPDX-License-Identifier: Apache-2.0
"""Runs every bench of testbench/ with its parameter sweep."""

import pytest

from cosim.build import runner

SEED = 1
CASES = [(name, p) for name in runner.benches() for p in runner.load(name).sweep]


@pytest.mark.parametrize(("name", "parameters"), CASES, ids=lambda v: str(v).replace("'", ""))
def test_bench(name: str, parameters: dict[str, int | str]) -> None:
    """With one seed, so that a run tells what a change does and not what chance does."""
    outcome = runner.run(runner.load(name), parameters, seed=SEED)
    assert outcome.tests > 0


@pytest.mark.full
@pytest.mark.parametrize(("name", "parameters"), CASES, ids=lambda v: str(v).replace("'", ""))
def test_bench_with_any_seed(name: str, parameters: dict[str, int | str]) -> None:
    """With fresh seeds; the error names the one that fails."""
    for _ in range(5):
        assert runner.run(runner.load(name), parameters).tests > 0


def test_every_bench_folder_is_run() -> None:
    folders = {p.name for p in (runner.ROOT / "testbench").iterdir() if (p / "Makefile").is_file()}
    assert folders == set(runner.benches())
