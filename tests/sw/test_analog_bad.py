# SPDX-License-Identifier: Apache-2.0
"""Bad input: an error that names the mistake, and a state that has not changed."""

import ctypes
import math
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from analog_setup import connect, prepare

from cosim.analog import AnalogError, Core, Option, Readout

ROOT = Path(__file__).resolve().parents[2]

MISTAKES: dict[str, tuple[Callable[[Core], object], str]] = {
    "past event": (lambda c: c.event(999, 0, 0, 0, 1), "time 999 lies before 1000"),
    "past run": (lambda c: c.run(5), "lies before"),
    "far future": (lambda c: c.run(1 << 62), "out of range"),
    "bus": (lambda c: c.event(1000, 0, 4, 0, 1), "PADI bus 0/4 does not exist"),
    "hemisphere": (lambda c: c.event(1000, 2, 0, 0, 1), "PADI bus 2/0 does not exist"),
    "row select": (lambda c: c.event(1000, 0, 0, 32, 1), "event 32/1 is out of range"),
    "address": (lambda c: c.event(1000, 0, 0, 0, 64), "event 0/64 is out of range"),
    "events field": (lambda c: c.events([1000], 0, 0, 0, 64), r"out of range \[0, 63\]"),
    "events past": (lambda c: c.events([3], 0, 0, 0, 1), "time 3 lies before"),
    "code": (lambda c: c.capmem(0, 0, 0, 1024), r"code 1024 is out of range \[0, 1023\]"),
    "cell": (lambda c: c.capmem(0, 130, 0, 1), "cell 0/130/0 does not exist"),
    "neuron": (lambda c: c.neuron(512), r"neuron 512 is out of range \[0, 511\]"),
    "capacitor": (lambda c: c.neuron(0, capacitor=64), r"= 64 is out of range \[0, 63\]"),
    "setting": (lambda c: c.neuron(0, fire=2), r"= 2 is out of range \[0, 1\]"),
    "no setting": (lambda c: c.neuron(0, spark=1), "unknown setting 'spark'"),
    "byte": (lambda c: c.neuron(0, fire=300), r"fire = 300 is out of range \[0, 255\]"),
    "backend": (lambda c: c.backend(0, reset_holdoff=16), r"backend\[0\]"),
    "backend neuron": (lambda c: c.backend(512), "neuron 512 is out of range"),
    "clock": (lambda c: c.clocks(0, slow=16), r"clocks\[0\]: a scale"),
    "clock block": (lambda c: c.clocks(2), r"block 2 is out of range \[0, 1\]"),
    "driver": (lambda c: c.driver(0, 128), "driver 0/128 does not exist"),
    "driver setting": (lambda c: c.driver(0, 0, recovery=16), r"driver\[0\]\[0\]"),
    "stp": (lambda c: c.stp(0, clock=True, speed=16), "STP clock"),
    "padi": (lambda c: c.padi(0, 0, 16), "pulse extension 16"),
    "padi bus": (lambda c: c.padi(0, 4, 1), "PADI bus 0/4"),
    "synapse": (lambda c: c.synapse(0, 256, 0, 1), "synapse 0/256/0 does not exist"),
    "weight": (lambda c: c.synapse(0, 0, 0, 64), r"synapse\[0\]\[0\]\[0\]"),
    "column": (lambda c: c.column(0, 256), "column 0/256 does not exist"),
    "sensor": (lambda c: c.sensor(0, 256), "column 0/256 does not exist"),
    "post pulse": (lambda c: c.post_pulse(2, 0), "column 2/0 does not exist"),
    "quad": (lambda c: c.correlation_reset(0, 0, 64), "quad 0/0/64 does not exist"),
    "cadc row": (lambda c: c.cadc(0, 256), "row 0/256 does not exist"),
    "cadc offset": (lambda c: c.cadc_offset(0, 0, 128), r"offset 128 is out of range"),
    "cadc channel": (lambda c: c.cadc_offset(0, 512, 0), "channel 0/512 does not exist"),
    "madc mux": (lambda c: c.madc_mux(2, 1), "multiplexer 2/1"),
    "madc input": (lambda c: c.madc(2), "no such neuron, readout or MADC input"),
    "reset": (lambda c: c.reset(512), "neuron 512"),
    "nan": (lambda c: c.option(Option.PAD_EXC, math.nan), "option 2 must be finite"),
    "infinity": (lambda c: c.option(Option.CAPMEM_TAU, math.inf), "option 1 must be finite"),
    "voltage": (lambda c: c.option(Option.PAD_INH, 2.0), r"out of range \[0, 1.8\]"),
    "noise": (lambda c: c.option(Option.NOISE, 0.5), "noise is 0 or 1"),
    "read early": (lambda c: c.voltage(0, Readout.MEMBRANE, 989), "before the open grid step"),
    "read late": (lambda c: c.voltage(0, Readout.MEMBRANE, 1001), "run first"),
    "read neuron": (lambda c: c.voltage(512), "no such neuron"),
    "short": (lambda c: c.neuron(0, soma=1, conductance=1), r"neuron\[0\]: the resistor would"),
    "snapshot": (lambda c: c.restore(b"123"), "snapshot has 3 bytes"),
    "kernel": (lambda c: setattr(c, "isa", 7), "kernel 7 cannot run here"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_analog_bad(name: str) -> None:
    call, text = MISTAKES[name]
    with Core(5) as core:
        prepare(core, range(2), {2: 330})
        connect(core, 0, 50)
        core.run(1000)
        before = core.hash()
        with pytest.raises(AnalogError, match=text):
            call(core)
        assert core.hash() == before


def test_analog_bad_snapshot() -> None:
    with Core() as core:
        snapshot = bytearray(core.save())
        snapshot[100_000] ^= 1
        before = core.hash()
        with pytest.raises(AnalogError, match="damaged"):
            core.restore(bytes(snapshot))
        assert core.hash() == before


@pytest.mark.parametrize("step", [0, 26])
def test_analog_bad_step(step: int) -> None:
    with pytest.raises(AnalogError, match=rf"step {step} is out of range \[1, 25\]"):
        Core(step=step)


def test_analog_bad_seed() -> None:
    with pytest.raises(AnalogError, match="seed -1"):
        Core(-1)


@pytest.mark.parametrize(("invert", "rail"), [(0, 2.5), (1, 0.0)])
def test_analog_adaptation_rails(invert: int, rail: float) -> None:
    """An adaptation that leaks away slower than it is driven ends at a rail, not beyond."""
    with Core() as core:
        codes = {0: 900, 5: 300, 18: 1, 19: 1022}
        prepare(core, range(1), codes, adaptation=0, invert_a=invert, fire=0)
        core.run(2_500_000)
        assert core.voltage(0, Readout.ADAPT) == pytest.approx(rail, abs=1e-3)


def fuzz(tmp_path: Path, calls: int) -> str:
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler
    target = tmp_path / "fuzz"
    sources = [*sorted((ROOT / "cosim/analog").glob("*.c")), ROOT / "tests/sw/analog_fuzz.c"]
    command = [
        compiler, "-std=c11", "-O1", "-g", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror",
        "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
        f"-I{ROOT}/hal/include", f"-I{ROOT}/cosim/analog",
        *map(str, sources), "-lm", "-o", str(target),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    result = subprocess.run(
        [str(target), str(calls), "1"], capture_output=True, text=True, env=environment
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


def test_analog_fuzz(tmp_path: Path) -> None:
    """Random calls with random arguments under the sanitizers."""
    assert "20000 calls" in fuzz(tmp_path, 20_000)


@pytest.mark.full
def test_analog_fuzz_full(tmp_path: Path) -> None:
    assert "10000000 calls" in fuzz(tmp_path, 10_000_000)


def test_analog_error_without_core() -> None:
    """The C interface answers a null pointer with a code, not with a crash."""
    with Core() as core:
        library = core._c
    assert library.hx_analog_run(None, 1) == -1
    assert library.hx_analog_error(None) == b"core is null"
    assert library.hx_analog_create(0, 0) is None
    volts = ctypes.c_float()
    assert library.hx_analog_voltage(None, 0, 0, 0, ctypes.byref(volts)) == -1
