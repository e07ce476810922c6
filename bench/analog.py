# SPDX-License-Identifier: Apache-2.0
"""The analog core on the named benchmark network (`analog_network`), and what waiting costs.

CPU time, median of runs. The machine's arithmetic limit is taken in the same run: on a machine
that others use, compare the fractions, not the absolute figures.
"""

import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from analog_network import DURATION, build, bypass, inputs, play
from report import Report

from cosim.analog import AnalogError, Core, Isa

RUNS = 5
STEP = 10
NEURONS = 512
#: Multiplications and fused multiply-adds of one neuron-step of the network without charge (counted
#: in the source of the step; a neuron with inhibition has 45).
PRODUCTS = 33

# Ten chains with different values: the compiler would make one of equal ones.
PEAK = r"""
#include <immintrin.h>
#include <stdio.h>
#include <time.h>
__attribute__((target("avx512f"))) int main(void) {
    __m512 a[10], x = _mm512_set1_ps(0.999f), y = _mm512_set1_ps(1e-3f);
    for (int i = 0; i < 10; i++) a[i] = _mm512_set1_ps((float)i);
    clock_t begin = clock();
    for (long k = 0; k < 20000000; k++) {
#pragma GCC unroll 10
        for (int i = 0; i < 10; i++) a[i] = _mm512_fmadd_ps(a[i], x, y);
    }
    double s = (double)(clock() - begin) / CLOCKS_PER_SEC;
    volatile float sink = 0;
    for (int i = 0; i < 10; i++) sink += _mm512_reduce_add_ps(a[i]);
    printf("%g\n", 20000000.0 * 10 * 16 / s);
}
"""


def peak() -> float:
    """Lane operations (fused multiply-adds) per second of this machine, now."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / "peak.c", Path(folder) / "peak"
        source.write_text(PEAK, encoding="utf-8")
        subprocess.run(["gcc", "-O2", str(source), "-o", str(program)], check=True)
        return float(subprocess.run([str(program)], check=True, capture_output=True).stdout)


def cpu(function) -> float:  # type: ignore[no-untyped-def]
    begin = time.process_time()
    function()
    return time.process_time() - begin


def span(core: Core, clocks: int) -> float:
    """CPU time of a call that runs so far, mean of 1000."""
    times = [core.now + clocks * (k + 1) for k in range(1000)]
    begin = time.process_time()
    for t in times:
        core.run(t)
    return (time.process_time() - begin) / len(times)


def main() -> None:
    """Run and report."""
    report = Report("analog")
    times, rows = inputs()
    work = NEURONS * DURATION / STEP
    core = Core(step=STEP)
    build(core)
    start = core.save()
    for isa, goal in ((Isa.AVX512, 1.0e9), (Isa.AVX2, 0.5e9)):
        try:
            core.isa = isa
        except AnalogError:
            print(f"{isa.name}: not on this processor")
            continue
        taken, limits = [], []
        for _ in range(RUNS):
            core.restore(start)
            taken.append(cpu(lambda: play(core, times, rows, DURATION)))
            if isa is Isa.AVX512:
                limits.append(peak())
        speed = work / statistics.median(taken)
        name = isa.name.lower()
        report.add(f"{name}: speed", speed, "neuron-steps/s",
                   f"512 AdEx, 256 inputs, 10 ms at 40 ns, median CPU time of {RUNS}",
                   at_least=goal)  # fmt: skip
        if limits:
            limit = statistics.median(limits)
            report.add("fused multiply-adds", limit, "1/s", "16 lanes, 10 chains, same run")
            how = f"{PRODUCTS} products per neuron-step; the rest: sums, loads, events"
            report.add("of the arithmetic limit", PRODUCTS * speed / limit, "1", how)
    core.isa = max(isa for isa in Isa if _runs(core, isa))
    core.restore(start)
    core.spikes()
    play(core, times, rows, DURATION)
    report.add("output spikes", len(core.spikes()[0]), "1", "of the run above")

    busy = statistics.median(
        (core.restore(start), cpu(lambda: play(core, times, rows, DURATION)))[1]
        for _ in range(RUNS)
    )
    report.add("time per input event", busy / (2 * len(times)) * 1e9, "ns",
               "whole run per row event of 256 synapses, stepping included")  # fmt: skip

    core.restore(start)
    core.run(core.now + 4 * DURATION)
    spans = {n: statistics.median(span(core, n) for _ in range(RUNS)) for n in (250_000, 20)}
    report.add("idle millisecond", spans[250_000] * 1e6, "us",
               "no neuron near threshold, call from Python", at_most=1.0)  # fmt: skip
    report.add("idle span of 20 clocks", spans[20] * 1e9, "ns", "the same")
    begin = time.process_time()
    core.run(core.now + 250_000_000)
    report.add("idle second", (time.process_time() - begin) * 1e6, "us", "one call")
    report.add("memory", len(start) / 2**20, "MiB", "state of a chip", at_most=16)

    relay, events = Core(step=STEP), 100_000
    bypass(relay)
    at = 250 * np.arange(1, events + 1)
    taken = [cpu(lambda k=k: relay.events(at + k * 250 * events, 0, 0, 0, 1)) for k in range(RUNS)]
    relay.run(relay.now + 250)
    if len(relay.spikes()[0]) != 12 * events * RUNS:
        raise SystemExit("analog: a spike of the bypass network is missing")
    report.add("12 neurons in bypass", statistics.median(taken) * 1e6 / events, "s",
               "1 s of chip time, 1e6 events in, 1.2e7 out, from a tenth", at_most=1.0)  # fmt: skip

    pair = [Core(step=STEP), Core(step=STEP)]
    for other in pair:
        other.restore(start)
    threads = [threading.Thread(target=play, args=(c, times, rows, DURATION)) for c in pair]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.add("two chips, two threads", 2 * work / (time.perf_counter() - begin), "neuron-steps/s",
               "wall time")  # fmt: skip
    assert pair[0].hash() == pair[1].hash()
    report.finish()


def _runs(core: Core, isa: Isa) -> bool:
    try:
        core.isa = isa
    except AnalogError:
        return False
    return True


if __name__ == "__main__":
    main()
