# SPDX-License-Identifier: Apache-2.0
"""Runs a bench of `testbench/` on a cached build, on top of cocotb's own runner.

Stricter than cocotb: a run without tests, a fired assertion, a crash and a non-zero exit status
are failures. Only ports of the top and what the bench's `public.vlt` names are public. A failing
run is repeated with waveforms, which stay in `build/sim/<bench>/`, and the error names the seed
and the command that repeats it.

`bench.toml` in the folder of a bench says what is built; all keys are optional::

    top = "fifo"                          # default: name of the folder
    sources = ["fifo"]                    # module names, or paths or patterns from the root
    parameters = [{ Width = 8 }, {}]      # the sweep: one build and run for each
    c_sources = []                        # patterns of C files, compiled as C
    extra_sources = []                    # C++ and C files, paths from the project's root
    include = []                          # further include folders, from the project's root
    defines = {}
    ldflags = []
    plusargs = []
"""

import argparse
import os
import random
import shlex
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cocotb_tools.config
from cocotb_tools.runner import Verilator

from cosim.progress import interrupted
from cosim.window import add_window, window
from hal.errors import HxcosimError

from .cache import BuildError, publish_file, say
from .overlay import VERSION_LINE
from .sources import sources_of
from .verilate import Design, build, trace_format

__all__ = ["Bench", "Outcome", "SimulationError", "benches", "load", "run"]

ROOT = Path(__file__).resolve().parent.parent.parent
_KEYS = {
    "top", "sources", "parameters", "extra_sources", "c_sources", "include", "defines", "ldflags",
    "plusargs"
}  # fmt: skip


class SimulationError(BuildError):
    """A bench failed; the message holds the reasons, the seed and the command to repeat it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What one bench builds and runs."""

    #: Folder under `testbench/`; the tests are in `test_<name>.py` there.
    name: str
    folder: Path
    top: str
    sources: Sequence[Path]
    sweep: Sequence[Mapping[str, int | str]] = ({},)
    extra_sources: Sequence[Path] = ()
    c_sources: Sequence[Path] = ()
    include: Sequence[Path] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    ldflags: Sequence[str] = ()
    plusargs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A passed run: tests executed, seed and the folder with `sim.log` and `results.xml`."""

    tests: int
    seed: int
    folder: Path
    waveform: Path | None


#: In cocotb's main, which writes the whole waveform: the only line that does, and what replaces it.
_DUMP = "            tfp->dump(main_time);\n"
_WINDOW = """            static const auto at = [](const char* name) {
                return std::strtoull(std::getenv(name), nullptr, 10);
            };
            static const vluint64_t from = at("HXCOSIM_WAVES_FROM"), to = at("HXCOSIM_WAVES_TO");
            if (main_time >= from && (!to || main_time <= to)) tfp->dump(main_time);
