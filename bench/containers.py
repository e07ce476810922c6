# SPDX-License-Identifier: Apache-2.0
"""Containers: encoding and decoding of whole arrays and of single objects, import time.

The file is not called `hal.py`: scripts of this folder would find it instead of the package.
"""

import os
import subprocess
import sys

import numpy as np
from report import Report, seconds

from hal import halco, haldls
from hal.fisch import write_words

IMPORT_RUNS = 7
WITH_BYTECODE = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
"""Imports are timed as of an installed package, whose bytecode is there."""
IMPORT_TIME = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"


def import_seconds(module: str) -> float:
    """Processor time of an import in a new process, the median of several."""
    command = [sys.executable, "-c", IMPORT_TIME.format(module)]
    runs = [
        subprocess.run(command, capture_output=True, check=True, env=WITH_BYTECODE)
        for _ in range(1 + IMPORT_RUNS)
    ]
    return float(np.median([float(run.stdout) for run in runs[1:]]))


def main() -> None:
    report = Report("containers")
    count = halco.SynapseQuadOnDLS.size
    numbers = np.arange(count)
    rng = np.random.default_rng(1)
    columns = {
        "weights": rng.integers(0, 64, (count, 4), dtype=np.uint8),
        "labels": rng.integers(0, 64, (count, 4), dtype=np.uint8),
        "time_calibs": rng.integers(0, 4, (count, 4), dtype=np.uint8),
        "amp_calibs": rng.integers(0, 4, (count, 4), dtype=np.uint8),
    }
    quads = haldls.SynapseQuad
    words = quads.encode_columns(columns, numbers)
    taken = seconds(lambda: quads.encode_columns(columns, numbers))
    how = f"all {count} SynapseQuads of the chip, {words.size} words"
    report.add("encode arrays", words.size / taken, "words/s", how, at_least=1e7)
    taken = seconds(lambda: quads.decode_columns(words, numbers))
    report.add("decode arrays", words.size / taken, "words/s", how)
    taken = seconds(lambda: write_words(quads.write_column_access(numbers, columns)))
    report.add(
        "arrays to instructions", 2 * words.size / taken, "words/s", how + ", with addresses"
    )

    quad, coord = quads(), halco.SynapseQuadOnDLS(1401)
    report.add("encode one", seconds(lambda: quad.write_access(coord)) * 1e6, "us", "SynapseQuad")
    own = words[1401]
    report.add("decode one", seconds(lambda: quads.decode(coord, None, own)) * 1e6, "us", "")
    report.add("import hal.haldls", import_seconds("hal.haldls"), "s", "processor time, with NumPy")
    modules = ", ".join(f"dlens_vx_v3.{name}" for name in ("hal", "halco", "lola", "sta", "hxcomm"))
    taken = import_seconds(modules)
    how = "processor time, hal, halco, lola, sta, hxcomm"
    report.add("import dlens_vx_v3", taken, "s", how, at_most=0.25)
    report.finish()


if __name__ == "__main__":
    main()
