# SPDX-License-Identifier: Apache-2.0
"""Bad input: an error that names the mistake, and a state that has not changed."""

import ctypes
import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from analog_setup import ALL, connect, prepare

from cosim.analog import NEURON_FIELDS, AnalogError, Core, Option, Readout
from hal import halco, haldls

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
    "master": (lambda c: c.backend(0, master=2), r"backend\[0\]"),
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


def test_analog_sensor_limit() -> None:
    """A pair that brings more than what is left of a sensor's range fills it, and no more."""
    with Core() as core:
        prepare(core, range(1), {}, exc=0)
        connect(core, 0, 63)
        for row in (9, 10):  # the longest and largest increments: far more than the range
            core.capmem(0, 128, row, 1)
        core.synapse(0, 0, 0, 63, 1, amp_calib=3)
        core.option(Option.RES_MEAS, 1.8)
        core.option(Option.V_RESET, 2.5)
        core.sensor(0, 0)
        for _ in range(3):
            core.event(core.now, 0, 0, 0, 1)
            core.run(core.now + 10)
            core.post_pulse(0, 0)
            # Baseline 1.55 V less 220 LSB of 4.66 mV, at a ramp of 24 mV and 4.66 mV per code.
            assert core.cadc(0)[0][0] == pytest.approx((1.55 - 0.024) / 4.66e-3 - 220, abs=1)


