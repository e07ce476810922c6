# SPDX-License-Identifier: Apache-2.0
"""The word codec: spikes from words to columns, and instructions from arrays.

The stream of the decode figures is that of the 12-neuron network: 12 spikes a microsecond for one
second of chip time, each microsecond announced by a Sysdelta; either in packs of three, as the chip
sends what comes at once, or one by one, which is the longest form.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from report import Report, seconds

from hal.hxcomm.codec import Messages, decode, decode_messages, encode, spike_words
from hal.hxcomm.messages import FROM_FPGA, TO_FPGA
from hal.stadls.timed import timed_spikes

SPIKES = 12_000_000
PER_STEP = 12


def stream(pack: int) -> NDArray[np.uint64]:
    """Words from the FPGA with SPIKES spikes in packs of the given size, and a halt."""
    steps, packs = SPIKES // PER_STEP, PER_STEP // pack
    generator = np.random.default_rng(1)
    shape = (steps, packs + 1)
    ids = np.full(shape, FROM_FPGA[f"SpikePack{pack}"].id, np.uint8)
    low = generator.integers(0, 1 << 64, shape, dtype=np.uint64)
    low &= np.uint64((1 << min(64, 24 * pack)) - 1)
    high = np.zeros(shape, np.uint8)
    if pack == 3:
        high[:] = generator.integers(0, 256, shape)
    ids[:, 0], low[:, 0], high[:, 0] = FROM_FPGA["Sysdelta"].id, 125 - packs - 1, 0
    halt = FROM_FPGA["Loopback"].id
    return encode(
        Messages(
            np.append(ids.ravel(), np.uint8(halt)),
            np.append(low.ravel(), np.uint64(0)),
            np.append(high.ravel(), np.uint8(0)),
        ),
        FROM_FPGA,
    )


def memory_status(key: str) -> int:
    """VmRSS (resident) or VmHWM (highest resident) of this process, bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key + ":"))


def measure_memory(path: str) -> None:
    """In a process of its own: memory of a decode, in bytes above and including the words."""
    words = np.fromfile(path, np.uint64)
    decode(words[-1:])
    before = memory_status("VmRSS")
    responses = decode(words)
    assert len(responses.spikes) == SPIKES
    extra = memory_status("VmHWM") - before
    print(extra, extra + words.nbytes, responses.spikes.nbytes)


def memory(words: NDArray[np.uint64], path: str) -> tuple[float, float]:
    """Peak memory of a decode over the size of its columns: without and with the words."""
    words.tofile(path)
    command = [sys.executable, __file__, "--memory", path]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    extra, total, columns = map(int, output.split())
    return extra / columns, total / columns


def main() -> None:
    """Take all figures."""
    report = Report("words")
    for pack in (3, 2, 1):
        words = stream(pack)
        how = f"1.2e7 spikes, {len(words)} words; median of 5"
        for clock, what in ((time.perf_counter, "wall"), (time.process_time, "processor")):
            taken = seconds(lambda w=words: decode(w), 5, clock)
            name = f"decode spikes, packs of {pack}, {what} time"
            report.add(name, taken, "s", how, at_most=0.19)
        with tempfile.NamedTemporaryFile() as file:
            without, with_words = memory(words, file.name)
        report.add(
            f"peak memory, packs of {pack}", without, "x columns",
            "resident memory added by the decode, own process", at_most=1.5,
        )  # fmt: skip
        report.add(f"  with the words, packs of {pack}", with_words, "x columns", "same run")
        del words

    rng = np.random.default_rng(2)
    labels = rng.integers(0, 1 << 16, 3_000_000, dtype=np.uint16)
    times = np.cumsum(rng.integers(1, 250, 1_000_000), dtype=np.uint32)
    how = "1e6 times and labels to WaitUntil and SpikePack1; median of 7"
    for clock, what in ((time.perf_counter, "wall"), (time.process_time, "processor")):
        taken = seconds(lambda: timed_spikes(times, labels[: len(times)]), clock=clock)
        report.add(f"encode timed spikes, {what} time", taken, "s", how, at_most=0.02)
    for pack in (1, 3):
        taken = seconds(lambda p=pack: spike_words(labels.reshape(-1, p)))
        how = "3e6 labels to instructions; median of 7"
        report.add(f"spike packs of {pack}", len(labels) / taken, "spikes/s", how)
    for dictionary in (TO_FPGA, FROM_FPGA):
        ids = rng.integers(0, len(dictionary), 1_000_000, dtype=np.uint8)
        messages = Messages(ids, np.zeros(len(ids), np.uint64), np.zeros(len(ids), np.uint8))
        how, way = "1e6 messages of all ids; median of 7", dictionary.direction.replace("_", " ")
        words = encode(messages, dictionary)
        taken = seconds(lambda m=messages, d=dictionary: encode(m, d))
        report.add(f"encode messages {way}", len(ids) / taken, "1/s", how)
        taken = seconds(lambda w=words, d=dictionary: decode_messages(w, d))
        report.add(f"decode messages {way}", len(ids) / taken, "1/s", how)
    report.finish()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        measure_memory(sys.argv[2])
    else:
        main()
