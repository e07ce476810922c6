# SPDX-License-Identifier: Apache-2.0
"""The same bits from every kernel, every cut of the calls and every compiler setting."""

import ctypes
import itertools
import random
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from analog_setup import connect, prepare

from cosim.analog import AnalogError, Core, Isa, Option, Readout

ROOT = Path(__file__).resolve().parents[2]
MS = 250_000

RELAYS = range(24, 29)
ADEX = {6: 700, 18: 400, 19: 100, 20: 200, 2: 500, 8: 100}


def build(core: Core) -> None:
    """Neurons of all kinds: integrator, adaptive exponential, conductance based, relays."""
    prepare(core, range(4), {})
    prepare(core, range(16, 20), ADEX, exponential=1, adaptation=1, pause=1)
    prepare(core, range(20, 22), {11: 200, 15: 200}, exc_coba=1, inh_coba=1)
    prepare(core, RELAYS, {10: 1022}, bypass_exc=1, comparator=0)
    for column in (*range(4), *range(16, 22)):
        connect(core, column, 40 + column)
    for column in RELAYS:
        connect(core, column, 63)
    core.padi(0, 0, 15)


def test_bits_relays_fire() -> None:
    """All relays of the network fire at once, so that their resets end side by side."""
    with Core(7) as core:
        build(core)
        drive(core, MS // 16)
        times, neurons = core.spikes()
    of = {n: set(times[neurons == n].tolist()) for n in RELAYS}
    assert len(of[RELAYS[0]]) > 10
    assert all(of[n] == of[RELAYS[0]] for n in RELAYS)


def test_relay_alone_and_side_by_side() -> None:
    """Resets that end side by side are taken together: the membranes go as each would alone."""
    chance = random.Random(4)
    events = list(itertools.accumulate(chance.randrange(600, 900) for _ in range(150)))
    found = []
    for count in (1, 12):
        with Core(0) as core:
            prepare(core, range(count), {10: 1022}, bypass_exc=1, comparator=0)
            for column in range(count):
                connect(core, column, 63)
            core.padi(0, 0, 15)
            volts = []
            for time in events:
                core.event(time, 0, 0, 0, 1)
                for at in range(time + 500, time + 560, 7):  # the reset ends
                    core.run(at)
                    volts.append(core.voltage(0, Readout.MEMBRANE))
            times, neurons = core.spikes()
            found.append((volts, times[neurons == 0].tolist()))
    (alone, spikes), (together, same) = found
    assert len(spikes) > 100
    assert spikes == same
    # Both round each of their 20 operations on 1 V to 6e-8; the leak forgets it in 250 steps.
    assert max(abs(a - b) for a, b in zip(alone, together, strict=True)) < 1e-6


def stimulus(seed: int, end: int) -> list[tuple[int, int]]:
    chance = random.Random(seed)
    times = sorted(chance.randrange(end) for _ in range(end // 400))
    return [(t, chance.choice((1, 1, 2))) for t in times]


def drive(
    core: Core,
    end: int,
    *,
    cuts: random.Random | None = None,
    marks: int = 100,
    between: Callable[[Core], None] | None = None,
) -> list[int]:
    """Run with Poisson input; hash at `marks` equal distances. Cuts split the calls at random."""
    hashes = []
    events = stimulus(3, end)
    i = 0
    for mark in range(1, marks + 1):
        until = end * mark // marks
        while i < len(events) and events[i][0] < until:
            time, label = events[i]
            if cuts:
                for _ in range(cuts.randrange(3)):
                    core.run(cuts.randint(core.now, time))
                    core.voltage(cuts.randrange(24), Readout(cuts.randrange(4)))
            core.event(time, 0, 0, 0, label)
            i += 1
        core.run(until)
        if between:
            between(core)
        hashes.append(core.hash())
    return hashes


def reference(end: int, isa: Isa, library: ctypes.CDLL | None = None, seed: int = 7) -> list[int]:
    with Core(seed, library=library) as core:
        core.isa = isa
        build(core)
        return drive(core, end)


def kernels() -> list[Isa]:
    found = []
    with Core() as core:
        for isa in Isa:
            try:
                core.isa = isa
            except AnalogError:
                continue
            found.append(isa)
    return found


def test_bits_one_neuron() -> None:
    """One neuron, all kernels, random cuts and reads between: equal hashes, and it does spike."""
    results = set()
    for isa in kernels():
        for cut in (None, 1):
            with Core(7) as core:
                core.isa = isa
                prepare(core, range(1), {2: 330})
                connect(core, 0, 60)
                chance = None if cut is None else random.Random(cut)
                results.add(tuple(drive(core, MS // 2, cuts=chance)))
                assert len(core.spikes()[0]) > 5
    assert len(results) == 1
    assert len(set(results.pop())) == 100


@pytest.mark.parametrize("isa", kernels())
def test_bits_kernels(isa: Isa) -> None:
    assert reference(MS // 4, isa) == reference(MS // 4, Isa.SCALAR)


def test_bits_cuts_and_reads() -> None:
    """Where the calls are cut and what is read between them leaves no trace in the state."""
    with Core(7) as core:
        build(core)
        assert drive(core, MS, cuts=random.Random(5)) == reference(MS, core.isa)


def swap(core: Core, other: Core) -> None:
    """Through another core and back, which goes its own way in between."""
    snapshot = core.save()
    other.restore(snapshot)
    assert other.hash() == core.hash()
    other.event(core.now, 0, 0, 0, 1)
    core.restore(snapshot)


def test_bits_save_restore() -> None:
    """A copy of the state goes on as the original does."""
    with Core(7) as core, Core(99) as other:
        build(core)

        found = drive(core, MS, between=lambda c: swap(c, other))
        assert found == reference(MS, core.isa)


def test_bits_seeds_differ() -> None:
    assert reference(MS // 4, Isa.SCALAR)[-1] != reference(MS // 4, Isa.SCALAR, seed=8)[-1]


def library(tmp_path: Path, compiler: str, level: str) -> ctypes.CDLL:
    """The library made by another compiler or with another optimisation."""
    command = shutil.which(compiler)
    if not command:
        pytest.skip(f"{compiler} is not installed")
    target = tmp_path / f"{compiler}{level}.so"
    sources = sorted((ROOT / "cosim/analog").glob("*.c"))
    flags = ["-std=c11", level, "-fPIC", "-ffp-contract=off", f"-I{ROOT}/hal/include", "-shared"]
    subprocess.run([command, *flags, *map(str, sources), "-lm", "-o", str(target)], check=True)
    return ctypes.CDLL(str(target))


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_bits_builds(tmp_path: Path, compiler: str, level: str) -> None:
    """Any compiler with and without optimisation gives the bits of the installed library."""
    other = library(tmp_path, compiler, level)
    for isa in kernels():
        assert reference(MS // 16, isa, other) == reference(MS // 16, isa)


@pytest.mark.full
def test_bits_full(tmp_path: Path) -> None:
    """Full strength: the hash after every one of 100 chip milliseconds, whatever differs."""
    end = 100 * MS
    expected = reference(end, Isa.SCALAR)
    assert len(set(expected)) == 100

    def compare(name: str, found: list[int]) -> None:
        equal = sum(a == b for a, b in zip(found, expected, strict=True))
        print(f"{name}: {equal} of 100 equal")
        assert equal == 100

    for isa in kernels():
        compare(f"{isa.name}, again", reference(end, isa))
    for cut in range(2):
        with Core(7) as core:
            build(core)
            compare(f"calls cut at random, seed {cut}", drive(core, end, cuts=random.Random(cut)))
    with Core(7) as core, Core(99) as other:
        build(core)
        half = drive(core, end, between=lambda c: None if c.now != end // 2 else swap(c, other))
        compare("saved, restored in another core in the middle", half)
    found: list[list[int]] = []
    pair = [threading.Thread(target=lambda: found.append(reference(end, isa))) for _ in range(2)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    for k, hashes in enumerate(found):
        compare(f"two threads, number {k}", hashes)
    for compiler in ("gcc", "clang"):
        for level in ("-O0", "-O2"):
            other_build = library(tmp_path, compiler, level)
            for isa in kernels():
                compare(f"{compiler} {level}, {isa.name}", reference(end, isa, other_build))


def test_bits_aarch64(tmp_path: Path) -> None:
    """Random calls of the whole interface end in the same state on x86-64 and aarch64."""
    cross, emulator = shutil.which("aarch64-linux-gnu-gcc"), shutil.which("qemu-aarch64")
    if not cross or not emulator:
        pytest.skip("needs the packages gcc-aarch64-linux-gnu, libc6-dev-arm64-cross, qemu-user")
    sources = [*sorted((ROOT / "cosim/analog").glob("*.c")), ROOT / "tests/sw/analog_fuzz.c"]
    flags = ["-std=c11", "-O2", "-static", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"]
    flags += [f"-I{ROOT}/hal/include", f"-I{ROOT}/cosim/analog"]
    lines = []
    for compiler, run in (("gcc", []), (cross, [emulator])):
        program = tmp_path / Path(compiler).name
        subprocess.run(
            [compiler, *flags, *map(str, sources), "-lm", "-o", str(program)], check=True
        )
        result = subprocess.run(
            [*run, str(program), "5000", "1"], check=True, capture_output=True, text=True
        )
        lines.append(result.stdout)
    assert lines[0] == lines[1]
    assert "5000 calls" in lines[0]


def branches(core: Core) -> None:
    """Two shorted circuits, a third over a resistor, sensors with bias, noise, settling cells."""
    prepare(core, range(16, 20), {2: 330, 23: 300})
    switches = {"fire": 1, "comparator": 1, "exc": 1, "inh": 1}
    core.neuron(16, membrane_right=1, soma=1, soma_right=1, **switches)
    core.neuron(17, soma_right=1, **switches)
    core.neuron(18, conductance=1, **switches)
    for column in range(16, 20):
        connect(core, column, 50)
    core.option(Option.CAPMEM_TAU, 1e-4)
    core.parameter(19, 0, 800)


def test_bits_compartments() -> None:
    """Compartments, sensors and settling cells: the same bits from all kernels and cuts."""
    results = set()
    for isa in kernels():
        for cut in (None, 3):
            with Core(7) as core:
                core.isa = isa
                branches(core)
                chance = None if cut is None else random.Random(cut)
                results.add(tuple(drive(core, MS // 8, cuts=chance)))
                core.cadc(0, 3)
                results.add(core.hash())
    assert len(results) == 2


def reconfigured(isa: Isa, cut: bool, case: int, chip: int) -> tuple[int, list[int], list[int]]:
    """Hash and spikes of 40 random neurons that are reset, held and written to at random times, be
    they in their reset, in their hold-off or about to fire; `cut`: in many calls."""
    draw, cuts = random.Random(case), random.Random(case + 1)
    flag = lambda: draw.randrange(2)  # noqa: E731 (a draw)
    with Core(chip) as core:
        core.isa = isa
        codes = {0: 900, 1: 700, 2: 300 + draw.randrange(60), 8: draw.choice((150, 600)), 13: 600}
        prepare(core, range(40), {**codes, 6: 640, 21: 300}, exponential=flag())
        for n in range(0, 40, 3):
            core.neuron(n, fire=1, comparator=1, exc=1, inh=1, membrane_right=flag(),
                        bypass_exc=flag(), exponential=flag())  # fmt: skip
        for n in range(40):
            core.backend(n, refractory_time=draw.randrange(1, 255), fire_to_right=flag(),
                         reset_holdoff=draw.randrange(16), adaptation_pulse=flag(),
                         slave=draw.random() < 0.1, master=draw.random() < 0.2)  # fmt: skip
            connect(core, n, draw.randrange(64), driver=n // 2)
        t, times, neurons = 0, [], []
        for _ in range(60):
            end = t + draw.randrange(1, 900)
            while cut and t < end:
                t = min(end, t + cuts.randrange(1, 300))
                core.run(t)
            t = end
            core.run(t)
            kind, n = draw.randrange(6), draw.randrange(40)
            if kind == 0:
                core.parameter(n, 2, draw.randrange(250, 420))
            elif kind == 1:
                core.reset(n)
            elif kind == 2:
                core.force_reset(0, flag())
            elif kind == 3:
                core.backend(n, refractory_time=1 + n, reset_holdoff=draw.randrange(16))
            else:
                core.event(t, 0, draw.randrange(4), draw.randrange(4), draw.randrange(1, 3))
            if cut:
                core.restore(core.save())
            at, of = core.spikes()
            times += at.tolist()
            neurons += of.tolist()
        return core.hash(), times, neurons


@pytest.mark.parametrize("chip", [0, 5])
def test_bits_reconfigured(chip: int) -> None:
    """Every kernel, in one piece and cut, whatever neurons are in the midst of."""
    fired = 0
    for case in range(4):
        first = reconfigured(Isa.SCALAR, False, case, chip)
        fired += len(first[1])
        for isa in kernels():
            assert reconfigured(isa, True, case, chip) == first
    assert fired > 1000


def test_bits_threads() -> None:
    """Two chips in two threads at the same time, and one after the other."""
    found: list[list[int]] = []
    with Core(7) as first, Core(7) as second:
        for core in (first, second):
            build(core)
        threads = [
            threading.Thread(target=lambda c: found.append(drive(c, MS // 2)), args=(core,))
            for core in (first, second)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        isa = first.isa
    assert found[0] == found[1] == reference(MS // 2, isa)


def test_bits_until_spike() -> None:
    """From spike to spike: each stop ends the grid step of the first one, the bits are equal."""
    end = MS // 8
    with Core(7) as core, Core(7) as other:
        for each in (core, other):
            build(each)
            for time, label in stimulus(3, end // 2):
                each.event(time, 0, 0, 0, label)
        other.run(end)
        expected = other.spikes()[0]
        core.spikes()
        stops = 0
        while core.now < end:
            before, now = core.now, core.run_until_spike(end)
            found = core.spikes()[0]
            assert before < now <= end
            if len(found):
                stops += 1
                assert found.max() // 10 == found.min() // 10 == now // 10 - 1
            else:
                assert now == end
        assert stops > 5
        assert len(expected) >= stops
        assert core.hash() == other.hash()