def fuzz(tmp_path: Path, calls: int, seeds: range) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler
    target = tmp_path / "fuzz"
    sources = [*sorted((ROOT / "cosim/analog").glob("*.c")), ROOT / "tests/sw/analog_fuzz.c"]
    command = [
        compiler, "-std=c11", "-O2", "-g", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror",
        "-fsanitize=address,undefined,float-cast-overflow,float-divide-by-zero",
        "-fno-sanitize-recover=all",
        f"-I{ROOT}/hal/include", f"-I{ROOT}/cosim/analog",
        *map(str, sources), "-lm", "-o", str(target),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    for seed in seeds:
        result = subprocess.run(
            [str(target), str(calls), str(seed)], capture_output=True, text=True, env=environment
        )
        assert result.returncode == 0, (seed, result.stderr[-2000:])
        print(f"seed {seed}: {result.stdout}", end="")
        assert f"{calls} calls" in result.stdout


def test_analog_fuzz(tmp_path: Path) -> None:
    """Random calls with random arguments under the sanitizers."""
    fuzz(tmp_path, 20_000, range(1, 2))


@pytest.mark.full
def test_analog_fuzz_full(tmp_path: Path) -> None:
    """Ten million calls, a million from each of ten seeds."""
    fuzz(tmp_path, 1_000_000, range(1, 11))


def ring(core: Core, closing: int) -> int:
    """Two membranes on one somatic line by a resistor each, then shorted (neuron 0) or joined to
    that line (neuron 1): a loop in either case. By register words; status of the last one."""
    status = 0
    for n, last in ((0, False), (1, False), (closing, True)):
        config = haldls.NeuronConfig()
        config.enable_multicomp_conductance = True
        config.connect_soma_right = n == 0
        config.connect_membrane_right = last and n == 0
        config.connect_soma = last and n == 1
        access = config.write_access(halco.NeuronConfigOnDLS(n))
        words = zip(access.addresses.tolist(), access.words.tolist(), strict=True)
        before = core.hash()
        found = [core._c.hx_analog_write(core._core, core.now, *word) for word in words]
        status = min(found)
        assert (status == 0) != last
        # Words are taken one by one: those that do not close the loop are, whatever the others.
        if last and found.count(0) == 0:
            assert core.hash() == before
    return status


def full(core: Core) -> int:
    """So many spikes that the next call finds no room for more."""
    for n in ALL:
        core._c.hx_analog_capmem(core._core, core.now, n // 128, n % 128, 0, 900)
    core._c.hx_analog_set_option(core._core, core.now, 1, 0.0)
    prepare(core, ALL, {0: 1000, 2: 300, 8: 1000})
    return int(core._c.hx_analog_run(core._core, core.now + 5_000_000))


NAN, INF = math.nan, math.inf
#: For each error code of core.h: calls that must end with it, by library, core and time.
REFUSED: dict[str, Callable[[Any, Any, int], list[int]]] = {
    "NULL": lambda c, k, t: [
        c.hx_analog_neuron(k, t, 0, None), c.hx_analog_backend(k, t, 0, None),
        c.hx_analog_clocks(k, t, 0, None), c.hx_analog_driver(k, t, 0, 0, None),
        c.hx_analog_events(k, 1, None, None), c.hx_analog_spikes(k, None, None, 1),
        c.hx_analog_voltage(k, t, 0, 0, None), c.hx_analog_madc(k, t, 0, None),
        c.hx_analog_cadc_result(k, 0, None, None), c.hx_analog_save(k, None, 0),
        c.hx_analog_restore(k, None, 0),
    ],
    "RANGE": lambda c, k, t: [
        c.hx_analog_capmem(k, t, 4, 0, 0, 0), c.hx_analog_capmem(k, t, 0, 0, 24, 0),
        c.hx_analog_capmem(k, t, 0, 0, 0, 1024), c.hx_analog_event(k, t, 0, 0, 32, 0),
        c.hx_analog_force_reset(k, t, 2, 0), c.hx_analog_force_reset(k, t, 0, 2),
        c.hx_analog_set_option(k, t, 6, 0.0), c.hx_analog_set_option(k, t, 2, -0.1),
        c.hx_analog_run(k, 2**62), c.hx_analog_save(k, ctypes.create_string_buffer(8), 8),
    ],
    "PAST": lambda c, k, t: [
        c.hx_analog_run(k, t - 1), c.hx_analog_run(k, -1), c.hx_analog_run_until_spike(k, t - 1),
        c.hx_analog_set_option(k, t - 1, 0, 1.0), c.hx_analog_capmem(k, t - 1, 0, 0, 0, 1),
        c.hx_analog_neuron(k, t - 1, 0, bytes(64)), c.hx_analog_backend(k, t - 1, 0, bytes(64)),
        c.hx_analog_clocks(k, t - 1, 0, bytes(8)), c.hx_analog_driver(k, t - 1, 0, 0, bytes(16)),
        c.hx_analog_stp(k, t - 1, 0, 1, 1), c.hx_analog_padi(k, t - 1, 0, 0, 1),
        c.hx_analog_synapse(k, t - 1, 0, 0, 0, 1, 1, 1, 1),
        c.hx_analog_column(k, t - 1, 0, 0, 1, 1, 0, 0),
        c.hx_analog_correlation(k, t - 1, 0, 0, 1, 1, 1, 1), c.hx_analog_cadc(k, t - 1, 0, 1, 1),
        c.hx_analog_cadc_channel(k, t - 1, 0, 0, 1), c.hx_analog_madc_mux(k, t - 1, 0, 1),
        c.hx_analog_event(k, t - 1, 0, 0, 0, 1), c.hx_analog_reset(k, t - 1, 0),
        c.hx_analog_force_reset(k, t - 1, 0, 1),
        c.hx_analog_post_pulse(k, t - 1, 0, 0), c.hx_analog_correlation_reset(k, t - 1, 0, 0, 0),
        c.hx_analog_cadc_trigger(k, t - 1, 0, 0), c.hx_analog_write(k, t - 1, 0, 0),
        c.hx_analog_voltage(k, t - 20, 0, 0, ctypes.byref(ctypes.c_float())),
    ],
    "FUTURE": lambda c, k, t: [
        c.hx_analog_voltage(k, t + 1, 0, 0, ctypes.byref(ctypes.c_float())),
        c.hx_analog_madc(k, t + 1, 0, ctypes.byref(ctypes.c_uint16())),
        c.hx_analog_cadc_result(k, 0, *(ctypes.create_string_buffer(256) for _ in range(2))),
    ],
    "NOT_FINITE": lambda c, k, t: [
        c.hx_analog_set_option(k, t, option, value)
        for option in range(6) for value in (NAN, INF, -INF)
    ],
    "LOOP": lambda c, k, t: [c.hx_analog_neuron(k, t, 0, SHORTED)],
    "SNAPSHOT": lambda c, k, t: [
        c.hx_analog_restore(k, bytes(8), 8),
        c.hx_analog_restore(k, bytes(c.hx_analog_snapshot_size()), c.hx_analog_snapshot_size()),
    ],
    "ISA": lambda c, k, t: [c.hx_analog_set_isa(k, 3), c.hx_analog_set_isa(k, -1)],
}  # fmt: skip
SHORTED = bytes(int(f in ("soma", "conductance")) for f in NEURON_FIELDS)


@pytest.mark.parametrize("name", REFUSED)
def test_analog_refused(name: str) -> None:
    """Each error code of the interface, and a state that keeps its hash."""
    with Core(5) as core:
        prepare(core, range(2), {2: 330})
        connect(core, 0, 50)
        core.run(1000)
        before = core.hash()
        found = REFUSED[name](core._c, core._core, 1000)
        assert found == [codes()[name]] * len(found)
        assert core.hash() == before


def codes() -> dict[str, int]:
    text = (ROOT / "cosim/analog/core.h").read_text()
    return {name: int(code) for name, code in re.findall(r"HX_ANALOG_(\w+) = (-\d)", text)}


def test_analog_refused_is_complete() -> None:
    assert set(REFUSED) | {"FULL"} == set(codes())


@pytest.mark.parametrize("closing", [0, 1])
def test_analog_refused_loop(closing: int) -> None:
    """A loop of compartments through register words."""
    with Core() as core:
        core.run(1000)
        assert ring(core, closing) == codes()["LOOP"]
        core.run(2000)


def test_analog_refused_full() -> None:
    """A full spike buffer stops the time, loses nothing, and goes on once it is emptied."""
    with Core(step=25) as core:
        assert full(core) == codes()["FULL"]
        before = core.hash()
        assert core._c.hx_analog_run(core._core, 10_000_000) == codes()["FULL"]
        assert core.hash() == before
        with pytest.raises(AnalogError, match="lies before"):  # that time is over
            core.event(core.now - 1, 0, 0, 0, 1)
        times, neurons = core.spikes()
        assert len(times) > 65536 - 16384  # less than a call may bring
        assert times[-1] < core.now
        assert (np.bincount(neurons, minlength=512) > 90).all()
        core.run(core.now + 25)


def test_analog_error_without_core() -> None:
    """The C interface answers a null pointer with a code, not with a crash."""
    with Core() as core:
        library = core._c
    assert library.hx_analog_run(None, 1) == -1
    assert library.hx_analog_error(None) == b"core is null"
    assert library.hx_analog_create(0, 0) is None
    volts = ctypes.c_float()
    assert library.hx_analog_voltage(None, 0, 0, 0, ctypes.byref(volts)) == -1