"""


class _Runner(Verilator):
    """cocotb's runner, without its habit of letting the caller's environment win."""

    overrides: Mapping[str, str] = {}

    def _set_env_test(self) -> None:
        super()._set_env_test()
        for name in ("PYTEST_CURRENT_TEST", "GUI"):
            self.env.pop(name, None)
        self.env.update(self.overrides)


def load(name: str, root: Path = ROOT / "testbench") -> Bench:
    """Read the bench in folder `root`/`name`.

    :raises BuildError: if there is no such bench or `bench.toml` has an unknown key.
    """
    folder = root / name
    if not (folder / f"test_{name}.py").is_file():
        known = ", ".join(benches(root)) or "none"
        raise BuildError(f"there is no bench '{name}' in {root}; benches: {known}")
    file = folder / "bench.toml"
    settings: dict[str, Any] = tomllib.loads(file.read_text()) if file.exists() else {}
    if unknown := settings.keys() - _KEYS:
        raise BuildError(f"{file}: unknown key {', '.join(sorted(unknown))}")

    def paths(text: str) -> list[Path]:
        if "/" in text:
            return sorted(ROOT.glob(text)) if "*" in text else [ROOT / text]
        return sources_of(text)

    return Bench(
        name=name,
        folder=folder,
        top=settings.get("top", name),
        sources=[path for text in settings.get("sources", [name]) for path in paths(text)],
        sweep=settings.get("parameters", [{}]),
        extra_sources=[ROOT / text for text in settings.get("extra_sources", [])],
        c_sources=[path for text in settings.get("c_sources", []) for path in paths(text)],
        include=[ROOT / text for text in settings.get("include", [])],
        defines=settings.get("defines", {}),
        ldflags=settings.get("ldflags", []),
        plusargs=settings.get("plusargs", []),
    )


def benches(root: Path = ROOT / "testbench") -> list[str]:
    """Names of all benches: folders with a `test_<folder>.py`."""
    return sorted(p.parent.name for p in root.glob("*/test_*.py") if p.stem[5:] == p.parent.name)


def _design(bench: Bench, parameters: Mapping[str, int | str], waves: bool, cov: bool) -> Design:
    share = Path(cocotb_tools.config.share_dir) / "lib" / "verilator" / "verilator.cpp"
    if waves:
        text = share.read_text()
        if text.count(_DUMP) != 1:
            raise BuildError(f"{share} writes waveforms in another way than that of cocotb 2.1")
        head = "#include <cstdlib>\n"
        share = publish_file("windowed.cpp", head + text.replace(_DUMP, _WINDOW))
    libs = cocotb_tools.config.libs_dir
    # VPI sees what is public: the ports of the top, by their suffixes, and the bench's own list.
    ports = "`verilator_config\n" + "".join(
        f'public_flat_rw -module "{bench.top}" -var "*_{suffix}"\n' for suffix in ("i", "ni", "o")
    )
    public = [publish_file(f"public-{bench.top}.vlt", ports)]
    if (bench.folder / "public.vlt").is_file():
        public.append(bench.folder / "public.vlt")
    return Design(
        name=f"{bench.top}-waves" if waves else bench.top,
        top=bench.top,
        sources=[*public, *bench.sources],
        extra_sources=[share, *bench.extra_sources],
        c_sources=bench.c_sources,
        parameters=parameters,
        defines=bench.defines,
        include=bench.include,
        trace=waves,
        coverage=cov,
        vpi=True,
        ldflags=[f"-Wl,-rpath,{libs} -L{libs} -lcocotbvpi_verilator", *bench.ldflags],
        options=["--timescale", "1ns/1ps"],
    )


def _label(parameters: Mapping[str, int | str]) -> str:
    return "-".join(f"{name}{value}" for name, value in sorted(parameters.items()))


def _failures(results: Path, log: str, status: str) -> tuple[int, list[str]]:
    """Number of executed tests and all reasons why the run counts as failed."""
    reasons = []
    executed = 0
    if results.is_file():
        for case in ET.parse(results).getroot().iter("testcase"):
            if case.find("skipped") is not None:
                continue
            executed += 1
            for kind in ("failure", "error"):
                for bad in case.iter(kind):
                    text = (bad.get("error_msg") or bad.get("message") or bad.text or "").strip()
                    reasons.append(f"test {case.get('name')} failed: {text}")
        if not executed:
            reasons.append("no test was executed")
    else:
        last = [line.strip() for line in log.splitlines() if "Error" in line][-1:]
        reasons.append("; ".join(["the simulator left no results", *last]))
    fired = [x.strip() for x in log.splitlines() if "%Error" in x or "%Fatal" in x]
    reasons += [f"the simulator reported {line}" for line in fired[:3]]
    if status:
        reasons.append(f"the simulator ended with {status}")
    return executed, reasons


def _simulate(
    bench: Bench,
    parameters: Mapping[str, int | str],
    work: Path,
    seed: int,
    test_filter: str | None,
    waves: bool,
    cov: bool,
    environment: Mapping[str, str],
    window: tuple[int, int],
) -> tuple[int, list[str]]:
    executable = build(_design(bench, parameters, waves, cov))
    runner = _Runner()
    runner.log.setLevel("CRITICAL")
    runner.overrides = {
        **environment,
        "COCOTB_RANDOM_SEED": str(seed),
        "COCOTB_TEST_FILTER": test_filter or "",
        "WAVES": "0",
        "HXCOSIM_WAVES_FROM": str(window[0]),
        "HXCOSIM_WAVES_TO": str(window[1]),
        "PYTHONPATH": os.pathsep.join(map(str, [bench.folder, ROOT, *sys.path])),
    }
    log, results = work / "sim.log", work / "results.xml"
    arguments = ["--trace", "--trace-file", f"dump.{trace_format()}"] if waves else []
    status = ""
    try:
        runner.test(
            test_module=f"test_{bench.name}",
            hdl_toplevel=bench.top,
            hdl_toplevel_lang="verilog",
            build_dir=executable.parent,
            test_dir=work,
            results_xml=str(results.absolute()),
            seed=seed,
            test_args=arguments,
            plusargs=[
                "+verilator+rand+reset+2",
                f"+verilator+seed+{seed}",
                *(["+verilator+coverage+file+coverage.dat"] if cov else []),
                *bench.plusargs,
            ],
            log_file=str(log.absolute()),
        )
    except ValueError as error:  # cocotb does not find libpython
        raise BuildError(
            "Python's shared library, which cocotb loads into the simulator, is missing; "
            "get it with 'apt-get install libpython3-dev'"
        ) from error
    except (SystemExit, RuntimeError) as error:
        status = str(error) or "a non-zero status"
    return _failures(results, log.read_text(errors="replace") if log.is_file() else "", status)


def run(
    bench: Bench,
    parameters: Mapping[str, int | str] | None = None,
    *,
    seed: int | None = None,
    test_filter: str | None = None,
    waves: bool = False,
    window: tuple[int, int] = (0, 0),
    coverage: bool = False,
    environment: Mapping[str, str] | None = None,
    output: Path | None = None,
    repeat: bool = True,
) -> Outcome:
    """Build and run `bench` with one set of top-level parameters.

    :param seed: 1 to 2**31 - 1; default `COCOTB_RANDOM_SEED`, else a fresh one.
    :param test_filter: regular expression over test names.
    :param window: first and last time of the waveform in ps; 0 as the last one is the end.
    :param environment: variables that the tests read.
    :param output: folder of all runs, default `build/sim`.
    :param repeat: run a failing bench again, with waveforms.
    :raises SimulationError: on any failure, after the waveform has been written.
    """
    parameters = parameters or {}
    if seed is None:
        text = os.environ.get("COCOTB_RANDOM_SEED") or random.SystemRandom().randrange(1, 2**31)
        try:
            seed = int(text)
        except ValueError:
            raise BuildError(f"COCOTB_RANDOM_SEED is '{text}', but must be a number") from None
    if not 1 <= seed < 2**31:
        raise BuildError(f"the seed is {seed}, but must be within 1 and {2**31 - 1}")
    output = output or ROOT / "build" / "sim"
    work = output / "-".join(filter(None, [bench.name, _label(parameters)]))
    try:
        work.mkdir(parents=True, exist_ok=True)
        for old in work.glob("dump.*"):
            old.unlink()
    except OSError as error:
        raise BuildError(
            f"the build folder '{work}' cannot be written ({error.strerror}); make it writable"
        ) from error
    say(f"{work.name}: running with seed {seed}")
    arguments = (bench, parameters, work, seed, test_filter)
    try:
        tests, reasons = _simulate(*arguments, waves, coverage, environment or {}, window)
        if reasons and repeat and not waves:
            _simulate(*arguments, True, False, environment or {}, window)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"seed {seed}; what there is of it is in {work}") from None
    waveform = next(iter(sorted(work.glob("dump.*"))), None)
    if reasons:
        command = ["make", "sim", f"TEST={bench.name}", f"SEED={seed}", "WAVES=1"]
        if parameters:
            command.append("PARAMETERS=" + " ".join(f"{k}={v}" for k, v in parameters.items()))
        if test_filter:
            command.append(f"FILTER={test_filter}")
        raise SimulationError(
            f"bench '{work.name}' failed with seed {seed}:\n  "
            + "\n  ".join(reasons)
            + f"\n  log: {work / 'sim.log'}\n  waveform: {waveform}"
            + f"\n  repeat: {shlex.join(command)}"
        )
    return Outcome(tests, seed, work, waveform)


def _pairs(words: Sequence[str]) -> dict[str, int | str]:
    pairs: dict[str, int | str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise BuildError(f"parameter '{word}' is not of the form NAME=VALUE")
        pairs[name] = int(value) if value.isdecimal() else value
    return pairs


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m cosim.build.runner BENCH`: run one bench, as `make sim` does."""
    parser = argparse.ArgumentParser(prog="make sim", description=f"Run a bench ({VERSION_LINE}).")
    parser.add_argument("bench", help="folder in testbench/, as in: fifo")
    parser.add_argument("--seed", type=int, help="seed of tests and start-up values")
    parser.add_argument("--waves", action="store_true", help="write waveforms")
    add_window(parser)
    parser.add_argument("--coverage", action="store_true", help="collect line and toggle coverage")
    parser.add_argument("--filter", help="regular expression over test names")
    parser.add_argument("--parameter", "-p", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="environment variable for the tests")  # fmt: skip
    given = parser.parse_args(arguments)
    try:
        times = window(given, given.waves, unit=1)
        bench = load(given.bench)
        sweep = [_pairs(given.parameter)] if given.parameter else bench.sweep
        environment = {name: str(value) for name, value in _pairs(given.set).items()}
        for parameters in sweep:
            outcome = run(
                bench,
                parameters,
                seed=given.seed,
                test_filter=given.filter,
                waves=given.waves,
                window=times,
                coverage=given.coverage,
                environment=environment,
            )
            sys.stdout.write(
                f"{outcome.folder.name}: {outcome.tests} passed, 0 failed, seed {outcome.seed}"
                + (f", waveform {outcome.waveform}" if outcome.waveform else "") + "\n"
            )  # fmt: skip
    except HxcosimError as error:
        sys.stderr.write(f"hxcosim: {error}\n")
        return 2 if not isinstance(error, SimulationError) else 1
    except KeyboardInterrupt as stop:
        return interrupted(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
